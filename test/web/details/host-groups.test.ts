import { expect, it } from 'vitest';
import { VM_STATES, type Vm, type VmState } from '../../../core/model.ts';
import { selectHostGroups } from '../../../web/details/host-groups.ts';

const vm = (name: string, state: VmState = 'running'): Vm => ({
  id: `default/${name}`,
  namespace: 'default',
  name,
  host: 'h-1',
  state,
  migratable: { ok: true },
});
const drawn = (groups: ReturnType<typeof selectHostGroups>): string[] => groups.map(({ of, ids }) => `${of} ${ids.join(' ')}`);

it('who comes and goes stands first, then what needs a look, then what runs; within a group the order is the list’s', () => {
  const settled = [vm('c'), vm('a'), vm('p', 'paused'), vm('e', 'error')];
  expect(drawn(selectHostGroups({ leaving: [vm('l')], arriving: [vm('r')], settled }))).toEqual([
    'leaving default/l',
    'arriving default/r',
    'error default/e',
    'paused default/p',
    'running default/c default/a',
  ]);
});

it('leaves out nobody, in whatever state', () => {
  const settled = VM_STATES.map((state) => vm(state, state));
  const groups = selectHostGroups({ leaving: [], arriving: [], settled });
  expect(new Set(groups.flatMap(({ ids }) => ids))).toEqual(new Set(settled.map(({ id }) => id)));
  expect(groups).toHaveLength(VM_STATES.length);
});

it('has no empty groups', () => {
  expect(selectHostGroups({ leaving: [], arriving: [], settled: [] })).toEqual([]);
});
