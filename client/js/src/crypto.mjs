// SPDX-License-Identifier: Apache-2.0

// The cryptography of confidential data sets. An epoch has a random seed, from which its key pair
// is derived. Values are sealed to the epoch's public key. The seed is sealed to each reader (an
// envelope). The previous epoch's seed is sealed to the epoch's public key (a link), so that the
// newest seed opens all epochs of its segment. A segment ends where an owner cut the history. An
// account's own secret key can also be sealed, for others that may read what the account reads (an
// account envelope).

import { blake2b } from '@noble/hashes/blake2.js';
import { concat, fixed, same, textOrBytes, u32, u32Bytes, u64, u64Bytes } from './bytes.mjs';
import {
  BadPadding,
  CannotOpen,
  FalseEnvelope,
  FalseLink,
  TwinchainError,
  UnknownKey,
  UnknownSuite,
} from './exceptions.mjs';
import * as hpke from './hpke.mjs';

/** @typedef {import('./hpke.mjs').KeyPair} KeyPair */
/** @typedef {number | bigint | { toString(): string }} Integer also one of Polkadot.js */
/** @typedef {Uint8Array | string} Fixed bytes of a fixed length, or hex after `0x` */

/**
 * The place that sealed data is bound to. It cannot be opened for another place.
 *
 * @typedef {object} Place
 * @property {Fixed} genesisHash the chain, by the hash of its genesis block
 * @property {Integer} container
 * @property {Uint8Array | string} dataSet the data set's name
 * @property {Integer} epoch from 1; for a link, the epoch to whose key it is sealed
 */

/**
 * An account with its encryption key, as in the chain's map `EncryptionKeys`.
 *
 * @typedef {object} Reader
 * @property {Fixed} account
 * @property {Integer} version
 * @property {Fixed} public
 */

/**
 * A version of an account's secret encryption key.
 *
 * @typedef {object} OwnKey
 * @property {Fixed} account
 * @property {Integer} version
 * @property {Fixed} secretKey
 */

/**
 * The recipient of an account envelope: an account with its encryption key, or a key outside the
 * chain, such as of a device or on paper.
 *
 * @typedef {Reader | { public: Fixed }} Holder
 */

/**
 * The secret key of a holder.
 *
 * @typedef {OwnKey | { secretKey: Fixed }} HolderKey
 */

/**
 * A record of the chain's map `Epochs`.
 *
 * @typedef {object} Epoch
 * @property {Fixed} public
 * @property {Fixed | null} [previous] the link: the seed of the previous epoch, sealed to this one;
 *   missing in the first epoch of a segment
 * @property {Integer} [suite]
 */

/**
 * A record of the chain's map `Envelopes`.
 *
 * @typedef {object} Envelope
 * @property {Integer} epoch
 * @property {Integer} key_version
 * @property {Fixed} sealed
 */

/**
 * The seed and key pair of an epoch.
 *
 * @typedef {KeyPair & { seed: Uint8Array }} EpochKey
 */

export const SEED_BYTES = 32;
/** The length of an envelope, a link or an account envelope. */
export const SEALED_SEED_BYTES = SEED_BYTES + hpke.OVERHEAD;
/** The maximum length of a ciphertext on the chain. */
export const MAX_CIPHERTEXT = 65_584;
/** Plaintexts are padded to a multiple of this number of bytes. */
export const BLOCK = 64;
/** The maximum length of a value to seal, in bytes. Padding takes at least one byte. */
export const MAX_PLAINTEXT = Math.floor((MAX_CIPHERTEXT - hpke.OVERHEAD) / BLOCK) * BLOCK - 1;
/** The cipher suite of this module, by its number on the chain. */
export const SUITE = 1;

