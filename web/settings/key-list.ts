/** The keys (keys.ts) as the help lists them, in groups; `single`: what a setting switches off. */
export const KEY_LIST = {
  anywhere: [
    { keys: ['/'], does: 'search', single: true },
    { keys: ['?'], does: 'help', single: true },
    { keys: ['b'], does: 'board', single: true },
    { keys: ['t'], does: 'table', single: true },
    { keys: ['m'], does: 'migrations', single: true },
    { keys: ['h'], does: 'history', single: true },
    { keys: ['c'], does: 'copyLink', single: true },
    { keys: ['Esc'], does: 'close', single: false },
  ],
  board: [
    { keys: ['↑', '↓', '←', '→'], does: 'move', single: false },
    { keys: ['Home', 'End'], does: 'edges', single: false },
    { keys: ['Ctrl+Home', 'Ctrl+End'], does: 'boardEdges', single: false },
    { keys: ['PageUp', 'PageDown'], does: 'hosts', single: false },
    { keys: ['a–z'], does: 'type', single: false },
    { keys: ['Enter'], does: 'open', single: false },
  ],
} as const;

export type KeyDoes = (typeof KEY_LIST)[keyof typeof KEY_LIST][number]['does'];
