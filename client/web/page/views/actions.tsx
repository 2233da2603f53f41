// Actions on the result: share it, save its proof, prove ownership.
import { useState } from 'preact/hooks';
import { addressOf, shortCode } from '../data/codes.js';
import { proveOwner } from '../inquiry.js';
import { useTexts } from '../texts/index.js';
import type { Dispatch, Thing } from '../state.js';
import { Icon } from './icons.js';
import { saveFile } from './save.js';

/** The address, and the proof as a file. As text: browsers share no files of other unknown kinds. */
function withProof(link: ShareData, { bundle }: Thing, code: string): ShareData {
  if (!bundle) return link;
  const file = new File([bundle], `${shortCode(code)}.suyuan.txt`, { type: 'text/plain' });
  return { ...link, files: [file] };
}

export function Actions({ thing, code, dispatch }: { thing: Thing; code: string; dispatch: Dispatch }) {
  const texts = useTexts();
  const say = (notice: string): void => dispatch({ is: 'notice', notice });
  const share = async (): Promise<void> => {
    // The recipient does not hold the item, so opening the link does not count as a scan.
    const link = { title: document.title, url: `${location.origin}${addressOf(code)}#shared` };
    const whole = withProof(link, thing, code);
    try {
      if (navigator.share) return await navigator.share(navigator.canShare?.(whole) ? whole : link);
    } catch (error) {
      if ((error as Error).name === 'AbortError') return; // Called off.
    }
    try {
      await navigator.clipboard.writeText(link.url);
      say(texts.copied);
    } catch {
      // A browser that allows neither: the address bar has the address.
    }
  };
  const save = (): void => {
    const type = 'application/vnd.suyuan.bundle+json';
    saveFile(new Blob([thing.bundle!], { type }), `${shortCode(code)}.suyuan.json`);
    say(texts.saved);
  };
  return (
    <section class="actions" aria-label={texts.share}>
      {thing.opened !== 'file' && (
        <button type="button" onClick={share}>
          <Icon name="share" />
          {texts.share}
        </button>
      )}
      {thing.bundle && thing.opened !== 'file' && (
        <button type="button" onClick={save} title={texts.saveHint}>
          <Icon name="save" />
          {texts.save}
        </button>
      )}
    </section>
  );
}

export function OwnerForm({ thing, dispatch }: { thing: Thing; dispatch: Dispatch }) {
  const texts = useTexts();
  const [inner, setInner] = useState('');
  const [state, setState] = useState<'ready' | 'running' | 'failed'>('ready');
  const prove = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (inner.trim() === '') return;
    setState('running');
    const proved = await proveOwner(dispatch, thing, inner.trim());
    setState(proved ? 'ready' : 'failed');
    if (!proved) return;
    scrollTo({ top: 0 });
    document.querySelector<HTMLElement>('.verdict h1')?.focus({ preventScroll: true });
  };
  return (
    <details class="card owner">
      <summary>{texts.owner}</summary>
      <p class="note">{texts.ownerHint}</p>
      <form class="line" onSubmit={prove}>
        <label for="inner">{texts.innerLabel}</label>
        <input
          id="inner"
          type="text"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          maxLength={64}
          value={inner}
          onInput={({ currentTarget }) => setInner(currentTarget.value)}
        />
        <button type="submit" disabled={state === 'running'}>
          {texts.ownerButton}
        </button>
      </form>
      <p role="status" class="note">
        {state === 'failed' && texts.ownerFailed}
      </p>
    </details>
  );
}
