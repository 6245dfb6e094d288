// SPDX-License-Identifier: Apache-2.0

// Access to the confidential data sets of a container with the client library: seals, shares, and
// opens the values in the state.

import { u8aToU8a } from '@polkadot/util';
import { decodeAddress } from '@polkadot/util-crypto';
import assert from 'node:assert/strict';
import * as client from '../../../client/js/src/index.mjs';
import { bytes, text } from './chain.mjs';

const { READ } = client.ACCESS;

/** Returns a random encryption key with its secret. */
export async function randomKey({ publicKey: account }, version = 1) {
  const { secretKey, publicKey } = await client.deriveKeyPair(client.newSeed());
  return { account, version, secretKey, public: publicKey };
}

/** Returns the call that sets an account's encryption key. */
export const setKey = (api, key, options) =>
  api.tx.dataContainer.setEncryptionKey(
    ...client.forPolkadotJs(client.setEncryptionKey(key, options)),
  );

/**
 * Opens the secret key of an account with a holder's keystore, from the envelopes on the chain.
 * `secretKey` is an additional key outside the chain that can open it.
 */
export async function openKey(api, keystore, account, version, secretKey) {
  const { accountEnvelopes, encryptionKeys } = api.call.dataContainerApi;
  const [[, key]] = (await encryptionKeys(account, version, 1)).items;
  const envelopes = (await accountEnvelopes(account, version)).map(({ holder, sealed }) => {
    const { type, inner } = holder;
    const [of, keyVersion] = type === 'Account' ? inner : [];
    return {
      holder: of ? { account: of.toU8a(), version: keyVersion } : { public: inner },
      sealed,
    };
  });
  const of = { account: decodeAddress(account), version, public: key.public };
  return keystore.openKey({ genesisHash: api.genesisHash, of, envelopes, secretKey });
}

/**
 * Returns functions for one container. `own` contains the encryption keys by account; `trust`
 * checks those of others. `chain.succeed` sends the calls of `rotate`, `share` and `give`.
 *
 * Functions that open values take `secret`, which finds the reader's secret key of a version.
 * Without it, they use the key in `own`, which must have this version.
 */
