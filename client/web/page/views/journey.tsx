// The journey, stop by stop: who stated what, when and where, and how well it is supported.
import { Fragment } from 'preact';
import type { Naming } from '../data/naming.js';
import { lookedUp, seen } from '../data/seen.js';
import { gatewaysOf } from '../data/story.js';
import type { Story, Stop, Told } from '../data/story.js';
import {
  dateOf,
  datesOf,
  marksOf,
  momentOf,
  timeOf,
  useLanguage,
  useTexts,
} from '../texts/index.js';
import type { Texts } from '../texts/zh.js';
import { stepName } from '../texts/steps.js';
import type { Language } from '../state.js';
import { bare } from '../data/words.js';
import { Grade } from './grade.js';
import { ErasedList, ErasedMark, SealedLines, WithheldList, erasedOf } from './sealed.js';

/** What was done with what, in short lines. */
function deeds(told: Told, code: string, naming: Naming, texts: Texts): string[] {
  const { what, step } = told;
  const { list: join } = marksOf(naming.language);
  const list = (items: { code: string }[]): string =>
    [...new Set(items.map((item) => naming.thing(item.code)))].join(join);
  const lines: string[] = [];
  if (what.inputs.length > 0) lines.push(texts.madeFrom(list(what.inputs)));
  if (what.outputs.length > 0) lines.push(texts.madeInto(list(what.outputs)));
  const packs = what.type === 'aggregation' || what.type === 'association';
  if (packs && what.parent !== '' && step !== 'sampling') {
    const parent = naming.thing(what.parent);
    if (what.action === 'ADD') lines.push(texts.packedInto(parent));
    if (what.action === 'DELETE') lines.push(texts.takenOut(parent));
  }
  if (told.relation === 'ancestor' && what.objects.length > 0) lines.push(list(what.objects));
  if (lines.length === 0 && told.relation === 'own' && what.objects.some((o) => o.code === code)) {
    lines.push(naming.thing(code));
  }
  return lines;
}

/** From whom to whom. The supplier of a maker is between the two, and is not named here. */
function handOver({ what }: Told, naming: Naming, texts: Texts): string | null {
  if (what.kind !== 'logistics') return null;
  const holders = (list: { type: string; id: string }[]): string =>
    list
      .filter(({ type }) => bare(type) === 'possessing_party')
      .map(({ id }) => naming.party(id))
      .join(marksOf(naming.language).list);
  const [from, to] = [holders(what.sources), holders(what.destinations)];
  return from && to && from !== to ? texts.handed(from, to) : null;
}

function degrees({ what }: Told, texts: Texts): string | null {
  const number = (value: { units: bigint; scale: number } | null): number | null =>
    value && Number(value.units) / 10 ** value.scale;
  for (const { reports } of what.sensors) {
    for (const report of reports) {
      if (bare(report.type) !== 'Temperature') continue;
      const [low, high] = [number(report.minValue), number(report.maxValue)];
      const one = number(report.value) ?? number(report.meanValue);
      if (low !== null && high !== null) return texts.temperature(`${low}–${high} °C`);
      if (one !== null) return texts.temperature(`${one} °C`);
    }
  }
  return null;
}

/** A party that releases has released: the result adds nothing to the step. */
const tellsMore = (told: Told): boolean =>
  told.result !== '' && !(told.step === 'releasing' && told.result === 'release');

const result = ({ result: word }: Told, texts: Texts): string =>
  word && (lookedUp(texts.results, word) ?? seen(word.replaceAll('_', ' ')));

interface LineProps {
  told: Told;
  withDay: boolean;
  story: Story;
  naming: Naming;
}

function Line({ told, withDay, story, naming }: LineProps) {
  const texts = useTexts();
  const language = useLanguage();
  const said = tellsMore(told) ? result(told, texts) : '';
  const when = timeOf(told.time, language);
  const lines = [
    ...deeds(told, story.code, naming, texts),
    handOver(told, naming, texts),
    degrees(told, texts),
  ].filter((line) => line !== null);
  return (
    <li
      class={`told${told.withdrawn ? ' withdrawn' : ''}`}
      data-place={`${told.leaf}.${told.event}`}
    >
      <p class="deed">
        <strong>{stepName(told.step, told.what.kind, language)}</strong>
        {said && <span class={`result ${told.result}`}>{said}</span>}
        <time dateTime={new Date(told.time.ms).toISOString()}>
          {withDay ? `${dateOf(told.time, language)} ${when}` : when}
        </time>
      </p>
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      {told.withdrawn && <p class="note">{texts.withdrawn}</p>}
      {story.remarks.includes(told) && <p class="note">{texts.remark}</p>}
      <SealedLines sealed={told.sealed} naming={naming} />
      <p class="who">
        <Grade grade={told.grade} /> {naming.signed(told)}
      </p>
      <p class="note recorded">{texts.recorded(momentOf(Number(told.logTimeMs), language))}</p>
    </li>
  );
}

