// c2sp.org/tlog-cosignature, version 1 (Ed25519): a witness says that at this time the checkpoint
// was the largest consistent one that it had seen.
import { concat, utf8, viewOf } from './bytes.js';
import { SIGNATURE_BYTES, verifySignature } from './ed25519.js';

const TIME_BYTES = 8;

export function cosignedMessage(body: string, seconds: bigint): Uint8Array {
  return utf8(`cosignature/v1\ntime ${seconds}\n${body}`);
}

export function cosignatureBytes(seconds: bigint, signature: Uint8Array): Uint8Array {
  const time = new Uint8Array(TIME_BYTES);
  viewOf(time).setBigUint64(0, seconds);
  return concat(time, signature);
}

/** Returns the witness's time in seconds since 1970, or null if it does not verify. */
export async function verifyCosignature(
  key: Uint8Array,
  body: string,
  cosignature: Uint8Array,
): Promise<bigint | null> {
  if (cosignature.length !== TIME_BYTES + SIGNATURE_BYTES) return null;
  const seconds = viewOf(cosignature).getBigUint64(0);
  const message = cosignedMessage(body, seconds);
  return (await verifySignature(key, cosignature.subarray(TIME_BYTES), message)) ? seconds : null;
}
