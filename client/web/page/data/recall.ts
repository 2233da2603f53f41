// What a recall notice says of who recalled.
import { dateOf, textsOf } from '../texts/index.js';
import type { Texts } from '../texts/zh.js';
import type { Naming } from './naming.js';
import type { Story, Told } from './story.js';

/** Who recalled the thing, else who has it as recalled, else that only the server says so. */
export function recallLines({ recalls, calledBack }: Story, naming: Naming): string[] {
  const texts = textsOf(naming.language);
  const line = (told: Told, say: Texts['recallBy']): string =>
    naming.signed(told, say(naming.party(told.party), dateOf(told.time, naming.language)));
  if (recalls.length > 0) return recalls.map((told) => line(told, texts.recallBy));
  return [calledBack ? line(calledBack, texts.recallStated) : texts.recallHidden];
}
