// SPDX-License-Identifier: Apache-2.0

// Who is in: members and strangers, quotas, motions of the council, and accounts of companies.

import { Keyring } from '@polkadot/api';
import assert from 'node:assert/strict';
import { bytes, connect, eventOf, text } from './lib/chain.mjs';
import { pause, withNode } from './lib/node.mjs';
import { explainRejection } from '../../client/js/src/errors.mjs';

const DEVELOPMENT = 0;
const BLOCK = 3_000;

const { test } = withNode(async (url) => {
  const context = await connect(url);
  const { api, chain, alice, bob } = context;
  const keyring = new Keyring({ type: 'sr25519', ss58Format: 42 });
  // Two of the three councillors carry a motion.
  const carry = async (motion) => {
    const { council } = api.tx;
    const { events } = await chain.succeed(alice, council.propose(2, motion, motion.encodedLength));
    const { proposalHash, proposalIndex } = eventOf(events, 'council', 'Proposed');
    await chain.succeed(alice, council.vote(proposalHash, proposalIndex, true));
    await chain.succeed(bob, council.vote(proposalHash, proposalIndex, true));
    const { refTime } = (await api.call.transactionPaymentCallApi.queryCallInfo(motion, 0)).weight;
    const bound = { refTime: refTime.toBigInt() * 2n, proofSize: 1_000_000 };
    const closed = await chain.succeed(
      bob,
      council.close(proposalHash, proposalIndex, bound, motion.encodedLength),
    );
    const { result } = eventOf(closed.events, 'council', 'Executed');
    assert.ok(result.isOk, `${motion.method.method}: ${result}`);
    return closed;
  };
  return { ...context, carry, stranger: (name) => keyring.addFromUri(`//${name}`, { name }) };
});

/** Sends a transaction, which the pool turns away: what the client says about it. */
async function refusal(signer, call) {
  try {
    await call.signAndSend(signer);
  } catch (error) {
    return explainRejection(error);
  }
  return assert.fail(`${signer.meta.name}'s transaction was accepted`);
}

const remark = (api, size = 0) => api.tx.system.remark(bytes('x'.repeat(size)));

test('a stranger is turned away until it is admitted, and again when it is removed', async (context) => {
  const { alice, api, chain, stranger } = context;
  const n = stranger('stranger');
  assert.match(await refusal(n, remark(api)), /^The signer is no member of the consortium\./);
  const { consortium } = api.tx;
  await chain.succeed(alice, consortium.addMember(DEVELOPMENT, n.address, bytes('press 7')));
  const [organisation, info] = (await api.call.consortiumApi.member(n.address)).unwrap();
  assert.equal(organisation.toNumber(), DEVELOPMENT);
  assert.equal(text(info.label), 'press 7');
  // It has no balance, and needs none.
  assert.ok((await api.query.system.account(n.address)).data.free.isZero());
  const { events } = await chain.succeed(
    n,
    api.tx.digitalTwin.createTwin(bytes('{}'), bytes('press/7'), []),
  );
  const { twin } = eventOf(events, 'digitalTwin', 'TwinCreated');
  const old = await remark(api).signAsync(n, { nonce: 0, era: 0 });

  await chain.succeed(alice, consortium.removeMember(n.address));
  assert.match(await refusal(n, remark(api)), /^The signer is no member/);
  assert.equal((await api.query.digitalTwin.twins(twin)).unwrap().owner.toString(), n.address);

  await chain.succeed(alice, consortium.addMember(DEVELOPMENT, n.address, '0x'));
  await assert.rejects(api.rpc.author.submitExtrinsic(old), /outdated/, 'nothing old is repeated');
  await pause(BLOCK);
  await chain.succeed(n, api.tx.digitalTwin.setDescription(twin, bytes('{"name":"press"}')));
});

