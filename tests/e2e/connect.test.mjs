// SPDX-License-Identifier: Apache-2.0

// Polkadot.js knows all types, calls, events, errors, storage items, runtime APIs and extensions of
// the chain. Apps could not show what it does not know.

import { warnings } from './lib/warnings.mjs';

import { Keyring } from '@polkadot/api';
import { Metadata, TypeRegistry } from '@polkadot/types';
import { compactStripLength, stringCamelCase, u8aToHex } from '@polkadot/util';
import assert from 'node:assert/strict';
import { bytes, connect, eventOf, text } from './lib/chain.mjs';
import { pause, withNode } from './lib/node.mjs';

const PALLETS = ['digitalTwin', 'dataContainer', 'consortium'];
const SLOT = 3_000;

// Newer JSON-RPC methods that every node of this kind has and Polkadot.js does not define.
const NEWER_METHODS = /^(chainHead|chainSpec|transaction|transactionWatch|bitswap)_v1_\w+$/;
const NEWER_VARIANTS = ['author_rotateKeysWithOwner', 'state_callRecorded'];

/** An extension without data, which Polkadot.js assumes of every unknown extension. */
const NO_EFFECT = /Unknown signed extensions CheckMember found, treating them as no-effect$/;

const { test } = withNode((url) => connect(url, { quiet: false }));

test('connecting causes no warnings about our types', async ({ api }) => {
  await api.rpc.chain.getHeader();
  const methods = [];
  const others = warnings.filter((warning) => {
    const [, list] = /RPC methods not decorated: (.*)$/.exec(warning) ?? [];
    if (list) methods.push(...list.split(', '));
    return !list && !NO_EFFECT.test(warning);
  });
  assert.deepEqual(
    others,
    [],
    'no unknown types, extensions or runtime APIs, and no duplicate package',
  );
  const unknown = methods.filter(
    (method) => !NEWER_METHODS.test(method) && !NEWER_VARIANTS.includes(method),
  );
  assert.deepEqual(unknown, [], 'no unknown RPC methods except those of every newer node');
});

test('metadata versions 14, 15 and 16 have the same calls', async ({ api }) => {
  const versions = (await api.call.metadata.metadataVersions()).map((version) =>
    version.toNumber(),
  );
  for (const version of [14, 15, 16]) {
    assert.ok(versions.includes(version), `${versions}`);
    const opaque = (await api.call.metadata.metadataAtVersion(version)).unwrap();
    const registry = new TypeRegistry();
    const metadata = new Metadata(registry, opaque.toU8a(true));
    assert.equal(metadata.version, version);
    registry.setMetadata(metadata);
    for (const pallet of PALLETS) {
      for (const [method, call] of Object.entries(api.tx[pallet])) {
        const [index, variant] = call.callIndex;
        const { meta } = registry.findMetaCall(new Uint8Array([index, variant]));
        assert.equal(stringCamelCase(meta.name), method, `V${version}`);
        assert.deepEqual(
          meta.args.map(({ name, type }) => `${name}: ${type}`),
          call.meta.args.map(({ name, type }) => `${name}: ${type}`),
          `V${version}: ${pallet}.${method}`,
        );
      }
    }
  }
  // Older clients request it without a version.
  const unnamed = await api.call.metadata.metadata();
  const [, content] = compactStripLength(unnamed.toU8a(true));
  const oldest = new Metadata(new TypeRegistry(), content);
  assert.equal(oldest.version, 14);
});

test('every type can be created', ({ api }) => {
  const { lookup } = api.registry;
  assert.ok(lookup.types.length > 100);
  for (const { id } of lookup.types) {
    assert.doesNotThrow(() => api.registry.createClassUnsafe(lookupName(api, id)), `type ${id}`);
  }
});

