// The page's whole state in one value, and the one function that changes it.
import type { Answer, Bilingual, Problem, Site } from './data/api.js';
import { NOTHING } from './data/listing.js';
import type { Listing } from './data/listing.js';
import type { Comparison } from './data/memory.js';
import type { Assumed } from './data/typed.js';
import type { Story } from './data/story.js';
import type { Refusal, Verdict } from '../verify/index.js';

export type Language = 'zh' | 'en';
/** How a code came here. Only somebody who holds the thing makes a scan. */
export type Opened = 'scan' | 'link' | 'shared' | 'file';

/** What must be said first: nothing that follows can be believed. */
export type Alarm =
  | { is: 'refused'; refusal: Refusal }
  | { is: 'otherCode'; code: string }
  | { is: 'otherLedger' }
  | { is: 'rollback' }
  | { is: 'split' };

/** The result of the check on this phone. */
export type Check =
  | { is: 'running' }
  | { is: 'impossible'; problem: Problem }
  | { is: 'alarm'; alarm: Alarm }
  | { is: 'done'; verdict: Verdict; compared: Comparison | null; sameCode: boolean };

export interface Names {
  sites: Record<string, Site>;
  products: Record<string, Bilingual>;
  parties: Record<string, Bilingual & { country: string }>; // Those that signed nothing here.
}

export interface Thing {
  id: number;
  asked: string;
  opened: Opened;
  assumed: Assumed | null; // What a typed number was taken for, which did not say it itself.
  answer: Answer | Problem | null; // Null: on its way, or not requested.
  check: Check;
  story: Story | null; // Verified statements only.
  names: Names; // From the node's registry; not proven.
  lots: Listing; // Of a product class, as the node lists them; each proves itself.
  units: Listing; // Of a class or a lot, likewise.
  bundle: ArrayBuffer | null;
  picture: string | null; // Address of bytes whose digest was verified.
}

export interface State {
  language: Language;
  view: 'start' | 'scan' | 'thing';
  thing: Thing | null;
  notice: string | null; // Announced once, such as "copied".
}

export type Change =
  | { is: 'language'; language: Language }
  | { is: 'start' }
  | { is: 'scan' }
  | { is: 'open'; thing: Thing }
  | { is: 'learned'; id: number; facts: Partial<Thing> }
  | { is: 'notice'; notice: string | null };

export type Dispatch = (change: Change) => void;

let things = 0;

export function newThing(asked: string, opened: Opened, assumed: Assumed | null = null): Thing {
  return {
    id: ++things,
    asked,
    opened,
    assumed,
    answer: null,
    check: { is: 'running' },
    story: null,
    names: { sites: {}, products: {}, parties: {} },
    lots: NOTHING,
    units: NOTHING,
    bundle: null,
    picture: null,
  };
}

export function reduce(state: State, change: Change): State {
  switch (change.is) {
    case 'language':
      return { ...state, language: change.language };
    case 'start':
      return { ...state, view: 'start', thing: null, notice: null };
    case 'scan':
      return { ...state, view: 'scan', thing: null, notice: null };
    case 'open':
      return { ...state, view: 'thing', thing: change.thing, notice: null };
    case 'learned': {
      // A late answer is about an item that is no longer shown.
      if (state.thing?.id !== change.id) return state;
      return { ...state, thing: { ...state.thing, ...change.facts } };
    }
    case 'notice':
      return { ...state, notice: change.notice };
  }
}

const LANGUAGE_KEY = 'suyuan.language';

function preferred(): Language {
  try {
    const kept = localStorage.getItem(LANGUAGE_KEY);
    if (kept === 'zh' || kept === 'en') return kept;
  } catch {
    // A browser that keeps nothing.
  }
  const wanted = navigator.languages.find((one) => /^(zh|en)\b/i.test(one));
  return wanted && /^zh/i.test(wanted) ? 'zh' : 'en';
}

export function keepLanguage(language: Language): void {
  try {
    localStorage.setItem(LANGUAGE_KEY, language);
  } catch {
    // Then it is asked of the browser again.
  }
}

export function firstState(): State {
  return { language: preferred(), view: 'start', thing: null, notice: null };
}
