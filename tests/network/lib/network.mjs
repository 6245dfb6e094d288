// SPDX-License-Identifier: Apache-2.0

// Networks of real nodes on this machine. Each node is a process with its own ports, key and data
// folder. Only processes that were started here are ever ended.

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atExit, genesisOf, HERE, NodeProcess, pause } from '../../e2e/lib/node.mjs';

/** Waits until `condition` returns a truthy value, and returns it. Fails after `limit` ms. */
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

/** The validators of the chain `local`, whose nodes are on its list. */
export const VALIDATORS = ['alice', 'bob', 'charlie', 'dave'];

/** A network for the chain `local`. Each node has the first one as a boot node. */
export class Network {
  #backend;
  #hostOf;
  #base = mkdtempSync(join(tmpdir(), 'twinchain-network-'));
  #nodes = [];
  #calledOff;

  /** `hostOf` returns the host of the node with a name. By default, all run on this machine. */
  constructor(backend, hostOf = () => HERE) {
    this.#backend = backend;
    this.#hostOf = hostOf;
    this.#calledOff = atExit(() => {
      for (const node of this.#nodes) node.kill();
      this.#remove();
    });
  }

  /** Starts a node. `key` is its secret key, a small number. */
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

  /** Returns the last log lines of all nodes. */
  tail() {
    return this.#nodes.map((node) => node.tail()).join('\n');
  }

  /** Returns the log lines of all nodes around panics. */
  panics() {
    return this.#nodes.flatMap((node) => node.panics());
  }
}

/** A node, which can be restarted after it ended. */
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

  /** Starts the process and waits until it responds. */
  async start() {
    this.#runs.push(new NodeProcess(this.#options, this.name, this.#host));
    await this.#now.ready();
    this.peerId = await this.rpc('system_localPeerId');
    this.address = `${this.#listens}/p2p/${this.peerId}`;
  }

  /** The most recent process. */
  get #now() {
    return this.#runs.at(-1);
  }

  get url() {
    return this.#now.url;
  }

  /** The log of the most recent process. */
  get log() {
    return this.#now.log;
  }

  /** Calls the node's RPC. */
  rpc(method, ...params) {
    return rpc(this.url.replace('ws:', 'http:'), method, ...params);
  }

  /** Returns the number of its peers. */
  async peers() {
    return (await this.rpc('system_health')).peers;
  }

  /** Returns the number of its best block. */
  async best() {
    return Number((await this.rpc('chain_getHeader')).number);
  }

  /** Returns the number of its last final block. */
  async finalised() {
    const hash = await this.rpc('chain_getFinalizedHead');
    return Number((await this.rpc('chain_getHeader', hash)).number);
  }

  /** Returns the hash of its block with this number, or `null`. */
  blockHash(number) {
    return this.rpc('chain_getBlockHash', number);
  }

  /** Kills the process (SIGKILL), and waits until it has ended. */
  kill() {
    return this.#now?.kill();
  }

  /** Stops the process, and waits until it has ended. */
  stop() {
    return this.#now?.stop();
  }

  /** Returns the log lines of all its processes around panics. */
  panics() {
    return this.#runs.flatMap((run) => run.panics());
  }

  tail() {
    return this.#now?.tail() ?? '';
  }
}

/** Returns a free port. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
