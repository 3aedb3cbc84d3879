import { expect, test } from 'vitest';
import { composeEntities, formatSnapshot, snapshotChunks } from '../../worker/snapshot.ts';
import { host, vm } from './support.ts';

test('the pieces of a snapshot are its text, and share the entities', () => {
  const entities = composeEntities(
    [{ derived: host('host-1', { reasons: ['é€'] }), memory: {} }],
    [{ derived: vm('a', 'host-1'), memory: {} }],
  );
  const head = { cluster: 'lab', cursor: 'e-1', now: 5, lastHeard: 4, digest: '0'.repeat(16) };
  const chunks = snapshotChunks(head, entities);
  const text = new TextDecoder().decode(new Uint8Array(chunks.flatMap((chunk) => [...chunk])));
  expect(text).toBe(formatSnapshot(head, entities));
  expect(JSON.parse(text)).toMatchObject({ ...head, hosts: [{ name: 'host-1', reasons: ['é€'] }], vms: [{ id: 'default/a' }] });
  const others = snapshotChunks({ ...head, now: 6 }, entities);
  expect(others.filter((chunk) => chunks.includes(chunk))).toEqual([entities.bytes]);
});
