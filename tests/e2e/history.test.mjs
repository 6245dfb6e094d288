// SPDX-License-Identifier: Apache-2.0

// An audit with only the events of all blocks, as an archive node keeps them. It rebuilds the state
// and proves with the heads that no event is missing or altered. M manufactures and sells to C. S,
// X and W have grants and roles.

import { compactToU8a, u8aConcat, u8aEq, u8aToHex, u8aToU8a } from '@polkadot/util';
import { blake2AsU8a } from '@polkadot/util-crypto';
import assert from 'node:assert/strict';
import * as client from '../../client/js/src/index.mjs';
import { bytes, connect, text } from './lib/chain.mjs';
import { randomKey, setKey } from './lib/confidential.mjs';
import { pause, withNode } from './lib/node.mjs';
import { fromState, readersOf, Rebuilt } from './lib/rebuilt.mjs';

const { READ, WRITE, REMOVE } = client.ACCESS;
const PALLETS = ['dataContainer', 'digitalTwin'];
const DAY = 86_400_000;
/** Duration of a grant that lapses while the test runs, in milliseconds. */
const BRIEF = 30_000;
const FAR = 4_000_000_000_000;
const STRINGS = { type: 'array', items: { type: 'string' } };
const TEMPLATE = {
  usage: { type: 'list', dataSchema: STRINGS, permissions: { sensor: ['set'] } },
  manual: { type: 'entry', dataSchema: { type: 'string' } },
  hours: {
    type: 'entry',
    visibility: 'public',
    dataSchema: { type: 'integer' },
    permissions: { technician: ['set'] },
    value: 0,
  },
  notes: { type: 'list', visibility: 'public', dataSchema: STRINGS },
};
const PLAN = { type: 'entry', dataSchema: { type: 'string' } };
// The first ids of everything, because the chain is new.
const [PLUGIN, TWIN, OTHER_TWIN, CRANE, SPARE, CLONE] = [0, 0, 1, 0, 1, 2];

const { test } = withNode(async (url) => {
  const context = await connect(url);
  const { alice: m, bob: c, charlie: s, dave: x, eve: w } = context;
  const people = { ...context, m, c, s, x, w, genesisHash: context.api.genesisHash.toU8a() };
  await live(people);
  return { ...people, ...(await record(context)) };
});

