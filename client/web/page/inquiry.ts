// Handles a question about an item: asks the node, and verifies the answer here before any of it is
// shown.
import * as api from './data/api.js';
import { currentArea } from './data/area.js';
import { canonicalOf } from './data/codes.js';
import { digestOf, extendsTree, verify } from './data/jobs.js';
import { KINDS, NOTHING, PAGE_CODES, continued, listedUnder, listingOf } from './data/listing.js';
import type { Listed, Listing } from './data/listing.js';
import { compareHeads, remember, remembered } from './data/memory.js';
import type { Memory } from './data/memory.js';
import { deviceName, isFirstLook } from './data/scanning.js';
import { gtinsOf, partiesOf, placesOf, storyOf } from './data/story.js';
import type { Report, Story } from './data/story.js';
import { newThing } from './state.js';
import type { Alarm, Check, Dispatch, Names, Thing } from './state.js';
import type { Head, Verdict } from '../verify/index.js';

const alarm = (what: Alarm): Check => ({ is: 'alarm', alarm: what });
const unreachable: api.Problem = { is: 'problem', status: 0, code: '', detail: '' };
const EMPTY_PAGES_MAX = 8; // A page may be empty, and more follow: none of its codes is public.
const FAILED: Alarm = {
  is: 'refused',
  refusal: { code: 'INTERNAL', place: '', message: 'the check itself failed' },
};

async function extendsLog(from: { size: number; root: string }, to: Head): Promise<boolean | null> {
  const path = await api.getExtension(from.size, to.size);
  return path === null ? null : extendsTree(from, to, path);
}

/** Why the policy that this phone remembers refuses: the bundle is bad, or of another ledger. */
async function refusalOf(
  verdict: Verdict,
  bundle: ArrayBuffer,
  memory: Memory | null,
  served: api.Got<string>,
): Promise<Check> {
  if (memory && !api.isProblem(served) && served !== memory.policy) {
    const byServed = await verify(bundle, served, Date.now());
    if (byServed && byServed.verdict !== 'REFUSED') return alarm({ is: 'otherLedger' });
  }
  return alarm({ is: 'refused', refusal: verdict.refusal! });
}

/** Checks a bundle by what this phone remembers. `asked` is null if the bundle itself names the code. */
async function check(bundle: ArrayBuffer, asked: string | null): Promise<Check> {
  const memory = remembered();
  const served = await api.getPolicy();
  const policy = memory?.policy ?? served;
  if (api.isProblem(policy)) return { is: 'impossible', problem: policy };
  const verdict = await verify(bundle, policy, Date.now());
  if (!verdict) return alarm(FAILED);
  if (verdict.verdict === 'REFUSED') return refusalOf(verdict, bundle, memory, served);
  const head = verdict.head!;
  const canonical = asked === null ? verdict.code : canonicalOf(asked);
  if (canonical !== null && canonical !== verdict.code) {
    return alarm({ is: 'otherCode', code: verdict.code });
  }
  const sameCode = canonical !== null;
  if (asked === null) return { is: 'done', verdict, compared: null, sameCode };
  const compared = await compareHeads(memory, head, extendsLog);
  if (compared === 'rollback' || compared === 'split') return alarm({ is: compared });
  if (compared !== 'uncertain') remember(memory, policy, head);
  return { is: 'done', verdict, compared, sameCode };
}

/** A file that the statements name, if its bytes match the signed digest. */
export async function fetchReport({ told, sha256 }: Report): Promise<Blob | 'changed' | 'missing'> {
  const got = await api.getReport({ leaf: told.leaf, event: told.event }, sha256);
  if (api.isProblem(got)) return 'missing';
  return (await digestOf(await got.arrayBuffer())) === sha256 ? got : 'changed';
}

async function learnNames(story: Story): Promise<Names> {
  const names: Names = { sites: {}, products: {}, parties: {} };
  await Promise.all([
    ...placesOf(story).map(async (gln) => {
      const site = await api.getSite(gln);
      if (site) names.sites[gln] = site;
    }),
    ...gtinsOf(story).map(async (gtin) => {
      const name = await api.getName('products', gtin);
      if (name) names.products[gtin] = name;
    }),
    ...partiesOf(story).map(async (id) => {
      const name = await api.getName('parties', id);
      if (name) names.parties[id] = name;
    }),
  ]);
  return names;
}

