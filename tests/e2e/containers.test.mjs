// SPDX-License-Identifier: Apache-2.0

// Data containers, through signed extrinsics. M is the manufacturer, X a member without rights, N
// not a member.

import { Keyring } from '@polkadot/api';
import { compactToU8a, u8aConcat, u8aEq, u8aToHex } from '@polkadot/util';
import { blake2AsHex, blake2AsU8a } from '@polkadot/util-crypto';
import assert from 'node:assert/strict';
import { bytes, connect, decodeError, eventOf, eventsOf, rawState, text } from './lib/chain.mjs';
import { refusal, SAID } from './lib/consortium.mjs';
import { withNode } from './lib/node.mjs';

const DATA_SETS = {
  manual: {
    type: 'entry',
    visibility: 'public',
    dataSchema: {
      type: 'object',
      properties: {
        title: { type: 'string', minLength: 1 },
        'year/edition': { type: 'integer' },
        pages: { type: 'array', items: { type: 'integer' } },
      },
      additionalProperties: false,
    },
    permissions: { editor: ['set', 'remove'] },
  },
  hours: { type: 'entry', visibility: 'public', dataSchema: { type: 'integer' } },
  stamp: { type: 'entry', visibility: 'public', dataSchema: {}, writeOnce: true },
  log: {
    type: 'list',
    visibility: 'public',
    dataSchema: { type: 'string' },
    permissions: { editor: ['set', 'remove'] },
  },
  parts: { type: 'list', visibility: 'public', dataSchema: { type: 'string' } },
};
const SECRET = { type: 'entry', dataSchema: { type: 'string' } };

const plugin = (name, properties) =>
  bytes(JSON.stringify({ description: { name }, template: { properties } }));

const { test } = withNode(async (url) => {
  const context = await connect(url);
  const { api, chain, alice: m, bob: x } = context;
  // The ids depend on the order of one account's transactions.
  const published = await Promise.all([
    chain.succeed(m, api.tx.dataContainer.publishPlugin(plugin('service', DATA_SETS))),
    chain.succeed(
      m,
      api.tx.dataContainer.publishPlugin(plugin('secrets', { ...DATA_SETS, secret: SECRET })),
    ),
  ]);
  const [open, secret] = published.map(
    ({ events }) => eventOf(events, 'dataContainer', 'PluginPublished').plugin,
  );
  const instance = async (id) => {
    const { events } = await chain.succeed(m, api.tx.dataContainer.instantiate(id, '0x'));
    return eventOf(events, 'dataContainer', 'ContainerCreated').container;
  };
  return { ...context, m, x, open, secret, instance };
});

/** Returns `length` equal bytes as hex. */
const filled = (byte, length) => `0x${byte.toString(16).padStart(2, '0').repeat(length)}`;

const set = (api, container, name, value, expected = null) =>
  api.tx.dataContainer.setEntry(container, bytes(name), bytes(value), expected);
const append = (api, container, name, items, expected = null) =>
  api.tx.dataContainer.append(container, bytes(name), items.map(bytes), expected);
const clear = (api, container, name) =>
  api.tx.dataContainer.clearEntry(container, bytes(name), null);
const removeItem = (api, container, name, batch, position) =>
  api.tx.dataContainer.removeItem(container, bytes(name), batch, position, null);

