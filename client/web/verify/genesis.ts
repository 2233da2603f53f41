// Leaf 0 (formats.md 4): whose keys sign checkpoints, receipts and registry acts.
import { Fault, hex } from './bytes.js';
import { KEY_BYTES, isPrimeOrderKey } from './ed25519.js';
import { parseLeaf } from './leaf.js';
import { Lines, isOrigin, isPartyId, isReservedId } from './lines.js';

export interface NamedKey {
  name: string;
  key: Uint8Array;
}

export interface Genesis {
  timeMs: bigint;
  origin: string;
  log: Uint8Array;
  nodes: NamedKey[];
  authorities: NamedKey[];
  quorum: number; // Of authorities, for a change to an authority's keys.
}

const NONCE_BYTES = 16;
const LIST_MAX = 16;

function namedKeys(lines: Lines, word: string, isGood: (name: string) => boolean): NamedKey[] {
  const found: NamedKey[] = [];
  while (lines.next(word)) {
    const [name, key] = lines.fields(word, 2) as [string, string];
    lines.require(isGood(name), `no ${word} has this name`);
    lines.require(
      found.length === 0 || found[found.length - 1]!.name < name,
      `${word} lines ascend by name`,
    );
    found.push({ name, key: lines.bytes(key, KEY_BYTES) });
  }
  lines.require(found.length >= 1 && found.length <= LIST_MAX, `1 to ${LIST_MAX} ${word} lines`);
  return found;
}

export function parseGenesis(data: string): Genesis | Fault {
  const leaf = parseLeaf(data);
  if (leaf instanceof Fault) return leaf;
  if (leaf.kind !== 'genesis') return new Fault('the leaf is no genesis');
  const lines = new Lines(leaf.text);
  lines.exactly('suyuan/genesis/v1');
  const origin = lines.field('origin');
  lines.require(isOrigin(origin), 'the text is no origin');
  const log = lines.bytes(lines.field('log'), KEY_BYTES);
  const nodes = namedKeys(lines, 'node', isOrigin);
  const authorities = namedKeys(lines, 'authority', (id) => isPartyId(id) && !isReservedId(id));
  const quorum = lines.decimal('quorum');
  lines.require(quorum >= 1n && quorum <= BigInt(authorities.length), 'the quorum cannot be met');
  lines.require(lines.decimal('rules') === 1n, 'the rules are of another version');
  lines.bytes(lines.field('nonce'), NONCE_BYTES);
  const fault = lines.done();
  if (fault) return fault;
  const keys = [log, ...nodes.map((node) => node.key), ...authorities.map((one) => one.key)];
  if (new Set(keys.map(hex)).size !== keys.length) return new Fault('two keys are the same');
  if (!keys.every(isPrimeOrderKey)) return new Fault('a key is no canonical point of prime order');
  return { timeMs: leaf.timeMs, origin, log, nodes, authorities, quorum: Number(quorum) };
}
