// Caches the page itself, so that a saved proof can be opened offline. The node's answers are never
// cached: they are requested and verified each time.

declare const FIRST_FILES: string[]; // By build.mjs: what the start needs.
declare const VERSION: string; // Of these files together.

interface Extendable extends Event {
  waitUntil(done: Promise<unknown>): void;
}
interface Fetching extends Event {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}
const worker = globalThis as unknown as {
  addEventListener(type: 'install' | 'activate', listener: (event: Extendable) => void): void;
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void;
};

const NAME = `page-${VERSION}`;

async function keepFirst(): Promise<void> {
  await (await caches.open(NAME)).addAll(['/', ...FIRST_FILES]);
}

async function dropOld(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== NAME).map((name) => caches.delete(name)));
}

/** A file's name contains its hash, so a cached file is always right. */
async function kept(request: Request): Promise<Response> {
  const cache = await caches.open(NAME);
  const found = await cache.match(request);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}

/** The newest page if the node answers, else the cached one. */
async function newest(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (unreachable) {
    const found = await (await caches.open(NAME)).match('/');
    if (found) return found;
    throw unreachable;
  }
}

worker.addEventListener('install', (event) => event.waitUntil(keepFirst()));
worker.addEventListener('activate', (event) => event.waitUntil(dropOld()));
worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { pathname } = new URL(request.url);
  if (pathname.startsWith('/page/')) event.respondWith(kept(request));
  else if (request.mode === 'navigate') event.respondWith(newest(request));
});
