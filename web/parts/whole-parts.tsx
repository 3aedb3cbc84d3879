import { Fragment } from 'preact';

/** A line that breaks between its parts, and inside of one only where that alone is longer than the line. */
export const WholeParts = ({ parts }: { readonly parts: readonly string[] }) => (
  <>
    {parts.map((part, index) => (
      <Fragment key={index}>
        {index > 0 && ' '}
        <span class="whole">{part}</span>
      </Fragment>
    ))}
  </>
);