/** Makes a history with every kind of event. */
async function live(context) {
  const { api, chain, m, c, s, x, w, genesisHash } = context;
  const { dataContainer: data, digitalTwin: twins } = api.tx;
  const trust = { check: () => {} };
  /** Sends calls of one account, which are executed in this order. */
  const send = (signer, calls) => Promise.all(calls.map((call) => chain.succeed(signer, call)));
  const place = (dataSet, container = CRANE) => ({ genesisHash, container, dataSet });
  const make = async (call, args) => data[call](...client.forPolkadotJs(await args));
  const now = async () => (await api.query.timestamp.now()).toNumber();

  const own = new Map();
  for (const who of [m, c, s]) own.set(who, await randomKey(who));
  const owner = own.get(m);
  const device = await client.newKeyPair();
  const rotate = (signer, where, epoch, previous, readers = []) =>
    client.rotate({
      ...where,
      epoch,
      ...(previous ? { previous } : { cut: true }),
      owner: own.get(signer),
      readers: readers.map((reader) => own.get(reader)),
      trust,
    });
  const rotation = ({ args }) => data.rotateKey(...client.forPolkadotJs(args));
  const share = (reader, dataSet, access, key, until) => {
    const options = { genesisHash, container: CRANE, reader: own.get(reader), until, trust };
    return make('share', client.share({ ...options, access: [{ dataSet, access, key }] }));
  };
  const append = ({ publicKey: author }, { epoch, publicKey }, items) => {
    const options = { ...place('usage'), epoch, publicKey, author, items };
    return make('appendSealed', client.appendSealed(options));
  };
  const seal = ({ publicKey: author }, where, { epoch, publicKey }, value) =>
    make('setSealedEntry', client.setSealedEntry({ ...where, epoch, publicKey, author, value }));
  const envelopes = (key, readers) => {
    const to = readers.map((reader) => own.get(reader));
    const options = { ...place('usage'), epoch: key.epoch, key, readers: to, trust };
    return make('setEnvelopes', client.setEnvelopes(options));
  };
  const grant = (account, dataSet, access, until = null) =>
    data.share(CRANE, account.address, [{ dataSet: bytes(dataSet), access }], until, []);
  const role = (name, ...permissions) =>
    data.setRole(
      CRANE,
      bytes(name),
      permissions.map(([dataSet, access]) => ({ dataSet: bytes(dataSet), access })),
    );

  // 1. Keys, and a plugin.
  const document = { description: { name: 'crane' }, template: { properties: TEMPLATE } };
  await Promise.all([
    ...[m, c, s].map((who) => chain.succeed(who, setKey(api, own.get(who)))),
    chain.succeed(m, data.publishPlugin(bytes(JSON.stringify(document)))),
  ]);

  // 2. M creates two twins and two containers, with roles, grants and keys, and seals values.
  const first = await rotate(m, place('usage'), 0);
  const second = await rotate(m, place('usage'), 1, first, [c, s]);
  const third = await rotate(m, place('usage'), 2, undefined, [c, s]);
  const manual = await rotate(m, place('manual'), 0);
  const plan = await rotate(m, place('plan', SPARE), 0);
  const until = (await now()) + DAY;
  const link = (twin, name, target) => twins.setLink(twin, bytes(name), target);
  const hash = `0x${'ab'.repeat(32)}`;
  await send(m, [
    twins.createTwin(bytes('{"name":"crane"}'), bytes('cranes.example/1'), [
      { Instantiate: { name: bytes('data'), plugin: PLUGIN } },
      { Account: { name: bytes('maker'), account: m.address } },
      { Hash: { name: bytes('certificate'), hash } },
    ]),
    link(TWIN, 'service', { Account: s.address }),
    link(TWIN, 'service', { Account: x.address }),
    twins.removeLink(TWIN, bytes('certificate')),
    twins.setDescription(TWIN, bytes('{"name":"big crane"}')),
    twins.createTwin(bytes('{}'), bytes('cranes.example/2'), []),
    link(OTHER_TWIN, 'part', { Twin: TWIN }),
    twins.deactivateTwin(OTHER_TWIN),
    data.createContainer(bytes('{"name":"spare"}')),
    data.addDataSet(SPARE, bytes('plan'), bytes(JSON.stringify(PLAN))),
    data.setDescription(SPARE, '0x'),
    data.setDescription(CRANE, bytes('{"name":"data of the crane"}')),
    role('technician', ['hours', WRITE], ['notes', WRITE | REMOVE]),
    role('auditor', ['notes', REMOVE]),
    ...[[x, 'technician'], [x, 'sensor'], [s, 'auditor']].map(([who, name]) =>
      data.assignRole(CRANE, who.address, bytes(name)),
    ),
    data.unassignRole(CRANE, s.address, bytes('auditor')),
    role('auditor', ['notes', 0]),
    data.renameRole(CRANE, bytes('auditor'), bytes('inspector')),
    role('mistake', ['notes', WRITE]),
    data.removeRole(CRANE, bytes('mistake')),
    role('guest', ['notes', WRITE]),
    grant(w, 'hours', WRITE),
    grant(w, 'notes', WRITE | REMOVE, until),
    rotation(first),
    await share(c, 'usage', READ, first),
    await share(s, 'usage', READ | WRITE, first, until),
    await append(m, first, ['"one"', '"two"']),
    rotation(second),
    await append(m, second, ['"three"']),
    rotation(third),
    await append(m, third, ['"four"']),
    await envelopes(second, [s]),
    rotation(manual),
    await seal(m, place('manual'), manual, '"page 1"'),
    rotation(plan),
    await seal(m, place('plan', SPARE), plan, '"secret"'),
    await make(
      'setAccountEnvelopes',
      client.setAccountEnvelopes({
        genesisHash,
        own: owner,
        holders: [own.get(c), { public: device.publicKey }],
        trust,
      }),
    ),
  ]);

  // 3. The others write by grants and roles. C reseals its seed.
  await Promise.all([
    send(c, [
      await make(
        'setAccountEnvelopes',
        client.setAccountEnvelopes({
          genesisHash,
          own: own.get(c),
          holders: [owner, { public: device.publicKey }],
          trust,
        }),
      ),
      data.removeAccountEnvelope(1, { Key: u8aToHex(device.publicKey) }),
      await make(
        'setEnvelope',
        client.setEnvelope({
          ...place('usage'),
          epoch: third.epoch,
          key: third,
          reader: own.get(c),
          trust,
        }),
      ),
    ]),
    send(s, [await append(s, third, ['"of S"'])]),
    send(x, [
      await append(x, third, ['"of X"']),
      data.setEntry(CRANE, bytes('hours'), bytes('5'), null),
    ]),
    send(w, [
      data.append(CRANE, bytes('notes'), ['"a"', '"b"'].map(bytes), null),
      data.removeItem(CRANE, bytes('notes'), 0, 1, null),
      data.setEntry(CRANE, bytes('hours'), bytes('7'), null),
    ]),
  ]);

  // 4. M takes READ from S, closes and clones, and makes an offer: first to S, cancelled, then to
  // C.
  const fourth = await rotate(m, place('usage'), 3, third, [c]);
  const soon = (await now()) + BRIEF;
  const offer = (to) =>
    make(
      'offerOwnership',
      client.offerOwnership({
        genesisHash,
        container: SPARE,
        to: own.get(to),
        deadline: FAR,
        keys: [{ dataSet: 'plan', ...plan }],
        trust,
      }),
    );
  await send(m, [
    data.unshare(CRANE, s.address, [{ dataSet: bytes('usage'), access: READ }]),
    rotation(fourth),
    await append(m, fourth, ['"five"']),
    grant(w, 'hours', WRITE, soon),
    data.removeItem(CRANE, bytes('usage'), 0, 1, null),
    data.clearEntry(CRANE, bytes('hours'), null),
    data.store(CRANE, [{ dataSet: bytes('hours'), value: bytes('9'), expectedRevision: null }]),
    data.cloneContainer(CRANE, true),
    data.closeContainer(CLONE),
    data.retireDataSet(CRANE, bytes('notes')),
    data.purge(CRANE, bytes('notes'), 64),
    data.purge(CLONE, bytes('hours'), 64),
    data.retirePlugin(PLUGIN),
    await offer(s),
    data.cancelOffer(SPARE),
    await offer(c),
  ]);

  // 5. C accepts the spare container. M offers the twin with the other one, renews, cancels, offers
  // again.
  const withTwin = async (...more) => {
    const keys = [{ dataSet: 'manual', ...manual }, ...more];
    const containers = [{ container: CRANE, keys }];
    const options = { genesisHash, twin: TWIN, to: own.get(c), deadline: FAR, containers, trust };
    return twins.offerTwin(...client.forPolkadotJs(await client.offerTwin(options)));
  };
  await Promise.all([
    send(c, [data.acceptOwnership(SPARE, 1)]),
    send(m, [await withTwin(), await withTwin(), twins.cancelOffer(TWIN), await withTwin()]),
  ]);
  // C declines the offer, leaves the container, and gets another offer.
  await send(c, [twins.declineOffer(TWIN, 2), data.leave(CRANE)]);
  await send(m, [await withTwin({ dataSet: 'usage', ...fourth })]);

  // 6. C accepts the twin and writes as its owner. Two offers stay open.
  const fifth = await rotate(c, place('usage'), 4, fourth);
  await send(c, [
    twins.acceptTwin(TWIN, 3),
    rotation(fifth),
    await append(c, fifth, ['"of C"']),
    twins.offerTwin(TWIN, s.address, FAR, [], []),
    data.retireDataSet(SPARE, bytes('plan')),
    data.purge(SPARE, bytes('plan'), 64),
    data.offerOwnership(SPARE, m.address, FAR, []),
  ]);

  // 7. Any account clears a lapsed grant.
  while ((await now()) <= soon) await pause(500);
  await chain.succeed(x, data.clearExpired(CRANE, w.address));
}

