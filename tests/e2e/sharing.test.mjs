// SPDX-License-Identifier: Apache-2.0

// Sharing and handover with real encryption. To show that an account cannot read a value, the tests
// try every key and envelope that it holds on the bytes from the state. M is the manufacturer, C
// the customer, S the service technician. X is a member without rights.

import { u8aEq } from '@polkadot/util';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as client from '../../client/js/src/index.mjs';
import { bytes, connect, eventOf } from './lib/chain.mjs';
import { confidential, randomKey, setKey } from './lib/confidential.mjs';
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

/** Lifetime of an offer that is to lapse, in milliseconds: blocks pass before the offer is made. */
const LIFE = 20_000;

/** Each key is set only once here, so no key differs from the known one. */
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
  // Each account has its own encryption key.
  const own = new Map();
  for (const who of [m, c, s, x]) own.set(who, await randomKey(who));
  await Promise.all([...own].map(([who, key]) => chain.succeed(who, setKey(api, key))));
  return { ...context, m, c, s, x, plugin, own, trust, genesisHash: api.genesisHash.toU8a() };
});

/** Returns functions for a container of M. */
async function crane(context) {
  const { api, chain, m, plugin } = context;
  const { events } = await chain.succeed(m, api.tx.dataContainer.instantiate(plugin, '0x'));
  const { container } = eventOf(events, 'dataContainer', 'ContainerCreated');
  return confidential(context, container.toNumber());
}

test('a share gives access only to the data sets that it names', async (context) => {
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
  // The key of one data set does not open values of another.
  const [stored] = await it.stored('production');
  const keys = await it.keysOf(c, 'manual');
  await assert.rejects(client.openStored({ ...it.place('production'), stored, keys }));
  await chain.fail(c, await it.set(c, 'manual', '"mine"'), 'dataContainer.NotPermitted');
});

test('a reader reads and appends until unshare, and nothing new afterwards', async (context) => {
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
  // Sealing to the old key is rejected, also for the owner.
  const late = await it.append(m, 'usageLog', ['{"hours":3}']);
  await chain.fail(m, late, 'dataContainer.RotationDue');
  const before = await it.keysOf(c, 'usageLog');
  await it.rotate(m, 'usageLog', [c]);
  await chain.succeed(m, await it.append(m, 'usageLog', ['{"hours":4}']));
  assert.deepEqual(await it.read(c, 'usageLog'), ['{"hours":1}', '{"hours":2}', '{"hours":4}']);
  assert.deepEqual(await it.read(s, 'usageLog'), [undefined, undefined, undefined]);
  // S can have kept the keys that C held before. They do not open the newest value.
  const values = await it.stored('usageLog');
  const open = (stored, keys) => client.openStored({ ...it.place('usageLog'), stored, keys });
  assert.equal(new TextDecoder().decode((await open(values[0], before)).value), '{"hours":1}');
  await assert.rejects(open(values[2], before), { name: 'UnknownKey' });
  const forced = new Map([[values[2].epoch, before.get(1)]]);
  await assert.rejects(open(values[2], forced), { name: 'CannotOpen' });
});

