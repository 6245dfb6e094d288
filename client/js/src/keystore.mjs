// SPDX-License-Identifier: Apache-2.0

// An account's secret encryption keys, all versions of them, the key of the device, and the keys of
// others as they were first seen. It is kept as one JSON text, encrypted with a password: scrypt
// and AES-256-GCM. This works in browsers, too; keystore-file.mjs keeps the text in a file.

import { scryptAsync } from '@noble/hashes/scrypt.js';
import { fixed, fromHex, same, toHex } from './bytes.mjs';
import { keyVersion, newKeyPair, openAccountEnvelope, publicKeyOf } from './crypto.mjs';
import {
  FalseEnvelope,
  InvalidKeystore,
  KeyChanged,
  TwinchainError,
  UnknownKey,
  WrongPassword,
} from './exceptions.mjs';

/** @typedef {import('./crypto.mjs').Fixed} Fixed */
/** @typedef {import('./crypto.mjs').HolderKey} HolderKey */
/** @typedef {import('./crypto.mjs').Integer} Integer */
/** @typedef {import('./crypto.mjs').OwnKey} OwnKey */
/** @typedef {import('./crypto.mjs').Reader} Reader */

/**
 * A key as the chain has it.
 *
 * @typedef {{ version: number, public: Uint8Array }} PublicKey
 */

/**
 * A secret key and its public key.
 *
 * @typedef {{ secretKey: Uint8Array, public: Uint8Array }} Held
 */

/**
 * A record of the chain's map `AccountKeyEnvelopes`: who can open it, and the sealed secret key.
 *
 * @typedef {object} AccountEnvelope
 * @property {{ account: Fixed, version: Integer } | { public: Fixed }} holder
 * @property {Fixed} sealed
 */

const FORMAT = 'twinchain-keystore';
const VERSION = 1;
/** scrypt's N: 128 MiB of memory, and about a second. */
export const COST = 2 ** 17;
// What a keystore may ask for: less would be no protection, more an attack on whoever opens it.
const LEAST_COST = 2 ** 14;
const MOST_COST = 2 ** 18;
const KDF = { r: 8, p: 1, dkLen: 32 };
const SALT_BYTES = 32;
const NONCE_BYTES = 12;

export class Keystore {
  /** @type {Map<number, Held>} */
  #keys = new Map();
  /** @type {Held | undefined} */
  #device;
  /** @type {Map<string, PublicKey>} */
  #pins = new Map();

  /** @param {Fixed} account whose keys these are */
  constructor(account) {
    this.account = fixed(account, 32, 'the account');
  }

