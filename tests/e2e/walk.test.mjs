// SPDX-License-Identifier: Apache-2.0

// The walk in the README, with its texts entered as in Polkadot.js Apps. Also checks that the calls
// of our pallets can be entered in Apps.

import { stringCamelCase } from '@polkadot/util';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { entered, typedBytes, walkOf } from './lib/apps.mjs';
import { connect } from './lib/chain.mjs';
import { withNode } from './lib/node.mjs';

const README = process.env.TWINCHAIN_README || new URL('../../README.md', import.meta.url);
const SECTION = '## The first twin, in five minutes';
const LEAST_STEPS = 5;
const PALLETS = ['digitalTwin', 'dataContainer'];

// The chain as the README starts it.
const { test } = withNode(connect, { builtIn: true });

test('typedBytes reads a Bytes field like Apps', () => {
  assert.equal(typedBytes('{"a":1}'), '0x7b2261223a317d');
  assert.equal(typedBytes('0x00ff'), '0x00ff');
  assert.equal(typedBytes('0x'), '0x');
  assert.equal(typedBytes('5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY').length, 66);
  for (const refused of ['', 'Größe', 'a\nb', '0xzz', 1, null]) {
    assert.throws(() => typedBytes(refused), `${refused} is refused`);
  }
});

test('the walk in the README works', async ({ api, chain, alice }) => {
  const steps = walkOf(readFileSync(README, 'utf8'), SECTION);
  assert.ok(steps.length >= LEAST_STEPS, `the walk has ${steps.length} steps`);
  for (const { where, call, args, expect } of steps) {
    await at(`README, ${where}, ${call}`, async () => {
      const [pallet, method] = call.split('.');
      const make = api.tx[pallet]?.[method];
      assert.ok(make, 'the call exists');
      const wanted = make.meta.fields.map(nameOf);
      assert.deepEqual([...args.keys()], wanted, 'the step names all arguments, in order');
      const values = make.meta.fields.map(({ type }, index) => {
        const typed = args.get(wanted[index]);
        const isText = api.registry.lookup.getTypeDef(type).type === 'Bytes';
        return entered(api.registry, type, isText ? typed : parse(typed));
      });
      const [kind, error, ...more] = expect.split(' ');
      assert.deepEqual(more, [], 'the step expects `ok` or `error pallet.Error`');
      if (kind === 'ok' && !error) return chain.succeed(alice, make(...values));
      assert.ok(kind === 'error' && error, 'the step expects `ok` or `error pallet.Error`');
      return chain.fail(alice, make(...values), error);
    });
  }
});

test('every argument of our calls fits the forms of Apps', ({ api }) => {
  let checked = 0;
  for (const pallet of PALLETS) {
    for (const [method, { meta }] of Object.entries(api.tx[pallet])) {
      for (const field of meta.fields) {
        const { type } = field;
        const label = `${pallet}.${method}(${nameOf(field)})`;
        const { lookup } = api.registry;
        assert.ok(!holdsOptionalBytes(lookup, type), `${label} has an Option<Bytes>`);
        assert.ok(isFlat(lookup, type) || isShallow(lookup, type), `${label} is nested too deeply`);
        checked += 1;
      }
    }
  }
  assert.ok(checked > 30, `${checked} arguments`);
});

test('the check finds types that Apps cannot enter', ({ api }) => {
  const { lookup } = api.registry;
  const find = (wanted) => {
    const found = lookup.types.find(({ type }) => wanted(type));
    assert.ok(found, 'the metadata has such a type');
    return found.id;
  };
  const listOf = (check) => ({ def }) => def.isSequence && check(def.asSequence.type);
  const optional = find((type) => isOption(type) && isBytes(lookup, type.params[0].type.unwrap()));
  assert.ok(holdsOptionalBytes(lookup, optional));
  assert.ok(!isFlat(lookup, optional) && !isShallow(lookup, optional));
  const events = find(listOf((id) => pathOf(typeOf(lookup, id)) === 'frame_system::EventRecord'));
  assert.ok(!isFlat(lookup, events) && !isShallow(lookup, events), 'events are nested too deeply');
  const texts = find(listOf((id) => isBytes(lookup, id)));
  assert.ok(!isFlat(lookup, texts) && isShallow(lookup, texts), 'a list of texts is not');
});

