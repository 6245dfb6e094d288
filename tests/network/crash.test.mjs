// SPDX-License-Identifier: Apache-2.0

// Four validators, of which one at a time is killed or stopped, and restarted, while accounts
// write. A block one node reported as final is final on every node in the end, and the chain never
// stalls.
//
// TWINCHAIN_ROUNDS sets the number of kills; TWINCHAIN_SEED determines which nodes and when.

import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, describe } from 'node:test';
import { accounts, connect } from '../e2e/lib/chain.mjs';
import { pause } from '../e2e/lib/node.mjs';
import { FinalChain, finalChainOf } from './lib/final.mjs';
import { Network, until, VALIDATORS } from './lib/network.mjs';
import { Random } from './lib/random.mjs';
import { counted } from './lib/suite.mjs';
import { checkState, checkValidators, item, makeLists, remark, sign, twin } from './lib/writes.mjs';

const MINUTE = 60_000;
const ROUNDS = Number(process.env.TWINCHAIN_ROUNDS ?? 20);
const LIMIT = (10 + ROUNDS) * MINUTE;
const SEED = Number(process.env.TWINCHAIN_SEED ?? randomInt(2 ** 32));
/** The time limit of a write, and the time after which it is sent again, to another node. */
const WRITE_LIMIT = 3 * MINUTE;
const SEND_AGAIN = 15_000;

describe('four validators, of which one at a time is killed', { timeout: 2 * LIMIT }, () => {
  const { test: check, failures } = counted(LIMIT);
  const network = new Network('litep2p');
  const final = new FinalChain();
  const alive = new Set();
  const writes = [];
  const refusals = new Map();
  let nodes, api, authors;
  let writing = true;
  let following = true;

  before(async () => {
    console.log(`TWINCHAIN_SEED=${SEED} TWINCHAIN_ROUNDS=${ROUNDS}`);
    nodes = await network.startValidators();
    for (const node of nodes) alive.add(node);
    await until('all have three peers', MINUTE, async () =>
      (await Promise.all(nodes.map((node) => node.peers()))).every((peers) => peers === 3));
    authors = Object.values(accounts());
    const context = await connect(nodes[0].url);
    const lists = await makeLists(context, authors);
    const nonces = await Promise.all(authors.map(({ address }) =>
      nodes[0].rpc('system_accountNextIndex', address)));
    authors = authors.map((signer, index) =>
      ({ signer, list: lists[index], nonce: nonces[index], random: new Random(SEED + index + 1) }));
    // The metadata is enough to sign. The node behind the connection may be killed.
    ({ api } = context);
    await context.close();
  }, { timeout: LIMIT });

  after(async () => {
    if (failures() > 0) console.log(network.tail());
    await network.stop();
    assert.deepEqual(network.panics(), [], 'no node panics');
  }, { timeout: LIMIT });

  /** Calls a node. Ignores the error if the node is killed meanwhile. */
  const ifAlive = async (node, ask) => {
    try {
      await ask();
    } catch (error) {
      if (alive.has(node)) throw error;
    }
  };

  /** Reads the final chain of all living nodes repeatedly. */
  const follow = async () => {
    while (following) {
      for (const node of alive) await ifAlive(node, () => final.read(node));
      await pause(300);
    }
  };

  const send = async ({ hex }, random) => {
    const node = random.oneOf([...alive]);
    try {
      await node.rpc('author_submitExtrinsic', hex);
    } catch (error) {
      // The node was killed, or already has the write from another node. Otherwise the write is
      // sent again.
      refusals.set(error.message, (refusals.get(error.message) ?? 0) + 1);
    }
  };

  /** Sends a write until it is in a final block of a living node. Returns the block's place. */
  const makeFinal = async (signed, random) => {
    let sent = 0;
    return until(`${signed.extrinsicHash} is final`, WRITE_LIMIT, async () => {
      const place = final.placeOf(signed.hex);
      if (!place && Date.now() - sent > SEND_AGAIN) {
        sent = Date.now();
        await send(signed, random);
      }
      return place;
    });
  };

  /** Sends one account's writes, one after the other. */
  const write = async ({ signer, list, nonce, random }) => {
    for (let count = 0; writing; count += 1) {
      const name = `${signer.address}-${count}`;
      const wanted = [twin(name), item(list, name), remark(name)][count % 3];
      const signed = await sign(api, signer, nonce + count, wanted);
      writes.push({ ...signed, ...(await makeFinal(signed, random)) });
    }
  };

  /** Kills or stops a node and restarts it. Waits until it has caught up with the others. */
  const crash = async (node, random) => {
    const killed = final.height;
    alive.delete(node);
    if (random.oneOf([true, false])) await node.kill();
    else assert.equal(await node.stop(), 'ended with 0', `${node.name} stops when it is asked to`);
    await pause(random.between(200, 2_000));
    await node.start();
    alive.add(node);
    const started = final.height;
    await until(`${node.name} catches up`, MINUTE, async () => (await node.finalised()) >= started);
    await until('the chain continues', MINUTE, () => final.height > killed);
  };

  const crashInTurn = async () => {
    const random = new Random(SEED);
    for (let round = 1; writing && round <= ROUNDS; round += 1) {
      await pause(random.between(0, 2_000));
      const start = Date.now();
      const node = random.oneOf(nodes);
      await crash(node, random);
      console.log(`${round}: ${node.name}, ${(Date.now() - start) / 1000} s, #${final.height}`);
    }
  };

  check(`accounts write while nodes are killed ${ROUNDS} times`, async () => {
    const followed = follow();
    const written = Promise.all(authors.map(write));
    try {
      // The first failure ends the test.
      await Promise.race([crashInTurn(), written, followed]);
      writing = false;
      await Promise.race([written, followed]);
    } finally {
      [writing, following] = [false, false];
    }
    await followed;
    console.log(`${writes.length} writes are final`, Object.fromEntries(refusals));
  });

  check('every node has the same final chain, with every write in its place', async () => {
    const { height } = final;
    await until('all have the final blocks', MINUTE, async () =>
      (await Promise.all(nodes.map((node) => node.finalised()))).every((their) => their >= height));
    for (const node of nodes) {
      await final.read(node);
      const own = await finalChainOf(node);
      for (const { extrinsicHash, hex, number, hash } of writes) {
        assert.deepEqual(own.placeOf(hex), { number, hash }, `${extrinsicHash} on ${node.name}`);
      }
    }
  });

  check('every node has the written state', async () => {
    for (const node of nodes) await checkState(node, final.head, writes);
  });

  check('no validator is dismissed', () => checkValidators(nodes[0], VALIDATORS.length));
});
