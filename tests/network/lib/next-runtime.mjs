// SPDX-License-Identifier: Apache-2.0

import { accessSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Returns the path of the runtime for upgrades, which scripts/next-runtime.sh builds. */
export function nextRuntime() {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const target = process.env.CARGO_TARGET_DIR || join(cache, 'twinchain', 'target');
  const path = process.env.TWINCHAIN_NEXT_RUNTIME || join(target, 'next-runtime.wasm');
  try {
    accessSync(path);
  } catch {
    throw new Error(`the runtime ${path} does not exist: build it with scripts/next-runtime.sh`);
  }
  return path;
}
