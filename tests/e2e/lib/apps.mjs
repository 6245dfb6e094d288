// SPDX-License-Identifier: Apache-2.0

// Polkadot.js Apps' conversion of the text that a person enters into its forms, and the steps of a
// walk through Apps in a document.

import { TypeDefInfo } from '@polkadot/types';
import { isAscii, isHex, stringCamelCase, stringToU8a, u8aToHex } from '@polkadot/util';
import { decodeAddress } from '@polkadot/util-crypto';

/**
 * Returns the value of a field of type `Bytes`: hex after `0x`, the public key if the text is an
 * address, otherwise the text, which must be ASCII. An empty field is invalid: no bytes are entered
 * as `0x`.
 */
export function typedBytes(typed) {
  if (typeof typed !== 'string') throw new TypeError(`a Bytes field takes text, not ${typed}`);
  if (typed === '0x') return '0x';
  if (typed === '') {
    throw new RangeError('Apps rejects an empty Bytes field; enter 0x for no bytes');
  }
  if (typed.startsWith('0x')) {
    // Apps would send wrong bytes.
    if (!isHex(typed)) throw new RangeError(`this is not hex: ${typed}`);
    return typed;
  }
  try {
    return u8aToHex(decodeAddress(typed));
  } catch {
    // Not an address, so text.
  }
  if (!isAscii(typed)) throw new RangeError(`Apps rejects text that is not ASCII: ${typed}`);
  return u8aToHex(stringToU8a(typed));
}

/**
 * Returns the argument of this type that a person enters. `value` is JSON with the `Bytes` as
 * typed.
 */
export function entered(registry, type, value) {
  return convert(registry, registry.lookup.getTypeDef(type), value);
}

function convert(registry, def, value) {
  const resolved =
    def.info === TypeDefInfo.Si || def.info === TypeDefInfo.Plain
      ? registry.lookup.getTypeDef(def.lookupIndex ?? def.type)
      : def;
  const { info, sub } = def.type === 'Bytes' ? def : resolved;
  if (def.type === 'Bytes' || resolved.type === 'Bytes') return typedBytes(value);
  switch (info) {
    case TypeDefInfo.Vec:
      if (!Array.isArray(value)) throw new TypeError(`${def.type} takes a list, not ${value}`);
      return value.map((item) => convert(registry, sub, item));
    case TypeDefInfo.Option:
      return value === null ? null : convert(registry, sub, value);
    case TypeDefInfo.Struct: {
      const known = sub.map(({ name }) => name);
      same(Object.keys(value), known, def.type);
      return Object.fromEntries(
        sub.map((field) => [field.name, convert(registry, field, value[field.name])]),
      );
    }
    case TypeDefInfo.Enum: {
      const [[variant, inner], ...more] = Object.entries(value);
      const chosen = sub.find(({ name }) => name === variant);
      if (!chosen || more.length > 0) throw new TypeError(`${def.type} has no ${variant}`);
      return { [variant]: chosen.type === 'Null' ? null : convert(registry, chosen, inner) };
    }
    default:
      return value;
  }
}

function same(given, known, type) {
  const [a, b] = [given.toSorted().join(), known.toSorted().join()];
  if (a !== b) throw new TypeError(`${type} has the fields ${b}, not ${a}`);
}

/**
 * Returns the steps in the code blocks named `walk` below a heading, up to the next heading of its
 * level.
 */
export function walkOf(markdown, heading) {
  const lines = markdown.split('\n');
  const start = lines.indexOf(heading);
  if (start < 0) throw new Error(`the section ${heading} does not exist`);
  const length = lines.slice(start + 1).findIndex((line) => line.startsWith('## '));
  const section = lines.slice(start + 1, length < 0 ? undefined : start + 1 + length);
  const steps = [];
  let block;
  for (const [index, line] of section.entries()) {
    const where = `line ${start + 2 + index}`;
    if (block === undefined) {
      if (line === '```walk') block = { where, args: new Map(), expect: 'ok' };
      continue;
    }
    const [, key, rest] = /^(call|expect|arg [^:]+): ?(.*)$/.exec(line) ?? [];
    if (line === '```') {
      if (!block.call) throw new Error(`${block.where}: the block names no call`);
      steps.push(block);
      block = undefined;
    } else if (key === 'call' || key === 'expect') {
      block[key] = rest.trim();
    } else if (key) {
      block.args.set(stringCamelCase(key.slice('arg '.length)), rest);
    } else {
      throw new Error(`${where} is neither call, arg nor expect: ${line}`);
    }
  }
  if (block) throw new Error(`${block.where}: the block does not end`);
  return steps;
}
