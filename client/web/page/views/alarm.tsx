// What is said before all else where the check failed.
import { forget } from '../data/memory.js';
import { useTexts } from '../texts/index.js';
import type { Alarm } from '../state.js';
import { Icon } from './icons.js';

function Fault({ alarm }: { alarm: Alarm }) {
  const texts = useTexts();
  if (alarm.is !== 'refused') return <p>{texts.alarms[alarm.is]}</p>;
  const { code, place, message } = alarm.refusal;
  return (
    <>
      <p>{texts.refusals[code] ?? code}</p>
      <p class="note">
        {texts.firstFault}: <code>{code}</code> {place && <code>{place}</code>}{' '}
        <span lang="en">{message}</span>
      </p>
    </>
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
        <Fault alarm={alarm} />
        <p>
          <strong>{texts.alarmAdvice}</strong>
        </p>
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
