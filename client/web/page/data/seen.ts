// Makes names that others chose safe to show: no invisible characters, no change of the writing
// direction around them, no look-alikes of other names.

// Same as in client/terminal.cc.
const HIDDEN =
  /[\0-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e0fff}]/gu;
const FROM_THE_RIGHT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const LATIN = /[A-Za-z\xc0-\u024f\u1e00-\u1eff]/u;
const LIKE_LATIN =
  /[\u0370-\u058f\u13a0-\u13ff\u1c80-\u1c8f\u2100-\u214f\uab30-\uabbf\uff21-\uff5a\u{1d400}-\u{1d7ff}]/u;

/** A name among other texts. Right-to-left text stays between its two isolates. */
export function seen(name: string): string {
  const plain = name.replace(HIDDEN, '\ufffd');
  return FROM_THE_RIGHT.test(plain) ? `\u2068${plain}\u2069` : plain;
}

/** A word of Latin letters and letters that only look like them. */
export const mixesAlphabets = (name: string): boolean =>
  name.split(' ').some((word) => LATIN.test(word) && LIKE_LATIN.test(word));

/** A party's name; with its id, which has only ASCII letters, if it may be mistaken for another's. */
export const seenParty = (name: string, id: string): string =>
  mixesAlphabets(name) ? `${seen(name)} [${id}]` : seen(name);

/** What a table has for a word that others chose: never JavaScript's own, such as "constructor". */
export const lookedUp = <T>(table: Record<string, T>, word: string): T | undefined =>
  Object.prototype.hasOwnProperty.call(table, word) ? table[word] : undefined;
