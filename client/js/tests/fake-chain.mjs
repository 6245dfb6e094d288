// SPDX-License-Identifier: Apache-2.0

// A chain with one container, behind an adapter: as much of it as the one object uses, in memory.

import { addressOf, toHex } from '../src/index.mjs';
import { text } from './helper.mjs';

const CONTAINER = 7n;
const page = (items) => ({ items, next: undefined });
const set = (id, kind, visibility) => ({
  id,
  kind,
  visibility,
  retired: undefined,
  revision: 0,
  head: new Uint8Array(32),
  count: 0,
  batches: 0,
  changed: 1,
  key: undefined,
});

/** Returns an adapter, and what the chain has. */
export function fakeChain({ genesisHash, owner }) {
  const state = {
    owner,
    keys: new Map(),
    sets: new Map([
      ['manual', set(0, 'Entry', { type: 'Confidential' })],
      ['log', set(1, 'List', 'Confidential')],
      ['hours', set(2, 'Entry', 'Public')],
    ]),
    epochs: new Map([
      ['manual', []],
      ['log', []],
    ]),
    envelopes: new Map(),
    entries: new Map(),
    batches: [],
    readers: new Map([
      ['manual', []],
      ['log', []],
    ]),
    block: 1,
    sent: [],
    events: new Map(),
    // The fate of the next transaction: `throw` after it is given, or a `failure`.
    next: {},
  };
  const nameIn = (bytes) => text(bytes);
  const reads = {
    container: (id) =>
      id === CONTAINER
        ? {
            container: { owner: addressOf(state.owner), status: 'Active', offer: state.offer },
            roles: [],
          }
        : undefined,
    data_sets: (id) =>
      id === CONTAINER
        ? [...state.sets].map(([name, of]) => [new TextEncoder().encode(name), of])
        : [],
    entry: (_, name) => state.entries.get(nameIn(name)),
    batches: () => page(state.batches.map((stored, batch) => ({ batch, stored }))),
    epochs: (_, name) => page(state.epochs.get(nameIn(name)) ?? []),
    envelopes: (_, name, account) => state.envelopes.get(`${nameIn(name)}/${account}`) ?? [],
    encryption_key: (account) => state.keys.get(account),
    can: (_, name, account) => account === addressOf(state.owner),
    sealing: () => ({ type: 'Open', value: {} }),
    readers: (_, name) =>
      page((state.readers.get(nameIn(name)) ?? []).map((account) => ({ account }))),
    members: () => page([]),
    rotations_due: () =>
      page(
        [...state.sets]
          .filter(([, of]) => of.visibility !== 'Public' && !of.key)
          .map(([name]) => ({ dataSet: new TextEncoder().encode(name), end: undefined })),
      ),
  };
  const calls = {
    set_encryption_key: (signer, { public: key, replaces, suite }) =>
      state.keys.set(addressOf(signer), {
        version: replaces + 1,
        key: { suite, public: key },
        since: 1,
      }),
    rotate_key(signer, args) {
      const name = nameIn(args.data_set);
      const epoch = args.expected_epoch + 1;
      const { type, value } = args.previous_seed;
      const record = {
        suite: 1,
        segment: 1,
        public: args.public,
        previous: type === 'Link' ? value : undefined,
      };
      state.epochs.get(name).push([epoch, record]);
      state.sets.get(name).key = { epoch };
      const all = [
        { reader: signer, key_version: args.key_version, envelope: args.envelope },
        ...args.envelopes,
      ];
      for (const { reader, key_version: keyVersion, envelope: sealed } of all) {
        state.envelopes.set(`${name}/${addressOf(reader)}`, [[1, { epoch, keyVersion, sealed }]]);
      }
    },
    share: (_, { account, access }) => {
      for (const { data_set } of access)
        state.readers.get(nameIn(data_set))?.push(addressOf(account));
    },
    set_entry: (signer, args) => put(signer, args, { type: 'Public', value: args.value }),
    set_sealed_entry: (signer, { epoch, ciphertext, ...args }) =>
      put(signer, args, { type: 'Sealed', value: { suite: 1, epoch, ciphertext } }),
    append_sealed(signer, { epoch, items }) {
      state.batches.push({
        author: addressOf(signer),
        block: state.block,
        time: 5n,
        items: items.map((ciphertext) => ({
          type: 'Sealed',
          value: { suite: 1, epoch, ciphertext },
        })),
      });
    },
  };
  function put(signer, { data_set }, value) {
    const name = nameIn(data_set);
    state.sets.get(name).revision += 1;
    state.entries.set(name, { author: addressOf(signer), block: state.block, time: 5n, value });
  }
  const adapter = {
    genesisHash: async () => toHex(genesisHash),
    finalized: async () => ({ hash: `0x${state.block}`, number: state.block }),
    blockHash: async (number) => `0x${number}`,
    read: async (at, api, method, args) => reads[method](...args),
    events: async (at) => state.events.get(at) ?? [],
    accountOf: (signer) => signer.account,
    async submit(signer, list, given) {
      if (signer.fails) throw new Error('the user refuses to sign');
      await given();
      const { failure, thrown } = state.next;
      state.next = {};
      if (thrown) throw thrown;
      state.sent.push(...list);
      state.block += 1;
      const block = { hash: `0x${state.block}`, number: state.block };
      if (failure) return { block, events: [], failure };
      for (const { call, args } of list) calls[call](signer.account, args);
      return { block, events: [] };
    },
  };
  return { adapter, state };
}