// In Polkadot.js, every struct has members such as `hash` and `keys`. It renames fields with these
// names, so that a reader of `.hash` silently gets the hash of the encoding.
test('no readable field has a name that Polkadot.js reserves', ({ api }) => {
  const { lookup } = api.registry;
  const ours = lookup.types.filter(({ type }) =>
    /^pallet_(digital_twin|data_container)$/.test(type.path[0]?.toString() ?? ''),
  );
  assert.ok(ours.length > 20, `${ours.length} types`);
  // For types that are only written, Polkadot.js accepts both names.
  const read = ours.filter(({ type }) => !/^(NewLink|Call)$/.test(type.path.at(-1)));
  const renamed = read.flatMap(({ type: { def, path } }) => {
    const variants = def.isVariant ? [...def.asVariant.variants] : [];
    const fields = def.isComposite ? [...def.asComposite.fields] : [];
    return [...fields, ...variants.flatMap((variant) => [...variant.fields])]
      .filter(({ name }) => lookup.sanitizeField(name)[1])
      .map(({ name }) => `${path.join('::')}: ${name}`);
  });
  assert.deepEqual(renamed, []);
});

test('every call is encoded and decoded, with every variant of its arguments', ({ api }) => {
  for (const pallet of PALLETS) {
    const calls = Object.entries(api.tx[pallet]);
    assert.ok(calls.length >= 5);
    for (const [method, make] of calls) {
      assert.ok(make.meta.docs.length > 5, `${pallet}.${method} is documented`);
      const choices = make.meta.fields.map(({ type }) => samples(api, type));
      const most = Math.max(1, ...choices.map((values) => values.length));
      for (let index = 0; index < most; index += 1) {
        const args = choices.map((values) => values[index % values.length]);
        const call = make(...args).method;
        const decoded = api.registry.createType('Call', call.toU8a());
        assert.equal(`${decoded.section}.${decoded.method}`, `${pallet}.${method}`);
        assert.equal(decoded.toHex(), call.toHex());
        decoded.args.forEach((arg, position) => {
          assert.equal(arg.toHex(), args[position].toHex(), `${pallet}.${method}`);
        });
        assert.equal(Object.keys(decoded.toHuman().args).length, args.length);
      }
    }
  }
});

test('every event is decoded', ({ api }) => {
  for (const pallet of api.runtimeMetadata.asLatest.pallets) {
    const name = stringCamelCase(pallet.name);
    if (!PALLETS.includes(name)) continue;
    const { variants } = typeOf(api, pallet.events.unwrap().type).def.asVariant;
    assert.equal(Object.keys(api.events[name]).length, variants.length);
    for (const variant of variants) {
      assert.ok(variant.docs.length > 0, `${name}.${variant.name} is documented`);
      const choices = variant.fields.map(({ type }) => samples(api, type));
      const most = Math.max(1, ...choices.map((values) => values.length));
      for (let index = 0; index < most; index += 1) {
        const data = choices.map((values) => values[index % values.length]);
        const encoded = data.flatMap((value) => [...value.toU8a()]);
        const prefix = [pallet.index.toNumber(), variant.index.toNumber()];
        const event = api.registry.createType('Event', new Uint8Array([...prefix, ...encoded]));
        assert.equal(`${event.section}.${event.method}`, `${name}.${variant.name}`);
        assert.ok(api.events[name][event.method].is(event));
        assert.deepEqual(
          event.data.names,
          variant.fields.map((field) => api.registry.lookup.sanitizeField(field.name)[0]),
        );
        event.data.forEach((value, field) => assert.equal(value.toHex(), data[field].toHex()));
      }
    }
  }
});

test('every error is found by its index and is documented', ({ api }) => {
  let count = 0;
  for (const pallet of api.runtimeMetadata.asLatest.pallets) {
    const name = stringCamelCase(pallet.name);
    if (!PALLETS.includes(name)) continue;
    const { variants } = typeOf(api, pallet.errors.unwrap().type).def.asVariant;
    for (const variant of variants) {
      const error = new Uint8Array([variant.index.toNumber(), 7, 1, 2]);
      const raw = api.registry.createType('DispatchError', {
        Module: { index: pallet.index, error },
      });
      const meta = api.registry.findMetaError(raw.asModule);
      assert.equal(`${meta.section}.${meta.name}`, `${name}.${variant.name}`);
      assert.ok(
        meta.docs.join(' ').trim().length > 10,
        `${name}.${variant.name} says what is wrong`,
      );
      const size = variant.fields
        .map(({ type }) => samples(api, type)[0].encodedLength)
        .reduce((sum, length) => sum + length, 0);
      assert.ok(size <= 3, `the fields of ${name}.${variant.name} fit into 3 bytes`);
      count += 1;
    }
  }
  assert.ok(count > 60, `${count} errors`);
});

