// Installs the packages of package-lock.json, where that is not done yet: node install.mjs
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const web = dirname(fileURLToPath(import.meta.url));
const stamp = join(web, 'node_modules/.suyuan-lock');
const lock = readFileSync(join(web, 'package-lock.json'));
const digest = createHash('sha256').update(lock).digest('hex');
const wanted = `${digest} ${process.platform} ${process.arch}\n`;

if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) {
  console.log('install: all packages are there');
} else {
  const npm = process.env['SUYUAN_NPM'] ?? 'npm';
  const { status } = spawnSync(npm, ['ci', '--prefer-offline'], { cwd: web, stdio: 'inherit' });
  if (status !== 0) process.exit(1);
  writeFileSync(stamp, wanted);
}