/**
 * Returns the events of all blocks with their raw bytes, and the state after the last of these
 * blocks.
 */
async function record({ api }) {
  const { events: query } = api.query.system;
  const type = api.registry.createLookupType(query.creator.meta.type.asPlain);
  const hash = await api.rpc.chain.getFinalizedHead();
  const last = (await api.rpc.chain.getHeader(hash)).number.toNumber();
  const events = [];
  for (let block = 1; block <= last; block += 1) {
    const at = await api.rpc.chain.getBlockHash(block);
    const raw = u8aToU8a(await api.rpc.state.getStorage.raw(query.key(), at));
    const records = api.registry.createTypeUnsafe(type, [raw]);
    let start = compactToU8a(records.length).length;
    for (const record of records) {
      const { phase, event } = record;
      const begin = start + phase.encodedLength;
      const encoded = raw.slice(begin, begin + event.encodedLength);
      assert.ok(u8aEq(encoded, event.toU8a()), 'the decoded event matches its bytes');
      events.push({ block, event, encoded });
      start += record.encodedLength;
    }
    assert.equal(start, raw.length, 'there are no other bytes');
  }
  return { events, at: await api.at(hash) };
}

const hash = (...parts) => blake2AsU8a(u8aConcat(...parts), 256);
/** Returns the head after changes, from the head before them. */
const headOf = (first, changes) =>
  u8aToHex(changes.reduce((head, change) => hash(head, change), first));

