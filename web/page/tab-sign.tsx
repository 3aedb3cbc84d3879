import { useEffect } from 'preact/hooks';
import alarmIcon from '../icons/favicon-alarm.svg?url';
import lostIcon from '../icons/favicon-lost.svg?url';
import { useLateWords } from '../words/late-words.ts';
import { useWords } from './context.ts';
import type { TitleMark, TitleSign } from './title.ts';

const PLAIN_ICON = '/favicon.svg';
const ICONS: Readonly<Record<TitleMark, string>> = { none: PLAIN_ICON, alarm: alarmIcon, silent: lostIcon, unreached: lostIcon };

export interface TabSignProps {
  /** What the page is of; empty for all clusters. */
  readonly title: string;
  readonly sign: TitleSign;
}

/** Puts the title and the icon of the tab. Shows nothing. */
export function TabSign({ title, sign: { mark, count } }: TabSignProps) {
  const { formats } = useWords();
  const { announce } = useLateWords();
  const signs = { none: '', alarm: `(${formats.number(count)}!) `, silent: `(${announce.silent}) `, unreached: `(${announce.unreached}) ` };
  const text = `${signs[mark]}${title === '' ? '' : `${title} · `}Hostview`;
  useEffect(() => {
    document.title = text;
  }, [text]);
  useEffect(() => {
    document.querySelector('link[rel="icon"]')?.setAttribute('href', ICONS[mark]);
  }, [mark]);
  useEffect(() => {
    // The icon that says so cannot be fetched once the connection is lost.
    for (const icon of [alarmIcon, lostIcon]) new Image().src = icon;
    return () => document.querySelector('link[rel="icon"]')?.setAttribute('href', PLAIN_ICON);
  }, []);
  return null;
}
