// SPDX-License-Identifier: Apache-2.0

// Members try to keep the council from deciding. They fill the pools and the blocks as far as their
// quotas allow, and send calls that are rejected, all at the same time. A validator helps them.
// Meanwhile the council decides three motions. The second one lowers the members' quotas, which are
// used up from then on, and the last one removes them. The duration of each is counted in blocks.

import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { connect, eventsOf } from '../../e2e/lib/chain.mjs';
import { pause } from '../../e2e/lib/node.mjs';
import { Keyring } from '../../e2e/lib/polkadot.mjs';
import { Flood, submit } from './flood.mjs';
import { Network, until, VALIDATORS } from '../lib/network.mjs';
import { counted, finalises } from '../lib/suite.mjs';

const MINUTE = 60_000;
const LIMIT = 10 * MINUTE;
/** Maximum number of blocks from the proposal to the execution. */
const MOST_BLOCKS = 10;
/** Maximum number of transactions in a node's pool: few, so that it fills quickly. */
const POOL_LIMIT = 1_024;
/** Size from which a pool counts as full: a node keeps its last tenth for officials. */
const FULL_POOL = 0.85 * POOL_LIMIT;
/** Minimum size of the pools at any time: they fill up between blocks. */
const LEAST_POOL = 0.75 * POOL_LIMIT;
/** Members that hold no office. Charlie's stash does not take part. */
const HOSTILE = ['eve', 'ferdie', ...['alice', 'bob', 'dave', 'eve', 'ferdie'].map(stashOf)];
const OTHER = stashOf('charlie');
/** Part of a block from which it counts as full, and minimum part of full blocks. */
const FULL_BLOCK = 0.9;
const FULL_BLOCKS = 0.75;
/** Minimum number of errors with each code while the council decides. */
const REFUSALS = { 103: 20, 106: 200, 107: 100, 108: 20, 109: 10 };
/** A member's quota after the second motion: less per block than a heavy transaction costs. */
const LOW = { burst: 1_000_000, perBlock: 50_000 };

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
   * Decides a motion as the programs of councillors would, each on the node of its own company. At
   * every block they read the state and send the due calls, until `isDone`. Alice proposes and
   * closes, Bob and Charlie vote. Returns the number of the best block at the time of the proposal.
   */
  const decide = async ({ alice, api, bob, charlie, nodes }, { motion, isDone }) => {
    const { council } = api.tx;
    const [first, second, third] = nodes;
    const { hash, encodedLength } = motion.method;
    const { weight } = await api.call.transactionPaymentCallApi.queryCallInfo(motion, 0);
    const sign = async (signer, call) => {
      const { nonce } = await api.query.system.account(signer.address);
      return (await call.signAsync(signer, { nonce, era: 0 })).toHex();
    };
    /** Returns the due calls, with their nodes and signers. */
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
      if (head.eq(seen)) continue;
      seen = head;
      const at = await api.at(head);
      if (await isDone(at)) return start;
      if (number.toNumber() - start > MOST_BLOCKS) {
        assert.fail(`the motion is not executed ${MOST_BLOCKS} blocks after it was proposed`);
      }
      for (const [node, signer, call] of due(await at.query.council.voting(hash))) {
        const code = await submit(node, await sign(signer, call));
        console.log(`#${number}: ${signer.meta.name}: council.${call.method.method}`, code ?? '');
      }
    }
  };

  /** Returns three motions, each with a check that it was executed. */
  const motions = async ({ api, hostile }) => {
    const { addMember, removeMember, setLimits } = api.tx.consortium;
    const limitsOf = async (at) => (await at.query.consortium.organisations(0)).unwrap().limits;
    const keyring = new Keyring({ type: 'sr25519', ss58Format: 42 });
    const isMember = async (at, address) => (await at.query.consortium.members(address)).isSome;
    const admit = (name) => {
      const { address } = keyring.addFromUri(`//${name}`);
      return { motion: addMember(0, address, '0x'), isDone: (at) => isMember(at, address) };
    };
    const lower = {
      motion: setLimits(0, { ...(await limitsOf(api)).toJSON(), quota: LOW }),
      isDone: async (at) => (await limitsOf(at)).quota.burst.eqn(LOW.burst),
    };
    const remove = api.tx.utility.batchAll(hostile.map(({ address }) => removeMember(address)));
    const isRemoved = async (at) => !(await isMember(at, hostile[0].address));
    return [admit('newcomer'), lower, { motion: remove, isDone: isRemoved }];
  };

  /** Reads the contents of a range of final blocks. */
  const blocksOf = async ({ api }, from, to) => {
    const { normal } = api.consts.system.blockWeights.perClass;
    const most = Number(normal.maxTotal.unwrap().refTime);
    const numbers = Array.from({ length: to - from + 1 }, (_, index) => from + index);
    return Promise.all(numbers.map(async (number) => {
      const at = await api.at(await api.rpc.chain.getBlockHash(number));
      const [weight, records] = await Promise.all([
        at.query.system.blockWeight(),
        at.query.system.events(),
      ]);
      const events = records.map(({ event }) => event);
      const results = ['ExtrinsicSuccess', 'ExtrinsicFailed'];
      return {
        number,
        extrinsics: results.flatMap((name) => eventsOf(events, 'system', name)).length,
        filled: Number(weight.normal.refTime) / most,
        isRotation: eventsOf(events, 'session', 'NewSession').length > 0,
        executed: eventsOf(events, 'council', 'Executed'),
      };
    }));
  };

  test('motions pass within ten blocks each', async (context) => {
    const { api, dave, hostile, nodes } = context;
    const all = await motions(context);
    const flood = new Flood(api, nodes, POOL_LIMIT);
    const pools = [];
    const starts = [];
    let before, after;
    flood.start(hostile, dave);
    try {
      await until('all pools are full', 2 * MINUTE, () =>
        flood.waiting.length > 0 && flood.waiting.every((count) => count >= FULL_POOL));
      before = flood.counted;
      for (const { motion, isDone } of all) {
        const watched = async (at) => {
          if (await isDone(at)) return true;
          if (starts.length < 2) pools.push(Math.min(...flood.waiting));
          return false;
        };
        starts.push(await decide(context, { motion, isDone: watched }));
      }
      after = flood.counted;
    } finally {
      await flood.stop();
    }

    // Counted on the final chain, regardless of forks.
    const head = await nodes[0].best();
    await until('it is final', MINUTE, async () => (await nodes[0].finalised()) >= head);
    const blocks = await blocksOf(context, starts[0] + 1, head);
    const ends = all.map(({ motion: { method } }) => {
      const isIt = ({ proposalHash, result }) => proposalHash.eq(method.hash) && result.isOk;
      return blocks.find(({ executed }) => executed.some(isIt))?.number;
    });
    // The blocks while the quotas are high.
    const during = blocks.filter(({ number }) => number < ends[1]);
    const counts = ends.map((end, index) => end - starts[index]);
    const waiting = Math.min(...pools);
    const refused = Object.fromEntries([...after.refused].map(([code, count]) =>
      [code, count - (before.refused.get(code) ?? 0)]));
    console.log(`blocks from proposal to execution: ${counts}`);
    for (const { number, extrinsics, filled, isRotation } of during) {
      const part = `${(100 * filled).toFixed(0)} % full${isRotation ? ', a new session' : ''}`;
      console.log(`#${number}: ${extrinsics} extrinsics, ${part}`);
    }
    console.log(`pools: at least ${waiting} of ${POOL_LIMIT}`);
    console.log(`taken: ${after.taken - before.taken}; refused: ${JSON.stringify(refused)}`);

    for (const count of counts) assert.ok(count <= MOST_BLOCKS, `${counts} blocks`);
    // Checks that the flood was strong enough: pools, blocks and errors.
    assert.ok(waiting >= LEAST_POOL, `the pools had room: ${pools}`);
    // A block that begins a session has no room for ordinary transactions.
    const ordinary = during.filter(({ isRotation }) => !isRotation);
    const full = ordinary.filter(({ filled }) => filled >= FULL_BLOCK);
    assert.ok(full.length >= FULL_BLOCKS * ordinary.length, `${full.length} full blocks`);
    for (const [code, least] of Object.entries(REFUSALS)) {
      assert.ok(refused[code] >= least, `refused with ${code}: ${refused[code]}`);
    }
    assert.deepEqual(flood.unexpected, [], 'all unwanted calls are rejected');
  });

  test('others can send afterwards', async ({ api, hostile, nodes, [OTHER]: other }) => {
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
