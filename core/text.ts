/** Texts of Kubernetes, cut to what the protocol carries. */
import { MAX_TEXT_CHARS } from './limits.ts';

/** Cuts to `maxChars`, marks the cut, and never leaves half of a surrogate pair behind. */
export function shortenText(text: string, maxChars = MAX_TEXT_CHARS): string {
  if (text.length <= maxChars) return text;
  const kept = text.slice(0, maxChars - 1);
  const last = kept.charCodeAt(kept.length - 1);
  const isHalfPair = last >= 0xd800 && last <= 0xdbff;
  return `${isHalfPair ? kept.slice(0, -1) : kept}…`;
}

/** `reason: message`, or what there is of it; empty where there is neither. Each may fit where both together do not. */
export const formatExplanation = ({ reason, message }: { readonly reason?: string; readonly message?: string }): string =>
  shortenText([reason, message].filter((part) => part !== undefined).join(': '));
