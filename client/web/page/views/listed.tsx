// The lots or units of a product class, or the units of a lot: its code identifies no single item,
// so this links to them.
import { useEffect, useRef, useState } from 'preact/hooks';
import { addressOf } from '../data/codes.js';
import { endOf, numberOf } from '../data/listing.js';
import type { Listed, Listing } from '../data/listing.js';
import { seen } from '../data/seen.js';
import { listMore } from '../inquiry.js';
import { useTexts } from '../texts/index.js';
import type { Texts } from '../texts/zh.js';
import type { Dispatch, Thing } from '../state.js';

interface Props {
  thing: Thing;
  listed: Listed;
  dispatch: Dispatch;
}

type Progress = 'ready' | 'running' | 'failed';

function noteOf(texts: Texts, progress: Progress, listing: Listing): string | null {
  if (progress === 'running') return texts.looking;
  if (progress === 'failed') return texts.listed.failed;
  const end = endOf(listing);
  return end && texts.listed[end](listing.codes.length);
}

export function ListedCard({ thing, listed, dispatch }: Props) {
  const texts = useTexts();
  const [progress, setProgress] = useState<Progress>('ready');
  const list = useRef<HTMLUListElement>(null);
  const firstNew = useRef<number | null>(null);
  const { codes } = thing[listed];
  // The button may be gone with the last page: the focus goes on to what it brought.
  useEffect(() => {
    if (firstNew.current === null) return;
    list.current?.children[firstNew.current]?.querySelector('a')?.focus();
    firstNew.current = null;
  }, [codes.length]);
  const end = endOf(thing[listed]);
  if (codes.length === 0 && end === null) return null;
  const more = async (): Promise<void> => {
    if (progress === 'running') return;
    setProgress('running');
    firstNew.current = codes.length;
    setProgress((await listMore(dispatch, thing, listed)) ? 'ready' : 'failed');
  };
  const words = texts.listed[listed];
  return (
    <section class={`card listed ${listed}`} aria-labelledby={`${listed}-title`}>
      <h2 id={`${listed}-title`}>{words.title}</h2>
      <p class="note">{words.hint}</p>
      <ul ref={list}>
        {codes.map((code) => (
          <li key={code}>
            {/* Looked up in a list: nobody has scanned it. */}
            <a href={`${addressOf(code)}#shared`}>{seen(numberOf(code, listed))}</a>
          </li>
        ))}
      </ul>
      <p role="status" class="note">
        {noteOf(texts, progress, thing[listed])}
      </p>
      {end === 'more' && (
        <button type="button" onClick={more}>
          {words.more}
        </button>
      )}
    </section>
  );
}
