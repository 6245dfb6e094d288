// SPDX-License-Identifier: Apache-2.0

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proxyWarnings, toHex } from '../src/index.mjs';
import { filled } from './helper.mjs';

// Well-known accounts. Those of Alice are the same account in different forms.
const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const ALICE_0 = '15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5';
const ALICE_HEX = '0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d';
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';
const COMPANY = filled(7);
const OTHER = toHex(filled(9));

const LAST = /^After this call no delegate of type Any is left: .* Add another delegate/;
const OWN = /^This call ends your own delegation of type Any/;
const ALONE = /^After this call only you can do everything for the account/;

const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

/** Delegations and calls in the forms of Polkadot.js and PAPI, from names as in Rust. */
const LIBRARIES = {
  'Polkadot.js': {
    id: (account) => ({ Id: account }),
    type: (name) => name,
    call: (pallet, name, args) => ({
      section: pallet.toLowerCase(),
      method: camel(name),
      args: args ?? {},
    }),
    none: null,
    proxies: (list) => [
      list.map(([delegate, proxyType, delay = 0]) => ({
        delegate,
        proxyType,
        delay: delay.toLocaleString('en'),
      })),
      '0',
    ],
    delay: (blocks) => blocks.toLocaleString('en'),
  },
  PAPI: {
    id: (account) => ({ type: 'Id', value: account }),
    type: (name) => ({ type: name, value: undefined }),
    call: (pallet, name, args) => ({ type: pallet, value: { type: name, value: args } }),
    none: undefined,
    proxies: (list) => [
      list.map(([delegate, type, delay = 0]) => ({
        delegate,
        proxy_type: { type, value: undefined },
        delay,
      })),
      0n,
    ],
    delay: (blocks) => blocks,
  },
};

/** Returns the calls that change delegations, in the form of a library. */
function callsOf({ call, delay, id, none, type }) {
  const change = (name) => (delegate, kind = 'Any', blocks = 0) =>
    call('Proxy', name, { delegate: id(delegate), proxy_type: type(kind), delay: delay(blocks) });
  const forced = (as) => (as === undefined ? none : type(as));
  return {
    add: change('add_proxy'),
    remove: change('remove_proxy'),
    removeAll: () => call('Proxy', 'remove_proxies', undefined),
    kill: () =>
      call('Proxy', 'kill_pure', {
        spawner: id(ALICE),
        proxy_type: type('Any'),
        index: 0,
        height: 1,
        ext_index: 1,
      }),
    as: (inner, real = toHex(COMPANY), type) =>
      call('Proxy', 'proxy', { real: id(real), force_proxy_type: forced(type), call: inner }),
    announced: (inner, delegate) =>
      call('Proxy', 'proxy_announced', {
        delegate: id(delegate),
        real: id(toHex(COMPANY)),
        force_proxy_type: none,
        call: inner,
      }),
    batches: ['batch', 'batch_all', 'force_batch'].map(
      (name) =>
        (...calls) =>
          call('Utility', name, { calls }),
    ),
    ifElse: (main, fallback) => call('Utility', 'if_else', { main, fallback }),
    multisigs: [
      (inner) => call('Multisig', 'as_multi_threshold_1', { other_signatories: [], call: inner }),
      (inner) =>
        call('Multisig', 'as_multi', {
          threshold: 2,
          other_signatories: [BOB],
          maybe_timepoint: none,
          call: inner,
          max_weight: { ref_time: 1, proof_size: 1 },
        }),
      (inner) => call('Utility', 'as_derivative', { index: 0, call: inner }),
    ],
    remark: () => call('System', 'remark', { remark: '0x' }),
  };
}

/** Runs a test for each library. `warned` returns the warnings about a call signed by `signer`. */
function withEach(name, body) {
  for (const [library, shapes] of Object.entries(LIBRARIES)) {
    test(`${name} (${library})`, () => {
      const warned = (delegations, call, signer = ALICE) =>
        proxyWarnings({ account: COMPANY, proxies: shapes.proxies(delegations), call, signer });
      body({ ...callsOf(shapes), warned, shapes });
    });
  }
}

/** Checks for exactly one matching warning, or none. */
function assertOnly(found, expected, what) {
  assert.equal(found.length, expected ? 1 : 0, what ?? `${found}`);
  if (expected) assert.match(found[0], expected, what);
}

