// SPDX-License-Identifier: Apache-2.0

// A manufacturer writes confidential data of a crane, shares it with a customer, and takes the
// access away again. With Polkadot.js and a development node:
//
//   npm install @polkadot/api @polkadot/keyring <folder or tarball of @twinchain/client>
//   node polkadot-js.mjs [ws://127.0.0.1:9944] [folder of the keystores]

import { ApiPromise, WsProvider } from '@polkadot/api';
import { Keyring } from '@polkadot/keyring';
import { connect, fromHex } from '@twinchain/client';
import { createKeystore, keystoreFile } from '@twinchain/client/keystore-file';
import { existsSync } from 'node:fs';

const [url = 'ws://127.0.0.1:9944', folder = '.'] = process.argv.slice(2);
const api = await ApiPromise.create({ provider: new WsProvider(url), noInitWarn: true });
const genesisHash = fromHex(api.genesisHash.toHex());
const signerOf = (pair) => pair;
const disconnect = () => api.disconnect();

// From here on, the program is the same with every library.

/** Connects an account of the development chain, with its keystore in a file. */
async function start(name) {
  const pair = new Keyring({ type: 'sr25519' }).addFromUri(`//${name}`);
  const [path, password] = [`${folder}/${name}.json`, `the password of ${name}`];
  if (!existsSync(path)) {
    await createKeystore(path, password, { account: pair.publicKey, genesisHash });
  }
  return connect(
    api,
    keystoreFile(path, () => password),
    { signer: signerOf(pair) },
  );
}

// Each account needs an encryption key, once.
const [manufacturer, customer] = [await start('Alice'), await start('Bob')];
await manufacturer.ensureKey();
await customer.ensureKey();

// The manufacturer makes a container with a confidential entry and a confidential list.
const bytes = (text) => new TextEncoder().encode(text);
const call = (name, args) => ({ pallet: 'DataContainer', call: name, args });
const { events } = await manufacturer.send(call('create_container', { description: bytes('{}') }));
const container = events.find(({ name }) => name === 'ContainerCreated').data.container;
const manual = { container, dataSet: 'manual' };
const usage = { container, dataSet: 'usage' };
const definition = (type, dataSchema) => bytes(JSON.stringify({ type, dataSchema }));
await manufacturer.send(
  call('add_data_set', { container, name: bytes('manual'), definition: definition('entry', {}) }),
  call('add_data_set', { container, name: bytes('usage'), definition: definition('list', {}) }),
);

// The first keys. Then writes are sealed, and reads are opened, on the way.
console.log('keys for', (await manufacturer.rotateDue({ container })).rotated);
await manufacturer.write({ ...manual, value: { pages: 12, language: 'en' } });
await manufacturer.append({ ...usage, items: [{ hours: 120 }, { hours: 8 }] });

// The customer may read both from now on. (To let it append, too: access: ['read', 'write'].)
const dataSets = ['manual', 'usage'];
await manufacturer.share({ container, account: customer.address, dataSets });
console.log('the customer reads', (await customer.read(manual)).value);
for (const { item, value } of (await customer.read(usage)).items) console.log(item, value);

// A change that fails if someone else writes in between, and then is made again.
await manufacturer.update({ ...manual, change: (old) => ({ ...old, pages: old.pages + 1 }) });

// The customer's access ends: the same transaction makes new keys, without the customer.
const { rotated } = await manufacturer.revoke({ container, account: customer.address });
console.log('new keys for', rotated);
await manufacturer.write({ ...manual, value: 'for the manufacturer only' });
const refused = await customer.read(manual).catch((error) => error);
console.log('the customer now gets', refused.name);

// Access also ends by its end, or when a reader leaves. So look for keys that are due, daily.
console.log('due now', (await manufacturer.rotateDue({ container })).rotated);

// Anyone can prove that no change is missing. Older blocks need an archive node.
const { operations, head } = await customer.verifyHistory(manual);
console.log(operations.length, 'changes lead to', head);
await disconnect();
