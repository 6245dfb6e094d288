// SPDX-License-Identifier: Apache-2.0

// The client's one object refuses these, and then changes nothing: strangers, ended access,
// closed containers, stale revisions, garbage, false offers, and nodes that lie. M is the
// manufacturer, C the customer, S the service technician, X a member without rights.

import assert from 'node:assert/strict';
import * as client from '../../client/js/src/index.mjs';
import { connect } from './lib/chain.mjs';
import { LIBRARIES } from './lib/libraries.mjs';
import { pause, withNode } from './lib/node.mjs';
import { emptyStore, instantiate, join, lying, of, publish, refused } from './lib/one-object.mjs';

const TEMPLATE = {
  manual: { type: 'entry', dataSchema: {} },
  usageLog: { type: 'list', dataSchema: {}, permissions: { sensor: ['set'] } },
  hours: { type: 'entry', visibility: 'public', dataSchema: { type: 'integer' } },
};
const PEOPLE = { m: 'alice', c: 'bob', s: 'charlie', x: 'dave' };

const { test } = withNode(
  async (url) => {
    const context = await connect(url);
    const plugin = await publish(context, TEMPLATE);
    const library = await LIBRARIES['Polkadot.js'](url);
    const stores = {};
    const people = {};
    for (const [name, account] of Object.entries(PEOPLE)) {
      stores[name] = emptyStore(context, context[account]);
      people[name] = await join(library, stores[name], context[account]);
    }
    await Promise.all(Object.values(people).map((who) => who.ensureKey()));
    const close = async () => {
      await library.close();
      await context.close();
    };
    return { ...context, ...people, stores, library, plugin, close };
  },
  { options: ['--state-pruning', 'archive'] },
);

/** Returns a container of M with keys, and a first value of each data set. */
async function crane({ m, plugin }) {
  const container = await instantiate(m, plugin);
  await m.rotateDue({ container });
  await m.write(of('manual', container, { value: 'page 1' }));
  return container;
}

/** Returns a new connection of a person, whose adapter lies. */
const through = (context, name, change, sent) =>
  join(context.library, context.stores[name], context[PEOPLE[name]], lying(change, sent));

test('a stranger changes nothing, and its keystore keeps nothing', async (context) => {
  const { m, x, c, stores } = context;
  const container = await crane(context);
  const { saves } = stores.x;
  const account = c.address;
  const dataSets = ['manual'];
  for (const [expected, call] of [
    ['NotPermitted', () => x.write(of('manual', container, { value: 1 }))],
    ['NotPermitted', () => x.write(of('hours', container, { value: 1 }))],
    ['NotPermitted', () => x.append(of('usageLog', container, { items: [1] }))],
    ['NotOwner', () => x.share({ container, account, dataSets })],
    ['NotOwner', () => x.revoke({ container, account })],
    ['NotOwner', () => x.rotateDue({ container })],
    ['NotOwner', () => x.rotate({ container, dataSet: 'manual' })],
    ['NotShared', () => m.revoke({ container, account })],
    ['ReadIsPublic', () => m.share({ container, account, dataSets: ['hours'] })],
    ['WrongKind', () => m.write(of('usageLog', container, { value: 1 }))],
    ['WrongKind', () => m.append(of('manual', container, { items: [1] }))],
  ]) {
    const error = await refused(call());
    assert.equal(error.error, expected);
    assert.ok(error.message.length > 20, error.message);
  }
  assert.equal(stores.x.saves, saves);
  await assert.rejects(x.read(of('manual', container)), { name: 'UnknownKey' });
  assert.deepEqual(stores.x.keystore.epochsOf({ container, dataSet: 'manual' }), []);
  await assert.rejects(x.read({ container: 999_999, dataSet: 'manual' }), { name: 'NotFound' });
  await assert.rejects(x.read(of('manul', container)), /has no data set manul: .*manual/);
});

