// SPDX-License-Identifier: Apache-2.0

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountOf, addressOf, fromHex, toHex } from '../src/index.mjs';

const ALICE = '0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d';
const ADDRESSES = [
  [42, '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'],
  [0, '15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5'],
  [2, 'HNZata7iMYWmk5RvZRTiAsSDhV8366zq2YGb3tLH5Upf74F'],
];

test('addresses of all networks name the same account', () => {
  for (const [prefix, address] of ADDRESSES) {
    assert.equal(addressOf(fromHex(ALICE), prefix), address);
    assert.equal(toHex(accountOf(address, 'the account')), ALICE);
  }
  for (const prefix of [63, 64, 255, 1284, 16_383]) {
    const address = addressOf(fromHex(ALICE), prefix);
    assert.equal(toHex(accountOf(address, 'the account')), ALICE, `${prefix}`);
  }
  assert.deepEqual(accountOf(ALICE, 'it'), fromHex(ALICE));
  const zeros = new Uint8Array(32);
  assert.deepEqual(accountOf(addressOf(zeros, 0), 'it'), zeros);
});

test('what is not an address is refused', () => {
  const [[, address]] = ADDRESSES;
  const swapped = address.replace('vaE', 'avE');
  for (const wrong of [
    '',
    '5',
    'Alice',
    '//Alice',
    swapped,
    address.slice(1),
    `${address}1`,
    ` ${address}`,
    '0xd435',
    address.toLowerCase(),
    'l0OI',
    'x'.repeat(10_000),
    ALICE.slice(2),
    7,
    null,
    undefined,
    {},
    [address],
    new Uint8Array(31),
  ]) {
    assert.throws(
      () => accountOf(wrong, 'the account'),
      (error) => {
        assert.ok(error instanceof TypeError || error instanceof RangeError);
        assert.match(error.message, /the account|hexadecimal/);
        return true;
      },
    );
  }
});
