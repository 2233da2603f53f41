// The nine verdicts of the scenario as the page shows them, in both languages. It runs first: every
// later look at a can counts as one more device that scanned it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { CAN, NODE, PATH, Stage, settled, shot, textOf } from './stage.js';

const WORDS: Record<string, [string, string]> = {
  UNKNOWN_CODE: ['查无此码', 'Unknown code'],
  CODE_RETIRED: ['此码已注销', 'This code is retired'],
  NOT_FOR_SALE: ['尚不可销售', 'Not for sale yet'],
  INCOMPLETE_CHAIN: ['流程不完整', 'The journey has gaps'],
  CLONE_SUSPECT: ['标签可能被复制', 'The label may have been copied'],
  GENUINE_OWNER: ['正品，内码相符', 'Genuine: inner code right'],
  GENUINE_FIRST_SCAN: ['正品，首次查验', 'Genuine: first scan'],
  GENUINE_REPEAT: ['正品，曾被查验', 'Genuine: scanned before'],
  RECALLED: ['已被召回', 'Recalled'], // Asserted by the last test, which changes the ledger.
};
const unit = (serial: string): string => `/01/09521104301011/21/${serial}`;
const UNORDERED = 'G57X5TDLVTJF';

let stage: Stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage.strike());

/** What the page shows, in Chinese and then in English, without asking again. */
async function says(page: Page, verdict: string, also: [RegExp, RegExp] = [/./, /./]): Promise<void> {
  for (const [i, switched] of [[0, 'English'], [1, '中文']] as const) {
    const card = page.locator('.verdict');
    assert.equal(await card.getAttribute('data-verdict'), verdict);
    assert.equal(await card.locator('h1').innerText(), WORDS[verdict]![i]);
    assert.match(await card.innerText(), also[i]);
    await shot(page, `verdict-${verdict}-${i === 0 ? 'zh' : 'en'}`);
    await page.getByRole('button', { name: switched }).click();
  }
}

async function looked(path: string, verdict: string, also?: [RegExp, RegExp]): Promise<void> {
  const { page } = await stage.look(path, { language: 'zh-CN', width: 360 });
  await says(page, verdict, also);
  await page.context().close();
}

test('the first scan, then the owner, on one phone', async () => {
  const { page } = await stage.look(PATH, { language: 'zh-CN', width: 360 });
  await says(page, 'GENUINE_FIRST_SCAN', [/此前没有人/, /nobody has scanned/]);
  await page.locator('.owner summary').click();
  await page.locator('#inner').fill('7kq2 m9xp-4trd');
  await page.locator('.owner button[type=submit]').click();
  await page.waitForSelector('.verdict[data-verdict=GENUINE_OWNER]');
  await settled(page);
  await says(page, 'GENUINE_OWNER', [/内码相符/, /inner code is the right one/]);
  await page.context().close();
});

test('another phone is told that it was scanned before', async () => {
  await looked(PATH, 'GENUINE_REPEAT', [/共被扫描 \d+ 次/, /Scanned \d+ times/]);
});

test('scans too far apart are told as a question, never as a fake', async () => {
  for (const [device, place] of [['fuzhou', 'CN-FJ/福州'], ['urumqi', 'CN-XJ/乌鲁木齐']]) {
    const answer = await fetch(`${NODE}/v1/scans`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code: CAN, device: `device-of-${device}-1234`, place }),
    });
    assert.equal(answer.status, 200);
  }
  await looked(PATH, 'CLONE_SUSPECT', [/相距约 \d+ 公里/, /about \d+ km apart/]);
});

test('a code that nobody made, one destroyed, one sampled', async () => {
  await looked(unit('ZZZZZZZZZZZZ'), 'UNKNOWN_CODE');
  await looked(unit('GP2D6T6FK4JZ'), 'CODE_RETIRED', [/已被销毁/, /was destroyed/]);
  await looked(unit('8YMZQ687FCGK'), 'CODE_RETIRED', [/抽样送检/, /laboratory sample/]);
});

test('a can that nobody ordered has gaps, and the page says which', async () => {
  await looked(unit(UNORDERED), 'INCOMPLETE_CHAIN', [/缺少环节：订单/, /Not recorded: order/]);
});

test('a can that its holder keeps back is not for sale', async () => {
  const folder = process.env['SUYUAN_DEMO']!;
  const file = join(folder, 'kept-back.json');
  const event = {
    type: 'object',
    kind: 'logistics',
    action: 'OBSERVE',
    eventTime: '2026-08-20T09:00:00+08:00',
    step: 'storing',
    disposition: 'in_progress',
    objects: [`https://id.gs1.org${unit(UNORDERED)}`],
  };
  writeFileSync(file, JSON.stringify([event]));
  const key = join(folder, 'keys/cn-bond.key');
  const post = ['post', file, '--party', 'cn-bond', '--key', key];
  execFileSync(process.env['SUYUAN_CLIENT']!, post);
  const { page } = await stage.look(unit(UNORDERED), { language: 'zh-CN', width: 360 });
  // The next seal comes within a second; the page does not poll by itself.
  for (let i = 0; i < 20 && (await textOf(page, '.verdict h1')) !== WORDS['NOT_FOR_SALE']![0]; ++i) {
    await page.reload();
    await settled(page);
  }
  await says(page, 'NOT_FOR_SALE', [/状态为“处理中”/, /in_progress/]);
  await page.context().close();
});
