// SPDX-License-Identifier: Apache-2.0

// Several keystores of one account: merging, exporting, and signing secrets.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import * as client from '../src/index.mjs';
import { epochKey, FAST, filled, GENESIS, PASSWORD, PLACE, someone } from './helper.mjs';

const { Keystore } = client;
const ACCOUNT = filled(1);
const newKeystore = () => new Keystore(ACCOUNT, GENESIS);
const publicKeys = (keystore) =>
  Promise.all(keystore.keys(1).map(({ secretKey }) => client.publicKeyOf(secretKey)));

test('merge combines two keystores and returns the different pins', async () => {
  const [one, other] = [newKeystore(), newKeystore()];
  const shared = await one.prepareKey(1);
  await other.importKey(3, one.key(1).secretKey);
  const [own, theirs] = [await one.prepareKey(2), await other.prepareKey(4)];
  await other.importKey(2, other.key(4).secretKey);
  const [first, second] = [await epochKey(), await epochKey()];
  await one.addSeed({ ...PLACE, ...first });
  for (const key of [first, second]) await other.addSeed({ ...PLACE, ...key });
  const readers = await Promise.all([2, 3, 4].map((byte) => someone(byte)));
  const [pin, same, added] = readers.map(({ reader }) => reader);
  const { reader: another } = await someone(2, 2);
  for (const reader of [pin, same]) one.check(reader);
  for (const reader of [another, same, added]) other.check(reader);
  one.addSigner(filled(5), '//Eve');
  for (const [byte, uri] of [
    [5, '//Mallory'],
    [6, '//Ferdie'],
  ])
    other.addSigner(filled(byte), uri);
  const device = await other.prepareDeviceKey();

  const keyOf = ({ version, public: publicKey }) => ({ version, public: publicKey });
  const conflicts = [{ account: filled(2), own: keyOf(pin), other: keyOf(another) }];
  assert.deepEqual(one.merge(other), conflicts);
  assert.deepEqual(one.pinned(filled(2)), keyOf(pin), 'the user decides');
  assert.deepEqual(one.versions, [1, 2], 'a key in both keeps its version');
  assert.deepEqual(
    await publicKeys(one),
    [shared, own, theirs].map((key) => key.public),
  );
  assert.throws(() => one.key(2), { name: 'UnknownKey', message: /2 keys of version 2/ });
  one.check({ ...theirs, version: 2 });
  for (const key of [first, second]) assert.deepEqual(await one.seed(key.publicKey), key);
  assert.deepEqual(one.pinned(filled(4)), keyOf(added));
  assert.deepEqual(one.signerAccounts, [filled(5), filled(6)]);
  assert.deepEqual(
    [5, 6].map((byte) => one.signer(filled(byte))),
    ['//Eve', '//Ferdie'],
  );
  assert.notDeepEqual(await one.prepareDeviceKey(), device, "it is one machine's own");

  assert.deepEqual(one.merge(other), conflicts, 'merging again changes nothing');
  assert.deepEqual(one.merge(one), []);
  assert.equal(one.keys(1).length, 3);
  assert.deepEqual(other.versions, [2, 3], 'the other one is not changed');
  one.accept({ account: filled(2), ...conflicts[0].other });
  assert.deepEqual(one.merge(other), []);

  const third = newKeystore();
  const kept = await third.prepareDeviceKey();
  third.merge(other);
  assert.deepEqual(await third.prepareDeviceKey(), kept, "a device's own key stays");
});

test('merge fails when the account or chain differs', async () => {
  const keystore = newKeystore();
  const key = await newKeystore().prepareKey(1);
  const refused = [
    [new Keystore(filled(2), GENESIS), { name: 'RangeError', message: /of the account 0x0202/ }],
    [new Keystore(ACCOUNT, filled(9)), { name: 'WrongChain' }],
    [new Keystore(ACCOUNT), { name: 'TypeError', message: /give genesisHash/ }],
    [undefined, TypeError],
    [{ account: ACCOUNT, genesisHash: GENESIS }, TypeError],
  ];
  for (const [other, error] of refused) {
    if (other instanceof Keystore) await other.prepareKey(1);
    assert.throws(() => keystore.merge(other), error);
  }
  assert.throws(() => new Keystore(ACCOUNT).merge(keystore), /give genesisHash/);
  assert.deepEqual(keystore.versions, [], 'nothing was added');
  assert.throws(() => keystore.check(key), { name: 'UnexpectedKey' });
});

