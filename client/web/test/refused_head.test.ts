// Refusals of steps 1 to 5 (docs/bundle.md): the file, its checkpoint, and what frames it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8 } from '../verify/bytes.js';
import { verifyBundle } from '../verify/verify.js';
import { Ledger, cosignatureLine } from './ledger.js';
import type { BundleJson } from './ledger.js';
import {
  COSIGNED,
  NOW,
  REACH,
  SECONDS,
  UNIT,
  policyText,
  unitBundle,
  unsealed,
} from './scenario.js';

import { assertRefused, bytesOf, changed, honest, policy } from './judging.js';

test('BUNDLE_SYNTAX: any other shape of the file', async () => {
  const bad: [string, (bundle: BundleJson) => void][] = [
    [
      'format',
      (b) => {
        b.format = 'suyuan/bundle/v2';
      },
    ],
    [
      '',
      (b) => {
        Object.assign(b, { more: 1 });
      },
    ],
    [
      '',
      (b) => {
        Reflect.deleteProperty(b, 'chains');
      },
    ],
    [
      'code',
      (b) => {
        b.code = 'a b';
      },
    ],
    [
      'code',
      (b) => {
        b.code = '';
      },
    ],
    [
      'code',
      (b) => {
        b.code = 'x'.repeat(513);
      },
    ],
    [
      'leaves[1]',
      (b) => {
        [b.leaves[0], b.leaves[1]] = [b.leaves[1]!, b.leaves[0]!];
      },
    ],
    [
      'leaves[1]',
      (b) => {
        b.leaves.unshift(b.leaves[0]!);
      },
    ],
    [
      'events[1]',
      (b) => {
        b.events.unshift(b.events[0]!);
      },
    ],
    [
      'chains[1]',
      (b) => {
        b.chains.unshift(b.chains[0]!);
      },
    ],
    [
      'leaves[0]',
      (b) => {
        b.events = b.events.filter(({ leaf }) => leaf !== b.leaves[0]!.index);
      },
    ],
    [
      'events[0]',
      (b) => {
        b.leaves.shift();
      },
    ],
    [
      'events[0].record',
      (b) => {
        b.events[0]!.record += '=';
      },
    ],
    [
      'events[0].path',
      (b) => {
        b.events[0]!.path = new Array<string>(65).fill(`${'A'.repeat(43)}=`);
      },
    ],
    [
      'genesis.path[0]',
      (b) => {
        b.genesis.path[0] = 'AAAA';
      },
    ],
    [
      'events[0].payload.salt',
      (b) => {
        b.events[0]!.payload = { salt: 'AAAA', bytes: 'AAAA' };
      },
    ],
    [
      'events[0].payload',
      (b) => {
        Object.assign(b.events[0]!, { payload: 'hidden' });
      },
    ],
    [
      'leaves[0].index',
      (b) => {
        Object.assign(b.leaves[0]!, { index: '1' });
      },
    ],
  ];
  for (const [place, change] of bad) await assertRefused(changed(change), 'BUNDLE_SYNTAX', place);
  const text = JSON.stringify(unitBundle(honest));
  for (const file of [
    `${text}x`,
    `\ufeff${text}`,
    text.replace('"leaf":', '"leaf":1,"leaf":'),
    text.replace('"event":0', '"event":0.0'),
    text.slice(0, -1),
    '',
  ]) {
    const found = await verifyBundle(utf8(file), policy, NOW);
    assert.equal(found.refusal?.code, 'BUNDLE_SYNTAX');
  }
  const notUtf8 = utf8(text);
  notUtf8[20] = 0xff;
  assert.equal((await verifyBundle(notUtf8, policy, NOW)).refusal?.code, 'BUNDLE_SYNTAX');
});

test('CHECKPOINT_SYNTAX, LOG_UNKNOWN, CHECKPOINT_SIGNATURE', async () => {
  const body = honest.checkpointBody();
  const with2 = (text: string): BundleJson =>
    changed((b) => {
      b.checkpoint = honest.checkpoint(COSIGNED, text);
    });
  for (const text of [
    `${body}more\n`,
    body.replace(/\n\d+\n/, '\n1\n'),
    body.replace(/\n\d+\n/, '\n07\n'),
  ]) {
    await assertRefused(with2(text), 'CHECKPOINT_SYNTAX');
  }
  for (const line of [
    '\u2014 x AAAA\n',
    '\u2014 x AAAAAAB=\n',
    '\u2014 x+y AAAAAAA=\n',
    'x\n',
    '\n',
    '\u2014  AAAAAAA=\n',
    '\u2014 x\tAAAAAAA=\n',
    '\u2014 x AAAAAAA= \n',
  ]) {
    await assertRefused(
      changed((b) => {
        b.checkpoint += line;
      }),
      'CHECKPOINT_SYNTAX',
    );
  }
  await assertRefused(with2(body.replace('test.example', 'other.example')), 'LOG_UNKNOWN');
  await assertRefused(with2(body.replace('test.example/ledger', '\u00e9')), 'LOG_UNKNOWN');
  await assertRefused(
    changed((b) => {
      // Signed for another size.
      b.checkpoint = b.checkpoint.replace(/\n(\d+)\n/, (_, size) => `\n${Number(size) + 1}\n`);
    }),
    'CHECKPOINT_SIGNATURE',
  );
  await assertRefused(
    changed((b) => {
      b.checkpoint = b.checkpoint.replace(honest.logLine(body), '');
    }),
    'CHECKPOINT_SIGNATURE',
  );
});

