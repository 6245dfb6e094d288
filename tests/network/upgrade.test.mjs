// SPDX-License-Identifier: Apache-2.0

// The council upgrades the runtime while writing continues, although no councillor has any quota
// left. The next runtime has a multi-block migration, during which transactions wait.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe } from 'node:test';
import { bytes } from '../e2e/lib/chain.mjs';
import { SHARED } from '../e2e/lib/consortium.mjs';
import { pause } from '../e2e/lib/node.mjs';
import { blake2AsHex } from '../e2e/lib/polkadot.mjs';
import { until } from './lib/network.mjs';
import { nextRuntime } from './lib/next-runtime.mjs';
import { slotOf } from './lib/sessions.mjs';
import { withValidators } from './lib/suite.mjs';

const MINUTE = 60_000;
/** The members' quota during the test, in microseconds: almost nothing is replenished. */
const QUOTA = { burst: 1_000_000, perBlock: 1 };
/** More than the cost of the smallest transaction. */
const SMALLEST = 1_200;
const LARGE = 1_000_000;
const BLOCKS_AFTER = 10;
/** The fewest blocks of the migration for a meaningful test, and more than it takes. */
const [FEWEST_STEPS, MORE_STEPS] = [5, 50];
/** The most slots in which four validators on one busy machine compile a runtime. */
const MOST_COMPILING = 10;

