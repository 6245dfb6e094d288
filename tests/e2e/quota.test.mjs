// SPDX-License-Identifier: Apache-2.0

// Quotas: the limits of a member's spending, which no call can bypass. The signer pays, whichever
// call wraps the call, and a councillor's second quota pays only for votes and keys.

import assert from 'node:assert/strict';
import { bytes, eventOf } from './lib/chain.mjs';
import {
  actingFor,
  BLOCK,
  consortium,
  DEVELOPMENT,
  refusal,
  remark,
  SAID,
  SHARED,
} from './lib/consortium.mjs';
import { pause, withNode } from './lib/node.mjs';
import { explainRejection } from '../../client/js/src/errors.mjs';

/** Picoseconds in a unit. */
const UNIT = 1_000_000n;
/** A quota that takes 500 blocks to fill, longer than the tests of a new member last. */
const SMALL = { burst: 1_000_000, perBlock: 2_000 };
/** More than the cost of a short transaction that creates a twin, with any wrapper. */
const ENOUGH = 2_000;

const { test } = withNode(async (url) => {
  const context = await consortium(url);
  const { api, carry, chain, dave, stranger } = context;
  // Its quota is empty. Dave's quota is full, and Dave makes it his proxy.
  const small = stranger('small');
  const limits = { members: 3, nodes: 0, quota: SMALL, ...SHARED };
  await carry(api.tx.consortium.admitOrganisation(bytes('Small Ltd'), small.address, limits));
  await chain.succeed(dave, api.tx.proxy.addProxy(small.address, 'Any', 0));
  return { ...context, small };
});

/** Returns a short call with this weight in units. The signer declares the weight of this call. */
const heavy = ({ api, alice }, units) => {
  const weight = { refTime: BigInt(units) * UNIT, proofSize: 0 };
  return api.tx.multisig.approveAsMulti(2, [alice.address], null, `0x${'ab'.repeat(32)}`, weight);
};

/** Returns a member's quota from the state: the units spent, and the block. */
async function bucketOf({ api }, { address }) {
  return (await api.query.consortium.members(address)).unwrap().bucket.toJSON();
}

/** Returns a councillor's second quota from the state, or null if nothing of it was spent. */
async function officialBucketOf({ api }, { address }) {
  return (await api.query.consortium.officialBuckets(address)).toJSON();
}

/** Returns the weight of a call. */
async function weightOf({ api }, call) {
  return (await api.call.transactionPaymentCallApi.queryCallInfo(call, 0)).weight;
}

/** Waits until a member can spend this number of units. */
async function saved({ api }, { address }, units) {
  const quota = async () => (await api.call.consortiumApi.quota(address)).unwrap();
  while ((await quota()).available.toNumber() < units) await pause(BLOCK);
}

/**
 * Returns every call that executes another one, by name. `of` is an account other than the
 * signer's.
 */
function wrappers(context, signer, of) {
  const { api } = context;
  const { multisig, proxy, utility } = api.tx;
  const wrap = {
    'utility.batch': (call) => utility.batch([call]),
    'utility.batchAll': (call) => utility.batchAll([call]),
    'utility.forceBatch': (call) => utility.forceBatch([call]),
    'utility.ifElse': (call) => utility.ifElse(remark(api), call),
    'utility.asDerivative': (call) => utility.asDerivative(0, call),
    'proxy.proxy': (call) => proxy.proxy(of.address, null, call),
    'proxy.proxyAnnounced': (call) =>
      proxy.proxyAnnounced(signer.address, of.address, null, call),
    'multisig.asMultiThreshold1': (call) => multisig.asMultiThreshold1([of.address], call),
    'multisig.asMulti': async (call) =>
      multisig.asMulti(2, [of.address], null, call, await weightOf(context, call)),
  };
  const nested = (call) =>
    wrap['utility.batch'](wrap['utility.asDerivative'](wrap['proxy.proxy'](call)));
  return Object.entries({ nothing: (call) => call, ...wrap, 'several of them': nested });
}

test('no wrapping call bypasses a quota that is used up', async (context) => {
  const { dave, small } = context;
  const { burst } = SMALL;
  const before = await bucketOf(context, small);
  for (const [name, wrap] of wrappers(context, small, dave)) {
    assert.match(await refusal(small, await wrap(heavy(context, burst / 2))), SAID[103], name);
    assert.match(await refusal(small, await wrap(heavy(context, burst + 1))), SAID[105], name);
  }
  assert.deepEqual(await bucketOf(context, small), before, 'rejected transactions cost nothing');
});

test('the signer pays, not the account on whose behalf the call is made', async (context) => {
  const { api, dave, small } = context;
  const create = api.tx.digitalTwin.createTwin(bytes('{}'), bytes('small/1'), []);
  await saved(context, small, ENOUGH);
  const [his, mine] = [await bucketOf(context, dave), await bucketOf(context, small)];
  const act = actingFor(context, small, dave.address);
  const { blockNumber, events } = await act.succeed(dave, create);
  assert.equal(eventOf(events, 'digitalTwin', 'TwinCreated').owner.toString(), dave.address);
  assert.deepEqual(await bucketOf(context, dave), his);
  const { at, spent } = await bucketOf(context, small);
  assert.equal(at, blockNumber);
  const left = Math.max(0, mine.spent - SMALL.perBlock * (at - mine.at));
  const least = await api.call.consortiumApi.cost(await weightOf(context, create), 0);
  assert.ok(spent - left >= least.toNumber(), `${spent - left} is less than ${least}`);
});

