// PAPI: node papi.mjs ws://127.0.0.1:9944
import { Keyring } from '@polkadot/keyring';
import { readFileSync } from 'node:fs';
import { Binary, createClient } from 'polkadot-api';
import { getPolkadotSigner } from 'polkadot-api/signer';
import { getWsProvider } from 'polkadot-api/ws';
import WebSocket from 'ws'; // Node.js 20 has none of its own

const client = createClient(getWsProvider(process.argv[2], { websocketClass: WebSocket }));
const api = client.getUnsafeApi(); // typed with descriptors: npx papi add twinchain -w URL
const { DataContainer, DigitalTwin } = api.tx;
const { publicKey, sign } = new Keyring({ type: 'sr25519' }).addFromUri('//Alice');
const alice = getPolkadotSigner(publicKey, 'Sr25519', sign);
const bytes = Binary.fromText;

/** Sends a call and waits until it is final. Returns its events. */
const send = async (call) => {
  const { ok, events, dispatchError } = await call.signAndSubmit(alice);
  if (ok) return events.map(({ value }) => value);
  throw new Error(`${dispatchError.value.type}.${dispatchError.value.value.type}`);
};

const links = [];
for (const name of ['heavy-machine', 'maintenance-log']) {
  const document = readFileSync(new URL(`../${name}.json`, import.meta.url)); // bytes
  const events = await send(DataContainer.publish_plugin({ document: new Uint8Array(document) }));
  const { plugin } = events.find(({ type }) => type === 'PluginPublished').value;
  links.push({ type: 'Instantiate', value: { name: bytes(name), plugin } });
}
const asset = bytes('cranes.example/papi');
const description = bytes('{"name":"Big Crane 250"}');
await send(DigitalTwin.create_twin({ description, asset, links }));

const { DataContainerApi, DigitalTwinApi } = api.apis;
const { items: [[twin, owner]] } = await DigitalTwinApi.twins_of_asset(asset, undefined, 10);
console.log(`${Binary.toText(asset)}: a twin of ${owner}`);
const path = bytes('maintenance-log');
const { value: { value: container } } = await DigitalTwinApi.resolve(twin, path);
const data_set = bytes('operatingHours');
const set = (value) => send(DataContainer.set_entry({ container, data_set, value: bytes(value) }));
for (const hours of ['731', '1000.5', '"many"']) {
  await set(`{"hours":${hours},"readAt":1760000000000,"meter":"main"}`)
    .catch(({ message }) => console.log(`refused: ${message}`));
}

let { hash: at } = await client.getFinalizedBlock();
for (;;) {
  const found = await api.query.DataContainer.DataSets.getValue(container, data_set, { at });
  if (!found) break; // before it was made, with its default as revision 1
  const [hash] = await client._request('archive_v1_hashByHeight', [found.changed]);
  const entry = await DataContainerApi.entry(container, data_set, { at: hash });
  console.log(`revision ${found.revision}: ${Binary.toText(entry.value.value)}`);
  at = (await client.getBlockHeader(hash)).parentHash;
}
client.destroy();
