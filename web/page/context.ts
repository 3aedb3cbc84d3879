/** How parts reach the models: two contexts, filled once in main.tsx and once per open board. */
import { createContext } from 'preact';
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

export function usePage(): PageModels {
  const page = useContext(PageContext);
  if (page === null) throw new Error('outside PageContext');
  return page;
}

export function useSession(): ClusterSession {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('outside SessionContext');
  return session;
}

/** The words and formats of the chosen language; whoever reads them is rendered again when it changes. */
export function useWords(): { readonly words: Messages; readonly formats: Formats } {
  const { messages, formats } = usePage().settings;
  return { words: messages.value, formats: formats.value };
}
