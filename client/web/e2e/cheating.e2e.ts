// A server that cheats, and the warning that the page shows first.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Said } from './proxy.js';
import { PATH, Stage, assertAccessible, inBundles, settled, shot, textOf } from './stage.js';

const OTHER = '/01/09521104301011/21/GP2D6T6FK4JZ';

let stage: Stage;
before(async () => {
  stage = await Stage.set();
});
beforeEach(() => {
  stage.proxy.meddle = null;
});
after(() => stage.strike());

function flipped(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  bytes[bytes.length >> 1]! ^= 1;
  return bytes.toString('base64');
}

test('one byte that was changed on the server is said first, in both languages', async () => {
  stage.proxy.meddle = inBundles(({ events }) => {
    const open = events.find(({ payload }) => payload !== 'withheld')!;
    if (open.payload !== 'withheld') open.payload.bytes = flipped(open.payload.bytes);
  });
  for (const [language, words] of [
    ['zh-CN', '核验没有通过'],
    ['en-GB', 'The check failed'],
  ] as const) {
    const { page } = await stage.look(PATH, { language });
    const alarm = page.locator('[role=alert].alarm');
    assert.equal(await alarm.locator('h1').innerText(), words);
    assert.match(await alarm.innerText(), /EVENT_INVALID.*events\[\d+\]/s);
    assert.equal(await page.locator('.journey, .product, .verdict.good').count(), 0);
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'H1');
    await shot(page, `changed-${language}`);
    await assertAccessible(page, `changed in ${language}`);
    await page.context().close();
  }
});

test('a statement that is left out is noticed', async () => {
  stage.proxy.meddle = inBundles(({ events }) => void events.splice(events.length - 1, 1));
  const { page } = await stage.look(PATH);
  assert.match(await textOf(page, '.alarm'), /CHAIN_INVALID|BUNDLE_SYNTAX/);
  await page.context().close();
});

test('the proof of another can is no answer', async () => {
  let other: Buffer | null = null;
  stage.proxy.meddle = (path, said) => {
    if (!path.endsWith('/bundle')) return undefined;
    other ??= said.body;
    return { ...said, body: other };
  };
  const { page } = await stage.look(OTHER);
  await page.goto(stage.proxy.base + PATH);
  await settled(page);
  assert.equal(await page.locator('.alarm').getAttribute('data-alarm'), 'otherCode');
  await page.context().close();
});

test('a ledger older than what the phone has seen, or with another past, is refused', async () => {
  const { page } = await stage.look(PATH);
  const kept = await page.evaluate(() => JSON.parse(localStorage.getItem('suyuan.ledger')!));
  for (const [change, alarm] of [
    [{ size: kept.size + 1 }, 'rollback'],
    [{ root: flipped(kept.root) }, 'split'],
    [{ size: kept.size - 1 }, 'split'], // A root that no tree of that size had.
  ] as const) {
    const memory = JSON.stringify({ ...kept, ...change });
    await page.evaluate((text) => localStorage.setItem('suyuan.ledger', text), memory);
    await page.reload();
    await settled(page);
    assert.equal(await page.locator('.alarm').getAttribute('data-alarm'), alarm);
    await shot(page, `memory-${alarm}`);
  }
  await page.getByRole('button', { name: /Forget the ledger/ }).click();
  await page.waitForSelector('.check.done');
  await page.context().close();
});

test('a node that does not prove that its ledger continues the known one is told of at once', async () => {
  const { page } = await stage.look(PATH);
  assert.equal(await page.locator('.check.done > div > .note').count(), 0);
  stage.proxy.meddle = (path) =>
    path === '/v1/consistency'
      ? { status: 503, type: 'application/problem+json', body: Buffer.from('{"status":503}') }
      : undefined;
  await page.evaluate(() => {
    const kept = JSON.parse(localStorage.getItem('suyuan.ledger')!) as { size: number };
    localStorage.setItem('suyuan.ledger', JSON.stringify({ ...kept, size: kept.size - 1 }));
  });
  await page.reload();
  await settled(page);
  assert.match(await textOf(page, '.check.done > div > .note'), /could not be determined/);
  await page.context().close();
});

