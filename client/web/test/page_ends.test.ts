// Whose word the page takes for a thing's end, recall, picture and origin.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conclusionOf, isKnownUnrecalled } from '../page/data/conclusion.js';
import { Naming } from '../page/data/naming.js';
import { recallLines } from '../page/data/recall.js';
import type { Product } from '../page/data/registry.js';
import { storyOf } from '../page/data/story.js';
import type { Story } from '../page/data/story.js';
import { newThing } from '../page/state.js';
import type { TraceEvent, Verdict } from '../verify/index.js';
import { ledgerWith, verify } from './judging.js';
import { event, item, ofEvent } from './ledger.js';
import type { Ledger } from './ledger.js';
import { LOT, MILK, OTHER, UNIT, unitBundle } from './scenario.js';

type Statement = Partial<TraceEvent>;

const stated = (value: Statement) => ofEvent(event(value));
const unit: Statement = { kind: 'logistics', objects: [item(UNIT)] };
const post = (ledger: Ledger, party: string, value: Statement): number =>
  ledger.post(party, [stated(value)]);
const held = (id: string) => [{ type: 'possessing_party', id }];
const party = (id: string) => held(`urn:suyuan:party:${id}`);

/** Every way to state that a unit is no more. */
const ENDS: Statement[] = [
  { ...unit, step: 'destroying' },
  { ...unit, step: 'decommissioning' },
  { ...unit, action: 'DELETE' },
  { type: 'transformation', action: 'none', inputs: [item(UNIT)], outputs: [item(OTHER)] },
  ...['sampled', 'destroyed', 'disposed'].map((disposition) => ({
    ...unit,
    step: 'storing',
    disposition,
  })),
];

const product: Product = {
  gtin: '09521104301011',
  name: 'Infant formula',
  owner: 'brand',
  shelfLifeDays: 0,
  containedCount: 0,
  nameZh: '',
  brand: '',
  licensees: [],
  uom: '',
  netKg: null,
  hs: '',
  containedGtin: '',
  recallAgent: 'recaller',
  sellers: [],
  requiredSteps: [],
};

/** A ledger with a rival, a customs office, and a product that is not its maker's. */
function ledgerOf(write: (ledger: Ledger) => void): Ledger {
  return ledgerWith((one) => {
    one.register('rival', ['seller', 'manufacturer']);
    one.register('brand', ['seller']);
    one.register('recaller', ['recall_agent']);
    one.register('xm-customs', ['customs']);
    one.act('cn-samr', { is: 'registerProduct', value: product });
    write(one);
  });
}

async function judged(bundle: unknown): Promise<[Story, Verdict]> {
  const verdict = await verify(bundle);
  assert.notEqual(verdict.verdict, 'REFUSED', JSON.stringify(verdict.refusal));
  return [storyOf(verdict), verdict];
}

const told = (write: (ledger: Ledger) => void): Promise<[Story, Verdict]> =>
  judged(unitBundle(ledgerOf(write)));

/** What the page says where the node calls the unit genuine. */
function shown([story, verdict]: [Story, Verdict]): string | null {
  const check = { is: 'done', verdict, compared: 'same', sameCode: true } as const;
  const answer = { head: {}, verdict: 'GENUINE_FIRST_SCAN' };
  return conclusionOf({ ...newThing(UNIT, 'link'), check, story, answer }).verdict;
}

test('a stranger ends and recalls nothing, and what it said is remarked', async () => {
  for (const end of [...ENDS, { ...unit, step: 'storing', disposition: 'recalled' }]) {
    const found = await told((one) => post(one, 'rival', end));
    assert.equal(shown(found), 'GENUINE_FIRST_SCAN', JSON.stringify(found[0].ended?.what.step));
    assert.deepEqual(found[0].remarks.map((one) => one.party), ['rival']);
  }
});

test('an end is followed, however it is stated, by whom it may come from', async () => {
  for (const end of ENDS) {
    for (const who of ['nz-mfr', 'brand', 'recaller']) {
      const found = await told((one) => post(one, who, end));
      assert.equal(shown(found), 'CODE_RETIRED', `${who}: ${end.step} ${end.disposition}`);
      assert.deepEqual(found[0].remarks, []);
    }
  }
  const found = await told((one) =>
    post(one, 'xm-customs', { ...unit, kind: 'inspection', step: 'destroying' }),
  );
  assert.equal(shown(found), 'CODE_RETIRED', 'a supervisor');
});

