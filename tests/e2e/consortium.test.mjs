// SPDX-License-Identifier: Apache-2.0

// Who is in: members and strangers, and motions of the council.

import assert from 'node:assert/strict';
import { bytes, eventOf, text } from './lib/chain.mjs';
import { BLOCK, consortium, DEVELOPMENT, refusal, remark, SAID } from './lib/consortium.mjs';
import { pause, withNode } from './lib/node.mjs';

const { test } = withNode(consortium);

test('a stranger is turned away until it is admitted, and again when it is removed', async (context) => {
  const { alice, api, chain, stranger } = context;
  const n = stranger('stranger');
  assert.match(await refusal(n, remark(api)), SAID[101]);
  const { addMember, removeMember } = api.tx.consortium;
  await chain.succeed(alice, addMember(DEVELOPMENT, n.address, bytes('press 7')));
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

  await chain.succeed(alice, removeMember(n.address));
  assert.match(await refusal(n, remark(api)), SAID[101]);
  assert.equal((await api.query.digitalTwin.twins(twin)).unwrap().owner.toString(), n.address);

  await chain.succeed(alice, addMember(DEVELOPMENT, n.address, '0x'));
  await assert.rejects(api.rpc.author.submitExtrinsic(old), /outdated/, 'nothing old is repeated');
  await pause(BLOCK);
  await chain.succeed(n, api.tx.digitalTwin.setDescription(twin, bytes('{"name":"press"}')));
});

test('a suspended organisation does nothing, but its councillors go on', async (context) => {
  const { api, carry, charlie, chain, dave } = context;
  await carry(api.tx.consortium.suspendOrganisation(DEVELOPMENT));
  for (const member of [charlie, dave]) {
    assert.match(await refusal(member, remark(api)), SAID[102]);
  }
  // A motion passes nevertheless.
  await carry(api.tx.consortium.resumeOrganisation(DEVELOPMENT));
  await chain.succeed(dave, remark(api));
});
