// SPDX-License-Identifier: Apache-2.0

// Members try to keep the council from deciding: they fill the pools and the blocks, as far as their
// quotas go, and send what is refused, all at the same time. A validator helps them. Meanwhile the
// council removes them. How long that takes is counted in blocks.

import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { connect, eventsOf } from '../e2e/lib/chain.mjs';
import { pause } from '../e2e/lib/node.mjs';
import { Flood, submit } from './lib/flood.mjs';
import { Network, until, VALIDATORS } from './lib/network.mjs';
import { counted, finalises } from './lib/suite.mjs';

const MINUTE = 60_000;
const LIMIT = 10 * MINUTE;
/** The most blocks from the proposal to the execution. */
const MOST_BLOCKS = 10;
/** How many transactions a node's pool takes: few, so that it is soon full. */
const POOL_LIMIT = 512;
/** Members that hold no office. Charlie's stash takes no part. */
const HOSTILE = ['eve', 'ferdie', ...['alice', 'bob', 'dave', 'eve', 'ferdie'].map(stashOf)];
const OTHER = stashOf('charlie');
/** The least parts of a pool and of a block that count as full, and the least part of full blocks. */
const FULL_POOL = 3 / 4;
const FULL_BLOCK = 9 / 10;
const FULL_BLOCKS = 2 / 3;
/** The least refusals with each code while the motion is decided. */
const REFUSALS = { 106: 100, 107: 50, 108: 10, 109: 10 };

function stashOf(name) {
  return `${name}Stash`;
}

