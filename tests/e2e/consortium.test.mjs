// SPDX-License-Identifier: Apache-2.0

// Members and strangers, and motions of the council.

import assert from 'node:assert/strict';
import { bytes, eventOf, text } from './lib/chain.mjs';
import {
  BLOCK,
  consortium,
  DEVELOPMENT,
  refusal,
  remark,
  SAID,
  SHARED,
} from './lib/consortium.mjs';
import { Council } from './lib/council.mjs';
import { pause, withNode } from './lib/node.mjs';

const { test } = withNode(consortium);

test('a stranger is rejected before its admission and after its removal', async (context) => {
  const { alice, api, chain, stranger } = context;
  const n = stranger('stranger');
  assert.match(await refusal(n, remark(api)), SAID[101]);
  const { addMember, removeMember } = api.tx.consortium;
  await chain.succeed(alice, addMember(DEVELOPMENT, n.address, bytes('press 7')));
  const [organisation, info] = (await api.call.consortiumApi.member(n.address)).unwrap();
  assert.equal(organisation.toNumber(), DEVELOPMENT);
  assert.equal(text(info.label), 'press 7');
  // It has no balance and needs none.
  assert.ok((await api.query.system.account(n.address)).data.free.isZero());
  const { events } = await chain.succeed(
    n,
    api.tx.digitalTwin.createTwin(bytes('{}'), bytes('press/7'), []),
  );
  const { twin } = eventOf(events, 'digitalTwin', 'TwinCreated');
  const old = await remark(api).signAsync(n, { nonce: 0, era: 0 });

  await chain.succeed(alice, removeMember(n.address));
  assert.match(await refusal(n, remark(api)), SAID[101]);
  assert.equal((await api.query.digitalTwin.twins(twin)).unwrap().owner.toString(), n.address);

  await chain.succeed(alice, addMember(DEVELOPMENT, n.address, '0x'));
  await assert.rejects(
    api.rpc.author.submitExtrinsic(old),
    /outdated/,
    'an old transaction cannot be replayed',
  );
  await pause(BLOCK);
  await chain.succeed(n, api.tx.digitalTwin.setDescription(twin, bytes('{"name":"press"}')));
});

test('a suspended organisation cannot transact, but its councillors vote', async (context) => {
  const { api, carry, charlie, chain, dave } = context;
  await carry(api.tx.consortium.suspendOrganisation(DEVELOPMENT));
  for (const member of [charlie, dave]) {
    assert.match(await refusal(member, remark(api)), SAID[102]);
  }
  // A motion still passes.
  await carry(api.tx.consortium.resumeOrganisation(DEVELOPMENT));
  await chain.succeed(dave, remark(api));
});

/** Admits an organisation, and returns its id. */
async function admit({ api, carry }, name, admin) {
  const quota = { burst: 1_000_000, perBlock: 100_000 };
  const limits = { members: 5, nodes: 2, quota, ...SHARED };
  await carry(api.tx.consortium.admitOrganisation(bytes(name), admin.address, limits));
  return (await api.query.consortium.nextOrganisationId()).toNumber() - 1;
}

test('an account that another organisation admitted is claimed and leaves', async (context) => {
  const { alice, api, chain, stranger } = context;
  const [admin, n] = [stranger('claiming'), stranger('squatted')];
  const id = await admit(context, 'Claiming Ltd', admin);
  const { addMember, claimMember, leaveOrganisation } = api.tx.consortium;
  await chain.succeed(alice, addMember(DEVELOPMENT, n.address, '0x'));
  await chain.fail(admin, addMember(id, n.address, '0x'), 'consortium.AlreadyMember');
  const hash = await api.call.consortiumApi.memberClaim(id, n.address);
  // Signed as a wallet signs bytes.
  const wrapped = Buffer.concat([Buffer.from('<Bytes>'), hash, Buffer.from('</Bytes>')]);
  const claim = (signer) =>
    claimMember(id, n.address, bytes('new'), { Sr25519: signer.sign(wrapped) });
  await chain.fail(admin, claim(alice), 'consortium.InvalidClaim');
  const mine = claim(n);
  await chain.succeed(admin, mine);
  const [organisation] = (await api.call.consortiumApi.member(n.address)).unwrap();
  assert.equal(organisation.toNumber(), id);
  await chain.succeed(n, leaveOrganisation());
  assert.ok((await api.call.consortiumApi.member(n.address)).isNone);
  await chain.fail(admin, mine, 'consortium.InvalidClaim');
});

test('a removed organisation loses its seat if enough seats remain', async (context) => {
  const { alice, api, bob, carry, chain, charlie, stranger } = context;
  const admin = stranger('removed');
  const id = await admit(context, 'Removed Ltd', admin);
  await carry(api.tx.councillors.addMember(admin.address));
  const seats = async () => (await api.query.council.members()).map(String);
  assert.ok((await seats()).includes(admin.address));
  // Two thirds of four are three.
  const council = new Council(api, chain, [alice, bob, charlie]);
  await council.carry(api.tx.consortium.removeOrganisation(id));
  assert.equal((await seats()).length, 3);
  assert.ok(!(await seats()).includes(admin.address));
  const remove = api.tx.consortium.removeOrganisation(DEVELOPMENT);
  await council.carryInVain(remove, 'consortium.TooFewSeats');
});

test('organisations cannot get more quota than blocks carry', async (context) => {
  const { alice, api, bob, chain, stranger } = context;
  const limits = {
    members: 1,
    nodes: 0,
    quota: { burst: 1, perBlock: 1 },
    ...SHARED,
    bytes: { burst: 2 ** 40, perBlock: 2 ** 40 },
  };
  const admit = api.tx.consortium.admitOrganisation(
    bytes('Greedy Ltd'),
    stranger('greedy').address,
    limits,
  );
  await new Council(api, chain, [alice, bob]).carryInVain(admit, 'consortium.CapacityExceeded');
});
