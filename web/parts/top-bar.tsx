import type { ComponentChildren } from 'preact';
import { usePage, useWords } from '../context.ts';
import { isLanguage, LANGUAGE_NAMES, LANGUAGES } from '../i18n.ts';
import { lateParts } from '../late-parts.ts';
import { BROWSER_SHELF, keepLanguage, THEMES } from '../models/settings-model.ts';
import { Link } from './link.tsx';

/** The line on top of every view: where one is, how live it is, and the settings. */
export function TopBar({ children }: { readonly children?: ComponentChildren }) {
  return (
    <header class="bar">
      <Link class="brand" to={{ view: 'fleet' }}>
        Hostview
      </Link>
      {children}
      <Settings />
    </header>
  );
}

function Settings() {
  const { language, theme, speak } = usePage().settings;
  const { words } = useWords();
  const late = lateParts.value;
  return (
    <div class="settings">
      {late !== null && <late.SignOut />}
      <select
        aria-label={words.settings.theme}
        value={theme.value}
        onChange={({ currentTarget }) => {
          theme.value = THEMES.find((known) => known === currentTarget.value) ?? 'system';
        }}
      >
        {THEMES.map((name) => (
          <option key={name} value={name}>
            {words.settings.themes[name]}
          </option>
        ))}
      </select>
      <select
        aria-label={words.settings.language}
        value={language.value}
        onChange={({ currentTarget }) => {
          if (!isLanguage(currentTarget.value)) return;
          keepLanguage(BROWSER_SHELF, currentTarget.value);
          // Where its words could not be fetched, the box must not claim the language.
          void speak(currentTarget.value).then(() => {
            currentTarget.value = language.peek();
          });
        }}
      >
        {LANGUAGES.map((tag) => (
          <option key={tag} value={tag} lang={tag}>
            {LANGUAGE_NAMES[tag]}
          </option>
        ))}
      </select>
    </div>
  );
}
