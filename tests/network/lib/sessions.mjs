// SPDX-License-Identifier: Apache-2.0

// Queries of the tests about a chain's sessions and validators.

import { until } from './network.mjs';

const SESSION_LIMIT = 240_000;

/** Returns the slot of a block. */
export function slotOf(header) {
  const [, slot] = header.digest.logs.find((log) => log.isPreRuntime).asPreRuntime;
  return slot.toU8a(true).reduceRight((value, byte) => value * 256 + byte, 0);
}

/** Returns the account of the validator that made a block. */
async function authorOf(api, header) {
  const validators = await (await api.at(header.parentHash)).query.session.validators();
  return validators[slotOf(header) % validators.length].toString();
}

/** Returns the authors of the last `count` blocks. */
export async function authors(api, count) {
  const found = new Set();
  let header = await api.rpc.chain.getHeader();
  for (let left = count; left > 0; left -= 1) {
    found.add(await authorOf(api, header));
    header = await api.rpc.chain.getHeader(header.parentHash);
  }
  return found;
}

/** Waits until `count` more sessions have begun. */
export async function sessions(api, count) {
  const index = async () => (await api.query.session.currentIndex()).toNumber();
  const wanted = (await index()) + count;
  await until(`session ${wanted} begins`, SESSION_LIMIT, async () => (await index()) >= wanted);
}

/** Returns the accounts that validate in this session. */
export async function validating(api) {
  return (await api.query.session.validators()).map(String);
}
