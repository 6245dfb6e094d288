// SPDX-License-Identifier: Apache-2.0

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { inspect, promisify } from 'node:util';
import * as client from '../src/index.mjs';
import { createKeystore, readKeystore, updateKeystore } from '../src/keystore-file.mjs';
import { epochKey, FAST, filled, GENESIS, PASSWORD, PLACE, someone, text } from './helper.mjs';

const { Keystore } = client;
const ACCOUNT = filled(1);
const NEW = { account: ACCOUNT, genesisHash: GENESIS, ...FAST };

const folder = mkdtempSync(join(tmpdir(), 'twinchain-keystore-'));
after(() => rmSync(folder, { recursive: true }));
let count = 0;
const newPath = () => join(folder, `${(count += 1)}.json`);

const wrongPassword = {
  name: 'WrongPassword',
  message: /password is wrong, or the file was altered/,
};
const invalid = { name: 'InvalidKeystore' };

test('keys are prepared once for each version, and older ones are kept', async () => {
  const keystore = new Keystore(ACCOUNT, GENESIS);
  assert.deepEqual(keystore.versions, []);
  const first = await keystore.prepareKey(1);
  assert.deepEqual(await keystore.prepareKey(1), first, 'the same key');
  const second = await keystore.prepareKey(2);
  assert.notDeepEqual(second.public, first.public);
  assert.deepEqual(keystore.versions, [1, 2]);
  for (const reader of [first, second]) {
    const { account, version, secretKey } = keystore.key(reader.version);
    assert.deepEqual([account, version], [ACCOUNT, reader.version]);
    assert.deepEqual(await client.publicKeyOf(secretKey), reader.public);
  }

  const key = await epochKey();
  const old = await client.sealEnvelope(PLACE, first, key.seed);
  const opened = await client.openEnvelope(PLACE, keystore.key(1), key.publicKey, old);
  assert.deepEqual(opened, key, 'an old envelope opens');

  assert.throws(() => keystore.key(3), {
    name: 'UnknownKey',
    message: /version 3 \(it has: 1, 2\)/,
  });
  await keystore.prepareKey(7);
  await assert.rejects(keystore.prepareKey(5), /cannot be 5/);
  await assert.rejects(keystore.prepareKey(0), RangeError);
  assert.throws(() => new Keystore(filled(1, 31)), RangeError);
});

test('an existing key is never replaced', async () => {
  const keystore = new Keystore(ACCOUNT, GENESIS);
  const [one, other, third] = await Promise.all([1, 1, 2].map((version) => someone(1, version)));
  await keystore.importKey(1, one.own.secretKey);
  await keystore.importKey(1, one.own.secretKey);
  assert.deepEqual(keystore.key(1), one.own);
  keystore.key(1).secretKey.fill(0);
  assert.deepEqual(keystore.key(1), one.own, 'the result is a copy');

  await keystore.importKey(2, third.own.secretKey);
  await keystore.importKey(1, other.own.secretKey);
  assert.deepEqual(keystore.versions, [1, 2]);
  assert.deepEqual(keystore.keys(1), [one.own, other.own, third.own]);
  assert.deepEqual(keystore.keys(2), [third.own, one.own, other.own]);
  assert.deepEqual(keystore.keys(7), [one.own, third.own, other.own], 'in insertion order');
  assert.throws(() => keystore.keys(0), RangeError);
  assert.deepEqual(new Keystore(ACCOUNT, GENESIS).keys(1), []);
  const several = ({ name, message }) => {
    assert.equal(name, 'UnknownKey');
    for (const { reader } of [one, other]) assert.ok(message.includes(client.toHex(reader.public)));
    return /2 keys of version 1, .* use keyOf/.test(message);
  };
  assert.throws(() => keystore.key(1), several);
  assert.throws(() => keystore.reader(1), several);
  assert.deepEqual(keystore.key(2), third.own);
  assert.deepEqual(
    (await keystore.prepareKey(1)).public,
    one.reader.public,
    'the first of version 1',
  );

  await keystore.importKey(4, other.own.secretKey);
  assert.deepEqual(keystore.key(4), { ...other.own, version: 4 }, 'the key has the new version');
  assert.deepEqual(keystore.key(1), one.own);
});

