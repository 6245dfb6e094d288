// SPDX-License-Identifier: Apache-2.0

// The setup and the cleanup of most network tests.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Chain, connect } from '../../e2e/lib/chain.mjs';
import { Council } from '../../e2e/lib/council.mjs';
import { Network, until } from './network.mjs';

const LIMIT = 600_000;
const MINUTE = 60_000;

/**
 * Starts four validators before the tests of one `describe`, and ends them afterwards. Prints the
 * nodes' last log lines if a test failed. Returns the context of the tests: the network and its
 * nodes, a connection to the first node and all accounts, as `connect` returns them, and the
 * council.
 *
 * With `final: false`, transactions wait only for their block. Panics in lines that match
 * `expected` are allowed. Each test can take `limit` milliseconds.
 */
export function withValidators(backend, { final = true, expected = /$^/, limit = LIMIT } = {}) {
  const network = new Network(backend);
  const context = { network };
  const { test: run, failures } = counted(limit, context);

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

/** Returns `test`, with `limit` in milliseconds and `context`, and `failures`, their number. */
export function counted(limit, context) {
  let failed = 0;
  const run = (name, body) =>
    test(name, { timeout: limit }, async () => {
      // Counts as failed until it has ended, because a test that runs out of time never ends.
      failed += 1;
      await body(context);
      failed -= 1;
    });
  return { test: run, failures: () => failed };
}

/** Waits until `count` more blocks are final on `node`. */
export async function finalises(node, count = 3) {
  const start = await node.finalised();
  await until(`${node.name} sees blocks become final`, MINUTE, async () =>
    (await node.finalised()) >= start + count);
}