test('another policy from the server does not change what the phone goes by', async () => {
  const { page } = await stage.look(PATH);
  stage.proxy.meddle = (path, said) =>
    path === '/v1/policy' ? { ...said, body: Buffer.from('quorum none\n') } : undefined;
  await page.reload();
  await settled(page);
  assert.match(await textOf(page, '.check.done'), /cosigned by/);
  await page.context().close();
});

test('a withheld statement is shown as one, and the proof is said to have reservations', async () => {
  stage.proxy.meddle = inBundles(({ events }) => {
    events[events.length - 2]!.payload = 'withheld';
  });
  const { page } = await stage.look(PATH);
  assert.match(await textOf(page, '.check.done'), /With reservations: one statement is not public/);
  assert.match(await textOf(page, '.withheld'), /not public/);
  await shot(page, 'withheld');
  await page.context().close();
});

const genuine: Said = {
  status: 200,
  type: 'application/json',
  body: Buffer.from(
    JSON.stringify({
      head: {},
      verdict: 'GENUINE_FIRST_SCAN',
      title: { zh: '正品', en: 'Genuine' },
      reasons: [],
      scans: { available: true, count: 1 },
    }),
  ),
};
const isVerdict = (path: string): boolean => path === '/v1/scans' || path.endsWith('/verdict');

test('a good verdict without a proof is not shown', async () => {
  const refused = { status: 503, type: 'application/problem+json', body: Buffer.from('{"status":503}') };
  stage.proxy.meddle = (path) =>
    isVerdict(path) ? genuine : path.endsWith('/bundle') ? refused : undefined;
  for (const [language, words] of [
    ['zh-CN', ['现在查不到', '正品']],
    ['en-GB', ['Nothing can be said now', 'Genuine']],
  ] as const) {
    const { page } = await stage.look(PATH, { language });
    const card = page.locator('.verdict');
    assert.equal(await card.locator('h1').innerText(), words[0]);
    assert.equal(await card.getAttribute('data-verdict'), '');
    assert.equal(await page.locator('.verdict.good').count(), 0);
    assert.ok(!(await page.locator('main').innerText()).includes(words[1]));
    assert.equal(await page.locator('.check.impossible').count(), 1);
    await shot(page, `unproven-${language}`);
    await page.context().close();
  }
});

test('a good verdict waits for the proof', async () => {
  let answered = false;
  let prove = (): void => undefined;
  const proof = new Promise<void>((done) => (prove = done));
  stage.proxy.meddle = async (path) => {
    if (path.endsWith('/bundle')) await proof;
    if (!isVerdict(path)) return undefined;
    answered = true;
    return genuine;
  };
  const { page } = await stage.visit(PATH, { language: 'zh-CN' });
  for (let i = 0; i < 100 && !answered; ++i) await page.waitForTimeout(100);
  assert.ok(answered);
  await page.waitForTimeout(1000);
  const card = page.locator('.verdict');
  assert.equal(await card.locator('h1').innerText(), '正在查询…');
  assert.equal(await card.getAttribute('aria-busy'), 'true');
  assert.equal(await page.locator('.verdict.good').count(), 0);
  prove();
  await page.waitForSelector('.verdict.good[data-verdict=GENUINE_FIRST_SCAN]');
  assert.equal(await card.locator('h1').innerText(), '正品，首次查验');
  await page.context().close();
});

test('a verdict that is milder than the signed statements does not stand', async () => {
  stage.proxy.meddle = (path) => (isVerdict(path) ? genuine : undefined);
  const { page } = await stage.look(OTHER);
  assert.equal(await page.locator('.verdict').getAttribute('data-verdict'), 'CODE_RETIRED');
  assert.match(await textOf(page, '.verdict'), /stricter than what the server says/);
  await page.context().close();
});

test('a report whose bytes were changed is not handed over', async () => {
  stage.proxy.meddle = (path, said) =>
    path.includes('/documents/') && said.type.startsWith('text/')
      ? { ...said, body: Buffer.from(said.body.toString().replace('PASS', 'FAIL')) }
      : undefined;
  const { page } = await stage.look(PATH);
  const report = page.locator('.report', { hasText: 'TAL-26-0611' });
  await report.getByRole('button').click();
  await report.locator('.fetched.changed').waitFor();
  assert.match(await report.innerText(), /Fingerprint differs/);
  await shot(page, 'report-changed');
  await page.context().close();
});
