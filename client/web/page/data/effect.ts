// Which statements change a thing's state (docs/state.md, Custody), as far as what was verified
// shows it. Anybody may state that another's goods were destroyed: that alone ends nothing.
import type { Item } from '../../verify/event_schema.js';
import { isTransportUnit, partsOf } from './codes.js';
import { isClassCode } from './conclusion.js';
import type { Statement } from './journey.js';
import { broughtBy } from './making.js';
import { partyNamed, rolesOf } from './registry.js';
import type { ProvenRegistry } from './registry.js';
import type { Told } from './story.js';
import { bare } from './words.js';

/**
 * Why a statement counts: by what the registry proves of its party, or because its party held the
 * thing. Unclear: who held the thing is not shown. None: somebody else is shown to have held it.
 */
export type Right = 'registry' | 'holder' | 'unclear' | 'none';

const SUPERVISORS = ['customs', 'market_supervision', 'competent_authority'];
const CONSUMER = 'consumer';
const ENDING_STEPS = ['destroying', 'decommissioning'];
// Whether `inactive` is too, the node's policy says (docs/scans.md).
const RETIRED = ['sampled', 'destroyed', 'disposed'];
const RECALLED = 'recalled';

/** Of the thing, or of what it is in. Trade and statements about a whole lot change no thing. */
const isAbout = ({ relation, what, withdrawn }: Statement): boolean =>
  (relation === 'own' || relation === 'container') &&
  !withdrawn &&
  what.error === null &&
  !what.wholeLot &&
  what.type !== 'transaction';

const isSupervisor = ({ what, party }: Statement, { parties }: ProvenRegistry): boolean =>
  what.kind === 'inspection' &&
  rolesOf(parties.get(party)).some((role) => SUPERVISORS.includes(role));

/** The system operator opens a delivered parcel for the buyer (decision 29). */
const activates = ({ what, party }: Statement, { parties }: ProvenRegistry): boolean =>
  bare(what.step) === 'activating' && rolesOf(parties.get(party)).includes('system_operator');

/** Not the GLN of a place, which stands for a party that no bundle proves. */
const isParty = (holder: string): boolean => /^[a-z0-9.-]+$/.test(holder);

/** By which right each statement changes the thing; `isWhole`: nothing is withheld or cut. */
export function rightsOf(
  statements: Statement[],
  code: string,
  registry: ProvenRegistry,
  isWhole: boolean,
): Map<Statement, Right> {
  const owners = [registry.product?.owner, registry.product?.recallAgent];
  const holders = (list: { type: string; id: string }[]): string[] =>
    list
      .filter(({ type }) => bare(type) === 'possessing_party')
      .map(({ id }) => partyNamed(id, registry));
  const rights = new Map<Statement, Right>();
  const about = statements.filter(isAbout);
  const [making] = about
    .filter(({ relation, what }) => relation === 'own' && broughtBy(what).includes(code))
    .sort((a, b) => a.leaf - b.leaf || a.event - b.event); // The first recorded: dates can lie.
  let holder = ''; // Not shown yet.
  let seller = ''; // From whom the consumer has it.
  for (const one of about) {
    const { party, what } = one;
    const to = holders(what.destinations)[0] ?? '';
    const makes = holder === '' && one === making;
    const owns = owners.includes(party);
    const takesBack = holder === CONSUMER && (party === seller || owns || activates(one, registry));
    const from = holder === CONSUMER ? seller : holder; // A return names the seller.
    const given = from !== '' && holders(what.sources).includes(from);
    const holds = makes || party === holder || takesBack || (given && party === to);
    const supervises = isSupervisor(one, registry);
    if (supervises || owns) rights.set(one, 'registry');
    else if (!isWhole || (!holds && !isParty(holder))) rights.set(one, 'unclear');
    else rights.set(one, holds ? 'holder' : 'none');
    if (!holds && !supervises) continue;
    if (makes) holder = party;
    if (to === CONSUMER && holder !== CONSUMER) seller = holder;
    if (to !== '') holder = to;
  }
  return rights;
}

/** A part of what is counted may end without the rest. */
const isCounted = ({ code, quantity }: Item): boolean =>
  quantity !== null && partsOf(code).serial === null && !isTransportUnit(code);

/** As Statement::ends of the ledger, or used up as an input. */
function ends({ relation, what }: Statement, code: string): boolean {
  const names = (items: Item[]): boolean =>
    items.some((item) => item.code === code && !isCounted(item));
  if (relation !== 'own') return false;
  if (names(what.inputs)) return true;
  const ending = what.action === 'DELETE' || ENDING_STEPS.includes(bare(what.step));
  return what.type === 'object' && ending && names(what.objects);
}

/** Of the thing; that of what it is in holds for it too. */
function dispositionOf({ what, about }: Statement): string {
  const items = [...what.objects, ...what.children, ...what.outputs];
  const named = what.parent === about || items.some(({ code }) => code === about);
  return named ? bare(what.disposition) : '';
}

const counts = ({ right }: Told): boolean => right === 'registry' || right === 'holder';

export interface Ending {
  ended: Told | null; // States that the thing no longer exists.
  calledBack: Told | null; // Its state is "recalled".
  remarks: Told[]; // Would end or recall it, by parties that are not shown to have held it.
}

export function endingOf(told: Told[], code: string): Ending {
  const about = isClassCode(code) ? [] : told.filter(isAbout);
  const end = about.filter((one) => counts(one) && ends(one, code)).pop();
  // Whoever is shown not to hold the thing gives it no state; who may hold it, may.
  const last = about.filter((one) => one.right !== 'none' && dispositionOf(one) !== '').pop();
  const state = last && counts(last) ? dispositionOf(last) : '';
  const spoils = (one: Told): boolean =>
    ends(one, code) || [...RETIRED, RECALLED].includes(dispositionOf(one));
  return {
    ended: end ?? (last && RETIRED.includes(state) ? last : null),
    calledBack: last && state === RECALLED ? last : null,
    remarks: about.filter((one) => !counts(one) && spoils(one)),
  };
}
