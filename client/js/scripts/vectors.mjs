// SPDX-License-Identifier: Apache-2.0

// Creates vectors/twinchain.json, or the named file: sealed data byte for byte, so that any
// implementation can check itself. The output is always the same, because everything that is random
// elsewhere is fixed here: the seeds, including those of the ephemeral keys (ikmE in RFC 9180).
//
// vectors/rfc9180.json is not created here: it is a part of appendix A.2.1 of RFC 9180.

import { writeFileSync } from 'node:fs';
import {
  accountInfo,
  blake2_256,
  holderData,
  info,
  LABELS,
  pad,
  readerData,
} from '../src/crypto.mjs';
import { fromHex, toHex } from '../src/bytes.mjs';
import { deriveKeyPair, seal } from '../src/hpke.mjs';

const FILE = process.argv[2] ?? new URL('../vectors/twinchain.json', import.meta.url);
const utf8 = (text) => new TextEncoder().encode(text);
const hex = (value) => (value instanceof Uint8Array ? toHex(value).slice(2) : value);
/** Returns 32 bytes that look random, derived from a name. */
const fixedBytes = (name) => blake2_256(utf8(`twinchain test vector: ${name}`));

const genesisHash = fixedBytes('genesis hash');
const owner = fixedBytes('owner');
const reader = fixedBytes('reader');
const other = fixedBytes('other');
const own = await deriveKeyPair(fixedBytes('encryption key of the reader'));
const stranger = await deriveKeyPair(fixedBytes('encryption key of somebody else'));
const company = fixedBytes('company');
const companyKey = await deriveKeyPair(fixedBytes('encryption key of the company'));
const device = await deriveKeyPair(fixedBytes('key of a device'));

const seeds = [1, 2, 3].map((epoch) => ({ epoch, seed: fixedBytes(`seed of epoch ${epoch}`) }));
const epochs = await Promise.all(
  seeds.map(async ({ epoch, seed }) => ({ epoch, seed, ...(await deriveKeyPair(seed)) })),
);
const keyOf = (epoch) => epochs[epoch - 1];

const PLACE = { genesisHash, container: 7n, dataSet: 'service log', epoch: 2 };
const ODD_PLACE = { genesisHash, container: 2n ** 64n - 1n, dataSet: 'Größe μ', epoch: 3 };

const OF_COMPANY = { genesisHash, account: company, version: 2 };

const fields = (place) => ({
  genesis_hash: hex(place.genesisHash),
  container: String(place.container),
  data_set: place.dataSet,
  data_set_hex: hex(utf8(place.dataSet)),
  data_set_hash: hex(blake2_256(utf8(place.dataSet))),
  epoch: place.epoch,
});

const accountFields = (of) => ({
  genesis_hash: hex(of.genesisHash),
  account: hex(of.account),
  version: of.version,
});

const holderFields = (holder) =>
  'account' in holder
    ? { holder: { account: hex(holder.account), key_version: holder.version } }
    : { holder: { public: hex(holder.public) } };

/** Seals data for a place. Returns a vector with all inputs. */
const sealed = (name, label, place, ...rest) =>
  sealedIn(info(label, place), fields(place), name, label, ...rest);

/** Seals data. Returns a vector with all inputs. */
async function sealedIn(context, where, name, label, recipient, aad, plaintext, extra) {
  const ephemeral = fixedBytes(`ephemeral key of ${name}`);
  return {
    name,
    ...where,
    label,
    info: hex(context),
    recipient_secret_key: hex(recipient.secretKey),
    recipient_public_key: hex(recipient.publicKey),
    aad: hex(aad),
    ...extra,
    plaintext: hex(plaintext),
    ephemeral_seed: hex(ephemeral),
    sealed: hex(await seal(recipient.publicKey, context, aad, plaintext, ephemeral)),
  };
}

const envelope = (name, place, seed, version = 3) =>
  sealed(name, LABELS.envelope, place, own, readerData({ account: reader, version }), seed, {
    reader: hex(reader),
    key_version: version,
    epoch_public_key: hex(keyOf(place.epoch).publicKey),
  });

const previous = (name, place, seed) =>
  sealed(name, LABELS.previous, place, keyOf(place.epoch), new Uint8Array(0), seed, {
    previous_public_key: hex(keyOf(place.epoch - 1).publicKey),
  });

const value = (name, place, bytes, { author = owner, padded = pad(bytes) } = {}) =>
  sealed(name, LABELS.value, place, keyOf(place.epoch), author, padded, {
    author: hex(author),
    value: hex(bytes),
  });

/** Seals a version of the company's secret key for a holder. Returns a vector. */
const accountEnvelope = (name, of, holder, recipient, secretKey = companyKey.secretKey) => {
  const extra = { ...holderFields(holder), account_public_key: hex(companyKey.publicKey) };
  const context = accountInfo(of.genesisHash, of);
  const aad = holderData(holder);
  const label = LABELS.account;
  return sealedIn(context, accountFields(of), name, label, recipient, aad, secretKey, extra);
};

