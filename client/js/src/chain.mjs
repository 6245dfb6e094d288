// SPDX-License-Identifier: Apache-2.0

// Reads the chain through an adapter, as records of one form.

import { fixed, u64 } from './bytes.mjs';
import { SUITE } from './crypto.mjs';
import { NotFound, TwinchainError, UnknownSuite } from './exceptions.mjs';
import {
  accountIn,
  addressIn,
  authorshipOf,
  bytesIn,
  bytesOf,
  cursorOf,
  dataSetOf,
  itemOf,
  listOf,
  numberOf,
  offerOf,
  rightsOf,
  storedOf,
  textIn,
  typeOf,
} from './records.mjs';
import { addressOf } from './ss58.mjs';

/** @typedef {import('./adapters/adapter.mjs').Adapter} Adapter */
/** @typedef {import('./adapters/adapter.mjs').Block} Block */

/**
 * A data set. The name is in NFC.
 *
 * @typedef {{ container: bigint, dataSet: string }} Place
 */

/** @typedef {{ account: Uint8Array, version: number, public: Uint8Array }} AccountKey */

/**
 * @typedef {object} DataSet
 * @property {string} name
 * @property {number} id
 * @property {'entry' | 'list'} kind
 * @property {boolean} isConfidential as the node says
 * @property {boolean} isRetired
 * @property {number} revision
 * @property {Uint8Array} head
 * @property {number} changed the block of the last change
 * @property {boolean} hasData
 * @property {number} epoch the current one; 0 without a key
 */

/**
 * A stored value: public bytes, or a sealed value.
 *
 * @typedef {{ suite: number, epoch: number, ciphertext: Uint8Array }} Sealed
 * @typedef {{ bytes: Uint8Array } | Sealed} Stored
 */

/** @typedef {{ author: Uint8Array, block: number, time: number }} Authorship */
/** @typedef {Authorship & { value: Stored }} Entry */
/** @typedef {Authorship & { batch: number, items: (Stored | null | Error)[] }} Batch */

/**
 * @typedef {object} Epoch
 * @property {number} suite
 * @property {number} segment
 * @property {Uint8Array} public
 * @property {Uint8Array | null} previous
 */

/**
 * The grant of a data set. The ends of READ, WRITE and REMOVE are null for no end, and undefined
 * without this access.
 *
 * @typedef {{ id: number, ends: (number | null | undefined)[] }} Grant
 * @typedef {{ roles: number[], grants: Grant[] }} Rights
 */

const PAGE = 256;
/** A list without an end would keep the client busy without an end. */
const MAX_PAGES = 4_096;

export class Chain {
  /** @param {Adapter} adapter @param {Uint8Array} genesisHash */
  constructor(adapter, genesisHash) {
    this.adapter = adapter;
    this.genesisHash = genesisHash;
  }

  /** Returns a view of the newest finalised block. */
  async now() {
    return new View(this.adapter, await this.adapter.finalized());
  }
}

/** The chain at one finalised block. */
export class View {
  #adapter;

  /** @param {Adapter} adapter @param {Block} block */
  constructor(adapter, block) {
    this.#adapter = adapter;
    this.block = { hash: String(block.hash), number: numberOf(block.number, 'a block number') };
  }

