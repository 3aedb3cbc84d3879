/** English for registering a cluster, as its administrator. */

export const enAddCluster = {
  title: 'Add a cluster',
  close: 'Close',
  name: 'Name',
  nameHint: 'It stands in addresses and cannot be changed later.',
  faults: {
    empty: 'Enter a name.',
    characters: 'Small letters a–z, digits and hyphens only.',
    edge: 'It must begin and end with a letter or a digit.',
    'too-long': 'At most 63 characters.',
    taken: 'A cluster of this name is registered.',
  },
  displayName: 'Shown as (optional)',
  token: 'Admin token',
  tokenHint: 'The ADMIN_TOKEN of this Hostview. It stays in this form until you close it, and is stored nowhere.',
  noToken: 'Enter the admin token.',
  submit: 'Add',
  busy: 'Adding…',
  problems: {
    'wrong-token': 'This is not the admin token of this Hostview.',
    taken: 'A cluster of this name is registered. If its forwarder was never installed, or its token is lost, get another command.',
    'too-many': 'No more clusters can be registered here. Remove one first.',
    'admin-off': 'Administration is off: this Hostview was started without an ADMIN_TOKEN.',
    unreachable: 'Hostview cannot be reached. Try again.',
  },
  wait: (seconds: number) => `Too many wrong tokens. Try again in ${seconds} s.`,
  waitAWhile: 'Too many wrong tokens. Try again in a while.',
  refused: 'It was refused.',
  another: 'Get another command',
  run: (cluster: string) => `Run this with access to ${cluster}. It installs the forwarder.`,
  command: 'Install command',
  copy: 'Copy',
  copied: 'Copied',
  copyFailed: 'Copying is not allowed here: it is selected, copy it by hand.',
  goodFor: (time: string) => `It works once, for another ${time}.`,
  over: 'It is too old and works no more.',
  /** kubectl shows the status of a refusal alone. */
  noImage: 'If kubectl reports 409, this Hostview has no FORWARDER_IMAGE to install.',
  states: {
    waiting: 'Waiting for its forwarder to speak…',
    live: 'It is live.',
    stale: 'It fell silent.',
    unknown: 'Nothing is known of it at the moment.',
  },
  open: 'Open its board',
};

export type AddClusterMessages = typeof enAddCluster;
