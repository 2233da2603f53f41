// Reads a label with the camera. The reader's code is fetched when it is needed.
import { useEffect, useRef, useState } from 'preact/hooks';
import { useTexts } from '../texts/index.js';
import { LookUpForm } from './start.js';

interface ScanProps {
  onCode: (code: string) => void;
  onStop: () => void;
}

type Trouble = 'denied' | 'none';

export function ScanView({ onCode, onStop }: ScanProps) {
  const texts = useTexts();
  const video = useRef<HTMLVideoElement>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [running, setRunning] = useState(false);
  useEffect(() => {
    const ended = new AbortController();
    import('../camera/camera.js')
      .then(({ readCamera }) =>
        readCamera(video.current!, ended.signal, () => setRunning(true)),
      )
      .then(
        (code) => code !== null && onCode(code),
        (error: DOMException) => {
          if (!ended.signal.aborted) setTrouble(error.name === 'NotAllowedError' ? 'denied' : 'none');
        },
      );
    return () => ended.abort();
  }, []);
  return (
    <div class="scan">
      <h1 tabIndex={-1}>{texts.scanTitle}</h1>
      <div class="finder" hidden={trouble !== null}>
        <video ref={video} playsInline muted aria-label={texts.scanTitle} />
        <span class="corners" aria-hidden="true" />
      </div>
      <p role="status">
        {trouble === 'denied' && texts.scanDenied}
        {trouble === 'none' && texts.scanNone}
        {!trouble && (running ? texts.scanHint : texts.scanStarting)}
      </p>
      <button type="button" class="quiet" onClick={onStop}>
        {texts.scanStop}
      </button>
      {trouble && <LookUpForm onCode={onCode} label={texts.codeLabel} />}
    </div>
  );
}
