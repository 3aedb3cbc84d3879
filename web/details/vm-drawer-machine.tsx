import type { VmDetail } from '../../core/history.ts';
import type { Vm } from '../../core/model.ts';
import { useSession, useWords } from '../page/context.ts';
import { useLateWords } from '../words/late-words.ts';
import { memoryText } from '../words/memory-text.ts';
import { useDetailsWords } from '../words/view-words.ts';
import { DrawerPart } from './drawer.tsx';
import { Fact } from './facts.tsx';

export interface VmMachineProps {
  readonly vm: Vm;
  readonly detail: VmDetail | null;
}

/** What the VM is, apart from where. */
export function VmMachine({ vm, detail }: VmMachineProps) {
  const { formats } = useWords();
  const { facts } = useLateWords();
  const { details } = useDetailsWords();
  const isPast = useSession().connection.past.value !== null;
  const labels = Object.entries(vm.labels ?? {});
  return (
    <DrawerPart title={details.machine}>
      <dl class="facts">
        <Fact name={details.vm}>{vm.name}</Fact>
        <Fact name={details.namespace}>{vm.namespace}</Fact>
        <Fact name={details.os}>{vm.os}</Fact>
        <Fact name={details.cpu}>{vm.cpu === undefined ? facts.notKnown : details.cores(vm.cpu)}</Fact>
        <Fact name={details.memory}>{vm.memory === undefined ? facts.notKnown : memoryText(vm.memory, formats)}</Fact>
        <Fact name={details.labels}>
          {labels.length === 0 ? undefined : (
            <ul class="labels">
              {labels.map(([key, value]) => (
                <li key={key}>
                  <code>{value === '' ? key : `${key}=${value}`}</code>
                </li>
              ))}
            </ul>
          )}
        </Fact>
        {/* One run of the VM: which one it is now says nothing of the past. */}
        <Fact name={details.uid}>{isPast || detail?.uid == null ? undefined : <code>{detail.uid}</code>}</Fact>
      </dl>
    </DrawerPart>
  );
}
