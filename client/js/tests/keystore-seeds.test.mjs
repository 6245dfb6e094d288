// SPDX-License-Identifier: Apache-2.0

// The seeds of a keystore. With them an account can read all earlier data, even if the chain loses
// its envelopes and links.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as client from '../src/index.mjs';
import { epochKey, FAST, filled, GENESIS, PASSWORD, PLACE, someone, text } from './helper.mjs';

const { Keystore, toHex } = client;
const ACCOUNT = filled(1);
const AUTHOR = filled(7);
const { genesisHash, container, dataSet } = PLACE;
const WHERE = { genesisHash, container, dataSet };
const newKeystore = () => new Keystore(ACCOUNT, GENESIS);

/** Returns a chain's data set with four epochs, a cut before the third, and a value for each. */
async function chain({ reader }) {
  const keys = await Promise.all(Array.from({ length: 4 }, epochKey));
  const epochs = new Map();
  for (const [index, { publicKey }] of keys.entries()) {
    const epoch = index + 1;
    const isLinked = epoch === 2 || epoch === 4;
    const place = { ...WHERE, epoch };
    const previous = isLinked
      ? await client.sealPrevious(place, publicKey, keys[index - 1].seed)
      : null;
    epochs.set(epoch, { public: publicKey, previous, suite: 1 });
  }
  const envelope = async (epoch) => ({
    epoch,
    key_version: reader.version,
    sealed: await client.sealEnvelope({ ...WHERE, epoch }, reader, keys[epoch - 1].seed),
  });
  const values = await Promise.all(
    keys.map(async ({ publicKey }, index) => ({
      author: AUTHOR,
      epoch: index + 1,
      ciphertext: await client.sealValue(
        { ...WHERE, epoch: index + 1 },
        publicKey,
        AUTHOR,
        String(index + 1),
      ),
    })),
  );
  return { keys, epochs, envelopes: [await envelope(2), await envelope(4)], values };
}

/** Returns the chain after everything but the epochs' public keys was lost. */
const robbed = ({ epochs, ...others }) => ({
  ...others,
  epochs: new Map([...epochs].map(([epoch, record]) => [epoch, { ...record, previous: null }])),
  envelopes: [],
});

/** Opens the chain's data set with a keystore. */
const open = ({ epochs, envelopes }, keystore, changed) =>
  client.openEnvelopes({
    ...WHERE,
    epochs,
    envelopes,
    own: (version) => keystore.keys(version),
    seeds: keystore,
    ...changed,
  });

/** Returns the values that some keys open as text, or undefined for the others. */
const read = ({ values }, keys) =>
  Promise.all(
    values.map((stored) =>
      client.openStored({ ...WHERE, stored, keys }).then(
        ({ value }) => text(value),
        () => undefined,
      ),
    ),
  );

const reopened = async (keystore) =>
  Keystore.open(await keystore.seal(PASSWORD, FAST), PASSWORD, { genesisHash: GENESIS });

test('data that was read stays readable without envelopes and links', async () => {
  const me = await someone(1, 2);
  const state = await chain(me);
  const keystore = newKeystore();
  await keystore.importKey(2, me.own.secretKey);
  const { keys, faults } = await open(state, keystore);
  assert.deepEqual([[...keys.keys()], faults], [[4, 3, 2, 1], []]);
  const all = ['1', '2', '3', '4'];
  assert.deepEqual(await read(state, keys), all);
  assert.deepEqual(await read(state, (await open(robbed(state), keystore)).keys), [
    ...Array(4).fill(undefined),
  ]);

  assert.equal(await keystore.addSeeds({ ...WHERE, keys }), 4);
  assert.equal(await keystore.addSeeds({ ...WHERE, keys }), 0, 'the keystore already has them');
  // Then not even the account's own key is needed.
  const part = await keystore.export('other', { keys: false, ...FAST });
  for (const kept of [await reopened(keystore), await Keystore.open(part, 'other')]) {
    const again = await open(robbed(state), kept);
    assert.deepEqual([again.keys, again.faults], [keys, []]);
    assert.deepEqual(await read(state, again.keys), all);
    assert.deepEqual(await read(state, await kept.seeds(WHERE)), all);
    assert.deepEqual(await kept.seeds({ ...WHERE, epochs: state.epochs }), keys);
  }
});

