/** How parts reach the models: two contexts, filled once in main.tsx and once per open board. */
import { type Context, createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { SettingsModel } from '../settings/settings-model.ts';
import type { ClusterSession } from '../stream/cluster-session.ts';
import type { Messages } from '../words/en.ts';
import type { Formats } from '../words/format.ts';
import type { RouteModel } from './route-model.ts';

export interface PageModels {
  readonly settings: SettingsModel;
  readonly route: RouteModel;
}

export const PageContext = createContext<PageModels | null>(null);
export const SessionContext = createContext<ClusterSession | null>(null);

function useFilled<Models>(context: Context<Models | null>): Models {
  const models = useContext(context);
  if (models === null) throw new Error('outside its context');
  return models;
}

export const usePage = (): PageModels => useFilled(PageContext);
export const useSession = (): ClusterSession => useFilled(SessionContext);

/** The words and formats of the chosen language; whoever reads them is rendered again when it changes. */
export function useWords(): { readonly words: Messages; readonly formats: Formats } {
  const { messages, formats } = usePage().settings;
  return { words: messages.value, formats: formats.value };
}
