// A changed bundle is refused, or it is the same bundle. The seed is printed; SUYUAN_MUTATIONS says
// how many changes are tried.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseBundle } from '../verify/bundle.js';
import type { Bundle } from '../verify/bundle.js';
import { Fault, hex, utf8 } from '../verify/bytes.js';
import { verifyBundle } from '../verify/verify.js';
import { PALLET, REACH, epcisBundle, honest } from './epcis_scenario.js';
import type { BundleJson } from './ledger.js';
import { NOW, policyText, sealed, unitBundle } from './scenario.js';
import { Random, sourcePath } from './support.js';

interface Target {
  good: Uint8Array;
  policy: string;
  wanted: 'PROVEN' | 'PARTIAL';
  now: number;
}

function targetOf(bundle: BundleJson, policy: string): Target {
  const withheld = bundle.events.some(({ payload }) => payload === 'withheld');
  const wanted = withheld ? 'PARTIAL' : 'PROVEN';
  return { good: utf8(JSON.stringify(bundle)), policy, wanted, now: NOW };
}

/** Every kind of act that a bundle can carry, as the C++ side made them. */
function acts(): Target[] {
  const folder = sourcePath('tests/vectors/bundles');
  const { bases } = JSON.parse(readFileSync(`${folder}/bases.json`, 'utf8'));
  const found: Target[] = [];
  for (const { name, file, policy, nowMs, verdict } of bases) {
    if (name !== 'acts-can' && name !== 'acts-site') continue;
    const good = Uint8Array.from(readFileSync(`${folder}/${file}`));
    found.push({ good, policy, wanted: verdict, now: nowMs });
  }
  assert.equal(found.length, 2);
  return found;
}

/** Statements of ours, in EPCIS, the latter with one that is withheld, and every kind of act. */
function targets(): Target[] {
  const ledger = sealed();
  // Without what it says of the pallet, nobody can miss the pallet's chain.
  const partly = epcisBundle(REACH.filter((code) => code !== PALLET));
  partly.events.find(({ leaf }) => leaf === 4)!.payload = 'withheld';
  return [
    targetOf(unitBundle(ledger), policyText(ledger)),
    targetOf(epcisBundle(), policyText(honest)),
    targetOf(partly, policyText(honest)),
    ...acts(),
  ];
}

const COUNT = Number(process.env['SUYUAN_MUTATIONS'] ?? 2000);
const SEED = Number(process.env['SUYUAN_SEED'] ?? 20260801);

function meaning(bundle: Bundle | Fault): string {
  return JSON.stringify(bundle, (_name, value: unknown) =>
    value instanceof Uint8Array ? hex(value) : value,
  );
}

test('no changed bit, byte or field of a bundle is taken', async () => {
  const all = targets();
  console.log(`seed ${SEED}, ${COUNT} changes of ${all.map(({ good }) => good.length)} bytes`);
  const before: string[] = [];
  for (const { good, policy, wanted, now } of all) {
    assert.equal((await verifyBundle(good, policy, now)).verdict, wanted);
    before.push(meaning(parseBundle(good)));
  }
  const random = new Random(SEED);
  const codes = new Map<string, number>();
  let same = 0;
  let otherCode = 0;
  for (let i = 0; i < COUNT; ++i) {
    const which = random.below(all.length);
    const { good, policy, now } = all[which]!;
    const file = i % 2 === 0 ? changedByte(good, random) : changedField(good, random);
    const verdict = await verifyBundle(file, policy, now);
    if (verdict.verdict !== 'REFUSED') {
      const bundle = parseBundle(file);
      if (meaning(bundle) === before[which]) {
        ++same;
        continue;
      }
      // A unit's bundle holds all that its lot's must: with the lot's code it is a bundle about the
      // lot, as true as before. The verdict names the code, and whoever asked compares.
      const asked = JSON.parse(new TextDecoder().decode(good)).code as string;
      if (!(bundle instanceof Fault) && meaning({ ...bundle, code: asked }) === before[which]) {
        assert.equal(verdict.code, bundle.code);
        ++otherCode;
        continue;
      }
    }
    assert.equal(verdict.verdict, 'REFUSED', `change ${i} of seed ${SEED}`);
    const code = verdict.refusal!.code;
    assert.notEqual(code, 'INTERNAL', verdict.refusal!.message);
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  console.log(
    `same ${same}, about another code ${otherCode}, refused ${JSON.stringify(Object.fromEntries(codes))}`,
  );
});

test('no statement and no act can be left out', async () => {
  for (const { good, policy, now } of targets().slice(1)) {
    const count = (JSON.parse(new TextDecoder().decode(good)) as BundleJson).events.length;
    for (let i = 0; i < count; ++i) {
      for (const withLeaf of [false, true]) {
        const less = JSON.parse(new TextDecoder().decode(good)) as BundleJson;
        const [gone] = less.events.splice(i, 1);
        const alone = less.events.every(({ leaf }) => leaf !== gone!.leaf);
        if (withLeaf && alone) {
          less.leaves = less.leaves.filter(({ index }) => index !== gone!.leaf);
        }
        const verdict = await verifyBundle(utf8(JSON.stringify(less)), policy, now);
        assert.equal(verdict.verdict, 'REFUSED', `event ${i}`);
      }
    }
  }
});

function changedByte(good: Uint8Array, random: Random): Uint8Array {
  const file = Uint8Array.from(good);
  const at = random.below(file.length);
  switch (random.below(4)) {
    case 0:
      file[at]! ^= 1 << random.below(8);
      return file;
    case 1:
      file[at] = random.below(256);
      return file;
    case 2:
      return file.filter((_, i) => i !== at);
    default: {
      const other = random.below(file.length); // Two neighbours far apart change places.
      [file[at], file[other]] = [file[other]!, file[at]!];
      return file;
    }
  }
}

type Node = Record<string, unknown>;

/** One value of the JSON replaced by another, removed, doubled, or changed a little. */
function changedField(good: Uint8Array, random: Random): Uint8Array {
  const bundle = JSON.parse(new TextDecoder().decode(good)) as Node;
  const values: { of: Node; name: string }[] = [];
  const walk = (of: Node): void => {
    for (const name of Object.keys(of)) {
      values.push({ of, name });
      if (typeof of[name] === 'object') walk(of[name] as Node);
    }
  };
  walk(bundle);
  const { of, name } = values[random.below(values.length)]!;
  const other = values[random.below(values.length)]!;
  const value = of[name];
  switch (random.below(4)) {
    case 0:
      // To withhold is the maker's right: then the bundle says less, and nothing false.
      if (other.of[other.name] === 'withheld' && name === 'payload') break;
      of[name] = other.of[other.name];
      break;
    case 1:
      if (Array.isArray(of)) of.splice(Number(name), 1);
      else Reflect.deleteProperty(of, name);
      break;
    case 2:
      if (Array.isArray(of)) of.splice(Number(name), 0, value);
      else of[`${name}x`] = value;
      break;
    default:
      if (typeof value === 'number') of[name] = value + 1 + random.below(3);
      else if (typeof value === 'string') of[name] = swapped(value, random);
      else if (Array.isArray(value)) value.reverse();
  }
  return utf8(safely(bundle));
}

function swapped(text: string, random: Random): string {
  const at = random.below(text.length);
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/ \n';
  return text.slice(0, at) + letters[random.below(letters.length)]! + text.slice(at + 1);
}

/** A value put into itself has no JSON. */
function safely(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '';
  }
}
