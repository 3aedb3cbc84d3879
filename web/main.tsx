/** The page's start: builds the models once, and renders. */
import { render } from 'preact';
import { importLateParts } from './late/late-parts-file.ts';
import { PageContext } from './page/context.ts';
import { PageView } from './page/page-view.tsx';
import { createRouteModel } from './page/route-model.ts';
import { BROWSER_SHELF, createSettingsModel, preferredLanguage } from './settings/settings-model.ts';

// Not at the top level: the late parts import this module's chunk, and would wait for its end while it waits for them.
async function start(root: HTMLElement): Promise<void> {
  const settings = createSettingsModel(BROWSER_SHELF, document.documentElement);
  // A share link signs in before anything is asked for. Where this part cannot be fetched, the first answer says what is missing.
  if (location.hash.startsWith('#share=')) {
    await importLateParts().then(
      (late) => late.redeemShare(),
      () => {},
    );
  }
  await settings.speak(preferredLanguage(BROWSER_SHELF, navigator.languages));
  root.replaceChildren();
  render(
    <PageContext.Provider value={{ settings, route: createRouteModel() }}>
      <PageView />
    </PageContext.Provider>,
    root,
  );
}

const app = document.getElementById('app');
if (app) void start(app);
