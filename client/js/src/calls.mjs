// SPDX-License-Identifier: Apache-2.0

// Makes the arguments of the calls that deal with keys and sealed values: plain objects that have
// the call's parameters as members, by their names on the chain and in their order. Bytes are
// Uint8Arrays, u64 are BigInts, a variant of an enum is `{ type, value }`, and what is left out is
// undefined.

import { concat, fixed, same, textOrBytes, toHex, u32, u64 } from './bytes.mjs';
import {
  dataSetName,
  deriveKeyPair,
  keyVersion,
  newSeed,
  openValue,
  sealAccountEnvelope,
  sealEnvelope,
  sealPrevious,
  sealValue,
  SUITE,
} from './crypto.mjs';
import { FalseEnvelope, UnknownKey, UnknownSuite } from './exceptions.mjs';

/** @typedef {import('./crypto.mjs').EpochKey} EpochKey */
/** @typedef {import('./crypto.mjs').Fixed} Fixed */
/** @typedef {import('./crypto.mjs').Holder} Holder */
/** @typedef {import('./crypto.mjs').Integer} Integer */
/** @typedef {import('./crypto.mjs').OwnKey} OwnKey */
/** @typedef {import('./crypto.mjs').Reader} Reader */

/**
 * A variant of an enum.
 *
 * @template {string} Type
 * @template [Value=undefined]
 * @typedef {{ type: Type, value: Value }} Variant
 */

/**
 * Whose keys one seals to: a `Keystore`, or whatever throws unless a key is the right one.
 *
 * @typedef {{ check(reader: Reader): void }} Trust
 */

/**
 * Looks at a value before it is sealed or after it was opened, and throws if it does not match the
 * data set's schema. A node that is asked sees the value.
 *
 * @typedef {(container: bigint, dataSet: Uint8Array, value: Uint8Array) => unknown} Check
 */

/** The bits of an access. */
export const ACCESS = Object.freeze({ READ: 1, WRITE: 2, REMOVE: 4 });
const ALL_ACCESS = Object.values(ACCESS).reduce((all, bit) => all | bit, 0);

/** The most envelopes that `rotate_key` takes besides the owner's, and `set_envelopes`. */
export const MAX_ENVELOPES = 64;
/** The most envelopes that `offer_twin` takes for all its containers. */
export const MAX_OFFER_ENVELOPES = 256;
/** The most holders of one version of an account's secret key. */
export const MAX_KEY_HOLDERS = 16;
/** The most items that one append takes, and their bytes. */
export const MAX_ITEMS = 256;
export const MAX_PAYLOAD = 65_584;

/**
 * Arguments of `set_encryption_key`.
 *
 * @param {{ version: Integer, public: Fixed }} key what `Keystore.prepareKey` returns
 * @param {object} [options]
 * @param {boolean} [options.leaked] whether others may know the secret key that it replaces. Then
 *   that one and all before it count as leaked, and owners rotate what was sealed to them
 */
export function setEncryptionKey(key, { leaked = false } = {}) {
  const replaces = keyVersion(key.version) - 1;
  if (leaked && replaces === 0) {
    throw new RangeError('this is the first key: there is none before it that could have leaked');
  }
  return { suite: SUITE, public: fixed(key.public, 32, 'the public key'), replaces, leaked };
}

/**
 * Arguments of `rotate_key`: a new epoch, with envelopes for its readers. Save its seed before you
 * send the call (`Keystore.addSeed`). Every reader besides the owner must have been granted READ.
 *
 * Name either `previous` or `cut`, except in the first rotation, which is always a cut.
 *
 * @param {object} options
 * @param {Fixed} options.genesisHash
 * @param {Integer} options.container
 * @param {Uint8Array | string} options.dataSet
 * @param {Integer} options.epoch the data set's epoch now; 0 if it has no key yet
 * @param {{ seed: Fixed, publicKey: Fixed, epoch?: Integer }} [options.previous] the key of the epoch
 *   now, so that readers of the new epoch read the older ones
 * @param {boolean} [options.cut] begins a new segment: later readers do not read what is older, and
 *   all accounts that read it now still do. Possible 16 times, the first rotation included
 * @param {Reader} options.owner
 * @param {Reader[]} [options.readers] 64 at most
 * @param {Trust} options.trust
 */
