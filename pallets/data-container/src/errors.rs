// SPDX-License-Identifier: Apache-2.0

use frame_support::pallet_macros::pallet_section;

/// The pallet's errors.
///
/// Those about a value or a document carry `index` and `offset` in the bytes after the error's own
/// index: `index` is the position in the call of what is wrong, from 0 (the data set in a plugin
/// document, the value in `store`, the item in `append`, 0 elsewhere and where the text as a whole
/// is no JSON), `offset` the byte in that value or document where it is wrong. The questions
/// `check_value`, `check_document` and `check_definition` answer with a JSON Pointer too.
#[pallet_section]
mod errors {
    #[pallet::error]
    pub enum Error<T> {
        /// There is no plugin with this id.
        #[codec(index = 0)]
        PluginNotFound,
        /// The plugin was retired: it makes no more instances and cannot be retired again.
        #[codec(index = 1)]
        PluginRetired,
        /// Only the publisher of a plugin may retire it or publish a new version of it.
        #[codec(index = 2)]
        NotPublisher,
        /// There is no container with this id.
        #[codec(index = 3)]
        ContainerNotFound,
        /// The container was closed: its data and definitions never change again.
        #[codec(index = 4)]
        ContainerClosed,
        /// Only the container's owner may do this.
        #[codec(index = 5)]
        NotOwner,
        /// The container is on offer: until the offer is accepted or cancelled, its definitions,
        /// roles, shares and keys do not change and nothing is removed.
        #[codec(index = 6)]
        OfferPending,
        /// The container has no data set of this name.
        #[codec(index = 7)]
        DataSetNotFound,
        /// The data set was retired: it never changes again.
        #[codec(index = 8)]
        DataSetRetired,
        /// The container has or had a data set of this name: names are never used again.
        #[codec(index = 9)]
        DataSetExists,
        /// Only a data set that was retired is purged: retire it first.
        #[codec(index = 10)]
        NotRetired,
        /// The signer is neither the owner nor has a role or a grant for this on this data set.
        #[codec(index = 11)]
        NotPermitted,
        /// A container with confidential data sets is cloned by its owner or by somebody with
        /// access to it.
        #[codec(index = 12)]
        MayNotClone,
        /// An entry is set, stored and cleared; a list is appended to, and its items are removed.
        #[codec(index = 13)]
        WrongKind,
        /// A confidential data set takes sealed values only.
        #[codec(index = 14)]
        Confidential,
        /// The data set is write-once: its entry was set already, or what is in it is never removed
        /// or purged.
        #[codec(index = 15)]
        WriteOnce,
        /// The data set has another revision than expected: read it again.
        #[codec(index = 16)]
        StaleRevision,
        /// There is nothing to remove: the entry is empty, or the item does not exist or was
        /// removed.
        #[codec(index = 17)]
        ItemNotFound,
        /// The call names no values, items or envelopes, the data set was purged already, or no
        /// grant has ended.
        #[codec(index = 18)]
        NothingToDo,
        /// One call appends at most 256 items and stores at most 64 values.
        #[codec(index = 19)]
        TooManyItems,
        /// One call stores at most 65,536 bytes of values, defaults and cloned values included.
        #[codec(index = 20)]
        PayloadTooLong,
        /// A container has at most 64 data sets, retired ones included.
        #[codec(index = 21)]
        TooManyDataSets,
        /// A container has at most 16 roles.
        #[codec(index = 22)]
        TooManyRoles,
        /// A name has 1 to 64 bytes of UTF-8 text without control characters and without `/`. `0`
        /// is no name of a role: it stands for the owner.
        #[codec(index = 23)]
        InvalidName,
        /// The description is no JSON text, or an object in it has a member twice. Text needs
        /// quotes: `"Service log"`, `{"name":"Service log"}`.
        #[codec(index = 24)]
        DescriptionNotJson {
            /// The first byte that is wrong.
            offset: u16,
        },
        /// The description has more than 8,192 bytes.
        #[codec(index = 25)]
        DescriptionTooLong,
        /// The document has more than 65,536 bytes.
        #[codec(index = 26)]
        DocumentTooLong,
        /// The chain has no numbers left for more of this.
        #[codec(index = 27)]
        IdsExhausted,
        /// The state lacks something that it must have. Please report it.
        #[codec(index = 28)]
        Corrupt,
        /// A member of the document is missing or has a value that it cannot have. A data set needs
        /// `type` (`"entry"` or `"list"`) and `dataSchema`; `visibility` is `"public"` or
        /// `"confidential"`, `writeOnce` is `true` or `false`, `permissions` maps roles to lists of
        /// `"set"` and `"remove"`.
        #[codec(index = 40)]
        InvalidMember {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// A name in the document is empty, longer than 64 bytes, or has a control character or
        /// `/`; or the plugin has neither `description.name` nor `template.type`.
        #[codec(index = 41)]
        InvalidNameIn {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// The array schema of a list stands for its items: besides `type`, `items` and annotations
        /// it can demand nothing.
        #[codec(index = 42)]
        ListSchemaDemandsMore {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// A confidential data set has a `value`, which all could read in the document: make it
        /// public, or leave the value out and seal it afterwards.
        #[codec(index = 43)]
        ConfidentialDefault {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// The `value` of a list is an array of 1 to 256 items.
        #[codec(index = 44)]
        InvalidListDefault {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// A schema is an object, `true` or `false`.
        #[codec(index = 45)]
        NotASchema {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// The schema uses a keyword of JSON Schema that the chain does not check, such as
        /// `pattern`, `$ref` or `uniqueItems`: take it out. The offset is that of its name.
        #[codec(index = 46)]
        UnsupportedKeyword {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// A keyword of the schema has a value that it cannot have, such as a text for `minimum`.
        #[codec(index = 47)]
        InvalidKeywordValue {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// `type` is one of `"null"`, `"boolean"`, `"object"`, `"array"`, `"number"`, `"integer"`,
        /// `"string"`, or an array of them. There is no type `"text"`.
        #[codec(index = 48)]
        UnknownType {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// A schema has at most 8,192 bytes and 256 schemas in it.
        #[codec(index = 49)]
        SchemaTooLong {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// More than 32 schemas could apply to one place of a value: use fewer branches in `allOf`,
        /// `anyOf` and `oneOf`.
        #[codec(index = 50)]
        SchemaTooComplex {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// This is no JSON text. Text needs quotes: `"Hello"`; a number has none: `12.5`.
        #[codec(index = 60)]
        InvalidJson {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// A string is not UTF-8.
        #[codec(index = 61)]
        InvalidUtf8 {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// An object has a member twice.
        #[codec(index = 62)]
        DuplicateKey {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// A value or an item has at most 16,384 bytes.
        #[codec(index = 63)]
        ValueTooLong {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// Arrays and objects are nested too deep: at most 32 levels in a value, 16 in a schema.
        #[codec(index = 64)]
        TooDeep {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// A number has at most 128 significant digits and an exponent within -512 and 512.
        #[codec(index = 65)]
        NumberOutOfBounds {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// The stored schema is damaged. Please report it.
        #[codec(index = 66)]
        CorruptSchema {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// The value is of another type than the schema says. Text needs quotes, a number has none.
        #[codec(index = 70)]
        Type {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// The value is none of those that the schema lists.
        #[codec(index = 71)]
        Enum {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// The value is not the one that the schema names.
        #[codec(index = 72)]
        Const {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// The object lacks a member that the schema requires.
        #[codec(index = 73)]
        Required {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// The object has a member that the schema does not know. The offset is that of its name.
        #[codec(index = 74)]
        AdditionalProperties {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// The object has too few members.
        #[codec(index = 75)]
        MinProperties {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// The object has too many members.
        #[codec(index = 76)]
        MaxProperties {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// The array has an item that the schema does not allow.
        #[codec(index = 77)]
        Items {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// The array has too few items.
        #[codec(index = 78)]
        MinItems {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// The array has too many items.
        #[codec(index = 79)]
        MaxItems {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// The text is too short.
        #[codec(index = 80)]
        MinLength {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// The text is too long.
        #[codec(index = 81)]
        MaxLength {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// The number is below the minimum.
        #[codec(index = 82)]
        Minimum {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// The number is above the maximum.
        #[codec(index = 83)]
        Maximum {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// The number is not above the exclusive minimum.
        #[codec(index = 84)]
        ExclusiveMinimum {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// The number is not below the exclusive maximum.
        #[codec(index = 85)]
        ExclusiveMaximum {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// The number is no multiple of what the schema says.
        #[codec(index = 86)]
        MultipleOf {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// The value matches none of the schemas in `anyOf`.
        #[codec(index = 87)]
        AnyOf {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// The value matches none of the schemas in `oneOf`, or more than one.
        #[codec(index = 88)]
        OneOf {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// The value matches the schema in `not`.
        #[codec(index = 89)]
        Not {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// The schema allows no value here.
        #[codec(index = 90)]
        FalseSchema {
            /// The position in the call, from 0.
            index: u8,
            /// The byte where it is wrong.
            offset: u16,
        },
        /// The container has no role of this name.
        #[codec(index = 100)]
        RoleNotFound,
        /// The account holds this role already.
        #[codec(index = 101)]
        RoleHeld,
        /// The account does not hold this role.
        #[codec(index = 102)]
        RoleNotHeld,
        /// Access is a sum of the bits 1 (read), 2 (write) and 4 (remove), and gives or takes at
        /// least one.
        #[codec(index = 103)]
        InvalidAccess,
        /// Roles write and remove. Reading a confidential data set takes a key: share it with the
        /// account.
        #[codec(index = 104)]
        RolesCannotRead,
        /// Everybody reads a public data set: there is no READ to give or to take.
        #[codec(index = 105)]
        ReadIsPublic,
        /// The account has no such access to this data set through a grant.
        #[codec(index = 106)]
        NotShared,
        /// The moment has passed. Times are Unix milliseconds.
        #[codec(index = 107)]
        InvalidExpiry,
        /// Only a confidential data set has keys, envelopes and sealed values.
        #[codec(index = 108)]
        NotConfidential,
        /// The data set has no key yet: its owner rotates it first. The first rotation is a `Cut`,
        /// since there is no epoch before to link.
        #[codec(index = 109)]
        NoKey,
        /// The data set's epoch is another one: read it again, and seal to its key. `set_envelope`
        /// and `set_envelopes` take the current epoch or the last one before a cut.
        #[codec(index = 110)]
        StaleEpoch,
        /// Since the last rotation an account that may hold the seed lost READ, or its READ ended.
        /// The owner rotates the key first, also if the account reads again; the view `sealing`
        /// names the cause.
        #[codec(index = 111)]
        RotationDue,
        /// This is no public key that keeps a secret: X25519 keys of low order are refused.
        #[codec(index = 112)]
        WeakKey,
        /// An account changes its encryption key at most once in 600 blocks.
        #[codec(index = 113)]
        KeyChangedRecently,
        /// The account has no encryption key: it has to set one first.
        #[codec(index = 114)]
        NoEncryptionKey,
        /// The account's encryption key has another version: read it again, and seal to it.
        #[codec(index = 115)]
        StaleKeyVersion,
        /// The account may not read this data set: share it with READ first.
        #[codec(index = 116)]
        NotAReader,
        /// One call brings at most 64 envelopes, `rotate_key` besides the owner's;
        /// `set_account_envelopes` at most 16.
        #[codec(index = 117)]
        TooManyEnvelopes,
        /// Nobody offers the container.
        #[codec(index = 118)]
        OfferNotFound,
        /// The offer has another id: it was replaced by a newer one. Read it again.
        #[codec(index = 119)]
        WrongOffer,
        /// The container is offered to somebody else.
        #[codec(index = 120)]
        NotOfferee,
        /// The offer's deadline has passed: its owner cancels or replaces it.
        #[codec(index = 121)]
        OfferLapsed,
        /// The container is its owner's already.
        #[codec(index = 122)]
        OfferToSelf,
        /// The container is on offer together with a twin: accept the twin.
        #[codec(index = 123)]
        OfferedWithTwin,
        /// The container is no longer on offer with this twin: it was sold, or its offer was
        /// cancelled or replaced.
        #[codec(index = 124)]
        NotOfferedWithTwin,
        /// The account has no envelope of this epoch of the confidential data set. An offer brings
        /// one of the current epoch for each, sealed to the offeree's current encryption key. A
        /// reader that was left out of a rotation asks the owner for its envelope.
        #[codec(index = 125)]
        MissingEnvelope {
            /// The data set's id.
            data_set: u16,
        },
        /// A sealed value has 64 bytes or a multiple of it, and 48 more, at most 16,384 in all.
        #[codec(index = 126)]
        InvalidCiphertext {
            /// The position in the call, from 0.
            index: u8,
        },
        /// A sealed seed or secret key has the length that its suite decides: 80 bytes in suite 1.
        #[codec(index = 127)]
        InvalidSealedSeed,
        /// The key is the current one: make the new one from a new random seed.
        #[codec(index = 128)]
        KeyUnchanged,
        /// The X25519 public key is not below 2^255 - 19: encode it as RFC 7748 says, with the top
        /// bit cleared.
        #[codec(index = 129)]
        NonCanonicalKey,
        /// Until 30 days after a data set was retired, only the owner purges it.
        #[codec(index = 130)]
        PurgeTooEarly,
        /// Too many envelopes were removed in this block: try again in the next one.
        #[codec(index = 131)]
        PurgedEnough,
        /// The key was used before, by this account or by a data set: make one from a new random
        /// seed.
        #[codec(index = 132)]
        KeyUsed,
        /// The suite is unknown. Suite 1 is X25519, HKDF-SHA256 and ChaCha20-Poly1305.
        #[codec(index = 133)]
        UnsupportedSuite,
        /// A public key has the length that its suite decides: 32 bytes in suite 1.
        #[codec(index = 134)]
        InvalidPublicKey,
        /// The history of a data set is cut at most 16 times, the first rotation included: link
        /// this one.
        #[codec(index = 135)]
        TooManySegments,
        /// The account has no encryption key of this version.
        #[codec(index = 136)]
        KeyNotFound,
        /// A version of a secret key has at most 16 holders: remove one first.
        #[codec(index = 137)]
        TooManyHolders,
        /// The holder has no envelope of this version of the secret key.
        #[codec(index = 138)]
        HolderNotFound,
        /// An envelope sealed to the very key that is in it opens nothing. A `Key` is none of the
        /// account's own versions: an older version is sealed to the account itself, which takes
        /// the newest.
        #[codec(index = 139)]
        SealedToItself,
    }
}
