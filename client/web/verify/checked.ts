// Results of the first steps, for the later ones.
import type { BatchNote } from './batch_note.js';
import type { EraseNotice } from './notice.js';
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

/** Its links count in the chains of the event that it is about. */
export interface CheckedNotice {
  at: BundleLeaf;
  place: string;
  notice: EraseNotice;
  timeMs: bigint;
  event: CheckedEvent | null; // From step 7 on never null.
}

export interface CheckedEvent {
  at: BundleEvent;
  place: string;
  leaf: CheckedLeaf;
  record: EventRecord;
  what: StatedEvent['what'];
}
