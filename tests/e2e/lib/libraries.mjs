// SPDX-License-Identifier: Apache-2.0

// The libraries for the chain that the client's one object works with: how each connects, and how
// each signs for a pair of a keyring.

import { ApiPromise, WsProvider } from '@polkadot/api';
import { DedotClient, LegacyClient, WsProvider as DedotProvider } from 'dedot';
import { createClient } from 'polkadot-api';
import { getPolkadotSigner } from 'polkadot-api/signer';
import { getWsProvider } from 'polkadot-api/ws';
import WebSocket from 'ws';

// dedot and PAPI use the browser's class, which Node.js 20 lacks.
globalThis.WebSocket ??= WebSocket;

const ofPair = (pair) => pair;

/** Returns functions by library, each of which connects. */
export const LIBRARIES = {
  'Polkadot.js': async (url) => {
    const options = { provider: new WsProvider(url), noInitWarn: true, throwOnConnect: true };
    const api = await ApiPromise.create(options);
    return { api, signerOf: ofPair, close: () => api.disconnect() };
  },
  PAPI: async (url) => {
    const api = createClient(getWsProvider(url, { websocketClass: WebSocket }));
    const signerOf = ({ publicKey, sign }) => getPolkadotSigner(publicKey, 'Sr25519', sign);
    return { api, signerOf, close: () => api.destroy() };
  },
  dedot: async (url) => {
    const api = await DedotClient.new(new DedotProvider(url));
    return { api, signerOf: ofPair, close: () => api.disconnect() };
  },
  'dedot, with the older methods': async (url) => {
    const api = await LegacyClient.new(new DedotProvider(url));
    return { api, signerOf: ofPair, close: () => api.disconnect() };
  },
};
