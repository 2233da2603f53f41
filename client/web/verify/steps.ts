// The steps of docs/bundle.md from the checkpoint to the reach, in its order. Each returns the
// first refusal, or null and leaves what the next ones build on.
import { toBase64 } from './base64.js';
import { REGISTRY_TYPE, parseBatchNote, partiesOf } from './batch_note.js';
import type { Bundle, BundleEvent, BundleLeaf } from './bundle.js';
import { Fault, compare, equal, hex, utf8 } from './bytes.js';
import { Chain, NOTICE_EVENT, chainHead } from './chain.js';
import type { Place } from './chain.js';
import type { CheckedEvent, CheckedLeaf, CheckedNotice, Cosigned } from './checked.js';
import { parseCheckpoint } from './checkpoint.js';
import type { Checkpoint } from './checkpoint.js';
import { verifyCosignature } from './cosignature.js';
import { verifySignature } from './ed25519.js';
import { parseGenesis } from './genesis.js';
import type { Genesis } from './genesis.js';
import { ledgerId, parseLeaf } from './leaf.js';
import { provesAbsence, provesPresence } from './map_proof.js';
import { includes, leafHash } from './merkle.js';
import { firstLines, openNote } from './note.js';
import type { Note, VerifierKey } from './note.js';
import { parseNotice } from './notice.js';
import { decodeStated } from './stated.js';
import { codeOfAct, codesOfEvent, partyCode } from './payload.js';
import type { Policy } from './policy.js';
import { quorumTime } from './policy.js';
import { neverCut, reachOf } from './reach.js';
import { codeKey, codeKeysOf, parseRecord, payloadHash } from './record.js';
import { Registry } from './registry.js';
import { checkNotices, checkSignatures, suspectSigners } from './signers.js';
import type { SuspectSigner } from './signers.js';
import { parseSeal } from './seal.js';
import type { Seal } from './seal.js';
import { sha256 } from './sha256.js';
import type { Code, Head, Refusal } from './verdict.js';

const SIZE_MIN = 2; // Genesis and a seal.
const RULES = 1n;
export const AHEAD_MS_MAX = 600_000n; // Clocks differ.

export class Steps {
  private note!: Note;
  private head!: Checkpoint;
  private log!: VerifierKey;
  private genesis!: Genesis;
  private ledger = '';
  private quorumMs: bigint | null = null; // The latest time that a quorum vouches for.
  seal!: Seal;
  readonly cosigned: Cosigned[] = [];
  suspects: SuspectSigner[] = [];
  private readonly leaves = new Map<number, CheckedLeaf>(); // Batches.
  readonly notices: CheckedNotice[] = [];
  readonly events: CheckedEvent[] = [];

  constructor(
    private readonly bundle: Bundle,
    private readonly policy: Policy,
  ) {}

  /** Steps 2 to 10. */
  async run(): Promise<Refusal | null> {
    return (
      (await this.checkpoint()) ??
      this.checkGenesis() ??
      this.checkSeal() ??
      (await this.cosignatures()) ??
      this.checkLeaves() ??
      this.checkEvents() ??
      this.checkNotices() ??
      (await this.registry()) ??
      this.chains() ??
      this.reach()
    );
  }

  private async checkpoint(): Promise<Refusal | null> {
    const place = 'checkpoint';
    const note = openNote(this.bundle.checkpoint);
    if (note instanceof Fault) return refuse('CHECKPOINT_SYNTAX', place, note.why);
    const head = parseCheckpoint(note.text);
    if (head instanceof Fault) return refuse('CHECKPOINT_SYNTAX', place, head.why);
    if (head.extensions.length > 0) {
      return refuse('CHECKPOINT_SYNTAX', place, 'a checkpoint here has three lines');
    }
    if (head.size < SIZE_MIN) {
      return refuse('CHECKPOINT_SYNTAX', place, 'its size holds no genesis and seal');
    }
    const logs = this.policy.logs.filter((log) => log.name === head.origin);
    if (logs.length === 0) {
      return refuse('LOG_UNKNOWN', place, `the policy names no log ${JSON.stringify(head.origin)}`);
    }
    let signer: VerifierKey | null = null;
    for (const line of firstLines(note)) {
      const log = logs.find((one) => one.name === line.name && one.keyId === line.keyId);
      if (!log) continue;
      if (!(await verifySignature(log.key, line.bytes, utf8(note.text)))) {
        return refuse('CHECKPOINT_SIGNATURE', place, "the log's signature does not verify");
      }
      signer ??= log;
    }
    if (!signer) {
      return refuse('CHECKPOINT_SIGNATURE', place, 'no line is signed by the log of the policy');
    }
    [this.note, this.head, this.log] = [note, head, signer];
    return null;
  }