/** Returns the fields of an event in order, with those of its stamp expanded. */
const fieldsOfEvent = ({ data }) =>
  data.names.flatMap((name, index) =>
    name === 'stamp' ? [...data[index].entries()] : [[name, data[index]]],
  );

/**
 * Returns the events about one container or twin as its head includes them: without the pallet's
 * index.
 */
function changesOf(events, section, id) {
  const field = section === 'digitalTwin' ? 'twin' : 'container';
  return events
    .filter(({ event: { section: of, data } }) => of === section && data.names.includes('stamp'))
    .filter(({ event: { data } }) => data[field].toNumber() === id)
    .map(({ encoded }) => encoded.slice(1));
}

/**
 * Returns every container, twin and data set: its head before all changes, the changes as its head
 * includes them, and the head in the state. `decode` returns the fields of a change, in order.
 */
async function histories({ api, at, events }) {
  const all = [];
  const kinds = [
    ['dataContainer', 'twinchain/cont/1', at.query.dataContainer.containers],
    ['digitalTwin', 'twinchain/twin/1', at.query.digitalTwin.twins],
  ];
  for (const [section, label, query] of kinds) {
    const [pallet] = events.find(({ event }) => event.section === section).encoded;
    const decode = (change) =>
      fieldsOfEvent(api.registry.createType('Event', u8aConcat([pallet], change)));
    for (const [key, stored] of await query.entries()) {
      const [id] = key.args;
      all.push({
        name: `${section} ${id}`,
        first: hash(label, api.genesisHash, id.toU8a()),
        changes: changesOf(events, section, id.toNumber()),
        head: stored.unwrap().history.head.toHex(),
        decode,
      });
    }
  }
  const changed = events.filter(({ event }) => event.method === 'DataSetChanged');
  const type = changed[0].event.data.operation.toRawType();
  const decode = (change) => [
    ...api.registry.createTypeUnsafe(type, [change]).inner.entries(),
  ];
  for (const [key, found] of await at.query.dataContainer.dataSets.entries()) {
    const [container, name] = key.args;
    const { id, head } = found.unwrap();
    all.push({
      name: `${container}/${text(name)}`,
      first: hash('twinchain/head/2', api.genesisHash, container.toU8a(), id.toU8a()),
      // The operation is the event's last field.
      changes: changed
        .filter(({ event: { data } }) => data.container.eq(container) && data.dataSet.eq(id))
        .map(({ event: { data }, encoded }) => encoded.slice(-data.operation.encodedLength)),
      head: head.toHex(),
      decode,
    });
  }
  return all;
}

/** Returns the offset of a field in a change: after the kind and the fields before it. */
function placeOf(fields, name) {
  const index = fields.findIndex(([field]) => field === name);
  return fields.slice(0, index).reduce((sum, [, value]) => sum + value.encodedLength, 1);
}

