// Polkadot.js: node polkadot-js.mjs ws://127.0.0.1:9944
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';
import { u8aToString } from '@polkadot/util';
import { readFileSync } from 'node:fs';

const provider = new WsProvider(process.argv[2]);
const api = await ApiPromise.create({ provider, noInitWarn: true }); // no notice about CheckMember
const { dataContainer, digitalTwin } = api.tx;
const alice = new Keyring({ type: 'sr25519' }).addFromUri('//Alice');
const text = (bytes) => u8aToString(bytes.toU8a(true)); // toHuman() shows hex for umlauts

/** Sends a call and waits until it is final. Returns its events. */
const send = (call) => new Promise((resolve, reject) => {
  call.signAndSend(alice, { nonce: -1 }, ({ dispatchError, events, status }) => {
    if (!status.isFinalized) return;
    if (!dispatchError) return resolve(events.map(({ event }) => event));
    const { section, name } = api.registry.findMetaError(dispatchError.asModule);
    reject(new Error(`${section}.${name}`));
  }).catch(reject);
});

const instances = [];
for (const name of ['heavy-machine', 'maintenance-log']) {
  const document = readFileSync(new URL(`../${name}.json`, import.meta.url), 'utf8');
  const events = await send(dataContainer.publishPlugin(document)); // text, not an object
  const { plugin } = events.find(({ method }) => method === 'PluginPublished').data;
  instances.push({ Instantiate: { name, plugin } });
}
const asset = 'cranes.example/polkadot-js';
await send(digitalTwin.createTwin('{"name":"Big Crane 250"}', asset, instances));

const { items: [[twin, owner]] } = await api.call.digitalTwinApi.twinsOfAsset(asset, null, 10);
console.log(`${asset}: a twin of ${owner}`);
const container = (await api.call.digitalTwinApi.resolve(twin, 'maintenance-log')).asOk.asContainer;
const set = (value) => send(dataContainer.setEntry(container, 'operatingHours', value, null));
for (const hours of ['731', '1000.5', '"many"']) {
  await set(`{"hours":${hours},"readAt":1760000000000,"meter":"main"}`)
    .catch(({ message }) => console.log(`refused: ${message}`));
}

let at = await api.at(await api.rpc.chain.getFinalizedHead());
for (;;) {
  const found = await at.query.dataContainer.dataSets(container, 'operatingHours');
  if (found.isNone) break; // before it was made, with its default as revision 1
  const { changed, revision } = found.unwrap();
  const hash = await api.rpc.chain.getBlockHash(changed);
  const then = await api.at(hash);
  const entry = await then.call.dataContainerApi.entry(container, 'operatingHours');
  console.log(`revision ${revision}: ${text(entry.unwrap().value.asPublic)}`);
  at = await api.at((await api.rpc.chain.getHeader(hash)).parentHash);
}
await api.disconnect();