  private inTree(index: number, data: string, path: Uint8Array[]): boolean {
    return includes(this.head.root, this.head.size, index, leafHash(utf8(data)), path);
  }

  private checkGenesis(): Refusal | null {
    const { data, path } = this.bundle.genesis;
    const no = (why: string): Refusal => refuse('GENESIS_INVALID', 'genesis', why);
    const genesis = parseGenesis(data);
    if (genesis instanceof Fault) return no(genesis.why);
    if (genesis.origin !== this.head.origin) return no('it is of another origin');
    if (!equal(genesis.log, this.log.key)) return no('its log key is not that of the policy');
    const pinned = this.policy.genesis;
    if (pinned.size > 0 && !pinned.has(toBase64(sha256(utf8(data))))) {
      return no('the policy names another genesis');
    }
    if (!this.inTree(0, data, path)) return no("it is not leaf 0 of the checkpoint's tree");
    this.genesis = genesis;
    this.ledger = ledgerId(genesis.origin, data);
    return null;
  }

  private checkSeal(): Refusal | null {
    const { data, path } = this.bundle.seal;
    const no = (why: string): Refusal => refuse('SEAL_INVALID', 'seal', why);
    const seal = parseSeal(data);
    if (seal instanceof Fault) return no(seal.why);
    const index = this.head.size - 1;
    if (!this.inTree(index, data, path)) return no('it is not the last leaf of the checkpoint');
    if (seal.rules !== RULES) {
      return refuse('RULES_NEWER', 'seal', `this verifier is too old to judge rules ${seal.rules}`);
    }
    if (seal.ledger !== this.ledger) return no('it is of another ledger');
    if (seal.leaves !== BigInt(index)) return no('its number of leaves is not its own place');
    if (seal.timeMs < this.genesis.timeMs) return no('its log time is before genesis');
    this.seal = seal;
    return null;
  }

  private async cosignatures(): Promise<Refusal | null> {
    const witnesses = [...this.policy.witnesses.values()];
    for (const line of firstLines(this.note)) {
      const witness = witnesses.find(
        ({ key }) => key.name === line.name && key.keyId === line.keyId,
      );
      if (!witness) continue;
      const seconds = await verifyCosignature(witness.key.key, this.note.text, line.bytes);
      if (seconds === null) {
        const why = `the cosignature of ${witness.name} does not verify`;
        return refuse('COSIGNATURE_INVALID', 'checkpoint', why);
      }
      this.cosigned.push({ witness, seconds });
    }
    if (this.policy.quorum === 'none') return null;
    this.quorumMs = quorumTime(this.policy, this.cosigned);
    if (this.quorumMs === null) {
      const why = `${this.cosigned.length} cosignatures do not meet the quorum`;
      return refuse('QUORUM_MISSING', 'checkpoint', why);
    }
    // Witnesses sign what exists: a seal with a later time has a lying clock.
    return this.seal.timeMs <= this.quorumMs + AHEAD_MS_MAX
      ? null
      : refuse('SEAL_INVALID', 'seal', 'its log time is after that of its witnesses');
  }

  /** The time as of which all this holds. A log that shows its witnesses an old tree grows old. */
  asOfMs(): bigint {
    const { timeMs } = this.seal;
    return this.quorumMs !== null && this.quorumMs < timeMs ? this.quorumMs : timeMs;
  }

  publishedHead(): Head {
    return {
      origin: this.head.origin,
      genesis: toBase64(sha256(utf8(this.bundle.genesis.data))),
      size: this.head.size,
      root: toBase64(this.head.root),
      cosigners: this.cosigned.map(({ witness }) => witness.name),
    };
  }

  /** How many of the leaves are batches. */
  batches(): number {
    return this.leaves.size;
  }

