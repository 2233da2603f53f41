// What people type: numbers as they are printed, in groups and without saying what they are.

/** A kind of number that says nothing about itself; the page tells what it took it for. */
export type Assumed = 'sscc' | 'container' | 'parcel';

export interface Typed {
  code: string;
  assumed: Assumed | null;
}

const KINDS: [Assumed, form: RegExp, before: string][] = [
  ['sscc', /^[0-9]{18}$/, 'https://id.gs1.org/00/'],
  ['container', /^[A-Z]{3}[UJZ][0-9]{7}$/, 'urn:epc:id:bic:'],
  ['parcel', /^[A-Z]{2}[0-9]{9}[A-Z]{2}$/, 'urn:x-suyuan:parcel:'],
];

/**
 * The code that was meant. Check digits are left to the ledger, which says which one is wrong: it
 * refuses a number of such a form whose check digit does not fit.
 */
export function typedCode(text: string): Typed {
  const trimmed = text.trim();
  const closed = trimmed.replace(/[\s-]+/g, '').toUpperCase(); // Printed in groups.
  for (const [assumed, form, before] of KINDS) {
    if (form.test(closed)) return { code: before + closed, assumed };
  }
  return { code: /^[0-9]+$/.test(closed) ? closed : trimmed, assumed: null };
}
