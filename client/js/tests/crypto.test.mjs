// SPDX-License-Identifier: Apache-2.0

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as client from '../src/index.mjs';
import { blake2_256 } from '../src/crypto.mjs';
import {
  epochKey,
  filled,
  GENESIS,
  PLACE,
  polkadotNumber,
  Raw,
  someone,
  text,
  utf8,
} from './helper.mjs';

const AUTHOR = filled(1);
const MAX = client.MAX_PLAINTEXT;
const cannotOpen = { name: 'CannotOpen' };

test('a value opens only with the inputs that it was sealed with', async () => {
  const [key, other] = [await epochKey(), await epochKey()];
  const sealed = await client.sealValue(PLACE, key.publicKey, AUTHOR, '{"hours":120}');
  assert.equal(sealed.length, 64 + 48);
  assert.equal(text(await client.openValue(PLACE, key.secretKey, AUTHOR, sealed)), '{"hours":120}');

  const open = (place, secretKey, author, bytes) =>
    assert.rejects(client.openValue({ ...PLACE, ...place }, secretKey, author, bytes), cannotOpen);
  await open({}, other.secretKey, AUTHOR, sealed);
  await open({}, key.secretKey, filled(2), sealed);
  await open({ container: 8n }, key.secretKey, AUTHOR, sealed);
  await open({ dataSet: 'usage' }, key.secretKey, AUTHOR, sealed);
  await open({ epoch: 2 }, key.secretKey, AUTHOR, sealed);
  await open({ genesisHash: filled(0xab) }, key.secretKey, AUTHOR, sealed);
  for (let index = 0; index < sealed.length; index += 1) {
    const flipped = Uint8Array.from(sealed);
    // In byte 31 it is the top bit, which X25519 ignores but HPKE does not.
    flipped[index] ^= 1 << index % 8;
    await open({}, key.secretKey, AUTHOR, flipped);
  }
});

test('sealing twice gives different bytes', async () => {
  const { publicKey } = await epochKey();
  const seal = () => client.sealValue(PLACE, publicKey, AUTHOR, '1');
  assert.notDeepEqual(await seal(), await seal());
});

test('values of every length can be padded and opened again', async () => {
  const key = await epochKey();
  for (const length of [0, 1, 62, 63, 64, 65, 127, 128, 8191, 8192, 8193, MAX - 1, MAX]) {
    const value = filled(0x80, length);
    const sealed = await client.sealValue(PLACE, key.publicKey, AUTHOR, value);
    assert.equal(sealed.length, (Math.floor(length / 64) + 1) * 64 + 48);
    assert.ok(sealed.length <= client.MAX_CIPHERTEXT);
    const opened = await client.openValue(PLACE, key.secretKey, AUTHOR, sealed);
    assert.deepEqual(opened, value);
  }
  assert.equal(MAX, 65_535);
  await assert.rejects(
    client.sealValue(PLACE, key.publicKey, AUTHOR, filled(0, MAX + 1)),
    /at most 65535 bytes, not 65536/,
  );
});

test('openValue fails when the length is wrong', async () => {
  const key = await epochKey();
  const sealed = await client.sealValue(PLACE, key.publicKey, AUTHOR, '1');
  const lengths = [0, 1, 16, 31, 32, 47, 48, 49, 64, 111, 113, 65_585, 65_648, 1_000_000];
  for (const length of lengths) {
    const bytes = new Uint8Array(length);
    bytes.set(sealed.subarray(0, length));
    await assert.rejects(client.openValue(PLACE, key.secretKey, AUTHOR, bytes), cannotOpen);
  }
  for (const wrong of [undefined, null, '0x00', [...sealed], sealed.buffer, {}]) {
    await assert.rejects(client.openValue(PLACE, key.secretKey, AUTHOR, wrong), TypeError);
  }
});

test('unpad fails when the padding is not exact', () => {
  for (const value of ['', 'a', 'a'.repeat(63), 'a'.repeat(64), '\u0000', 'a\u0000']) {
    assert.deepEqual(client.unpad(client.pad(utf8(value))), utf8(value));
  }
  const wrong = [
    [],
    [0x80],
    filled(0, 64),
    filled(0x81, 64),
    filled(1, 63),
    [...filled(0x80, 64), ...filled(0, 64)],
    [...client.pad(utf8('a')), 0],
    [...filled(0x80, 63), 1],
  ];
  for (const padded of wrong) {
    assert.throws(() => client.unpad(Uint8Array.from(padded)), { name: 'BadPadding' });
  }
});

