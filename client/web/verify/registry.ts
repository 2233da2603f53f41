// Who could sign what, and when (docs/registry.md): the acts of a bundle, applied to the state that
// genesis starts with. What a bundle need not hold is not judged: parties that are only mentioned.
import { hex, utf8 } from './bytes.js';
import { toBase64 } from './base64.js';
import { isPrimeOrderKey, verifySignature } from './ed25519.js';
import type { Genesis } from './genesis.js';
import { isPartyId, isReservedId } from './lines.js';
import { ALGORITHM_ED25519, keyId } from './note.js';
import type { NoteSignature } from './note.js';
import type { KeyEntry, PartyData, RegistryAct } from './registry_schema.js';

interface Key {
  key: Uint8Array;
  id: number;
  registered: number; // The leaf; in force after it.
  revoked: number | null; // The leaf; in force up to it.
  suspectFrom: bigint | null;
}

interface Delegation {
  signer: string;
  untilMs: bigint | null;
  granted: number;
  ended: number | null;
}

export interface Party {
  id: string;
  name: string;
  isAuthority: boolean;
  keys: Key[];
  delegations: Delegation[];
}

/** Who signed the batch of an act: its party, and who signed with it. */
export interface ActSigners {
  party: string;
  with: string[];
}

const QUORUM_MAX = 9; // A batch has room for this many signers.
const KEYS_MAX = 256;
const DELEGATIONS_MAX = 256;

export class Registry {
  private readonly parties = new Map<string, Party>();
  private readonly takenKeys = new Set<string>();
  private readonly quorum: number;

  constructor(
    genesis: Genesis,
    private readonly ledger: string,
  ) {
    this.quorum = Math.min(genesis.quorum, QUORUM_MAX);
    for (const key of [genesis.log, ...genesis.nodes.map((node) => node.key)]) {
      this.takenKeys.add(hex(key));
    }
    for (const { name, key } of genesis.authorities) {
      const party = { id: name, name, isAuthority: true, keys: [], delegations: [] };
      this.parties.set(name, party);
      this.addKey(party, key, 0);
    }
  }

  party(id: string): Party | undefined {
    return this.parties.get(id);
  }

  /** Returns null, or why the signature does not count at that leaf. */
  async checkLine(line: NoteSignature, text: string, leaf: number): Promise<string | null> {
    const party = this.parties.get(line.name);
    if (!party) return `${line.name} is not registered in the bundle`;
    const key = party.keys.find((one) => one.id === line.keyId);
    if (!key) return `the key of ${line.name} that signed is not registered`;
    if (!inForce(key.registered, key.revoked, leaf)) {
      return `the key of ${line.name} that signed is not in force at leaf ${leaf}`;
    }
    const holds = await verifySignature(key.key, line.bytes, utf8(text));
    return holds ? null : `the signature of ${line.name} does not verify`;
  }

  /** Whether the key of a line that counts may have been in wrong hands at that leaf. */
  isSuspect(line: NoteSignature, leaf: number): boolean {
    const key = this.parties.get(line.name)?.keys.find((one) => one.id === line.keyId);
    const from = key?.suspectFrom ?? null;
    return from !== null && from <= BigInt(leaf);
  }

  mayThrough(party: string, signer: string, leaf: number, timeMs: bigint): boolean {
    const delegations = this.parties.get(party)?.delegations ?? [];
    return delegations.some(
      (one) =>
        one.signer === signer &&
        inForce(one.granted, one.ended, leaf) &&
        (one.untilMs === null || one.untilMs >= timeMs),
    );
  }

  /** Null, or why the act is refused; then nothing of it counts. */
  async apply(act: RegistryAct, by: ActSigners, leaf: number): Promise<string | null> {
    switch (act.is) {
      case 'registerParty':
        return this.register(act.value.party, act.value.keys, leaf);
      case 'amendParty':
        return this.amend(act.value, by.party);
      case 'addKey': {
        const party = this.parties.get(act.value.party);
        return this.keyRefusal(party, by) ?? this.takeKeys(party!, [act.value.key], leaf);
      }
      case 'revokeKey': {
        const party = this.parties.get(act.value.party);
        const { key, suspectFrom } = act.value;
        return (
          this.keyRefusal(party, by) ??
          revoke(party!, key, suspectFrom === null ? null : suspectFrom.leaf, leaf)
        );
      }
      case 'grantDelegation': {
        const { party, signer: gateway, until } = act.value;
        return grant(this.parties.get(party), gateway, until === null ? null : until.ms, leaf);
      }
      case 'endDelegation':
        return end(this.parties.get(act.value.party), act.value.signer, leaf);
      default:
        return null; // Products and sites say nothing about keys.
    }
  }

  /** Acts about an authority must be signed by that authority. */
  private refusal(party: Party | undefined, signer: string): string | null {
    if (!party) return 'the party is not registered';
    return party.isAuthority && party.id !== signer ? 'another authority signed it' : null;
  }

