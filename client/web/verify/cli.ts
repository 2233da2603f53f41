// The verifier on a command line, for tests and for whoever has Node:
//   node suyuan-verify.mjs [--json] [--now MS] POLICY BUNDLE...
// Exit code 0: all proven; 1: wrong use; 2: one is refused; 3: one is stale; 4: one proves a part;
// 5: one proves that nothing is recorded. The lowest but 0 counts.
import { webcrypto } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { verifyBundle } from './verify.js';
import type { Verdict } from './verdict.js';

// Node 18 has WebCrypto, but not where browsers have it.
if (!globalThis.crypto) Object.assign(globalThis, { crypto: webcrypto });

const USAGE = 'usage: suyuan-verify [--json] [--now MS] POLICY BUNDLE...';
const EXIT = { PROVEN: 0, REFUSED: 2, STALE: 3, PARTIAL: 4, NOT_RECORDED: 5 };

function lines(file: string, verdict: Verdict): string[] {
  const { refusal, asOfMs } = verdict;
  const as = asOfMs === null ? '' : ` as of ${new Date(Number(asOfMs)).toISOString()}`;
  const about = verdict.code === '' ? '' : ` ${verdict.code}`;
  return [
    `${file}: ${verdict.verdict}${as}${about}`,
    ...(refusal ? [`  ${refusal.code} at ${refusal.place || 'the file'}: ${refusal.message}`] : []),
    ...verdict.proven.map((line) => `  proven: ${line}`),
    ...verdict.notProven.map((line) => `  not proven: ${line}`),
  ];
}

function json(file: string, { events: _events, ...verdict }: Verdict): string {
  const plain = (_name: string, value: unknown): unknown =>
    typeof value === 'bigint' ? Number(value) : value;
  return JSON.stringify({ file, ...verdict }, plain);
}

async function main(args: string[]): Promise<number> {
  let asJson = false;
  let now = Date.now();
  while (args[0]?.startsWith('--')) {
    const flag = args.shift();
    if (flag === '--json') asJson = true;
    else if (flag === '--now' && /^[0-9]{1,15}$/.test(args[0] ?? '')) now = Number(args.shift());
    else args = [];
  }
  const [policyFile, ...files] = args;
  if (policyFile === undefined || files.length === 0) {
    console.error(USAGE);
    return 1;
  }
  const policy = readFileSync(policyFile, 'utf8');
  let worst = 0;
  for (const file of files) {
    const verdict = await verifyBundle(readFileSync(file), policy, now);
    console.log(asJson ? json(file, verdict) : lines(file, verdict).join('\n'));
    const exit = EXIT[verdict.verdict];
    if (exit !== 0 && (worst === 0 || exit < worst)) worst = exit;
  }
  return worst;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  // A file that cannot be read.
  console.error(String(error));
  process.exitCode = 1;
}
