// Trees of an event (ilmd, extensions) as they are signed: a flat list of nodes, each with its
// depth.
import type { TraceEvent } from '../../verify/index.js';

type Tree = TraceEvent['extensions'];

/** The first text or number under one of these names, at any depth; the part before a colon is a prefix. */
export function findIn(trees: Tree[], names: string[]): string | null {
  for (const tree of trees) {
    for (const { kind, name, value } of tree) {
      const plain = name.slice(name.indexOf(':') + 1);
      if ((kind === 'text' || kind === 'number') && names.includes(plain)) return value;
    }
  }
  return null;
}
