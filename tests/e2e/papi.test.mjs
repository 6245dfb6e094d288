// SPDX-License-Identifier: Apache-2.0

// The chain through PAPI, without descriptors. PAPI reads everything from the metadata (V16) and
// uses the newer JSON-RPC methods, so this tests those as well.

import { Metadata, TypeRegistry } from '@polkadot/types';
import assert from 'node:assert/strict';
import { Binary, createClient } from 'polkadot-api';
import { getPolkadotSigner } from 'polkadot-api/signer';
import { getWsProvider } from 'polkadot-api/ws';
import WebSocket from 'ws';
import { accounts } from './lib/chain.mjs';
import { examples } from './lib/examples.mjs';
import { withNode } from './lib/node.mjs';

const DESCRIPTION = '{"name":"Big Crane 250"}';
const ASSET = 'cranes.example/BC250-4711';
const READ = 1;
const WRITE = 2;

const bytes = Binary.fromText;
const text = Binary.toText;

// The plugin of the container, and the values for it.
const PLUGIN = plugin('maintenance-log');
const ENTRY = 'operatingHours';
const LIST = 'dailyChecks';
const json = (value) => JSON.stringify(value);
const VALUE = json(PLUGIN.samples(ENTRY).set[0]);
const BATCHES = PLUGIN.samples(LIST).append.map((items) => items.map(json));
const CONFIDENTIAL = 'usageLog';
// The chain does not inspect sealed values.
const KEY = new Uint8Array(32).fill(0x09);
const DEVICE = new Uint8Array(32).fill(0x0a);
const SEALED = new Uint8Array(80).fill(0xab);
const DEADLINE = 4_000_000_000_000n;
const INVALID = PLUGIN.samples(LIST).invalid.find(({ keyword }) => keyword === 'type');

const { test } = withNode(async (url) => {
  const client = createClient(getWsProvider(url, { websocketClass: WebSocket }));
  const { alice, bob, charlie } = accounts();
  const signer = ({ publicKey, sign }) => getPolkadotSigner(publicKey, 'Sr25519', sign);
  const api = client.getUnsafeApi();
  // The view functions that were called, by pallet.
  const asked = { DataContainer: new Set(), DigitalTwin: new Set() };
  // Calls a view function and the runtime API of the same name: both must return the same.
  const ask = async (pallet, method, ...args) => {
    asked[pallet].add(method);
    const { hash: at } = await client.getFinalizedBlock();
    const [viewed, called] = await Promise.all([
      api.view[pallet][method](...args, { at }),
      api.apis[`${pallet}Api`][method](...args, { at }),
    ]);
    assert.deepEqual(viewed, called, `${pallet}.${method}`);
    return viewed;
  };
  return {
    client,
    api,
    asked,
    view: {
      DataContainer: (...question) => ask('DataContainer', ...question),
      DigitalTwin: (...question) => ask('DigitalTwin', ...question),
    },
    owner: alice,
    stranger: bob,
    member: charlie,
    alice: signer(alice),
    bob: signer(bob),
    close: () => client.destroy(),
  };
});

test('a signed extrinsic becomes final, and the twin is read back', async ({
  api,
  alice,
  owner,
}) => {
  const call = api.tx.DigitalTwin.create_twin({
    description: Binary.fromText(DESCRIPTION),
    asset: Binary.fromText(ASSET),
    links: [{ type: 'Account', value: { name: Binary.fromText('maker'), account: owner.address } }],
  });
  const { ok, events } = await call.signAndSubmit(alice);
  assert.ok(ok);
  const created = events.find(({ value }) => value.type === 'TwinCreated').value.value;
  assert.equal(created.owner, owner.address);

  const { author, revision } = created.stamp;
  assert.deepEqual([author, revision], [owner.address, 1n]);

  const twin = await api.query.DigitalTwin.Twins.getValue(created.twin);
  assert.equal(twin.owner, owner.address);
  assert.equal(Binary.toText(twin.asset), ASSET);
  assert.equal(twin.status.type, 'Active');
  assert.equal(twin.links, 1);
  const description = await api.query.DigitalTwin.Descriptions.getValue(created.twin);
  assert.equal(Binary.toText(description), DESCRIPTION);
});