test('the last signer of a multisig pays for its call', async (context) => {
  const { api, chain, dave, small } = context;
  const create = api.tx.digitalTwin.createTwin(bytes('{}'), bytes('small/2'), []);
  const weight = await weightOf(context, create);
  const sign = ({ address }, when, bound) =>
    api.tx.multisig.asMulti(2, [address], when, create, bound);
  await chain.succeed(dave, sign(small, null, weight));
  const [[, { value: multisig }]] = await api.query.multisig.multisigs.entries();
  const less = { refTime: weight.refTime.toBigInt() - 1n, proofSize: weight.proofSize };
  await saved(context, small, ENOUGH);
  await chain.fail(small, sign(dave, multisig.when, less), 'multisig.MaxWeightTooLow');
  await saved(context, small, ENOUGH);
  const { events } = await chain.succeed(small, sign(dave, multisig.when, weight));
  assert.ok(eventOf(events, 'multisig', 'MultisigExecuted').result.isOk);
});

test('the pool rejects calls that the filter forbids', async ({ alice, api, stranger }) => {
  const call = remark(api, 8);
  const { council, councillors, proxy, session, utility } = api.tx;
  const other = stranger('other').address;
  for (const forbidden of [
    council.execute(call, call.encodedLength),
    council.propose(1, call, call.encodedLength),
    council.propose(4, call, call.encodedLength),
    councillors.changeKey(other),
    councillors.setPrime(other),
    proxy.removeProxies(),
    proxy.killPure(other, 'Any', 0, 0, 0),
    session.purgeKeys(),
  ]) {
    const { method, section } = forbidden.method;
    assert.match(await refusal(alice, forbidden), SAID[107], `${section}.${method}`);
  }
  assert.match(await refusal(alice, utility.batch([council.close(call.hash, 0, 0, 0)])), SAID[106]);
});

test('only officials make operational calls', async ({ api, small }) => {
  const motion = remark(api, 8);
  const { consortium, council, system } = api.tx;
  const heaviest = { refTime: 900_000_000_000, proofSize: 0 };
  for (const operational of [
    council.close(motion.hash, 0, heaviest, 2 ** 32 - 1),
    council.propose(2, motion, motion.encodedLength),
    council.vote(motion.hash, 0, true),
    consortium.restartFinality(1, 0),
    system.killPrefix('0x', 2 ** 32 - 1),
  ]) {
    const { method, section } = operational.method;
    assert.match(await refusal(small, operational), SAID[106], `${section}.${method}`);
  }
});

test("a councillor's second quota pays for votes, but not for wrapped ones", async (context) => {
  const { alice, api, carry, chain } = context;
  const propose = (size) => {
    const call = remark(api, size);
    return api.tx.council.propose(2, call, call.encodedLength);
  };
  const batch = (size) => api.tx.utility.batch([propose(size)]);
  const buckets = async () => ({
    member: await bucketOf(context, alice),
    official: await officialBucketOf(context, alice),
  });
  const before = await buckets();
  const plain = await chain.succeed(alice, propose(1));
  const voted = await buckets();
  assert.deepEqual(voted.member, before.member);
  assert.equal(voted.official.at, plain.blockNumber);
  assert.match(await refusal(alice, batch(2)), SAID[106]);
  assert.deepEqual(await buckets(), voted);

  // A suspension leaves only the second quota, and with it only votes.
  await carry(api.tx.consortium.suspendOrganisation(DEVELOPMENT));
  const call = remark(api, 3);
  assert.match(await refusal(alice, call), SAID[102]);
  await chain.succeed(alice, propose(3));
  await carry(api.tx.consortium.resumeOrganisation(DEVELOPMENT));
});

test('a member over its quota is rejected until the quota is replenished', async (context) => {
  const { api, carry, chain, stranger } = context;
  const n = stranger('little');
  // The burst is ten blocks' worth, of 20 ms each.
  const limits = { members: 3, nodes: 0, quota: { burst: 200_000, perBlock: 20_000 }, ...SHARED };
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
  assert.match(`${refused}`, SAID[103]);
  const tooMuch = await refusal(n, remark(api, 1_000_000));
  assert.match(tooMuch, SAID[105]);

  const cost = (await quota()).rate.burst.toNumber() / 2;
  while ((await quota()).available.toNumber() < cost) await pause(500);
  // The same bytes again. For a block or two, the pool remembers that it rejected them.
  const send = () => api.rpc.author.submitExtrinsic(second).then(() => undefined, String);
  for (let said = await send(), tries = 5; said; said = await send(), tries -= 1) {
    assert.match(said, /1012: Transaction is temporarily banned/);
    assert.ok(tries > 0, 'the ban must end after a few blocks');
    await pause(BLOCK);
  }
  while ((await api.query.system.account(n.address)).nonce.toNumber() <= nonce + 1) {
    await pause(500);
  }
});
