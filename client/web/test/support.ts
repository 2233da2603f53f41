// Vectors and other things that several tests need. Tests run from the build folder, so the
// source tree is named by SUYUAN_SOURCE_DIR, or is the repository around this folder.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { fromBase64 } from '../verify/base64.js';
import { fromHex, fromUtf8 } from '../verify/bytes.js';

const SOURCE = resolve(process.env['SUYUAN_SOURCE_DIR'] ?? join(process.cwd(), '../..'));
const SHARED = resolve(process.env['SUYUAN_SHARED_DATA'] ?? join(SOURCE, '../shared/data'));

// Vectors are JSON of many shapes, and a test that misreads one fails.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Any = any;

export function sourcePath(name: string): string {
  return join(SOURCE, name);
}

export function ownVectors(name: string): Any {
  return JSON.parse(readFileSync(sourcePath(`tests/vectors/${name}`), 'utf8'));
}

/** A test of vectors of others, which may be absent; then it is skipped and says so. */
export function sharedTest(title: string, name: string, body: (vectors: Any) => unknown): void {
  const path = join(SHARED, 'vectors', name);
  const skip = existsSync(path) ? false : `${path} is absent: see SUYUAN_SHARED_DATA`;
  test(title, { skip }, async () => {
    await body(JSON.parse(readFileSync(path, 'utf8')));
  });
}

export function bytesOfBase64(text: string): Uint8Array {
  const bytes = fromBase64(text);
  if (bytes === null) throw new Error(`no base64: ${text}`);
  return bytes;
}

export function textOfBase64(text: string): string {
  const found = fromUtf8(bytesOfBase64(text));
  if (found === null) throw new Error('no UTF-8');
  return found;
}

export const bytesOfHex = fromHex;

/** Small numbers from a seed, the same everywhere. */
export class Random {
  constructor(private state: number) {}

  below(end: number): number {
    // Mulberry32.
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % end;
  }
}
