// SPDX-License-Identifier: Apache-2.0

// The parts that the methods of a connection share: chain, keystore, account, and sending.

import { Chain } from './chain.mjs';
import { explain, explainRejection, isRejection } from './errors.mjs';
import { FalseVisibility, OutcomeUnknown, Refused } from './exceptions.mjs';
import { textIn } from './records.mjs';
import { addressOf } from './ss58.mjs';

/** @typedef {import('./adapters/adapter.mjs').Call} Call */
/** @typedef {import('./adapters/adapter.mjs').Outcome} Outcome */
/** @typedef {import('./chain.mjs').Place} Place */
/** @typedef {import('./chain.mjs').View} View */

export class Connection {
  /** @type {Promise<unknown>} */
  #turn = Promise.resolve();

  /**
   * @param {object} parts
   * @param {import('./adapters/adapter.mjs').Adapter} parts.adapter
   * @param {Uint8Array} parts.genesisHash
   * @param {Uint8Array} parts.account
   * @param {import('./custody.mjs').Custody} parts.custody
   * @param {unknown} parts.signer
   * @param {import('./calls.mjs').Check | undefined} parts.check
   */
  constructor({ adapter, genesisHash, account, custody, signer, check }) {
    this.adapter = adapter;
    this.genesisHash = genesisHash;
    this.account = account;
    this.address = addressOf(account);
    this.custody = custody;
    this.check = check;
    this.signer = signer;
    this.chain = new Chain(adapter, genesisHash);
  }

  /** Returns the chain at the newest finalised block. */
  now() {
    return this.chain.now();
  }

  /**
   * Returns `true` if a data set is confidential. The keystore decides before the node: a value of
   * a confidential data set must never be sent as plain text.
   *
   * @param {Place} place
   * @param {import('./chain.mjs').DataSet} set
   */
  async isConfidential(place, set) {
    if (set.isConfidential) return true;
    if (!(await this.custody.isKnownConfidential(place))) return false;
    throw new FalseVisibility(
      `${place.dataSet} in container ${place.container} is confidential, but the node says that it ` +
        'is public: use another node. No value was sent',
    );
  }

  /**
   * Fails unless the account owns a container. Checked before anything is made or saved for a call
   * that the chain would refuse.
   *
   * @param {View} view
   * @param {bigint} id
   */
  async ownedContainer(view, id) {
    const container = await view.container(id);
    if (addressOf(container.owner) !== this.address) throw refusal('NotOwner');
    return container;
  }

  /**
   * Sends calls in one transaction, and waits until it is final: all of them happen, or none. The
   * transactions of a connection take turns.
   *
   * @param {Call[]} calls
   * @param {Uint8Array[]} [made] the public keys that were made for these calls
   * @returns {Promise<Outcome>}
   */
  send(calls, made = []) {
    if (this.signer === undefined) {
      throw new TypeError('this connection only reads: give connect a signer');
    }
    const result = this.#turn.then(() => this.#sendNow(calls, made));
    this.#turn = result.catch(() => {});
    return result;
  }

  /** @param {Call[]} calls @param {Uint8Array[]} made */
  async #sendNow(calls, made) {
    let isGiven = false;
    const given = async () => {
      // From here on, the chain may have the keys.
      await this.custody.confirm(made);
      isGiven = true;
    };
    const outcome = await this.adapter.submit(this.signer, calls, given).catch(async (cause) => {
      if (!isGiven) throw cause;
      if (!isRejection(cause)) {
        throw new OutcomeUnknown(
          'the node has the transaction, and its outcome is unknown: check whether it was ' +
            `executed before you repeat it. ${explainRejection(cause)}`,
          { cause },
        );
      }
      await this.custody.prepare(made);
      throw new Refused(explainRejection(cause), undefined, { cause });
    });
    if (!outcome.failure) return outcome;
    await this.custody.prepare(made);
    throw new Refused(explain(outcome.failure), outcome.failure);
  }
}

/**
 * Returns the error that the chain would give, for a call that is not sent because of it.
 *
 * @param {string} error
 * @param {string} [pallet]
 */
export function refusal(error, pallet = 'DataContainer') {
  return new Refused(explain({ pallet, error }), { pallet, error });
}

/**
 * Returns the block of an outcome, as results contain it.
 *
 * @param {Outcome} outcome
 */
export const blockOf = ({ block }) => ({
  block: Number(block.number),
  blockHash: String(block.hash),
});

/**
 * Returns the revision of a data set after the last change of it among some events.
 *
 * @param {Outcome} outcome
 * @param {Place} place
 * @returns {number | undefined}
 */
export function revisionIn({ events }, { container, dataSet }) {
  const last = events.findLast(
    ({ pallet, name, data }) =>
      pallet === 'DataContainer' &&
      name === 'DataSetChanged' &&
      BigInt(data.container) === container &&
      textIn(data.name) === dataSet,
  );
  return last && Number(last.data.operation.value.revision);
}
