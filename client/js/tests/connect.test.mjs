// SPDX-License-Identifier: Apache-2.0

// The one object on a chain in memory: what it checks, and in which order it saves and sends.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { connect, Keystore, newKeyPair, toHex, addressOf } from '../src/index.mjs';
import { createKeystore, keystoreFile, readKeystore } from '../src/keystore-file.mjs';
import { fakeChain } from './fake-chain.mjs';
import { FAST, filled, GENESIS, PASSWORD } from './helper.mjs';

const OWNER = filled(1);
const READER = filled(2);
const MANUAL = { container: 7, dataSet: 'manual' };
const LOG = { container: 7, dataSet: 'log' };
const HOURS = { container: 7, dataSet: 'hours' };
const folder = mkdtempSync(join(tmpdir(), 'twinchain-connect-'));
after(() => rmSync(folder, { recursive: true }));

/** Returns a connection of the owner, and what it saves. */
async function owner(
  { adapter, state } = fakeChain({ genesisHash: GENESIS, owner: OWNER }),
  more = {},
) {
  const keystore = new Keystore(OWNER, GENESIS);
  const saved = { count: 0, notes: {} };
  const save = () => (saved.count += 1);
  const options = { signer: { account: OWNER }, save, notes: saved.notes, ...more };
  return { it: await connect(adapter, keystore, options), keystore, saved, state, adapter };
}

/** Returns the same, with an encryption key and keys of all data sets. */
async function ready(...args) {
  const all = await owner(...args);
  await all.it.ensureKey();
  await all.it.rotateDue({ container: 7 });
  all.state.sent.length = 0;
  return all;
}

test('values go in and come out as JSON, with exact numbers as text', async () => {
  const { it, state } = await ready();
  await it.write({ ...MANUAL, value: { a: [1, null, 'ü'], big: 2n ** 70n } });
  const read = await it.read(MANUAL);
  assert.equal(read.text, '{"a":[1,null,"ü"],"big":1180591620717411303424}');
  assert.deepEqual(read.value.a, [1, null, 'ü']);
  assert.deepEqual(
    [read.author, read.revision, read.visibility],
    [addressOf(OWNER), 1, 'confidential'],
  );
  assert.deepEqual(JSON.parse(JSON.stringify(read)).value.a, [1, null, 'ü']);
  await it.write({ ...MANUAL, text: '{ "a": 1.0 }' });
  assert.equal((await it.read(MANUAL)).text, '{ "a": 1.0 }');
  await it.write({ ...HOURS, value: 5 });
  assert.equal((await it.read(HOURS)).value, 5);
  assert.deepEqual(
    state.sent.map(({ call }) => call),
    ['set_sealed_entry', 'set_sealed_entry', 'set_entry'],
  );
  const empty = await it.read(LOG);
  assert.deepEqual([empty.kind, empty.items], ['list', []]);
});

test('an entry without a value is read as such, and can be updated', async () => {
  const { it } = await ready();
  const read = await it.read(MANUAL);
  assert.deepEqual(['value' in read, read.revision], [false, 0]);
  await it.update({ ...MANUAL, change: (old) => ({ count: (old?.count ?? 0) + 1 }) });
  await it.update({ ...MANUAL, change: async ({ count }) => ({ count: count + 1 }) });
  assert.deepEqual((await it.read(MANUAL)).value, { count: 2 });
});

