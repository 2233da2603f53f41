// The verifier's policy (docs/bundle.md, Policy; c2sp.org/tlog-policy): which logs, which
// witnesses, how many of them, how old.
import { fromBase64 } from './base64.js';
import { Fault, hex, utf8 } from './bytes.js';
import type { Cosigned } from './checked.js';
import { ALGORITHM_COSIGNATURE, ALGORITHM_ED25519, keyId, parseVerifierKey } from './note.js';
import type { VerifierKey } from './note.js';
import { HASH_BYTES } from './sha256.js';

export interface Witness {
  name: string; // In this policy; its key has a name of its own.
  key: VerifierKey;
  replayer: boolean;
}

interface Group {
  threshold: number;
  members: string[];
}

export interface Policy {
  logs: VerifierKey[];
  witnesses: Map<string, Witness>;
  groups: Map<string, Group>;
  quorum: string; // "none", a witness or a group.
  maxAgeMs: bigint;
  genesis: Set<string>; // Base64 of H(genesis data); empty: whichever genesis names the log's key.
}

const BYTES_MAX = 64 << 10;
const GENESIS_MAX = 16;
const DAY_MS = 86_400_000n;
const UNIT_MS: Record<string, bigint> = { s: 1000n, m: 60_000n, h: 3_600_000n, d: DAY_MS };
const RESERVED = ['all', 'any', 'none'];

class Reader {
  readonly policy: Policy = {
    logs: [],
    witnesses: new Map(),
    groups: new Map(),
    quorum: '',
    maxAgeMs: DAY_MS,
    genesis: new Set(),
  };
  private agesSeen = 0;