test('every storage item is read and decoded', async ({ api, chain, alice, bob, ferdie }) => {
  const schema = { type: 'integer' };
  const definition = { type: 'entry', visibility: 'public', dataSchema: schema, value: 1 };
  const list = { ...definition, type: 'list', value: [1, 2], permissions: { reader: ['set'] } };
  const secret = { type: 'entry', dataSchema: true };
  // Too long for the record of its entry.
  const long = { ...definition, dataSchema: true, value: 'x'.repeat(600) };
  const properties = { a: definition, b: list, c: secret, d: long };
  const document = { description: { name: 'p' }, template: { properties } };
  const call = api.tx.dataContainer.publishPlugin(bytes(JSON.stringify(document)));
  const { events } = await chain.succeed(alice, call);
  const { plugin } = eventOf(events, 'dataContainer', 'PluginPublished');
  const instance = { Instantiate: { name: bytes('data'), plugin } };
  const { dataContainer, digitalTwin } = api.tx;
  await chain.succeed(alice, digitalTwin.createTwin(bytes('{}'), bytes('x'), [instance]));
  await chain.succeed(alice, digitalTwin.setLink(0, bytes('itself'), { Twin: 0 }));
  const next = { ...document, replaces: plugin.toNumber() };
  await chain.succeed(alice, api.tx.dataContainer.publishPlugin(bytes(JSON.stringify(next))));
  const [key, envelope] = [`0x${'09'.repeat(32)}`, `0x${'07'.repeat(80)}`];
  const setKey = () => dataContainer.setEncryptionKey(1, key, 0, false);
  for (const who of [alice, bob]) await chain.succeed(who, setKey());
  const device = { Key: { public: `0x${'0a'.repeat(32)}`, envelope } };
  await chain.succeed(alice, dataContainer.setAccountEnvelopes(1, [device]));
  await chain.succeed(alice, dataContainer.assignRole(0, bob.address, bytes('reader')));
  const rotation = dataContainer.rotateKey(0, bytes('c'), 0, 1, key, 'Cut', 1, envelope, []);
  await chain.succeed(alice, rotation);
  const read = { dataSet: bytes('c'), access: 1 };
  await chain.succeed(alice, dataContainer.share(0, bob.address, [read], 3_900_000_000_000, []));
  // Ferdie gets the same grant and leaves.
  await chain.succeed(alice, dataContainer.share(0, ferdie.address, [read], null, []));
  await chain.succeed(ferdie, dataContainer.leave(0));
  const forBob = { container: 0, dataSet: bytes('c'), epoch: 1, keyVersion: 1, envelope };
  const deadline = 4_000_000_000_000;
  await chain.succeed(alice, digitalTwin.offerTwin(0, bob.address, deadline, [0], [forBob]));

  const peer = `0x002408011220${'05'.repeat(32)}`;
  await chain.succeed(alice, api.tx.consortium.addNode(0, peer, bytes('rack 1')));
  // A node with a claim, and a member that leaves.
  const node = new Keyring({ type: 'ed25519' }).addFromSeed(new Uint8Array(32).fill(7));
  const own = u8aToHex(Uint8Array.from([0, 0x24, 8, 1, 0x12, 0x20, ...node.publicKey]));
  const hash = await api.call.consortiumApi.nodeClaim(0, own);
  const claim = api.tx.consortium.claimNode(0, own, '0x', node.sign(hash.toU8a()));
  await chain.succeed(alice, claim);
  await chain.succeed(ferdie, api.tx.consortium.leaveOrganisation());
  const motion = api.tx.consortium.suspendOrganisation(0);
  await chain.succeed(alice, api.tx.council.propose(2, motion, motion.encodedLength));

  const empty = [];
  for (const pallet of PALLETS) {
    for (const [name, query] of Object.entries(api.query[pallet])) {
      const { type } = query.creator.meta;
      if (type.isPlain) {
        assert.ok((await query()).toJSON() !== null, `${pallet}.${name}`);
        continue;
      }
      const entries = await query.entries();
      if (entries.length === 0) empty.push(`${pallet}.${name}`);
      for (const [key, value] of entries) {
        assert.equal(key.args.length, type.asMap.hashers.length, `${pallet}.${name}`);
        const read = await query(...key.args);
        assert.equal(read.toHex(), value.toHex(), `${pallet}.${name}`);
      }
      for (const value of samples(api, type.asMap.value)) {
        const again = api.registry.createTypeUnsafe(lookupName(api, type.asMap.value), [
          value.toU8a(),
        ]);
        assert.equal(again.toHex(), value.toHex(), `${pallet}.${name}`);
      }
    }
  }
  // This item requires a removed organisation that has validators. The chain has only one
  // organisation.
  assert.deepEqual(empty, ['consortium.listedUntil']);
});

