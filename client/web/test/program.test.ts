// What is built: the program on the command line, and the file for pages.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { utf8 } from '../verify/bytes.js';
import { sourcePath } from './support.js';
import type { Any } from './support.js';
import { COSIGNED, NOBODY, NOW, PRODUCT, policyText, sealed, unitBundle } from './scenario.js';

const out = dirname(dirname(fileURLToPath(import.meta.url)));
const ledger = sealed();

test('the program says in words, in JSON and by its exit code what it found', () => {
  const folder = mkdtempSync(join(tmpdir(), 'suyuan-verify-'));
  try {
    const write = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const policy = write('policy', policyText(ledger));
    const good = unitBundle(ledger);
    const proven = write('proven', JSON.stringify(good));
    const absent = write('absent', JSON.stringify(ledger.bundle(NOBODY, [PRODUCT], COSIGNED)));
    good.events[good.events.length - 1]!.payload = 'withheld';
    const partial = write('partial', JSON.stringify(good));
    const refused = write('refused', '{}');
    const run = (...args: string[]): { status: number | null; stdout: string } =>
      spawnSync(process.execPath, [join(out, 'suyuan-verify.mjs'), ...args], { encoding: 'utf8' });
    const now = ['--now', `${NOW}`];

    assert.equal(run().status, 1);
    assert.equal(run('--what', policy, proven).status, 1);
    assert.equal(run(policy, join(folder, 'nowhere')).status, 1);
    const found = run(...now, policy, proven);
    assert.equal(found.status, 0);
    assert.match(found.stdout, /PROVEN as of 2026-.*\n {2}proven: /);
    assert.equal(run(...now, policy, proven, refused, partial).status, 2);
    assert.equal(run('--now', `${NOW + 1e9}`, policy, proven).status, 3);
    assert.equal(run(...now, policy, partial, absent).status, 4);
    assert.equal(run(...now, policy, absent).status, 5);
    const said = JSON.parse(run('--json', ...now, policy, refused).stdout);
    assert.equal(said.refusal.code, 'BUNDLE_SYNTAX');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the file for pages stands alone and gives the same verdict', async () => {
  const path = join(out, 'verify.js');
  const text = readFileSync(path, 'utf8');
  const foreign = /[^.\w](require\(["']|process\.|from\s*["']|import\s*["'(])/.exec(text);
  assert.equal(foreign?.[0], undefined);
  // Under a name that every Node takes for a module.
  const folder = mkdtempSync(join(tmpdir(), 'suyuan-page-'));
  writeFileSync(join(folder, 'verify.mjs'), text);
  const page = await import(pathToFileURL(join(folder, 'verify.mjs')).href);
  rmSync(folder, { recursive: true });
  const file = utf8(JSON.stringify(unitBundle(ledger)));
  const found = await page.verifyBundle(file, policyText(ledger), NOW);
  assert.equal(found.verdict, 'PROVEN');
  assert.equal(found.events.length, unitBundle(ledger).events.length);
});

test('the lock file holds hashes of all packages, and no address to fetch them from', () => {
  const lock = JSON.parse(readFileSync(sourcePath('client/web/package-lock.json'), 'utf8'));
  for (const [name, one] of Object.entries<Any>(lock.packages)) {
    if (name === '') continue;
    assert.match(one.integrity, /^sha512-/, name);
    assert.equal(one.resolved, undefined, name);
  }
});
