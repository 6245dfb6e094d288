// SPDX-License-Identifier: Apache-2.0

// A company's account that has no key. Its only employee leaves, and a colleague takes over
// everything that it owns, including confidential data. The company's encryption key is sealed for
// both, so no one copies a file. Eve is the employee, Ferdie the colleague. Dave only writes data.
// Alice is the administrator of the organisation. At the end, another company loses its account.

import { decodeAddress } from '@polkadot/util-crypto';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'polkadot-api';
import { getWsProvider } from 'polkadot-api/ws';
import WebSocket from 'ws';
import * as client from '../../client/js/src/index.mjs';
import {
  createKeystore,
  readKeystore,
  updateKeystore,
} from '../../client/js/src/keystore-file.mjs';
import { bytes, eventOf, eventsOf, rawState, text } from './lib/chain.mjs';
import { confidential, openKey, setKey } from './lib/confidential.mjs';
import { actingFor, consortium, refusal, remark, SAID } from './lib/consortium.mjs';
import { atExit, withNode } from './lib/node.mjs';

const TWINS = 500;
/** A batch of this many twins fills a thirtieth of a block. */
const BATCH = 100;
const PAGE = 256;
const PASSWORD = 'a password';
const TEMPLATE = {
  contract: { type: 'entry', dataSchema: { type: 'string' } },
  notes: { type: 'list', dataSchema: { type: 'array', items: { type: 'string' } } },
};

const { test } = withNode(async (url) => {
  const context = await consortium(url);
  const folder = mkdtempSync(join(tmpdir(), 'twinchain-company-'));
  atExit(() => rmSync(folder, { recursive: true, force: true }));
  const files = { eve: join(folder, 'eve.json'), ferdie: join(folder, 'ferdie.json') };
  const founded = { ...context, ...(await found(context)), files };
  const twins = await build(founded);
  const container = await seal(founded);
  return { ...founded, twins, container };
});

/**
 * Creates the company's account. Eve and Ferdie can make all calls for it, Dave only writes data.
 */
async function found(context) {
  const { api, chain, dave, eve, ferdie } = context;
  const { addProxy, createPure } = api.tx.proxy;
  const { events } = await chain.succeed(eve, createPure('Any', 0, 0));
  const address = eventOf(events, 'proxy', 'PureCreated').pure.toString();
  const company = { address, publicKey: decodeAddress(address) };
  const as = (signer) => actingFor(context, signer, address);
  await as(eve).succeed(company, addProxy(ferdie.address, 'Any', 0));
  await as(eve).succeed(company, addProxy(dave.address, 'Data', 0));
  return { as, company };
}

/** Returns the calls in batches, each of which succeeds or fails as a whole. */
function inBatches(api, calls) {
  const starts = Array.from({ length: Math.ceil(calls.length / BATCH) }, (_, n) => n * BATCH);
  return starts.map((start) => api.tx.utility.batchAll(calls.slice(start, start + BATCH)));
}

/** Creates the company's twins as Eve, and returns their ids. */
async function build({ api, as, company, eve }) {
  const create = (_, n) =>
    api.tx.digitalTwin.createTwin(bytes(`{"name":"crane ${n}"}`), bytes(`company/${n}`), []);
  const calls = Array.from({ length: TWINS }, create);
  const outcomes = await Promise.all(
    inBatches(api, calls).map((batch) => as(eve).succeed(company, batch)),
  );
  const created = outcomes.flatMap(({ events }) => eventsOf(events, 'digitalTwin', 'TwinCreated'));
  return created.map(({ twin }) => twin.toNumber());
}

/** Returns functions with which a holder of the company's key uses a container for the company. */
async function opened({ api, as, company }, signer, file, container) {
  const genesisHash = api.genesisHash.toU8a();
  const keystore = await readKeystore(file, PASSWORD, { genesisHash });
  const key = await openKey(api, keystore, company.address, 1);
  const own = new Map([[company, key]]);
  return confidential({ api, chain: as(signer), own, genesisHash, trust: keystore }, container);
}

