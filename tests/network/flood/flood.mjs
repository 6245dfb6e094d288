// SPDX-License-Identifier: Apache-2.0

// A flood by members that try to keep others out: transactions that fill pools and blocks, and
// calls that the pool must reject.

import { randomBytes, randomInt } from 'node:crypto';
import { pause } from '../../e2e/lib/node.mjs';
import { u8aToHex } from '../../e2e/lib/polkadot.mjs';

/** Picoseconds in a unit of quotas. */
const UNIT = 1_000_000n;
/** The weight of a transaction that fills blocks, in units: 25 of them fill a block. */
const HEAVY = 100_000n;
/** The greatest bound of a length. */
const LONGEST = 2 ** 32 - 1;
/** More than a block can take, but less than a full quota. */
const HEAVIEST = { refTime: 50_000_000n * UNIT, proofSize: 0 };
/** Distance of nonces that must be rejected (256 is the limit), and the maximum of the others. */
const TOO_FAR = 1_000;
const AHEAD = 200;

/** The error code for accounts that are not members. */
const NOT_A_MEMBER = 101;
/** The error code for a used-up quota, which is checked before the nonce. */
const QUOTA_EXHAUSTED = 103;

/** Milliseconds between two checks of the pools, and between two rounds of rejected calls. */
const LOOK = 500;
const ROUND = 1_000;
/** Milliseconds between two transactions of an account, to a pool with room and to a full one. */
const STEP = 30;
const FULL_STEP = 400;

const random = () => u8aToHex(randomBytes(32));

/** Sends a transaction to a node. Returns the code of the error, or undefined if it is accepted. */
export async function submit(node, hex) {
  const request = { jsonrpc: '2.0', id: 1, method: 'author_submitExtrinsic', params: [hex] };
  const response = await fetch(node.url.replace('ws:', 'http:'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  const { error } = await response.json();
  if (!error) return undefined;
  const [, custom] = /\bCustom(?: error: |\()(\d+)/.exec(error.data) ?? [];
  return Number(custom ?? error.code);
}

/**
 * Returns an ordinary call with a high weight and no effect. The caller declares the weight, and
 * because the call fails, none of it is refunded.
 */
function heavy(api, { address }) {
  const noSuchTimepoint = { height: 1, index: 0 };
  const weight = { refTime: HEAVY * UNIT, proofSize: 0 };
  return api.tx.multisig.approveAsMulti(2, [address], noSuchTimepoint, random(), weight);
}

/** Returns calls that are rejected unless their signer holds an office, by error code. */
function forbidden(api, { address }) {
  const { council, multisig, proxy, session, system, utility } = api.tx;
  const motion = () => system.remark(random());
  const close = () => council.close(random(), 0, HEAVIEST, LONGEST);
  const kill = () => system.killPrefix(random(), LONGEST);
  const propose = () => council.propose(2, motion(), LONGEST);
  const vote = () => council.vote(random(), 0, true);
  return {
    106: [
      close(),
      kill(),
      propose(),
      utility.batch([close(), propose()]),
      utility.batchAll([kill(), vote()]),
      utility.forceBatch([vote(), close()]),
      proxy.proxy(address, null, close()),
      proxy.proxy(address, null, utility.batch([kill()])),
      multisig.asMultiThreshold1([address], close()),
    ],
    107: [
      council.execute(motion(), LONGEST),
      council.propose(1, motion(), LONGEST),
      proxy.removeProxies(),
      session.purgeKeys(),
    ],
  };
}

/** Returns calls of an official that would fail, by error code. */
function inVain(api) {
  const { council, system } = api.tx;
  return {
    109: [
      council.close(random(), 0, HEAVIEST, LONGEST),
      council.propose(2, system.remark(random()), LONGEST),
      council.vote(random(), 0, true),
    ],
  };
}

/** The flood, from its start until it is stopped. */
export class Flood {
  #api;
  #nodes;
  #limit;
  #running = false;
  #loops = [];
  #waiting = [];

  /** Number of transactions that nodes accepted. */
  taken = 0;
  /** Number of transactions that nodes rejected, by code. */
  refused = new Map();
  /** Transactions that nodes accepted, or rejected with another code than expected. */
  unexpected = [];

  /** `limit` is the maximum number of transactions in a node's pool. */
  constructor(api, nodes, limit) {
    this.#api = api;
    this.#nodes = nodes;
    this.#limit = limit;
  }

  /** Starts the flood of `members`, each on one of the nodes, and of an official. */
  start(members, official) {
    this.#running = true;
    const runs = members.flatMap((signer, index) => {
      const from = { signer, node: this.#nodes[index % this.#nodes.length] };
      const other = members[(index + 1) % members.length];
      return [this.#fill(from, other), this.#provoke(from, () => forbidden(this.#api, other))];
    });
    const from = { signer: official, node: this.#nodes[0] };
    this.#loops = [this.#watch(), ...runs, this.#provoke(from, () => inVain(this.#api))];
    // `stop` reports the errors.
    for (const loop of this.#loops) loop.catch(() => (this.#running = false));
  }

  async stop() {
    this.#running = false;
    await Promise.all(this.#loops);
  }

  /** The number of transactions that wait in the pool of each node. */
  get waiting() {
    return this.#waiting;
  }

  /** The counts so far. */
  get counted() {
    return { taken: this.taken, refused: new Map(this.refused) };
  }

  async #watch() {
    while (this.#running) {
      this.#waiting = await Promise.all(
        this.#nodes.map(async (node) => (await node.rpc('author_pendingExtrinsics')).length),
      );
      await pause(LOOK);
    }
  }

  async #send({ signer, node }, call, nonce) {
    const signed = await call.signAsync(signer, { nonce, era: 0 });
    const code = await submit(node, signed.toHex());
    if (code === undefined) this.taken += 1;
    else this.refused.set(code, (this.refused.get(code) ?? 0) + 1);
    return code;
  }

  #nextNonce({ signer, node }) {
    return node.rpc('system_accountNextIndex', signer.address);
  }

  /** Fills the pools, and the blocks from them. Continues when they are full. */
  async #fill(from, other) {
    const place = this.#nodes.indexOf(from.node);
    let nonce;
    while (this.#running) {
      nonce ??= await this.#nextNonce(from);
      const code = await this.#send(from, heavy(this.#api, other), nonce);
      nonce += 1;
      if (code !== undefined) {
        // The ready queue has no room. The future queue may have some.
        await this.#send(from, heavy(this.#api, other), nonce + randomInt(AHEAD));
      }
      const isFull = this.#waiting[place] >= this.#limit;
      // The preceding transaction may have been rejected or evicted.
      if (code !== undefined || isFull) nonce = undefined;
      await pause(isFull ? FULL_STEP : STEP);
    }
  }

  /** Sends calls that must be rejected. */
  async #provoke(from, make) {
    while (this.#running) {
      const next = await this.#nextNonce(from);
      const calls = Object.entries(make()).flatMap(([code, calls]) =>
        calls.map((call) => [Number(code), call, next + randomInt(AHEAD)]));
      const tooFar = [108, heavy(this.#api, from.signer), next + TOO_FAR + randomInt(TOO_FAR)];
      await Promise.all([...calls, tooFar].map(async ([expected, call, nonce]) => {
        const code = await this.#send(from, call, nonce);
        const other = expected === 108 ? [NOT_A_MEMBER, QUOTA_EXHAUSTED] : [NOT_A_MEMBER];
        if (code === expected || other.includes(code)) return;
        this.unexpected.push(`${call.method.section}.${call.method.method}: ${code ?? 'taken'}`);
      }));
      await pause(ROUND);
    }
  }
}
