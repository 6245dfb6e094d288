// SPDX-License-Identifier: Apache-2.0

// Polkadot.js accepts the examples of types in docs/extrinsics.md, including each field.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect } from './lib/chain.mjs';
import { withNode } from './lib/node.mjs';
import { assertShape, describedTypes, typesOf } from './lib/reference.mjs';

const PAGE = readFileSync(new URL('../../docs/extrinsics.md', import.meta.url), 'utf8');
const OWN = /^(pallet_(consortium|data_container|digital_twin)|twinchain_\w+|data_schema)::/;

const { test } = withNode((url) => connect(url));

test('Polkadot.js accepts every example', ({ api: { registry } }) => {
  const described = describedTypes(PAGE);
  assert.ok(described.length > 50, `${described.length} types`);
  const examples = described.flatMap(({ values, ...type }) =>
    values.map((value) => ({ ...type, value })),
  );
  for (const { title, path, value } of examples) {
    const ids = typesOf(registry, path);
    assert.ok(ids.length > 0, `${path} is a type of the chain`);
    const fitting = ids.filter((id) => fits(registry, id, value));
    // An example of a generic type fits one of its instances.
    if (ids.length === 1) assertShape(registry, ids[0], value, title);
    assert.ok(fitting.length > 0, `${title} fits no instance`);
    for (const id of fitting) {
      const type = registry.createLookupType(id);
      const made = registry.createType(type, value);
      assert.equal(registry.createType(type, made.toU8a()).toHex(), made.toHex(), title);
      assert.equal(registry.createType(type, made.toJSON()).toHex(), made.toHex(), title);
    }
  }
});

test('assertShape fails for a field with a wrong name', ({ api: { registry } }) => {
  const described = describedTypes(PAGE);
  const { path, values } = described.find(({ title }) => title === 'ReaderEnvelope');
  const [value] = values;
  const [id] = typesOf(registry, path);
  const { reader, ...rest } = value;
  assertShape(registry, id, value);
  for (const wrong of [rest, { account: reader, ...rest }, { ...value, account: reader }]) {
    assert.throws(() => assertShape(registry, id, wrong), /has these fields/);
    // Polkadot.js does not report it.
    assert.doesNotThrow(() => registry.createType(registry.createLookupType(id), wrong));
  }
});

test('every variant of an argument has an example', ({ api: { registry } }) => {
  for (const { title, path, values } of describedTypes(PAGE)) {
    const { def } = registry.lookup.getSiType(typesOf(registry, path)[0]);
    if (!def.isVariant || !def.asVariant.variants.some(({ fields }) => fields.length > 0)) continue;
    const shown = values.map((value) =>
      typeof value === 'string' ? value : Object.keys(value)[0],
    );
    const all = def.asVariant.variants.map(({ name }) => name.toString());
    assert.deepEqual(shown, all, title);
  }
});

test('every type of an argument is described', ({ api }) => {
  const paths = describedTypes(PAGE).map(({ path }) => path);
  const { lookup } = api.registry;
  for (const pallet of ['consortium', 'dataContainer', 'digitalTwin']) {
    for (const call of Object.values(api.tx[pallet])) {
      for (const { type } of call.meta.fields) {
        const { def, path } = lookup.getSiType(type);
        const items = def.isSequence ? lookup.getSiType(def.asSequence.type).path : path;
        const name = items.join('::');
        if (OWN.test(name)) assert.ok(paths.includes(name), `${name} of ${call.meta.name}`);
      }
    }
  }
});

test('every link has a heading as its target', () => {
  const headings = [...PAGE.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'),
  );
  assert.equal(new Set(headings).size, headings.length, 'headings are unique');
  for (const [, anchor] of PAGE.matchAll(/\]\(#([^)]*)\)/g)) {
    assert.ok(headings.includes(anchor), anchor);
  }
});

function fits(registry, id, value) {
  try {
    assertShape(registry, id, value);
    return true;
  } catch (error) {
    if (error instanceof assert.AssertionError) return false;
    throw error;
  }
}
