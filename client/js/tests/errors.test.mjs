// SPDX-License-Identifier: Apache-2.0

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CUSTOM_REJECTIONS, DISPATCH_ERRORS, ERRORS, REJECTIONS } from '../src/advice.mjs';
import {
  decodePapi,
  decodePolkadotJs,
  explain,
  explainRejection,
  pointerAt,
} from '../src/index.mjs';
import { utf8 } from './helper.mjs';

const PALLETS = new URL('../../../pallets/', import.meta.url);
const SENTENCE = /^[A-Z][^]*[.]$/;

/** Returns the errors that a pallet's source declares, with their fields. */
function declared(source) {
  const [, body] = /pub enum Error<T> \{([^]*?)\n {4}\}/.exec(source) ?? [];
  assert.ok(body, 'the source has an enum Error');
  return [...body.matchAll(/^ {8}([A-Z]\w*)(?:,| \{([^}]*)\},?)$/gm)].map(
    ([, error, fields = '']) => ({
      error,
      fields: Object.fromEntries([...fields.matchAll(/(\w+): u\d+/g)].map(([, name]) => [name, 1])),
    }),
  );
}

test('every error that a pallet declares has a sentence', () => {
  const pallets = readdirSync(PALLETS).filter((name) =>
    existsSync(new URL(`${name}/src/errors.rs`, PALLETS)),
  );
  assert.ok(pallets.length >= 2, `${pallets}`);
  for (const name of pallets) {
    const pallet = name.replace(/(?:^|-)(\w)/g, (_, letter) => letter.toUpperCase());
    const source = readFileSync(new URL(`${name}/src/errors.rs`, PALLETS), 'utf8');
    const errors = declared(source);
    assert.equal(errors.length, source.match(/#\[codec\(index = \d+\)\]/g).length, name);
    const missing = errors.filter(({ error }) => !Object.hasOwn(ERRORS[pallet] ?? {}, error));
    assert.deepEqual(
      missing.map(({ error }) => `${pallet}.${error}`),
      [],
      'errors without a sentence: run scripts/generate-docs.sh',
    );
    for (const { error, fields } of errors) {
      assert.match(explain({ pallet, error, fields }), SENTENCE);
    }
  }
});

test('explanations are whole sentences', () => {
  const tables = [
    ...Object.values(ERRORS),
    DISPATCH_ERRORS,
    REJECTIONS,
    ...Object.values(CUSTOM_REJECTIONS),
  ];
  for (const table of tables) {
    for (const [error, words] of Object.entries(table)) {
      for (const part of words) assert.match(part, SENTENCE, error);
      assert.ok(words.length <= 2, error);
    }
  }
});

test('explain uses the metadata first, and then the table', () => {
  const failure = { pallet: 'DataContainer', error: 'StaleRevision' };
  const own = explain(failure);
  assert.match(own, /^The data set has another revision .* Read it again, and send/);
  assert.equal(explain({ ...failure, docs: '' }), own, 'empty docs are ignored');
  const docs = ' The revision is\n  another.  Read it again. ';
  assert.equal(explain({ ...failure, docs }), 'The revision is another. Read it again.');
});

test('unknown errors are named', () => {
  assert.equal(explain({ pallet: 'Other', error: 'New' }), 'The call failed with Other.New.');
  assert.equal(
    explain({ pallet: 'DataContainer', error: 'New' }),
    'The call failed with DataContainer.New.',
  );
  assert.equal(explain({ pallet: 'Other', error: 'New', docs: 'It is new.' }), 'It is new.');
  for (const error of ['constructor', '__proto__', 'toString']) {
    assert.equal(
      explain({ pallet: 'DataContainer', error }),
      `The call failed with DataContainer.${error}.`,
    );
    assert.equal(explain({ pallet: error, error }), `The call failed with ${error}.${error}.`);
    assert.equal(explain({ error }), `The call failed with ${error}.`);
  }
  assert.match(explain({ error: 'BadOrigin' }), /^This account may not make this call/);
  assert.match(explain({ pallet: 'Proxy', error: 'Other' }), /failed with Proxy\.Other\.$/);
  const filtered = { pallet: 'System', error: 'CallFiltered' };
  for (const docs of [undefined, 'The origin filter prevent the call to be dispatched.']) {
    assert.match(explain({ ...filtered, docs }), /^This chain does not permit this call/);
  }
});

test('an error about a value shows the location', () => {
  const failure = { pallet: 'DataContainer', error: 'TypeMismatch', docs: 'Wrong type.' };
  const at = (index, offset, options) =>
    explain({ ...failure, fields: { index, offset } }, options);
  const end = (words) => words.replace(/^.*? Look at /, 'Look at ');
  assert.equal(end(at(0, 9)), 'Look at byte 9 of value 0, counted from 0.');
  const values = ['{"a":1}', '{"title":"","pages":[1,2,"3"]}'];
  assert.equal(
    end(at(1, 25, { values, what: 'item' })),
    'Look at byte 25 of item 1, counted from 0, at /pages/2, where it says: "3"]}',
  );
  assert.equal(
    end(at(0, 0, { values })),
    'Look at byte 0 of value 0, counted from 0, where it says: {"a":1}',
  );
  assert.equal(
    end(at(0, 7, { values })),
    'Look at byte 7 of value 0, counted from 0, which is its end.',
  );
  assert.equal(end(at(5, 7, { values })), 'Look at byte 7 of value 5, counted from 0.');
  const long = [`"${'x'.repeat(100)}"`];
  assert.match(at(0, 0, { values: long }), /says: "x{23}…$/);
  const documents = { values: ['{"a":1}'], what: 'data set' };
  assert.match(
    at(3, 1, documents),
    /of data set 3, counted from 0, at \/a, where it says: "a":1}$/,
  );
  // The offset counts from the start of the data set's member.
  const sets = '"a":{"type":"entry"},"\\u0062":{"type":"pile"}';
  const plugin = `{"description":{"properties":{"x":1}},"template":{"properties":{${sets}}}}`;
  assert.match(
    at(1, 17, { values: [plugin], what: 'data set' }),
    /byte 17 of data set 1, counted from 0, at \/template\/properties\/b\/type, where it says: "pile"/,
  );
  const description = { pallet: 'DigitalTwin', error: 'DescriptionNotJson', fields: { offset: 8 } };
  assert.match(
    explain(description, { values: ['{"name":Big}'] }),
    /Look at byte 8, at \/name, where/,
  );
  const sealed = { pallet: 'DataContainer', error: 'InvalidCiphertext', fields: { index: 2 } };
  assert.match(explain(sealed, { what: 'item' }), /It is about item 2, counted from 0\.$/);
  const missing = { pallet: 'DataContainer', error: 'MissingEnvelope', fields: { data_set: 4 } };
  assert.match(explain(missing), /It is about the data set with the id 4\.$/);
});

test('an excerpt contains no control characters', () => {
  const fields = { index: 0, offset: 0 };
  const value = Uint8Array.of(0x1b, 0x5b, 0x33, 0x31, 0x6d, 0xff, 0x0a, 0xe2, 0x80, 0xae, 0x61);
  const words = explain(
    { pallet: 'DataContainer', error: 'InvalidJson', fields },
    { values: [value] },
  );
  assert.doesNotMatch(words, /[\p{C}\p{Zl}\p{Zp}]/u);
  assert.match(words, /says: �\[31m���a$/);
  assert.match(
    explain(
      { pallet: 'DataContainer', error: 'TypeMismatch', fields },
      { values: [utf8(`"${'€'.repeat(20)}"`)] },
    ),
    /says: "€{7}…$/,
    'cut within a character',
  );
});

test('pointerAt returns the JSON Pointer of a byte', () => {
  const value = '{"title": "","a/b~c":{"x":[1, {"y":true}]},"":null,"ü":[[],[[7]]]}';
  const at = (words, skip = 0) => utf8(value.slice(0, value.indexOf(words) + skip)).length;
  for (const [words, pointer, skip] of [
    ['{"title"', ''],
    ['"title"', '/title'],
    ['""', '/title'],
    [': ""', '/title'],
    ['"a/b~c"', '/a~1b~0c'],
    ['1,', '/a~1b~0c/x/0'],
    ['{"y"', '/a~1b~0c/x/1'],
    ['"y"', '/a~1b~0c/x/1/y'],
    ['true', '/a~1b~0c/x/1/y'],
    ['true', '/a~1b~0c/x/1/y', 3],
    ['[1,', '/a~1b~0c/x'],
    ['null', '/'],
    ['7', '/ü/1/0/0'],
    ['"ü"', '/ü'],
  ]) {
    assert.equal(pointerAt(value, at(words, skip)), pointer, words);
  }
  assert.equal(pointerAt(value, utf8(value).length), undefined);
  assert.equal(pointerAt('{"a":1}', 6), '', 'the end of an object belongs to it');
  assert.equal(pointerAt('{"a":[]}', 6), '/a');
  assert.equal(pointerAt('{"a":Big}', 5), '/a', 'the text before it is JSON');
});

// The timeout stops an endless search. The actual duration depends on the machine.
test('pointerAt returns for any input', { timeout: 120_000 }, () => {
  const hostile = [
    '',
    ']',
    '}}}}',
    ',,,,',
    ':::',
    '"',
    `"${'\\'.repeat(65_001)}`,
    `"${'a'.repeat(65_000)}`,
    `"${'a'.repeat(65_000)}"x`,
    '['.repeat(65_000),
    '{"a":'.repeat(13_000),
    ' '.repeat(65_000),
    `{"${'\\ud800'}":1}`,
    '{1:2}',
    '[1 2 3]',
    '{"\\x":1}',
    '\u0000\u0001',
  ];
  for (const value of hostile) {
    for (const offset of [0, 1, 3, value.length - 1, value.length, 65_535]) {
      const pointer = pointerAt(value, Math.max(0, offset));
      assert.ok(pointer === undefined || typeof pointer === 'string');
    }
  }
  const random = crypto.getRandomValues(new Uint8Array(4096));
  for (let offset = 0; offset < 64; offset += 1) pointerAt(random, offset);
});

test('decodePapi decodes errors', () => {
  const module = (value) => ({ type: 'Module', value });
  assert.deepEqual(
    decodePapi(
      module({
        type: 'DataContainer',
        value: { type: 'TypeMismatch', value: { index: 1, offset: 9 } },
      }),
    ),
    { pallet: 'DataContainer', error: 'TypeMismatch', fields: { index: 1, offset: 9 } },
  );
  const plain = decodePapi(
    module({ type: 'DigitalTwin', value: { type: 'NotOwner', value: undefined } }),
  );
  assert.deepEqual(plain, { pallet: 'DigitalTwin', error: 'NotOwner', fields: {} });
  assert.match(explain(plain), /^Only the twin's owner/);
  assert.deepEqual(decodePapi({ type: 'BadOrigin', value: undefined }), { error: 'BadOrigin' });
});

test('decodePolkadotJs decodes errors', () => {
  // Simulates the registry of Polkadot.js for the types of these errors' fields.
  const SIZE = { u8: 1, u16: 2 };
  const registry = (fields) => ({
    findMetaError: () => ({
      section: 'dataContainer',
      name: 'TypeMismatch',
      docs: ['The value is of another type', 'than the schema says.'],
      fields: fields.map(([name, type]) => ({ name: { unwrap: () => name }, type })),
    }),
    createLookupType: (type) => type,
    createTypeUnsafe: (type, [bytes]) => ({
      encodedLength: SIZE[type],
      valueOf: () => bytes[0] + (SIZE[type] === 2 ? 256 * bytes[1] : 0),
    }),
  });
  const error = (...bytes) => ({ isModule: true, asModule: { error: Uint8Array.from(bytes) } });
  const decoded = decodePolkadotJs(
    registry([
      ['index', 'u8'],
      ['offset', 'u16'],
    ]),
    error(70, 2, 1, 1),
  );
  assert.deepEqual(decoded, {
    pallet: 'DataContainer',
    error: 'TypeMismatch',
    docs: 'The value is of another type than the schema says.',
    fields: { index: 2, offset: 257 },
  });
  assert.deepEqual(decodePolkadotJs(registry([]), error(5, 0, 0, 0)).fields, {});
  const other = { isModule: false, type: 'Exhausted' };
  assert.deepEqual(decodePolkadotJs(registry([]), other), { error: 'Exhausted' });
});

test('rejections of the pool are explained from every source', () => {
  const rpc = (code, data) =>
    Object.assign(new Error(`${code}: No: ${data ?? ''}`), { code, data });
  const said = (words) => new Error(words);
  for (const [thrown, words] of [
    [rpc(1010, 'Inability to pay some fees (e.g. account balance too low)'), /admitted by its org/],
    [
      said('1010: Invalid Transaction: Inability to pay some fees (e.g. ..)'),
      /admitted by its org/,
    ],
    [rpc(1010, 'Transaction is outdated'), /already sent/],
    [rpc(1010, 'Transaction has a bad signature'), /signature is wrong/],
    [rpc(1011, 'CannotLookup'), /Try again later/],
    [rpc(1012), /Wait half an hour/],
    [said('1013: Transaction Already Imported: 0x00'), /already in the pool/],
    [said('1014: Priority is too low: (1 vs 1): The transaction has too low'), /same nonce/],
    [rpc(1016, "The transaction couldn't enter the pool because of the limit"), /pool is full/],
    [rpc(1010, 'Custom error: 7'), /^The chain refuses the transaction by its rule Invalid\.7\.$/],
    [rpc(1011, 'Custom(7)'), /rule Unknown\.7\. Try again later\.$/],
    [said('1010: Invalid Transaction: Custom error: 255'), /rule Invalid\.255/],
    [{ error: { type: 'Invalid', value: { type: 'Payment' } } }, /admitted by its org/],
    [{ error: { type: 'Invalid', value: { type: 'Custom', value: 3 } } }, /rule Invalid\.3/],
    [{ error: { type: 'Unknown', value: { type: 'Custom', value: 3 } } }, /rule Unknown\.3/],
    [{ error: { type: 'Invalid', value: { type: 'NewReason' } } }, /was refused/],
    [said('connection lost\u001b[31m'), /^The transaction was refused: connection lost�\[31m$/],
    [undefined, /was refused/],
    [null, /was refused/],
    ['text', /was refused: text/],
  ]) {
    assert.match(explainRejection(thrown), words);
  }
});

test('rejections of this chain are explained from one table', (t) => {
  CUSTOM_REJECTIONS.Unknown[9] = ['You are over your quota.', 'Wait a minute.'];
  t.after(() => delete CUSTOM_REJECTIONS.Unknown[9]);
  const thrown = { error: { type: 'Unknown', value: { type: 'Custom', value: 9 } } };
  assert.equal(explainRejection(thrown), 'You are over your quota. Wait a minute.');
});
