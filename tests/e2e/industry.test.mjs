// SPDX-License-Identifier: Apache-2.0

// Schemas that industry has published. They are published and instantiated here, and their examples
// must be accepted or rejected as by another validator. `scripts/industry.sh FOLDER` runs this
// test; without a folder it is skipped.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test as skipped } from 'node:test';
import { bytes, connect, decodeError, eventOf, text } from './lib/chain.mjs';
import { withNode } from './lib/node.mjs';

const { TWINCHAIN_SCHEMAS: folder, TWINCHAIN_VERDICTS: verdicts } = process.env;
const LONGEST = 65_536;

if (folder && verdicts) {
  const samples = readFileSync(verdicts, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  const { test } = withNode(connect);

  test(`${samples.length} schemas of industry are accepted, and their examples validated`, async (context) => {
    const { api, chain, alice, bob, charlie, dave } = context;
    const owners = [alice, bob, charlie, dave];
    const counts = { passed: 0, failed: 0, taken: 0, long: 0, matching: 0 };
    const one = async ({ name, valid }, index) => {
      const owner = owners[index % owners.length];
      const read = (kind) => readFileSync(join(folder, `${name}.${kind}.json`));
      const [schema, example] = [read('schema'), read('example')];
      const set = `{"type":"entry","visibility":"public","dataSchema":${schema}}`;
      const document = bytes(`{"template":{"type":"industry","properties":{"value":${set}}}}`);
      const publish = api.tx.dataContainer.publishPlugin(document);
      const preview = await api.call.dataContainerApi.checkDocument(owner.address, document);
      if (schema.length > LONGEST) {
        const { name: error } = decodeError(api, preview.asErr.error);
        assert.equal(error, 'dataContainer.SchemaTooLong', name);
        await chain.fail(owner, publish, 'dataContainer.SchemaTooLong');
        counts.long += 1;
        return;
      }
      assert.ok(preview.isOk, `${name}: ${preview.isErr && text(preview.asErr.message)}`);
      const { events } = await chain.succeed(owner, publish);
      const { plugin } = eventOf(events, 'dataContainer', 'PluginPublished');
      const made = await chain.succeed(owner, api.tx.dataContainer.instantiate(plugin, '0x'));
      const { container } = eventOf(made.events, 'dataContainer', 'ContainerCreated');
      counts.taken += 1;

      const write = api.tx.dataContainer.setEntry(container, bytes('value'), bytes(example), null);
      const { error } = await chain.send(owner, write);
      assert.equal(!error, valid, `${name}: ${error?.name}`);
      const asked = [container, bytes('value'), 'SetEntry', bytes(example)];
      const answer = await api.call.dataContainerApi.checkValue(...asked);
      assert.equal(answer.isOk, valid, name);
      if (error) assert.equal(decodeError(api, answer.asErr.error).name, error.name);
      else counts.matching += 1;
    };
    await Promise.all(
      samples.map((sample, index) =>
        one(sample, index).then(
          () => {
            counts.passed += 1;
          },
          (error) => {
            counts.failed += 1;
            console.log(`${sample.name}: ${error.message}`);
          },
        ),
      ),
    );
    const { taken, long, matching, passed, failed } = counts;
    console.log(`${taken} accepted, ${long} rejected as too long, ${matching} examples match`);
    console.log(`${passed} passed, ${failed} failed`);
    assert.equal(failed, 0);
  });
} else {
  skipped('schemas of industry', { skip: 'requires a folder: see scripts/industry.sh' }, () => {});
}
