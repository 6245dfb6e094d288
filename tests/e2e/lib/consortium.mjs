// SPDX-License-Identifier: Apache-2.0

// Helpers for tests of members and quotas: motions of the council, accounts that are not members,
// and the pool's rejections.

import { Keyring } from '@polkadot/api';
import assert from 'node:assert/strict';
import { bytes, connect, decodeError, eventOf } from './chain.mjs';
import { Council } from './council.mjs';
import { explainRejection } from '../../../client/js/src/errors.mjs';

/** The organisation of the development chain. */
export const DEVELOPMENT = 0;

/** The shared quota of a small organisation: more than the tests spend. */
export const SHARED = {
  time: { burst: 60_000_000, perBlock: 50_000 },
  bytes: { burst: 100_000_000, perBlock: 100_000 },
};

/** Approximate time between blocks, in milliseconds. */
export const BLOCK = 3_000;

/** The client's explanations of the pool's codes, as far as the tests use them. */
export const SAID = {
  101: /^The signer is not a member of the consortium\./,
  102: /^The signer's organisation is suspended\./,
  103: /^The signer's quota, or its organisation's, is used up for now\./,
  105: /^This costs more than the signer's full quota, or its organisation's,/,
  106: /^Only councillors and validators make operational calls/,
  107: /^This chain does not permit this call\./,
  108: /^The nonce is more than 256 above the next one of the account\./,
};

/** Returns a connection like `connect`, with helpers for the consortium. */
export async function consortium(url) {
  const context = await connect(url);
  const { api, chain, alice, bob } = context;
  const council = new Council(api, chain, [alice, bob]);
  const keyring = new Keyring({ type: 'sr25519', ss58Format: 42 });
  return {
    ...context,
    carry: (motion) => council.carry(motion),
    stranger: (name) => keyring.addFromUri(`//${name}`, { name }),
  };
}

/** Sends a transaction that the pool must reject. Returns the client's explanation. */
export async function refusal(signer, call) {
  try {
    await call.signAndSend(signer);
  } catch (error) {
    return explainRejection(error);
  }
  return assert.fail(`${signer.meta.name}'s transaction was accepted`);
}

export const remark = (api, size = 0) => api.tx.system.remark(bytes('x'.repeat(size)));

/**
 * Returns a chain on which the signer acts for `account`, as its proxy. A proxy's transaction
 * succeeds even if the inner call failed, so the result is taken from the event.
 */
export function actingFor({ api, chain }, signer, account) {
  const act = async (call) => {
    const outcome = await chain.succeed(signer, api.tx.proxy.proxy(account, null, call));
    return { outcome, result: eventOf(outcome.events, 'proxy', 'ProxyExecuted').result };
  };
  return {
    async succeed(_, call) {
      const { outcome, result } = await act(call);
      if (result.isErr) assert.fail(decodeError(api, result.asErr).name);
      return outcome;
    },
    async fail(_, call, expected) {
      const { result } = await act(call);
      assert.ok(result.isErr, `${signer.meta.name} made a forbidden call for ${account}`);
      assert.equal(decodeError(api, result.asErr).name, expected);
    },
  };
}
