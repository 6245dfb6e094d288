// SPDX-License-Identifier: Apache-2.0

// Twins and links, through signed extrinsics. M is the manufacturer, C the customer. X has no
// rights.

import assert from 'node:assert/strict';
import { bytes, connect, eventOf, eventsOf, rawState, text } from './lib/chain.mjs';
import { withNode } from './lib/node.mjs';

const DESCRIPTION = '{"name":"Big Crane 250"}';
const ASSET = 'cranes.example/BC250-4711';
const PALLETS = ['digitalTwin', 'dataContainer'];

const { test } = withNode(async (url) => {
  const context = await connect(url);
  const { api, chain, alice, bob, charlie } = context;
  const create = (description, asset = ASSET, links = []) =>
    api.tx.digitalTwin.createTwin(bytes(description), bytes(asset), links);
  // Every test creates its own twin. The ids depend on the order in the blocks.
  const createdBy = async (who, ...args) => {
    const { events } = await chain.succeed(who, create(...args));
    return eventOf(events, 'digitalTwin', 'TwinCreated').twin;
  };
  return { ...context, create, createdBy, m: alice, c: bob, x: charlie };
});

test('a new twin is listed for its owner and its asset', async ({ api, chain, create, m }) => {
  const { blockHash, events, info } = await chain.succeed(m, create(DESCRIPTION));
  const created = eventOf(events, 'digitalTwin', 'TwinCreated');
  assert.equal(created.owner.toString(), m.address);
  assert.equal(text(created.asset), ASSET);
  assert.equal(eventsOf(events, 'digitalTwin', 'LinkSet').length, 0);
  assert.ok(info.weight.refTime.toBigInt() > 0n);

  const at = await api.at(blockHash);
  const twin = (await at.query.digitalTwin.twins(created.twin)).unwrap();
  assert.equal(twin.owner.toString(), m.address);
  assert.equal(text(twin.asset), ASSET);
  assert.ok(twin.status.isActive);
  assert.ok(twin.offer.isNone);
  const description = (await at.query.digitalTwin.descriptions(created.twin)).unwrap();
  assert.equal(text(description), DESCRIPTION);

  const { digitalTwinApi } = at.call;
  const owned = await digitalTwinApi.twinsOfOwner(m.address, null, 10);
  assert.deepEqual(owned.toJSON(), { items: [created.twin.toNumber()], next: null });
  const same = await digitalTwinApi.twinsOfAsset(bytes(ASSET), null, 10);
  assert.deepEqual(same.toJSON(), {
    items: [[created.twin.toNumber(), m.address]],
    next: null,
  });
  const info2 = (await digitalTwinApi.twin(created.twin)).unwrap();
  assert.equal(text(info2.description), DESCRIPTION);
});

test('createTwin fails for invalid descriptions and assets', async (context) => {
  const { api, chain, create, m } = context;
  const before = await api.rpc.chain.getFinalizedHead();
  const longest = `"${'x'.repeat(8190)}"`;
  const outcomes = await Promise.all([
    chain.fail(m, create('Big Crane 250'), 'digitalTwin.DescriptionNotJson', { offset: 0 }),
    chain.fail(m, create('{"name":"Big'), 'digitalTwin.DescriptionNotJson', { offset: 12 }),
    chain.fail(m, create('{"a":1,"a":2}'), 'digitalTwin.DescriptionNotJson', { offset: 7 }),
    chain.fail(m, create('{"a":01}'), 'digitalTwin.DescriptionNotJson', { offset: 6 }),
    chain.fail(m, create(''), 'digitalTwin.DescriptionNotJson', { offset: 0 }),
    chain.fail(m, create(`${longest} `), 'digitalTwin.DescriptionTooLong', {}),
    chain.fail(m, create(DESCRIPTION, ''), 'digitalTwin.InvalidAsset'),
    chain.fail(m, create(DESCRIPTION, 'x'.repeat(129)), 'digitalTwin.InvalidAsset'),
    chain.fail(m, create(DESCRIPTION, 'BC250\n4711'), 'digitalTwin.InvalidAsset'),
  ]);
  const last = outcomes.at(-1);
  assert.match(outcomes[0].error.docs, /Text needs quotes/, 'the error says how to fix the text');
  for (const { events } of outcomes) {
    assert.equal(eventsOf(events, 'digitalTwin', 'TwinCreated').length, 0);
  }
  assert.deepEqual(
    await rawState(api, PALLETS, last.blockHash),
    await rawState(api, PALLETS, before),
    'the state of both pallets is the same',
  );
  await chain.succeed(m, create(longest));
});

