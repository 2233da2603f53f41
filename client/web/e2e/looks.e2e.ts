// The page fits a small phone, is accessible, and is small itself.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { PATH, Stage, assertAccessible, settled, shot } from './stage.js';

const BUDGET = 100_000; // Bytes, compressed: the budget of the first view.

let stage: Stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage.strike());

test('nothing is wider than a phone of 360 pixels, with all that can be opened open', async () => {
  for (const language of ['zh-CN', 'en-GB'] as const) {
    for (const path of ['/', PATH]) {
      const { page } = path === '/' ? await stage.visit(path, { language, width: 360 }) : await stage.look(path, { language, width: 360 });
      await page.waitForSelector('main h1');
      await page.evaluate(() => document.querySelectorAll('details').forEach((one) => (one.open = true)));
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.equal(width, 360, `${path} in ${language}`);
      await shot(page, `phone-${language}-${path === '/' ? 'start' : 'can'}`);
      await page.context().close();
    }
  }
});

test('axe finds nothing, light and dark, phone and desktop, in both languages', async () => {
  for (const [path, width, dark, language] of [
    ['/', 390, false, 'en-GB'],
    ['/', 390, true, 'zh-CN'],
    [PATH, 390, true, 'en-GB'],
    [PATH, 390, false, 'zh-CN'],
    [PATH, 1280, false, 'en-GB'],
  ] as const) {
    const visit = { width, dark, language };
    const { page } = path === '/' ? await stage.visit(path, visit) : await stage.look(path, visit);
    await page.waitForSelector('main h1');
    await assertAccessible(page, `${path} at ${width} in ${language}, ${dark ? 'dark' : 'light'}`);
    await shot(page, `${dark ? 'dark' : 'light'}-${width}-${language}${path === '/' ? '-start' : ''}`);
    await page.context().close();
  }
});

/** Where each of these stands in what a screen reader says, in this order. */
function assertInOrder(said: string, parts: RegExp[]): void {
  let from = 0;
  for (const part of parts) {
    const found = said.slice(from).search(part);
    assert.ok(found >= 0, `${part} is not said behind what is before it: ${said}`);
    from += found;
  }
}

test('a screen reader says the verdict first, then what was checked, then the thing and its way', async () => {
  for (const [language, parts] of [
    ['en-GB', [/heading ".+" \[level=1\]/, /Checked on this device/, /heading ".*infant formula/, /img "The \d+ places/, /heading "Journey" \[level=2\]/, /heading "New Zealand.*" \[level=3\]/, /list/, /heading "China.*" \[level=3\]/, /list/, /heading "Tests and certificates"/]],
    ['zh-CN', [/heading ".+" \[level=1\]/, /已在本机核验/, /heading "怀卡瓦/, /img "流程经过/, /heading "流程" \[level=2\]/, /list/, /heading "检测与证书"/]],
  ] as const) {
    const { page } = await stage.look(PATH, { language });
    await page.waitForSelector('.map svg');
    assertInOrder(await page.locator('main').ariaSnapshot(), [...parts]);
    for (const landmark of ['banner', 'main', 'contentinfo'] as const) {
      assert.equal(await page.getByRole(landmark).count(), 1, landmark);
    }
    assert.equal(await page.locator('h1').count(), 1);
    await page.context().close();
  }
});

test('a screen reader is told the result when it comes, by a line that was there before', async () => {
  const { page } = await stage.visit('/');
  await page.waitForSelector('#code');
  const line = page.locator('footer .unseen[role=status]');
  assert.equal(await line.textContent(), '');
  await line.evaluate((one) => one.setAttribute('data-first', ''));
  await page.locator('#code').fill(`https://trace.example${PATH}`);
  await page.keyboard.press('Enter');
  await settled(page);
  const title = await page.locator('.verdict h1').innerText();
  assert.equal(await line.textContent(), `${title}; Checked on this device`);
  assert.notEqual(await line.getAttribute('data-first'), null);
  await page.context().close();
});

test('the keyboard alone opens a stop of the journey and reaches what comes behind it', async () => {
  const { page } = await stage.look(PATH);
  const stop = page.locator('.stop summary').first();
  for (let i = 0; i < 40 && !(await stop.evaluate((one) => one === document.activeElement)); ++i) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  assert.ok(await page.locator('.stop .lines').first().isVisible());
  const ring = await stop.evaluate((one) => getComputedStyle(one).outlineStyle);
  assert.equal(ring, 'solid', 'one sees where the focus is');
  const last = page.locator('#code');
  for (let i = 0; i < 80 && !(await last.evaluate((one) => one === document.activeElement)); ++i) {
    await page.keyboard.press('Tab');
  }
  assert.ok(await last.evaluate((one) => one === document.activeElement));
  await page.context().close();
});

// Of the page that the node was built with.
const skip = process.env['SUYUAN_PAGE'] ? 'the page is not the node\'s own' : false;
test('the first view is below its budget', { skip }, async () => {
  // Asked of the node itself, because the test's proxy forwards uncompressed bytes.
  const names = ['/', ...new Set(await firstFiles())];
  let total = 0;
  for (const name of names) total += await compressedSize(name);
  assert.ok(total > 20_000 && total < BUDGET, `${total} bytes`);
});

/** The files of a first view: what the HTML names, and the worker that the script starts. */
async function firstFiles(): Promise<string[]> {
  const { page, requests } = await stage.look(PATH);
  await page.waitForSelector('.map svg');
  await page.context().close();
  const paths = requests.map((url) => new URL(url).pathname).filter((path) => path.startsWith('/page/'));
  const later = /\/page\/(drawn_map|camera|qr|barcodes)-/; // Fetched when they are needed.
  assert.ok(paths.some((path) => later.test(path)), 'the map is fetched for itself');
  return paths.filter((path) => !later.test(path));
}

function compressedSize(path: string): Promise<number> {
  return new Promise((done, fail) => {
    request(process.env['SUYUAN_HTTP']! + path, { headers: { 'accept-encoding': 'br' } }, (answer) => {
      assert.equal(answer.headers['content-encoding'], 'br', path);
      answer.resume();
      done(Number(answer.headers['content-length']));
    })
      .on('error', fail)
      .end();
  });
}