  /** An authority's keys change by a quorum; if that is one, by the authority itself. */
  private keyRefusal(party: Party | undefined, by: ActSigners): string | null {
    if (!party?.isAuthority || this.quorum === 1) return this.refusal(party, by.party);
    const signed = [by.party, ...by.with].filter((id) => this.parties.get(id)?.isAuthority);
    if (signed.length >= this.quorum) return null;
    return `${signed.length} of ${this.quorum} authorities signed it`;
  }

  private async register(data: PartyData, keys: KeyEntry[], leaf: number): Promise<string | null> {
    if (!isPartyId(data.id) || isReservedId(data.id)) return 'the text is no party id';
    if (this.parties.has(data.id)) return `${data.id} is registered already`;
    if (isAuthority(data)) return 'only genesis gives the role authority';
    const party = { id: data.id, name: data.name, isAuthority: false, keys: [], delegations: [] };
    const fault = await this.takeKeys(party, keys, leaf);
    if (fault === null) this.parties.set(data.id, party);
    return fault;
  }

  private amend(data: PartyData, signer: string): string | null {
    const party = this.parties.get(data.id);
    const refusal = this.refusal(party, signer);
    if (refusal !== null) return refusal;
    if (isAuthority(data) !== party!.isAuthority) {
      return 'only genesis gives the role authority, permanently';
    }
    party!.name = data.name;
    return null;
  }

  private async takeKeys(party: Party, entries: KeyEntry[], leaf: number): Promise<string | null> {
    if (party.keys.length + entries.length > KEYS_MAX) return `more than ${KEYS_MAX} keys`;
    const ids = new Set(party.keys.map((key) => key.id));
    const named = new Set<string>();
    for (const { key, possession } of entries) {
      const name = hex(key);
      if (this.takenKeys.has(name) || named.has(name)) return 'a key is registered once';
      const id = keyId(party.id, ALGORITHM_ED25519, key);
      if (ids.has(id)) return 'two keys of the party have one key id';
      if (!isPrimeOrderKey(key)) return 'a key is no canonical point of prime order';
      const text = possessionText(this.ledger, party.id, key);
      if (!(await verifySignature(key, possession, utf8(text)))) {
        return 'a key does not sign its own registration';
      }
      named.add(name);
      ids.add(id);
    }
    for (const { key } of entries) this.addKey(party, key, leaf);
    return null;
  }

  private addKey(party: Party, key: Uint8Array, leaf: number): void {
    const id = keyId(party.id, ALGORITHM_ED25519, key);
    party.keys.push({ key, id, registered: leaf, revoked: null, suspectFrom: null });
    this.takenKeys.add(hex(key));
  }
}

export function possessionText(ledger: string, party: string, key: Uint8Array): string {
  return `suyuan/key/v1\nledger ${ledger}\nparty ${party}\nkey ${toBase64(key)}\n`;
}

function inForce(from: number, to: number | null, leaf: number): boolean {
  return from < leaf && (to === null || leaf <= to);
}

function isAuthority(data: PartyData): boolean {
  return data.roles.some((role) => role.text === 'authority');
}

function revoke(
  party: Party,
  bytes: Uint8Array,
  suspectFrom: bigint | null,
  leaf: number,
): string | null {
  const key = party.keys.find((one) => hex(one.key) === hex(bytes));
  if (!key) return 'it is no key of the party';
  // A second act may only report that the key was in wrong hands earlier than known.
  const earlier =
    suspectFrom !== null && (key.suspectFrom === null || suspectFrom < key.suspectFrom);
  if (key.revoked !== null && !earlier) return 'the key was revoked before';
  if (suspectFrom !== null && suspectFrom > BigInt(key.revoked ?? leaf)) {
    return 'suspect from behind its revocation';
  }
  const living = party.keys.filter((one) => one.revoked === null).length;
  if (key.revoked === null && party.isAuthority && living === 1) return "an authority's last key";
  key.revoked ??= leaf;
  if (earlier) key.suspectFrom = suspectFrom;
  return null;
}

function openDelegation(party: Party, signer: string): Delegation | undefined {
  return party.delegations.find((one) => one.signer === signer && one.ended === null);
}

function grant(
  party: Party | undefined,
  signer: string,
  untilMs: bigint | null,
  leaf: number,
): string | null {
  if (!party) return 'the party is not registered';
  if (party.isAuthority) return 'an authority signs itself';
  if (party.id === signer) return 'a party needs no delegation to itself';
  if (party.delegations.length === DELEGATIONS_MAX) {
    return `more than ${DELEGATIONS_MAX} delegations`;
  }
  const before = openDelegation(party, signer);
  if (before) before.ended = leaf; // A new grant takes the old one's place.
  party.delegations.push({ signer, untilMs, granted: leaf, ended: null });
  return null;
}

function end(party: Party | undefined, signer: string, leaf: number): string | null {
  const open = party && openDelegation(party, signer);
  if (!open) return 'there is no such delegation';
  open.ended = leaf;
  return null;
}