/** Creates the encryption keys: one for each employee, and the company's, which both hold. */
async function makeKeys({ api, as, chain, company, eve, ferdie, files }) {
  const genesisHash = api.genesisHash.toU8a();
  const readers = [];
  for (const [who, file] of [[eve, files.eve], [ferdie, files.ferdie]]) {
    await createKeystore(file, PASSWORD, { account: who.publicKey, genesisHash });
    const prepare = (keystore) => keystore.prepareKey(1);
    const key = await updateKeystore(file, PASSWORD, prepare, { genesisHash });
    await chain.succeed(who, setKey(api, key));
    readers.push(key);
  }
  // No file contains the company's key: Eve makes it in memory.
  const ofCompany = new client.Keystore(company.publicKey, genesisHash);
  const key = await ofCompany.prepareKey(1);
  const sealFor = (keystore) =>
    client.setAccountEnvelopes({
      genesisHash,
      own: ofCompany.key(1),
      holders: readers,
      trust: keystore,
    });
  const envelopes = await updateKeystore(files.eve, PASSWORD, sealFor, { genesisHash });
  const seal = api.tx.dataContainer.setAccountEnvelopes(...client.forPolkadotJs(envelopes));
  await as(eve).succeed(company, api.tx.utility.batchAll([setKey(api, key), seal]));
}

/** Creates the keys and a container as Eve, seals values, and returns the container's id. */
async function seal(context) {
  const { api, as, company, eve, files } = context;
  const { instantiate, publishPlugin } = api.tx.dataContainer;
  const act = (call) => as(eve).succeed(company, call);
  await makeKeys(context);
  const document = { description: { name: 'company' }, template: { properties: TEMPLATE } };
  const published = await act(publishPlugin(bytes(JSON.stringify(document))));
  const { plugin } = eventOf(published.events, 'dataContainer', 'PluginPublished');
  const { events } = await act(instantiate(plugin, '0x'));
  const container = eventOf(events, 'dataContainer', 'ContainerCreated').container.toNumber();
  const it = await opened(context, eve, files.eve, container);
  for (const dataSet of ['contract', 'notes']) await it.rotate(company, dataSet);
  await act(await it.set(company, 'contract', '"of May"'));
  await act(await it.append(company, 'notes', ['"first"', '"second"']));
  return container;
}

/** Returns all twins of the company. The chain returns them in pages. */
async function owned({ api, company }) {
  const all = [];
  for (let after = null; ; ) {
    const page = await api.call.digitalTwinApi.twinsOfOwner(company.address, after, PAGE);
    all.push(...page.items.map((twin) => twin.toNumber()));
    if (page.next.isNone) return all;
    after = page.next.unwrap();
  }
}

const change = (api, twins, name) =>
  twins.map((twin) => api.tx.digitalTwin.setDescription(twin, bytes(`{"name":"${name} ${twin}"}`)));

const ascending = (numbers) => numbers.toSorted((a, b) => a - b);

test('the company owns 500 twins and sealed values of its only employee', async (context) => {
  const { api, company, container, eve, ferdie, twins } = context;
  assert.equal(new Set(twins).size, TWINS);
  assert.deepEqual(ascending(await owned(context)), ascending(twins));
  const found = (await api.call.dataContainerApi.container(container)).unwrap();
  assert.equal(found.container.owner.toString(), company.address);
  const { accountKeyEnvelopes } = api.query.dataContainer;
  const holders = (await accountKeyEnvelopes(company.address, 1)).map(({ holder }) =>
    holder.asAccount[0].toString(),
  );
  assert.deepEqual(holders, [eve.address, ferdie.address]);
});

test('the transactions of a removed employee are rejected', async (context) => {
  const { alice, api, chain, company, eve, ferdie, twins } = context;
  const { multisig, proxy, utility } = api.tx;
  await chain.succeed(alice, api.tx.consortium.removeMember(eve.address));
  const [call] = change(api, twins.slice(0, 1), 'taken');
  const as = (inner) => proxy.proxy(company.address, null, inner);
  const wrapped = [
    remark(api),
    as(call),
    as(utility.batchAll([call])),
    utility.batch([as(call)]),
    utility.asDerivative(0, as(call)),
    multisig.asMultiThreshold1([ferdie.address], as(call)),
    as(proxy.removeProxy(ferdie.address, 'Any', 0)),
  ];
  for (const transaction of wrapped) assert.match(await refusal(eve, transaction), SAID[101]);
  const description = await api.query.digitalTwin.descriptions(twins[0]);
  assert.equal(text(description.unwrap()), '{"name":"crane 0"}');
});

test('a colleague changes all 500 twins', async (context) => {
  const { api, as, company, eve, ferdie, twins } = context;
  const act = as(ferdie);
  await Promise.all(
    inBatches(api, change(api, twins, 'taken over')).map((batch) => act.succeed(company, batch)),
  );
  const descriptions = await api.query.digitalTwin.descriptions.multi(twins);
  assert.deepEqual(
    descriptions.map((description) => text(description.unwrap())),
    twins.map((twin) => `{"name":"taken over ${twin}"}`),
  );
  assert.deepEqual(
    ascending(await owned(context)),
    ascending(twins),
    'the company still owns them',
  );
  // Eve must not act for the company again, even if another organisation admits her.
  await act.succeed(company, api.tx.proxy.removeProxy(eve.address, 'Any', 0));
  const [proxies] = await api.query.proxy.proxies(company.address);
  assert.ok(!proxies.some(({ delegate }) => delegate.eq(eve.address)));
});

