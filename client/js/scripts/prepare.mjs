// SPDX-License-Identifier: Apache-2.0

// Builds the type declarations: before packing, after `npm ci` here, and when this folder is
// installed elsewhere. npm then only links the folder and installs none of its dependencies, so
// this script does.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const cwd = fileURLToPath(new URL('../', import.meta.url));
const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));

/** Runs a program in this package's folder. Ends this one with its status if it fails. */
function run(program, args, env = process.env) {
  const { status, error } = spawnSync(program, args, { cwd, env, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(tsc)) {
  // npm's settings for the other project, such as its folder, must not apply here.
  const own = Object.entries(process.env).filter(
    ([name]) => !/^npm_(?!config_(registry|cache))/i.test(name),
  );
  const npm = process.env.npm_execpath;
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  if (npm) run(process.execPath, [npm, ...args], Object.fromEntries(own));
  else run('npm', args, Object.fromEntries(own));
}
run(process.execPath, [tsc, '-p', 'tsconfig.types.json']);