test('every runtime API function returns a value', async ({ api, alice }) => {
  const expected = {
    dataContainerApi: [
      'accountEnvelopes', 'authorityOf', 'batches', 'can', 'checkDefinition', 'checkDocument',
      'checkValue', 'container', 'containersOfOwner', 'dataSets', 'encryptionKey', 'encryptionKeys',
      'entry', 'entryAuthor', 'envelopes', 'epochs', 'instances', 'members', 'offersTo', 'plugin',
      'pluginsOfName', 'pluginsOfPublisher', 'readable', 'readers', 'rotationsDue', 'sealing',
      'sharedWith', 'successors',
    ],
    digitalTwinApi: [
      'links', 'offersTo', 'resolve', 'twin', 'twinsOfAsset', 'twinsOfContainer', 'twinsOfOwner',
      'twinsOfTwin',
    ],
  };
  for (const [name, methods] of Object.entries(expected)) {
    assert.deepEqual(
      methods.filter((method) => !api.call[name]?.[method]),
      [],
      name,
    );
    for (const [method, ask] of Object.entries(api.call[name])) {
      const args = ask.meta.params.map(({ type }) => api.registry.createTypeUnsafe(type, []));
      const answer = await ask(...args);
      assert.ok(answer.toHex().startsWith('0x'), `${name}.${method} answers`);
      assert.ok(ask.meta.description.length > 0, `${name}.${method} is documented`);
    }
  }
  const { dataContainerApi, digitalTwinApi } = api.call;
  assert.equal(text((await digitalTwinApi.twin(0)).unwrap().description), '{}');
  assert.ok((await digitalTwinApi.twin(999)).isNone);
  assert.equal((await dataContainerApi.dataSets(0)).length, 4);
  // The result is the same wherever the value is stored.
  for (const [name, length] of [['a', 1], ['d', 602]]) {
    const entry = (await dataContainerApi.entry(0, bytes(name))).unwrap();
    assert.equal(entry.value.asPublic.length, length);
    assert.equal(entry.author.toString(), alice.address);
  }
  assert.equal((await dataContainerApi.containersOfOwner(alice.address, null, 9)).items.length, 1);
  assert.ok((await dataContainerApi.authorityOf(0, bytes('b'), alice.address, 2)).unwrap().isOwner);
  const { items: [batch] } = await dataContainerApi.batches(0, bytes('b'), 0, 9);
  assert.equal(batch.stored.items.length, 2);
});

test('a transaction has no fee, and a weight', async ({ api, alice }) => {
  const small = api.tx.digitalTwin.createTwin(bytes('{}'), bytes('x'), []);
  const large = api.tx.dataContainer.publishPlugin(bytes(' '.repeat(60_000)));
  const [light, heavy] = await Promise.all([small, large].map((call) => call.paymentInfo(alice)));
  for (const { partialFee, weight, class: kind } of [light, heavy]) {
    assert.ok(partialFee.isZero());
    assert.ok(weight.refTime.toBigInt() > 10_000_000n, 'more than 10 microseconds');
    assert.ok(kind.isNormal);
  }
  assert.ok(heavy.weight.refTime.toBigInt() > light.weight.refTime.toBigInt());

  const signed = await small.signAsync(alice, { nonce: -1 });
  // The raw response: Polkadot.js decodes it in the old format, in which weights had one dimension.
  const info = await api.rpc.payment.queryInfo.raw(signed.toHex());
  assert.equal(info.partialFee, '0');
  assert.equal(String(info.weight.ref_time), light.weight.refTime.toString());
  const details = await api.rpc.payment.queryFeeDetails(signed.toHex());
  const fee = details.inclusionFee;
  assert.ok(fee.isNone || fee.unwrap().baseFee.isZero(), 'no inclusion fee');
  const called = await api.call.transactionPaymentCallApi.queryCallInfo(
    small.method,
    signed.length,
  );
  assert.ok(called.partialFee.isZero() && called.weight.refTime.toBigInt() > 0n);
});

