// What the page tells of a proven bundle.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conclusionOf } from '../page/data/conclusion.js';
import type { Conclusion } from '../page/data/conclusion.js';
import { gradeOf, involvedIn } from '../page/data/grade.js';
import { journeyOf } from '../page/data/journey.js';
import type { Statement } from '../page/data/journey.js';
import { Naming } from '../page/data/naming.js';
import { gatewaysOf, storyOf } from '../page/data/story.js';
import { newThing } from '../page/state.js';
import type { Thing } from '../page/state.js';
import type { TraceEvent } from '../verify/index.js';
import { honest, ledgerWith, verify } from './judging.js';
import { event, item, ofEvent, partyData } from './ledger.js';
import { COSIGNED, LOT, OTHER, PALLET, REACH, UNIT, unitBundle } from './scenario.js';

const UTC = (text: string): bigint => BigInt(Date.parse(text));
const stated = (value: Partial<TraceEvent>) => ofEvent(event(value));

async function proven(ledger = honest) {
  const verdict = await verify(unitBundle(ledger));
  assert.notEqual(verdict.verdict, 'REFUSED', JSON.stringify(verdict.refusal));
  return storyOf(verdict);
}

test('the journey begins with the milk and holds what happened to the unit', async () => {
  const story = await proven();
  assert.equal(story.told[0]!.what.kind, 'origin');
  assert.equal(story.told[0]!.relation, 'ancestor');
  assert.ok(story.told.some(({ relation }) => relation === 'own'));
  assert.equal(story.lot, LOT);
  assert.ok(!story.told.some(({ step }) => step === 'storing'), 'that was of a sister unit');
});

test('a party that is named by its GLN has its name, and else that of the site', async () => {
  const story = await proven();
  const party = { ...partyData('north', ['logistics']), gln: '9521107000003' };
  const registry = { ...story.registry, parties: new Map([['north', party]]) };
  const sites = { '9521104000013': { name: 'Works' } };
  const names = { parties: {}, products: {}, sites };
  const naming = new Naming({ ...story, registry }, names, 'en');
  assert.equal(naming.party('https://id.gs1.org/417/9521107000003'), 'Name of north');
  assert.equal(naming.party('https://id.gs1.org/414/9521104000013'), 'Works');
  assert.equal(naming.party('https://id.gs1.org/417/9521108000002'), '9521108000002');
});

test('a statement through a gateway names it, and one with a co-signer is confirmed', async () => {
  const story = await proven();
  assert.equal(story.told[0]!.signer, 'gate.way');
  const made = story.told.find(({ what }) => what.type === 'transformation')!;
  assert.equal(made.grade, 'confirmed');
  assert.equal(story.told[0]!.grade, 'self');
});

test('who is a laboratory or an authority is that for inspections only', async () => {
  const { told, registry } = await proven();
  const inspection = { ...told[0]!.what, kind: 'inspection' as const, sensors: [] };
  const graded = (role: string, kind: TraceEvent['kind'], more: Partial<Statement> = {}): string => {
    const parties = new Map([[told[0]!.party, partyData(told[0]!.party, ['farm', role])]]);
    const one = { ...told[0]!, what: { ...inspection, kind }, with: [], ...more };
    return gradeOf(one, { ...registry, parties }, new Map(), new Set());
  };
  for (const role of ['lab', 'customs', 'market_supervision', 'competent_authority']) {
    const right = role === 'lab' ? 'third' : 'authority';
    assert.equal(graded(role, 'inspection'), right, role);
    for (const kind of ['origin', 'supply', 'logistics', 'transaction'] as const) {
      assert.equal(graded(role, kind), 'self', `${role} ${kind}`);
      assert.equal(graded(role, kind, { with: ['other'] }), 'confirmed', `${role} ${kind}`);
    }
  }
});

