// The consumer's page in a browser, against a node that holds the scenario.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { CAN, NODE, PATH, Stage, assertQuiet, settled, shot, textOf } from './stage.js';

const CLASS = '/01/09521104301011';

let stage: Stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage.strike());

test('a can is shown at its Digital Link, checked on this device, in both languages', async () => {
  for (const language of ['zh-CN', 'en-GB'] as const) {
    const seen = await stage.look(PATH, { language });
    const { page } = seen;
    const check = await textOf(page, '.check.done');
    assert.match(check, /(\d+) (of \1 signatures valid|个签名全部有效)/);
    for (const witness of ['north', 'south', 'west']) assert.match(check, new RegExp(witness));
    const product = await textOf(page, '.product');
    for (const fact of ['L2606A', '3BGEJEE2QM52', 'CNZL19012306010017']) {
      assert.ok(product.includes(fact), `${fact} is missing in ${product}`);
    }
    assert.match(product, language === 'zh-CN' ? /怀卡瓦1段.*新西兰/s : /Waikawa Stage 1.*New Zealand/s);
    assert.equal(await page.locator('html').getAttribute('lang'), language === 'zh-CN' ? 'zh-CN' : 'en');
    const title = language === 'zh-CN' ? /^怀卡瓦1段.* · 溯源$/ : /^Waikawa Stage 1.* · Suyuan$/;
    assert.match(await page.title(), title);
    await page.waitForSelector('.map svg .way');
    await shot(page, `can-${language}`);
    assertQuiet(seen, stage.proxy.base);
    await page.context().close();
  }
});

test('the journey that the page reckons is the one that the node answers', async () => {
  const answer = await fetch(`${NODE}/v1/codes/${encodeURIComponent(CAN)}/trace?limit=1000`);
  const { trace } = (await answer.json()) as { trace: { steps: { leaf: number; event: number }[] } };
  const { page } = await stage.look(PATH);
  const shown = await page.locator('.told').evaluateAll((all) =>
    all.map((one) => (one as HTMLElement).dataset['place']),
  );
  const steps = trace.steps.map(({ leaf, event }) => `${leaf}.${event}`);
  assert.deepEqual(shown.sort(), steps.sort());
  await page.context().close();
});

test('the journey is told country by country, and the map says which they are', async () => {
  for (const [language, countries] of [
    ['zh-CN', ['新西兰', '中国']],
    ['en-GB', ['New Zealand', 'China']],
  ] as const) {
    const { page } = await stage.look(PATH, { language });
    await page.waitForSelector('.leg');
    const legs = await page.locator('.leg').allInnerTexts();
    assert.equal(legs.length, countries.length, `the trade's papers begin no leg: ${legs}`);
    countries.forEach((country, i) => assert.ok(legs[i]!.startsWith(country), legs[i]));
    const numbers = (await page.locator('.stop .number').allInnerTexts()).filter(Boolean).map(Number);
    assert.deepEqual(numbers, numbers.map((_, i) => i + 1), 'stops are numbered through all legs');
    await page.waitForSelector('.map .caption');
    assert.deepEqual(await page.locator('.map .caption').allTextContents(), [...countries]);
    await page.context().close();
  }
});

test('the barcode of a kind of product leads to its lots', async () => {
  const seen = await stage.look(CLASS);
  const { page } = seen;
  await page.waitForSelector('.lots a');
  assert.deepEqual(await page.locator('.lots a').allInnerTexts(), ['L2606A']);
  await shot(page, 'kind-of-product');
  await page.locator('.lots a').click();
  await page.waitForURL('**/10/L2606A#shared');
  await settled(page);
  assert.match(await textOf(page, '.check.done'), /signatures valid/);
  assert.match(await textOf(page, '.verdict h1'), /Only the journey|Genuine lot/);
  assert.equal(await page.locator('.verdict.caution').count(), 0, 'its cans are sold');
  assert.equal(await page.locator('.owner').count(), 0, 'nobody owns a lot by the code under one lid');
  assertQuiet(seen, stage.proxy.base);
  await page.context().close();
});

test('a label with the lot of other cans is told of', async () => {
  const { page } = await stage.look('/01/09521104301011/10/L9999/21/3BGEJEE2QM52');
  assert.match(await textOf(page, '.verdict'), /label says lot L9999.*is of lot L2606A/);
  assert.equal(await page.locator('.verdict.good').count(), 0);
  await page.context().close();
});

test('what competitors and buyers keep to themselves is not on the page', async () => {
  const { page } = await stage.look(PATH);
  const text = await page.locator('body').evaluate((body) => body.textContent ?? '');
  for (const hidden of [
    'Southern Cross Nutrients', // Who supplies the maker.
    'PO-77120',
    '584.78',
    'KP20260803000017',
    'GP2D6T6FK4JZ', // The other can of the parcel.
    '3700-INSP-118',
  ]) {
    assert.ok(!text.includes(hidden), `${hidden} is shown`);
  }
  await page.context().close();
});

