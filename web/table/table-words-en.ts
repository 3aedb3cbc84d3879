/** English for the tables. */

export const enTable = {
  vms: 'VMs',
  hosts: 'Hosts',
  found: (found: string, vms: string) => `${found} of ${vms}`,
  columns: {
    name: 'Name',
    namespace: 'Namespace',
    host: 'Host',
    state: 'State',
    news: 'What happens',
    when: 'When',
    cpu: 'vCPUs',
    memory: 'Memory',
    migratable: 'Can move',
    os: 'System',
    labels: 'Labels',
  },
  hostColumns: {
    name: 'Host',
    state: 'State',
    vms: 'VMs',
    arriving: 'Arriving',
    leaving: 'Leaving',
    cpu: 'Cores',
    memory: 'Memory',
    drain: 'Being emptied',
  },
  sortBy: 'Sort by',
  caption: (what: string, column: string, isDescending: boolean) =>
    `${what}, sorted by ${column.toLowerCase()}, ${isDescending ? 'descending' : 'ascending'}`,
  lastMove: (what: string) => `last move ${what}`,
  /** In the row of a VM that is gone while the order is held; of a moment of the past it may be still to come. */
  gone: 'not in the cluster',
  held: 'Order held while you are in the table',
  toHosts: 'To the hosts ↓',
  toVms: 'To the VMs ↑',
  noHosts: 'There is no host in this cluster.',
  nothingFound: 'No VM matches the search.',
  clearSearch: 'Clear the search',
};

export type TableMessages = typeof enTable;