test('concurrent calls prepare only one key', async () => {
  const keystore = new Keystore(ACCOUNT, GENESIS);
  const [one, other] = await Promise.all([keystore.prepareKey(1), keystore.prepareKey(1)]);
  assert.deepEqual(one, other);
  assert.equal(keystore.keys(1).length, 1);
});

test("a key of the account is found by its public key and gets the chain's version", async () => {
  const keystore = new Keystore(ACCOUNT, GENESIS);
  const [first, failed] = [await keystore.prepareKey(1), await keystore.prepareKey(2)];
  // Another keystore of the same account set its key first.
  const { own, reader } = await someone(1, 2);
  await keystore.importKey(2, own.secretKey);
  assert.deepEqual(keystore.keyOf(reader), own);
  assert.deepEqual(keystore.keyOf(first), keystore.key(1));
  assert.throws(() => keystore.key(2), { name: 'UnknownKey' });

  const onChain = { ...failed, version: 3 };
  const { secretKey } = keystore.keyOf(onChain);
  assert.deepEqual(await client.publicKeyOf(secretKey), failed.public);
  assert.deepEqual(keystore.key(3).secretKey, secretKey);
  assert.deepEqual(keystore.key(2), own);
  const raw = { ...onChain, public: client.toHex(failed.public) };
  assert.deepEqual(keystore.keyOf(raw), keystore.key(3));

  const opened = await Keystore.open(await keystore.seal(PASSWORD, FAST), PASSWORD);
  assert.deepEqual(opened.versions, [1, 2, 3], 'after saving');
  assert.throws(() => keystore.keyOf({ ...reader, public: undefined }), TypeError);
  assert.throws(() => keystore.keyOf({ ...reader, account: filled(2) }), /of another account/);
  assert.throws(() => keystore.keyOf({ ...reader, version: 0 }), /this account has no key/);
});

test('the key of another account is pinned, and check fails when it changes', async () => {
  const keystore = new Keystore(ACCOUNT, GENESIS);
  const [before, after_] = [(await someone(2)).reader, (await someone(2, 2)).reader];
  assert.equal(keystore.pinned(before.account), undefined);
  keystore.check(before);
  keystore.check(before);
  assert.deepEqual(keystore.pinned(before.account), { version: 1, public: before.public });

  const changed = (found, message) => {
    assert.throws(
      () => keystore.check(found),
      (error) => {
        assert.equal(error.name, 'KeyChanged');
        assert.match(error.message, message);
        assert.deepEqual(error.found, found);
        return true;
      },
    );
  };
  changed(after_, /from version 1 to 2\. Ask that account/);
  changed({ ...after_, version: 1 }, /do not trust the node/);
  changed({ ...before, version: 2 }, /from version 1 to 2/);
  assert.deepEqual(keystore.pinned(before.account).version, 1, 'a failed check changes nothing');

  keystore.accept(after_);
  keystore.check(after_);
  changed(before, /pinned as version 2, and found as 1/);
  const { reader } = await someone(3);
  keystore.check(reader);
});

test("check fails when a key of the keystore's account is not in the keystore", async () => {
  const keystore = new Keystore(ACCOUNT, GENESIS);
  const own = await keystore.prepareKey(1);
  keystore.check(own);
  keystore.check({ ...own, version: 2 });
  assert.deepEqual(keystore.versions, [2], 'the keystore adopts the chain\'s version');
  const { reader } = await someone(1, 2);
  const alarm = ({ name, message, found }) => {
    assert.equal(name, 'UnexpectedKey');
    assert.match(
      message,
      /not in this keystore .*another keystore of yours.*someone else can sign/,
    );
    assert.match(message, /Seal nothing to it\. Merge .* leaked: true/);
    assert.ok(message.includes(`version 2, ${client.toHex(reader.public)}`));
    assert.deepEqual(found, reader);
    return true;
  };
  for (const some of [keystore, new Keystore(ACCOUNT, GENESIS)]) {
    assert.throws(() => some.check(reader), alarm);
    assert.throws(() => some.keyOf(reader), alarm);
  }
  assert.deepEqual(keystore.reader(2).public, own.public, 'the key is not changed');
  assert.throws(() => keystore.accept(reader), RangeError);
  await assert.rejects(
    client.rotate({ ...PLACE, epoch: 0, owner: reader, trust: keystore }),
    { name: 'UnexpectedKey' },
    'sealing to it fails',
  );
});