test('the words on the page never call a thing a fake', async () => {
  for (const language of ['zh-CN', 'en-GB'] as const) {
    const { page } = await stage.look('/01/09521104301011/21/ZZZZZZZZZZZZ', { language });
    const text = await page.locator('main').innerText();
    assert.match(text, language === 'zh-CN' ? /查无此码/ : /Unknown code/);
    assert.doesNotMatch(text, /fake|counterfeit|假/i);
    await shot(page, `unknown-${language}`);
    await page.context().close();
  }
});

test('a destroyed can and a sampled one are retired codes', async () => {
  for (const serial of ['GP2D6T6FK4JZ', '8YMZQ687FCGK']) {
    const { page } = await stage.look(`/01/09521104301011/21/${serial}`);
    assert.equal(await page.locator('.verdict').getAttribute('data-verdict'), 'CODE_RETIRED', serial);
    await shot(page, `retired-${serial}`);
    await page.context().close();
  }
});

test('a code that is typed is looked up, by the keyboard alone', async () => {
  const { page } = await stage.visit('/');
  await page.waitForSelector('#code');
  await shot(page, 'start');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.className), 'skip');
  for (let i = 0; i < 12 && (await page.evaluate(() => document.activeElement?.id)) !== 'code'; ++i) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.type('(01)09521104301011(10)L2606A(21)3BGEJEE2QM52');
  await page.keyboard.press('Enter');
  await settled(page);
  assert.equal(new URL(page.url()).pathname, PATH);
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'H1');
  const details = page.locator('.check summary');
  await details.focus();
  await page.keyboard.press('Enter');
  assert.match(await textOf(page, '.check'), /Not proven/);
  await page.goBack();
  await page.waitForSelector('.start');
  await page.context().close();
});

test('a code that was typed is one scan: a reload and a step back are none', async () => {
  const seen = await stage.visit('/');
  const { page } = seen;
  const scans = (): number =>
    seen.requests.filter((url) => new URL(url).pathname === '/v1/scans').length;
  const typeIt = async (): Promise<void> => {
    await page.locator('#code').fill('(01)09521104301011(10)L2606A(21)3BGEJEE2QM52');
    await page.keyboard.press('Enter');
  };
  await page.waitForSelector('#code');
  await typeIt();
  await settled(page);
  assert.equal(scans(), 1);
  await page.reload();
  await settled(page);
  assert.equal(scans(), 1, 'a reload');
  await page.locator('header .name').click();
  await page.waitForSelector('.start');
  await page.goBack();
  await settled(page);
  assert.equal(scans(), 1, 'a step back');
  await Promise.all([page.waitForRequest('**/v1/scans'), typeIt()]);
  assert.equal(scans(), 2, 'who types it again holds it again');
  await page.context().close();
});

test('what is no code is said to be none, with the digit that is wrong', async () => {
  for (const [language, title, digit] of [
    ['zh-CN', /编码不对/, /09521104301012 的第 14 位是 2；若其他各位无误，应为 1/],
    ['en-GB', /This code is not right/, /Digit 14 of 09521104301012 is 2.*it should be 1/],
  ] as const) {
    const { page } = await stage.look('/01/09521104301012/21/3BGEJEE2QM52', { language });
    const text = await page.locator('main').innerText();
    assert.match(text, title);
    assert.match(text, digit);
    await shot(page, `no-code-${language}`);
    await page.context().close();
  }
});

test('the camera reads a label', async () => {
  const seen = await stage.visit('/');
  await seen.page.getByRole('button', { name: 'Scan a label' }).click();
  await seen.page.waitForURL(`**${PATH}`);
  await settled(seen.page);
  assert.match(await textOf(seen.page, '.check.done'), /signatures valid/);
  assertQuiet(seen, stage.proxy.base);
  await seen.page.context().close();
});

test('a proof can be saved, and is checked without the node later', async () => {
  const { page } = await stage.look(PATH);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save proof' }).click(),
  ]);
  assert.equal(download.suggestedFilename(), '3BGEJEE2QM52.suyuan.json');
  const file = await download.path();
  await page.evaluate(() => navigator.serviceWorker.ready);
  stage.proxy.offline = true;
  try {
    await page.goto(`${stage.proxy.base}/`); // Without network: from what the browser has kept.
    await page.locator('input[type=file]').setInputFiles(file);
    await settled(page);
    const text = await page.locator('main').innerText();
    assert.match(text, /Journey proven, scan history not/);
    assert.match(text, /signatures valid/);
  } finally {
    stage.proxy.offline = false;
  }
  await shot(page, 'saved');
  await page.context().close();
});

