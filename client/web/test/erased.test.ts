// What a verdict, and the page, say of sealed sections that notices erased.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storyOf } from '../page/data/story.js';
import { utf8 } from '../verify/bytes.js';
import type { Verdict } from '../verify/verdict.js';
import { verifyBundle } from '../verify/verify.js';
import { ownVectors } from './support.js';
import type { Any } from './support.js';

const { cases } = ownVectors('bundles/notices.json');

async function judged(name: string): Promise<Verdict> {
  const one = cases.find((each: Any) => each.name === name);
  assert.ok(one, name);
  return verifyBundle(utf8(one.bundle), one.policy, one.nowMs);
}

test('an erased section is counted, said, and told with who had it erased and why', async () => {
  const found = await judged('one section, by its party');
  assert.equal(found.verdict, 'PROVEN', JSON.stringify(found.refusal));
  assert.equal(found.counts.erased, 1);
  assert.ok(found.proven.some((line) => line.startsWith('1 sealed sections were erased')));
  assert.ok(found.notProven.some((line) => line.includes('erased sections held')));
  const [erased] = found.events.flatMap((one) => one.erased);
  assert.deepEqual([erased!.party, erased!.ground], ['maker', 'retention_ended']);
  const sealed = storyOf(found).told.flatMap((told) => told.sealed);
  const gone = sealed.filter((one) => one.erased !== null);
  assert.equal(gone.length, 1);
  assert.ok(gone[0]!.label !== '' && gone[0]!.erased!.notice === erased!.notice);
  assert.ok(sealed.length > gone.length, 'the other sections of the journey are kept');
});

test('two sections of an event are two', async () => {
  const found = await judged('two sections');
  assert.equal(found.counts.erased, 2);
  const told = storyOf(found).told.find(({ sealed }) => sealed.some(({ erased }) => erased));
  assert.equal(told!.sealed.filter(({ erased }) => erased !== null).length, 2);
});

test('of an event that is withheld it is told that a part was erased, and not which', async () => {
  const found = await judged('of a withheld event');
  assert.equal(found.verdict, 'PARTIAL', JSON.stringify(found.refusal));
  const withheld = storyOf(found).withheld.filter(({ erased }) => erased.length > 0);
  assert.equal(withheld.length, 1);
  assert.equal(withheld[0]!.erased[0]!.party, 'maker');
});

test('where nothing was erased, nothing is said of it', async () => {
  const found = await judged('of an inspection, by its laboratory');
  assert.equal(found.counts.erased, 0);
  const whole = await judged('by an authority');
  assert.deepEqual(whole.events.flatMap((one) => one.erased).map(({ party }) => party), ['registrar']);
});
