// SPDX-License-Identifier: Apache-2.0

// An extrinsic that does not return. The author of the block exits. After a restart it leaves the
// signer out and makes blocks. The chain has the runtime of scripts/next-runtime.sh, in which a
// proxy's remark of "hang" does not return.

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { nextRuntime } from '../network/lib/next-runtime.mjs';
import { bytes, connect } from './lib/chain.mjs';
import { remark } from './lib/consortium.mjs';
import { atExit, genesisWith, NodeProcess, pause } from './lib/node.mjs';

const TEST_LIMIT = 300_000;
/** The exit of a node that found such an extrinsic. */
const ENDED = 'ended with 70';

async function start(base, ...options) {
  const chain = await genesisWith('dev', nextRuntime());
  const common = ['--dev', '--chain', chain, '--base-path', base, '--port', '0'];
  const node = new NodeProcess([...common, ...options]);
  const calledOff = atExit(() => node.kill());
  node.ended().then(calledOff);
  return node;
}

/** Returns the lines of the file with the node's held signers. */
function held(base) {
  const chains = join(base, 'chains');
  const [id] = readdirSync(chains);
  const lines = readFileSync(join(chains, id, 'held-signers'), 'utf8').split('\n');
  return lines.filter(Boolean).map((line) => line.split(' '));
}

async function waitFor(condition, what) {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await condition()) return;
    await pause(500);
  }
  assert.fail(what);
}

test('a restarted node makes blocks without the signer', { timeout: TEST_LIMIT }, async () => {
  const base = mkdtempSync(join(tmpdir(), 'twinchain-hang-'));
  const removed = atExit(() => rmSync(base, { recursive: true, force: true }));
  let node = await start(base);
  await node.ready(/Imported #1 /);
  let context = await connect(node.url);
  const { dave, eve } = context;
  await context.chain.succeed(dave, context.api.tx.proxy.addProxy(eve.address, 'Any', 0));
  const hang = await context.api.tx.proxy
    .proxy(dave.address, null, context.api.tx.system.remark(bytes('hang')))
    .signAsync(eve, { nonce: 0, era: 0 });
  const hash = hang.hash.toHex();
  await context.api.rpc.author.submitExtrinsic(hang);
  await context.close();
  assert.equal(await node.ended(), ENDED, node.tail());
  assert.match(node.log, new RegExp(`Extrinsic ${hash}.*${eve.address}.*does not return`));
  const [[signer, noted]] = held(base);
  assert.deepEqual([signer, noted], [eve.address, hash]);

  // After the restart it makes blocks, with the same transaction in its pool.
  node = await start(base);
  await node.ready(/Imported #/);
  assert.match(node.log, new RegExp(eve.address));
  context = await connect(node.url);
  await context.api.rpc.author.submitExtrinsic(hang.toHex());
  for (const who of [context.alice, context.bob]) {
    await context.chain.succeed(who, remark(context.api, 10));
  }
  assert.equal((await context.api.rpc.author.pendingExtrinsics()).length, 1);
  assert.equal((await context.api.query.system.account(eve.address)).nonce.toNumber(), 0);
  await context.close();
  assert.equal(await node.stop(), 'ended with 0');

  // Only a signer that is held can be released.
  node = await start(base, '--release-signer', dave.address);
  assert.notEqual(await node.ended(), 'ended with 0');
  assert.match(node.log, new RegExp(eve.address));
  assert.equal(held(base).length, 1);
  node = await start(base, '--release-signer', eve.address);
  await node.ready(/Imported #/);
  assert.match(node.log, /Released/);
  assert.equal(held(base).length, 0);
  context = await connect(node.url);
  const ordinary = await remark(context.api, 10).signAsync(eve, { nonce: 0, era: 0 });
  await context.api.rpc.author.submitExtrinsic(ordinary);
  await waitFor(async () => {
    const { nonce } = await context.api.query.system.account(eve.address);
    return nonce.toNumber() === 1;
  }, 'the released signer can transact');
  await context.close();
  assert.equal(await node.stop(), 'ended with 0');
  removed();
  rmSync(base, { recursive: true, force: true });
});
