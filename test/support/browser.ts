/** Chromium for tests. */
import { type Browser, chromium } from 'playwright-core';
import { chromiumPath } from './chromium-path.ts';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launchBrowser(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === null) throw new Error('There is no Chromium: install Debian’s `chromium`, or name one in CHROMIUM.');
  return chromium.launch({ executablePath, args: ARGUMENTS });
}
