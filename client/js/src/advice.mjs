// SPDX-License-Identifier: Apache-2.0

// What to say about every error: what it means, for when the metadata's own words are not at hand,
// and what to do, if that does not follow from it.

/** @typedef {Record<string, readonly [meaning: string, advice?: string]>} Advice */

const REPORT = 'Please report it, with the block and the call.';
const QUOTES = 'Text needs quotes, as in "Hello"; a number has none.';
const TWO_STEPS = 'Send the rest in a second call.';

/** @type {Advice} */
const DATA_CONTAINER = {
  PluginNotFound: ['There is no plugin with this id.', 'Look for it among the published plugins.'],
  PluginRetired: ['The plugin was retired.', 'Use the plugin that replaces it.'],
  NotPublisher: [
    'Only the publisher of a plugin may do this.',
    "Sign with the publisher's account.",
  ],
  ContainerNotFound: ['There is no container with this id.', 'Check the id, and the chain.'],
  ContainerClosed: [
    'The container was closed: its data and definitions never change again.',
    'Clone it to go on.',
  ],
  NotOwner: [
    "Only the container's owner may do this.",
    'Sign with its account, or ask it; a company account is acted for through its proxy.',
  ],
  OfferPending: [
    'The container is on offer to somebody.',
    'Wait until the offer is accepted, or cancel it first.',
  ],
  DataSetNotFound: [
    'The container has no data set of this name.',
    "Names are compared byte by byte: look at the container's data sets.",
  ],
  DataSetRetired: ['The data set was retired: it never changes again.'],
  DataSetExists: [
    'The container has or had a data set of this name, and names are never used again.',
    'Choose another name.',
  ],
  NotRetired: ['Only a data set that was retired is purged.', 'Retire it first.'],
  NotPermitted: [
    'The signer is neither the owner nor has a role or a grant for this on this data set.',
    'Ask the owner for one; a grant may also have expired.',
  ],
  MayNotClone: [
    'A container with confidential data sets is cloned by its owner or by somebody with access.',
    'Ask its owner to share a data set with you.',
  ],
  WrongKind: [
    'An entry is set, stored and cleared; a list is appended to, and its items are removed.',
    'Use the call for the other kind.',
  ],
  Confidential: [
    'A confidential data set takes sealed values only.',
    'Seal the value, and send it with set_sealed_entry or append_sealed.',
  ],
  WriteOnce: [
    'The data set is write-once: its entry was set already, or what is in it cannot be removed.',
  ],
  StaleRevision: [
    'The data set has another revision than expected: somebody wrote in between.',
    'Read it again, and send your change with the new revision.',
  ],
  ItemNotFound: [
    'There is nothing to remove: the entry is empty, or the item does not exist or was removed.',
  ],
  NothingToDo: ['The call names nothing to do, or it was done already.'],
  TooManyItems: ['One call appends at most 256 items and stores at most 64 values.', TWO_STEPS],
  PayloadTooLong: ['One call stores at most 65,536 bytes of values.', TWO_STEPS],
  TooManyDataSets: [
    'A container has at most 64 data sets, retired ones included.',
    'Make a second container.',
  ],
  TooManyRoles: ['A container has at most 16 roles.', 'Change one that nobody needs any more.'],
  InvalidName: [
    'A name has 1 to 64 bytes of UTF-8 text without control characters and without a slash.',
  ],
  DescriptionNotJson: [
    'The description is no JSON text, or an object in it has a member twice.',
    'Text needs quotes, as in "Service log".',
  ],
  DescriptionTooLong: [
    'The description has more than 8,192 bytes.',
    'Shorten it, or put the text into a data set.',
  ],
  DocumentTooLong: ['The document has more than 65,536 bytes.', 'Make two plugins of it.'],
  IdsExhausted: ['The chain has no numbers left for more of this.', REPORT],
  Corrupt: ['The state lacks something that it must have.', REPORT],

  InvalidMember: [
    'A member of the document is missing or has a value that it cannot have.',
    'Compare it with the documentation of publish_plugin.',
  ],
  InvalidNameIn: [
    'A name in the document is empty, too long, or has a control character or a slash.',
  ],
  ListSchemaDemandsMore: [
    'The array schema of a list stands for its items, and can demand nothing else.',
    'Take out what stands beside `type`, `items` and annotations.',
  ],
  ConfidentialDefault: [
    'A confidential data set has a value, which all could read in the document.',
    'Make it public, or leave the value out and seal it afterwards.',
  ],
  InvalidListDefault: ['The value of a list is an array of 1 to 256 items.'],
  NotASchema: ['A schema is an object, true or false.'],
  UnsupportedKeyword: [
    'The schema uses a keyword of JSON Schema that the chain does not check.',
    'Take it out.',
  ],
  InvalidKeywordValue: ['A keyword of the schema has a value that it cannot have.'],
  UnknownType: [
    'The schema names a type that there is not.',
    'The type of text is "string", that of whole numbers "integer".',
  ],
  SchemaTooLong: [
    'A schema has at most 8,192 bytes and 256 schemas in it.',
    'Split the data set into two.',
  ],
  SchemaTooComplex: [
    'More than 32 schemas could apply to one place of a value.',
    'Use fewer branches in `allOf`, `anyOf` and `oneOf`.',
  ],

  InvalidJson: ['This is no JSON text.', QUOTES],
  InvalidUtf8: ['A string is not UTF-8.', 'Save the text as UTF-8.'],
  DuplicateKey: ['An object has a member twice.', 'Take one of them out.'],
  ValueTooLong: [
    'A value or an item has at most 16,384 bytes.',
    'Keep large files elsewhere, and store their hash.',
  ],
  TooDeep: ['Arrays and objects are nested too deep: at most 32 levels in a value.'],
  NumberOutOfBounds: [
    'A number has at most 128 significant digits and an exponent within -512 and 512.',
    'Write it as text, if the schema allows it.',
  ],
  CorruptSchema: ['The stored schema is damaged.', REPORT],

  Type: ['The value is of another type than the schema says.', QUOTES],
  Enum: ['The value is none of those that the schema lists.', 'Use one of them, letter by letter.'],
  Const: ['The value is not the one that the schema names.'],
  Required: ['The object lacks a member that the schema requires.', 'Add it.'],
  AdditionalProperties: [
    'The object has a member that the schema does not know.',
    'Take it out, or look for a slip in its name.',
  ],
  MinProperties: ['The object has too few members.'],
  MaxProperties: ['The object has too many members.'],
  Items: ['The array has an item that the schema does not allow.', 'Take it out.'],
  MinItems: ['The array has too few items.'],
  MaxItems: ['The array has too many items.'],
  MinLength: ['The text is too short.'],
  MaxLength: ['The text is too long.'],
  Minimum: ['The number is below the minimum.'],
  Maximum: ['The number is above the maximum.'],
  ExclusiveMinimum: ['The number is not above the exclusive minimum.'],
  ExclusiveMaximum: ['The number is not below the exclusive maximum.'],
  MultipleOf: ['The number is no multiple of what the schema says.'],
  AnyOf: ['The value matches none of the schemas in `anyOf`.', 'Compare it with each of them.'],
  OneOf: [
    'The value matches none of the schemas in `oneOf`, or more than one.',
    'Compare it with each of them.',
  ],
  Not: ['The value matches the schema in `not`.'],
  FalseSchema: ['The schema allows no value here.', 'Leave this out.'],

  RoleNotFound: ['The container has no role of this name.', "Look at the container's roles."],
  RoleHeld: ['The account holds this role already.', 'There is nothing to do.'],
  RoleNotHeld: ['The account does not hold this role.', 'There is nothing to take away.'],
  InvalidAccess: [
    'An access has no bits, or bits without a meaning.',
    'Add up 1 to read, 2 to write and 4 to remove.',
  ],
  RolesCannotRead: [
    'Roles carry no right to read, which is a matter of keys.',
    'Share the data set with each account that shall read it.',
  ],
  ReadIsPublic: [
    'Everybody can read a public data set, so this is not granted.',
    'Leave reading out of the access.',
  ],
  NotShared: ['This is not shared with the account.', 'There is nothing to take away.'],
  InvalidExpiry: [
    'The moment has passed already.',
    'Give Unix time in milliseconds, and in the future.',
  ],
  NotConfidential: [
    'The data set is public: it has no keys and takes no sealed values.',
    'Write it with set_entry, store or append.',
  ],
  NoKey: [
    'The data set has no key yet, so nothing can be sealed for it.',
    'Its owner makes one with rotate_key: the first rotation is a cut.',
  ],
  StaleEpoch: [
    'The data set has another epoch than the call names: its key was rotated.',
    'Read the newest epoch and seal again; an envelope may be for the last before a cut, too.',
  ],
  RotationDue: [
    'Since the last rotation an account that may hold the key lost READ, or its READ ended.',
    'The owner rotates it with rotate_key; then seal to the new one.',
  ],
  WeakKey: [
    'This X25519 public key is zero or of low order: everybody could open what is sealed to it.',
    'Make a new key pair.',
  ],
  KeyChangedRecently: [
    'An account changes its encryption key at most once in 600 blocks.',
    'Try again in half an hour.',
  ],
  NoEncryptionKey: [
    'The account has no encryption key.',
    'It sets one with set_encryption_key, once; then try again. A first key replaces none.',
  ],
  StaleKeyVersion: [
    'The account has another encryption key by now than the call names.',
    'Read its key again, seal anew to it or replace it, and send that.',
  ],
  NotAReader: [
    'The account may not read this data set, so it gets no envelope.',
    'Share the data set with it first.',
  ],
  MissingEnvelope: [
    'An account lacks an envelope of the epoch that the call names, or for an offer of the newest.',
    'For an offer, seal the newest seed of every confidential data set for the offeree; a reader ' +
      'that was left out of a rotation asks the owner.',
  ],
  TooManyEnvelopes: [
    'The call has too many envelopes.',
    'Give the others theirs in more calls, readers with set_envelopes.',
  ],
  InvalidCiphertext: [
    'A sealed value has 64 times n, and 48 bytes, 16,384 at most.',
    'Seal it with this module.',
  ],
  InvalidSealedSeed: [
    'A sealed seed or secret key has the length that its suite decides: 80 bytes in suite 1.',
    'Seal it with this module.',
  ],
  KeyUnchanged: [
    'The new key is the current one.',
    'Make the new key from a new random seed.',
  ],
  NonCanonicalKey: [
    'The public key is not in canonical form.',
    'Encode it as RFC 7748 says: below 2^255 - 19, with the top bit cleared.',
  ],
  PurgeTooEarly: [
    'Until 30 days after a data set was retired, only the owner of its container purges it.',
    'Ask the owner, or wait.',
  ],
  UnsupportedSuite: [
    'The suite is unknown.',
    'Use suite 1: X25519, HKDF-SHA256 and ChaCha20-Poly1305.',
  ],
  InvalidPublicKey: [
    'A public key has the length that its suite decides: 32 bytes in suite 1.',
    'Give the bytes of the key alone.',
  ],
  TooManySegments: [
    'The history of a data set is cut at most 16 times, the first rotation included.',
    'Link this rotation to the epoch before.',
  ],
  KeyNotFound: [
    'The account has no encryption key of this version.',
    "Look at the account's encryption keys.",
  ],
  TooManyHolders: [
    'A version of a secret key has at most 16 holders.',
    'Remove one first, with remove_account_envelope.',
  ],
  HolderNotFound: [
    'The holder has no envelope of this version of the secret key.',
    'Look at the account envelopes of this version.',
  ],
  SealedToItself: [
    'An envelope sealed to the very key that is in it opens nothing.',
    'Seal it to another key: of a device, of a colleague, or on paper.',
  ],
  KeyUsed: [
    'The public key was used before, by this account or by a data set.',
    'Make a key from a new random seed.',
  ],
  PurgedEnough: [
    'The limit of envelopes removed in one block is reached.',
    'Try again in the next block.',
  ],
  OfferNotFound: [
    'There is no such offer.',
    'It was accepted or cancelled, or never made: ask the owner.',
  ],
  WrongOffer: [
    'The offer has another id: it was replaced.',
    'Look at the new one before you accept it.',
  ],
  NotOfferee: [
    'This was offered to another account.',
    'Sign with the account that it was offered to.',
  ],
  OfferLapsed: [
    "The offer's deadline has passed.",
    'Its owner cancels or replaces it; until then, nothing is sealed or accepted.',
  ],
  OfferToSelf: ['The offer is to its own owner.', 'Name another account.'],
  OfferedWithTwin: [
    'The container is offered together with a twin.',
    'Accept the twin, and the container comes with it.',
  ],
  NotOfferedWithTwin: [
    'One of the containers is not, or no longer, offered together with this twin.',
    'Ask the owner to offer the twin again.',
  ],
};

