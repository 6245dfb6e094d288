// SPDX-License-Identifier: Apache-2.0

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dataSetName } from '../src/crypto.mjs';
import * as client from '../src/index.mjs';
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

const { ACCESS } = client;
const OF = { genesisHash: GENESIS, container: 7 };
const WHERE = { ...OF, dataSet: 'usage log' };
/** Returns a trust that accepts every reader and records it. */
const trustAll = () => {
  const seen = [];
  return { seen, check: (reader) => seen.push(reader) };
};
/** A trust that rejects every reader. */
const NOBODY = {
  check() {
    throw new client.KeyChanged('another key', {}, {});
  },
};
const open = (epoch, { own }, key, sealed) =>
  client.openEnvelope({ ...PLACE, epoch }, own, key.publicKey, sealed);

test("arguments are named and ordered as the calls' parameters", async () => {
  const { reader, own } = await someone(1);
  const key = await epochKey();
  const trust = trustAll();
  const named = { dataSet: 'usage log', epoch: 1, ...key };
  const write = { ...WHERE, epoch: 1, publicKey: key.publicKey, author: filled(1) };
  const { args } = await client.rotate({
    ...WHERE,
    epoch: 0,
    owner: reader,
    trust,
  });
  const made = [
    [client.setEncryptionKey(reader), 'suite public replaces leaked'],
    [
      args,
      'container data_set expected_epoch suite public previous_seed key_version envelope envelopes',
    ],
    [
      await client.setEnvelope({ ...WHERE, epoch: 1, key, reader, trust }),
      'container data_set reader epoch key_version envelope',
    ],
    [
      await client.setEnvelopes({ ...WHERE, epoch: 1, key, readers: [reader], trust }),
      'container data_set epoch envelopes',
    ],
    [
      await client.setAccountEnvelopes({
        genesisHash: GENESIS,
        own,
        holders: [(await someone(2)).reader],
        trust,
      }),
      'version envelopes',
    ],
    [client.removeAccountEnvelope({ version: 1, holder: reader }), 'version holder'],
    [
      await client.share({ ...OF, reader, access: [], trust }),
      'container account access until envelopes',
    ],
    [
      await client.offerOwnership({ ...OF, to: reader, deadline: 1, keys: [named], trust }),
      'container to deadline envelopes',
    ],
    [
      await client.offerTwin({
        genesisHash: GENESIS,
        twin: 1,
        to: reader,
        deadline: 1,
        containers: [],
        trust,
      }),
      'twin to deadline containers envelopes',
    ],
    [
      await client.setSealedEntry({ ...write, value: '1' }),
      'container data_set epoch ciphertext expected_revision',
    ],
    [
      await client.appendSealed({ ...write, items: ['1'] }),
      'container data_set epoch items expected_revision',
    ],
  ];
  for (const [made_, names] of made) assert.equal(Object.keys(made_).join(' '), names);
});

test('the first rotation creates epoch 1 for the owner and its readers', async () => {
  const [owner, other] = [await someone(1, 4), await someone(2)];
  const trust = trustAll();
  const rotation = await client.rotate({
    ...WHERE,
    epoch: 0,
    owner: owner.reader,
    readers: [other.reader],
    trust,
  });
  const { args, epoch, ...key } = rotation;
  assert.equal(epoch, 1);
  assert.equal(args.container, 7n);
  assert.equal(text(args.data_set), 'usage log');
  assert.equal(args.expected_epoch, 0);
  assert.deepEqual(args.public, key.publicKey);
  assert.deepEqual((await client.deriveKeyPair(key.seed)).publicKey, key.publicKey);
  assert.equal(args.suite, client.SUITE);
  assert.deepEqual(
    args.previous_seed,
    { type: 'Cut', value: undefined },
    'no previous epoch to link',
  );
  assert.equal(args.key_version, 4);
  assert.deepEqual((await open(1, owner, key, args.envelope)).seed, key.seed);
  assert.equal(args.envelopes.length, 1);
  const [sealed] = args.envelopes;
  assert.deepEqual(Object.keys(sealed), ['reader', 'key_version', 'envelope']);
  assert.deepEqual([sealed.reader, sealed.key_version], [other.account, 1]);
  assert.deepEqual((await open(1, other, key, sealed.envelope)).seed, key.seed);
  assert.deepEqual(trust.seen, [owner.reader, other.reader]);
});

