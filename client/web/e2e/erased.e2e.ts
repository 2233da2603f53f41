// The page says what was erased, by whom and why, and distinguishes it from what is withheld.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { CAN, NODE, PATH, Stage, assertAccessible, assertQuiet, inBundles, settled, shot, textOf } from './stage.js';

const DEMO = process.env['SUYUAN_DEMO']!;
const LABEL = 'commitments to buyer and consignee';

let stage: Stage;
let place = ''; // "27/0"
before(async () => {
  stage = await Stage.set();
  place = await orderPlace();
  erase();
});
after(() => stage.strike());

interface Traced {
  trace: { steps: { leaf: number; event: number; step: string }[] };
}

/** Where the shop's order stands in the log. */
async function orderPlace(): Promise<string> {
  const answer = await fetch(`${NODE}/v1/codes/${encodeURIComponent(CAN)}/trace?limit=1000`);
  const { trace } = (await answer.json()) as Traced;
  const { leaf, event } = trace.steps.find(({ step }) => step === 'ordering')!;
  return `${leaf}/${event}`;
}

/** The buyer has taken back consent, and the shop has the names erased. Ends once it is published. */
function erase(): void {
  const key = join(DEMO, 'keys/cn-ebp.key');
  const what = ['--part', LABEL, '--ground', 'consent_withdrawn', '--key', key];
  execFileSync(process.env['SUYUAN_CLIENT']!, ['erase', place, ...what]);
}

const SAYS = {
  'zh-CN': [/已删除的内容/, /由 .+ 于 2\d{3}年.+签名删除：同意已撤回/, /密封，仅供海关查看/],
  'en-GB': [/What was erased/, /Erased by .+ 2\d{3}.*: consent withdrawn/, /sealed, only for customs/],
} as const;

test('an erased part is told with who had it erased and why, and a sealed one as sealed', async () => {
  for (const language of ['zh-CN', 'en-GB'] as const) {
    for (const [width, dark] of [[360, false], [1280, true]] as const) {
      const seen = await stage.look(PATH, { language, width, dark });
      const { page } = seen;
      const [title, by, sealed] = SAYS[language];
      const list = await textOf(page, '.erased-list');
      assert.match(list, title);
      assert.match(list, by);
      assert.ok(list.includes(LABEL), list);
      const stop = page.locator('.stop', { has: page.locator('summary .erased-mark') });
      assert.equal(await stop.count(), 1);
      await stop.locator('summary').click();
      await stop.locator('.sealed.erased').waitFor();
      assert.match(await stop.locator('.sealed.erased').innerText(), by);
      assert.match(await textOf(page, '.sealed:not(.erased)'), sealed);
      // The rest stands as it did.
      assert.match(await textOf(page, '.check.done'), /(\d+) (of \1 signatures valid|个签名全部有效)/);
      await page.locator('.check summary').click();
      assert.match(await textOf(page, '.check'), /1 (个密封部分被删除|sealed part erased)/);
      await shot(page, `erased-${language}-${width}${dark ? '-dark' : ''}`);
      assertQuiet(seen, stage.proxy.base);
      await assertAccessible(page, `erased at ${width}`);
      await page.context().close();
    }
  }
});

test('of a statement that is not public, too, it is told what was erased', async () => {
  const [leaf] = place.split('/').map(Number);
  stage.proxy.meddle = inBundles(({ events }) => {
    for (const one of events) if (one.leaf === leaf) one.payload = 'withheld';
  });
  try {
    const { page } = await stage.look(PATH, { width: 360 });
    const said = await textOf(page, '.withheld');
    assert.match(said, /1 sealed part of it erased/);
    assert.match(said, SAYS['en-GB'][1]);
    assert.equal(await page.locator('.erased-list').count(), 0);
    await shot(page, 'erased-withheld');
    await page.context().close();
  } finally {
    stage.proxy.meddle = null;
  }
});

test('a saved proof says what was erased, without the node', async () => {
  const bundle = await fetch(`${NODE}/v1/codes/${encodeURIComponent(CAN)}/bundle`);
  const { page } = await stage.look(PATH); // The rules are learnt here.
  await page.evaluate(() => navigator.serviceWorker.ready);
  stage.proxy.offline = true;
  try {
    await page.goto(`${stage.proxy.base}/`);
    await page.locator('input[type=file]').setInputFiles({
      name: 'can.suyuan.json',
      mimeType: 'application/json',
      buffer: Buffer.from(await bundle.arrayBuffer()),
    });
    await settled(page);
    assert.match(await textOf(page, '.verdict'), /Journey proven, scan history not/);
    assert.match(await textOf(page, '.erased-list'), /consent withdrawn/);
    await shot(page, 'erased-saved');
  } finally {
    stage.proxy.offline = false;
  }
  await page.context().close();
});
