// SPDX-License-Identifier: Apache-2.0

// The keystore: the secrets that an account needs to read confidential data. It holds the account's
// secret encryption keys, the device key, the seeds of epochs that it created or opened, and the
// pinned keys of other accounts. It is stored as one JSON text, encrypted with a password:
// keystore-format.mjs. This module also works in browsers; keystore-file.mjs stores the text in a
// file.

import { fixed, same, toHex, u32, u64 } from './bytes.mjs';
import {
  dataSetName,
  deriveKeyPair,
  keyVersion,
  newKeyPair,
  openAccountEnvelope,
  publicKeyOf,
} from './crypto.mjs';
import {
  CannotOpen,
  FalseEnvelope,
  FalseSeed,
  InvalidKeystore,
  KeyChanged,
  TwinchainError,
  UnexpectedKey,
  UnknownKey,
} from './exceptions.mjs';
import { checkChain, isSecretUri, openKeystore, sealKeystore } from './keystore-format.mjs';
import { checkOptions } from './options.mjs';

/** @typedef {import('./crypto.mjs').EpochKey} EpochKey */
/** @typedef {import('./crypto.mjs').Fixed} Fixed */
/** @typedef {import('./crypto.mjs').HolderKey} HolderKey */
/** @typedef {import('./crypto.mjs').Integer} Integer */
/** @typedef {import('./crypto.mjs').OwnKey} OwnKey */
/** @typedef {import('./crypto.mjs').Reader} Reader */
/** @typedef {import('./keystore-format.mjs').KeptSeed} KeptSeed */

/**
 * A public key on the chain.
 *
 * @typedef {{ version: number, public: Uint8Array }} PublicKey
 */

/**
 * A secret key and its public key.
 *
 * @typedef {{ secretKey: Uint8Array, public: Uint8Array }} Held
 */

/**
 * A key of the account. The version is the actual or expected one on the chain.
 *
 * @typedef {Held & { version: number }} Own
 */

/**
 * A record of the chain's map `AccountKeyEnvelopes`: the holder, and the sealed secret key.
 *
 * @typedef {object} AccountEnvelope
 * @property {{ account: Fixed, version: Integer } | { public: Fixed }} holder
 * @property {Fixed} sealed
 */

/**
 * A pin of another keystore that differs from the one here.
 *
 * @typedef {{ account: Uint8Array, own: PublicKey, other: PublicKey }} PinConflict
 */

const CHAIN_UNKNOWN =
  'a keystore belongs to one chain, but this one does not name its chain: give genesisHash when ' +
  'you create or open it';

export class Keystore {
  /**
   * The account's keys by public key, in the order in which they were added.
   *
   * @type {Map<string, Own>}
   */
  #keys = new Map();
  /** @type {Held | undefined} */
  #device;
  /**
   * The seeds, by all their fields.
   *
   * @type {Map<string, KeptSeed>}
   */
  #seeds = new Map();
  /**
   * The seeds by public key. It is only a label, so a false seed can exist beside the correct one.
   *
   * @type {Map<string, KeptSeed[]>}
   */
  #seedsByPublicKey = new Map();
  /**
   * The keys derived from seeds.
   *
   * @type {WeakMap<KeptSeed, EpochKey>}
   */
  #derived = new WeakMap();
  /** @type {Map<string, PublicKey>} */
  #pins = new Map();
  /** @type {Map<string, string>} */
  #signers = new Map();

  /**
   * @param {Fixed} account the account that the keys belong to
   * @param {Fixed} [genesisHash] the chain, by the hash of its genesis block; without it, the
   *   keystore cannot be sealed
   */
  constructor(account, genesisHash) {
    this.account = fixed(account, 32, 'the account');
    this.genesisHash =
      genesisHash === undefined ? undefined : fixed(genesisHash, 32, 'the genesis hash');
  }

