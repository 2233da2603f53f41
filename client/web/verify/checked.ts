// What the first steps have found good, for those behind them.
import type { BatchNote } from './batch_note.js';
import type { BundleEvent, BundleLeaf } from './bundle.js';
import type { Witness } from './policy.js';
import type { EventRecord } from './record.js';
import type { StatedEvent } from './verdict.js';

export interface Cosigned {
  witness: Witness;
  seconds: bigint;
}

export interface CheckedLeaf {
  at: BundleLeaf;
  place: string;
  batch: BatchNote;
  timeMs: bigint;
}

export interface CheckedEvent {
  at: BundleEvent;
  place: string;
  leaf: CheckedLeaf;
  record: EventRecord;
  what: StatedEvent['what'];
}