test('an envelope opens for only one reader and key version', async () => {
  const key = await epochKey();
  const { reader, own } = await someone(1, 2);
  const sealed = await client.sealEnvelope(PLACE, reader, key.seed);
  assert.equal(sealed.length, client.SEALED_SEED_BYTES);
  assert.deepEqual(await client.openEnvelope(PLACE, own, key.publicKey, sealed), key);

  const others = [
    { ...own, account: filled(2) },
    { ...own, version: 3 },
    { ...own, secretKey: (await someone(1)).own.secretKey },
  ];
  for (const other of others) {
    await assert.rejects(client.openEnvelope(PLACE, other, key.publicKey, sealed), cannotOpen);
  }
  for (let index = 0; index < sealed.length; index += 1) {
    const flipped = Uint8Array.from(sealed);
    flipped[index] ^= 1;
    await assert.rejects(client.openEnvelope(PLACE, own, key.publicKey, flipped), cannotOpen);
  }
  const random = crypto.getRandomValues(new Uint8Array(80));
  await assert.rejects(client.openEnvelope(PLACE, own, key.publicKey, random), cannotOpen);
  for (const length of [0, 79, 81, 16_384]) {
    const bytes = new Uint8Array(length);
    await assert.rejects(client.openEnvelope(PLACE, own, key.publicKey, bytes), RangeError);
  }
});

test('opening fails when an envelope or link contains another seed', async () => {
  const [key, other] = [await epochKey(), await epochKey()];
  const { reader, own } = await someone(1);
  const envelope = await client.sealEnvelope(PLACE, reader, other.seed);
  const opening = client.openEnvelope(PLACE, own, key.publicKey, envelope);
  await assert.rejects(opening, { name: 'FalseEnvelope', message: /epoch 1.*ask the owner/ });

  const place = { ...PLACE, epoch: 2 };
  const link = await client.sealPrevious(place, key.publicKey, other.seed);
  const before = await epochKey();
  const following = client.openPrevious(place, key.secretKey, before.publicKey, link);
  await assert.rejects(following, { name: 'FalseLink' });
  assert.deepEqual(
    await client.openPrevious(place, key.secretKey, other.publicKey, link),
    other,
    'it is the other epoch',
  );
});

test('data of one kind does not open as another', async () => {
  const key = await epochKey();
  const own = { account: filled(1), version: 1, secretKey: key.secretKey };
  const reader = { account: filled(1), version: 1, public: key.publicKey };
  const link = await client.sealPrevious(PLACE, key.publicKey, key.seed);
  const envelope = await client.sealEnvelope(PLACE, reader, key.seed);
  await assert.rejects(client.openEnvelope(PLACE, own, key.publicKey, link), cannotOpen);
  await assert.rejects(
    client.openPrevious(PLACE, key.secretKey, key.publicKey, envelope),
    cannotOpen,
  );
});

/** Returns epochs 1 to `count`, linked except at the epochs in `cut`. */
async function epochs(count, cut = []) {
  const keys = await Promise.all(Array.from({ length: count }, epochKey));
  const records = new Map();
  for (const [index, { publicKey }] of keys.entries()) {
    const epoch = index + 1;
    const isLinked = epoch > 1 && !cut.includes(epoch);
    const place = { ...PLACE, epoch };
    const previous = isLinked
      ? await client.sealPrevious(place, publicKey, keys[index - 1].seed)
      : null;
    records.set(epoch, { public: publicKey, previous, suite: 1 });
  }
  return { keys, records };
}

const history = (records, epoch, { seed }) =>
  client.openHistory({ ...PLACE, epochs: records, newest: { epoch, seed } });

test('a seed opens earlier epochs and no later ones', async () => {
  const { keys, records } = await epochs(4);
  const all = await history(records, 4, keys[3]);
  assert.deepEqual([...all.keys.keys()], [4, 3, 2, 1]);
  for (const [epoch, key] of all.keys) assert.deepEqual(key, keys[epoch - 1]);
  assert.equal(all.fault, undefined);

  const older = await history(records, 2, keys[1]);
  assert.deepEqual([...older.keys.keys()], [2, 1]);
  const numbers = new Map(
    [...records].map(([epoch, record]) => [epoch, { ...record, suite: polkadotNumber(1) }]),
  );
  assert.equal((await history(numbers, 4, keys[3])).keys.size, 4);
});

