/** CPU and memory of a VM that runs: what is wished for (VM), what is asked of the guest (VMI), what the guest has. Pure. */
import type { VirtualMachine as Vm, VirtualMachineInstance as Vmi, VmiSpec } from '../objects.ts';

const setSpec = (vm: Vm, change: (spec: VmiSpec) => VmiSpec): Vm => ({
  ...vm,
  spec: { ...vm.spec, template: { ...vm.spec.template, spec: change(vm.spec.template.spec) } },
});

const withSockets = (spec: VmiSpec, sockets: number): VmiSpec => ({
  ...spec,
  domain: { ...spec.domain, cpu: { ...spec.domain.cpu, sockets } },
});
const withMemory = (spec: VmiSpec, guest: string): VmiSpec => ({
  ...spec,
  domain: { ...spec.domain, memory: { ...spec.domain.memory, guest } },
});

export const setSockets = {
  vm: (vm: Vm, sockets: number): Vm => setSpec(vm, (spec) => withSockets(spec, sockets)),
  vmi: (vmi: Vmi, sockets: number): Vmi => ({ ...vmi, spec: withSockets(vmi.spec, sockets) }),
  guest: (vmi: Vmi, sockets: number): Vmi => ({
    ...vmi,
    status: { ...vmi.status, currentCPUTopology: { ...vmi.status.currentCPUTopology, sockets } },
  }),
};

export const setMemory = {
  vm: (vm: Vm, guest: string): Vm => setSpec(vm, (spec) => withMemory(spec, guest)),
  vmi: (vmi: Vmi, guest: string): Vmi => ({
    ...vmi,
    spec: withMemory(vmi.spec, guest),
    status: { ...vmi.status, memory: { ...vmi.status.memory, guestRequested: guest } },
  }),
  guest: (vmi: Vmi, guest: string): Vmi => ({ ...vmi, status: { ...vmi.status, memory: { ...vmi.status.memory, guestCurrent: guest } } }),
};
