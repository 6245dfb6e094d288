// SPDX-License-Identifier: Apache-2.0

// Encryption keys that leak and are replaced: the reports to owners, and the values that the old
// key opens after a rotation. Also keys outside the chain: of a device and on paper. An account can
// change its key once in 600 blocks. So the chain has the runtime of scripts/next-runtime.sh, in
// which it waits for a few blocks. M is the manufacturer, C the customer, S another reader. Eve,
// Ferdie and Dave are employees of a company.

import { decodeAddress } from '@polkadot/util-crypto';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as client from '../../client/js/src/index.mjs';
import {
  createKeystore,
  readKeystore,
  updateKeystore,
} from '../../client/js/src/keystore-file.mjs';
import { nextRuntime } from '../network/lib/next-runtime.mjs';
import { bytes, connect, eventOf, eventsOf, text } from './lib/chain.mjs';
import { confidential, openKey, randomKey, setKey } from './lib/confidential.mjs';
import { actingFor } from './lib/consortium.mjs';
import { atExit, genesisWith, pause, withNode } from './lib/node.mjs';

const { READ } = client.ACCESS;
/** The maximum number of blocks that these tests wait before a key change. */
const MOST_BLOCKS = 20;
const PASSWORD = 'a password';
/** Fast, and therefore not for real keystores. */
const FAST = { cost: 2 ** 14 };
const LIST = { type: 'list', dataSchema: { type: 'array', items: { type: 'string' } } };

const { test } = withNode(async (url) => {
  const context = await connect(url);
  const { api, chain, alice: m, bob: c, charlie: s } = context;
  const wait = api.consts.dataContainer.keyChangeBlocks.toNumber();
  assert.ok(wait <= MOST_BLOCKS, `keys change after ${wait} blocks: rebuild the next runtime`);
  const properties = { log: LIST, production: LIST };
  const document = { description: { name: 'service' }, template: { properties } };
  const { events } = await chain.succeed(
    m,
    api.tx.dataContainer.publishPlugin(bytes(JSON.stringify(document))),
  );
  const { plugin } = eventOf(events, 'dataContainer', 'PluginPublished');
  const own = new Map();
  for (const who of [m, c, s]) own.set(who, await randomKey(who));
  await Promise.all([...own].map(([who, key]) => chain.succeed(who, setKey(api, key))));
  // The keys of other accounts are pinned when they are first seen.
  const genesisHash = api.genesisHash.toU8a();
  const trust = new client.Keystore(m.publicKey, genesisHash);
  await trust.importKey(1, own.get(m).secretKey);
  return { ...context, m, c, s, plugin, own, trust, wait, genesisHash };
}, { genesis: () => genesisWith('dev', nextRuntime()) });

/** Returns functions for a container of M whose data sets have a key. */
async function crane(context) {
  const { api, chain, m, plugin } = context;
  const { events } = await chain.succeed(m, api.tx.dataContainer.instantiate(plugin, '0x'));
  const { container } = eventOf(events, 'dataContainer', 'ContainerCreated');
  const it = confidential(context, container.toNumber());
  await Promise.all(['log', 'production'].map((dataSet) => it.rotate(m, dataSet)));
  return it;
}

/** Waits until an account can change its encryption key. */
async function untilChangeable({ api, wait }, { address }) {
  const key = (await api.query.dataContainer.encryptionKeys(address)).unwrap();
  const block = key.since.toNumber() + wait;
  while ((await api.rpc.chain.getHeader()).number.toNumber() < block) await pause(500);
}

/**
 * Returns the data sets that are due for rotation, each with the account that causes it and the
 * reason.
 */
async function due({ api }, { container }) {
  const page = await api.call.dataContainerApi.rotationsDue(container, null, null);
  assert.ok(page.next.isNone);
  return page.items.map(({ dataSet, end }) => {
    const { account, reason } = end.unwrap();
    return [text(dataSet), account.toString(), reason.type];
  });
}

