// SPDX-License-Identifier: Apache-2.0

// Validators come and go, by votes and by offences, and whatever is decided, the chain goes on.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { bytes, peerIdBytes } from '../e2e/lib/chain.mjs';
import { u8aToHex } from '../e2e/lib/polkadot.mjs';
import { until } from './lib/network.mjs';
import { authors, sessions, validating } from './lib/sessions.mjs';
import { finalises, withValidators } from './lib/suite.mjs';

const MINUTE = 60_000;
const BLOCKS = 12;

describe('validators that come and go', { timeout: 30 * MINUTE }, () => {
  // A validator that runs twice tries to build on its own block of the slot. Aura's way to refuse a
  // block is a panic in the runtime.
  const { context, test } = withValidators('litep2p', { expected: /\/pallet-aura-/ });

  /** Adds a node to the chain's list, and starts it. */
  const startListed = async (name, key, options) => {
    const { alice, api, chain, network, nodes } = context;
    const node = await network.start(name, key, options);
    const { addNode } = api.tx.consortium;
    await chain.succeed(alice, addNode(0, peerIdBytes(node.peerId), bytes(name)));
    await until(`${name} catches up`, MINUTE, async () =>
      (await node.best()) >= (await nodes[0].finalised()));
    return node;
  };

  const addValidator = ({ address }) => context.api.tx.consortium.addValidator(address);
  const removeValidator = ({ address }) => context.api.tx.consortium.removeValidator(address);
  /** All in one motion, so that no session begins in between. */
  const decide = (...calls) => context.council.carry(context.api.tx.utility.batchAll(calls));

  test('a fifth is voted in and authors; one without keys changes nothing', async () => {
    const { api, bob, chain, eve, ferdie, nodes } = context;
    const node = await startListed('eve', 5, ['--validator']);
    const owner = u8aToHex(eve.publicKey);
    const { keys, proof } = await node.rpc('author_rotateKeysWithOwner', owner);
    await chain.succeed(eve, api.tx.session.setKeys(keys, proof));
    await decide(addValidator(eve), addValidator(ferdie));
    const purge = api.tx.session.purgeKeys().signAndSend(bob, { nonce: -1 });
    await assert.rejects(purge, /Custom error: 107/);
    await sessions(api, 2);
    assert.deepEqual(
      await validating(api),
      ['alice', 'bob', 'charlie', 'dave', 'eve'].map((name) => context[name].address),
    );
    await until('eve makes a block', MINUTE, async () =>
      (await authors(api, 2)).has(eve.address));
    await finalises(node);
    nodes.push(node);
  });

  test('one that votes twice is dismissed, another is voted out: both author no more', async () => {
    const { alice, api, bob, charlie, dave, eve, nodes } = context;
    await decide(removeValidator(charlie));
    // The same keys on two machines: two blocks in a slot, two votes in a round.
    const twin = await startListed('dave again', 6, ['--dave']);
    await until('the double votes are punished', 3 * MINUTE, async () => {
      const appointed = await api.query.consortium.validators();
      return !appointed.map(String).includes(dave.address);
    });
    await until('the double blocks are noticed', MINUTE, () =>
      nodes.some(({ log }) => /The author of slot \d+ made two blocks/.test(log)));
    await twin.stop();
    await sessions(api, 2);
    const remaining = [alice, bob, eve].map(({ address }) => address);
    assert.deepEqual(await validating(api), remaining);
    const start = await nodes[0].best();
    await until('some blocks later', MINUTE, async () => (await nodes[0].best()) > start + BLOCKS);
    assert.deepEqual([...(await authors(api, BLOCKS))].sort(), remaining.toSorted());
    await finalises(nodes[0]);
  });

  test('when all that remain have no keys, those before go on', async () => {
    const { alice, api, bob, council, eve, ferdie, nodes } = context;
    await decide(...[alice, bob, eve].map(removeValidator));
    await council.carryInVain(removeValidator(ferdie), 'consortium.LastValidator');
    await sessions(api, 2);
    assert.deepEqual(await validating(api), [alice, bob, eve].map(({ address }) => address));
    await finalises(nodes[0]);
  });

  test('one validator alone goes on', async () => {
    const { alice, api, nodes } = context;
    await decide(addValidator(alice));
    await sessions(api, 2);
    assert.deepEqual(await validating(api), [alice.address]);
    await finalises(nodes[0]);
    await finalises(nodes[3]);
  });

  test('a company with a third of the validators is removed, and finality goes on', async () => {
    const { alice, api, bob, council, eve, nodes } = context;
    const { addNode, admitOrganisation, removeNode, removeOrganisation } = api.tx.consortium;
    const node = peerIdBytes(nodes.at(-1).peerId);
    const rate = { burst: 1_000_000, perBlock: 10_000 };
    const limits = { members: 1, nodes: 1, quota: rate, time: rate, bytes: rate };
    const id = await api.query.consortium.nextOrganisationId();
    await decide(
      admitOrganisation(bytes('Eve Ltd'), eve.address, limits),
      removeNode(node),
      addNode(id, node, bytes('eve')),
      addValidator(bob),
      addValidator(eve),
    );
    await sessions(api, 2);
    const before = [alice, bob, eve].map(({ address }) => address);
    assert.deepEqual(await validating(api), before);
    await finalises(nodes[0]);

    await council.carryInVain(removeOrganisation(0), 'consortium.TooFewSeats');
    await council.carry(removeOrganisation(id));
    await sessions(api, 2);
    assert.deepEqual(await validating(api), [alice, bob].map(({ address }) => address));
    await finalises(nodes[0]);
  });
});