test('a keystore can be used as trust for sealing', async () => {
  const keystore = new Keystore(ACCOUNT, GENESIS);
  const owner = await keystore.prepareKey(1);
  const { reader } = await someone(2);
  const rotate = (...readers) =>
    client.rotate({ ...PLACE, epoch: 0, owner, readers, trust: keystore });
  await rotate(reader);
  await assert.rejects(rotate((await someone(2, 2)).reader), { name: 'KeyChanged' });
});

/** Returns an account envelope as the chain stores it. */
const held = async ({ own }, holder) => ({
  holder,
  sealed: await client.sealAccountEnvelope(GENESIS, own, holder),
});

test("a holder can open a company's key and read what is sealed for the company", async () => {
  const company = await someone(9, 4);
  const [mine, others] = [new Keystore(ACCOUNT, GENESIS), new Keystore(filled(2))];
  for (const keystore of [mine, others]) await keystore.prepareKey(1);
  const envelopes = [
    await held(company, others.reader(1)),
    await held(company, { public: (await someone(3)).reader.public }),
    await held(company, mine.reader(1)),
  ];
  const open = (keystore, some = envelopes, of = company.reader) =>
    keystore.openKey({ genesisHash: GENESIS, of, envelopes: some });
  for (const keystore of [mine, others]) {
    const key = await open(keystore);
    assert.deepEqual(key, { ...company.own, public: company.reader.public });
    const epoch = await epochKey();
    const { keys, faults } = await client.openEnvelopes({
      ...PLACE,
      epochs: [[1, { public: epoch.publicKey, previous: null }]],
      envelopes: [
        {
          epoch: 1,
          key_version: 4,
          sealed: await client.sealEnvelope(PLACE, company.reader, epoch.seed),
        },
      ],
      own: async (version) => {
        assert.equal(version, 4);
        return open(keystore);
      },
    });
    assert.deepEqual([keys.get(1), faults], [epoch, []]);
  }
  assert.deepEqual(mine.versions, [1], 'the key is not stored');

  const stranger = new Keystore(filled(5));
  await stranger.prepareKey(1);
  const unknown = { name: 'UnknownKey', message: /no envelope of version 4 of the account 0x0909/ };
  await assert.rejects(open(stranger), unknown);
  await assert.rejects(open(mine, []), unknown);
  const elsewhere = await held(company, (await someone(1, 2)).reader);
  await assert.rejects(open(mine, [elsewhere]), unknown, 'the keystore lacks this key');
  const newer = await held(company, { ...mine.reader(1), version: 2 });
  assert.deepEqual((await open(mine, [elsewhere, newer])).secretKey, company.own.secretKey);
  await mine.prepareKey(2);
  assert.deepEqual((await open(mine, [newer])).secretKey, company.own.secretKey);
  await assert.rejects(open(mine, [elsewhere]), { name: 'CannotOpen' });
  const options = { of: company.reader, envelopes };
  assert.deepEqual((await mine.openKey(options)).secretKey, company.own.secretKey);
  await assert.rejects(new Keystore(ACCOUNT).openKey(options), /give genesisHash/);
});

test('a key of the keystore can open envelopes that name no account', async () => {
  const company = await someone(9);
  const keystore = new Keystore(ACCOUNT, GENESIS);
  await keystore.prepareKey(1);
  const { public: key } = await keystore.prepareKey(2);
  const envelopes = [await held(company, { public: key })];
  const options = { genesisHash: GENESIS, of: company.reader, envelopes };
  assert.deepEqual((await keystore.openKey(options)).secretKey, company.own.secretKey);
});

test('a false account envelope is skipped if another one is correct', async () => {
  const [company, other] = [await someone(9), await someone(9)];
  const keystore = new Keystore(ACCOUNT, GENESIS);
  const own = await keystore.prepareKey(1);
  const wrong = await held(other, own);
  const right = await held(company, { public: own.public });
  const open = (envelopes) =>
    keystore.openKey({ genesisHash: GENESIS, of: company.reader, envelopes });
  assert.deepEqual((await open([wrong, right])).secretKey, company.own.secretKey);
  await assert.rejects(open([wrong]), { name: 'FalseEnvelope' });
  await assert.rejects(open([{ ...right, sealed: filled(1, 79) }]), RangeError);
});