test('a new key replaces the previous one and can mark it as leaked', async () => {
  const [first, third] = [(await someone(1)).reader, (await someone(1, 3)).reader];
  const set = client.setEncryptionKey;
  const leaked = true;
  const replaced = { suite: 1, public: third.public, replaces: 2 };
  assert.deepEqual(set(first), { suite: 1, public: first.public, replaces: 0, leaked: false });
  assert.deepEqual(set(third), { ...replaced, leaked: false });
  assert.deepEqual(set(third, { leaked }), { ...replaced, leaked });
  assert.throws(() => set(first, { leaked }), /no earlier key can have leaked/);
  assert.throws(() => set({ public: first.public }), RangeError);
  assert.throws(() => set({ ...first, version: 0 }), RangeError);
});

test('later rotations link to the previous epoch or cut the history', async () => {
  const owner = await someone(1);
  const before = await epochKey();
  const rotate = (options) =>
    client.rotate({
      ...WHERE,
      epoch: 3,
      owner: owner.reader,
      trust: trustAll(),
      ...options,
    });
  const { args, seed, epoch, publicKey } = await rotate({ previous: before });
  assert.deepEqual([epoch, args.expected_epoch], [4, 3]);
  const { secretKey } = await client.deriveKeyPair(seed);
  const place = { ...PLACE, epoch: 4 };
  assert.equal(args.previous_seed.type, 'Link');
  const link = args.previous_seed.value;
  const linked = await client.openPrevious(place, secretKey, before.publicKey, link);
  assert.deepEqual(linked.seed, before.seed);
  assert.ok((await open(4, owner, { publicKey }, args.envelope)).seed);

  const cut = { type: 'Cut', value: undefined };
  assert.deepEqual((await rotate({ cut: true })).args.previous_seed, cut);
  const { publicKey: other } = await epochKey();
  await assert.rejects(rotate({ previous: { ...before, publicKey: other } }), {
    name: 'FalseEnvelope',
  });
});

test('rotate fails unless it links or cuts, except the first time', async () => {
  const { reader: owner } = await someone(1);
  const previous = await epochKey();
  const rotate = (epoch, options) =>
    client.rotate({ ...WHERE, epoch, owner, trust: trustAll(), ...options });
  for (const neither of [{}, { cut: false }, { previous: null }, { previous: undefined }]) {
    await assert.rejects(rotate(3, neither), {
      name: 'TypeError',
      message: /pass the current epoch's key, .* or `cut: true`/,
    });
  }
  await assert.rejects(rotate(3, { previous, cut: true }), /`cut: true`, not both/);
  for (const first of [{}, { cut: true }, { cut: false }, { previous: null }]) {
    assert.equal((await rotate(0, first)).args.previous_seed.type, 'Cut');
  }
  await assert.rejects(rotate(0, { previous }), /first rotation is a cut/);
});

test('rotate fails when a reader occurs twice or a key is wrong', async () => {
  const [owner, other] = [await someone(1), await someone(2)];
  const rotate = (options) =>
    client.rotate({
      ...WHERE,
      epoch: 0,
      owner: owner.reader,
      readers: [other.reader],
      trust: trustAll(),
      ...options,
    });
  for (const twice of [[owner.reader], [other.reader, other.reader]]) {
    await assert.rejects(rotate({ readers: twice }), /named twice/);
  }
  await assert.rejects(rotate({ trust: undefined }), /must be a Keystore/);
  await assert.rejects(rotate({ trust: NOBODY }), { name: 'KeyChanged' });
  const low = { ...other.reader, public: filled(0) };
  await assert.rejects(rotate({ readers: [low] }), { name: 'WeakKey' });
  await assert.rejects(rotate({ owner: { ...owner.reader, version: 0 } }), /has no key/);

  const readers = await Promise.all(
    Array.from({ length: 65 }, async (_, index) => (await someone(10 + index)).reader),
  );
  assert.equal((await rotate({ readers: readers.slice(1) })).args.envelopes.length, 64);
  assert.deepEqual((await rotate({ readers: undefined })).args.envelopes, []);
  await assert.rejects(rotate({ readers }), /0 to 64 envelopes: use set_envelopes/);
});

