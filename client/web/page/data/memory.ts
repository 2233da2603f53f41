// What this phone remembers of the ledger at this address: the policy of the first visit, and the
// newest state of the log that it has seen. It thus detects a node that shows another ledger, an
// older state or a second history.
import type { Head } from '../../verify/index.js';

export interface Memory {
  policy: string; // With the genesis of the first visit.
  genesis: string;
  size: number;
  root: string;
}

const KEY = 'suyuan.ledger';

export function remembered(): Memory | null {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Memory | null;
    return found && typeof found.policy === 'string' && Number.isSafeInteger(found.size)
      ? found
      : null;
  } catch {
    return null; // No storage, or not ours: treated as the first visit.
  }
}

function keep(memory: Memory): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(memory));
  } catch {
    // A browser that stores nothing: each visit is the first.
  }
}

export function forget(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing was kept.
  }
}

/** The policy, changed to name the genesis of the first visit. */
export function withGenesis(policy: string, genesis: string): string {
  if (/^[ \t]*#suyuan[ \t]+genesis[ \t]/m.test(policy)) return policy;
  return `${policy.replace(/\n?$/, '\n')}#suyuan genesis ${genesis}\n`;
}

export type Comparison =
  | 'first' // Nothing was remembered.
  | 'same'
  | 'grown'
  | 'uncertain' // It could not be verified that the newer log extends the older one.
  | 'rollback'
  | 'split';

/** Verifies that the log with head `to` extends the one of size `from` with this root. */
export type Extends = (from: { size: number; root: string }, to: Head) => Promise<boolean | null>;

export async function compareHeads(
  memory: Memory | null,
  head: Head,
  extendsLog: Extends,
): Promise<Comparison> {
  if (!memory) return 'first';
  if (memory.genesis !== head.genesis) return 'split';
  if (head.size < memory.size) return 'rollback';
  if (head.size === memory.size) return head.root === memory.root ? 'same' : 'split';
  const extended = await extendsLog(memory, head);
  if (extended === null) return 'uncertain';
  return extended ? 'grown' : 'split';
}

/** Keeps the newest state. The policy stays that of the first visit. */
export function remember(memory: Memory | null, policy: string, head: Head): void {
  keep({
    policy: memory?.policy ?? withGenesis(policy, head.genesis),
    genesis: head.genesis,
    size: head.size,
    root: head.root,
  });
}
