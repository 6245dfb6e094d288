// SPDX-License-Identifier: Apache-2.0

// A keystore in a file, for Node.js. A lost key can be lost data, so a file is never overwritten by
// one that lacks a key: it is read again before every change, by one program at a time, and
// replaced as a whole.

import { link, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { InvalidKeystore, KeystoreBusy } from './exceptions.mjs';
import { Keystore } from './keystore.mjs';

/** @typedef {import('./crypto.mjs').Fixed} Fixed */
/** @typedef {{ cost?: number, patience?: number }} Options
 *   scrypt's N, and how long to wait for another program, in milliseconds */
/** @typedef {{ genesisHash?: Fixed }} Chain
 *   the chain that the program is connected to, by the hash of its first block */

const PATIENCE = 15_000;
const RETRY = 50;
// Room for about 100,000 seeds.
const MAX_FILE = 64 * 1024 * 1024;

/**
 * Makes a new keystore. A file that is there already is left alone.
 *
 * @param {string} path
 * @param {string} password
 * @param {{ account: Fixed, genesisHash: Fixed } & Options} options whose keystore it is, and on
 *   which chain
 * @returns {Promise<Keystore>}
 */
export async function createKeystore(path, password, { account, genesisHash, ...options }) {
  const keystore = new Keystore(account, genesisHash);
  const text = await keystore.seal(password, options);
  await withLock(path, options, async () => {
    const draft = await write(`${path}.new`, text);
    try {
      // Unlike renaming, linking fails if there is such a file.
      await link(draft, path);
    } catch (cause) {
      if (codeOf(cause) !== 'EEXIST') throw cause;
      throw new InvalidKeystore(`there is a file ${path} already`, { cause });
    } finally {
      await rm(draft, { force: true });
    }
    await syncFolder(path);
  });
  return keystore;
}

/**
 * Reads a keystore. Changes of what it returns are not written: see `updateKeystore`.
 *
 * @param {string} path
 * @param {string} password
 * @param {Chain} [options]
 * @returns {Promise<Keystore>}
 */
export async function readKeystore(path, password, { genesisHash } = {}) {
  const { size } = await stat(path);
  if (size > MAX_FILE) throw new InvalidKeystore(`${path} is too large for a keystore`);
  return Keystore.open(await readFile(path, 'utf8'), password, { genesisHash });
}

/**
 * Reads a keystore, changes it and writes it, while no other program does. If `change` throws,
 * nothing is written. Always writes the newest version of the format, which names the chain: so a
 * keystore of version 1 needs `genesisHash`.
 *
 * @template T
 * @param {string} path
 * @param {string} password
 * @param {(keystore: Keystore) => T | Promise<T>} change
 * @param {Options & Chain & { newPassword?: string }} [options]
 * @returns {Promise<T>} what `change` returns, once it is on the disk
 */
export async function updateKeystore(path, password, change, options = {}) {
  return replaceLocked(await realpath(path), password, change, options);
}

/**
 * The same of the file itself: a symbolic link to it stays one, and programs that come by different
 * links wait for the same lock.
 *
 * @template T
 * @param {string} path
 * @param {string} password
 * @param {(keystore: Keystore) => T | Promise<T>} change
 * @param {Options & Chain & { newPassword?: string }} options
 * @returns {Promise<T>}
 */
async function replaceLocked(path, password, change, options) {
  return withLock(path, options, async () => {
    const keystore = await readKeystore(path, password, options);
    const result = await change(keystore);
    const text = await keystore.seal(options.newPassword ?? password, options);
    await rename(await write(`${path}.new`, text), path);
    await syncFolder(path);
    return result;
  });
}

/**
 * Writes a file that only this user can read, down to the disk.
 *
 * @param {string} path
 * @param {string} text
 */
async function write(path, text) {
  // It could never be read again.
  if (text.length > MAX_FILE) {
    throw new InvalidKeystore(
      'this is too much for one keystore: export the seeds of some containers into another one',
    );
  }
  // What a program that was killed left behind: nobody else writes here.
  await rm(path, { force: true });
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  return path;
}

/**
 * A file has its new name for certain once its folder is on the disk.
 *
 * @param {string} path
 */
async function syncFolder(path) {
  if (process.platform === 'win32') return;
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/**
 * @template T
 * @param {string} path
 * @param {Options} options
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
async function withLock(path, { patience = PATIENCE }, work) {
  const lock = `${path}.lock`;
  const limit = Date.now() + patience;
  for (;;) {
    try {
      await (await open(lock, 'wx', 0o600)).close();
      break;
    } catch (cause) {
      if (codeOf(cause) !== 'EEXIST') throw cause;
      if (Date.now() >= limit) {
        throw new KeystoreBusy(
          `another program is writing ${path}; if there is none, remove ${lock} and try again`,
          { cause },
        );
      }
      await pause(RETRY);
    }
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

/** @param {unknown} error */
const codeOf = (error) => /** @type {NodeJS.ErrnoException} */ (error)?.code;
