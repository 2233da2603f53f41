// GS1 Digital Links (docs/identifiers.md 1): any host and stem, the key read from the right.
import { Fault } from './bytes.js';
import { gs1Code, isPrimary, qualifiersOf } from './gs1_key.js';
import { decodedBytes } from './uri.js';
import type { Uri } from './uri.js';

// In links of the older form.
const OLD_WORDS: Record<string, string> = {
  sscc: '00',
  gtin: '01',
  lot: '10',
  ser: '21',
  cpv: '22',
  tpx: '235',
  gdti: '253',
  glnx: '254',
  gcn: '255',
  ginc: '401',
  gsin: '402',
  gln: '414',
  payTo: '415',
  party: '417',
  'uic-ext': '7040',
  grai: '8003',
  giai: '8004',
  itip: '8006',
  cpid: '8010',
  cpsn: '8011',
  gmn: '8013',
  gsrnp: '8017',
  gsrn: '8018',
  srin: '8019',
  refNo: '8020',
};
const aiOf = (text: string): string => (Object.hasOwn(OLD_WORDS, text) ? OLD_WORDS[text]! : text);

/** Null: the path has no key. */
export function parseDigitalLink(uri: Pick<Uri, 'path' | 'query'>): string | Fault | null {
  const { path, query } = uri;
  if (!path.startsWith('/')) return null;
  // Split before anything is decoded, so that an escaped slash stays inside its value.
  const segments = path.slice(1).split('/').map(decodedBytes);
  const pairs: [string, string][] = []; // From the right.
  for (let i = segments.length - 2; i >= 0; i -= 2) {
    const ai = aiOf(segments[i]!);
    pairs.push([ai, segments[i + 1]!]);
    if (isPrimary(ai)) return readKey(pairs, query ?? '');
  }
  return holdsKey(segments) ? new Fault('a Digital Link that is not whole') : null;
}

function holdsKey(segments: string[]): boolean {
  return segments.slice(0, -1).some((segment) => isPrimary(aiOf(segment)));
}

function readKey(pairs: [string, string][], query: string): string | Fault {
  const [primary, value] = pairs.pop()!;
  const order = qualifiersOf(primary);
  const qualifiers = new Map<string, string>();
  let last = -1;
  for (const [ai, qualifier] of pairs.reverse()) {
    const place = order.indexOf(ai);
    if (place <= last) return new Fault(`(${ai}) does not stand there behind (${primary})`);
    last = place;
    qualifiers.set(ai, qualifier);
  }
  const alone = qualifiers.has('235') || (qualifiers.has('254') && qualifiers.has('7040'));
  if (alone && qualifiers.size > 1) return new Fault('these qualifiers do not stand together');
  for (const part of query.split('&')) {
    const name = decodedBytes(part.split('=', 1)[0]!); // Attributes are dropped unread.
    if (order.indexOf(aiOf(name)) > last) return new Fault(`(${name}) would be lost in the query`);
  }
  return gs1Code(primary, value, qualifiers);
}
