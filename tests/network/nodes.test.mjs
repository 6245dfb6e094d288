// SPDX-License-Identifier: Apache-2.0

// Only nodes on the chain's list can connect, and four validators continue without one of them.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { bytes, peerIdBytes } from '../e2e/lib/chain.mjs';
import { pause } from '../e2e/lib/node.mjs';
import { until } from './lib/network.mjs';
import { finalises, withValidators } from './lib/suite.mjs';

const MINUTE = 60_000;

for (const backend of ['litep2p', 'libp2p']) {
  describe(`four validators, ${backend}`, { timeout: 10 * MINUTE }, () => {
    const { test } = withValidators(backend);
    let newcomer;

    test('validators make and finalise blocks', ({ nodes }) => finalises(nodes[3]));

    test('unlisted node stays at block 0', async ({ network, nodes: [first] }) => {
      newcomer = await network.start('newcomer', 5);
      await finalises(first);
      await pause(10_000);
      assert.equal(await newcomer.best(), 0);
      assert.equal(await newcomer.peers(), 0);
    });

    test('node syncs after an extrinsic lists it', async ({
      alice,
      api,
      chain,
      nodes: [first],
    }) => {
      const peer = peerIdBytes(newcomer.peerId);
      await chain.succeed(alice, api.tx.consortium.addNode(0, peer, bytes('newcomer')));
      const head = await first.best();
      await until('the newcomer syncs', MINUTE, async () => (await newcomer.best()) > head);
      assert.ok((await newcomer.peers()) > 0);
      await until('it logs that it is listed', MINUTE, () =>
        /This node is on the list/.test(newcomer.log),
      );
      assert.match(first.log, new RegExp(`added: ${newcomer.peerId}`));
    });

    test('removed node is disconnected within a minute', async ({ alice, api, chain, nodes }) => {
      const [first] = nodes;
      const peer = peerIdBytes(newcomer.peerId);
      await chain.succeed(alice, api.tx.consortium.removeNode(peer));
      await until('it has no peers', MINUTE, async () => (await newcomer.peers()) === 0);
      const head = await newcomer.best();
      await finalises(first);
      await pause(10_000);
      assert.equal(await newcomer.best(), head);
      assert.match(first.log, new RegExp(`removed: ${newcomer.peerId}`));
      for (const node of nodes) assert.equal(await node.peers(), 3, node.name);
    });

    test('others continue when one is killed; it catches up after a restart', async (context) => {
      const { alice, api, chain, nodes: [, , killed, other] } = context;
      await killed.kill();
      await finalises(other);
      const remark = await chain.succeed(alice, api.tx.system.remarkWithEvent('0x01'));
      await killed.start();
      const head = await other.finalised();
      await until('it catches up', MINUTE, async () => (await killed.finalised()) >= head);
      const hash = await killed.rpc('chain_getBlockHash', remark.blockNumber);
      assert.equal(hash, remark.blockHash.toHex(), 'it has the final block with the write');
      await finalises(killed);
    });
  });
}
