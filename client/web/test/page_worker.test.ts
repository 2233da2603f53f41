// The page's worker, where the browser has no WebCrypto: on plain http, except of localhost.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Job, Outcome } from '../page/data/jobs.js';
import '../page/worker.js'; // Listens as globalThis.onmessage.
import { utf8 } from '../verify/bytes.js';

const scope = globalThis as unknown as {
  onmessage: (message: { data: Job }) => void;
  postMessage: (outcome: Outcome) => void;
};

const resultOf = (job: Job): Promise<Outcome> =>
  new Promise((done) => {
    scope.postMessage = done;
    scope.onmessage({ data: job });
  });

test('a file is compared with its digest without WebCrypto', async () => {
  Object.defineProperty(globalThis, 'crypto', { value: {}, configurable: true });
  const bytes = utf8('abc').slice().buffer as ArrayBuffer;
  assert.deepEqual(await resultOf({ is: 'digest', bytes, id: 7 }), {
    id: 7,
    result: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  });
});
