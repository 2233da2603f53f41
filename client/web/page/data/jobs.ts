// The page's requests to its worker.
import type { Verdict } from '../../verify/index.js';

interface Tree {
  size: number;
  root: string; // Base64.
}

type Task =
  | { is: 'verify'; bundle: ArrayBuffer; policy: string; nowMs: number }
  | { is: 'digest'; bytes: ArrayBuffer }
  | { is: 'extends'; from: Tree; to: Tree; path: string[] };

export type Job = Task & { id: number };
export interface Outcome {
  id: number;
  result: Verdict | string | boolean | null; // Null: an unexpected failure.
}

declare const WORKER_PATH: string; // By build.mjs.

let worker: Worker | null = null;
let jobs = 0;
const waiting = new Map<number, (result: Outcome['result']) => void>();

function failAll(): void {
  worker?.terminate();
  worker = null;
  for (const done of waiting.values()) done(null);
  waiting.clear();
}

function start(): Worker {
  const started = new Worker(WORKER_PATH, { type: 'module' });
  started.onmessage = ({ data }: MessageEvent<Outcome>) => {
    waiting.get(data.id)?.(data.result);
    waiting.delete(data.id);
  };
  started.onerror = failAll;
  return started;
}

function ask(task: Task): Promise<Outcome['result']> {
  worker ??= start();
  const id = ++jobs;
  return new Promise((done) => {
    waiting.set(id, done);
    worker!.postMessage({ ...task, id });
  });
}

export async function verify(
  bundle: ArrayBuffer,
  policy: string,
  nowMs: number,
): Promise<Verdict | null> {
  return (await ask({ is: 'verify', bundle, policy, nowMs })) as Verdict | null;
}

export async function digestOf(bytes: ArrayBuffer): Promise<string | null> {
  return (await ask({ is: 'digest', bytes })) as string | null;
}

export async function extendsTree(from: Tree, to: Tree, path: string[]): Promise<boolean> {
  const { size, root } = to;
  const asked = { is: 'extends', from: { size: from.size, root: from.root }, path } as const;
  return (await ask({ ...asked, to: { size, root } })) === true;
}
