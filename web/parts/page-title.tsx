import { useEffect } from 'preact/hooks';
import { useSession } from '../context.ts';

/** The tab's title. */
export function PageTitle() {
  const title = useSession().displayName.value;
  useEffect(() => {
    document.title = `${title} · Hostview`;
  }, [title]);
  return null;
}
