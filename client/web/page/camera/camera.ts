// The camera: examines frame after frame until a code is found.
type Reader = (frame: HTMLVideoElement) => Promise<string | null>;

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
interface DetectorClass {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

const FORMATS = ['qr_code', 'data_matrix', 'ean_13', 'ean_8', 'upc_a', 'code_128', 'itf'];
const PAUSE_MS = 120;
const SIDE_MAX = 720; // Pixels: enough for a label, quick enough for any phone.

// Formats that a browser's own reader must support to be used.
const NEEDED = ['qr_code', 'data_matrix', 'ean_13'];

/** The browser's own reader, if it has one that reads the codes of trade items. */
async function browserReader(): Promise<Reader | null> {
  const BarcodeDetector = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
  if (!BarcodeDetector) return null;
  const formats = await BarcodeDetector.getSupportedFormats().catch((): string[] => []);
  if (!NEEDED.every((one) => formats.includes(one))) return null;
  const detector = new BarcodeDetector({ formats: FORMATS.filter((one) => formats.includes(one)) });
  return async (frame) => (await detector.detect(frame))[0]?.rawValue ?? null;
}

/** Our own reader. */
async function ownReader(): Promise<Reader> {
  const [{ readQr }, { readBarcode }] = await Promise.all([
    import('./qr.js'),
    import('./barcodes.js'),
  ]);
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  return (frame) => {
    const { videoWidth, videoHeight } = frame;
    const scale = Math.min(1, SIDE_MAX / Math.max(videoWidth, videoHeight, 1));
    canvas.width = Math.round(videoWidth * scale);
    canvas.height = Math.round(videoHeight * scale);
    if (canvas.width === 0 || canvas.height === 0) return Promise.resolve(null);
    context.drawImage(frame, 0, 0, canvas.width, canvas.height);
    const image = context.getImageData(0, 0, canvas.width, canvas.height);
    return Promise.resolve(readQr(image) ?? readBarcode(image));
  };
}

const pause = (): Promise<void> => new Promise((done) => setTimeout(done, PAUSE_MS));

/** The first code that is seen; null if stopped. Throws if there is no camera. */
export async function readCamera(
  video: HTMLVideoElement,
  stop: AbortSignal,
  onRunning: () => void,
): Promise<string | null> {
  if (!navigator.mediaDevices?.getUserMedia) throw new DOMException('no camera', 'NotFoundError');
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: false,
    video: { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } },
  });
  try {
    video.srcObject = stream;
    await video.play();
    onRunning();
    const read = (await browserReader()) ?? (await ownReader());
    while (!stop.aborted) {
      const code = await read(video).catch(() => null);
      if (code && !stop.aborted) return code;
      await pause();
    }
    return null;
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}
