// SPDX-License-Identifier: Apache-2.0

// Starts and stops a real node: one for each test file, on ports that the system assigns, with its
// own data folder.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import {
  accessSync, constants, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync,
  statSync, writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

const START_LIMIT = 120_000;
const STOP_LIMIT = 20_000;
const TEST_LIMIT = 240_000;
const TAIL_LINES = 40;
/** Number of lines that are shown around a panic. */
const LINES_BEFORE = 15;
const LINES_AFTER = 40;
/** The key of the runtime in the state: `:code`. */
const CODE = '0x3a636f6465';

/** Returns the path of the node's binary: TWINCHAIN_NODE, or the path of scripts/run.sh. */
export function binary() {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const target = process.env.CARGO_TARGET_DIR || join(cache, 'twinchain', 'target');
  const path = process.env.TWINCHAIN_NODE || join(target, 'release', 'twinchain-node');
  try {
    accessSync(path, constants.X_OK);
  } catch {
    throw new Error(`no node at ${path}: build it with scripts/run.sh --build-only`);
  }
  return path;
}

/**
 * Returns the file of a built-in chain with its genesis state. For a built-in chain, a node
 * computes that state at each start, which takes three times as long as the rest of the start. The
 * file is next to the node's binary, and is written once for all tests.
 */
export async function genesisOf(chain) {
  const { mtimeMs, size } = statSync(binary());
  const folder = join(dirname(binary()), 'test-chains');
  const path = join(folder, `${chain}-${size}-${Math.round(mtimeMs)}.json`);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  // Another process can be writing it at the same time.
  const own = `${path}.${process.pid}`;
  const options = ['--chain', chain, '--raw', '--output', own];
  await promisify(execFile)(binary(), ['export-chain-spec', ...options]);
  renameSync(own, path);
  return path;
}

/** Like `genesisOf`, but the chain begins with the runtime in this file. */
export async function genesisWith(chain, runtime) {
  const original = await genesisOf(chain);
  const { mtimeMs, size } = statSync(runtime);
  const path = original.replace(/\.json$/, `-with-${size}-${Math.round(mtimeMs)}.json`);
  if (existsSync(path)) return path;
  const spec = JSON.parse(readFileSync(original, 'utf8'));
  spec.genesis.raw.top[CODE] = `0x${readFileSync(runtime).toString('hex')}`;
  // Another process can be writing it at the same time.
  const own = `${path}.${process.pid}`;
  writeFileSync(own, JSON.stringify(spec));
  renameSync(own, path);
  return path;
}

/** Runs `clean` when this process ends, for any reason. Returns a function that cancels this. */
export function atExit(clean) {
  process.once('exit', clean);
  for (const [signal, number] of [['SIGHUP', 1], ['SIGINT', 2], ['SIGTERM', 15]]) {
    process.once(signal, () => process.exit(128 + number));
  }
  return () => process.removeListener('exit', clean);
}

/** The host of a node: its address, and arguments before the program and among its options. */
export const HERE = { address: '127.0.0.1', command: [], options: [] };

/**
 * Returns the lines of a log around each panic. Panics in timers of libp2p that outlive the runtime
 * at a node's end are ignored.
 */
export function panicsIn(log, name) {
  const lines = log.split('\n');
  const ours = (line) => /panicked|\bPANIC\b/.test(line)
    && !/\/tokio-[^/]+\/src\/runtime\/time\/entry\.rs/.test(line);
  return lines.flatMap((line, index) => {
    if (!ours(line)) return [];
    const around = lines.slice(Math.max(0, index - LINES_BEFORE), index + LINES_AFTER);
    return [[`${name}, around line ${index + 1}:`, ...around].join('\n')];
  });
}

/** A running node. The caller that starts it must stop it. */
export class NodeProcess {
  #name;
  #host;
  #child;
  #exited;
  #how;
  log = '';