test('data are created, shared and offered without waiting for each call', async (context) => {
  const { api, alice, owner, member } = context;
  const { DataContainer, DigitalTwin } = api.tx;
  const account = member.address;
  const append = (items) =>
    DataContainer.append({ container: 0n, data_set: bytes(LIST), items: items.map(bytes) });
  const calls = [
    DataContainer.publish_plugin({ document: PLUGIN.document }),
    DataContainer.instantiate({ plugin: 0n, description: bytes('') }),
    DataContainer.set_entry({ container: 0n, data_set: bytes(ENTRY), value: bytes(VALUE) }),
    ...BATCHES.map(append),
    DigitalTwin.set_link({
      twin: 0n,
      name: bytes('maintenance'),
      target: { type: 'Container', value: 0n },
    }),
    DataContainer.set_encryption_key({ suite: 1, public: KEY, replaces: 0, leaked: false }),
    DataContainer.set_account_envelopes({
      version: 1,
      envelopes: [{ type: 'Key', value: { public: DEVICE, envelope: SEALED } }],
    }),
    DataContainer.rotate_key({
      container: 0n,
      data_set: bytes(CONFIDENTIAL),
      expected_epoch: 0,
      suite: 1,
      public: KEY,
      previous_seed: { type: 'Cut', value: undefined },
      key_version: 1,
      envelope: SEALED,
      envelopes: [],
    }),
    DataContainer.share({
      container: 0n,
      account,
      access: [{ data_set: bytes(CONFIDENTIAL), access: READ }],
      envelopes: [],
    }),
    DataContainer.assign_role({ container: 0n, account, role: bytes('technician') }),
    DataContainer.create_container({ description: bytes('') }),
    DataContainer.offer_ownership({
      container: 1n,
      to: account,
      deadline: DEADLINE,
      envelopes: [],
    }),
    DigitalTwin.offer_twin({
      twin: 0n,
      to: account,
      deadline: DEADLINE,
      containers: [],
      envelopes: [],
    }),
  ];
  const nonce = await api.apis.AccountNonceApi.account_nonce(owner.address);
  const outcomes = await Promise.all(
    calls.map((call, index) => call.signAndSubmit(alice, { nonce: nonce + index })),
  );
  for (const { ok, dispatchError } of outcomes) {
    assert.deepEqual([ok, dispatchError], [true, undefined]);
  }
});

test('view functions of twins', async ({ view, owner, stranger, member }) => {
  const { twin, description } = await view.DigitalTwin('twin', 0n);
  assert.equal(text(twin.asset), ASSET);
  assert.equal(text(description), DESCRIPTION);
  assert.equal(await view.DigitalTwin('twin', 999n), undefined);

  const maker = [bytes('maker'), { type: 'Account', value: owner.address }];
  const container = [bytes('maintenance'), { type: 'Container', value: 0n }];
  const links = await view.DigitalTwin('links', 0n, undefined, 10);
  const byName = links.items.toSorted(([a], [b]) => text(a).localeCompare(text(b)));
  assert.deepEqual(byName, [container, maker]);
  const first = await view.DigitalTwin('links', 0n, undefined, 1);
  const second = await view.DigitalTwin('links', 0n, first.next, 1);
  assert.deepEqual([...first.items, ...second.items], links.items);

  const ofAsset = await view.DigitalTwin('twins_of_asset', bytes(ASSET), undefined, 10);
  assert.deepEqual(ofAsset, { items: [[0n, owner.address]], next: undefined });
  const ofOwner = (account) => view.DigitalTwin('twins_of_owner', account, undefined, 10);
  assert.deepEqual((await ofOwner(owner.address)).items, [0n]);
  assert.deepEqual((await ofOwner(stranger.address)).items, []);
  const offered = (account) => view.DigitalTwin('offers_to', account, undefined, 10);
  const offer = { id: 0, to: member.address, deadline: DEADLINE, containers: [] };
  const { items: offers } = await offered(member.address);
  assert.deepEqual(offers, [{ twin: 0n, owner: owner.address, offer }]);
  assert.deepEqual((await offered(stranger.address)).items, []);
  const ofContainer = (id) => view.DigitalTwin('twins_of_container', id, undefined, 10);
  assert.deepEqual((await ofContainer(0n)).items, [0n]);
  assert.deepEqual((await ofContainer(999n)).items, []);

  const ofTwin = (id) => view.DigitalTwin('twins_of_twin', id, undefined, 10);
  assert.deepEqual((await ofTwin(0n)).items, []);

  const resolve = (path) => view.DigitalTwin('resolve', 0n, bytes(path));
  assert.deepEqual(await resolve('maker'), { success: true, value: maker[1] });
  assert.deepEqual(await resolve('maintenance'), { success: true, value: container[1] });
  assert.equal((await resolve('nothing')).success, false);
});

