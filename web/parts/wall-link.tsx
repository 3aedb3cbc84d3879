import { usePage } from '../context.ts';
import { useLateWords } from '../late-words.ts';
import { wallAddress } from '../wall.ts';
import { Link } from './link.tsx';

/** Shows what is open as a screen on a wall. */
export function WallLink() {
  const { wall } = useLateWords();
  return (
    <Link class="action" to={wallAddress(usePage().route.route.value)}>
      {wall.open}
    </Link>
  );
}
