/** The edge may be anything that listens on a port: its answers are bounded in size and in time. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { createEdgeClient, type EdgeAnswer, encodeBody } from '../../forwarder/edge-client.ts';

let server: Server;
let url: string;
const client = (answerTimeoutMs?: number) =>
  createEdgeClient(url, 'harvester', {}, answerTimeoutMs === undefined ? {} : { timeoutMs: answerTimeoutMs });

async function answerWith(write: (response: ServerResponse) => void): Promise<void> {
  server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' });
    write(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address === 'object' && address !== null) url = `http://127.0.0.1:${address.port}`;
}

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const post = async (edge: ReturnType<typeof client>): Promise<EdgeAnswer> => {
  const answer = await edge.post('batches', encodeBody('{}'), 'token', new AbortController().signal);
  await edge.close();
  return answer;
};

test('an answer without end is cut off', async () => {
  const chunk = 'x'.repeat(65_536);
  let hasEnded = false;
  await answerWith((response) => {
    const pour = (): void => {
      while (!hasEnded && response.write(chunk));
    };
    response.on('close', () => {
      hasEnded = true;
    });
    response.on('drain', pour);
    pour();
  });
  const answer = await post(client(60_000));
  expect(answer.ok && answer.raw.body.length).toBe(65_536);
});

test('an answer that only drips is given up', async () => {
  await answerWith((response) => {
    const timer = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(timer));
  });
  expect(await post(client(200))).toEqual({ ok: false, reason: 'no answer in time' });
});
