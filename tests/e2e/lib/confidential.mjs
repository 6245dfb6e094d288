// SPDX-License-Identifier: Apache-2.0

// What the tests do with the confidential data sets of a container, with the client library: seal,
// share, and open what stands in the state.

import { u8aToU8a } from '@polkadot/util';
import assert from 'node:assert/strict';
import * as client from '../../../client/js/src/index.mjs';
import { bytes, text } from './chain.mjs';

const { READ } = client.ACCESS;

/**
 * One container. `own` has the encryption keys by whose they are; `trust` checks those of others.
 * `chain.succeed` sends what `rotate` and `share` make.
 */
export function confidential({ api, chain, own, genesisHash, trust }, container) {
  const tx = api.tx.dataContainer;
  const keys = new Map();
  const place = (dataSet) => ({ genesisHash, container, dataSet });
  const record = async (dataSet) => {
    const sets = await api.call.dataContainerApi.dataSets(container);
    return sets.find(([name]) => text(name) === dataSet)[1];
  };
  const sealedFor = async (dataSet) => {
    const { epoch, public: publicKey } = (await record(dataSet)).key.unwrap();
    return { ...place(dataSet), epoch: epoch.toNumber(), publicKey: publicKey.toU8a() };
  };
  return {
    container,
    place,
    sealedFor,
    /** Gives a data set a new key, with the history, for its owner and readers. */
    async rotate(owner, dataSet, readers = []) {
      const last = keys.get(dataSet);
      const rotation = await client.rotate({
        ...place(dataSet),
        epoch: last?.epoch ?? 0,
        previous: last,
        owner: own.get(owner),
        recovery: null,
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
    /** Every epoch's key that a reader gets from its envelope in the state. */
    async keysOf(reader, dataSet) {
      const found = await api.call.dataContainerApi.envelope(container, bytes(dataSet), reader.address);
      if (found.isNone) return new Map();
      const { epoch, sealed } = found.unwrap();
      const records = (await api.call.dataContainerApi.epochs(container, bytes(dataSet), 0, 256)).items;
      const epochs = records.map(([number, { public: publicKey, previous }]) => [
        number.toNumber(),
        {
          suite: 1,
          public: publicKey.toU8a(),
          previous: previous.isSome ? previous.unwrap().toU8a() : null,
        },
      ]);
      const newest = { ...place(dataSet), epoch: epoch.toNumber() };
      const { public: publicKey } = new Map(epochs).get(newest.epoch);
      const key = await client.openEnvelope(newest, own.get(reader), publicKey, sealed.toU8a());
      const history = await client.openHistory({
        ...place(dataSet),
        epochs,
        newest: { epoch: newest.epoch, seed: key.seed },
      });
      assert.equal(history.fault, undefined);
      return history.keys;
    },
    /** The values of a data set, as the state has them. */
    async stored(dataSet) {
      const sealed = ({ epoch, author, ciphertext }) => ({
        epoch: epoch.toNumber(),
        author: author.toU8a(),
        ciphertext: u8aToU8a(ciphertext.toU8a(true)),
      });
      if ((await record(dataSet)).kind.isEntry) {
        const value = await api.call.dataContainerApi.entry(container, bytes(dataSet));
        return [sealed(value.unwrap().asSealed)];
      }
      const page = await api.call.dataContainerApi.batches(container, bytes(dataSet), 0, 256);
      return page.items
        .flatMap(({ items }) => [...items])
        .filter((item) => item.isSome)
        .map((item) => sealed(item.unwrap().asSealed));
    },
    /** What a reader reads of a data set: text, or nothing where no key of its opens it. */
    async read(reader, dataSet) {
      const held = await this.keysOf(reader, dataSet);
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
  };
}
