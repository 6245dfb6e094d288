// SPDX-License-Identifier: Apache-2.0

// A mock of the API of Polkadot.js, for the parts that the README uses. It only accepts names and
// arguments that the pallet's source declares.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { concat } from '../src/bytes.mjs';
import { fromHex } from '../src/index.mjs';
import { Raw } from './helper.mjs';

const PALLET = new URL('../../../pallets/data-container/src/', import.meta.url);
const source = (name) => readFileSync(new URL(`${name}.rs`, PALLET), 'utf8');
const [CALLS, STORAGE, RUNTIME_API] = ['calls', 'storage', 'runtime_api'].map(source);
const TYPES = ['arguments', 'keys', 'mod', 'rights', 'values']
  .map((name) => source(`types/${name}`))
  .join('\n');

const camelCase = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
const snakeCase = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Returns the names of a function's parameters in a source. */
function parametersOf(source, name) {
  const [, list] = new RegExp(`\\bfn ${snakeCase(name)}\\(([^)]*)\\)`).exec(source) ?? [];
  assert.notEqual(list, undefined, `the pallet has no ${name}`);
  return [...list.matchAll(/(\w+): /g)].map(([, parameter]) => parameter);
}

/** Returns bytes. `toU8a(true)` omits the length. */
class Bytes extends Raw {
  toU8a(isBare) {
    const length = Uint8Array.of(this.length << 2);
    return isBare ? Uint8Array.from(this) : concat(length, this);
  }
}

const number = (value) => ({ toNumber: () => value, toString: () => String(value) });

const option = (value) => ({
  isSome: value !== undefined,
  isNone: value === undefined,
  unwrap: () => value ?? assert.fail('the option is empty'),
  unwrapOr: (other) => value ?? other,
});

/** Returns some fields of a struct of the pallet. */
function struct(name, fields) {
  const [, body] = new RegExp(`pub struct ${name}\\b[^{]*\\{([^]*?)\\n\\}`).exec(TYPES);
  const declared = [...body.matchAll(/^ {4}pub (\w+):/gm)].map(([, field]) => camelCase(field));
  for (const field of Object.keys(fields)) assert.ok(declared.includes(field), `${name}.${field}`);
  return only(fields, name);
}

/** Returns an enum of the pallet. Reading another variant fails, as with Polkadot.js. */
function enumeration(name, type, value) {
  const [, body] = new RegExp(`pub enum ${name}\\b[^{]*\\{([^]*?)\\n\\}`).exec(TYPES);
  const variants = [...body.matchAll(/^ {4}([A-Z]\w*)/gm)].map(([, variant]) => variant);
  assert.ok(variants.includes(type), `${name}.${type}`);
  const whether = variants.map((variant) => [`is${variant}`, variant === type]);
  return only({ type, ...Object.fromEntries(whether), [`as${type}`]: value }, name);
}

/** Returns an object that fails when a missing member is read. */
const only = (members, what) =>
  new Proxy(members, {
    get: (_, name) => {
      // `await` reads this member of every object.
      if (name === 'then' || typeof name === 'symbol') return members[name];
      assert.ok(Object.hasOwn(members, name), `${what} has no ${name}`);
      return members[name];
    },
  });

/** Returns functions by name. Fails if the pallet does not have the name. */
const functions = (make) => new Proxy({}, { get: (_, name) => make(name) });

/** Returns a call with its arguments, as in a transaction. */
function transaction(call, list) {
  const [origin, ...names] = parametersOf(CALLS, call);
  assert.equal(origin, 'origin');
  assert.equal(list.length, names.length, `${call}(${names})`);
  return { call, args: Object.fromEntries(names.map((name, at) => [name, argument(list[at])])) };
}

