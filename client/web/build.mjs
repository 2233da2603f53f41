// Builds the verifier: node build.mjs [folder, by default build/web of the repository]
//   verify.js            for pages, one file, nothing fetched
//   suyuan-verify.mjs    for Node
//   test/*.test.mjs      what `node --test` runs
import { build } from 'esbuild';
import { readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(here, '../../build/web'));
const common = { bundle: true, format: 'esm', target: 'es2022', logLevel: 'warning' };

const tests = readdirSync(join(here, 'test')).filter((name) => name.endsWith('.test.ts'));
await Promise.all([
  build({
    ...common,
    platform: 'browser',
    minify: true,
    sourcemap: true,
    entryPoints: [join(here, 'verify/index.ts')],
    outfile: join(out, 'verify.js'),
  }),
  build({
    ...common,
    platform: 'node',
    entryPoints: [join(here, 'verify/cli.ts')],
    outfile: join(out, 'suyuan-verify.mjs'),
  }),
  build({
    ...common,
    platform: 'node',
    outExtension: { '.js': '.mjs' },
    sourcemap: 'inline',
    entryPoints: tests.map((name) => join(here, 'test', name)),
    outdir: join(out, 'test'),
  }),
]);
console.log(out);
