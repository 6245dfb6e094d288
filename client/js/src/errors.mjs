// SPDX-License-Identifier: Apache-2.0

// Converts errors from the chain into sentences with advice. An error is first decoded from the
// form of the client library, and then explained.

import { CUSTOM_REJECTIONS, DISPATCH_ERRORS, ERRORS, REJECTIONS } from './advice.mjs';
import { textOrBytes } from './bytes.mjs';
import { checkOptions } from './options.mjs';

/**
 * An error of a call.
 *
 * @typedef {object} Failure
 * @property {string} [pallet] such as `DataContainer`; missing if the error belongs to no pallet
 * @property {string} error such as `StaleRevision`
 * @property {string} [docs] the error's documentation in the metadata
 * @property {Record<string, number>} [fields] `index` and `offset` of the fault in a value
 */

const EXCERPT = 24;

/**
 * Decodes an error of Polkadot.js, with the registry of the API: `api.registry`.
 *
 * @param {any} registry
 * @param {any} dispatchError
 * @returns {Failure}
 */
export function decodePolkadotJs(registry, dispatchError) {
  if (!dispatchError.isModule) return { error: dispatchError.type };
  const module = dispatchError.asModule;
  const meta = registry.findMetaError(module);
  /** @type {Record<string, number>} */
  const fields = {};
  // A module error has 4 bytes: its index, then its fields in SCALE.
  let rest = Uint8Array.from(module.error).subarray(1);
  for (const field of meta.fields) {
    const type = registry.createLookupType(field.type);
    const value = registry.createTypeUnsafe(type, [rest]);
    fields[field.name.unwrap().toString()] = Number(value);
    rest = rest.subarray(value.encodedLength);
  }
  return { pallet: pascal(meta.section), error: meta.name, docs: meta.docs.join(' '), fields };
}

/**
 * Decodes an error of PAPI: `dispatchError` of a result, or the `error` of a rejection.
 *
 * @param {any} dispatchError
 * @returns {Failure}
 */
export function decodePapi(dispatchError) {
  if (dispatchError.type !== 'Module') return { error: dispatchError.type };
  const { type: pallet, value: inner } = dispatchError.value;
  return { pallet, error: inner.type, fields: inner.value ?? {} };
}

/**
 * Explains an error in one or two sentences: the meaning and advice.
 *
 * @param {Failure} failure
 * @param {object} [options]
 * @param {(Uint8Array | string)[]} [options.values] the values of the call, to show the location:
 *   the items, the values of `store`, or the single value or document
 * @param {string} [options.what] the kind of thing that `index` counts: value, item, data set
 * @returns {string}
 */
export function explain({ pallet, error, docs, fields = {} }, options = {}) {
  checkOptions('explain', options, ['values', 'what']);
  const { values = [], what = 'value' } = options;
  const table = tableOf(pallet);
  const known = Object.hasOwn(table, error) ? table[error].join(' ') : '';
  const name = pallet ? `${pallet}.${error}` : error;
  // For own pallets, the metadata contains the full text, from which the table is generated. For
  // the SDK's, the table says more than the metadata.
  const [first, second] = ownPallet(pallet) ? [sentence(docs), known] : [known, sentence(docs)];
  const words = first || second || `The call failed with ${name}.`;
  return [words, place()].filter(Boolean).join(' ');

  function place() {
    const { index = 0, offset } = fields;
    if (fields.data_set !== undefined)
      return `It is about the data set with the id ${fields.data_set}.`;
    const counted = fields.index === undefined ? '' : `${what} ${index}, counted from 0`;
    if (offset === undefined) return counted && `It is about ${counted}.`;
    const isDocument = values.length === 1 && what === 'data set';
    const value = values[isDocument ? 0 : index];
    // In a document, the offset starts at the data set's member.
    const start = isDocument ? memberStart(value, index) : 0;
    const shown = value === undefined ? '.' : show(value, start + offset);
    return `Look at byte ${offset}${counted && ` of ${counted}`}${shown}`;
  }
}

/** @param {string} [pallet] */
function ownPallet(pallet) {
  return pallet !== undefined && Object.hasOwn(ERRORS, pallet);
}

/** @param {string} [pallet] */
function tableOf(pallet) {
  if (pallet === undefined || pallet === 'System') return DISPATCH_ERRORS;
  return ownPallet(pallet) ? ERRORS[pallet] : {};
}