test('both twins of one asset are found, with their owners', async (context) => {
  const { api, createdBy, m, c } = context;
  const asset = 'cranes.example/BC250-4712';
  const mine = await createdBy(m, DESCRIPTION, asset);
  const theirs = await createdBy(c, '{"name":"Our crane"}', asset);
  const found = await api.call.digitalTwinApi.twinsOfAsset(bytes(asset), null, 10);
  assert.deepEqual(
    Object.fromEntries(found.items.map(([twin, owner]) => [twin.toString(), owner.toString()])),
    { [mine]: m.address, [theirs]: c.address },
  );
  const page = await api.call.digitalTwinApi.twinsOfAsset(bytes(asset), null, 1);
  assert.equal(page.items.length, 1);
  const rest = await api.call.digitalTwinApi.twinsOfAsset(bytes(asset), page.next.unwrap(), 1);
  assert.equal(rest.items.length, 1);
  assert.ok(rest.next.isNone);
  assert.notEqual(rest.items[0][0].toString(), page.items[0][0].toString());
});

test('only the owner sets, replaces and removes links', async (context) => {
  const { api, chain, createdBy, m, c, x } = context;
  const { digitalTwin } = api.tx;
  const twin = await createdBy(m, DESCRIPTION);
  const link = (name, target) => digitalTwin.setLink(twin, bytes(name), target);
  const hash = `0x${'ab'.repeat(32)}`;
  await Promise.all([
    chain.succeed(m, link('certificate', { Hash: hash })),
    chain.succeed(m, link('service', { Account: c.address })),
    chain.succeed(m, link('service', { Account: x.address })),
    chain.fail(m, link('a/b', { Hash: hash }), 'digitalTwin.InvalidName'),
    chain.fail(m, link('part', { Twin: 999 }), 'digitalTwin.TargetNotFound'),
    chain.fail(m, link('data', { Container: 999 }), 'dataContainer.ContainerNotFound'),
    chain.fail(m, digitalTwin.removeLink(twin, bytes('none')), 'digitalTwin.LinkNotFound'),
    chain.fail(x, link('service', { Account: x.address }), 'digitalTwin.NotOwner'),
    chain.fail(x, digitalTwin.removeLink(twin, bytes('service')), 'digitalTwin.NotOwner'),
    chain.fail(x, digitalTwin.setDescription(twin, bytes('{}')), 'digitalTwin.NotOwner'),
    chain.fail(x, digitalTwin.deactivateTwin(twin), 'digitalTwin.NotOwner'),
    chain.fail(x, digitalTwin.setDescription(999, bytes('{}')), 'digitalTwin.NotFound'),
  ]);
  const links = await api.call.digitalTwinApi.links(twin, null, 10);
  assert.deepEqual(
    Object.fromEntries(links.items.map(([name, target]) => [text(name), target.toJSON()])),
    { certificate: { hash }, service: { account: x.address } },
  );
  const resolved = await api.call.digitalTwinApi.resolve(twin, bytes('service'));
  assert.equal(resolved.asOk.asAccount.toString(), x.address);
  const missing = await api.call.digitalTwinApi.resolve(twin, bytes('engine/turbine'));
  assert.equal(text(missing.asErr.asMissing.name), 'engine');

  await chain.succeed(m, digitalTwin.removeLink(twin, bytes('certificate')));
  const left = await api.query.digitalTwin.links.entries(twin);
  assert.deepEqual(left.map(([key]) => text(key.args[1])), ['service']);
  assert.equal((await api.query.digitalTwin.twins(twin)).unwrap().links.toNumber(), 1);
});

