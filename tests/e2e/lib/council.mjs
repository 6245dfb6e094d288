// SPDX-License-Identifier: Apache-2.0

// Decisions of a council, by motions of two thirds.

import assert from 'node:assert/strict';
import { decodeError, eventOf } from './chain.mjs';

/** A council. On the built-in chains its members are Alice, Bob and Charlie. */
export class Council {
  #voters;

  /** `voters` are as many councillors as a motion requires. */
  constructor(api, chain, voters) {
    this.api = api;
    this.chain = chain;
    this.#voters = voters;
  }

  /** Carries a motion. Returns the outcome of closing it, with the call's error if it failed. */
  async decide(motion) {
    const { council } = this.api.tx;
    const [first] = this.#voters;
    const length = motion.encodedLength;
    const propose = council.propose(this.#voters.length, motion, length);
    const { events } = await this.chain.succeed(first, propose);
    const { proposalHash, proposalIndex } = eventOf(events, 'council', 'Proposed');
    // A separate call for each voter, because signing modifies it.
    const vote = () => council.vote(proposalHash, proposalIndex, true);
    await Promise.all(this.#voters.map((voter) => this.chain.succeed(voter, vote())));
    const info = await this.api.call.transactionPaymentCallApi.queryCallInfo(motion, 0);
    const close = council.close(proposalHash, proposalIndex, info.weight, length);
    const closed = await this.chain.succeed(first, close);
    const { result } = eventOf(closed.events, 'council', 'Executed');
    return { ...closed, error: result.isErr ? decodeError(this.api, result.asErr) : undefined };
  }

  /** Carries a motion whose call must succeed. */
  async carry(motion) {
    const { error, ...outcome } = await this.decide(motion);
    assert.equal(error?.name, undefined, `${motion.method.method}: ${error?.docs}`);
    return outcome;
  }

  /** Carries a motion whose call must fail with `pallet.Error`. */
  async carryInVain(motion, expected) {
    const { error } = await this.decide(motion);
    assert.equal(error?.name, expected, motion.method.method);
  }
}
