import type { Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { SignOut } from '../access/sign-out.tsx';
import { MOTIONS } from '../motion/motion-choice.ts';
import { NotificationSetting } from '../news/notification-setting.tsx';
import { usePage, useWords } from '../page/context.ts';
import { ReloadButton } from '../stream/reload-button.tsx';
import { WallLink } from '../wall/wall-link.tsx';
import { isLanguage, LANGUAGES, type Language } from '../words/i18n.ts';
import { useLateWords } from '../words/late-words.ts';
import { Help } from './help.tsx';
import { comingLanguage, isWishHeldUp, wishLanguage } from './language-wish.ts';
import { areShortcutsOn, followLateSettings, keepLanguage, motion } from './late-settings-model.ts';
import { THEMES } from './settings-model.ts';
import { runShortcut } from './shortcut-model.ts';

/** Each language's name for itself. */
const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', 'zh-Hans': '简体中文' };

const MENU_ID = 'settings-menu';

/** What the reader may choose, behind a button at the end of the line on top. */
export function Settings() {
  const { theme } = usePage().settings;
  const { settings: words } = useLateWords();
  const menu = useRef<HTMLFieldSetElement>(null);
  useEffect(() => followLateSettings(document.documentElement), []);
  return (
    <>
      <button type="button" class="settings-button" popovertarget={MENU_ID} aria-label={words.title} title={words.title}>
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M2 4.5h6m4 0h2M2 11.5h2m4 0h6" />
          <circle cx="10" cy="4.5" r="1.75" />
          <circle cx="6" cy="11.5" r="1.75" />
        </svg>
      </button>
      <fieldset ref={menu} id={MENU_ID} class="panel settings-menu" popover="auto" aria-label={words.title}>
        <NamedChoice name={words.theme} of={theme} values={THEMES} words={words.themes} />
        <LanguageChoice />
        <NamedChoice name={words.motion} of={motion} values={MOTIONS} words={words.motions} />
        <label class="setting">
          <span>{words.shortcuts}</span>
          <input
            type="checkbox"
            checked={areShortcutsOn.value}
            onChange={({ currentTarget }) => {
              areShortcutsOn.value = currentTarget.checked;
            }}
          />
        </label>
        <NotificationSetting />
        <div class="setting-actions">
          <button
            type="button"
            class="action"
            onClick={() => {
              menu.current?.hidePopover();
              runShortcut('help');
            }}
          >
            {words.keys}
          </button>
          <WallLink />
          <SignOut />
        </div>
      </fieldset>
      <Help />
    </>
  );
}

function LanguageChoice() {
  const { settings } = usePage();
  const { words: page } = useWords();
  const { settings: words } = useLateWords();
  return (
    <>
      <Choice
        name={words.language}
        value={comingLanguage.value ?? settings.language.value}
        choices={LANGUAGES.map((tag) => [tag, LANGUAGE_NAMES[tag], tag])}
        onChoose={(chosen) => {
          if (!isLanguage(chosen)) return;
          keepLanguage(chosen);
          void wishLanguage(chosen, settings);
        }}
      />
      {isWishHeldUp.value && (
        <p class="setting setting-missing" role="alert">
          {page.partsMissing} <ReloadButton />
        </p>
      )}
    </>
  );
}

interface NamedChoiceProps<Value extends string> {
  readonly name: string;
  readonly of: Signal<Value>;
  readonly values: readonly Value[];
  readonly words: Readonly<Record<Value, string>>;
}

function NamedChoice<Value extends string>({ name, of, values, words }: NamedChoiceProps<Value>) {
  return (
    <Choice
      name={name}
      value={of.value}
      choices={values.map((each) => [each, words[each]])}
      onChoose={(chosen) => {
        of.value = values.find((each) => each === chosen) ?? of.value;
      }}
    />
  );
}

interface ChoiceProps {
  readonly name: ComponentChildren;
  readonly value: string;
  readonly choices: readonly (readonly [value: string, word: string, language?: string])[];
  readonly onChoose: (chosen: string) => void;
}

const Choice = ({ name, value, choices, onChoose }: ChoiceProps) => (
  <label class="setting">
    <span>{name}</span>
    <select value={value} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
      {choices.map(([each, word, language]) => (
        <option key={each} value={each} lang={language}>
          {word}
        </option>
      ))}
    </select>
  </label>
);