/** @type {Advice} */
const DIGITAL_TWIN = {
  NotFound: ['There is no twin with this id.', 'Check the id, and the chain.'],
  NotOwner: [
    "Only the twin's owner may do this.",
    'Sign with its account, or make a twin of your own of the same asset.',
  ],
  Deactivated: [
    'The twin was deactivated: it never changes again.',
    'Make a new twin of the asset.',
  ],
  OfferPending: [
    'The twin is on offer to somebody.',
    'Wait until the offer is accepted, or cancel it first.',
  ],
  DescriptionNotJson: [
    'The description is no JSON text, or an object in it has a member twice.',
    'Text needs quotes, as in "Big Crane".',
  ],
  DescriptionTooLong: [
    'The description has more than 8,192 bytes.',
    'Shorten it, or put the text into a container.',
  ],
  InvalidAsset: [
    'An asset has 1 to 128 bytes of UTF-8 text without control characters.',
    "By convention it is the maker's identifier, a slash, and the serial number.",
  ],
  InvalidName: [
    'A name has 1 to 64 bytes of UTF-8 text without control characters and without a slash.',
  ],
  TooManyLinks: [
    'One call names at most 16 links.',
    'Make the twin first, and add the others with set_link.',
  ],
  DuplicateLink: ['Two of the links have the same name.', 'Rename one of them.'],
  LinksExhausted: [
    'A twin has at most 4,096 links.',
    'Link to another twin, and hang the others on that.',
  ],
  LinkNotFound: ['The twin has no link of this name.', "Look at the twin's links."],
  TargetNotFound: ["The link's target is a twin that does not exist.", 'Check its id.'],
  MayNotLink: [
    'A container with confidential data sets is linked by its owner or by somebody with access.',
    'Ask its owner to share a data set with you.',
  ],
  IdsExhausted: ['The chain has no ids left for more twins.', REPORT],
  OfferNotFound: DATA_CONTAINER.OfferNotFound,
  InvalidExpiry: DATA_CONTAINER.InvalidExpiry,
  DuplicateContainer: ['A container is named twice.', 'Take one of them out.'],
  ContainerNotOffered: [
    'An envelope is for a container that is not offered with the twin.',
    'Name the container, too, or leave the envelope out.',
  ],
  WrongOffer: DATA_CONTAINER.WrongOffer,
  NotOfferee: DATA_CONTAINER.NotOfferee,
  OfferLapsed: DATA_CONTAINER.OfferLapsed,
  OfferToSelf: DATA_CONTAINER.OfferToSelf,
  TooManyContainers: [
    'One offer names at most 16 containers.',
    'Offer the others by themselves, with offer_ownership.',
  ],
  TooManyEnvelopes: [
    'An offer has at most 256 envelopes.',
    'Offer some of the containers by themselves, with offer_ownership.',
  ],
};

