// SPDX-License-Identifier: Apache-2.0

// HPKE (RFC 9180) in base mode, single shot, on byte strings: DHKEM(X25519, HKDF-SHA256) 0x0020,
// HKDF-SHA256 0x0001, ChaCha20-Poly1305 0x0003. X25519 and HKDF come from the platform's WebCrypto.
// The output is one string: encapsulated key (32 bytes), ciphertext, tag (16).

import { Chacha20Poly1305 } from '@hpke/chacha20poly1305';
import { CipherSuite, DhkemX25519HkdfSha256, EncapError, HkdfSha256 } from '@hpke/core';
import { concat } from './bytes.mjs';
import { CannotOpen, WeakKey } from './exceptions.mjs';

const ENCAPSULATED = 32;
const TAG = 16;
/** The number of bytes that sealing adds. */
export const OVERHEAD = ENCAPSULATED + TAG;

const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Chacha20Poly1305(),
});

/**
 * A key pair, with 32 bytes for each key.
 *
 * @typedef {object} KeyPair
 * @property {Uint8Array} secretKey
 * @property {Uint8Array} publicKey
 */

/**
 * Derives a key pair: DeriveKeyPair of RFC 9180, section 7.1.3.
 *
 * @param {Uint8Array} seed
 * @returns {Promise<KeyPair>}
 */
export async function deriveKeyPair(seed) {
  const { privateKey, publicKey } = await suite.kem.deriveKeyPair(seed);
  return {
    secretKey: new Uint8Array(await suite.kem.serializePrivateKey(privateKey)),
    publicKey: new Uint8Array(await suite.kem.serializePublicKey(publicKey)),
  };
}

/**
 * Returns the public key of a secret key: X25519 of the base point.
 *
 * @param {Uint8Array} secretKey
 * @returns {Promise<Uint8Array>}
 */
export async function publicKeyOf(secretKey) {
  const base = Uint8Array.of(9, ...new Uint8Array(31));
  const [secret, point] = await Promise.all([
    suite.kem.deserializePrivateKey(secretKey),
    suite.kem.deserializePublicKey(base),
  ]);
  const algorithm = { name: 'X25519', public: point };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, secret, 256));
}

/**
 * Seals a plaintext. `ephemeral` makes the result repeatable, for test vectors only. Any other use
 * discloses the plaintext, so the package does not export this function.
 *
 * @param {Uint8Array} publicKey
 * @param {Uint8Array} info
 * @param {Uint8Array} aad
 * @param {Uint8Array} plaintext
 * @param {Uint8Array} [ephemeral] the seed of the ephemeral key pair
 * @returns {Promise<Uint8Array>}
 */
export async function seal(publicKey, info, aad, plaintext, ephemeral) {
  const recipientPublicKey = await suite.kem.deserializePublicKey(publicKey);
  try {
    const { enc, ct } = await suite.seal(
      { recipientPublicKey, info, ekm: ephemeral },
      plaintext,
      aad,
    );
    return concat(new Uint8Array(enc), new Uint8Array(ct));
  } catch (cause) {
    if (!(cause instanceof EncapError)) throw cause;
    throw new WeakKey('this public key is weak, so nothing can be sealed to it', { cause });
  }
}

/**
 * @param {Uint8Array} secretKey
 * @param {Uint8Array} info
 * @param {Uint8Array} aad
 * @param {Uint8Array} sealed
 * @returns {Promise<Uint8Array>}
 */
export async function open(secretKey, info, aad, sealed) {
  if (sealed.length < OVERHEAD) {
    throw new CannotOpen(`${sealed.length} bytes are too few: sealing adds ${OVERHEAD}`);
  }
  const recipientKey = await suite.kem.deserializePrivateKey(secretKey);
  const enc = sealed.subarray(0, ENCAPSULATED);
  try {
    const context = { recipientKey, enc, info };
    return new Uint8Array(await suite.open(context, sealed.subarray(ENCAPSULATED), aad));
  } catch (cause) {
    throw new CannotOpen(
      'this cannot be opened: it was sealed to another key, by another author, for another place ' +
        '(chain, container, data set, epoch) or account, or was altered since',
      { cause },
    );
  }
}
