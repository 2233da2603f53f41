// Reads barcodes other than QR (EAN and UPC, Data Matrix, Code 128, ITF) if the browser cannot.
// Each reader is imported by its file, so that the bundle contains no other.
import BarcodeFormat from '@zxing/library/esm/core/BarcodeFormat';
import BinaryBitmap from '@zxing/library/esm/core/BinaryBitmap';
import DecodeHintType from '@zxing/library/esm/core/DecodeHintType';
import RGBLuminanceSource from '@zxing/library/esm/core/RGBLuminanceSource';
import type Reader from '@zxing/library/esm/core/Reader';
import HybridBinarizer from '@zxing/library/esm/core/common/HybridBinarizer';
import DataMatrixReader from '@zxing/library/esm/core/datamatrix/DataMatrixReader';
import Code128Reader from '@zxing/library/esm/core/oned/Code128Reader';
import ITFReader from '@zxing/library/esm/core/oned/ITFReader';
import MultiFormatUPCEANReader from '@zxing/library/esm/core/oned/MultiFormatUPCEANReader';

// Not UPC-E: its eight digits mean a different number than an EAN-8's.
const UPC_EAN = [BarcodeFormat.EAN_13, BarcodeFormat.UPC_A, BarcodeFormat.EAN_8];
const ITF_LENGTHS = Int32Array.of(14);
const hints = new Map<DecodeHintType, unknown>([
  [DecodeHintType.POSSIBLE_FORMATS, UPC_EAN],
  [DecodeHintType.ALLOWED_LENGTHS, ITF_LENGTHS],
  [DecodeHintType.ASSUME_GS1, true],
]);

interface Named {
  reader: Reader;
  once: boolean; // Error correction suffices for these; linear codes must be seen twice.
}
const READERS: Named[] = [
  { reader: new MultiFormatUPCEANReader(hints), once: false },
  { reader: new DataMatrixReader(), once: true },
  { reader: new Code128Reader(), once: false },
  { reader: new ITFReader(), once: false },
];

// Luma as in ITU-R BT.601, in 256ths.
function grey({ data, width, height }: ImageData): Uint8ClampedArray {
  const luminances = new Uint8ClampedArray(width * height);
  for (let i = 0; i < luminances.length; ++i) {
    const at = i * 4;
    luminances[i] = (77 * data[at]! + 150 * data[at + 1]! + 29 * data[at + 2]!) >> 8;
  }
  return luminances;
}

let last: string | null = null;

/** The text of a code in the picture; a linear code only if the previous picture showed it too. */
export function readBarcode(image: ImageData): string | null {
  const source = new RGBLuminanceSource(grey(image), image.width, image.height);
  const bitmap = new BinaryBitmap(new HybridBinarizer(source));
  for (const { reader, once } of READERS) {
    const text = attempt(reader, bitmap);
    if (text === null) continue;
    const seen = once || text === last;
    last = text;
    return seen ? text : null;
  }
  return null;
}

function attempt(reader: Reader, bitmap: BinaryBitmap): string | null {
  try {
    return reader.decode(bitmap, hints).getText() || null;
  } catch {
    return null; // There is none in this picture.
  }
}
