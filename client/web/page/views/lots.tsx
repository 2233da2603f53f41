// The lots of a product class: its barcode identifies no single item, so this links to them.
import { addressOf, partsOf } from '../data/codes.js';
import { seen } from '../data/seen.js';
import { useTexts } from '../texts/index.js';

export function LotList({ lots }: { lots: string[] }) {
  const texts = useTexts();
  if (lots.length === 0) return null;
  return (
    <section class="card lots" aria-labelledby="lots-title">
      <h2 id="lots-title">{texts.lots}</h2>
      <p class="note">{texts.lotsHint}</p>
      <ul>
        {lots.map((code) => (
          <li key={code}>
            {/* Looked up in a list: nobody has scanned it. */}
            <a href={`${addressOf(code)}#shared`}>{seen(partsOf(code).lot ?? code)}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}