export async function rotate({
  genesisHash,
  container,
  dataSet,
  epoch,
  previous,
  cut = false,
  owner,
  readers = [],
  trust,
}) {
  checkCount(readers, 0, MAX_ENVELOPES, 'envelopes: use set_envelopes for the others');
  const expected = u32(epoch, 'the epoch');
  checkLink(expected, previous, cut);
  checkReaders([owner, ...readers], trust);
  if (previous) await checkSeed(previous, expected);

  const place = { genesisHash, container, dataSet, epoch: expected + 1 };
  const seed = newSeed();
  const { publicKey } = await deriveKeyPair(seed);
  return {
    seed,
    publicKey,
    epoch: place.epoch,
    args: {
      container: u64(container, 'the container'),
      data_set: dataSetName(dataSet),
      expected_epoch: expected,
      suite: SUITE,
      public: publicKey,
      previous_seed: previous
        ? variant('Link', await sealPrevious(place, publicKey, previous.seed))
        : variant('Cut', undefined),
      key_version: keyVersion(owner.version),
      envelope: await sealEnvelope(place, owner, seed),
      envelopes: await readerEnvelopes(place, readers, seed),
    },
  };
}

/**
 * Fails unless a rotation says what becomes of the epochs before.
 *
 * @param {number} expected
 * @param {object | undefined} previous
 * @param {boolean} cut
 */
function checkLink(expected, previous, cut) {
  if (expected === 0) {
    if (previous) throw new TypeError('the first rotation is a cut: there is no epoch to link');
    return;
  }
  if (previous && cut) {
    throw new TypeError('name the key of the epoch now to link it, or `cut: true`, not both');
  }
  if (!previous && !cut) {
    throw new TypeError(
      'name the key of the epoch now, so that new readers read what is older, or `cut: true`, so ' +
        'that they do not',
    );
  }
}

/**
 * Arguments of `set_envelope`: gives a reader the seed of the data set's epoch now, or of the last
 * one before a cut; also oneself, after changing one's own key.
 *
 * @param {object} options
 * @param {Fixed} options.genesisHash
 * @param {Integer} options.container
 * @param {Uint8Array | string} options.dataSet
 * @param {Integer} options.epoch
 * @param {{ seed: Fixed, publicKey: Fixed, epoch?: Integer }} options.key the epoch's
 * @param {Reader} options.reader
 * @param {Trust} options.trust
 */
export async function setEnvelope({ genesisHash, container, dataSet, epoch, key, reader, trust }) {
  checkReaders([reader], trust);
  await checkSeed(key, epoch);
  return {
    container: u64(container, 'the container'),
    data_set: dataSetName(dataSet),
    reader: fixed(reader.account, 32, 'the reader'),
    epoch: u32(epoch, 'the epoch'),
    key_version: keyVersion(reader.version),
    envelope: await sealEnvelope({ genesisHash, container, dataSet, epoch }, reader, key.seed),
  };
}

/**
 * Arguments of `set_envelopes`: gives readers the seed of the data set's epoch now, or of the last
 * one before a cut.
 *
 * @param {object} options
 * @param {Fixed} options.genesisHash
 * @param {Integer} options.container
 * @param {Uint8Array | string} options.dataSet
 * @param {Integer} options.epoch
 * @param {{ seed: Fixed, publicKey: Fixed, epoch?: Integer }} options.key the epoch's
 * @param {Reader[]} options.readers 1 to 64
 * @param {Trust} options.trust
 */
export async function setEnvelopes({ readers, key, trust, ...place }) {
  checkCount(readers, 1, MAX_ENVELOPES, 'envelopes: make several calls');
  checkReaders(readers, trust);
  await checkSeed(key, place.epoch);
  return {
    container: u64(place.container, 'the container'),
    data_set: dataSetName(place.dataSet),
    epoch: u32(place.epoch, 'the epoch'),
    envelopes: await readerEnvelopes(place, readers, key.seed),
  };
}

/**
 * Arguments of `set_account_envelopes`: seals a version of one's own secret key for holders, who
 * can then read what the account reads with it. A key on paper is what is left when a keystore is
 * lost. If the key is in no keystore, send this in one batch with the `set_encryption_key` of that
 * version, so that the chain never has a key that no one holds.
 *
 * @param {object} options
 * @param {Fixed} options.genesisHash
 * @param {OwnKey} options.own the key that is sealed: `Keystore.keyOf`
 * @param {Holder[]} options.holders 1 to 16: accounts, or `{ public }` for a key outside the chain
 * @param {Trust} [options.trust] of accounts; a key outside the chain comes from the caller
 */
