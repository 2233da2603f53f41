// Absolute URIs (RFC 3986), and their normal form by syntax alone (docs/identifiers.md 5).
import { Fault } from './bytes.js';

export interface Uri {
  scheme: string; // In lower case.
  host: string | null; // In lower case; null: no authority.
  port: string;
  path: string; // As it was sent.
  query: string | null;
  fragment: string | null;
}

const PARTS = /^([A-Za-z][A-Za-z0-9+.-]*):(\/\/([^/?#]*))?([^?#]*)(\?[^#]*)?(#.*)?$/;
const PCT = '%[0-9A-Fa-f]{2}';
const SUB = "!$&'()*+,;=";
const PATH = new RegExp(`^([A-Za-z0-9\\-._~${SUB}:@/]|${PCT})*$`);
const QUERY = new RegExp(`^([A-Za-z0-9\\-._~${SUB}:@/?]|${PCT})*$`);
const NAME = new RegExp(`^([A-Za-z0-9\\-._~${SUB}]|${PCT})+$`);
const IP = /^\[[0-9A-Fa-f:.]+\]$/;
const PORTS: Record<string, string> = { http: '80', https: '443', ws: '80', wss: '443', ftp: '21' };
const PORT_MAX = 65535;

export function splitUri(text: string): Uri | Fault {
  const found = PARTS.exec(text);
  if (!found) return new Fault('no absolute URI');
  const [, scheme, , authority, path, query, fragment] = found;
  const uri: Uri = {
    scheme: scheme!.toLowerCase(),
    host: null,
    port: '',
    path: path!,
    query: query === undefined ? null : query.slice(1),
    fragment: fragment === undefined ? null : fragment.slice(1),
  };
  const good =
    PATH.test(uri.path) && QUERY.test(uri.query ?? '') && QUERY.test(uri.fragment ?? '');
  if (!good) return new Fault('a character that a URI does not hold');
  if (authority === undefined) return uri;
  if (authority.includes('@')) return new Fault('a user name in a URI can name a person');
  const at = /^(.*?)(?::([0-9]*))?$/.exec(authority)!;
  const host = at[1]!;
  if (!IP.test(host) && !NAME.test(host)) return new Fault('the host');
  uri.port = at[2] ?? '';
  if (Number(uri.port) > PORT_MAX) return new Fault('the port');
  uri.host = normalEscapes(host).replace(/%..|[A-Z]/g, (c) => (c[0] === '%' ? c : c.toLowerCase()));
  return uri;
}

/** Null: a bad escape, or a byte that is no ASCII. */
export function percentDecoded(text: string): string | null {
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return null;
  const out = text.replace(/%(..)/g, (_, code: string) =>
    String.fromCharCode(parseInt(code, 16)),
  );
  return /^[\x01-\x7f]*$/.test(out) ? out : null;
}

/** In upper case; those of unreserved characters decoded. */
function normalEscapes(text: string): string {
  return text.replace(/%(..)/g, (all, code: string) => {
    const c = String.fromCharCode(parseInt(code, 16));
    return /[A-Za-z0-9\-._~]/.test(c) ? c : all.toUpperCase();
  });
}

/** RFC 3986 5.2.4. */
function withoutDots(path: string): string {
  const out: string[] = [];
  const segments = path.split('/').slice(1);
  for (const [i, segment] of segments.entries()) {
    const last = i === segments.length - 1;
    if (segment === '..') out.pop();
    if (segment !== '.' && segment !== '..') out.push(segment);
    else if (last) out.push('');
  }
  return `/${out.join('/')}`;
}

const ESCAPED_ASCII_MAX = 512;

export function normalUri(uri: Uri): string | Fault {
  if (uri.fragment !== null) return new Fault('a fragment names no thing');
  let path = normalEscapes(uri.path);
  if (path.startsWith('/')) path = withoutDots(path);
  if (uri.host === null && path.startsWith('//')) return new Fault('its path looks like a host');
  const port = uri.port === '' || uri.port === PORTS[uri.scheme] ? '' : `:${uri.port}`;
  const authority = uri.host === null ? '' : `//${uri.host}${port}`;
  const query = uri.query === null ? '' : `?${normalEscapes(uri.query)}`;
  const text = `${uri.scheme}:${authority}${path}${query}`;
  return text.length <= ESCAPED_ASCII_MAX ? text : new Fault('longer than 512 bytes');
}