  /** @param {string} method @param {unknown[]} args */
  #containers(method, ...args) {
    return this.#adapter.read(this.block.hash, 'DataContainerApi', method, args);
  }

  /**
   * Reads all pages of a list.
   *
   * @param {(after: any) => Promise<any>} read
   * @returns {Promise<any[]>}
   */
  async #pages(read) {
    const all = [];
    let after;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const { items, next } = await read(after);
      all.push(...listOf(items, 'a page'));
      if (next === undefined || next === null) return all;
      after = next;
    }
    throw new TwinchainError(`the node returns more than ${MAX_PAGES} pages: use another node`);
  }

  /** @param {bigint} id */
  async container(id) {
    const found = await this.#containers('container', id);
    if (!found) throw new NotFound(`the container ${id} does not exist`);
    const { container, roles } = found;
    return {
      owner: accountIn(container.owner),
      isClosed: typeOf(container.status) === 'Closed',
      offer: offerOf(container.offer),
      roles: new Map(
        listOf(roles, 'the roles').map((/** @type {any} */ { role }) => [
          numberOf(role.id, 'a role'),
          textIn(role.name),
        ]),
      ),
    };
  }

  /** @param {bigint} id */
  async twin(id) {
    const found = await this.#adapter.read(this.block.hash, 'DigitalTwinApi', 'twin', [id]);
    if (!found) throw new NotFound(`the twin ${id} does not exist`);
    const { twin } = found;
    const containers = listOf(twin.offer?.containers ?? [], 'the containers on offer');
    return {
      owner: accountIn(twin.owner),
      offer: offerOf(twin.offer),
      containers: containers.map((/** @type {any} */ each) => u64(each, 'a container')),
    };
  }

  /** @param {bigint} container @returns {Promise<DataSet[]>} */
  async dataSets(container) {
    const sets = await this.#containers('data_sets', container);
    return listOf(sets, 'the data sets').map(dataSetOf);
  }

  /** @param {Place} place @returns {Promise<DataSet>} */
  async dataSet({ container, dataSet }) {
    const sets = await this.dataSets(container);
    const found = sets.find(({ name }) => name === dataSet);
    if (found) return found;
    await this.container(container);
    const names = sets.map(({ name }) => name).join(', ') || 'none';
    throw new NotFound(
      `the container ${container} has no data set ${dataSet}: its data sets are ${names}`,
    );
  }

  /** @param {Place} place @returns {Promise<Entry | undefined>} */
  async entry({ container, dataSet }) {
    const found = await this.#containers('entry', container, bytesOf(dataSet));
    return found ? { ...authorshipOf(found), value: storedOf(found.value) } : undefined;
  }

  /** @param {Place} place @returns {Promise<Batch[]>} */
  async batches({ container, dataSet }) {
    const name = bytesOf(dataSet);
    const read = (/** @type {any} */ from = 0) =>
      this.#containers('batches', container, name, Number(from), PAGE);
    return (await this.#pages(read)).map(({ batch, stored }) => ({
      ...authorshipOf(stored),
      batch: numberOf(batch, 'a batch'),
      items: listOf(stored.items, 'the items').map(itemOf),
    }));
  }

  /** @param {Place} place @returns {Promise<Map<number, Epoch>>} */
  async epochs({ container, dataSet }) {
    const name = bytesOf(dataSet);
    const read = (/** @type {any} */ from = 1) =>
      this.#containers('epochs', container, name, Number(from), PAGE);
    const records = (await this.#pages(read)).map(([epoch, record]) => {
      const previous = record.previous ?? null;
      return /** @type {const} */ ([
        numberOf(epoch, 'an epoch'),
        {
          suite: numberOf(record.suite, 'a suite'),
          segment: numberOf(record.segment, 'a segment'),
          public: bytesIn(record.public),
          previous: previous === null ? null : bytesIn(previous),
        },
      ]);
    });
    return new Map(records);
  }

  /** @param {Place} place @param {Uint8Array} account */
  async envelopes({ container, dataSet }, account) {
    const name = bytesOf(dataSet);
    const found = await this.#containers('envelopes', container, name, addressOf(account));
    return listOf(found, 'the envelopes').map(([, envelope]) => ({
      epoch: numberOf(envelope.epoch, 'an epoch'),
      key_version: numberOf(envelope.keyVersion, 'a key version'),
      sealed: bytesIn(envelope.sealed),
    }));
  }

  /** @param {Uint8Array} account @returns {Promise<AccountKey | undefined>} */
  async encryptionKey(account) {
    const found = await this.#containers('encryption_key', addressOf(account));
    if (!found) return undefined;
    const suite = numberOf(found.key.suite, 'a suite');
    if (suite !== SUITE) {
      throw new UnknownSuite(
        `${addressOf(account)} uses cipher suite ${suite}: update this program`,
      );
    }
    const version = numberOf(found.version, 'a key version');
    return { account, version, public: fixed(bytesIn(found.key.public), 32, 'a public key') };
  }

  /** @param {Place} place @param {Uint8Array} account @param {number} access */
  async can({ container, dataSet }, account, access) {
    const args = [container, bytesOf(dataSet), addressOf(account), access];
    return (await this.#containers('can', ...args)) === true;
  }

  /** @param {Place} place @returns {Promise<string | undefined>} such as `Open` or `RotationDue` */
  async sealing({ container, dataSet }) {
    const found = await this.#containers('sealing', container, bytesOf(dataSet));
    return found ? typeOf(found) : undefined;
  }

  /** @param {Place} place @returns {Promise<Uint8Array[]>} the owner among them */
  async readers({ container, dataSet }) {
    const name = bytesOf(dataSet);
    const read = (/** @type {any} */ after) =>
      this.#containers('readers', container, name, addressIn(after), PAGE);
    return (await this.#pages(read)).map(({ account }) => accountIn(account));
  }

  /** @param {bigint} container @returns {Promise<{ account: Uint8Array, rights: Rights }[]>} */
  async members(container) {
    const read = (/** @type {any} */ after) =>
      this.#containers('members', container, addressIn(after), PAGE);
    return (await this.#pages(read)).map(([account, rights]) => ({
      account: accountIn(account),
      rights: rightsOf(rights),
    }));
  }

  /** @param {bigint} container @returns {Promise<{ dataSet: string, why: string }[]>} */
  async rotationsDue(container) {
    const read = (/** @type {any} */ after) =>
      this.#containers('rotations_due', container, undefined, cursorOf(after));
    return (await this.#pages(read)).map(({ dataSet, end }) => ({
      dataSet: textIn(dataSet),
      why: end ? typeOf(end.reason) : 'NoKey',
    }));
  }

  /** Returns the events of this block. */
  events() {
    return this.#adapter.events(this.block.hash);
  }

  /** @param {number} number @returns {Promise<View>} of an earlier block */
  async before(number) {
    return new View(this.#adapter, { hash: await this.#adapter.blockHash(number), number });
  }
}
