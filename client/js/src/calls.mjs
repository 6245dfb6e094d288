// SPDX-License-Identifier: Apache-2.0

// Creates the arguments of calls that deal with keys and sealed values. The result is a plain
// object with the call's parameters as members, named and ordered as on the chain. Bytes are
// Uint8Arrays, u64 are BigInts, a variant of an enum is `{ type, value }`, and an omitted option is
// undefined.

import { fixed, u32, u64 } from './bytes.mjs';
import {
  dataSetName,
  deriveKeyPair,
  keyVersion,
  newSeed,
  sealAccountEnvelope,
  sealEnvelope,
  sealPrevious,
  SUITE,
} from './crypto.mjs';
import {
  checkCount,
  checkOnce,
  checkReaders,
  checkSeed,
  envelopesFor,
  MAX_ENVELOPES,
  NAMED_KEY,
  readerEnvelopes,
  variant,
  WHERE,
} from './envelopes.mjs';
import { checkOptions } from './options.mjs';

export { MAX_ENVELOPES } from './envelopes.mjs';
export { MAX_OFFER_ENVELOPES, offerOwnership, offerTwin, offerTwinCalls } from './offer-calls.mjs';
export { appendSealed, MAX_ITEMS, MAX_PAYLOAD, openStored, setSealedEntry } from './values.mjs';

/** @typedef {import('./crypto.mjs').EpochKey} EpochKey */
/** @typedef {import('./crypto.mjs').Fixed} Fixed */
/** @typedef {import('./crypto.mjs').Holder} Holder */
/** @typedef {import('./crypto.mjs').Integer} Integer */
/** @typedef {import('./crypto.mjs').OwnKey} OwnKey */
/** @typedef {import('./crypto.mjs').Reader} Reader */
/** @typedef {import('./envelopes.mjs').NamedKey} NamedKey */
/** @typedef {import('./envelopes.mjs').Trust} Trust */
/** @typedef {import('./values.mjs').Check} Check */

/** The bits of an access. */
export const ACCESS = Object.freeze({ READ: 1, WRITE: 2, REMOVE: 4 });
const ALL_ACCESS = Object.values(ACCESS).reduce((all, bit) => all | bit, 0);

/** The maximum number of holders of one version of an account's secret key. */
export const MAX_KEY_HOLDERS = 16;

/**
 * Returns the arguments of `set_encryption_key`.
 *
 * @param {{ version: Integer, public: Fixed }} key the result of `Keystore.prepareKey`
 * @param {object} [options]
 * @param {boolean} [options.leaked] `true` if others may know the replaced secret key. That key and
 *   all earlier ones then count as leaked, and owners rotate what was sealed to them
 */
export function setEncryptionKey(key, options = {}) {
  checkOptions('setEncryptionKey', options, ['leaked']);
  const { leaked = false } = options;
  const replaces = keyVersion(key.version) - 1;
  if (leaked && replaces === 0) {
    throw new RangeError('this is the first key, so no earlier key can have leaked');
  }
  return { suite: SUITE, public: fixed(key.public, 32, 'the public key'), replaces, leaked };
}

/**
 * Returns the arguments of `rotate_key`: a new epoch, with envelopes for its readers. Save its seed
 * before you send the call (`Keystore.addSeed`). Every reader besides the owner must have a grant
 * of READ.
 *
 * Pass either `previous` or `cut`, except for the first rotation, which is always a cut.
 *
 * @param {object} options
 * @param {Fixed} options.genesisHash
 * @param {Integer} options.container
 * @param {Uint8Array | string} options.dataSet
 * @param {Integer} options.epoch the data set's current epoch; 0 if it has no key yet
 * @param {{ seed: Fixed, publicKey: Fixed, epoch?: Integer }} [options.previous] the key of the
 *   current epoch, so that readers of the new epoch can read the older ones
 * @param {boolean} [options.cut] `true` to start a new segment: readers added later cannot read
 *   older data, and all current readers still can. Possible 16 times, including the first rotation
 * @param {Reader} options.owner
 * @param {Reader[]} [options.readers] at most 64
 * @param {Trust} options.trust
 */