async function at(label, body) {
  try {
    return await body();
  } catch (error) {
    error.message = `${label}: ${error.message}`;
    throw error;
  }
}

// The name as Apps shows it.
const nameOf = ({ name }) => stringCamelCase(name.unwrap());

// Parses numbers, lists and so on as JSON. Other text, such as an address, stays as it is.
function parse(typed) {
  try {
    return JSON.parse(typed);
  } catch {
    return typed.trim();
  }
}

const typeOf = (lookup, id) => lookup.getSiType(id);
const pathOf = (type) => type.path.map(String).join('::');
const isOption = (type) => pathOf(type) === 'Option';
const LEAVES = new Set(['sp_core::crypto::AccountId32', 'primitive_types::H256']);

function isBytes(lookup, id) {
  const { def } = typeOf(lookup, id);
  if (!def.isSequence) return wrapped(lookup, id, isBytes);
  const item = typeOf(lookup, def.asSequence.type).def;
  return item.isPrimitive && item.asPrimitive.isU8;
}

// A struct of one unnamed field is entered like that field, for example names and access bits.
function wrapped(lookup, id, check) {
  const { def } = typeOf(lookup, id);
  if (!def.isComposite || def.asComposite.fields.length !== 1) return false;
  const [field] = def.asComposite.fields;
  return field.name.isNone && check(lookup, field.type);
}

// Returns true for one field of a form: a primitive, Bytes, an account, a hash, an array of fixed
// length, an optional number or bool, or a choice without fields.
function isFlat(lookup, id) {
  const type = typeOf(lookup, id);
  const { def } = type;
  if (def.isPrimitive || LEAVES.has(pathOf(type)) || isBytes(lookup, id)) return true;
  if (def.isArray) return typeOf(lookup, def.asArray.type).def.isPrimitive;
  if (isOption(type)) return typeOf(lookup, type.params[0].type.unwrap()).def.isPrimitive;
  if (def.isVariant) return def.asVariant.variants.every(({ fields }) => fields.length === 0);
  if (def.isCompact) return true;
  return wrapped(lookup, id, isFlat);
}

// Returns true for one more level: fields side by side, a choice between such, or a list of either.
function isShallow(lookup, id, inList = false) {
  const { def } = typeOf(lookup, id);
  const areFlat = (fields) => fields.every(({ type }) => isFlat(lookup, type));
  if (isOption(typeOf(lookup, id))) return false;
  if (def.isComposite) return areFlat(def.asComposite.fields);
  if (def.isTuple) return def.asTuple.every((type) => isFlat(lookup, type));
  if (def.isVariant) return def.asVariant.variants.every(({ fields }) => areFlat(fields));
  if (!def.isSequence || inList) return false;
  const item = def.asSequence.type;
  return isFlat(lookup, item) || isShallow(lookup, item, true);
}

// Searches at any depth.
function holdsOptionalBytes(lookup, id, seen = new Set()) {
  const key = id.toString();
  if (seen.has(key)) return false;
  seen.add(key);
  const type = typeOf(lookup, id);
  const inner = (other) => holdsOptionalBytes(lookup, other, seen);
  const { def } = type;
  if (isOption(type) && isBytes(lookup, type.params[0].type.unwrap())) return true;
  if (def.isComposite) return def.asComposite.fields.some(({ type }) => inner(type));
  if (def.isVariant) {
    return def.asVariant.variants.some(({ fields }) => fields.some(({ type }) => inner(type)));
  }
  if (def.isSequence) return inner(def.asSequence.type);
  if (def.isArray) return inner(def.asArray.type);
  if (def.isTuple) return def.asTuple.some(inner);
  return def.isCompact ? inner(def.asCompact.type) : false;
}