  /** How many were verified: every line of every leaf, the cosignatures, and the log's. */
  signatures(): number {
    const ofParties = [...this.leaves.values()].map(({ batch }) => batch.note.signatures.length);
    const others = 1 + this.cosigned.length + this.notices.length;
    return ofParties.reduce((sum, lines) => sum + lines, others);
  }

  private checkLeaves(): Refusal | null {
    let before = this.genesis.timeMs;
    const ids = new Set<string>();
    for (const [i, at] of this.bundle.leaves.entries()) {
      const place = `leaves[${i}]`;
      const leaf = this.checkLeaf(at, place, before);
      if (leaf instanceof Fault) return refuse('LEAF_INVALID', place, leaf.why);
      const id = hex(sha256(utf8(leaf.text)));
      if (ids.has(id)) return refuse('LEAF_INVALID', place, 'the same batch counts once');
      ids.add(id);
      before = leaf.timeMs;
    }
    return null;
  }

  private checkLeaf(
    at: BundleLeaf,
    place: string,
    before: bigint,
  ): { timeMs: bigint; text: string } | Fault {
    const leaf = parseLeaf(at.data);
    if (leaf instanceof Fault) return leaf;
    const { kind, timeMs } = leaf;
    if (kind !== 'batch' && kind !== 'notice') {
      return new Fault(`a ${kind} stands where a batch must`);
    }
    const signed = kind === 'batch' ? parseBatchNote(leaf.text) : parseNotice(leaf.text);
    if (signed instanceof Fault) return signed;
    if (at.index >= this.head.size - 1) return new Fault('it does not lie before the seal');
    if (signed.ledger !== this.ledger) return new Fault('it was signed for another ledger');
    if (timeMs < before) return new Fault('log time falls');
    if (timeMs > this.seal.timeMs) return new Fault("its log time is after the seal's");
    if ('untilMs' in signed && timeMs > signed.untilMs) {
      return new Fault('it was taken after its note\'s "until"');
    }
    if (!this.inTree(at.index, at.data, at.path)) return new Fault('it is not in the tree');
    if ('untilMs' in signed) this.leaves.set(at.index, { at, place, batch: signed, timeMs });
    else this.notices.push({ at, place, notice: signed, timeMs, event: null });
    return { timeMs, text: signed.note.text };
  }

  /** Each is about an event of the bundle, before it, and no two about the same part. */
  private checkNotices(): Refusal | null {
    const erased = new Set<string>();
    const events = new Map(this.events.map((one) => [`${one.at.leaf} ${one.at.event}`, one]));
    for (const one of this.notices) {
      const { leaf, event, section } = one.notice;
      const no = (why: string): Refusal => refuse('EVENT_INVALID', one.place, why);
      one.event = events.get(`${leaf} ${event}`) ?? null;
      if (!one.event || one.event.at.leaf >= one.at.index) {
        return no('the event that it is about is not in the bundle before it');
      }
      if (section === null) return no('rules 1 erase no payload');
      const { what } = one.event;
      const named =
        what.is === 'withheld' ||
        (what.is === 'event' && what.value.sections.some(({ digest }) => equal(digest, section)));
      if (!named) return no('the event has no sealed section of this digest');
      const part = `${leaf} ${event} ${hex(section)}`;
      if (erased.has(part)) return no('an earlier notice erased the same');
      erased.add(part);
    }
    return null;
  }

  private checkEvents(): Refusal | null {
    for (const [i, at] of this.bundle.events.entries()) {
      const place = `events[${i}]`;
      const event = this.checkEvent(at, place);
      if (event instanceof Fault) return refuse('EVENT_INVALID', place, event.why);
      this.events.push(event);
    }
    return null;
  }

