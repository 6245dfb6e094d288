// SPDX-License-Identifier: Apache-2.0

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocksUntilAffordable, readQuotas } from '../src/index.mjs';

const view = (burst, perBlock, available) => ({ rate: { burst, perBlock }, available });
const views = {
  quota: view(1_000, 10, 500),
  organisation: { time: view(800, 20, 300), bytes: view(2_000, 100, 0) },
};

test('quotas can be read from both libraries', () => {
  const read = readQuotas(views);
  assert.deepEqual(read.member, { burst: 1_000n, perBlock: 10n, available: 500n });
  const papi = { rate: { burst: 1_000n, per_block: 10n }, available: 500n };
  assert.deepEqual(readQuotas({ ...views, quota: papi }), read);
});

test('readQuotas fails when the account is not a member', () => {
  assert.throws(() => readQuotas({ ...views, quota: null }), /not a member/);
  assert.throws(() => readQuotas({ quota: views.quota, organisation: undefined }), TypeError);
  const broken = view(1, 'x', 1);
  assert.throws(() => readQuotas({ ...views, quota: broken }), RangeError);
});

test('the slowest of the three quotas determines the wait', () => {
  const quotas = readQuotas(views);
  for (const [time, bytes, blocks] of [
    [300, 0, 0],
    [301, 0, 1],
    [510, 0, 11],
    [300, 1, 1],
    [300, 2_000, 20],
    [800, 2_000, 30],
    [801, 0, null],
    [0, 2_001, null],
  ]) {
    assert.equal(blocksUntilAffordable(quotas, { time, bytes }), blocks, `${time} ${bytes}`);
  }
  assert.throws(() => blocksUntilAffordable(quotas, { time: -1, bytes: 0 }), RangeError);
});
