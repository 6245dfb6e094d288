// SPDX-License-Identifier: Apache-2.0

use frame_support::pallet_macros::pallet_section;

// The documentation of the variants is the only source of the messages that clients show. The first
// paragraph states the problem. The optional second one says what to do. Each is one sentence.
// `scripts/generate-docs.sh` copies them to the files that use them.

/// The pallet's errors.
///
/// Errors about a value or a document carry `index` and `offset` in the bytes after the error's own
/// index:
/// - `index`: the position in the call of the invalid part, from 0: the data set in a plugin
///   document, the value in `store`, the item in `append`. It is 0 in other calls, and if the whole
///   text is not JSON.
/// - `offset`: the position of the first invalid byte, at most 65,535. It counts from the beginning
///   of the value, or in a plugin document from the beginning of the data set's member. For a
///   member, an unsupported keyword or an `$id`, it is the beginning of the name.
///
/// The view functions `check_value`, `check_document` and `check_definition` also return a JSON
/// Pointer.
#[pallet_section]
mod errors {
    #[pallet::error]
    #[allow(missing_docs, reason = "`index` and `offset` are the same in all variants: see above")]
    pub enum Error<T> {
        /// The chain has no plugin with this id.
        ///
        /// Look it up among the published plugins.
        #[codec(index = 0)]
        PluginNotFound,
        /// The plugin is retired: it can have no new instances and cannot be retired again.
        ///
        /// Use the plugin that replaces it.
        #[codec(index = 1)]
        PluginRetired,
        /// Only the publisher of a plugin can retire it or publish a new version of it.
        ///
        /// Sign with the publisher's account.
        #[codec(index = 2)]
        NotPublisher,
        /// The chain has no container with this id.
        ///
        /// Check the id, and that you are connected to the right chain.
        #[codec(index = 3)]
        ContainerNotFound,
        /// The container is closed: its data and definitions never change again.
        ///
        /// To continue with its data, clone it before its data sets are purged.
        #[codec(index = 4)]
        ContainerClosed,
        /// Only the container's owner can do this; a lapsed offer can be cancelled by any account.
        ///
        /// Sign with the owner's account, or ask the owner; a company signs through its proxy.
        #[codec(index = 5)]
        NotOwner,
        /// The container is on offer: its owner can only append to lists, rotate keys without a
        /// cut, and give missing seeds; nothing is removed, and no other account can be offered it.
        ///
        /// Wait until the offer ends, or cancel it first; a lapsed offer must be renewed or
        /// cancelled.
        #[codec(index = 6)]
        OfferPending,
        /// The container has no data set of this name.
        ///
        /// Look at the container's data sets: names are compared byte by byte.
        #[codec(index = 7)]
        DataSetNotFound,
        /// The data set is retired: it never changes again.
        #[codec(index = 8)]
        DataSetRetired,
        /// The container has or had a data set of this name, and names are never used again.
        ///
        /// Choose another name.
        #[codec(index = 9)]
        DataSetExists,
        /// Only a retired data set can be purged.
        ///
        /// Retire it first.
        #[codec(index = 10)]
        NotRetired,
        /// The signer is not the owner, and has no role or grant that gives this access to the data
        /// set.
        ///
        /// Ask the owner for one; a grant may have ended.
        #[codec(index = 11)]
        NotPermitted,
        /// A container with confidential data sets in use can be cloned only by its owner or an
        /// account with access to it.
        ///
        /// Ask the owner to share a data set with you.
        #[codec(index = 12)]
        MayNotClone,
        /// The data set is of the other kind: entries are set, stored and cleared, lists are
        /// appended to and their items removed.
        ///
        /// Use the call for the other kind.
        #[codec(index = 13)]
        WrongKind,
        /// A confidential data set accepts only sealed values.
        ///
        /// Seal the value, and send it with `set_sealed_entry` or `append_sealed`.
        #[codec(index = 14)]
        Confidential,
        /// The data set is write-once: its entry is already set, or its data is never removed or
        /// purged.
        #[codec(index = 15)]
        WriteOnce,
        /// The data set has another revision than expected: it was changed in the meantime.
        ///
        /// Read it again, and send your change with the new revision.
        #[codec(index = 16)]
        StaleRevision,
        /// There is nothing to remove: the entry is empty, or the item does not exist or was
        /// removed.
        #[codec(index = 17)]
        ItemNotFound,
        /// The call has no effect: its list is empty, the data set is already purged, no grant has
        /// ended, or the account has no roles and grants.
        #[codec(index = 18)]
        NothingToDo,
        /// One call can append at most 256 items, or name at most 64 values or data sets.
        ///
        /// Send the rest in a second call.
        #[codec(index = 19)]
        TooManyItems,
        /// One call can store at most 65,584 bytes of values, including defaults and cloned values.
        ///
        /// Send the rest in a second call.
        #[codec(index = 20)]
        PayloadTooLong,
        /// A container or a plugin can have at most 64 data sets, including retired ones.
        ///
        /// Create a second container or plugin.
        #[codec(index = 21)]
        TooManyDataSets,
        /// A container or a plugin can have at most 16 roles.
        ///
        /// Use fewer roles, or change one that is no longer needed.
        #[codec(index = 22)]
        TooManyRoles,
        /// A name has 1 to 64 bytes of UTF-8 text without control and invisible characters, without
        /// white space at its ends, and without `/`.
        ///
        /// Choose another name; no role can be called `0`, which denotes the owner.
        #[codec(index = 23)]
        InvalidName,
        /// The description is not JSON text, or an object in it has the same member twice.
        ///
        /// Text needs quotes: `"Service log"`, `{"name":"Service log"}`.
        #[codec(index = 24)]
        DescriptionNotJson {
            /// The position of the first invalid byte.
            offset: u16,
        },
        /// The description has more than 8,192 bytes.
        ///
        /// Shorten it, or put the text into a data set.
        #[codec(index = 25)]
        DescriptionTooLong,
        /// The document has more than 262,144 bytes.
        ///
        /// Shorten it, or split it into two plugins.
        #[codec(index = 26)]
        DocumentTooLong,
        /// The chain has no numbers left for this.
        ///
        /// Report it, with the block and the call.
        #[codec(index = 27)]
        IdsExhausted,
        /// The state lacks a record that it must have.
        ///
        /// Report it, with the block and the call.
        #[codec(index = 28)]
        Corrupt,
        /// A member of the document is missing or has an invalid value.
        ///
        /// Compare it with the description of `publish_plugin`; a data set needs `type` (`"entry"`
        /// or `"list"`) and `dataSchema`; `visibility` is `"public"` or `"confidential"`,
        /// `writeOnce` is `true` or `false`, `permissions` maps roles to lists of `"set"` and
        /// `"remove"`.
        #[codec(index = 29)]
        InvalidMember { index: u8, offset: u16 },
        /// A name in the document is empty, longer than 64 bytes, or has a control or an invisible
        /// character, white space at its ends, or `/`; or the plugin has neither `description.name`
        /// nor `template.type`.
        #[codec(index = 30)]
        InvalidNameIn { index: u8, offset: u16 },
        /// The array schema of a list describes only its items: besides `type`, `items` and
        /// annotations it cannot have other keywords.
        ///
        /// Remove the other keywords.
        #[codec(index = 31)]
        ListSchemaDemandsMore { index: u8, offset: u16 },
        /// A confidential data set has a `value`, which everyone could read in the document.
        ///
        /// Make the data set public, or omit the value and seal it afterwards.
        #[codec(index = 32)]
        ConfidentialDefault { index: u8, offset: u16 },
        /// The `value` of a list must be an array of at most 256 items.
        #[codec(index = 33)]
        InvalidListDefault { index: u8, offset: u16 },
        /// A schema must be an object, `true` or `false`.
        #[codec(index = 34)]
        NotASchema { index: u8, offset: u16 },
        /// The schema uses a keyword of JSON Schema that the chain does not check, such as
        /// `unevaluatedItems`, or one that its draft no longer has.
        ///
        /// Remove it, or express it with other keywords.
        #[codec(index = 35)]
        UnsupportedKeyword { index: u8, offset: u16 },
        /// A keyword of the schema has an invalid value, such as a text for `minimum`.
        #[codec(index = 36)]
        InvalidKeywordValue { index: u8, offset: u16 },
        /// The schema names a type that does not exist.
        ///
        /// Use `"null"`, `"boolean"`, `"object"`, `"array"`, `"number"`, `"integer"`, `"string"`,
        /// or an array of them; the type of text is `"string"`.
        #[codec(index = 37)]
        UnknownType { index: u8, offset: u16 },
        /// A schema can have at most 65,536 bytes and contain at most 1,024 schemas; once compiled
        /// it can have at most 262,144 bytes, and at most 1,024 plus 12 for each byte of its text.
        ///
        /// Split the data set into two, or shorten names and the values in `enum`.
        #[codec(index = 38)]
        SchemaTooLong { index: u8, offset: u16 },
        /// More than 32 schemas could apply to one place of a value; a long `pattern` counts as
        /// several.
        ///
        /// Use fewer branches in `allOf`, `anyOf` and `oneOf`, fewer arrays and objects in `enum`,
        /// and no branches that refer to a schema around them.
        #[codec(index = 39)]
        SchemaTooComplex { index: u8, offset: u16 },
        /// This is not JSON text.
        ///
        /// Text needs quotes, as in "Hello"; a number has none; nothing follows the value.
        #[codec(index = 40)]
        InvalidJson { index: u8, offset: u16 },
        /// A string is not UTF-8.
        ///
        /// Save the text as UTF-8.
        #[codec(index = 41)]
        InvalidUtf8 { index: u8, offset: u16 },
        /// An object has the same member twice.
        ///
        /// Remove one of them.
        #[codec(index = 42)]
        DuplicateKey { index: u8, offset: u16 },
        /// A value or an item can have at most 65,536 bytes.
        ///
        /// Shorten it, or keep it elsewhere and store its hash.
        #[codec(index = 43)]
        ValueTooLong { index: u8, offset: u16 },
        /// Arrays and objects can nest at most 32 levels deep in a value, and 16 in a schema.
        ///
        /// Flatten them.
        #[codec(index = 44)]
        TooDeep { index: u8, offset: u16 },
        /// A number can have at most 128 significant digits and an exponent from -512 to 512.
        ///
        /// Round it, or write it as text if the schema allows that.
        #[codec(index = 45)]
        NumberOutOfBounds { index: u8, offset: u16 },
        /// The stored schema is damaged.
        ///
        /// Report it, with the block and the call.
        #[codec(index = 46)]
        CorruptSchema { index: u8, offset: u16 },
        /// The value is of another type than the schema says.
        ///
        /// Text needs quotes, as in "Hello"; a number has none.
        #[codec(index = 47)]
        TypeMismatch { index: u8, offset: u16 },
        /// The value is not one of those that the schema lists.
        ///
        /// Use one of them, letter by letter.
        #[codec(index = 48)]
        EnumMismatch { index: u8, offset: u16 },
        /// The value is not the one that the schema requires.
        #[codec(index = 49)]
        ConstMismatch { index: u8, offset: u16 },
        /// The object lacks a member that the schema requires.
        ///
        /// Add it.
        #[codec(index = 50)]
        RequiredMismatch { index: u8, offset: u16 },
        /// The object has a member that the schema does not allow.
        ///
        /// Remove it, or look for a spelling mistake in its name.
        #[codec(index = 51)]
        AdditionalPropertiesMismatch { index: u8, offset: u16 },
        /// The object has too few members.
        #[codec(index = 52)]
        MinPropertiesMismatch { index: u8, offset: u16 },
        /// The object has too many members.
        #[codec(index = 53)]
        MaxPropertiesMismatch { index: u8, offset: u16 },
        /// The array has an item that the schema does not allow.
        ///
        /// Remove it.
        #[codec(index = 54)]
        ItemsMismatch { index: u8, offset: u16 },
        /// The array has too few items.
        #[codec(index = 55)]
        MinItemsMismatch { index: u8, offset: u16 },
        /// The array has too many items.
        #[codec(index = 56)]
        MaxItemsMismatch { index: u8, offset: u16 },
        /// The text is too short for the schema.
        #[codec(index = 57)]
        MinLengthMismatch { index: u8, offset: u16 },
        /// The text is too long for the schema.
        #[codec(index = 58)]
        MaxLengthMismatch { index: u8, offset: u16 },
        /// The number is below the minimum.
        #[codec(index = 59)]
        MinimumMismatch { index: u8, offset: u16 },
        /// The number is above the maximum.
        #[codec(index = 60)]
        MaximumMismatch { index: u8, offset: u16 },
        /// The number is not above the exclusive minimum.
        #[codec(index = 61)]
        ExclusiveMinimumMismatch { index: u8, offset: u16 },
        /// The number is not below the exclusive maximum.
        #[codec(index = 62)]
        ExclusiveMaximumMismatch { index: u8, offset: u16 },
        /// The number is not a multiple of the step that the schema requires.
        #[codec(index = 63)]
        MultipleOfMismatch { index: u8, offset: u16 },
        /// The value matches none of the schemas in `anyOf`.
        ///
        /// Compare it with each of them.
        #[codec(index = 64)]
        AnyOfMismatch { index: u8, offset: u16 },
        /// The value matches none of the schemas in `oneOf`, or more than one.
        ///
        /// Compare it with each of them.
        #[codec(index = 65)]
        OneOfMismatch { index: u8, offset: u16 },
        /// The value matches the schema in `not`, which excludes it.
        #[codec(index = 66)]
        NotMismatch { index: u8, offset: u16 },
        /// The schema allows no value here.
        ///
        /// Omit it.
        #[codec(index = 67)]
        FalseSchema { index: u8, offset: u16 },
        /// The container has no role of this name.
        ///
        /// Look at the container's roles.
        #[codec(index = 68)]
        RoleNotFound,
        /// The account already holds this role.
        #[codec(index = 69)]
        RoleHeld,
        /// The account does not hold this role.
        #[codec(index = 70)]
        RoleNotHeld,
        /// The access has no bits, or unknown bits.
        ///
        /// Add up 1 for READ, 2 for WRITE and 4 for REMOVE.
        #[codec(index = 71)]
        InvalidAccess,
        /// A role cannot give READ: reading a confidential data set requires a key.
        ///
        /// Share the data set with each account that should read it.
        #[codec(index = 72)]
        RolesCannotRead,
        /// Anyone can read a public data set, so READ on it cannot be given.
        ///
        /// Omit READ from the access.
        #[codec(index = 73)]
        ReadIsPublic,
        /// The account has no such access to this data set through a grant.
        #[codec(index = 74)]
        NotShared,
        /// The moment has already passed.
        ///
        /// Give a moment in the future, in Unix milliseconds.
        #[codec(index = 75)]
        InvalidExpiry,
        /// Only a confidential data set has keys, envelopes and sealed values.
        ///
        /// Write to a public data set with `set_entry`, `store` or `append`.
        #[codec(index = 76)]
        NotConfidential,
        /// The data set has no key yet, so no value or seed can be sealed for it.
        ///
        /// The owner creates the key with `rotate_key`; the first rotation is a `Cut`, because it
        /// has no earlier epoch to link.
        #[codec(index = 77)]
        NoKey,
        /// The data set has another epoch than the call names: its key was rotated.
        ///
        /// Read the newest epoch, and seal again; `set_envelope` and `set_envelopes` take the
        /// current epoch or the last one before a cut.
        #[codec(index = 78)]
        StaleEpoch,
        /// Since the last rotation, an account that may hold the seed has lost READ, or its READ
        /// has ended.
        ///
        /// The owner rotates the key with `rotate_key`, even if that account can read again; then
        /// seal to the new key; the view function `sealing` returns the cause.
        #[codec(index = 79)]
        RotationDue,
        /// This X25519 public key is zero or of low order: anyone could open what is sealed to it.
        ///
        /// Create a new key pair.
        #[codec(index = 80)]
        WeakKey,
        /// An account can change its encryption key at most once in 600 blocks.
        ///
        /// Try again in half an hour.
        #[codec(index = 81)]
        KeyChangedRecently,
        /// The account has no encryption key.
        ///
        /// The account must set one first, with `set_encryption_key`; a first key replaces none, so
        /// none can have leaked.
        #[codec(index = 82)]
        NoEncryptionKey,
        /// The account's encryption key has another version than the call names.
        ///
        /// Read the key again, and seal to it or name its version.
        #[codec(index = 83)]
        StaleKeyVersion,
        /// The account may not read this data set, so it cannot get an envelope.
        ///
        /// Give it READ on the data set first, with `share`.
        #[codec(index = 84)]
        NotAReader,
        /// One call can bring at most 64 envelopes, `rotate_key` one more for the owner, and
        /// `set_account_envelopes` at most 16.
        ///
        /// Send the rest in more calls, those for readers with `set_envelopes`.
        #[codec(index = 85)]
        TooManyEnvelopes,
        /// The container is not on offer: its offer was accepted, declined or cancelled, or never
        /// made.
        ///
        /// Ask the owner to offer it.
        #[codec(index = 86)]
        OfferNotFound,
        /// The offer has another id: a newer one replaced it.
        ///
        /// Read the new offer before you accept it.
        #[codec(index = 87)]
        WrongOffer,
        /// The container is offered to another account.
        ///
        /// Sign with the account to which it is offered.
        #[codec(index = 88)]
        NotOfferee,
        /// The offer's deadline has passed.
        ///
        /// The owner can renew it, or any account can cancel it; until then, no sealed value and no
        /// acceptance is possible.
        #[codec(index = 89)]
        OfferLapsed,
        /// The account already owns the container.
        ///
        /// Name another account.
        #[codec(index = 90)]
        OfferToSelf,
        /// The container is on offer together with a twin.
        ///
        /// Accept or decline the offer of the twin, which includes the container.
        #[codec(index = 91)]
        OfferedWithTwin,
        /// The container is no longer on offer with this twin: it was handed over, or its offer was
        /// cancelled or renewed without the twin.
        ///
        /// Ask the owner to offer the twin again.
        #[codec(index = 92)]
        NotOfferedWithTwin,
        /// The account has no envelope of this epoch of the confidential data set.
        ///
        /// An offer must bring the current seed of each confidential data set, sealed to the
        /// offeree's current key, and so must a rotation during the offer; a reader that a rotation
        /// left out asks the owner.
        #[codec(index = 93)]
        MissingEnvelope {
            /// The data set's id.
            data_set: u16,
        },
        /// The length of a sealed value must be a multiple of 64 bytes plus 48, at most 65,584
        /// bytes.
        ///
        /// Seal it with the JavaScript client.
        #[codec(index = 94)]
        InvalidCiphertext {
            /// The position in the call, from 0.
            index: u8,
        },
        /// A sealed seed or secret key must have the length that its suite defines: 80 bytes in
        /// suite 1.
        ///
        /// Seal it with the JavaScript client.
        #[codec(index = 95)]
        InvalidSealedSeed,
        /// The new key is the current one.
        ///
        /// Create the new key from a new random seed.
        #[codec(index = 96)]
        KeyUnchanged,
        /// The X25519 public key is not below 2^255 - 19.
        ///
        /// Encode it according to RFC 7748, with the top bit cleared.
        #[codec(index = 97)]
        NonCanonicalKey,
        /// Until 30 days after a data set is retired, only the owner of its container can purge it.
        ///
        /// Ask the owner, or wait.
        #[codec(index = 98)]
        PurgeTooEarly,
        /// The limit of envelopes removed in one block is reached.
        ///
        /// Try again in the next block.
        #[codec(index = 99)]
        PurgedEnough,
        /// The public key was used before, by this account or by a data set.
        ///
        /// Create a key from a new random seed.
        #[codec(index = 100)]
        KeyUsed,
        /// The suite is unknown.
        ///
        /// Use suite 1: X25519, HKDF-SHA256 and ChaCha20-Poly1305.
        #[codec(index = 101)]
        UnsupportedSuite,
        /// A public key must have the length that its suite defines: 32 bytes in suite 1.
        ///
        /// Give the bytes of the key alone.
        #[codec(index = 102)]
        InvalidPublicKey,
        /// The history of a data set can be cut at most 16 times, including the first rotation.
        ///
        /// Link this rotation to the previous epoch.
        #[codec(index = 103)]
        TooManySegments,
        /// The account has no encryption key of this version.
        ///
        /// Look at the account's encryption keys.
        #[codec(index = 104)]
        KeyNotFound,
        /// A version of a secret key can have at most 16 holders.
        ///
        /// Remove one first, with `remove_account_envelope`.
        #[codec(index = 105)]
        TooManyHolders,
        /// The holder has no envelope of this version of the secret key.
        ///
        /// Look at the account envelopes of this version.
        #[codec(index = 106)]
        HolderNotFound,
        /// An envelope sealed to the key that it contains cannot be opened without that key, and a
        /// `Key` must not be one of the account's own.
        ///
        /// Seal it to another key, such as that of a device, of a colleague, or on paper; to keep
        /// an older version, seal it to the account itself, which uses the newest version.
        #[codec(index = 107)]
        SealedToItself,
        /// The container already has a role of this name.
        ///
        /// Choose another name.
        #[codec(index = 108)]
        RoleExists,
        /// The role cannot be removed while accounts hold it.
        ///
        /// Take it from them first, with `unassign_role`; the view function `members` lists them.
        #[codec(index = 109)]
        RoleInUse,
        /// The keyword `$schema` names a draft of JSON Schema that the chain does not know, or
        /// another one than the schema around it does.
        ///
        /// Name 2020-12, 2019-09, 7, 6 or 4, or omit it for 2020-12.
        #[codec(index = 110)]
        UnknownDialect { index: u8, offset: u16 },
        /// A `$ref` leads to nothing, or to something that is not a schema.
        ///
        /// Compare it with the schema: a place in it is written as in `#/$defs/serial`.
        #[codec(index = 111)]
        ReferenceNotFound { index: u8, offset: u16 },
        /// A `$ref` leads out of the schema.
        ///
        /// Copy its target into `$defs`, and refer to it there.
        #[codec(index = 112)]
        ReferenceAway { index: u8, offset: u16 },
        /// References form a circle, so that a schema would apply itself to the same value.
        ///
        /// Let one of them apply to a member or an item.
        #[codec(index = 113)]
        CircularReference { index: u8, offset: u16 },
        /// A schema within the schema has an `$id` (`id` in draft 4), so that the references in it
        /// would lead elsewhere.
        ///
        /// Remove it; the `$id` of the whole schema can stay.
        #[codec(index = 114)]
        NestedId { index: u8, offset: u16 },
        /// The text of `pattern` is not a regular expression of ECMA-262 with the flag `u`.
        ///
        /// Correct it at this byte; `-` and most characters without a special meaning need no
        /// backslash.
        #[codec(index = 115)]
        InvalidPattern { index: u8, offset: u16 },
        /// The `pattern` uses look-around, a back-reference or a Unicode property.
        ///
        /// Express it with alternatives, with ranges, or with `allOf` and `not`.
        #[codec(index = 116)]
        UnsupportedPattern { index: u8, offset: u16 },
        /// The `pattern` or its repetitions are too long.
        ///
        /// Limit the length with `maxLength`, and repeat with `*` or `+`.
        #[codec(index = 117)]
        PatternTooComplex { index: u8, offset: u16 },
        /// The text does not match the `pattern` of the schema.
        #[codec(index = 118)]
        PatternMismatch { index: u8, offset: u16 },
        /// Two items of the array are equal, but the schema requires all items to differ.
        ///
        /// Remove one of them.
        #[codec(index = 119)]
        UniqueItemsMismatch { index: u8, offset: u16 },
        /// No item of the array matches the schema in `contains`.
        ///
        /// Add one that does.
        #[codec(index = 120)]
        ContainsMismatch { index: u8, offset: u16 },
        /// Fewer items of the array match the schema in `contains` than `minContains` requires.
        ///
        /// Add some that do.
        #[codec(index = 121)]
        MinContainsMismatch { index: u8, offset: u16 },
        /// More items of the array match the schema in `contains` than `maxContains` allows.
        ///
        /// Remove some that do.
        #[codec(index = 122)]
        MaxContainsMismatch { index: u8, offset: u16 },
        /// The value matches `if` but not `then`, or it matches neither `if` nor `else`.
        ///
        /// Compare it with them.
        #[codec(index = 123)]
        IfMismatch { index: u8, offset: u16 },
        /// The object has a member that requires another member, which is missing.
        ///
        /// Add it: the schema names it in `dependentRequired`, or up to draft 7 in `dependencies`.
        #[codec(index = 124)]
        DependentRequiredMismatch { index: u8, offset: u16 },
        /// The object has a member that requires the object to match a schema, which it does not.
        ///
        /// Compare it with that schema in `dependentSchemas`, or up to draft 7 in `dependencies`.
        #[codec(index = 125)]
        DependentSchemasMismatch { index: u8, offset: u16 },
    }
}