test('stored seeds open linked epochs, and faults are reported', async () => {
  const me = await someone(1);
  const state = await chain(me);
  const keystore = newKeystore();
  const [, second, , fourth] = state.keys;
  assert.equal(await keystore.addSeed({ ...WHERE, epoch: 2, ...second }), 1);
  const withLinks = await open({ ...state, envelopes: [] }, keystore);
  assert.deepEqual([[...withLinks.keys.keys()], withLinks.faults], [[2, 1], []]);

  // An envelope for an unknown key is only reported if its epoch cannot be opened otherwise.
  const mixed = await open(state, keystore);
  assert.deepEqual([...mixed.keys.keys()], [2, 1]);
  assert.deepEqual(
    mixed.faults.map(({ name, message }) => [
      name,
      /epoch 4, which is for version 1/.test(message),
    ]),
    [['UnknownKey', true]],
  );
  await keystore.addSeed({ ...WHERE, epoch: 4, ...fourth });
  assert.deepEqual((await open(state, keystore)).faults, []);

  // A false link does not matter if the keystore has the previous epoch's seed.
  const lie = { ...state.epochs.get(4), previous: filled(7, 80) };
  const epochs = new Map(state.epochs).set(4, lie);
  const broken = await open({ ...state, epochs }, keystore);
  assert.deepEqual([...broken.keys.keys()], [4, 2, 1]);
  assert.deepEqual(
    broken.faults.map(({ name }) => name),
    ['CannotOpen'],
  );
  await keystore.addSeed({ ...WHERE, epoch: 3, ...state.keys[2] });
  const whole = await open({ ...state, epochs }, keystore);
  assert.deepEqual([[...whole.keys.keys()], whole.faults], [[4, 3, 2, 1], []]);

  // A false seed is reported, and the envelope is opened instead.
  const seed = async () => {
    throw new client.FalseSeed('it is another seed');
  };
  const reader = newKeystore();
  await reader.importKey(1, me.own.secretKey);
  const despite = await open(state, reader, { seeds: { seed } });
  assert.deepEqual([...despite.keys.keys()], [4, 3, 2, 1]);
  assert.deepEqual(
    despite.faults.map(({ name }) => name),
    Array(4).fill('FalseSeed'),
  );

  // Epochs of another suite have keys of another length.
  const newer = new Map(state.epochs).set(5, { public: filled(1, 1216), suite: 2 });
  const older = await open({ ...state, epochs: newer }, keystore);
  assert.deepEqual([older.keys.size, older.faults], [4, []]);
});

test('the seed of a rotation is stored before the call is sent', async () => {
  const keystore = newKeystore();
  const owner = await keystore.prepareKey(1);
  const rotation = await client.rotate({ ...WHERE, epoch: 0, owner, trust: keystore });
  assert.equal(await keystore.addSeed({ ...WHERE, ...rotation }), 1);
  assert.equal(await keystore.addSeed({ ...WHERE, ...rotation }), 0);
  const { seed, publicKey } = rotation;
  const { secretKey } = await client.deriveKeyPair(seed);
  const kept = await reopened(keystore);
  assert.deepEqual(await kept.seed(publicKey), { seed, publicKey, secretKey });
  assert.deepEqual(await kept.seed(toHex(publicKey)), { seed, publicKey, secretKey });
  assert.equal(await kept.seed(filled(9)), undefined);
  (await kept.seed(publicKey)).seed.fill(0);
  assert.deepEqual((await kept.seed(publicKey)).seed, seed, 'the result is a copy');

  // The rotation fails, and another one creates the epoch.
  const next = await client.rotate({ ...WHERE, epoch: 0, owner, trust: keystore });
  await keystore.addSeed({ ...WHERE, ...next });
  await assert.rejects(keystore.seeds(WHERE), /two seeds of epoch 1: give epochs/);
  for (const right of [rotation, next]) {
    const epochs = [[1, { public: right.publicKey }]];
    const keys = await keystore.seeds({ ...WHERE, epochs });
    assert.deepEqual(keys.get(1).seed, right.seed);
    const hex = [[1, { public: toHex(right.publicKey) }]];
    assert.deepEqual(await keystore.seeds({ ...WHERE, epochs: hex }), keys);
    assert.deepEqual((await open({ epochs, envelopes: [] }, keystore)).keys, keys);
  }
  assert.equal((await keystore.seeds({ ...WHERE, epochs: [] })).size, 0);
});

