// A recall. The last test, because it changes the ledger that all others read.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { PATH, Stage, settled, shot, textOf } from './stage.js';

const DEMO = process.env['SUYUAN_DEMO']!;

let stage: Stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage.strike());

/** The market supervision recalls the lot that the can is of. */
function recall(): void {
  const file = join(DEMO, 'recall.json');
  const event = {
    type: 'object',
    kind: 'inspection',
    action: 'OBSERVE',
    eventTime: '2026-08-25T09:00:00+08:00',
    step: 'recalling',
    objects: ['https://id.gs1.org/01/09521104301011/10/L2606A'],
    wholeLot: true,
    result: 'hold',
  };
  writeFileSync(file, JSON.stringify([event]));
  const key = join(DEMO, 'keys/cn-samr.key');
  execFileSync(process.env['SUYUAN_CLIENT']!, ['post', file, '--party', 'cn-samr', '--key', key]);
}

test('a recall reaches a page that was there before, and the phone goes on trusting the ledger', async () => {
  const { page } = await stage.look(PATH);
  assert.notEqual(await page.locator('.verdict').getAttribute('data-verdict'), 'RECALLED');
  recall();
  // The next seal comes within a second; the page does not poll by itself.
  for (let i = 0; i < 20 && (await page.locator('.recall').count()) === 0; ++i) {
    await page.reload();
    await settled(page);
  }
  assert.equal(await page.locator('.verdict').getAttribute('data-verdict'), 'RECALLED');
  const notice = await textOf(page, '.recall');
  assert.match(notice, /Recall notice.*Issued by.*25 Aug 2026.*Recall company/s);
  assert.match(await textOf(page, '.check.done'), /signatures valid/);
  await shot(page, 'recalled');
  await page.context().close();
});

test('what to do is said also where the label names another lot', async () => {
  const { page } = await stage.look(PATH.replace('/21/', '/10/L9999/21/'));
  const text = await textOf(page, '.verdict');
  assert.match(text, /Stop using it, and return it/);
  assert.match(text, /label says lot L9999.*is of lot L2606A/);
  await page.context().close();
});

test('the notice is there in Chinese too', async () => {
  const { page } = await stage.look(PATH, { language: 'zh-CN' });
  assert.match(await textOf(page, '.recall'), /召回通知/);
  assert.equal(await page.locator('.verdict h1').innerText(), '已被召回');
  await shot(page, 'recalled-zh');
  await page.context().close();
});
