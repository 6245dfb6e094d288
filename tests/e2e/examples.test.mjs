// SPDX-License-Identifier: Apache-2.0

// The example plugins are published, instantiated, filled with their sample data, and read back.

import { blake2AsHex } from '@polkadot/util-crypto';
import assert from 'node:assert/strict';
import { bytes, connect, decodeError, eventOf, eventsOf, text } from './lib/chain.mjs';
import { examples } from './lib/examples.mjs';
import { withNode } from './lib/node.mjs';

// Texts with line breaks and indentation, which must be returned unchanged.
const json = (value) => JSON.stringify(value, null, 2);

const { test } = withNode(async (url) => {
  const context = await connect(url);
  const { alice, bob, charlie, dave } = context;
  const owners = [alice, bob, charlie, dave];
  const owner = (index) => owners[index % owners.length];
  const plugins = examples().map((plugin, index) => ({ ...plugin, owner: owner(index) }));
  return { ...context, plugins };
});

test('all example plugins are published and read back byte for byte', async ({
  api,
  chain,
  plugins,
}) => {
  const { dataContainer } = api.tx;
  await Promise.all(
    plugins.map(async (plugin) => {
      const document = bytes(plugin.document);
      const preview = await api.call.dataContainerApi.checkDocument(plugin.owner.address, document);
      assert.ok(preview.isOk, `${plugin.name}: ${preview}`);
      assert.equal(text(preview.asOk.name), plugin.pluginName);

      const { events } = await chain.succeed(plugin.owner, dataContainer.publishPlugin(document));
      const published = eventOf(events, 'dataContainer', 'PluginPublished');
      plugin.id = published.plugin;
      assert.equal(text(published.name), plugin.pluginName);
      assert.equal(published.document.toHex(), blake2AsHex(plugin.document, 256));

      plugin.info = (await api.call.dataContainerApi.plugin(plugin.id)).unwrap();
      assert.equal(plugin.info.document.toHex(), document);
      assert.deepEqual(
        plugin.info.plugin.dataSets.map(({ name }) => text(name)),
        plugin.dataSets.map(({ name }) => name),
      );
    }),
  );
});

test('all example plugins are instantiated with their defaults', async ({
  api,
  chain,
  plugins,
}) => {
  let defaults = 0;
  await Promise.all(
    plugins.map(async (plugin) => {
      const call = api.tx.dataContainer.instantiate(plugin.id, '0x');
      const { events } = await chain.succeed(plugin.owner, call);
      const created = eventOf(events, 'dataContainer', 'ContainerCreated');
      plugin.container = created.container;
      assert.equal(created.plugin.unwrap().toString(), plugin.id.toString());

      const dataSets = await api.call.dataContainerApi.dataSets(plugin.container);
      assert.equal(dataSets.length, plugin.dataSets.length);
      for (const [index, dataSet] of plugin.dataSets.entries()) {
        const [name, stored] = dataSets[index];
        const label = `${plugin.name}: ${dataSet.name}`;
        assert.equal(text(name), dataSet.name);
        assert.equal(stored.kind.isList, dataSet.isList, label);
        assert.equal(stored.visibility.isPublic, dataSet.isPublic, label);
        assert.equal(stored.writeOnce.isTrue, dataSet.writeOnce, label);
        assert.equal(stored.revision.toNumber(), dataSet.hasDefault ? 1 : 0, label);
        if (dataSet.hasDefault && !dataSet.isList) {
          // Exactly the bytes in the document.
          const span = plugin.info.plugin.dataSets[index].default.unwrap();
          const from = span.offset.toNumber();
          const written = plugin.document.subarray(from, from + span.length.toNumber());
          const entry = await api.call.dataContainerApi.entry(
            plugin.container,
            bytes(dataSet.name),
          );
          assert.equal(text(entry.unwrap().value.asPublic), written.toString(), label);
          defaults += 1;
        }
      }
    }),
  );
  assert.ok(defaults > 3, 'the examples have defaults');
});