test('over the quota a member is turned away, and later it is not', async (context) => {
  const { api, carry, chain, stranger } = context;
  const n = stranger('little');
  // Ten blocks' worth at once, of 20 thousandths of a second each.
  const limits = { members: 3, nodes: 0, quota: { burst: 200_000, perBlock: 20_000 } };
  await carry(api.tx.consortium.admitOrganisation(bytes('Little Ltd'), n.address, limits));
  const quota = async () => (await api.call.consortiumApi.quota(n.address)).unwrap();
  while ((await quota()).available.toNumber() < 150_000) await pause(BLOCK);
  const nonce = (await api.rpc.system.accountNextIndex(n.address)).toNumber();
  const [first, second] = await Promise.all(
    [nonce, nonce + 1].map((at) => remark(api, 300_000).signAsync(n, { nonce: at, era: 0 })),
  );
  await api.rpc.author.submitExtrinsic(first);
  while ((await api.query.system.account(n.address)).nonce.toNumber() === nonce) await pause(500);
  const refused = await api.rpc.author.submitExtrinsic(second).catch(explainRejection);
  assert.match(`${refused}`, /^The signer's quota is used up for now\./);
  const tooMuch = await refusal(n, remark(api, 1_000_000));
  assert.match(tooMuch, /never go through/);

  const cost = (await quota()).rate.burst.toNumber() / 2;
  while ((await quota()).available.toNumber() < cost) await pause(500);
  // Not the same bytes: the pool of this node bans for a while what it turned away.
  const again = remark(api, 300_001);
  await api.rpc.author.submitExtrinsic(await again.signAsync(n, { nonce: nonce + 1, era: 0 }));
  while ((await api.query.system.account(n.address)).nonce.toNumber() <= nonce + 1) await pause(500);
});

test('a suspended organisation does nothing, but its councillors go on', async (context) => {
  const { api, carry, charlie, chain, dave } = context;
  await carry(api.tx.consortium.suspendOrganisation(DEVELOPMENT));
  for (const member of [charlie, dave]) {
    assert.match(await refusal(member, remark(api)), /^The signer's organisation is suspended\./);
  }
  // A motion passes nevertheless.
  await carry(api.tx.consortium.resumeOrganisation(DEVELOPMENT));
  await chain.succeed(dave, remark(api));
});

test('a councillor alone executes nothing', async ({ alice, api, chain }) => {
  const call = remark(api, 8);
  const { council } = api.tx;
  await chain.fail(alice, council.execute(call, call.encodedLength), 'system.CallFiltered');
  await chain.fail(alice, council.propose(1, call, call.encodedLength), 'system.CallFiltered');
});

test("a company's account goes on when its only employee leaves", async (context) => {
  const { alice, api, bob, chain, charlie, dave } = context;
  const { proxy } = api.tx;
  // The company: nobody has its key. Bob and Charlie act for it.
  const { events } = await chain.succeed(bob, proxy.createPure('Any', 0, 0));
  const company = eventOf(events, 'proxy', 'PureCreated').pure.toString();
  const as = (call) => proxy.proxy(company, null, call);
  await chain.succeed(bob, as(proxy.addProxy(charlie.address, 'Any', 0)));
  await chain.succeed(bob, as(proxy.addProxy(dave.address, 'Data', 0)));
  const create = api.tx.digitalTwin.createTwin(bytes('{}'), bytes('company/1'), []);
  await chain.succeed(bob, as(create));

  await chain.succeed(alice, api.tx.consortium.removeMember(bob.address));
  assert.match(await refusal(bob, as(create)), /^The signer is no member/);
  const owned = await api.call.digitalTwinApi.twinsOfOwner(company, null, 9);
  const [twin] = owned.items;
  const description = bytes('{"name":"goes on"}');
  const change = api.tx.digitalTwin.setDescription(twin, description);
  await chain.succeed(charlie, as(change));
  // Whoever may write data for it may not do anything else, not in a batch either.
  for (const call of [change, api.tx.utility.batchAll([change])]) {
    const outcome = await chain.succeed(dave, as(call));
    assert.ok(eventOf(outcome.events, 'proxy', 'ProxyExecuted').result.isErr);
  }
});
