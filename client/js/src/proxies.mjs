// SPDX-License-Identifier: Apache-2.0

// Warns before a company account loses the delegates with full control. The chain cannot do this:
// its call filter sees one call, but not the remaining delegates.

import { fixed, toHex } from './bytes.mjs';

/** @typedef {Uint8Array | string} Account 32 bytes, hex after 0x, or an SS58 address */
/** @typedef {{ delegate: string | undefined, type: string, delay: number }} Delegation */

/** @typedef {{ name: string, args: Record<string, any> }} Call named as in `proxy.removeproxy` */

const LETTERS = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
/** The length of an address: one or two bytes, the key, and a checksum. */
const MIN_LETTERS = 46;
const MAX_LETTERS = 50;
const KEY = 2n ** 256n;
const CHECKSUM_BITS = 16n;

const LAST =
  'After this call no delegate of type Any is left: an account without a key of its own is then ' +
  'permanently lost, with all that it owns. Add another delegate of type Any first.';
const OWN =
  'This call ends your own delegation of type Any: you can then no longer do everything for the ' +
  'account, and only another delegate of type Any can give it back to you.';
const ALONE =
  'After this call only you can do everything for the account: if you lose your key, the account ' +
  'is lost. Add a second delegate of type Any, or a multisig of several people.';

/**
 * Returns warnings about a call before it is signed, as sentences to show, or an empty list.
 * Assumes that everything in the call succeeds. Cannot see calls behind a hash, as in
 * `multisig.approve_as_multi` or an announcement.
 *
 * @param {object} options
 * @param {Account} options.account the company account
 * @param {any} options.proxies its current delegates, from Polkadot.js or PAPI:
 *   `api.query.proxy.proxies(account)`, or `api.query.Proxy.Proxies.getValue(account)`
 * @param {any} options.call a transaction or call of Polkadot.js, or its `toHuman()`; or the
 *   `decodedCall` of a transaction of PAPI
 * @param {Account} [options.signer] the account that signs the call. If omitted, the account itself
 *   makes the call, to be wrapped in `proxy.proxy` later
 * @returns {string[]}
 */
export function proxyWarnings({ account, proxies, call, signer }) {
  const of = keyOf(account);
  const you = signer === undefined ? undefined : keyOf(signer);
  const before = delegationsOf(proxies);
  const left = after(before, { of, by: you ?? of }, callOf(call));
  if (left === before) return [];
  const [had, have] = [before, left].map((delegations) =>
    delegations.filter(isAny).map(({ delegate }) => delegate),
  );
  if (have.length === 0) return had.length === 0 ? [] : [LAST];
  if (you === undefined) return [];
  if (had.includes(you) && !have.includes(you)) return [OWN];
  return have.every((delegate) => delegate === you) ? [ALONE] : [];
}

/**
 * Returns the delegations of the account `of` after a call; the same list if it changes none. `by`
 * makes the call. It is undefined for a multisig and for a derived account, which can act for an
 * account without a key, but are never such an account themselves.
 *
 * @param {Delegation[]} delegations
 * @param {{ of: string, by?: string }} who
 * @param {Call} call
 * @returns {Delegation[]}
 */
function after(delegations, { of, by }, { name, args }) {
  /**
   * @param {Delegation[]} now
   * @param {string | undefined} origin
   * @param {any} inner
   */
  const next = (now, origin, inner) => after(now, { of, by: origin }, callOf(inner));
  switch (name) {
    case 'utility.batch':
    case 'utility.batchall':
    case 'utility.forcebatch':
      return args.calls.reduce(
        (/** @type {Delegation[]} */ now, /** @type {any} */ inner) => next(now, by, inner),
        delegations,
      );
    case 'utility.ifelse':
      return fewer(next(delegations, by, args.main), next(delegations, by, args.fallback));
    case 'utility.asderivative':
    case 'multisig.asmulti':
    case 'multisig.asmultithreshold1':
      return next(delegations, undefined, args.call);
    case 'proxy.proxy':
    case 'proxy.proxyannounced': {
      const real = idOf(args.real);
      const delegate = name === 'proxy.proxy' ? by : idOf(args.delegate);
      const type = typeOf(args.force_proxy_type ?? 'Any');
      if (real === of && !mayChange(delegations, delegate, type)) return delegations;
      return next(delegations, real, args.call);
    }
    case 'proxy.addproxy':
      return by === of ? added(delegations, delegationOf(args)) : delegations;
    case 'proxy.removeproxy':
      return by === of ? removed(delegations, delegationOf(args)) : delegations;
    case 'proxy.removeproxies':
    case 'proxy.killpure':
      return by === of ? [] : delegations;
    default:
      return delegations;
  }
}

/** @param {Delegation} delegation */
const isAny = ({ type }) => type === 'Any';