/** Converts an argument for Polkadot.js back into the client's form. */
function argument(value) {
  if (typeof value === 'string' && value.startsWith('0x')) return fromHex(value);
  if (Array.isArray(value)) return value.map(argument);
  if (typeof value === 'string') return { type: value, value: undefined };
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, argument(member)]);
  const [[first, inner]] = members;
  if (/^[A-Z]/.test(first)) return { type: first, value: inner };
  return Object.fromEntries(members.map(([name, member]) => [snakeCase(name), member]));
}

const page = (items) => only({ items, next: option(undefined) }, 'a page');

const holder = ({ account, version, public: key }) =>
  account
    ? enumeration('KeyHolder', 'Account', [new Bytes(account), number(version)])
    : enumeration('KeyHolder', 'Key', new Bytes(key));

/**
 * Returns the API of a chain with the given state, and `submit`, which executes a transaction or
 * all calls of a batch.
 */
export function polkadotJs(state) {
  const key = (of) => struct('AccountKey', { suite: number(1), public: new Bytes(of) });
  const storage = {
    encryptionKeys: (account) => {
      const all = state.keys(account);
      const newest = { version: number(all.length), key: all.length && key(all.at(-1)) };
      return option(all.length > 0 ? struct('EncryptionKey', newest) : undefined);
    },
    keyVersions: (account, version) => {
      const found = state.keys(account)[version - 1];
      return option(found && key(found));
    },
    dataSets: (_, name) => {
      assert.equal(name, 'usage');
      const epoch = state.epochs().at(-1)?.[0];
      const newest = epoch && struct('EpochKey', { epoch: number(epoch) });
      return option(struct('DataSet', { key: option(newest) }));
    },
  };
  const runtime = {
    accountEnvelopes: (account, version) =>
      state.accountEnvelopes(account, version).map((found) =>
        struct('AccountEnvelope', {
          holder: holder(found.holder),
          sealed: new Bytes(found.sealed),
        }),
      ),
    epochs: (_container, _name, from) =>
      page(
        state
          .epochs()
          .filter(([epoch]) => epoch >= from)
          .map(([epoch, { suite, public: publicKey, previous }]) => [
            number(epoch),
            struct('Epoch', {
              suite: number(suite),
              public: new Bytes(publicKey),
              previous: option(previous ? new Bytes(previous) : undefined),
            }),
          ]),
      ),
    envelopes: (_container, _name, account) =>
      state.envelopes(account).map(([segment, { epoch, key_version, sealed }]) => [
        number(segment),
        struct('Envelope', {
          epoch: number(epoch),
          keyVersion: number(key_version),
          sealed: new Bytes(sealed),
        }),
      ]),
    entry: () => {
      const { author, epoch, ciphertext } = state.entry();
      const sealed = { suite: number(1), epoch: number(epoch), ciphertext: new Bytes(ciphertext) };
      const value = enumeration('StoredValue', 'Sealed', only(sealed, 'a sealed value'));
      return option(struct('Entry', { author: new Bytes(author), value }));
    },
  };
  const query = functions((name) => {
    assert.match(STORAGE, new RegExp(`pub type ${name[0].toUpperCase()}${name.slice(1)}<`));
    return async (...args) => storage[name](...args);
  });
  const call = functions((name) => {
    const parameters = parametersOf(RUNTIME_API, name);
    return async (...args) => {
      assert.equal(args.length, parameters.length, `${name}(${parameters})`);
      return runtime[name](...args);
    };
  });
  const api = {
    genesisHash: new Bytes(state.genesisHash),
    query: only({ dataContainer: query }, 'query'),
    call: only({ dataContainerApi: call }, 'call'),
    tx: only(
      {
        dataContainer: functions((name) => (...list) => transaction(name, list)),
        utility: only({ batchAll: (calls) => ({ calls }) }, 'utility'),
      },
      'tx',
    ),
  };
  const submit = async (account, { calls, ...single }) => {
    for (const { call: name, args } of calls ?? [single]) {
      assert.ok(Object.hasOwn(state.calls, name), `the example makes the call ${name}`);
      state.calls[name](account, args);
    }
  };
  return { api: only(api, 'api'), submit };
}