/** The listing with its next page that has anything, or null if the node does not give it. */
async function nextPage(code: string, listed: Listed, listing: Listing): Promise<Listing | null> {
  let longer = listing;
  for (let i = 0; i < EMPTY_PAGES_MAX && longer.codes.length === listing.codes.length; ++i) {
    const got = await api.getBelow(code, KINDS[listed], PAGE_CODES, longer.next);
    if (api.isProblem(got)) return null;
    longer = continued(longer, listingOf(got, code, listed));
    if (longer.next === '') break;
  }
  return longer;
}

/** The first page of what is listed under a code; nothing if none of it is. */
async function firstPage(code: string, listed: Listed): Promise<Listing> {
  const page = listedUnder(code).includes(listed) ? await nextPage(code, listed, NOTHING) : null;
  return page ?? NOTHING;
}

/** Lists more lots or units; false if that failed. */
export async function listMore(dispatch: Dispatch, thing: Thing, listed: Listed): Promise<boolean> {
  const listing = thing.story && (await nextPage(thing.story.code, listed, thing[listed]));
  if (!listing) return false;
  dispatch({ is: 'learned', id: thing.id, facts: { [listed]: listing } });
  return true;
}

async function tell(dispatch: Dispatch, { id }: Thing, done: Check): Promise<void> {
  if (done.is !== 'done') return dispatch({ is: 'learned', id, facts: { check: done } });
  const story = storyOf(done.verdict);
  dispatch({ is: 'learned', id, facts: { check: done, story } });
  dispatch({ is: 'learned', id, facts: { names: await learnNames(story) } });
  if (listedUnder(story.code).length > 0) {
    const [lots, units] = await Promise.all([
      firstPage(story.code, 'lots'),
      firstPage(story.code, 'units'),
    ]);
    dispatch({ is: 'learned', id, facts: { lots, units } });
  }
  if (!story.picture) return;
  const picture = await fetchReport(story.picture);
  if (picture instanceof Blob && picture.type.startsWith('image/')) {
    dispatch({ is: 'learned', id, facts: { picture: URL.createObjectURL(picture) } });
  }
}

async function askVerdict(dispatch: Dispatch, { id, asked, opened }: Thing): Promise<void> {
  // Noted for a scan within the page too: its address may be loaded again.
  const held = opened === 'scan' || opened === 'link';
  const isNew = held && isFirstLook(canonicalOf(asked) ?? asked);
  const scanned = opened === 'scan' || isNew;
  let answer = scanned
    ? await api.postScan({ code: asked, device: deviceName(), ...(await currentArea()) })
    : await api.getVerdict(asked);
  if (scanned && api.isProblem(answer)) answer = await api.getVerdict(asked);
  dispatch({ is: 'learned', id, facts: { answer } });
}

async function askProof(dispatch: Dispatch, thing: Thing): Promise<void> {
  const { id, asked } = thing;
  const bundle = await api.getBundle(asked);
  if (api.isProblem(bundle)) {
    return dispatch({ is: 'learned', id, facts: { check: { is: 'impossible', problem: bundle } } });
  }
  dispatch({ is: 'learned', id, facts: { bundle } });
  await tell(dispatch, thing, await check(bundle, asked));
}

/** Looks a code up. */
export function inquire(
  dispatch: Dispatch,
  asked: string,
  opened: Thing['opened'],
  assumed: Thing['assumed'] = null,
): void {
  const thing = newThing(asked, opened, assumed);
  dispatch({ is: 'open', thing });
  void askVerdict(dispatch, thing);
  void askProof(dispatch, thing);
}

/** Gives the owner's inner code to the node, which compares it and does not keep it. */
export async function proveOwner(dispatch: Dispatch, thing: Thing, inner: string): Promise<boolean> {
  const scan = { code: thing.asked, device: deviceName(), inner };
  const answer = await api.postScan({ ...scan, ...(await currentArea()) });
  if (api.isProblem(answer)) return false;
  dispatch({ is: 'learned', id: thing.id, facts: { answer } });
  return true;
}

/** Opens a bundle that somebody saved. The node is not needed. */
export async function openFile(dispatch: Dispatch, file: Blob): Promise<void> {
  const thing = newThing('', 'file');
  dispatch({ is: 'open', thing });
  const bundle = await file.arrayBuffer().catch(() => null);
  if (!bundle) {
    const facts = { check: { is: 'impossible', problem: unreachable } } as const;
    return dispatch({ is: 'learned', id: thing.id, facts });
  }
  const done = await check(bundle, null);
  const asked = done.is === 'done' ? done.verdict.code : '';
  dispatch({ is: 'learned', id: thing.id, facts: { bundle, asked } });
  await tell(dispatch, thing, done);
}