test('a cut hides older epochs only from later readers', async (context) => {
  const { chain, m, c, s, own, genesisHash } = context;
  const it = await crane(context);
  const write = async (hours) =>
    chain.succeed(m, await it.append(m, 'usageLog', [`{"hours":${hours}}`]));
  const [first, second, third, fourth] = [1, 2, 3, 4].map((hours) => `{"hours":${hours}}`);
  await it.rotate(m, 'usageLog');
  await it.share(m, c, [['usageLog', READ]]);
  await write(1);
  await it.rotate(m, 'usageLog', [c]);
  await write(2);
  await it.rotate(m, 'usageLog', [c], { cut: true });
  await write(3);
  await it.rotate(m, 'usageLog', [c]);
  await write(4);
  await it.share(m, s, [['usageLog', READ]]);

  // The keystore contains only the account's own key. Everything else is in the state.
  const fresh = async (who) => {
    const keystore = new client.Keystore(who.publicKey, genesisHash);
    await keystore.importKey(1, own.get(who).secretKey);
    return (version) => keystore.key(version);
  };
  const read = async (who) => it.read(who, 'usageLog', await fresh(who));
  for (const who of [m, c]) assert.deepEqual(await read(who), [first, second, third, fourth]);
  assert.deepEqual(await read(s), [undefined, undefined, third, fourth]);
  assert.equal((await it.envelopesOf(c, 'usageLog')).length, 2, 'one of each segment');
  assert.equal((await it.envelopesOf(s, 'usageLog')).length, 1);

  // M has the older segment from its own envelope. Only the newest epoch of a segment can be given.
  const held = await it.keysOf(m, 'usageLog', await fresh(m));
  assert.deepEqual([...held.keys()], [4, 3, 2, 1]);
  // The seeds that M keeps open everything, without an envelope or a link.
  const kept = new client.Keystore(m.publicKey, genesisHash);
  await kept.addSeeds({ ...it.place('usageLog'), keys: held });
  const seeds = await kept.seeds(it.place('usageLog'));
  assert.deepEqual(await it.open('usageLog', seeds), [first, second, third, fourth]);
  for (const epoch of [1, 3]) {
    const refused = it.give(m, 'usageLog', epoch, held.get(epoch), [s]);
    await assert.rejects(refused, /dataContainer\.StaleEpoch/);
  }
  await it.give(m, 'usageLog', 2, held.get(2), [s]);
  assert.deepEqual(await read(s), [first, second, third, fourth]);
});

