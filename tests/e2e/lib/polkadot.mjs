// SPDX-License-Identifier: Apache-2.0

// The parts of Polkadot.js for tests in other folders, which do not have its packages.

export { ApiPromise, Keyring, WsProvider } from '@polkadot/api';
export { stringCamelCase, u8aToHex } from '@polkadot/util';
export { blake2AsHex } from '@polkadot/util-crypto';