export function confidential({ api, chain, own, genesisHash, trust }, container) {
  const tx = api.tx.dataContainer;
  const keys = new Map();
  const place = (dataSet) => ({ genesisHash, container, dataSet });
  const secretOf = (reader) => (version) => {
    const key = own.get(reader);
    if (key?.version === version) return key;
    throw new client.UnknownKey(`no key of version ${version}`);
  };
  const record = async (dataSet) => {
    const sets = await api.call.dataContainerApi.dataSets(container);
    return sets.find(([name]) => text(name) === dataSet)[1];
  };
  const epochsOf = async (at, dataSet, from, limit) => {
    const page = await at.call.dataContainerApi.epochs(container, bytes(dataSet), from, limit);
    return page.items.map(([epoch, { suite, public: publicKey, previous }]) => [
      epoch.toNumber(),
      { suite, public: publicKey, previous: previous.unwrapOr(null) },
    ]);
  };
  const sealedFor = async (dataSet) => {
    const epoch = (await record(dataSet)).key.unwrap().epoch.toNumber();
    const [[, { public: publicKey }]] = await epochsOf(api, dataSet, epoch, 1);
    return { ...place(dataSet), epoch, publicKey };
  };
  return {
    container,
    place,
    sealedFor,
    /** Gives a data set a new key for its owner and readers, with or without the history. */
    async rotate(owner, dataSet, readers = [], { cut = false } = {}) {
      const last = keys.get(dataSet);
      const rotation = await client.rotate({
        ...place(dataSet),
        epoch: last?.epoch ?? 0,
        ...(cut ? { cut } : { previous: last }),
        owner: own.get(owner),
        readers: readers.map((reader) => own.get(reader)),
        trust,
      });
      await chain.succeed(owner, tx.rotateKey(...client.forPolkadotJs(rotation.args)));
      keys.set(dataSet, rotation);
    },
    keyOf: (dataSet) => keys.get(dataSet),
    async share(owner, reader, access, until) {
      const args = await client.share({
        genesisHash,
        container,
        reader: own.get(reader),
        access: access.map(([dataSet, bits]) => ({
          dataSet,
          access: bits,
          key: bits & READ ? keys.get(dataSet) : undefined,
        })),
        until,
        trust,
      });
      return chain.succeed(owner, tx.share(...client.forPolkadotJs(args)));
    },
    /** Gives readers the seed of an epoch. */
    async give(owner, dataSet, epoch, key, readers) {
      const args = await client.setEnvelopes({
        ...place(dataSet),
        epoch,
        key,
        readers: readers.map((reader) => own.get(reader)),
        trust,
      });
      return chain.succeed(owner, tx.setEnvelopes(...client.forPolkadotJs(args)));
    },
    async set(author, dataSet, value) {
      const where = { ...(await sealedFor(dataSet)), author: author.publicKey };
      const args = await client.setSealedEntry({ ...where, value });
      return tx.setSealedEntry(...client.forPolkadotJs(args));
    },
    async append(author, dataSet, items) {
      const where = { ...(await sealedFor(dataSet)), author: author.publicKey };
      const args = await client.appendSealed({ ...where, items });
      return tx.appendSealed(...client.forPolkadotJs(args));
    },
    /** Returns a reader's envelopes in the state, one for each segment, at a block or now. */
    async envelopesOf(reader, dataSet, at = api) {
      const { envelopes } = at.call.dataContainerApi;
      const found = await envelopes(container, bytes(dataSet), reader.address);
      return found.map(([, { epoch, keyVersion, sealed }]) => ({
        epoch,
        key_version: keyVersion,
        sealed,
      }));
    },
    /** Returns the key of every epoch that a reader gets from its envelopes in the state. */
    async keysOf(reader, dataSet, secret = secretOf(reader), at = api) {
      const { keys: opened, faults } = await client.openEnvelopes({
        ...place(dataSet),
        epochs: await epochsOf(at, dataSet, 0, 256),
        envelopes: await this.envelopesOf(reader, dataSet, at),
        own: secret,
      });
      // Envelopes that are not for the reader stay closed, but none in the state may be false.
      const lies = faults.filter((fault) => /^False/.test(fault.name));
      assert.deepEqual(lies, []);
      return opened;
    },
    /** Returns the stored values of a data set. */
    async stored(dataSet) {
      const sealed = (author, value) => {
        const { suite, epoch, ciphertext } = value.asSealed;
        return {
          author: author.toU8a(),
          suite: suite.toNumber(),
          epoch: epoch.toNumber(),
          ciphertext: u8aToU8a(ciphertext.toU8a(true)),
        };
      };
      if ((await record(dataSet)).kind.isEntry) {
        const entry = await api.call.dataContainerApi.entry(container, bytes(dataSet));
        const { author, value } = entry.unwrap();
        return [sealed(author, value)];
      }
      const page = await api.call.dataContainerApi.batches(container, bytes(dataSet), 0, 256);
      return page.items.flatMap(({ stored: { author, items } }) =>
        items.filter((item) => item.isSome).map((item) => sealed(author, item.unwrap())),
      );
    },
    /** Returns the texts of a data set that some keys open, and `undefined` where none does. */
    async open(dataSet, held) {
      const values = await this.stored(dataSet);
      return Promise.all(
        values.map((stored) =>
          client.openStored({ ...place(dataSet), stored, keys: held }).then(
            ({ value }) => new TextDecoder().decode(value),
            () => undefined,
          ),
        ),
      );
    },
    /**
     * Returns the texts of a data set that a reader can open, and `undefined` where none of its
     * keys does.
     */
    async read(reader, dataSet, secret) {
      return this.open(dataSet, await this.keysOf(reader, dataSet, secret));
    },
  };
}