/** Returns a change with a flipped bit in one field, and in no other. */
function altered({ decode }, change, name) {
  const before = decode(change);
  const copy = Uint8Array.from(change);
  copy[placeOf(before, name)] ^= 1;
  const after = decode(copy);
  const isOther = ([, value], index) => !u8aEq(value.toU8a(), before[index][1].toU8a());
  assert.deepEqual(after.filter(isOther).map(([field]) => field), [name]);
  return copy;
}

test('the history contains every kind of event', ({ api, events }) => {
  for (const pallet of PALLETS) {
    const kinds = new Set(
      events.filter(({ event }) => event.section === pallet).map(({ event }) => event.method),
    );
    assert.deepEqual([...kinds].sort(), Object.keys(api.events[pallet]).sort(), pallet);
  }
  const operations = events
    .filter(({ event }) => event.method === 'DataSetChanged')
    .map(({ event }) => event.data.operation);
  const types = new Set(operations.map(({ type }) => type));
  assert.deepEqual([...types].sort(), ['Append', 'Clear', 'Remove', 'Retire', 'Set']);
  const authorities = new Set(operations.map(({ inner }) => inner.get('authority').type));
  assert.deepEqual([...authorities].sort(), ['Grant', 'Owner', 'Role']);
});

test('after every block, events alone rebuild the state', async (context) => {
  const { api, events, m, c, s } = context;
  const rebuilt = new Rebuilt();
  const blocks = [...new Set(events.filter(isOurs).map(({ block }) => block))];
  assert.ok(blocks.length >= 7, `${blocks}`);
  for (const number of blocks) {
    for (const { event, block } of events) if (block === number) rebuilt.apply(event, block);
    const at = await api.at(await api.rpc.chain.getBlockHash(number));
    await compare(rebuilt, at, `block ${number}`);
  }
  await compare(rebuilt, context.at, 'in the end');

  // The result is not empty, and includes data sets that are no longer in use.
  assert.deepEqual(Object.keys(rebuilt.containers).map(Number), [CRANE, SPARE, CLONE]);
  assert.deepEqual(Object.keys(rebuilt.twins).map(Number), [TWIN, OTHER_TWIN]);
  const { owner, dataSets } = rebuilt.containers[CRANE];
  assert.equal(owner, c.address);
  assert.deepEqual(Object.keys(dataSets[0].epochs), ['1', '2', '3', '4', '5']);
  const open = [rebuilt.containers[SPARE].offer[1], rebuilt.twins[TWIN].offer[1]];
  assert.deepEqual(open, [m.address, s.address]);
});

const isOurs = ({ event }) => PALLETS.includes(event.section);

/**
 * Compares the rebuilt state with the state of a block, and the readers with those of the runtime
 * API.
 */
async function compare(rebuilt, at, label) {
  const stored = await fromState(at);
  for (const part of ['containers', 'twins', 'keys', 'secrets']) {
    assert.deepEqual(rebuilt[part], stored[part], `${part}: ${label}`);
  }
  const now = (await at.query.timestamp.now()).toNumber();
  for (const [id, container] of Object.entries(rebuilt.containers)) {
    for (const [dataSet, { name, visibility }] of Object.entries(container.dataSets)) {
      if (visibility === 'Public') continue;
      const told = await readersOf(at, id, name);
      assert.deepEqual(rebuilt.readers(id, dataSet, now), told, `${id}/${name}: ${label}`);
    }
  }
}

test('every head matches its events, including sealed writes', async (context) => {
  const all = await histories(context);
  for (const { name, first, changes, head } of all) {
    assert.equal(headOf(first, changes), head, name);
  }
  const changed = all.filter(({ changes }) => changes.length > 0).map(({ name }) => name);
  const some = [
    ...[CRANE, SPARE, CLONE].map((id) => `dataContainer ${id}`),
    ...[TWIN, OTHER_TWIN].map((id) => `digitalTwin ${id}`),
    ...['usage', 'manual', 'hours', 'notes'].map((name) => `${CRANE}/${name}`),
    `${SPARE}/plan`,
  ];
  for (const name of some) assert.ok(changed.includes(name), name);
});