test('invalid values fail with an offset, and dry runs with a pointer', async (context) => {
  const { api, chain, m, instance, open } = context;
  const container = await instance(open);
  const wrong = [
    ['hours', '"123"', 'type', 0, ''],
    ['hours', '1.5', 'type', 0, ''],
    ['hours', '', 'invalidJson', 0, ''],
    ['hours', '1 2', 'invalidJson', 2, undefined],
    ['manual', '{"title":"Manual","author":"M"}', 'additionalProperties', 18, '/author'],
    ['manual', '{"title":""}', 'minLength', 9, '/title'],
    ['manual', '{"year/edition":"1"}', 'type', 16, '/year~1edition'],
    ['manual', '{"pages":[1,2,"3"]}', 'type', 14, '/pages/2'],
    ['manual', '{"title":"a","title":"b"}', 'duplicateKey', 13, undefined],
    ['manual', '{"title":Manual}', 'invalidJson', 9, undefined],
  ];
  // The error is about a keyword of the schema, or about the text itself.
  const aboutText = ['invalidJson', 'duplicateKey'];
  const name = (keyword) =>
    `dataContainer.${keyword[0].toUpperCase()}${keyword.slice(1)}` +
    (aboutText.includes(keyword) ? '' : 'Mismatch');
  const right = ['1.0', '-7', '1e2', '0'];
  await Promise.all([
    ...right.map((value) => chain.succeed(m, set(api, container, 'hours', value))),
    ...wrong.map(([dataSet, value, keyword, offset]) =>
      chain.fail(m, set(api, container, dataSet, value), name(keyword), { index: 0, offset }),
    ),
    chain.fail(m, append(api, container, 'log', ['"a"', '"b"', 'c']), 'dataContainer.InvalidJson', {
      index: 2,
      offset: 0,
    }),
    chain.fail(
      m,
      append(api, container, 'log', ['"a"', '7', '"c"']),
      'dataContainer.TypeMismatch',
      {
        index: 1,
        offset: 0,
      },
    ),
  ]);

  const { checkValue } = api.call.dataContainerApi;
  for (const [dataSet, value, keyword, offset, pointer] of wrong) {
    const call = dataSet === 'log' || dataSet === 'parts' ? 'Append' : 'SetEntry';
    const refusal = (await checkValue(container, bytes(dataSet), call, bytes(value))).asErr;
    const label = `${dataSet}: ${value}`;
    assert.equal(text(refusal.keyword), keyword, label);
    assert.equal(refusal.offset.toNumber(), offset, label);
    if (pointer !== undefined) assert.equal(text(refusal.pointer), pointer, label);
    assert.equal(decodeError(api, refusal.error).name, name(keyword), label);
    assert.ok(text(refusal.message).length > 0, label);
  }
  for (const value of right) {
    assert.ok((await checkValue(container, bytes('hours'), 'SetEntry', bytes(value))).isOk, value);
  }
  for (const [dataSet, call, error] of [
    ['none', 'SetEntry', 'DataSetNotFound'],
    ['hours', 'Append', 'WrongKind'],
    ['hours', 'SetSealedEntry', 'NotConfidential'],
  ]) {
    const other = (await checkValue(container, bytes(dataSet), call, bytes('1'))).asErr;
    assert.equal(decodeError(api, other.error).name, `dataContainer.${error}`);
  }

  const entry = (await api.call.dataContainerApi.entry(container, bytes('hours'))).unwrap();
  assert.equal(text(entry.value.asPublic), right.at(-1), 'the value is unchanged');
  assert.equal(entry.author.toString(), m.address);
  const stored = await api.query.dataContainer.dataSets.entries(container);
  const revisions = Object.fromEntries(
    stored.map(([key, value]) => [text(key.args[1]), value.unwrap().revision.toNumber()]),
  );
  assert.deepEqual(revisions, { hours: right.length, manual: 0, stamp: 0, log: 0, parts: 0 });
});

test('an invalid document is rejected with the data set and the offset', async (context) => {
  const { api, chain, m } = context;
  const document = (schema) => ({
    first: DATA_SETS.hours,
    second: { ...DATA_SETS.hours, dataSchema: schema },
  });
  const cases = [
    [{ type: 'text' }, 'UnknownType', '"text"'],
    [{ type: 'string', $vocabulary: {} }, 'UnsupportedKeyword', '"$vocabulary"'],
    [{ $ref: '#/a' }, 'ReferenceNotFound', '"#/a"'],
    [{ $schema: 'https://crane.example/schema' }, 'UnknownDialect', '"https:'],
    [{ pattern: '(' }, 'InvalidPattern', '("'],
  ];
  await Promise.all(
    cases.map(async ([schema, error, where]) => {
      const source = plugin('wrong', document(schema));
      const written = Buffer.from(source.slice(2), 'hex');
      const offset = written.lastIndexOf(where);
      // The offset counts from the beginning of the data set's member.
      const fields = { index: 1, offset: offset - written.indexOf('"second"') };
      const call = api.tx.dataContainer.publishPlugin(source);
      const { events } = await chain.fail(m, call, `dataContainer.${error}`, fields);
      assert.equal(eventsOf(events, 'dataContainer', 'PluginPublished').length, 0);
      const refusal = (await api.call.dataContainerApi.checkDocument(m.address, source)).asErr;
      assert.equal(refusal.offset.toNumber(), offset);
      assert.match(text(refusal.pointer), /^\/template\/properties\/second\/dataSchema/);
    }),
  );
});

