// Notes, checkpoints, cosignatures and policies against the vectors of those who define them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault, utf8 } from '../verify/bytes.js';
import { parseCheckpoint } from '../verify/checkpoint.js';
import { verifyCosignature } from '../verify/cosignature.js';
import { verifySignature } from '../verify/ed25519.js';
import {
  firstLines,
  openNote,
  parseNote,
  parseVerifierKey,
  verifierKeyText,
} from '../verify/note.js';
import type { VerifierKey } from '../verify/note.js';
import { meetsQuorum, parsePolicy } from '../verify/policy.js';
import type { Policy } from '../verify/policy.js';
import { bytesOfBase64, ownVectors, sharedTest, textOfBase64 } from './support.js';
import type { Any } from './support.js';
import { fromUtf8 } from '../verify/bytes.js';

/** As C2SP asks of whoever opens a note: the words of the vectors. */
async function opened(
  note64: string,
  keys: VerifierKey[],
): Promise<{ want: string; names: string[] }> {
  const text = fromUtf8(bytesOfBase64(note64));
  const note = text === null ? new Fault('no UTF-8') : openNote(text);
  if (note instanceof Fault) return { want: 'malformed', names: [] };
  const names: string[] = [];
  for (const line of firstLines(note)) {
    const key = keys.find((one) => one.name === line.name && one.keyId === line.keyId);
    if (!key) continue;
    const holds =
      key.algorithm === 4
        ? (await verifyCosignature(key.key, note.text, line.bytes)) !== null
        : await verifySignature(key.key, line.bytes, utf8(note.text));
    if (!holds) return { want: 'invalid-signature', names: [] };
    names.push(line.name);
  }
  return { want: names.length > 0 ? 'ok' : 'no-verifiable-signature', names };
}

function keysOf(one: Any): VerifierKey[] {
  return one.vkeys.map((text: string) => parseVerifierKey(text)!);
}

sharedTest('notes open as in golang.org/x/mod', 'note/open.json', async (notes) => {
  for (const one of notes) {
    const { want, names } = await opened(one.note_b64, keysOf(one));
    assert.equal(want, one.want, one.name);
    assert.deepEqual(names, one.verified_names, one.name);
  }
});

sharedTest('notes signed by golang.org/x/mod', 'note/sign.json', async (notes) => {
  for (const one of notes) {
    const key = parseVerifierKey(one.vkey)!;
    const note = openNote(one.note);
    assert.ok(!(note instanceof Fault));
    assert.equal(note.text, one.text);
    const [line] = firstLines(note);
    assert.ok(await verifySignature(key.key, line!.bytes, utf8(note.text)));
  }
});

sharedTest('cosignatures of a mirror', 'cosignature/ed25519-v1.json', async (notes) => {
  for (const one of notes) {
    const { want, names } = await opened(one.note_b64, keysOf(one));
    assert.equal(want, one.want, one.name);
    if (one.want !== 'ok') continue;
    assert.deepEqual(names, one.verified_names);
    const note = openNote(textOfBase64(one.note_b64));
    assert.ok(!(note instanceof Fault));
    const line = note.signatures.find(({ name }) => name === one.verified_names[0])!;
    const seconds = await verifyCosignature(keysOf(one)[0]!.key, note.text, line.bytes);
    assert.equal(seconds, BigInt(one.timestamp));
  }
});

sharedTest('checkpoint bodies', 'note/checkpoint-body.json', ({ valid, invalid }) => {
  for (const text of valid) assert.ok(!(parseCheckpoint(text) instanceof Fault), text);
  for (const text of invalid) assert.ok(parseCheckpoint(text) instanceof Fault, text);
});

test('checkpoint bodies that are cut, padded or of a wrong form are refused', () => {
  const good = 'origin\n12\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
  assert.ok(!(parseCheckpoint(good) instanceof Fault));
  for (let end = 0; end < good.length; ++end) {
    assert.ok(parseCheckpoint(good.slice(0, end)) instanceof Fault);
  }
  for (const bad of [
    good.replace('12', '012'),
    good.replace('12', '-1'),
    good.replace('12', ''),
    good.replace('12', '9007199254740992'),
    good.replace('origin', ''),
    good + '\n',
  ]) {
    assert.ok(parseCheckpoint(bad) instanceof Fault, bad);
  }
});

test('strict notes get the verdict of our vectors', async () => {
  const vectors = ownVectors('signed_note.json');
  const keys: VerifierKey[] = keysOf(vectors);
  for (const key of keys) {
    assert.ok(vectors.vkeys.includes(verifierKeyText(key.name, key.algorithm, key.key)));
  }
  for (const one of vectors.notes) {
    const text = fromUtf8(bytesOfBase64(one.note_base64));
    const note = text === null ? new Fault('no UTF-8') : parseNote(text);
    assert.equal(!(note instanceof Fault), one.want === 'ok', one.name);
    if (note instanceof Fault) continue;
    for (const line of note.signatures) {
      const key = keys.find(({ name }) => name === line.name)!;
      assert.ok(await verifySignature(key.key, line.bytes, utf8(note.text)), one.name);
    }
  }
});

