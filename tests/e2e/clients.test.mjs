// SPDX-License-Identifier: Apache-2.0

// The programs of docs/clients.md: each one runs as it is, outside the repository, and prints what
// the page says.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { atExit, withNode } from './lib/node.mjs';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const PAGE = readFileSync(path('../../docs/clients.md'), 'utf8');
const EXAMPLES = path('../../docs/examples');
const PROGRAMS = ['polkadot-js.mjs', 'papi.mjs', 'dedot.mjs'];

const { test } = withNode(async (url) => ({ url, close: () => {} }), {
  options: ['--state-pruning', 'archive'],
});

test('the page contains the programs as they are', () => {
  for (const program of [...PROGRAMS, 'python.py']) {
    const source = readFileSync(join(EXAMPLES, 'clients', program), 'utf8');
    assert.ok(PAGE.includes(`\n${source}\`\`\`\n`), `docs/clients.md has ${program}`);
  }
});

for (const program of PROGRAMS) {
  test(`${program} prints what the page says`, async ({ url }) => {
    const folder = mkdtempSync(join(tmpdir(), 'twinchain-clients-'));
    const calledOff = atExit(() => rmSync(folder, { recursive: true, force: true }));
    try {
      cpSync(EXAMPLES, join(folder, 'examples'), { recursive: true });
      symlinkSync(path('node_modules'), join(folder, 'node_modules'));
      const file = join(folder, 'examples', 'clients', program);
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [file, url]);
      const name = program.replace('.mjs', '');
      const [, printed] = /All print the same:\n\n```text\n([^]*?)```/.exec(PAGE);
      const lower = (text) => text.replace('DataContainer.', 'dataContainer.');
      assert.equal(lower(stdout), printed.replace('polkadot-js', name));
      assert.doesNotMatch(stderr, /CheckMember/, 'the notice is silenced');
    } finally {
      rmSync(folder, { recursive: true, force: true });
      calledOff();
    }
  });
}