test('a list schema with an invalid type is rejected immediately', async (context) => {
  const { api, chain, m, instance, open } = context;
  const container = await instance(open);
  const { checkDocument, checkDefinition } = api.call.dataContainerApi;
  // Each of these once kept a node busy forever.
  const shapes = [[1], [null], ['array', null], ['array', {}], [['array']]];
  await Promise.all(
    shapes.map(async (type) => {
      const list = { type: 'list', visibility: 'public', dataSchema: { type } };
      const source = plugin('wrong', { a: list });
      const definition = bytes(JSON.stringify(list));
      const label = JSON.stringify(type);
      const refusals = [
        await checkDocument(m.address, source),
        await checkDefinition(container, bytes('new'), definition),
      ];
      for (const refusal of refusals) {
        assert.equal(
          decodeError(api, refusal.asErr.error).name,
          'dataContainer.InvalidKeywordValue',
          label,
        );
        assert.match(text(refusal.asErr.pointer), /\/dataSchema\/type\/[01]$/, label);
      }
      const add = api.tx.dataContainer.addDataSet(container, bytes('new'), definition);
      await chain.fail(
        m,
        api.tx.dataContainer.publishPlugin(source),
        'dataContainer.InvalidKeywordValue',
      );
      await chain.fail(m, add, 'dataContainer.InvalidKeywordValue');
    }),
  );
  await chain.succeed(m, set(api, container, 'hours', '1'));
});

test('no account can purge write-once data, before or after a handover', async (context) => {
  const { api, chain, m, x, instance, open } = context;
  const container = await instance(open);
  const list = {
    type: 'list',
    visibility: 'public',
    writeOnce: true,
    dataSchema: { type: 'string' },
  };
  const { dataContainer } = api.tx;
  const purge = (name) => dataContainer.purge(container, bytes(name), 64);
  await chain.succeed(
    m,
    dataContainer.addDataSet(container, bytes('stamps'), bytes(JSON.stringify(list))),
  );
  await chain.succeed(m, append(api, container, 'stamps', ['"a"']));
  await chain.succeed(m, append(api, container, 'log', ['"b"']));
  await chain.succeed(m, dataContainer.retireDataSet(container, bytes('stamps')));
  await chain.succeed(m, dataContainer.retireDataSet(container, bytes('log')));
  await Promise.all([
    chain.fail(m, purge('stamps'), 'dataContainer.WriteOnce'),
    chain.fail(x, purge('stamps'), 'dataContainer.WriteOnce'),
    // Other data sets can be purged by the owner, and after 30 days by any account.
    chain.fail(x, purge('log'), 'dataContainer.PurgeTooEarly'),
  ]);
  await chain.succeed(m, purge('log'));
  await chain.succeed(m, dataContainer.offerOwnership(container, x.address, 4_000_000_000_000, []));
  await chain.succeed(x, dataContainer.acceptOwnership(container, 0));
  await chain.fail(x, purge('stamps'), 'dataContainer.WriteOnce');
  await chain.fail(m, purge('stamps'), 'dataContainer.WriteOnce');
  const { batches } = api.call.dataContainerApi;
  const left = await batches(container, bytes('stamps'), 0, 9);
  assert.equal(text(left.items[0].stored.items[0].unwrap().asPublic), '"a"');
});

