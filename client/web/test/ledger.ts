// A ledger for tests, as small as it can be and without any of the rules that a node keeps: it
// writes and signs what it is told, so a test can be the operator who cheats.
import { ed25519 } from '@noble/curves/ed25519';
import { toBase64 } from '../verify/base64.js';
import { EVENT_TYPE, REGISTRY_TYPE, parseBatchNote, partiesOf } from '../verify/batch_note.js';
import { Fault, concat, hex, u32, utf8, viewOf } from '../verify/bytes.js';
import { encodePayload } from '../verify/capnp_write.js';
import { Chain } from '../verify/chain.js';
import { cosignatureBytes, cosignedMessage } from '../verify/cosignature.js';
import { TRACE_EVENT } from '../verify/event_schema.js';
import { emptyEvent } from '../verify/epcis_event.js';
import type { Item, TraceEvent } from '../verify/event_schema.js';
import { ledgerId, parseLeaf } from '../verify/leaf.js';
import { leafHash, treeHash } from '../verify/merkle.js';
import { keyId, verifierKeyText } from '../verify/note.js';
import { codeOfAct, codesOfEvent, partyCode } from '../verify/payload.js';
import { codeKey, codeKeysOf, payloadHash, recordBytes } from '../verify/record.js';
import { REGISTRY_EVENT } from '../verify/registry_schema.js';
import type { KeyEntry, PartyData, RegistryAct } from '../verify/registry_schema.js';
import { possessionText } from '../verify/registry.js';
import { sha256 } from '../verify/sha256.js';
import { mapProof, mapRoot } from './map.js';
import type { Entry } from './map.js';
import { inclusionPath } from './tree.js';

export const seedOf = (name: string): Uint8Array => sha256(utf8(`seed of ${name}`));
export const publicOf = (name: string): Uint8Array => ed25519.getPublicKey(seedOf(name));

/** A signature line; the seed that signs is that of `key`, by default of `name`. */
export function signatureLine(text: string, name: string, key = name): string {
  const id = u32(keyId(name, 1, publicOf(key)));
  return `\u2014 ${name} ${toBase64(concat(id, ed25519.sign(utf8(text), seedOf(key))))}\n`;
}

export const item = (code: string): Item => ({ code, quantity: null, uom: '', netKg: null });

export function event(stated: Partial<TraceEvent>): TraceEvent {
  const plain = { action: 'OBSERVE' as const, eventTime: 1_780_000_000_000n };
  return { ...emptyEvent('object'), ...plain, ...stated };
}

export function partyData(id: string, roles: string[]): PartyData {
  return {
    id,
    name: `Name of ${id}`,
    roles: roles.map((text) => ({ text })),
    nameZh: '',
    country: '',
    gln: '',
    creditCode: '',
    representedBy: '',
    accreditations: [],
  };
}

export interface Stated {
  codes: string[];
  payload: Uint8Array;
}

export function ofEvent(value: TraceEvent): Stated {
  return { codes: codesOfEvent(value), payload: encodePayload(TRACE_EVENT, value) };
}

export function ofAct(act: RegistryAct): Stated {
  return { codes: [codeOfAct(act)], payload: encodePayload(REGISTRY_EVENT, { act }) };
}

export interface Signing {
  signer?: string;
  with?: string[];
  keys?: Record<string, string>; // Which seed signs for whom, where it is not the name's own.
  type?: string;
  untilMs?: bigint;
  ledger?: string;
  events?: number;
}

interface Kept {
  // An event of the log.
  leaf: number;
  event: number;
  record: Uint8Array;
  salt: Uint8Array;
  payload: Uint8Array;
  keys: Set<string>;
  path: Uint8Array[];
}

// What a bundle's JSON is before a test changes it.
export interface BundleJson {
  format: string;
  code: string;
  checkpoint: string;
  genesis: { data: string; path: string[] };
  seal: { data: string; path: string[] };
  leaves: { index: number; data: string; path: string[] }[];
  events: {
    leaf: number;
    event: number;
    record: string;
    path: string[];
    payload: 'withheld' | { salt: string; bytes: string };
  }[];
  chains: { code: string; proof: string }[];
  cuts: { code: string; count: number; link: string; proof: string }[];
}

const ORIGIN = 'test.example/ledger';
const paths = (path: Uint8Array[]): string[] => path.map(toBase64);

export class Ledger {
  readonly leaves: string[] = [];
  readonly kept: Kept[] = [];
  readonly ledger: string;
  timeMs = 1_780_000_000_000n;

