// The hash chain of a code (formats.md 5): one link for each event that names it,
// and for each notice about such an event, in log order.
import { concat, u32, u64 } from './bytes.js';
import { sha256 } from './sha256.js';

const LINK = Uint8Array.of(2);

/** The event number in a notice's link: no batch has that many events. */
export const NOTICE_EVENT = 0xffffffff;

export interface Place {
  leaf: number;
  event: number;
}

export class Chain {
  count = 0;
  private link: Uint8Array;

  constructor(codeKey: Uint8Array) {
    this.link = codeKey;
  }

  add(place: Place, linked: Uint8Array): void {
    ++this.count;
    this.link = sha256(
      LINK,
      u64(this.count),
      this.link,
      u64(place.leaf),
      u32(place.event),
      linked,
    );
  }

  head(): Uint8Array {
    return chainHead(this.count, this.link);
  }
}

/** What the chain map holds for a code. */
export function chainHead(count: number, link: Uint8Array): Uint8Array {
  return concat(u64(count), link);
}
