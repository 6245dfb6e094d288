// SPDX-License-Identifier: Apache-2.0

// Runs the README's worked example, with its adapter for Polkadot.js, against a mock of the chain
// that stores the calls' data and returns it.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import * as client from '../src/index.mjs';
import { filled, GENESIS, text } from './helper.mjs';
import { polkadotJs } from './polkadot-js.mjs';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
/** Returns the code blocks of a kind. */
const blocksOf = (kind) =>
  [...README.matchAll(/^```(js[^\n]*)\n([^]*?)^```$/gm)]
    .filter(([, name]) => name === kind)
    .map(([, , code]) => code);

const folder = mkdtempSync(join(tmpdir(), 'twinchain-readme-'));
after(() => rmSync(folder, { recursive: true }));

/** Minimal implementations of the example's calls on the state. */
function standIn() {
  // The versions of each account's key, the envelopes of each version, and those of each segment.
  const keys = new Map();
  const accountEnvelopes = new Map();
  const epochs = [];
  const envelopes = new Map();
  let entry;
  const id = (account) => client.toHex(account);
  const keysOf = (account) => keys.get(id(account)) ?? [];
  const put = (account, epoch, key_version, sealed) => {
    const { segment } = new Map(epochs).get(epoch);
    const of = envelopes.get(id(account)) ?? new Map();
    envelopes.set(id(account), of.set(segment, { epoch, key_version, sealed }));
  };
  const calls = {
    setEncryptionKey: (account, { suite, public: key, replaces, leaked }) => {
      assert.deepEqual([suite, replaces, leaked], [1, keysOf(account).length, false]);
      keys.set(id(account), [...keysOf(account), key]);
    },
    setAccountEnvelopes: (account, { version, envelopes: given }) => {
      assert.ok(keysOf(account).length >= version);
      const held = given.map(({ type, value }) => ({
        holder:
          type === 'Account'
            ? { account: value.account, version: value.key_version }
            : { public: value.public },
        sealed: value.envelope,
      }));
      const place = `${id(account)}/${version}`;
      accountEnvelopes.set(place, [...(accountEnvelopes.get(place) ?? []), ...held]);
    },
    share: (_, { account, envelopes: given }) => {
      for (const { epoch, key_version, envelope } of given)
        put(account, epoch, key_version, envelope);
    },
    rotateKey: (owner, args) => {
      assert.equal(args.expected_epoch, epochs.length);
      const epoch = epochs.length + 1;
      const { type, value } = args.previous_seed;
      const segment = (epochs.at(-1)?.[1].segment ?? 0) + (type === 'Cut' ? 1 : 0);
      const previous = value ?? null;
      epochs.push([epoch, { suite: args.suite, segment, public: args.public, previous }]);
      put(owner, epoch, args.key_version, args.envelope);
      for (const { reader, key_version, envelope } of args.envelopes) {
        put(reader, epoch, key_version, envelope);
      }
    },
    setEnvelopes: (_, { epoch, envelopes: given }) => {
      for (const { reader, key_version, envelope } of given) {
        put(reader, epoch, key_version, envelope);
      }
    },
    setSealedEntry: (author, { epoch, ciphertext }) => (entry = { epoch, author, ciphertext }),
  };
  return {
    genesisHash: GENESIS,
    calls,
    keys: keysOf,
    accountEnvelopes: (account, version) => accountEnvelopes.get(`${id(account)}/${version}`) ?? [],
    epochs: () => epochs,
    envelopes: (account) => [...envelopes.get(id(account))],
    entry: () => entry,
  };
}

/**
 * Runs code with these variables as a separate module, which imports this package by its name, as a
 * user's module would. Returns its exports.
 */
async function run(name, variables, code, exports) {
  const path = new URL(`./readme-${name}-${process.pid}.tmp.mjs`, import.meta.url);
  globalThis.variables = variables;
  const source = [
    `const { ${Object.keys(variables)} } = globalThis.variables;`,
    ...code,
    `export { ${exports} };`,
  ];
  writeFileSync(path, source.join('\n'));
  try {
    return await import(path);
  } finally {
    rmSync(path);
    delete globalThis.variables;
  }
}

