// SPDX-License-Identifier: Apache-2.0

// The format of keystores in docs/keystore.md, written and read with Node's own cryptography; and
// files that a program with the password wrote incorrectly or maliciously.

import assert from 'node:assert/strict';
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { test } from 'node:test';
import * as client from '../src/index.mjs';
import { parseSecrets } from '../src/keystore-format.mjs';
import { epochKey, FAST, filled, GENESIS, PASSWORD, someone, utf8 } from './helper.mjs';

const { Keystore, toHex } = client;
const ACCOUNT = filled(1);
const OTHER = toHex(filled(2));

/** Returns the cipher for a header, which is its associated data. */
function cipherOf(make, { format, version, account, genesisHash, kdf, cipher }) {
  const { n, r, p, salt } = kdf;
  const password = Buffer.from(PASSWORD.normalize('NFKC'));
  const options = { N: n, r, p, maxmem: 2 ** 28 };
  const key = scryptSync(password, client.fromHex(salt), 32, options);
  const made = make('aes-256-gcm', key, client.fromHex(cipher.nonce));
  const header = [
    `"format":"${format}","version":${version},"account":"${account}"`,
    ...(version === 1 ? [] : [`"genesisHash":"${genesisHash}"`]),
    `"kdf":{"name":"scrypt","n":${n},"r":${r},"p":${p},"salt":"${salt}"}`,
    `"cipher":{"name":"AES-256-GCM","nonce":"${cipher.nonce}"}`,
  ];
  made.setAAD(Buffer.from(`{${header.join(',')}}`));
  return made;
}

/** Opens a keystore. Returns the plaintext. */
function unseal(file) {
  const decipher = cipherOf(createDecipheriv, file);
  const sealed = client.fromHex(file.sealed);
  decipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]).toString();
}

/** Seals any plaintext as a keystore. */
function seal(plaintext, version = 2) {
  const header = {
    format: 'twinchain-keystore',
    version,
    account: toHex(ACCOUNT),
    ...(version === 1 ? {} : { genesisHash: toHex(GENESIS) }),
    kdf: { name: 'scrypt', n: 2 ** 14, r: 8, p: 1, salt: toHex(randomBytes(32)) },
    cipher: { name: 'AES-256-GCM', nonce: toHex(randomBytes(12)) },
  };
  const cipher = cipherOf(createCipheriv, header);
  const ciphertext = [cipher.update(plaintext), cipher.final(), cipher.getAuthTag()];
  return JSON.stringify({ ...header, sealed: toHex(Buffer.concat(ciphertext)) });
}

const open = (content) => Keystore.open(seal(JSON.stringify(content)), PASSWORD);

/** Parses a sealed body without running scrypt. */
const parse = (content, version = 2) =>
  parseSecrets(utf8(typeof content === 'string' ? content : JSON.stringify(content)), version);

/** The sealed body of a small keystore. */
async function small() {
  const [{ own, reader }, epoch, pin] = [await someone(1), await epochKey(), await someone(2, 5)];
  return {
    keys: [{ version: 1, secretKey: toHex(own.secretKey), public: toHex(reader.public) }],
    device: toHex((await client.newKeyPair()).secretKey),
    seeds: [
      {
        container: '18446744073709551615',
        dataSet: toHex(utf8('Größe')),
        epoch: 2 ** 32 - 1,
        seed: toHex(epoch.seed),
        public: toHex(epoch.publicKey),
      },
    ],
    pins: { [OTHER]: { version: 5, public: toHex(pin.reader.public) } },
    signers: { [toHex(filled(3))]: '//Alice' },
  };
}

test('seal writes the format byte for byte', async () => {
  const content = await small();
  const [key] = content.keys;
  const [seed] = content.seeds;
  const keystore = new Keystore(ACCOUNT, GENESIS);
  await keystore.importKey(1, key.secretKey);
  const { public: device } = await keystore.prepareDeviceKey();
  await keystore.addSeed({
    container: seed.container,
    dataSet: 'Größe',
    epoch: seed.epoch,
    seed: seed.seed,
    publicKey: seed.public,
  });
  keystore.accept({ account: filled(2), ...content.pins[OTHER] });
  keystore.addSigner(filled(3), '//Alice');

  const written = await keystore.seal(PASSWORD, FAST);
  const file = JSON.parse(written);
  assert.equal(written, `${JSON.stringify(file, null, 2)}\n`);
  const header = ['format', 'version', 'account', 'genesisHash', 'kdf', 'cipher', 'sealed'];
  assert.deepEqual(Object.keys(file), header);
  assert.deepEqual([file.format, file.version], ['twinchain-keystore', 2]);
  assert.deepEqual([file.account, file.genesisHash], [toHex(ACCOUNT), toHex(GENESIS)]);
  const plaintext = unseal(file);
  const { device: secret } = JSON.parse(plaintext);
  assert.deepEqual(await client.publicKeyOf(secret), device);
  assert.equal(plaintext, JSON.stringify({ ...content, device: secret }));

  const empty = await new Keystore(ACCOUNT, GENESIS).seal(PASSWORD, FAST);
  assert.equal(unseal(JSON.parse(empty)), '{"keys":[],"seeds":[],"pins":{},"signers":{}}');
});

