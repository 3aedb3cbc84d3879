/** Which context of a kubeconfig is meant. Pure; everything else in the file is the forwarder's business. */
import { KubeConfig } from '@kubernetes/client-node';
import { err, ok, type Result } from '../core/result.ts';

/** The name of the asked-for context, else of the current one. `text`: the kubeconfig, YAML or JSON. */
export function selectContext(text: string, asked: string | null): Result<string> {
  const config = new KubeConfig();
  try {
    config.loadFromString(text);
  } catch (error) {
    return err(`this is not a kubeconfig (${(error instanceof Error ? error.message : String(error)).split('\n')[0]})`);
  }
  const names = config.getContexts().map(({ name }) => name);
  if (names.length === 0) return err('this is not a kubeconfig: it has no contexts');
  const chosen = asked ?? config.getCurrentContext();
  if (!chosen) return err(`no current context is set. Choose one with --context: ${names.join(', ')}`);
  if (!names.includes(chosen)) return err(`there is no context "${chosen}". There are: ${names.join(', ')}`);
  return ok(chosen);
}
