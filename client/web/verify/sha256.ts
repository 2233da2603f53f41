// SHA-256, synchronous. A bundle is thousands of small hashes: a promise for each, as WebCrypto
// asks, costs more than the hash itself.
import { sha256 as noble } from '@noble/hashes/sha2';

export const HASH_BYTES = 32;

export function sha256(...parts: Uint8Array[]): Uint8Array {
  if (parts.length === 1) return noble(parts[0]!);
  const hash = noble.create();
  for (const part of parts) hash.update(part);
  return hash.digest();
}
