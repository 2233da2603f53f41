// The first thing shown: the verdict on the item.
import { isBadCode } from '../data/api.js';
import type { Answer } from '../data/api.js';
import { isLot } from '../data/codes.js';
import { conclusionOf } from '../data/conclusion.js';
import type { Conclusion } from '../data/conclusion.js';
import { placeName } from '../data/scanning.js';
import { seen } from '../data/seen.js';
import { inLanguage, marksOf, momentOf, textsOf, useLanguage, useTexts } from '../texts/index.js';
import type { Texts } from '../texts/zh.js';
import type { Language, Thing } from '../state.js';
import { Icon } from './icons.js';

// Reasons that title, advice and scan count already express.
const SAID_ALREADY = ['JOURNEY_COMPLETE', 'CLASS_CODE', 'FIRST_SCAN', 'SCANNED_BEFORE', 'LOT_CODE', 'NOT_GOODS'];

function wordsOf(
  thing: Thing,
  conclusion: Conclusion,
  texts: Texts,
): [string, string] {
  const { verdict, answer, waiting, isClass, notGoods, journeyOnly, isOtherLot } = conclusion;
  if (waiting) return [texts.looking, ''];
  if (isClass) return texts.classOnly as [string, string];
  if (notGoods) return texts.notGoods as [string, string];
  if (journeyOnly) return texts.journeyOnly as [string, string];
  if (isOtherLot) return [texts.otherLotTitle, ''];
  const isLotLabel = thing.story !== null && isLot(thing.story.code);
  if (verdict === 'GENUINE_REPEAT' && isLotLabel) return texts.genuineLot as [string, string];
  const innerRight = (answer?.reasons ?? []).some(({ code }) => code === 'INNER_CODE_RIGHT');
  if (verdict === 'CLONE_SUSPECT' && innerRight) return texts.copiedOriginal as [string, string];
  if (verdict !== null && texts.verdicts[verdict]) return texts.verdicts[verdict];
  if (answer?.title) return ['', ''];
  const { check } = thing;
  if (check.is === 'impossible') {
    return (isBadCode(check.problem) ? texts.badCode : texts.nothingKnown) as [string, string];
  }
  const saved = thing.opened === 'file';
  return (saved ? texts.offlineVerdict : texts.noVerdict) as [string, string];
}

function Scans({ scans }: { scans: Answer['scans'] }) {
  const texts = useTexts();
  const language = useLanguage();
  if (!scans || scans.available === false) return null;
  const { count = 0, byThisDevice = 0, first } = scans;
  const when = first?.time ? momentOf(Date.parse(first.time), language) : '';
  return (
    <dl class="scans">
      <dt>{texts.scansTitle}</dt>
      <dd>{texts.scanned(count)}</dd>
      {when && count > 1 && <dd>{texts.firstScan(when, placeName(first, language))}</dd>}
      {byThisDevice > 0 && count > 1 && <dd>{texts.byYou(byThisDevice)}</dd>}
    </dl>
  );
}

/** The result in one line, for readers who do not see that it has come; an alarm says itself. */
export function resultOf(thing: Thing, language: Language): string {
  const texts = textsOf(language);
  const conclusion = conclusionOf(thing);
  if (conclusion.waiting || thing.check.is === 'alarm') return '';
  const [title] = wordsOf(thing, conclusion, texts);
  const said = title || inLanguage(conclusion.answer?.title, language);
  const parts = thing.check.is === 'done' ? [said, texts.checked] : [said];
  return parts.join(marksOf(language).part);
}

export function VerdictCard({ thing }: { thing: Thing }) {
  const texts = useTexts();
  const language = useLanguage();
  const conclusion = conclusionOf(thing);
  const { answer, tone, waiting, otherLot, isOtherLot } = conclusion;
  const [title, advice] = wordsOf(thing, conclusion, texts);
  const reasons = (answer?.reasons ?? []).filter(({ code }) => !SAID_ALREADY.includes(code));
  return (
    <section
      class={`card verdict ${tone}`}
      data-verdict={conclusion.verdict ?? ''}
      aria-busy={waiting || undefined}
    >
      <span class="seal">{waiting ? <span class="spinner" /> : <Icon name={tone} />}</span>
      <div>
        <h1 tabIndex={-1}>{title || inLanguage(answer?.title, language)}</h1>
        {!isOtherLot && <p>{advice || inLanguage(answer?.advice, language)}</p>}
        {thing.assumed && <p class="note">{texts.assumed[thing.assumed]}</p>}
        {otherLot && <p>{texts.otherLot(seen(otherLot.label), seen(otherLot.lot))}</p>}
        {conclusion.byProof && <p class="note">{texts.stricter}</p>}
        {reasons.length > 0 && (
          <ul class="reasons">
            {reasons.map(({ code, text }) => (
              <li key={code}>{inLanguage(text, language)}</li>
            ))}
          </ul>
        )}
        {(conclusion.counted || (answer?.scans?.count ?? 0) > 0) && <Scans scans={answer?.scans} />}
      </div>
    </section>
  );
}