test('an unknown option is refused with the nearest known one', async () => {
  const { it, state } = await ready();
  const account = addressOf(READER);
  for (const [call, expected] of [
    [
      () => it.write({ ...MANUAL, value: 1, expectedRevison: 1 }),
      /write has no option `expectedRevison`: did you mean `expectedRevision`\?/,
    ],
    [() => it.write({ ...MANUAL, vlaue: 1 }), /`vlaue`: did you mean `value`/],
    [() => it.read({ container: 7, dataset: 'a' }), /`dataset`: did you mean `dataSet`/],
    [() => it.append({ ...LOG, item: 1 }), /`item`: did you mean `items`/],
    [() => it.update({ ...LOG, change: () => 1, revision: 1 }), /`revision`: did you mean/],
    [
      () => it.share({ container: 7, acount: account, dataSets: ['log'] }),
      /`acount`: did you mean `account`/,
    ],
    [
      () => it.share({ container: 7, account, dataSet: 'log' }),
      /`dataSet`: did you mean `dataSets`/,
    ],
    [
      () => it.revoke({ container: 7, account, datasets: [] }),
      /`datasets`: did you mean `dataSets`/,
    ],
    [() => it.rotate({ ...LOG, cutt: true }), /`cutt`: did you mean `cut`/],
    [() => it.rotateDue({ contaner: 7 }), /`contaner`: did you mean `container`/],
    [() => it.reviewOffer({ twim: 7 }), /`twim`: did you mean `twin`/],
    [() => it.history({ ...LOG, form: 1 }), /history has no option `form`/],
    [() => it.verifyHistory({ ...LOG, knwon: {} }), /`knwon`: did you mean `known`/],
    [
      () => it.verifyHistory({ ...LOG, known: { hed: 1 } }),
      /known has no option `hed`: did you mean `head`/,
    ],
    [() => it.accept({ publickey: '0x' }), /`publickey`: did you mean `publicKey`/],
    [() => it.send({ pallet: 'A', call: 'b', arg: {} }), /`arg`: did you mean `args`/],
  ]) {
    await assert.rejects(async () => call(), { name: 'TypeError', message: expected });
  }
  assert.deepEqual(state.sent, []);
});

test('what is missing or of a wrong type is refused before anything is sent', async () => {
  const { it, state, saved } = await ready();
  const { count } = saved;
  const account = addressOf(READER);
  const cycle = [];
  cycle.push(cycle);
  for (const [call, message] of [
    [() => it.write(MANUAL), /give either `value` or `text`/],
    [() => it.write({ ...MANUAL, value: 1, text: '1' }), /give either/],
    [() => it.write({ ...MANUAL, value: undefined }), /value is undefined/],
    [() => it.write({ ...MANUAL, value: NaN }), /value is NaN/],
    [() => it.write({ ...MANUAL, value: { a: [undefined] } }), /value\.a\[0\] is undefined/],
    [() => it.write({ ...MANUAL, value: new Map([[1, 2]]) }), /value is a Map/],
    [() => it.write({ ...MANUAL, value: { when: new Date() } }), /value\.when is a Date/],
    [() => it.write({ ...MANUAL, value: () => 1 }), /value is a function/],
    [() => it.write({ ...MANUAL, value: cycle }), /nested too deeply/],
    [
      () => it.write({ ...MANUAL, value: `${{}}` }),
      /an object was turned into text without JSON.stringify/,
    ],
    [() => it.write({ ...MANUAL, value: '{"a":1}' }), /is text that contains JSON/],
    [() => it.write({ ...MANUAL, text: { a: 1 } }), /text must be JSON text, not an object/],
    [() => it.write({ ...MANUAL, text: 'plain words' }), /text needs quotes/],
    [() => it.write({ ...MANUAL, value: '\ud800' }), /not well-formed/],
    [() => it.write({ ...MANUAL, value: 1, expectedRevision: null }), /expectedRevision/],
    [() => it.write({ ...MANUAL, value: 1, expectedRevision: -1 }), /expectedRevision/],
    [
      () => it.write({ ...MANUAL, value: 1, confidential: 'yes' }),
      /confidential must be true or false/,
    ],
    [
      () => it.write({ container: {}, dataSet: 'manual', value: 1 }),
      /container is the number of a container, not an object/,
    ],
    [
      () => it.write({ container: 'c7', dataSet: 'manual', value: 1 }),
      /container must be an integer/,
    ],
    [() => it.read({ container: 7, dataSet: 5 }), /dataSet is the name/],
    [() => it.read({ container: 7, dataSet: '' }), /1 to 64 bytes/],
    [() => it.read(), /read takes an object with options, not undefined/],
    [() => it.read('c7/manual'), /not text/],
    [() => it.append({ ...LOG, items: { 0: 'a' } }), /items must be a list, not an object/],
    [() => it.append({ ...LOG, items: [] }), /1 to 256 items/],
    [() => it.append({ ...LOG, items: [1, undefined] }), /items\[1\] is undefined/],
    [() => it.share({ container: 7, account: 'nobody', dataSets: ['log'] }), /not an SS58 address/],
    [
      () => it.share({ container: 7, account: `${account.slice(0, -1)}1`, dataSets: ['log'] }),
      /typing error/,
    ],
    [
      () => it.share({ container: 7, account: addressOf(OWNER), dataSets: ['log'] }),
      /your own account/,
    ],
    [() => it.share({ container: 7, account, dataSets: 'log' }), /dataSets is a list of names/],
    [
      () => it.share({ container: 7, account, dataSets: ['log'], access: 'own' }),
      /access is one or more of read, write, remove/,
    ],
    [
      () => it.share({ container: 7, account, dataSets: ['log'], until: '2027-01-01' }),
      /until is a Date/,
    ],
    [() => it.update({ ...MANUAL, change: 5 }), /change must be a function/],
    [() => it.reviewOffer({}), /either `container` or `twin`/],
    [() => it.accept({ publicKey: toHex(filled(1)) }), /accept takes the key/],
    [() => it.send(), /send needs a call/],
  ]) {
    await assert.rejects(
      async () => call(),
      (error) => {
        assert.ok(error instanceof TypeError || error instanceof RangeError, error.stack);
        assert.match(error.message, message);
        return true;
      },
    );
  }
  assert.deepEqual([state.sent, saved.count], [[], count]);
});