test('a unit that its holder has as recalled is recalled, though the node is milder', async () => {
  const found = await told((one) => post(one, 'nz-mfr', { ...unit, disposition: 'recalled' }));
  assert.equal(shown(found), 'RECALLED');
  assert.equal(found[0].calledBack?.party, 'nz-mfr');
  assert.equal(isKnownUnrecalled(found[0], null), false);
});

test('a state that was left again ends nothing', async () => {
  const found = await told((one) => {
    post(one, 'nz-mfr', { ...unit, disposition: 'disposed' });
    post(one, 'nz-mfr', { ...unit, disposition: 'active' });
  });
  assert.equal(shown(found), 'GENUINE_FIRST_SCAN');
});

test('who was handed the unit may end it, and who handed it on may not', async () => {
  const handed = { ...unit, step: 'shipping', destinations: party('gate.way') };
  const by = (who: string) =>
    told((one) => {
      post(one, 'nz-mfr', handed);
      post(one, who, ENDS[0]!);
    });
  assert.equal(shown(await by('gate.way')), 'CODE_RETIRED');
  const found = await by('nz-mfr');
  assert.equal(shown(found), 'GENUINE_FIRST_SCAN');
  assert.deepEqual(found[0].remarks.map((one) => one.party), ['nz-mfr']);
});

test('who names itself as the receiver has the unit only from whom it was', async () => {
  const by = (giver: string) =>
    told((one) => {
      const taken = { ...unit, sources: party(giver), destinations: party('rival') };
      post(one, 'rival', { ...taken, step: 'receiving' });
      post(one, 'rival', ENDS[0]!);
    });
  assert.equal(shown(await by('nz-mfr')), 'CODE_RETIRED');
  assert.equal(shown(await by('rival')), 'GENUINE_FIRST_SCAN');
});

test('what a consumer holds is ended only by whom the consumer has it from', async () => {
  const by = (who: string) =>
    told((one) => {
      post(one, 'nz-mfr', { ...unit, step: 'delivering', destinations: held('consumer') });
      post(one, who, ENDS[0]!);
    });
  assert.equal(shown(await by('nz-mfr')), 'CODE_RETIRED');
  assert.equal(shown(await by('rival')), 'GENUINE_FIRST_SCAN');
});

test('a stranger holds nothing by a date before the making', async () => {
  const found = await told((one) => {
    post(one, 'rival', { ...unit, kind: 'origin', action: 'ADD', eventTime: 1n });
    post(one, 'rival', { ...ENDS[0]!, eventTime: 2n });
  });
  assert.equal(shown(found), 'GENUINE_FIRST_SCAN');
});

test('the system operator, who opens a sold parcel, gives the unit its state', async () => {
  const found = await told((one) => {
    one.register('operator', ['system_operator']);
    post(one, 'nz-mfr', { ...unit, disposition: 'disposed' });
    post(one, 'nz-mfr', { ...unit, step: 'delivering', destinations: held('consumer') });
    const kind = 'transaction';
    post(one, 'operator', { ...unit, kind, step: 'activating', disposition: 'retail_sold' });
  });
  assert.equal(shown(found), 'GENUINE_FIRST_SCAN');
});

test('where a statement is withheld, who held the unit is not known', async () => {
  const by = (who: string, end: Statement) => {
    let hidden = 0;
    const ledger = ledgerOf((one) => {
      hidden = post(one, 'nz-mfr', { ...unit, step: 'storing' });
      post(one, who, end);
    });
    const bundle = unitBundle(ledger);
    bundle.events.find(({ leaf }) => leaf === hidden)!.payload = 'withheld';
    return judged(bundle);
  };
  const found = await by('nz-mfr', ENDS[0]!);
  assert.equal(shown(found), 'GENUINE_FIRST_SCAN', 'it may have been handed on');
  assert.equal(found[0].remarks.length, 1);
  assert.equal(shown(await by('brand', ENDS[0]!)), 'CODE_RETIRED');
  assert.equal(isKnownUnrecalled(found[0], 'GENUINE_FIRST_SCAN'), false, 'it may be a recall');
});

test('"no recall" is said only where neither the proof nor the node knows of one', async () => {
  const [story] = await told(() => {});
  assert.equal(isKnownUnrecalled(story, 'GENUINE_FIRST_SCAN'), true);
  assert.equal(isKnownUnrecalled(story, 'RECALLED'), false);
});

