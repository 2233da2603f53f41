// The page's requests to the node. Any answer may be missing, late or wrong: nothing here throws.

export interface Bilingual {
  zh: string;
  en: string;
}

export interface Place {
  leaf: number;
  event: number;
}

/** docs/scans.md. */
export interface Answer {
  head: { code?: string };
  verdict: string;
  title?: Bilingual;
  advice?: Bilingual;
  reasons?: { code: string; text: Bilingual; events?: Place[] }[];
  scans?: {
    available?: boolean;
    count?: number;
    byThisDevice?: number;
    first?: { time?: string; place?: string; placeEn?: string };
    text?: Bilingual;
  };
}

export interface Site {
  name: string;
  country?: string;
  region?: string;
  type?: string;
  latitude?: number;
  longitude?: number;
}

/** Why a request failed. */
export interface Problem {
  is: 'problem';
  status: number; // 0: the node could not be reached.
  code: string; // The rule, as docs/errors.md names it; empty if unknown.
  detail: string;
}

export type Got<T> = T | Problem;

export const isProblem = (got: unknown): got is Problem =>
  typeof got === 'object' && got !== null && (got as Problem).is === 'problem';

/** True if the typed text is an invalid code; the problem says where (docs/identifiers.md). */
export const isBadCode = ({ code }: Problem): boolean => code.startsWith('CODE_');

const TIME_MS = 30_000;

async function problemOf(response: Response): Promise<Problem> {
  const problem = (await response.json().catch(() => ({}))) as {
    detail?: string;
    errors?: { code?: string; message?: string }[];
  };
  const first = problem.errors?.[0];
  return {
    is: 'problem',
    status: response.status,
    code: first?.code ?? '',
    detail: first?.message ?? problem.detail ?? '',
  };
}

async function request<T>(
  path: string,
  take: (response: Response) => Promise<T>,
  options: RequestInit = {},
): Promise<Got<T>> {
  const gaveUp = new AbortController(); // Safari 15 has no AbortSignal.timeout.
  const timer = setTimeout(() => gaveUp.abort(), TIME_MS);
  try {
    const { signal } = gaveUp;
    const response = await fetch(path, { signal, credentials: 'omit', ...options });
    return response.ok ? await take(response) : await problemOf(response);
  } catch {
    return { is: 'problem', status: 0, code: '', detail: '' };
  } finally {
    clearTimeout(timer);
  }
}

const json = async <T>(response: Response): Promise<T> => (await response.json()) as T;
const about = (code: string, what: string): string =>
  `/v1/codes/${encodeURIComponent(code)}/${what}`;

export const getPolicy = (): Promise<Got<string>> =>
  request('/v1/policy', (response) => response.text());

export const getBundle = (code: string): Promise<Got<ArrayBuffer>> =>
  request(about(code, 'bundle'), (response) => response.arrayBuffer());

export const getVerdict = (code: string): Promise<Got<Answer>> =>
  request(about(code, 'verdict'), json<Answer>);

export interface Scan {
  code: string;
  device: string;
  inner?: string;
  latitude?: number;
  longitude?: number;
}

export const postScan = (scan: Scan): Promise<Got<Answer>> =>
  request('/v1/scans', json<Answer>, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(scan),
  });

export async function getExtension(from: number, to: number): Promise<string[] | null> {
  const path = `/v1/consistency?from=${from}&to=${to}`;
  const got = await request(path, json<{ path?: string[] }>);
  return isProblem(got) || !Array.isArray(got.path) ? null : got.path;
}

type Listed = Record<string, { items?: Record<string, unknown>[] }>;

/** One entry of the registry. */
async function entry(list: 'parties' | 'sites' | 'products', id: string): Promise<Record<string, unknown> | null> {
  const got = await request(`/v1/registry/${list}/${id}`, json<Listed>);
  const found = isProblem(got) ? undefined : got[list]?.items?.[0];
  return found && typeof found['name'] === 'string' ? found : null;
}

function number(value: unknown): number | undefined {
  const found = Number(value);
  return value === undefined || value === '' || !Number.isFinite(found) ? undefined : found;
}

export async function getSite(gln: string): Promise<Site | null> {
  const found = await entry('sites', gln);
  return found && {
    ...(found as unknown as Site),
    latitude: number(found['latitude']),
    longitude: number(found['longitude']),
  };
}

/** The name of a product or a party. */
export async function getName(
  list: 'parties' | 'products',
  id: string,
): Promise<(Bilingual & { country: string }) | null> {
  const found = await entry(list, id);
  if (!found) return null;
  const { name, nameZh, country } = found as { name: string; nameZh?: string; country?: string };
  return { en: name, zh: nameZh ?? name, country: country ?? '' };
}

/** docs/resolver.md, Lots and units below a code. */
export interface Below {
  below?: { items?: { code: string }[]; next?: string };
}

/** One page of the lots or units of a kind of product, or of the units of a lot; `next` is empty for the first. */
export function getBelow(
  code: string,
  kind: 'lot' | 'serial',
  limit: number,
  next: string,
): Promise<Got<Below>> {
  const page = next === '' ? '' : `&page=${encodeURIComponent(next)}`;
  return request(`${about(code, 'below')}?kind=${kind}&limit=${limit}${page}`, json<Below>);
}

/** Fetches a file that a public statement names, by its digest. */
export const getReport = (place: Place, sha256: string): Promise<Got<Blob>> =>
  request(`/v1/events/${place.leaf}/${place.event}/documents/${sha256}`, (response) =>
    response.blob(),
  );
