// Texts in the current language, and its formats of numbers, times and names.
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Bilingual } from '../data/api.js';
import type { LocalTime } from '../data/story.js';
import type { Language } from '../state.js';
import { en } from './en.js';
import { zh } from './zh.js';
import type { Texts } from './zh.js';

const TABLES: Record<Language, Texts> = { zh, en };
const LOCALES: Record<Language, string> = { zh: 'zh-CN', en: 'en-GB' };
const DATE = { zh: 'long', en: 'medium' } as const; // 2026年6月2日, 2 Jun 2026.

export const textsOf = (language: Language): Texts => TABLES[language];

/** How a language joins words, clauses and parts, and introduces what follows. */
const MARKS = {
  zh: { list: '、', clause: '，', part: '；', colon: '：' },
  en: { list: ', ', clause: ', ', part: '; ', colon: ': ' },
} as const;

export const marksOf = (language: Language): (typeof MARKS)[Language] => MARKS[language];

export const LanguageContext = createContext<Language>('zh');

export const useLanguage = (): Language => useContext(LanguageContext);
export const useTexts = (): Texts => TABLES[useContext(LanguageContext)];

export const inLanguage = (text: Bilingual | undefined, language: Language): string =>
  text ? text[language] || text.en || text.zh : '';

/** A moment by the clock of the place, with its offset: everyone reads the same. */
export function dateOf({ ms, offset }: LocalTime, language: Language): string {
  return new Intl.DateTimeFormat(LOCALES[language], { dateStyle: DATE[language], timeZone: 'UTC' }).format(
    ms + offset * 60_000,
  );
}

const partsOf = ({ ms, offset }: LocalTime): [year: number, month: number, day: number] => {
  const at = new Date(ms + offset * 60_000);
  return [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()];
};

/** A range of days; what both days share is written once. */
export function datesOf(from: LocalTime, to: LocalTime, language: Language): string {
  if (language === 'zh') return chineseDates(from, to);
  const format = new Intl.DateTimeFormat(LOCALES[language], { dateStyle: DATE[language], timeZone: 'UTC' });
  return format.formatRange(from.ms + from.offset * 60_000, to.ms + to.offset * 60_000);
}

/** 2026年6月2日至8日: browsers would write 2026/6/2 – 2026/6/8. */
function chineseDates(from: LocalTime, to: LocalTime): string {
  const first = dateOf(from, 'zh');
  const last = dateOf(to, 'zh');
  if (first === last) return first;
  const [[year, month], [lastYear, lastMonth, day]] = [partsOf(from), partsOf(to)];
  if (year !== lastYear) return `${first}至${last}`;
  return month === lastMonth ? `${first}至${day}日` : `${first}至${lastMonth + 1}月${day}日`;
}

export function timeOf({ ms, offset }: LocalTime, language: Language): string {
  const time = new Intl.DateTimeFormat(LOCALES[language], { timeStyle: 'short', timeZone: 'UTC' });
  const hours = Math.trunc(Math.abs(offset) / 60);
  const minutes = Math.abs(offset) % 60;
  const zone = `UTC${offset < 0 ? '−' : '+'}${hours}${minutes ? ':' + minutes : ''}`;
  return `${time.format(ms + offset * 60_000)} ${zone}`;
}

/** A moment by the reader's own clock. */
export function momentOf(ms: number, language: Language): string {
  const format = { dateStyle: DATE[language], timeStyle: 'short' } as const;
  return new Intl.DateTimeFormat(LOCALES[language], format).format(ms);
}

/** "2026-06-08" as it is written; anything else as it was stated. */
export function dayOf(text: string, language: Language): string {
  const day = /^([0-9]{4}-[0-9]{2}-[0-9]{2})([T ].*)?$/.exec(text)?.[1];
  return day ? dateOf({ ms: Date.parse(`${day}T00:00:00Z`), offset: 0 }, language) : text;
}

export function countryName(country: string, language: Language): string {
  try {
    return new Intl.DisplayNames([LOCALES[language]], { type: 'region' }).of(country) ?? country;
  } catch {
    return country;
  }
}
