// SPDX-License-Identifier: Apache-2.0

// The error classes of this package, so that a program can distinguish them. Arguments of a wrong
// type or size throw a TypeError or a RangeError instead, because they are mistakes in the program.

/** The base class of all errors below. */
export class TwinchainError extends Error {
  /**
   * @param {string} message
   * @param {ErrorOptions} [options]
   */
  constructor(message, options) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The data was sealed to another key, by another author, for another place, or altered since. */
export class CannotOpen extends TwinchainError {}

/**
 * An envelope opens, but its seed is not the epoch's, or its secret key is not the account's: its
 * creator lied.
 */
export class FalseEnvelope extends TwinchainError {}

/** A link opens, but its seed is not the previous epoch's. */
export class FalseLink extends TwinchainError {}

/** A stored or given seed does not match the public key beside it. */
export class FalseSeed extends TwinchainError {}

/** A value opens, but does not end in the required padding. */
export class BadPadding extends TwinchainError {}

/** Anyone knows the secret key of this public key, so nothing may be sealed to it. */
export class WeakKey extends TwinchainError {}

/** An epoch or key uses a cipher suite that this program does not know. */
export class UnknownSuite extends TwinchainError {}

/** The keystore does not have the secret key, or has several of its version. */
export class UnknownKey extends TwinchainError {}

/** The password is wrong or the keystore was altered, which cannot be distinguished. */
export class WrongPassword extends TwinchainError {}

/** The text is not a keystore of a known format. */
export class InvalidKeystore extends TwinchainError {}

/** The keystore belongs to a chain other than the connected one. */
export class WrongChain extends TwinchainError {}

/** Another program is writing to the keystore's file. */
export class KeystoreBusy extends TwinchainError {}

/**
 * An account's encryption key differs from the pinned one. Ask the account over another channel
 * whether it changed its key, and `accept` the new one if so.
 */
export class KeyChanged extends TwinchainError {
  /**
   * @param {string} message
   * @param {import('./crypto.mjs').Reader} found the key on the chain
   * @param {{ version: number, public: Uint8Array }} pinned the pinned key
   */
  constructor(message, found, pinned) {
    super(message);
    this.found = found;
    this.pinned = pinned;
  }
}

/**
 * The chain has an encryption key of the keystore's account that is not in the keystore.
 * Another keystore of the same person created it, or someone else can sign for the account. Seal
 * nothing to it.
 */
export class UnexpectedKey extends TwinchainError {
  /**
   * @param {string} message
   * @param {import('./crypto.mjs').Reader} found the key on the chain
   */
  constructor(message, found) {
    super(message);
    this.found = found;
  }
}

/** The chain does not have this container, data set, twin or offer. */
export class NotFound extends TwinchainError {}

/** The chain or its transaction pool refuses a call, or would refuse it. Nothing was changed. */
export class Refused extends TwinchainError {
  /**
   * @param {string} message
   * @param {import('./errors.mjs').Failure} [failure] missing if the pool rejected the transaction
   * @param {ErrorOptions} [options]
   */
  constructor(message, failure, options) {
    super(message, options);
    /** The pallet of the error, such as `DataContainer`. */
    this.pallet = failure?.pallet;
    /** The name of the error, such as `StaleRevision`. */
    this.error = failure?.error;
    this.fields = failure?.fields ?? {};
  }
}

/**
 * A node has the transaction, and its outcome is unknown. Check whether it was executed before you
 * repeat the call.
 */
export class OutcomeUnknown extends TwinchainError {}

/** The node says that a data set is public, but the keystore knows it as confidential. */
export class FalseVisibility extends TwinchainError {}

/** The node reports an older key of the own account than the keystore has. */
export class OlderKey extends TwinchainError {}

/**
 * The newest epoch of a data set contradicts the keystore, or does not follow from the epochs that
 * it knows. A node can make such an epoch to read what is written. `accept` it after a comparison
 * with the owner.
 */
export class UnprovenEpoch extends TwinchainError {
  /**
   * @param {string} message
   * @param {{ epoch: number, publicKey: string }} found the epoch that the node reports
   */
  constructor(message, found) {
    super(message);
    this.epoch = found.epoch;
    this.publicKey = found.publicKey;
  }
}

/** The operations of a data set do not lead to its head: one is missing, altered or false. */
export class FalseHistory extends TwinchainError {}