/** Returns an account whose keystore is lost: the chain's data, and a key on paper. */
async function lost() {
  const keystore = new Keystore(ACCOUNT, GENESIS);
  const paper = await client.newKeyPair();
  const versions = [await keystore.prepareKey(1), await keystore.prepareKey(2)];
  const epoch = await epochKey();
  const chain = {
    versions,
    // The envelopes of each version, as on the chain.
    held: await Promise.all(
      versions.map(async ({ version }) => {
        const holders = [(await someone(5)).reader, { public: paper.publicKey }];
        const { envelopes } = await client.setAccountEnvelopes({
          genesisHash: GENESIS,
          own: keystore.key(version),
          holders,
          trust: new Keystore(ACCOUNT, GENESIS),
        });
        return envelopes.map(({ value }, index) => ({
          holder: holders[index],
          sealed: value.envelope,
        }));
      }),
    ),
    epochs: [[1, { public: epoch.publicKey, previous: null }]],
    envelopes: [
      {
        epoch: 1,
        key_version: 1,
        sealed: await client.sealEnvelope(PLACE, versions[0], epoch.seed),
      },
    ],
    value: await client.sealValue(PLACE, epoch.publicKey, filled(7), '"kept"'),
  };
  return { chain, onPaper: client.toHex(paper.secretKey), keystore };
}

/** Returns the values that can be read with the secret keys that `own` finds. */
async function read(chain, own) {
  const { epochs, envelopes } = chain;
  const { keys } = await client.openEnvelopes({ ...PLACE, epochs, envelopes, own });
  const { epoch, ...where } = PLACE;
  const stored = { author: filled(7), epoch, ciphertext: chain.value };
  return text((await client.openStored({ ...where, stored, keys })).value);
}

/** Opens a version of the account's key with a keystore and a key outside the chain. */
const openVersion = ({ versions, held: envelopes }, keystore, version, secretKey) =>
  keystore.openKey({
    genesisHash: GENESIS,
    of: versions[version - 1],
    envelopes: envelopes[version - 1],
    secretKey,
  });

test('a key on paper restores a lost keystore', async () => {
  const { chain, onPaper, keystore: gone } = await lost();
  const path = newPath();
  await createKeystore(path, PASSWORD, NEW);
  const change = async (keystore) => {
    for (const { version } of chain.versions) {
      await keystore.restore(await openVersion(chain, keystore, version, onPaper));
    }
  };
  await assert.rejects(
    read(chain, (version) => new Keystore(ACCOUNT, GENESIS).key(version)),
    {
      name: 'UnknownKey',
    },
  );
  await updateKeystore(path, PASSWORD, change, FAST);
  const restored = await readKeystore(path, PASSWORD, { genesisHash: GENESIS });
  assert.deepEqual(restored.versions, [1, 2]);
  for (const version of [1, 2]) assert.deepEqual(restored.key(version), gone.key(version));
  assert.equal(await read(chain, (version) => restored.key(version)), '"kept"');
  // The restored keystore trusts its own key, and can create the next one.
  restored.check(chain.versions[1]);
  assert.equal((await restored.prepareKey(3)).version, 3);

  const mistyped = `0x${'11'.repeat(32)}`;
  const missing = { name: 'UnknownKey', message: /in this keystore or for the key given/ };
  await assert.rejects(openVersion(chain, new Keystore(ACCOUNT, GENESIS), 1, mistyped), missing);
  for (const wrong of ['0x', onPaper.slice(0, -2), `${onPaper.slice(0, -1)}?`, '']) {
    const failing = openVersion(chain, new Keystore(ACCOUNT, GENESIS), 1, wrong);
    await assert.rejects(failing, ({ message }) => !message.includes(onPaper.slice(2, 10)));
  }
});

