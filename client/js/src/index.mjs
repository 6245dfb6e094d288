// SPDX-License-Identifier: Apache-2.0

export { fromHex, toHex } from './bytes.mjs';
export * from './calls.mjs';
export { forDedot, forPapi, forPolkadotJs } from './forms.mjs';
export {
  accountInfo,
  deriveKeyPair,
  holderData,
  info,
  LABELS,
  MAX_CIPHERTEXT,
  MAX_PLAINTEXT,
  newKeyPair,
  newSeed,
  openAccountEnvelope,
  openEnvelope,
  openEnvelopes,
  openHistory,
  openPrevious,
  openValue,
  pad,
  publicKeyOf,
  sealAccountEnvelope,
  sealEnvelope,
  sealPrevious,
  sealValue,
  SEALED_SEED_BYTES,
  SUITE,
  unpad,
} from './crypto.mjs';
export { connect, Twinchain } from './connect.mjs';
export * from './errors.mjs';
export * from './exceptions.mjs';
export { Keystore } from './keystore.mjs';
export { proxyWarnings } from './proxies.mjs';
export { accountOf, addressOf } from './ss58.mjs';
export { blocksUntilAffordable, readQuotas } from './quotas.mjs';