withEach('removing the last delegate of type Any causes a warning', (tools) => {
  const { as, batches, kill, remove, removeAll, warned } = tools;
  const one = [
    [ALICE, 'Any'],
    [BOB, 'Data'],
  ];
  for (const taken of [remove(ALICE), remove(ALICE_HEX), remove(ALICE_0), removeAll(), kill()]) {
    assertOnly(warned(one, as(taken)), LAST);
    for (const batch of batches) {
      assertOnly(warned(one, as(batch(remove(BOB, 'Data'), taken))), LAST);
      assertOnly(warned(one, batch(as(remove(BOB, 'Data')), as(batch(taken)))), LAST);
    }
  }
});

withEach('removing all delegates one by one warns', ({ as, batches, remove, warned }) => {
  const three = [
    [ALICE, 'Any'],
    [BOB, 'Any'],
    [OTHER, 'Any', 1_200],
  ];
  const [batch] = batches;
  const all = [remove(BOB), remove(OTHER, 'Any', 1_200), remove(ALICE)];
  assertOnly(warned(three, as(batch(...all))), LAST);
  assertOnly(warned(three, batch(...all.map((call) => as(call)))), LAST);
  assertOnly(warned(three, as(batch(...all.slice(0, 2)))), ALONE);
  assertOnly(warned(three, as(batch(all[0]))));
  // No delegation has this delay, so none is removed.
  assertOnly(warned(three, as(batch(remove(OTHER), remove(BOB), remove(ALICE)))), OWN);
});

withEach('a delegate counts only if it is added before the removal', (tools) => {
  const { add, as, batches, remove, warned } = tools;
  const one = [[ALICE, 'Any']];
  for (const batch of batches) {
    assertOnly(warned(one, as(batch(add(BOB), remove(ALICE)))), OWN);
    assertOnly(warned(one, as(batch(remove(ALICE), add(BOB)))), OWN);
    assertOnly(warned(one, batch(as(remove(ALICE)), as(add(BOB)))), LAST);
    assertOnly(warned(one, as(batch(add(BOB, 'Data'), remove(ALICE)))), LAST);
    assertOnly(warned(one, as(batch(add(ALICE), remove(ALICE)))), LAST);
    assertOnly(warned(one, batch(add(BOB), as(remove(ALICE)))), LAST, 'a delegate of Alice');
    const asData = as(add(BOB), toHex(COMPANY), 'Data');
    assertOnly(warned(one, batch(asData, as(remove(ALICE)))), LAST);
    assertOnly(warned(one, batch(as(add(BOB), toHex(COMPANY), 'Any'), as(remove(ALICE)))), OWN);
  }
});

withEach('other signers and wrappers cause the same warning', (tools) => {
  const { add, announced, as, ifElse, multisigs, remark, remove, warned } = tools;
  const one = [[ALICE, 'Any']];
  for (const wrap of multisigs) {
    assertOnly(warned(one, wrap(as(remove(ALICE))), BOB), LAST);
    assertOnly(warned(one, wrap(remove(ALICE))), undefined, 'the origin is not the account');
    assertOnly(warned([...one, [OTHER, 'Any']], wrap(as(remove(ALICE))), BOB));
  }
  assertOnly(warned(one, announced(remove(ALICE), ALICE), BOB), LAST);
  assertOnly(warned(one, announced(remove(ALICE), BOB), BOB));
  assertOnly(warned(one, ifElse(as(remove(ALICE)), remark())), LAST);
  assertOnly(warned(one, ifElse(remark(), as(remove(ALICE)))), LAST);
  assertOnly(warned(one, ifElse(as(remove(ALICE)), as(add(BOB)))), LAST);
  // Bob acts for another company, whose account is a delegate.
  assertOnly(warned([[OTHER, 'Any']], as(as(remove(OTHER)), OTHER), BOB), LAST);
  assertOnly(warned([[OTHER, 'Any']], as(as(remove(OTHER)), BOB), ALICE), undefined, 'not of Bob');
});

withEach('a call of the account itself needs no wrapper', (tools) => {
  const { batches, remark, remove, shapes } = tools;
  const ask = (delegations, call) =>
    proxyWarnings({ account: COMPANY, proxies: shapes.proxies(delegations), call });
  assertOnly(ask([[ALICE, 'Any']], remove(ALICE)), LAST);
  assertOnly(ask([[ALICE, 'Any']], batches[0](remark(), remove(ALICE))), LAST);
  const two = [
    [ALICE, 'Any'],
    [BOB, 'Any'],
  ];
  assertOnly(ask(two, remove(ALICE)), undefined, 'the signer is unknown');
  assertOnly(ask([[BOB, 'Data']], remove(BOB, 'Data')), undefined, 'none of type Any existed');
});