test('restore fails when the key is not the one on the chain', async () => {
  const { chain, onPaper } = await lost();
  const keystore = new Keystore(ACCOUNT, GENESIS);
  const first = await openVersion(chain, keystore, 1, onPaper);
  const second = await openVersion(chain, keystore, 2, onPaper);
  const wrong = { ...first, secretKey: second.secretKey };
  await assert.rejects(keystore.restore(wrong), ({ name, message }) => {
    assert.equal(name, 'FalseEnvelope');
    return !message.includes(client.toHex(second.secretKey).slice(2));
  });
  await assert.rejects(keystore.restore({ ...first, version: 0 }), RangeError);
  await assert.rejects(keystore.restore({ ...first, public: undefined }), TypeError);
  await assert.rejects(new Keystore(filled(2)).restore(first), /of another account/);
  assert.deepEqual(keystore.versions, []);
  await keystore.restore(first);
  await keystore.restore(first);
  await keystore.restore(second);
  assert.deepEqual(keystore.versions, [1, 2]);
  assert.deepEqual(keystore.key(1).secretKey, first.secretKey);
});

test('a second device can read with its own key outside the chain', async () => {
  const { chain, keystore } = await lost();
  const path = newPath();
  await createKeystore(path, PASSWORD, NEW);
  const prepare = (device) => device.prepareDeviceKey();
  const made = await updateKeystore(path, PASSWORD, prepare, FAST);
  const device = await readKeystore(path, PASSWORD);
  assert.deepEqual([await prepare(device), device.versions], [made, []], 'the same key');
  await assert.rejects(openVersion(chain, device, 1), { name: 'UnknownKey' });

  const { envelopes } = await client.setAccountEnvelopes({
    genesisHash: GENESIS,
    own: keystore.key(1),
    holders: [made],
  });
  const [{ type, value }] = envelopes;
  assert.deepEqual([type, value.public], ['Key', made.public]);
  chain.held[0].push({ holder: made, sealed: value.envelope });
  const own = (version) => openVersion(chain, device, version);
  assert.equal(await read(chain, own), '"kept"');
  await assert.rejects(own(2), { name: 'UnknownKey' }, 'version 2 was not sealed for the device');
  assert.deepEqual(device.versions, [], 'the key is not stored');

  const [one, other] = await Promise.all([1, 2].map(() => keystore.prepareDeviceKey()));
  assert.deepEqual(one, other, 'each keystore has its own device key');
  one.public.fill(0);
  assert.deepEqual(await keystore.prepareDeviceKey(), other, 'the result is a copy');
});

test('a keystore shows no secret', async () => {
  const { keystore } = await sealed();
  assert.deepEqual(
    Reflect.ownKeys(keystore),
    ['account', 'genesisHash'],
    'everything else is private',
  );
  const epoch = await epochKey();
  await keystore.addSeed({ ...PLACE, ...epoch });
  keystore.addSigner(filled(3), 'a phrase of words//Alice');
  const shown = [
    inspect(keystore, { showHidden: true, depth: 9, maxArrayLength: null, getters: true }),
    JSON.stringify(keystore),
    String(keystore),
  ].join('\n');
  for (const secret of [epoch.seed, ...keystore.keys(1).map(({ secretKey }) => secretKey)]) {
    assert.ok(!shown.includes(client.toHex(secret).slice(2)));
    assert.ok(!shown.replace(/\s/g, '').includes(secret.slice(0, 8).join()));
  }
  assert.ok(!shown.includes('phrase'));
});

/** Returns a keystore with two keys, a device key and a pin, and its text. */
async function sealed() {
  const keystore = new Keystore(ACCOUNT, GENESIS);
  await keystore.prepareKey(1);
  await keystore.prepareKey(2);
  await keystore.prepareDeviceKey();
  keystore.check((await someone(2, 5)).reader);
  return { keystore, text: await keystore.seal(PASSWORD, FAST) };
}

