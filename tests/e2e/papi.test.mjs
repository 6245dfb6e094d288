// SPDX-License-Identifier: Apache-2.0

// The chain through PAPI, without descriptors: it reads everything from the metadata (V16) and
// talks through the newer JSON-RPC methods, so this shows that those work too.

import assert from 'node:assert/strict';
import { Binary, createClient } from 'polkadot-api';
import { getPolkadotSigner } from 'polkadot-api/signer';
import { getWsProvider } from 'polkadot-api/ws';
import WebSocket from 'ws';
import { accounts } from './lib/chain.mjs';
import { withNode } from './lib/node.mjs';

const DESCRIPTION = '{"name":"Big Crane 250"}';
const ASSET = 'cranes.example/BC250-4711';

const { test } = withNode(async (url) => {
  const client = createClient(getWsProvider(url, { websocketClass: WebSocket }));
  const { alice, bob } = accounts();
  const signer = ({ publicKey, sign }) => getPolkadotSigner(publicKey, 'Sr25519', sign);
  return {
    client,
    api: client.getUnsafeApi(),
    owner: alice,
    alice: signer(alice),
    bob: signer(bob),
    close: () => client.destroy(),
  };
});

test('a signed extrinsic is final, and the twin is read back', async ({ api, alice, owner }) => {
  const call = api.tx.DigitalTwin.create_twin({
    description: Binary.fromText(DESCRIPTION),
    asset: Binary.fromText(ASSET),
    links: [
      { type: 'Account', value: { name: Binary.fromText('maker'), account: owner.address } },
    ],
  });
  const { ok, events } = await call.signAndSubmit(alice);
  assert.ok(ok);
  const created = events.find(({ value }) => value.type === 'TwinCreated').value.value;
  assert.equal(created.owner, owner.address);

  const twin = await api.query.DigitalTwin.Twins.getValue(created.twin);
  assert.equal(twin.owner, owner.address);
  assert.equal(Binary.toText(twin.asset), ASSET);
  assert.equal(twin.status.type, 'Active');
  assert.equal(twin.links, 1);
  const description = await api.query.DigitalTwin.Descriptions.getValue(created.twin);
  assert.equal(Binary.toText(description), DESCRIPTION);
});

test('view functions and runtime APIs answer alike', async ({ api, owner }) => {
  const asset = Binary.fromText(ASSET);
  const questions = [
    ['DigitalTwin', 'DigitalTwinApi', 'twin', [0n]],
    ['DigitalTwin', 'DigitalTwinApi', 'links', [0n, undefined, 10]],
    ['DigitalTwin', 'DigitalTwinApi', 'twins_of_asset', [asset, undefined, 10]],
    ['DigitalTwin', 'DigitalTwinApi', 'twins_of_owner', [owner.address, undefined, 10]],
    ['DigitalTwin', 'DigitalTwinApi', 'resolve', [0n, Binary.fromText('maker')]],
    ['DataContainer', 'DataContainerApi', 'container', [0n]],
    ['DataContainer', 'DataContainerApi', 'check_document', [owner.address, Binary.fromText('{}')]],
  ];
  const answers = {};
  for (const [pallet, name, method, args] of questions) {
    const viewed = await api.view[pallet][method](...args);
    assert.deepEqual(viewed, await api.apis[name][method](...args), `${pallet}.${method}`);
    answers[method] = viewed;
  }
  assert.equal(Binary.toText(answers.twin.description), DESCRIPTION);
  assert.deepEqual(answers.twins_of_asset.items, [[0n, owner.address]]);
  assert.deepEqual(answers.resolve.value, { type: 'Account', value: owner.address });
  assert.equal(answers.container, undefined);
  assert.equal(answers.check_document.success, false);
  assert.equal(answers.check_document.value.error.value.value.type, 'InvalidMember');
});

test('errors have their names and fields', async ({ api, alice, bob }) => {
  const write = (twin, description) =>
    api.tx.DigitalTwin.set_description({ twin, description: Binary.fromText(description) });
  const [unquoted, foreign] = await Promise.all([
    write(0n, '{"name":Big Crane 250}').signAndSubmit(alice),
    write(0n, DESCRIPTION).signAndSubmit(bob),
  ]);
  assert.equal(unquoted.ok, false);
  assert.equal(unquoted.dispatchError.type, 'Module');
  assert.deepEqual(unquoted.dispatchError.value, {
    type: 'DigitalTwin',
    value: { type: 'DescriptionNotJson', value: { offset: 8 } },
  });
  assert.equal(foreign.ok, false);
  assert.equal(foreign.dispatchError.value.value.type, 'NotOwner');
});
