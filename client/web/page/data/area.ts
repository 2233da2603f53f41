// Where a scan was made, as coarsely as docs/scans.md requires, and only with consent.
const KEY = 'suyuan.area';
const STEP = 0.5; // Degrees: about fifty kilometres. Nothing finer leaves the browser.
const WAIT_MS = 4000;
const AGE_MS = 600_000;

export interface Area {
  latitude: number;
  longitude: number;
}

export function isAreaGiven(): boolean {
  try {
    return localStorage.getItem(KEY) === 'yes';
  } catch {
    return false;
  }
}

export function giveArea(given: boolean): void {
  try {
    localStorage.setItem(KEY, given ? 'yes' : 'no');
  } catch {
    // Then it is not given.
  }
}

const rounded = (degrees: number): number => Math.round(degrees / STEP) * STEP;

/** Returns null if it is denied, or cannot be determined soon. */
export function currentArea(): Promise<Area | null> {
  if (!isAreaGiven() || !navigator.geolocation) return Promise.resolve(null);
  return new Promise((done) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        done({ latitude: rounded(coords.latitude), longitude: rounded(coords.longitude) }),
      () => done(null),
      { enableHighAccuracy: false, timeout: WAIT_MS, maximumAge: AGE_MS },
    );
  });
}
