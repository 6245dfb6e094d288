// SPDX-License-Identifier: Apache-2.0

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const PACKAGE = new URL('../', import.meta.url);
const NODE_ONLY = ['keystore-file.mjs'];

test('the types in the comments match the code', async () => {
  const tsc = fileURLToPath(new URL('node_modules/typescript/bin/tsc', PACKAGE));
  const options = { cwd: fileURLToPath(PACKAGE) };
  await promisify(execFile)(process.execPath, [tsc, '-p', '.'], options).catch(({ stdout }) =>
    assert.fail(stdout),
  );
});

test('modules for browsers do not need Node.js', () => {
  const source = new URL('src/', PACKAGE);
  const all = readdirSync(source, { recursive: true }).filter((file) => file.endsWith('.mjs'));
  assert.ok(all.includes('adapters/papi.mjs'));
  for (const name of all.filter((file) => !NODE_ONLY.includes(file))) {
    const code = readFileSync(new URL(name, source), 'utf8');
    assert.doesNotMatch(code, /from 'node:|keystore-file\.mjs'|\bBuffer\b|\bprocess\./, name);
  }
});

test('dependencies are pinned and the lock file names no registry', () => {
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(new URL('package.json', PACKAGE)),
  );
  for (const version of Object.values({ ...dependencies, ...devDependencies })) {
    assert.match(version, /^\d+\.\d+\.\d+$/);
  }
  assert.doesNotMatch(readFileSync(new URL('package-lock.json', PACKAGE), 'utf8'), /"resolved"/);
});