test('a keystore can be sealed with a password and opened again', async () => {
  const { keystore, text } = await sealed();
  const opened = await Keystore.open(text, PASSWORD);
  assert.deepEqual([opened.account, opened.genesisHash], [ACCOUNT, GENESIS]);
  assert.deepEqual(opened.versions, [1, 2]);
  for (const version of [1, 2]) assert.deepEqual(opened.key(version), keystore.key(version));
  assert.deepEqual(opened.pinned(filled(2)), keystore.pinned(filled(2)));
  assert.deepEqual(await opened.prepareDeviceKey(), await keystore.prepareDeviceKey());
  assert.notEqual(await keystore.seal(PASSWORD, FAST), text, 'each seal has another salt');

  const secret = client.toHex(keystore.key(1).secretKey).slice(2);
  assert.ok(!text.includes(secret) && !text.includes(client.toHex(filled(2))));
  assert.equal(JSON.parse(text).kdf.n, 2 ** 14);
});

test('opening fails when the password is not exact', async () => {
  const { keystore, text } = await sealed();
  for (const wrong of ['wrong', `${PASSWORD} `, PASSWORD.toUpperCase(), '\0']) {
    await assert.rejects(Keystore.open(text, wrong), wrongPassword);
  }
  for (const none of ['', undefined, null, 7]) {
    await assert.rejects(Keystore.open(text, none), /needs a password/);
    await assert.rejects(keystore.seal(none), /needs a password/);
  }
  const composed = await keystore.seal('schl\u00fcssel', FAST);
  assert.ok(await Keystore.open(composed, 'schlu\u0308ssel'), 'the password is normalized');
});

test('opening fails when any byte is altered', async () => {
  const { text } = await sealed();
  const file = JSON.parse(text);
  const flip = (hex) => hex.slice(0, -1) + (hex.endsWith('0') ? '1' : '0');
  const altered = [
    { ...file, account: flip(file.account) },
    { ...file, genesisHash: flip(file.genesisHash) },
    { ...file, kdf: { ...file.kdf, n: 2 ** 15 } },
    { ...file, kdf: { ...file.kdf, salt: flip(file.kdf.salt) } },
    { ...file, cipher: { ...file.cipher, nonce: flip(file.cipher.nonce) } },
    { ...file, sealed: flip(file.sealed) },
    { ...file, sealed: `0x${flip(`${file.sealed.slice(2, 4)}`)}${file.sealed.slice(4)}` },
    { ...file, sealed: file.sealed.slice(0, -2) },
    { ...file, sealed: '0x' },
  ];
  for (const change of altered) {
    await assert.rejects(Keystore.open(JSON.stringify(change), PASSWORD), wrongPassword);
  }
});

test('opening fails early when the text is not a keystore or the cost is too high', async () => {
  const { text } = await sealed();
  const file = JSON.parse(text);
  const wrong = [
    '',
    'x',
    '[]',
    'null',
    '7',
    text.slice(0, 100),
    JSON.stringify({ ...file, format: 'other' }),
    JSON.stringify({ ...file, version: 3 }),
    JSON.stringify({ ...file, version: '2' }),
    JSON.stringify({ ...file, version: { toString: 1 } }),
    JSON.stringify({ ...file, version: 1 }),
    JSON.stringify({ ...file, version: 1, genesisHash: undefined, extra: 1 }),
    JSON.stringify({ ...file, extra: 1 }),
    JSON.stringify({ ...file, kdf: { ...file.kdf, extra: 1 } }),
    JSON.stringify({ ...file, cipher: { ...file.cipher, extra: 1 } }),
    JSON.stringify({ ...file, genesisHash: undefined }),
    JSON.stringify({ ...file, genesisHash: '0xaa' }),
    JSON.stringify({ ...file, sealed: undefined }),
    JSON.stringify({ ...file, sealed: file.sealed.toUpperCase() }),
    JSON.stringify({ ...file, account: `0x${'AB'.repeat(32)}` }),
    JSON.stringify({ ...file, kdf: undefined }),
    ...[1, 2 ** 13, 2 ** 14 + 1, 2 ** 19, 2 ** 40, '16384', null].map((n) =>
      JSON.stringify({ ...file, kdf: { ...file.kdf, n } }),
    ),
    JSON.stringify({ ...file, kdf: { ...file.kdf, r: 1 } }),
    JSON.stringify({ ...file, kdf: { ...file.kdf, p: 1000 } }),
    JSON.stringify({ ...file, kdf: { ...file.kdf, salt: '0x00' } }),
    JSON.stringify({ ...file, cipher: { ...file.cipher, name: 'none' } }),
    JSON.stringify({ ...file, cipher: { ...file.cipher, nonce: 'x' } }),
    JSON.stringify({ ...file, sealed: 7 }),
    JSON.stringify({ ...file, account: '0x01' }),
  ];
  for (const text_ of wrong) await assert.rejects(Keystore.open(text_, PASSWORD), invalid, text_);
  await assert.rejects(
    Keystore.open(JSON.stringify({ ...file, version: 3 }), PASSWORD),
    /has version 3, but this program only knows 1 and 2: update it/,
  );
  await assert.rejects(
    new Keystore(ACCOUNT, GENESIS).seal(PASSWORD, { cost: 2 ** 10 }),
    RangeError,
  );
});