test('a reader gets an envelope later, and seals it again after changing its key', async () => {
  const [key, reader] = [await epochKey(), await someone(1)];
  const give = (options) =>
    client.setEnvelope({
      ...WHERE,
      epoch: 2,
      key,
      reader: reader.reader,
      trust: trustAll(),
      ...options,
    });
  const args = await give();
  assert.deepEqual([args.reader, args.epoch, args.key_version], [reader.account, 2, 1]);
  const opened = await open(2, reader, key, args.envelope);

  const renewed = await someone(1, 2);
  const again = await give({ key: opened, reader: renewed.reader });
  assert.equal(again.key_version, 2);
  assert.deepEqual(await open(2, renewed, key, again.envelope), key);
  await assert.rejects(open(2, reader, key, again.envelope), { name: 'CannotOpen' });

  await assert.rejects(give({ trust: NOBODY }), { name: 'KeyChanged' });
  const { seed } = await epochKey();
  await assert.rejects(give({ key: { ...key, seed } }), /given to no one/);
});

test('many readers get the seed of a segment in one call', async () => {
  const [key, one, two] = [await epochKey(), await someone(1), await someone(2, 5)];
  const trust = trustAll();
  const give = (readers, options) =>
    client.setEnvelopes({ ...WHERE, epoch: 2, key, readers, trust, ...options });
  const args = await give([one.reader, two.reader]);
  assert.deepEqual([args.container, text(args.data_set), args.epoch], [7n, 'usage log', 2]);
  assert.deepEqual(
    args.envelopes.map(({ reader, key_version }) => [reader, key_version]),
    [
      [one.account, 1],
      [two.account, 5],
    ],
  );
  for (const [index, reader] of [one, two].entries()) {
    assert.deepEqual(await open(2, reader, key, args.envelopes[index].envelope), key);
  }
  assert.deepEqual(trust.seen, [one.reader, two.reader]);

  await assert.rejects(give([one.reader, one.reader]), /named twice/);
  await assert.rejects(give([one.reader], { trust: NOBODY }), { name: 'KeyChanged' });
  await assert.rejects(give([one.reader], { trust: undefined }), /must be a Keystore/);
  const { seed } = await epochKey();
  await assert.rejects(give([one.reader], { key: { ...key, seed } }), /given to no one/);
  const many = Array.from({ length: 65 }, (_, index) => ({
    ...one.reader,
    account: filled(index),
  }));
  for (const readers of [[], many]) await assert.rejects(give(readers), /1 to 64 envelopes/);
  assert.equal((await give(many.slice(1))).envelopes.length, 64);
});

