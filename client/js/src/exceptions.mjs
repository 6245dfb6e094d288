// SPDX-License-Identifier: Apache-2.0

// What goes wrong here, by class, so that a program can tell one from another. Arguments of a wrong
// type or size are a TypeError or a RangeError instead: a mistake in the program, not in the data.

/** What all of the following are. */
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

/** Sealed to another key, by another author, for another place, or altered since. */
export class CannotOpen extends TwinchainError {}

/**
 * An envelope that opens, but holds another seed than that of the epoch, or another secret key than
 * that of the account: whoever made it lied.
 */
export class FalseEnvelope extends TwinchainError {}

/** A previous seed that opens, but is not that of the epoch before. */
export class FalseLink extends TwinchainError {}

/** A seed that is kept, or was given, with the public key of another one. */
export class FalseSeed extends TwinchainError {}

/** A value that opens, but does not end in the padding that it must have. */
export class BadPadding extends TwinchainError {}

/** A public key that everybody knows the secret of: nothing may be sealed to it. */
export class WeakKey extends TwinchainError {}

/** An epoch or a key that uses another cipher suite than this program knows. */
export class UnknownSuite extends TwinchainError {}

/** The keystore has no such secret key, or several of this version. */
export class UnknownKey extends TwinchainError {}

/** The password is wrong, or the keystore was altered: one cannot be told from the other. */
export class WrongPassword extends TwinchainError {}

/** This is not a keystore, or not one that this program knows how to read. */
export class InvalidKeystore extends TwinchainError {}

/** The keystore belongs to another chain than the one that the program is connected to. */
export class WrongChain extends TwinchainError {}

/** Another program is writing to the keystore's file. */
export class KeystoreBusy extends TwinchainError {}

/**
 * An account's encryption key is another than the one that was pinned. Ask the account over another
 * channel whether it changed its key, and `accept` the new one if it did.
 */
export class KeyChanged extends TwinchainError {
  /**
   * @param {string} message
   * @param {import('./crypto.mjs').Reader} found what the chain says now
   * @param {{ version: number, public: Uint8Array }} pinned what it said before
   */
  constructor(message, found, pinned) {
    super(message);
    this.found = found;
    this.pinned = pinned;
  }
}

/**
 * The chain has an encryption key of one's own account that this keystore never made. Another
 * keystore of the same person made it, or somebody else can sign for the account. Seal nothing to
 * it.
 */
export class UnexpectedKey extends TwinchainError {
  /**
   * @param {string} message
   * @param {import('./crypto.mjs').Reader} found what the chain says
   */
  constructor(message, found) {
    super(message);
    this.found = found;
  }
}
