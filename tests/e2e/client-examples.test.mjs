// SPDX-License-Identifier: Apache-2.0

// The client's examples, run as a user runs them: each as a file of its own, in a project that has
// the client and the library.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { withNode } from './lib/node.mjs';

const CLIENT = fileURLToPath(new URL('../../client/js', import.meta.url));
const MODULES = fileURLToPath(new URL('node_modules', import.meta.url));
const EXAMPLES = ['polkadot-js', 'papi', 'dedot'];

/** Returns the folder of a project with the client, the libraries and the examples. */
function project() {
  const folder = mkdtempSync(join(tmpdir(), 'twinchain-examples-'));
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '@twinchain'), { recursive: true });
  symlinkSync(CLIENT, join(modules, '@twinchain/client'));
  for (const name of readdirSync(MODULES).filter((each) => !each.startsWith('.'))) {
    symlinkSync(join(MODULES, name), join(modules, name));
  }
  cpSync(join(CLIENT, 'examples'), folder, { recursive: true });
  return folder;
}

const { test } = withNode(async (url) => {
  const folder = project();
  return { url, folder, close: () => rmSync(folder, { recursive: true }) };
});

const SAID = [
  /^keys for \[ 'manual', 'usage' \]$/,
  /^the customer reads \{ pages: 12, language: 'en' \}$/,
  /^0\.0 \{ hours: 120 \}$/,
  /^0\.1 \{ hours: 8 \}$/,
  /^new keys for \[ 'manual', 'usage' \]$/,
  /^the customer now gets UnknownKey$/,
  /^due now \[\]$/,
  /^3 changes lead to 0x[0-9a-f]{64}$/,
];

// All use the same keystores: a keystore belongs to an account, not to a library.
for (const example of EXAMPLES) {
  test(`the example ${example}.mjs runs as it is`, async ({ url, folder }) => {
    const program = join(folder, `${example}.mjs`);
    const { stdout } = await promisify(execFile)(process.execPath, [program, url, folder]);
    const lines = stdout
      .trim()
      .split('\n')
      .filter((line) => !/^\s*$/.test(line));
    assert.equal(lines.length, SAID.length, stdout);
    for (const [index, pattern] of SAID.entries()) assert.match(lines[index], pattern);
  });
}
