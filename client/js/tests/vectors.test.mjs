// SPDX-License-Identifier: Apache-2.0

// The committed test vectors, which also check other implementations.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { blake2_256, readerData } from '../src/crypto.mjs';
import * as hpke from '../src/hpke.mjs';
import * as client from '../src/index.mjs';

const read = (name) => JSON.parse(readFileSync(new URL(`../vectors/${name}`, import.meta.url)));
const bytes = (hex) => client.fromHex(`0x${hex}`);
const hex = (value) => client.toHex(value).slice(2);
const utf8 = (text) => new TextEncoder().encode(text);

const rfc = read('rfc9180.json');
const vectors = read('twinchain.json');

const place = (vector) => ({
  genesisHash: bytes(vector.genesis_hash),
  container: BigInt(vector.container),
  dataSet: vector.data_set,
  epoch: vector.epoch,
});

const account = (vector) => ({
  account: bytes(vector.account),
  version: vector.version,
  public: bytes(vector.account_public_key),
});

/** Opens a vector as a reader. */
const OPEN = {
  [client.LABELS.account]: async (vector) => {
    const secretKey = bytes(vector.recipient_secret_key);
    const { holder } = vector;
    const own = holder.account
      ? { account: bytes(holder.account), version: holder.key_version, secretKey }
      : { secretKey };
    const genesisHash = bytes(vector.genesis_hash);
    const sealed = bytes(vector.sealed);
    const opened = await client.openAccountEnvelope(genesisHash, account(vector), own, sealed);
    return opened.secretKey;
  },
  [client.LABELS.envelope]: async (vector) => {
    const own = {
      account: bytes(vector.reader),
      version: vector.key_version,
      secretKey: bytes(vector.recipient_secret_key),
    };
    const key = bytes(vector.epoch_public_key);
    return (await client.openEnvelope(place(vector), own, key, bytes(vector.sealed))).seed;
  },
  [client.LABELS.previous]: async (vector) => {
    const secret = bytes(vector.recipient_secret_key);
    const key = bytes(vector.previous_public_key);
    return (await client.openPrevious(place(vector), secret, key, bytes(vector.sealed))).seed;
  },
  [client.LABELS.value]: (vector) => {
    const secret = bytes(vector.recipient_secret_key);
    return client.openValue(place(vector), secret, bytes(vector.author), bytes(vector.sealed));
  },
};
const open = (vector) => OPEN[vector.label](vector);
const placed = [...vectors.envelopes, ...vectors.previous_seeds, ...vectors.values];
const positive = [...placed, ...vectors.account_envelopes];
const negative = Object.values(vectors.cannot_open).flat();

