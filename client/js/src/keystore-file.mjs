// SPDX-License-Identifier: Apache-2.0

// Keystores in files, for Node.js. A lost key can mean lost data, so a write must never drop a key:
// each change locks and rereads the file first, and replaces it atomically.

import { link, open, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { InvalidKeystore, KeystoreBusy } from './exceptions.mjs';
import { Keystore } from './keystore.mjs';
import { checkOptions } from './options.mjs';

/** @typedef {import('./crypto.mjs').Fixed} Fixed */
/** @typedef {{ cost?: number, patience?: number }} Options
 *   scrypt's N, and the maximum time to wait for another program, in milliseconds */
/** @typedef {{ genesisHash?: Fixed }} Chain
 *   the connected chain, by the hash of its genesis block */

const PATIENCE = 15_000;
const RETRY = 50;
// Room for about 100,000 seeds.
const MAX_FILE = 64 * 1024 * 1024;

/**
 * Creates a new keystore. Fails if the file exists, and does not change it.
 *
 * @param {string} path
 * @param {string} password
 * @param {{ account: Fixed, genesisHash: Fixed } & Options} options the account and chain of the
 *   keystore
 * @returns {Promise<Keystore>}
 */
export async function createKeystore(path, password, options) {
  checkOptions('createKeystore', options, ['account', 'genesisHash', 'cost', 'patience']);
  const keystore = new Keystore(options.account, options.genesisHash);
  const text = await keystore.seal(password, { cost: options.cost });
  await withLock(path, options, async () => {
    const draft = await write(`${path}.new`, text);
    try {
      // Unlike renaming, linking fails if the file exists.
      await link(draft, path);
    } catch (cause) {
      if (codeOf(cause) !== 'EEXIST') throw cause;
      throw new InvalidKeystore(`the file ${path} already exists`, { cause });
    } finally {
      await rm(draft, { force: true });
    }
    await syncFolder(path);
  });
  return keystore;
}

/**
 * Reads a keystore. Changes to the returned object are not written: see `updateKeystore`.
 *
 * @param {string} path
 * @param {string} password
 * @param {Chain} [options]
 * @returns {Promise<Keystore>}
 */
export async function readKeystore(path, password, options = {}) {
  checkOptions('readKeystore', options, ['genesisHash']);
  const { genesisHash } = options;
  const { size } = await stat(path);
  if (size > MAX_FILE) throw new InvalidKeystore(`${path} is too large for a keystore`);
  return Keystore.open(await readFile(path, 'utf8'), password, { genesisHash });
}

/**
 * Returns a keystore in a file, for `connect`. The file must exist: see `createKeystore`. Lists of
 * public facts are in files beside it, with the endings `.confidential` and `.prepared`, which the
 * command `twin` also reads and writes.
 *
 * @param {string} path
 * @param {string | (() => string | Promise<string>)} password the password, or a function that asks
 *   for it: called once, when the keystore is first needed
 * @param {Options} [options]
 * @returns {import('./custody.mjs').Store}
 */
export function keystoreFile(path, password, options = {}) {
  checkOptions('keystoreFile', options, ['cost', 'patience']);
  /** @type {Promise<string> | undefined} */
  let asked;
  const ask = () => {
    asked ??= Promise.resolve(typeof password === 'function' ? password() : password);
    return asked;
  };
  return {
    async read(genesisHash) {
      try {
        return await readKeystore(path, await ask(), { genesisHash });
      } catch (error) {
        // After a typing error, ask again.
        asked = undefined;
        throw error;
      }
    },
    update: async (change, genesisHash) =>
      updateKeystore(path, await ask(), change, { genesisHash, ...options }),
    readNotes: async (list) => {
      const text = await readFile(await beside(path, list), 'utf8').catch(orMissing);
      return text?.split('\n').filter((line) => line !== '');
    },
    writeNotes: async (list, lines) =>
      writeFile(await beside(path, list), lines.map((line) => `${line}\n`).join(''), {
        mode: 0o600,
      }),
  };
}

/**
 * Returns the name of a list beside a keystore. Through a symbolic link, it is beside the file.
 *
 * @param {string} path
 * @param {string} list
 */
const beside = async (path, list) => `${await realpath(path)}.${list}`;

/** @param {unknown} error */
function orMissing(error) {
  if (codeOf(error) !== 'ENOENT') throw error;
  return undefined;
}

/**
 * Reads a keystore, changes it and writes it, under a lock against other programs. If `change`
 * throws, writes nothing. Always writes the newest version of the format, which names the chain, so
 * a keystore of version 1 needs `genesisHash`.
 *
 * @template T
 * @param {string} path
 * @param {string} password
 * @param {(keystore: Keystore) => T | Promise<T>} change
 * @param {Options & Chain & { newPassword?: string }} [options]
 * @returns {Promise<T>} the result of `change`, once the file is on disk
 */
export async function updateKeystore(path, password, change, options = {}) {
  checkOptions('updateKeystore', options, ['genesisHash', 'newPassword', 'cost', 'patience']);
  return replaceLocked(await realpath(path), password, change, options);
}

/**
 * Updates the actual file: a symbolic link to it stays a link, and programs that use different
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
    const { genesisHash, newPassword = password, cost } = options;
    const keystore = await readKeystore(path, password, { genesisHash });
    const result = await change(keystore);
    const text = await keystore.seal(newPassword, { cost });
    await rename(await write(`${path}.new`, text), path);
    await syncFolder(path);
    return result;
  });
}

/**
 * Writes a file that only this user can read, and syncs it to disk.
 *
 * @param {string} path
 * @param {string} text
 */
async function write(path, text) {
  // Fail before writing a file that could not be read again.
  if (text.length > MAX_FILE) {
    throw new InvalidKeystore(
      'this is too much for one keystore: export the seeds of some containers into another one',
    );
  }
  // Remove the draft of a killed program. Under the lock, no other program writes here.
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
 * Syncs the directory of a file to disk, so that its new name is durable.
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
          `another program is writing ${path}; if none is running, remove ${lock} and try again`,
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
