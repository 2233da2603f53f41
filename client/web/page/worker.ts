// Verifies in a worker, so that the page stays responsive.
import { verifyBundle } from '../verify/index.js';
import { fromBase64 } from '../verify/base64.js';
import { extendsTree } from '../verify/merkle.js';
import type { Job, Outcome } from './data/jobs.js';

const worker = globalThis as unknown as {
  onmessage: (message: MessageEvent<Job>) => void;
  postMessage: (outcome: Outcome) => void;
};

async function digestOf(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as BufferSource));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function run(job: Job): Promise<Outcome['result']> {
  switch (job.is) {
    case 'verify':
      return verifyBundle(new Uint8Array(job.bundle), job.policy, job.nowMs);
    case 'digest':
      return digestOf(new Uint8Array(job.bytes));
    case 'extends': {
      const [from, to] = [fromBase64(job.from.root), fromBase64(job.to.root)];
      const path = job.path.map(fromBase64);
      if (!from || !to || path.includes(null)) return false;
      return extendsTree(from, job.from.size, to, job.to.size, path as Uint8Array[]);
    }
  }
}

worker.onmessage = ({ data }) => {
  run(data).then(
    (result) => worker.postMessage({ id: data.id, result }),
    () => worker.postMessage({ id: data.id, result: null }),
  );
};