  line(line: string): string | null {
    const suyuan = /^[ \t]*#suyuan[ \t]+(.*)$/.exec(line);
    const words = (suyuan ? suyuan[1]! : line.replace(/(^|[ \t])#.*$/, ''))
      .split(/[ \t]+/)
      .filter((word) => word !== '');
    if (suyuan) return this.extension(words);
    switch (words[0]) {
      case undefined:
        return null;
      case 'log':
        return this.log(words.slice(1));
      case 'witness':
        return this.witness(words.slice(1));
      case 'group':
        return this.group(words.slice(1));
      case 'quorum':
        return this.quorum(words.slice(1));
      default:
        return `no line of a policy begins with ${JSON.stringify(words[0])}`;
    }
  }

  private extension(words: string[]): string | null {
    const [word, value] = words;
    if (words.length !== 2 || value === undefined) return 'a #suyuan line has a word and a value';
    if (word === 'max-age') {
      const age = /^([1-9][0-9]{0,5})([smhd])$/.exec(value);
      if (!age) return 'max-age is a number from 1 to 999999 with s, m, h or d';
      if (this.agesSeen++ > 0) return 'max-age stands twice';
      this.policy.maxAgeMs = BigInt(age[1]!) * UNIT_MS[age[2]!]!;
      return null;
    }
    if (word === 'genesis') return this.genesis(value);
    if (word !== 'replayer') return `${JSON.stringify(word)} is no word of a #suyuan line`;
    const witness = this.policy.witnesses.get(value);
    if (!witness || witness.replayer) return 'a replayer is a witness above, named once';
    witness.replayer = true;
    return null;
  }

  private genesis(hash: string): string | null {
    if (fromBase64(hash)?.length !== HASH_BYTES) return 'genesis is a hash of 32 bytes in base64';
    if (this.policy.genesis.has(hash)) return 'this genesis stands twice';
    if (this.policy.genesis.size === GENESIS_MAX) return `more than ${GENESIS_MAX} genesis hashes`;
    this.policy.genesis.add(hash);
    return null;
  }

  private log(words: string[]): string | null {
    if (words.length < 1 || words.length > 2) return 'a log has a key, and perhaps a URL';
    const key = parseVerifierKey(words[0]!);
    if (key?.algorithm !== ALGORITHM_ED25519) return 'the log key is no vkey of type 1';
    if (this.policy.logs.some((log) => sameKey(log, key))) return 'this log key stands twice';
    this.policy.logs.push(key);
    return null;
  }

  private witness(words: string[]): string | null {
    if (words.length < 2 || words.length > 3) return 'a witness has a name, a key, perhaps a URL';
    const [name, text] = words as [string, string];
    const fault = this.freeName(name);
    if (fault) return fault;
    const key = parseVerifierKey(text);
    if (key?.algorithm !== ALGORITHM_ED25519 && key?.algorithm !== ALGORITHM_COSIGNATURE) {
      return 'the witness key is no vkey of type 4 or 1';
    }
    if ([...this.policy.witnesses.values()].some((other) => sameKey(other.key, key))) {
      return 'this witness key stands twice';
    }
    // Some write the key like a note's; it signs cosignatures nevertheless.
    key.keyId = keyId(key.name, ALGORITHM_COSIGNATURE, key.key);
    key.algorithm = ALGORITHM_COSIGNATURE;
    this.policy.witnesses.set(name, { name, key, replayer: false });
    return null;
  }

  private group(words: string[]): string | null {
    const [name, rule, ...members] = words;
    if (name === undefined || rule === undefined || members.length === 0) {
      return 'a group has a name, a rule and members';
    }
    const fault = this.freeName(name);
    if (fault) return fault;
    if (new Set(members).size !== members.length) return 'a member stands twice';
    const unknown = members.find((member) => !this.isDefined(member));
    if (unknown !== undefined) return `${JSON.stringify(unknown)} is not defined above`;
    const taken = [...this.policy.groups.values()].flatMap((group) => group.members);
    const again = members.find((member) => taken.includes(member));
    if (again !== undefined) return `${JSON.stringify(again)} is a member of a group already`;
    const threshold = rule === 'all' ? members.length : rule === 'any' ? 1 : Number(rule);
    if (rule !== 'all' && rule !== 'any' && !/^[1-9][0-9]{0,5}$/.test(rule)) {
      return 'the rule is all, any or a number';
    }
    if (threshold > members.length) return 'the number is above that of the members';
    this.policy.groups.set(name, { threshold, members });
    return null;
  }

  private quorum(words: string[]): string | null {
    const [name] = words;
    if (words.length !== 1 || name === undefined) return 'a quorum has one name';
    if (this.policy.quorum !== '') return 'a policy has one quorum';
    if (name !== 'none' && !this.isDefined(name)) return `${JSON.stringify(name)} is not defined`;
    this.policy.quorum = name;
    return null;
  }

  private isDefined(name: string): boolean {
    return this.policy.witnesses.has(name) || this.policy.groups.has(name);
  }

  private freeName(name: string): string | null {
    if (RESERVED.includes(name)) return `${JSON.stringify(name)} is a word of policies`;
    return this.isDefined(name) ? `${JSON.stringify(name)} stands twice` : null;
  }
}

function sameKey(a: VerifierKey, b: VerifierKey): boolean {
  return hex(a.key) === hex(b.key);
}

export function parsePolicy(text: string): Policy | Fault {
  if (utf8(text).length > BYTES_MAX) return new Fault('a policy has at most 64 KiB');
  if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(text)) {
    return new Fault('a control character stands in the policy');
  }
  const reader = new Reader();
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; ++i) {
    const fault = reader.line(lines[i]!);
    if (fault !== null) return new Fault(`line ${i + 1}: ${fault}`);
  }
  return reader.policy.quorum === '' ? new Fault('the policy has no quorum line') : reader.policy;
}

/** Returns true if these witnesses meet the policy. */
export function meetsQuorum(policy: Policy, cosigners: Set<string>): boolean {
  if (policy.quorum === 'none') return true;
  const met = new Set(cosigners);
  // A group comes after its members, so one pass in the order of the file is enough.
  for (const [name, group] of policy.groups) {
    if (group.members.filter((member) => met.has(member)).length >= group.threshold) met.add(name);
  }
  return met.has(policy.quorum);
}

/** The latest time such that cosignatures not older than it meet the quorum; null if none do. */
export function quorumTime(policy: Policy, cosigned: Cosigned[]): bigint | null {
  const newestFirst = [...cosigned].sort((a, b) =>
    a.seconds > b.seconds ? -1 : a.seconds < b.seconds ? 1 : 0,
  );
  const names = new Set<string>();
  for (const { witness, seconds } of newestFirst) {
    names.add(witness.name);
    if (meetsQuorum(policy, names)) return seconds * 1000n;
  }
  return null;
}
