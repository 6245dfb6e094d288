// SPDX-License-Identifier: Apache-2.0

// Who may connect is what the chain lists; and four validators go on without one of them.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { bytes, connect, peerIdBytes } from '../e2e/lib/chain.mjs';
import { pause } from '../e2e/lib/node.mjs';
import { Network, until } from './lib/network.mjs';

const LIMIT = 300_000;
const MINUTE = 60_000;
const BLOCKS_FINAL = 3;

for (const backend of ['litep2p', 'libp2p']) {
  describe(`four validators, ${backend}`, { timeout: 2 * LIMIT }, () => {
    const network = new Network(backend);
    let nodes, first, newcomer, api, chain, alice, close;
    let failed = 0;

    /** Waits until `node` has seen `count` more blocks become final than now. */
    const finalises = async (node, count = BLOCKS_FINAL) => {
      const start = await node.finalised();
      await until(`${node.name} sees blocks become final`, MINUTE, async () =>
        (await node.finalised()) >= start + count);
    };

    const check = (name, body) =>
      test(name, { timeout: LIMIT }, async () => {
        failed += 1;
        await body();
        failed -= 1;
      });

    before(async () => {
      nodes = await network.startValidators();
      [first] = nodes;
      ({ api, chain, alice, close } = await connect(first.url));
      await until('all have three peers', MINUTE, async () =>
        (await Promise.all(nodes.map((node) => node.peers()))).every((peers) => peers === 3));
    }, { timeout: LIMIT });

    after(async () => {
      await close?.();
      if (failed > 0) console.log(network.tail());
      await network.stop();
      assert.deepEqual(network.panics(), [], 'no node panics');
    }, { timeout: LIMIT });

    check('they make blocks and finalise them', () => finalises(nodes[3]));

    check('a node that is not listed stays at block 0', async () => {
      newcomer = await network.start('newcomer', 5);
      await finalises(first);
      await pause(10_000);
      assert.equal(await newcomer.best(), 0);
      assert.equal(await newcomer.peers(), 0);
    });

    check('listed by an extrinsic, it syncs', async () => {
      const peer = peerIdBytes(newcomer.peerId);
      await chain.succeed(alice, api.tx.consortium.addNode(0, peer, bytes('newcomer')));
      const head = await first.best();
      await until('the newcomer syncs', MINUTE, async () => (await newcomer.best()) > head);
      assert.ok((await newcomer.peers()) > 0);
      await until('it learns that it is listed', MINUTE, () =>
        /This node is on the list/.test(newcomer.log));
      assert.match(first.log, new RegExp(`added: ${newcomer.peerId}`));
    });

    check('removed, it is disconnected within a minute', async () => {
      const peer = peerIdBytes(newcomer.peerId);
      await chain.succeed(alice, api.tx.consortium.removeNode(peer));
      await until('nobody talks to it', MINUTE, async () => (await newcomer.peers()) === 0);
      const head = await newcomer.best();
      await finalises(first);
      await pause(10_000);
      assert.equal(await newcomer.best(), head);
      assert.match(first.log, new RegExp(`removed: ${newcomer.peerId}`));
      for (const node of nodes) assert.equal(await node.peers(), 3, node.name);
    });

    check('one is killed, the others go on; restarted, it catches up', async () => {
      const [, , killed, other] = nodes;
      await killed.kill();
      await finalises(other);
      const remark = await chain.succeed(alice, api.tx.system.remarkWithEvent('0x01'));
      await killed.start();
      const head = await other.finalised();
      await until('it catches up', MINUTE, async () => (await killed.finalised()) >= head);
      const hash = await killed.rpc('chain_getBlockHash', remark.blockNumber);
      assert.equal(hash, remark.blockHash.toHex(), 'the final block with the write is there');
      await finalises(killed);
    });
  });
}