test('a colleague reads the values that the employee sealed, and seals more', async (context) => {
  const { api, as, company, container, ferdie, files } = context;
  const act = as(ferdie);
  const it = await opened(context, ferdie, files.ferdie, container);
  assert.deepEqual(await it.read(company, 'contract'), ['"of May"']);
  await act.succeed(company, await it.append(company, 'notes', ['"third"']));
  await act.succeed(company, await it.set(company, 'contract', '"of June"'));
  assert.deepEqual(await it.read(company, 'notes'), ['"first"', '"second"', '"third"']);
  assert.deepEqual(await it.read(company, 'contract'), ['"of June"']);
  // The opened bytes are those of the raw state. The company is their author, regardless of the
  // signer.
  const head = await api.rpc.chain.getFinalizedHead();
  const raw = [...(await rawState(api, ['dataContainer'], head)).values()];
  for (const { author, ciphertext } of await it.stored('notes')) {
    assert.deepEqual(author, company.publicKey);
    assert.ok(raw.some((value) => value.includes(client.toHex(ciphertext).slice(2))));
  }
});

test('a proxy of type Data only writes data, also in a batch', async (context) => {
  const { api, as, company, container, dave, ferdie, files, twins } = context;
  const it = await opened(context, ferdie, files.ferdie, container);
  const act = as(dave);
  await act.succeed(company, await it.append(company, 'notes', ['"of Dave"']));
  assert.equal((await it.read(company, 'notes')).at(-1), '"of Dave"');
  const [call] = change(api, twins.slice(0, 1), 'taken');
  const { batchAll } = api.tx.utility;
  const more = api.tx.proxy.addProxy(dave.address, 'Any', 0);
  for (const refused of [call, batchAll([call]), more, batchAll([more])]) {
    await act.fail(company, refused, 'system.CallFiltered');
  }
});

test('a proxy of type Twins cannot make irreversible calls', async (context) => {
  const { api, as, chain, company, container, dave, eve, ferdie, files, stranger, twins } = context;
  const { dataContainer, digitalTwin, proxy, utility } = api.tx;
  const clerk = stranger('clerk');
  await chain.succeed(context.alice, api.tx.consortium.addMember(0, clerk.address, '0x'));
  await as(ferdie).succeed(company, proxy.addProxy(clerk.address, 'Twins', 0));
  const act = as(clerk);
  const it = await opened(context, ferdie, files.ferdie, container);

  const create = digitalTwin.createTwin(bytes('{"name":"crane"}'), bytes('company/clerk'), []);
  const { events } = await act.succeed(company, create);
  const { twin } = eventOf(events, 'digitalTwin', 'TwinCreated');
  const made = await act.succeed(company, dataContainer.createContainer('0x'));
  const { container: another } = eventOf(made.events, 'dataContainer', 'ContainerCreated');
  const link = digitalTwin.setLink(twin, bytes('data'), { Container: another });
  await act.succeed(company, utility.batchAll([link, ...change(api, [twin], 'renamed')]));
  await act.succeed(company, await it.append(company, 'notes', ['"of the clerk"']));
  assert.equal((await it.read(company, 'notes')).at(-1), '"of the clerk"');

  const soon = Date.now() + 3_600_000;
  const refused = [
    digitalTwin.deactivateTwin(twin),
    digitalTwin.offerTwin(twin, eve.address, soon, [], []),
    dataContainer.closeContainer(another),
    dataContainer.offerOwnership(another, eve.address, soon, []),
    dataContainer.retireDataSet(container, bytes('notes')),
    dataContainer.share(container, eve.address, [], null, []),
    dataContainer.assignRole(container, eve.address, bytes('reader')),
    proxy.addProxy(eve.address, 'Any', 0),
    proxy.removeProxies(),
  ];
  await assert.rejects(
    opened(context, clerk, files.ferdie, container).then(({ rotate }) => rotate(company, 'notes')),
    /system.CallFiltered/,
  );
  for (const call of [...refused, utility.batchAll([refused[0]])]) {
    await act.fail(company, call, 'system.CallFiltered');
  }
  const found = (await api.query.digitalTwin.twins(twins[0])).unwrap();
  assert.equal(found.owner.toString(), company.address);
});