test('GENESIS_INVALID', async () => {
  await assertRefused(
    changed((b) => {
      b.genesis.data += 'x';
    }),
    'GENESIS_INVALID',
    'genesis',
  );
  await assertRefused(
    changed((b) => {
      b.genesis.data = b.genesis.data.replace('time 1', 'time 2');
    }),
    'GENESIS_INVALID',
  );
  await assertRefused(
    changed((b) => {
      b.genesis.path.pop();
    }),
    'GENESIS_INVALID',
  );
  // Another log key in genesis than in the policy, though its own checkpoint is well signed.
  const text = policyText(honest).replace(honest.logKey(), new Ledger('x').logKey());
  const other = new Ledger('x');
  other.seal();
  const bundle = other.bundle('x', [], COSIGNED);
  bundle.genesis = unitBundle(honest).genesis;
  await assertRefused(bundle, 'GENESIS_INVALID', 'genesis', text);
});

test('SEAL_INVALID', async () => {
  const lies: Record<string, string>[] = [
    { leaves: '3' },
    { previous: '99' },
    { ledger: `x ${'A'.repeat(43)}=` },
    { map: 'AAAA' },
    { events: '01' },
    { events: '0' },
  ];
  for (const lie of lies) {
    const ledger = unsealed();
    ledger.seal(lie);
    await assertRefused(unitBundle(ledger), 'SEAL_INVALID', 'seal');
  }
  const newer = unsealed();
  newer.seal({ rules: '2' });
  await assertRefused(unitBundle(newer), 'RULES_NEWER', 'seal');
  const early = Number(honest.timeMs / 1000n) - 601; // Its witnesses saw it before it was.
  await assertRefused(
    honest.bundle(UNIT, REACH, { 'w1.example': early, 'w2.example': early }),
    'SEAL_INVALID',
    'seal',
  );
  await assertRefused(
    changed((b) => {
      b.seal.path.pop();
    }),
    'SEAL_INVALID',
  );
  const ends = unsealed(); // The last leaf is a batch.
  await assertRefused(unitBundle(ends), 'SEAL_INVALID');
});

test('COSIGNATURE_INVALID, QUORUM_MISSING', async () => {
  const { checkpoint } = unitBundle(honest);
  const bad = cosignatureLine('w3.example', 'another text', 5n);
  await assertRefused(
    changed((b) => {
      b.checkpoint = checkpoint + bad;
    }),
    'COSIGNATURE_INVALID',
  );
  // As long as a signature of a note, without the time.
  const short = cosignatureLine('w3.example', honest.checkpointBody(), 5n).replace(
    /.{12}\n$/,
    '\n',
  );
  await assertRefused(
    changed((b) => {
      b.checkpoint = checkpoint + short;
    }),
    'COSIGNATURE_INVALID',
  );
  await assertRefused(honest.bundle(UNIT, REACH, { 'w1.example': SECONDS }), 'QUORUM_MISSING');
  await assertRefused(
    honest.bundle(UNIT, REACH, { 'w1.example': SECONDS, 'w9.example': SECONDS }),
    'QUORUM_MISSING',
  );
});

test('nothing that a file or policy holds makes it throw', async () => {
  for (const file of [
    new Uint8Array(0),
    utf8('null'),
    utf8('[[[[[[[[[[[[[[[[[[[[[['),
    utf8('{"a":'),
    new Uint8Array(1000).fill(255),
    utf8(JSON.stringify(unitBundle(honest)).repeat(2)),
  ]) {
    assert.equal((await verifyBundle(file, policy, NOW)).verdict, 'REFUSED');
  }
  for (const text of [
    '',
    '\u0000',
    'log',
    `log ${'x'.repeat(70_000)}`,
    'witness',
    'group',
    'quorum',
  ]) {
    assert.equal((await verifyBundle(bytesOf({}), text, NOW)).refusal?.code, 'POLICY_SYNTAX');
  }
  assert.equal((await verifyBundle(bytesOf({}), policy, NaN)).verdict, 'REFUSED');
});