test('the chain has its name, type and properties', async ({ api }) => {
  const [name, kind, properties, version] = await Promise.all([
    api.rpc.system.chain(),
    api.rpc.system.chainType(),
    api.rpc.system.properties(),
    api.rpc.state.getRuntimeVersion(),
  ]);
  assert.match(name.toString(), /Twinchain/);
  assert.ok(kind.isDevelopment);
  assert.deepEqual(properties.ss58Format.unwrap().toNumber(), 42);
  assert.equal(api.registry.chainSS58, 42);
  assert.equal(properties.tokenSymbol.unwrap().length, 1);
  assert.deepEqual(properties.tokenDecimals.unwrap().map(Number), [12]);
  assert.equal(version.specName.toString(), 'twinchain');
  assert.equal(api.consts.system.ss58Prefix.toNumber(), 42);
});

test('a slot lasts 3 seconds, and every slot has a block', async ({ api }) => {
  assert.equal((await api.call.auraApi.slotDuration()).toNumber(), SLOT);
  const wanted = 8;
  while ((await api.rpc.chain.getHeader()).number.toNumber() < wanted) await pause(500);
  const slots = [];
  for (let number = 1; number <= wanted; number += 1) {
    const hash = await api.rpc.chain.getBlockHash(number);
    const { digest } = await api.rpc.chain.getHeader(hash);
    const [engine, data] = digest.logs.find((log) => log.isPreRuntime).asPreRuntime;
    assert.equal(engine.toString(), 'aura');
    const slot = api.registry.createType('u64', data.toU8a(true)).toNumber();
    const now = (await (await api.at(hash)).query.timestamp.now()).toNumber();
    assert.equal(Math.floor(now / SLOT), slot, "the block's time is in its slot");
    slots.push(slot);
  }
  const steps = slots.slice(1).map((slot, index) => slot - slots[index]);
  assert.ok(steps.every((step) => step >= 1), `at most one block in a slot: ${steps}`);
  // A busy machine can sometimes miss one.
  const missed = steps.filter((step) => step > 1).length;
  assert.ok(missed <= 2, `slots between blocks: ${steps}`);
});

const typeOf = (api, id) => api.registry.lookup.getSiType(id);
const lookupName = (api, id) => api.registry.createLookupType(id);

// Returns values of a type: the empty one, one for each variant of an enum, and one with an item or
// an optional value in it. Each must decode from its own encoding.
function samples(api, id) {
  const type = typeOf(api, id);
  const name = lookupName(api, id);
  const { def } = type;
  const make = (value) => {
    const made = api.registry.createTypeUnsafe(name, value === undefined ? [] : [value]);
    const decoded = api.registry.createTypeUnsafe(name, [made.toU8a()]);
    assert.equal(decoded.toHex(), made.toHex(), type.path.join('::'));
    return made;
  };
  const values = [make()];
  if (type.path.join('::') === 'Option') {
    for (const value of samples(api, type.params[0].type.unwrap())) values.push(make(value));
  } else if (def.isVariant) {
    for (const { name, fields } of def.asVariant.variants) {
      const of = Object.fromEntries(
        fields.map(({ name, type }, index) => [
          name.isSome ? api.registry.lookup.sanitizeField(name)[0] : index,
          samples(api, type).at(-1),
        ]),
      );
      const inner = fields.length === 0 ? null : fields[0].name.isSome ? of : Object.values(of);
      values.push(make({ [name]: fields.length === 1 && fields[0].name.isNone ? of[0] : inner }));
    }
  } else if (def.isSequence && !typeOf(api, def.asSequence.type).def.isPrimitive) {
    values.push(make(samples(api, def.asSequence.type)));
  }
  return values;
}
