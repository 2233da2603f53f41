// Signed notes. `openNote` reads as c2sp.org/signed-note requires, and ignores what it does not
// know; `parseNote` is the strict form of formats.md 0 and ignores nothing.
import { fromBase64, toBase64 } from './base64.js';
import { Fault, concat, utf8, viewOf } from './bytes.js';
import { KEY_BYTES, SIGNATURE_BYTES } from './ed25519.js';
import { isName } from './lines.js';
import { sha256 } from './sha256.js';

export const ALGORITHM_ED25519 = 1;
export const ALGORITHM_COSIGNATURE = 4;

const OPEN_LINES_MAX = 100;
const STRICT_LINES_MAX = 16;
const STRICT_BYTES_MAX = 12 << 10;
const ID_BYTES = 4;
const DASH = '\u2014 ';

export interface NoteSignature {
  name: string;
  keyId: number;
  bytes: Uint8Array; // After the key id.
}

export interface Note {
  text: string; // What is signed: to the last line feed before the blank line.
  signatures: NoteSignature[];
}

export interface VerifierKey {
  name: string;
  keyId: number;
  algorithm: number;
  key: Uint8Array;
}

export function keyId(name: string, algorithm: number, key: Uint8Array): number {
  const hash = sha256(utf8(name), Uint8Array.of(0x0a, algorithm), key);
  return viewOf(hash).getUint32(0);
}

function isOpenName(name: string): boolean {
  return name !== '' && !name.includes('+') && !/\p{White_Space}/u.test(name);
}

/** A vkey of a key of 32 bytes: name, key id, algorithm and key, the id being that of the rest. */
export function parseVerifierKey(text: string): VerifierKey | null {
  const [name, id, encoded] = splitAtPlus(text);
  if (name === undefined || id === undefined || encoded === undefined) return null;
  if (!isOpenName(name) || !/^[0-9a-f]{8}$/.test(id)) return null;
  const bytes = fromBase64(encoded);
  if (bytes?.length !== 1 + KEY_BYTES) return null;
  const found = { name, keyId: parseInt(id, 16), algorithm: bytes[0]!, key: bytes.subarray(1) };
  return found.keyId === keyId(name, found.algorithm, found.key) ? found : null;
}

// The base64 of the key may contain a plus too.
function splitAtPlus(text: string): string[] {
  const first = text.indexOf('+');
  const second = text.indexOf('+', first + 1);
  if (first < 0 || second < 0) return [];
  return [text.slice(0, first), text.slice(first + 1, second), text.slice(second + 1)];
}

export function verifierKeyText(name: string, algorithm: number, key: Uint8Array): string {
  const id = keyId(name, algorithm, key).toString(16).padStart(8, '0');
  return `${name}+${id}+${toBase64(concat(Uint8Array.of(algorithm), key))}`;
}

interface Rules {
  linesMax: number;
  isGoodName: (name: string) => boolean;
  isGoodSize: (bytes: number) => boolean; // Of a signature, with its key id.
}

// No byte below 0x20 except LF; in UTF-8 such bytes are always characters of their own.
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;

function parse(note: string, rules: Rules): Note | Fault {
  if (CONTROL.test(note)) return new Fault('a control character stands in the note');
  if (!note.endsWith('\n')) return new Fault('the note does not end in a line feed');
  const blank = note.lastIndexOf('\n\n');
  if (blank < 0) return new Fault('no blank line before the signatures');
  const text = note.slice(0, blank + 1);
  const lines = note
    .slice(blank + 2)
    .split('\n')
    .slice(0, -1);
  if (text === '\n') return new Fault('the note has no text');
  if (lines.length === 0) return new Fault('the note has no signature');
  if (lines.length > rules.linesMax) return new Fault(`more than ${rules.linesMax} signatures`);
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const signature = parseLine(line, rules);
    if (signature === null) return new Fault(`${JSON.stringify(line)} is no signature line`);
    signatures.push(signature);
  }
  return { text, signatures };
}

function parseLine(line: string, rules: Rules): NoteSignature | null {
  if (!line.startsWith(DASH)) return null;
  const fields = line.slice(DASH.length).split(' ');
  const [name, encoded] = fields;
  if (fields.length !== 2 || name === undefined || encoded === undefined) return null;
  const bytes = fromBase64(encoded);
  if (!rules.isGoodName(name) || bytes === null || !rules.isGoodSize(bytes.length)) return null;
  return { name, keyId: viewOf(bytes).getUint32(0), bytes: bytes.subarray(ID_BYTES) };
}

export function openNote(note: string): Note | Fault {
  return parse(note, {
    linesMax: OPEN_LINES_MAX,
    isGoodName: isOpenName,
    isGoodSize: (bytes) => bytes > ID_BYTES,
  });
}

export function parseNote(note: string): Note | Fault {
  if (utf8(note).length > STRICT_BYTES_MAX) return new Fault('a note has at most 12 KiB');
  return parse(note, {
    linesMax: STRICT_LINES_MAX,
    isGoodName: isName,
    isGoodSize: (bytes) => bytes === ID_BYTES + SIGNATURE_BYTES,
  });
}

/** The first line of each name and key id. */
export function firstLines(note: Note): NoteSignature[] {
  const seen = new Set<string>();
  return note.signatures.filter((line) => {
    const id = `${line.name} ${line.keyId}`;
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  });
}
