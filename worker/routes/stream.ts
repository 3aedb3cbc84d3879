/** A viewer's stream, a cluster's or the fleet's: held by the object, or by this Worker with a bridge to it (architecture.md 5). */
import { bridgeResponse } from '../bridge.ts';
import { readTwice } from '../room-calls.ts';
import type { Way } from '../viewers.ts';
import { type AppContext, methodNotAllowed } from './app.ts';

/** `ask` puts the question to the object, with these headers besides. */
export async function answerStream(
  c: AppContext,
  ask: (way: Way, headers: Readonly<Record<string, string>>) => Promise<Response>,
): Promise<Response> {
  // Hono answers HEAD through here too, and would leave the stream open behind it.
  if (c.req.method !== 'GET') return methodNotAllowed('GET')();
  // As wide as it is: its type knows only what wrangler.toml says.
  const fanOut: string = c.env.FAN_OUT;
  // Anything else is the bridge, the default of a deployment.
  if (fanOut === 'direct') return readTwice(() => ask('direct', {}));
  const response = await readTwice(() => ask('bridge', { upgrade: 'websocket' }));
  return response.webSocket === null ? response : bridgeResponse(response.webSocket, Date.now, Math.random);
}
