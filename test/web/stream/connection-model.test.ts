import { signal } from '@preact/signals';
import { describe, expect, it } from 'vitest';
import { createConnectionModel } from '../../../web/stream/connection-model.ts';

const HOUR_MS = 3_600_000;

/** A live connection whose room's clock is 1,000,000 ahead of the local one. */
function start() {
  let local = 0;
  const model = createConnectionModel(() => local, signal(true));
  const hear = (lastHeard = local + 1_000_000): void => model.readPulse({ cursor: 'e-1', now: local + 1_000_000, lastHeard });
  model.readState({ name: 'live', attempt: 0, since: 0 });
  hear();
  return {
    model,
    hear,
    wait: (lengthMs: number) => {
      local += lengthMs;
      model.tick();
    },
  };
}

describe('the freshness of the picture (D5)', () => {
  it('ends 30 s after the cluster spoke, whatever the stream says of itself', () => {
    const { model, wait } = start();
    wait(30_000);
    expect(model.badge.peek().kind).toBe('live');
    wait(1);
    expect(model.badge.peek().kind).toBe('stale');
  });

  it('does not sleep with the steady clock: what slept for an hour is an hour older', () => {
    const { model } = start();
    model.readSleep(HOUR_MS);
    expect(model.freshness.peek()).toBe('stale');
    expect(model.now.peek()).toBe(1_000_000 + HOUR_MS);
  });

  it('takes a clock that was only set forward for no longer than until the room is heard', () => {
    const { model, hear, wait } = start();
    model.readSleep(HOUR_MS);
    wait(1_000);
    hear();
    expect(model.now.peek()).toBe(1_001_000);
    expect(model.badge.peek().kind).toBe('live');
  });
});

describe('until when the picture is known to have held (D5)', () => {
  it('is now while the cluster speaks, and once it is stale the moment at which it last did, whatever time goes by', () => {
    const { model, hear, wait } = start();
    wait(30_000);
    expect(model.known.peek()).toBe(1_030_000);
    wait(1_000);
    expect(model.known.peek()).toBe(1_000_000);
    wait(HOUR_MS);
    expect(model.known.peek()).toBe(1_000_000);
    hear();
    expect(model.known.peek()).toBe(1_031_000 + HOUR_MS);
  });

  it('is a painted moment of the past, or when the cluster had last spoken by then', () => {
    const { model } = start();
    model.past.value = { at: 900_000, lastHeard: 895_000 };
    expect(model.known.peek()).toBe(900_000);
    model.past.value = { at: 900_000, lastHeard: 800_000 };
    expect(model.known.peek()).toBe(800_000);
  });

  it('is nothing before the room was heard', () => {
    expect(createConnectionModel(() => 0, signal(false)).known.peek()).toBeNull();
  });
});