export async function setAccountEnvelopes({ genesisHash, own, holders, trust }) {
  checkCount(holders, 1, MAX_KEY_HOLDERS, 'holders');
  const accounts = holders.filter((holder) => 'account' in holder);
  if (accounts.length > 0) checkReaders(accounts, trust);
  const keys = holders.filter((holder) => !('account' in holder));
  checkOnce(keys.map((holder) => holderKey(holder)));
  return {
    version: keyVersion(own.version),
    envelopes: await Promise.all(
      holders.map(async (holder) => {
        const envelope = await sealAccountEnvelope(genesisHash, own, holder);
        if (!('account' in holder)) return variant('Key', { public: holderKey(holder), envelope });
        const account = fixed(holder.account, 32, 'the account');
        const key_version = keyVersion(holder.version);
        return variant('Account', { account, key_version, envelope });
      }),
    ),
  };
}

/**
 * Arguments of `remove_account_envelope`. It revokes nothing, since the holder may have opened the
 * envelope: set a new encryption key as well, and say that the old one leaked.
 *
 * @param {object} options
 * @param {Integer} options.version of one's own key
 * @param {{ account: Fixed } | { public: Fixed }} options.holder
 */
export const removeAccountEnvelope = ({ version, holder }) => ({
  version: keyVersion(version),
  holder:
    'account' in holder
      ? variant('Account', fixed(holder.account, 32, 'the account'))
      : variant('Key', holderKey(holder)),
});

/** @param {{ public: Fixed }} holder */
const holderKey = (holder) => fixed(holder.public, 32, "the holder's public key");

/**
 * A data set's newest key, to be sealed for somebody.
 *
 * @typedef {object} NamedKey
 * @property {Uint8Array | string} dataSet
 * @property {Integer} epoch
 * @property {Fixed} seed
 * @property {Fixed} publicKey
 */

/**
 * Arguments of `share`: grants access to data sets, with an envelope for each that is to be read.
 *
 * @param {object} options
 * @param {Fixed} options.genesisHash
 * @param {Integer} options.container
 * @param {Reader | { account: Fixed }} options.reader an account that gets no READ needs no key
 * @param {{
 *   dataSet: Uint8Array | string, access: number, key?: Omit<NamedKey, 'dataSet'> | null
 * }[]} options.access bits of `ACCESS` by data set; READ comes with the newest key of the data set,
 *   or with `null` if it has none yet
 * @param {Integer} [options.until] the last moment of this access, Unix milliseconds; other access
 *   that the account has keeps its own end
 * @param {Trust} options.trust
 */
export async function share({ genesisHash, container, reader, access, until, trust }) {
  const keys = access.flatMap(({ dataSet, access: bits, key }) => {
    if (!Number.isInteger(bits) || bits < 1 || bits > ALL_ACCESS) {
      throw new RangeError(`an access has bits of 1, 2 and 4, not ${bits}`);
    }
    if (!(bits & ACCESS.READ)) return [];
    if (key === undefined) {
      throw new TypeError('READ comes with the newest key of the data set, or with null for later');
    }
    return key === null ? [] : [{ dataSet, ...key }];
  });
  const envelopes = await envelopesFor({ genesisHash, container, reader, keys, trust });
  return {
    container: u64(container, 'the container'),
    account: fixed(reader.account, 32, 'the account'),
    access: access.map(({ dataSet, access: bits }) => ({
      data_set: dataSetName(dataSet),
      access: bits,
    })),
    until: until === undefined ? undefined : u64(until, 'the end'),
    envelopes,
  };
}

/**
 * Arguments of `offer_ownership`. Offering discloses: whoever is offered a container gets the keys
 * of all its confidential data sets with the offer, and keeps what it read if it never accepts.
 *
 * @param {object} options
 * @param {Fixed} options.genesisHash
 * @param {Integer} options.container
 * @param {Reader | { account: Fixed }} options.to a container without keys needs none of its reader
 * @param {Integer} options.deadline Unix milliseconds
 * @param {NamedKey[]} options.keys of every confidential data set that has one
 * @param {Trust} options.trust
 */
export async function offerOwnership({ genesisHash, container, to, deadline, keys, trust }) {
  return {
    container: u64(container, 'the container'),
    to: fixed(to.account, 32, 'the account'),
    deadline: u64(deadline, 'the deadline'),
    envelopes: await envelopesFor({ genesisHash, container, reader: to, keys, trust }),
  };
}

