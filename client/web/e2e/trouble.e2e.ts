// Failures are explained in plain words, and another way is offered.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PATH, Stage, assertAccessible, settled, shot, textOf } from './stage.js';

let stage: Stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage.strike());

test('without a camera, or where it is not allowed, a code can be typed', async () => {
  for (const [error, words] of [
    ['NotAllowedError', { 'zh-CN': /没有.*摄像头|摄像头.*权限|允许/, 'en-GB': /camera was not allowed/ }],
    ['NotFoundError', { 'zh-CN': /摄像头/, 'en-GB': /no camera can be used here/i }],
  ] as const) {
    for (const language of ['zh-CN', 'en-GB'] as const) {
      const { page } = await stage.visit('/', { language, width: 360 });
      await page.evaluate((name) => {
        navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', name));
      }, error);
      await page.locator('.primary').click();
      await page.locator('.scan #code').waitFor();
      assert.match(await textOf(page, '.scan [role=status]'), words[language]);
      assert.equal(await page.locator('.finder').isVisible(), false);
      await shot(page, `camera-${error}-${language}`);
      await assertAccessible(page, `${error} in ${language}`);
      await page.locator('#code').fill('(01)09521104301011(21)3BGEJEE2QM52');
      await page.keyboard.press('Enter');
      await page.waitForURL(`**${PATH}`);
      await page.context().close();
    }
  }
});

test('a file that is no proof is said to be none before all else', async () => {
  for (const [language, words] of [
    ['zh-CN', /核验没有通过/],
    ['en-GB', /The check failed/],
  ] as const) {
    const { page } = await stage.look(PATH, { language }); // The rules are learnt here.
    for (const text of ['{"format":"suyuan/bundle/v2"}', 'a shopping list', '']) {
      await page.goto(`${stage.proxy.base}/`);
      await page
        .locator('input[type=file]')
        .setInputFiles({ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from(text) });
      await settledOrAlarm(page);
      const alarm = page.locator('[role=alert].alarm');
      assert.match(await alarm.locator('h1').innerText(), words);
      assert.match(await alarm.innerText(), /BUNDLE_SYNTAX/);
      assert.equal(await page.locator('.journey, .product').count(), 0);
    }
    await page.context().close();
  }
});

const settledOrAlarm = (page: import('playwright-core').Page): Promise<unknown> =>
  page.waitForSelector('.alarm, .check.done, .check.impossible');

test('an inner code that could not be compared is not said to be wrong', async () => {
  const { page } = await stage.look(PATH);
  const before = await page.locator('.verdict').getAttribute('data-verdict');
  stage.proxy.meddle = (path) =>
    path === '/v1/scans'
      ? { status: 503, type: 'application/problem+json', body: Buffer.from('{"status":503}') }
      : undefined;
  try {
    await page.locator('.owner summary').click();
    await page.locator('#inner').fill('7KQ2-M9XP-4TRD');
    await page.locator('.owner button[type=submit]').click();
    await page.getByText('That did not work. Please try again later.').waitFor();
    assert.equal(await page.locator('.verdict').getAttribute('data-verdict'), before);
  } finally {
    stage.proxy.meddle = null;
  }
  await page.context().close();
});

test('a picture that is not the one that was signed for is not shown, and nothing else is lost', async () => {
  stage.proxy.meddle = (path, said) =>
    path.includes('/documents/') && said.type === 'image/webp'
      ? { ...said, body: Buffer.concat([said.body, Buffer.from('x')]) }
      : undefined;
  try {
    const { page } = await stage.look(PATH);
    await page.locator('.picture.none').waitFor();
    assert.equal(await page.locator('img.picture').count(), 0);
    assert.match(await textOf(page, '.check.done'), /signatures valid/);
    await page.context().close();
  } finally {
    stage.proxy.meddle = null;
  }
});

test('names that the registry does not give leave the journey as it was proven', async () => {
  stage.proxy.meddle = (path) =>
    path.startsWith('/v1/registry/') ? { status: 500, type: 'text/plain', body: Buffer.from('no') } : undefined;
  try {
    const { page } = await stage.look(PATH);
    await settled(page);
    assert.ok((await page.locator('.told').count()) > 20);
    assert.equal(await page.locator('.map').count(), 0, 'no coordinates, no map');
    await page.context().close();
  } finally {
    stage.proxy.meddle = null;
  }
});