test('connect refuses what it cannot use', async () => {
  const { adapter } = fakeChain({ genesisHash: GENESIS, owner: OWNER });
  const keystore = new Keystore(OWNER, GENESIS);
  const save = () => {};
  for (const [args, message] of [
    [[{}, keystore, { save }], /takes an ApiPromise/],
    [[undefined, keystore, { save }], /takes an ApiPromise/],
    [[adapter, keystore, {}], /needs `save`/],
    [[adapter, 'keys.json', {}], /must be a Keystore/],
    [[adapter, keystore, { save, singer: {} }], /`singer`: did you mean `signer`/],
    [[adapter, keystore, { save, signer: '//Alice' }], /signer is what the library signs with/],
    [
      [adapter, keystore, { save, signer: { account: READER } }],
      /the signer signs for .*, but the keystore is of/,
    ],
    [[adapter, keystore, { save, check: 'schema' }], /check must be a function/],
  ]) {
    await assert.rejects(connect(...args), { message });
  }
  const other = new Keystore(OWNER, filled(9));
  await assert.rejects(connect(adapter, other, { save }), { name: 'WrongChain' });
  const reader = await connect(adapter, keystore, { save });
  assert.equal((await reader.read(HOURS)).visibility, 'public');
  await assert.rejects(reader.write({ ...HOURS, value: 1 }), /only reads/);
});

test('a seed is saved before it is sent, and not sent if it cannot be saved', async () => {
  const chain = fakeChain({ genesisHash: GENESIS, owner: OWNER });
  const order = [];
  const submit = chain.adapter.submit;
  const { keystore, it, state } = await owner(
    {
      ...chain,
      adapter: { ...chain.adapter, submit: (...args) => (order.push('send'), submit(...args)) },
    },
    { save: () => order.push(`save ${keystore?.epochsOf(MANUAL).length ?? 0}`) },
  );
  await it.ensureKey();
  order.length = 0;
  await it.rotate(MANUAL);
  assert.ok(
    order.indexOf('save 1') >= 0 && order.indexOf('save 1') < order.indexOf('send'),
    order.join(),
  );
  const broken = await connect(chain.adapter, keystore, {
    signer: { account: OWNER },
    save: () => {
      throw new Error('the disk is full');
    },
  });
  state.sent.length = 0;
  await assert.rejects(broken.rotate(MANUAL), /the disk is full/);
  assert.deepEqual(state.sent, []);
});