test('a recall that only the node knows of, or only a holder, is told as such', async () => {
  const names = { sites: {}, products: {}, parties: {} };
  const [none] = await told(() => {});
  const [holders] = await told((one) => post(one, 'nz-mfr', { ...unit, disposition: 'recalled' }));
  const said = (story: Story): string => recallLines(story, new Naming(story, names, 'en')).join();
  assert.match(said(none), /^The server says/);
  assert.match(said(holders), /^Name of nz-mfr states that it is recalled/);
});

test('a report and a recall through a gateway name it', async () => {
  const names = { sites: {}, products: {}, parties: {} };
  const report = { number: 'R1', type: 'lab_report', sha256: null, size: 0n };
  const about: Statement = { kind: 'inspection', wholeLot: true, objects: [item(LOT)] };
  const values = [
    { ...about, step: 'inspecting', documents: [{ ...report, mediaType: '', issuer: '' }] },
    { ...about, step: 'recalling' },
  ];
  const [story] = await told((one) => {
    const signing = { signer: 'gate.way', with: ['nz-lab'] };
    one.post('nz-farm', values.map(stated), signing);
  });
  const naming = new Naming(story, names, 'en');
  const through = 'stated through Name of gate.way, Name of nz-lab signed too';
  assert.equal(naming.signed(story.reports[0]!.told), `Name of nz-farm, ${through}`);
  const [recall] = recallLines(story, naming);
  assert.match(recall!, new RegExp(`^Issued by Name of nz-farm, .*${through}$`));
  const chinese = new Naming(story, names, 'zh');
  const [recalled] = story.recalls;
  assert.match(chinese.signed(recalled!), /^Name of nz-farm，经 Name of gate\.way 代为提交，/);
});

test('a withheld statement through a gateway names it', async () => {
  let leaf = 0;
  const ledger = ledgerOf((one) => {
    leaf = one.post('nz-farm', [stated(unit)], { signer: 'gate.way' });
  });
  const bundle = unitBundle(ledger);
  bundle.events.find((one) => one.leaf === leaf)!.payload = 'withheld';
  const [{ withheld }] = await judged(bundle);
  assert.deepEqual([withheld[0]!.party, withheld[0]!.signer], ['nz-farm', 'gate.way']);
});

test('a recall that its party withdrew is none', async () => {
  const recall: Statement = {
    eventId: 'urn:example:recall',
    kind: 'inspection',
    step: 'recalling',
    wholeLot: true,
    objects: [item(LOT)],
  };
  const error = { declared: 1_780_000_000_000n, declaredOffset: 0, reason: '', correctiveIds: [] };
  const found = await told((one) => {
    post(one, 'xm-customs', recall);
    post(one, 'xm-customs', { ...recall, error });
  });
  assert.equal(shown(found), 'GENUINE_FIRST_SCAN');
});

test('a picture is that of the owner or the maker, whoever states one before', async () => {
  const picture = (byte: number): Statement => ({
    step: 'labelling',
    wholeLot: true,
    objects: [item(LOT)],
    documents: [
      {
        number: 'front',
        type: 'product_picture',
        sha256: new Uint8Array(32).fill(byte),
        size: 0n,
        mediaType: 'image/webp',
        issuer: '',
      },
    ],
  });
  for (const who of ['brand', 'nz-mfr']) {
    const [{ picture: found }] = await told((one) => {
      post(one, 'rival', picture(1));
      post(one, 'rival', picture(2));
      post(one, who, picture(2));
    });
    assert.deepEqual([found?.sha256, found?.told.party], ['02'.repeat(32), who]);
  }
  const [none] = await told((one) => post(one, 'rival', picture(1)));
  assert.equal(none.picture, null);
});

test('an origin is of who made what the unit comes from, a date of who made the unit', async () => {
  const date = { depth: 0, kind: 'text' as const, name: 'productionDate', value: '2020-01-01' };
  const [{ origins, made }] = await told((one) => {
    post(one, 'rival', { kind: 'origin', objects: [item(UNIT)] });
    post(one, 'rival', { kind: 'origin', wholeLot: true, objects: [item(MILK)] });
    const sold: Statement = { type: 'transaction', kind: 'transaction', action: 'ADD' };
    post(one, 'rival', { ...sold, objects: [item(LOT)], extensions: [date] });
  });
  assert.deepEqual(origins.map((one) => one.party), ['nz-farm']);
  assert.equal(made.production, null);
});