test('a keystore of another program can be opened', async () => {
  const content = await small();
  const keystore = await open(content);
  assert.deepEqual(toHex(keystore.key(1).secretKey), content.keys[0].secretKey);
  const [{ container, seed, public: publicKey }] = content.seeds;
  const keys = await keystore.seeds({ container, dataSet: 'Größe' });
  assert.deepEqual([...keys.keys()], [2 ** 32 - 1]);
  assert.deepEqual(toHex((await keystore.seed(publicKey)).seed), seed);
  assert.equal(keystore.pinned(filled(2)).version, 5);
  assert.equal(keystore.signer(filled(3)), '//Alice');
  const again = JSON.parse(await keystore.seal(PASSWORD, FAST));
  assert.equal(unseal(again), JSON.stringify(content));
  // The order of members and white space have no meaning.
  const shuffled = JSON.stringify(Object.fromEntries(Object.entries(content).reverse()), null, 4);
  assert.deepEqual(parse(shuffled), content);
  const { device, ...without } = content;
  assert.deepEqual((await open(without)).versions, [1], 'a keystore needs no device key');
});

test('opening fails when the content is invalid, and the error shows no secret', async () => {
  const content = await small();
  const [key] = content.keys;
  const [seed] = content.seeds;
  const pin = content.pins[OTHER];
  const secrets = [key.secretKey, content.device, seed.seed].map((hex) => hex.slice(2, 20));
  const withKey = (change) => ({ ...content, keys: [{ ...key, ...change }] });
  const withSeed = (change) => ({ ...content, seeds: [{ ...seed, ...change }] });
  const withPin = (change) => ({ ...content, pins: { [OTHER]: { ...pin, ...change } } });
  const numbers = [-1, 0, 1.5, 2 ** 32, 1e300, '1', null, undefined, [1], true];
  const bytes = [
    undefined,
    null,
    7,
    '',
    '0x',
    `${seed.seed}00`,
    seed.seed.slice(2),
    seed.seed.slice(0, -1),
    `0X${seed.seed.slice(2)}`,
    `0x${'AB'.repeat(32)}`,
    [seed.seed],
  ];
  const lists = [undefined, null, {}, 'x', [null], [7], [[]], [{}], { length: 2 ** 40 }];
  const objects = [null, [], 'x', 7];
  const wrong = [
    ...['', 'x', '{', '[]', 'null', '7', '"text"', `"${seed.seed}`, JSON.stringify(seed.seed)],
    ...lists.flatMap((list) => [
      { ...content, keys: list },
      { ...content, seeds: list },
    ]),
    { ...content, pins: undefined },
    { ...content, signers: undefined },
    ...objects.flatMap((object) => [
      { ...content, pins: object },
      { ...content, signers: object },
      { ...content, pins: { [OTHER]: object } },
    ]),
    ...numbers.flatMap((number) => [
      withKey({ version: number }),
      withSeed({ epoch: number }),
      withPin({ version: number }),
    ]),
    ...bytes.flatMap((value) => [
      withKey({ secretKey: value }),
      withKey({ public: value }),
      withSeed({ seed: value }),
      withSeed({ public: value }),
      withPin({ public: value }),
      ...(value === undefined ? [] : [{ ...content, device: value }]),
    ]),
    ...bytes
      .filter((value) => typeof value === 'string')
      .flatMap((account) => [
        { ...content, pins: { [account]: pin } },
        { ...content, signers: { [account]: '//Alice' } },
      ]),
    ...[7, -1, '-1', '+1', '01', '1.0', '0x1', '', ' 1', '18446744073709551616', null].map(
      (container) => withSeed({ container }),
    ),
    ...['0x', '', 'name', `0x${'61'.repeat(65)}`, '0x6', null].map((dataSet) =>
      withSeed({ dataSet }),
    ),
    ...[null, '', 7, ['//Alice'], { uri: '//Alice' }, '\ud800'].map((uri) => ({
      ...content,
      signers: { [toHex(filled(3))]: uri },
    })),
    // Unknown members, as of a newer program.
    { ...content, more: 1 },
    withKey({ more: 1 }),
    withSeed({ more: 1 }),
    withPin({ more: 1 }),
    JSON.stringify(content).replace('{', '{"__proto__":{},'),
  ];
  const refused = (each) => (error) => {
    const { name, message, cause } = error;
    assert.equal(name, 'InvalidKeystore', JSON.stringify(each));
    for (const secret of [...secrets, 'Alice']) assert.ok(!message.includes(secret), message);
    return cause === undefined;
  };
  assert.deepEqual(parse(content), content);
  assert.ok(wrong.length > 150, `${wrong.length}`);
  for (const each of wrong) assert.throws(() => parse(each), refused(each), JSON.stringify(each));
  assert.throws(() => parse({ ...content, more: 1 }), /newer program.*Update it/);
  assert.throws(() => parseSecrets(Uint8Array.of(0x7b, 0xff, 0x7d), 2), /is not JSON/);

  // In a whole file: a wrong public key of a secret key, and a pin of the keystore's account.
  for (const each of [
    { ...content, more: 1 },
    withKey({ public: pin.public }),
    { ...content, pins: { [toHex(ACCOUNT)]: pin } },
  ]) {
    await assert.rejects(open(each), refused(each), JSON.stringify(each));
  }
});

