// SPDX-License-Identifier: Apache-2.0

// The writes of the tests, and checks that each was executed exactly once and by the right account.

import assert from 'node:assert/strict';
import { bytes, connect, eventOf, text } from '../../e2e/lib/chain.mjs';

/** Returns a write that creates a twin of an asset without other twins. */
export function twin(name) {
  const description = JSON.stringify({ name });
  const asset = `network.example/${name}`;
  return {
    call: (api) => api.tx.digitalTwin.createTwin(bytes(description), bytes(asset), []),
    check: async (at, owner) => {
      const twins = await at.call.digitalTwinApi.twinsOfAsset(bytes(asset), null, 10);
      assert.equal(twins.items.length, 1, `one twin of ${asset}`);
      const [id, its] = twins.items[0];
      assert.equal(its.toString(), owner, `the owner of the twin of ${asset}`);
      const stored = (await at.query.digitalTwin.descriptions(id)).unwrap();
      assert.equal(text(stored), description, `the description of the twin of ${asset}`);
    },
  };
}

/** Returns a write of a remark, which changes nothing. */
export function remark(name) {
  return { call: (api) => api.tx.system.remark(bytes(name)), check: () => {} };
}

const LIST = 'log';
const LIST_PLUGIN = JSON.stringify({
  description: { name: 'log' },
  template: {
    properties: {
      [LIST]: { type: 'list', visibility: 'public', dataSchema: { type: 'string' } },
    },
  },
});

/** Creates a container with a list for each of these accounts. Returns their ids, in this order. */
export async function makeLists({ api, chain, alice }, owners) {
  const { dataContainer } = api.tx;
  const published = await chain.succeed(alice, dataContainer.publishPlugin(bytes(LIST_PLUGIN)));
  const { plugin } = eventOf(published.events, 'dataContainer', 'PluginPublished');
  return Promise.all(owners.map(async (owner) => {
    const made = await chain.succeed(owner, dataContainer.instantiate(plugin, '0x'));
    return eventOf(made.events, 'dataContainer', 'ContainerCreated').container.toNumber();
  }));
}

/** Returns a write that appends an item to a container's list. */
export function item(container, name) {
  const value = JSON.stringify(name);
  return {
    call: (api) => api.tx.dataContainer.append(container, bytes(LIST), [bytes(value)], null),
    check: async (at) => {
      const times = (await itemsOf(at, container)).filter((stored) => stored === value).length;
      assert.equal(times, 1, `occurrences of ${value} in container ${container}`);
    },
  };
}

async function itemsOf(at, container) {
  const all = [];
  for (let from = 0; from !== undefined;) {
    const page = await at.call.dataContainerApi.batches(container, bytes(LIST), from, 256);
    const stored = page.items.flatMap((batch) => [...batch.stored.items]);
    all.push(...stored.map((value) => text(value.unwrap().asPublic)));
    from = page.next.unwrapOr(undefined)?.toNumber();
  }
  return all;
}

/** Returns the write with its signed extrinsic, `hex`, which any node accepts at any time. */
export async function sign(api, signer, nonce, write) {
  const signed = await write.call(api).signAsync(signer, { nonce, era: 0 });
  const extrinsicHash = signed.hash.toHex();
  return { ...write, owner: signer.address, hex: signed.toHex(), extrinsicHash };
}

/** Checks that the state of a node at a block has all of these writes. */
export async function checkState(node, block, writes) {
  const { api, close } = await connect(node.url);
  try {
    const at = await api.at(block);
    for (const write of writes) await write.check(at, write.owner);
  } finally {
    await close();
  }
}

/** Checks that no validator was dismissed for a double vote. */
export async function checkValidators(node, count) {
  const { api, close } = await connect(node.url);
  try {
    assert.equal((await api.query.session.validators()).length, count, 'all still validate');
  } finally {
    await close();
  }
}