/** Labels of 16 bytes for the kinds of sealed data, so that none can be confused with another. */
export const LABELS = Object.freeze({
  envelope: 'twinchain/v1/env',
  previous: 'twinchain/v1/prv',
  value: 'twinchain/v1/val',
  account: 'twinchain/v1/acc',
});
const LABEL_BYTES = 16;
/** The maximum length of a data set's name, in bytes. */
export const MAX_NAME = 64;
const NOTHING = new Uint8Array(0);
const PAD = 0x80;
// The variants of a holder in SCALE, and the compact encoding of a key's length.
const HOLDER_ACCOUNT = 0;
const HOLDER_KEY = 1;
const KEY_BYTES = 32;
const COMPACT_KEY_BYTES = KEY_BYTES << 2;

/** Returns a random seed, for an epoch or for an account's own key pair. */
export const newSeed = () => crypto.getRandomValues(new Uint8Array(SEED_BYTES));

/**
 * Derives the key pair of a seed: DeriveKeyPair of RFC 9180.
 *
 * @param {Fixed} seed
 * @returns {Promise<KeyPair>}
 */
export const deriveKeyPair = async (seed) =>
  hpke.deriveKeyPair(fixed(seed, SEED_BYTES, 'the seed'));

/**
 * Returns a random key pair that belongs to no account, for a device or a sheet of paper.
 *
 * @returns {Promise<KeyPair>}
 */
export const newKeyPair = async () => deriveKeyPair(newSeed());

/**
 * Returns the public key of a secret X25519 key.
 *
 * @param {Fixed} secretKey
 * @returns {Promise<Uint8Array>}
 */
export const publicKeyOf = async (secretKey) =>
  hpke.publicKeyOf(fixed(secretKey, 32, 'the secret key'));

/** @param {Uint8Array} bytes */
export const blake2_256 = (bytes) => blake2b(bytes, { dkLen: 32 });

/**
 * Returns the `info` of HPKE: label (16 bytes, padded with zeros), genesis hash (32), container
 * (u64), the data set's name (blake2_256), epoch (u32). Integers are little endian.
 *
 * @param {string} label
 * @param {Place} place
 * @returns {Uint8Array}
 */
export function info(label, { genesisHash, container, dataSet, epoch }) {
  const number = u32(epoch, 'the epoch');
  if (number === 0) throw new RangeError('epoch 0 has no key: rotate first');
  return concat(
    labelBytes(label),
    fixed(genesisHash, 32, 'the genesis hash'),
    u64Bytes(u64(container, 'the container')),
    blake2_256(dataSetName(dataSet)),
    u32Bytes(number),
  );
}

/**
 * Returns the `info` of an account envelope: label (16 bytes), genesis hash (32), account (32),
 * version of its key (u32).
 *
 * @param {Fixed} genesisHash
 * @param {{ account: Fixed, version: Integer }} of the account and version of the sealed key
 * @returns {Uint8Array}
 */
export const accountInfo = (genesisHash, { account, version }) =>
  concat(
    labelBytes(LABELS.account),
    fixed(genesisHash, 32, 'the genesis hash'),
    fixed(account, 32, 'the account'),
    u32Bytes(keyVersion(version)),
  );

/**
 * Returns the associated data of an account envelope, which is the holder in SCALE: 0, account (32
 * bytes), version of its key (u32); or 1, the length in compact form, public key.
 *
 * @param {{ account: Fixed, version: Integer } | { public: Fixed }} holder
 * @returns {Uint8Array}
 */
export const holderData = (holder) =>
  'account' in holder
    ? concat(Uint8Array.of(HOLDER_ACCOUNT), readerData(holder))
    : concat(
        Uint8Array.of(HOLDER_KEY, COMPACT_KEY_BYTES),
        fixed(holder.public, KEY_BYTES, "the holder's public key"),
      );

/** @param {string} label */
function labelBytes(label) {
  const encoded = textOrBytes(label, 'the label');
  if (encoded.length > LABEL_BYTES)
    throw new RangeError(`a label has at most ${LABEL_BYTES} bytes`);
  const padded = new Uint8Array(LABEL_BYTES);
  padded.set(encoded);
  return padded;
}

/**
 * Returns the bytes of a data set's name. Text becomes NFC (Unicode Standard Annex 15), because the
 * chain compares bytes, and names that look the same must be the same. Bytes, such as a name from
 * the chain, are not changed.
 *
 * @param {Uint8Array | string} name
 * @returns {Uint8Array}
 */