  constructor(
    readonly origin = ORIGIN,
    readonly authorities = ['cn-customs', 'cn-samr'],
  ) {
    const lines = [
      'suyuan/genesis/v1',
      `origin ${origin}`,
      `log ${toBase64(publicOf(`log of ${origin}`))}`,
      `node node-a ${toBase64(publicOf('node-a'))}`,
      ...authorities.map((id) => `authority ${id} ${toBase64(publicOf(id))}`),
      'quorum 1',
      'rules 1',
      `nonce ${toBase64(new Uint8Array(16))}`,
    ];
    this.leaves.push(this.leaf('genesis', `${lines.join('\n')}\n`));
    this.ledger = ledgerId(origin, this.leaves[0]!);
  }

  private leaf(kind: string, text: string): string {
    return `suyuan/leaf/v1 ${kind}\ntime ${this.timeMs}\n\n${text}`;
  }

  noteText(party: string, records: Uint8Array[], signing: Signing): string {
    return [
      'suyuan/batch/v1',
      `ledger ${signing.ledger ?? this.ledger}`,
      `party ${party}`,
      ...(signing.signer === undefined ? [] : [`signer ${signing.signer}`]),
      ...(signing.with ?? []).map((id) => `with ${id}`),
      `type ${signing.type ?? EVENT_TYPE}`,
      `events ${signing.events ?? records.length}`,
      `root ${toBase64(treeHash(records.map(leafHash)))}`,
      `until ${signing.untilMs ?? 1_990_000_000_000n}`,
      `nonce ${toBase64(new Uint8Array(16))}`,
      '',
    ].join('\n');
  }

  /** Puts a batch into the log, whatever it says; its leaf index. */
  post(party: string, stated: Stated[], signing: Signing = {}): number {
    const leaf = this.leaves.length;
    const salts = stated.map((_, i) => sha256(utf8(`salt ${leaf} ${i}`)));
    const records = stated.map(({ codes, payload }, i) =>
      recordBytes({
        codeKeys: codeKeysOf(codes),
        payloadHash: payloadHash(salts[i]!, payload),
      }),
    );
    const hashes = records.map(leafHash);
    stated.forEach(({ codes, payload }, i) =>
      this.kept.push({
        leaf,
        event: i,
        record: records[i]!,
        salt: salts[i]!,
        payload,
        keys: new Set(codes.map((code) => hex(codeKey(code)))),
        path: inclusionPath(hashes, i),
      }),
    );
    const text = this.noteText(party, records, signing);
    const names = [signing.signer ?? party, ...(signing.with ?? [])];
    const lines = names.map((name) => signatureLine(text, name, signing.keys?.[name]));
    this.timeMs += 1000n;
    this.leaves.push(this.leaf('batch', `${text}\n${lines.join('')}`));
    return leaf;
  }

  /** The last batch once more, under a log time of its own. */
  postAgain(data: string): void {
    const before = this.leaves.length - 1;
    const leaf = this.leaves.length;
    const kept = this.kept.filter((one) => one.leaf === before);
    this.kept.push(...kept.map((one) => ({ ...one, leaf })));
    this.leaves.push(data);
  }

  isNamedBy(event: { leaf: number; event: number }, codes: Set<string>): boolean {
    const kept = this.kept.find((one) => one.leaf === event.leaf && one.event === event.event);
    return [...codes].some((code) => kept?.keys.has(hex(codeKey(code))) ?? false);
  }

  act(authority: string, ...acts: RegistryAct[]): number {
    return this.post(authority, acts.map(ofAct), { type: REGISTRY_TYPE });
  }

  keyEntry(party: string, key = party): KeyEntry {
    const text = possessionText(this.ledger, party, publicOf(key));
    return { key: publicOf(key), possession: ed25519.sign(utf8(text), seedOf(key)) };
  }

  register(id: string, roles: string[], keys = [id]): number {
    const entries = keys.map((key) => this.keyEntry(id, key));
    return this.act('cn-samr', {
      is: 'registerParty',
      value: { party: partyData(id, roles), keys: entries },
    });
  }

  mapEntries(): Entry[] {
    const chains = new Map<string, Chain>();
    for (const one of this.kept) {
      for (const key of one.keys) {
        const bytes = Uint8Array.from(Buffer.from(key, 'hex'));
        const chain = chains.get(key) ?? new Chain(bytes);
        chains.set(key, chain);
        chain.add(one, leafHash(one.record));
      }
    }
    return [...chains].map(([key, chain]) => ({
      key: Uint8Array.from(Buffer.from(key, 'hex')),
      value: chain.head(),
    }));
  }

