// SPDX-License-Identifier: Apache-2.0

// The remaining quotas of a member: its own, and those that it shares with its organisation.

import { u64 } from './bytes.mjs';

/**
 * @typedef {number | bigint | { toString(): string }} Numeric
 * @typedef {object} Bucket a quota in the next block
 * @property {bigint} burst the maximum that can accumulate
 * @property {bigint} perBlock the amount added with each block
 * @property {bigint} available the amount that can be spent in the next block
 * @typedef {{ member: Bucket, time: Bucket, bytes: Bucket }} Quotas
 */

/**
 * Reads the results of the views `quota` and `organisation_quota`, from Polkadot.js (an `Option`,
 * with `perBlock`) or PAPI (`per_block`).
 *
 * @param {object} views
 * @param {any} views.quota the member's, from `consortiumApi.quota`
 * @param {any} views.organisation its organisation's, from `consortiumApi.organisationQuota`
 * @returns {Quotas} time in microseconds, bytes in bytes
 * @throws {TypeError} if one of them is missing
 */
export function readQuotas({ quota, organisation }) {
  const shared = unwrapped(organisation);
  return {
    member: bucket(unwrapped(quota), "the member's quota"),
    time: bucket(shared?.time, "the organisation's time"),
    bytes: bucket(shared?.bytes, "the organisation's bytes"),
  };
}

/** @param {any} view */
function unwrapped(view) {
  if (typeof view?.isSome !== 'boolean') return view;
  return view.isSome ? view.unwrap() : undefined;
}

/** @param {any} view @param {string} what @returns {Bucket} */
function bucket(view, what) {
  if (!view?.rate) throw new TypeError(`${what} is missing: the account is not a member`);
  const { rate, available } = view;
  return {
    burst: u64(rate.burst, `${what}, burst`),
    perBlock: u64(rate.perBlock ?? rate.per_block, `${what}, perBlock`),
    available: u64(available, `${what}, available`),
  };
}

/**
 * Returns the number of blocks until a transaction is affordable if nothing else is spent: 0 for
 * the next block. Returns `null` if it costs more than a full quota.
 *
 * @param {Quotas} quotas
 * @param {{ time: Numeric, bytes: Numeric }} cost from `consortiumApi.cost` and `byteCost`
 * @returns {number | null}
 */
export function blocksUntilAffordable(quotas, cost) {
  const [time, bytes] = [u64(cost.time, 'time'), u64(cost.bytes, 'bytes')];
  const waits = [
    blocksUntil(quotas.member, time),
    blocksUntil(quotas.time, time),
    blocksUntil(quotas.bytes, bytes),
  ];
  return waits.some((wait) => wait === null) ? null : Math.max(...waits.map(Number));
}

/** @param {Bucket} bucket @param {bigint} cost */
function blocksUntil({ burst, perBlock, available }, cost) {
  if (cost > burst) return null;
  const missing = cost > available ? cost - available : 0n;
  return Number((missing + perBlock - 1n) / perBlock);
}