/**
 * Arguments of `offer_twin`: a twin with containers that change hands together with it. It brings at
 * most 256 envelopes; `offerTwinCalls` makes more calls where that is not enough.
 *
 * @param {object} options
 * @param {Fixed} options.genesisHash
 * @param {Integer} options.twin
 * @param {Reader | { account: Fixed }} options.to
 * @param {Integer} options.deadline Unix milliseconds
 * @param {{ container: Integer, keys: NamedKey[] }[]} options.containers
 * @param {Trust} options.trust
 */
export async function offerTwin({ genesisHash, twin, to, deadline, containers, trust }) {
  const envelopes = await Promise.all(
    containers.map(async ({ container, keys }) => {
      const sealed = await envelopesFor({ genesisHash, container, reader: to, keys, trust });
      return sealed.map((envelope) => ({
        container: u64(container, 'the container'),
        ...envelope,
      }));
    }),
  );
  return {
    twin: u64(twin, 'the twin'),
    to: fixed(to.account, 32, 'the account'),
    deadline: u64(deadline, 'the deadline'),
    containers: containers.map(({ container }) => u64(container, 'the container')),
    envelopes: envelopes.flat(),
  };
}

/**
 * The calls that offer a twin with containers, for one batch, each with its pallet. One `offer_twin` brings at most 256
 * envelopes. Where more are needed, some containers are offered by themselves first: `offer_twin`
 * renews these offers, and needs no envelope of what the reader has already.
 *
 * @param {Parameters<typeof offerTwin>[0]} options
 */
export async function offerTwinCalls(options) {
  const { genesisHash, to, deadline, containers, trust } = options;
  /** @type {typeof containers} */
  const alone = [];
  let left = containers.reduce((sum, { keys }) => sum + keys.length, 0);
  for (const offered of containers.toSorted((a, b) => b.keys.length - a.keys.length)) {
    if (left <= MAX_OFFER_ENVELOPES) break;
    checkCount(offered.keys, 0, MAX_ENVELOPES, 'envelopes: a container has no more data sets');
    alone.push(offered);
    left -= offered.keys.length;
  }
  const first = await Promise.all(
    alone.map(async ({ container, keys }) => {
      const args = await offerOwnership({ genesisHash, container, to, deadline, keys, trust });
      return { pallet: 'DataContainer', call: 'offer_ownership', args };
    }),
  );
  const rest = containers.map((it) => (alone.includes(it) ? { ...it, keys: [] } : it));
  const args = await offerTwin({ ...options, containers: rest });
  return [...first, { pallet: 'DigitalTwin', call: 'offer_twin', args }];
}

/**
 * Arguments of `set_sealed_entry`.
 *
 * @param {object} options
 * @param {Fixed} options.genesisHash
 * @param {Integer} options.container
 * @param {Uint8Array | string} options.dataSet
 * @param {Integer} options.epoch
 * @param {Fixed} options.publicKey the epoch's, from the chain
 * @param {Fixed} options.author the account that writes: through a proxy, the one that is acted for
 * @param {Uint8Array | string} options.value JSON text
 * @param {Integer} [options.expectedRevision]
 * @param {Check} [options.check] throws if the value does not match; then nothing is sealed
 */
export async function setSealedEntry({ value, expectedRevision, ...where }) {
  const [ciphertext] = await sealAll(where, [value]);
  return {
    container: u64(where.container, 'the container'),
    data_set: dataSetName(where.dataSet),
    epoch: u32(where.epoch, 'the epoch'),
    ciphertext,
    expected_revision: revision(expectedRevision),
  };
}

/**
 * Arguments of `append_sealed`.
 *
 * @param {object} options
 * @param {Fixed} options.genesisHash
 * @param {Integer} options.container
 * @param {Uint8Array | string} options.dataSet
 * @param {Integer} options.epoch
 * @param {Fixed} options.publicKey the epoch's, from the chain
 * @param {Fixed} options.author the account that writes: through a proxy, the one that is acted for
 * @param {(Uint8Array | string)[]} options.items JSON texts, 256 at most
 * @param {Integer} [options.expectedRevision]
 * @param {Check} [options.check] throws if an item does not match; then nothing is sealed
 */
