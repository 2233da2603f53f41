// One browser for all tests, the node started by the runner, and helpers of every test.
import assert from 'node:assert/strict';
import { mkdtempSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { startProxy } from './proxy.js';
import type { Meddle, Proxy } from './proxy.js';
import { filmOf, qrOf } from './video.js';

export const CAN = 'https://id.gs1.org/01/09521104301011/21/3BGEJEE2QM52';
export const PATH = '/01/09521104301011/21/3BGEJEE2QM52';
export const NODE = process.env['SUYUAN_HTTP']!;
// This file runs from a build folder, which has no packages.
export const fromPackages = createRequire(join(process.env['SUYUAN_WEB_FOLDER']!, 'package.json'));
const { chromium } = fromPackages('playwright-core') as typeof import('playwright-core');
const SHOTS = process.env['SUYUAN_SHOTS']; // A folder for pictures of what was seen.

export interface Visit {
  language?: 'zh-CN' | 'en-GB';
  width?: number;
  dark?: boolean;
}

export interface Seen {
  page: Page;
  requests: string[];
  problems: string[]; // Errors of scripts, violations of the security policy.
}

export class Stage {
  private constructor(
    readonly browser: Browser,
    readonly proxy: Proxy,
  ) {}

  /** `label`: what the camera sees. */
  static async set(label = qrOf(`https://trace.example${PATH}`)): Promise<Stage> {
    const film = join(mkdtempSync(join(tmpdir(), 'suyuan-film-')), 'label.y4m');
    filmOf(label, film);
    const browser = await chromium.launch({
      executablePath: process.env['SUYUAN_CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox', // CI runs as root.
        '--disable-gpu',
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-video-capture=${film}`,
      ],
    });
    return new Stage(browser, await startProxy(NODE));
  }

  async strike(): Promise<void> {
    this.proxy.close();
    await this.browser.close();
  }

  /** A phone that was never here before. */
  async visit(path: string, { language = 'en-GB', width = 390, dark = false }: Visit = {}): Promise<Seen> {
    const context = await this.browser.newContext({
      viewport: { width, height: width < 600 ? 800 : 900 },
      locale: language,
      colorScheme: dark ? 'dark' : 'light',
      permissions: ['camera'],
      acceptDownloads: true,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    const seen: Seen = { page, requests: [], problems: [] };
    page.on('request', (request) => seen.requests.push(request.url()));
    page.on('pageerror', (error) => seen.problems.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/.test(message.text())) seen.problems.push(message.text());
    });
    await page.goto(this.proxy.base + path);
    return seen;
  }

  /** Looked at until all is there. */
  async look(path: string, visit: Visit = {}): Promise<Seen> {
    const seen = await this.visit(path, visit);
    await settled(seen.page);
    return seen;
  }
}

export async function settled(page: Page): Promise<void> {
  await page.waitForSelector('.verdict:not([aria-busy]), .check:not([aria-busy])');
  await page.waitForFunction(() => !document.querySelector('[aria-busy]'));
}

interface Bundle {
  checkpoint: string;
  events: { leaf: number; payload: { salt: string; bytes: string } | 'withheld' }[];
}

/** Changes every bundle on its way. */
export function inBundles(change: (bundle: Bundle) => void): Meddle {
  return (path, said) => {
    if (!path.endsWith('/bundle') || said.status !== 200) return undefined;
    const bundle = JSON.parse(said.body.toString()) as Bundle;
    change(bundle);
    return { ...said, body: Buffer.from(JSON.stringify(bundle)) };
  };
}

export async function shot(page: Page, name: string): Promise<void> {
  if (!SHOTS) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
}

export function assertQuiet({ requests, problems }: Seen, base: string): void {
  assert.deepEqual(problems, []);
  const foreign = requests.filter((url) => !url.startsWith(base) && !/^(blob|data):/.test(url));
  assert.deepEqual(foreign, [], 'a request went to another host');
}

const axe = readFileSync(fromPackages.resolve('axe-core/axe.min.js'), 'utf8');

interface Found {
  violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[];
}

/** Axe finds nothing, with all open that can be opened. */
export async function assertAccessible(page: Page, where: string): Promise<void> {
  await page.evaluate(() => document.querySelectorAll('details').forEach((one) => (one.open = true)));
  await page.evaluate(axe);
  const { violations } = (await page.evaluate('axe.run()')) as Found;
  const said = violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html} ${nodes[0]!.failureSummary ?? ''}`);
  assert.deepEqual(said, [], where);
}

export const textOf = async (page: Page, selector: string): Promise<string> =>
  (await page.locator(selector).allInnerTexts()).join('\n');
