// SPDX-License-Identifier: Apache-2.0

// The format of a keystore, which docs/keystore.md describes: a header, and a body sealed with a
// password by scrypt and AES-256-GCM. The input may be hostile, so each member is checked. Messages
// contain no values, because they could be secret.

import { scryptAsync } from '@noble/hashes/scrypt.js';
import { fixed, fromHex, same, toHex, u64 } from './bytes.mjs';
import { MAX_NAME } from './crypto.mjs';
import { InvalidKeystore, WrongChain, WrongPassword } from './exceptions.mjs';

/** @typedef {import('./crypto.mjs').Fixed} Fixed */

/**
 * A key of the account. Version 1 of the format has no public keys.
 *
 * @typedef {{ version: number, secretKey: string, public?: string }} KeptKey
 */

/**
 * The seed of an epoch: the container in decimal digits, the epoch as a number, the rest in
 * hexadecimal.
 *
 * @typedef {object} KeptSeed
 * @property {string} container
 * @property {string} dataSet
 * @property {number} epoch
 * @property {string} seed
 * @property {string} public
 */

/**
 * The sealed body, with its members in the order in which they are written.
 *
 * @typedef {object} Secrets
 * @property {KeptKey[]} keys
 * @property {string} [device]
 * @property {KeptSeed[]} seeds
 * @property {Record<string, { version: number, public: string }>} pins
 * @property {Record<string, string>} signers
 */

/**
 * The content of a keystore. Version 1 of the format does not name the chain.
 *
 * @typedef {{ account: Uint8Array, genesisHash: Uint8Array | undefined, secrets: Secrets }} Content
 */

/**
 * @typedef {object} Header
 * @property {string} format
 * @property {number} version
 * @property {string} account
 * @property {string} [genesisHash] not in version 1
 * @property {{ name: string, n: number, r: number, p: number, salt: string }} kdf
 * @property {{ name: string, nonce: string }} cipher
 */

const FORMAT = 'twinchain-keystore';
const FIRST_VERSION = 1;
const VERSION = 2;
/** The default N of scrypt: 128 MiB of memory, and about a second. */
const COST = 2 ** 17;
// The bounds of N: less does not protect the keystore, more could overload the program that opens
// it.
const LEAST_COST = 2 ** 14;
const MOST_COST = 2 ** 18;
const KDF = { r: 8, p: 1, dkLen: 32 };
const SALT_BYTES = 32;
const NONCE_BYTES = 12;
const U32_MAX = 2 ** 32 - 1;
const HEX = /^0x[0-9a-f]*$/;
const DECIMAL = /^(?:0|[1-9]\d{0,19})$/;

/**
 * Seals a keystore in the newest version of the format.
 *
 * @param {{ account: Uint8Array, genesisHash: Uint8Array, secrets: Secrets }} content
 * @param {string} password
 * @param {number} [cost] scrypt's N, a power of two from 2^14 to 2^18
 * @returns {Promise<string>}
 */
export async function sealKeystore({ account, genesisHash, secrets }, password, cost = COST) {
  const header = {
    format: FORMAT,
    version: VERSION,
    account: toHex(account),
    genesisHash: toHex(genesisHash),
    kdf: { name: 'scrypt', n: cost, r: KDF.r, p: KDF.p, salt: toHex(random(SALT_BYTES)) },
    cipher: { name: 'AES-256-GCM', nonce: toHex(random(NONCE_BYTES)) },
  };
  const { key, algorithm } = await cipherOf(header, password);
  const plaintext = new TextEncoder().encode(JSON.stringify(secrets));
  const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, plaintext));
  return `${JSON.stringify({ ...header, sealed: toHex(sealed) }, null, 2)}\n`;
}

/**
 * Opens a keystore of any version of the format. Checks the form of its content, but derives no
 * public keys.
 *
 * @param {string} text
 * @param {string} password
 * @param {Fixed} [genesisHash] the connected chain
 * @returns {Promise<Content>}
 */
export async function openKeystore(text, password, genesisHash) {
  const { sealed, header } = parse(text);
  const connected =
    genesisHash === undefined ? undefined : fixed(genesisHash, 32, 'the genesis hash');
  const chain = header.genesisHash === undefined ? connected : fromHex(header.genesisHash);
  if (chain && connected) checkChain(chain, connected);
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
  const secrets = parseSecrets(plaintext, header.version);
  if (Object.hasOwn(secrets.pins, header.account)) {
    if (header.version !== 1) throw damaged('it pins its own account');
    // Programs of version 1 could pin a key of the account itself, which has no meaning.
    delete secrets.pins[header.account];
  }
  return { account: fromHex(header.account), genesisHash: chain, secrets };
}

/**
 * Fails unless a keystore belongs to this chain.
 *
 * @param {Uint8Array} own the keystore's
 * @param {Uint8Array} other
 */
