// SPDX-License-Identifier: Apache-2.0

import { accessSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The runtime that a chain can upgrade to, which scripts/next-runtime.sh builds. */
export function nextRuntime() {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const target = process.env.CARGO_TARGET_DIR || join(cache, 'twinchain', 'target');
  const path = process.env.TWINCHAIN_NEXT_RUNTIME || join(target, 'next-runtime.wasm');
  try {
    accessSync(path);
  } catch {
    throw new Error(`there is no runtime at ${path}: build it with scripts/next-runtime.sh`);
  }
  return path;
}