export async function appendSealed({ items, expectedRevision, ...where }) {
  if (items.length < 1 || items.length > MAX_ITEMS) {
    throw new RangeError(`one call appends 1 to ${MAX_ITEMS} items, not ${items.length}`);
  }
  const sealed = await sealAll(where, items);
  const total = concat(...sealed).length;
  if (total > MAX_PAYLOAD) {
    throw new RangeError(`one call stores ${MAX_PAYLOAD} sealed bytes at most, not ${total}`);
  }
  return {
    container: u64(where.container, 'the container'),
    data_set: dataSetName(where.dataSet),
    epoch: u32(where.epoch, 'the epoch'),
    items: sealed,
    expected_revision: revision(expectedRevision),
  };
}

/**
 * Opens a stored value with the keys that `openEnvelopes` found.
 *
 * @param {object} options
 * @param {Fixed} options.genesisHash
 * @param {Integer} options.container
 * @param {Uint8Array | string} options.dataSet
 * @param {{
 *   author: Fixed, suite?: Integer, epoch: Integer, ciphertext: Uint8Array
 * }} options.stored the author of the entry or batch, and what its value or item has under `Sealed`
 * @param {Map<number, { secretKey: Uint8Array }>} options.keys by epoch
 * @param {Check} [options.check] throws if the value does not match its schema
 * @returns {Promise<{ value: Uint8Array, mismatch: Error | undefined }>} a value that does not
 *   match is shown all the same, with what is wrong beside it: nobody could check it before
 */
export async function openStored({ genesisHash, container, dataSet, stored, keys, check }) {
  const epoch = u32(stored.epoch, 'the epoch');
  if (stored.suite !== undefined && u32(stored.suite, 'the suite') !== SUITE) {
    throw new UnknownSuite(`the value uses cipher suite ${stored.suite}: update this program`);
  }
  const key = keys.get(epoch);
  if (!key) {
    throw new UnknownKey(
      `there is no key for epoch ${epoch}: it is newer than the envelope, or before a cut`,
    );
  }
  const place = { genesisHash, container, dataSet, epoch };
  const value = await openValue(place, key.secretKey, stored.author, stored.ciphertext);
  let mismatch;
  try {
    await check?.(u64(container, 'the container'), dataSetName(dataSet), value);
  } catch (error) {
    mismatch = error instanceof Error ? error : new Error(String(error));
  }
  return { value, mismatch };
}

/**
 * The arguments as Polkadot.js takes them, for `api.tx.dataContainer.rotateKey(...list)`. It would
 * read a `Uint8Array` for `Bytes` as SCALE, so all bytes become hex.
 *
 * @param {Record<string, unknown>} args
 * @returns {unknown[]}
 */
export const forPolkadotJs = (args) => Object.values(args).map(convertForPolkadotJs);

/**
 * @param {unknown} value
 * @returns {unknown}
 */
function convertForPolkadotJs(value) {
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map(convertForPolkadotJs);
  if (typeof value !== 'object' || value === null) return value;
  if (isVariant(value)) {
    // The name alone stands for a variant without a value.
    return value.value === undefined
      ? value.type
      : { [value.type]: convertForPolkadotJs(value.value) };
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase()),
      convertForPolkadotJs(member),
    ]),
  );
}

const ACCOUNTS = new Set(['account', 'reader', 'to']);

/**
 * The arguments as PAPI takes them: `api.tx.DataContainer.rotate_key(forPapi(args, toAddress))`.
 * Accounts are addresses there.
 *
 * @template {Record<string, unknown>} Args
 * @param {Args} args
 * @param {(account: Uint8Array) => string} toAddress `AccountId().dec` of PAPI
 * @returns {any}
 */
export function forPapi(args, toAddress) {
  return members(args);

  /** @param {object} struct */
  function members(struct) {
    const converted = Object.entries(struct).map(([name, value]) => [name, convert(name, value)]);
    return Object.fromEntries(converted);
  }

  /**
   * @param {string} name
   * @param {unknown} value
   * @returns {unknown}
   */
  function convert(name, value) {
    if (value instanceof Uint8Array) return ACCOUNTS.has(name) ? toAddress(value) : value;
    if (Array.isArray(value)) return value.map((item) => convert(name, item));
    if (typeof value !== 'object' || value === null) return value;
    if (!isVariant(value)) return members(value);
    return variant(value.type, convert(value.type.toLowerCase(), value.value));
  }
}

/**
 * @template {string} Type
 * @template Value
 * @param {Type} type
 * @param {Value} value
 * @returns {Variant<Type, Value>}
 */
