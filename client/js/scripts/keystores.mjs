// SPDX-License-Identifier: Apache-2.0

// Makes a committed keystore, which every later program has to open: vectors/keystore-2.json, or
// the file that is named. A file that is there is never overwritten, since a new one would show
// nothing about old files. What is in it is from vectors/twinchain.json, but for the device's key.

import { readFileSync, writeFileSync } from 'node:fs';
import { Keystore } from '../src/index.mjs';

const FILE = process.argv[2] ?? new URL('../vectors/keystore-2.json', import.meta.url);
const PASSWORD = 'correct horse battery staple';
// As fast as can be: it protects nothing.
const COST = 2 ** 14;

const vectors = JSON.parse(readFileSync(new URL('../vectors/twinchain.json', import.meta.url)));
const { key_pairs: pairs, history } = vectors;
const bytes = (byte) => new Uint8Array(32).fill(byte);

const keystore = new Keystore(bytes(1), `0x${history.genesis_hash}`);
for (const [index, { secret_key: secretKey }] of pairs.entries()) {
  await keystore.importKey(index + 1, `0x${secretKey}`);
}
await keystore.prepareDeviceKey();
await keystore.addSeeds({
  container: history.container,
  dataSet: history.data_set,
  keys: history.seeds.map(({ epoch, seed }) => {
    const { public: publicKey } = history.epochs.find((record) => record.epoch === epoch);
    return [epoch, { seed: `0x${seed}`, publicKey: `0x${publicKey}` }];
  }),
});
keystore.accept({ account: bytes(2), version: 3, public: `0x${pairs[0].public_key}` });
keystore.addSigner(bytes(3), '//Alice');

writeFileSync(FILE, await keystore.seal(PASSWORD, { cost: COST }), { flag: 'wx' });