test('an account can seal its secret key for accounts and for keys outside the chain', async () => {
  const [company, employee] = [await someone(1, 2), await someone(2, 3)];
  const device = await epochKey();
  const trust = trustAll();
  const seal = (holders, options) =>
    client.setAccountEnvelopes({
      genesisHash: GENESIS,
      own: company.own,
      holders,
      trust,
      ...options,
    });
  const args = await seal([employee.reader, { public: device.publicKey }]);
  assert.equal(args.version, 2);
  const [forEmployee, forDevice] = args.envelopes;
  assert.deepEqual(forEmployee, {
    type: 'Account',
    value: { account: employee.account, key_version: 3, envelope: forEmployee.value.envelope },
  });
  assert.deepEqual(forDevice, {
    type: 'Key',
    value: { public: device.publicKey, envelope: forDevice.value.envelope },
  });
  assert.deepEqual(trust.seen, [employee.reader], 'only accounts are checked');
  for (const [own, { value }] of [
    [employee.own, forEmployee],
    [{ secretKey: device.secretKey }, forDevice],
  ]) {
    const opened = await client.openAccountEnvelope(GENESIS, company.reader, own, value.envelope);
    assert.deepEqual(opened, { ...company.own, public: company.reader.public });
  }

  const key = { public: device.publicKey };
  assert.equal((await seal([key], { trust: undefined })).envelopes.length, 1);
  await assert.rejects(seal([employee.reader], { trust: undefined }), /must be a Keystore/);
  await assert.rejects(seal([employee.reader], { trust: NOBODY }), { name: 'KeyChanged' });
  await assert.rejects(seal([employee.reader, employee.reader]), /named twice/);
  await assert.rejects(seal([key, key]), /named twice/);
  await assert.rejects(seal([company.reader]), /cannot be sealed to itself/);
  await assert.rejects(seal([{ public: filled(0) }]), { name: 'WeakKey' });
  await assert.rejects(seal([{ ...employee.reader, version: 0 }]), /has no key/);
  const many = Array.from({ length: 17 }, (_, index) => ({
    ...employee.reader,
    account: filled(index),
  }));
  for (const holders of [[], many]) await assert.rejects(seal(holders), /1 to 16 holders/);
  assert.equal((await seal(many.slice(1))).envelopes.length, 16);

  const removed = (holder) => client.removeAccountEnvelope({ version: 2, holder });
  const account = { type: 'Account', value: employee.account };
  assert.deepEqual(removed(employee.reader), { version: 2, holder: account });
  const named = { type: 'Key', value: device.publicKey };
  assert.deepEqual(removed(key), { version: 2, holder: named });
});

test('an account can seal an older secret key to its newer one', async () => {
  const [older, newer] = [await someone(1, 1), await someone(1, 2)];
  const trust = trustAll();
  const { envelopes } = await client.setAccountEnvelopes({
    genesisHash: GENESIS,
    own: older.own,
    holders: [newer.reader],
    trust,
  });
  const { envelope } = envelopes[0].value;
  const opened = await client.openAccountEnvelope(GENESIS, older.reader, newer.own, envelope);
  assert.deepEqual(opened.secretKey, older.own.secretKey);
});

test('share seals only keys of data sets that become readable', async () => {
  const [key, reader] = [await epochKey(), await someone(1)];
  const share = (access, options) =>
    client.share({ ...OF, reader: reader.reader, access, trust: trustAll(), ...options });
  const args = await share(
    [
      { dataSet: 'usage log', access: ACCESS.READ | ACCESS.WRITE, key: { epoch: 3, ...key } },
      { dataSet: 'parts', access: ACCESS.WRITE },
      { dataSet: 'plans', access: ACCESS.READ, key: null },
    ],
    { until: 1_800_000_000_000 },
  );
  assert.equal(args.until, 1_800_000_000_000n);
  assert.deepEqual(args.account, reader.account);
  assert.deepEqual(
    args.access.map(({ data_set, access }) => [text(data_set), access]),
    [
      ['usage log', 3],
      ['parts', 2],
      ['plans', 1],
    ],
  );
  assert.equal(args.envelopes.length, 1);
  const [{ data_set, epoch, key_version, envelope }] = args.envelopes;
  assert.deepEqual([text(data_set), epoch, key_version], ['usage log', 3, 1]);
  assert.deepEqual((await open(3, reader, key, envelope)).seed, key.seed);

  await assert.rejects(share([{ dataSet: 'a', access: ACCESS.READ }]), /or null/);
  for (const access of [0, 8, 1.5, -1, '1', undefined]) {
    await assert.rejects(share([{ dataSet: 'a', access }]), RangeError);
  }
  const read = [{ dataSet: 'a', access: ACCESS.READ, key: { epoch: 1, ...key } }];
  await assert.rejects(share(read, { trust: NOBODY }), { name: 'KeyChanged' });
  const { seed } = await epochKey();
  await assert.rejects(share([{ ...read[0], key: { epoch: 1, ...key, seed } }]), /given to no one/);
});