test('store writes all values or none, and rejects an old revision', async (context) => {
  const { api, chain, m, instance, open } = context;
  const container = await instance(open);
  const store = (...values) =>
    api.tx.dataContainer.store(
      container,
      values.map(([dataSet, value, expectedRevision = null]) => ({
        dataSet: bytes(dataSet),
        value: bytes(value),
        expectedRevision,
      })),
    );
  await Promise.all([
    chain.succeed(m, store(['hours', '1', 0], ['stamp', 'null'], ['manual', '{}'])),
    chain.fail(m, store(['hours', '2', 1], ['manual', '{}', 0]), 'dataContainer.StaleRevision'),
    chain.fail(m, store(['hours', '2'], ['manual', '[]']), 'dataContainer.TypeMismatch', {
      index: 1,
      offset: 0,
    }),
    chain.fail(m, store(['hours', '2'], ['stamp', '1']), 'dataContainer.WriteOnce'),
    chain.fail(m, store(['hours', '2'], ['log', '"x"']), 'dataContainer.WrongKind'),
    chain.fail(m, store(), 'dataContainer.NothingToDo'),
    chain.fail(m, set(api, container, 'hours', '2', 0), 'dataContainer.StaleRevision'),
    chain.fail(m, clear(api, container, 'stamp'), 'dataContainer.WriteOnce'),
  ]);
  const entry = (await api.call.dataContainerApi.entry(container, bytes('hours'))).unwrap();
  assert.equal(text(entry.value.asPublic), '1');
  const hours = (await api.query.dataContainer.dataSets(container, bytes('hours'))).unwrap();
  assert.equal(hours.revision.toNumber(), 1);
});

test('the head is recomputed from the events alone', async (context) => {
  const { api, chain, m, instance, open } = context;
  const container = await instance(open);
  const other = await instance(open);
  // Some in one block, some later: the walk backwards must find all of them.
  await Promise.all([
    chain.succeed(m, set(api, container, 'hours', '1')),
    chain.succeed(m, set(api, container, 'hours', '2')),
    chain.succeed(m, append(api, container, 'log', ['"a"', '"b"'])),
    chain.succeed(m, append(api, container, 'parts', ['"a"', '"b"'])),
    chain.succeed(m, set(api, other, 'hours', '1')),
  ]);
  await Promise.all([
    chain.succeed(m, clear(api, container, 'hours')),
    chain.succeed(m, append(api, container, 'log', ['"c"'])),
    chain.succeed(m, removeItem(api, container, 'log', 0, 1)),
    chain.succeed(m, api.tx.dataContainer.retireDataSet(container, bytes('parts'))),
  ]);
  const last = await chain.succeed(m, set(api, container, 'hours', '3'));

  const histories = {};
  for (const [id, name, kinds] of [
    [container, 'hours', ['Set', 'Set', 'Clear', 'Set']],
    [container, 'log', ['Append', 'Append', 'Remove']],
    [container, 'parts', ['Append', 'Retire']],
    [container, 'manual', []],
    [other, 'hours', ['Set']],
  ]) {
    const label = `${id}/${name}`;
    const history = await walkBack(api, id, name, last.blockHash);
    histories[label] = history;
    assert.deepEqual(history.operations.map(({ type }) => type), kinds, label);
    assert.equal(head(history.first, history.operations), history.head, label);
  }

  const hours = histories[`${container}/hours`];
  const log = histories[`${container}/log`];
  assert.equal(hours.operations[0].asSet.payloadHash.toHex(), blake2AsHex('1', 256));
  assert.equal(
    log.operations[0].asAppend.payloadHash.toHex(),
    blake2AsHex(api.createType('Vec<Bytes>', ['"a"', '"b"'].map(bytes)).toU8a(), 256),
  );
  hours.operations.forEach(({ inner }, index) => {
    assert.equal(inner.get('revision').toNumber(), index + 1);
    assert.equal(inner.get('author').toString(), m.address);
    assert.ok(inner.get('authority').isOwner);
  });

  for (const { first, operations, head: stored } of [hours, log]) {
    operations.forEach((_, index) => {
      const without = operations.toSpliced(index, 1);
      assert.notEqual(head(first, without), stored, `operation ${index} is left out`);
      if (index > 0) {
        const swapped = operations
          .with(index, operations[index - 1])
          .with(index - 1, operations[index]);
        assert.notEqual(
          head(first, swapped),
          stored,
          `operations ${index - 1} and ${index} swapped`,
        );
      }
    });
    assert.notEqual(head(first, [...operations, operations.at(-1)]), stored, 'one operation more');
  }
  assert.notEqual(head(hours.first, log.operations), hours.head, "another data set's operations");
  assert.notEqual(head(log.first, hours.operations), hours.head, "another data set's beginning");
  const foreign = histories[`${other}/hours`];
  assert.notEqual(
    head(foreign.first, hours.operations),
    hours.head,
    "another container's beginning",
  );
});

// Returns the head after these operations, from the head before them.
const head = (first, operations) =>
  u8aToHex(
    operations.reduce((hash, change) => blake2AsU8a(u8aConcat(hash, change.toU8a()), 256), first),
  );

