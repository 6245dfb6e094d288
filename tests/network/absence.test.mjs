// SPDX-License-Identifier: Apache-2.0

// Half of the validators are offline for six sessions, in which votes add and remove validators.
// After their return, all recorded blocks become final without a last resort.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { bytes } from '../e2e/lib/chain.mjs';
import { pause } from '../e2e/lib/node.mjs';
import { registerKeys, startListed } from './lib/joining.mjs';
import { until } from './lib/network.mjs';
import { sessions, validating } from './lib/sessions.mjs';
import { finalises, withValidators } from './lib/suite.mjs';

const MINUTE = 60_000;
const SETTLING = 15_000;
const BACK = 2 * MINUTE;

describe('validators that are offline for a long time', { timeout: 30 * MINUTE }, () => {
  const { test } = withValidators('litep2p', { final: false, limit: 20 * MINUTE });

  test('blocks become final when validators return after six sessions', async (context) => {
    const { alice, api, bob, chain, charlie, council, dave, eve, nodes } = context;
    const { addValidator, removeValidator } = api.tx.consortium;
    const node = await startListed(context, 'eve', 5, ['--validator']);
    await registerKeys(context, node, eve);
    const [first, second, ...away] = nodes;
    await Promise.all(away.map((one) => one.stop()));
    await pause(SETTLING);
    const stalled = await first.finalised();
    const start = (await api.query.session.currentIndex()).toNumber();

    const CHANGES = [
      [addValidator(eve.address)],
      [removeValidator(dave.address)],
      [],
      [addValidator(dave.address), removeValidator(bob.address)],
      [addValidator(bob.address)],
      [],
    ];
    const seen = new Set();
    const written = [];
    for (const [index, changes] of CHANGES.entries()) {
      await Promise.all(changes.map((change) => council.carry(change)));
      const create = api.tx.digitalTwin.createTwin(
        bytes(`{"name":"${index}"}`),
        bytes(`absence/${index}`),
        [],
      );
      written.push(await chain.succeed(alice, create));
      await sessions(api, 1);
      seen.add((await validating(api)).toSorted().join());
    }
    const after = (await api.query.session.currentIndex()).toNumber();
    assert.ok(after >= start + CHANGES.length, `sessions ${start} to ${after}`);
    assert.ok(seen.size >= 3, `the validators changed: ${seen.size} sets`);
    assert.equal(await first.finalised(), stalled, 'no block becomes final meanwhile');

    const returned = Date.now();
    const best = await first.best();
    await Promise.all(away.map((one) => one.start()));
    for (const one of [first, second, node, ...away]) {
      await until(
        `#${best} is final on ${one.name}`,
        BACK - (Date.now() - returned),
        async () => (await one.finalised()) >= best,
      );
      for (const { blockHash, blockNumber } of written) {
        const hash = await one.blockHash(blockNumber);
        assert.equal(hash, blockHash.toHex(), `#${blockNumber} on ${one.name}`);
      }
    }
    console.log(`final again ${Math.round((Date.now() - returned) / 1000)} s after all returned`);
    await sessions(api, 2);
    const all = [alice, bob, charlie, dave, eve].map(({ address }) => address);
    assert.deepEqual((await validating(api)).toSorted(), all.toSorted());
    await finalises(first);
  });
});