test("the client's one object verifies every data set", async (context) => {
  const { api, x } = context;
  const keystore = new client.Keystore(x.publicKey, context.genesisHash);
  const it = await client.connect(api, keystore, { save: () => {} });
  const types = new Set();
  for (const { name, changes, head } of await histories(context)) {
    const [container, dataSet] = name.split('/');
    if (dataSet === undefined) continue;
    const verified = await it.verifyHistory({ container, dataSet });
    assert.deepEqual([verified.head, verified.operations.length], [head, changes.length], name);
    for (const { type } of verified.operations) types.add(type);
  }
  assert.deepEqual([...types].sort(), ['Append', 'Clear', 'Remove', 'Retire', 'Set']);
});

/**
 * Returns the hash of sealed values in an operation: of suite, epoch, and the ciphertext or the
 * items.
 */
const sealedHash = (api, suite, epoch, type, content) =>
  blake2AsU8a(
    u8aConcat(
      api.createType('u8', suite).toU8a(),
      api.createType('u32', epoch).toU8a(),
      api.createType(type, content).toU8a(),
    ),
    256,
  );
const ciphertextOf = ({ ciphertext }) => u8aToHex(ciphertext.toU8a(true));

test('an operation contains the hash of its sealed values, suite and epoch', async (context) => {
  const { api, at } = context;
  const all = await histories(context);
  const { entry, batches } = at.call.dataContainerApi;
  const payloads = ({ changes, decode }) =>
    changes.map((change) => new Map(decode(change)).get('payloadHash')?.toHex()).filter(Boolean);

  const manual = all.find(({ name }) => name === `${CRANE}/manual`);
  const stored = (await entry(CRANE, bytes('manual'))).unwrap().value.asSealed;
  const { suite, epoch } = stored;
  const of = (number) => sealedHash(api, suite, number, 'Bytes', ciphertextOf(stored));
  assert.deepEqual(payloads(manual), [u8aToHex(of(epoch))]);
  // The same ciphertext, as if it were sealed for another epoch.
  const [change] = manual.changes;
  const forged = Uint8Array.from(change);
  forged.set(of(epoch.toNumber() + 1), placeOf(manual.decode(change), 'payloadHash'));
  assert.notEqual(headOf(manual.first, [forged]), manual.head);

  const usage = all.find(({ name }) => name === `${CRANE}/usage`);
  const page = await batches(CRANE, bytes('usage'), 0, 99);
  const appended = payloads(usage);
  assert.equal(appended.length, page.items.length);
  // Removed items cannot be hashed any more.
  const whole = page.items.filter(({ stored: { items } }) => items.every((item) => item.isSome));
  assert.equal(whole.length, appended.length - 1);
  for (const { batch, stored: { items } } of whole) {
    const sealed = items.map((item) => item.unwrap().asSealed);
    const expected = sealedHash(
      api, sealed[0].suite, sealed[0].epoch, 'Vec<Bytes>', sealed.map(ciphertextOf),
    );
    assert.equal(appended[batch.toNumber()], u8aToHex(expected));
  }
});

test('omitting, moving or repeating an event changes the head', async (context) => {
  for (const { name, first, changes, head } of await histories(context)) {
    changes.forEach((change, index) => {
      const forged = {
        'left out': changes.toSpliced(index, 1),
        repeated: changes.toSpliced(index, 0, change),
        ...(index > 0 && {
          moved: changes.with(index, changes[index - 1]).with(index - 1, change),
        }),
      };
      for (const [how, others] of Object.entries(forged)) {
        assert.notEqual(headOf(first, others), head, `${name}: change ${index} is ${how}`);
      }
    });
  }
});

test('another time, author or epoch changes the head', async (context) => {
  let epochs = 0;
  for (const history of await histories(context)) {
    const { name, first, changes, head, decode } = history;
    changes.forEach((change, index) => {
      const names = decode(change).map(([field]) => field);
      const fields = ['time', 'author', 'block', 'revision', 'epoch'];
      const found = fields.filter((field) => names.includes(field));
      assert.ok(found.length >= 4, `${name}: ${names}`);
      for (const field of found) {
        const other = changes.with(index, altered(history, change, field));
        assert.notEqual(headOf(first, other), head, `${name}, change ${index}: ${field}`);
      }
      epochs += found.length - 4;
    });
  }
  assert.ok(epochs > 10, 'rotations and envelopes');
});