test('the worked example works exactly as written', async () => {
  const [adapter, ...others] = blocksOf('js polkadot');
  assert.ok(adapter && others.length === 0, 'one adapter');
  const blocks = blocksOf('js');
  assert.ok(blocks.length >= 11, `${blocks.length} blocks`);
  const accounts = { m: filled(1), c: filled(3), company: filled(4) };
  const files = Object.fromEntries(
    ['m', 'c', 'restored', 'tablet'].map((name) => [name, join(folder, `${name}.json`)]),
  );
  const state = standIn();
  const { chain } = await run('adapter', polkadotJs(state), [adapter], ['chain']);
  // Every function of the adapter is used, so every one is tested.
  const used = blocks.join('\n');
  for (const name of Object.keys(chain)) assert.match(used, new RegExp(`chain\\.${name}\\b`));

  const said = [];
  const example = await run(
    'example',
    {
      chain,
      accounts,
      files,
      console: { log: (...words) => said.push(words.join(' ')), warn: assert.fail },
    },
    blocks,
    [
      ...['keys', 'value', 'faults', 'mismatch', 'third', 'company', 'opened', 'confirmed'],
      ...['paper', 'restored', 'again', 'tablet', 'onTablet', 'readOnTablet'],
    ],
  );
  assert.deepEqual([...example.keys.keys()], [2, 1], 'C reads both epochs');
  assert.equal(text(example.value), '{"hours":120}');
  assert.deepEqual([example.faults, example.mismatch], [[], undefined]);
  const { args, epoch } = example.third;
  assert.deepEqual([args.previous_seed.type, epoch], ['Cut', 3]);
  const [[, past], ...more] = state.envelopes(accounts.c);
  assert.deepEqual([past.epoch, more], [2, []], 'C has only the segment before the cut');
  assert.deepEqual(example.opened.secretKey, example.company.key(1).secretKey);
  const [logged, explained, warned] = said;
  assert.match(logged, /^{"hours":120}/);
  for (const words of [explained, warned]) {
    assert.equal(README.replace(/\n\/\/ /g, ' ').includes(words), true, words);
  }

  // With the key on paper and with the tablet's key, M can read everything again.
  const holders = state.accountEnvelopes(accounts.m, 1).map(({ holder }) => holder.public);
  assert.deepEqual(holders, [example.paper.publicKey, example.tablet.public]);
  const { again, readOnTablet, restored, onTablet } = example;
  for (const { keys, faults } of [again, readOnTablet]) {
    assert.deepEqual([[...keys.keys()], faults], [[3, 2, 1], []]);
    const { epoch: at, ...stored } = state.entry();
    const where = { genesisHash: GENESIS, container: 7, dataSet: 'usage' };
    const opened = await client.openStored({ ...where, stored: { ...stored, epoch: at }, keys });
    assert.equal(text(opened.value), '{"hours":120}');
  }
  assert.deepEqual([restored.versions, onTablet.versions], [[1], []]);

  const keystore = new client.Keystore(accounts.m, GENESIS);
  const reader = { account: filled(9), version: 1, public: filled(8) };
  const changed = { ...reader, version: 2, public: filled(7) };
  await example.confirmed(keystore, reader, assert.fail);
  const { confirmed } = example;
  await assert.rejects(
    confirmed(keystore, changed, async () => false),
    { name: 'KeyChanged' },
  );
  await confirmed(keystore, changed, async () => true);
  keystore.check(changed);
});

test('the first example is the file, and the others differ only in how they connect', () => {
  const examples = new URL('../examples/', import.meta.url);
  const source = (name) => readFileSync(new URL(`${name}.mjs`, examples), 'utf8');
  assert.deepEqual(blocksOf('js example'), [source('polkadot-js')]);
  const common = (name) => source(name).split('// From here on, ')[1];
  assert.ok(common('polkadot-js').length > 1_000);
  for (const name of ['papi', 'dedot']) assert.equal(common(name), common('polkadot-js'), name);
});

test('the README names every export and every method', () => {
  const methods = Object.getOwnPropertyNames(client.Twinchain.prototype);
  for (const name of methods.filter((each) => !/^(constructor|address)$/.test(each))) {
    assert.match(README, new RegExp(`^\\| \`${name}[\`(]`, 'm'));
  }
  const missing = Object.keys(client).filter((name) => !README.includes(`${name}`));
  const ofTheFormat = /^(?:MAX_|SUITE$|SEALED_SEED_BYTES$)/;
  assert.deepEqual(
    missing.filter((name) => !ofTheFormat.test(name)),
    [],
  );
});
