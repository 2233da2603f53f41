// Both languages say the same things, and neither calls anything a counterfeit.
import assert from 'node:assert/strict';
import { placeName } from '../page/data/scanning.js';
import { test } from 'node:test';
import { en } from '../page/texts/en.js';
import { datesOf } from '../page/texts/index.js';
import { stepName } from '../page/texts/steps.js';
import { zh } from '../page/texts/zh.js';
import { VOCABULARIES } from '../verify/epcis_terms.js';

/** Every text of a table with the way to it; a function is called with a few values. */
function textsIn(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') return [[path, String(value('7', 'Y', 'Z'))]];
  return Object.entries(value as object).flatMap(([key, one]) => textsIn(one, `${path}.${key}`));
}

test('the languages have the same texts', () => {
  const paths = (table: object): string[] => textsIn(table).map(([path]) => path).sort();
  assert.deepEqual(paths(en), paths(zh));
});

test('Chinese texts are Chinese, English ones English', () => {
  const free = ['.otherLanguage', '.name', '.handed', '.withheldBy']; // The last two are names alone.
  for (const [path, text] of textsIn(zh)) {
    if (!free.includes(path)) assert.match(text, /[\u4e00-\u9fff]/, path);
  }
  for (const [path, text] of textsIn(en)) {
    if (!free.includes(path)) assert.doesNotMatch(text, /[\u4e00-\u9fff]/, path);
  }
});

test('nothing is ever called a fake', () => {
  for (const [path, text] of [...textsIn(zh), ...textsIn(en)]) {
    assert.doesNotMatch(text, /fake|counterfeit|forger|假|伪/i, path);
  }
});

test('every verdict of docs/scans.md has words', () => {
  const verdicts = [
    'UNKNOWN_CODE', 'CODE_RETIRED', 'RECALLED', 'NOT_FOR_SALE', 'INCOMPLETE_CHAIN',
    'CLONE_SUSPECT', 'GENUINE_OWNER', 'GENUINE_FIRST_SCAN', 'GENUINE_REPEAT',
  ];
  assert.deepEqual(Object.keys(zh.verdicts), verdicts);
  assert.deepEqual(Object.keys(en.verdicts), verdicts);
});

test('every business step of CBV has a name in both languages', () => {
  for (const step of VOCABULARIES.step.words) {
    assert.match(stepName(step, 'logistics', 'zh'), /^[\u4e00-\u9fff]+$/, step);
    assert.match(stepName(step, 'logistics', 'en'), /^[A-Z][a-z ]+$/, step);
  }
});

test('consumers read of a server, not of a node', () => {
  for (const [path, text] of textsIn(zh)) assert.doesNotMatch(text, /节点/, path);
  for (const [path, text] of textsIn(en)) assert.doesNotMatch(text, /\bnode\b/i, path);
});

test('a step without a name of ours is shown as it was written', () => {
  assert.equal(stepName('cold_pressing', 'supply', 'en'), 'Cold pressing');
  assert.equal(stepName('receiving', 'logistics', 'zh'), '收货');
});

test('days that belong together are written as people write them', () => {
  const at = (day: string) => ({ ms: Date.parse(`${day}T16:30:00Z`), offset: 480 });
  const [second, eighth, july, next] = ['2026-06-01', '2026-06-07', '2026-07-01', '2027-01-01'].map(at);
  assert.equal(datesOf(second!, second!, 'zh'), '2026年6月2日');
  assert.equal(datesOf(second!, eighth!, 'zh'), '2026年6月2日至8日');
  assert.equal(datesOf(second!, july!, 'zh'), '2026年6月2日至7月2日');
  assert.equal(datesOf(second!, next!, 'zh'), '2026年6月2日至2027年1月2日');
  assert.match(datesOf(second!, eighth!, 'en'), /^2\s–\s8 Jun 2026$/);
});

test('where a label was scanned is told in the language of the page', () => {
  const fuzhou = { place: 'CN-FJ/福州', placeEn: 'CN-FJ/Fuzhou' };
  assert.equal(placeName(fuzhou, 'en'), 'Fuzhou');
  assert.equal(placeName(fuzhou, 'zh'), '福州');
  assert.equal(placeName({ place: 'CN-FJ/福州' }, 'en'), '福州', 'an older node');
  assert.equal(placeName({ place: 'NZ-OTA' }, 'en'), 'New Zealand');
  assert.equal(placeName({ place: '' }, 'en'), '');
  assert.equal(placeName(undefined, 'en'), '');
});
