// Barcodes other than QR, in front of the camera of a browser that cannot read them itself.
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