describe('members that flood the network', { timeout: 2 * LIMIT }, () => {
  const network = new Network('litep2p');
  const context = {};
  const { test, failures } = counted(LIMIT, context);

  before(async () => {
    const nodes = [];
    for (const [index, name] of VALIDATORS.entries()) {
      const options = [`--${name}`, '--pool-limit', `${POOL_LIMIT}`];
      nodes.push(await network.start(name, index + 1, options));
    }
    Object.assign(context, { nodes }, await connect(nodes[0].url));
    context.hostile = HOSTILE.map((name) => context[name]);
    await until('all have three peers', MINUTE, async () =>
      (await Promise.all(nodes.map((node) => node.peers()))).every((peers) => peers === 3));
    await finalises(nodes[0], 1);
  }, { timeout: LIMIT });

  after(async () => {
    await context.close?.();
    if (failures() > 0) console.log(network.tail());
    await network.stop();
    assert.deepEqual(network.panics(), [], 'no node panics');
  }, { timeout: LIMIT });

  /**
   * Decides a motion as the programs of councillors would, each on the node of its own company: at
   * every block they look at the state, and send what is due, until `isDone`. Alice proposes and
   * closes, Bob and Charlie vote. Returns the number of the best block when it was proposed.
   */
  const decide = async ({ alice, api, bob, charlie, nodes }, motion, isDone) => {
    const { council } = api.tx;
    const [first, second, third] = nodes;
    const { hash, encodedLength } = motion.method;
    const { weight } = await api.call.transactionPaymentCallApi.queryCallInfo(motion, 0);
    const sign = async (signer, call) => {
      const { nonce } = await api.query.system.account(signer.address);
      return (await call.signAsync(signer, { nonce, era: 0 })).toHex();
    };
    /** Who sends what now, if anything. */
    const due = (voting) => {
      if (voting.isNone) return [[first, alice, council.propose(2, motion, encodedLength)]];
      const { index, ayes } = voting.unwrap();
      const voters = [[second, bob], [third, charlie]].filter(([, { publicKey }]) =>
        !ayes.some((account) => account.eq(publicKey)));
      if (voters.length === 0) {
        return [[first, alice, council.close(hash, index, weight, encodedLength)]];
      }
      return voters.map(([node, signer]) => [node, signer, council.vote(hash, index, true)]);
    };
    const start = await first.best();
    for (let seen; ; await pause(100)) {
      const { hash: head, number } = await api.rpc.chain.getHeader();
      const at = await api.at(head);
      if (await isDone(at)) return start;
      if (number.toNumber() - start > MOST_BLOCKS) {
        assert.fail(`the motion is not executed ${MOST_BLOCKS} blocks after it was proposed`);
      }
      if (head.eq(seen)) continue;
      seen = head;
      for (const [node, signer, call] of due(await at.query.council.voting(hash))) {
        const code = await submit(node, await sign(signer, call));
        console.log(`#${number}: ${signer.meta.name}: council.${call.method.method}`, code ?? '');
      }
    }
  };

  /** What the final blocks of a range have: numbers for each of them. */
  const blocksOf = async ({ api }, from, to) => {
    const { normal } = api.consts.system.blockWeights.perClass;
    const most = Number(normal.maxTotal.unwrap().refTime);
    const numbers = Array.from({ length: to - from + 1 }, (_, index) => from + index);
    return Promise.all(numbers.map(async (number) => {
      const at = await api.at(await api.rpc.chain.getBlockHash(number));
      const [weight, events] = await Promise.all([
        at.query.system.blockWeight(),
        at.query.system.events(),
      ]);
      const all = events.map(({ event }) => event);
      const results = ['ExtrinsicSuccess', 'ExtrinsicFailed'];
      return {
        number,
        extrinsics: results.flatMap((name) => eventsOf(all, 'system', name)).length,
        filled: Number(weight.normal.refTime) / most,
        executed: eventsOf(all, 'council', 'Executed'),
      };
    }));
  };

  test('a motion passes within ten blocks', async (context) => {
    const { api, dave, hostile, nodes } = context;
    const { removeMember } = api.tx.consortium;
    const motion = api.tx.utility.batchAll(hostile.map(({ address }) => removeMember(address)));
    const [{ address: member }] = hostile;
    const isRemoved = async (at) => (await at.query.consortium.members(member)).isNone;

    const flood = new Flood(api, nodes, POOL_LIMIT);
    flood.start(hostile, dave);
    const pools = [];
    let begun, start, ended;
    try {
      await until('all pools are full', 2 * MINUTE, () =>
        flood.waiting.length > 0 && flood.waiting.every((count) => count >= FULL_POOL * POOL_LIMIT));
      begun = flood.counted;
      start = await decide(context, motion, async (at) => {
        const isDone = await isRemoved(at);
        if (!isDone) pools.push(Math.min(...flood.waiting));
        return isDone;
      });
      ended = flood.counted;
    } finally {
      await flood.stop();
    }

    // Figures of the final chain, whatever forks there were.
    const head = await nodes[0].best();
    await until('it is final', MINUTE, async () => (await nodes[0].finalised()) >= head);
    const blocks = await blocksOf(context, start + 1, head);
    const last = blocks.findIndex(({ executed }) => executed.length > 0);
    assert.ok(last >= 0, 'the motion is executed in the final chain');
    const [{ result }] = blocks[last].executed;
    assert.ok(result.isOk);
    const during = blocks.slice(0, last + 1);
    const refused = Object.fromEntries([...ended.refused].map(([code, count]) =>
      [code, count - (begun.refused.get(code) ?? 0)]));
    console.log(`executed ${during.length} blocks after it was proposed, at #${start}`);
    for (const { number, extrinsics, filled } of during) {
      console.log(`#${number}: ${extrinsics} extrinsics, ${(100 * filled).toFixed(0)} % full`);
    }
    console.log(`pools: at least ${Math.min(...pools)} of ${POOL_LIMIT} all the time`);
    console.log(`taken: ${ended.taken - begun.taken}; refused, by code: ${JSON.stringify(refused)}`);

    assert.ok(during.length <= MOST_BLOCKS, `${during.length} blocks`);
    // It was no peace: pools, blocks and refusals.
    assert.ok(Math.min(...pools) >= FULL_POOL * POOL_LIMIT, `the pools had room: ${pools}`);
    const full = during.filter(({ filled }) => filled >= FULL_BLOCK);
    assert.ok(full.length >= FULL_BLOCKS * during.length, `${full.length} blocks were full`);
    for (const [code, least] of Object.entries(REFUSALS)) {
      assert.ok(refused[code] >= least, `refused with ${code}: ${refused[code]}`);
    }
    assert.deepEqual(flood.unexpected, [], 'what has to be refused is refused');
  });

  test('then others get in, and they do not', async ({ api, hostile, nodes, [OTHER]: other }) => {
    const remark = async (signer) => {
      const { nonce } = await api.query.system.account(signer.address);
      const signed = await api.tx.system.remark('0x01').signAsync(signer, { nonce, era: 0 });
      return signed.toHex();
    };
    const hex = await remark(other);
    await until('a block has the transaction of another member', MINUTE, async () => {
      await submit(nodes[3], hex);
      return (await api.query.system.account(other.address)).nonce.toNumber() > 0;
    });
    for (const signer of hostile) assert.equal(await submit(nodes[0], await remark(signer)), 101);
  });
});
