export { animateMoves } from '../motion.ts';
export { FleetView } from '../views/fleet-view.tsx';
export { Announcer } from './announcer.tsx';
export { MigrationTrails } from './migration-trails.tsx';
export { VmDetails } from './vm-details.tsx';