// Returns every operation on a data set as a client finds it: from the block of its last change
// back to the previous change, until none is left.
async function walkBack(api, container, name, hash) {
  const read = async (at) =>
    (await (await api.at(at)).query.dataContainer.dataSets(container, bytes(name))).unwrap();
  const newest = await read(hash);
  const operations = [];
  let state = newest;
  while (state.revision.toNumber() > 0) {
    const block = await api.rpc.chain.getBlockHash(state.changed);
    const records = await (await api.at(block)).query.system.events();
    const changes = eventsOf(records.map(({ event }) => event), 'dataContainer', 'DataSetChanged')
      .filter((data) => data.container.eq(container) && text(data.name) === name)
      .map(({ operation }) => operation);
    assert.ok(changes.length > 0, `block ${state.changed} has a change`);
    for (const change of changes) assert.ok(change.inner.get('block').eq(state.changed));
    operations.unshift(...changes);
    const { parentHash } = await api.rpc.chain.getHeader(block);
    state = await read(parentHash);
  }
  const first = blake2AsU8a(
    u8aConcat(
      'twinchain/head/2',
      api.genesisHash,
      api.createType('u64', container).toU8a(),
      api.createType('u16', newest.id).toU8a(),
    ),
    256,
  );
  if (operations.length === 0) {
    assert.ok(u8aEq(first, newest.head), 'an unchanged data set has the initial head');
  }
  return { first, operations, head: newest.head.toHex() };
}

