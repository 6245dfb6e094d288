// SPDX-License-Identifier: Apache-2.0

// Networks of real nodes on this machine: each node a process with ports, a key and a data folder
// of its own. Only what was started here is ever ended.

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atExit, genesisOf, HERE, NodeProcess, pause } from '../../e2e/lib/node.mjs';

/** Waits until `condition` answers something true, and answers that. */
export async function until(what, limit, condition) {
  const end = Date.now() + limit;
  for (;;) {
    const answer = await condition();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`not within ${limit / 1000} seconds: ${what}`);
    await pause(250);
  }
}

/** Calls the RPC of the node at this address. */
export async function rpc(url, method, ...params) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  const { result, error } = await response.json();
  if (error) throw new Error(`${url}: ${method}: ${error.message}`);
  return result;
}

/** The validators of the chain `local`, whose nodes it lists. */
export const VALIDATORS = ['alice', 'bob', 'charlie', 'dave'];

/** Four validators of the chain `local`, which know each other from the first. */
export class Network {
  #backend;
  #hostOf;
  #base = mkdtempSync(join(tmpdir(), 'twinchain-network-'));
  #nodes = [];
  #calledOff;

  /** `hostOf` tells where the node with a name runs: all on this machine unless told otherwise. */
  constructor(backend, hostOf = () => HERE) {
    this.#backend = backend;
    this.#hostOf = hostOf;
    this.#calledOff = atExit(() => {
      for (const node of this.#nodes) node.kill();
      this.#remove();
    });
  }

  /** Starts a node. `key` is a small number: its secret key. */
  async start(name, key, options = []) {
    const [first] = this.#nodes;
    const node = new Node(name, this.#hostOf(name), join(this.#base, name), await freePort(), [
      ...['--chain', await genesisOf('local'), '--network-backend', this.#backend],
      ...['--node-key', key.toString(16).padStart(64, '0')],
      ...(first ? ['--bootnodes', first.address] : []),
      ...options,
    ]);
    this.#nodes.push(node);
    await node.start();
    return node;
  }

  async startValidators() {
    const nodes = [];
    for (const [index, name] of VALIDATORS.entries()) {
      nodes.push(await this.start(name, index + 1, [`--${name}`]));
    }
    return nodes;
  }

  /** Ends all nodes and removes their data. */
  async stop() {
    await Promise.all(this.#nodes.map((node) => node.stop()));
    this.#calledOff();
    this.#remove();
  }

  #remove() {
    rmSync(this.#base, { recursive: true, force: true });
  }

  /** The last lines of all nodes. */
  tail() {
    return this.#nodes.map((node) => node.tail()).join('\n');
  }

  /** What all nodes wrote around panics. */
  panics() {
    return this.#nodes.flatMap((node) => node.panics());
  }
}

/** A node, which may be started again after it ended. */
export class Node {
  #host;
  #listens;
  #options;
  #runs = [];

  constructor(name, host, base, port, options) {
    this.name = name;
    this.#host = host;
    this.#listens = `/ip4/${host.address}/tcp/${port}`;
    this.#options = [
      ...['--base-path', base, '--name', name],
      ...['--listen-addr', this.#listens],
      ...options,
    ];
  }

  /** Starts the process and waits until it answers. */
  async start() {
    this.#runs.push(new NodeProcess(this.#options, this.name, this.#host));
    await this.#now.ready();
    this.peerId = await this.rpc('system_localPeerId');
    this.address = `${this.#listens}/p2p/${this.peerId}`;
  }

  /** The process that was started last. */
  get #now() {
    return this.#runs.at(-1);
  }

  get url() {
    return this.#now.url;
  }

  /** What it wrote since it was started last. */
  get log() {
    return this.#now.log;
  }

  /** Calls the node's RPC. */
  rpc(method, ...params) {
    return rpc(this.url.replace('ws:', 'http:'), method, ...params);
  }

  /** How many peers it talks to. */
  async peers() {
    return (await this.rpc('system_health')).peers;
  }

  /** The number of its best block. */
  async best() {
    return Number((await this.rpc('chain_getHeader')).number);
  }

  /** The number of its last final block. */
  async finalised() {
    const hash = await this.rpc('chain_getFinalizedHead');
    return Number((await this.rpc('chain_getHeader', hash)).number);
  }

  /** The hash of its block with this number: nothing where it has none. */
  blockHash(number) {
    return this.rpc('chain_getBlockHash', number);
  }

  /** kill -9. Answers when the process has ended. */
  kill() {
    return this.#now?.kill();
  }

  /** Asks the process to end, and waits. */
  stop() {
    return this.#now?.stop();
  }

  /** What all its processes wrote around panics. */
  panics() {
    return this.#runs.flatMap((run) => run.panics());
  }

  tail() {
    return this.#now?.tail() ?? '';
  }
}

/** A port that nothing listens on. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
