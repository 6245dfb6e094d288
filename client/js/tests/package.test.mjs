// SPDX-License-Identifier: Apache-2.0

// The package as others get it: installed from its tarball and from its folder into a clean
// project, compiled by TypeScript, and bundled for a browser. Dependencies come from a registry.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as esbuild from 'esbuild';

const PACKAGE = fileURLToPath(new URL('../', import.meta.url));
const TSC = join(PACKAGE, 'node_modules/typescript/bin/tsc');
const base = mkdtempSync(join(tmpdir(), 'twinchain-package-'));
const ofTarball = join(base, 'of-tarball');
after(() => rmSync(base, { recursive: true }));

const run = (program, args, cwd) =>
  promisify(execFile)(program, args, { cwd }).catch(({ stdout, stderr }) =>
    assert.fail(`${program} ${args.join(' ')}\n${stdout}\n${stderr}`),
  );

/** Makes an empty project, and installs the package from a source. */
async function install(project, source) {
  mkdirSync(project);
  const manifest = { name: 'a-project', private: true, type: 'module' };
  writeFileSync(join(project, 'package.json'), JSON.stringify(manifest));
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', source], project);
}

/** Runs a program in a project. Returns its output. */
async function output(project, program) {
  writeFileSync(join(project, 'program.mjs'), program);
  return (await run(process.execPath, ['program.mjs'], project)).stdout.trim();
}

const PROGRAM = `
  import { connect, Keystore, newSeed } from '@twinchain/client';
  import { keystoreFile } from '@twinchain/client/keystore-file';
  import vectors from '@twinchain/client/vectors/twinchain.json' with { type: 'json' };
  console.log(typeof connect, typeof keystoreFile, newSeed().length, typeof vectors);
`;

before(async () => {
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', base], PACKAGE);
  const [{ filename, files }] = JSON.parse(stdout.slice(stdout.indexOf('[')));
  const names = files.map(({ path }) => path);
  for (const name of ['src/index.mjs', 'types/index.d.mts', 'README.md', 'examples/papi.mjs']) {
    assert.ok(names.includes(name), `${name} is in the package`);
  }
  assert.deepEqual(
    names.filter((name) => /^(tests|node_modules)/.test(name)),
    [],
  );
  await install(ofTarball, join(base, filename));
});

test('the tarball installs into a clean project', async () => {
  assert.equal(await output(ofTarball, PROGRAM), 'function function 32 object');
});

test('the folder installs into a clean project, also without its dependencies', async () => {
  const folder = join(base, 'checkout');
  mkdirSync(folder);
  const names = ['package.json', 'package-lock.json', '.npmrc', 'src', 'scripts', 'vectors'];
  for (const name of [...names, 'tsconfig.json', 'tsconfig.types.json']) {
    cpSync(join(PACKAGE, name), join(folder, name), { recursive: true });
  }
  const project = join(base, 'of-folder');
  await install(project, folder);
  assert.equal(await output(project, PROGRAM), 'function function 32 object');
  const declared = join(project, 'node_modules/@twinchain/client/types/index.d.mts');
  assert.match(readFileSync(declared, 'utf8'), /connect/);
});

test('a strict TypeScript project compiles against the declarations', async () => {
  const source = new URL('project/use.ts', import.meta.url);
  cpSync(fileURLToPath(source), join(ofTarball, 'use.ts'));
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    target: 'ES2022',
    lib: ['ES2023', 'DOM'],
    types: [],
    noEmit: true,
  };
  for (const [module, moduleResolution] of [
    ['NodeNext', 'NodeNext'],
    ['ESNext', 'Bundler'],
  ]) {
    const config = {
      compilerOptions: { ...compilerOptions, module, moduleResolution },
      files: ['use.ts'],
    };
    writeFileSync(join(ofTarball, 'tsconfig.json'), JSON.stringify(config));
    await run(process.execPath, [TSC, '-p', '.'], ofTarball);
  }
});

test('the package is bundled for a browser without modules of Node.js', async () => {
  const entry = join(ofTarball, 'browser.mjs');
  writeFileSync(entry, "export { connect, Keystore } from '@twinchain/client';\n");
  const options = { bundle: true, format: 'esm', platform: 'browser', write: false };
  const { outputFiles, warnings } = await esbuild.build({
    ...options,
    absWorkingDir: ofTarball,
    entryPoints: [entry],
    minify: true,
    logLevel: 'silent',
  });
  assert.deepEqual(warnings, []);
  const [{ text }] = outputFiles;
  assert.doesNotMatch(text, /node:|\brequire\(|\bprocess\.|\bBuffer\b/);
  assert.ok(text.length < 200_000, `${text.length} bytes`);
  // It also runs.
  const bundle = join(ofTarball, 'bundle.mjs');
  writeFileSync(bundle, text);
  const program = "import { Keystore } from './bundle.mjs'; console.log(typeof Keystore);";
  assert.equal(await output(ofTarball, program), 'function');
});
