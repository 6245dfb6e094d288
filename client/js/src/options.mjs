// SPDX-License-Identifier: Apache-2.0

// Checks the names of options. A misspelt option would otherwise be dropped without a word, and
// with it the lock of `expectedRevision`.

/**
 * Fails if an object has an option that a function does not know. Options without a value count,
 * too.
 *
 * @param {string} what the function, as in "share"
 * @param {unknown} given
 * @param {readonly string[]} known
 */
export function checkOptions(what, given, known) {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new TypeError(`${what} takes an object with options, not ${kindOf(given)}`);
  }
  for (const name in given) {
    if (known.includes(name)) continue;
    throw new TypeError(
      `${what} has no option \`${name}\`: did you mean \`${nearest(name, known)}\`? ` +
        `It has ${known.join(', ')}`,
    );
  }
}

/**
 * Checks the options of a function, and that those without which it cannot work are given.
 *
 * @param {string} what
 * @param {unknown} given
 * @param {readonly string[]} required
 * @param {readonly string[]} [optional]
 */
export function checkAll(what, given, required, optional = []) {
  checkOptions(what, given, [...required, ...optional]);
  const options = /** @type {Record<string, unknown>} */ (given);
  const missing = required.find((name) => options[name] === undefined);
  if (missing !== undefined) throw new TypeError(`${what} needs the option \`${missing}\``);
}

/**
 * Returns an option that is `true` or `false`.
 *
 * @param {unknown} value
 * @param {string} name
 * @returns {boolean}
 */
export function flag(value, name) {
  if (typeof value === 'boolean') return value;
  throw new TypeError(`${name} must be true or false, not ${kindOf(value)}`);
}

/**
 * Returns the kind of a value, for messages: "an object", "a list", "text", "null".
 *
 * @param {unknown} value
 * @returns {string}
 */
export function kindOf(value) {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Uint8Array) return 'bytes';
  const type = typeof value;
  if (type === 'string') return 'text';
  return type === 'object' ? 'an object' : `a ${type}`;
}

/**
 * Returns the known name that differs least from a given one.
 *
 * @param {string} name
 * @param {readonly string[]} known
 */
function nearest(name, known) {
  const distances = known.map((other) => distance(name.toLowerCase(), other.toLowerCase()));
  return known[distances.indexOf(Math.min(...distances))];
}

/**
 * Returns the number of letters to insert, remove or replace between two words.
 *
 * @param {string} a
 * @param {string} b
 */
function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [line, letter] of [...a].entries()) {
    const next = [line + 1];
    for (let at = 0; at < b.length; at += 1) {
      const replaced = row[at] + (letter === b[at] ? 0 : 1);
      next.push(Math.min(replaced, row[at + 1] + 1, next[at] + 1));
    }
    row = next;
  }
  return row[b.length];
}
