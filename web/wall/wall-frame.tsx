import { useLayoutEffect, useState } from 'preact/hooks';
import { usePage } from '../page/context.ts';
import { useLateWords } from '../words/late-words.ts';
import { keepScreenOn } from './wake-lock.ts';
import { addressOffWall } from './wall.ts';

/** After this the pointer counts as still, and is hidden with the way out. */
const POINTER_STILL_MS = 3_000;

/** Makes the whole page a wall: no chrome, no pointer, a screen that stays on. Esc leaves it; how, is said to whoever moves the pointer. */
export function WallFrame() {
  const { route } = usePage();
  const { wall } = useLateWords();
  const [isPointing, setPointing] = useState(false);
  const leave = (): void => route.open(addressOffWall(route.route.peek()));

  useLayoutEffect(() => {
    const root = document.documentElement;
    root.dataset.wall = '';
    const letSleep = keepScreenOn();
    const closing = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = (isShown: boolean): void => {
      setPointing(isShown);
      // Not a question of the styles to the whole page, which would be asked anew with every chip (test/web/budget.test.ts).
      root.toggleAttribute('data-pointing', isShown);
    };
    const point = (): void => {
      show(true);
      clearTimeout(timer);
      timer = setTimeout(() => show(false), POINTER_STILL_MS);
    };
    const press = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.defaultPrevented) leave();
      // Who uses the keys needs to see where they are.
      else point();
    };
    addEventListener('pointermove', point, { signal: closing.signal });
    addEventListener('pointerdown', point, { signal: closing.signal });
    addEventListener('keydown', press, { signal: closing.signal });
    return () => {
      closing.abort();
      clearTimeout(timer);
      letSleep();
      root.removeAttribute('data-pointing');
      delete root.dataset.wall;
      delete root.dataset.wallFit;
      root.style.removeProperty('--wall-scale');
      root.style.removeProperty('--wall-column');
    };
  }, [route]);

  return (
    <aside class="wall-exit" data-pointing={isPointing} aria-label={wall.leave}>
      <span>{wall.hint}</span>
      <button type="button" class="action" onClick={leave}>
        {wall.leave}
      </button>
    </aside>
  );
}