  /** Returns the versions of the account's keys, oldest first. */
  get versions() {
    return [...new Set([...this.#keys.values()].map(({ version }) => version))].sort(
      (a, b) => a - b,
    );
  }

  /**
   * Returns the key to send with `set_encryption_key`. Creates it, unless an earlier call created
   * one for this version. Save the keystore before sending.
   *
   * @param {Integer} version one more than the version on the chain; 1 if the account has no key
   * @returns {Promise<Reader & PublicKey>}
   */
  async prepareKey(version) {
    const number = keyVersion(version);
    const newest = this.versions.at(-1) ?? 0;
    if (this.#ofVersion(number).length === 0) {
      if (number < newest) {
        throw new RangeError(
          `the keystore already has version ${newest}: the next on the chain cannot be ${number}`,
        );
      }
      const made = await newKeyPair();
      // A concurrent call may have created one during the await.
      if (this.#ofVersion(number).length === 0) {
        this.#addKey(number, { secretKey: made.secretKey, public: made.publicKey });
      }
    }
    const [key] = this.#ofVersion(number);
    return { account: this.account, version: number, public: Uint8Array.from(key.public) };
  }

  /**
   * Adds a key that was created elsewhere. Replaces no other key, even of the same version, because
   * keys are found by their public keys. If the key exists, changes its version.
   *
   * @param {Integer} version
   * @param {Fixed} secretKey
   */
  async importKey(version, secretKey) {
    const number = keyVersion(version);
    this.#addKey(number, await heldOf(secretKey));
  }

  /**
   * Adds a key of this account from an account envelope, such as after a lost keystore. Fails
   * unless it is the key on the chain.
   *
   * @param {OwnKey & Reader} key the result of `openKey`
   */
  async restore({ account, version, secretKey, public: publicKey }) {
    const number = keyVersion(version);
    this.#checkOwn(fixed(account, 32, 'the account'));
    const key = await heldOf(secretKey);
    if (!same(key.public, fixed(publicKey, 32, 'the public key'))) {
      throw new FalseEnvelope(
        `this is not the secret key of version ${number}: the chain has another public key`,
      );
    }
    this.#addKey(number, key);
  }

  /**
   * Returns the public key of this device, which is not on the chain. The first call creates it.
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
   * Returns the secret of the account's key on the chain, and stores the chain's version for it.
   * Throws `UnexpectedKey` if the keystore does not have the key.
   *
   * @param {Reader} reader this account, with one of its keys
   * @returns {OwnKey}
   */
  keyOf(reader) {
    const found = readerOf(reader);
    this.#checkOwn(found.account);
    return this.#ownKey(this.#learn(found));
  }

  /**
   * Returns the secret keys that may open an envelope for a version: those of this version first,
   * then all others, each with its version in this keystore. `openEnvelopes` tries them in order.
   *
   * @param {Integer} version
   * @returns {OwnKey[]}
   */
  keys(version) {
    const number = keyVersion(version);
    const others = [...this.#keys.values()].filter((key) => key.version !== number);
    return [...this.#ofVersion(number), ...others].map((key) => this.#ownKey(key));
  }

  /**
   * Returns the secret key of a version. Throws `UnknownKey` if the keystore has none or several:
   * `keyOf` finds the one on the chain.
   *
   * @param {Integer} version
   * @returns {OwnKey}
   */
  key(version) {
    return this.#ownKey(this.#only(keyVersion(version)));
  }

  /**
   * Returns the public key of a version, to seal to. Throws `UnknownKey` like `key`.
   *
   * @param {Integer} version
   * @returns {Reader & PublicKey}
   */
  reader(version) {
    const number = keyVersion(version);
    const publicKey = Uint8Array.from(this.#only(number).public);
    return { account: this.account, version: number, public: publicKey };
  }

  /**
   * Opens an account's secret key from an envelope for this keystore's account or one of its keys.
   * The account is another one, such as a company, or this one, if the keystore lacks this version.
   * The key is not stored here, because it can be opened again from the state at any time. To store
   * a key of this account, use `restore`.
   *
   * @param {object} options
   * @param {Fixed} [options.genesisHash] the keystore's by default
   * @param {Reader} options.of the account, with its public key of the requested version
   * @param {Iterable<AccountEnvelope>} options.envelopes all of this version
   * @param {Fixed} [options.secretKey] an additional key outside the chain, such as from paper
   * @returns {Promise<OwnKey & Reader>}
   */
  async openKey(options) {
    checkOptions('openKey', options, ['genesisHash', 'of', 'envelopes', 'secretKey']);
    const { genesisHash = this.genesisHash, of, envelopes, secretKey } = options;
    if (genesisHash === undefined) throw new TypeError(CHAIN_UNKNOWN);
    const given = secretKey === undefined ? [] : [await heldOf(secretKey)];
    /** @type {Error | undefined} */
    let fault;
    for (const { holder, sealed } of envelopes) {
      for (const { own, isNamed } of this.#keysOfHolder(holder, given)) {
        try {
          return await openAccountEnvelope(genesisHash, of, own, sealed);
        } catch (error) {
          if (!(error instanceof TwinchainError)) throw error;
          // Keys of other versions are only candidates: the envelope may be for a key elsewhere.
          if (isNamed || !(error instanceof CannotOpen)) fault = error;
        }
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
   * Returns the keys of this keystore, and the given ones, that may open a holder's envelope. Each
   * is marked if it is the one that the holder names.
   *
   * @param {AccountEnvelope['holder']} holder
   * @param {Held[]} given
   * @returns {{ own: HolderKey, isNamed: boolean }[]}
   */
  #keysOfHolder(holder, given) {
    if ('account' in holder) {
      if (!same(fixed(holder.account, 32, 'the account'), this.account)) return [];
      const version = keyVersion(holder.version);
      return this.keys(version).map((key) => ({
        own: { ...key, version },
        isNamed: key.version === version,
      }));
    }
    const publicKey = fixed(holder.public, 32, "the holder's public key");
    const device = this.#device ? [this.#device] : [];
    const keys = [...given, ...device, ...this.#keys.values()];
    return keys
      .filter((key) => same(key.public, publicKey))
      .map(({ secretKey }) => ({ own: { secretKey: Uint8Array.from(secretKey) }, isNamed: true }));
  }

  /**
   * @param {number} version
   * @param {Held} key
   */
  #addKey(version, { secretKey, public: publicKey }) {
    const name = toHex(publicKey);
    const held = this.#keys.get(name);
    if (held) held.version = version;
    else this.#keys.set(name, { version, secretKey, public: publicKey });
  }

  /** @param {number} version */
  #ofVersion(version) {
    return [...this.#keys.values()].filter((key) => key.version === version);
  }

  /** @param {Own} key */
  #ownKey({ version, secretKey }) {
    return { account: this.account, version, secretKey: Uint8Array.from(secretKey) };
  }

  /** @param {number} version */
  #only(version) {
    const [key, ...others] = this.#ofVersion(version);
    if (key && others.length === 0) return key;
    if (key) {
      const names = [key, ...others].map((each) => toHex(each.public)).join(', ');
      throw new UnknownKey(
        `the keystore has ${1 + others.length} keys of version ${version}, with the public keys ` +
          `${names}: use keyOf, which finds the one on the chain`,
      );
    }
    const versions = this.versions.join(', ') || 'none';
    throw new UnknownKey(
      `the keystore has no key of version ${version} (it has: ${versions}): ` +
        'look for a copy of it, restore it from an account envelope, or ask for a new envelope',
    );
  }

  /**
   * Finds a key of the keystore's account by the chain's record, and stores the chain's version.
   *
   * @param {Reader & PublicKey} found
   */
  #learn(found) {
    const key = this.#keys.get(toHex(found.public));
    if (!key) {
      throw new UnexpectedKey(
        'the chain has an encryption key of your account that is not in this keystore (version ' +
          `${found.version}, ${toHex(found.public)}): either another keystore of yours created it, ` +
          'or someone else can sign for you. Seal nothing to it. Merge your other keystore, or ' +
          'restore the key from an account envelope; if it is not yours, find out who signed, ' +
          'and set a new key with leaked: true',
        found,
      );
    }
    key.version = found.version;
    return key;
  }

  /** @param {Uint8Array} account */
  #checkOwn(account) {
    if (same(account, this.account)) return;
    throw new RangeError(`this key is of ${toHex(account)}, but the keystore is of another account`);
  }

  /**
   * Adds the seed that `rotate` created. Save the keystore before sending, so that data stays
   * readable even if the chain's envelopes and links are lost.
   *
   * @param {object} options
   * @param {Integer} options.container
   * @param {Uint8Array | string} options.dataSet
   * @param {Integer} options.epoch
   * @param {Fixed} options.seed
   * @param {Fixed} options.publicKey
   * @returns {Promise<number>} 1, or 0 if the keystore already has it
   */
  async addSeed({ container, dataSet, epoch, seed, publicKey }) {
    return this.addSeeds({ container, dataSet, keys: [[epoch, { seed, publicKey }]] });
  }

  /**
   * Adds the seeds that `openEnvelopes` or `openHistory` opened. Save the keystore before using
   * them. Throws `FalseSeed`, and adds none, if a seed does not match its public key.
   *
   * @param {object} options
   * @param {Integer} options.container
   * @param {Uint8Array | string} options.dataSet
   * @param {Iterable<readonly [Integer, { seed: Fixed, publicKey: Fixed }]>} options.keys by epoch
   * @returns {Promise<number>} the number of new seeds
   */
  async addSeeds({ container, dataSet, keys }) {
    const place = placeOf(container, dataSet);
    const added = [];
    for (const [epoch, { seed, publicKey }] of keys) {
      const number = u32(epoch, 'the epoch');
      if (number === 0) throw new RangeError('epoch 0 has no seed: rotate first');
      const given = {
        ...place,
        epoch: number,
        seed: toHex(fixed(seed, 32, 'the seed')),
        public: toHex(fixed(publicKey, 32, "the epoch's public key")),
      };
      const kept = this.#seeds.get(nameOf(given));
      await this.#derive(kept ?? given);
      if (!kept) added.push(given);
    }
    return added.filter((seed) => this.#addSeed(seed)).length;
  }

  /**
   * Returns the epoch's key with this public key, or undefined. Throws `FalseSeed` if the stored
   * seed does not match it. With `of`, only considers a seed stored for that epoch: a lying node
   * could name the key of another data set, to have its seed sealed to others.
   *
   * @param {Fixed} publicKey from the chain's record of the epoch
   * @param {import('./crypto.mjs').EpochOf} [of]
   * @returns {Promise<EpochKey | undefined>}
   */
  async seed(publicKey, of) {
    const name = toHex(fixed(publicKey, 32, "the epoch's public key"));
    const place = of && placeOf(of.container, of.dataSet);
    const number = of && u32(of.epoch, 'the epoch');
    /** @type {FalseSeed | undefined} */
    let fault;
    for (const kept of this.#seedsByPublicKey.get(name) ?? []) {
      const isOf = kept.container === place?.container && kept.dataSet === place.dataSet;
      if (place && !(isOf && kept.epoch === number)) continue;
      try {
        return await this.#derive(kept);
      } catch (error) {
        if (!(error instanceof FalseSeed)) throw error;
        fault = error;
      }
    }
    if (fault) throw fault;
    return undefined;
  }

  /**
   * Returns the keys of a data set in the keystore, by epoch, newest first. With them, `openStored`
   * opens values even if the chain lost its envelopes and links. Leaves out false seeds.
   *
   * After a failed rotation, two seeds may have the same epoch. Then this requires `epochs`, and
   * returns the seed that the chain has.
   *
   * @param {object} options
   * @param {Integer} options.container
   * @param {Uint8Array | string} options.dataSet
   * @param {Iterable<readonly [number, import('./crypto.mjs').Epoch]>} [options.epochs] the chain's
   *   records, by number; epochs without a record are left out
   * @returns {Promise<Map<number, EpochKey>>}
   */
  async seeds({ container, dataSet, epochs }) {
    const place = placeOf(container, dataSet);
    const records = epochs && new Map(epochs);
    /** @type {Map<number, EpochKey>} */
    const found = new Map();
    const all = [...this.#seeds.values()].filter(
      (kept) => kept.container === place.container && kept.dataSet === place.dataSet,
    );
    for (const kept of all.sort((a, b) => b.epoch - a.epoch)) {
      const record = records?.get(kept.epoch);
      if (records && (!record || hexOf(record.public) !== kept.public)) continue;
      const key = await this.#derive(kept).catch(orFalse);
      if (!key) continue;
      const other = found.get(kept.epoch);
      if (other && !same(other.publicKey, key.publicKey)) {
        throw new RangeError(
          `the keystore has two seeds of epoch ${kept.epoch}: give epochs, the chain's records`,
        );
      }
      found.set(kept.epoch, key);
    }
    return found;
  }

  /**
   * Returns the epochs of a data set of which the keystore has a seed, with the public keys that
   * are noted beside the seeds. After a failed rotation, an epoch can occur twice.
   *
   * @param {{ container: Integer, dataSet: Uint8Array | string }} of
   * @returns {{ epoch: number, publicKey: Uint8Array }[]}
   */
  epochsOf({ container, dataSet }) {
    const place = placeOf(container, dataSet);
    return [...this.#seeds.values()]
      .filter((kept) => kept.container === place.container && kept.dataSet === place.dataSet)
      .map((kept) => ({ epoch: kept.epoch, publicKey: fixed(kept.public, 32, 'the public key') }));
  }

  /** Returns the account's own public keys, with the versions in this keystore. */
  get ownKeys() {
    return [...this.#keys.values()].map(copyOf);
  }

  /**
   * Derives the epoch's key from a stored or new seed.
   *
   * @param {KeptSeed} kept
   * @returns {Promise<EpochKey>}
   */
  async #derive(kept) {
    let key = this.#derived.get(kept);
    if (!key) {
      const seed = fixed(kept.seed, 32, 'the seed');
      key = { seed, ...(await deriveKeyPair(seed)) };
      if (toHex(key.publicKey) !== kept.public) {
        throw new FalseSeed(
          `a seed of epoch ${kept.epoch} of container ${kept.container} is refused: it does not ` +
            `match the public key ${kept.public}`,
        );
      }
      this.#derived.set(kept, key);
    }
    return {
      seed: Uint8Array.from(key.seed),
      secretKey: Uint8Array.from(key.secretKey),
      publicKey: Uint8Array.from(key.publicKey),
    };
  }

  /**
   * @param {KeptSeed} seed
   * @returns {boolean} `true` if it is new
   */
  #addSeed(seed) {
    const name = nameOf(seed);
    if (this.#seeds.has(name)) return false;
    this.#seeds.set(name, seed);
    const others = this.#seedsByPublicKey.get(seed.public);
    if (others) others.push(seed);
    else this.#seedsByPublicKey.set(seed.public, [seed]);
    return true;
  }

  /**
   * Throws `KeyChanged` if the key differs from the pinned one. Pins a key that is seen for the
   * first time. A key of the keystore's account must be in this keystore; otherwise this throws
   * `UnexpectedKey`. Stores the chain's version of such a key.
   *
   * @param {Reader} reader
   */
  check(reader) {
    const found = readerOf(reader);
    const address = toHex(found.account);
    if (same(found.account, this.account)) {
      this.#learn(found);
      return;
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
          'chain never goes back, so do not trust the node';
    throw new KeyChanged(
      `the encryption key of ${address} changed ${how}. ` +
        'Ask that account, over a channel other than this chain, whether the new key is its own, ' +
        'and accept it if so',
      found,
      copyOf(pinned),
    );
  }

  /**
   * Replaces the pinned key of an account, after the user confirmed the new one.
   *
   * @param {Reader} reader
   */
  accept(reader) {
    const found = readerOf(reader);
    if (same(found.account, this.account)) {
      throw new RangeError('your own keys are in the keystore itself: no acceptance is needed');
    }
    this.#pins.set(toHex(found.account), { version: found.version, public: found.public });
  }

  /**
   * @param {Fixed} account
   * @returns {PublicKey | undefined}
   */
  pinned(account) {
    const pin = this.#pins.get(toHex(fixed(account, 32, 'the account')));
    return pin && copyOf(pin);
  }

  /** Returns the accounts with a secret URI in this keystore. */
  get signerAccounts() {
    return [...this.#signers.keys()].map((account) => fixed(account, 32, 'the account'));
  }

  /**
   * Stores the secret URI of an account. Fails if the keystore has a different one.
   *
   * @param {Fixed} account
   * @param {string} uri a phrase with an optional derivation path, which is not compared with the
   *   account
   */
  addSigner(account, uri) {
    const address = toHex(fixed(account, 32, 'the account'));
    if (!isSecretUri(uri)) throw new TypeError('a secret URI must be text');
    const held = this.#signers.get(address);
    if (held !== undefined && held !== uri) {
      throw new RangeError(`the keystore has another secret URI of ${address}: remove it first`);
    }
    this.#signers.set(address, uri);
  }

  /**
   * Removes the secret URI of an account.
   *
   * @param {Fixed} account
   * @returns {boolean} `true` if it existed
   */
  removeSigner(account) {
    return this.#signers.delete(toHex(fixed(account, 32, 'the account')));
  }

  /**
   * Returns the secret URI of an account, or undefined.
   *
   * @param {Fixed} account
   * @returns {string | undefined}
   */
  signer(account) {
    return this.#signers.get(toHex(fixed(account, 32, 'the account')));
  }

  /**
   * Adds the content of another keystore of the same account and chain: keys, seeds, pins and
   * signers, but not its device key. Nothing in this keystore changes. Where the pins differ, the
   * user decides, and may `accept` the other one.
   *
   * @param {Keystore} other
   * @returns {PinConflict[]} the accounts for which the other keystore has a different pin
   */
  merge(other) {
    if (!(other instanceof Keystore)) throw new TypeError('merge takes a Keystore');
    if (!same(other.account, this.account)) {
      throw new RangeError(
        `the other keystore is of the account ${toHex(other.account)}, not of ` +
          `${toHex(this.account)}`,
      );
    }
    if (!this.genesisHash || !other.genesisHash) throw new TypeError(CHAIN_UNKNOWN);
    checkChain(other.genesisHash, this.genesisHash);
    for (const [name, key] of other.#keys) {
      if (!this.#keys.has(name)) this.#keys.set(name, { ...key });
    }
    for (const seed of other.#seeds.values()) this.#addSeed(seed);
    for (const [account, uri] of other.#signers) {
      if (!this.#signers.has(account)) this.#signers.set(account, uri);
    }
    /** @type {PinConflict[]} */
    const conflicts = [];
    for (const [address, pin] of other.#pins) {
      const own = this.#pins.get(address);
      if (!own) this.#pins.set(address, pin);
      else if (own.version !== pin.version || !same(own.public, pin.public)) {
        const account = fixed(address, 32, 'the account');
        conflicts.push({ account, own: copyOf(own), other: copyOf(pin) });
      }
    }
    return conflicts;
  }

  /**
   * Returns a keystore of the same account and chain as text, encrypted with another password: a
   * copy, or a part for someone who reads for the account. It always includes the pins.
   *
   * @param {string} password
   * @param {object} [options]
   * @param {Iterable<Integer>} [options.containers] the containers whose seeds to include; all by
   *   default
   * @param {boolean} [options.keys] whether to include the secret keys and the device key, which
   *   open data sealed for the account in any container
   * @param {boolean} [options.signers] whether to include the secret URIs
   * @param {number} [options.cost] scrypt's N, a power of two from 2^14 to 2^18
   * @returns {Promise<string>}
   */
  async export(password, options = {}) {
    checkOptions('export', options, ['containers', 'keys', 'signers', 'cost']);
    const { containers, keys = true, signers = false, cost } = options;
    const wanted =
      containers && new Set([...containers].map((id) => String(u64(id, 'the container'))));
    const { keys: all, device, seeds, pins, signers: uris } = this.#secrets();
    return this.#seal(
      {
        keys: keys ? all : [],
        device: keys ? device : undefined,
        seeds: wanted ? seeds.filter(({ container }) => wanted.has(container)) : seeds,
        pins,
        signers: signers ? uris : {},
      },
      password,
      cost,
    );
  }

  /**
   * Returns the keystore as encrypted text. Fails if it does not name its chain.
   *
   * @param {string} password
   * @param {{ cost?: number }} [options] scrypt's N, a power of two from 2^14 to 2^18
   * @returns {Promise<string>}
   */
  async seal(password, options = {}) {
    checkOptions('seal', options, ['cost']);
    return this.#seal(this.#secrets(), password, options.cost);
  }

  /**
   * @param {import('./keystore-format.mjs').Secrets} secrets
   * @param {string} password
   * @param {number | undefined} cost
   */
  async #seal(secrets, password, cost) {
    if (!this.genesisHash) throw new TypeError(CHAIN_UNKNOWN);
    const { account, genesisHash } = this;
    return sealKeystore({ account, genesisHash, secrets }, password, cost);
  }

  /**
   * Returns the body to seal, with its members in the order of the format.
   *
   * @returns {import('./keystore-format.mjs').Secrets}
   */
  #secrets() {
    return {
      keys: [...this.#keys].map(([name, { version, secretKey }]) => ({
        version,
        secretKey: toHex(secretKey),
        public: name,
      })),
      device: this.#device && toHex(this.#device.secretKey),
      seeds: [...this.#seeds.values()],
      pins: Object.fromEntries(
        [...this.#pins].map(([account, pin]) => [
          account,
          { version: pin.version, public: toHex(pin.public) },
        ]),
      ),
      signers: Object.fromEntries(this.#signers),
    };
  }

  /**
   * Opens a keystore of any version of the format. Throws `WrongChain` if it names a chain other
   * than the given one.
   *
   * @param {string} text the result of `seal`
   * @param {string} password
   * @param {object} [options]
   * @param {Fixed} [options.genesisHash] the connected chain. A keystore of version 1, which does
   *   not name its chain, needs it to be sealed again
   * @returns {Promise<Keystore>}
   */
  static async open(text, password, options = {}) {
    checkOptions('open', options, ['genesisHash']);
    const content = await openKeystore(text, password, options.genesisHash);
    const { keys, device, seeds, pins, signers } = content.secrets;
    const keystore = new Keystore(content.account, content.genesisHash);
    for (const { version, secretKey, public: name } of keys) {
      const key = await heldOf(secretKey);
      if (name !== undefined && toHex(key.public) !== name) {
        throw new InvalidKeystore(
          `the keystore is damaged: its key of version ${version} does not match the public key ` +
            'beside it',
        );
      }
      keystore.#addKey(version, key);
    }
    if (device) keystore.#device = await heldOf(device);
    for (const seed of seeds) keystore.#addSeed(seed);
    for (const [account, pin] of Object.entries(pins)) keystore.accept({ account, ...pin });
    keystore.#signers = new Map(Object.entries(signers));
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

/**
 * @param {PublicKey} key
 * @returns {PublicKey}
 */
const copyOf = (key) => ({ version: key.version, public: Uint8Array.from(key.public) });

/**
 * Returns the place of a data set in the form that seeds use.
 *
 * @param {Integer} container
 * @param {Uint8Array | string} dataSet
 */
const placeOf = (container, dataSet) => ({
  container: String(u64(container, 'the container')),
  dataSet: toHex(dataSetName(dataSet)),
});

/** @param {KeptSeed} kept */
const nameOf = ({ container, dataSet, epoch, seed, public: publicKey }) =>
  [container, dataSet, epoch, seed, publicKey].join('/');

/** @param {Fixed} bytes */
const hexOf = (bytes) => (typeof bytes === 'string' ? bytes.toLowerCase() : toHex(bytes));

/**
 * Returns undefined for a false seed, and rethrows other errors.
 *
 * @param {unknown} error
 */
function orFalse(error) {
  if (!(error instanceof FalseSeed)) throw error;
  return undefined;
}
