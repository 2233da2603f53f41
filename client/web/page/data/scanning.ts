// The scanning device: a random name that this browser made for itself, and the codes it looked at
// in this session, so that navigating back does not count as another scan; where scans were made.
import { countryName } from '../texts/index.js';
import type { Language } from '../state.js';

const DEVICE_KEY = 'suyuan.device';
const SEEN_KEY = 'suyuan.seen';
const DEVICE = /^[A-Za-z0-9_-]{16,64}$/;

function newName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_').slice(0, 22);
}

export function deviceName(): string {
  try {
    const kept = localStorage.getItem(DEVICE_KEY);
    if (kept && DEVICE.test(kept)) return kept;
    const made = newName();
    localStorage.setItem(DEVICE_KEY, made);
    return made;
  } catch {
    return newName(); // A browser that stores nothing is another device each time.
  }
}

/** Returns true once for each code in a session. */
export function isFirstLook(code: string): boolean {
  try {
    const seen = JSON.parse(sessionStorage.getItem(SEEN_KEY) ?? '[]') as string[];
    if (seen.includes(code)) return false;
    sessionStorage.setItem(SEEN_KEY, JSON.stringify([...seen.slice(-99), code]));
  } catch {
    // Then each look counts.
  }
  return true;
}

/** "CN-FJ/福州": the city if one is named, else the country. Older nodes have no English names. */
export function placeName(
  at: { place?: string; placeEn?: string } | undefined,
  language: Language,
): string {
  const place = (language === 'en' && at?.placeEn) || at?.place;
  if (!place) return '';
  const [region, city] = place.split('/');
  return city ?? countryName(region!.split('-')[0]!, language);
}