/**
 * @param {Uint8Array | string} value
 * @param {number} offset
 */
function show(value, offset) {
  const bytes = textOrBytes(value, 'the value');
  if (offset >= bytes.length) return ', which is its end.';
  const pointer = pointerAt(bytes, offset);
  const where = pointer === undefined || pointer === '' ? '' : `, at ${pointer}`;
  const rest = bytes.subarray(offset, offset + EXCERPT);
  const dots = offset + EXCERPT < bytes.length ? '…' : '';
  return `${where}, where it says: ${printable(rest)}${dots}`;
}

/**
 * Returns a part of a text, safe to print. The part may be cut within a character, and may contain
 * characters that control a terminal.
 *
 * @param {Uint8Array} bytes
 */
const printable = (bytes) =>
  new TextDecoder()
    .decode(bytes)
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '�')
    .replace(/�+$/, '');

/**
 * Returns the JSON Pointer (RFC 6901) of the value that starts at or contains a byte. A member's
 * name counts as the member. Returns undefined if the text before it is not JSON.
 *
 * @param {Uint8Array | string} value
 * @param {number} offset
 * @returns {string | undefined}
 */
export function pointerAt(value, offset) {
  const bytes = textOrBytes(value, 'the value');
  if (offset >= bytes.length) return undefined;
  for (const { path, word, end } of tokens(bytes)) {
    if (end <= offset) continue;
    const isBetween = word === ',' && path.at(-1)?.isObject;
    return path
      .slice(0, isBetween ? -1 : undefined)
      .map(({ key }) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`)
      .join('');
  }
  return undefined;
}

/**
 * Returns the offset of a data set's member in a plugin document, or 0 if it is not one.
 *
 * @param {Uint8Array | string} value
 * @param {number} index the data set's position, from 0
 * @returns {number}
 */
function memberStart(value, index) {
  const bytes = textOrBytes(value, 'the value');
  let count = 0;
  for (const { path, word, end, isName } of tokens(bytes)) {
    const [template, properties, dataSet] = path;
    if (!isName || path.length !== 3 || !dataSet) continue;
    if (template.key !== 'template' || properties.key !== 'properties') continue;
    if (count === index) return end - word.length;
    count += 1;
  }
  return 0;
}

/**
 * An open array or object, with the name or position of the current element.
 *
 * @typedef {{ isObject: boolean, key: string | number, isName: boolean }} Step
 */

/**
 * Yields the tokens of a text while it is JSON: each with the open arrays and objects around it,
 * its end, and whether it is a member's name.
 *
 * @param {Uint8Array} bytes
 * @returns {Generator<{ path: Step[], word: string, end: number, isName: boolean }>}
 */
function* tokens(bytes) {
  // One character per byte, so that positions are offsets in bytes.
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  const token = /[ \t\n\r]*([{}[\],:]|"(?:[^"\\]|\\[^])*"|[-+.\w]+)/y;
  /** @type {Step[]} */
  const path = [];
  for (;;) {
    const match = token.exec(text);
    if (!match) return;
    const [, word] = match;
    const inner = path.at(-1);
    const isName = Boolean(inner?.isName) && word.startsWith('"');
    if (word === '}' || word === ']') {
      // A closing bracket belongs to its array or object.
      path.pop();
      if (!inner) return;
    } else if (inner && isName) {
      try {
        inner.key = JSON.parse(new TextDecoder().decode(latin(word)));
      } catch {
        return;
      }
    } else if (word === ',' && inner) {
      if (inner.isObject) inner.isName = true;
      else inner.key = Number(inner.key) + 1;
    } else if (word === ':' && inner?.isName) {
      inner.isName = false;
    }
    yield { path, word, end: token.lastIndex, isName };
    if (word === '{') path.push({ isObject: true, key: '', isName: true });
    if (word === '[') path.push({ isObject: false, key: 0, isName: false });
  }
}

/** @param {string} text */
const latin = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** The JSON-RPC error codes with which a node rejects a transaction. */
const RPC_CODES = /** @type {Record<number, string>} */ ({
  1001: 'BadFormat',
  1002: 'NotExecuted',
  1012: 'TemporarilyBanned',
  1013: 'AlreadyImported',
  1014: 'TooLowPriority',
  1016: 'ImmediatelyDropped',
  1018: 'Unactionable',
  1021: 'Future',
});

/** The beginnings of a node's messages with the code 1010. */
const RPC_TEXTS = /** @type {[string, string][]} */ ([
  ['Transaction call is not expected', 'Call'],
  ['Transaction will be valid in the future', 'Future'],
  ['Transaction is outdated', 'Stale'],
  ['Transaction has a bad signature', 'BadProof'],
  ['Transaction has an ancient birth block', 'AncientBirthBlock'],
  ['Transaction would exhaust the block limits', 'ExhaustsResources'],
  ['Inability to pay some fees', 'Payment'],
  ['A call was labelled as mandatory', 'BadMandatory'],
  ['Transaction dispatch is mandatory', 'MandatoryValidation'],
  ['Invalid signing address', 'BadSigner'],
  ['The implicit data was unable to be calculated', 'IndeterminateImplicit'],
  ['The transaction extension did not authorize any origin', 'UnknownOrigin'],
  ['CannotLookup', 'CannotLookup'],
  ['NoUnsignedValidator', 'NoUnsignedValidator'],
]);

/**
 * Explains why the pool rejected a transaction.
 *
 * @param {any} thrown
 * @returns {string}
 */
export function explainRejection(thrown) {
  const { kind, reason, custom } = papiRejection(thrown?.error) ?? rpcRejection(thrown);
  if (custom !== undefined) {
    const [meaning, advice] = CUSTOM_REJECTIONS[kind][custom] ?? [
      `The chain refuses the transaction by its rule ${kind}.${custom}.`,
      kind === 'Unknown' ? 'Try again later.' : undefined,
    ];
    return [meaning, advice].filter(Boolean).join(' ');
  }
  if (reason && Object.hasOwn(REJECTIONS, reason))
    return REJECTIONS[reason].filter(Boolean).join(' ');
  return `The transaction was refused: ${printable(latinOf(thrown))}`;
}

/**
 * Returns `true` if a thrown error is a clear rejection by the transaction pool: the node does not
 * have the transaction.
 *
 * @param {any} thrown
 * @returns {boolean}
 */
export function isRejection(thrown) {
  const { reason, custom } = papiRejection(thrown?.error) ?? rpcRejection(thrown);
  if (custom !== undefined) return true;
  // The node may still have a transaction that it already knew.
  return reason !== undefined && !UNCLEAR.includes(reason) && Object.hasOwn(REJECTIONS, reason);
}

/** The rejections after which the node may have the transaction, or have had it. */
const UNCLEAR = ['AlreadyImported', 'TemporarilyBanned', 'TooLowPriority'];

/** @param {any} thrown */
const latinOf = (thrown) =>
  new TextEncoder().encode(String(thrown?.message ?? thrown).slice(0, 300));

/**
 * @typedef {{ kind: 'Invalid' | 'Unknown', reason?: string, custom?: number }} Rejection
 */

/**
 * @param {any} error
 * @returns {Rejection | undefined}
 */
function papiRejection(error) {
  if (error?.type !== 'Invalid' && error?.type !== 'Unknown') return undefined;
  const { type: reason, value } = error.value ?? {};
  return { kind: error.type, ...(reason === 'Custom' ? { custom: Number(value) } : { reason }) };
}

/**
 * @param {any} thrown
 * @returns {Rejection}
 */
function rpcRejection(thrown) {
  const message = String(thrown?.message ?? thrown);
  const code = Number(thrown?.code ?? /\b(10[0-9]{2}): /.exec(message)?.[1]);
  const text = typeof thrown?.data === 'string' ? thrown.data : message;
  const kind = code === 1011 ? 'Unknown' : 'Invalid';
  const custom = /\bCustom(?: error: |\()(\d{1,3})\b/.exec(text)?.[1];
  if (custom !== undefined) return { kind, custom: Number(custom) };
  const known = RPC_TEXTS.find(([words]) => text.includes(words));
  return { kind, reason: known?.[1] ?? RPC_CODES[code] };
}

/** @param {string | undefined} docs */
const sentence = (docs) => docs?.replace(/\s+/g, ' ').trim();

/** @param {string} name */
const pascal = (name) => name[0].toUpperCase() + name.slice(1);