test('view functions of plugins and containers', async (context) => {
  const { view, owner, stranger, member } = context;
  const { plugin, document } = await view.DataContainer('plugin', 0n);
  assert.deepEqual(document, PLUGIN.document);
  assert.equal(plugin.publisher, owner.address);
  assert.equal(text(plugin.name), PLUGIN.name);
  const names = PLUGIN.dataSets.map(({ name }) => name);
  assert.deepEqual(plugin.data_sets.map(({ name }) => text(name)), names);
  assert.equal(await view.DataContainer('plugin', 999n), undefined);

  const { container, description, roles } = await view.DataContainer('container', 0n);
  assert.equal(container.owner, owner.address);
  assert.equal(container.status.type, 'Active');
  assert.equal(container.plugin, 0n);
  assert.equal(JSON.parse(text(description)).name, PLUGIN.name);
  assert.deepEqual(roles.map(({ role }) => role), plugin.roles);
  const technician = roles.find(({ role }) => text(role.name) === 'technician');
  assert.equal(technician.holders, 1);
  assert.equal(await view.DataContainer('container', 999n), undefined);

  const page = (method, ...args) => view.DataContainer(method, ...args, undefined, 10);
  assert.deepEqual((await page('plugins_of_publisher', owner.address)).items, [0n]);
  assert.deepEqual((await page('plugins_of_publisher', stranger.address)).items, []);
  assert.deepEqual((await page('plugins_of_name', bytes(PLUGIN.name))).items, [0n]);
  assert.deepEqual((await page('successors', 0n)).items, []);
  assert.ok((await page('instances', 0n)).items.includes(0n));

  const ofOwner = (account) => view.DataContainer('containers_of_owner', account, undefined, 10);
  assert.deepEqual((await ofOwner(owner.address)).items.sort(), [0n, 1n]);
  assert.deepEqual(await ofOwner(stranger.address), { items: [], next: undefined });
  const offered = (account) => view.DataContainer('offers_to', account, undefined, 10);
  const offer = { id: 0, to: member.address, deadline: DEADLINE };
  const { items: offers } = await offered(member.address);
  assert.deepEqual(offers, [{ container: 1n, owner: owner.address, offer, twin: undefined }]);
  assert.deepEqual((await offered(stranger.address)).items, []);
});

test('view functions of data', async ({ view, owner }) => {
  const dataSets = await view.DataContainer('data_sets', 0n);
  assert.deepEqual(dataSets.map(([name]) => text(name)), PLUGIN.dataSets.map(({ name }) => name));
  const byName = Object.fromEntries(dataSets.map(([name, dataSet]) => [text(name), dataSet]));
  assert.equal(byName[ENTRY].kind.type, 'Entry');
  assert.equal(byName[LIST].kind.type, 'List');
  assert.equal(byName[LIST].batches, BATCHES.length);
  assert.equal(byName[LIST].count, BATCHES.flat().length);

  const stored = (value) => ({ type: 'Public', value: bytes(value) });
  const entry = (name) => view.DataContainer('entry', 0n, bytes(name));
  const { author, block, time, value } = await entry(ENTRY);
  assert.deepEqual([author, value], [owner.address, stored(VALUE)]);
  assert.ok(block > 0 && time > 1_700_000_000_000n, 'the time of the write');
  assert.equal(await entry('nothing'), undefined);
  const writer = (name) => view.DataContainer('entry_author', 0n, bytes(name));
  assert.deepEqual(await writer(ENTRY), { author, block, time });
  assert.equal(await writer('nothing'), undefined);

  const batches = (from, limit) => view.DataContainer('batches', 0n, bytes(LIST), from, limit);
  const all = await batches(0, 10);
  assert.deepEqual(
    all.items.map(({ batch, stored: { author, items } }) => [batch, author, items]),
    BATCHES.map((items, batch) => [batch, owner.address, items.map(stored)]),
  );
  assert.equal(all.next, undefined);
  assert.deepEqual(await batches(0, 1), { items: all.items.slice(0, 1), next: 1 });
  assert.deepEqual(await batches(1, 10), { items: all.items.slice(1), next: undefined });
});