/** What happened at a stop in a few words, for readers who do not open it. */
function summaryOf({ told }: Stop, texts: Texts, language: Language): string {
  const steps = told.map((one) => {
    const step = stepName(one.step, one.what.kind, language);
    return tellsMore(one) ? `${step} (${result(one, texts)})` : step;
  });
  return [...new Set(steps)].join(' · ');
}

const isOfManyPlaces = ({ told, place }: Stop): boolean => told.some((one) => one.place !== place);

/** From the first statement of the first stop to the last of the last. */
function daysOf(stops: Stop[], language: Language): string {
  const told = stops.flatMap((stop) => stop.told);
  return datesOf(told[0]!.time, told[told.length - 1]!.time, language);
}

/** A stop has the name of its place; documents from several places have the name of what they are. */
function titleOf(stop: Stop, naming: Naming, texts: Texts): [string, string] {
  if (isOfManyPlaces(stop)) return [texts.paperwork, ''];
  const { name, region } = naming.place(stop.place);
  return [name, region];
}

function StopItem({ stop, story, naming }: { stop: Stop; story: Story; naming: Naming }) {
  const texts = useTexts();
  const language = useLanguage();
  const [name, region] = titleOf(stop, naming, texts);
  const days = daysOf([stop], language);
  const oneDay = days === dateOf(stop.told[0]!.time, language);
  const grades = [...new Set(stop.told.map(({ grade }) => grade))];
  const parties = [...new Set(stop.told.map(({ party }) => naming.party(party)))];
  const gateways = gatewaysOf(stop).map((id) => naming.party(id));
  const { list, clause } = marksOf(language);
  return (
    <li class={`stop${stop.number === null ? ' aside' : ''}`}>
      <details>
        <summary>
          <span class="number" aria-hidden="true">
            {stop.number}
          </span>
          <span class="where">{name}</span>
          <span class="when">{[days, region].filter(Boolean).join(' · ')}</span>
          <span class="what">{summaryOf(stop, texts, language)}</span>
          <span class="who">
            {grades.map((grade) => (
              <Grade key={grade} grade={grade} />
            ))}{' '}
            {parties.join(list)}
            {gateways.length > 0 && (
              <span>
                {clause}
                {texts.through(gateways.join(list))}
              </span>
            )}
          </span>
          {erasedOf(stop.told).length > 0 && <ErasedMark text={texts.partErased} />}
        </summary>
        <ul class="lines">
          {stop.told.map((told) => (
            <Line
              key={`${told.leaf}.${told.event}`}
              told={told}
              withDay={!oneDay}
              story={story}
              naming={naming}
            />
          ))}
        </ul>
      </details>
    </li>
  );
}

function Legend() {
  const texts = useTexts();
  return (
    <details class="more legend">
      <summary>{texts.gradesTitle}</summary>
      <dl class="facts">
        {Object.entries(texts.grades).map(([grade, [name, meaning]]) => (
          <Fragment key={grade}>
            <dt>
              <span class={`grade ${grade}`}>{name}</span>
            </dt>
            <dd>{meaning}</dd>
          </Fragment>
        ))}
      </dl>
    </details>
  );
}

interface Leg {
  country: string; // Empty where no place of it is known.
  stops: Stop[];
}

/** The journey country by country; an event without a place belongs to where the thing was. */
function legsOf(stops: Stop[], naming: Naming): Leg[] {
  const legs: Leg[] = [];
  for (const stop of stops) {
    const country = isOfManyPlaces(stop) ? '' : naming.place(stop.place).country;
    const last = legs[legs.length - 1];
    if (last && (country === '' || last.country === '' || country === last.country)) {
      last.stops.push(stop);
      last.country ||= country;
    } else {
      legs.push({ country, stops: [stop] });
    }
  }
  return legs;
}

function LegItem({ leg, story, naming }: { leg: Leg; story: Story; naming: Naming }) {
  const language = useLanguage();
  return (
    <>
      {leg.country && (
        <h3 class="leg">
          {leg.country} <span class="when">{daysOf(leg.stops, language)}</span>
        </h3>
      )}
      <ol class="stops">
        {leg.stops.map((stop, i) => (
          <StopItem key={i} stop={stop} story={story} naming={naming} />
        ))}
      </ol>
    </>
  );
}

export function JourneyList({ story, naming }: { story: Story; naming: Naming }) {
  const texts = useTexts();
  const parties = new Set(story.told.map(({ party }) => party));
  return (
    <section class="card journey" aria-labelledby="journey-title">
      <h2 id="journey-title">{texts.journey}</h2>
      {story.told.length > 0 && (
        <p class="note">{texts.journeyHint(story.told.length, parties.size)}</p>
      )}
      {legsOf(story.stops, naming).map((leg, i) => (
        <LegItem key={i} leg={leg} story={story} naming={naming} />
      ))}
      <Legend />
      <ErasedList told={story.told} naming={naming} />
      <WithheldList withheld={story.withheld} naming={naming} />
    </section>
  );
}
