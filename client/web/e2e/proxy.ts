// Stands between the browser and the node, and can change what the node says: a server that cheats.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Said {
  status: number;
  type: string;
  body: Buffer;
}

/** Looks at an answer and may give another one. */
export type Meddle = (path: string, said: Said) => Said | undefined;

export interface Proxy {
  base: string;
  meddle: Meddle | null;
  offline: boolean;
  close(): void;
}

const PASSED_ON = ['accept', 'accept-encoding', 'content-type', 'if-none-match'];
const PASSED_BACK = [
  'cache-control',
  'content-security-policy',
  'cross-origin-opener-policy',
  'etag',
  'permissions-policy',
  'vary',
  'x-content-type-options',
];

export async function startProxy(node: string): Promise<Proxy> {
  const proxy: Proxy = { base: '', meddle: null, offline: false, close: () => server.close() };
  const server = createServer(async (request, response) => {
    if (proxy.offline) return request.socket.destroy();
    const asked: Buffer[] = [];
    for await (const part of request) asked.push(part as Buffer);
    const headers = PASSED_ON.flatMap((name): [string, string][] => {
      const value = request.headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    });
    const answer = await fetch(node + request.url!, {
      method: request.method!,
      headers,
      redirect: 'manual',
      ...(asked.length > 0 && { body: Buffer.concat(asked) }),
    });
    const said: Said = {
      status: answer.status,
      type: answer.headers.get('content-type') ?? '',
      body: Buffer.from(await answer.arrayBuffer()),
    };
    const path = decodeURIComponent(request.url!.split('?')[0]!);
    const given = proxy.meddle?.(path, said) ?? said;
    for (const name of PASSED_BACK) {
      const value = answer.headers.get(name);
      if (value !== null) response.setHeader(name, value);
    }
    response.writeHead(given.status, { 'content-type': given.type });
    response.end(given.body);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  proxy.base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return proxy;
}
