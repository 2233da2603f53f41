// How a schema is written down here: for each struct its sizes, and for each field its place as the
// Cap'n Proto encoding lays it out. Values read by a schema have the type that follows from it.

export type Field =
  | { is: 'u8' | 'u16' | 'u32' | 'i16'; byte: number }
  | { is: 'u64' | 'i64'; byte: number }
  | { is: 'bool'; byte: number }
  | { is: 'choice'; byte: number; of: readonly string[] }
  | { is: 'text'; pointer: number }
  | { is: 'bytes'; pointer: number; size: number; needed: boolean }
  | { is: 'struct'; pointer: number; of: Schema; needed: boolean }
  | { is: 'list'; pointer: number; of: Schema; max: number }
  | { is: 'union'; byte: number; pointer: number; of: Record<string, Schema> };

export interface Schema {
  words: number; // Of data.
  pointers: number;
  fields: Record<string, Field>;
  /** What the fields must be together, beyond their own form; a reason where they are not. */
  check?: (value: Record<string, unknown>) => string | null;
}

type ValueOfField<F> = F extends { is: 'u8' | 'u16' | 'u32' | 'i16' }
  ? number
  : F extends { is: 'u64' | 'i64' }
    ? bigint
    : F extends { is: 'bool' }
      ? boolean
      : F extends { is: 'choice'; of: readonly (infer W)[] }
        ? W
        : F extends { is: 'text' }
          ? string
          : F extends { is: 'bytes'; needed: true }
            ? Uint8Array
            : F extends { is: 'bytes' }
              ? Uint8Array | null
              : F extends { is: 'struct'; needed: true; of: infer S }
                ? ValueOf<S>
                : F extends { is: 'struct'; of: infer S }
                  ? ValueOf<S> | null
                  : F extends { is: 'list'; of: infer S }
                    ? ValueOf<S>[]
                    : F extends { is: 'union'; of: infer U }
                      ? { [K in keyof U]: { is: K; value: ValueOf<U[K]> } }[keyof U]
                      : never;

export type ValueOf<S> = S extends { fields: infer Fs }
  ? { [K in keyof Fs]: ValueOfField<Fs[K]> }
  : never;

export const LIST_MAX = 256;
export const TEXT_BYTES_MAX = 4096;

export const text = <const N extends number>(pointer: N) => ({ is: 'text', pointer }) as const;
export const list = <const S extends Schema>(pointer: number, of: S, max = LIST_MAX) =>
  ({ is: 'list', pointer, of, max }) as const;
export const optional = <const S extends Schema>(pointer: number, of: S) =>
  ({ is: 'struct', pointer, of, needed: false }) as const;
export const needed = <const S extends Schema>(pointer: number, of: S) =>
  ({ is: 'struct', pointer, of, needed: true }) as const;
export const bytes = (pointer: number, size: number) =>
  ({ is: 'bytes', pointer, size, needed: true }) as const;
export const optionalBytes = (pointer: number, size: number) =>
  ({ is: 'bytes', pointer, size, needed: false }) as const;
export const choice = <const W extends readonly string[]>(byte: number, of: W) =>
  ({ is: 'choice', byte, of }) as const;
export const number = <const I extends 'u8' | 'u16' | 'u32' | 'i16'>(is: I, byte: number) =>
  ({ is, byte }) as const;
export const big = <const I extends 'u64' | 'i64'>(is: I, byte: number) => ({ is, byte }) as const;
/** The lowest bit of the byte. */
export const bool = (byte: number) => ({ is: 'bool', byte }) as const;
