/** The token: wrong, unreadable, revoked. */
import { describe, expect, test } from 'vitest';
import { HEARTBEAT_INTERVAL_MS } from '../../core/limits.ts';
import { TOKEN } from './edge-double.ts';
import { clock, edge, isShort, lines, start, tokenFile, told, warnings } from './uplink-sender-fixture.ts';

test('a wrong token is said once and tried seldom; the right one is found without a restart', async () => {
  tokenFile.content = 'wrong';
  start();
  for (let turn = 0; turn < 3; turn += 1) {
    const wait = await clock.untilWaiting((delayMs) => delayMs >= 30_000);
    expect(warnings()).toHaveLength(1);
    if (turn === 2) tokenFile.content = TOKEN;
    clock.advance(wait);
  }
  await edge.until(() => edge.isSynced);
  expect(warnings()[0]).toContain('does not accept the token');
  expect(lines.join('')).not.toContain('wrong');
});

test('a token that could not be read is good news only once the edge has accepted something', async () => {
  tokenFile.isReadable = false;
  start();
  const wait = await clock.untilWaiting(isShort);
  expect(warnings()).toEqual(['warn: the token file is away\n']);
  tokenFile.isReadable = true;
  clock.advance(wait);
  await edge.until(() => edge.sessions.length === 1);
  edge.failNext('drop');
  await clock.untilWaiting(isShort);
  const goodNews = () => lines.filter((line) => line.includes('has the cluster harvester again'));
  expect([edge.batches, goodNews()]).toEqual([[], []]);
  clock.advance(1_000);
  await edge.until(() => edge.isSynced);
  await clock.untilWaiting((delayMs) => delayMs === HEARTBEAT_INTERVAL_MS);
  expect(goodNews()).toHaveLength(1);
});

describe('a token that was revoked', () => {
  test('its file holds another by now: that one is used at once', async () => {
    tokenFile.content = 'revoked';
    tokenFile.next = TOKEN;
    start();
    await edge.until(() => edge.isSynced);
    expect(told.slice(0, 4)).toEqual(['session', 'unauthorized', 'session', 'opened']);
    expect(warnings()).toHaveLength(1);
  });

  test('the other one is no better: no storm of tries', async () => {
    tokenFile.content = 'revoked';
    tokenFile.next = 'revoked too';
    start();
    await clock.untilWaiting((delayMs) => delayMs >= 30_000);
    expect(told).toEqual(['session', 'unauthorized', 'session', 'unauthorized']);
  });
});
