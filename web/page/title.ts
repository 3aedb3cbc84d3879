/** What the tab says of a board while nobody looks at it: that something needs a person, or that nothing can be said. Pure. */
import type { HostName, VmId } from '../../core/model.ts';
import type { Badge } from '../stream/badge.ts';
import type { PageState } from './page-state.ts';

/** `alarm`: something needs a person · `silent`: the cluster does not speak · `unreached`: the page does not hear it. */
export type TitleMark = 'none' | 'alarm' | 'silent' | 'unreached';

export interface TitleFacts {
  readonly badge: Badge['kind'];
  /** Before there is a picture, nothing can have become old. */
  readonly hasPicture: boolean;
  /** VMs and hosts that need a person now. */
  readonly troubles: number;
  /** VMs whose newest migration failed while nobody looked (unseen-failures.ts). */
  readonly unseen: number;
}

export interface TitleSign {
  readonly mark: TitleMark;
  /** How many, with `alarm`; else 0. */
  readonly count: number;
}

interface Named {
  readonly name: string;
  readonly displayName?: string;
}

/** How what is selected is called in the picture; undefined where it is not in it. */
export interface TitleNames {
  vm(id: VmId): Named | undefined;
  host(name: HostName): Named | undefined;
}

/**
 * The VM or host that is looked at stands before its cluster: a reader with three of them open tells the tabs apart. One that only the address
 * names does not: whoever made the link would choose what the tab says.
 */
export function titleOf({ vm, host }: Pick<PageState, 'vm' | 'host'>, names: TitleNames, cluster: string): string {
  const shown = vm !== null ? names.vm(vm) : host !== null ? names.host(host) : undefined;
  return shown === undefined ? cluster : `${shown.displayName ?? shown.name} · ${cluster}`;
}

const PLAIN: TitleSign = { mark: 'none', count: 0 };

/** What stands is told of a live picture alone: of an old one nobody knows whether it still does, and of the past it does not matter. */
export function selectTitleSign({ badge, hasPicture, troubles, unseen }: TitleFacts): TitleSign {
  switch (badge) {
    case 'live': {
      const count = troubles + unseen;
      return count > 0 ? { mark: 'alarm', count } : PLAIN;
    }
    case 'stale':
      return { mark: 'silent', count: 0 };
    case 'refused':
    case 'reconnecting':
      return { mark: 'unreached', count: 0 };
    case 'connecting':
      // A hidden page gave its stream back.
      return hasPicture ? { mark: 'unreached', count: 0 } : PLAIN;
    default:
      return PLAIN;
  }
}
