// The data of a leaf of the log (formats.md 4), and which ledger a text is for.
import { Fault, utf8 } from './bytes.js';
import { toBase64 } from './base64.js';
import { Lines } from './lines.js';
import { sha256 } from './sha256.js';

export type LeafKind = 'genesis' | 'batch' | 'seal' | 'notice';

export interface Leaf {
  kind: LeafKind;
  timeMs: bigint;
  text: string; // After the head: a text or a note.
}

const BYTES_MAX = 16 << 10;
const FIRST_LINES: Record<LeafKind, string[]> = {
  genesis: ['suyuan/genesis/v1'],
  batch: ['suyuan/batch/v1'],
  seal: ['suyuan/seal/v1'],
  notice: ['suyuan/erase/v1', 'suyuan/rules/v1'],
};

export function parseLeaf(data: string): Leaf | Fault {
  if (utf8(data).length > BYTES_MAX) return new Fault('a leaf has at most 16 KiB');
  const blank = data.indexOf('\n\n');
  if (blank < 0) return new Fault('no blank line ends the head of the leaf');
  const head = new Lines(data.slice(0, blank + 1));
  const kind = head.field('suyuan/leaf/v1');
  const timeMs = head.time('time');
  head.require(Object.hasOwn(FIRST_LINES, kind), 'no leaf is of this kind');
  const fault = head.done();
  if (fault) return fault;
  const text = data.slice(blank + 2);
  const end = text.indexOf('\n');
  if (end < 0 || !FIRST_LINES[kind as LeafKind].includes(text.slice(0, end))) {
    return new Fault(`what follows the head is no ${kind}`);
  }
  return { kind: kind as LeafKind, timeMs, text };
}

/** What the line `ledger` says: the origin, and the hash of leaf 0's data. */
export function ledgerId(origin: string, genesisData: string): string {
  return `${origin} ${toBase64(sha256(utf8(genesisData)))}`;
}
