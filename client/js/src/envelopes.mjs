// SPDX-License-Identifier: Apache-2.0

// Parts of the calls that carry envelopes: the keys that may be sealed to, and the sealed seeds.

import { fixed, same, toHex, u32 } from './bytes.mjs';
import { dataSetName, deriveKeyPair, keyVersion, sealEnvelope } from './crypto.mjs';
import { FalseEnvelope } from './exceptions.mjs';
import { checkOptions } from './options.mjs';

/** @typedef {import('./crypto.mjs').Fixed} Fixed */
/** @typedef {import('./crypto.mjs').Integer} Integer */
/** @typedef {import('./crypto.mjs').Reader} Reader */

/**
 * A variant of an enum.
 *
 * @template {string} Type
 * @template [Value=undefined]
 * @typedef {{ type: Type, value: Value }} Variant
 */

/**
 * Decides whether a key may be sealed to: a `Keystore`, or any object whose `check` throws for a
 * wrong key.
 *
 * @typedef {{ check(reader: Reader): void }} Trust
 */

/**
 * A data set's newest key, to be sealed for an account.
 *
 * @typedef {object} NamedKey
 * @property {Uint8Array | string} dataSet
 * @property {Integer} epoch
 * @property {Fixed} seed
 * @property {Fixed} publicKey
 */

/** The maximum number of envelopes in `set_envelopes`, and in `rotate_key` besides the owner's. */
export const MAX_ENVELOPES = 64;

/** The place of a data set, in options. */
export const WHERE = ['genesisHash', 'container', 'dataSet'];
/** A key of an epoch, in options: also the results of `rotate` and of the keystore. */
export const NAMED_KEY = ['dataSet', 'epoch', 'seed', 'publicKey', 'secretKey', 'args'];

/**
 * @template {string} Type
 * @template Value
 * @param {Type} type
 * @param {Value} value
 * @returns {Variant<Type, Value>}
 */
export const variant = (type, value) => ({ type, value });

/**
 * Fails if the length of a list is out of bounds.
 *
 * @param {unknown[]} items
 * @param {number} least
 * @param {number} most
 * @param {string} what
 */
export function checkCount(items, least, most, what) {
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
export const readerEnvelopes = (place, readers, seed) =>
  Promise.all(
    readers.map(async (reader) => ({
      reader: fixed(reader.account, 32, 'the account'),
      key_version: keyVersion(reader.version),
      envelope: await sealEnvelope(place, reader, seed),
    })),
  );

/**
 * Fails if a name occurs twice.
 *
 * @param {Uint8Array[]} names
 */
export function checkOnce(names) {
  const hex = names.map(toHex);
  const twice = hex.find((name, index) => hex.indexOf(name) !== index);
  if (twice) throw new RangeError(`${twice} is named twice: one envelope is enough`);
}

/**
 * Fails if a reader occurs twice, or its key is not the trusted one.
 *
 * @param {Reader[]} readers
 * @param {Trust | undefined} trust
 */
export function checkReaders(readers, trust) {
  checkOnce(readers.map(({ account }) => fixed(account, 32, 'the account')));
  if (typeof trust?.check !== 'function') {
    throw new TypeError("`trust` must be a Keystore: it checks the readers' keys");
  }
  for (const reader of readers) trust.check(reader);
}

/**
 * Fails if a seed is not that of an epoch. A wrong seed in an envelope or link could not be
 * corrected: older data would be lost to all accounts.
 *
 * @param {{ seed: Fixed, publicKey: Fixed, epoch?: Integer }} key
 * @param {Integer} epoch
 */
export async function checkSeed({ seed, publicKey, epoch: own }, epoch) {
  if (own !== undefined && u32(own, "the key's epoch") !== u32(epoch, 'the epoch')) {
    throw new RangeError(`this is the key of epoch ${own}, not of epoch ${epoch}`);
  }
  const derived = await deriveKeyPair(seed);
  if (!same(derived.publicKey, fixed(publicKey, 32, "the epoch's public key"))) {
    throw new FalseEnvelope(`this is not the seed of epoch ${epoch}, so it is given to no one`);
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
export async function envelopesFor({ genesisHash, container, reader, keys, trust }) {
  if (keys.length === 0) return [];
  if (!('public' in reader)) {
    throw new TypeError(
      'the reader has no encryption key: give its version and public key',
    );
  }
  checkReaders([reader], trust);
  return Promise.all(
    keys.map(async (key) => {
      checkOptions('a key', key, NAMED_KEY);
      const { dataSet, epoch, seed, publicKey } = key;
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