test('openHistory stops at a cut', async () => {
  const { keys, records } = await epochs(5, [3]);
  const { keys: found, fault } = await history(records, 5, keys[4]);
  assert.deepEqual([...found.keys()], [5, 4, 3]);
  assert.equal(fault, undefined);
});

test('openHistory stops at a false link and keeps newer epochs', async () => {
  const { keys, records } = await epochs(4);
  const forge = async (record) => {
    const changed = new Map(records).set(3, { ...records.get(3), ...record });
    return history(changed, 4, keys[3]);
  };
  const wrong = await epochKey();
  const place = { ...PLACE, epoch: 3 };
  const lie = await client.sealPrevious(place, keys[2].publicKey, wrong.seed);
  const garbage = crypto.getRandomValues(new Uint8Array(80));
  for (const [previous, name] of [
    [lie, 'FalseLink'],
    [garbage, 'CannotOpen'],
  ]) {
    const { keys: found, fault } = await forge({ previous });
    assert.deepEqual([...found.keys()], [4, 3]);
    assert.equal(fault.name, name);
  }
  const older = await history(new Map(records).set(2, { ...records.get(2), suite: 2 }), 4, keys[3]);
  assert.deepEqual([[...older.keys.keys()], older.fault.name], [[4, 3], 'UnknownSuite']);
});

test('openHistory fails when the seed is wrong or a record is missing', async () => {
  const { keys, records } = await epochs(3);
  await assert.rejects(history(records, 3, keys[1]), { name: 'FalseEnvelope' });
  const without = new Map([...records].filter(([epoch]) => epoch !== 2));
  await assert.rejects(history(without, 3, keys[2]), /epoch 2 is missing: read all pages/);
  const suite = new Map(records).set(3, { ...records.get(3), suite: 2 });
  await assert.rejects(history(suite, 3, keys[2]), { name: 'UnknownSuite' });
});

/** Returns the envelope of an epoch for a reader, as the chain stores it. */
const stored = async (epoch, { reader }, { seed }) => ({
  epoch,
  key_version: reader.version,
  sealed: await client.sealEnvelope({ ...PLACE, epoch }, reader, seed),
});

test('a reader can open every segment of which it has an envelope', async () => {
  // The segments are 1 to 2, 3, and 4 to 5.
  const { keys, records } = await epochs(5, [3, 4]);
  const reader = await someone(1, 2);
  const asked = [];
  const own = (version) => {
    asked.push(version);
    return reader.own;
  };
  const open = (envelopes, changed) =>
    client.openEnvelopes({ ...PLACE, epochs: records, envelopes, own, ...changed });
  const envelope = (epoch) => stored(epoch, reader, keys[epoch - 1]);

  const all = await open([await envelope(2), await envelope(3), await envelope(5)]);
  assert.deepEqual([...all.keys.keys()], [5, 4, 3, 2, 1]);
  for (const [epoch, key] of all.keys) assert.deepEqual(key, keys[epoch - 1]);
  assert.deepEqual([all.faults, asked], [[], [2, 2, 2]]);

  const later = await open([await envelope(5)]);
  assert.deepEqual([[...later.keys.keys()], later.faults], [[5, 4], []]);
  const before = await open([await envelope(2)]);
  assert.deepEqual([[...before.keys.keys()], before.faults], [[2, 1], []]);
  assert.deepEqual(await open([]), { keys: new Map(), faults: [] });

  const numbers = { epoch: polkadotNumber(2), key_version: polkadotNumber(2) };
  const raw = await open([{ ...numbers, sealed: Raw.from((await envelope(2)).sealed) }], {
    own: async () => reader.own,
  });
  assert.equal(raw.keys.size, 2);
});