test('opening fails when the keystore belongs to another chain', async () => {
  const { text } = await sealed();
  const other = filled(0xab);
  const wrong = ({ name, message }) => {
    assert.equal(name, 'WrongChain');
    for (const hash of [GENESIS, other]) assert.ok(message.includes(client.toHex(hash)));
    return /connect to its chain, or use the keystore/.test(message);
  };
  await assert.rejects(Keystore.open(text, PASSWORD, { genesisHash: other }), wrong);
  const some = await Keystore.open(text, PASSWORD, { genesisHash: client.toHex(GENESIS) });
  assert.deepEqual(some.genesisHash, GENESIS);
  for (const none of [null, '', filled(1, 31)]) {
    const opening = Keystore.open(text, PASSWORD, { genesisHash: none });
    await assert.rejects(opening, (error) => !(error instanceof client.TwinchainError));
  }
  const path = newPath();
  await createKeystore(path, PASSWORD, NEW);
  const before = readFileSync(path, 'utf8');
  await assert.rejects(readKeystore(path, PASSWORD, { genesisHash: other }), wrong);
  await assert.rejects(
    updateKeystore(path, PASSWORD, assert.fail, { genesisHash: other, ...FAST }),
    wrong,
  );
  assert.equal(readFileSync(path, 'utf8'), before);
});

test('sealing fails when the keystore has no chain', async () => {
  const keystore = new Keystore(ACCOUNT);
  await keystore.prepareKey(1);
  const clear = { name: 'TypeError', message: /belongs to one chain.*give genesisHash/ };
  await assert.rejects(keystore.seal(PASSWORD, FAST), clear);
  await assert.rejects(keystore.export(PASSWORD, FAST), clear);
  const path = newPath();
  await assert.rejects(createKeystore(path, PASSWORD, { account: ACCOUNT, ...FAST }), clear);
  assert.ok(!existsSync(path));
});

test('a file is private to its user and never overwritten by a new one', async () => {
  const path = newPath();
  await createKeystore(path, PASSWORD, NEW);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const before = readFileSync(path, 'utf8');
  await assert.rejects(
    createKeystore(path, 'other', { ...NEW, account: filled(2) }),
    /the file .* already exists/,
  );
  assert.equal(readFileSync(path, 'utf8'), before);
  assert.deepEqual(leftOvers(path), []);
});

/** Returns temporary files that should not exist. */
const leftOvers = (path) =>
  readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((name) => name.startsWith(`${path}.`));

test('a change is written atomically', async () => {
  const path = newPath();
  await createKeystore(path, PASSWORD, NEW);
  chmodSync(path, 0o644);
  const made = await updateKeystore(path, PASSWORD, (keystore) => keystore.prepareKey(1), FAST);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const opened = await readKeystore(path, PASSWORD);
  assert.deepEqual(opened.reader(1), made);

  const before = readFileSync(path, 'utf8');
  const failing = updateKeystore(path, PASSWORD, async (keystore) => {
    await keystore.prepareKey(2);
    throw new Error('no');
  });
  await assert.rejects(failing, /^Error: no$/);
  await assert.rejects(
    updateKeystore(path, 'wrong', () => {}, FAST),
    wrongPassword,
  );
  assert.equal(readFileSync(path, 'utf8'), before);
  assert.deepEqual(leftOvers(path), []);

  writeFileSync(`${path}.new`, 'left by a killed program');
  await updateKeystore(path, PASSWORD, (keystore) => keystore.prepareKey(2), FAST);
  assert.deepEqual((await readKeystore(path, PASSWORD)).versions, [1, 2]);
});