test('an account without a key can get access that needs none', async () => {
  const account = filled(9);
  const access = [{ dataSet: 'parts', access: ACCESS.WRITE | ACCESS.REMOVE }];
  const options = { ...OF, reader: { account }, access, trust: undefined };
  const args = await client.share(options);
  assert.deepEqual([args.until, args.envelopes], [undefined, []]);
  const key = await epochKey();
  const read = [{ dataSet: 'a', access: ACCESS.READ, key: { epoch: 1, ...key } }];
  await assert.rejects(client.share({ ...options, access: read }), /has no encryption key/);
  const offer = { ...OF, to: { account }, deadline: 5, keys: [], trust: undefined };
  assert.deepEqual((await client.offerOwnership(offer)).envelopes, []);
});

test('an offer contains the key of every data set', async () => {
  const [one, two, to] = [await epochKey(), await epochKey(), await someone(5)];
  const keys = [
    { dataSet: 'usage log', epoch: 1, ...one },
    { dataSet: 'plans', epoch: 4, ...two },
  ];
  const deadline = 2n ** 40n;
  const trust = trustAll();
  const offer = await client.offerOwnership({ ...OF, to: to.reader, deadline, keys, trust });
  assert.deepEqual([offer.to, offer.deadline], [to.account, deadline]);
  assert.deepEqual(
    offer.envelopes.map(({ data_set }) => text(data_set)),
    ['usage log', 'plans'],
  );
  const place = { ...PLACE, dataSet: 'plans', epoch: 4 };
  const { envelope } = offer.envelopes[1];
  assert.deepEqual(await client.openEnvelope(place, to.own, two.publicKey, envelope), two);

  const twin = await client.offerTwin({
    genesisHash: GENESIS,
    twin: 3,
    to: to.reader,
    deadline,
    containers: [
      { container: 7, keys },
      { container: 8, keys: [] },
      { container: 9, keys: [keys[0]] },
    ],
    trust,
  });
  assert.deepEqual([twin.twin, twin.containers], [3n, [7n, 8n, 9n]]);
  assert.deepEqual(
    twin.envelopes.map(({ container }) => container),
    [7n, 7n, 9n],
  );
  assert.deepEqual(Object.keys(twin.envelopes[0]), [
    'container',
    'data_set',
    'epoch',
    'key_version',
    'envelope',
  ]);
  const last = { ...PLACE, container: 9n };
  const opened = await client.openEnvelope(last, to.own, one.publicKey, twin.envelopes[2].envelope);
  assert.deepEqual(opened, one);
});

test('an offer with too many envelopes for one call becomes several', async () => {
  const [to, key] = [await someone(2), await epochKey()];
  const trust = trustAll();
  const keys = (count) =>
    Array.from({ length: count }, (_, n) => ({ ...key, epoch: 1, dataSet: `set ${n}` }));
  const offer = (counts) =>
    client.offerTwinCalls({
      genesisHash: GENESIS,
      twin: 3,
      to: to.reader,
      deadline: 5,
      containers: counts.map((count, container) => ({ container, keys: keys(count) })),
      trust,
    });
  const one = await offer([64, 64, 64, 64]);
  assert.deepEqual(
    one.map(({ pallet, call }) => `${pallet}.${call}`),
    ['DigitalTwin.offer_twin'],
  );
  assert.equal(one[0].args.envelopes.length, 256);
  // The containers with the most keys are offered separately, and also with the twin.
  const many = await offer([10, 64, 60, 64, 64, 64]);
  assert.deepEqual(
    many.map(({ call, args }) => [call, args.container, args.deadline, args.envelopes.length]),
    [
      ['offer_ownership', 1n, 5n, 64],
      ['offer_ownership', 3n, 5n, 64],
      ['offer_twin', undefined, 5n, 198],
    ],
  );
  assert.deepEqual(many[2].args.containers, [0n, 1n, 2n, 3n, 4n, 5n]);
  await assert.rejects(offer([65, 64, 64, 64]), /65|64/);
});

