// SPDX-License-Identifier: Apache-2.0

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { camelCase } from '../src/forms.mjs';
import { COMMON, initialHead, nextHead, OPERATIONS } from '../src/history.mjs';
import { addressOf, fromHex, toHex } from '../src/index.mjs';
import { blake2_256 } from '../src/crypto.mjs';
import { concat } from '../src/bytes.mjs';
import { filled, GENESIS, utf8 } from './helper.mjs';

const source = new URL('../../../pallets/data-container/src/operation.rs', import.meta.url);

test('operations have the kinds and fields of the pallet', () => {
  const [, body] = /pub enum Operation[^{]*\{([^]*?)\n\}/.exec(readFileSync(source, 'utf8'));
  const kinds = body.split('#[codec(index = ').slice(1);
  const found = kinds.map((kind) => {
    const [, index, name] = /^(\d+)\)\]\s+(\w+) \{/.exec(kind);
    const fields = [...kind.matchAll(/^ {8}(\w+): /gm)].map(([, field]) => camelCase(field));
    assert.deepEqual(fields.slice(0, COMMON.length), COMMON, name);
    return [name, { index: Number(index), fields: fields.slice(COMMON.length) }];
  });
  assert.deepEqual(Object.fromEntries(found), { ...OPERATIONS });
});

test('heads are those of the definition', () => {
  const first = initialHead(GENESIS, 258n, 7);
  const place = concat(filled(0xaa), fromHex('0x02010000000000000700'));
  assert.deepEqual(first, blake2_256(concat(utf8('twinchain/head/2'), place)));
  const common = { revision: 1, author: addressOf(filled(1)), block: 2, time: 3 };
  const append = {
    ...common,
    type: 'Append',
    authority: { role: 3 },
    batch: 4,
    payloadHash: toHex(filled(9)),
  };
  const scale = concat(
    fromHex('0x0201000000'), // Append, revision
    filled(1), // author
    fromHex('0x0103'), // Role(3)
    fromHex('0x02000000030000000000000004000000'), // block, time, batch
    filled(9),
  );
  assert.deepEqual(nextHead(first, append), blake2_256(concat(first, scale)));
  const heads = ['Owner', 'Grant', { role: 0 }].map((authority) =>
    toHex(nextHead(first, { ...append, authority })),
  );
  assert.equal(new Set(heads).size, 3);
});
