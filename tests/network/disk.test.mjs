// SPDX-License-Identifier: Apache-2.0

// The disk fills while accounts write, slowly and suddenly. The node logs it and stops, and after
// space is freed it still has every block that it reported as final.
//
// The disk is a tmpfs, which only root can mount.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { accounts, bytes, connect } from '../e2e/lib/chain.mjs';
import { genesisOf, NodeProcess, pause } from '../e2e/lib/node.mjs';
import { rpc, until } from './lib/network.mjs';
import { obstacle, Volume } from './lib/volume.mjs';
import { sign } from './lib/writes.mjs';

const MINUTE = 60_000;
const LIMIT = 10 * MINUTE;
/** In MiB: the disk, the space that the node needs, the space to fill, and the enlarged disk. */
const [SIZE, NEEDED, LEFT, LARGER] = [600, 64, 100, 1_200];
/** The bytes of one write, and the number of final blocks before the disk fills. */
const WRITE = 300_000;
const BLOCKS = 5;
const CLEAN = 'ended with 1';

const root = process.getuid?.() === 0;
const skip = process.env.CI === 'true' && root ? undefined : obstacle();
if (skip) {
  console.log(`SKIPPED, so no full disk is tested: ${skip}`);
  test('full disks', (context) => context.skip(skip));
}

describe('a full disk', { timeout: 2 * LIMIT, skip }, () => {
  let volume, api, close, current;
  let failed = false;
  let accepted = 0;
  const refusals = new Map();

  const check = (name, body) => test(name, { timeout: LIMIT }, async () => {
    failed = true;
    await body();
    failed = false;
  });

  const processes = [];
  const start = async () => {
    current = new NodeProcess([
      ...['--dev', '--chain', await genesisOf('dev'), '--base-path', join(volume.path, 'base')],
      ...['--port', '0', '--min-free-space', `${NEEDED}`],
    ]);
    processes.push(current);
  };
  const ask = (...call) => rpc(current.url.replace('ws:', 'http:'), ...call);
  const node = {
    name: 'the node',
    rpc: ask,
    blockHash: (number) => ask('chain_getBlockHash', number),
    finalised: async () =>
      Number((await ask('chain_getHeader', await ask('chain_getFinalizedHead'))).number),
  };

  before(async () => {
    volume = new Volume(SIZE);
    await start();
    await current.ready(/Imported #1 /);
    ({ api, close } = await connect(current.url));
    // The metadata is enough to sign.
    await close();
  }, { timeout: LIMIT });

  after(async () => {
    if (failed) console.log(current?.tail());
    await current?.kill();
    volume?.remove();
  }, { timeout: MINUTE });

  /** Returns `true` if the node took a transaction, `false` if not now: over quota, or ended. */
  const accepts = async (hex) => {
    try {
      await ask('author_submitExtrinsic', hex);
      accepted += 1;
      return true;
    } catch (error) {
      refusals.set(error.message, (refusals.get(error.message) ?? 0) + 1);
      return false;
    }
  };

  /** Writes with every account, as fast as the node accepts it, until the node ends. */
  const write = async () => {
    let running = true;
    current.ended().then(() => (running = false));
    // Random, because the database compresses.
    const call = (api) => api.tx.system.remark(bytes(randomBytes(WRITE)));
    const writers = Object.values(accounts()).map(async (signer) => {
      let nonce = await ask('system_accountNextIndex', signer.address);
      for (; running; nonce += 1) {
        const { hex } = await sign(api, signer, nonce, { call });
        while (running && !(await accepts(hex))) await pause(200);
      }
    });
    await Promise.all(writers);
  };

  /** Adds the hashes of the blocks that have become final. Their bodies would take too long. */
  const read = async (hashes) => {
    const head = await node.finalised();
    if (hashes.length > 0) {
      const last = hashes.length - 1;
      assert.equal(await node.blockHash(last), hashes[last], `final #${last} stays`);
    }
    while (hashes.length <= head) hashes.push(await node.blockHash(hashes.length));
  };

  /** Follows the final chain until the node ends. */
  const follow = async (final) => {
    let running = true;
    current.ended().then(() => (running = false));
    while (running) {
      try {
        await read(final);
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error;
      }
      await pause(100);
    }
  };

  /** Checks that the node stops on a full disk, and has all final blocks after a restart. */
  const fills = async (fill, endings) => {
    const written = write();
    const final = [];
    const followed = follow(final);
    const begin = await node.finalised();
    await until('some blocks are final', 2 * MINUTE, () => final.length > begin + BLOCKS);
    const space = volume.free;
    fill();
    await until('the disk is full', 5 * MINUTE, () => volume.free < NEEDED);
    const full = Date.now();
    const how = await Promise.race([current.ended(), pause(MINUTE).then(() => 'did not end')]);
    console.log(`${accepted} writes accepted`, Object.fromEntries(refusals));
    console.log(`${how} ${Date.now() - full} ms after ${NEEDED} of ${space.toFixed()} MiB`);
    assert.ok(endings.includes(how), how);
    if (how === CLEAN) {
      assert.match(current.log, /🛑 The node stops: the disk of \S+ is full\. \d+ MiB are free/);
    }
    await Promise.all([followed, written]);
    assert.ok(accepted > 0, 'it was written to');

    // The node needs less space when it is stopped.
    if (volume.free > NEEDED / 2) volume.fill(NEEDED / 2, 'more');
    await start();
    assert.equal(await current.ended(), CLEAN, 'it does not start on a full disk');
    assert.match(current.log, /Error: .*the disk of \S+ is full/);
    volume.resize(LARGER);
    volume.empty();
    await start();
    await current.ready();
    const again = [];
    await read(again);
    assert.deepEqual(again.slice(0, final.length), final, 'every block that was final');
    const then = await node.finalised();
    await until('finality continues', MINUTE, async () => (await node.finalised()) > then);
    volume.resize(SIZE);
  };

  check('filled by writes', () => fills(() => volume.fill(LEFT), [CLEAN]));
  // The database writes through a memory map. If the disk is full before the node checks it, the
  // system kills the process. The next start reports the reason.
  check('filled suddenly by another program', () =>
    fills(() => volume.fillUp(), [CLEAN, 'ended with SIGBUS']));
  check('the node does not panic', async () => {
    assert.equal(await current.stop(), 'ended with 0');
    assert.deepEqual(processes.flatMap((each) => each.panics()), []);
  });
});