test('a segment that does not open is reported and does not affect others', async () => {
  const { keys, records } = await epochs(4, [2, 3]);
  const [reader, other] = [await someone(1), await someone(1)];
  const keystore = new client.Keystore(reader.account, GENESIS);
  await keystore.importKey(1, reader.own.secretKey);
  const good = await stored(4, reader, keys[3]);
  const newer = { ...good, epoch: 2, key_version: 7 };
  for (const [bad, names] of [
    [await stored(2, reader, keys[0]), ['FalseEnvelope']],
    [await stored(2, other, keys[1]), ['CannotOpen']],
    [newer, ['UnknownKey']],
  ]) {
    const { keys: found, faults } = await client.openEnvelopes({
      ...PLACE,
      epochs: records,
      envelopes: [bad, good],
      own: (version) => keystore.keys(version),
    });
    assert.deepEqual([...found.keys()], [4, 3]);
    assert.deepEqual(
      faults.map(({ name }) => name),
      names,
    );
  }
  const own = () => reader.own;
  const broken = new Map(records).set(4, { ...records.get(4), previous: filled(7, 80) });
  const links = { ...PLACE, epochs: broken, envelopes: [good], own };
  const { keys: found, faults } = await client.openEnvelopes(links);
  assert.deepEqual([[...found.keys()], faults.map(({ name }) => name)], [[4], ['CannotOpen']]);
  // An error that does not concern keys is a mistake in the program.
  const without = new Map([...records].filter(([epoch]) => epoch !== 4));
  const missing = client.openEnvelopes({ ...links, epochs: without });
  await assert.rejects(missing, /epoch 4 is missing: read all pages/);
});

test('an account envelope opens for only one holder, account and version', async () => {
  const [company, holder] = [await someone(1, 2), await someone(2, 3)];
  const sealed = await client.sealAccountEnvelope(GENESIS, company.own, holder.reader);
  assert.equal(sealed.length, client.SEALED_SEED_BYTES);
  const open = (genesis, of, own, bytes = sealed) =>
    client.openAccountEnvelope(genesis, of, own, bytes);
  const opened = await open(GENESIS, company.reader, holder.own);
  assert.deepEqual(opened, { ...company.own, public: company.reader.public });

  const closed = (...args) => assert.rejects(open(...args), cannotOpen);
  await closed(filled(0xab), company.reader, holder.own);
  await closed(GENESIS, { ...company.reader, account: filled(3) }, holder.own);
  await closed(GENESIS, { ...company.reader, version: 1 }, holder.own);
  await closed(GENESIS, company.reader, { ...holder.own, account: filled(3) });
  await closed(GENESIS, company.reader, { ...holder.own, version: 2 });
  await closed(GENESIS, company.reader, { secretKey: holder.own.secretKey });
  await closed(GENESIS, company.reader, (await someone(2, 3)).own);
  for (let index = 0; index < sealed.length; index += 1) {
    const flipped = Uint8Array.from(sealed);
    flipped[index] ^= 1;
    await closed(GENESIS, company.reader, holder.own, flipped);
  }
  for (const length of [0, 79, 81]) {
    const bytes = new Uint8Array(length);
    await assert.rejects(open(GENESIS, company.reader, holder.own, bytes), RangeError);
  }
});

test('opening fails when an account envelope contains another secret key', async () => {
  const [company, holder] = [await someone(1), await someone(2)];
  const { own: other } = await someone(1);
  for (const [to, own] of [
    [holder.reader, holder.own],
    [{ public: holder.reader.public }, { secretKey: holder.own.secretKey }],
  ]) {
    const sealed = await client.sealAccountEnvelope(GENESIS, other, to);
    const opening = client.openAccountEnvelope(GENESIS, company.reader, own, sealed);
    await assert.rejects(opening, { name: 'FalseEnvelope', message: /version 1 of the account/ });
  }
  const itself = client.sealAccountEnvelope(GENESIS, company.own, company.reader);
  await assert.rejects(itself, /cannot be sealed to itself/);
});

test('an account envelope does not open as one of a data set', async () => {
  const key = await epochKey();
  const { reader, own } = await someone(1);
  const { secretKey: secret } = key;
  const ofAccount = { account: filled(2), version: 1, public: key.publicKey };
  const envelope = await client.sealEnvelope(PLACE, reader, secret);
  const opening = client.openAccountEnvelope(GENESIS, ofAccount, own, envelope);
  await assert.rejects(opening, cannotOpen);
  const account = { ...ofAccount, secretKey: secret };
  const sealed = await client.sealAccountEnvelope(GENESIS, account, reader);
  await assert.rejects(client.openEnvelope(PLACE, own, key.publicKey, sealed), cannotOpen);
  const following = client.openPrevious(PLACE, own.secretKey, key.publicKey, sealed);
  await assert.rejects(following, cannotOpen);
});