const variant = (type, value) => ({ type, value });

/**
 * Returns whether an object of the arguments is a variant of an enum: no struct has these members.
 *
 * @param {object} value
 * @returns {value is Variant<string, unknown>}
 */
const isVariant = (value) => 'type' in value && 'value' in value;

/**
 * Fails unless the length of a list is within its bounds.
 *
 * @param {unknown[]} items
 * @param {number} least
 * @param {number} most
 * @param {string} what
 */
function checkCount(items, least, most, what) {
  if (items.length < least || items.length > most) {
    throw new RangeError(`one call takes ${least} to ${most} ${what}`);
  }
}

/**
 * Seals a seed for readers.
 *
 * @param {import('./crypto.mjs').Place} place
 * @param {Reader[]} readers
 * @param {Fixed} seed
 */
const readerEnvelopes = (place, readers, seed) =>
  Promise.all(
    readers.map(async (reader) => ({
      reader: fixed(reader.account, 32, 'the account'),
      key_version: keyVersion(reader.version),
      envelope: await sealEnvelope(place, reader, seed),
    })),
  );

/**
 * Fails if something is named twice.
 *
 * @param {Uint8Array[]} names
 */
function checkOnce(names) {
  const hex = names.map(toHex);
  const twice = hex.find((name, index) => hex.indexOf(name) !== index);
  if (twice) throw new RangeError(`${twice} is named twice: one envelope is enough`);
}

/**
 * Fails if a reader is named twice, or has another key than is known.
 *
 * @param {Reader[]} readers
 * @param {Trust | undefined} trust
 */
function checkReaders(readers, trust) {
  checkOnce(readers.map(({ account }) => fixed(account, 32, 'the account')));
  if (typeof trust?.check !== 'function') {
    throw new TypeError('trust says whose keys are right: give a Keystore');
  }
  for (const reader of readers) trust.check(reader);
}

/**
 * Fails unless a key is that of an epoch. A wrong seed in an envelope, or behind a link, could not be
 * taken back: what is older would be lost to all accounts.
 *
 * @param {{ seed: Fixed, publicKey: Fixed, epoch?: Integer }} key
 * @param {Integer} epoch
 */
async function checkSeed({ seed, publicKey, epoch: own }, epoch) {
  if (own !== undefined && u32(own, "the key's epoch") !== u32(epoch, 'the epoch')) {
    throw new RangeError(`this is the key of epoch ${own}, not of epoch ${epoch}`);
  }
  const derived = await deriveKeyPair(seed);
  if (!same(derived.publicKey, fixed(publicKey, 32, "the epoch's public key"))) {
    throw new FalseEnvelope(`this is not the seed of epoch ${epoch}, so it is given to nobody`);
  }
}

/**
 * @param {object} options
 * @param {Fixed} options.genesisHash
 * @param {Integer} options.container
 * @param {Reader | { account: Fixed }} options.reader
 * @param {NamedKey[]} options.keys
 * @param {Trust} options.trust
 */
async function envelopesFor({ genesisHash, container, reader, keys, trust }) {
  if (keys.length === 0) return [];
  if (!('public' in reader)) {
    throw new TypeError(
      'whoever gets keys needs an encryption key: give its version and public key',
    );
  }
  checkReaders([reader], trust);
  return Promise.all(
    keys.map(async ({ dataSet, epoch, seed, publicKey }) => {
      await checkSeed({ seed, publicKey }, epoch);
      return {
        data_set: dataSetName(dataSet),
        epoch: u32(epoch, 'the epoch'),
        key_version: keyVersion(reader.version),
        envelope: await sealEnvelope({ genesisHash, container, dataSet, epoch }, reader, seed),
      };
    }),
  );
}

/**
 * @param {{ genesisHash: Fixed, container: Integer, dataSet: Uint8Array | string, epoch: Integer,
 *   publicKey: Fixed, author: Fixed, check?: Check }} where
 * @param {(Uint8Array | string)[]} values
 */
async function sealAll({ publicKey, author, check, ...place }, values) {
  const encoded = values.map((value) => textOrBytes(value, 'a value'));
  for (const value of encoded) {
    await check?.(u64(place.container, 'the container'), dataSetName(place.dataSet), value);
  }
  return Promise.all(encoded.map((value) => sealValue(place, publicKey, author, value)));
}

/** @param {Integer | undefined} value */
const revision = (value) => (value === undefined ? undefined : u32(value, 'the revision'));
