// A proxy between the browser and the node that can change the node's answers: a server that
// cheats.
import { existsSync, readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, extname, join } from 'node:path';

export interface Said {
  status: number;
  type: string;
  body: Buffer;
}

/** Looks at an answer and may give another one, or give it later. */
export type Meddle = (path: string, said: Said) => Said | undefined | Promise<Said | undefined>;

export interface Proxy {
  base: string;
  meddle: Meddle | null;
  offline: boolean;
  close(): void;
}

const PASSED_ON = ['accept', 'content-type', 'content-length', 'if-none-match'];
const PASSED_BACK = [
  'cache-control',
  'content-security-policy',
  'cross-origin-opener-policy',
  'etag',
  'permissions-policy',
  'vary',
  'x-content-type-options',
];

// A folder with the page's files, used instead of those built into the node, so that work on the
// page alone needs no build of the node.
const PAGE = process.env['SUYUAN_PAGE'];
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

function fromFolder(path: string, said: Said): Said | undefined {
  if (!PAGE) return undefined;
  const isFile = path.startsWith('/page/') || path === '/service-worker.js';
  if (!isFile && !said.type.startsWith('text/html')) return undefined;
  const file = join(PAGE, isFile ? basename(path) : 'index.html');
  if (!existsSync(file)) return undefined;
  const status = isFile ? 200 : said.status;
  return { status, type: TYPES[extname(file)]!, body: readFileSync(file) };
}

/** One connection for each request: none is kept that the node might close meanwhile. */
function ask(node: string, asked: IncomingMessage): Promise<[IncomingMessage, Buffer]> {
  const headers = PASSED_ON.flatMap((name): [string, string][] => {
    const value = asked.headers[name];
    return typeof value === 'string' ? [[name, value]] : [];
  });
  return new Promise((done, fail) => {
    const { method } = asked;
    const options = { method, headers: Object.fromEntries(headers), agent: false };
    const passed = request(node + asked.url!, options, (answer) => {
      bodyOf(answer).then((body) => done([answer, body]), fail);
    });
    passed.on('error', fail);
    asked.pipe(passed);
  });
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

export async function startProxy(node: string): Promise<Proxy> {
  const proxy: Proxy = { base: '', meddle: null, offline: false, close: () => server.close() };
  const pass = async (asked: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [answer, body] = await ask(node, asked);
    const type = answer.headers['content-type'] ?? '';
    const said: Said = { status: answer.statusCode!, type, body };
    const path = decodeURIComponent(asked.url!.split('?')[0]!);
    const given = (await proxy.meddle?.(path, said)) ?? fromFolder(path, said) ?? said;
    for (const name of PASSED_BACK) {
      const value = answer.headers[name];
      if (value !== undefined) response.setHeader(name, value);
    }
    response.writeHead(given.status, { 'content-type': given.type });
    response.end(given.body);
  };
  const server = createServer((asked, response) => {
    if (proxy.offline) asked.socket.destroy();
    else pass(asked, response).catch(() => asked.socket.destroy());
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  proxy.base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return proxy;
}
