/** English for the drain board. */
import { count } from '../words/en.ts';
import { FIRST_ROUGH_PLACE } from '../words/place-in-line.ts';
import type { Advice } from './drain-advice.ts';
import type { Hindrance } from './drain-line.ts';
import { type RoundSpan, spanText } from './drain-span.ts';
import type { PastNo, Verdict } from './drain-verdict.ts';

export const enDrain = {
  overview: 'Hosts being emptied',
  all: 'All hosts being emptied',
  board: 'Board',
  question: 'Safe to power off?',
  answers: { yes: 'Yes', no: 'No', off: 'It is off', unknown: 'Not known' } satisfies Record<Verdict['answer'], string>,
  old: 'The picture is not live: what runs there now is not known',
  past: 'This is the past: it does not tell what runs there now',
  contradiction: 'The picture contradicts itself: it says that the host is empty, and shows VMs there',
  /** Of a picture that is not live; `time` is when the cluster last spoke. */
  no: {
    moment: (reason: string) => `At that moment: no, ${reason}`,
    heard: (reason: string, time: string | undefined) => `At the last picture${time === undefined ? '' : `, ${time}`}: no, ${reason}`,
  } satisfies Record<NonNullable<PastNo>, (reason: string, time: string | undefined) => string>,
  parts: {
    gone: 'gone',
    moving: 'moving',
    stopping: 'shutting down',
    waiting: 'waiting',
    stuck: 'cannot move',
    unasked: 'not asked to leave',
    arriving: 'arriving',
  },
  were: (vms: number, isAtLeast: boolean) => `${isAtLeast ? 'At least ' : ''}${count(vms, 'VM')} ${vms === 1 ? 'was' : 'were'} here`,
  since: (time: string, duration: string) => `Since ${time}, for ${duration}`,
  sinceUnwatched: 'It began while nobody was watching',

  eta: {
    /** Nobody is left then. */
    whole: 'Probably empty in',
    /** Some stay. */
    partial: 'Others probably gone in',
    span: (span: RoundSpan) => (span.from === 0 ? `less than ${spanText('en', { ...span, from: span.to })}` : spanText('en', span)),
    except: (list: string) => `except ${list}`,
    endless: 'Does not end by itself',
    /** Maintenance mode may still ask them. */
    unknown: 'Not known when it ends',
    /** `isSinceGap`: others may have left while nobody was watching. */
    tooEarly: (known: number, isSinceGap: boolean) =>
      `Too early to tell how long it takes: ${known === 0 ? 'no VM' : `only ${count(known, 'VM')}`} seen leaving ${isSinceGap ? 'since watching was interrupted' : 'so far'}`,
    halted: (duration: string) => `No VM seen leaving for ${duration}`,
    hindrances: {
      stuck: (vms: number) => `${vms} that cannot move`,
      failing: (vms: number) => `${vms} whose ${vms === 1 ? 'move does' : 'moves do'} not get through`,
      held: (vms: number) => `${vms} held up`,
      unasked: (vms: number) => `${vms} not asked to leave`,
      arriving: (vms: number) => `${vms} on the way here`,
    } satisfies Record<Hindrance | 'arriving', (vms: number) => string>,
  },

  nobodyMoves: 'None at the moment',
  nobodyWaits: 'None',
  nobodyIsStuck: 'None: all of them can move',
  /** The host is entering maintenance: it may still ask them, or have passed them over. */
  enteringHint: 'Maintenance mode has not asked them so far.',
  unaskedHint: 'A drain or maintenance mode asks them to; cordoning alone does not.',
  advice: {
    device: 'Shut it down, or take the device of this host away from it.',
    disks: 'Shut it down, or put its disks on storage that other hosts share (ReadWriteMany).',
    folder: 'Shut it down: folders shared with its host cannot move.',
    network: 'Shut it down, or change how it is bound to the pod network.',
    cpu: 'Shut it down, or give it a CPU model that other hosts have.',
    pinned: 'Take this host out of its nodeSelector, or shut it down.',
    other: 'Shut it down to empty the host.',
  } satisfies Record<Advice, string>,
  /** In line: KubeVirt promises no order (Wait.place). */
  place: (place: number) => (place < FIRST_ROUGH_PLACE ? `place ~${place}` : `place ${place}+`),
  tries: (tries: number) => `${tries === 1 ? '1 try' : `${tries} tries`} failed`,
  lastFailed: 'last try failed',
  showAll: (vms: number) => `Show all ${vms}`,
  /** Those that left, where they are now. */
  goneTo: (host: string) => `→ ${host}`,
  goneElsewhere: (vms: number) => `${vms} more moved on, were deleted, or left unwatched.`,
  arrivingUnlisted: (vms: number) =>
    `${count(vms, 'VM')} still ${vms === 1 ? 'needs' : 'need'} this host: a target pod, or a move that is not over.`,

  none: { title: 'No host is being emptied', text: 'Hosts are here while they are cordoned, drained, in maintenance, or off.' },
  inUse: (vms: number) => ({
    title: 'Not being emptied',
    text: `Nobody is emptying this host. ${count(vms, 'VM')} ${vms === 1 ? 'is' : 'are'} here.`,
  }),
  back: (vms: number) => ({
    title: 'Back in use',
    text: `It is not being emptied any more. ${count(vms, 'VM')} ${vms === 1 ? 'is' : 'are'} here.`,
  }),
  noHost: (vms: number) => ({
    title: 'No host of this name',
    text:
      vms === 0
        ? 'It was never in this cluster, or it was removed.'
        : `No node of this name is known, though ${count(vms, 'VM')} should be there.`,
  }),
};

export type DrainMessages = typeof enDrain;
