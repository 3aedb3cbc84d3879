import { expect, test } from 'vitest';
import { formatConfig } from '../../bench/fanout-nginx.ts';
import { parseCutOffCount } from '../../bench/fanout-peers.ts';

test('how many were cut off, of all rooms; null where the metrics do not say', () => {
  const metrics =
    '# TYPE hostview_room_cut_off_total counter\nhostview_room_cut_off_total{cluster="a"} 2\nhostview_room_cut_off_total{cluster="b"} 3\n';
  expect(parseCutOffCount(metrics)).toBe(5);
  expect(parseCutOffCount('hostview_room_viewers{cluster="a"} 2\n')).toBeNull();
});

test('nginx keeps everything in the folder that it was given, and listens on loopback only', () => {
  const config = formatConfig('/modules/nchan.so', '/folder', 15_000, 'somebody');
  expect(config.match(/(?:pid|_temp_path) \S+;/g)?.every((line) => line.includes(' /folder/'))).toBe(true);
  expect(config.match(/listen .*/g)).toEqual(['listen 127.0.0.1:15000 backlog=4096;']);
});