test('view functions of access for an owner, a member and a stranger', async (context) => {
  const { view, owner, stranger, member } = context;
  const { container, roles } = await view.DataContainer('container', 0n);
  assert.equal(container.owner, owner.address);
  const role = roles.find((info) => text(info.role.name) === 'technician').role.id;
  const rights = [
    [owner, ENTRY, WRITE, { type: 'Owner', value: undefined }],
    [member, ENTRY, WRITE, { type: 'Role', value: role }],
    [member, CONFIDENTIAL, READ, { type: 'Grant', value: undefined }],
    [member, CONFIDENTIAL, WRITE, undefined],
    [stranger, ENTRY, WRITE, undefined],
  ];
  for (const [{ address }, dataSet, access, authority] of rights) {
    const question = [0n, bytes(dataSet), address, access];
    assert.equal(await view.DataContainer('can', ...question), authority !== undefined);
    assert.deepEqual(await view.DataContainer('authority_of', ...question), authority);
  }

  const data_set = PLUGIN.dataSets.findIndex(({ name }) => name === CONFIDENTIAL);
  const read = { type: 'Forever', value: undefined };
  const grants = [{ data_set, read, write: undefined, remove: undefined }];
  assert.deepEqual(await view.DataContainer('members', 0n, undefined, 10), {
    items: [[member.address, { roles: Uint8Array.of(role), grants }]],
    next: undefined,
  });
  const shared = (account) => view.DataContainer('shared_with', account, undefined, 10);
  assert.deepEqual(await shared(member.address), { items: [0n], next: undefined });
  assert.deepEqual(await shared(stranger.address), { items: [], next: undefined });

  const readable = async ({ address }) =>
    (await view.DataContainer('readable', 0n, address)).map(text);
  const names = (some) => PLUGIN.dataSets.filter(some).map(({ name }) => name);
  assert.deepEqual(await readable(owner), names(() => true));
  const granted = names(({ isPublic, name }) => isPublic || name === CONFIDENTIAL);
  assert.deepEqual(await readable(member), granted);
  assert.deepEqual(await readable(stranger), names(({ isPublic }) => isPublic));
});

test('view functions of keys', async ({ view, owner, member }) => {
  const dataSet = bytes(CONFIDENTIAL);
  const { since, ...newest } = await view.DataContainer('encryption_key', owner.address);
  const key = { suite: 1, public: KEY };
  assert.deepEqual(newest, { version: 1, key, leaked: undefined });
  assert.ok(since > 0);
  assert.equal(await view.DataContainer('encryption_key', member.address), undefined);
  const versions = ({ address }) => view.DataContainer('encryption_keys', address, 1, 10);
  assert.deepEqual(await versions(owner), { items: [[1, key]], next: undefined });
  assert.deepEqual(await versions(member), { items: [], next: undefined });
  const held = (version) => view.DataContainer('account_envelopes', owner.address, version);
  assert.deepEqual(await held(1), [{ holder: { type: 'Key', value: DEVICE }, sealed: SEALED }]);
  assert.deepEqual(await held(2), []);

  const envelopes = ({ address }) => view.DataContainer('envelopes', 0n, dataSet, address);
  const envelope = { epoch: 1, key_version: 1, oldest_key_version: 1, sealed: SEALED };
  assert.deepEqual(await envelopes(owner), [[1, envelope]]);
  assert.deepEqual(await envelopes(member), []);
  assert.deepEqual(await view.DataContainer('epochs', 0n, dataSet, 0, 10), {
    items: [[1, { suite: 1, segment: 1, public: KEY, previous: undefined }]],
    next: undefined,
  });

  const readers = await view.DataContainer('readers', 0n, dataSet, undefined, 10);
  assert.deepEqual(
    readers.items.map(({ account, until, envelope, leaked }) => [
      account, until, envelope.type, leaked,
    ]),
    [
      [owner.address, undefined, 'Current', undefined],
      [member.address, undefined, 'Missing', undefined],
    ],
  );
  const { items: due, next } = await view.DataContainer('rotations_due', 0n, undefined, undefined);
  assert.equal(next, undefined);
  const keyless = ({ isPublic, name }) => !isPublic && name !== CONFIDENTIAL;
  assert.deepEqual(
    due.map((one) => text(one.data_set)),
    PLUGIN.dataSets.filter(keyless).map(({ name }) => name),
  );
  assert.ok(due.every(({ end }) => end === undefined));
  const sealing = (name) => view.DataContainer('sealing', 0n, bytes(name));
  assert.deepEqual(await sealing(CONFIDENTIAL), { type: 'Open', value: { end: undefined } });
  assert.equal((await sealing(text(due[0].data_set))).type, 'NoKey');
  assert.equal(await sealing(LIST), undefined);
});