test('every invalid sample is rejected with its position', async (context) => {
  const { api, plugins } = context;
  let tried = 0;
  for (const { name, container, dataSets } of plugins) {
    for (const dataSet of dataSets) {
      for (const { value, keyword, pointer } of dataSet.invalid) {
        const label = `${name}: ${dataSet.name}: ${JSON.stringify(value)}`;
        const answer = await check(api, container, dataSet.name, json(value));
        assert.ok(answer, `${label} passes`);
        // The samples use `false` for the schema `false`.
        const expected = keyword === 'false' ? 'falseSchema' : keyword;
        assert.equal(answer.keyword, expected, label);
        assert.equal(answer.pointer, pointer, label);
        const error = expected === 'falseSchema' ? 'FalseSchema' : `${capital(expected)}Mismatch`;
        assert.equal(answer.error.name, `dataContainer.${error}`, label);
        assert.deepEqual(answer.error.fields, { index: 0, offset: answer.offset }, label);
        assert.ok(answer.message.length > 10, label);
        tried += 1;
      }
    }
  }
  assert.ok(tried > 150, `${tried} samples`);
});

test('extrinsics reject invalid samples with the same error', async ({ api, chain, plugins }) => {
  await Promise.all(
    plugins.flatMap(({ container, dataSets, owner }) =>
      dataSets
        .filter(({ isPublic, invalid }) => isPublic && invalid.length > 0)
        .slice(0, 3)
        .map(async (dataSet) => {
          const value = json(dataSet.invalid[0].value);
          const { error, offset } = await check(api, container, dataSet.name, value);
          const good = dataSet.append.flat().slice(0, 2).map(json);
          const call = dataSet.isList
            ? append(api, container, dataSet.name, [...good, value])
            : set(api, container, dataSet.name, value);
          const index = dataSet.isList ? good.length : 0;
          await chain.fail(owner, call, error.name, { index, offset });
        }),
    ),
  );
});

test('confidential data sets reject plain text', async ({ api, chain, plugins }) => {
  const some = plugins.filter(({ dataSets }) => dataSets.some(({ isPublic }) => !isPublic));
  assert.ok(some.length >= 4, 'most have confidential data sets');
  await Promise.all(
    some.map(async ({ name, container, dataSets, owner }) => {
      const hidden = dataSets.filter(({ isPublic }) => !isPublic);
      for (const dataSet of hidden) {
        for (const value of [...dataSet.set, ...dataSet.append.flat()]) {
          const answer = await check(api, container, dataSet.name, json(value));
          assert.equal(answer, undefined, `${name}: ${dataSet.name}: the sample is valid`);
        }
      }
      const [first] = hidden;
      const call = first.isList
        ? append(api, container, first.name, first.append[0].map(json))
        : set(api, container, first.name, json(first.set[0]));
      await chain.fail(owner, call, 'dataContainer.Confidential');
    }),
  );
});

