// What the thing is.
import type { ComponentChildren } from 'preact';
import { partsOf } from '../data/codes.js';
import { isKnownUnrecalled } from '../data/conclusion.js';
import type { Naming } from '../data/naming.js';
import { recallLines } from '../data/recall.js';
import { rolesOf } from '../data/registry.js';
import { seen } from '../data/seen.js';
import { stands } from '../data/story.js';
import type { Story, Told } from '../data/story.js';
import { dateOf, dayOf, marksOf, useLanguage, useTexts } from '../texts/index.js';

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return children ? (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  ) : null;
}

const mayHaveHeld = ({ right }: Told): boolean => right !== null && right !== 'none';

/** The first arrival in a port on the way, of those who had it; the release by customs. */
function milestones(story: Story): { arrived: Told | undefined; released: Told | undefined } {
  const roles = (told: Told): string[] => rolesOf(story.registry.parties.get(told.party));
  return {
    arrived: story.told.find((told) => told.step === 'arriving' && mayHaveHeld(told)),
    released: story.told.find(
      (told) => told.step === 'releasing' && stands(told) && roles(told).includes('customs'),
    ),
  };
}

interface ProductProps {
  story: Story;
  verdict: string | null;
  naming: Naming;
  picture: string | null;
}

export function ProductCard({ story, verdict, naming, picture }: ProductProps) {
  const texts = useTexts();
  const language = useLanguage();
  const { product } = story.registry;
  const { gtin, serial } = partsOf(story.code);
  const lot = story.lot && partsOf(story.lot).lot;
  const name = naming.thing(story.code);
  const { arrived, released } = milestones(story);
  const origins = new Set(
    story.origins.map(({ place, party }) => naming.region(place) || naming.country(party)),
  );
  const at = (told: Told | undefined): string =>
    told ? `${dateOf(told.time, language)} · ${naming.place(told.place).name}` : '';
  return (
    <section class="card product" aria-labelledby="product-name">
      {picture ? (
        <img class="picture" src={picture} alt={texts.pictureOf(name)} />
      ) : (
        <div class="picture none" aria-hidden="true">
          {(product?.brand || name).slice(0, 1)}
        </div>
      )}
      <div class="heading">
        {product?.brand && <p class="brand">{seen(product.brand)}</p>}
        <h2 id="product-name">{product && gtin ? naming.product(gtin) : name}</h2>
      </div>
      <dl class="facts wide">
        <Fact name={texts.maker}>
          {product && [naming.party(product.owner), naming.country(product.owner)].filter(Boolean).join(' · ')}
        </Fact>
        <Fact name={texts.plant}>{story.made.plant && seen(story.made.plant)}</Fact>
        <Fact name={texts.origin}>
          {[...origins].filter(Boolean).join(marksOf(language).part)}
        </Fact>
        <Fact name={texts.lot}>{lot}</Fact>
        <Fact name={texts.unit}>{serial}</Fact>
        <Fact name={texts.produced}>
          {story.made.production && dayOf(story.made.production, language)}
        </Fact>
        <Fact name={texts.expires}>{story.made.expiry && dayOf(story.made.expiry, language)}</Fact>
        <Fact name={texts.arrived}>{at(arrived)}</Fact>
        <Fact name={texts.released}>{at(released)}</Fact>
        <Fact name={texts.recall}>
          {isKnownUnrecalled(story, verdict) && texts.noRecall}
        </Fact>
      </dl>
    </section>
  );
}

export function RecallNotice({ story, naming }: { story: Story; naming: Naming }) {
  const texts = useTexts();
  const agent = story.registry.product?.recallAgent;
  return (
    <section class="card recall" aria-labelledby="recall-title">
      <h2 id="recall-title">{texts.recall}</h2>
      {recallLines(story, naming).map((line, i) => (
        <p key={i}>{line}</p>
      ))}
      <p>
        <strong>{texts.recallWhat}</strong>
      </p>
      {agent && (
        <p>
          {texts.recallAgent}: {naming.party(agent)}
        </p>
      )}
    </section>
  );
}
