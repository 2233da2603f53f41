// What a camera would see: a label with a code, as a film for Chromium's camera (Y4M, gray).
import { writeFileSync } from 'node:fs';
import {
  DefaultPlacement,
  ErrorCorrection,
  SymbolInfo,
} from '@zxing/library/esm/core/datamatrix/encoder';
import encodeQR from 'qr';

const WIDTH = 640;
const HEIGHT = 480;
const PAPER = 235;
const INK = 16;
const FNC1 = 232;

/** Rows of dark and light, with the light border that a reader needs. */
type Pattern = boolean[][];

export const qrOf = (text: string): Pattern => encodeQR(text, 'raw', { ecc: 'medium', border: 4 });

/** GS1 Data Matrix; `elements` with FNC1 as U+001D between them: one stands in front by itself. */
export function dataMatrixOf(elements: string): Pattern {
  const data = `\x1d${elements}`.match(/[0-9]{2}|./gs)!.map((part) => {
    if (part === '\x1d') return FNC1;
    return part.length === 2 ? 130 + Number(part) : part.charCodeAt(0) + 1;
  });
  const padding: number[] = [];
  const symbol = SymbolInfo.lookup(data.length, 1 /* square */);
  for (let at = data.length; at < symbol.getDataCapacity(); ++at) {
    // The first pad, then what ISO/IEC 16022 makes of it at each place.
    const pad = 129 + (at === data.length ? 0 : ((149 * (at + 1)) % 253) + 1);
    padding.push(pad > 254 ? pad - 254 : pad);
  }
  const codewords = ErrorCorrection.encodeECC200(String.fromCharCode(...data, ...padding), symbol);
  const placed = new DefaultPlacement(
    codewords,
    symbol.getSymbolDataWidth(),
    symbol.getSymbolDataHeight(),
  );
  placed.place();
  // Dark at the left and below, every second module dark above and at the right.
  const [width, height] = [symbol.getSymbolDataWidth() + 2, symbol.getSymbolDataHeight() + 2];
  const dark = (x: number, y: number): boolean => {
    if (x === 0 || y === height - 1) return true;
    if (y === 0) return x % 2 === 0;
    return x === width - 1 ? y % 2 === 1 : placed.getBit(x - 1, y - 1);
  };
  const rows = Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => dark(x, y)),
  );
  return bordered(rows, 2, 2);
}

// Left digits with odd parity; even parity and right digits are their mirror and complement.
const ODD = '0001101 0011001 0010011 0111101 0100011 0110001 0101111 0111011 0110111 0001011'.split(' ');
const PARITIES = 'OOOOOO OOEOEE OOEEOE OOEEEO OEOOEE OEEOOE OEEEOO OEOEOE OEOEEO OEEOEO'.split(' ');

export function eanOf(digits: string): Pattern {
  const odd = (digit: string): string => ODD[Number(digit)]!;
  const right = (digit: string): string => odd(digit).replace(/./g, (bit) => (bit === '1' ? '0' : '1'));
  const even = (digit: string): string => [...right(digit)].reverse().join('');
  const parity = PARITIES[Number(digits[0])]!;
  const left = [...digits.slice(1, 7)].map((digit, i) => (parity[i] === 'O' ? odd : even)(digit));
  const bars = ['101', ...left, '01010', ...[...digits.slice(7)].map(right), '101'].join('');
  const row = [...bars].map((bit) => bit === '1');
  return bordered(Array.from({ length: 50 }, () => row), 11, 4);
}

function bordered(rows: Pattern, sides: number, ends: number): Pattern {
  const width = rows[0]!.length + 2 * sides;
  const light = (): boolean[] => new Array<boolean>(width).fill(false);
  const side = new Array<boolean>(sides).fill(false);
  const edge = Array.from({ length: ends }, light);
  return [...edge, ...rows.map((row) => [...side, ...row, ...side]), ...edge];
}

/** A film of two frames that shows the pattern in its middle, as large as it fits. */
export function filmOf(pattern: Pattern, file: string): void {
  const [columns, rows] = [pattern[0]!.length, pattern.length];
  const module = Math.min(8, Math.floor(WIDTH / columns), Math.floor(HEIGHT / rows));
  if (module < 2) throw new Error(`${columns} by ${rows} modules do not fit`);
  const [left, top] = [(WIDTH - columns * module) >> 1, (HEIGHT - rows * module) >> 1];
  const luma = Buffer.alloc(WIDTH * HEIGHT, 170); // The table that the label lies on.
  for (let y = 0; y < rows * module; ++y) {
    for (let x = 0; x < columns * module; ++x) {
      const dark = pattern[Math.floor(y / module)]![Math.floor(x / module)];
      luma[(top + y) * WIDTH + left + x] = dark ? INK : PAPER;
    }
  }
  const chroma = Buffer.alloc((WIDTH * HEIGHT) / 2, 128);
  const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, chroma]);
  const header = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`);
  writeFileSync(file, Buffer.concat([header, frame, frame]));
}
