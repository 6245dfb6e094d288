// SPDX-License-Identifier: Apache-2.0

// The client's one object with a real node, through each library. M is the manufacturer, C the
// customer, X a member without rights.

import { Keyring } from '@polkadot/keyring';
import assert from 'node:assert/strict';
import * as client from '../../client/js/src/index.mjs';
import { connect } from './lib/chain.mjs';
import { LIBRARIES } from './lib/libraries.mjs';
import { withNode } from './lib/node.mjs';
import { emptyStore, instantiate, join, of, publish, refused } from './lib/one-object.mjs';

const TEMPLATE = {
  manual: { type: 'entry', dataSchema: {} },
  usageLog: { type: 'list', dataSchema: {}, permissions: { sensor: ['set'] } },
  hours: { type: 'entry', visibility: 'public', dataSchema: { type: 'integer' } },
  notes: { type: 'list', visibility: 'public', dataSchema: { type: 'array', items: {} } },
};
const PEOPLE = ['alice', 'bob', 'dave'];

const { test } = withNode(
  async (url) => {
    const context = await connect(url);
    const plugin = await publish(context, TEMPLATE);
    // Each account has one keystore, with any library.
    const stores = PEOPLE.map((name) => [name, emptyStore(context, context[name])]);
    const libraries = {};
    for (const [name, start] of Object.entries(LIBRARIES)) libraries[name] = await start(url);
    const close = async () => {
      for (const library of Object.values(libraries)) await library.close();
      await context.close();
    };
    return { ...context, plugin, stores: Object.fromEntries(stores), libraries, close };
  },
  { options: ['--state-pruning', 'archive'] },
);

/** Returns the objects of all people through one library, and a new container of M. */
async function through(context, name) {
  const { plugin, stores, libraries } = context;
  const joined = PEOPLE.map((who) => join(libraries[name], stores[who], context[who]));
  const [m, c, x] = await Promise.all(joined);
  return { m, c, x, container: await instantiate(m, plugin) };
}

for (const library of Object.keys(LIBRARIES)) {
  test(`${library}: an owner writes, shares, revokes and rotates`, async (context) => {
    const { m, c, x, container } = await through(context, library);
    assert.equal(m.address, context.alice.address);
    for (const who of [m, c]) await who.ensureKey();
    const again = await m.ensureKey();
    assert.deepEqual([again.version, again.isNew], [1, false]);

    const first = await m.rotateDue({ container });
    assert.deepEqual(first.rotated, ['manual', 'usageLog']);
    const written = await m.write(of('manual', container, { value: { page: 1, text: 'Öl' } }));
    assert.deepEqual([written.revision, written.dataSet], [1, 'manual']);
    const read = await m.read(of('manual', container));
    assert.deepEqual(read.value, { page: 1, text: 'Öl' });
    assert.deepEqual(
      [read.visibility, read.kind, read.revision, read.author, read.block],
      ['confidential', 'entry', 1, m.address, written.block],
    );
    JSON.stringify(read);
    await assert.rejects(c.read(of('manual', container)), { name: 'UnknownKey' });

    const shared = await m.share({
      container,
      account: c.address,
      dataSets: ['manual', 'usageLog'],
    });
    assert.deepEqual(shared.shared[0], { dataSet: 'manual', access: ['read'] });
    assert.deepEqual((await c.read(of('manual', container))).value, { page: 1, text: 'Öl' });

    await m.append(of('usageLog', container, { items: [{ hours: 1 }, { hours: 2n ** 70n }] }));
    const list = await c.read(of('usageLog', container));
    assert.deepEqual(
      list.items.map(({ item, text }) => [item, text]),
      [
        ['0.0', '{"hours":1}'],
        ['0.1', '{"hours":1180591620717411303424}'],
      ],
    );

    const taken = await m.revoke({ container, account: c.address });
    assert.deepEqual(taken.rotated.sort(), ['manual', 'usageLog']);
    await m.write(of('manual', container, { value: 'later' }));
    await assert.rejects(c.read(of('manual', container)), { name: 'UnknownKey' });
    assert.equal((await m.read(of('manual', container))).value, 'later');
    assert.deepEqual((await m.rotateDue({ container })).rotated, []);

    await m.write(of('hours', container, { value: 7 }));
    const wrong = await refused(
      m.write(of('hours', container, { value: 'x', expectedRevision: 1 })),
    );
    assert.deepEqual(
      [wrong.pallet, wrong.error, wrong.fields],
      ['DataContainer', 'TypeMismatch', { index: 0, offset: 0 }],
    );
    assert.match(wrong.message, /^The value is of another type than the schema says/);
    assert.equal((await x.read(of('hours', container))).value, 7);
    const history = await x.verifyHistory(of('manual', container));
    assert.deepEqual(
      history.operations.map(({ type, author }) => [type, author]),
      [
        ['Set', m.address],
        ['Set', m.address],
      ],
    );
    assert.equal((await x.verifyHistory(of('usageLog', container))).operations.length, 1);
  });
}

test('an account that is not a member is told so by each library', async (context) => {
  for (const [name, { api, signerOf }] of Object.entries(context.libraries)) {
    const nobody = new Keyring({ type: 'sr25519' }).addFromUri(`//nobody/${name}`);
    const keystore = new client.Keystore(nobody.publicKey, context.api.genesisHash.toU8a());
    const notes = {};
    const options = { signer: signerOf(nobody), save: () => {}, notes };
    const it = await client.connect(api, keystore, options);
    const { message } = await refused(it.ensureKey());
    assert.match(message, /^The signer is not a member of the consortium/, name);
    assert.equal(notes.prepared.length, 1, 'the key is not one that the chain has');
    assert.deepEqual(keystore.versions, [1], 'the key is kept for the next attempt');
  }
});