test('a leaked key opens no value that is sealed after a rotation', async (context) => {
  const { api, chain, m, c, s, own, trust } = context;
  const it = await crane(context);
  const write = async (item) => chain.succeed(m, await it.append(m, 'log', [item]));
  await it.share(m, c, [['log', READ]]);
  await it.share(m, s, [['log', READ], ['production', READ]]);
  await write('"one"');
  assert.deepEqual(await it.read(c, 'log'), ['"one"']);
  assert.deepEqual(await due(context, it), []);

  await untilChangeable(context, c);
  const before = await api.at(await api.rpc.chain.getFinalizedHead());
  const old = own.get(c);
  const renewed = await randomKey(c, 2);
  const next = await randomKey(c, 3);
  const same = { ...renewed, public: old.public };
  // These are executed in this order.
  await Promise.all([
    chain.fail(c, setKey(api, next), 'dataContainer.StaleKeyVersion'),
    chain.fail(c, setKey(api, old), 'dataContainer.StaleKeyVersion'),
    chain.fail(c, setKey(api, same), 'dataContainer.KeyUnchanged'),
    chain.succeed(c, setKey(api, renewed, { leaked: true })),
    chain.fail(c, setKey(api, next), 'dataContainer.KeyChangedRecently'),
  ]);
  own.set(c, renewed);
  const leak = [['log', c.address, 'KeyLeaked']];
  assert.deepEqual(await due(context, it), leak, 'only the data set that C reads');

  // Sealing the seed to the new key makes no difference, because the old key still opens it.
  const seed = (await it.keysOf(c, 'log', () => old)).get(1);
  const envelope = await client.setEnvelope({
    ...it.place('log'),
    epoch: 1,
    key: seed,
    reader: renewed,
    trust: { check: () => {} },
  });
  await chain.succeed(c, api.tx.dataContainer.setEnvelope(...client.forPolkadotJs(envelope)));
  assert.deepEqual(await due(context, it), leak);
  const readers = await api.call.dataContainerApi.readers(it.container, bytes('log'), null, 9);
  assert.deepEqual(
    readers.items.filter(({ leaked }) => leaked.isSome).map(({ account }) => account.toString()),
    [c.address],
  );
  await write('"two"');
  assert.deepEqual(await it.read(c, 'log'), ['"one"', '"two"']);

  // M pinned the old key. M asks C before it seals to the new one.
  await assert.rejects(it.rotate(m, 'log', [c, s]), { name: 'KeyChanged' });
  trust.accept(renewed);
  await it.rotate(m, 'log', [c, s]);
  assert.deepEqual(await due(context, it), []);
  await write('"three"');
  const all = ['"one"', '"two"', '"three"'];
  for (const who of [m, c, s]) assert.deepEqual(await it.read(who, 'log'), all);
  // The thief has the old key and everything that was ever in the state.
  const thief = (version) => {
    if (version === 1) return old;
    throw new client.UnknownKey('the thief has the first key only');
  };
  const kept = await it.keysOf(c, 'log', thief, before);
  assert.deepEqual(await it.open('log', kept), ['"one"', '"two"', undefined]);
  assert.deepEqual(await it.read(c, 'log', thief), [undefined, undefined, undefined]);
  const forced = { ...old, version: 2 };
  assert.deepEqual(await it.read(c, 'log', () => forced), [undefined, undefined, undefined]);
});

test('a device and a paper key read for an account', async (context) => {
  const { api, chain, m, s, own, genesisHash } = context;
  const folder = mkdtempSync(join(tmpdir(), 'twinchain-keys-'));
  atExit(() => rmSync(folder, { recursive: true, force: true }));
  const it = await crane(context);
  await it.share(m, s, [['log', READ]]);
  await chain.succeed(m, await it.append(m, 'log', ['"one"']));

  // The starting point: two devices that have only their own key, a sheet of paper, and the state.
  const files = ['tablet', 'other'].map((name) => join(folder, `${name}.json`));
  const prepare = (keystore) => keystore.prepareDeviceKey();
  const fast = { genesisHash, ...FAST };
  for (const file of files) {
    await createKeystore(file, PASSWORD, { account: s.publicKey, ...fast });
  }
  const [device] = await Promise.all(
    files.map((file) => updateKeystore(file, PASSWORD, prepare, fast)),
  );
  const paper = await client.newKeyPair();
  const printed = client.toHex(paper.secretKey);
  const secretOf = async (file) => {
    const keystore = await readKeystore(file, PASSWORD, { genesisHash });
    return (version) => openKey(api, keystore, s.address, version);
  };
  const [tablet, other] = await Promise.all(files.map(secretOf));
  assert.deepEqual(await it.read(s, 'log', tablet), [undefined]);

  const envelopes = await client.setAccountEnvelopes({
    genesisHash,
    own: own.get(s),
    holders: [device, { public: paper.publicKey }],
  });
  const seal = api.tx.dataContainer.setAccountEnvelopes(...client.forPolkadotJs(envelopes));
  const { events } = await chain.succeed(s, seal);
  const told = eventsOf(events, 'dataContainer', 'AccountEnvelopeSet');
  assert.deepEqual(
    told.map(({ holder }) => holder.asKey.toHex()),
    [device.public, paper.publicKey].map(client.toHex),
  );
  assert.deepEqual(await it.read(s, 'log', tablet), ['"one"']);
  assert.deepEqual(
    await it.read(s, 'log', other),
    [undefined],
    'the key is sealed only for the tablet',
  );

  // S lost its keystore, and restores it with the paper key.
  const restored = new client.Keystore(s.publicKey, genesisHash);
  await restored.restore(await openKey(api, restored, s.address, 1, printed));
  assert.deepEqual(await it.read(s, 'log', (version) => restored.key(version)), ['"one"']);
  restored.check(own.get(s));
  await it.rotate(m, 'log', [s]);
  await chain.succeed(m, await it.append(m, 'log', ['"two"']));
  for (const secret of [tablet, (version) => restored.key(version)]) {
    assert.deepEqual(await it.read(s, 'log', secret), ['"one"', '"two"'], 'also later values');
  }
});