test("merging the person's other keystore resolves an unexpected key", async () => {
  const [one, other] = [newKeystore(), newKeystore()];
  const key = await other.prepareKey(1);
  assert.throws(() => one.check(key), { name: 'UnexpectedKey' });
  one.merge(other);
  one.check(key);
  assert.deepEqual(one.keyOf(key), other.key(1));
});

/** Returns a keystore with content of every kind, and seeds of the containers 7 and 8. */
async function full() {
  const keystore = newKeystore();
  await keystore.prepareKey(1);
  await keystore.prepareDeviceKey();
  keystore.check((await someone(2)).reader);
  keystore.addSigner(filled(3), '//Alice');
  const keys = { 7: await epochKey(), 8: await epochKey() };
  for (const [container, key] of Object.entries(keys)) {
    await keystore.addSeed({ ...PLACE, container, ...key });
  }
  return { keystore, keys };
}

test('an exported keystore has only the requested parts and its own password', async () => {
  const { keystore, keys } = await full();
  const exported = async (options) =>
    Keystore.open(await keystore.export('another', { ...FAST, ...options }), 'another');
  const { public: device } = await keystore.prepareDeviceKey();
  const held = async (some) => ({
    keys: some.versions.length,
    // Without a device key, it creates another one.
    hasDevice: client.toHex((await some.prepareDeviceKey()).public) === client.toHex(device),
    seeds: await Promise.all(
      [7, 8].map(async (container) => (await some.seed(keys[container].publicKey)) !== undefined),
    ),
    pin: some.pinned(filled(2))?.version,
    signer: some.signer(filled(3)),
  });
  const all = { keys: 1, hasDevice: true, seeds: [true, true], pin: 1, signer: undefined };
  assert.deepEqual(await held(await exported()), all);
  assert.deepEqual(await held(await exported({ signers: true })), { ...all, signer: '//Alice' });
  const some = { ...all, seeds: [false, true] };
  assert.deepEqual(await held(await exported({ containers: [8n] })), some);
  const few = { ...some, keys: 0, hasDevice: false };
  assert.deepEqual(await held(await exported({ containers: ['8'], keys: false })), few);
  const none = { ...few, seeds: [false, false] };
  assert.deepEqual(await held(await exported({ containers: [], keys: false })), none);

  const text = await keystore.export('another', FAST);
  await assert.rejects(Keystore.open(text, PASSWORD), { name: 'WrongPassword' });
  const opened = await Keystore.open(text, 'another', { genesisHash: GENESIS });
  assert.deepEqual([opened.account, opened.genesisHash], [ACCOUNT, GENESIS]);
  await assert.rejects(keystore.export('', FAST), /needs a password/);
  await assert.rejects(keystore.export('another', { containers: [-1], ...FAST }), RangeError);
  assert.equal(keystore.signer(filled(3)), '//Alice', 'the keystore is not changed');
  assert.deepEqual(newKeystore().merge(opened), []);
});

test('a signing secret is stored and never shown', async () => {
  const keystore = newKeystore();
  const uri = 'bottom drive obey lake curtain smoke basket hold race lonely fit walk//Alice';
  assert.deepEqual([keystore.signer(filled(3)), keystore.signerAccounts], [undefined, []]);
  keystore.addSigner(filled(3), uri);
  keystore.addSigner(client.toHex(filled(3)), uri);
  keystore.addSigner(ACCOUNT, '//Own');
  assert.deepEqual(keystore.signerAccounts, [filled(3), ACCOUNT]);
  assert.equal(keystore.signer(client.toHex(filled(3))), uri);
  const quiet = (error) => !/Alice|bottom|Bob/.test(`${error.message}${error.stack}`);
  assert.throws(() => keystore.addSigner(filled(3), '//Bob'), quiet);
  assert.throws(
    () => keystore.addSigner(filled(3), '//Bob'),
    /another secret URI.*remove it first/,
  );
  for (const wrong of ['', undefined, null, 7, [uri], '\ud800']) {
    assert.throws(() => keystore.addSigner(filled(4), wrong), TypeError);
  }
  assert.throws(() => keystore.addSigner(filled(4, 31), uri), quiet);
  const shown = inspect(keystore, { showHidden: true, depth: 9 }) + JSON.stringify(keystore);
  assert.doesNotMatch(shown, /Alice|bottom|Own/);
  const opened = await Keystore.open(await keystore.seal(PASSWORD, FAST), PASSWORD);
  assert.equal(opened.signer(filled(3)), uri);
  assert.deepEqual([opened.removeSigner(filled(3)), opened.removeSigner(filled(3))], [true, false]);
  assert.equal(opened.signer(filled(3)), undefined);
});
