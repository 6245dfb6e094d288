// SPDX-License-Identifier: Apache-2.0

// The meaning of an error, and advice where it does not follow from that. The texts here are for
// errors that no pallet of this project declares: errors of the SDK, and rejections of the
// transaction pool.

/** @typedef {Record<string, readonly [meaning: string, advice?: string]>} Advice */

/** The meaning and advice of the errors of this project's own pallets, by pallet and error. */
export { ERRORS } from './advice.generated.mjs';

const REPORT = 'Report it, with the block and the call.';

/**
 * Errors that do not belong to this project's pallets, by their name in Substrate.
 *
 * @type {Advice}
 */
export const DISPATCH_ERRORS = Object.freeze({
  BadOrigin: [
    'This account may not make this call.',
    'Some calls need a vote of the council, or must not be signed.',
  ],
  CallFiltered: [
    'This chain does not permit this call, or not to this type of proxy.',
    'See docs/consortium.md, or ask a delegate of type Any.',
  ],
  CannotLookup: ["The chain cannot find the account of the call's address.", 'Check the address.'],
  ConsumerRemaining: ['The account is still in use.'],
  NoProviders: ['The chain does not know this account.', 'Have it admitted first.'],
  TooManyConsumers: ['The account is in use in too many places.'],
  Token: ['The account lacks the balance for this.'],
  Arithmetic: ['A number in the call is too large or too small.', 'Check its numbers.'],
  Transactional: ['The calls are nested too deeply.', 'Use fewer levels of batches.'],
  Exhausted: ['The block has no room left for this call.', 'Send it again, or split it in two.'],
  Corruption: ['The state is damaged.', REPORT],
  Unavailable: ['Something that the call needs is not available now.', 'Try again later.'],
  RootNotAllowed: ['The root origin may not make this call.'],
  Trie: ['A proof in the call is wrong.', REPORT],
  Other: ['The call failed for an unknown reason.', REPORT],
});

const AGAIN = 'Create the transaction again, and sign it again.';

/**
 * The reasons why the transaction pool rejects a transaction.
 *
 * @type {Advice}
 */
export const REJECTIONS = Object.freeze({
  Payment: [
    'The chain does not know this account, so it may not send transactions.',
    'Have it admitted by its organisation.',
  ],
  Stale: ['The transaction was already sent, or another one used its nonce.', AGAIN],
  Future: ['An earlier transaction of this account is missing.', 'Send that one first.'],
  BadProof: [
    'The signature is wrong: it may be for another chain, or from before an upgrade.',
    AGAIN,
  ],
  AncientBirthBlock: ['The transaction has expired.', AGAIN],
  ExhaustsResources: ['The transaction is too large for a block.', 'Split it into two.'],
  Call: ['The pool does not expect this call.', 'Look for another way in the guide.'],
  BadSigner: ['The address of the signer is invalid.', 'Check the address.'],
  UnknownOrigin: ['No account has signed the transaction.', 'Sign it.'],
  IndeterminateImplicit: ['The transaction refers to something that the chain cannot find.', AGAIN],
  BadMandatory: ['Only the chain itself can make this call.'],
  MandatoryValidation: ['Only the chain itself can make this call.'],
  CannotLookup: [
    'The pool cannot find the data that it needs to check the transaction.',
    'Try again later.',
  ],
  NoUnsignedValidator: ['This call must be signed.', 'Sign it.'],
  BadFormat: [
    'The node cannot decode the transaction, possibly because the chain was upgraded.',
    'Read the metadata again, then create the transaction again.',
  ],
  TemporarilyBanned: [
    'The node has already refused this exact transaction.',
    'Wait half an hour, or create the transaction again.',
  ],
  AlreadyImported: ['The transaction is already in the pool.', 'Wait until it is finalized.'],
  TooLowPriority: [
    'Another transaction of this account with the same nonce is in the pool.',
    'Wait for it, or use the next nonce.',
  ],
  ImmediatelyDropped: [
    'The pool is full, or the organisation has used its share of it.',
    'Try again in a minute.',
  ],
  Unactionable: ['This node does not forward transactions.', 'Use another node.'],
  NotExecuted: ['The transaction could not be executed to check it.', REPORT],
});

/**
 * This chain's own rejections, by kind and number. `Invalid` is permanent; after `Unknown` the
 * transaction can be sent again. The chain reports only numbers, so a number must never change its
 * meaning.
 *
 * @type {{ Invalid: Record<number, readonly [string, string?]>,
 *   Unknown: Record<number, readonly [string, string?]> }}
 */
export const CUSTOM_REJECTIONS = {
  Invalid: {
    101: [
      'The signer is not a member of the consortium.',
      'An administrator of its organisation must admit the account first.',
    ],
    102: [
      "The signer's organisation is suspended.",
      'Its councillors and validators can still vote and set keys; the council can resume it.',
    ],
    104: ['This call is not accepted without a signature.', 'Sign it.'],
    105: [
      "This costs more than the signer's full quota, or its organisation's, so it can never " +
        'succeed.',
      'Split it into smaller transactions, or ask the council to raise the quota.',
    ],
    106: [
      'Only councillors and validators make operational calls, and only votes and keys.',
      'Sign the vote directly, not in a batch or through a proxy. To close a motion without an ' +
        'office, put it into a batch with another call.',
    ],
    107: [
      'This chain does not permit this call.',
      'See docs/consortium.md. A motion needs a threshold from two thirds of the seats to all of ' +
        'them.',
    ],
  },
  Unknown: {
    103: [
      "The signer's quota, or its organisation's, is used up for now.",
      'It fills up again with each block: send the same transaction again later.',
    ],
    108: [
      'The nonce is more than 256 above the next one of the account.',
      'Send the transactions before it first.',
    ],
    109: [
      'This vote, motion or closing would fail now.',
      'Check the state of the motion: it may be closed or undecided, you may have voted the ' +
        'same, or a length or weight may not fit. A councillor has at most three open motions.',
    ],
  },
};