test('no call lets an account write to data of another account', async (context) => {
  const { api, chain, m, x, open, secret, instance } = context;
  const shown = await instance(open);
  const hidden = await instance(secret);
  const prepared = await Promise.all([
    chain.succeed(m, set(api, shown, 'hours', '1')),
    chain.succeed(m, append(api, shown, 'log', ['"a"'])),
    chain.succeed(m, api.tx.digitalTwin.createTwin(bytes('{}'), bytes('x'), [
      { Container: { name: bytes('data'), container: hidden } },
    ])),
  ]);
  const { twin } = eventOf(prepared[2].events, 'digitalTwin', 'TwinCreated');
  const own = await chain.succeed(x, api.tx.digitalTwin.createTwin(bytes('{}'), bytes('x'), []));
  const mine = eventOf(own.events, 'digitalTwin', 'TwinCreated').twin;

  // The attempts of X for each call of both pallets, with the expected error.
  const replaces = (id) =>
    bytes(JSON.stringify({ replaces: id.toNumber(), template: { type: 'x', properties: {} } }));
  const name = bytes('hours');
  const attempts = {
    dataContainer: {
      publishPlugin: [[[replaces(open)], 'dataContainer.NotPublisher']],
      retirePlugin: [[[open], 'dataContainer.NotPublisher']],
      // X owns what it creates, which changes nothing of M.
      createContainer: [[['0x']]],
      instantiate: [[[open, '0x']]],
      cloneContainer: [[[hidden, false], 'dataContainer.MayNotClone'], [[shown, true]]],
      setDescription: [[[shown, bytes('{}')], 'dataContainer.NotOwner']],
      addDataSet: [
        [[shown, bytes('new'), bytes(JSON.stringify(SECRET))], 'dataContainer.NotOwner'],
      ],
      retireDataSet: [[[shown, name], 'dataContainer.NotOwner']],
      purge: [[[shown, name, 64], 'dataContainer.NotRetired']],
      closeContainer: [[[shown], 'dataContainer.NotOwner']],
      setEntry: [
        [[shown, name, bytes('2'), null], 'dataContainer.NotPermitted'],
        [[hidden, bytes('secret'), bytes('"2"'), null], 'dataContainer.NotPermitted'],
      ],
      clearEntry: [[[shown, name, null], 'dataContainer.NotPermitted']],
      append: [[[shown, bytes('log'), [bytes('"b"')], null], 'dataContainer.NotPermitted']],
      removeItem: [[[shown, bytes('log'), 0, 0, null], 'dataContainer.NotPermitted']],
      store: [
        [
          [shown, [{ dataSet: name, value: bytes('2'), expectedRevision: null }]],
          'dataContainer.NotPermitted',
        ],
      ],
      setSealedEntry: [
        [[hidden, bytes('secret'), 1, `0x${'00'.repeat(112)}`, null], 'dataContainer.NotPermitted'],
      ],
      appendSealed: [
        [[shown, bytes('log'), 1, [`0x${'00'.repeat(112)}`], null], 'dataContainer.NotPermitted'],
      ],
      setRole: [
        [[shown, bytes('editor'), [{ dataSet: name, access: 2 }]], 'dataContainer.NotOwner'],
      ],
      assignRole: [[[shown, x.address, bytes('editor')], 'dataContainer.NotOwner']],
      unassignRole: [[[shown, m.address, bytes('editor')], 'dataContainer.NotOwner']],
      share: [
        [
          [hidden, x.address, [{ dataSet: bytes('secret'), access: 1 }], null, []],
          'dataContainer.NotOwner',
        ],
      ],
      unshare: [[[shown, m.address, [{ dataSet: name, access: 2 }]], 'dataContainer.NotOwner']],
      clearExpired: [[[shown, m.address], 'dataContainer.NothingToDo']],
      setEncryptionKey: [
        [[1, filled(0, 32), 0, false], 'dataContainer.WeakKey'],
        [[1, `0x${'09'.repeat(31)}89`, 0, false], 'dataContainer.NonCanonicalKey'],
        [[1, filled(9, 31), 0, false], 'dataContainer.InvalidPublicKey'],
        [[2, filled(9, 32), 0, false], 'dataContainer.UnsupportedSuite'],
        [[1, filled(9, 32), 1, false], 'dataContainer.StaleKeyVersion'],
        [[1, filled(9, 32), 0, true], 'dataContainer.NoEncryptionKey'],
      ],
      rotateKey: [
        [
          [hidden, bytes('secret'), 0, 1, filled(9, 32), 'Cut', 1, filled(0, 80), []],
          'dataContainer.NotOwner',
        ],
      ],
      setEnvelope: [
        [[hidden, bytes('secret'), m.address, 1, 1, filled(0, 80)], 'dataContainer.NotOwner'],
        [[hidden, bytes('secret'), x.address, 1, 1, filled(0, 80)], 'dataContainer.NotAReader'],
      ],
      setEnvelopes: [
        [
          [
            hidden,
            bytes('secret'),
            1,
            [{ reader: x.address, keyVersion: 1, envelope: filled(0, 80) }],
          ],
          'dataContainer.NotOwner',
        ],
        [[hidden, bytes('secret'), 1, []], 'dataContainer.NothingToDo'],
      ],
      setAccountEnvelopes: [
        [
          [1, [{ Key: { public: filled(9, 32), envelope: filled(0, 80) } }]],
          'dataContainer.KeyNotFound',
        ],
        [[1, []], 'dataContainer.NothingToDo'],
      ],
      removeAccountEnvelope: [
        [[1, { Account: m.address }], 'dataContainer.HolderNotFound'],
        [[1, { Key: filled(9, 32) }], 'dataContainer.HolderNotFound'],
      ],
      offerOwnership: [[[shown, x.address, 4_000_000_000_000, []], 'dataContainer.NotOwner']],
      acceptOwnership: [[[shown, 0], 'dataContainer.OfferNotFound']],
      cancelOffer: [[[shown], 'dataContainer.OfferNotFound']],
      declineOffer: [[[shown, 0], 'dataContainer.OfferNotFound']],
      leave: [[[shown], 'dataContainer.NothingToDo']],
      renameRole: [[[shown, bytes('a'), bytes('b')], 'dataContainer.NotOwner']],
      removeRole: [[[shown, bytes('a')], 'dataContainer.NotOwner']],
    },
    digitalTwin: {
      createTwin: [
        [
          [bytes('{}'), bytes('x'), [{ Container: { name: bytes('data'), container: hidden } }]],
          'digitalTwin.MayNotLink',
        ],
      ],
      setDescription: [[[twin, bytes('{}')], 'digitalTwin.NotOwner']],
      setLink: [
        [[twin, bytes('data'), { Container: shown }], 'digitalTwin.NotOwner'],
        [[mine, bytes('data'), { Container: hidden }], 'digitalTwin.MayNotLink'],
      ],
      removeLink: [[[twin, bytes('data')], 'digitalTwin.NotOwner']],
      deactivateTwin: [[[twin], 'digitalTwin.NotOwner']],
      offerTwin: [
        [[twin, x.address, 4_000_000_000_000, [], []], 'digitalTwin.NotOwner'],
        [[mine, m.address, 4_000_000_000_000, [shown], []], 'dataContainer.NotOwner'],
      ],
      acceptTwin: [[[twin, 0], 'digitalTwin.OfferNotFound']],
      cancelOffer: [[[twin], 'digitalTwin.OfferNotFound']],
      declineOffer: [[[twin, 0], 'digitalTwin.OfferNotFound']],
    },
  };
  for (const pallet of Object.keys(attempts)) {
    assert.deepEqual(
      Object.keys(attempts[pallet]).sort(),
      Object.keys(api.tx[pallet]).sort(),
      `the table above must contain every call of ${pallet}`,
    );
  }

  // Calls that require root or are forbidden do not get into the pool.
  const { session, system } = api.tx;
  assert.match(await refusal(x, system.setStorage([['0x3a636f6465', '0x00']])), SAID[106]);
  assert.match(await refusal(x, system.killPrefix('0x', 1)), SAID[106]);
  assert.match(await refusal(x, session.purgeKeys()), SAID[107]);

  const pallets = ['dataContainer', 'digitalTwin'];
  const before = await rawState(api, pallets, await api.rpc.chain.getFinalizedHead());
  const outcomes = await Promise.all(
    Object.entries(attempts).flatMap(([pallet, calls]) =>
      Object.entries(calls).flatMap(([call, tries]) =>
        tries.map(([args, error]) =>
          error
            ? chain.fail(x, api.tx[pallet][call](...args), error)
            : chain.succeed(x, api.tx[pallet][call](...args)),
        ),
      ),
    ),
  );
  const last = outcomes.reduce((a, b) => (a.blockNumber > b.blockNumber ? a : b));
  const after = await rawState(api, pallets, last.blockHash);
  const counter = api.query.dataContainer.nextContainerId.key();
  for (const [key, value] of before) {
    if (key !== counter) assert.equal(after.get(key), value, `the value under ${key}`);
  }
  assert.ok(before.has(counter) && after.size > before.size, "X's own containers exist");

  const { can, authorityOf } = api.call.dataContainerApi;
  for (const [container, dataSet] of [[shown, 'hours'], [shown, 'log'], [hidden, 'secret']]) {
    for (const access of [1, 2, 4, 7]) {
      assert.ok((await can(container, bytes(dataSet), x.address, access)).isFalse, dataSet);
      const authority = await authorityOf(container, bytes(dataSet), m.address, access);
      assert.ok(authority.unwrap().isOwner);
    }
  }
});