test('opening fails when a keystore of version 1 is invalid', async () => {
  const content = await small();
  const [key] = content.keys;
  const first = { keys: { 3: key.secretKey }, pins: content.pins };
  const keystore = await Keystore.open(seal(JSON.stringify(first), 1), PASSWORD);
  assert.deepEqual([keystore.versions, keystore.genesisHash], [[3], undefined]);
  for (const wrong of [
    {},
    { ...first, seeds: [] },
    { ...first, keys: [key.secretKey] },
    { ...first, keys: [] },
    { ...first, pins: [] },
    { ...first, device: null },
    ...['0', '-1', '01', '1.5', 'x', '', '4294967296', '1e2'].map((version) => ({
      ...first,
      keys: { [version]: key.secretKey },
    })),
    { ...first, keys: { 1: key } },
    content,
  ]) {
    assert.throws(() => parse(wrong, 1), { name: 'InvalidKeystore' }, JSON.stringify(wrong));
  }
  assert.throws(() => parse(first), { name: 'InvalidKeystore' }, 'the body is not of version 2');
});

test('duplicates count once, and the first seed is kept', async () => {
  const content = await small();
  const [key] = content.keys;
  const [seed] = content.seeds;
  const lie = { ...seed, seed: toHex(filled(9)) };
  const twice = {
    ...content,
    keys: [key, key, { ...key, version: 2 }],
    seeds: [lie, seed, seed, lie],
  };
  const keystore = await open(twice);
  assert.deepEqual(keystore.versions, [2], 'the last version of a key counts');
  // A false seed does not hide the correct one, and is never used.
  assert.equal(toHex((await keystore.seed(seed.public)).seed), seed.seed);
  const keys = await keystore.seeds({ container: seed.container, dataSet: 'Größe' });
  assert.deepEqual(
    [...keys.values()].map((each) => toHex(each.seed)),
    [seed.seed],
  );
  const { seeds, keys: kept } = JSON.parse(unseal(JSON.parse(await keystore.seal(PASSWORD, FAST))));
  assert.deepEqual([seeds, kept], [[lie, seed], [{ ...key, version: 2 }]]);

  const alone = await open({ ...content, seeds: [lie] });
  await assert.rejects(alone.seed(seed.public), ({ name, message }) => {
    assert.equal(name, 'FalseSeed');
    return message.includes(seed.public) && !message.includes(toHex(filled(9)).slice(2));
  });
  const where = { container: seed.container, dataSet: 'Größe' };
  assert.equal((await alone.seeds(where)).size, 0);
});

test('a keystore with thousands of seeds, pins and signers opens without delay', async () => {
  const content = await small();
  const [seed] = content.seeds;
  const hex = (number) => `0x${number.toString(16).padStart(64, '0')}`;
  const count = 20_000;
  const numbers = Array.from({ length: count }, (_, number) => number + 1);
  // No keys are derived from unused seeds.
  const seeds = [...numbers.map((epoch) => ({ ...seed, epoch, public: hex(epoch) })), seed];
  const pin = content.pins[OTHER];
  const pins = Object.fromEntries(numbers.map((number) => [hex(number), pin]));
  const signers = Object.fromEntries(numbers.map((number) => [hex(number), '//Alice']));
  const sealed = seal(JSON.stringify({ ...content, seeds, pins, signers }));
  const start = Date.now();
  const keystore = await Keystore.open(sealed, PASSWORD);
  assert.ok(Date.now() - start < 20_000, `${Date.now() - start} ms`);
  assert.equal(toHex((await keystore.seed(seed.public)).seed), seed.seed);
  assert.equal(keystore.signerAccounts.length, count);
  const again = JSON.parse(unseal(JSON.parse(await keystore.seal(PASSWORD, FAST))));
  assert.deepEqual(again.seeds.length, count + 1);
});
