/** Texts of Kubernetes, cut to what the protocol carries. */
import { MAX_TEXT_CHARS } from './limits.ts';

/** Line breaks and other control characters; marks that turn the direction of what follows them, our own words too. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;
const DIRECTION_MARKS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** One line that says what it shows. Text without such characters, which is nearly all of it, is not copied. */
export const cleanText = (text: string): string => text.replace(DIRECTION_MARKS, '').replace(CONTROLS, ' ').trim();

/** Default ignorable ones, among them soft hyphens and fillers; spaces; the braille pattern without a dot; marks of annotations. */
const UNSEEN = /^[\p{Default_Ignorable_Code_Point}\p{White_Space}\p{Cc}\u2800\ufff9-\ufffb]*$/u;

/** A name that is not is none: nobody could tell whose it is. */
export const isVisible = (text: string): boolean => !UNSEEN.test(text);

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
