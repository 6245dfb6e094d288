// SPDX-License-Identifier: Apache-2.0

// What an error means, and what to do where that does not follow. By hand here: what no pallet of
// this chain declares, which is errors of the SDK and refusals of the pool.

/** @typedef {Record<string, readonly [meaning: string, advice?: string]>} Advice */

/** What an error of this chain's own pallets means, and what to do, by pallet and error. */
export { ERRORS } from './advice.generated.mjs';

const REPORT = 'Report it, with the block and the call.';

/**
 * Errors that belong to no pallet of ours, by the name that Substrate gives them.
 *
 * @type {Advice}
 */
export const DISPATCH_ERRORS = Object.freeze({
  BadOrigin: [
    'This account may not make this call at all.',
    'Some calls need a vote of the council, or no signer.',
  ],
  CallFiltered: [
    'This chain does not permit this call, or not to this type of proxy.',
    'See docs/consortium.md, or ask a delegate of type Any.',
  ],
  CannotLookup: ['The chain cannot find the account that the address means.', 'Check the address.'],
  ConsumerRemaining: ['The account is still in use.'],
  NoProviders: ['The chain does not know this account.', 'Have it admitted first.'],
  TooManyConsumers: ['The account is in use in too many places.'],
  Token: ['The account lacks the balance for this.'],
  Arithmetic: ['A number in the call is too large or too small.', 'Check its numbers.'],
  Transactional: ['The calls are nested too deep.', 'Batch fewer levels of them.'],
  Exhausted: ['The block has no room left for this call.', 'Send it again, or in two parts.'],
  Corruption: ['The state is damaged.', REPORT],
  Unavailable: ['Something that the call needs is not there right now.', 'Try again later.'],
  RootNotAllowed: ['This call takes no root origin.'],
  Trie: ['A proof in the call is wrong.', REPORT],
  Other: ['The call failed for a reason that has no number.', REPORT],
});

const AGAIN = 'Make the transaction anew, and sign it again.';

/**
 * Why the pool turns a transaction away.
 *
 * @type {Advice}
 */
export const REJECTIONS = Object.freeze({
  Payment: [
    'The chain does not know this account, so it may not send transactions.',
    'Have it admitted by its organisation.',
  ],
  Stale: ['The transaction was sent already, or its nonce was used by another one.', AGAIN],
  Future: ['A transaction of this account that comes first is missing.', 'Send that one first.'],
  BadProof: [
    'The signature is wrong: perhaps it was made for another chain, or before an upgrade.',
    AGAIN,
  ],
  AncientBirthBlock: ['The transaction has expired, for it waited too long.', AGAIN],
  ExhaustsResources: ['The transaction is too large for a block.', 'Split it into two.'],
  Call: ['The pool does not expect this call.', 'Look for another way in the guide.'],
  BadSigner: ['The address of the signer is invalid.', 'Check the address.'],
  UnknownOrigin: ['Nobody has signed the transaction.', 'Sign it.'],
  IndeterminateImplicit: ['The transaction refers to something that the chain cannot find.', AGAIN],
  BadMandatory: ['Only the chain itself makes this call.'],
  MandatoryValidation: ['Only the chain itself makes this call.'],
  CannotLookup: [
    'The pool cannot find what it needs to check the transaction.',
    'Try again later.',
  ],
  NoUnsignedValidator: ['This call must be signed.', 'Sign it.'],
  BadFormat: [
    'The node cannot decode the transaction, perhaps since the chain was upgraded.',
    'Read the metadata again, then make the transaction anew.',
  ],
  TemporarilyBanned: [
    'The node saw these very bytes before and refused them.',
    'Wait half an hour, or make the transaction anew.',
  ],
  AlreadyImported: ['The transaction is in the pool already.', 'Wait for it to be final.'],
  TooLowPriority: [
    'Another transaction of this account with the same nonce is in the pool.',
    'Wait for it, or use the next nonce.',
  ],
  ImmediatelyDropped: [
    'The pool is full, or the organisation has its share of it.',
    'Try again in a minute.',
  ],
  Unactionable: ['This node does not pass transactions on.', 'Use another node.'],
  NotExecuted: ['The transaction could not be executed to check it.', REPORT],
});

/**
 * Refusals of this chain's own, by kind and number: `Invalid` is refused for good, `Unknown` may be
 * tried again. The chain says with numbers alone what it means, so a number must never change.
 *
 * @type {{ Invalid: Record<number, readonly [string, string?]>,
 *   Unknown: Record<number, readonly [string, string?]> }}
 */
export const CUSTOM_REJECTIONS = {
  Invalid: {
    101: [
      'The signer is no member of the consortium.',
      'An administrator of its organisation has to admit the account first.',
    ],
    102: [
      "The signer's organisation is suspended.",
      'Its councillors and validators can still vote and set keys; the council can resume it.',
    ],
    104: ['This call is not accepted without a signature.', 'Sign it.'],
    105: [
      "This costs more than the signer's full quota, or its organisation's, so it would never go through.",
      'Split it into smaller transactions, or ask the council to raise the quota.',
    ],
    106: [
      'Only councillors and validators make operational calls, and only votes and keys.',
      'Sign the vote directly, not in a batch or through a proxy. To close a motion without an office, ' +
        'put it into a batch with another call.',
    ],
    107: [
      'This chain does not permit this call.',
      'See docs/consortium.md. A motion needs a threshold from two thirds of the seats to all of them.',
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
      'Look at the motion: it may be closed, or not decided yet, you may have voted the same, and a ' +
        'length or weight may not fit. A councillor has three open motions at most.',
    ],
  },
};
