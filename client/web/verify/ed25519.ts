// Ed25519 with the single verdict of formats.md: cofactorless, A and R canonical and not of small
// order, S < L; what libsodium 1.0.18 accepts. WebCrypto does the arithmetic if it is known to give
// that verdict, since it is twenty times as fast; otherwise the library does.
import { ed25519 } from '@noble/curves/ed25519';
import { sha512 } from '@noble/hashes/sha2';
import { concat, equal, fromHex, hex } from './bytes.js';

export const KEY_BYTES = 32;
export const SIGNATURE_BYTES = 64;

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
// The y of the 8 points of small order: of order 4, 1, 2, and twice 8.
const Y8 = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n;
const SMALL_ORDER_Y = new Set([0n, 1n, P - 1n, Y8, P - Y8]);

function littleEndian(bytes: Uint8Array): bigint {
  let text = '';
  for (let i = bytes.length - 1; i >= 0; --i) text += bytes[i]!.toString(16).padStart(2, '0');
  return BigInt('0x' + text);
}

/** Canonical and not of small order, judged only by its bytes; it need not be a point. */
function acceptableEncoding(point: Uint8Array): boolean {
  const y = littleEndian(point) & (2n ** 255n - 1n);
  return y < P && !SMALL_ORDER_Y.has(y);
}

function verifyWithLibrary(key: Uint8Array, signature: Uint8Array, message: Uint8Array): boolean {
  const a = pointOf(key);
  if (a === null) return false;
  const r = signature.subarray(0, 32);
  const s = littleEndian(signature.subarray(32));
  const k = littleEndian(sha512(concat(r, key, message))) % L;
  // R = [S]B - [k]A, compared by its bytes: a cofactor must not be cleared away.
  const expected = ed25519.Point.BASE.multiplyUnsafe(s).subtract(a.multiplyUnsafe(k));
  return equal(expected.toBytes(), r);
}

function pointOf(key: Uint8Array): InstanceType<typeof ed25519.Point> | null {
  try {
    return ed25519.Point.fromHex(key);
  } catch {
    return null; // The library throws where the bytes are no point.
  }
}

type Key = Awaited<ReturnType<SubtleCrypto['importKey']>>;
const ALGORITHM = { name: 'Ed25519' };
const imported = new Map<string, Key>();
const IMPORTED_MAX = 256; // A bundle has few signers.

async function verifyWithWebCrypto(
  key: Uint8Array,
  signature: Uint8Array,
  message: Uint8Array,
): Promise<boolean> {
  const subtle = globalThis.crypto.subtle;
  const name = hex(key);
  try {
    let handle = imported.get(name);
    if (!handle) {
      handle = await subtle.importKey('raw', key as BufferSource, ALGORITHM, false, ['verify']);
      if (imported.size === IMPORTED_MAX) imported.clear();
      imported.set(name, handle);
    }
    return await subtle.verify(
      ALGORITHM,
      handle,
      signature as BufferSource,
      message as BufferSource,
    );
  } catch {
    return false; // Bytes that are no point are an exception to some browsers.
  }
}

// What tells engines apart: with the cofactor cleared, all five hold. The message in hex, too.
const PROBES = [
  {
    // empty message: key and signature of RFC 8032
    key: '205560d86f465cc1e1808ed792c82e9bc92b6eed7d6ebaeb2c0f16962ebc6620',
    message: '',
    signature:
      '5b0c436ae4633da64ddd6223002ddcedebdc03944f94b83e2fb4e09574ace9aa' +
      '37f2ae46fcc13d0f7af483512862d2cc1ce8d52db11fdb23948ca01b58773307',
    valid: true,
  },
  {
    // mixed A, mixed R: low-order parts cancel: holds without the cofactor (speccheck 3)
    key: '2c1c320bb845dcf52900c03a75f1262cf02a147f301cd1da5bc47713205ea372',
    message: '73757975616e203130',
    signature:
      '3aede530ac4e7f2f4fc0f2024697e35b9fd0f4b9620da3e7ec4743d1da8a80db' +
      '20b715780911b8b5243a0c8c538d165d6c0176f66bd01dfae913f4cfe94c1d03',
    valid: true,
  },
  {
    // mixed A, mixed R, low-order parts stay: holds only times the cofactor (speccheck 4)
    key: '2c1c320bb845dcf52900c03a75f1262cf02a147f301cd1da5bc47713205ea372',
    message: '73757975616e2030',
    signature:
      '77dc8190c70b085080b695670b51e76c5fdcea93cbbe6239b9f520c50af278c7' +
      '507b40ebfba9709bea52179282ce24d544ab3cdb4b9a0eff1fbdc963a62a4d07',
    valid: false,
  },
  {
    // mixed A, prime-order R: holds only times the cofactor (speccheck 5)
    key: '2c1c320bb845dcf52900c03a75f1262cf02a147f301cd1da5bc47713205ea372',
    message: '73757975616e2030',
    signature:
      '127762f912ffa96996275e78c7a9ca566e42cfd4eff21620add452d9eb0a64d5' +
      '3ddb373623a43d72ab8cfa7423347466cfb62c1998712d1b74338537677dea04',
    valid: false,
  },
  {
    // prime-order A, mixed R: holds only times the cofactor
    key: '205560d86f465cc1e1808ed792c82e9bc92b6eed7d6ebaeb2c0f16962ebc6620',
    message: '73757975616e2030',
    signature:
      '77dc8190c70b085080b695670b51e76c5fdcea93cbbe6239b9f520c50af278c7' +
      '0432a9e50b6558f3c110659923dc04c15f9df7c201b1b1db6ab5111d4dd1160e',
    valid: false,
  },
];

let engine: Promise<typeof verifyWithLibrary | typeof verifyWithWebCrypto> | null = null;

async function chooseEngine(): Promise<typeof verifyWithLibrary | typeof verifyWithWebCrypto> {
  if (!globalThis.crypto?.subtle) return verifyWithLibrary;
  for (const probe of PROBES) {
    const holds = await verifyWithWebCrypto(
      fromHex(probe.key),
      fromHex(probe.signature),
      fromHex(probe.message),
    );
    if (holds !== probe.valid) {
      return verifyWithLibrary; // It lacks Ed25519, or judges by another rule.
    }
  }
  return verifyWithWebCrypto;
}

function wellFormed(key: Uint8Array, signature: Uint8Array): boolean {
  return (
    key.length === KEY_BYTES &&
    signature.length === SIGNATURE_BYTES &&
    littleEndian(signature.subarray(32)) < L &&
    acceptableEncoding(key) &&
    acceptableEncoding(signature.subarray(0, 32))
  );
}

export async function verifySignature(
  key: Uint8Array,
  signature: Uint8Array,
  message: Uint8Array,
): Promise<boolean> {
  if (!wellFormed(key, signature)) return false;
  engine ??= chooseEngine();
  return (await engine)(key, signature, message);
}

/** The same verdict without WebCrypto. */
export function verifySignatureInLibrary(
  key: Uint8Array,
  signature: Uint8Array,
  message: Uint8Array,
): boolean {
  return wellFormed(key, signature) && verifyWithLibrary(key, signature, message);
}

export async function engineName(): Promise<'webcrypto' | 'library'> {
  engine ??= chooseEngine();
  return (await engine) === verifyWithLibrary ? 'library' : 'webcrypto';
}

/** Returns true if a key may be registered (formats.md 9). */
export function isPrimeOrderKey(key: Uint8Array): boolean {
  if (key.length !== KEY_BYTES || !acceptableEncoding(key)) return false;
  return pointOf(key)?.isTorsionFree() ?? false;
}
