import { usePage } from '../page/context.ts';
import { Link } from '../parts/link.tsx';
import { useLateWords } from '../words/late-words.ts';
import { wallAddress } from './wall.ts';

/** Shows what is open as a screen on a wall. */
export function WallLink() {
  const { wall } = useLateWords();
  return (
    <Link class="action" to={wallAddress(usePage().route.route.value)}>
      {wall.open}
    </Link>
  );
}