export function dataSetName(name) {
  const composed = typeof name === 'string' ? name.normalize('NFC') : name;
  const bytes = textOrBytes(composed, "the data set's name");
  if (bytes.length < 1 || bytes.length > MAX_NAME) {
    throw new RangeError(`the name of a data set has 1 to ${MAX_NAME} bytes, not ${bytes.length}`);
  }
  return bytes;
}

/**
 * Adds 0x80, then zeros to a multiple of 64 bytes, so that only this multiple is visible.
 *
 * @param {Uint8Array} plaintext
 * @returns {Uint8Array}
 */
export function pad(plaintext) {
  const padded = new Uint8Array((Math.floor(plaintext.length / BLOCK) + 1) * BLOCK);
  padded.set(plaintext);
  padded[plaintext.length] = PAD;
  return padded;
}

/**
 * Removes the padding. Fails if it is not exactly the padding of `pad`.
 *
 * @param {Uint8Array} padded
 * @returns {Uint8Array}
 */
export function unpad(padded) {
  const end = padded.findLastIndex((byte) => byte !== 0);
  const isWhole = padded.length > 0 && padded.length % BLOCK === 0;
  if (!isWhole || padded[end] !== PAD || padded.length - end > BLOCK) {
    throw new BadPadding('the value opens, but does not end in 0x80 and zeros to a multiple of 64');
  }
  return padded.slice(0, end);
}

/**
 * Seals a value to an epoch's public key.
 *
 * @param {Place} place
 * @param {Fixed} publicKey
 * @param {Fixed} author the account that will write it; through a proxy, the real account
 * @param {Uint8Array | string} value JSON text
 * @returns {Promise<Uint8Array>} the padded value and 48 bytes
 */
export async function sealValue(place, publicKey, author, value) {
  const plaintext = textOrBytes(value, 'the value');
  if (plaintext.length > MAX_PLAINTEXT) {
    throw new RangeError(
      `a sealed value has at most ${MAX_PLAINTEXT} bytes, not ${plaintext.length}`,
    );
  }
  return hpke.seal(
    fixed(publicKey, 32, "the epoch's public key"),
    info(LABELS.value, place),
    fixed(author, 32, 'the author'),
    pad(plaintext),
  );
}

/**
 * Opens a value. This proves that it was sealed for this place and author by someone who knew the
 * public key, but not who wrote it: the chain records that.
 *
 * @param {Place} place
 * @param {Fixed} secretKey the epoch's
 * @param {Fixed} author the account that wrote it according to the chain
 * @param {Uint8Array} sealed
 * @returns {Promise<Uint8Array>}
 */
export async function openValue(place, secretKey, author, sealed) {
  const secret = fixed(secretKey, 32, "the epoch's secret key");
  const context = info(LABELS.value, place);
  const aad = fixed(author, 32, 'the author');
  if (!(sealed instanceof Uint8Array)) throw new TypeError('a sealed value must be a Uint8Array');
  const padded = sealed.length - hpke.OVERHEAD;
  if (padded < BLOCK || padded % BLOCK !== 0 || sealed.length > MAX_CIPHERTEXT) {
    throw new CannotOpen(`${sealed.length} bytes are not a sealed value: that has 64 * n + 48`);
  }
  return unpad(await hpke.open(secret, context, aad, Uint8Array.from(sealed)));
}

/**
 * Seals an epoch's seed for a reader.
 *
 * @param {Place} place
 * @param {Reader} reader
 * @param {Fixed} seed
 * @returns {Promise<Uint8Array>} 80 bytes
 */
export async function sealEnvelope(place, reader, seed) {
  return hpke.seal(
    fixed(reader.public, 32, "the reader's public key"),
    info(LABELS.envelope, place),
    readerData(reader),
    fixed(seed, SEED_BYTES, 'the seed'),
  );
}

/**
 * Opens an envelope, and checks that the seed in it belongs to the epoch's public key.
 *
 * @param {Place} place
 * @param {OwnKey} own
 * @param {Fixed} publicKey the epoch's, from the chain
 * @param {Fixed} sealed
 * @returns {Promise<EpochKey>}
 */
