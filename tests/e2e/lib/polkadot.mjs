// SPDX-License-Identifier: Apache-2.0

// What the tests in other folders, which have no packages of their own, use of Polkadot.js.

export { ApiPromise, Keyring, WsProvider } from '@polkadot/api';
export { stringCamelCase, u8aToHex } from '@polkadot/util';
export { blake2AsHex } from '@polkadot/util-crypto';