test('all public samples are written and read back byte for byte', async (context) => {
  const { api, chain, plugins } = context;
  const writes = plugins.flatMap(({ container, dataSets, owner }) =>
    dataSets
      .filter(({ isPublic }) => isPublic)
      .flatMap(({ name, set: values, append: batches }) => [
        ...values.map((value) => [owner, set(api, container, name, json(value))]),
        ...batches.map((items) => [owner, append(api, container, name, items.map(json))]),
      ]),
  );
  assert.ok(writes.length > 60, `${writes.length} writes`);
  await Promise.all(writes.map(([owner, call]) => chain.succeed(owner, call)));

  for (const { name: plugin, container, dataSets } of plugins) {
    const stored = await api.call.dataContainerApi.dataSets(container);
    for (const [index, dataSet] of dataSets.entries()) {
      const { name, isList, isPublic, hasDefault } = dataSet;
      if (!isPublic) continue; // confidential ones are empty
      const label = `${plugin}: ${name}`;
      const written = (isList ? dataSet.append : dataSet.set).length;
      assert.equal(stored[index][1].revision.toNumber(), written + (hasDefault ? 1 : 0), label);
      if (isList) {
        const page = await api.call.dataContainerApi.batches(container, bytes(name), 0, 256);
        assert.ok(page.next.isNone, label);
        const items = page.items
          .slice(hasDefault ? 1 : 0)
          .map(({ stored }) => stored.items.map((item) => text(item.unwrap().asPublic)));
        assert.deepEqual(items, dataSet.append.map((batch) => batch.map(json)), label);
        assert.deepEqual(page.items.map(({ batch }) => batch.toNumber()), [...page.items.keys()]);
        const live = page.items.reduce((sum, { stored }) => sum + stored.items.length, 0);
        assert.equal(stored[index][1].count.toNumber(), live, label);
      } else {
        const entry = (await api.call.dataContainerApi.entry(container, bytes(name))).unwrap();
        assert.equal(text(entry.value.asPublic), json(dataSet.set.at(-1)), label);
      }
    }
  }
});

test('one extrinsic creates a twin with an instance of each plugin', async ({
  api,
  chain,
  plugins,
  eve,
}) => {
  const links = plugins.map(({ id, name }) => ({ Instantiate: { name: bytes(name), plugin: id } }));
  const description = bytes('{"name":"Twin of everything"}');
  const call = api.tx.digitalTwin.createTwin(description, bytes('x.example/1'), links);
  const { events, info } = await chain.succeed(eve, call);
  const created = eventsOf(events, 'dataContainer', 'ContainerCreated');
  assert.deepEqual(
    created.map(({ owner }) => owner.toString()),
    plugins.map(() => eve.address),
  );
  const added = eventsOf(events, 'dataContainer', 'DataSetAdded');
  assert.equal(
    added.length,
    plugins.reduce((sum, { dataSets }) => sum + dataSets.length, 0),
  );

  const most = (await call.paymentInfo(eve)).weight.refTime.toBigInt();
  assert.ok(info.weight.refTime.toBigInt() <= most, 'unused weight is refunded');

  const { twin } = eventOf(events, 'digitalTwin', 'TwinCreated');
  for (const { name, dataSets, container: other } of plugins) {
    const target = (await api.call.digitalTwinApi.resolve(twin, bytes(name))).asOk.asContainer;
    assert.notEqual(target.toString(), other.toString(), 'a separate instance');
    const copied = await api.call.dataContainerApi.dataSets(target);
    assert.deepEqual(
      copied.map(([key]) => text(key)),
      dataSets.map((dataSet) => dataSet.name),
    );
    const info = (await api.call.dataContainerApi.container(target)).unwrap();
    assert.ok(typeof JSON.parse(text(info.description)) === 'object');
  }
});

const capital = (word) => word[0].toUpperCase() + word.slice(1);

const set = (api, container, name, value) =>
  api.tx.dataContainer.setEntry(container, bytes(name), bytes(value), null);
const append = (api, container, name, items) =>
  api.tx.dataContainer.append(container, bytes(name), items.map(bytes), null);

// Returns the dry run's error for a value, or `undefined` if the value is valid.
async function check(api, container, name, value) {
  const { checkValue } = api.call.dataContainerApi;
  const { kind, visibility } = (
    await api.query.dataContainer.dataSets(container, bytes(name))
  ).unwrap();
  const call = visibility.isPublic
    ? kind.isEntry ? 'SetEntry' : 'Append'
    : kind.isEntry ? 'SetSealedEntry' : 'AppendSealed';
  const answer = await checkValue(container, bytes(name), call, bytes(value));
  if (answer.isOk) return undefined;
  const { error, keyword, message, offset, pointer } = answer.asErr;
  return {
    error: decodeError(api, error),
    keyword: text(keyword),
    message: text(message),
    offset: offset.toNumber(),
    pointer: text(pointer),
  };
}
