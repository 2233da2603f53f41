// How well a statement is supported.
import type { Grade as Of } from '../data/grade.js';
import { useTexts } from '../texts/index.js';

export function Grade({ grade }: { grade: Of }) {
  const [name, meaning] = useTexts().grades[grade];
  return (
    <span class={`grade ${grade}`} title={meaning}>
      {name}
    </span>
  );
}
