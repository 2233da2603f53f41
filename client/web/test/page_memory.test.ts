// What the page remembers of a ledger, and what it then refuses.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { compareHeads, forget, remember, remembered, withGenesis } from '../page/data/memory.js';
import type { Head } from '../verify/index.js';

const kept = new Map<string, string>();
const storage = {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => void kept.set(key, value),
  removeItem: (key: string) => void kept.delete(key),
};
Object.defineProperty(globalThis, 'localStorage', { value: storage, configurable: true });

const head: Head = { origin: 'a', genesis: 'G', size: 10, root: 'R', cosigners: [] };
const yes = (): Promise<boolean> => Promise.resolve(true);
const no = (): Promise<boolean> => Promise.resolve(false);
const unknown = (): Promise<null> => Promise.resolve(null);

beforeEach(() => {
  forget();
  remember(null, 'quorum none\n', head);
});

test('the first policy is kept, with the genesis that it was met with', () => {
  assert.equal(remembered()?.policy, 'quorum none\n#suyuan genesis G\n');
  remember(remembered(), 'another', { ...head, size: 11 });
  assert.equal(remembered()?.policy, 'quorum none\n#suyuan genesis G\n');
  assert.equal(remembered()?.size, 11);
});

test('a policy that names a genesis stays as it is', () => {
  const policy = '#suyuan genesis X\nquorum none\n';
  assert.equal(withGenesis(policy, 'G'), policy);
});

test('a log that grew from what was seen is welcome', async () => {
  assert.equal(await compareHeads(null, head, no), 'first');
  assert.equal(await compareHeads(remembered(), head, no), 'same');
  assert.equal(await compareHeads(remembered(), { ...head, size: 11 }, yes), 'grown');
});

test('an older log, another history and another ledger are not', async () => {
  const memory = remembered();
  assert.equal(await compareHeads(memory, { ...head, size: 9 }, yes), 'rollback');
  assert.equal(await compareHeads(memory, { ...head, root: 'S' }, yes), 'split');
  assert.equal(await compareHeads(memory, { ...head, size: 11 }, no), 'split');
  assert.equal(await compareHeads(memory, { ...head, genesis: 'H' }, yes), 'split');
});

test('what could not be asked is said to be uncertain', async () => {
  assert.equal(await compareHeads(remembered(), { ...head, size: 11 }, unknown), 'uncertain');
});

test('what is no memory of ours is none', () => {
  for (const text of ['', '{', '7', '{"policy":1}', 'null']) {
    kept.set('suyuan.ledger', text);
    assert.equal(remembered(), null, text);
  }
});