test('after the end of a grant nothing is sealed until the key is rotated', async (context) => {
  const { api, m, s } = context;
  const container = await crane(context);
  const until = (await api.query.timestamp.now()).toNumber() + 25_000;
  const access = ['read', 'write'];
  await m.share({ container, account: s.address, dataSets: ['usageLog'], access, until });
  await s.append(of('usageLog', container, { items: ['by S'] }));
  while ((await api.query.timestamp.now()).toNumber() <= until) await pause(500);
  await pause(7_000); // until a block after the end is final
  const items = { items: ['late'] };
  assert.equal((await refused(s.append(of('usageLog', container, items)))).error, 'NotPermitted');
  assert.equal((await refused(m.append(of('usageLog', container, items)))).error, 'RotationDue');
  assert.deepEqual((await m.rotateDue({ container })).rotated, ['usageLog']);
  await m.append(of('usageLog', container, items));
  const list = await s.read(of('usageLog', container));
  assert.deepEqual(
    list.items.map(({ value, closed }) => [value, Boolean(closed)]),
    [
      ['by S', false],
      [null, true],
    ],
  );
});

test('the second write with one revision is refused, and update tries again', async (context) => {
  const { m, c } = context;
  const container = await crane(context);
  const { revision } = await m.read(of('manual', container));
  await m.write(of('manual', container, { value: { count: 1 }, expectedRevision: revision }));
  const late = m.write(
    of('manual', container, { value: { count: 9 }, expectedRevision: revision }),
  );
  assert.equal((await refused(late)).error, 'StaleRevision');
  // Both read the same revision. The chain refuses the later one, which then reads again.
  const access = ['read', 'write'];
  await m.share({ container, account: c.address, dataSets: ['manual'], access });
  const change = ({ count }) => ({ count: count + 1 });
  await Promise.all([m, c].map((who) => who.update(of('manual', container, { change }))));
  assert.deepEqual((await m.read(of('manual', container))).value, { count: 3 });
});

test('a closed container and a retired data set take no values', async (context) => {
  const { m } = context;
  const container = await crane(context);
  const name = new TextEncoder().encode('hours');
  const call = (named, args) => ({ pallet: 'DataContainer', call: named, args });
  await m.send(call('retire_data_set', { container, data_set: name }));
  const retired = m.write(of('hours', container, { value: 1 }));
  assert.equal((await refused(retired)).error, 'DataSetRetired');
  await m.send(call('close_container', { container }));
  const closed = m.write(of('manual', container, { value: 'late' }));
  assert.equal((await refused(closed)).error, 'ContainerClosed');
  assert.equal((await m.read(of('manual', container))).value, 'page 1');
});

test('garbage in a list does not hide the other items', async (context) => {
  const { api, m, x } = context;
  const container = await crane(context);
  await m.append(of('usageLog', container, { items: [{ hours: 1 }] }));
  const encode = (text) => new TextEncoder().encode(text);
  const role = { container, account: client.accountOf(x.address, 'X'), role: encode('sensor') };
  await m.send({ pallet: 'DataContainer', call: 'assign_role', args: role });
  // X may write: bytes that were never sealed, and sealed bytes that are not JSON.
  const genesisHash = api.genesisHash.toU8a();
  const place = { genesisHash, container, dataSet: 'usageLog', epoch: 1 };
  const [[, record]] = (await api.call.dataContainerApi.epochs(container, 'usageLog', 1, 1)).items;
  const author = client.accountOf(x.address, 'X');
  const sealed = await client.sealValue(
    place,
    record.public.toU8a(true),
    author,
    Uint8Array.of(0xff),
  );
  const data_set = encode('usageLog');
  const append = (item) => ({
    pallet: 'DataContainer',
    call: 'append_sealed',
    args: { container, data_set, epoch: 1, items: [item], expected_revision: undefined },
  });
  await x.send(append(crypto.getRandomValues(new Uint8Array(112))), append(sealed));
  await m.append(of('usageLog', container, { items: [{ hours: 2 }] }));
  const { items } = await m.read(of('usageLog', container));
  assert.deepEqual(
    items.map(({ item, value }) => [item, value]),
    [
      ['0.0', { hours: 1 }],
      ['1.0', null],
      ['2.0', null],
      ['3.0', { hours: 2 }],
    ],
  );
  assert.match(items[1].closed, /cannot be opened/);
  assert.match(items[2].mismatch, /is not text/);
  assert.equal(items[1].author, x.address);
});

