// SPDX-License-Identifier: Apache-2.0

// Helpers to add a node to the chain `local`, and to make an account a validator with it.

import { bytes, peerIdBytes } from '../../e2e/lib/chain.mjs';
import { u8aToHex } from '../../e2e/lib/polkadot.mjs';
import { until } from './network.mjs';

const MINUTE = 60_000;

/** Starts a node, adds it to the chain's list, and waits until it has caught up with `nodes[0]`. */
export async function startListed({ alice, api, chain, network, nodes }, name, key, options) {
  const node = await network.start(name, key, options);
  const { addNode } = api.tx.consortium;
  await chain.succeed(alice, addNode(0, peerIdBytes(node.peerId), bytes(name)));
  await until(`${name} catches up`, MINUTE, async () =>
    (await node.best()) >= (await nodes[0].finalised()));
  return node;
}

/** Generates session keys on a node, and registers them for an account. */
export async function registerKeys({ api, chain }, node, account) {
  const owner = u8aToHex(account.publicKey);
  const { keys, proof } = await node.rpc('author_rotateKeysWithOwner', owner);
  await chain.succeed(account, api.tx.session.setKeys(keys, proof));
}
