// Barcodes other than QR, in front of the camera of a browser that cannot read them itself; and of
// one that can.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PATH, Stage, assertQuiet, settled, shot } from './stage.js';
import { dataMatrixOf, eanOf } from './video.js';

const GTIN = '9521104301011';

async function scanned(label: boolean[][], path: string, name: string): Promise<void> {
  const stage = await Stage.set(label);
  try {
    const seen = await stage.visit('/');
    await seen.page.getByRole('button', { name: 'Scan a label' }).click();
    await seen.page.waitForURL(`**${path}`);
    await settled(seen.page);
    await shot(seen.page, name);
    assertQuiet(seen, stage.proxy.base);
  } finally {
    await stage.strike();
  }
}

test('the camera reads an EAN-13, which is said to name a kind of product', async () => {
  await scanned(eanOf(GTIN), `/01/0${GTIN}`, 'camera-ean');
});

test('the camera reads a GS1 Data Matrix down to the serial number', async () => {
  await scanned(dataMatrixOf(`010${GTIN}10L2606A\x1d213BGEJEE2QM52`), PATH, 'camera-data-matrix');
});

/** The formats of the browser's own reader; null: it cannot say which. What it reads is PATH. */
type Formats = string[] | null;

/** Scans with a browser that has a reader of its own; the addresses of what was fetched. */
async function scannedBy(stage: Stage, formats: Formats, path: string): Promise<string[]> {
  const seen = await stage.visit('/');
  await seen.page.evaluate(
    ([known, rawValue]) => {
      class BarcodeDetector {
        constructor(private readonly options: { formats: string[] }) {}
        static getSupportedFormats(): Promise<string[]> {
          return known ? Promise.resolve(known) : Promise.reject(new Error('not here'));
        }
        detect(): Promise<{ rawValue: string }[]> {
          const all = this.options.formats.every((one) => known!.includes(one));
          return Promise.resolve(all ? [{ rawValue }] : []);
        }
      }
      Object.assign(globalThis, { BarcodeDetector });
    },
    [formats, `https://trace.example${PATH}`] as const,
  );
  await seen.page.getByRole('button', { name: 'Scan a label' }).click();
  await seen.page.waitForURL(`**${path}`);
  await settled(seen.page);
  assertQuiet(seen, stage.proxy.base);
  await seen.page.context().close();
  return seen.requests;
}

test("a browser's own reader is used if it knows the codes of goods, and else ours", async () => {
  const ours = /\/page\/(qr|barcodes)-/;
  const stage = await Stage.set(eanOf(GTIN)); // What the camera sees, and the stub does not.
  try {
    const own = await scannedBy(stage, ['aztec', 'data_matrix', 'ean_13', 'qr_code'], PATH);
    assert.ok(!own.some((url) => ours.test(url)), 'our reader is not fetched');
    for (const formats of [['qr_code', 'data_matrix'], [], null]) {
      const fetched = await scannedBy(stage, formats, `/01/0${GTIN}`);
      assert.ok(fetched.some((url) => ours.test(url)), `formats ${formats}`);
    }
  } finally {
    await stage.strike();
  }
});