test('an offer is reviewed before it is accepted', async (context) => {
  const { api, m, c, s, x, stores } = context;
  const container = await crane(context);
  await m.share({ container, account: s.address, dataSets: ['hours'], access: 'write' });
  await assert.rejects(c.reviewOffer({ container }), { name: 'NotFound' });
  const genesisHash = api.genesisHash.toU8a();
  const { publicKey } = (await c.keyOf({ account: c.address })).onChain;
  const to = { account: client.accountOf(c.address, 'C'), version: 1, public: publicKey };
  const keys = [];
  for (const dataSet of ['manual', 'usageLog']) {
    const found = await stores.m.keystore.seeds({ container, dataSet });
    keys.push({ dataSet, epoch: 1, ...found.get(1) });
  }
  const trust = { check: () => {} };
  const deadline = 4_000_000_000_000;
  const args = await client.offerOwnership({ genesisHash, container, to, deadline, keys, trust });
  const offer = { pallet: 'DataContainer', call: 'offer_ownership', args };
  await m.send(offer);
  const review = await c.reviewOffer({ container });
  assert.deepEqual([review.isGood, review.from, review.to], [true, m.address, c.address]);
  assert.deepEqual(
    review.opened.map(({ dataSet }) => dataSet),
    ['manual', 'usageLog'],
  );
  assert.deepEqual(review.remaining, [
    { container, account: s.address, roles: [], grants: [{ dataSet: 'hours', access: ['write'] }] },
  ]);
  assert.equal((await x.reviewOffer({ container })).isGood, false);
  const pending = m.write(of('manual', container, { value: 'rewritten' }));
  assert.equal((await refused(pending)).error, 'OfferPending');

  // M takes the offer back, and makes another with an envelope that opens nothing.
  await m.send({ pallet: 'DataContainer', call: 'cancel_offer', args: { container } });
  await m.rotateDue({ container });
  const fresh = await stores.m.keystore.seeds({ container, dataSet: 'usageLog' });
  const good = { dataSet: 'usageLog', epoch: 2, ...fresh.get(2) };
  const again = await client.offerOwnership({
    genesisHash,
    container,
    to,
    deadline,
    keys: [good],
    trust,
  });
  const forged = { ...again.envelopes[0], data_set: new TextEncoder().encode('manual') };
  const envelopes = [...again.envelopes, forged];
  await m.send({ ...offer, args: { ...again, envelopes } });
  const { isGood, unopened } = await c.reviewOffer({ container });
  assert.equal(isGood, false);
  assert.deepEqual(
    unopened.map(({ dataSet }) => dataSet),
    ['manual'],
  );
});

test('a node that calls a confidential data set public gets no value', async (context) => {
  const { m, x } = context;
  const container = await crane(context);
  const sent = [];
  const asPublic = (method, result) =>
    method === 'data_sets'
      ? result.map(([name, set]) => [name, { ...set, visibility: { type: 'Public' } }])
      : result;
  const lied = await through(context, 'm', asPublic, sent);
  const secret = of('manual', container, { value: 'secret' });
  await assert.rejects(lied.write(secret), { name: 'FalseVisibility' });
  await assert.rejects(lied.read(of('manual', container)), { name: 'FalseVisibility' });
  const share = { container, account: x.address, dataSets: ['manual'], access: 'write' };
  await assert.rejects(lied.share(share), { name: 'FalseVisibility' });
  // X knows nothing of the data set, but says what it must be.
  const other = await through(
    context,
    'x',
    (method, result) => (method === 'can' ? true : asPublic(method, result)),
    sent,
  );
  await assert.rejects(other.write({ ...secret, confidential: true }), { name: 'FalseVisibility' });
  assert.deepEqual(sent, []);
  assert.equal((await m.read(of('manual', container))).value, 'page 1');
});

