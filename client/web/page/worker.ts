// Verifies in a worker, so that the page stays responsive.
import { verifyBundle } from '../verify/index.js';
import { fromBase64 } from '../verify/base64.js';
import { hex } from '../verify/bytes.js';
import { extendsTree } from '../verify/merkle.js';
import { sha256 } from '../verify/sha256.js';
import type { Job, Outcome } from './data/jobs.js';

const worker = globalThis as unknown as {
  onmessage: (message: MessageEvent<Job>) => void;
  postMessage: (outcome: Outcome) => void;
};

async function run(job: Job): Promise<Outcome['result']> {
  switch (job.is) {
    case 'verify':
      return verifyBundle(new Uint8Array(job.bundle), job.policy, job.nowMs);
    case 'digest':
      return hex(sha256(new Uint8Array(job.bytes))); // WebCrypto is missing on plain http.
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