test('view functions that check a value, a document and a definition', async ({ view, owner }) => {
  const call = { type: 'Append', value: undefined };
  const value = (written) =>
    view.DataContainer('check_value', 0n, bytes(LIST), call, bytes(written));
  assert.equal((await value(BATCHES[0][0])).success, true);
  const { value: wrong, keyword, pointer } = INVALID;
  const written = json(wrong);
  refused(await value(written), {
    error: 'TypeMismatch',
    keyword,
    offset: bytes(written.slice(0, written.indexOf('"ok"'))).length,
    pointer,
  });

  const document = (source) => view.DataContainer('check_document', owner.address, source);
  const accepted = await document(PLUGIN.document);
  assert.equal(accepted.success, true);
  const { plugin } = await view.DataContainer('plugin', 0n);
  const { name, replaces, data_sets, roles } = plugin;
  const named = roles.map((role) => role.name);
  const { reports, ...preview } = accepted.value;
  assert.deepEqual(preview, { name, replaces, data_sets, roles: named, warnings: [] });
  assert.equal(reports.length, data_sets.length);
  for (const { dialect, checked, cost, program, write } of reports) {
    assert.equal(text(dialect), 'draft 2020-12');
    assert.ok(checked.every((keyword) => text(keyword).length > 1));
    assert.ok(cost >= 1 && cost <= 32 && program >= 12);
    assert.ok(write.fixed.ref_time > write.per_byte.ref_time && write.per_byte.proof_size >= 1n);
  }
  const misspelled = json({
    description: { name: 'p' },
    template: { properties: { a: { type: 'entry', dataSchema: { mininum: 1 } } } },
  });
  const { warnings } = (await document(bytes(misspelled))).value;
  assert.deepEqual(warnings.map(({ keyword, pointer }) => [text(keyword), text(pointer)]), [
    ['mininum', '/template/properties/a/dataSchema/mininum'],
  ]);
  assert.match(text(warnings[0].message), /did you mean `minimum`/);
  const nothing = { error: 'InvalidMember', keyword: 'member', offset: 0, pointer: '' };
  refused(await document(bytes('{}')), nothing);

  const definition = (source) =>
    view.DataContainer('check_definition', 0n, bytes('remarks'), bytes(source));
  const { success, value: added } = await definition('{"type":"list","dataSchema":{}}');
  assert.equal(success, true);
  assert.deepEqual([text(added.data_set.name), added.data_set.kind.type], ['remarks', 'List']);
  assert.deepEqual(added.warnings, []);
  refused(await definition('{}'), nothing);
});

test('the tests call all view functions, and each is a runtime API', async ({ client, asked }) => {
  const { hash } = await client.getFinalizedBlock();
  const metadata = new Metadata(new TypeRegistry(), await client.getMetadata(hash)).asV16;
  for (const [pallet, methods] of Object.entries(asked)) {
    const { viewFunctions } = metadata.pallets.find(({ name }) => name.eq(pallet));
    const api = metadata.apis.find(({ name }) => name.eq(`${pallet}Api`));
    const tried = [...methods].sort();
    assert.deepEqual(viewFunctions.map(({ name }) => name.toString()).sort(), tried);
    assert.deepEqual(api.methods.map(({ name }) => name.toString()).sort(), tried);
  }
});

test('errors have names and fields', async ({ api, alice, bob }) => {
  const text = Binary.fromText;
  const write = (twin, description) =>
    api.tx.DigitalTwin.set_description({ twin, description: text(description) });
  const make = (description) =>
    api.tx.DigitalTwin.create_twin({ description: text(description), asset: text('x'), links: [] });
  const [unquoted, foreign] = await Promise.all([
    make('{"name":Big Crane 250}').signAndSubmit(alice),
    write(0n, DESCRIPTION).signAndSubmit(bob),
  ]);
  assert.equal(unquoted.ok, false);
  assert.equal(unquoted.dispatchError.type, 'Module');
  assert.deepEqual(unquoted.dispatchError.value, {
    type: 'DigitalTwin',
    value: { type: 'DescriptionNotJson', value: { offset: 8 } },
  });
  assert.equal(foreign.ok, false);
  assert.equal(foreign.dispatchError.value.value.type, 'NotOwner');
});

// Returns an example plugin, and the samples of its data sets by name.
function plugin(name) {
  const { document, pluginName, dataSets } = examples().find((example) => example.name === name);
  return {
    name: pluginName,
    document: new Uint8Array(document),
    dataSets,
    samples: (dataSet) => dataSets.find((candidate) => candidate.name === dataSet),
  };
}

// Checks that a dry run rejected its input with this error of the data container pallet and this
// reason.
function refused({ success, value }, expected) {
  assert.equal(success, false);
  const { error, keyword, offset, pointer, message } = value;
  assert.equal(error.value.type, 'DataContainer');
  assert.deepEqual(
    { error: error.value.value.type, keyword: text(keyword), offset, pointer: text(pointer) },
    expected,
  );
  assert.deepEqual(error.value.value.value, { index: 0, offset });
  assert.ok(text(message).length > 10);
}
