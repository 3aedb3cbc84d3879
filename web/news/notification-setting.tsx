import { useEffect, useState } from 'preact/hooks';
import { useLateWords } from '../words/late-words.ts';
import { followPermission, notificationState, switchNotificationsOff, switchNotificationsOn } from './notification-model.ts';

const HINT_ID = 'notification-hint';

/** Switches desktop notifications on and off. The browser is asked by that click alone, and what it answers is said. */
export function NotificationSetting() {
  const { notify } = useLateWords();
  const [asked, setAsked] = useState<'no' | 'asking' | 'unanswered'>('no');
  useEffect(followPermission, []);
  const state = notificationState.value;
  const problem = state === 'on' || state === 'off' ? (asked === 'unanswered' ? notify.dismissed : '') : notify[state];
  const change = async (isWanted: boolean): Promise<void> => {
    if (!isWanted) return switchNotificationsOff();
    setAsked('asking');
    setAsked((await switchNotificationsOn()) ? 'no' : 'unanswered');
  };
  return (
    <div class="notification-setting">
      <label class="setting">
        <span>{notify.title}</span>
        <input
          type="checkbox"
          checked={state === 'on'}
          disabled={state !== 'on' && state !== 'off'}
          aria-describedby={HINT_ID}
          onChange={({ currentTarget }) => {
            const isWanted = currentTarget.checked;
            // Whether it is on is not known before the browser has answered.
            currentTarget.checked = state === 'on';
            void change(isWanted);
          }}
        />
      </label>
      <p id={HINT_ID} class="setting-hint">
        {notify.hint}
      </p>
      <p class="setting-hint" role="status">
        {asked === 'asking' ? notify.asking : problem}
      </p>
    </div>
  );
}
