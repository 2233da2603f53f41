// Builds the verifier: node build.mjs [folder, by default build/web of the repository]
//   verify.js            for pages, one file, nothing fetched
//   suyuan-verify.mjs    for Node
//   test/*.test.mjs      what `node --test` runs
//   e2e/*.e2e.mjs        what e2e/run.sh runs, in a browser
import { build } from 'esbuild';
import { readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(here, '../../build/web'));
const common = { bundle: true, format: 'esm', target: 'es2022', logLevel: 'warning' };

const among = (folder, ending) =>
  readdirSync(join(here, folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => join(here, folder, name));
const forNode = {
  ...common,
  platform: 'node',
  outExtension: { '.js': '.mjs' },
  sourcemap: 'inline',
};
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
  build({ ...forNode, entryPoints: among('test', '.test.ts'), outdir: join(out, 'test') }),
  build({ ...forNode, entryPoints: among('e2e', '.e2e.ts'), outdir: join(out, 'e2e') }),
]);
console.log(out);