test('who makes, moves or sells the goods is not independent in inspecting them', async () => {
  const { told, registry } = await proven();
  const made = { ...told[0]!, with: [], signer: null };
  const { party } = made;
  const what = { ...made.what, kind: 'inspection' as const, sensors: [] };
  const inspected: Statement = { ...made, what };
  const graded = (role: string, others: Statement[]): string => {
    const parties = new Map([[party, partyData(party, ['producer', role])]]);
    const involved = involvedIn([inspected, ...others]);
    return gradeOf(inspected, { ...registry, parties }, new Map(), involved);
  };
  for (const [role, right] of [['lab', 'third'], ['customs', 'authority']] as const) {
    assert.equal(graded(role, []), right);
    assert.equal(graded(role, [{ ...made, party: 'another' }]), right, "another's goods");
    assert.equal(graded(role, [{ ...made, withdrawn: true }]), right, 'withdrawn');
    for (const kind of ['origin', 'supply', 'logistics', 'transaction'] as const) {
      const own = { ...made, what: { ...made.what, kind } };
      assert.equal(graded(role, [own]), 'self', `${role} ${kind}`);
    }
  }
});

test('a laboratory that took the milk in is no third party in testing it', async () => {
  const ledger = ledgerWith((one) => {
    one.register('mill', ['lab', 'supplier']);
    one.post('mill', [
      stated({ kind: 'inspection', step: 'inspecting', wholeLot: true, objects: [item(LOT)] }),
      stated({ kind: 'supply', step: 'storing', wholeLot: true, objects: [item(LOT)] }),
    ]);
  });
  const grades = (await proven(ledger)).told.filter(({ party }) => party === 'mill');
  assert.deepEqual(grades.map(({ grade }) => grade), ['self', 'self']);
});

test('a stop names the gateways through which it was stated, each once', async () => {
  const [stop] = (await proven()).stops;
  assert.deepEqual(gatewaysOf(stop!), ['gate.way']);
  assert.deepEqual(gatewaysOf({ ...stop!, told: [...stop!.told, ...stop!.told] }), ['gate.way']);
  const own = stop!.told.map((one) => ({ ...one, signer: null }));
  assert.deepEqual(gatewaysOf({ ...stop!, told: own }), []);
});

test('what happened to a pallet counts only while the unit was on it', async () => {
  const at = (day: number): Partial<TraceEvent> => ({ eventTime: UTC(`2026-07-0${day}T00:00:00Z`) });
  const pallet: Partial<TraceEvent> = { ...at(3), objects: [item(PALLET)], kind: 'logistics' };
  const ledger = ledgerWith((one) => {
    one.post('nz-mfr', [
      stated({ ...pallet, step: 'departing' }),
      stated({
        ...at(4), kind: 'logistics', type: 'aggregation', action: 'DELETE', step: 'unpacking',
        parent: PALLET, children: [item(UNIT)],
      }),
      stated({ ...pallet, ...at(5), step: 'arriving' }),
    ]);
  });
  const steps = (await proven(ledger)).told.map(({ step }) => step);
  assert.ok(steps.includes('departing') && steps.includes('unpacking'), steps.join());
  assert.ok(!steps.includes('arriving'), 'the unit had left the pallet');
});

test('a recall of the lot is found, and is stricter than the node', async () => {
  const ledger = ledgerWith((one) => {
    one.register('xm-customs', ['customs']);
    one.post('xm-customs', [
      stated({ kind: 'inspection', step: 'recalling', wholeLot: true, objects: [item(LOT)] }),
    ]);
  });
  const verdict = await verify(unitBundle(ledger));
  assert.equal(verdict.refusal, null);
  const story = storyOf(verdict);
  assert.equal(story.recalls.length, 1);
  assert.equal(story.recalls[0]!.grade, 'authority');
  const thing: Thing = {
    ...newThing(UNIT, 'link'),
    check: { is: 'done', verdict, compared: 'same', sameCode: true },
    story,
    answer: { head: {}, verdict: 'GENUINE_FIRST_SCAN' },
  };
  const conclusion = conclusionOf(thing);
  assert.equal(conclusion.verdict, 'RECALLED');
  assert.ok(conclusion.byProof);
  const retired = conclusionOf({ ...thing, answer: { head: {}, verdict: 'CODE_RETIRED' } });
  assert.equal(retired.verdict, 'CODE_RETIRED', "the node's verdict is stricter still");
});