test('a refused rotation does not block the next one', async () => {
  const { it, state, saved, keystore } = await ready();
  const failure = { pallet: 'DataContainer', error: 'StaleEpoch' };
  state.next = { failure };
  await assert.rejects(it.rotate(MANUAL), { name: 'Refused', error: 'StaleEpoch' });
  state.next = {
    thrown: Object.assign(new Error('1010: Invalid Transaction: Custom error: 101'), {
      code: 1010,
    }),
  };
  await assert.rejects(it.rotate(MANUAL), { name: 'Refused', message: /not a member/ });
  const refusing = { account: OWNER, fails: true };
  assert.equal(saved.notes.prepared.length, 2);
  await it.write({ ...MANUAL, value: 'still epoch 1' });
  await it.rotate(MANUAL);
  await it.write({ ...MANUAL, value: 'epoch 2' });
  assert.equal((await it.read(MANUAL)).value, 'epoch 2');
  assert.equal(keystore.epochsOf(MANUAL).filter(({ epoch }) => epoch === 2).length, 3);
  assert.ok(refusing.fails);
});

test('what happened to a transaction that the node has is unknown', async () => {
  const { it, state, adapter, keystore } = await ready();
  state.next = { thrown: new Error('the connection was closed') };
  await assert.rejects(it.write({ ...MANUAL, value: 1 }), {
    name: 'OutcomeUnknown',
    message: /check whether it was executed/,
  });
  // A transaction that was never given to a node is not in doubt.
  const signer = { account: OWNER, fails: true };
  const unsigned = await connect(adapter, keystore, { signer, save: () => {} });
  await assert.rejects(
    unsigned.write({ ...MANUAL, value: 1 }),
    /^Error: the user refuses to sign$/,
  );
});

test('a node with an older or unknown own key is refused', async () => {
  const { it, state, keystore } = await ready();
  const address = addressOf(OWNER);
  const first = state.keys.get(address);
  const second = await keystore.prepareKey(2);
  await assert.rejects(it.rotate(MANUAL), { name: 'OlderKey' });
  state.keys.set(address, { version: 2, key: { suite: 1, public: second.public }, since: 1 });
  await it.rotate(MANUAL);
  const { publicKey } = await newKeyPair();
  state.keys.set(address, { ...first, version: 3, key: { suite: 1, public: publicKey } });
  await assert.rejects(it.rotate(MANUAL), { name: 'UnexpectedKey' });
});

test('nothing is sealed to a reader that only the node names', async () => {
  const { it, state } = await ready();
  const { publicKey } = await newKeyPair();
  const account = addressOf(READER);
  state.readers.get('manual').push(account);
  state.keys.set(account, { version: 1, key: { suite: 1, public: publicKey }, since: 1 });
  const { leftOut } = await it.rotate(MANUAL);
  assert.deepEqual(
    leftOut.map((left) => [left.account, left.dataSet]),
    [[account, 'manual']],
  );
  assert.match(leftOut[0].why, /not known here/);
  const { args } = state.sent.at(-1);
  assert.deepEqual(args.envelopes, []);
  // After a comparison it is accepted, and gets the next key.
  await assert.rejects(it.accept({ account, publicKey: toHex(filled(5)) }), { name: 'KeyChanged' });
  await it.accept({ account, publicKey: toHex(publicKey) });
  assert.deepEqual((await it.rotate(MANUAL)).leftOut, []);
  assert.equal(state.sent.at(-1).args.envelopes.length, 1);
});

