// SPDX-License-Identifier: Apache-2.0

// A small disk: a tmpfs, which only root can mount.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atExit } from '../../e2e/lib/node.mjs';

const MIB = 2 ** 20;

const run = (...command) =>
  execFileSync(command[0], command.slice(1), { stdio: ['ignore', 'ignore', 'pipe'] });

/** Returns the reason why no such disk can be mounted here, or `undefined`. */
export function obstacle() {
  try {
    new Volume(1).remove();
    return undefined;
  } catch (error) {
    return `mounting a tmpfs needs root: ${error.stderr?.toString().trim() || error.message}`;
  }
}

export class Volume {
  #calledOff;

  /** Mounts a disk of `size` MiB. */
  constructor(size) {
    this.path = mkdtempSync(join(tmpdir(), 'twinchain-disk-'));
    try {
      run('mount', '-t', 'tmpfs', '-o', `size=${size}m`, 'tmpfs', this.path);
    } catch (error) {
      rmdirSync(this.path);
      throw error;
    }
    this.#calledOff = atExit(() => this.#unmount());
  }

  /** The free space in MiB. */
  get free() {
    const { bavail, bsize } = statfsSync(this.path);
    return (bavail * bsize) / MIB;
  }

  /** Another program uses space, until `left` MiB are free. */
  fill(left, file = 'ballast') {
    const bytes = Math.floor((this.free - left) * MIB);
    run('fallocate', '-l', `${bytes}`, join(this.path, file));
  }

  /** Another program writes until no space is left. */
  fillUp() {
    const full = () => run('dd', 'if=/dev/zero', `of=${join(this.path, 'ballast')}`, 'bs=1M');
    assert.throws(full, /No space left/);
  }

  /** Frees that space. */
  empty() {
    for (const file of ['ballast', 'more']) rmSync(join(this.path, file), { force: true });
  }

  /** Makes the disk `size` MiB large. */
  resize(size) {
    run('mount', '-o', `remount,size=${size}m`, this.path);
  }

  remove() {
    this.#calledOff();
    this.#unmount();
  }

  #unmount() {
    // Lazily, because a process may still have files open on it.
    run('umount', '--lazy', this.path);
    rmdirSync(this.path);
  }
}
