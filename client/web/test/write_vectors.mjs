// Writes tests/vectors/bundles/web.json: the bundles of this side's tests, honest and not, each with
// the verdict. The C++ verifier must give the same. Run after a build: node test/write_vectors.mjs OUT
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const web = dirname(dirname(fileURLToPath(import.meta.url)));
const source = resolve(web, '../..');
const out = resolve(process.argv[2] ?? join(source, 'build/web'));
const folder = mkdtempSync(join(tmpdir(), 'suyuan-record-'));
const cases = [];
for (const name of ['proven', 'refused_head', 'refused_leaves', 'refused_chains', 'epcis_bundle']) {
  const file = join(folder, name);
  const { status } = spawnSync(process.execPath, ['--test', join(out, `test/${name}.test.mjs`)], {
    env: { ...process.env, SUYUAN_SOURCE_DIR: source, SUYUAN_RECORD: file },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`${name} fails`);
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  lines.forEach((line, i) => cases.push({ name: `${name} ${i + 1}`, ...JSON.parse(line) }));
}
rmSync(folder, { recursive: true });

// One bundle is often asked again with another time or policy; and most cases that fail at the file
// itself differ from the honest bundle in a line, which mutations.json has enough of.
const kept = cases.filter(({ code }) => code !== 'BUNDLE_SYNTAX');
const policies = [...new Set(kept.map(({ policy }) => policy))];
const bundles = [...new Set(kept.map(({ bundle }) => bundle))];
const about =
  'Bundles that the tests of client/web made, honest and not: bundle and policy are the numbers of ' +
  'texts in the lists. place is for people. Made by client/web/test/write_vectors.mjs.';
const list = (name, values) =>
  `"${name}":[\n${values.map((one) => JSON.stringify(one)).join(',\n')}]`;
const rows = kept.map((one) => ({
  ...one,
  policy: policies.indexOf(one.policy),
  bundle: bundles.indexOf(one.bundle),
}));
const text = `{"about":${JSON.stringify(about)},\n${list('policies', policies)},\n${list('bundles', bundles)},\n${list('cases', rows)}}\n`;
writeFileSync(join(source, 'tests/vectors/bundles/web.json'), text);
console.log(`${rows.length} cases, ${bundles.length} bundles, ${text.length} bytes`);
