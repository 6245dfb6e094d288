// SPDX-License-Identifier: Apache-2.0

// The examples of types in docs/extrinsics.md, and a check of a value's shape. Polkadot.js does not
// report wrong shapes: it uses zeros for a missing field, and ignores an additional one.

import { isHex, stringCamelCase } from '@polkadot/util';
import { decodeAddress } from '@polkadot/util-crypto';
import assert from 'node:assert/strict';

/** Returns the types that the section Types describes, each with its title, path and examples. */
export function describedTypes(markdown) {
  const [, section] = /^## Types\n([^]*?)(?=^## |$(?![^]))/m.exec(markdown) ?? [];
  assert.ok(section, 'the section Types does not exist');
  return section
    .split(/^### /m)
    .slice(1)
    .map((text) => {
      const [title] = text.split('\n');
      const [, path] = /^`(\w+(?:::\w+)+)`$/m.exec(text) ?? [];
      const [, examples] =
        /^Examples? of `[^`]+`(?:, one of each variant)?:$([^]*)/m.exec(text) ?? [];
      const values = [...(examples ?? '').matchAll(/^```json\n([^]*?)\n```$/gm)];
      assert.ok(path && values.length > 0, `${title} must have a path and an example`);
      return { title, path, values: values.map(([, json]) => JSON.parse(json)) };
    });
}

/** Returns the types of the metadata with this path. A generic type has several. */
export const typesOf = (registry, path) =>
  registry.lookup.types
    .filter(({ type }) => type.path.join('::') === path)
    .map(({ id }) => id.toNumber());

/** Fails if Polkadot.js would not accept a value for a type, or would have to guess. */
export function assertShape(registry, id, value, where = '') {
  const { def, params, path } = registry.lookup.getSiType(id);
  const name = path.at(-1)?.toString();
  const inner = (type, part, key) => assertShape(registry, type, part, `${where}/${key}`);
  const isByte = (type) => registry.lookup.getTypeDef(type).type === 'u8';
  if (name === 'AccountId32') {
    assert.equal(decodeAddress(value).length, 32, where);
  } else if (name === 'Option') {
    if (value !== null) inner(params[0].type.unwrap(), value, 'Some');
  } else if (def.isComposite) {
    assertFields(def.asComposite.fields, value, where, inner);
  } else if (def.isVariant) {
    assertVariant(def.asVariant.variants, value, where, inner);
  } else if (def.isSequence && isByte(def.asSequence.type)) {
    assert.equal(typeof value, 'string', where);
    assert.ok(isHex(value) || !value.startsWith('0x'), `${where}: ${value} is text or hex`);
  } else if (def.isArray && isByte(def.asArray.type)) {
    assert.ok(isHex(value, def.asArray.len.toNumber() * 8), `${where}: ${value} is hex`);
  } else if (def.isSequence || def.isArray) {
    assert.ok(Array.isArray(value) && value.length > 0, `${where} is a list`);
    const { type } = def.isSequence ? def.asSequence : def.asArray;
    value.forEach((item, index) => inner(type, item, index));
  } else if (def.isTuple) {
    assert.equal(value.length, def.asTuple.length, `${where} has all parts`);
    def.asTuple.forEach((type, index) => inner(type, value[index], index));
  } else if (def.isCompact) {
    inner(def.asCompact.type, value, 'compact');
  } else {
    assert.ok(def.isPrimitive, `${where} is of an unknown kind`);
    assert.equal(typeof value, def.asPrimitive.isBool ? 'boolean' : 'number', where);
  }
}

function assertFields(fields, value, where, inner) {
  if (fields.length === 1 && fields[0].name.isNone) {
    inner(fields[0].type, value, 0);
  } else if (fields.some(({ name }) => name.isNone)) {
    assert.equal(value.length, fields.length, `${where} has all parts`);
    fields.forEach(({ type }, index) => inner(type, value[index], index));
  } else {
    const names = fields.map(({ name }) => stringCamelCase(name.unwrap()));
    assert.deepEqual(Object.keys(value), names, `${where} has these fields`);
    fields.forEach(({ type }, index) => inner(type, value[names[index]], names[index]));
  }
}

function assertVariant(variants, value, where, inner) {
  const [[chosen, content], ...more] =
    typeof value === 'string' ? [[value, null]] : Object.entries(value);
  assert.deepEqual(more, [], `${where} is one variant`);
  const variant = variants.find(({ name }) => name.toString() === chosen);
  assert.ok(variant, `${where} has no variant ${chosen}`);
  if (variant.fields.length === 0) assert.equal(content, null, `${where}/${chosen} is empty`);
  else assertFields(variant.fields, content, `${where}/${chosen}`, inner);
}
