// The page fits a small phone, can be used by everybody, and is small itself.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { PATH, Stage, fromPackages, shot } from './stage.js';

const BUDGET = 100_000; // Bytes, compressed: what the first view takes.
const axe = readFileSync(fromPackages.resolve('axe-core/axe.min.js'), 'utf8');

interface Found {
  violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[];
}

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

test('axe finds nothing, light and dark, phone and desktop', async () => {
  for (const [path, width, dark] of [
    ['/', 390, false],
    [PATH, 390, true],
    [PATH, 1280, false],
  ] as const) {
    const { page } = path === '/' ? await stage.visit(path, { width, dark }) : await stage.look(path, { width, dark });
    await page.waitForSelector('main h1');
    await page.evaluate(() => document.querySelectorAll('details').forEach((one) => (one.open = true)));
    await page.evaluate(axe);
    const { violations } = (await page.evaluate('axe.run()')) as Found;
    const said = violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html} ${nodes[0]!.failureSummary ?? ''}`);
    assert.deepEqual(said, [], `${path} at ${width}`);
    await shot(page, `${dark ? 'dark' : 'light'}-${width}${path === '/' ? '-start' : ''}`);
    await page.context().close();
  }
});

test('the first view is below its budget', async () => {
  // Asked of the node itself: the test's proxy hands on what is unpacked.
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
