/** What the operator is told: telemetry, the status and the log. */
import { describe, expect, test } from 'vitest';
import { clock, edge, goLive, isShort, move, sender, start, told, warnings } from './uplink-sender-fixture.ts';

describe('what is told of it', () => {
  test('each request and its answer, a repeated one as such, and how far it is', async () => {
    expect(sender.status).toMatchObject({ phase: 'opening', session: 0, isSynced: false, problems: [] });
    await goLive();
    expect(told).toEqual(['session', 'opened', 'sync-part', 'accepted', 'sync-commit', 'accepted']);
    expect(sender.status).toMatchObject({ phase: 'live', session: 1, isSynced: true, finishedCount: 0 });
    clock.advance(1_000);
    edge.failNext('cut', { status: 503, code: 'somebody-elses' });
    move('a', 'harv-2');
    clock.advance(await clock.untilWaiting(isShort));
    const wait = await clock.untilWaiting((delayMs) => isShort(delayMs) && told.includes('server-error'));
    expect(sender.status.problems).toEqual([expect.stringContaining('answers 503')]);
    clock.advance(wait);
    await edge.until(() => edge.repeated.length === 1);
    await clock.untilWaiting((delayMs) => delayMs > 1_000);
    expect(told.slice(6)).toEqual(['changes', 'lost', 'changes again', 'server-error', 'changes again', 'accepted']);
    expect(sender.status.problems).toEqual([]);
  });

  test('drift has a word, a count and a line of its own', async () => {
    await goLive();
    clock.advance(1_000);
    edge.claimsDrift = true;
    move('a', 'harv-2');
    await edge.until(() => edge.sessions.length === 2 && edge.isSynced);
    expect(told.slice(6, 10)).toEqual(['changes', 'resync', 'drift', 'session']);
    const line = `warn: the edge ${edge.url} has another picture of the cluster harvester; sending everything again\n`;
    expect(warnings()).toEqual([line]);
  });

  test('a sync of which the edge has lost parts is no drift, and is said', async () => {
    edge.losesStaged = true;
    start();
    await edge.until(() => edge.isSynced);
    expect(told).not.toContain('drift');
    expect(warnings()).toEqual([
      `warn: the edge ${edge.url} has lost parts of what was sent of the cluster harvester; sending everything again\n`,
    ]);
  });
});
