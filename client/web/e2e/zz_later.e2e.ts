// What comes into the ledger later. The last tests, since they change what all others look at.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { PATH, Stage, settled, shot, textOf } from './stage.js';

const DEMO = process.env['SUYUAN_DEMO']!;

let stage: Stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage.strike());

function post(name: string, content: unknown, party: string, ...options: string[]): void {
  const file = join(DEMO, name);
  writeFileSync(file, JSON.stringify(content));
  const key = join(DEMO, `keys/${party}.key`);
  const args = ['post', file, '--party', party, '--key', key, ...options];
  execFileSync(process.env['SUYUAN_CLIENT']!, args, { stdio: 'pipe' });
}

/** The market supervision recalls the lot that the can is of. */
function recall(): void {
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
  post('recall.json', [event], 'cn-samr');
}

/** A temperature on the way, as a firm's own system would write it. */
const epcis = (minute: number) => ({
  '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'],
  type: 'EPCISDocument',
  schemaVersion: '2.0',
  creationDate: '2026-08-04T03:00:00Z',
  epcisBody: {
    eventList: [
      {
        type: 'ObjectEvent',
        eventTime: `2026-08-03T12:0${minute}:00.000Z`,
        eventTimeZoneOffset: '+08:00',
        epcList: ['urn:x-suyuan:parcel:GQ260803019CN'],
        action: 'OBSERVE',
        bizStep: 'transporting',
        readPoint: { id: 'https://id.gs1.org/414/9521208000018' },
        sensorElementList: [
          { sensorReport: [{ type: 'Temperature', minValue: 21, maxValue: 24.5, uom: 'CEL' }] },
        ],
      },
    ],
  },
});

/** Looks again until what was posted is sealed. */
async function lookUntil(page: Page, selector: string): Promise<void> {
  for (let i = 0; i < 20 && (await page.locator(selector).count()) === 0; ++i) {
    await page.reload();
    await settled(page);
  }
  assert.ok((await page.locator(selector).count()) > 0, `nothing is like ${selector}`);
}

test('what a carrier tells its partners alone is proven to exist, and not shown', async () => {
  post('partner.jsonld', epcis(1), 'cn-exp');
  const { page } = await stage.look(PATH);
  await lookUntil(page, '.withheld');
  assert.match(await textOf(page, '.withheld'), /not public.*某速运/s);
  assert.match(await textOf(page, '.check.done'), /with reservations/);
  const text = await page.locator('body').evaluate((body) => body.textContent ?? '');
  assert.doesNotMatch(text, /24\.5/);
  await shot(page, 'withheld');
  await page.context().close();
});

test('what it tells everybody, in the words of EPCIS, is a part of the journey', async () => {
  post('public.jsonld', epcis(2), 'cn-exp', '--audience', 'public');
  const { page } = await stage.look(PATH);
  await lookUntil(page, '.told:has-text("24.5")');
  const told = page.locator('.told', { hasText: '24.5' });
  assert.match((await told.textContent())!, /Transported.*Temperature 21–24\.5 °C/s);
  await page.context().close();
});

test('a recall reaches a page that was there before, and the phone goes on trusting the ledger', async () => {
  const { page } = await stage.look(PATH);
  assert.notEqual(await page.locator('.verdict').getAttribute('data-verdict'), 'RECALLED');
  recall();
  // The next seal comes within the second; the page asks for nothing by itself.
  await lookUntil(page, '.recall');
  assert.equal(await page.locator('.verdict').getAttribute('data-verdict'), 'RECALLED');
  const notice = await textOf(page, '.recall');
  assert.match(notice, /Recall notice.*Issued by.*25 Aug 2026.*Recall company/s);
  assert.match(await textOf(page, '.check.done'), /signatures valid/);
  await shot(page, 'recalled');
  await page.context().close();
});

test('the notice is there in Chinese too', async () => {
  const { page } = await stage.look(PATH, { language: 'zh-CN' });
  assert.match(await textOf(page, '.recall'), /召回通知/);
  assert.equal(await page.locator('.verdict h1').innerText(), '已被召回');
  await shot(page, 'recalled-zh');
  await page.context().close();
});
