/**
 * Labels of VMs, by Kubernetes' rules (`metadata.labels`). What does not follow them is refused on the uplink, so nobody may send it.
 *
 * A room that does not know labels drops them, and then means another state than the forwarder (U5). So they are part of what is derived
 * only for a room that says in `accepts` that it takes them (U8).
 */
import { MAX_LABEL_KEY_CHARS } from './limits.ts';

/** What a room says in `accepts` of {@link import('./uplink.ts').SessionOpened} where it takes labels. */
export const ACCEPTS_LABELS = 'labels';

export type Labels = Readonly<Record<string, string>>;

/**
 * `[prefix/]name`. Two names that Kubernetes allows are none here: schemas that guard against polluted prototypes drop fields that are
 * called so, and the room's picture would be another than the forwarder's.
 */
export const LABEL_KEY =
  /^(?!(?:constructor|prototype)$|[^/]{254})(?:[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
/** Often empty: that a VM has the label is all it says. */
export const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

export const isLabelKey = (text: string): boolean => text.length <= MAX_LABEL_KEY_CHARS && LABEL_KEY.test(text);
