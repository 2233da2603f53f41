// The page's requests to the node, in browsers of several years.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { getVerdict } from '../page/data/api.js';
import { UNIT } from './scenario.js';

const whole = {
  fetch: globalThis.fetch,
  setTimeout: globalThis.setTimeout,
  timeout: Object.getOwnPropertyDescriptor(AbortSignal, 'timeout')!,
};

afterEach(() => {
  globalThis.fetch = whole.fetch;
  globalThis.setTimeout = whole.setTimeout;
  Object.defineProperty(AbortSignal, 'timeout', whole.timeout);
});

test('a browser without AbortSignal.timeout reaches the server', async () => {
  Object.defineProperty(AbortSignal, 'timeout', { value: undefined, configurable: true });
  const answer = { head: {}, verdict: 'RECALLED' };
  globalThis.fetch = () => Promise.resolve(new Response(JSON.stringify(answer)));
  assert.deepEqual(await getVerdict(UNIT), answer);
});

test('a server that does not answer in 30 seconds is said to be out of reach', async () => {
  const waits: unknown[] = [];
  const atOnce = (act: () => void, ms: number): number => {
    waits.push(ms);
    act();
    return 0;
  };
  globalThis.setTimeout = atOnce as unknown as typeof setTimeout;
  globalThis.fetch = (_, options) =>
    options?.signal?.aborted
      ? Promise.reject(new Error('aborted'))
      : Promise.resolve(new Response('{}'));
  const problem = { is: 'problem', status: 0, code: '', detail: '' };
  assert.deepEqual(await getVerdict(UNIT), problem);
  assert.deepEqual(waits, [30_000]);
});
