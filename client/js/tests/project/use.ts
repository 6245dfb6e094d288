// SPDX-License-Identifier: Apache-2.0

// A TypeScript program that uses the package, compiled by package.test.mjs against its declarations.

import { connect, Keystore, Refused, rotate, type Twinchain } from '@twinchain/client';
import { keystoreFile } from '@twinchain/client/keystore-file';

export async function inBrowser(api: unknown, signer: unknown): Promise<Twinchain> {
  const keystore = new Keystore('0x00', '0x00');
  const save = async (changed: Keystore) => {
    const text: string = await changed.seal('password');
    localStorage.setItem('keystore', text);
  };
  return connect(api, keystore, { signer, save });
}

export async function inNode(api: unknown): Promise<string> {
  const twinchain = await connect(api, keystoreFile('keystore.json', async () => 'password'));
  const found = await twinchain.read({ container: 7, dataSet: 'usage' });
  if (found.kind === 'list') return found.items.map(({ item, text }) => `${item} ${text}`).join();
  const { revision } = found;
  try {
    const written = await twinchain.write({
      container: 7n,
      dataSet: 'usage',
      value: { hours: 1 },
      expectedRevision: revision,
    });
    return written.blockHash;
  } catch (error) {
    if (error instanceof Refused && error.error === 'StaleRevision') return 'stale';
    throw error;
  }
}

export async function mistakes(twinchain: Twinchain): Promise<void> {
  // @ts-expect-error: a misspelt option
  await twinchain.write({ container: 7, dataSet: 'usage', value: 1, expectedRevison: 1 });
  // @ts-expect-error: an access that does not exist
  await twinchain.share({ container: 7, account: '5', dataSets: ['usage'], access: 'own' });
  // @ts-expect-error: a required option is missing
  await twinchain.read({ container: 7 });
  // @ts-expect-error: a misspelt option of a lower-level function
  await rotate({ genesisHash: '0x', container: 1, dataSet: 'a', epoch: 0, redaers: [] });
  const { operations } = await twinchain.verifyHistory({ container: 7, dataSet: 'usage' });
  const authors: string[] = operations.map(({ author }) => author);
  const { leftOut } = await twinchain.rotateDue({ container: 7 });
  const why: string[] = [...authors, ...leftOut.map((reader) => reader.why)];
  // @ts-expect-error: a result is not text
  const text: string = why;
  void text;
}
