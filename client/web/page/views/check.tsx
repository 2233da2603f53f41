// What this phone verified: one line, with the details one tap away.
import { isBadCode } from '../data/api.js';
import type { Problem } from '../data/api.js';
import { asTyped } from '../data/codes.js';
import { lookedUp } from '../data/seen.js';
import { marksOf, momentOf, useLanguage, useTexts } from '../texts/index.js';
import type { Texts } from '../texts/zh.js';
import type { Check, Thing } from '../state.js';
import type { Verdict } from '../../verify/index.js';
import { Icon } from './icons.js';

type Done = Extract<Check, { is: 'done' }>;

function provenLines({ counts, head }: Verdict, { provenLines: say }: Texts): string[] {
  return [
    say.log(head!.size),
    ...(head!.cosigners.length > 0 ? [say.cosigned(head!.cosigners.length)] : []),
    say.batches(counts.leaves),
    say.events(counts.events),
    say.complete(counts.chains),
    ...(counts.erased > 0 ? [say.erased(counts.erased)] : []),
  ];
}

function notProvenLines({ counts, notProven }: Verdict, { notProvenLines: say }: Texts): string[] {
  const saysAlso = (words: string): boolean => notProven.some((line) => line.includes(words));
  return [
    say.truth,
    say.never,
    say.label,
    ...(counts.withheld > 0 ? [say.withheld(counts.withheld)] : []),
    ...(counts.erased > 0 ? [say.erased(counts.erased)] : []),
    ...(counts.cuts > 0 ? [say.cut(counts.cuts)] : []),
    ...(saysAlso('suspect') ? [say.suspect] : []),
    ...(saysAlso('replayer') ? [say.operator] : []),
    say.places,
  ];
}

/** What a partial proof lacks, in the order of docs/bundle.md. */
function reservations({ counts, notProven }: Verdict, { reservations: say }: Texts): string[] {
  return [
    ...(counts.withheld > 0 ? [say.withheld(counts.withheld)] : []),
    ...(counts.cuts > 0 ? [say.cut(counts.cuts)] : []),
    ...(notProven.some((line) => line.includes('suspect')) ? [say.suspect] : []),
  ];
}

function pinnedLine({ compared }: Done, { pinned }: Texts): string {
  if (compared === null) return pinned.file;
  if (compared === 'first' || compared === 'uncertain') return pinned[compared];
  return pinned.known;
}

function Details({ check }: { check: Done }) {
  const texts = useTexts();
  const language = useLanguage();
  const { verdict } = check;
  const head = verdict.head!;
  return (
    <details class="more">
      <summary>{texts.details}</summary>
      <h2>{texts.proven}</h2>
      <ul class="ticks">
        {provenLines(verdict, texts).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <h2>{texts.notProven}</h2>
      <ul>
        {notProvenLines(verdict, texts).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p>{pinnedLine(check, texts)}</p>
      <dl class="facts technical">
        <dt>{texts.technical.ledger}</dt>
        <dd>{head.origin}</dd>
        <dt>{texts.technical.asOf}</dt>
        <dd>{momentOf(Number(verdict.asOfMs), language)}</dd>
        <dt>{texts.technical.size}</dt>
        <dd>{head.size}</dd>
        <dt>{texts.technical.root}</dt>
        <dd>
          <code>{head.root}</code>
        </dd>
        <dt>{texts.technical.genesis}</dt>
        <dd>
          <code>{head.genesis}</code>
        </dd>
      </dl>
    </details>
  );
}

function DoneStrip({ check }: { check: Done }) {
  const texts = useTexts();
  const language = useLanguage();
  const { verdict, sameCode, compared } = check;
  const { cosigners } = verdict.head!;
  const whole = verdict.verdict !== 'PARTIAL';
  const marks = marksOf(language);
  return (
    <section class="card check done" aria-label={texts.checked}>
      <Icon name="shield" />
      <div>
        <p>
          <strong>{texts.checked}</strong>
          {marks.colon}
          {[
            ...(whole ? [texts.complete] : []),
            texts.signatures(verdict.counts.signatures),
            cosigners.length > 0 ? texts.cosigned(cosigners.join(marks.list)) : texts.notCosigned,
          ].join(marks.clause)}
        </p>
        {!whole && (
          <p class="note">
            {texts.partly}
            {marks.colon}
            {reservations(verdict, texts).join(marks.part)}
          </p>
        )}
        {verdict.verdict === 'STALE' && (
          <p class="note">
            {texts.asOf(momentOf(Number(verdict.asOfMs), language))} {texts.stale}
          </p>
        )}
        {!sameCode && <p class="note">{texts.codeUnsure}</p>}
        {compared === 'uncertain' && <p class="note">{texts.pinned.uncertain}</p>}
        <Details check={check} />
      </div>
    </section>
  );
}

type WrongDigit = [number: string, place: string, found: string, expected: string];

/** Which character is wrong, in the node's words (docs/identifiers.md, Check digits). */
function wrongDigit({ detail }: Problem, asked: string): WrongDigit | null {
  const found = /([0-9A-Z]+) \(place ([0-9]+)\) is ([0-9A-Z]), expected ([0-9A-Z])/.exec(detail);
  if (!found) return null;
  const [number, place] = asTyped(found[1]!, Number(found[2]), asked);
  return [number, String(place), found[3]!, found[4]!];
}

interface ImpossibleProps {
  problem: Problem;
  asked: string;
  retry: () => void;
}

function Impossible({ problem, asked, retry }: ImpossibleProps) {
  const texts = useTexts();
  const marks = marksOf(useLanguage());
  const wrong = wrongDigit(problem, asked);
  const { status, code, detail } = problem;
  const badCode = isBadCode(problem); // Then there is nothing to verify, and a retry is useless.
  const hint = badCode ? lookedUp(texts.badCodes, code) : undefined;
  return (
    <section class="card check impossible" role="alert">
      <Icon name="caution" />
      <div>
        {badCode ? (
          <p>{hint ?? code}</p>
        ) : (
          <p>
            <strong>{texts.notChecked}</strong>
            {marks.colon}
            {status === 0 ? texts.notCheckedWhy.unreachable : texts.notCheckedWhy.noProof}
          </p>
        )}
        {wrong && <p>{texts.wrongDigit(...wrong)}</p>}
        {detail && !wrong && !hint && (
          <p class="note">
            <code>{code}</code> <span lang="en">{detail}</span>
          </p>
        )}
        {!badCode && (
          <>
            <p>{texts.nothingShown}</p>
            <button type="button" class="quiet" onClick={retry}>
              {texts.retry}
            </button>
          </>
        )}
      </div>
    </section>
  );
}

export function CheckStrip({ thing, retry }: { thing: Thing; retry: () => void }) {
  const { check, asked } = thing;
  const texts = useTexts();
  switch (check.is) {
    case 'running':
      return (
        <section class="card check running" aria-busy="true">
          <span class="spinner" aria-hidden="true" />
          <p>{texts.checking}</p>
        </section>
      );
    case 'impossible':
      return <Impossible problem={check.problem} asked={asked} retry={retry} />;
    case 'done':
      return <DoneStrip check={check} />;
    case 'alarm':
      return null; // views/alarm.tsx has said it.
  }
}