test('a text name is normalized, and a name in bytes is not', async () => {
  const composed = new TextEncoder().encode('Gr\u00f6\u00dfe');
  assert.deepEqual(dataSetName('Gro\u0308\u00dfe'), composed);
  const bytes = new TextEncoder().encode('Gro\u0308\u00dfe');
  assert.deepEqual(dataSetName(bytes), bytes);
});

test('a sealed entry and sealed items can be read again', async () => {
  const key = await epochKey();
  const author = filled(1);
  const write = { ...WHERE, epoch: 1, publicKey: key.publicKey, author };
  const keys = new Map([[1, key]]);
  const read = (ciphertext) =>
    client.openStored({ ...WHERE, stored: { epoch: 1, author, ciphertext }, keys });

  const entry = await client.setSealedEntry({ ...write, value: '{"a":1}', expectedRevision: 4 });
  assert.deepEqual([entry.epoch, entry.expected_revision], [1, 4]);
  const { value, mismatch } = await read(entry.ciphertext);
  assert.equal(text(value), '{"a":1}');
  assert.equal(mismatch, undefined);

  const { items } = await client.appendSealed({ ...write, items: ['1', utf8('2'), '3'] });
  const values = await Promise.all(items.map(read));
  assert.deepEqual(
    values.map((item) => text(item.value)),
    ['1', '2', '3'],
  );

  const stored = {
    epoch: polkadotNumber(1),
    author: Raw.from(author),
    ciphertext: Raw.from(entry.ciphertext),
  };
  assert.equal(text((await client.openStored({ ...WHERE, stored, keys })).value), '{"a":1}');
  const ofSuite = (suite) => client.openStored({ ...WHERE, stored: { ...stored, suite }, keys });
  assert.equal(text((await ofSuite(polkadotNumber(1))).value), '{"a":1}');
  await assert.rejects(ofSuite(2), { name: 'UnknownSuite' });
  const newer = { ...stored, epoch: 2 };
  await assert.rejects(client.openStored({ ...WHERE, stored: newer, keys }), {
    name: 'UnknownKey',
  });
  const reposted = { ...stored, author: filled(2) };
  await assert.rejects(client.openStored({ ...WHERE, stored: reposted, keys }), {
    name: 'CannotOpen',
  });
});

test('a value is checked before it is sealed and after it is opened', async () => {
  const key = await epochKey();
  const author = filled(1);
  const write = { ...WHERE, epoch: 1, publicKey: key.publicKey, author };
  const asked = [];
  const check = async (container, dataSet, value) => {
    asked.push([container, text(dataSet), text(value)]);
    if (text(value) === '2') throw new Error('2 is not allowed');
  };
  await assert.rejects(client.setSealedEntry({ ...write, value: '2', check }), /2 is not allowed/);
  await assert.rejects(
    client.appendSealed({ ...write, items: ['1', '2', '3'], check }),
    /not allowed/,
  );
  await client.setSealedEntry({ ...write, value: '1', check });
  assert.deepEqual(
    asked.map(([, , value]) => value),
    ['2', '1', '2', '1'],
  );
  assert.deepEqual(asked[0], [7n, 'usage log', '2']);

  const { ciphertext } = await client.setSealedEntry({ ...write, value: '2' });
  const stored = { epoch: 1, author, ciphertext };
  const opened = await client.openStored({ ...WHERE, stored, keys: new Map([[1, key]]), check });
  assert.equal(text(opened.value), '2');
  assert.match(opened.mismatch.message, /2 is not allowed/);
  const silent = await client.openStored({
    ...WHERE,
    stored,
    keys: new Map([[1, key]]),
    check: () => Promise.reject('not an error object'),
  });
  assert.ok(silent.mismatch instanceof Error);
});