test('info of an account envelope has 84 bytes, and the holder is encoded in SCALE', () => {
  const info = client.accountInfo(GENESIS, { account: filled(1), version: 258 });
  assert.equal(info.length, 84);
  assert.equal(text(info.subarray(0, 16)), 'twinchain/v1/acc');
  assert.deepEqual(info.subarray(16, 48), GENESIS);
  assert.deepEqual(info.subarray(48, 80), filled(1));
  assert.deepEqual([...info.subarray(80)], [2, 1, 0, 0]);
  assert.throws(() => client.accountInfo(GENESIS, { account: filled(1), version: 0 }), RangeError);
  const account = client.holderData({ account: filled(1), version: 3 });
  assert.deepEqual([...account], [0, ...filled(1), 3, 0, 0, 0]);
  assert.deepEqual([...client.holderData({ public: filled(2) })], [1, 0x80, ...filled(2)]);
  assert.throws(() => client.holderData({ public: filled(2, 31) }), RangeError);
});

test('info has 92 bytes, and each is significant', () => {
  const info = client.info(client.LABELS.value, PLACE);
  assert.equal(info.length, 92);
  assert.equal(text(info.subarray(0, 16)), 'twinchain/v1/val');
  assert.deepEqual(info.subarray(16, 48), GENESIS);
  assert.deepEqual([...info.subarray(48, 56)], [7, 0, 0, 0, 0, 0, 0, 0]);
  assert.deepEqual(info.subarray(56, 88), blake2_256(utf8('usage log')));
  assert.deepEqual([...info.subarray(88)], [1, 0, 0, 0]);
  const short = client.info('a', PLACE);
  assert.deepEqual([...short.subarray(0, 16)], [0x61, ...filled(0, 15)], 'a short label is padded');
  assert.throws(() => client.info('a'.repeat(17), PLACE), RangeError);
});

test("places can have the types of the chain's libraries", () => {
  const expected = client.info(client.LABELS.value, PLACE);
  const forms = [
    { container: 7 },
    { container: '7' },
    { container: polkadotNumber(7), epoch: polkadotNumber(1) },
    { genesisHash: client.toHex(GENESIS) },
    { genesisHash: Raw.from(GENESIS), dataSet: Raw.from(utf8('usage log')) },
    { dataSet: Buffer.from('usage log') },
  ];
  for (const form of forms) {
    assert.deepEqual(client.info(client.LABELS.value, { ...PLACE, ...form }), expected);
  }
});

