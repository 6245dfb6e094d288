// SPDX-License-Identifier: Apache-2.0

// Half of the validators are lost for good. Blocks go on, nothing becomes final any more, and the
// council starts finality again with those that remain.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { bytes, Chain, connect, eventOf } from '../e2e/lib/chain.mjs';
import { Council } from '../e2e/lib/council.mjs';
import { pause } from '../e2e/lib/node.mjs';
import { Network, until } from './lib/network.mjs';
import { sessions, validating } from './lib/sessions.mjs';

const LIMIT = 600_000;
const MINUTE = 60_000;
const SETTLING = 15_000;
const DELAY = 3;

describe('validators that are lost for good', { timeout: 2 * LIMIT }, () => {
  const network = new Network('litep2p');
  let nodes, api, chain, council, who, close;
  let failed = true;

  before(async () => {
    nodes = await network.startValidators();
    ({ api, close, ...who } = await connect(nodes[0].url));
    chain = new Chain(api, { final: false });
    council = new Council(api, chain, [who.alice, who.bob]);
    await until('blocks become final', MINUTE, async () => (await nodes[0].finalised()) > 2);
  }, { timeout: LIMIT });

  after(async () => {
    await close?.();
    if (failed) console.log(network.tail());
    await network.stop();
    assert.deepEqual(network.panics(), [], 'no node panics');
  }, { timeout: LIMIT });

  test('the council dismisses them and starts finality again', { timeout: LIMIT }, async () => {
    const { alice, bob, charlie, dave } = who;
    const [first, second, ...lost] = nodes;
    await Promise.all(lost.map((node) => node.kill()));
    await pause(SETTLING);
    const stalled = await first.finalised();

    const create = api.tx.digitalTwin.createTwin(bytes('{"name":"meanwhile"}'), bytes('crane/1'), []);
    const written = await chain.succeed(alice, create);
    const { twin } = eventOf(written.events, 'digitalTwin', 'TwinCreated');
    const { removeValidator, restartFinality } = api.tx.consortium;
    await Promise.all(
      [charlie, dave].map(({ address }) => council.carry(removeValidator(address))),
    );
    assert.equal(await first.finalised(), stalled, 'nothing becomes final');

    // They are out with the session after the next one.
    await sessions(api, 1);
    await council.carry(restartFinality(DELAY, stalled));
    await sessions(api, 1);
    assert.deepEqual(await validating(api), [alice, bob].map(({ address }) => address));
    for (const node of [first, second]) {
      await until(`${node.name} sees blocks become final`, 2 * MINUTE, async () =>
        (await node.finalised()) > written.blockNumber);
      assert.equal(
        await node.rpc('chain_getBlockHash', written.blockNumber),
        written.blockHash.toHex(),
        'what was written meanwhile is final',
      );
    }
    const owner = (await api.query.digitalTwin.twins(twin)).unwrap().owner.toString();
    assert.equal(owner, alice.address);
    failed = false;
  });
});