  /** The versions there are keys of, oldest first. */
  get versions() {
    return [...this.#keys.keys()].sort((a, b) => a - b);
  }

  /**
   * The key to send with `set_encryption_key`: made now, or by an earlier call for this version.
   * Save the keystore before sending.
   *
   * @param {Integer} version one more than the version on the chain; 1 if that has none
   * @returns {Promise<Reader & PublicKey>}
   */
  async prepareKey(version) {
    const number = keyVersion(version);
    const newest = this.versions.at(-1) ?? 0;
    if (!this.#keys.has(number) && number < newest) {
      throw new RangeError(
        `there is a key of version ${newest} already: the next on the chain cannot be ${number}`,
      );
    }
    if (!this.#keys.has(number)) {
      const { secretKey } = await newKeyPair();
      await this.importKey(number, secretKey);
    }
    return this.reader(number);
  }

  /**
   * Adds a key that was made elsewhere. One that is there already is never replaced.
   *
   * @param {Integer} version
   * @param {Fixed} secretKey
   */
  async importKey(version, secretKey) {
    const number = keyVersion(version);
    const key = await heldOf(secretKey);
    const held = this.#keys.get(number);
    if (held && !same(held.public, key.public)) {
      throw new RangeError(`there is another key of version ${number} already`);
    }
    if (!held) this.#keys.set(number, key);
  }

  /**
   * Adds a key of this account that an account envelope held: so a lost keystore comes back. Fails
   * unless it is the key that the chain has.
   *
   * @param {OwnKey & Reader} key what `openKey` returned
   */
  async restore({ account, version, secretKey, public: publicKey }) {
    const number = keyVersion(version);
    const of = fixed(account, 32, 'the account');
    if (!same(of, this.account)) {
      throw new RangeError(`this key is of ${toHex(of)}, and the keystore of another account`);
    }
    const key = await heldOf(secretKey);
    if (!same(key.public, fixed(publicKey, 32, 'the public key'))) {
      throw new FalseEnvelope(
        `this is not the secret key of version ${number}: its public key is another on the chain`,
      );
    }
    await this.importKey(number, key.secretKey);
  }

  /**
   * Returns the public key of this device, which is on no chain: made now, or by an earlier call.
   * Save the keystore; then seal the account's secret key for this holder (`setAccountEnvelopes`).
   *
   * @returns {Promise<{ public: Uint8Array }>}
   */
  async prepareDeviceKey() {
    const { secretKey, publicKey } = await newKeyPair();
    this.#device ??= { secretKey, public: publicKey };
    return { public: Uint8Array.from(this.#device.public) };
  }

  /**
   * The secret key of a version: the one that an envelope names.
   *
   * @param {Integer} version
   * @returns {OwnKey}
   */
  key(version) {
    const number = keyVersion(version);
    const { secretKey } = this.#held(number);
    return { account: this.account, version: number, secretKey: Uint8Array.from(secretKey) };
  }

  /**
   * The public key of a version, to seal to.
   *
   * @param {Integer} version
   * @returns {Reader & PublicKey}
   */
  reader(version) {
    const number = keyVersion(version);
    const publicKey = Uint8Array.from(this.#held(number).public);
    return { account: this.account, version: number, public: publicKey };
  }

  /**
   * Opens the secret key of an account from an envelope that the account made for this one, or for
   * a key of this keystore. The account is another, such as a company, or this one, if the keystore
   * lacks this version. The key is not kept here: it can be opened again from the state at any
   * time. To keep a key of this account, `restore` it.
   *
   * @param {object} options
   * @param {Fixed} options.genesisHash
   * @param {Reader} options.of the account, with its public key of the version that is wanted
   * @param {Iterable<AccountEnvelope>} options.envelopes all of this version
   * @param {Fixed} [options.secretKey] opens as well: a key outside the chain, as from paper
   * @returns {Promise<OwnKey & Reader>}
   */
  async openKey({ genesisHash, of, envelopes, secretKey }) {
    const given = secretKey === undefined ? [] : [await heldOf(secretKey)];
    /** @type {Error | undefined} */
    let fault;
    for (const { holder, sealed } of envelopes) {
      const own = this.#keyOfHolder(holder, given);
      if (!own) continue;
      try {
        return await openAccountEnvelope(genesisHash, of, own, sealed);
      } catch (error) {
        if (!(error instanceof TwinchainError)) throw error;
        fault = error;
      }
    }
    const { account, version } = readerOf(of);
    throw (
      fault ??
      new UnknownKey(
        `no envelope of version ${version} of the account ${toHex(account)} is for a key in this ` +
          `keystore${given.length > 0 ? ' or for the key given' : ''}: ask that account for one`,
      )
    );
  }

  /**
   * Returns the own or given key with which a holder's envelope opens, if there is one.
   *
   * @param {AccountEnvelope['holder']} holder
   * @param {Held[]} given
   * @returns {HolderKey | undefined}
   */
  #keyOfHolder(holder, given) {
    if ('account' in holder) {
      const isOwn = same(fixed(holder.account, 32, 'the account'), this.account);
      const version = keyVersion(holder.version);
      return isOwn && this.#keys.has(version) ? this.key(version) : undefined;
    }
    const publicKey = fixed(holder.public, 32, "the holder's public key");
    const device = this.#device ? [this.#device] : [];
    const keys = [...given, ...device, ...this.#keys.values()];
    const held = keys.find((key) => same(key.public, publicKey));
    return held && { secretKey: Uint8Array.from(held.secretKey) };
  }

  /** @param {number} version */
  #held(version) {
    const key = this.#keys.get(version);
    if (key) return key;
    const versions = this.versions.join(', ') || 'none';
    throw new UnknownKey(
      `the keystore has no key of version ${version} (it has: ${versions}): ` +
        'look for a copy of it, restore it from an account envelope, or ask for a new envelope',
    );
  }

  /**
   * Throws `KeyChanged` if this is another key than the one that was pinned. A key that is seen for
   * the first time is pinned. One's own must be in this keystore.
   *
   * @param {Reader} reader
   */
  check(reader) {
    const found = readerOf(reader);
    const address = toHex(found.account);
    if (same(found.account, this.account)) {
      if (same(this.#held(found.version).public, found.public)) return;
      throw new KeyChanged(
        `your own key of version ${found.version} is another on the chain than in this keystore: ` +
          'seal nothing to it, and find out who changed it',
        found,
        this.reader(found.version),
      );
    }
    const pinned = this.#pins.get(address);
    if (!pinned) {
      this.#pins.set(address, { version: found.version, public: found.public });
      return;
    }
    if (pinned.version === found.version && same(pinned.public, found.public)) return;
    const how =
      found.version > pinned.version
        ? `from version ${pinned.version} to ${found.version}`
        : `although it was pinned as version ${pinned.version}, and found as ${found.version}: a ` +
          'chain never does that, so mistrust the node that was asked';
    throw new KeyChanged(
      `the encryption key of ${address} changed ${how}. ` +
        'Ask that account, over another channel than this chain, whether the new key is its own, ' +
        'and accept it if so',
      found,
      pinned,
    );
  }

  /**
   * Pins this key instead of the one before, after a person said that it is right.
   *
   * @param {Reader} reader
   */
  accept(reader) {
    const found = readerOf(reader);
    if (same(found.account, this.account)) {
      throw new RangeError('your own keys are in the keystore itself: there is nothing to accept');
    }
    this.#pins.set(toHex(found.account), { version: found.version, public: found.public });
  }

  /**
   * @param {Fixed} account
   * @returns {PublicKey | undefined}
   */
  pinned(account) {
    const pin = this.#pins.get(toHex(fixed(account, 32, 'the account')));
    return pin && { version: pin.version, public: Uint8Array.from(pin.public) };
  }

  /**
   * The keystore as text, encrypted.
   *
   * @param {string} password
   * @param {{ cost?: number }} [options] scrypt's N, a power of two from 2^14 to 2^18
   * @returns {Promise<string>}
   */
  async seal(password, { cost = COST } = {}) {
    const keys = [...this.#keys].map(([version, { secretKey }]) => [version, toHex(secretKey)]);
    const pins = [...this.#pins].map(([account, pin]) => [
      account,
      { version: pin.version, public: toHex(pin.public) },
    ]);
    const secrets = {
      keys: Object.fromEntries(keys),
      pins: Object.fromEntries(pins),
      device: this.#device && toHex(this.#device.secretKey),
    };
    const header = {
      format: FORMAT,
      version: VERSION,
      account: toHex(this.account),
      kdf: { name: 'scrypt', n: cost, r: KDF.r, p: KDF.p, salt: toHex(random(SALT_BYTES)) },
      cipher: { name: 'AES-256-GCM', nonce: toHex(random(NONCE_BYTES)) },
    };
    const { key, algorithm } = await cipherOf(header, password);
    const plaintext = new TextEncoder().encode(JSON.stringify(secrets));
    const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, plaintext));
    return `${JSON.stringify({ ...header, sealed: toHex(sealed) }, null, 2)}\n`;
  }

  /**
   * @param {string} text what `seal` made
   * @param {string} password
   * @returns {Promise<Keystore>}
   */
  static async open(text, password) {
    const { sealed, header } = parse(text);
    const { key, algorithm } = await cipherOf(header, password);
    let plaintext;
    try {
      plaintext = await crypto.subtle.decrypt(algorithm, key, sealed);
    } catch (cause) {
      throw new WrongPassword(
        'the keystore does not open: the password is wrong, or the file was altered',
        { cause },
      );
    }
    const { keys, pins, device } = JSON.parse(new TextDecoder().decode(plaintext));
    const keystore = new Keystore(header.account);
    for (const [version, secretKey] of Object.entries(keys)) {
      await keystore.importKey(version, /** @type {string} */ (secretKey));
    }
    for (const [account, pin] of Object.entries(pins)) keystore.accept({ account, ...pin });
    if (device) keystore.#device = await heldOf(device);
    return keystore;
  }
}

/** @param {Reader} reader */
const readerOf = (reader) => ({
  account: fixed(reader.account, 32, 'the account'),
  version: keyVersion(reader.version),
  public: fixed(reader.public, 32, 'the public key'),
});

/**
 * @param {Fixed} secretKey
 * @returns {Promise<Held>}
 */
async function heldOf(secretKey) {
  const secret = fixed(secretKey, 32, 'the secret key');
  return { secretKey: secret, public: await publicKeyOf(secret) };
}

/** @param {number} length */
const random = (length) => crypto.getRandomValues(new Uint8Array(length));

/**
 * @typedef {object} Header
 * @property {string} format
 * @property {number} version
 * @property {string} account
 * @property {{ name: string, n: number, r: number, p: number, salt: string }} kdf
 * @property {{ name: string, nonce: string }} cipher
 */

/**
 * The file's parts, with the header exactly as it was written, since the seal covers it.
 *
 * @param {string} text
 * @returns {{ sealed: Uint8Array<ArrayBuffer>, header: Header }}
 */
function parse(text) {
  let file;
  try {
    file = JSON.parse(text);
  } catch (cause) {
    throw new InvalidKeystore('this is no keystore: it is no JSON', { cause });
  }
  if (file?.format !== FORMAT) throw new InvalidKeystore('this is no keystore of Twinchain');
  if (file.version !== VERSION) {
    throw new InvalidKeystore(
      `this keystore has version ${file.version} and this program knows ${VERSION}: update it`,
    );
  }
  const { format, version, account, kdf, cipher } = file;
  if (kdf?.name !== 'scrypt' || kdf.r !== KDF.r || kdf.p !== KDF.p || !isCost(kdf.n)) {
    throw new InvalidKeystore('the keystore derives its key in a way that this program refuses');
  }
  if (cipher?.name !== 'AES-256-GCM') {
    throw new InvalidKeystore(`this program does not know the cipher ${cipher?.name}`);
  }
  try {
    const salt = toHex(fixed(kdf.salt, SALT_BYTES, 'the salt'));
    const nonce = toHex(fixed(cipher.nonce, NONCE_BYTES, 'the nonce'));
    const header = {
      format,
      version,
      account: toHex(fixed(account, 32, 'the account')),
      kdf: { name: kdf.name, n: kdf.n, r: kdf.r, p: kdf.p, salt },
      cipher: { name: cipher.name, nonce },
    };
    return { sealed: fromHex(file.sealed), header };
  } catch (cause) {
    throw new InvalidKeystore(`the keystore is damaged: ${/** @type {Error} */ (cause).message}`, {
      cause,
    });
  }
}

/** @param {unknown} n */
const isCost = (n) =>
  typeof n === 'number' && n >= LEAST_COST && n <= MOST_COST && Number.isInteger(Math.log2(n));

/**
 * The cipher that seals a keystore, and covers its header.
 *
 * @param {Header} header
 * @param {string} password
 */
async function cipherOf(header, password) {
  if (typeof password !== 'string' || password.length === 0) {
    throw new TypeError('a keystore needs a password');
  }
  const { n } = header.kdf;
  if (!isCost(n)) throw new RangeError(`scrypt's N is a power of two from 2^14 to 2^18, not ${n}`);
  // The same letters are typed as other code points on other keyboards.
  const normal = password.normalize('NFKC');
  const secret = Uint8Array.from(
    await scryptAsync(normal, fromHex(header.kdf.salt), { N: n, ...KDF }),
  );
  const key = await crypto.subtle.importKey('raw', secret, 'AES-GCM', false, [
    'encrypt',
    'decrypt',
  ]);
  const algorithm = {
    name: 'AES-GCM',
    iv: fromHex(header.cipher.nonce),
    additionalData: new TextEncoder().encode(JSON.stringify(header)),
  };
  return { key, algorithm };
}