/**
 * Returns `true` if a delegate can change the delegates of type `Any`: only one of that type can.
 *
 * @param {Delegation[]} delegations
 * @param {string | undefined} delegate
 * @param {string} type the type as which it acts
 */
const mayChange = (delegations, delegate, type) =>
  type === 'Any' &&
  delegations.some((one) => isAny(one) && (delegate === undefined || one.delegate === delegate));

/**
 * @param {Delegation} a
 * @param {Delegation} b
 */
const same = (a, b) => a.delegate === b.delegate && a.type === b.type && a.delay === b.delay;

/**
 * @param {Delegation[]} delegations
 * @param {Delegation} one
 */
const added = (delegations, one) =>
  delegations.some((other) => same(other, one)) ? delegations : [...delegations, one];

/**
 * @param {Delegation[]} delegations
 * @param {Delegation} one
 */
const removed = (delegations, one) =>
  delegations.some((other) => same(other, one))
    ? delegations.filter((other) => !same(other, one))
    : delegations;

/**
 * Returns the outcome with fewer delegates of type `Any`.
 *
 * @param {Delegation[]} a
 * @param {Delegation[]} b
 */
const fewer = (a, b) => (b.filter(isAny).length < a.filter(isAny).length ? b : a);

/**
 * Reads a call in the human form of Polkadot.js (`{ section, method, args }`), also within a
 * transaction, or in the decoded form of PAPI (`{ type, value: { type, value } }`).
 *
 * @param {any} call
 * @returns {Call}
 */
function callOf(call) {
  const plain = humanOf(call);
  const { section, method, args } = plain?.method?.method ? plain.method : (plain ?? {});
  if (typeof section === 'string' && typeof method === 'string') {
    return { name: spelt(section, method), args: args ?? {} };
  }
  const { type, value } = plain ?? {};
  if (typeof type === 'string' && typeof value?.type === 'string') {
    return { name: spelt(type, value.type), args: value.value ?? {} };
  }
  throw new TypeError('the call must be one of Polkadot.js, or `decodedCall` of PAPI');
}

/**
 * @param {string} pallet
 * @param {string} call
 */
const spelt = (pallet, call) => `${pallet}.${call}`.toLowerCase().replaceAll('_', '');

/**
 * Returns a value of Polkadot.js in its human form; other values unchanged.
 *
 * @param {any} value
 */
const humanOf = (value) => (typeof value?.toHuman === 'function' ? value.toHuman() : value);

/**
 * Reads delegations from their pair with a deposit.
 *
 * @param {any} proxies
 * @returns {Delegation[]}
 */
function delegationsOf(proxies) {
  const [list] = Array.isArray(humanOf(proxies)) ? humanOf(proxies) : [];
  if (!Array.isArray(list)) throw new TypeError('proxies must be a list and a deposit');
  return list.map(delegationOf);
}

/**
 * Reads a delegation from storage or from the arguments of a call.
 *
 * @param {any} record
 * @returns {Delegation}
 */
function delegationOf(record) {
  return {
    delegate: idOf(record.delegate),
    type: typeOf(record.proxy_type ?? record.proxyType),
    // Polkadot.js groups the digits in its human form.
    delay: Number(String(record.delay).replaceAll(',', '')),
  };
}

/**
 * Returns the name of a variant of an enum.
 *
 * @param {any} variant
 * @returns {string}
 */
const typeOf = (variant) => (typeof variant === 'string' ? variant : variant.type);

/**
 * Returns the public key in the address of a call, or undefined for kinds of addresses that the
 * chain does not know.
 *
 * @param {any} address an account, `{ Id }` of Polkadot.js, or `{ type: 'Id', value }` of PAPI
 */
function idOf(address) {
  if (typeof address === 'string' || address instanceof Uint8Array) return keyOf(address);
  const id = address.type === 'Id' ? address.value : (address.Id ?? address.id);
  return id === undefined ? undefined : keyOf(id);
}

/**
 * Returns the public key of an account in hexadecimal. Does not check the checksum, which the
 * library that created the address has done.
 *
 * @param {Account} account
 * @returns {string}
 */
function keyOf(account) {
  if (account instanceof Uint8Array || String(account).startsWith('0x')) {
    return toHex(fixed(account, 32, 'the account'));
  }
  const letters = [...String(account)].map((letter) => LETTERS.indexOf(letter));
  const isLong = letters.length >= MIN_LETTERS && letters.length <= MAX_LETTERS;
  if (!isLong || letters.includes(-1)) throw new TypeError(`this is not an account: ${account}`);
  const number = letters.reduce((sum, digit) => sum * 58n + BigInt(digit), 0n);
  return `0x${((number >> CHECKSUM_BITS) % KEY).toString(16).padStart(64, '0')}`;
}