  private checkEvent(at: BundleEvent, place: string): CheckedEvent | Fault {
    const leaf = this.leaves.get(at.leaf);
    if (!leaf) return new Fault('its leaf is not in the bundle'); // Step 1 has seen to it.
    const { batch } = leaf;
    if (at.event >= batch.events) return new Fault('its batch has fewer events');
    const record = parseRecord(at.record);
    if (record instanceof Fault) return record;
    if (!includes(batch.root, batch.events, at.event, leafHash(at.record), at.path)) {
      return new Fault('its record is not in the tree that its batch signed');
    }
    if (at.payload === null) {
      if (batch.type === REGISTRY_TYPE) return new Fault('a registry act is never withheld');
      return { at, place, leaf, record, what: { is: 'withheld' } };
    }
    const { salt, bytes } = at.payload;
    if (!equal(payloadHash(salt, bytes), record.payloadHash)) {
      return new Fault('the payload is not the one that its record names');
    }
    const what = decodeStated(batch.type, bytes);
    if (what instanceof Fault) return what;
    const codes = what.is === 'event' ? codesOfEvent(what.value) : [codeOfAct(what.value)];
    const keys = codeKeysOf(codes);
    const same =
      keys.length === record.codeKeys.length &&
      keys.every((key, k) => compare(key, record.codeKeys[k]!) === 0);
    return same
      ? { at, place, leaf, record, what }
      : new Fault('the payload names other codes than its record');
  }

  private async registry(): Promise<Refusal | null> {
    const registry = new Registry(this.genesis, this.ledger);
    const leaves = [...this.leaves.values()];
    const refusal =
      (await checkSignatures(registry, leaves, this.events)) ??
      (await checkNotices(registry, this.notices));
    if (refusal === null) this.suspects = suspectSigners(registry, leaves, this.notices);
    return refusal;
  }

  private chains(): Refusal | null {
    const chains = new Map<string, Chain>();
    for (const { code } of this.bundle.chains) {
      const key = codeKey(code);
      chains.set(hex(key), new Chain(key));
    }
    const add = (keys: Uint8Array[], place: Place, hash: Uint8Array): void => {
      for (const key of keys) chains.get(hex(key))?.add(place, hash);
    };
    // Both ascend by leaf, and share no leaf.
    let next = 0;
    const addNotices = (before: number): void => {
      for (; next < this.notices.length && this.notices[next]!.at.index < before; ++next) {
        const { at, event } = this.notices[next]!;
        const place = { leaf: at.index, event: NOTICE_EVENT };
        add(event!.record.codeKeys, place, leafHash(utf8(at.data)));
      }
    };
    for (const { at, record } of this.events) {
      addNotices(at.leaf);
      add(record.codeKeys, at, leafHash(at.record));
    }
    addNotices(this.head.size);
    for (const [i, { code, proof }] of this.bundle.chains.entries()) {
      const key = codeKey(code);
      const chain = chains.get(hex(key))!;
      const proven =
        chain.count === 0
          ? provesAbsence(this.seal.map, key, proof)
          : provesPresence(this.seal.map, key, chain.head(), proof);
      if (!proven) {
        const why = `these ${chain.count} events are not all that the ledger holds about ${code}`;
        return refuse('CHAIN_INVALID', `chains[${i}]`, why);
      }
    }
    for (const [i, { code, count, link, proof }] of this.bundle.cuts.entries()) {
      if (!provesPresence(this.seal.map, codeKey(code), chainHead(count, link), proof)) {
        return refuse('CHAIN_INVALID', `cuts[${i}]`, `the ledger does not hold this about ${code}`);
      }
    }
    return null;
  }

  private reach(): Refusal | null {
    const stated = this.events.flatMap(({ what }) => (what.is === 'event' ? [what.value] : []));
    const held = new Set(this.bundle.chains.map(({ code }) => code));
    const cut = new Set(this.bundle.cuts.map(({ code }) => code));
    const whole = neverCut(this.bundle.code);
    for (const { batch } of this.leaves.values()) {
      for (const party of partiesOf(batch)) whole.add(partyCode(party));
    }
    for (const { notice } of this.notices) whole.add(partyCode(notice.party));
    const reach = [...whole, ...reachOf(this.bundle.code, stated)];
    const gone = reach.find((code) => !held.has(code) && (whole.has(code) || !cut.has(code)));
    if (gone !== undefined) {
      return refuse('REACH_MISSING', 'chains', `the chain of ${gone} is missing`);
    }
    const keys = new Set([...held].map((code) => hex(codeKey(code))));
    const stray = this.events.find(
      ({ record }) => !record.codeKeys.some((key) => keys.has(hex(key))),
    );
    return stray ? refuse('REACH_MISSING', stray.place, 'no chain names the event') : null;
  }
}

function refuse(code: Code, place: string, message: string): Refusal {
  return { code, place, message };
}