const envelopes = [
  await envelope('envelope', PLACE, keyOf(2).seed),
  await envelope('envelope, largest numbers', ODD_PLACE, keyOf(3).seed, 2 ** 32 - 1),
];
const previousSeeds = [
  await previous('previous seed', PLACE, keyOf(1).seed),
  await previous('previous seed, another place', ODD_PLACE, keyOf(2).seed),
];
const text = '{"hours":120,"work":"oil changed"}';
const values = [
  await value('value', PLACE, utf8(text)),
  await value('value, empty', PLACE, utf8('')),
  await value('value, 63 bytes: padded to one block', PLACE, utf8(`"${'a'.repeat(61)}"`)),
  await value('value, 64 bytes: padded to two blocks', PLACE, utf8(`"${'a'.repeat(62)}"`)),
  await value('value, ends like padding', PLACE, fromHex('0x22228000')),
  await value('value, another place and author', ODD_PLACE, utf8('"Größe"'), { author: other }),
];

const HOLDER = { account: reader, version: 3 };
const DEVICE = { public: device.publicKey };
const LARGEST = 2 ** 32 - 1;
const accountEnvelopes = [
  await accountEnvelope('account envelope, for an account', OF_COMPANY, HOLDER, own),
  await accountEnvelope('account envelope, for a key', OF_COMPANY, DEVICE, device),
  await accountEnvelope(
    'account envelope, largest numbers',
    { ...OF_COMPANY, version: LARGEST },
    { account: reader, version: LARGEST },
    own,
  ),
];

// Each is one of the vectors above with one change, and cannot be opened: `error` names the
// failure.
const [goodEnvelope] = envelopes;
const [goodPrevious] = previousSeeds;
const [goodValue] = values;
const [goodAccountEnvelope, goodDeviceEnvelope] = accountEnvelopes;
const flipped = (text, byte) => {
  const bytes = fromHex(`0x${text}`);
  bytes[byte] ^= 1;
  return hex(bytes);
};
const moved = (good, name, change) => {
  const place = { ...PLACE, ...change };
  return { ...good, name, ...fields(place), info: hex(info(good.label, place)) };
};
const places = (good, what) => [
  ...[
    moved(good, `${what}: another container`, { container: 8n }),
    moved(good, `${what}: another data set`, { dataSet: 'service Log' }),
    moved(good, `${what}: another chain`, { genesisHash: fixedBytes('another chain') }),
    moved(good, `${what}: another epoch`, { epoch: 3 }),
  ].map(closed),
  ...altered(good, what),
];
const movedAccount = (good, name, change) => {
  const of = { ...OF_COMPANY, ...change };
  return { ...good, name, ...accountFields(of), info: hex(accountInfo(of.genesisHash, of)) };
};
const heldBy = (good, name, holder) => ({
  ...good,
  name,
  ...holderFields(holder),
  aad: hex(holderData(holder)),
});
const closed = (vector) => ({ ...vector, error: 'CannotOpen' });
const altered = (good, what) =>
  [
    { ...good, name: `${what}: a bit of the encapsulated key`, sealed: flipped(good.sealed, 0) },
    { ...good, name: `${what}: a bit of the ciphertext`, sealed: flipped(good.sealed, 32) },
    {
      ...good,
      name: `${what}: a bit of the tag`,
      sealed: flipped(good.sealed, good.sealed.length / 2 - 1),
    },
    {
      ...good,
      name: `${what}: another recipient`,
      recipient_secret_key: hex(stranger.secretKey),
      recipient_public_key: hex(stranger.publicKey),
    },
    {
      ...good,
      name: `${what}: a low-order encapsulated key`,
      sealed: '00'.repeat(32) + good.sealed.slice(64),
    },
  ].map(closed);