  constructor(options, name = 'the node', host = HERE) {
    this.#name = name;
    this.#host = host;
    const quiet = ['--no-prometheus', '--no-telemetry', '--no-mdns'];
    // Each runtime is compiled once for all tests, not by every node that starts.
    const cache = ['--runtime-cache', join(dirname(binary()), 'test-chains', 'runtimes')];
    // The system chooses the port. The two options exclude each other.
    const port = options.includes('--experimental-rpc-endpoint') ? [] : ['--rpc-port', '0'];
    const [program, ...rest] = [...host.command, binary(), ...options, ...host.options];
    this.#child = spawn(program, [...rest, ...port, ...quiet, ...cache], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1' },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (this.log += text));
    }
    this.#exited = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve(`did not start: ${error.message}`));
      this.#child.once('exit', (code, signal) => resolve(`ended with ${signal ?? code}`));
    });
    this.#exited.then((how) => (this.#how = how));
  }

  /** Returns the URL of the RPC server, or `undefined` until it listens. */
  get url() {
    const listens = /Running JSON-RPC server: addr=[\d.]+:(\d+)/.exec(this.log);
    return listens ? `ws://${this.#host.address}:${listens[1]}` : undefined;
  }

  /** Waits until the node listens and its log matches `also`. */
  async ready(also = /^/) {
    const limit = Date.now() + START_LIMIT;
    while (!this.url || !also.test(this.log)) {
      if (this.#how) throw new Error(`${this.#name} ${this.#how}\n${this.tail()}`);
      if (Date.now() > limit) throw new Error(`${this.#name} is not ready\n${this.tail()}`);
      await pause(100);
    }
  }

  /** Kills the node with SIGKILL. Resolves when it has ended. */
  kill() {
    this.#child.kill('SIGKILL');
    return this.#exited;
  }

  /** Waits until the node ends without a signal from here. Resolves to how it ended. */
  ended() {
    return this.#exited;
  }

  /** Stops the node with SIGTERM. Resolves to how it ended. */
  async stop() {
    this.#child.kill('SIGTERM');
    const kill = setTimeout(() => this.kill(), STOP_LIMIT);
    const how = await this.#exited;
    clearTimeout(kill);
    return how;
  }

  /** Returns the lines of the log around each panic. */
  panics() {
    return panicsIn(this.log, this.#name);
  }

  /** Returns the last lines of the log. */
  tail() {
    const lines = this.log.trimEnd().split('\n').slice(-TAIL_LINES);
    const indented = lines.map((line) => `  ${line}`);
    return [`--- the last lines of ${this.#name}:`, ...indented, '---'].join('\n');
  }
}

/** A node with its own data folder, which is removed at the end. */
class Node extends NodeProcess {
  #base;
  #calledOff;

  constructor(chain) {
    const base = mkdtempSync(join(tmpdir(), 'twinchain-e2e-'));
    super([...chain, '--base-path', base, '--port', '0']);
    this.#base = base;
    this.#calledOff = atExit(() => {
      this.kill();
      this.#remove();
    });
  }

  /** Stops this node and removes its data. Resolves to how it ended. */
  async stop() {
    const how = await super.stop();
    this.#calledOff();
    this.#remove();
    return how;
  }

  #remove() {
    rmSync(this.#base, { recursive: true, force: true });
  }
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Starts a node for the tests of one file. `connect(url)` returns the context of the tests and a
 * function to release it: `{ ..., close }`. Returns a `test` that fails with the node's last lines.
 *
 * With `builtIn` the node computes the genesis state, as with `--dev`, instead of reading it.
 * `genesis` returns another file for the node to read.
 */
export function withNode(
  connect,
  { builtIn = false, genesis = () => genesisOf('dev'), options = [] } = {},
) {
  const context = {};
  let failed = false;

  before(async () => {
    const chain = builtIn ? [] : ['--chain', await genesis()];
    context.node = new Node(['--dev', ...chain, ...options]);
    await context.node.ready(/Imported #1 /);
    try {
      Object.assign(context, await connect(context.node.url));
    } catch (error) {
      console.log(context.node.tail());
      throw error;
    }
  }, { timeout: START_LIMIT + TEST_LIMIT });

  after(async () => {
    if (!context.node) return;
    await context.close?.();
    if (failed) console.log(context.node.tail());
    const how = await context.node.stop();
    assert.equal(how, 'ended with 0', 'the node stops on SIGTERM');
    assert.deepEqual(context.node.panics(), [], 'the node did not panic');
  }, { timeout: 2 * STOP_LIMIT });

  const run = (name, body) =>
    test(name, { timeout: TEST_LIMIT }, async () => {
      // A test that times out never reaches its end, so it counts as failed until then.
      const before = failed;
      failed = true;
      await body(context);
      failed = before;
    });
  return { context, test: run };
}
