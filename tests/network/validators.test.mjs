// SPDX-License-Identifier: Apache-2.0

// Validators are added and removed, by votes and by offences, and the chain continues after each
// decision.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { bytes, peerIdBytes } from '../e2e/lib/chain.mjs';
import { registerKeys, startListed } from './lib/joining.mjs';
import { until } from './lib/network.mjs';
import { authors, sessions, validating } from './lib/sessions.mjs';
import { finalises, withValidators } from './lib/suite.mjs';

const MINUTE = 60_000;
const BLOCKS = 12;

describe('changes of the validators', { timeout: 30 * MINUTE }, () => {
  // A validator that runs twice tries to build on its own block of the slot. Aura rejects such a
  // block by a panic in the runtime.
  const { context, test } = withValidators('litep2p', { expected: /\/pallet-aura-/ });

  const addValidator = ({ address }) => context.api.tx.consortium.addValidator(address);
  const removeValidator = ({ address }) => context.api.tx.consortium.removeValidator(address);
  /** All in one motion, so that no session begins between them. */
  const decide = (...calls) => context.council.carry(context.api.tx.utility.batchAll(calls));

  test('a fifth validator makes blocks; one without keys changes nothing', async () => {
    const { api, bob, eve, ferdie, nodes } = context;
    const node = await startListed(context, 'eve', 5, ['--validator']);
    await registerKeys(context, node, eve);
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

  test('a double voter and a validator that is voted out stop making blocks', async () => {
    const { alice, api, bob, charlie, dave, eve, nodes } = context;
    await decide(removeValidator(charlie));
    // The same keys on two machines: two blocks in a slot, two votes in a round.
    const twin = await startListed(context, 'dave again', 6, ['--dave']);
    await until('the double votes are punished', 3 * MINUTE, async () => {
      const appointed = await api.query.consortium.validators();
      return !appointed.map(String).includes(dave.address);
    });
    await until('the double blocks are detected', MINUTE, () =>
      nodes.some(({ log }) => /The block author of slot \d+ made two blocks/.test(log)),
    );
    await twin.stop();
    await sessions(api, 2);
    const remaining = [alice, bob, eve].map(({ address }) => address);
    assert.deepEqual(await validating(api), remaining);
    const start = await nodes[0].best();
    await until('some blocks later', MINUTE, async () => (await nodes[0].best()) > start + BLOCKS);
    assert.deepEqual([...(await authors(api, BLOCKS))].sort(), remaining.toSorted());
    await finalises(nodes[0]);
  });

  test('the previous validators continue if no remaining one has keys', async () => {
    const { alice, api, bob, council, eve, ferdie, nodes } = context;
    await decide(...[alice, bob, eve].map(removeValidator));
    await council.carryInVain(removeValidator(ferdie), 'consortium.LastValidator');
    await sessions(api, 2);
    assert.deepEqual(await validating(api), [alice, bob, eve].map(({ address }) => address));
    await finalises(nodes[0]);
  });

  test('a single validator continues', async () => {
    const { alice, api, nodes } = context;
    await decide(addValidator(alice));
    await sessions(api, 2);
    assert.deepEqual(await validating(api), [alice.address]);
    await finalises(nodes[0]);
    await finalises(nodes[3]);
  });

  test('finality continues after a company with a third of the validators leaves', async () => {
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
    assert.deepEqual(
      await validating(api),
      [alice, bob].map(({ address }) => address),
    );
    await finalises(nodes[0]);
  });
});
