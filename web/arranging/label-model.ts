/** The keys of the labels that the painted VMs have: what they can be grouped by. */
import { type ReadonlySignal, signal } from '@preact/signals';
import type { Vm } from '../../core/model.ts';
import type { PictureModel } from '../board/picture-model.ts';

export interface LabelModel {
  /** In order. */
  readonly keys: ReadonlySignal<readonly string[]>;
  start(): () => void;
}

export function createLabels(picture: PictureModel): LabelModel {
  const keys = signal<readonly string[]>([]);
  const counts = new Map<string, number>();

  /** Answers whether a key has come or gone. */
  function count({ labels }: Pick<Vm, 'labels'>, sign: 1 | -1): boolean {
    let isChanged = false;
    for (const key of Object.keys(labels ?? {})) {
      const before = counts.get(key) ?? 0;
      if (before + sign === 0) counts.delete(key);
      else counts.set(key, before + sign);
      isChanged ||= before === 0 || before + sign === 0;
    }
    return isChanged;
  }

  return {
    keys,
    start: () =>
      picture.follow((changes) => {
        let isChanged = false;
        for (const { before, after } of changes) {
          if (before !== undefined && count(before, -1)) isChanged = true;
          if (after !== undefined && count(after, 1)) isChanged = true;
        }
        if (isChanged) keys.value = [...counts.keys()].sort();
      }),
  };
}
