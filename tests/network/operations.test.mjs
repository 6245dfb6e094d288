// SPDX-License-Identifier: Apache-2.0

// Executes the steps of docs/operations.md as written, for several companies on one machine.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import {
  copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { entered } from '../e2e/lib/apps.mjs';
import { bytes, Chain } from '../e2e/lib/chain.mjs';
import { Council } from '../e2e/lib/council.mjs';
import { atExit, binary, panicsIn, pause } from '../e2e/lib/node.mjs';
import { ApiPromise, Keyring, WsProvider, stringCamelCase } from '../e2e/lib/polkadot.mjs';
import { freePort, rpc, until } from './lib/network.mjs';
import { nextRuntime } from './lib/next-runtime.mjs';
import { stepsOf } from './lib/page.mjs';
import { authors, sessions, validating } from './lib/sessions.mjs';

const PAGE = new URL('../../docs/operations.md', import.meta.url);
const LIMIT = 900_000;
const MINUTE = 60_000;
const FOUNDERS = ['Builders', 'Cranes', 'Doors', 'Fitters'];
const SESSION_LENGTH = '10';
const BASH = ['-euo', 'pipefail', '-c'];

/** A company, with a folder in place of its machine. */
class Company {
  #child;
  #exited;
  log = '';
  said = '';

  constructor(name, folder, environment) {
    this.name = name;
    this.folder = folder;
    this.environment = environment;
    this.url = `http://127.0.0.1:${environment.RPC_PORT}`;
    mkdirSync(join(folder, 'fragments'), { recursive: true });
  }

  path(file) {
    return join(this.folder, file);
  }

  /** Runs commands, and stores their output in `printed`. */
  async run(text) {
    const options = { cwd: this.folder, env: this.environment };
    const { stdout, stderr } = await promisify(execFile)('bash', [...BASH, text], options);
    this.said += stderr;
    this.printed = stdout;
  }

  /** Starts a command that runs until `stop`. */
  start(text) {
    const child = spawn('bash', [...BASH, text], {
      cwd: this.folder, env: this.environment, detached: true, stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (data) => (this.log += data));
    }
    this.#child = child;
    this.#exited = new Promise((resolve) => child.once('exit', resolve));
  }