test('a role holder seals values that it cannot read', async (context) => {
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

test('a former owner reads nothing new after a handover of a twin', async (context) => {
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
  await chain.fail(
    m,
    digitalTwin.removeLink(twin, links[0].Container.name),
    'digitalTwin.OfferPending',
  );
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
  const { seed } = it.keyOf('production');
  const kept = { seed, ...(await client.deriveKeyPair(seed)) };
  assert.deepEqual(await it.open('production', new Map([[1, kept]])), ['"made in north"']);
  await it.rotate(c, 'production');
  await chain.succeed(c, await it.set(c, 'production', '"rented"'));
  assert.deepEqual(await it.read(c, 'production'), ['"rented"']);
  assert.deepEqual(await it.read(m, 'production'), [undefined]);
  // The seed that M made and kept does not open it either.
  const [stored] = await it.stored('production');
  assert.equal(stored.epoch, 2);
  const opened = client.openStored({
    ...it.place('production'),
    stored,
    keys: new Map([[stored.epoch, kept]]),
  });
  await assert.rejects(opened, { name: 'CannotOpen' });
  // Nor does M's keystore, with its key and this seed, and with all that the chain has.
  const keystore = new client.Keystore(m.publicKey, genesisHash);
  await keystore.importKey(1, own.get(m).secretKey);
  await keystore.addSeed({ ...it.place('production'), epoch: 1, ...kept });
  const records = await api.call.dataContainerApi.epochs(it.container, bytes('production'), 1, 256);
  const { keys } = await client.openEnvelopes({
    ...it.place('production'),
    epochs: records.items.map(([epoch, { suite, public: publicKey, previous }]) => [
      epoch.toNumber(),
      { suite, public: publicKey, previous: previous.unwrapOr(null) },
    ]),
    envelopes: await it.envelopesOf(m, 'production'),
    own: (version) => keystore.keys(version),
    seeds: keystore,
  });
  assert.deepEqual([...keys.keys()], [1], 'the seed is known, and leads no further');
  assert.deepEqual(await it.open('production', keys), [undefined]);
});

test('during an offer, the owner only appends and rotates, and others write', async (context) => {
  const { api, chain, m, c, x, own, genesisHash } = context;
  const { dataContainer, digitalTwin } = api.tx;
  const it = await crane(context);
  for (const dataSet of ['production', 'usageLog']) await it.rotate(m, dataSet);
  await chain.succeed(m, dataContainer.assignRole(it.container, x.address, bytes('sensor')));
  await chain.succeed(m, await it.set(m, 'production', '"as it was seen"'));
  const links = [{ Container: { name: bytes('service'), container: it.container } }];
  const made = await chain.succeed(m, digitalTwin.createTwin(bytes('{}'), bytes('crane'), links));
  const { twin } = eventOf(made.events, 'digitalTwin', 'TwinCreated');
  const keys = ['production', 'usageLog'].map((dataSet) => ({ dataSet, ...it.keyOf(dataSet) }));
  const offer = await client.offerTwin({
    genesisHash,
    twin: twin.toNumber(),
    to: own.get(c),
    deadline: 4_000_000_000_000,
    containers: [{ container: it.container, keys }],
    trust,
  });
  await chain.succeed(m, digitalTwin.offerTwin(...client.forPolkadotJs(offer)));

  // The state that C saw stays: M can neither set an entry, sealed or not, nor describe the twin.
  const hours = dataContainer.setEntry(it.container, bytes('hours'), bytes('1'), null);
  await chain.fail(m, hours, 'dataContainer.OfferPending');
  const other = await it.set(m, 'production', '"rewritten"');
  await chain.fail(m, other, 'dataContainer.OfferPending');
  const described = digitalTwin.setDescription(twin, bytes('{"name":"new"}'));
  await chain.fail(m, described, 'digitalTwin.OfferPending');

  // M and the sensor append. M can leave a reader out of a new key, but not C.
  await chain.succeed(m, await it.append(m, 'usageLog', ['{"hours":1}']));
  await chain.succeed(x, await it.append(x, 'usageLog', ['{"hours":2}']));
  await assert.rejects(it.rotate(m, 'usageLog'), /dataContainer\.MissingEnvelope/);
  await it.rotate(m, 'usageLog', [c]);
  await chain.succeed(x, await it.append(x, 'usageLog', ['{"hours":3}']));
  const all = ['{"hours":1}', '{"hours":2}', '{"hours":3}'];
  assert.deepEqual(await it.read(c, 'usageLog'), all);
  const accepted = await chain.succeed(c, digitalTwin.acceptTwin(twin, 0));
  assert.deepEqual(await it.read(c, 'usageLog'), all);
  assert.deepEqual(await it.read(c, 'production'), ['"as it was seen"']);

  // The event shows that the sensor keeps its role.
  const { remaining } = eventOf(accepted.events, 'dataContainer', 'OwnershipTransferred');
  const kept = remaining.accounts.map(({ account, roles }) => [account.toString(), [...roles]]);
  assert.deepEqual([kept, remaining.more.isTrue], [[[x.address, [0]]], false]);
});

test('the offeree declines an offer, and any account clears a lapsed one', async (context) => {
  const { api, chain, m, c, x } = context;
  const { dataContainer } = api.tx;
  const offers = async () => {
    const page = await api.call.dataContainerApi.offersTo(c.address, null, 256);
    return page.items.map(({ container }) => container.toNumber());
  };
  const [declined, lapsed] = [await crane(context), await crane(context)];
  const now = (await api.query.timestamp.now()).toNumber();
  const offer = (it, deadline) =>
    dataContainer.offerOwnership(it.container, c.address, deadline, []);
  await chain.succeed(m, offer(declined, 4_000_000_000_000));
  await chain.succeed(m, offer(lapsed, now + LIFE));
  assert.deepEqual((await offers()).sort(), [declined.container, lapsed.container].sort());

  const decline = dataContainer.declineOffer(declined.container, 0);
  await chain.fail(x, decline, 'dataContainer.NotOfferee');
  await chain.succeed(c, decline);
  const clear = dataContainer.cancelOffer(lapsed.container);
  await chain.fail(x, clear, 'dataContainer.NotOwner');
  while ((await api.query.timestamp.now()).toNumber() <= now + LIFE) {
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const late = dataContainer.acceptOwnership(lapsed.container, 0);
  await chain.fail(c, late, 'dataContainer.OfferLapsed');
  await chain.succeed(x, clear);
  assert.deepEqual(await offers(), []);
});

test("the adapter in the client's README works with a real chain", async (context) => {
  const { api, chain, m, c, own, eve } = context;
  const readme = readFileSync(new URL('../../client/js/README.md', import.meta.url), 'utf8');
  const [, code] = /^```js polkadot\nimport .*\n([^]*?)^```$/m.exec(readme);
  const submit = (account, call) => {
    const signer = [m, c].find(({ publicKey }) => u8aEq(publicKey, account));
    return chain.succeed(signer, call);
  };
  const make = new Function('api', 'submit', 'forPolkadotJs', `${code} return chain;`);
  const adapter = make(api, submit, client.forPolkadotJs);
  const it = await crane(context);
  await it.rotate(m, 'manual');
  await it.share(m, c, [['manual', READ]]);
  await chain.succeed(m, await it.set(m, 'manual', '"page 1"'));

  const { account, version, secretKey, public: publicKey } = own.get(c);
  for (const key of [
    await adapter.encryptionKey(account),
    await adapter.keyVersion(account, version),
  ]) {
    assert.deepEqual([key.account, Number(key.version)], [account, version]);
    assert.ok(u8aEq(key.public, publicKey));
    trust.check(key);
  }
  assert.equal(Number((await adapter.encryptionKey(eve.publicKey)).version), 0);

  const device = await client.newKeyPair();
  const holders = [await adapter.encryptionKey(m.publicKey), { public: device.publicKey }];
  const [forM, forDevice] = await Promise.all(
    holders.map((holder) =>
      client.setAccountEnvelopes({
        genesisHash: adapter.genesisHash,
        own: own.get(c),
        holders: [holder],
        trust,
      }),
    ),
  );
  await adapter.batch(account, [
    ['setAccountEnvelopes', forM],
    ['setAccountEnvelopes', forDevice],
  ]);
  const options = {
    genesisHash: adapter.genesisHash,
    of: await adapter.keyVersion(account, version),
    envelopes: await adapter.accountEnvelopes(account, version),
  };
  const holder = new client.Keystore(m.publicKey, adapter.genesisHash);
  await holder.importKey(1, own.get(m).secretKey);
  const stranger = new client.Keystore(eve.publicKey, adapter.genesisHash);
  for (const opening of [
    holder.openKey(options),
    stranger.openKey({ ...options, secretKey: device.secretKey }),
  ]) {
    assert.deepEqual((await opening).secretKey, secretKey);
  }
  await assert.rejects(stranger.openKey(options), { name: 'UnknownKey' });

  const where = [it.container, 'manual'];
  assert.equal(await adapter.epoch(...where), 1);
  assert.equal(await adapter.epoch(it.container, 'production'), 0);
  const { keys } = await client.openEnvelopes({
    ...it.place('manual'),
    epochs: await adapter.epochs(...where),
    envelopes: await adapter.envelopes(...where, account),
    own: () => own.get(c),
  });
  const stored = await adapter.entry(...where);
  const { value } = await client.openStored({ ...it.place('manual'), stored, keys });
  assert.equal(new TextDecoder().decode(value), '"page 1"');

  const removal = client.removeAccountEnvelope({ version, holder: { public: device.publicKey } });
  await adapter.send(account, 'removeAccountEnvelope', removal);
  const left = await adapter.accountEnvelopes(account, version);
  assert.deepEqual(left.map(({ holder: of }) => Number(of.version)), [1]);
});
