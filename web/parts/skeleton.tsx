/** The shape of what is coming; styles/page.css shows it only after 300 ms, so that a fast answer does not flicker. */
export function Skeleton() {
  return (
    <div class="skeleton" aria-hidden="true">
      <div />
    </div>
  );
}