test('a verifier key with one byte changed is none', () => {
  const good = ownVectors('signed_note.json').vkeys[0] as string;
  assert.ok(parseVerifierKey(good));
  for (let i = 0; i < good.length; ++i) {
    const other = good[i] === 'A' ? 'B' : 'A';
    assert.equal(parseVerifierKey(good.slice(0, i) + other + good.slice(i + 1)), null, `byte ${i}`);
  }
});

// Where the specification says otherwise than the implementation that the vectors come from.
const JUDGED_OTHERWISE = ['group numerical', 'group all', 'group any']; // One key stands twice.

sharedTest('policies', 'policy/policies.json', ({ valid, invalid }) => {
  for (const one of valid) {
    const policy = parsePolicy(one.policy);
    const twice = JUDGED_OTHERWISE.includes(one.name);
    assert.equal(policy instanceof Fault, twice, one.name);
    if (policy instanceof Fault) assert.match(policy.why, /stands twice/);
  }
  for (const one of invalid) assert.ok(parsePolicy(one.policy) instanceof Fault, one.name);
});

const W1 = 'sigsum.org+e4ade967+AZuUY6B08pW3QVHu8uvsrxWPcAv9nykap2Nb4oxCee+r';
const W2 = 'example.com+3753d3de+AebBhMcghIUoavZpjuDofa4sW6fYHyVn7gvwDBfvkvuM';
const W3 = 'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2';
const THREE = `witness w1 ${W1}\nwitness w2 ${W2}\nwitness w3 ${W3}\n`;

function policyOf(text: string): Policy {
  const policy = parsePolicy(text);
  if (policy instanceof Fault) throw new Error(policy.why);
  return policy;
}

test('a quorum is met by its members and by no fewer', () => {
  const policy = policyOf(`${THREE}group g 2 w1 w2\ngroup h all g w3\nquorum h\n`);
  const met = (...names: string[]): boolean => meetsQuorum(policy, new Set(names));
  assert.ok(met('w1', 'w2', 'w3'));
  assert.ok(!met('w1', 'w2'));
  assert.ok(!met('w1', 'w3'));
  assert.ok(!met());
  assert.ok(meetsQuorum(policyOf('quorum none\n'), new Set()));
  assert.ok(meetsQuorum(policyOf(`${THREE}quorum w2\n`), new Set(['w2'])));
});

test('what policies say of Suyuan is read, and never lost by a slip', () => {
  assert.equal(policyOf('quorum none\n').maxAgeMs, 86_400_000n);
  assert.equal(policyOf('#suyuan max-age 90m\nquorum none\n').maxAgeMs, 5_400_000n);
  assert.equal(policyOf('quorum none # suyuan max-age 1s\n').maxAgeMs, 86_400_000n);
  const policy = policyOf(`${THREE}#suyuan replayer w2\nquorum w1\n`);
  assert.deepEqual(
    [...policy.witnesses.values()].map((one) => one.replayer),
    [false, true, false],
  );
  for (const bad of [
    '#suyuan max-age 0h',
    '#suyuan max-age 24',
    '#suyuan max_age 24h',
    '#suyuan max-age 1h\n#suyuan max-age 1h',
    '#suyuan replayer w9',
    '#suyuan max-age',
    '#suyuan max-age 1h 2h',
    'quorum none',
    'logs x',
    'group g any w9',
    'quorum\u0007 none',
  ]) {
    assert.ok(parsePolicy(`${bad}\nquorum none\n`) instanceof Fault, bad);
  }
});

test('policies that could mean two things are refused', () => {
  for (const bad of [
    `${THREE}group g 0 w1\nquorum g\n`,
    `${THREE}group g 2 w1\nquorum g\n`,
    `${THREE}quorum w9\n`,
    `${THREE}group g any w1 w1\nquorum g\n`,
    `${THREE}group w1 any w2\nquorum w1\n`,
    `${THREE}group g any w1\ngroup h any w1 w2\nquorum h\n`,
    THREE,
    '',
    `${THREE}group g any none\nquorum g\n`,
    `${THREE}group g -1 w1\nquorum g\n`,
    `witness w ${W1}\nwitness v ${W1}\nquorum w\n`,
    `log ${W3}\nquorum none\n`,
    `log ${W1}\nlog ${W1}\nquorum none\n`,
    `witness none ${W1}\nquorum none\n`,
  ]) {
    assert.ok(parsePolicy(bad) instanceof Fault, bad);
  }
});
