import { usePage } from '../context.ts';
import { isLanguage, LANGUAGE_NAMES, LANGUAGES } from '../i18n.ts';
import { useLateWords } from '../late-words.ts';
import { BROWSER_SHELF, keepLanguage, THEMES } from '../models/settings-model.ts';
import { SignOut } from './sign-out.tsx';

/** What the reader may choose, on the right of the line on top. */
export function Settings() {
  const { language, theme, speak } = usePage().settings;
  const words = useLateWords();
  return (
    <>
      <SignOut />
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
    </>
  );
}
