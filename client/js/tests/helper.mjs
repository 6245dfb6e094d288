// SPDX-License-Identifier: Apache-2.0

// Shared helpers of the tests.

import { deriveKeyPair, newSeed } from '../src/index.mjs';

export const utf8 = (text) => new TextEncoder().encode(text);
export const text = (bytes) => new TextDecoder().decode(bytes);
export const filled = (byte, length = 32) => new Uint8Array(length).fill(byte);

export const GENESIS = filled(0xaa);
export const PLACE = Object.freeze({
  genesisHash: GENESIS,
  container: 7n,
  dataSet: 'usage log',
  epoch: 1,
});

/** The password of the tests' keystores, including the committed ones. */
export const PASSWORD = 'correct horse battery staple';
/** The minimum cost, which is too low for real keystores. */
export const FAST = Object.freeze({ cost: 2 ** 14 });

/** Returns a random epoch key. */
export async function epochKey() {
  const seed = newSeed();
  return { seed, ...(await deriveKeyPair(seed)) };
}

/** Returns an account with an encryption key: the record on the chain, and the secret. */
export async function someone(byte, version = 1) {
  const { secretKey, publicKey } = await deriveKeyPair(newSeed());
  const account = filled(byte);
  return {
    account,
    reader: { account, version, public: publicKey },
    own: { account, version, secretKey },
  };
}

/** Bytes and a number as objects of Polkadot.js. */
export class Raw extends Uint8Array {
  // As in Polkadot.js, the constructor does not accept only a length.
  static get [Symbol.species]() {
    throw new Error('a copy must be a plain Uint8Array');
  }
}
export const polkadotNumber = (value) => ({ toString: () => String(value) });
