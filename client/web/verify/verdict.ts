// What a verifier says (docs/bundle.md, What a verifier does).
import type { RegistryAct } from './registry_schema.js';
import type { JsonObject } from './epcis_values.js';
import type { TraceEvent } from './event_schema.js';
import type { Ground } from './notice.js';

export type Code =
  | 'POLICY_SYNTAX'
  | 'BUNDLE_SYNTAX'
  | 'CHECKPOINT_SYNTAX'
  | 'LOG_UNKNOWN'
  | 'CHECKPOINT_SIGNATURE'
  | 'GENESIS_INVALID'
  | 'SEAL_INVALID'
  | 'RULES_NEWER'
  | 'COSIGNATURE_INVALID'
  | 'QUORUM_MISSING'
  | 'LEAF_INVALID'
  | 'EVENT_INVALID'
  | 'REGISTRY_INVALID'
  | 'SIGNATURE_INVALID'
  | 'CHAIN_INVALID'
  | 'REACH_MISSING'
  | 'INTERNAL'; // A mistake of ours: nothing is proven.

export interface Refusal {
  code: Code;
  place: string; // In the file, such as "leaves[3]"; empty: the whole.
  message: string;
}

/** A sealed section that a signed notice erased: its digest is left, and who wanted it so. */
export interface Erased {
  section: Uint8Array; // Its digest.
  notice: number; // The leaf.
  party: string; // Who signed the notice.
  ground: Ground;
  logTimeMs: bigint; // Of the notice.
}

/** One event of a proven bundle, for display. */
export interface StatedEvent {
  leaf: number;
  event: number;
  logTimeMs: bigint;
  party: string;
  signer: string | null; // Stated through this gateway.
  with: string[]; // Who signed it too.
  erased: Erased[];
  what:
    // `json`: of a payload of type application/ld+json, as it was signed.
    | { is: 'event'; value: TraceEvent; json?: JsonObject }
    | { is: 'act'; value: RegistryAct }
    | { is: 'withheld' };
}

export interface Counts {
  leaves: number;
  events: number;
  withheld: number;
  chains: number;
  cuts: number;
  erased: number; // Sealed sections.
  signatures: number; // All that were verified: of parties, of the log and of witnesses.
}

/** The published state of the log that a bundle is about, to be remembered. */
export interface Head {
  origin: string;
  genesis: string; // Base64 of H(data of leaf 0).
  size: number;
  root: string; // Base64.
  cosigners: string[]; // Of the policy's witnesses, by its names.
}

export interface Verdict {
  // PARTIAL: what is shown is proven, but something is withheld, cut or signed by a suspect key.
  // NOT_RECORDED: proven, that no event names the code. STALE: of an older time than is allowed.
  verdict: 'PROVEN' | 'PARTIAL' | 'NOT_RECORDED' | 'STALE' | 'REFUSED';
  refusal: Refusal | null;
  code: string; // The code that the bundle is about; empty where the file is no bundle.
  asOfMs: bigint | null; // What is proven is so as of this time.
  head: Head | null; // Null where refused.
  proven: string[];
  notProven: string[];
  counts: Counts;
  events: StatedEvent[]; // Empty where refused: nothing of it may be shown as true.
}
