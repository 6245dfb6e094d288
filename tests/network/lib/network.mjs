// SPDX-License-Identifier: Apache-2.0

// Networks of real nodes on this machine: each node a process with ports, a key and a data folder of
// its own. Only what was started here is ever ended.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binary, pause } from '../../e2e/lib/node.mjs';

const START_LIMIT = 120_000;
const STOP_LIMIT = 20_000;
const TAIL_LINES = 25;

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

/** The validators of the chain `local`, whose nodes it lists. */
export const VALIDATORS = ['alice', 'bob', 'charlie', 'dave'];

/** Four validators of the chain `local`, which know each other from the first. */
export class Network {
  #backend;
  #base = mkdtempSync(join(tmpdir(), 'twinchain-network-'));
  #nodes = [];
  #killAtExit = () => {
    for (const node of this.#nodes) node.kill();
    rmSync(this.#base, { recursive: true, force: true });
  };

  constructor(backend) {
    this.#backend = backend;
    process.once('exit', this.#killAtExit);
    for (const [signal, number] of [['SIGHUP', 1], ['SIGINT', 2], ['SIGTERM', 15]]) {
      process.once(signal, () => process.exit(128 + number));
    }
  }

  /** Starts a node. `key` is a small number: its secret key. */
  async start(name, key, options = []) {
    const [first] = this.#nodes;
    const node = new Node(name, join(this.#base, name), await freePort(), [
      ...['--chain', 'local', '--network-backend', this.#backend],
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
    process.removeListener('exit', this.#killAtExit);
    rmSync(this.#base, { recursive: true, force: true });
  }

  /** The last lines of all nodes. */
  tail() {
    return this.#nodes.map((node) => node.tail()).join('\n');
  }

  /** The lines of all nodes that tell of a panic. */
  panics() {
    const lines = this.#nodes.flatMap((node) => node.log.split('\n'));
    return lines.filter((line) => /panicked|\bPANIC\b/.test(line));
  }
}

export class Node {
  #base;
  #port;
  #options;
  #child;
  #exited;
  log = '';

  constructor(name, base, port, options) {
    this.name = name;
    this.#base = base;
    this.#port = port;
    this.#options = options;
  }

  /** Starts the process and waits until it answers. */
  async start() {
    const options = [
      ...['--base-path', this.#base, '--rpc-port', '0', '--name', this.name],
      ...['--listen-addr', `/ip4/127.0.0.1/tcp/${this.#port}`],
      ...['--no-prometheus', '--no-telemetry', '--no-mdns'],
    ];
    const start = this.log.length;
    this.#child = spawn(binary(), [...this.#options, ...options], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1' },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (this.log += text));
    }
    this.#exited = new Promise((resolve) => {
      this.#child.once('error', resolve);
      this.#child.once('exit', resolve);
    });
    const port = await until(`${this.name} answers`, START_LIMIT, () => {
      if (this.#child.exitCode !== null) throw new Error(`${this.name} ended\n${this.tail()}`);
      const answer = /Running JSON-RPC server: addr=127\.0\.0\.1:(\d+)/.exec(this.log.slice(start));
      return answer?.[1];
    });
    this.url = `ws://127.0.0.1:${port}`;
    this.peerId = await this.rpc('system_localPeerId');
    this.address = `/ip4/127.0.0.1/tcp/${this.#port}/p2p/${this.peerId}`;
  }

  /** Calls the node's RPC. */
  async rpc(method, ...params) {
    const response = await fetch(this.url.replace('ws:', 'http:'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
    const { result, error } = await response.json();
    if (error) throw new Error(`${this.name}: ${method}: ${error.message}`);
    return result;
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

  /** kill -9. */
  kill() {
    this.#child?.kill('SIGKILL');
  }

  /** Waits until the process has ended. */
  async ended() {
    await this.#exited;
  }

  /** Asks the process to end, and waits. */
  async stop() {
    this.#child.kill('SIGTERM');
    const kill = setTimeout(() => this.kill(), STOP_LIMIT);
    await this.#exited;
    clearTimeout(kill);
  }

  tail() {
    const lines = this.log.trimEnd().split('\n').slice(-TAIL_LINES);
    return [`--- the last lines of ${this.name}:`, ...lines.map((line) => `  ${line}`)].join('\n');
  }
}

/** A port that nothing listens on. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
