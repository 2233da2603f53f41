// A payload by its type, as what it states.
import { EVENT_TYPE, JSON_TYPE, REGISTRY_TYPE } from './batch_note.js';
import { Fault } from './bytes.js';
import { decodeEpcis } from './epcis.js';
import { decodeAct, decodeEvent } from './payload.js';
import type { StatedEvent } from './verdict.js';

type Open = Exclude<StatedEvent['what'], { is: 'withheld' }>;

export function decodeStated(type: string, bytes: Uint8Array): Open | Fault {
  if (type === EVENT_TYPE) {
    const value = decodeEvent(bytes);
    return value instanceof Fault ? value : { is: 'event', value };
  }
  if (type === REGISTRY_TYPE) {
    const value = decodeAct(bytes);
    return value instanceof Fault ? value : { is: 'act', value };
  }
  if (type === JSON_TYPE) {
    const event = decodeEpcis(bytes);
    return event instanceof Fault ? event : { is: 'event', ...event };
  }
  return new Fault(`this version does not read payloads of type ${type}`);
}