test('records of a lying node are refused, not misread', async () => {
  const chain = fakeChain({ genesisHash: GENESIS, owner: OWNER });
  const { it, state } = await ready(chain);
  await it.write({ ...MANUAL, value: 'secret' });
  const entry = state.entries.get('manual');
  for (const [name, broken] of [
    ['author', { ...entry, author: 'nobody' }],
    ['time', { ...entry, time: -1 }],
    ['value', { ...entry, value: { type: 'External', value: {} } }],
    ['epoch', { ...entry, value: { ...entry.value, value: { ...entry.value.value, epoch: 'x' } } }],
    ['plain', { ...entry, value: { type: 'Public', value: new Uint8Array([49]) } }],
  ]) {
    state.entries.set('manual', broken);
    await assert.rejects(it.read(MANUAL), Error, name);
  }
  state.entries.set('manual', entry);
  state.sets.get('manual').visibility = { type: 'Public' };
  await assert.rejects(it.write({ ...MANUAL, value: 'secret' }), { name: 'FalseVisibility' });
  state.sets.get('manual').visibility = 'Unheard';
  assert.equal((await it.read(MANUAL)).value, 'secret', 'what is not public is confidential');
  state.sets.get('manual').key = { epoch: 9 };
  await assert.rejects(it.write({ ...MANUAL, value: 1 }), { name: 'UnprovenEpoch' });
  state.sets.get('manual').key = undefined;
  await assert.rejects(it.write({ ...MANUAL, value: 1 }), { name: 'UnprovenEpoch' });
});

test('a list is read although some items are garbage', async () => {
  const { it, state } = await ready();
  await it.append({ ...LOG, items: [{ a: 1 }] });
  const [{ author, items }] = state.batches;
  const garbage = [
    { type: 'Sealed', value: { suite: 1, epoch: 1, ciphertext: filled(7, 112) } },
    { type: 'Sealed', value: { suite: 2, epoch: 1, ciphertext: filled(7, 112) } },
    { type: 'Sealed', value: { suite: 1, epoch: 5, ciphertext: filled(7, 112) } },
    { type: 'Unheard', value: 1 },
    { type: 'Public', value: new Uint8Array([49]) },
    undefined,
    'nonsense',
    ...items,
  ];
  state.batches.push({ author, block: 1, time: 1, items: garbage });
  const list = await it.read(LOG);
  assert.deepEqual(
    list.items.map(({ item, value, closed }) => [item, value, Boolean(closed)]),
    [
      ['0.0', { a: 1 }, false],
      ...['1.0', '1.1', '1.2', '1.3', '1.4', '1.6'].map((item) => [item, null, true]),
      ['1.7', { a: 1 }, false],
    ],
  );
});

test('a check decides before sealing, and is shown after opening', async () => {
  let isStrict = false;
  const check = () => {
    if (isStrict) throw new Error('hours is missing');
  };
  const { it, state } = await ready(undefined, { check });
  await it.write({ ...MANUAL, value: {} });
  isStrict = true;
  const read = await it.read(MANUAL);
  assert.deepEqual([read.value, read.mismatch], [{}, 'hours is missing']);
  state.sent.length = 0;
  await assert.rejects(it.write({ ...MANUAL, value: {} }), /hours is missing/);
  assert.deepEqual(state.sent, []);
});

test('a keystore in a file is asked for its password once, and has lists beside it', async () => {
  const { adapter, state } = fakeChain({ genesisHash: GENESIS, owner: OWNER });
  const path = join(folder, 'keys.json');
  await createKeystore(path, PASSWORD, { account: OWNER, genesisHash: GENESIS, ...FAST });
  let asked = 0;
  const words = ['wrong', PASSWORD];
  const store = keystoreFile(path, async () => words[asked++], FAST);
  await assert.rejects(connect(adapter, store), { name: 'WrongPassword' });
  const it = await connect(adapter, store, { signer: { account: OWNER } });
  await it.ensureKey();
  await it.rotate(MANUAL);
  assert.equal(asked, 2);
  const lines = (list) => readFileSync(`${path}.${list}`, 'utf8').split('\n').filter(Boolean);
  assert.deepEqual(lines('confidential'), [`7 ${Buffer.from('manual').toString('hex')}`]);
  assert.deepEqual(lines('prepared'), []);
  const reread = await readKeystore(path, PASSWORD, { genesisHash: GENESIS });
  assert.deepEqual(
    reread.epochsOf(MANUAL).map(({ epoch }) => epoch),
    [1],
  );
  // Another keystore knows from the list alone that the data set is confidential.
  state.sets.get('manual').visibility = 'Public';
  await assert.rejects(it.write({ ...MANUAL, value: 1 }), { name: 'FalseVisibility' });
  assert.throws(() => keystoreFile(path, PASSWORD, { coast: 1 }), /did you mean `cost`/);
});