test('a node that makes an epoch of its own gets no value', async (context) => {
  const { m, c, stores } = context;
  const container = await crane(context);
  await m.share({ container, account: c.address, dataSets: ['manual'], access: ['read', 'write'] });
  await c.read(of('manual', container));
  const genesisHash = context.api.genesisHash.toU8a();
  const seed = client.newSeed();
  const own = await client.deriveKeyPair(seed);
  const { publicKey } = (await c.keyOf({ account: c.address })).onChain;
  const reader = { account: client.accountOf(c.address, 'C'), version: 1, public: publicKey };
  const place = { genesisHash, container, dataSet: 'manual', epoch: 2 };
  const sealed = await client.sealEnvelope(place, reader, seed);
  const change = (method, result) => {
    if (method === 'data_sets') {
      return result.map(([name, set]) => [
        name,
        set.key ? { ...set, key: { ...set.key, epoch: 2 } } : set,
      ]);
    }
    if (method === 'epochs') {
      const record = { suite: 1, segment: 2, public: own.publicKey, previous: undefined };
      return { ...result, items: [...result.items, [2, record]] };
    }
    return method === 'envelopes'
      ? [...result, [2, { epoch: 2, keyVersion: 1, oldestKeyVersion: 1, sealed }]]
      : result;
  };
  const sent = [];
  const lied = await through(context, 'c', change, sent);
  const write = lied.write(of('manual', container, { value: 'for the node' }));
  await assert.rejects(write, {
    name: 'UnprovenEpoch',
    epoch: 2,
    publicKey: client.toHex(own.publicKey),
  });
  assert.deepEqual(sent, []);
  const kept = stores.c.keystore.epochsOf({ container, dataSet: 'manual' });
  assert.deepEqual(
    kept.map(({ epoch }) => epoch),
    [1],
    'the seed of the node is not kept',
  );
  // The same key, if it is that of the owner: C compares it, and accepts.
  await assert.rejects(
    lied.accept({ container, dataSet: 'manual', publicKey: `0x${'11'.repeat(32)}` }),
  );
  await lied.accept({ container, dataSet: 'manual', publicKey: client.toHex(own.publicKey) });
  const late = await refused(lied.write(of('manual', container, { value: 'accepted' })));
  assert.equal(late.error, 'StaleEpoch', 'the chain does not have this epoch');
});

test('a node that gives a reader another key gets no envelope', async (context) => {
  const { m, c } = context;
  const container = await crane(context);
  const dataSets = ['manual'];
  await m.share({ container, account: c.address, dataSets });
  const { publicKey } = await client.newKeyPair();
  const account = client.accountOf(c.address, 'C');
  const change = (method, result, [asked]) =>
    method === 'encryption_key' && asked === c.address
      ? { ...result, key: { ...result.key, public: publicKey } }
      : result;
  const sent = [];
  const lied = await through(context, 'm', change, sent);
  await assert.rejects(lied.share({ container, account: c.address, dataSets }), {
    name: 'KeyChanged',
  });
  assert.deepEqual(sent, []);
  // A rotation names the reader that it leaves out.
  const { leftOut } = await lied.rotate(of('manual', container));
  assert.deepEqual(
    leftOut.map((left) => [left.account, left.dataSet]),
    [[c.address, 'manual']],
  );
  assert.match(leftOut[0].why, /changed/);
  for (const { args } of sent.flat()) assert.deepEqual(args.envelopes ?? [], []);
  await assert.rejects(c.accept({ account: c.address, publicKey: client.toHex(account) }));
});

test('a history with a missing or altered operation is false', async (context) => {
  const { m, library, stores, alice } = context;
  const container = await crane(context);
  await m.send(
    ...[1, 2].map((value) => ({
      pallet: 'DataContainer',
      call: 'set_entry',
      args: {
        container,
        data_set: new TextEncoder().encode('hours'),
        value: new TextEncoder().encode(String(value)),
        expected_revision: undefined,
      },
    })),
  );
  await m.write(of('hours', container, { value: 3 }));
  const whole = await m.verifyHistory(of('hours', container));
  assert.deepEqual(
    whole.operations.map(({ revision }) => revision),
    [1, 2, 3],
    'also from a batch',
  );
  const known = { revision: 3, head: whole.head };
  await m.verifyHistory(of('hours', container, { known }));
  const other = { ...known, head: `0x${'11'.repeat(32)}` };
  const unknown = m.verifyHistory(of('hours', container, { known: other }));
  await assert.rejects(unknown, { name: 'FalseHistory' });
  const changed = ({ name }) => name === 'DataSetChanged';
  const forge = (alter) => (adapter) => ({
    ...adapter,
    events: async (at) => alter(await adapter.events(at)),
  });
  const author = (event) => {
    const { operation } = event.data;
    const value = { ...operation.value, author: client.accountOf(context.bob.address, 'C') };
    return { ...event, data: { ...event.data, operation: { ...operation, value } } };
  };
  for (const alter of [
    (events) => events.filter((event) => !changed(event)),
    (events) => events.toSpliced(events.findIndex(changed), 1),
    (events) => events.map((event) => (changed(event) ? author(event) : event)),
  ]) {
    const lied = await join(library, stores.m, alice, forge(alter));
    await assert.rejects(lied.verifyHistory(of('hours', container)), { name: 'FalseHistory' });
  }
});