export async function openEnvelope(place, own, publicKey, sealed) {
  const secret = fixed(own.secretKey, 32, 'the secret key');
  const aad = readerData(own);
  const key = await openSeed(LABELS.envelope, place, secret, aad, sealed);
  if (!same(key.publicKey, fixed(publicKey, 32, "the epoch's public key"))) {
    throw new FalseEnvelope(
      `the seed in the envelope for epoch ${place.epoch} is not this epoch's: ` +
        'ask the owner, or another reader, for a correct one',
    );
  }
  return key;
}

/**
 * Seals the seed of the previous epoch to the key of the epoch at this place.
 *
 * @param {Place} place
 * @param {Fixed} publicKey of the epoch at this place
 * @param {Fixed} previousSeed
 * @returns {Promise<Uint8Array>} 80 bytes
 */
export async function sealPrevious(place, publicKey, previousSeed) {
  return hpke.seal(
    fixed(publicKey, 32, "the epoch's public key"),
    info(LABELS.previous, place),
    NOTHING,
    fixed(previousSeed, SEED_BYTES, 'the previous seed'),
  );
}

/**
 * Opens the link of the epoch at this place, and checks that the seed in it is the previous
 * epoch's.
 *
 * @param {Place} place
 * @param {Fixed} secretKey of the epoch at this place
 * @param {Fixed} previousPublicKey of the previous epoch, from the chain
 * @param {Fixed} sealed
 * @returns {Promise<EpochKey>} of the previous epoch
 */
export async function openPrevious(place, secretKey, previousPublicKey, sealed) {
  const secret = fixed(secretKey, 32, "the epoch's secret key");
  const key = await openSeed(LABELS.previous, place, secret, NOTHING, sealed);
  if (!same(key.publicKey, fixed(previousPublicKey, 32, "the previous epoch's public key"))) {
    throw new FalseLink(
      `the seed in the link of epoch ${place.epoch} is not the previous epoch's: older epochs need ` +
        'their own envelope',
    );
  }
  return key;
}

/**
 * Seals an account's secret key for a holder, which can then read what the account reads.
 *
 * @param {Fixed} genesisHash
 * @param {OwnKey} own the key to seal
 * @param {Holder} holder
 * @returns {Promise<Uint8Array>} 80 bytes
 */
export async function sealAccountEnvelope(genesisHash, own, holder) {
  const secret = fixed(own.secretKey, 32, 'the secret key');
  const recipient = fixed(holder.public, KEY_BYTES, "the holder's public key");
  if (same(recipient, await publicKeyOf(secret))) {
    throw new RangeError("an account's key cannot be sealed to itself");
  }
  return hpke.seal(recipient, accountInfo(genesisHash, own), holderData(holder), secret);
}

/**
 * Opens an account envelope, and checks that the secret key in it is the account's.
 *
 * @param {Fixed} genesisHash
 * @param {Reader} of the account with its public key of this version, from the chain
 * @param {HolderKey} own the holder's
 * @param {Fixed} sealed
 * @returns {Promise<OwnKey & Reader>} the account's key
 */
export async function openAccountEnvelope(genesisHash, of, own, sealed) {
  const secret = fixed(own.secretKey, 32, 'the secret key');
  const publicKey = fixed(of.public, KEY_BYTES, "the account's public key");
  const holder = 'account' in own ? own : { public: await publicKeyOf(secret) };
  const bytes = fixed(sealed, SEALED_SEED_BYTES, 'a sealed secret key');
  const context = accountInfo(genesisHash, of);
  const secretKey = await hpke.open(secret, context, holderData(holder), bytes);
  const version = keyVersion(of.version);
  if (!same(await publicKeyOf(secretKey), publicKey)) {
    throw new FalseEnvelope(
      `the secret key in the envelope is not that of version ${version} of the account: ask the ` +
        'account, or another holder, for a correct one',
    );
  }
  return { account: fixed(of.account, 32, 'the account'), version, secretKey, public: publicKey };
}

