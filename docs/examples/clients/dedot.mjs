// dedot: node dedot.mjs ws://127.0.0.1:9944
import { Keyring } from '@polkadot/keyring';
import { DedotClient, WsProvider } from 'dedot';
import { hexToString, stringToHex } from 'dedot/utils';
import { readFileSync } from 'node:fs';

const client = await DedotClient.new(new WsProvider(process.argv[2]));
const { dataContainer, digitalTwin } = client.tx;
const alice = new Keyring({ type: 'sr25519' }).addFromUri('//Alice');

/** Sends a call and waits until it is final. Returns its events. */
const send = async (call) => {
  const { dispatchError, events } = await call.signAndSend(alice).untilFinalized();
  if (!dispatchError) return events.map(({ event }) => event);
  const { pallet, name } = client.registry.findErrorMeta(dispatchError);
  throw new Error(`${pallet}.${name}`);
};

const links = [];
for (const name of ['heavy-machine', 'maintenance-log']) {
  const document = readFileSync(new URL(`../${name}.json`, import.meta.url), 'utf8');
  const events = await send(dataContainer.publishPlugin(document)); // text, not an object
  const { palletEvent } = events.find(({ palletEvent: { name } }) => name === 'PluginPublished');
  const { plugin } = palletEvent.data;
  links.push({ type: 'Instantiate', value: { name: stringToHex(name), plugin } });
}
const asset = stringToHex('cranes.example/dedot');
await send(digitalTwin.createTwin('{"name":"Big Crane 250"}', asset, links));

const { twinsOfAsset, resolve } = client.call.digitalTwinApi;
const { items: [[twin, owner]] } = await twinsOfAsset(asset, undefined, 10);
console.log(`${hexToString(asset)}: a twin of ${owner.address()}`);
const { value: { value: container } } = await resolve(twin, 'maintenance-log');
const set = (value) => send(dataContainer.setEntry(container, 'operatingHours', value, undefined));
for (const hours of ['731', '1000.5', '"many"']) {
  await set(`{"hours":${hours},"readAt":1760000000000,"meter":"main"}`)
    .catch(({ message }) => console.log(`refused: ${message}`));
}

let { hash } = await client.block.finalized();
for (;;) {
  const at = await client.at(hash);
  const found = await at.query.dataContainer.dataSets([container, 'operatingHours']);
  if (!found) break; // before it was made, with its default as revision 1
  const { changed, revision } = found;
  const [then] = await client.rpc.archive_v1_hashByHeight(changed);
  const { call } = await client.at(then);
  const entry = await call.dataContainerApi.entry(container, 'operatingHours');
  console.log(`revision ${revision}: ${hexToString(entry.value.value)}`);
  hash = (await client.rpc.chain_getHeader(then)).parentHash;
}
await client.disconnect();
