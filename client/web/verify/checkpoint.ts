// c2sp.org/tlog-checkpoint: origin, size, root, and lines that may follow.
import { fromBase64 } from './base64.js';
import { Fault } from './bytes.js';
import { HASH_BYTES } from './sha256.js';

export interface Checkpoint {
  origin: string;
  size: number;
  root: Uint8Array;
  extensions: string[];
}

export function parseCheckpoint(text: string): Checkpoint | Fault {
  const lines = text.split('\n');
  if (lines.pop() !== '') return new Fault('the checkpoint does not end in a line feed');
  const [origin, size, root, ...extensions] = lines;
  if (!origin || size === undefined || root === undefined) {
    return new Fault('a checkpoint has the lines origin, size and root');
  }
  if (!/^(0|[1-9][0-9]{0,15})$/.test(size) || Number(size) > Number.MAX_SAFE_INTEGER) {
    return new Fault('the size is no decimal up to 2^53-1');
  }
  const hash = fromBase64(root);
  if (hash?.length !== HASH_BYTES) return new Fault('the root is not 32 bytes in base64');
  if (extensions.includes('')) return new Fault('a blank line stands in the checkpoint');
  return { origin, size: Number(size), root: hash, extensions };
}
