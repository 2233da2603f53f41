// Reads a QR code in a picture, if the browser cannot.
import decodeQR from 'qr/decode.js';

export function readQr({ width, height, data }: ImageData): string | null {
  try {
    return decodeQR({ width, height, data }) || null;
  } catch {
    return null; // There is none in this picture.
  }
}
