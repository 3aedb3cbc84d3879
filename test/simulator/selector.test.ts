import { expect, test } from 'vitest';
import { parseFieldSelector, parseLabelSelector } from '../../simulator/selector.ts';

const metadata = {
  name: 'web-1',
  namespace: 'default',
  uid: '1',
  resourceVersion: '1',
  creationTimestamp: '2026-11-01T00:00:00Z',
  labels: { 'harvesterhci.io/os': 'ubuntu', tier: 'front', empty: '' },
};

test.each([
  ['', true],
  ['tier=front', true],
  ['tier==front', true],
  ['tier = front', true],
  ['tier=back', false],
  ['tier!=back', true],
  ['missing!=x', true],
  ['harvesterhci.io/os=ubuntu,tier=front', true],
  ['harvesterhci.io/os=ubuntu,tier=back', false],
  ['tier', true],
  ['missing', false],
  ['!missing', true],
  ['!tier', false],
  ['empty=', true],
  ['tier in (back, front)', true],
  ['tier in (back),harvesterhci.io/os=ubuntu', false],
  ['tier notin (back)', true],
  ['missing notin (back)', true],
  ['missing in (back)', false],
])('labels %j: %s', (text, expected) => {
  const parsed = parseLabelSelector(text);
  expect(parsed.ok && parsed.matches(metadata)).toBe(expected);
});

test.each(['a=b=c', '=b', 'tier in front', '!tier=front', 'tier=front,,x'])('labels %j are refused', (text) => {
  expect(parseLabelSelector(text).ok).toBe(false);
});

test.each([
  ['metadata.name=web-1', true],
  ['metadata.name==web-2', false],
  ['metadata.name!=web-2', true],
  ['metadata.namespace=default,metadata.name=web-1', true],
  ['metadata.namespace=other,metadata.name=web-1', false],
])('fields %j: %s', (text, expected) => {
  const parsed = parseFieldSelector(text);
  expect(parsed.ok && parsed.matches(metadata)).toBe(expected);
});

test.each([
  ['spec.nodeName=harv-1', 'harv-1', true],
  ['spec.nodeName=harv-1', 'harv-2', false],
  ['spec.nodeName=harv-1', undefined, false],
  ['spec.nodeName=', undefined, true],
  ['spec.nodeName!=harv-1,metadata.name=web-1', 'harv-2', true],
])('the host of a pod, %j of one on %s: %s', (text, nodeName, expected) => {
  const parsed = parseFieldSelector(text);
  expect(parsed.ok && parsed.matches(metadata, nodeName)).toBe(expected);
});

test('other fields are refused', () => {
  expect(parseFieldSelector('status.phase=Running')).toEqual({ ok: false, message: 'field label not supported: status.phase' });
});
