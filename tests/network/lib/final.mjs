// SPDX-License-Identifier: Apache-2.0

// The final chain, as nodes tell of it.

import assert from 'node:assert/strict';

/** One chain, whichever node is asked: a block that was final once is final for ever. */
export class FinalChain {
  #hashes = [];
  #places = new Map();

  /** The number of the last block that a node called final. */
  get height() {
    return this.#hashes.length - 1;
  }

  /** The hash of that block. */
  get head() {
    return this.#hashes.at(-1);
  }

  /** Reads what is final on a node. Fails if that is not what was read before, or follows on it. */
  async read(node) {
    const head = await node.finalised();
    const known = Math.min(head, this.height);
    if (known >= 0) {
      const hash = await node.blockHash(known);
      assert.equal(hash, this.#hashes[known], `final #${known} of ${node.name} is that of all`);
    }
    while (this.height < head) await this.#readNext(node);
  }

  async #readNext(node) {
    const number = this.#hashes.length;
    const hash = await node.blockHash(number);
    const { block } = await node.rpc('chain_getBlock', hash);
    if (number > 0) {
      const parent = this.#hashes[number - 1];
      assert.equal(block.header.parentHash, parent, `final #${number} of ${node.name} follows on`);
    }
    this.#hashes.push(hash);
    for (const extrinsic of block.extrinsics) this.#places.set(extrinsic, { number, hash });
  }

  /** The block that has this signed extrinsic: its number and hash. Nothing if it is not final. */
  placeOf(extrinsic) {
    return this.#places.get(extrinsic);
  }
}

/** The final chain as one node alone tells of it. */
export async function finalChainOf(node) {
  const chain = new FinalChain();
  await chain.read(node);
  return chain;
}
