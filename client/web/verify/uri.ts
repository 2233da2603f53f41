// Absolute URIs (RFC 3986), and their normal form by syntax alone (docs/identifiers.md 5).
import { Fault } from './bytes.js';

export interface Uri {
  scheme: string; // In lower case.
  // In normal form: the host in lower case, the port where it is not the scheme's own; null: none.
  authority: string | null;
  path: string; // As it was sent.
  query: string | null;
  fragment: string | null;
}

const PARTS = /^([A-Za-z][A-Za-z0-9+.-]*):(\/\/([^/?#]*))?([^?#]*)(\?[^#]*)?(#.*)?$/;
const PCT = '%[0-9A-Fa-f]{2}';
const SUB = "!$&'()*+,;=";
const PATH = new RegExp(`^([A-Za-z0-9\\-._~${SUB}:@/]|${PCT})*$`);
const QUERY = new RegExp(`^([A-Za-z0-9\\-._~${SUB}:@/?]|${PCT})*$`);
const NAME = new RegExp(`^([A-Za-z0-9\\-._~${SUB}]|${PCT})*$`);
const IP = /^\[[0-9A-Fa-f:.]+\]$/;
const PORTS: Record<string, string> = { http: '80', https: '443', ws: '80', wss: '443', ftp: '21' };

export function splitUri(text: string): Uri | Fault {
  const found = PARTS.exec(text);
  if (!found) return new Fault('no absolute URI');
  const [, scheme, , authority, path, query, fragment] = found;
  const uri: Uri = {
    scheme: scheme!.toLowerCase(),
    authority: null,
    path: path!,
    query: query === undefined ? null : query.slice(1),
    fragment: fragment === undefined ? null : fragment.slice(1),
  };
  if (!PATH.test(uri.path) || !QUERY.test(uri.query ?? '')) {
    return new Fault('a character that a URI does not hold');
  }
  if (authority !== undefined) {
    const normal = normalAuthority(uri.scheme, authority);
    if (normal instanceof Fault) return normal;
    uri.authority = normal;
  } else if (isWeb(uri)) {
    return new Fault('a web address has a host');
  }
  const empty = uri.path === '' && (uri.authority ?? '') === '';
  return empty ? new Fault('nothing follows the scheme') : uri;
}

export const isWeb = ({ scheme }: Uri): boolean => scheme === 'http' || scheme === 'https';

function normalAuthority(scheme: string, authority: string): string | Fault {
  if (authority.includes('@')) return new Fault('a user name in a URI can name a person');
  const found = /^(\[[^\]]*\]|[^:[\]]*)(:([1-9][0-9]{0,4})?)?$/.exec(authority);
  if (!found) return new Fault('the host or port');
  const [, host, , port = ''] = found;
  if (!IP.test(host!) && !NAME.test(host!)) return new Fault('the host');
  if (host === '' && (port !== '' || scheme === 'http' || scheme === 'https')) {
    return new Fault('the host is missing');
  }
  const lower = normalEscapes(host!).replace(/%..|[A-Z]/g, (c) =>
    c[0] === '%' ? c : c.toLowerCase(),
  );
  return port === '' || port === PORTS[scheme] ? lower : `${lower}:${port}`;
}

/** One character for each byte. REQUIRES: its escapes are whole. */
export function decodedBytes(text: string): string {
  return text.replace(/%(..)/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}

/** Null: a bad escape, or a byte that is not ASCII. */
export function percentDecoded(text: string): string | null {
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return null;
  const out = text.replace(/%(..)/g, (_, code: string) =>
    String.fromCharCode(parseInt(code, 16)),
  );
  return /^[\x01-\x7f]*$/.test(out) ? out : null;
}

/** In upper case; escapes of unreserved characters are decoded. */
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
  if (uri.authority === null && path.startsWith('//')) {
    return new Fault('its path looks like a host');
  }
  const authority = uri.authority === null ? '' : `//${uri.authority}`;
  const query = uri.query === null ? '' : `?${normalEscapes(uri.query)}`;
  const text = `${uri.scheme}:${authority}${path}${query}`;
  return text.length <= ESCAPED_ASCII_MAX ? text : new Fault('longer than 512 bytes');
}
