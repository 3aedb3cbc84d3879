import { describe, expect, it } from 'vitest';
import { selectTitleSign, type TitleMark, titleOf } from '../../../web/page/title.ts';
import type { Badge } from '../../../web/stream/badge.ts';

const MARKS: Record<Badge['kind'], readonly [calm: TitleMark, troubled: TitleMark]> = {
  live: ['none', 'alarm'],
  stale: ['silent', 'silent'],
  waiting: ['none', 'none'],
  connecting: ['unreached', 'unreached'],
  reconnecting: ['unreached', 'unreached'],
  past: ['none', 'none'],
  refused: ['unreached', 'unreached'],
};

describe('the tab', () => {
  it.each(Object.entries(MARKS))('%s', (kind, [calm, troubled]) => {
    const badge = kind as Badge['kind'];
    expect(selectTitleSign({ badge, hasPicture: true, troubles: 0, unseen: 0 }).mark).toBe(calm);
    expect(selectTitleSign({ badge, hasPicture: true, troubles: 1, unseen: 0 }).mark).toBe(troubled);
    expect(selectTitleSign({ badge, hasPicture: true, troubles: 0, unseen: 1 }).mark).toBe(troubled);
  });

  it('counts what stands and what nobody has seen, and only where it can say so', () => {
    expect(selectTitleSign({ badge: 'live', hasPicture: true, troubles: 2, unseen: 3 })).toEqual({ mark: 'alarm', count: 5 });
    expect(selectTitleSign({ badge: 'stale', hasPicture: true, troubles: 2, unseen: 3 }).count).toBe(0);
  });

  it('says nothing before there was a picture', () => {
    expect(selectTitleSign({ badge: 'connecting', hasPicture: false, troubles: 0, unseen: 0 }).mark).toBe('none');
  });
});

describe('the title', () => {
  const names = {
    vm: (id: string) => (id === 'shop/web-1' ? { name: 'web-1', displayName: 'Shop window' } : undefined),
    host: (name: string) => (name === 'host-1' ? { name } : undefined),
  };
  it.each([
    [null, null, 'Lab'],
    ['shop/web-1', null, 'Shop window · Lab'],
    ['shop/(5!) gone', null, 'Lab'],
    [null, 'gone', 'Lab'],
    [null, 'host-1', 'host-1 · Lab'],
    ['shop/web-1', 'host-1', 'Shop window · Lab'],
  ])('of VM %s and host %s is %s', (vm, host, title) => {
    expect(titleOf({ vm, host }, names, 'Lab')).toBe(title);
  });
});