test('a former employee opens no new values, and the colleagues do', async (context) => {
  const { api, chain, m, own, trust, eve, ferdie, dave, genesisHash } = context;
  const folder = mkdtempSync(join(tmpdir(), 'twinchain-keys-'));
  atExit(() => rmSync(folder, { recursive: true, force: true }));
  const { addProxy, createPure, removeProxy } = api.tx.proxy;
  const { batchAll } = api.tx.utility;
  const { events } = await chain.succeed(eve, createPure('Any', 0, 0));
  const address = eventOf(events, 'proxy', 'PureCreated').pure.toString();
  const company = { address, publicKey: decodeAddress(address) };
  const act = (signer, ...calls) =>
    actingFor(context, signer, address).succeed(company, batchAll(calls));
  await act(eve, ...[ferdie, dave].map((who) => addProxy(who.address, 'Any', 0)));

  // Each employee has a keystore with only its own key.
  const employees = [eve, ferdie, dave];
  const file = (who) => join(folder, `${who.address}.json`);
  const holders = new Map();
  const fast = { genesisHash, ...FAST };
  await Promise.all(
    employees.map(async (who) => {
      await createKeystore(file(who), PASSWORD, { account: who.publicKey, ...fast });
      const prepare = (keystore) => keystore.prepareKey(1);
      const key = await updateKeystore(file(who), PASSWORD, prepare, fast);
      await chain.succeed(who, setKey(api, key));
      holders.set(who, key);
    }),
  );

  /**
   * Makes a new key of the company in memory, and seals it for some employees in the same batch.
   */
  const newKey = async (signer, version, some, options) => {
    const keystore = new client.Keystore(company.publicKey, genesisHash);
    const key = await keystore.prepareKey(version);
    const sealFor = (pinning) =>
      client.setAccountEnvelopes({
        genesisHash,
        own: keystore.key(version),
        holders: some.map((who) => holders.get(who)),
        trust: pinning,
      });
    const envelopes = await updateKeystore(file(signer), PASSWORD, sealFor, fast);
    const seal = api.tx.dataContainer.setAccountEnvelopes(...client.forPolkadotJs(envelopes));
    await act(signer, setKey(api, key, options), seal);
    own.set(company, key);
    return key;
  };
  await newKey(eve, 1, employees);

  const it = await crane(context);
  const write = async (item) => chain.succeed(m, await it.append(m, 'log', [item]));
  await it.share(m, company, [['log', READ]]);
  await write('"one"');
  /**
   * Finds the company's secret key of a version as an employee does, from the employee's keystore.
   */
  const secretOf = async (who) => {
    const keystore = await readKeystore(file(who), PASSWORD, { genesisHash });
    return (version) => openKey(api, keystore, address, version);
  };
  const read = async (who) => it.read(company, 'log', await secretOf(who));
  for (const who of employees) assert.deepEqual(await read(who), ['"one"']);

  // Dave can have kept the company's secret key and every seed that it opened.
  const kept = await (await secretOf(dave))(1);
  const seeds = await it.keysOf(company, 'log', await secretOf(dave));
  await untilChangeable(context, company);
  await act(eve, removeProxy(dave.address, 'Any', 0));
  const renewed = await newKey(eve, 2, [eve, ferdie], { leaked: true });
  assert.deepEqual(await due(context, it), [['log', address, 'KeyLeaked']]);
  trust.accept(renewed);
  await it.rotate(m, 'log', [company]);
  assert.deepEqual(await due(context, it), []);
  await write('"two"');

  for (const who of [eve, ferdie]) assert.deepEqual(await read(who), ['"one"', '"two"']);
  assert.deepEqual(await read(dave), [undefined, undefined]);
  await assert.rejects((await secretOf(dave))(2), { name: 'UnknownKey' });
  assert.deepEqual(await it.open('log', seeds), ['"one"', undefined]);
  const forced = { ...kept, version: 2 };
  assert.deepEqual(await it.read(company, 'log', () => forced), [undefined, undefined]);
});
