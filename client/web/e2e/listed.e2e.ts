// A kind of product lists its lots and its units, and a lot its units: what the node lists, in pages, in both languages.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { NODE, PATH, Stage, assertAccessible, assertQuiet, settled, shot, textOf } from './stage.js';
import type { Meddle } from './proxy.js';

const CLASS = '/01/09521104301011';

let stage: Stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage.strike());

/** All lots or serial numbers of the class that the node lists to everybody, page by page. */
async function numbersOf(kind: 'lot' | 'serial'): Promise<string[]> {
  type Page = { below: { items: { code: string }[]; next?: string } };
  const numbers: string[] = [];
  for (let next: string | undefined = ''; next !== undefined; ) {
    const target = `${NODE}${CLASS}?kind=${kind}&page=${encodeURIComponent(next)}`;
    const answer = await fetch(target, { headers: { Accept: 'application/json' } });
    const { below } = (await answer.json()) as Page;
    numbers.push(...below.items.map(({ code }) => code.split('/').at(-1)!));
    next = below.next;
  }
  return numbers;
}

/** A node with `count` units, as its pages are asked for. The lots are its own. */
function withUnits(count: number): Meddle {
  let listed = 0;
  return (path, said) => {
    if (!path.endsWith('/below') || said.body.includes('/10/')) return undefined;
    const items = Array.from({ length: Math.min(50, count - listed) }, (_, i) => ({
      code: `https://id.gs1.org${CLASS}/21/WIDEWWWWWWWWWWWWW${String(listed + i).padStart(3, '0')}`,
    }));
    listed += items.length;
    const next = listed < count ? { next: `after-${listed}` } : {};
    return { status: 200, type: 'application/json', body: Buffer.from(JSON.stringify({ below: { items, ...next } })) };
  };
}

test('a kind of product lists the lots and then the units that the node lists', async () => {
  const [lots, units] = [await numbersOf('lot'), await numbersOf('serial')];
  assert.ok(lots.length > 0 && units.length > 50, 'more than one page');
  for (const language of ['zh-CN', 'en-GB'] as const) {
    const seen = await stage.look(CLASS, { language, width: 360, dark: language === 'en-GB' });
    const { page } = seen;
    await page.waitForSelector('.units a');
    assert.deepEqual(await page.locator('.lots a').allInnerTexts(), lots);
    await shot(page, `listed-${language}`);
    for (let shown = 50; shown < units.length; shown += 50) {
      await page.locator('.units button').click();
      await page.waitForFunction((before) => document.querySelectorAll('.units a').length > before, shown);
    }
    assert.deepEqual(await page.locator('.units a').allInnerTexts(), units);
    const titles = await page.locator('.listed h2').allInnerTexts();
    assert.deepEqual(titles, language === 'zh-CN' ? ['它的批次', '它的单件（序列号）'] : ['Its lots', 'Its units, by serial number']);
    assert.match(await textOf(page, '.verdict h1'), language === 'zh-CN' ? /一类商品/ : /kind of product/);
    assert.equal(await page.locator('.listed button').count(), 0, 'that is all');
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
    await assertAccessible(page, `${CLASS} in ${language}`);
    assertQuiet(seen, stage.proxy.base);
    await page.context().close();
  }
});

test('a lot lists the units that the node lists for it, and no lots', async () => {
  let lot = '';
  let units: string[] = [];
  for (const number of await numbersOf('lot')) {
    lot = `${CLASS}/10/${number}`;
    const answer = await fetch(`${NODE}${lot}?limit=50`, { headers: { Accept: 'application/json' } });
    const { below } = (await answer.json()) as { below: { items: { code: string }[] } };
    units = below.items.map(({ code }) => code.split('/').at(-1)!);
    if (units.length > 0) break;
  }
  assert.ok(units.length > 0, 'a lot with units');
  for (const language of ['zh-CN', 'en-GB'] as const) {
    const seen = await stage.look(lot, { language, width: 360 });
    const { page } = seen;
    await page.waitForSelector('.units a');
    assert.deepEqual(await page.locator('.units a').allInnerTexts(), units);
    assert.equal(await page.locator('.lots').count(), 0);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
    await assertAccessible(page, `${lot} in ${language}`);
    assertQuiet(seen, stage.proxy.base);
    await page.context().close();
  }
});

test('a unit that was opened from the list is checked, and that is not a scan', async () => {
  const seen = await stage.look(CLASS);
  const { page } = seen;
  const posts: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
  await page.locator('.units a', { hasText: PATH.split('/').at(-1)! }).click();
  await page.waitForURL(`**${PATH}#shared`);
  await settled(page);
  assert.match(await textOf(page, '.check.done'), /signatures valid/);
  assert.deepEqual(posts, []);
  assertQuiet(seen, stage.proxy.base);
  await page.context().close();
});

test('more units come page by page, by the keyboard alone, until that is all', async () => {
  for (const language of ['zh-CN', 'en-GB'] as const) {
    stage.proxy.meddle = withUnits(73);
    const seen = await stage.look(CLASS, { language, width: 360 });
    const { page } = seen;
    await page.waitForSelector('.units button');
    const status = (): Promise<string> => page.locator('.units [role=status]').innerText();
    assert.match(await status(), language === 'zh-CN' ? /已列出 50 个，还有更多/ : /^50 are listed; there are more/);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
    await assertAccessible(page, `50 units in ${language}`);
    await shot(page, `listed-more-${language}`);
    await page.locator('.units button').focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelectorAll('.units a').length === 73);
    await page.waitForFunction(() => document.activeElement?.textContent?.endsWith('050'));
    assert.match(await status(), language === 'zh-CN' ? /公开的 73 个已全部列出/ : /All 73 that are public/);
    assert.equal(await page.locator('.units button').count(), 0);
    assertQuiet(seen, stage.proxy.base);
    await page.context().close();
  }
  stage.proxy.meddle = null;
});

test('a list ends, and says how a further unit is found', async () => {
  stage.proxy.meddle = withUnits(2000);
  const { page } = await stage.look(CLASS);
  for (let shown = 50; shown < 500; shown += 50) {
    await page.locator('.units button').click();
    await page.waitForFunction((more) => document.querySelectorAll('.units a').length === more, shown + 50);
  }
  await page.waitForFunction(() => !document.querySelector('.units button'));
  assert.match(await textOf(page, '.units [role=status]'), /^500 are listed.*scan the code of the item itself/);
  stage.proxy.meddle = null;
  await page.context().close();
});

test('a page that does not come is told of, and can be asked for again', async () => {
  const meddle = withUnits(73);
  stage.proxy.meddle = meddle;
  const { page } = await stage.look(CLASS);
  await page.waitForSelector('.units button');
  stage.proxy.offline = true;
  await page.locator('.units button').click();
  await page.waitForFunction(() => /could not be fetched/.test(document.querySelector('.units [role=status]')!.textContent!));
  stage.proxy.offline = false;
  await page.locator('.units button').click();
  await page.waitForFunction(() => document.querySelectorAll('.units a').length === 73);
  stage.proxy.meddle = null;
  await page.context().close();
});
