// SPDX-License-Identifier: Apache-2.0

// One organisation uses up its quota and fills its part of the pool with a backlog. The other
// organisations are not affected. The bytes that it adds to blocks and to the state stay within its
// quota.

import assert from 'node:assert/strict';
import { blocksUntilAffordable, readQuotas } from '../../client/js/src/index.mjs';
import { bytes, rawState } from './lib/chain.mjs';
import { BLOCK, consortium, refusal, remark, SAID } from './lib/consortium.mjs';
import { pause, withNode } from './lib/node.mjs';

/**
 * The pool's limit of transactions. An organisation gets at most 172 of these places if there are
 * two.
 */
const POOL_LIMIT = 256;
const { test } = withNode(consortium, { options: ['--pool-limit', `${POOL_LIMIT}`] });

/** The bytes that the greedy organisation may spend: a transaction in about every second block. */
const BYTES = { burst: 100_000, perBlock: 5_000 };
/** Enough time, so that bytes are the limit. */
const TIME = { burst: 60_000_000, perBlock: 100_000 };
const LENGTH = 8_000;
const MEMBERS = 12;
const EACH = 20;
/** Number of blocks that the test watches. */
const BLOCKS = 8;

/** Returns the signers of a block's extrinsics, and the lengths in bytes. */
async function signersOf({ api }, number) {
  const { block } = await api.rpc.chain.getBlock(await api.rpc.chain.getBlockHash(number));
  return block.extrinsics
    .filter((extrinsic) => extrinsic.isSigned)
    .map((extrinsic) => ({ signer: extrinsic.signer.toString(), length: extrinsic.encodedLength }));
}

/** Returns the bytes of all keys and values of data containers. */
async function stateOf({ api }, number) {
  const hash = await api.rpc.chain.getBlockHash(number);
  const pairs = [...(await rawState(api, ['dataContainer'], hash))].flat();
  return pairs.reduce((sum, hex) => sum + (hex.length - 2) / 2, 0);
}

async function admitGreedy({ api, carry, chain, stranger }) {
  const members = Array.from({ length: MEMBERS }, (_, index) => stranger(`greedy ${index}`));
  const [admin, ...others] = members;
  const quota = { burst: 20_000_000, perBlock: 1_000_000 };
  const limits = { members: MEMBERS, nodes: 0, quota, time: TIME, bytes: BYTES };
  await carry(api.tx.consortium.admitOrganisation(bytes('Greedy Ltd'), admin.address, limits));
  const id = (await api.query.consortium.nextOrganisationId()).toNumber() - 1;
  const add = others.map(({ address }) => api.tx.consortium.addMember(id, address, '0x'));
  await carry(api.tx.utility.batchAll(add));
  await pause(2 * BLOCK);
  return { id, members };
}

test('an organisation without quota does not slow down others', async (context) => {
  const { api, chain, dave } = context;
  const { id, members } = await admitGreedy(context);
  const first = (await api.rpc.chain.getHeader()).number.toNumber();

  // Each is affordable when the pool validates it, but all together are not.
  const backlog = members.flatMap((member) =>
    Array.from({ length: EACH }, async (_, index) => {
      const call = api.tx.dataContainer.createContainer(bytes(`"${'x'.repeat(LENGTH)}"`));
      const signed = await call.signAsync(member, { nonce: index + (await nonceOf(api, member)) });
      return api.rpc.author.submitExtrinsic(signed).then(() => 1, () => 0);
    }),
  );
  const taken = (await Promise.all(backlog)).reduce((sum, one) => sum + one, 0);
  assert.ok(taken > 40, `${taken} of the greedy organisation's transactions wait`);
  assert.ok(taken < MEMBERS * EACH, 'its part of the pool is full');

  // In the meantime, transactions of another organisation get into the next blocks.
  const waits = [];
  for (let round = 0; round < BLOCKS; round += 1) {
    const sent = (await api.rpc.chain.getHeader()).number.toNumber();
    const { blockNumber } = await chain.succeed(dave, remark(api, 100 + round));
    waits.push(blockNumber - sent);
  }
  assert.ok(Math.max(...waits) <= 3, `blocks until included: ${waits}`);

  const last = (await api.rpc.chain.getHeader()).number.toNumber();
  const greedy = new Set(members.map(({ address }) => address));
  let spent = 0;
  for (let number = first + 1; number <= last; number += 1) {
    const own = (await signersOf(context, number)).filter(({ signer }) => greedy.has(signer));
    spent += own.reduce((sum, { length }) => sum + length, 0);
  }
  const grown = (await stateOf(context, last)) - (await stateOf(context, first));
  assert.ok(grown > spent / 2, `${grown} bytes of state`);
  spent += grown;
  const granted = BYTES.burst + BYTES.perBlock * (last - first);
  assert.ok(spent <= granted, `${spent} bytes of ${granted} granted`);
  assert.ok(spent > granted / 2, `${spent} bytes of ${granted} granted`);
  const waiting = (await api.rpc.author.pendingExtrinsics()).length;
  assert.ok(waiting > 0, 'its backlog still waits');
  console.log(`blocks until included: ${waits}; ${spent} of ${granted} bytes; ${waiting} wait`);

  // Both quotas are readable and show how long to wait.
  const [member] = members;
  const { consortiumApi } = api.call;
  const quotas = readQuotas({
    quota: await consortiumApi.quota(member.address),
    organisation: await consortiumApi.organisationQuota(id),
  });
  const { weight } = await api.call.transactionPaymentCallApi.queryCallInfo(remark(api, 90_000), 0);
  const cost = {
    time: await consortiumApi.cost(weight, 90_000),
    bytes: await consortiumApi.byteCost(weight, 90_000),
  };
  assert.ok(quotas.bytes.available < BYTES.burst / 2, `${quotas.bytes.available} bytes are left`);
  assert.ok(blocksUntilAffordable(quotas, cost) > 1);
  assert.equal(blocksUntilAffordable(quotas, { ...cost, bytes: BYTES.burst + 1 }), null);
  assert.match(await refusal(member, remark(api, 90_000)), SAID[103]);
  assert.match(await refusal(member, remark(api, BYTES.burst)), SAID[105]);
});

async function nonceOf(api, { address }) {
  return (await api.query.system.account(address)).nonce.toNumber();
}
