// Builds and runs the tests: node test/run.mjs [build folder]
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const web = dirname(dirname(fileURLToPath(import.meta.url)));
const out = resolve(process.argv[2] ?? join(web, '../../build/web'));

function run(args) {
  const { status } = spawnSync(process.execPath, args, {
    cwd: web,
    stdio: 'inherit',
    env: { ...process.env, SUYUAN_SOURCE_DIR: resolve(web, '../..') },
  });
  if (status !== 0) process.exit(status ?? 1);
}

for (const project of ['tsconfig.json', 'tsconfig.node.json', 'tsconfig.page.json']) {
  run([join(web, 'node_modules/typescript/bin/tsc'), '-p', join(web, project)]);
}
run([join(web, 'build.mjs'), out]);
const tests = readdirSync(join(out, 'test')).filter((name) => name.endsWith('.test.mjs'));
run(['--test', ...tests.map((name) => join(out, 'test', name))]);
