// SPDX-License-Identifier: Apache-2.0

// Committed keystores of every version of the format and of every program that writes it. They are
// never created again: they stand for users' files, which must always open.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as client from '../src/index.mjs';
import { readKeystore, updateKeystore } from '../src/keystore-file.mjs';
import { FAST, filled, GENESIS, PASSWORD } from './helper.mjs';

const VECTORS = new URL('../vectors/', import.meta.url);
const OF_RUST = new URL('../../../crates/sealing/vectors/', import.meta.url);
const SCRIPT = fileURLToPath(new URL('../scripts/keystores.mjs', import.meta.url));
/** The public keys of the devices, which are random. */
const DEVICES = {
  'keystore-1.json': '0x09afe129850b179e7807575c231c88bc9670ea45509f4fb3cca58eed96ba160b',
  'keystore-2.json': '0xcc5dd6c46e7ae2f32664d8a81a4e839af3c0a8c16744939d27b591f990f1853d',
};

const { key_pairs: pairs, history } = JSON.parse(readFileSync(new URL('twinchain.json', VECTORS)));
const bytes = (hex) => client.fromHex(`0x${hex}`);
const genesisHash = bytes(history.genesis_hash);

const folder = mkdtempSync(join(tmpdir(), 'twinchain-keystores-'));
after(() => rmSync(folder, { recursive: true }));

/** Checks the whole content of a committed keystore. */
async function check(keystore, version) {
  assert.deepEqual(keystore.account, filled(1));
  assert.deepEqual(keystore.versions, [1, 2, 3]);
  for (const [index, { secret_key: secretKey, public_key: publicKey }] of pairs.entries()) {
    const own = { account: filled(1), version: index + 1, secretKey: bytes(secretKey) };
    const reader = { account: filled(1), version: index + 1, public: bytes(publicKey) };
    assert.deepEqual(keystore.key(index + 1), own);
    assert.deepEqual(keystore.reader(index + 1), reader);
    assert.deepEqual(keystore.keyOf(reader), own);
  }
  assert.equal(keystore.keys(1).length, 3);
  assert.deepEqual(keystore.pinned(filled(2)), { version: 3, public: bytes(pairs[0].public_key) });
  const { container, data_set: dataSet, seeds } = history;
  const found = await keystore.seeds({ container, dataSet });
  if (version === 1) {
    assert.deepEqual([found.size, keystore.signerAccounts], [0, []]);
    return;
  }
  assert.deepEqual(keystore.genesisHash, genesisHash);
  assert.deepEqual(
    [...found].map(([epoch, { seed }]) => ({ epoch, seed: client.toHex(seed).slice(2) })),
    seeds.toReversed(),
  );
  assert.deepEqual(keystore.signerAccounts, [filled(3)]);
  assert.equal(keystore.signer(filled(3)), '//Alice');
}

/** Returns the device key of a keystore. Fails if it has none: it would create one each time. */
async function deviceOf(text) {
  const devices = await Promise.all(
    [1, 2].map(async () => (await client.Keystore.open(text, PASSWORD)).prepareDeviceKey()),
  );
  assert.deepEqual(devices[0], devices[1], 'the keystore has a device key');
  return client.toHex(devices[0].public);
}

for (const [name, device] of Object.entries(DEVICES)) {
  test(`${name} can be opened`, async () => {
    const text = readFileSync(new URL(name, VECTORS), 'utf8');
    const { version } = JSON.parse(text);
    assert.equal(name, `keystore-${version}.json`);
    await check(await client.Keystore.open(text, PASSWORD), version);
    assert.equal(await deviceOf(text), device);
  });
}

test('keystores of another program can be opened', async (t) => {
  const path = fileURLToPath(OF_RUST);
  const names = existsSync(OF_RUST)
    ? readdirSync(OF_RUST).filter((name) => /^keystore-.*\.json$/.test(name))
    : [];
  if (names.length === 0) {
    t.skip(
      `NOT CHECKED: ${path} has no keystore-*.json of another program`,
    );
    return;
  }
  for (const name of names) {
    const text = readFileSync(new URL(name, OF_RUST), 'utf8');
    await check(await client.Keystore.open(text, PASSWORD), JSON.parse(text).version);
    await deviceOf(text);
  }
});

test('writing a keystore of version 1 converts it to version 2', async () => {
  const path = join(folder, 'first.json');
  copyFileSync(new URL('keystore-1.json', VECTORS), path);
  const before = readFileSync(path, 'utf8');
  await check(await readKeystore(path, PASSWORD), 1);
  await check(await readKeystore(path, PASSWORD, { genesisHash: GENESIS }), 1);
  await assert.rejects(
    updateKeystore(path, PASSWORD, () => {}, FAST),
    { name: 'TypeError', message: /give genesisHash/ },
  );
  assert.equal(readFileSync(path, 'utf8'), before);

  const { container, data_set: dataSet, epochs, seeds } = history;
  const keys = seeds.map(({ epoch, seed }, index) => [
    epoch,
    { seed: bytes(seed), publicKey: bytes(epochs[index].public) },
  ]);
  const change = async (keystore) => {
    keystore.addSigner(filled(3), '//Alice');
    return keystore.addSeeds({ container, dataSet, keys });
  };
  const options = { genesisHash, ...FAST };
  assert.equal(await updateKeystore(path, PASSWORD, change, options), 3);
  const text = readFileSync(path, 'utf8');
  assert.equal(JSON.parse(text).version, 2);
  await check(await readKeystore(path, PASSWORD, { genesisHash }), 2);
  assert.equal(await deviceOf(text), DEVICES['keystore-1.json']);
  await assert.rejects(readKeystore(path, PASSWORD, { genesisHash: GENESIS }), {
    name: 'WrongChain',
  });
});

test('the script creates a keystore and never overwrites one', async () => {
  const path = join(folder, 'made.json');
  const run = () => promisify(execFile)(process.execPath, [SCRIPT, path]);
  await run();
  const before = readFileSync(path, 'utf8');
  await check(await readKeystore(path, PASSWORD, { genesisHash }), 2);
  await deviceOf(before);
  await assert.rejects(run(), /EEXIST/);
  assert.equal(readFileSync(path, 'utf8'), before);
});
