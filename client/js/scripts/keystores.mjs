// SPDX-License-Identifier: Apache-2.0

// Creates a committed keystore that every later program must be able to open:
// vectors/keystore-2.json, or the named file. Never overwrites a file, because a new one would
// prove nothing about old files. The content is from vectors/twinchain.json, except the device key.

import { readFileSync, writeFileSync } from 'node:fs';
import { Keystore } from '../src/index.mjs';

const FILE = process.argv[2] ?? new URL('../vectors/keystore-2.json', import.meta.url);
const PASSWORD = 'correct horse battery staple';
// The minimum cost, for speed: this keystore protects nothing.
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