test('a proxy of type Any cannot destroy the company\'s account', async (context) => {
  const { api, as, company, eve, ferdie } = context;
  const { killPure, removeProxies } = api.tx.proxy;
  for (const call of [killPure(eve.address, 'Any', 0, 1, 1), removeProxies()]) {
    await as(ferdie).fail(company, call, 'system.CallFiltered');
  }
  const [proxies] = await api.query.proxy.proxies(company.address);
  assert.ok(proxies.some(({ delegate }) => delegate.eq(ferdie.publicKey)));
});

/** Returns the warnings about a call, from objects of Polkadot.js. */
const warned = async ({ api }, { address: account }, signer, call) =>
  client.proxyWarnings({
    account,
    proxies: await api.query.proxy.proxies(account),
    call,
    signer: signer.address,
  });

/** Returns the same warnings, from objects of PAPI. The signer removes itself. */
async function warnedByPapi({ node }, { address: account }, { address: signer }) {
  const papi = createClient(getWsProvider(node.url, { websocketClass: WebSocket }));
  try {
    const { query, tx } = papi.getUnsafeApi();
    const id = (value) => ({ type: 'Id', value });
    const type = { type: 'Any', value: undefined };
    const remove = tx.Proxy.remove_proxy({ delegate: id(signer), proxy_type: type, delay: 0 });
    const inner = remove.decodedCall;
    const { decodedCall: call } = tx.Proxy.proxy({ real: id(account), call: inner });
    const proxies = await query.Proxy.Proxies.getValue(account, { at: 'best' });
    return client.proxyWarnings({ account, proxies, call, signer });
  } finally {
    papi.destroy();
  }
}

test('the client warns before the last delegate of type Any is removed', async (context) => {
  const { api, chain, dave, ferdie, eve } = context;
  const { addProxy, createPure, proxy, removeProxies, removeProxy } = api.tx.proxy;
  const { asMultiThreshold1 } = api.tx.multisig;
  const { batch, batchAll } = api.tx.utility;
  const { events } = await chain.succeed(ferdie, createPure('Any', 0, 0));
  const lost = { address: eventOf(events, 'proxy', 'PureCreated').pure.toString() };
  const act = actingFor(context, ferdie, lost.address);
  await act.succeed(lost, addProxy(dave.address, 'Any', 0));
  await act.succeed(lost, addProxy(dave.address, 'Data', 0));
  const as = (call) => proxy(lost.address, null, call);
  const [ferdies, daves] = [ferdie, dave].map(({ address }) => removeProxy(address, 'Any', 0));
  const onlyData = removeProxy(dave.address, 'Data', 0);

  const ask = (signer, call) => warned(context, lost, signer, call);
  const [LAST, OWN, ALONE] = [/^After .* no delegate of type Any/, /^This call ends/, /only you/];
  for (const [signer, call, expected] of [
    [ferdie, as(daves), ALONE],
    [ferdie, as(ferdies), OWN],
    [ferdie, as(batchAll([ferdies, daves])), LAST],
    [ferdie, batch([as(onlyData), as(daves), as(ferdies)]), LAST],
    [ferdie, asMultiThreshold1([eve.address], as(batch([daves, ferdies]))), LAST],
    [ferdie, as(removeProxies()), LAST],
    [ferdie, as(onlyData)],
    [eve, as(batchAll([ferdies, daves]))],
  ]) {
    const [found, ...more] = await ask(signer, call);
    if (expected) assert.match(found, expected);
    assert.deepEqual(more, []);
    if (!expected) assert.equal(found, undefined);
  }

  await act.succeed(lost, daves);
  for (const found of [
    await ask(ferdie, as(ferdies)),
    await warnedByPapi(context, lost, ferdie),
  ]) {
    assert.match(found.join(), LAST);
  }
  // No rule of the chain prevents this, and afterwards no account can undo it.
  await act.succeed(lost, ferdies);
  const [proxies] = await api.query.proxy.proxies(lost.address);
  assert.deepEqual(proxies.map(({ delegate, proxyType }) => [`${delegate}`, proxyType.type]), [
    [dave.address, 'Data'],
  ]);
  await chain.fail(ferdie, as(addProxy(ferdie.address, 'Any', 0)), 'proxy.NotProxy');
  const byDave = actingFor(context, dave, lost.address);
  await byDave.fail(lost, addProxy(ferdie.address, 'Any', 0), 'system.CallFiltered');
});
