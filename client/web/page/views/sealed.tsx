// What is not public: sealed sections, those that were erased, and statements for partners only.
import type { Naming } from '../data/naming.js';
import { seen } from '../data/seen.js';
import type { Sealed, Told, Withheld } from '../data/story.js';
import { dateOf, momentOf, useLanguage, useTexts } from '../texts/index.js';
import { stepName } from '../texts/steps.js';
import type { Erased } from '../../verify/index.js';
import { Icon } from './icons.js';

interface Gone {
  told: Told;
  label: string;
  erased: Erased;
}

export function erasedOf(all: Told[]): Gone[] {
  return all.flatMap((told) =>
    told.sealed.flatMap(({ label, erased }) => (erased ? [{ told, label, erased }] : [])),
  );
}

export function ErasedMark({ text }: { text: string }) {
  return <span class="erased-mark">{text}</span>;
}

function ErasedBy({ erased, naming }: { erased: Erased; naming: Naming }) {
  const texts = useTexts();
  const when = momentOf(Number(erased.logTimeMs), useLanguage());
  return <>{texts.erasedBy(naming.party(erased.party), when, texts.grounds[erased.ground])}</>;
}

/** Next to what a statement says: its sealed parts by their labels, which are all that is public. */
export function SealedLines({ sealed, naming }: { sealed: Sealed[]; naming: Naming }) {
  const texts = useTexts();
  return (
    <>
      {sealed.map(({ label, audience, erased }, i) => (
        <div key={i} class={`sealed${erased ? ' erased' : ''}`}>
          <Icon name="lock" />
          <div>
            <span class="label">{seen(label)}</span> {erased && <ErasedMark text={texts.erased} />}
            <span class="note">
              {erased ? (
                <ErasedBy erased={erased} naming={naming} />
              ) : (
                texts.sealed(texts.audiences[audience])
              )}
            </span>
          </div>
        </div>
      ))}
    </>
  );
}

/** Everything that was erased from the journey, for readers who open no stop. */
export function ErasedList({ told, naming }: { told: Told[]; naming: Naming }) {
  const texts = useTexts();
  const language = useLanguage();
  const gone = erasedOf(told);
  if (gone.length === 0) return null;
  return (
    <div class="kept-back erased-list">
      <h3>{texts.erasedTitle}</h3>
      <p class="note">{texts.erasedHint}</p>
      <ul>
        {gone.map(({ told: { step, what, time }, label, erased }) => (
          <li key={`${erased.notice}`}>
            <p>
              <span class="label">{seen(label)}</span>
              <span class="note">
                {' '}
                {stepName(step, what.kind, language)} · {dateOf(time, language)}
              </span>
            </p>
            <p class="note">
              <ErasedBy erased={erased} naming={naming} />
            </p>
          </li>
        ))}
      </ul>
    </div>
  );
}

function WithheldItem({ withheld, naming }: { withheld: Withheld; naming: Naming }) {
  const texts = useTexts();
  const { party, logTimeMs, erased } = withheld;
  const when = momentOf(Number(logTimeMs), useLanguage());
  return (
    <li>
      <p>{naming.signed(withheld, texts.withheldBy(naming.party(party), when))}</p>
      {erased.length > 0 && <p class="note">{texts.withheldErased(erased.length)}</p>}
      {erased.map((one) => (
        <p key={one.notice} class="note">
          <ErasedBy erased={one} naming={naming} />
        </p>
      ))}
    </li>
  );
}

export function WithheldList({ withheld, naming }: { withheld: Withheld[]; naming: Naming }) {
  const texts = useTexts();
  if (withheld.length === 0) return null;
  return (
    <div class="kept-back withheld">
      <h3>{texts.withheldTitle}</h3>
      <p class="note">{texts.withheldHint}</p>
      <ul>
        {withheld.map((one) => (
          <WithheldItem key={`${one.leaf}.${one.event}`} withheld={one} naming={naming} />
        ))}
      </ul>
    </div>
  );
}
