// SPDX-License-Identifier: Apache-2.0

// Turns what the chain answers into a sentence that says what to do. An error is decoded first, out
// of the form in which the library gives it, and explained then.

import { CUSTOM_REJECTIONS, DISPATCH_ERRORS, ERRORS, REJECTIONS } from './advice.mjs';
import { textOrBytes } from './bytes.mjs';

/**
 * An error of a call.
 *
 * @typedef {object} Failure
 * @property {string} [pallet] as in `DataContainer`; none if the error is of no pallet
 * @property {string} error as in `StaleRevision`
 * @property {string} [docs] what the metadata says about it
 * @property {Record<string, number>} [fields] `index` and `offset` of what is wrong in a value
 */

const EXCERPT = 24;

/**
 * The error that Polkadot.js tells, by the registry of the API: `api.registry`.
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
  // A module error has 4 bytes: its index, then its fields, if it has any, in SCALE.
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
 * The error that PAPI tells: `dispatchError` of a result, or the `error` of a refusal.
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
 * A sentence or two on what is wrong and what to do.
 *
 * @param {Failure} failure
 * @param {object} [options]
 * @param {(Uint8Array | string)[]} [options.values] the values of the call, to show the place: the
 *   items, the values of `store`, or the one value or document
 * @param {string} [options.what] what `index` counts: value, item, data set
 * @returns {string}
 */
export function explain(
  { pallet, error, docs, fields = {} },
  { values = [], what = 'value' } = {},
) {
  const table = tableOf(pallet);
  const known = Object.hasOwn(table, error) ? table[error].join(' ') : '';
  const name = pallet ? `${pallet}.${error}` : error;
  // The metadata of our pallets says what an error means and what to do: the table is made of it.
  // That of the SDK says less than the table.
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
    // In a document, the bytes count from where the data set's member begins.
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
 * Part of a text, which may be cut within a character and hold anything: nothing that a terminal
 * would obey.
 *
 * @param {Uint8Array} bytes
 */
const printable = (bytes) =>
  new TextDecoder()
    .decode(bytes)
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '�')
    .replace(/�+$/, '');

/**
 * The JSON Pointer (RFC 6901) of what begins at a byte, or holds it. A member's name stands for the
 * member. Undefined if the text before is no JSON.
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
 * Where the member of a data set begins in a plugin document; 0 in what is none.
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
 * An array or object that is open: the name or the position of what is read in it.
 *
 * @typedef {{ isObject: boolean, key: string | number, isName: boolean }} Step
 */

/**
 * The tokens of a text, as far as it is JSON: each with what is open around it, where it ends, and
 * whether it is a member's name.
 *
 * @param {Uint8Array} bytes
 * @returns {Generator<{ path: Step[], word: string, end: number, isName: boolean }>}
 */
function* tokens(bytes) {
  // One byte to a character, so that positions are bytes.
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
      // The end of what is open belongs to it.
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

/** The codes of a node's JSON-RPC for transactions that it does not take. */
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

/** What a node says with the code 1010, by what it begins with. */
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
 * Why the pool turned a transaction away.
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
  return `The transaction was turned away: ${printable(latinOf(thrown))}`;
}

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
