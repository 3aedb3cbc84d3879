export { readProgress } from '../models/progress-model.ts';
export { animateMoves, movesOf } from '../motion.ts';
export { FleetView } from '../views/fleet-view.tsx';
export { Announcer, happeningsOf } from './announcer.tsx';
export { DrainFacts, SafeReason } from './host-drain.tsx';
export { MigrationTrails } from './migration-trails.tsx';
export { VmDetails } from './vm-details.tsx';
export { MovingNotes, VmNotes } from './vm-notes.tsx';
