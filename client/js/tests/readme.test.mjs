// SPDX-License-Identifier: Apache-2.0

// The README's worked example, run against a stand-in for the chain, which takes the calls and
// gives back what they stored.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import * as client from '../src/index.mjs';
import { filled, GENESIS, text } from './helper.mjs';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

const folder = mkdtempSync(join(tmpdir(), 'twinchain-readme-'));
after(() => rmSync(folder, { recursive: true }));

/** What the calls of the example do to the state, in as few words as will do. */
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
      accountEnvelopes.set(`${id(account)}/${version}`, held);
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
    send: async (account, call, args) => calls[call](account, args),
    encryptionKey: async (account) => {
      const versions = keysOf(account);
      return { account, version: versions.length, public: versions.at(-1) };
    },
    keyVersion: async (account, version) => ({
      account,
      version,
      public: keysOf(account)[version - 1],
    }),
    accountEnvelopes: async (account, version) =>
      accountEnvelopes.get(`${id(account)}/${version}`),
    epoch: async () => epochs.length,
    epochs: async () => epochs,
    envelopes: async (container, name, account) => [...envelopes.get(id(account)).values()],
    entry: async () => entry,
  };
}

test('the worked example works as it is written', async () => {
  const blocks = [...README.matchAll(/^```js\n([^]*?)^```$/gm)].map(([, code]) => code);
  assert.ok(blocks.length >= 8, `${blocks.length} blocks`);
  const accounts = { m: filled(1), recovery: filled(2), c: filled(3), company: filled(4) };
  const files = Object.fromEntries(
    ['m', 'recovery', 'c'].map((name) => [name, join(folder, `${name}.json`)]),
  );
  const chain = standIn();
  // A module of its own, which finds this package by its name as a user's would.
  const code = [
    `const { chain, accounts, files, console } = globalThis.example;`,
    ...blocks,
    `export { keys, value, faults, mismatch, third, company, opened, confirmed };`,
  ];
  const printed = [];
  globalThis.example = {
    chain,
    accounts,
    files,
    console: { log: (...words) => printed.push(words.join(' ')), warn: assert.fail },
  };
  const path = new URL(`./readme-${process.pid}.tmp.mjs`, import.meta.url);
  writeFileSync(path, code.join('\n'));
  try {
    const example = await import(path);
    assert.deepEqual([...example.keys.keys()], [2, 1], 'C reads both epochs');
    assert.equal(text(example.value), '{"hours":120}');
    assert.deepEqual([example.faults, example.mismatch], [[], undefined]);
    const { args, epoch } = example.third;
    assert.deepEqual([args.previous_seed.type, epoch], ['Cut', 3]);
    const [past, ...others] = await chain.envelopes(7, 'usage', accounts.c);
    assert.deepEqual([past.epoch, others], [2, []], 'C has the segment before the cut alone');
    assert.deepEqual(example.opened.secretKey, example.company.key(1).secretKey);
    const [said, explained] = printed;
    assert.match(said, /^{"hours":120}/);
    assert.equal(README.replace(/\n\/\/ /g, ' ').includes(explained), true, explained);

    const keystore = new client.Keystore(accounts.m);
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
  } finally {
    rmSync(path);
    delete globalThis.example;
  }
});

test('the README names all that there is to import', () => {
  const missing = Object.keys(client).filter((name) => !README.includes(`${name}`));
  const ofTheFormat = /^(?:MAX_|SUITE$|SEALED_SEED_BYTES$)/;
  assert.deepEqual(
    missing.filter((name) => !ofTheFormat.test(name)),
    [],
  );
});
