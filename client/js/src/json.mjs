// SPDX-License-Identifier: Apache-2.0

// JSON texts of values: written strictly, because `JSON.stringify` drops what it does not know, and
// read without failing, because a stored value can be anything.

import { textOrBytes } from './bytes.mjs';
import { kindOf } from './options.mjs';

/** The deepest value that the chain accepts is less deep. A cycle is deeper. */
const MAX_DEPTH = 64;
const WRITTEN_OBJECT = '[object Object]';

/**
 * Returns the JSON text of a value. BigInts become numbers of any length. Fails for anything else
 * that JSON does not have, such as undefined, NaN, dates and maps.
 *
 * @param {unknown} value
 * @param {string} what
 * @returns {string}
 */
export function jsonText(value, what) {
  checkNotText(value, what);
  return write(value, what, 0);
}

/**
 * @param {unknown} value
 * @param {string} where
 * @param {number} depth
 * @returns {string}
 */
function write(value, where, depth) {
  if (depth > MAX_DEPTH) throw new TypeError(`${where} is nested too deeply, or contains itself`);
  if (typeof value === 'string') {
    textOrBytes(value, where);
    return JSON.stringify(value);
  }
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') {
    if (!Number.isFinite(value))
      throw new TypeError(`${where} is ${value}, which JSON does not have`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) {
    // Holes count as undefined.
    return `[${Array.from(value, (item, at) => write(item, `${where}[${at}]`, depth + 1))}]`;
  }
  if (!isPlain(value))
    throw new TypeError(`${where} is ${classOf(value)}, which JSON does not have`);
  const members = Object.entries(/** @type {object} */ (value)).map(
    ([name, member]) =>
      `${write(name, where, depth)}:${write(member, `${where}.${name}`, depth + 1)}`,
  );
  return `{${members}}`;
}

/** @param {unknown} value */
function isPlain(value) {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** @param {unknown} value */
function classOf(value) {
  const name = typeof value === 'object' && value?.constructor?.name;
  return name ? `a ${name}` : kindOf(value);
}

/**
 * Fails if a value is the JSON text of an object or list: it would be written as a string.
 *
 * @param {unknown} value
 * @param {string} what
 */
function checkNotText(value, what) {
  if (typeof value !== 'string') return;
  if (value === WRITTEN_OBJECT) throw new TypeError(objectAsText(what));
  if (!/^\s*[{[]/.test(value) || parsed(value) === undefined) return;
  throw new TypeError(
    `${what} is text that contains JSON: give the object itself, or give the text as \`text\``,
  );
}

/**
 * Returns JSON text as it was given. Fails if it is not JSON.
 *
 * @param {unknown} text
 * @param {string} what
 * @returns {string}
 */
export function checkedText(text, what) {
  if (typeof text !== 'string') {
    throw new TypeError(`${what} must be JSON text, not ${kindOf(text)}: give values as \`value\``);
  }
  textOrBytes(text, what);
  if (text === WRITTEN_OBJECT) throw new TypeError(objectAsText(what));
  if (parsed(text) === undefined) throw new TypeError(`${what} is not JSON: text needs quotes`);
  return text;
}

/**
 * Returns a value for the lower-level calls as bytes: JSON text, or its bytes.
 *
 * @param {unknown} value
 * @param {string} what
 * @returns {Uint8Array}
 */
export function jsonBytes(value, what) {
  if (value === WRITTEN_OBJECT) throw new TypeError(objectAsText(what));
  if (typeof value !== 'string' && !(value instanceof Uint8Array)) {
    throw new TypeError(`${what} must be JSON text, not ${kindOf(value)}: use JSON.stringify`);
  }
  return textOrBytes(value, what);
}

/** @param {string} what */
const objectAsText = (what) =>
  `${what} is "${WRITTEN_OBJECT}": an object was turned into text without JSON.stringify`;

/**
 * @param {string} text
 * @returns {unknown} undefined if it is not JSON
 */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Reads a stored value. Never fails: a value that is not JSON is returned with the reason.
 *
 * @param {Uint8Array} bytes
 * @returns {{ value: unknown, text: string | null, fault?: string }}
 */
export function readValue(bytes) {
  let text;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { value: null, text: null, fault: 'the value is not text' };
  }
  const value = parsed(text);
  return value === undefined
    ? { value: null, text, fault: 'the value is not JSON' }
    : { value, text };
}
