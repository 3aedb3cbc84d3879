/** How the parts of the fleet's view reach its model. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { FleetModel } from './fleet-model.ts';

export const FleetContext = createContext<FleetModel | null>(null);

export function useFleet(): FleetModel {
  const fleet = useContext(FleetContext);
  if (fleet === null) throw new Error('a part of the fleet is rendered outside FleetContext');
  return fleet;
}
