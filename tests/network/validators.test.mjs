// SPDX-License-Identifier: Apache-2.0

// Validators come and go, by votes and by offences, and whatever is decided, the chain goes on.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { bytes, connect, peerIdBytes } from '../e2e/lib/chain.mjs';
import { Council } from '../e2e/lib/council.mjs';
import { u8aToHex } from '../e2e/lib/polkadot.mjs';
import { Network, until } from './lib/network.mjs';
import { authors, sessions, validating } from './lib/sessions.mjs';

const LIMIT = 600_000;
const MINUTE = 60_000;
const BLOCKS = 12;

describe('validators that come and go', { timeout: 3 * LIMIT }, () => {
  const network = new Network('litep2p');
  let nodes, api, chain, council, who, close;
  let failed = 0;

  const check = (name, body) =>
    test(name, { timeout: LIMIT }, async () => {
      failed += 1;
      await body();
      failed -= 1;
    });

  /** Adds a node to the chain's list, and starts it. */
  const startListed = async (name, key, options) => {
    const node = await network.start(name, key, options);
    const { addNode } = api.tx.consortium;
    await chain.succeed(who.alice, addNode(0, peerIdBytes(node.peerId), bytes(name)));
    await until(`${name} catches up`, MINUTE, async () =>
      (await node.best()) >= (await nodes[0].finalised()));
    return node;
  };

  /** The chain makes blocks, and they become final. */
  const goesOn = async (node = nodes[0]) => {
    const start = await node.finalised();
    await until('blocks become final', MINUTE, async () => (await node.finalised()) > start + 3);
  };

  const addValidator = ({ address }) => api.tx.consortium.addValidator(address);
  const removeValidator = ({ address }) => api.tx.consortium.removeValidator(address);
  /** All in one motion, so that no session begins in between. */
  const decide = (...calls) => council.carry(api.tx.utility.batchAll(calls));

  before(async () => {
    nodes = await network.startValidators();
    ({ api, chain, close, ...who } = await connect(nodes[0].url));
    council = new Council(api, chain, [who.alice, who.bob]);
  }, { timeout: LIMIT });

  after(async () => {
    await close?.();
    if (failed > 0) console.log(network.tail());
    await network.stop();
    // A validator that runs twice tries to build on its own block of the slot. Aura's way to refuse
    // a block is a panic in the runtime.
    const panics = network.panics().filter((line) => !line.includes('/pallet-aura-'));
    assert.deepEqual(panics, [], 'no node panics');
  }, { timeout: LIMIT });

  check('a fifth is voted in and authors; one without keys changes nothing', async () => {
    const { bob, eve, ferdie } = who;
    const node = await startListed('eve', 5, ['--validator']);
    const owner = u8aToHex(eve.publicKey);
    const { keys, proof } = await node.rpc('author_rotateKeysWithOwner', owner);
    await chain.succeed(eve, api.tx.session.setKeys(keys, proof));
    await decide(addValidator(eve), addValidator(ferdie));
    await chain.fail(bob, api.tx.session.purgeKeys(), 'system.CallFiltered');
    await sessions(api, 2);
    assert.deepEqual(
      await validating(api),
      ['alice', 'bob', 'charlie', 'dave', 'eve'].map((name) => who[name].address),
    );
    await until('eve makes a block', MINUTE, async () =>
      (await authors(api, 2)).has(eve.address));
    await goesOn(node);
    nodes.push(node);
  });

  check('one that votes twice is dismissed, another is voted out: both author no more', async () => {
    const { alice, bob, charlie, dave, eve } = who;
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
    await goesOn();
  });

  check('when all that remain have no keys, those before go on', async () => {
    const { alice, bob, eve, ferdie } = who;
    await decide(...[alice, bob, eve].map(removeValidator));
    await council.carryInVain(removeValidator(ferdie), 'consortium.LastValidator');
    await sessions(api, 2);
    assert.deepEqual(await validating(api), [alice, bob, eve].map(({ address }) => address));
    await goesOn();
  });

  check('one validator alone goes on', async () => {
    const { alice } = who;
    await decide(addValidator(alice));
    await sessions(api, 2);
    assert.deepEqual(await validating(api), [alice.address]);
    await goesOn();
    await goesOn(nodes[3]);
  });
});
