import { useEffect, useRef } from 'preact/hooks';
import { CopyLink } from '../details/copy-link.tsx';
import { usePage, useWords } from '../page/context.ts';
import { provideShortcut } from '../settings/shortcut-model.ts';
import { useFleetWords } from '../words/view-words.ts';
import { useFleet } from './fleet-context.ts';
import { FLEET_GROUPS, FLEET_SORTS, type FleetQuery, formatFleetQuery, parseFleetQuery } from './fleet-query.ts';

/** Somebody who types is not interrupted by each letter: browsers also refuse an address that changes too often. */
const TYPING_PAUSE_MS = 150;

/** What is searched, and how the cards are ordered: all of it stands in the address. */
export function FleetToolbar({ query }: { readonly query: FleetQuery }) {
  const { route } = usePage();
  const words = useFleetWords();
  const change = (next: Partial<FleetQuery>): void => {
    const address = route.route.peek();
    if (address.view !== 'fleet') return;
    // What stands there now: the filter says what was typed a moment later.
    route.replace({ view: 'fleet', search: formatFleetQuery({ ...parseFleetQuery(address.search ?? ''), ...next }) });
  };
  return (
    <search class="toolbar fleet-toolbar">
      <Filter text={query.text} onText={(text) => change({ text })} />
      <Choice
        label={words.group}
        value={query.group}
        values={FLEET_GROUPS}
        wordOf={(group) => words.groups[group]}
        onChoice={(group) => change({ group })}
      />
      <Choice
        label={words.sort}
        value={query.sort}
        values={FLEET_SORTS}
        wordOf={(sort) => words.sorts[sort]}
        onChoice={(sort) => change({ sort })}
      />
      <Found />
      <CopyLink />
    </search>
  );
}

function Filter({ text, onText }: { readonly text: string; readonly onText: (text: string) => void }) {
  const fleet = useFleetWords();
  const field = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const said = useRef(text);
  // What the address says of itself (back, clear) replaces what stands here; what it says because it was typed here does not.
  useEffect(() => {
    if (field.current === null || text === said.current) return;
    clearTimeout(timer.current);
    said.current = text;
    field.current.value = text;
  }, [text]);
  useEffect(() => provideShortcut('search', () => field.current?.focus()), []);
  const say = (next: string): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      said.current = next;
      onText(next);
    }, TYPING_PAUSE_MS);
  };
  return (
    <input
      ref={field}
      class="fleet-field"
      type="search"
      name="q"
      aria-label={fleet.filter}
      placeholder={fleet.filter}
      autocomplete="off"
      spellcheck={false}
      defaultValue={text}
      onInput={({ currentTarget }) => say(currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.currentTarget.value === '') return;
        event.currentTarget.value = '';
        say('');
      }}
    />
  );
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly values: readonly Value[];
  readonly wordOf: (value: Value) => string;
  readonly onChoice: (value: Value) => void;
}

function Choice<Value extends string>({ label, value, values, wordOf, onChoice }: ChoiceProps<Value>) {
  return (
    <label class="fleet-choice">
      {label}
      <select
        class="fleet-field"
        value={value}
        onChange={({ currentTarget }) => {
          const chosen = values.find((known) => known === currentTarget.value);
          if (chosen !== undefined) onChoice(chosen);
        }}
      >
        {values.map((one) => (
          <option key={one} value={one}>
            {wordOf(one)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** How many are shown, and whether they are held in their places. */
function Found() {
  const { isOutOfOrder, sections, totals } = useFleet();
  const { formats } = useWords();
  const fleet = useFleetWords();
  const shown = sections.value.reduce((sum, { names }) => sum + names.length, 0);
  return (
    <span class="fleet-found">
      <span role="status">{fleet.found(formats.number(shown), formats.number(totals.value.clusters))}</span>
      {isOutOfOrder.value && <span class="fleet-held">{fleet.held}</span>}
    </span>
  );
}