test('appendSealed fails when there are too few or too many items or bytes', async () => {
  const key = await epochKey();
  const write = { ...WHERE, epoch: 1, publicKey: key.publicKey, author: filled(1) };
  const append = (items) => client.appendSealed({ ...write, items });
  await assert.rejects(append([]), RangeError);
  await assert.rejects(append(Array(257).fill('1')), RangeError);
  assert.equal((await append(Array(256).fill('1'))).items.length, 256);
  const value = (bytes) => utf8(`"${'a'.repeat(bytes - 2)}"`);
  assert.equal((await append([value(client.MAX_PLAINTEXT)])).items[0].length, 65_584);
  const half = value(32_000);
  assert.equal((await append([half, half])).items.length, 2);
  const all = [value(client.MAX_PLAINTEXT), value(60)];
  await assert.rejects(append(all), /at most 65584 sealed bytes, not 65696/);
});

test('arguments are converted for Polkadot.js and PAPI', async () => {
  const { reader } = await someone(1);
  const account = reader.account;
  const args = {
    container: 7n,
    data_set: utf8('a'),
    expected_epoch: 0,
    suite: 1,
    public: filled(1),
    previous_seed: { type: 'Link', value: filled(4, 80) },
    cut: { type: 'Cut', value: undefined },
    until: undefined,
    envelope: filled(2, 80),
    items: [utf8('b')],
    containers: [7n],
    access: [{ data_set: utf8('c'), access: 1 }],
    envelopes: [{ reader: account, key_version: 1, envelope: filled(3, 80) }],
    holders: [
      { type: 'Account', value: { account, key_version: 1, envelope: filled(5, 80) } },
      { type: 'Key', value: { public: filled(6), envelope: filled(7, 80) } },
    ],
    named: { type: 'Account', value: account },
    key: { type: 'Key', value: filled(8) },
    leaked: false,
  };
  const hex = (byte, length) => client.toHex(filled(byte, length));
  assert.deepEqual(client.forPolkadotJs(args), [
    7n,
    '0x61',
    0,
    1,
    hex(1, 32),
    { Link: hex(4, 80) },
    'Cut',
    undefined,
    hex(2, 80),
    ['0x62'],
    [7n],
    [{ dataSet: '0x63', access: 1 }],
    [{ reader: hex(1, 32), keyVersion: 1, envelope: hex(3, 80) }],
    [
      { Account: { account: hex(1, 32), keyVersion: 1, envelope: hex(5, 80) } },
      { Key: { public: hex(6, 32), envelope: hex(7, 80) } },
    ],
    { Account: hex(1, 32) },
    { Key: hex(8, 32) },
    false,
  ]);
  const address = 'address of 1';
  assert.deepEqual(
    client.forPapi(args, (bytes) => `address of ${bytes[0]}`),
    {
      ...args,
      envelopes: [{ reader: address, key_version: 1, envelope: filled(3, 80) }],
      holders: [
        { type: 'Account', value: { account: address, key_version: 1, envelope: filled(5, 80) } },
        args.holders[1],
      ],
      named: { type: 'Account', value: address },
    },
  );
});

test('calls fail when a key belongs to another epoch', async () => {
  const { reader: owner } = await someone(1);
  const place = { ...WHERE, trust: trustAll() };
  const first = await client.rotate({ ...place, epoch: 0, owner });
  // A wrong seed would make older data unreadable for all accounts, including the owner.
  const wrong = { name: 'RangeError', message: 'this is the key of epoch 1, not of epoch 2' };
  for (const call of [
    client.rotate({ ...place, epoch: 2, previous: first, owner }),
    client.setEnvelope({ ...place, epoch: 2, key: first, reader: owner }),
    client.setEnvelopes({ ...place, epoch: 2, key: first, readers: [owner] }),
  ]) {
    await assert.rejects(call, wrong);
  }
  await client.rotate({ ...place, epoch: 1, previous: first, owner });
});

