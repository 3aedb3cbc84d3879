import { useWords } from '../page/context.ts';

/** Stands where something is still to be drawn (slices.ts), and says how many VMs that are. */
export function Rest({ vms, tag: Tag }: { readonly vms: number; readonly tag: 'li' | 'p' }) {
  const { words } = useWords();
  return (
    <Tag class="rest" data-rest={vms}>
      {words.drawing(vms)}
    </Tag>
  );
}