/**
 * Finds the reader's secret key of a version, or several candidates, or throws. For a keystore:
 * `(version) => keystore.keys(version)`.
 *
 * @typedef {(version: number) =>
 *   OwnKey | Iterable<OwnKey> | Promise<OwnKey | Iterable<OwnKey>>} FindKeys
 */

/**
 * A store of known seeds, found by the public key of their epoch: a `Keystore`.
 *
 * @typedef {{ container: Integer, dataSet: Uint8Array | string, epoch: Integer }} EpochOf
 * @typedef {{ seed(publicKey: Fixed, of: EpochOf): Promise<EpochKey | undefined> }} Seeds
 */

/**
 * Opens the envelopes of a reader and follows the links from them: the epochs of every segment of
 * which the reader has an envelope. Also uses the seeds in `seeds` and follows their links, so data
 * stays readable if the chain's envelopes or links are lost. Store the result: `Keystore.addSeeds`.
 *
 * @param {object} options
 * @param {Fixed} options.genesisHash
 * @param {Integer} options.container
 * @param {Uint8Array | string} options.dataSet
 * @param {Iterable<readonly [number, Epoch]>} options.epochs the chain's records, by number
 * @param {Iterable<Envelope>} options.envelopes the reader's, one for each segment
 * @param {FindKeys} options.own finds the reader's secret keys that may open an envelope
 * @param {Seeds} [options.seeds]
 * @returns {Promise<{ keys: Map<number, EpochKey>, faults: Error[] }>} the keys by epoch, newest
 *   first, and the reasons why others cannot be opened: a false envelope, link or seed, or one that
 *   does not open, or a missing secret key
 */
export async function openEnvelopes({
  genesisHash,
  container,
  dataSet,
  epochs,
  envelopes,
  own,
  seeds,
}) {
  const records = new Map(epochs);
  const where = { genesisHash, container, dataSet };
  /** @type {Map<number, EpochKey>} */
  const keys = new Map();
  /** @type {Error[]} */
  const faults = [];
  /**
   * Records a fault, so that it does not affect other epochs.
   *
   * @param {() => Promise<void>} work
   */
  const attempt = async (work) => {
    try {
      await work();
    } catch (fault) {
      if (!(fault instanceof TwinchainError)) throw fault;
      faults.push(fault);
    }
  };

  for (const [epoch, record] of seeds ? records : []) {
    if (!isKnownSuite(record)) continue;
    await attempt(async () => {
      const key = await seeds?.seed(record.public, { container, dataSet, epoch });
      if (key) keys.set(epoch, key);
    });
  }
  for (const { epoch, key_version, sealed } of envelopes) {
    const number = u32(epoch, 'the epoch');
    if (keys.has(number)) continue;
    await attempt(async () => {
      const record = recordOf(records, number);
      const version = keyVersion(key_version);
      const found = await own(version);
      const place = { ...where, epoch: number };
      keys.set(number, await openWithAny(place, found, version, record.public, sealed));
    });
  }
  // Newest first, so that each opened link leads to the next one.
  for (const epoch of [...records.keys()].sort((a, b) => b - a)) {
    const key = keys.get(epoch);
    const previous = records.get(epoch)?.previous;
    if (!key || !previous || epoch === 1 || keys.has(epoch - 1)) continue;
    await attempt(async () => {
      const before = recordOf(records, epoch - 1);
      const place = { ...where, epoch };
      keys.set(epoch - 1, await openPrevious(place, key.secretKey, before.public, previous));
    });
  }
  return { keys: new Map([...keys].sort(([a], [b]) => b - a)), faults };
}

/**
 * Opens an envelope with the first matching key.
 *
 * @param {Place} place
 * @param {OwnKey | Iterable<OwnKey>} found
 * @param {number} version the version that the envelope names and is bound to
 * @param {Fixed} publicKey the epoch's, from the chain
 * @param {Fixed} sealed
 * @returns {Promise<EpochKey>}
 */
