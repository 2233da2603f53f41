// The cases that both verifiers judge alike: tests/vectors/bundles, which the C++ side made. Same
// verdict, same code, same time.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { utf8 } from '../verify/bytes.js';
import { verifyBundle } from '../verify/verify.js';
import { sourcePath } from './support.js';
import type { Any } from './support.js';

const folder = sourcePath('tests/vectors/bundles');
const fileOf = (name: string): string => `${folder}/${name}`;
const vectors = (name: string): Any => JSON.parse(readFileSync(fileOf(name), 'utf8'));

async function judged(file: Uint8Array, policy: string, nowMs: number): Promise<Any> {
  const found = await verifyBundle(file, policy, nowMs);
  return {
    verdict: found.verdict,
    ...(found.refusal ? { code: found.refusal.code } : {}),
    ...(found.asOfMs === null ? {} : { asOfMs: Number(found.asOfMs) }),
    why: JSON.stringify(found.refusal),
  };
}

function assertSame(found: Any, wanted: Any, name: string): void {
  for (const field of ['verdict', 'code', 'asOfMs']) {
    assert.equal(found[field], wanted[field], `${name}: ${field}; ${found.why}`);
  }
}

test('the bases are judged alike', async () => {
  for (const one of vectors('bases.json').bases) {
    const file = Uint8Array.from(readFileSync(fileOf(one.file)));
    assertSame(await judged(file, one.policy, one.nowMs), one, one.name);
  }
});

test('what an operator who lies has made is judged alike', async () => {
  for (const one of vectors('forged.json').cases) {
    assertSame(await judged(utf8(one.bundle), one.policy, one.nowMs), one, one.name);
  }
});

test('k of n nodes are asked for alike', async () => {
  const { cases } = vectors('nodes.json');
  assert.ok(cases.length >= 10);
  for (const one of cases) {
    assertSame(await judged(utf8(one.bundle), one.policy, one.nowMs), one, one.name);
  }
});

test('notices are judged alike', async () => {
  const { cases } = vectors('notices.json');
  assert.ok(cases.length >= 20);
  for (const one of cases) {
    assertSame(await judged(utf8(one.bundle), one.policy, one.nowMs), one, one.name);
  }
});

test('what several sign is judged alike', async () => {
  const { cases } = vectors('cosigned.json');
  assert.ok(cases.length >= 25);
  for (const one of cases) {
    assertSame(await judged(utf8(one.bundle), one.policy, one.nowMs), one, one.name);
  }
});

test('what our own tests made is judged as it was when it was written down', async () => {
  const { cases, policies, bundles } = vectors('web.json');
  for (const one of cases) {
    const found = await judged(utf8(bundles[one.bundle]), policies[one.policy], one.nowMs);
    assertSame(found, one, one.name);
  }
});

/** RFC 6901: sets what the pointer names; appends at a list's end; removes without a value. */
function setAt(root: Any, pointer: string, change: Any): Any {
  const names = pointer.split('/').slice(1);
  const last = names.pop()?.replace(/~1/g, '/').replace(/~0/g, '~');
  if (last === undefined) return change.value;
  let of = root;
  for (const name of names) of = of[name.replace(/~1/g, '/').replace(/~0/g, '~')];
  if (!Object.hasOwn(change, 'value')) {
    if (Array.isArray(of)) of.splice(Number(last), 1);
    else delete of[last];
  } else if (Array.isArray(of) && (last === '-' || Number(last) === of.length)) {
    of.push(change.value);
  } else {
    of[last] = change.value;
  }
  return root;
}

function changed(file: Uint8Array, change: Any): Uint8Array {
  if (change.xor !== undefined) {
    const bytes = Uint8Array.from(file);
    bytes[change.offset]! ^= change.xor;
    return bytes;
  }
  const root = JSON.parse(new TextDecoder().decode(file));
  return utf8(JSON.stringify(setAt(root, change.pointer, change)));
}

interface Base {
  bytes: Uint8Array;
  policy: string;
  nowMs: number;
}

/** Of our own tests, and of the C++ side's. */
function allBases(): Map<string, Base> {
  const bases = new Map<string, Base>();
  const { cases, policies, bundles } = vectors('web.json');
  for (const { name, bundle, policy, nowMs } of cases) {
    bases.set(name, { bytes: utf8(bundles[bundle]), policy: policies[policy], nowMs });
  }
  for (const { name, file, policy, nowMs } of vectors('bases.json').bases) {
    bases.set(name, { bytes: Uint8Array.from(readFileSync(fileOf(file))), policy, nowMs });
  }
  return bases;
}

for (const [file, count, least] of [
  ['mutations.json', 2000, 1700],
  ['epcis_mutations.json', 1400, 1200],
  ['act_mutations.json', 900, 800],
] as const) {
  test(`every frozen change of ${file} is judged alike`, async () => {
    const bases = allBases();
    let refused = 0;
    const { cases } = vectors(file);
    for (const one of cases) {
      const { bytes, policy, nowMs } = bases.get(one.base)!;
      const found = await judged(changed(bytes, one), policy, nowMs);
      assertSame(found, one, JSON.stringify(one));
      if (found.verdict === 'REFUSED') ++refused;
    }
    console.log(`${cases.length} changes, ${refused} refused`);
    assert.equal(cases.length, count);
    assert.ok(refused > least);
  });
}
