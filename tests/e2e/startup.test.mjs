// SPDX-License-Identifier: Apache-2.0

// Decisions of a node at its start: how much history it keeps, for every command and every later
// start, and whether its database is of the chain in the specification.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { rpc } from '../network/lib/network.mjs';
import { atExit, binary, genesisOf, NodeProcess } from './lib/node.mjs';

// Many nodes are started one after the other. If this process ends, each node is stopped.
process.setMaxListeners(0);

const LIMIT = 240_000;
const ARCHIVE = /keeps the state of every final block/;
const PRUNED = /keeps the state of the last 256 final blocks/;

/** Creates a folder with the specification of a chain of companies. */
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

/** Runs a node until it is ready, calls `body` with its URL, and stops it. Returns its log. */
async function run(options, body = () => {}) {
  const node = new NodeProcess([...options, '--port', '0']);
  const calledOff = atExit(() => node.kill());
  await node.ready();
  await body(node.url.replace('ws:', 'http:'));
  assert.equal(await node.stop(), 'ended with 0');
  calledOff();
  return node.log;
}

/** Runs a node that must not start. Returns its log. */
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

test('a chain of companies keeps its history at every start', { timeout: LIMIT }, async () => {
  const { options, remove } = await chainOfCompanies();
  for (let start = 0; start < 3; start += 1) {
    let methods;
    const log = await run(options, async (url) => { methods = await archiveMethods(url); });
    assert.match(log, ARCHIVE);
    assert.ok(methods > 5, `start ${start}: ${methods} methods`);
  }
  remove();
});

test('any command creates a database that keeps the history', { timeout: LIMIT }, async () => {
  const { options, remove, base } = await chainOfCompanies();
  // An existing folder is not a database.
  mkdirSync(join(base, 'data', 'chains', 'cranes', 'paritydb', 'full'), { recursive: true });
  const common = [...options, '--log', 'info'];
  const { stderr } = await promisify(execFile)(binary(), ['chain-info', ...common]);
  assert.match(stderr, ARCHIVE);
  assert.match(await run(options), ARCHIVE);
  remove();
});

test('a database keeps its pruning mode', { timeout: LIMIT }, async () => {
  const { options, remove } = await chainOfCompanies();
  const pruned = [...options, '--state-pruning', '256'];
  await run(pruned);
  let methods;
  const log = await run(options, async (url) => { methods = await archiveMethods(url); });
  assert.match(log, PRUNED);
  assert.equal(methods, 0);
  remove();
});

test('the specification of another chain is rejected', { timeout: LIMIT }, async () => {
  const { options, remove, chain, path } = await chainOfCompanies();
  await run(options);
  const { top } = chain.genesis.raw;
  const raw = { top: { ...top, '0x1234': '0x01' }, childrenDefault: {} };
  writeFileSync(
    path,
    JSON.stringify({ ...chain, chainType: 'Live', id: 'cranes', genesis: { raw } }),
  );
  assert.match(await refused(options), /the specification is of the chain 0x[^ ]+, and the database of the chain 0x/);
  remove();
});

test('a validator without a chain or keys names the remedy', { timeout: LIMIT }, async () => {
  const { options, remove } = await chainOfCompanies();
  assert.match(await refused(['--validator']), /publicly known keys.*--chain/);
  assert.match(await refused([...options, '--validator']), /consortium join --chain-id cranes/);
  remove();
});

test('compiling the runtime is logged', { timeout: LIMIT }, async () => {
  const { options, remove } = await chainOfCompanies();
  const log = await run(options);
  assert.match(log, /Compiling the runtime/);
  assert.match(log, /The runtime is ready after/);
  remove();
});