export async function rotate(options) {
  const known = [...WHERE, 'epoch', 'previous', 'cut', 'owner', 'readers', 'trust'];
  checkOptions('rotate', options, known);
  const { genesisHash, container, dataSet, epoch, previous, owner, trust } = options;
  const { cut = false, readers = [] } = options;
  if (previous) checkOptions('the previous key', previous, NAMED_KEY);
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
 * Fails unless a rotation either links to the earlier epochs or cuts them off.
 *
 * @param {number} expected
 * @param {object | undefined} previous
 * @param {boolean} cut
 */
function checkLink(expected, previous, cut) {
  if (expected === 0) {
    if (previous) throw new TypeError('the first rotation is a cut: no earlier epoch exists');
    return;
  }
  if (previous && cut) {
    throw new TypeError(
      "pass either the current epoch's key, to link the epochs, or `cut: true`, not both",
    );
  }
  if (!previous && !cut) {
    throw new TypeError(
      "pass the current epoch's key, so that new readers can read older data, or `cut: true`, " +
        'so that they cannot',
    );
  }
}

/**
 * Returns the arguments of `set_envelope`, which gives a reader the seed of the data set's current
 * epoch, or of the last one before a cut. The reader can be the account itself, after it changed
 * its own key.
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
export async function setEnvelope(options) {
  checkOptions('setEnvelope', options, [...WHERE, 'epoch', 'key', 'reader', 'trust']);
  const { genesisHash, container, dataSet, epoch, key, reader, trust } = options;
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
 * Returns the arguments of `set_envelopes`, which gives readers the seed of the data set's current
 * epoch, or of the last one before a cut.
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
export async function setEnvelopes(options) {
  checkOptions('setEnvelopes', options, [...WHERE, 'epoch', 'key', 'readers', 'trust']);
  const { readers, key, trust, ...place } = options;
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
 * Returns the arguments of `set_account_envelopes`, which seals a version of the account's own
 * secret key for holders. A holder can then read what the account reads. A key on paper is the
 * backup for a lost keystore. If the key is in no keystore, send this in one batch with the
 * `set_encryption_key` of that version, so that the chain never has a key that no one holds.
 *
 * @param {object} options
 * @param {Fixed} options.genesisHash
 * @param {OwnKey} options.own the key to seal, from `Keystore.keyOf`
 * @param {Holder[]} options.holders 1 to 16: accounts, or `{ public }` for a key outside the chain
 * @param {Trust} [options.trust] for accounts; the caller vouches for keys outside the chain
 */
export async function setAccountEnvelopes(options) {
  checkOptions('setAccountEnvelopes', options, ['genesisHash', 'own', 'holders', 'trust']);
  const { genesisHash, own, holders, trust } = options;
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
 * Returns the arguments of `remove_account_envelope`. This revokes nothing, because the holder may
 * have opened the envelope. Also set a new encryption key, and mark the old one as leaked.
 *
 * @param {object} options
 * @param {Integer} options.version of the account's own key
 * @param {{ account: Fixed } | { public: Fixed }} options.holder
 */
export function removeAccountEnvelope(options) {
  checkOptions('removeAccountEnvelope', options, ['version', 'holder']);
  const { version, holder } = options;
  return {
    version: keyVersion(version),
    holder:
      'account' in holder
        ? variant('Account', fixed(holder.account, 32, 'the account'))
        : variant('Key', holderKey(holder)),
  };
}

/** @param {{ public: Fixed }} holder */
const holderKey = (holder) => fixed(holder.public, 32, "the holder's public key");

/**
 * Returns the arguments of `share`, which grants access to data sets, with an envelope for each
 * data set to read.
 *
 * @param {object} options
 * @param {Fixed} options.genesisHash
 * @param {Integer} options.container
 * @param {Reader | { account: Fixed }} options.reader without READ, the account needs no key
 * @param {{
 *   dataSet: Uint8Array | string, access: number, key?: Omit<NamedKey, 'dataSet'> | null
 * }[]} options.access bits of `ACCESS` by data set; READ needs the newest key of the data set, or
 * `null` if it has none yet
 * @param {Integer} [options.until] the last moment of this access in Unix milliseconds; other
 *   access of the account keeps its own end
 * @param {Trust} options.trust
 */
export async function share(options) {
  const names = ['genesisHash', 'container', 'reader', 'access', 'until', 'trust'];
  checkOptions('share', options, names);
  const { genesisHash, container, reader, access, until, trust } = options;
  const keys = access.flatMap((part) => {
    checkOptions('an access', part, ['dataSet', 'access', 'key']);
    const { dataSet, access: bits, key } = part;
    if (!Number.isInteger(bits) || bits < 1 || bits > ALL_ACCESS) {
      throw new RangeError(`an access has bits of 1, 2 and 4, not ${bits}`);
    }
    if (!(bits & ACCESS.READ)) return [];
    if (key === undefined) {
      throw new TypeError('READ needs the newest key of the data set, or null for later');
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