test('changing the password keeps the keys', async () => {
  const path = newPath();
  await createKeystore(path, PASSWORD, NEW);
  await updateKeystore(path, PASSWORD, (keystore) => keystore.prepareKey(1), FAST);
  await updateKeystore(path, PASSWORD, () => {}, { ...FAST, newPassword: 'new' });
  await assert.rejects(readKeystore(path, PASSWORD), wrongPassword);
  assert.deepEqual((await readKeystore(path, 'new')).versions, [1]);
  await assert.rejects(
    updateKeystore(path, 'new', () => {}, { ...FAST, newPassword: '' }),
    /needs a password/,
  );
  assert.deepEqual((await readKeystore(path, 'new')).versions, [1]);
});

test('concurrent changes wait for each other, in one program and in several', async () => {
  const path = newPath();
  await createKeystore(path, PASSWORD, NEW);
  const pin = (byte) =>
    updateKeystore(
      path,
      PASSWORD,
      (keystore) => keystore.accept({ account: filled(byte), version: 1, public: filled(byte) }),
      FAST,
    );
  const module = new URL('../src/keystore-file.mjs', import.meta.url).href;
  const script = (version) => `
    import { updateKeystore } from '${module}';
    await updateKeystore(${JSON.stringify(path)}, ${JSON.stringify(PASSWORD)},
      (keystore) => keystore.importKey(${version}, new Uint8Array(32).fill(${version})),
      ${JSON.stringify(FAST)});`;
  const run = (version) =>
    promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script(version)]);
  await Promise.all([pin(11), run(3), pin(12), run(4), pin(13)]);
  const keystore = await readKeystore(path, PASSWORD);
  assert.deepEqual(keystore.versions, [3, 4]);
  for (const byte of [11, 12, 13]) assert.equal(keystore.pinned(filled(byte)).version, 1);
  assert.ok(!existsSync(`${path}.lock`));
});

test('a symbolic link to a keystore stays a link and uses the same lock', async () => {
  const path = newPath();
  await createKeystore(path, PASSWORD, NEW);
  const link = newPath();
  symlinkSync(path, link);
  await updateKeystore(link, PASSWORD, (keystore) => keystore.importKey(1, filled(1)), FAST);
  assert.ok(lstatSync(link).isSymbolicLink());
  assert.deepEqual((await readKeystore(path, PASSWORD)).versions, [1]);
  writeFileSync(`${path}.lock`, '');
  const change = updateKeystore(link, PASSWORD, () => {}, { ...FAST, patience: 100 });
  await assert.rejects(change, { name: 'KeystoreBusy' });
});

test('a change fails when a lock is not released', async () => {
  const path = newPath();
  await createKeystore(path, PASSWORD, NEW);
  writeFileSync(`${path}.lock`, '');
  const change = updateKeystore(path, PASSWORD, () => {}, { ...FAST, patience: 100 });
  await assert.rejects(change, { name: 'KeystoreBusy', message: /remove .*\.lock and try again/ });
  assert.ok(existsSync(`${path}.lock`), 'the lock of another program is not removed');
  assert.ok(await readKeystore(path, PASSWORD), 'reading needs no lock');
});

test('reading fails when a file is missing or too large', async () => {
  await assert.rejects(readKeystore(newPath(), PASSWORD), { code: 'ENOENT' });
  const path = newPath();
  writeFileSync(path, Buffer.alloc(64 * 1024 * 1024 + 1));
  await assert.rejects(readKeystore(path, PASSWORD), /too large/);
});

test('writing fails when the keystore would be too large to read', async () => {
  const path = newPath();
  await createKeystore(path, PASSWORD, NEW);
  const before = readFileSync(path, 'utf8');
  const growing = (keystore) => keystore.addSigner(filled(3), 'a'.repeat(32 * 1024 * 1024));
  await assert.rejects(updateKeystore(path, PASSWORD, growing, FAST), /too much for one keystore/);
  assert.equal(readFileSync(path, 'utf8'), before);
  assert.deepEqual(leftOvers(path), []);
});
