// SPDX-License-Identifier: Apache-2.0

// Sharing and handing over with real encryption: what somebody cannot read is tried with every key
// and envelope that it holds, on the bytes from the state. M manufactures, C is the customer, S the
// service technician, X a member with no rights.

import { u8aToU8a } from '@polkadot/util';
import assert from 'node:assert/strict';
import * as client from '../../client/js/src/index.mjs';
import { bytes, connect, eventOf, text } from './lib/chain.mjs';
import { withNode } from './lib/node.mjs';

const { READ, WRITE } = client.ACCESS;
const HOURS = { type: 'object', required: ['hours'], properties: { hours: { type: 'integer' } } };
const TEMPLATE = {
  manual: { type: 'entry', dataSchema: { type: 'string' } },
  production: { type: 'entry', dataSchema: { type: 'string' } },
  usageLog: {
    type: 'list',
    dataSchema: { type: 'array', items: HOURS },
    permissions: { sensor: ['set'] },
  },
  hours: { type: 'entry', visibility: 'public', dataSchema: { type: 'integer' } },
};

/** Keys are set once here, so none can be another one than is known. */
const trust = { check: () => {} };

const { test } = withNode(async (url) => {
  const context = await connect(url);
  const { api, chain, alice: m, bob: c, charlie: s, dave: x } = context;
  const document = { description: { name: 'service' }, template: { properties: TEMPLATE } };
  const { events } = await chain.succeed(
    m,
    api.tx.dataContainer.publishPlugin(bytes(JSON.stringify(document))),
  );
  const { plugin } = eventOf(events, 'dataContainer', 'PluginPublished');
  // Everybody has an encryption key of its own.
  const own = new Map();
  for (const who of [m, c, s, x]) {
    const key = await client.deriveKeyPair(client.newSeed());
    own.set(who, { account: who.publicKey, version: 1, secretKey: key.secretKey, public: key.publicKey });
  }
  await Promise.all(
    [m, c, s, x].map((who) =>
      chain.succeed(who, api.tx.dataContainer.setEncryptionKey(client.toHex(own.get(who).public))),
    ),
  );
  return { ...context, m, c, s, x, plugin, own, genesisHash: api.genesisHash.toU8a() };
});