  /** Appends a seal; a line of it may be another than is true. */
  seal(lie: Record<string, string> = {}): void {
    const entries = this.mapEntries();
    this.timeMs += 1000n;
    const lines: Record<string, string> = {
      ledger: this.ledger,
      rules: '1',
      previous: '-',
      leaves: `${this.leaves.length}`,
      events: `${this.kept.length}`,
      chains: `${entries.length}`,
      map: toBase64(mapRoot(entries)),
      ...lie,
    };
    const text = Object.entries(lines)
      .map(([word, value]) => `${word} ${value}\n`)
      .join('');
    this.leaves.push(this.leaf('seal', `suyuan/seal/v1\n${text}`));
  }

  leafPath(index: number): Uint8Array[] {
    return inclusionPath(
      this.leaves.map((data) => leafHash(utf8(data))),
      index,
    );
  }

  checkpointBody(): string {
    const root = treeHash(this.leaves.map((data) => leafHash(utf8(data))));
    return `${this.origin}\n${this.leaves.length}\n${toBase64(root)}\n`;
  }

  /** The checkpoint, cosigned by these witnesses at these times in seconds. */
  checkpoint(witnesses: Record<string, number>, body = this.checkpointBody()): string {
    let note = `${body}\n${this.logLine(body)}`;
    for (const [name, seconds] of Object.entries(witnesses)) {
      note += cosignatureLine(name, body, BigInt(seconds));
    }
    return note;
  }

  logLine(body: string): string {
    const key = `log of ${this.origin}`;
    const id = u32(keyId(this.origin, 1, publicOf(key)));
    const signature = ed25519.sign(utf8(body), seedOf(key));
    return `\u2014 ${this.origin} ${toBase64(concat(id, signature))}\n`;
  }

  logKey(): string {
    return verifierKeyText(this.origin, 1, publicOf(`log of ${this.origin}`));
  }

  /** Of the code: with the chains of these codes and of the parties of every leaf, and no more. */
  bundle(code: string, codes: string[], witnesses: Record<string, number> = {}): BundleJson {
    const chains = new Set([code, ...codes]);
    let kept: Kept[] = [];
    for (let before = -1; before !== chains.size; ) {
      before = chains.size;
      const keys = new Set([...chains].map((one) => hex(codeKey(one))));
      kept = this.kept.filter((one) => [...one.keys].some((key) => keys.has(key)));
      for (const { leaf } of kept) {
        for (const party of this.partiesOfLeaf(leaf)) chains.add(partyCode(party));
      }
    }
    const indexes = [...new Set(kept.map(({ leaf }) => leaf))];
    const entries = this.mapEntries();
    const last = this.leaves.length - 1;
    return {
      format: 'suyuan/bundle/v1',
      code,
      checkpoint: this.checkpoint(witnesses),
      genesis: { data: this.leaves[0]!, path: paths(this.leafPath(0)) },
      seal: { data: this.leaves[last]!, path: paths(this.leafPath(last)) },
      leaves: indexes.map((index) => ({
        index,
        data: this.leaves[index]!,
        path: paths(this.leafPath(index)),
      })),
      events: kept.map((one) => ({
        leaf: one.leaf,
        event: one.event,
        record: toBase64(one.record),
        path: paths(one.path),
        payload: { salt: toBase64(one.salt), bytes: toBase64(one.payload) },
      })),
      chains: [...chains].sort().map((one) => ({
        code: one,
        proof: toBase64(mapProof(entries, codeKey(one))),
      })),
      cuts: [],
    };
  }

  cut(code: string): BundleJson['cuts'][number] {
    const entries = this.mapEntries();
    const key = codeKey(code);
    const { value } = entries.find((entry) => hex(entry.key) === hex(key))!;
    return {
      code,
      count: Number(viewOf(value).getBigUint64(0)),
      link: toBase64(value.subarray(8)),
      proof: toBase64(mapProof(entries, key)),
    };
  }

  private partiesOfLeaf(index: number): string[] {
    const leaf = parseLeaf(this.leaves[index]!);
    const batch = leaf instanceof Fault ? leaf : parseBatchNote(leaf.text);
    return batch instanceof Fault ? [] : partiesOf(batch);
  }
}

export function cosignatureLine(name: string, body: string, seconds: bigint): string {
  const signature = ed25519.sign(cosignedMessage(body, seconds), seedOf(name));
  const bytes = concat(u32(keyId(name, 4, publicOf(name))), cosignatureBytes(seconds, signature));
  return `\u2014 ${name} ${toBase64(bytes)}\n`;
}

export const witnessKey = (name: string): string => verifierKeyText(name, 4, publicOf(name));