test('the pool rejects the transaction of an account that does not exist', async (context) => {
  const { api, chain, m } = context;
  const n = new Keyring({ type: 'sr25519', ss58Format: 42 }).addFromUri('//Nobody', { name: 'N' });
  const call = api.tx.digitalTwin.createTwin(bytes('{}'), bytes('x'), []);
  await assert.rejects(chain.send(n, call), /^RpcError: 1010: Invalid Transaction/);
  assert.equal((await api.rpc.author.pendingExtrinsics()).length, 0);
  await chain.succeed(m, call);
});

test('endlessly nested calls are rejected with a short message', async (context) => {
  const { api, chain, m } = context;
  const DEPTH = 20_000;
  const BARE = 4;
  // A batch of one call, which is a batch of one call, and so on.
  const batch = [...api.tx.utility.batch.callIndex, ...compactToU8a(1)];
  const innermost = api.tx.system.remark('0x').method.toU8a();
  const body = u8aConcat([BARE], ...Array(DEPTH).fill(batch), innermost);
  const extrinsic = u8aToHex(u8aConcat(compactToU8a(body.length), body));
  // Sent without Polkadot.js' encoding, which could not decode it.
  await assert.rejects(
    api._rpcCore.provider.send('author_submitExtrinsic', [extrinsic]),
    (error) => {
      assert.match(error.message, /^1002: Verification Error: Runtime error: /);
      assert.ok(error.message.length < 1_000, `${error.message.length} characters`);
      return true;
    },
  );
  await chain.succeed(m, api.tx.digitalTwin.createTwin(bytes('{}'), bytes('y'), []));
});