const cannotOpen = {
  envelopes: [
    ...places(goodEnvelope, 'envelope'),
    {
      ...goodEnvelope,
      name: 'envelope: another reader',
      reader: hex(other),
      aad: hex(readerData({ account: other, version: 3 })),
      error: 'CannotOpen',
    },
    {
      ...goodEnvelope,
      name: 'envelope: another key version',
      key_version: 4,
      aad: hex(readerData({ account: reader, version: 4 })),
      error: 'CannotOpen',
    },
    { ...(await envelope('envelope: a false seed', PLACE, keyOf(1).seed)), error: 'FalseEnvelope' },
  ],
  previous_seeds: [
    ...places(goodPrevious, 'previous seed'),
    { ...(await previous('previous seed: a false one', PLACE, keyOf(3).seed)), error: 'FalseLink' },
  ],
  account_envelopes: [
    ...altered(goodAccountEnvelope, 'account envelope'),
    ...altered(goodDeviceEnvelope, 'account envelope for a key'),
    ...[
      movedAccount(goodAccountEnvelope, 'account envelope: another chain', {
        genesisHash: fixedBytes('another chain'),
      }),
      movedAccount(goodAccountEnvelope, 'account envelope: another account', { account: other }),
      movedAccount(goodAccountEnvelope, 'account envelope: another version', { version: 1 }),
      heldBy(goodAccountEnvelope, 'account envelope: another holder', {
        ...HOLDER,
        account: other,
      }),
      heldBy(goodAccountEnvelope, "account envelope: another version of the holder's key", {
        ...HOLDER,
        version: 4,
      }),
      heldBy(goodAccountEnvelope, 'account envelope: a key instead of its account', {
        public: own.publicKey,
      }),
      heldBy(goodDeviceEnvelope, 'account envelope: an account instead of its key', {
        account: device.publicKey,
        version: 1,
      }),
    ].map(closed),
    {
      ...(await accountEnvelope(
        'account envelope: a false key',
        OF_COMPANY,
        HOLDER,
        own,
        stranger.secretKey,
      )),
      error: 'FalseEnvelope',
    },
    {
      ...(await accountEnvelope(
        'account envelope for a key: a false key',
        OF_COMPANY,
        DEVICE,
        device,
        stranger.secretKey,
      )),
      error: 'FalseEnvelope',
    },
  ],
  values: [
    ...places(goodValue, 'value'),
    {
      ...goodValue,
      name: 'value: another author',
      author: hex(other),
      aad: hex(other),
      error: 'CannotOpen',
    },
    {
      ...goodValue,
      name: 'value: cut short',
      sealed: goodValue.sealed.slice(0, -2),
      error: 'CannotOpen',
    },
    {
      ...(await value('value: no padding', PLACE, utf8(text), {
        padded: new Uint8Array(64).fill(0x20),
      })),
      error: 'BadPadding',
    },
    {
      ...(await value('value: nothing but zeros', PLACE, utf8(''), { padded: new Uint8Array(64) })),
      error: 'BadPadding',
    },
    {
      ...(await value('value: a block of padding too many', PLACE, utf8(text), {
        padded: Uint8Array.of(...pad(utf8(text)), ...new Uint8Array(64)),
      })),
      error: 'BadPadding',
    },
  ],
};

// Points of small order on Curve25519 and on its twist, including forms that are not reduced.
const LOW_ORDER = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '0100000000000000000000000000000000000000000000000000000000000080',
];

const vectors = {
  about: [
    'Every string is hex, but names, labels, container (a decimal u64) and data_set (text).',
    'HPKE base mode, single shot: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305.',
    'sealed = encapsulated key (32 bytes) ++ ciphertext ++ tag (16 bytes).',
    'info = label (16) ++ genesis_hash (32) ++ container (u64 LE) ++ blake2_256(data_set) (32)',
    '++ epoch (u32 LE); of an account envelope label (16) ++ genesis_hash (32) ++ account (32) ++',
    'version (u32 LE).',
    'envelopes: plaintext is the seed of the epoch, aad = reader (32) ++ key_version (u32 LE).',
    'previous_seeds: plaintext is the seed of epoch - 1, sealed to the key of epoch, without aad.',
    "account_envelopes: plaintext is the account's secret key, aad = SCALE(holder), which is 0x00",
    '++ account (32) ++ key_version (u32 LE), or 0x01 ++ 0x80 ++ public (32).',
    'values: plaintext is value ++ 0x80 ++ zeros to a multiple of 64, aad = author (32).',
    'Sealing with the ephemeral key pair DeriveKeyPair(ephemeral_seed) gives exactly sealed.',
    'cannot_open: CannotOpen fails to decrypt; BadPadding decrypts; a false seed decrypts, and',
    'DeriveKeyPair of it has not the public key epoch_public_key or previous_public_key; a false',
    'secret key has not the public key account_public_key.',
    'low_order: public keys that nothing may be sealed to.',
  ],
  suite: { kem: 0x0020, kdf: 0x0001, aead: 0x0003 },
  key_pairs: epochs.map(({ seed, secretKey, publicKey }) => ({
    seed: hex(seed),
    secret_key: hex(secretKey),
    public_key: hex(publicKey),
  })),
  history: {
    ...fields({ ...PLACE, epoch: 3 }),
    newest_seed: hex(keyOf(3).seed),
    epochs: [
      { epoch: 1, public: hex(keyOf(1).publicKey), previous: null },
      { epoch: 2, public: hex(keyOf(2).publicKey), previous: goodPrevious.sealed },
      {
        epoch: 3,
        public: hex(keyOf(3).publicKey),
        previous: (await previous('link of epoch 3', { ...PLACE, epoch: 3 }, keyOf(2).seed)).sealed,
      },
    ],
    seeds: epochs.map(({ epoch, seed }) => ({ epoch, seed: hex(seed) })),
  },
  envelopes,
  previous_seeds: previousSeeds,
  account_envelopes: accountEnvelopes,
  values,
  cannot_open: cannotOpen,
  low_order: LOW_ORDER,
};

writeFileSync(FILE, `${JSON.stringify(vectors, null, 2)}\n`);