test('info fails when a place is invalid', () => {
  const wrong = [
    { container: -1 },
    { container: 1.5 },
    { container: 2 ** 53 },
    { container: 2n ** 64n },
    { container: '' },
    { container: '0x7' },
    { container: null },
    { container: undefined },
    { container: NaN },
    { container: true },
    { epoch: 0 },
    { epoch: 2 ** 32 },
    { epoch: undefined },
    { genesisHash: filled(0, 31) },
    { genesisHash: filled(0, 33) },
    { genesisHash: '0x00' },
    { genesisHash: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY' },
    { genesisHash: [...GENESIS] },
    { dataSet: '' },
    { dataSet: 'a'.repeat(65) },
    { dataSet: 'ü'.repeat(33) },
    { dataSet: '\ud800' },
    { dataSet: 7 },
    { dataSet: undefined },
  ];
  for (const change of wrong) {
    const refused = (error) => error instanceof RangeError || error instanceof TypeError;
    assert.throws(() => client.info(client.LABELS.value, { ...PLACE, ...change }), refused);
  }
});

test('sealing fails when a key, seed or account has a wrong length', async () => {
  const key = await epochKey();
  const { reader, own } = await someone(1);
  const envelope = await client.sealEnvelope(PLACE, reader, key.seed);
  for (const wrong of [
    filled(1, 0),
    filled(1, 31),
    filled(1, 33),
    '0x01',
    'x',
    undefined,
    null,
    {},
  ]) {
    const refused = (error) => error instanceof RangeError || error instanceof TypeError;
    for (const attempt of [
      () => client.deriveKeyPair(wrong),
      () => client.publicKeyOf(wrong),
      () => client.sealValue(PLACE, wrong, AUTHOR, '1'),
      () => client.sealValue(PLACE, key.publicKey, wrong, '1'),
      () => client.sealEnvelope(PLACE, { ...reader, public: wrong }, key.seed),
      () => client.sealEnvelope(PLACE, { ...reader, account: wrong }, key.seed),
      () => client.sealEnvelope(PLACE, reader, wrong),
      () => client.sealPrevious(PLACE, wrong, key.seed),
      () => client.sealPrevious(PLACE, key.publicKey, wrong),
      () => client.openEnvelope(PLACE, { ...own, secretKey: wrong }, key.publicKey, envelope),
      () => client.openEnvelope(PLACE, own, wrong, envelope),
      () => client.openEnvelope(PLACE, own, key.publicKey, wrong),
      () => client.openPrevious(PLACE, wrong, key.publicKey, envelope),
      () => client.sealAccountEnvelope(wrong, own, reader),
      () => client.sealAccountEnvelope(GENESIS, { ...own, secretKey: wrong }, reader),
      () => client.sealAccountEnvelope(GENESIS, own, { ...reader, account: wrong }),
      () => client.sealAccountEnvelope(GENESIS, own, { public: wrong }),
      () => client.openAccountEnvelope(GENESIS, { ...reader, public: wrong }, own, envelope),
      () => client.openAccountEnvelope(GENESIS, reader, { secretKey: wrong }, envelope),
      () => client.openAccountEnvelope(GENESIS, reader, own, wrong),
    ]) {
      await assert.rejects(attempt, refused);
    }
  }
  await assert.rejects(
    client.sealEnvelope(PLACE, { ...reader, version: 0 }, key.seed),
    /has no key/,
  );
});

test('text is sealed as exact UTF-8', async () => {
  const key = await epochKey();
  const sealed = await client.sealValue(PLACE, key.publicKey, AUTHOR, '"Größe €"');
  const opened = await client.openValue(PLACE, key.secretKey, AUTHOR, sealed);
  assert.equal(text(opened), '"Größe €"');
  const seal = (value) => client.sealValue(PLACE, key.publicKey, AUTHOR, value);
  await assert.rejects(seal('\ud800'), RangeError);
  for (const wrong of [1, null, undefined, {}, [1]]) await assert.rejects(seal(wrong), TypeError);
});

test('concurrent operations do not affect each other', async () => {
  const key = await epochKey();
  const values = Array.from({ length: 64 }, (_, index) => `{"item":${index}}`);
  const sealed = await Promise.all(
    values.map((value) => client.sealValue(PLACE, key.publicKey, AUTHOR, value)),
  );
  const opened = await Promise.all(
    sealed.map((bytes) => client.openValue(PLACE, key.secretKey, AUTHOR, bytes)),
  );
  assert.deepEqual(opened.map(text), values);
});

test('arguments are not modified', async () => {
  const key = await epochKey();
  const inputs = [Uint8Array.from(key.seed), Uint8Array.from(GENESIS), utf8('1')];
  const copies = inputs.map((bytes) => Uint8Array.from(bytes));
  const place = { ...PLACE, genesisHash: inputs[1] };
  const link = await client.sealPrevious(place, key.publicKey, inputs[0]);
  const opened = await client.openPrevious(place, key.secretKey, key.publicKey, link);
  opened.seed.fill(0);
  await client.sealValue(place, key.publicKey, AUTHOR, inputs[2]);
  assert.deepEqual(inputs, copies);
});

test('hexadecimal text is converted in both directions', () => {
  assert.equal(client.toHex(Uint8Array.of(0, 1, 0xab)), '0x0001ab');
  assert.deepEqual(client.fromHex('0x0001aB'), Uint8Array.of(0, 1, 0xab));
  assert.deepEqual(client.fromHex('0x'), new Uint8Array(0));
  for (const wrong of ['', '00', '0x0', '0xzz', '0x00 ', 7, null]) {
    assert.throws(() => client.fromHex(wrong), TypeError);
  }
});
