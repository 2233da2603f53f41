// The warning shown above everything else if verification failed.
import { forget } from '../data/memory.js';
import { useTexts } from '../texts/index.js';
import type { Alarm } from '../state.js';
import { Icon } from './icons.js';

/** For reports to the operator: the verifier's own words. */
function FirstFault({ alarm }: { alarm: Alarm }) {
  const texts = useTexts();
  if (alarm.is !== 'refused') return null;
  const { code, place, message } = alarm.refusal;
  return (
    <p class="note fault">
      {texts.firstFault} <code>{code}</code> {place && <code>{place}</code>}{' '}
      <span lang="en">{message}</span>
    </p>
  );
}

export function AlarmCard({ alarm, retry }: { alarm: Alarm; retry: () => void }) {
  const texts = useTexts();
  const forgettable = alarm.is === 'otherLedger' || alarm.is === 'split' || alarm.is === 'rollback';
  const forgetAll = (): void => {
    forget();
    retry();
  };
  return (
    <section class="card verdict bad alarm" role="alert" data-alarm={alarm.is}>
      <span class="seal">
        <Icon name="bad" />
      </span>
      <div>
        <h1 tabIndex={-1}>{texts.alarmTitle}</h1>
        <p>
          {alarm.is === 'refused'
            ? (texts.refusals[alarm.refusal.code] ?? alarm.refusal.code)
            : texts.alarms[alarm.is]}
        </p>
        <p>
          <strong>{texts.alarmAdvice}</strong>
        </p>
        <FirstFault alarm={alarm} />
        {forgettable && (
          <p class="note">
            <button type="button" class="link" onClick={forgetAll}>
              {texts.forget}
            </button>{' '}
            {texts.forgetHint}
          </p>
        )}
      </div>
    </section>
  );
}
