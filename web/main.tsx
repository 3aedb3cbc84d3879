/** The page's start: builds the models once, and renders. */
import { render } from 'preact';
import { PageContext } from './context.ts';
import { createRouteModel } from './models/route-model.ts';
import { BROWSER_SHELF, createSettingsModel, preferredLanguage } from './models/settings-model.ts';
import { PageView } from './views/page-view.tsx';

const root = document.getElementById('app');
if (root === null) throw new Error('index.html has no #app');

const settings = createSettingsModel(BROWSER_SHELF, document.documentElement);
const models = { settings, route: createRouteModel() };

await settings.speak(preferredLanguage(BROWSER_SHELF, navigator.languages));
root.replaceChildren();
render(
  <PageContext.Provider value={models}>
    <PageView />
  </PageContext.Provider>,
  root,
);