export function checkChain(own, other) {
  if (same(own, other)) return;
  throw new WrongChain(
    `this keystore belongs to the chain with the genesis hash ${toHex(own)}, not to the one with ` +
      `${toHex(other)}: connect to its chain, or use the keystore that you have for the other one`,
  );
}

/** @param {string} what */
const damaged = (what) => new InvalidKeystore(`the keystore is damaged: ${what}`);

/** @param {number} length */
const random = (length) => crypto.getRandomValues(new Uint8Array(length));

/**
 * Parses the file. Returns its parts, with the header in the form that the seal authenticates.
 *
 * @param {string} text
 * @returns {{ sealed: Uint8Array<ArrayBuffer>, header: Header }}
 */
function parse(text) {
  let file;
  try {
    file = JSON.parse(text);
  } catch (cause) {
    throw new InvalidKeystore('this is not a keystore: it is not JSON', { cause });
  }
  if (file?.format !== FORMAT) throw new InvalidKeystore('this is not a keystore of Twinchain');
  const { format, version, account, genesisHash, kdf, cipher, sealed } = file;
  if (version !== FIRST_VERSION && version !== VERSION) {
    throw new InvalidKeystore(
      `this keystore has version ${JSON.stringify(version)}, but this program only knows ` +
        `${FIRST_VERSION} and ${VERSION}: update it`,
    );
  }
  const chain = version === FIRST_VERSION ? [] : ['genesisHash'];
  checkMembers(file, ['format', 'version', 'account', ...chain, 'kdf', 'cipher', 'sealed'], 'it');
  if (kdf?.name !== 'scrypt' || kdf.r !== KDF.r || kdf.p !== KDF.p || !isCost(kdf.n)) {
    throw new InvalidKeystore('this program does not accept the parameters of the key derivation');
  }
  checkMembers(kdf, ['name', 'n', 'r', 'p', 'salt'], 'its kdf');
  if (cipher?.name !== 'AES-256-GCM') {
    throw new InvalidKeystore('the keystore uses a cipher that this program does not know');
  }
  checkMembers(cipher, ['name', 'nonce'], 'its cipher');
  const salt = hex(kdf.salt, SALT_BYTES, 'the salt');
  const header = {
    format,
    version,
    account: hex(account, 32, 'the account'),
    ...(version === FIRST_VERSION
      ? undefined
      : { genesisHash: hex(genesisHash, 32, 'the genesis hash') }),
    kdf: { name: kdf.name, n: kdf.n, r: kdf.r, p: kdf.p, salt },
    cipher: { name: cipher.name, nonce: hex(cipher.nonce, NONCE_BYTES, 'the nonce') },
  };
  return { sealed: fromHex(hex(sealed, undefined, 'the sealed part')), header };
}

/**
 * Parses and checks the decrypted body.
 *
 * @param {AllowSharedBufferSource} plaintext
 * @param {number} version of the format
 * @returns {Secrets}
 */
export function parseSecrets(plaintext, version) {
  let content;
  try {
    content = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(plaintext));
  } catch {
    // The message of JSON.parse would quote secrets.
    throw damaged('the sealed part is not JSON');
  }
  return version === FIRST_VERSION ? firstSecrets(content) : secretsOf(content);
}

/**
 * Checks the secrets of a keystore.
 *
 * @param {unknown} content
 * @returns {Secrets}
 */
function secretsOf(content) {
  const known = ['keys', 'seeds', 'pins', 'signers'];
  const { keys, device, seeds, pins, signers } = checkMembers(content, known, 'it', ['device']);
  return {
    keys: list(keys, 'keys').map(keyOf),
    device: deviceOf(device),
    seeds: list(seeds, 'seeds').map(seedOf),
    pins: pinsOf(pins),
    signers: Object.fromEntries(
      Object.entries(object(signers, 'signers')).map(([account, uri]) => [
        hex(account, 32, 'an account in signers'),
        secretUri(uri),
      ]),
    ),
  };
}

/**
 * Checks the secrets of a keystore of version 1.
 *
 * @param {unknown} content
 * @returns {Secrets}
 */
function firstSecrets(content) {
  const { keys, device, pins } = checkMembers(content, ['keys', 'pins'], 'it', ['device']);
  return {
    keys: Object.entries(object(keys, 'keys')).map(([version, secretKey]) => ({
      version: number(DECIMAL.test(version) ? Number(version) : undefined, 'a version in keys'),
      secretKey: hex(secretKey, 32, 'a secret key'),
    })),
    device: deviceOf(device),
    seeds: [],
    pins: pinsOf(pins),
    signers: {},
  };
}

/** @param {unknown} item */
function keyOf(item) {
  const key = checkMembers(item, ['version', 'secretKey', 'public'], 'a key');
  return {
    version: number(key.version, "a key's version"),
    secretKey: hex(key.secretKey, 32, 'a secret key'),
    public: hex(key.public, 32, 'a public key'),
  };
}