test('seeds can be found by container and data set', async () => {
  const keystore = newKeystore();
  const places = [
    { container: 7, dataSet: 'log' },
    { container: 7, dataSet: 'Log' },
    { container: '8', dataSet: 'log' },
    { container: 2n ** 64n - 1n, dataSet: 'Gr\u00f6\u00dfe' },
  ];
  const keys = await Promise.all(places.map(epochKey));
  for (const [index, place] of places.entries()) {
    await keystore.addSeed({ ...place, epoch: 1, ...keys[index] });
  }
  for (const [index, place] of places.entries()) {
    assert.deepEqual(await keystore.seeds(place), new Map([[1, keys[index]]]));
  }
  const composed = { container: 2n ** 64n - 1n, dataSet: 'Gro\u0308\u00dfe' };
  assert.equal((await keystore.seeds(composed)).size, 1, 'the name is normalized');
  assert.equal((await keystore.seeds({ container: 9, dataSet: 'log' })).size, 0);
});

test('addSeeds fails when one seed is false, and adds none', async () => {
  const keystore = newKeystore();
  const [one, other] = [await epochKey(), await epochKey()];
  const lie = { seed: other.seed, publicKey: one.publicKey };
  const refused = ({ name, message }) => {
    assert.equal(name, 'FalseSeed');
    assert.ok(message.includes(toHex(one.publicKey)));
    return !message.includes(toHex(other.seed).slice(2));
  };
  await assert.rejects(keystore.addSeed({ ...WHERE, epoch: 1, ...lie }), refused);
  const keys = [
    [2, other],
    [1, lie],
  ];
  await assert.rejects(keystore.addSeeds({ ...WHERE, keys }), refused);
  assert.equal((await keystore.seeds(WHERE)).size, 0);
  for (const wrong of [
    { epoch: 0 },
    { epoch: -1 },
    { epoch: 2 ** 32 },
    { seed: filled(1, 31) },
    { seed: undefined },
    { publicKey: undefined },
    { container: -1 },
    { dataSet: '' },
  ]) {
    const adding = keystore.addSeed({ ...WHERE, epoch: 1, ...one, ...wrong });
    await assert.rejects(adding, (error) => !(error instanceof client.TwinchainError));
  }
  assert.equal((await keystore.seeds(WHERE)).size, 0);
});

test('an envelope opens with a matching key stored under another version', async () => {
  const me = await someone(1, 3);
  const state = await chain(me);
  const keystore = newKeystore();
  // The key was expected to become version 2, and is version 3 on the chain.
  await keystore.importKey(1, (await someone(1)).own.secretKey);
  await keystore.importKey(2, me.own.secretKey);
  await keystore.importKey(3, (await someone(1)).own.secretKey);
  const { keys, faults } = await open(state, keystore, { seeds: undefined });
  assert.deepEqual([[...keys.keys()], faults], [[4, 3, 2, 1], []]);

  // One key, a list, and an iterable. The version is the one that the envelope names.
  const wrong = (await someone(1, 3)).own;
  for (const own of [
    () => me.own,
    async () => [wrong, me.own],
    () => new Set([wrong, { ...me.own, version: 7 }]),
  ]) {
    assert.equal((await open(state, keystore, { own })).keys.size, 4);
  }
  const names = async (own) =>
    (await open(state, keystore, { own })).faults.map(({ name }) => name);
  assert.deepEqual(await names(() => []), ['UnknownKey', 'UnknownKey']);
  assert.deepEqual(await names(() => wrong), ['CannotOpen', 'CannotOpen']);
  assert.deepEqual(await names(() => ({ ...wrong, version: 1 })), ['UnknownKey', 'UnknownKey']);
  assert.deepEqual(await names(() => [{ ...wrong, version: 1 }, wrong]), [
    'CannotOpen',
    'CannotOpen',
  ]);

  // A false envelope is reported immediately, without trying more keys.
  const place = { ...WHERE, epoch: 4 };
  const lie = {
    epoch: 4,
    key_version: 3,
    sealed: await client.sealEnvelope(place, me.reader, state.keys[0].seed),
  };
  const lied = await open({ ...state, envelopes: [lie] }, keystore);
  assert.deepEqual(
    lied.faults.map(({ name }) => name),
    ['FalseEnvelope'],
  );
});