/** What the tests do with one container of M. */
async function crane({ api, chain, m, own, plugin, genesisHash }) {
  const tx = api.tx.dataContainer;
  const { events } = await chain.succeed(m, tx.instantiate(plugin, '0x'));
  const container = eventOf(events, 'dataContainer', 'ContainerCreated').container.toNumber();
  const keys = new Map();
  const place = (dataSet) => ({ genesisHash, container, dataSet });
  const record = async (dataSet) => {
    const sets = await api.call.dataContainerApi.dataSets(container);
    return sets.find(([name]) => text(name) === dataSet)[1];
  };
  const sealedFor = async (dataSet) => {
    const { epoch, public: publicKey } = (await record(dataSet)).key.unwrap();
    return { ...place(dataSet), epoch: epoch.toNumber(), publicKey: publicKey.toU8a() };
  };
  return {
    container,
    place,
    sealedFor,
    /** Gives a data set a new key, with the history, for its owner and readers. */
    async rotate(owner, dataSet, readers = []) {
      const last = keys.get(dataSet);
      const rotation = await client.rotate({
        ...place(dataSet),
        epoch: last?.epoch ?? 0,
        previous: last,
        owner: own.get(owner),
        recovery: null,
        readers: readers.map((reader) => own.get(reader)),
        trust,
      });
      await chain.succeed(owner, tx.rotateKey(...client.forPolkadotJs(rotation.args)));
      keys.set(dataSet, rotation);
    },
    keyOf: (dataSet) => keys.get(dataSet),
    async share(owner, reader, access, until) {
      const args = await client.share({
        genesisHash,
        container,
        reader: own.get(reader),
        access: access.map(([dataSet, bits]) => ({
          dataSet,
          access: bits,
          key: bits & READ ? keys.get(dataSet) : undefined,
        })),
        until,
        trust,
      });
      return chain.succeed(owner, tx.share(...client.forPolkadotJs(args)));
    },
    async set(author, dataSet, value) {
      const where = { ...(await sealedFor(dataSet)), author: author.publicKey };
      const args = await client.setSealedEntry({ ...where, value });
      return tx.setSealedEntry(...client.forPolkadotJs(args));
    },
    async append(author, dataSet, items) {
      const where = { ...(await sealedFor(dataSet)), author: author.publicKey };
      const args = await client.appendSealed({ ...where, items });
      return tx.appendSealed(...client.forPolkadotJs(args));
    },
    /** Every epoch's key that a reader gets from its envelope in the state. */
    async keysOf(reader, dataSet) {
      const found = await api.call.dataContainerApi.envelope(container, bytes(dataSet), reader.address);
      if (found.isNone) return new Map();
      const { epoch, sealed } = found.unwrap();
      const records = (await api.call.dataContainerApi.epochs(container, bytes(dataSet), 0, 256)).items;
      const epochs = records.map(([number, { public: publicKey, previous }]) => [
        number.toNumber(),
        {
          suite: 1,
          public: publicKey.toU8a(),
          previous: previous.isSome ? previous.unwrap().toU8a() : null,
        },
      ]);
      const newest = { ...place(dataSet), epoch: epoch.toNumber() };
      const { public: publicKey } = new Map(epochs).get(newest.epoch);
      const key = await client.openEnvelope(newest, own.get(reader), publicKey, sealed.toU8a());
      const history = await client.openHistory({
        ...place(dataSet),
        epochs,
        newest: { epoch: newest.epoch, seed: key.seed },
      });
      assert.equal(history.fault, undefined);
      return history.keys;
    },
    /** The values of a data set, as the state has them. */
    async stored(dataSet) {
      const sealed = ({ epoch, author, ciphertext }) => ({
        epoch: epoch.toNumber(),
        author: author.toU8a(),
        ciphertext: u8aToU8a(ciphertext.toU8a(true)),
      });
      if (dataSet !== 'usageLog') {
        const value = await api.call.dataContainerApi.entry(container, bytes(dataSet));
        return [sealed(value.unwrap().asSealed)];
      }
      const page = await api.call.dataContainerApi.batches(container, bytes(dataSet), 0, 256);
      return page.items
        .flatMap(({ items }) => [...items])
        .filter((item) => item.isSome)
        .map((item) => sealed(item.unwrap().asSealed));
    },
    /** What a reader reads of a data set: text, or nothing where no key of its opens it. */
    async read(reader, dataSet) {
      const held = await this.keysOf(reader, dataSet);
      const values = await this.stored(dataSet);
      return Promise.all(
        values.map((stored) =>
          client.openStored({ ...place(dataSet), stored, keys: held }).then(
            ({ value }) => new TextDecoder().decode(value),
            () => undefined,
          ),
        ),
      );
    },
  };
}

test('a share is for what it names: C opens the manual, not the production', async (context) => {
  const { chain, m, c, x } = context;
  const it = await crane(context);
  for (const set of ['manual', 'production']) await it.rotate(m, set);
  await chain.succeed(m, await it.set(m, 'manual', '"page 1"'));
  await chain.succeed(m, await it.set(m, 'production', '"secret"'));
  await it.share(m, c, [['manual', READ]]);
  assert.deepEqual(await it.read(c, 'manual'), ['"page 1"']);
  assert.deepEqual(await it.read(m, 'production'), ['"secret"']);
  assert.deepEqual(await it.read(c, 'production'), [undefined]);
  assert.deepEqual(await it.read(x, 'manual'), [undefined]);
  // The key of one data set opens nothing of another.
  const [stored] = await it.stored('production');
  const keys = await it.keysOf(c, 'manual');
  await assert.rejects(client.openStored({ ...it.place('production'), stored, keys }));
  await chain.fail(c, await it.set(c, 'manual', '"mine"'), 'dataContainer.NotPermitted');
});