type Sharing = 'whole' | 'no files' | 'denied' | 'none';

/** What the page shares from now on is kept, in a browser that shares so much. */
async function stubSharing(page: Page, sharing: Sharing): Promise<void> {
  await page.evaluate((how) => {
    const kept: { shared: ShareData[]; copied: string[] } = { shared: [], copied: [] };
    const share = async (what: ShareData): Promise<void> => {
      if (how === 'denied') throw new DOMException('', 'NotAllowedError');
      kept.shared.push(what);
    };
    const writeText = async (text: string): Promise<void> => void kept.copied.push(text);
    const canShare = ({ files }: ShareData): boolean => how !== 'no files' || !files;
    const stub = (name: string, value: unknown): void =>
      void Object.defineProperty(navigator, name, { value, configurable: true });
    Object.assign(window, { kept });
    stub('share', how === 'none' ? undefined : share);
    stub('canShare', how === 'none' ? undefined : canShare);
    stub('clipboard', { writeText });
  }, sharing);
}

const shareIt = (page: Page): Promise<void> =>
  page.getByRole('button', { name: 'Share', exact: true }).click();

test('the address is shared with the proof, which the receiver can check', async () => {
  const { page } = await stage.look(PATH);
  await stubSharing(page, 'whole');
  await shareIt(page);
  await page.waitForFunction(() => (window as unknown as { kept: { shared: ShareData[] } }).kept.shared.length > 0);
  const { url, name, text } = await page.evaluate(async () => {
    const [one] = (window as unknown as { kept: { shared: ShareData[] } }).kept.shared;
    const file = one!.files![0]!;
    return { url: one!.url, name: file.name, text: await file.text() };
  });
  assert.equal(url, `${stage.proxy.base}${PATH}#shared`);
  assert.equal(name, '3BGEJEE2QM52.suyuan.txt');
  await page.goto(`${stage.proxy.base}/`);
  const file = { name, mimeType: 'text/plain', buffer: Buffer.from(text) };
  await page.locator('input[type=file]').setInputFiles(file);
  await settled(page);
  assert.match(await page.locator('main').innerText(), /Journey proven, scan history not/);
  await page.context().close();
});

test('the address alone is shared or copied where the browser shares no files', async () => {
  const { page } = await stage.look(PATH);
  const address = `${stage.proxy.base}${PATH}#shared`;
  for (const [sharing, shared, copied] of [
    ['no files', [[address, null]], []],
    ['denied', [], [address]],
    ['none', [], [address]],
  ] as const) {
    await stubSharing(page, sharing);
    await shareIt(page);
    await page.waitForFunction(() => {
      const { kept } = window as unknown as { kept: { shared: ShareData[]; copied: string[] } };
      return kept.shared.length + kept.copied.length > 0;
    });
    const seen = await page.evaluate(() => {
      const { kept } = window as unknown as { kept: { shared: ShareData[]; copied: string[] } };
      return [kept.shared.map(({ url, files }) => [url, files ?? null]), kept.copied];
    });
    assert.deepEqual(seen, [shared, copied], sharing);
  }
  await page.getByText('Link copied').waitFor();
  await page.context().close();
});

test("the maker's picture is shown, and a laboratory's report is checked after its download", async () => {
  const { page } = await stage.look(PATH);
  const picture = page.locator('img.picture');
  await picture.waitFor();
  assert.match((await picture.getAttribute('src'))!, /^blob:/);
  assert.ok(await picture.evaluate((image) => (image as HTMLImageElement).naturalWidth > 0));
  const report = page.locator('.report', { hasText: 'TAL-26-0611' });
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    report.getByRole('button').click(),
  ]);
  assert.equal(download.suggestedFilename(), 'TAL-26-0611.txt');
  assert.match(await report.innerText(), /Fingerprint matches/);
  await page.context().close();
});

test("the trade's own papers are not open to everybody", async () => {
  const { page } = await stage.look(PATH);
  await page.locator('.reports details summary').click();
  const paper = page.locator('.report', { hasText: 'PALTRG26062201' });
  await paper.getByRole('button').click();
  await paper.locator('.fetched.missing').waitFor();
  await page.context().close();
});

test('a node that cannot be reached is said to be so, and nothing is shown as checked', async () => {
  const { page } = await stage.visit('/');
  await page.waitForSelector('#code');
  stage.proxy.offline = true;
  try {
    await page.locator('#code').fill(CAN);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.check.impossible');
    assert.equal(await page.locator('.journey').count(), 0);
    await shot(page, 'offline');
  } finally {
    stage.proxy.offline = false;
  }
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.waitForSelector('.check.done');
  await page.context().close();
});