test('a good verdict counts only once this phone has checked the proof', async () => {
  const verdict = await verify(unitBundle(honest));
  const problem = { is: 'problem', status: 503, code: '', detail: '' } as const;
  const title = { zh: '正品', en: 'Genuine' };
  for (const said of ['GENUINE_OWNER', 'GENUINE_FIRST_SCAN', 'GENUINE_REPEAT', 'CERTAINLY_GENUINE']) {
    const asked: Thing = { ...newThing(UNIT, 'link'), answer: { head: {}, verdict: said, title } };
    const nothing = { verdict: null, answer: null, tone: 'plain', counted: false };
    const running = conclusionOf(asked);
    assert.deepEqual({ ...running, ...nothing, waiting: true }, running, `${said}, running`);
    const impossible = conclusionOf({ ...asked, check: { is: 'impossible', problem } });
    assert.deepEqual({ ...impossible, ...nothing, waiting: false }, impossible, `${said}, impossible`);
    const check = { is: 'done', verdict, compared: 'same', sameCode: true } as const;
    const done = conclusionOf({ ...asked, check, story: storyOf(verdict) });
    assert.equal(done.verdict, said);
    assert.equal(done.waiting, false);
  }
});

test('a warning by the node does not wait for the proof', () => {
  for (const said of ['UNKNOWN_CODE', 'CODE_RETIRED', 'RECALLED', 'NOT_FOR_SALE', 'CLONE_SUSPECT']) {
    const asked: Thing = { ...newThing(UNIT, 'link'), answer: { head: {}, verdict: said } };
    assert.equal(conclusionOf(asked).verdict, said);
    assert.equal(conclusionOf(asked).waiting, false);
  }
});

test('a lot or pallet is not judged as if it were one item, but warnings about it are', async () => {
  const verdict = await verify(unitBundle(honest));
  const story = storyOf(verdict);
  const check = { is: 'done', verdict, compared: 'same', sameCode: true } as const;
  const toneOf = (code: string, said: string, reason: string): [string, boolean] => {
    const reasons = [{ code: reason, text: { zh: '', en: '' } }];
    const answer = { head: {}, verdict: said, reasons };
    const one = conclusionOf({ ...newThing(code, 'link'), check, story: { ...story, code }, answer });
    return [one.tone, one.journeyOnly];
  };
  for (const code of [LOT, PALLET, 'urn:epc:id:bic:ZZZU2606178']) {
    assert.deepEqual(toneOf(code, 'NOT_FOR_SALE', 'DISPOSITION'), ['plain', true], code);
    assert.deepEqual(toneOf(code, 'INCOMPLETE_CHAIN', 'STEP_MISSING'), ['plain', true], code);
    assert.deepEqual(toneOf(code, 'INCOMPLETE_CHAIN', 'FLAGGED'), ['caution', false], code);
    assert.deepEqual(toneOf(code, 'RECALLED', 'RECALLED'), ['bad', false], code);
  }
  assert.deepEqual(toneOf(LOT, 'GENUINE_REPEAT', 'LOT_CODE'), ['good', false]);
  assert.deepEqual(toneOf(PALLET, 'GENUINE_FIRST_SCAN', 'FIRST_SCAN'), ['plain', true]);
  assert.deepEqual(toneOf(UNIT, 'INCOMPLETE_CHAIN', 'STEP_MISSING'), ['caution', false]);
});

test('a label that names another lot than the proof is not called genuine', async () => {
  const verdict = await verify(unitBundle(honest));
  const check = { is: 'done', verdict, compared: 'same', sameCode: true } as const;
  const answer = { head: {}, verdict: 'GENUINE_FIRST_SCAN' };
  const labelled = (lot: string): Conclusion =>
    conclusionOf({
      ...newThing(UNIT.replace('/21/', `/10/${lot}/21/`), 'link'),
      check,
      story: storyOf(verdict),
      answer,
    });
  assert.deepEqual(labelled('WRONG').otherLot, { label: 'WRONG', lot: 'L2606A' });
  assert.equal(labelled('WRONG').tone, 'caution');
  assert.equal(labelled('L2606A').otherLot, null);
  assert.equal(labelled('L2606A').tone, 'good');
  assert.deepEqual([labelled('WRONG').isOtherLot, labelled('L2606A').isOtherLot], [true, false]);
});