withEach('the signer is warned about its own delegation', ({ add, as, remove, warned }) => {
  const two = [
    [ALICE, 'Any'],
    [BOB, 'Any'],
  ];
  assertOnly(warned(two, as(remove(ALICE))), OWN);
  assertOnly(warned(two, as(remove(BOB))), ALONE);
  assertOnly(warned([[ALICE, 'Any']], as(add(BOB, 'Data'))), ALONE);
  assertOnly(warned([[ALICE, 'Any']], as(add(BOB))));
  assertOnly(warned([...two, [OTHER, 'Any']], as(remove(BOB))));
});

withEach('a call that changes nothing causes no warning', (tools) => {
  const { as, batches, kill, remark, remove, removeAll, warned } = tools;
  const one = [
    [ALICE, 'Any'],
    [BOB, 'Data'],
  ];
  const [batch] = batches;
  for (const call of [
    remark(),
    as(remark()),
    batch(),
    as(batch(remark(), batch(as(remark(), OTHER)))),
    as(remove(BOB)),
    as(remove(ALICE, 'Data')),
    as(remove(ALICE, 'Any', 1)),
    // Calls for other accounts.
    remove(ALICE),
    removeAll(),
    as(remove(ALICE), OTHER),
    as(kill(), OTHER),
  ]) {
    assertOnly(warned(one, call), undefined, JSON.stringify(call));
  }
  assertOnly(warned(one, as(remove(ALICE)), BOB), undefined, 'Bob cannot');
  assertOnly(warned([], as(remove(ALICE))));
  assertOnly(warned([[BOB, 'Data']], as(remove(BOB, 'Data'))));
});

test('objects of Polkadot.js can be passed directly', () => {
  const { proxies } = LIBRARIES['Polkadot.js'];
  const { as, remove } = callsOf(LIBRARIES['Polkadot.js']);
  const codec = (human) => ({ toHuman: () => human });
  const ask = (call) =>
    proxyWarnings({ account: COMPANY, proxies: codec(proxies([[ALICE, 'Any']])), call });
  assertOnly(ask(codec(remove(ALICE))), LAST);
  assertOnly(ask(codec({ isSigned: false, method: remove(ALICE) })), LAST);
  assertOnly(ask(codec(as(remove(ALICE)))), undefined, 'the account is not its own delegate');
});

test('unsupported kinds of addresses match no account', () => {
  for (const [library, delegates] of [
    ['Polkadot.js', [{ Index: '1' }, { Address32: ALICE_HEX }]],
    ['PAPI', [{ type: 'Index', value: 1 }, { type: 'Address32', value: ALICE_HEX }]],
  ]) {
    const { call, delay, proxies, type } = LIBRARIES[library];
    for (const delegate of delegates) {
      const args = { delegate, proxy_type: type('Any'), delay: delay(0) };
      const asked = {
        account: COMPANY,
        proxies: proxies([[ALICE, 'Any']]),
        call: call('Proxy', 'remove_proxy', args),
      };
      assertOnly(proxyWarnings(asked), undefined, library);
    }
  }
});

test('proxyWarnings fails when an argument is invalid', () => {
  const { proxies } = LIBRARIES.PAPI;
  const { remove } = callsOf(LIBRARIES.PAPI);
  const good = { account: ALICE, proxies: proxies([[BOB, 'Any']]), call: remove(BOB) };
  assertOnly(proxyWarnings(good), LAST);
  for (const account of ['', 'Alice', `${ALICE}111`, ALICE.slice(3), ALICE.replace('G', '0'), 7]) {
    assert.throws(() => proxyWarnings({ ...good, account }), TypeError, `${account}`);
  }
  assert.throws(() => proxyWarnings({ ...good, account: filled(1, 31) }), RangeError);
  for (const call of [undefined, null, 'proxy', {}, { callIndex: '0x1502', args: {} }]) {
    assert.throws(() => proxyWarnings({ ...good, call }), /must be one of Polkadot\.js/);
    const batch = LIBRARIES.PAPI.call('Utility', 'batch', { calls: [call] });
    assert.throws(() => proxyWarnings({ ...good, call: batch }), /must be one of Polkadot\.js/);
  }
  for (const list of [undefined, null, [], [undefined, 0n], {}]) {
    assert.throws(() => proxyWarnings({ ...good, proxies: list }), /a list and a deposit/);
  }
});