test('S reads and appends until it is unshared, and nothing new after', async (context) => {
  const { api, chain, m, c, s } = context;
  const it = await crane(context);
  const tx = api.tx.dataContainer;
  await it.rotate(m, 'usageLog');
  await it.share(m, c, [['usageLog', READ]]);
  await it.share(m, s, [['usageLog', READ | WRITE]]);
  await chain.succeed(s, await it.append(s, 'usageLog', ['{"hours":1}', '{"hours":2}']));
  assert.deepEqual(await it.read(c, 'usageLog'), ['{"hours":1}', '{"hours":2}']);
  const remove = tx.removeItem(it.container, bytes('usageLog'), 0, 0, null);
  await chain.fail(s, remove, 'dataContainer.NotPermitted');

  const ended = [{ dataSet: bytes('usageLog'), access: READ }];
  await chain.succeed(m, tx.unshare(it.container, s.address, ended));
  // Sealing to the old key is refused, also to its owner.
  const late = await it.append(m, 'usageLog', ['{"hours":3}']);
  await chain.fail(m, late, 'dataContainer.RotationDue');
  const before = await it.keysOf(c, 'usageLog');
  await it.rotate(m, 'usageLog', [c]);
  await chain.succeed(m, await it.append(m, 'usageLog', ['{"hours":4}']));
  assert.deepEqual(await it.read(c, 'usageLog'), ['{"hours":1}', '{"hours":2}', '{"hours":4}']);
  assert.deepEqual(await it.read(s, 'usageLog'), [undefined, undefined, undefined]);
  // What S held, and may have kept, is what C held before: it does not open the newest.
  const values = await it.stored('usageLog');
  const open = (stored) => client.openStored({ ...it.place('usageLog'), stored, keys: before });
  assert.equal(new TextDecoder().decode((await open(values[0])).value), '{"hours":1}');
  await assert.rejects(open(values[2]));
});

test('a sensor writes through a role what it cannot read', async (context) => {
  const { api, chain, m, x } = context;
  const it = await crane(context);
  await it.rotate(m, 'usageLog');
  const assign = api.tx.dataContainer.assignRole(it.container, x.address, bytes('sensor'));
  await chain.succeed(m, assign);
  const { events } = await chain.succeed(x, await it.append(x, 'usageLog', ['{"hours":9}']));
  const { operation } = eventOf(events, 'dataContainer', 'DataSetChanged');
  assert.equal(operation.asAppend.authority.toString(), '{"role":0}');
  assert.deepEqual(await it.read(m, 'usageLog'), ['{"hours":9}']);
  assert.deepEqual(await it.read(x, 'usageLog'), [undefined]);
});

test('a twin changes hands with its containers, and the former owner reads nothing new', async (context) => {
  const { api, chain, m, c, own, genesisHash } = context;
  const it = await crane(context);
  const other = await crane(context);
  await it.rotate(m, 'production');
  await chain.succeed(m, await it.set(m, 'production', '"made in north"'));
  const links = [it, other].map(({ container }) => ({
    Container: { name: bytes(`c${container}`), container },
  }));
  const { digitalTwin } = api.tx;
  const made = await chain.succeed(m, digitalTwin.createTwin(bytes('{}'), bytes('crane'), links));
  const { twin } = eventOf(made.events, 'digitalTwin', 'TwinCreated');
  const deadline = 4_000_000_000_000;
  const offer = (keys) =>
    client.offerTwin({
      genesisHash,
      twin: twin.toNumber(),
      to: own.get(c),
      deadline,
      containers: [
        { container: it.container, keys },
        { container: other.container, keys: [] },
      ],
      trust,
    });
  const without = digitalTwin.offerTwin(...client.forPolkadotJs(await offer([])));
  await chain.fail(m, without, 'dataContainer.MissingEnvelope', { data_set: 1 });
  const key = { dataSet: 'production', ...it.keyOf('production') };
  await chain.succeed(m, digitalTwin.offerTwin(...client.forPolkadotJs(await offer([key]))));
  await chain.fail(m, digitalTwin.removeLink(twin, links[0].Container.name), 'digitalTwin.OfferPending');
  const accepted = await chain.succeed(c, digitalTwin.acceptTwin(twin, 0));
  assert.equal(eventOf(accepted.events, 'digitalTwin', 'TwinTransferred').to.toString(), c.address);
  for (const { container } of [it, other]) {
    const found = (await api.call.dataContainerApi.container(container)).unwrap();
    assert.equal(found.container.owner.toString(), c.address);
  }
  assert.deepEqual(await it.read(c, 'production'), ['"made in north"']);
  const blocked = await it.set(c, 'production', '"later"');
  await chain.fail(c, blocked, 'dataContainer.RotationDue');
  await chain.fail(m, await it.set(m, 'production', '"mine"'), 'dataContainer.NotPermitted');
  await it.rotate(c, 'production');
  await chain.succeed(c, await it.set(c, 'production', '"rented"'));
  assert.deepEqual(await it.read(c, 'production'), ['"rented"']);
  assert.deepEqual(await it.read(m, 'production'), [undefined]);
  // Nor with the seed that M made and kept.
  const [stored] = await it.stored('production');
  await assert.rejects(client.openStored({ ...it.place('production'), stored, keys: new Map() }));
});
