// SPDX-License-Identifier: Apache-2.0

// The final chain, as reported by nodes.

import assert from 'node:assert/strict';

/** The final chain. Checks that all nodes report the same one, and that final blocks stay final. */
export class FinalChain {
  #hashes = [];
  #places = new Map();

  /** The number of the last block that a node reported as final. */
  get height() {
    return this.#hashes.length - 1;
  }

  /** The hash of that block. */
  get head() {
    return this.#hashes.at(-1);
  }

  /** The hash of the final block with this number. */
  hashOf(number) {
    return this.#hashes[number];
  }

  /** Reads a node's final blocks. Fails unless they match, or extend, the blocks read before. */
  async read(node) {
    const head = await node.finalised();
    const known = Math.min(head, this.height);
    if (known >= 0) {
      const hash = await node.blockHash(known);
      assert.equal(
        hash,
        this.#hashes[known],
        `final #${known} of ${node.name} is the same as on the others`,
      );
    }
    while (this.height < head) await this.#readNext(node);
  }

  async #readNext(node) {
    const number = this.#hashes.length;
    const hash = await node.blockHash(number);
    const { block } = await node.rpc('chain_getBlock', hash);
    if (number > 0) {
      const parent = this.#hashes[number - 1];
      assert.equal(
        block.header.parentHash,
        parent,
        `final #${number} of ${node.name} extends the chain`,
      );
    }
    this.#hashes.push(hash);
    for (const extrinsic of block.extrinsics) this.#places.set(extrinsic, { number, hash });
  }

  /** Returns the number and hash of the final block with this extrinsic, or `undefined`. */
  placeOf(extrinsic) {
    return this.#places.get(extrinsic);
  }
}

/** Returns the final chain as a single node reports it. */
export async function finalChainOf(node) {
  const chain = new FinalChain();
  await chain.read(node);
  return chain;
}