test('a deactivated twin rejects writes and a second deactivation', async (context) => {
  const { api, chain, createdBy, m, bob: x } = context;
  const { digitalTwin } = api.tx;
  const hash = `0x${'cd'.repeat(32)}`;
  const twin = await createdBy(m, DESCRIPTION, ASSET, [{ Hash: { name: bytes('a'), hash } }]);
  const ended = 'digitalTwin.Deactivated';
  const [deactivated, ...refused] = await Promise.all([
    chain.succeed(m, digitalTwin.deactivateTwin(twin)),
    chain.fail(m, digitalTwin.deactivateTwin(twin), ended),
    chain.fail(m, digitalTwin.setDescription(twin, bytes('{}')), ended),
    chain.fail(m, digitalTwin.setLink(twin, bytes('b'), { Hash: hash }), ended),
    chain.fail(m, digitalTwin.setLink(twin, bytes('a'), { Account: m.address }), ended),
    chain.fail(m, digitalTwin.removeLink(twin, bytes('a')), ended),
    chain.fail(m, digitalTwin.cancelOffer(twin), 'digitalTwin.OfferNotFound'),
    chain.fail(x, digitalTwin.acceptTwin(twin, 0), 'digitalTwin.OfferNotFound'),
    chain.fail(x, digitalTwin.declineOffer(twin, 0), 'digitalTwin.OfferNotFound'),
  ]);
  const gone = eventOf(deactivated.events, 'digitalTwin', 'TwinDeactivated');
  assert.equal(gone.twin.toString(), twin.toString());
  assert.equal(refused.length, 8);
  const info = (await api.call.digitalTwinApi.twin(twin)).unwrap();
  assert.ok(info.twin.status.isDeactivated);
  assert.equal(text(info.description), DESCRIPTION);
  const links = await api.call.digitalTwinApi.links(twin, null, 10);
  assert.deepEqual(links.items.map(([name]) => text(name)), ['a']);
  // It can still be handed over.
  await chain.succeed(m, digitalTwin.offerTwin(twin, x.address, 4_000_000_000_000, [], []));
  await chain.succeed(x, digitalTwin.acceptTwin(twin, 0));
  const { owner } = (await api.query.digitalTwin.twins(twin)).unwrap();
  assert.equal(owner.toString(), x.address);
  // The calls above include every call of this pallet that changes a twin.
  assert.deepEqual(Object.keys(digitalTwin).sort(), [
    'acceptTwin', 'cancelOffer', 'createTwin', 'deactivateTwin', 'declineOffer', 'offerTwin',
    'removeLink', 'setDescription', 'setLink',
  ]);
});

test('a twin with two plugin instances is created as a whole or not at all', async (context) => {
  const { api, chain, create, m } = context;
  const plugin = (name) =>
    JSON.stringify({
      description: { name },
      template: {
        properties: {
          manual: { type: 'entry', dataSchema: { type: 'string' }, visibility: 'public' },
          secret: { type: 'list', dataSchema: { type: 'string' } },
        },
      },
    });
  const published = await Promise.all(
    ['production', 'service'].map((name) =>
      chain.succeed(m, api.tx.dataContainer.publishPlugin(bytes(plugin(name)))),
    ),
  );
  const ids = published.map(
    ({ events }) => eventOf(events, 'dataContainer', 'PluginPublished').plugin,
  );
  const instances = ([first, second]) => [
    { Instantiate: { name: bytes('production'), plugin: first } },
    { Instantiate: { name: bytes('service'), plugin: second } },
  ];
  const asset = 'cranes.example/BC250-4713';

  const before = await api.rpc.chain.getFinalizedHead();
  const missing = create(DESCRIPTION, asset, instances([ids[0], 999]));
  const double = create(DESCRIPTION, asset, [
    { Instantiate: { name: bytes('same'), plugin: ids[0] } },
    { Instantiate: { name: bytes('same'), plugin: ids[1] } },
  ]);
  const refused = await Promise.all([
    chain.fail(m, missing, 'dataContainer.PluginNotFound'),
    chain.fail(m, double, 'digitalTwin.DuplicateLink'),
  ]);
  assert.deepEqual(
    await rawState(api, PALLETS, refused.at(-1).blockHash),
    await rawState(api, PALLETS, before),
    'neither twin nor container nor link exists',
  );

  const { events } = await chain.succeed(m, create(DESCRIPTION, asset, instances(ids)));
  const { twin } = eventOf(events, 'digitalTwin', 'TwinCreated');
  const made = eventsOf(events, 'dataContainer', 'ContainerCreated');
  assert.deepEqual(
    made.map(({ owner, plugin }) => [owner.toString(), plugin.unwrap().toString()]),
    ids.map((id) => [m.address, id.toString()]),
  );
  const linked = eventsOf(events, 'digitalTwin', 'LinkSet');
  assert.deepEqual(
    linked.map(({ name, target }) => [text(name), target.asContainer.toString()]),
    [
      ['production', made[0].container.toString()],
      ['service', made[1].container.toString()],
    ],
  );
  for (const { container } of made) {
    const twins = await api.call.digitalTwinApi.twinsOfContainer(container, null, 10);
    assert.deepEqual(twins.items.map(String), [twin.toString()]);
    const data = await api.call.dataContainerApi.dataSets(container);
    assert.deepEqual(data.map(([name]) => text(name)), ['manual', 'secret']);
  }
});