async function openWithAny(place, found, version, publicKey, sealed) {
  /** @type {Error | undefined} */
  let fault;
  for (const key of Symbol.iterator in found ? found : [found]) {
    try {
      return await openEnvelope(place, { ...key, version }, publicKey, sealed);
    } catch (error) {
      if (!(error instanceof CannotOpen)) throw error;
      // Keys of other versions are only candidates, so their failure is not reported.
      if (keyVersion(key.version) === version) fault ??= error;
    }
  }
  throw (
    fault ??
    new UnknownKey(
      `no key opens the envelope of epoch ${place.epoch}, which is for version ${version} of the ` +
        "reader's key: look for a copy of the keystore, restore the key from an account " +
        'envelope, or ask for a new envelope',
    )
  );
}

/**
 * Follows the links from a seed back to the cut. Returns the keys of all epochs of its segment, up
 * to its own.
 *
 * @param {object} options
 * @param {Fixed} options.genesisHash
 * @param {Integer} options.container
 * @param {Uint8Array | string} options.dataSet
 * @param {Iterable<readonly [number, Epoch]>} options.epochs the chain's records, by number
 * @param {{ epoch: Integer, seed: Fixed }} options.newest
 * @returns {Promise<{ keys: Map<number, EpochKey>, fault: Error | undefined }>} the keys by epoch,
 *   newest first, and the fault in the oldest one's link, if the history ends there without a cut
 */
export async function openHistory({ genesisHash, container, dataSet, epochs, newest }) {
  const records = new Map(epochs);
  let epoch = u32(newest.epoch, 'the newest epoch');
  let record = recordOf(records, epoch);
  let key = {
    seed: fixed(newest.seed, SEED_BYTES, 'the seed'),
    ...(await deriveKeyPair(newest.seed)),
  };
  if (!same(key.publicKey, fixed(record.public, 32, "the epoch's public key"))) {
    throw new FalseEnvelope(`this is not the seed of epoch ${epoch}`);
  }
  const keys = new Map([[epoch, key]]);
  while (record.previous && epoch > 1) {
    const place = { genesisHash, container, dataSet, epoch };
    try {
      const before = recordOf(records, epoch - 1);
      key = await openPrevious(place, key.secretKey, before.public, record.previous);
      record = before;
    } catch (fault) {
      // A fault does not affect newer epochs.
      if (fault instanceof FalseLink) return { keys, fault };
      if (fault instanceof CannotOpen || fault instanceof UnknownSuite) return { keys, fault };
      throw fault;
    }
    epoch -= 1;
    keys.set(epoch, key);
  }
  return { keys, fault: undefined };
}

/** @param {Epoch} record */
const isKnownSuite = ({ suite }) => suite === undefined || u32(suite, 'the suite') === SUITE;

/**
 * @param {Map<number, Epoch>} records
 * @param {number} epoch
 */
function recordOf(records, epoch) {
  const record = records.get(epoch);
  if (!record) throw new RangeError(`the record of epoch ${epoch} is missing: read all pages`);
  if (!isKnownSuite(record)) {
    throw new UnknownSuite(`epoch ${epoch} uses cipher suite ${record.suite}: update this program`);
  }
  return record;
}

/**
 * @param {string} label
 * @param {Place} place
 * @param {Uint8Array} secretKey
 * @param {Uint8Array} aad
 * @param {Fixed} sealed
 * @returns {Promise<EpochKey>}
 */
async function openSeed(label, place, secretKey, aad, sealed) {
  const bytes = fixed(sealed, SEALED_SEED_BYTES, 'a sealed seed');
  const seed = await hpke.open(secretKey, info(label, place), aad, bytes);
  return { seed, ...(await hpke.deriveKeyPair(seed)) };
}

/**
 * Returns the associated data of an envelope: reader (32 bytes), key version (u32).
 *
 * @param {{ account: Fixed, version: Integer }} reader
 */
export const readerData = ({ account, version }) =>
  concat(fixed(account, 32, 'the account'), u32Bytes(keyVersion(version)));

/** @param {Integer} value */
export function keyVersion(value) {
  const version = u32(value, 'the key version');
  if (version === 0) throw new RangeError('key versions start at 1: this account has no key');
  return version;
}