describe('an upgrade of the runtime', { timeout: 20 * MINUTE }, () => {
  const { context, test } = withValidators('litep2p');

  const available = async ({ address }) =>
    (await context.api.call.consortiumApi.quota(address)).unwrap().available.toNumber();

  /** Spends a member's quota until even a small transaction exceeds it. */
  const exhaust = async (member) => {
    const { api, chain } = context;
    // A byte costs 0.3 units, plus a little for the work on it.
    const size = async () => Math.floor(((await available(member)) - SMALLEST) / 0.32);
    for (let left = await size(); left > 1_000; left = await size()) {
      const remark = api.tx.system.remark(bytes('x'.repeat(Math.min(left, LARGE))));
      await chain.succeed(member, remark);
    }
  };

  test('passes with every quota exhausted, while writing continues', async () => {
    const { alice, api, bob, charlie, council, dave, eve, nodes } = context;
    const limits = { members: 1_000, nodes: 100, quota: QUOTA, ...SHARED };
    await council.carry(api.tx.consortium.setLimits(0, limits));
    await Promise.all([alice, bob, charlie].map(exhaust));
    const remark = api.tx.system.remark(bytes('x'.repeat(5_000)));
    for (const councillor of [alice, bob, charlie]) {
      await assert.rejects(remark.signAndSend(councillor, { nonce: -1 }), /Custom|banned/);
    }

    // Small writes, one after the other, by a member whose quota allows them.
    const written = [];
    let writing = true;
    const writer = (async () => {
      for (let count = 0; writing; count += 1) {
        const description = `{"count":${count}}`;
        const create = api.tx.digitalTwin.createTwin(bytes(description), bytes(`c/${count}`), []);
        try {
          written.push(await sent(create, dave));
        } catch (error) {
          // Signed for the previous runtime and rejected by the next one, so it is signed again.
          assert.match(error.message, /bad signature|outdated|Invalid|invalid/, error.message);
        }
        await pause(500);
      }
    })();

    const code = readFileSync(nextRuntime());
    const versionBefore = api.runtimeVersion.specVersion.toNumber();
    await council.carry(api.tx.consortium.authorizeUpgrade(blake2AsHex(code)));
    const other = Buffer.from(code);
    other[other.length - 1] ^= 1;
    const wrong = api.tx.system.applyAuthorizedUpgrade(bytes(other));
    await assert.rejects(wrong.send(), /1010: Invalid Transaction/, 'only what was authorised');
    const writtenBefore = written.length;
    const version = versionBefore + 1;
    await api.tx.system.applyAuthorizedUpgrade(bytes(code)).send();
    const [meanwhile, lastFinal] = await Promise.all([sentMeanwhile(version, eve), migrated()]);
    const applied = await until('the new runtime is active', 2 * MINUTE, upgraded(version));
    const goal = (await nodes[0].best()) + BLOCKS_AFTER;
    await until('blocks of the new runtime become final', 2 * MINUTE, async () =>
      (await nodes[1].finalised()) > goal);
    await until('writing continues', 4 * MINUTE, () => written.length > writtenBefore + 3);
    writing = false;
    await writer;

    for (const node of nodes) {
      for (const { blockNumber, blockHash } of written) {
        const there = await node.rpc('chain_getBlockHash', blockNumber);
        assert.equal(there, blockHash, `${node.name} has every final write`);
      }
    }
    await missesNoSlot(applied);

    const steps = await stepsAfter(applied);
    const ended = steps.at(-1).number;
    console.log(`applied in ${applied}, migrated until ${ended}, final meanwhile up to ${lastFinal}`);
    assert.ok(steps.length >= FEWEST_STEPS, 'the migration takes many blocks');
    assert.deepEqual(steps.map(({ events }) => events), [
      ['UpgradeStarted', 'MigrationAdvanced'],
      ...steps.slice(2).map(() => ['MigrationAdvanced']),
      ['MigrationCompleted', 'UpgradeCompleted'],
    ]);
    // Every block has one extrinsic, the time.
    assert.ok(
      steps.every(({ extrinsics }) => extrinsics === 1),
      'no block of a step has transactions',
    );
    assert.ok(lastFinal > applied, 'blocks become final while steps run');
    assert.ok(meanwhile.best < ended, 'the transaction was sent during the migration');
    assert.ok(meanwhile.blockNumber > ended, 'it was included after the migration');
    for (const { name, log } of nodes) {
      assert.match(log, /A migration runs at #\d+/, `${name} logs it`);
      assert.match(log, /The migration has ended at #\d+/, `${name} logs it`);
    }
  });

  /** The storage key that has a value while a migration runs. */
  const cursor = () => context.api.query.multiBlockMigrations.cursor.key();
  const migrating = async () =>
    (await context.nodes[0].rpc('state_getStorage', cursor())) !== null;

  /** Sends a transaction for this runtime in a migration. Returns the best block and its own. */
  const sentMeanwhile = async (version, signer) => {
    const { api, nodes } = context;
    await until('a migration runs', 2 * MINUTE, migrating);
    await until('the client knows the new runtime', MINUTE, () =>
      api.runtimeVersion.specVersion.toNumber() === version);
    const best = await nodes[0].best();
    const included = await sent(api.tx.system.remark(bytes('meanwhile')), signer, 3 * MINUTE);
    return { best, ...included };
  };

  /** Waits until a migration has ended. Returns the last block that became final meanwhile. */
  const migrated = async () => {
    const [node] = context.nodes;
    await until('a migration runs', 2 * MINUTE, migrating);
    let lastFinal = 0;
    await until('it ends', 3 * MINUTE, async () => {
      const final = await node.finalised();
      if (!(await migrating())) return true;
      lastFinal = final;
      return false;
    });
    return lastFinal;
  };

  /** Returns the migration events and extrinsic counts of the blocks until the migration ends. */
  const stepsAfter = async (applied) => {
    const { api, nodes } = context;
    const steps = [];
    for (let number = applied + 1; number <= applied + MORE_STEPS; number += 1) {
      const hash = await nodes[0].blockHash(number);
      const { block } = await nodes[0].rpc('chain_getBlock', hash);
      const records = await (await api.at(hash)).query.system.events();
      const events = records
        .filter(({ event }) => event.section === 'multiBlockMigrations')
        .map(({ event }) => event.method);
      steps.push({ number, events, extrinsics: block.extrinsics.length });
      if (events.some((event) => /^Upgrade(Completed|Failed)$/.test(event))) return steps;
    }
    throw new Error(`no migration ends: ${JSON.stringify(steps)}`);
  };

  /** Sends a call, waits until it is final, and returns its block. */
  const sent = async (call, signer, limit = MINUTE) => {
    const nonce = await context.api.rpc.system.accountNextIndex(signer.address);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('invalid: not final')), limit);
      call.signAndSend(signer, { nonce, era: 0 }, ({ status, isError }) => {
        if (isError) reject(new Error(`invalid: ${status}`));
        if (!status.isFinalized) return;
        clearTimeout(timer);
        const blockHash = status.asFinalized.toHex();
        // Polkadot.js gives the number only if it could decode the events, which fails where the
        // runtime changes.
        context.api.rpc.chain.getHeader(blockHash)
          .then(({ number }) => resolve({ blockNumber: number.toNumber(), blockHash }))
          .catch(reject);
      }).catch(reject);
    });
  };

  /** Returns the number of the final block that applied the upgrade, or 0. */
  const upgraded = (version) => async () => {
    const { api } = context;
    const hash = await api.rpc.chain.getFinalizedHead();
    if ((await api.rpc.state.getRuntimeVersion(hash)).specVersion.toNumber() < version) return 0;
    let number = (await api.rpc.chain.getHeader(hash)).number.toNumber();
    for (; number > 0; number -= 1) {
      const before = await api.rpc.chain.getBlockHash(number - 1);
      const { specVersion } = await api.rpc.state.getRuntimeVersion(before);
      if (specVersion.toNumber() < version) return number;
    }
    return 0;
  };

  /**
   * Checks that every slot around the upgrade has a block, except those in which the validators
   * compile the new runtime, right after the block that applies it. With one machine per validator,
   * that is one slot. Here four compile it concurrently on one machine.
   */
  const missesNoSlot = async (applied) => {
    const { api } = context;
    const slots = [];
    for (let number = applied - BLOCKS_AFTER; number <= applied + BLOCKS_AFTER; number += 1) {
      const hash = await api.rpc.chain.getBlockHash(number);
      slots.push(slotOf(await api.rpc.chain.getHeader(hash)));
    }
    const missed = slots.slice(1).map((slot, index) => slot - slots[index] - 1);
    const compiling = missed.splice(BLOCKS_AFTER, 2);
    console.log(`slots missed right after the upgrade: ${compiling}; otherwise: ${missed}`);
    assert.ok(compiling[0] + compiling[1] <= MOST_COMPILING, 'blocks resume soon');
    assert.deepEqual(missed.filter((count) => count > 0), [], 'no other slot is missed');
  };
});
