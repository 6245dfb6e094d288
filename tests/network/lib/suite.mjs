// SPDX-License-Identifier: Apache-2.0

// What most tests of networks begin and end with.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Chain, connect } from '../../e2e/lib/chain.mjs';
import { Council } from '../../e2e/lib/council.mjs';
import { Network, until } from './network.mjs';

const LIMIT = 600_000;
const MINUTE = 60_000;

/**
 * Four validators for the tests of one `describe`: started before them, and ended after them, with the
 * nodes' last lines if one failed. Answers what the tests are given: the network and its nodes, a
 * connection to the first node and all accounts, as `connect` makes them, and the council.
 *
 * With `final: false` transactions wait for a block only. A panic in a line that `expected` matches is
 * meant to be.
 */
export function withValidators(backend, { final = true, expected = /$^/ } = {}) {
  const network = new Network(backend);
  const context = { network };
  const { test: run, failures } = counted(LIMIT, context);

  before(async () => {
    const nodes = await network.startValidators();
    Object.assign(context, { nodes }, await connect(nodes[0].url));
    const { alice, api, bob } = context;
    context.chain = new Chain(api, { final });
    context.council = new Council(api, context.chain, [alice, bob]);
    await until('all have three peers', MINUTE, async () =>
      (await Promise.all(nodes.map((node) => node.peers()))).every((peers) => peers === 3));
    await finalises(nodes[0]);
  }, { timeout: LIMIT });

  after(async () => {
    await context.close?.();
    if (failures() > 0) console.log(network.tail());
    await network.stop();
    const panics = network.panics().filter((line) => !expected.test(line));
    assert.deepEqual(panics, [], 'no node panics');
  }, { timeout: LIMIT });

  return { context, test: run };
}

/** Tests with a limit in milliseconds, given `context`; `failures` tells how many did not pass so far. */
export function counted(limit, context) {
  let failed = 0;
  const run = (name, body) =>
    test(name, { timeout: limit }, async () => {
      // A test that runs out of time never comes to its end, so it counts as failed until then.
      failed += 1;
      await body(context);
      failed -= 1;
    });
  return { test: run, failures: () => failed };
}

/** Waits until `node` has seen some more blocks become final than now. */
export async function finalises(node, count = 3) {
  const start = await node.finalised();
  await until(`${node.name} sees blocks become final`, MINUTE, async () =>
    (await node.finalised()) >= start + count);
}
