export { animateMoves } from '../motion.ts';
export { FleetView } from '../views/fleet-view.tsx';
export { Announcer } from './announcer.tsx';
export { HostDrain } from './host-drain.tsx';
export { MigrationTrails } from './migration-trails.tsx';
export { VmDetails } from './vm-details.tsx';
export { MovingNotes, VmNotes } from './vm-notes.tsx';