/** @param {unknown} item */
function seedOf(item) {
  const seed = checkMembers(item, ['container', 'dataSet', 'epoch', 'seed', 'public'], 'a seed');
  const name = hex(seed.dataSet, undefined, "a data set's name");
  if (name.length < 4 || name.length > 2 + 2 * MAX_NAME) {
    throw damaged(`a data set's name must have 1 to ${MAX_NAME} bytes`);
  }
  return {
    container: containerOf(seed.container),
    dataSet: name,
    epoch: number(seed.epoch, "a seed's epoch"),
    seed: hex(seed.seed, 32, 'a seed'),
    public: hex(seed.public, 32, 'the public key of a seed'),
  };
}

/** @param {unknown} value */
function containerOf(value) {
  try {
    if (typeof value === 'string' && DECIMAL.test(value)) return String(u64(value, 'a container'));
  } catch {
    // The number is too large.
  }
  throw damaged('a container is not a number of 64 bits in decimal digits');
}

/** @param {unknown} device */
const deviceOf = (device) =>
  device === undefined ? undefined : hex(device, 32, "the device's secret key");

/** @param {unknown} pins */
const pinsOf = (pins) =>
  Object.fromEntries(
    Object.entries(object(pins, 'pins')).map(([account, item]) => {
      const pin = checkMembers(item, ['version', 'public'], 'a pin');
      const version = number(pin.version, "a pin's version");
      const of = hex(account, 32, 'an account in pins');
      return [of, { version, public: hex(pin.public, 32, "a pin's public key") }];
    }),
  );

/**
 * Returns a value as a JSON object, or fails.
 *
 * @param {unknown} value
 * @param {string} what
 * @returns {Record<string, unknown>}
 */
function object(value, what) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw damaged(`${what} must be an object`);
  }
  return /** @type {Record<string, unknown>} */ (value);
}

/**
 * Returns a value as a JSON object with all of these members, and no unknown ones, or fails.
 *
 * @param {unknown} value
 * @param {string[]} names
 * @param {string} what
 * @param {string[]} [optional]
 */
function checkMembers(value, names, what, optional = []) {
  const found = object(value, what);
  const missing = names.find((name) => !Object.hasOwn(found, name));
  if (missing) throw damaged(`${what} has no member ${missing}`);
  const known = [...names, ...optional];
  if (Object.keys(found).some((name) => !known.includes(name))) {
    throw new InvalidKeystore(
      `the keystore was written by a newer program: ${what} has a member that this one does not ` +
        'know. Update it',
    );
  }
  return found;
}

/**
 * @param {unknown} value
 * @param {string} what
 * @returns {unknown[]}
 */
function list(value, what) {
  if (!Array.isArray(value)) throw damaged(`${what} must be a list`);
  return value;
}

/**
 * @param {unknown} value
 * @param {number | undefined} length in bytes; any if undefined
 * @param {string} what
 * @returns {string}
 */
function hex(value, length, what) {
  const isHex = typeof value === 'string' && value.length % 2 === 0 && HEX.test(value);
  if (!isHex || (length !== undefined && value.length !== 2 + 2 * length)) {
    const bytes = length === undefined ? 'bytes' : `${length} bytes`;
    throw damaged(`${what} must be ${bytes} in lower-case hex`);
  }
  return value;
}

/**
 * Returns a value as an integer from 1 to 2^32 - 1, as versions and epochs are, or fails.
 *
 * @param {unknown} value
 * @param {string} what
 * @returns {number}
 */
function number(value, what) {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= U32_MAX) {
    return value;
  }
  throw damaged(`${what} must be an integer from 1 to ${U32_MAX}`);
}

/**
 * Returns a secret URI, which is text that is not empty, or fails.
 *
 * @param {unknown} uri
 * @returns {string}
 */
function secretUri(uri) {
  if (isSecretUri(uri)) return uri;
  throw damaged('a secret URI must be text');
}

/**
 * Returns `true` if a value has the form of a secret URI: well-formed text that is not empty.
 *
 * @param {unknown} uri
 * @returns {uri is string}
 */
export const isSecretUri = (uri) =>
  typeof uri === 'string' && uri !== '' && !/\p{Surrogate}/u.test(uri);

/** @param {unknown} n */
const isCost = (n) =>
  typeof n === 'number' && n >= LEAST_COST && n <= MOST_COST && Number.isInteger(Math.log2(n));

/**
 * Returns the cipher that seals a keystore and authenticates its header.
 *
 * @param {Header} header
 * @param {string} password
 */
async function cipherOf(header, password) {
  if (typeof password !== 'string' || password.length === 0) {
    throw new TypeError('a keystore needs a password');
  }
  const { n } = header.kdf;
  if (!isCost(n)) {
    throw new RangeError(`scrypt's N must be a power of two from 2^14 to 2^18, not ${n}`);
  }
  // Different keyboards may enter the same letters as different code points.
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
