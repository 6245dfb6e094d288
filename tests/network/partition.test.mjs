// SPDX-License-Identifier: Apache-2.0

// Four validators are split into two halves. Neither half can finalise blocks, but both continue
// recording. After the halves are reconnected, they agree on one chain, which has the writes of
// both.
//
// Each node has its own network namespace, which needs root and iproute2.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { bytes, connect } from '../e2e/lib/chain.mjs';
import { FinalChain, finalChainOf } from './lib/final.mjs';
import { Machines, obstacle } from './lib/machines.mjs';
import { Network, until, VALIDATORS } from './lib/network.mjs';
import { counted } from './lib/suite.mjs';
import { checkState, checkValidators, remark, sign, twin } from './lib/writes.mjs';

const LIMIT = 900_000;
const MINUTE = 60_000;
/** Milliseconds without a new final block after which all messages have arrived. */
const SETTLED = 10_000;
/** Milliseconds after that in which no block may become final. */
const STILL = 30_000;
const BLOCKS = 3;

/**
 * A cut that the connections survive, and one that they do not: TCP closes them after a quarter of
 * an hour, the system's default, or after about 13 seconds.
 */
const CUTS = [
  { name: 'cut', tcpRetries: 15 },
  { name: 'long cut', tcpRetries: 5, connectionsEnd: true },
];

const root = process.getuid?.() === 0;
const skip = process.env.CI === 'true' && root ? undefined : obstacle();
if (skip) {
  console.log(`SKIPPED, so no partition is tested: ${skip}`);
  test('partitions', (context) => context.skip(skip));
}

describe('four validators in two halves', { timeout: 2 * LIMIT, skip }, () => {
  const { test: check, failures } = counted(LIMIT);
  const final = new FinalChain();
  let machines, network, nodes, halves, writers, api, close;

  const ofAll = (ask) => Promise.all(nodes.map(ask));
  const finalised = () => ofAll((node) => node.finalised());
  const bests = () => ofAll((node) => node.best());
  const peers = () => ofAll((node) => node.peers());

  /** Waits until this block is final on all nodes, and checks that they agree. */
  const agree = async (number, limit) => {
    await until(`#${number} is final everywhere`, limit, async () =>
      (await finalised()).every((their) => their >= number));
    for (const node of nodes) await final.read(node);
  };

  before(async () => {
    machines = new Machines(VALIDATORS);
    network = new Network('litep2p', (name) => machines.host(name));
    nodes = await network.startValidators();
    const { alice, bob, charlie, dave, ...rest } = await connect(nodes[0].url);
    ({ api, close } = rest);
    halves = [nodes.slice(0, 2), nodes.slice(2)];
    writers = [[alice, bob], [charlie, dave]];
    await until('all have three peers', MINUTE, async () =>
      (await peers()).every((count) => count === 3));
    await agree(BLOCKS, MINUTE);
  }, { timeout: LIMIT });

  after(async () => {
    await close?.();
    if (failures() > 0) console.log(network.tail());
    await network?.stop();
    await machines?.remove();
    assert.deepEqual(network?.panics(), [], 'no node panics');
  }, { timeout: LIMIT });

  /** Returns the last final block of each node, once it no longer changes. */
  const settle = async () => {
    let last, since;
    return until('finality has stopped', 2 * MINUTE, async () => {
      const now = await finalised();
      if (!isDeepStrictEqual(now, last)) [last, since] = [now, Date.now()];
      return Date.now() - since >= SETTLED && last;
    });
  };

  /** Checks that both halves make blocks, and that none becomes final for half a minute. */
  const standStill = async () => {
    const [stands, start, end] = [await finalised(), await bests(), Date.now() + STILL];
    await until('both halves make blocks', 2 * MINUTE, async () => {
      assert.deepEqual(await finalised(), stands, 'no block becomes final');
      const grown = (await bests()).every((best, index) => best >= start[index] + BLOCKS);
      return Date.now() >= end && grown;
    });
  };

  /** Writes with each account of a half through the half's nodes. Returns the sent writes. */
  const writeTo = async (half, signers, name) => {
    const sent = await Promise.all(signers.map(async (signer, index) => {
      const nonce = await nonceOf(half[index], signer);
      const own = `${name}-${signer.meta.name}`;
      const writes = [twin(own), remark(own)];
      const signed = await Promise.all(writes.map((write, position) =>
        sign(api, signer, nonce + position, write)));
      for (const { hex } of signed) await half[index].rpc('author_submitExtrinsic', hex);
      await until(`both nodes have what ${signer.meta.name} wrote`, 2 * MINUTE, async () =>
        (await Promise.all(half.map((node) => nonceOf(node, signer))))
          .every((their) => their === nonce + writes.length));
      return signed;
    }));
    return sent.flat();
  };

  for (const { name, tcpRetries, connectionsEnd } of CUTS) {
    let sent;

    check(`${name}: both halves make blocks, and none becomes final`, async () => {
      machines.setTcpRetries(tcpRetries);
      await agree(final.height + 1, MINUTE);
      machines.cut(VALIDATORS.slice(0, 2), VALIDATORS.slice(2));
      const stands = await settle();
      sent = (await Promise.all(halves.map((half, index) =>
        writeTo(half, writers[index], `${name}-${index}`)))).flat();
      await standStill();
      await until('the connections end', 3 * MINUTE, async () =>
        !connectionsEnd || (await peers()).every((count) => count === 1));
      assert.deepEqual(await finalised(), stands, 'no block has become final');
      const number = Math.min(...(await bests()));
      const [one, other] = await Promise.all(halves.map(([node]) => node.blockHash(number)));
      assert.notEqual(one, other, 'each half has its own chain');
    });

    check(`${name}, healed: all agree, and have the writes of both halves`, async () => {
      const height = Math.max(...(await bests()));
      const healed = Date.now();
      machines.heal();
      await agree(height + BLOCKS, 5 * MINUTE);
      console.log(`${name}: final again ${seconds(healed)} s after healing`);
      await until('the writes of both halves are final', 3 * MINUTE, async () => {
        await agree(final.height, MINUTE);
        return sent.every(({ hex }) => final.placeOf(hex));
      });
      console.log(`${name}: all writes final ${seconds(healed)} s after healing`);
      await agree(final.height, MINUTE);
      for (const node of nodes) {
        const own = await finalChainOf(node);
        for (const { hex, extrinsicHash } of sent) {
          const where = `${extrinsicHash} on ${node.name}`;
          assert.deepEqual(own.placeOf(hex), final.placeOf(hex), where);
        }
        await checkState(node, final.head, sent);
      }
      await until('all have three peers again', 5 * MINUTE, async () =>
        (await peers()).every((count) => count === 3));
    });
  }

  check('no validator is dismissed', () => checkValidators(nodes[0], VALIDATORS.length));
});

/** Returns the account's nonce on a node's best chain. */
async function nonceOf(node, { publicKey }) {
  const encoded = await node.rpc('state_call', 'AccountNonceApi_account_nonce', bytes(publicKey));
  return Buffer.from(encoded.slice(2), 'hex').readUInt32LE();
}

const seconds = (since) => Math.round((Date.now() - since) / 1000);
