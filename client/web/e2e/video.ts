// What a camera would see: a label with a QR code, as a film for Chromium's camera (Y4M, gray).
import { writeFileSync } from 'node:fs';
import encodeQR from 'qr';

const WIDTH = 640;
const HEIGHT = 480;
const MODULE = 8; // Pixels.
const PAPER = 235;
const INK = 16;

/** A film of two frames that shows the text as a QR code in its middle. */
export function filmOf(text: string, file: string): void {
  const modules = encodeQR(text, 'raw', { ecc: 'medium', border: 4 });
  const side = modules.length * MODULE;
  if (side > HEIGHT) throw new Error(`a code of ${modules.length} modules does not fit`);
  const [left, top] = [(WIDTH - side) >> 1, (HEIGHT - side) >> 1];
  const luma = Buffer.alloc(WIDTH * HEIGHT, 170); // The table that the label lies on.
  for (let y = 0; y < side; ++y) {
    for (let x = 0; x < side; ++x) {
      const dark = modules[Math.floor(y / MODULE)]![Math.floor(x / MODULE)];
      luma[(top + y) * WIDTH + left + x] = dark ? INK : PAPER;
    }
  }
  const chroma = Buffer.alloc((WIDTH * HEIGHT) / 2, 128);
  const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, chroma]);
  const header = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`);
  writeFileSync(file, Buffer.concat([header, frame, frame]));
}