test('an unknown option is refused with the nearest known one', async () => {
  const { reader, own } = await someone(1);
  const key = { epoch: 1, ...(await epochKey()) };
  const trust = trustAll();
  const write = { ...WHERE, epoch: 1, publicKey: key.publicKey, author: filled(1) };
  const offer = { to: reader, deadline: 1, trust };
  for (const [call, misspelt, meant] of [
    [
      () => client.setSealedEntry({ ...write, value: '1', expectedRevison: 4 }),
      'expectedRevison',
      'expectedRevision',
    ],
    [
      () => client.appendSealed({ ...write, items: ['1'], expected_revision: 4 }),
      'expected_revision',
      'expectedRevision',
    ],
    [
      () => client.rotate({ ...WHERE, epoch: 0, owner: reader, reader: [], trust }),
      'reader',
      'readers',
    ],
    [
      () =>
        client.rotate({ ...WHERE, epoch: 1, previous: { ...key, sede: 1 }, owner: reader, trust }),
      'sede',
      'seed',
    ],
    [
      () => client.setEnvelope({ ...WHERE, epoch: 1, key, readers: [reader], trust }),
      'readers',
      'reader',
    ],
    [
      () => client.setEnvelopes({ ...WHERE, epoch: 1, key, reader: [reader], trust }),
      'reader',
      'readers',
    ],
    [
      () => client.setAccountEnvelopes({ genesisHash: GENESIS, own, holder: [] }),
      'holder',
      'holders',
    ],
    [() => client.removeAccountEnvelope({ version: 1, holders: reader }), 'holders', 'holder'],
    [() => client.setEncryptionKey(reader, { leaky: true }), 'leaky', 'leaked'],
    [() => client.share({ ...OF, reader, access: [], untill: 5, trust }), 'untill', 'until'],
    [
      () => client.share({ ...OF, reader, access: [{ dataset: 'a', access: 2 }], trust }),
      'dataset',
      'dataSet',
    ],
    [() => client.offerOwnership({ ...OF, ...offer, key: [] }), 'key', 'keys'],
    [
      () => client.offerTwin({ genesisHash: GENESIS, twin: 1, ...offer, container: [] }),
      'container',
      'containers',
    ],
    [
      () => client.offerTwinCalls({ genesisHash: GENESIS, twn: 1, ...offer, containers: [] }),
      'twn',
      'twin',
    ],
    [() => client.openStored({ ...WHERE, stored: {}, key: new Map() }), 'key', 'keys'],
    [() => client.explain({ error: 'A' }, { value: [] }), 'value', 'values'],
  ]) {
    await assert.rejects(async () => call(), {
      name: 'TypeError',
      message: new RegExp(`has no option \`${misspelt}\`: did you mean \`${meant}\`\\?`),
    });
  }
  await assert.rejects(client.rotate(), {
    message: 'rotate takes an object with options, not undefined',
  });
  await assert.rejects(client.rotate([]), /not a list/);
});

test('an object instead of its JSON text is told to be one', async () => {
  const key = await epochKey();
  const write = { ...WHERE, epoch: 1, publicKey: key.publicKey, author: filled(1) };
  for (const [value, words] of [
    [{ hours: 1 }, /a value must be JSON text, not an object: use JSON.stringify/],
    [[1], /not a list: use JSON.stringify/],
    [5, /not a number/],
    [undefined, /not undefined/],
    [
      `${{}}`,
      /a value is "\[object Object\]": an object was turned into text without JSON.stringify/,
    ],
  ]) {
    await assert.rejects(client.setSealedEntry({ ...write, value }), {
      name: 'TypeError',
      message: words,
    });
    await assert.rejects(client.appendSealed({ ...write, items: ['1', value] }), {
      message: words,
    });
  }
  await assert.rejects(
    client.appendSealed({ ...write, items: '["1"]' }),
    /a list of JSON texts, not text/,
  );
});
