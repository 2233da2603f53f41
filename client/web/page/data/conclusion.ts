// The verdict shown on top: the node's, unless the signed statements are stricter. A good verdict
// waits for the check on this phone, because a node may say what it likes.
import type { Answer } from './api.js';
import { isProblem } from './api.js';
import { canonicalOf, isLot, isPlaceOrPaper, isTransportUnit, lotOnLabel, partsOf } from './codes.js';
import type { Story } from './story.js';
import type { Thing } from '../state.js';

export type Tone = 'good' | 'caution' | 'bad' | 'plain';

const TONES: Record<string, Tone> = {
  UNKNOWN_CODE: 'bad',
  CODE_RETIRED: 'bad',
  RECALLED: 'bad',
  NOT_FOR_SALE: 'caution',
  INCOMPLETE_CHAIN: 'caution',
  CLONE_SUSPECT: 'caution',
  GENUINE_OWNER: 'good',
  GENUINE_FIRST_SCAN: 'good',
  GENUINE_REPEAT: 'good',
};
const ORDER = Object.keys(TONES); // The first that fits, as in docs/scans.md.

export interface Conclusion {
  verdict: string | null; // Null: only the journey can be shown.
  tone: Tone;
  answer: Answer | null;
  byProof: boolean; // Only the proof says so, not the node.
  notGoods: boolean; // By the node's word, where the code allows it: a place, a party or a document.
  journeyOnly: boolean; // A lot or transport unit, which is judged only by warnings.
  isClass: boolean; // The code was the barcode of a product class that the registry knows.
  otherLot: { label: string; lot: string } | null; // The label names another lot than the proof.
  isOtherLot: boolean; // That is all there is to say: the verdict alone would be a good one.
  waiting: boolean;
  // Scans with this verdict are counted; for others a count of zero means nothing.
  counted: boolean;
}

/** What the signed statements say by themselves. */
function provenVerdict({ check, story }: Thing): string | null {
  if (check.is !== 'done' || !story) return null;
  if (check.verdict.verdict === 'NOT_RECORDED') return 'UNKNOWN_CODE';
  if (story.ended) return 'CODE_RETIRED';
  return story.recalls.length > 0 || story.calledBack ? 'RECALLED' : null;
}

/** Nothing says that it is recalled, and nothing is withheld that might. */
export function isKnownUnrecalled(story: Story, verdict: string | null): boolean {
  const { told, isWhole, recalls, calledBack } = story;
  const recalled = recalls.length > 0 || calledBack !== null || verdict === 'RECALLED';
  return told.length > 0 && isWhole && !recalled;
}

const rank = (verdict: string): number => {
  const at = ORDER.indexOf(verdict);
  return at < 0 ? ORDER.length : at;
};

/** The node's answer, unless it is a good or unknown verdict that nothing proves. */
function believed({ answer, check }: Thing): Answer | null {
  if (!answer || isProblem(answer)) return null;
  return check.is === 'done' || rank(answer.verdict) < rank('GENUINE_OWNER') ? answer : null;
}

/** A verdict that would be about one item, of a lot or transport unit. */
function isOfNoItem(verdict: string, answer: Answer | null, code: string): boolean {
  const flagged = (answer?.reasons ?? []).some((reason) => reason.code === 'FLAGGED');
  if (flagged || rank(verdict) < rank('NOT_FOR_SALE') || verdict === 'CLONE_SUSPECT') return false;
  return isTransportUnit(code) || (isLot(code) && rank(verdict) <= rank('INCOMPLETE_CHAIN'));
}

/** The node says so, and the code's form shows it. Any other code stays an unknown code. */
function isNotGoods({ asked, story }: Thing, answer: Answer | null): boolean {
  const code = story?.code ?? canonicalOf(asked) ?? asked;
  return answer?.reasons?.[0]?.code === 'NOT_GOODS' && isPlaceOrPaper(code);
}

function otherLotOf({ asked, story }: Thing): Conclusion['otherLot'] {
  const label = lotOnLabel(asked);
  const lot = story?.lot ? partsOf(story.lot).lot : null;
  return label !== null && lot !== null && label !== lot ? { label, lot } : null;
}

function isPending({ answer, check, opened }: Thing): boolean {
  return check.is === 'running' || (answer === null && opened !== 'file');
}

export function conclusionOf(thing: Thing): Conclusion {
  const answer = believed(thing);
  const proven = provenVerdict(thing);
  const said = answer?.verdict ?? null;
  const stricter = proven !== null && (said === null || rank(proven) < rank(said));
  const verdict = stricter ? proven : said;
  const { story } = thing;
  const isClass = story !== null && story.registry.product !== null && isClassCode(story.code);
  const journeyOnly = story !== null && verdict !== null && isOfNoItem(verdict, answer, story.code);
  const notGoods = !isClass && verdict === 'UNKNOWN_CODE' && isNotGoods(thing, answer);
  const isItem = verdict !== null && !isClass && !journeyOnly && !notGoods;
  const tone = isItem ? (TONES[verdict] ?? 'plain') : 'plain';
  const otherLot = otherLotOf(thing);
  return {
    verdict,
    notGoods,
    journeyOnly,
    isClass,
    counted: isItem && rank(verdict) >= rank('CLONE_SUSPECT'),
    otherLot,
    isOtherLot: otherLot !== null && isItem && verdict.startsWith('GENUINE'),
    tone: otherLot && tone === 'good' ? 'caution' : tone,
    answer: stricter || journeyOnly ? null : answer,
    byProof: stricter && said !== null && !isClass,
    waiting: verdict === null && isPending(thing),
  };
}

/** A barcode's number names a kind of product, not an item of it. */
export function isClassCode(code: string): boolean {
  const { gtin, lot, serial } = partsOf(code);
  return gtin !== null && lot === null && serial === null && /\/01\/[0-9]{14}$/.test(code);
}
