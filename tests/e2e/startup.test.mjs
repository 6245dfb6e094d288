// SPDX-License-Identifier: Apache-2.0

// What a node decides when it starts: how much history it keeps, once and for every command, and
// whether it is on the chain that its operator names.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { rpc } from '../network/lib/network.mjs';
import { atExit, binary, genesisOf, NodeProcess } from './lib/node.mjs';

// Many nodes are started one after the other, and each is ended should this process end.
process.setMaxListeners(0);

const LIMIT = 240_000;
const ARCHIVE = /keeps the state of every final block/;
const PRUNED = /keeps the state of the last 256 final blocks/;

/** A folder, and the specification of a chain of companies in it. */
async function chainOfCompanies(change = {}) {
  const base = mkdtempSync(join(tmpdir(), 'twinchain-startup-'));
  const remove = () => rmSync(base, { recursive: true, force: true });
  const calledOff = atExit(remove);
  const chain = JSON.parse(readFileSync(await genesisOf('dev'), 'utf8'));
  const path = join(base, 'chain.json');
  writeFileSync(path, JSON.stringify({ ...chain, chainType: 'Live', id: 'cranes', ...change }));
  const options = ['--chain', path, '--base-path', join(base, 'data')];
  return { base, chain, path, options, remove: () => { calledOff(); remove(); } };
}

/** Runs a node until it answers, asks it with `body`, and ends it. Answers what it wrote. */
async function run(options, body = () => {}) {
  const node = new NodeProcess([...options, '--port', '0']);
  const calledOff = atExit(() => node.kill());
  await node.ready();
  await body(node.url.replace('ws:', 'http:'));
  assert.equal(await node.stop(), 'ended with 0');
  calledOff();
  return node.log;
}

/** Runs a node that must not start. Answers what it wrote. */
async function refused(options) {
  const node = new NodeProcess([...options, '--port', '0']);
  const calledOff = atExit(() => node.kill());
  const how = await node.ended();
  calledOff();
  assert.notEqual(how, 'ended with 0');
  return node.log;
}

const archiveMethods = async (url) =>
  (await rpc(url, 'rpc_methods')).methods.filter((name) => name.startsWith('archive_')).length;

test('a chain of companies keeps its history from the first start to the last', { timeout: LIMIT }, async () => {
  const { options, remove } = await chainOfCompanies();
  for (let start = 0; start < 3; start += 1) {
    let methods;
    const log = await run(options, async (url) => { methods = await archiveMethods(url); });
    assert.match(log, ARCHIVE);
    assert.ok(methods > 5, `start ${start}: ${methods} methods`);
  }
  remove();
});

test('whatever makes the database, and wherever', { timeout: LIMIT }, async () => {
  const { options, remove, base } = await chainOfCompanies();
  // A folder that is there already is not a database.
  mkdirSync(join(base, 'data', 'chains', 'cranes', 'paritydb', 'full'), { recursive: true });
  const common = [...options, '--log', 'info'];
  const { stderr } = await promisify(execFile)(binary(), ['chain-info', ...common]);
  assert.match(stderr, ARCHIVE);
  assert.match(await run(options), ARCHIVE);
  remove();
});

test('a database goes on as it was begun', { timeout: LIMIT }, async () => {
  const { options, remove } = await chainOfCompanies();
  const pruned = [...options, '--state-pruning', '256'];
  await run(pruned);
  let methods;
  const log = await run(options, async (url) => { methods = await archiveMethods(url); });
  assert.match(log, PRUNED);
  assert.equal(methods, 0);
  remove();
});

test('the specification of another chain is refused', { timeout: LIMIT }, async () => {
  const { options, remove, chain, path } = await chainOfCompanies();
  await run(options);
  const { top } = chain.genesis.raw;
  const raw = { top: { ...top, '0x1234': '0x01' }, childrenDefault: {} };
  writeFileSync(path, JSON.stringify({ ...chain, chainType: 'Live', id: 'cranes', genesis: { raw } }));
  assert.match(await refused(options), /the specification is of the chain 0x[^ ]+, and the database of the chain 0x/);
  remove();
});

test('a validator without a chain, or without its keys, is pointed to them', { timeout: LIMIT }, async () => {
  const { options, remove } = await chainOfCompanies();
  assert.match(await refused(['--validator']), /keys that everybody knows.*--chain/);
  assert.match(await refused([...options, '--validator']), /consortium join --chain-id cranes/);
  remove();
});

test('compiling the runtime is said', { timeout: LIMIT }, async () => {
  const { options, remove } = await chainOfCompanies();
  const log = await run(options);
  assert.match(log, /Compiling the runtime/);
  assert.match(log, /The runtime is ready after/);
  remove();
});