test('a warning keeps its own title and advice if the label names another lot too', async () => {
  const verdict = await verify(unitBundle(honest));
  const check = { is: 'done', verdict, compared: 'same', sameCode: true } as const;
  const label = newThing(UNIT.replace('/21/', '/10/WRONG/21/'), 'link');
  for (const said of ['RECALLED', 'CODE_RETIRED', 'CLONE_SUSPECT', 'NOT_FOR_SALE']) {
    const answer = { head: {}, verdict: said };
    const warned = conclusionOf({ ...label, check, story: storyOf(verdict), answer });
    assert.equal(warned.verdict, said);
    assert.deepEqual(warned.otherLot, { label: 'WRONG', lot: 'L2606A' }, said);
    assert.equal(warned.isOtherLot, false, said);
  }
});

test('a place or a document is not called a bad product', () => {
  const reasons = [{ code: 'NOT_GOODS', text: { zh: '', en: '' } }];
  const asked = newThing('https://id.gs1.org/414/9521104000013', 'link');
  const place = conclusionOf({ ...asked, answer: { head: {}, verdict: 'UNKNOWN_CODE', reasons } });
  assert.deepEqual([place.tone, place.notGoods], ['plain', true]);
  for (const code of [
    '(414)9521104000013',
    'https://node.example/414/9521104000013/254/A1',
    'urn:x-suyuan:order:9521206000003:KP20260803000017',
    'urn:epcglobal:cbv:bt:9521206000003:77',
  ]) {
    const named = conclusionOf({
      ...newThing(code, 'link'),
      answer: { head: {}, verdict: 'UNKNOWN_CODE', reasons },
    });
    assert.equal(named.notGoods, true, code);
  }
  const never = conclusionOf({ ...asked, answer: { head: {}, verdict: 'UNKNOWN_CODE' } });
  assert.deepEqual([never.tone, never.notGoods], ['bad', false]);
});

test('a node cannot call the code of an item or a pallet no goods, and so soften an unknown code', () => {
  const reasons = [{ code: 'NOT_GOODS', text: { zh: '', en: '' } }];
  const answer = { head: {}, verdict: 'UNKNOWN_CODE', reasons };
  const label = '(01)09521104301011(21)3BGEJEE2QM52';
  const spellings = [
    'urn:epc:id:sgtin:9521104.030101.3BGEJEE2QM52',
    'https://id.gs1.org/gtin/09521104301011/ser/3BGEJEE2QM52',
    ']Q1https://id.gs1.org/01/09521104301011/21/3BGEJEE2QM52',
    '010952110430101121ABC\x1d3103000900',
    'https://shop.example/414/01/09521104301011/21/3BGEJEE2QM52',
  ];
  for (const code of [UNIT, LOT, PALLET, label, 'urn:epc:id:bic:ZZZU2606178', ...spellings]) {
    const unknown = conclusionOf({ ...newThing(code, 'link'), answer });
    assert.deepEqual([unknown.tone, unknown.notGoods], ['bad', false], code);
  }
});

test('what was withdrawn leads nowhere', async () => {
  const packed: Partial<TraceEvent> & { parent: string } = {
    eventId: 'urn:example:1', kind: 'logistics', type: 'aggregation', action: 'ADD',
    parent: 'https://id.gs1.org/00/395211040000010020', children: [item(UNIT)],
    eventTime: UTC('2026-07-01T00:00:00Z'),
  };
  const ledger = ledgerWith((one) => {
    one.post('nz-mfr', [stated(packed)]);
    one.post('nz-mfr', [
      stated({
        ...packed,
        error: { declared: UTC('2026-07-02T00:00:00Z'), declaredOffset: 0, reason: 'incorrect_data', correctiveIds: [] },
      }),
    ]);
  });
  const bundle = ledger.bundle(UNIT, [...REACH, packed.parent], COSIGNED);
  const story = storyOf(await verify(bundle));
  const told = story.told.filter(({ what }) => what.eventId === packed.eventId);
  assert.deepEqual(told.map(({ withdrawn }) => withdrawn), [true, false]);
});

test('a journey of nothing is empty', () => {
  assert.deepEqual(journeyOf(OTHER, []), []);
});