  signal(signal) {
    if (!this.#child) return;
    try {
      // The shell and the node in it.
      process.kill(-this.#child.pid, signal);
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  }

  async stop() {
    this.signal('SIGTERM');
    await this.#exited;
    this.#child = undefined;
  }

  rpc(method, ...params) {
    return rpc(this.url, method, ...params);
  }

  /** Returns the number of the last final block, or `undefined` while the node does not respond. */
  async finalised() {
    try {
      const hash = await this.rpc('chain_getFinalizedHead');
      return Number((await this.rpc('chain_getHeader', hash)).number);
    } catch {
      return undefined;
    }
  }

  /** Fails if another user of the machine can read a secret that a command wrote. */
  keepsSecrets() {
    for (const name of readdirSync(this.folder)) {
      const file = this.path(name);
      const isSecret = name.endsWith('.tar.gz')
        || (name.endsWith('.json') && /"secret/.test(readFileSync(file, 'utf8')));
      if (isSecret) assert.equal(statSync(file).mode & 0o077, 0, `others can read ${file}`);
    }
  }

  get account() {
    return JSON.parse(readFileSync(this.path('account.json'), 'utf8'));
  }

  get pair() {
    const keyring = new Keyring({ type: 'sr25519', ss58Format: 42 });
    return keyring.addFromUri(this.account.secretPhrase, { name: this.name });
  }
}

describe('docs/operations.md', { timeout: 2 * LIMIT }, () => {
  const base = mkdtempSync(join(tmpdir(), 'twinchain-operations-'));
  const companies = new Map();
  mkdirSync(join(base, 'bin'));
  symlinkSync(binary(), join(base, 'bin', 'twinchain-node'));
  const calledOff = atExit(() => {
    for (const company of companies.values()) company.signal('SIGKILL');
    rmSync(base, { recursive: true, force: true });
  });
  let api, chain, council;
  let failed = true;

  after(async () => {
    await api?.disconnect();
    await Promise.all([...companies.values()].map((company) => company.stop()));
    calledOff();
    rmSync(base, { recursive: true, force: true });
    const logs = [...companies.values()].map(({ name, log }) => [name, log]);
    for (const [name, log] of logs) {
      if (failed) console.log(`--- ${name}\n${log.split('\n').slice(-30).join('\n')}`);
      assert.deepEqual(panicsIn(log, name), [], `the node of ${name} panics`);
    }
  }, { timeout: MINUTE });

  const company = async (name) => {
    if (!companies.has(name)) {
      const folder = join(base, name);
      const [port, rpcPort, prometheus] = [await freePort(), await freePort(), await freePort()];
      companies.set(name, new Company(name, folder, {
        ...process.env,
        PATH: `${join(base, 'bin')}:${process.env.PATH}`,
        NO_COLOR: '1',
        SESSION_LENGTH,
        COMPANY: name,
        BASE: join(folder, 'data'),
        ADDRESS: `/ip4/127.0.0.1/tcp/${port}`,
        PORT: `${port}`,
        RPC_PORT: `${rpcPort}`,
        PROMETHEUS_PORT: `${prometheus}`,
      }));
    }
    return companies.get(name);
  };
  const those = (who) => Promise.all((who === 'each' ? FOUNDERS : [who]).map(company));

  const connect = async () => {
    const { RPC_PORT } = (await company('Cranes')).environment;
    const provider = new WsProvider(`ws://127.0.0.1:${RPC_PORT}`);
    api = await ApiPromise.create({ provider, noInitWarn: true });
    chain = new Chain(api);
    const voters = (await those('each')).slice(0, 3).map(({ pair }) => pair);
    council = new Council(api, chain, voters);
  };

  /** Returns the value for a placeholder on the page. */
  const known = async (what) => {
    const [, thing, name] = /^<(account|peer|keys|proof|hash|file) (?:of )?(.+)>$/.exec(what) ?? [];
    if (thing === 'file') return readFileSync((await company('Cranes')).path(name));
    if (thing === 'hash') return `0x${(await company('Cranes')).printed.split(' ')[0]}`;
    const of = await company(name);
    if (thing === 'account') return of.account.ss58Address;
    if (thing === 'peer') return /peer id as bytes: (0x[0-9a-f]+)/.exec(of.said)[1];
    return JSON.parse(of.printed).result[thing];
  };

  /** Converts an argument of the page: a placeholder, JSON, or text. */
  const value = async (type, shown) => {
    if (shown.startsWith('<')) {
      const found = await known(shown);
      return typeof found === 'string' ? found : bytes(found);
    }
    const isText = api.registry.lookup.getTypeDef(type).type === 'Bytes';
    const isJson = /^([[{]|\d+$)/.test(shown);
    return entered(api.registry, type, !isText && isJson ? JSON.parse(shown) : shown);
  };

  const walk = async ({ by, motion, call, args }) => {
    const [pallet, method] = call.split('.');
    const make = api.tx[pallet][method];
    const wanted = make.meta.fields.map(({ name }) => stringCamelCase(name.unwrap()));
    assert.deepEqual(args.map(([name]) => name), wanted, 'all arguments, in order');
    const values = make.meta.fields.map(({ type }, index) => value(type, args[index][1]));
    const made = make(...(await Promise.all(values)));
    if (motion) return council.carry(made);
    if (by) return chain.succeed((await company(by)).pair, made);
    // Without a signature.
    return made.send();
  };

  const finalises = async (of, blocks = 3) => {
    let start;
    await until(`${of.name} sees blocks become final`, 2 * MINUTE, async () => {
      const now = await of.finalised();
      start ??= now;
      return now !== undefined && now >= start + blocks;
    });
  };

  const catchesUp = async (name) => {
    const of = await company(name);
    const goal = await (await company('Cranes')).finalised();
    await until(
      `${name} catches up`,
      2 * MINUTE,
      async () => ((await of.finalised()) ?? 0) >= goal,
    );
    await finalises(of);
  };

  const CHECKS = [
    [/^exchange fragments$/, async () => {
      const all = await those('each');
      for (const to of all) {
        for (const from of all) {
          const file = `${from.name}.toml`;
          copyFileSync(from.path(file), to.path(join('fragments', file)));
        }
      }
    }],
    [/^all say the same$/, async () => {
      const printed = (await those('each')).map((company) => company.printed);
      assert.match(printed[0], /^0x[0-9a-f]{64}\n$/);
      assert.deepEqual(new Set(printed).size, 1, `${printed}`);
    }],
    [/^blocks become final$/, async () => {
      await Promise.all((await those('each')).map((company) => finalises(company)));
      await connect();
      const hash = (await company('Cranes')).printed.trim();
      assert.equal(api.genesisHash.toHex(), hash, 'the hash is that of the genesis block');
      const oldest = await api.rpc.state.getStorage(api.query.timestamp.now.key(), await
      api.rpc.chain.getBlockHash(1));
      assert.ok(oldest.isSome, 'the state of old blocks is kept');
    }],
    [/^fetch cranes.json for (\w+)$/, async (name) => {
      const [from, to] = [await company('Cranes'), await company(name)];
      copyFileSync(from.path('cranes.json'), to.path('cranes.json'));
    }],
    [/^(\w+) catches up$/, catchesUp],
    [/^(\w+) makes blocks$/, async (name) => {
      await sessions(api, 2);
      const { account } = await company(name);
      await until(`${name} makes a block`, MINUTE, async () =>
        (await authors(api, 2)).has(account.ss58Address));
    }],
    [/^(\w+) makes no more blocks$/, async (name) => {
      await sessions(api, 2);
      const { account } = await company(name);
      assert.ok(!(await validating(api)).includes(account.ss58Address));
    }],
    [/^(\w+) has no peers$/, async (name) => {
      const of = await company(name);
      await until(`${name} has no peers`, MINUTE, async () =>
        (await of.rpc('system_health')).peers === 0);
    }],
    [/^every metric of the table is there$/, async () => {
      const { printed } = await company('Cranes');
      const page = readFileSync(PAGE, 'utf8');
      const [, table] = /test: every metric of the table is there -->\n\n([^]*?)\n\n/.exec(page);
      const names = [...table.matchAll(/`((?:substrate|twinchain)_[a-z0-9_]+)/g)].map(
        ([, name]) => name,
      );
      assert.ok(names.length > 8, `${names}`);
      for (const name of names) assert.match(printed, new RegExp(`^${name}[{ ]`, 'm'));
    }],
    [/^stop (\w+)$/, async (name) => (await company(name)).stop()],
    [/^(\w+) is an archive$/, async (name) => {
      // The database stores its pruning mode, and the node rejects any other.
      const pruned = 'twinchain-node --chain cranes.json --base-path "$BASE" --state-pruning 256';
      await assert.rejects((await company(name)).run(`timeout 60 ${pruned}`), /[Pp]runing/);
    }],
    [/^build the next runtime for (\w+)$/, async (name) => {
      copyFileSync(nextRuntime(), (await company(name)).path('twinchain_runtime.wasm'));
    }],
    [/^the chain has a new runtime$/, async () => {
      const version = async () => (await api.rpc.state.getRuntimeVersion()).specVersion.toNumber();
      await until('the runtime is the next one', MINUTE, async () => (await version()) === 2);
      // Gives the client time to load the new runtime from the chain.
      await pause(3_000);
      await finalises(await company('Cranes'));
      // Transactions wait until its multi-block migration has ended.
      await until('no migration runs', 2 * MINUTE, async () =>
        (await api.query.multiBlockMigrations.cursor()).isNone);
    }],
  ];

  test('all steps of the page work', { timeout: LIMIT }, async () => {
    const steps = stepsOf(readFileSync(PAGE, 'utf8'));
    assert.ok(steps.filter(({ kind }) => kind !== 'test').length > 20, 'the page has steps');
    for (const step of steps) {
      const started = Date.now();
      try {
        if (step.kind === 'walk') await walk(step);
        if (step.kind === 'sh') {
          const all = await those(step.who);
          await Promise.all(
            all.map((it) => (step.isNode ? it.start(step.text) : it.run(step.text))),
          );
          all.forEach((it) => it.keepsSecrets());
        }
        if (step.kind === 'test') {
          const [pattern, check] = CHECKS.find(([pattern]) => pattern.test(step.text)) ?? [];
          assert.ok(check, `unknown check "${step.text}"`);
          await check(...pattern.exec(step.text).slice(1));
        }
      } catch (error) {
        error.message = `docs/operations.md, ${step.where}: ${error.message}`;
        throw error;
      }
      const what = step.call ?? step.text.split('\n')[0];
      console.log(`${step.where}: ${what} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
    }
    failed = false;
  });
});