test("the committed vectors match the script's output", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'twinchain-vectors-'));
  try {
    const script = fileURLToPath(new URL('../scripts/vectors.mjs', import.meta.url));
    const made = join(folder, 'made.json');
    await promisify(execFile)(process.execPath, [script, made]);
    assert.deepEqual(JSON.parse(readFileSync(made)), vectors);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('key pairs match RFC 9180, A.2.1', async () => {
  for (const [ikm, secret, key] of [
    ['ikmE', 'skEm', 'pkEm'],
    ['ikmR', 'skRm', 'pkRm'],
  ]) {
    const pair = await client.deriveKeyPair(bytes(rfc[ikm]));
    assert.equal(hex(pair.secretKey), rfc[secret]);
    assert.equal(hex(pair.publicKey), rfc[key]);
    assert.equal(hex(await client.publicKeyOf(pair.secretKey)), rfc[key]);
  }
});

test('opening and sealing match RFC 9180, A.2.1', async () => {
  const [info, aad, sealed] = [rfc.info, rfc.aad, rfc.enc + rfc.ct].map(bytes);
  assert.equal(hex(await hpke.open(bytes(rfc.skRm), info, aad, sealed)), rfc.pt);
  const again = await hpke.seal(bytes(rfc.pkRm), info, aad, bytes(rfc.pt), bytes(rfc.ikmE));
  assert.equal(hex(again), rfc.enc + rfc.ct);
});

test('key pairs match the vectors', async () => {
  for (const { seed, secret_key, public_key } of vectors.key_pairs) {
    const pair = await client.deriveKeyPair(bytes(seed));
    assert.deepEqual([hex(pair.secretKey), hex(pair.publicKey)], [secret_key, public_key]);
  }
});

test('sealed vectors can be opened', async () => {
  assert.ok(positive.length >= 10);
  for (const vector of positive) {
    assert.equal(hex(await open(vector)), vector.value ?? vector.plaintext, vector.name);
  }
});

test('vectors of the Rust crate can be opened', async () => {
  const file = new URL('../../../crates/sealing/vectors/sealed.json', import.meta.url);
  const sealed = Object.values(JSON.parse(readFileSync(file))).flat();
  assert.equal(sealed.length, positive.length);
  for (const [index, vector] of sealed.entries()) {
    assert.equal(hex(await open(vector)), vector.value ?? vector.plaintext, vector.name);
    assert.ok(
      positive.every((own) => own.sealed !== vector.sealed),
      `${index}: it is sealed again, not copied`,
    );
  }
});

test('info, aad and padding match their documentation', () => {
  for (const vector of placed) {
    const { label, name } = vector;
    assert.equal(label.length, 16, name);
    const parts = [
      hex(utf8(label)),
      vector.genesis_hash,
      hex(new Uint8Array(new BigUint64Array([BigInt(vector.container)]).buffer)),
      hex(blake2_256(utf8(vector.data_set))),
      hex(new Uint8Array(new Uint32Array([vector.epoch]).buffer)),
    ];
    assert.equal(vector.info, parts.join(''), name);
    assert.equal(hex(client.info(label, place(vector))), vector.info, name);
    if (label === client.LABELS.envelope) {
      const reader = { account: bytes(vector.reader), version: vector.key_version };
      assert.equal(hex(readerData(reader)), vector.aad, name);
    }
    if (label === client.LABELS.previous) assert.equal(vector.aad, '', name);
    if (label === client.LABELS.value) {
      assert.equal(vector.aad, vector.author, name);
      assert.equal(hex(client.pad(bytes(vector.value))), vector.plaintext, name);
    }
  }
});

test('account envelopes match their documentation', () => {
  for (const vector of vectors.account_envelopes) {
    const { holder, label, name } = vector;
    assert.equal(label, client.LABELS.account, name);
    const u32 = (number) => hex(new Uint8Array(new Uint32Array([number]).buffer));
    const info = [hex(utf8(label)), vector.genesis_hash, vector.account, u32(vector.version)];
    assert.equal(vector.info, info.join(''), name);
    const genesisHash = bytes(vector.genesis_hash);
    assert.equal(hex(client.accountInfo(genesisHash, account(vector))), vector.info, name);
    const [aad, named] = holder.account
      ? [
          `00${holder.account}${u32(holder.key_version)}`,
          { account: bytes(holder.account), version: holder.key_version },
        ]
      : [`0180${holder.public}`, { public: bytes(holder.public) }];
    assert.equal(vector.aad, aad, name);
    assert.equal(hex(client.holderData(named)), aad, name);
    assert.equal(vector.sealed.length, 2 * client.SEALED_SEED_BYTES, name);
  }
});

test("sealing with the vector's ephemeral key gives the same bytes", async () => {
  for (const vector of positive) {
    const [key, info, aad, plaintext, ephemeral] = [
      vector.recipient_public_key,
      vector.info,
      vector.aad,
      vector.plaintext,
      vector.ephemeral_seed,
    ].map(bytes);
    assert.equal(
      hex(await hpke.seal(key, info, aad, plaintext, ephemeral)),
      vector.sealed,
      vector.name,
    );
  }
});

test('opening fails with the right error when a vector is changed, moved or false', async () => {
  assert.ok(negative.length >= 50);
  for (const vector of negative) {
    await assert.rejects(open(vector), { name: vector.error }, vector.name);
  }
});

test('sealing fails when the key has low order', async () => {
  assert.equal(vectors.low_order.length, 9);
  const where = place(vectors.values[0]);
  const nobody = new Uint8Array(32);
  const seed = client.newSeed();
  for (const low of vectors.low_order) {
    const reader = { account: nobody, version: 1, public: bytes(low) };
    await assert.rejects(
      client.sealValue(where, bytes(low), nobody, '1'),
      { name: 'WeakKey' },
      low,
    );
    await assert.rejects(client.sealEnvelope(where, reader, seed), { name: 'WeakKey' }, low);
    await assert.rejects(client.sealPrevious(where, bytes(low), seed), { name: 'WeakKey' }, low);
    const own = { account: nobody, version: 1, secretKey: seed };
    for (const holder of [reader, { public: bytes(low) }]) {
      const sealing = client.sealAccountEnvelope(where.genesisHash, own, holder);
      await assert.rejects(sealing, { name: 'WeakKey' }, low);
    }
  }
});

test('the newest seed opens all epochs', async () => {
  const { history } = vectors;
  const { keys, fault } = await client.openHistory({
    ...place(history),
    epochs: history.epochs.map(({ epoch, ...record }) => [
      epoch,
      { public: bytes(record.public), previous: record.previous && bytes(record.previous) },
    ]),
    newest: { epoch: history.epoch, seed: bytes(history.newest_seed) },
  });
  assert.equal(fault, undefined);
  const seeds = [...keys].map(([epoch, { seed }]) => ({ epoch, seed: hex(seed) }));
  assert.deepEqual(seeds, history.seeds.toReversed());
});
