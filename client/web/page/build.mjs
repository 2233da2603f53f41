// Builds the consumer's page: node page/build.mjs FOLDER
//   FOLDER/files/*          as a server would serve them, each name with a hash of its bytes
//   FOLDER/page_files.cc    all of them, with their compressed forms, as a source file for the node
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { worldOutline } from './world_outline.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(here, '../../../build/web/page'));
const files = join(out, 'files');
const address = (file) => `/page/${basename(file)}`;

const common = {
  bundle: true,
  format: 'esm',
  target: ['es2022', 'safari15.4'],
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
  outdir: files,
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  plugins: [worldOutline],
};

/** Builds one entry. Returns the output names: its own, then those of its static imports. */
async function built(entry, options = {}) {
  const path = join(here, entry);
  const { metafile } = await build({ ...common, ...options, entryPoints: [path] });
  const [name, output] = Object.entries(metafile.outputs).find(([, { entryPoint }]) =>
    entryPoint?.endsWith(entry),
  );
  const needed = output.imports.filter(({ kind }) => kind === 'import-statement');
  return [name, ...needed.map((one) => one.path)].map(address);
}

function keep(name, bytes) {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 8).toUpperCase();
  const file = `${basename(name, extname(name))}-${hash}${extname(name)}`;
  writeFileSync(join(files, file), bytes);
  return address(file);
}

// Files whose names contain no hash.
const FIXED = ['index.html', 'service-worker.js'];
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

function compressed(bytes) {
  const brotli = brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
  return { plain: bytes, gzip: gzipSync(bytes, { level: 9 }), brotli };
}

/** One blob with every form of every file, and a table of where each is. */
function embed(names) {
  const parts = [];
  let at = 0;
  const placed = (bytes) => {
    parts.push(bytes);
    at += bytes.length;
    return `{kPageBytes + ${at - bytes.length}, ${bytes.length}}`;
  };
  const rows = names.map((name) => {
    const bytes = readFileSync(join(files, name));
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
    const { plain, gzip, brotli } = compressed(bytes);
    const type = TYPES[extname(name)];
    if (!type) throw new Error(`${name}: no media type is known for it`);
    return [
      `    {.name = "${name}", .type = "${type}", .hash = "${hash}",`,
      `     .immutable = ${!FIXED.includes(name)}, .plain = ${placed(plain)},`,
      `     .gzip = ${placed(gzip)}, .brotli = ${placed(brotli)}},`,
    ].join('\n');
  });
  const blob = join(out, 'page_files.bin');
  writeFileSync(blob, Buffer.concat(parts));
  return `// Made by client/web/page/build.mjs.
#include "node/http/page_files.h"

asm(R"(
  .section .rodata
  .hidden suyuan_page_bytes
  .global suyuan_page_bytes
suyuan_page_bytes:
  .incbin "${blob}"
  .previous
)");

extern "C" const char suyuan_page_bytes[];

namespace suyuan::http {
namespace {

constexpr const char* kPageBytes = suyuan_page_bytes;

const PageFile kPageFiles[] = {
${rows.join('\n')}
};

}  // namespace

std::span<const PageFile> page_files() { return kPageFiles; }

}  // namespace suyuan::http
`;
}

rmSync(files, { recursive: true, force: true });
mkdirSync(files, { recursive: true });
const [worker] = await built('worker.ts');
const [script, ...chunks] = await built('main.tsx', {
  splitting: true,
  define: { WORKER_PATH: JSON.stringify(worker) },
});
const [style] = await built('styles/page.css');
const icon = keep('icon.svg', readFileSync(join(here, 'icon.svg')));
const html = readFileSync(join(here, 'index.html'), 'utf8')
  .replace('{script}', script)
  .replace('{style}', style)
  .replace('{icon}', icon);
writeFileSync(join(files, 'index.html'), html);
// Its name is fixed: browsers request it again to see whether the page has changed.
await build({
  ...common,
  entryPoints: [join(here, 'service_worker.ts')],
  entryNames: 'service-worker',
  define: {
    FIRST_FILES: JSON.stringify([script, ...chunks, style, worker, icon]),
    VERSION: JSON.stringify(createHash('sha256').update(html).digest('hex').slice(0, 12)),
  },
});
writeFileSync(join(out, 'page_files.cc'), embed(readdirSync(files).sort()));
console.log(out);
