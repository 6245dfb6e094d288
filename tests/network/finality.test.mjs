// SPDX-License-Identifier: Apache-2.0

// Half of the validators are lost permanently. Block production continues, finality stops, and the
// council restarts finality with the remaining validators.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { bytes, eventOf } from '../e2e/lib/chain.mjs';
import { pause } from '../e2e/lib/node.mjs';
import { until } from './lib/network.mjs';
import { sessions, validating } from './lib/sessions.mjs';
import { withValidators } from './lib/suite.mjs';

const MINUTE = 60_000;
const SETTLING = 15_000;
const DELAY = 3;

describe('validators that are lost permanently', { timeout: 20 * MINUTE }, () => {
  const { test } = withValidators('litep2p', { final: false });

  test('council dismisses them and restarts finality', async (context) => {
    const { alice, api, bob, chain, charlie, council, dave, nodes } = context;
    const [first, second, ...lost] = nodes;
    await Promise.all(lost.map((node) => node.kill()));
    await pause(SETTLING);
    const stalled = await first.finalised();

    const create = api.tx.digitalTwin.createTwin(
      bytes('{"name":"meanwhile"}'),
      bytes('crane/1'),
      [],
    );
    const written = await chain.succeed(alice, create);
    const { twin } = eventOf(written.events, 'digitalTwin', 'TwinCreated');
    const { removeValidator, restartFinality } = api.tx.consortium;
    await Promise.all(
      [charlie, dave].map(({ address }) => council.carry(removeValidator(address))),
    );
    assert.equal(await first.finalised(), stalled, 'no block becomes final');

    // They leave with the session after the next one.
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
        'the block written meanwhile is final',
      );
    }
    const owner = (await api.query.digitalTwin.twins(twin)).unwrap().owner.toString();
    assert.equal(owner, alice.address);
  });
});
