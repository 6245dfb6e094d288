// SPDX-License-Identifier: Apache-2.0

// Members that send as much as they can, to keep others out: transactions that fill pools and
// blocks, and calls that the pool has to refuse.

import { randomBytes, randomInt } from 'node:crypto';
import { pause } from '../../e2e/lib/node.mjs';
import { u8aToHex } from '../../e2e/lib/polkadot.mjs';

/** Picoseconds in a unit of quotas. */
const UNIT = 1_000_000n;
/** What a transaction that fills blocks weighs, in units: 25 of them fill a block. */
const HEAVY = 100_000n;
/** The greatest bound of a length. */
const LONGEST = 2 ** 32 - 1;
/** Longer than a block may take, and still less than a full quota. */
const HEAVIEST = { refTime: 50_000_000n * UNIT, proofSize: 0 };
/** How far nonces are ahead that have to be refused (256 is the limit), and the others at most. */
const TOO_FAR = 1_000;
const AHEAD = 200;

/** The code with which accounts that are not members are refused. */
const NOT_A_MEMBER = 101;
/** The code for a used-up quota, which is checked before the nonce. */
const QUOTA_EXHAUSTED = 103;

/** From one look at the pools to the next, and from one round of refused calls to the next. */
const LOOK = 500;
const ROUND = 1_000;
/** From one transaction of an account to the next: into a pool with room, and into a full one. */
const STEP = 30;
const FULL_STEP = 400;

const random = () => u8aToHex(randomBytes(32));

/** Sends a transaction to a node. Returns the code of the refusal, or undefined if it is taken. */
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
 * An ordinary call that weighs much and does nothing: who makes it says what it weighs, and since
 * it fails, nothing of that comes back.
 */
function heavy(api, { address }) {
  const noSuchTimepoint = { height: 1, index: 0 };
  const weight = { refTime: HEAVY * UNIT, proofSize: 0 };
  return api.tx.multisig.approveAsMulti(2, [address], noSuchTimepoint, random(), weight);
}

/** Calls that are refused if their signer holds no office, by the code of the refusal. */
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

/** Calls of an official that would fail, by the code of the refusal. */
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

  /** How many transactions nodes took. */
  taken = 0;
  /** How many they refused, by code. */
  refused = new Map();
  /** What they took, or refused with another code than they should. */
  unexpected = [];

  /** `limit` is how many transactions the pool of a node takes. */
  constructor(api, nodes, limit) {
    this.#api = api;
    this.#nodes = nodes;
    this.#limit = limit;
  }

  /** Starts what `members` send, each to one of the nodes, and what an official sends. */
  start(members, official) {
    this.#running = true;
    const runs = members.flatMap((signer, index) => {
      const from = { signer, node: this.#nodes[index % this.#nodes.length] };
      const other = members[(index + 1) % members.length];
      return [this.#fill(from, other), this.#provoke(from, () => forbidden(this.#api, other))];
    });
    const from = { signer: official, node: this.#nodes[0] };
    this.#loops = [this.#watch(), ...runs, this.#provoke(from, () => inVain(this.#api))];
    // What goes wrong is told by `stop`.
    for (const loop of this.#loops) loop.catch(() => (this.#running = false));
  }

  async stop() {
    this.#running = false;
    await Promise.all(this.#loops);
  }

  /** How many transactions wait in the pools, one number for each node. */
  get waiting() {
    return this.#waiting;
  }

  /** What was counted so far. */
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

  /** Fills the pools, and the blocks from them. Goes on when they are full. */
  async #fill(from, other) {
    const place = this.#nodes.indexOf(from.node);
    let nonce;
    while (this.#running) {
      nonce ??= await this.#nextNonce(from);
      const code = await this.#send(from, heavy(this.#api, other), nonce);
      nonce += 1;
      if (code !== undefined) {
        // No room. There may be some in the queue of those that wait for others.
        await this.#send(from, heavy(this.#api, other), nonce + randomInt(AHEAD));
      }
      const isFull = this.#waiting[place] >= this.#limit;
      // What it follows on may have been refused, or pushed out.
      if (code !== undefined || isFull) nonce = undefined;
      await pause(isFull ? FULL_STEP : STEP);
    }
  }

  /** Sends what has to be refused. */
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
