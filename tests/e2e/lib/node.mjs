// SPDX-License-Identifier: Apache-2.0

// Starts and stops a real node: one for each test file, on ports that the system chooses, with a
// data folder of its own.

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
/** How many lines around a panic are shown. */
const LINES_BEFORE = 15;
const LINES_AFTER = 40;
/** The key of the runtime in the state: `:code`. */
const CODE = '0x3a636f6465';

/** The node binary that was built: what TWINCHAIN_NODE says, or where scripts/run.sh puts it. */
export function binary() {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const target = process.env.CARGO_TARGET_DIR || join(cache, 'twinchain', 'target');
  const path = process.env.TWINCHAIN_NODE || join(target, 'release', 'twinchain-node');
  try {
    accessSync(path, constants.X_OK);
  } catch {
    throw new Error(`there is no node at ${path}: build it with scripts/run.sh --build-only`);
  }
  return path;
}

/**
 * A built-in chain in a file, with its genesis state. Of the built-in one a node makes that state
 * anew at each start, which takes three times as long as all the rest of it. The file lies next to
 * the node's binary, and is written once for all tests.
 */
export async function genesisOf(chain) {
  const { mtimeMs, size } = statSync(binary());
  const folder = join(dirname(binary()), 'test-chains');
  const path = join(folder, `${chain}-${size}-${Math.round(mtimeMs)}.json`);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  // Somebody else may be writing it, too.
  const own = `${path}.${process.pid}`;
  const options = ['--chain', chain, '--raw', '--output', own];
  await promisify(execFile)(binary(), ['export-chain-spec', ...options]);
  renameSync(own, path);
  return path;
}

/** As `genesisOf`, but the chain begins with the runtime in this file. */
export async function genesisWith(chain, runtime) {
  const original = await genesisOf(chain);
  const { mtimeMs, size } = statSync(runtime);
  const path = original.replace(/\.json$/, `-with-${size}-${Math.round(mtimeMs)}.json`);
  if (existsSync(path)) return path;
  const spec = JSON.parse(readFileSync(original, 'utf8'));
  spec.genesis.raw.top[CODE] = `0x${readFileSync(runtime).toString('hex')}`;
  // Somebody else may be writing it, too.
  const own = `${path}.${process.pid}`;
  writeFileSync(own, JSON.stringify(spec));
  renameSync(own, path);
  return path;
}

/** Runs `clean` however this process ends. Answers a function that calls that off. */
export function atExit(clean) {
  process.once('exit', clean);
  for (const [signal, number] of [['SIGHUP', 1], ['SIGINT', 2], ['SIGTERM', 15]]) {
    process.once(signal, () => process.exit(128 + number));
  }
  return () => process.removeListener('exit', clean);
}

/** Where a node runs: its address, and what stands before its program and among its options. */
export const HERE = { address: '127.0.0.1', command: [], options: [] };

/**
 * What a node wrote around each panic. Timers of libp2p that outlive the runtime when the node ends
 * are none of ours.
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

/** A running node. Whoever starts one sees to it that it ends. */
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
    const [program, ...rest] = [...host.command, binary(), ...options, ...host.options];
    this.#child = spawn(program, [...rest, '--rpc-port', '0', ...quiet, ...cache], {
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

  /** Where it answers, once it does. */
  get url() {
    const listens = /Running JSON-RPC server: addr=[\d.]+:(\d+)/.exec(this.log);
    return listens ? `ws://${this.#host.address}:${listens[1]}` : undefined;
  }

  /** Waits until it answers, and `also` is in its log. */
  async ready(also = /^/) {
    const limit = Date.now() + START_LIMIT;
    while (!this.url || !also.test(this.log)) {
      if (this.#how) throw new Error(`${this.#name} ${this.#how}\n${this.tail()}`);
      if (Date.now() > limit) throw new Error(`${this.#name} is not ready\n${this.tail()}`);
      await pause(100);
    }
  }

  /** Ends it with SIGKILL. Answers when it has ended. */
  kill() {
    this.#child.kill('SIGKILL');
    return this.#exited;
  }

  /** Waits until it has ended by itself. Tells how. */
  ended() {
    return this.#exited;
  }

  /** Asks it to end, and waits. Tells how it ended. */
  async stop() {
    this.#child.kill('SIGTERM');
    const kill = setTimeout(() => this.kill(), STOP_LIMIT);
    const how = await this.#exited;
    clearTimeout(kill);
    return how;
  }

  /** What was written around each panic. */
  panics() {
    return panicsIn(this.log, this.#name);
  }

  /** The last lines that it wrote. */
  tail() {
    const lines = this.log.trimEnd().split('\n').slice(-TAIL_LINES);
    const indented = lines.map((line) => `  ${line}`);
    return [`--- the last lines of ${this.#name}:`, ...indented, '---'].join('\n');
  }
}

/** A node with a data folder of its own, which goes with it. */
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

  /** Stops this node, and no other, and removes its data. Tells how it ended. */
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
 * A node for the tests of one file. `connect(url)` makes what the tests use and tells how to let
 * go of it: `{ ..., close }`. Returns a `test` that fails with the node's last lines.
 *
 * With `builtIn` the node makes the genesis state itself, as `--dev` does, instead of reading it.
 * `genesis` makes another file for it to read.
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
    assert.equal(how, 'ended with 0', 'the node stops when it is asked to');
    assert.deepEqual(context.node.panics(), [], 'nothing in the node panics');
  }, { timeout: 2 * STOP_LIMIT });

  const run = (name, body) =>
    test(name, { timeout: TEST_LIMIT }, async () => {
      // A test that runs out of time never comes to its end, so it counts as failed until then.
      const before = failed;
      failed = true;
      await body(context);
      failed = before;
    });
  return { context, test: run };
}