/** By pallet and error. */
/** @type {Advice} */
const CONSORTIUM = {
  OrganisationNotFound: ['There is no organisation with this id.', 'Look at `organisations`.'],
  NameTaken: ['An organisation has, or had, this name.', 'Choose another one.'],
  InvalidName: [
    'A name has 1 to 64 bytes of readable text without a slash.',
    'Choose another name.',
  ],
  InvalidLabel: [
    'A label has at most 64 bytes of readable text without a slash.',
    'Shorten it, or leave it empty.',
  ],
  InvalidLimits: ['In a quota, per_block is at least 1 and at most burst.', 'Raise burst.'],
  NotAdmin: [
    'Only an administrator of this organisation may do this, or the council.',
    'Sign with such an account, or ask for a motion.',
  ],
  Suspended: ['The organisation is suspended.', 'Ask the council to resume it.'],
  NotSuspended: ['The organisation is not suspended.'],
  Removed: ['The organisation was removed, and stays so.', 'Admit it anew under another name.'],
  NotRemoved: ['The organisation was not removed.', 'Only a removed one is cleared.'],
  NothingToDo: ['There is nothing left to clear.'],
  AlreadyMember: [
    'The account is a member already, of this organisation or of another one.',
    'Remove it there first.',
  ],
  NotMember: ['The account is no member.', 'Check the address.'],
  MembersExhausted: [
    'The organisation has as many members as its limit allows.',
    'Remove one, or ask the council to raise the limit.',
  ],
  LastAdmin: [
    "An organisation's last administrator can be removed by the council only.",
    'Make another member an administrator first.',
  ],
  NotChanged: ['The account has, or lacks, this office already.'],
  InvalidPeerId: [
    'This is no peer id.',
    'Give the bytes of its multihash as hex: 34 or 38 bytes.',
  ],
  NodeExists: [
    'The node is listed already, for this organisation or for another one.',
    'Take it off there first.',
  ],
  NodeNotFound: ['There is no such node.', "Look at the organisation's nodes."],
  NodesExhausted: [
    'The organisation has as many nodes as its limit allows.',
    'Take one off, or ask the council to raise the limit.',
  ],
  TooManyNodes: ['The consortium has as many nodes as the chain allows.', 'Take one off first.'],
  AlreadyValidator: ['The account is a validator already.'],
  NotValidator: ['The account is no validator.', 'Check the address.'],
  TooManyValidators: [
    'The consortium has as many validators as the chain allows.',
    'Dismiss one first.',
  ],
  LastValidator: [
    'The last validator stays: without any, the chain would stand still for good.',
    'Appoint another one first.',
  ],
  IdsExhausted: ['There are no more ids.', REPORT],
  InvalidDelay: ['The delay is at least one block.'],
  ClearedEnough: [
    'An organisation was cleared in this block already.',
    'Try again in the next block.',
  ],
  NoSuchBlock: ['The chain has no block of this number yet.', 'Give the last final one.'],
};

export const ERRORS = Object.freeze({
  Consortium: CONSORTIUM,
  DataContainer: DATA_CONTAINER,
  DigitalTwin: DIGITAL_TWIN,
});

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
  CallFiltered: ['This chain does not permit this call.', 'Look for another way in the guide.'],
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
  ImmediatelyDropped: ['The pool is full.', 'Try again in a minute.'],
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
      "This costs more than the signer's full quota, so it would never go through.",
      'Split it into smaller transactions, or ask the council to raise the quota.',
    ],
  },
  Unknown: {
    103: [
      "The signer's quota is used up for now.",
      'It fills up again with each block: send the same transaction again later.',
    ],
  },
};
