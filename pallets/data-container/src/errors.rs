// SPDX-License-Identifier: Apache-2.0

use frame_support::pallet_macros::pallet_section;

// The documentation of the variants is the one source of what clients say about them: the first
// paragraph says what an error means, a second one what to do, where that does not follow.
// `scripts/generate-docs.sh` writes it to where it is used.

/// The pallet's errors.
///
/// Those about a value or a document carry `index` and `offset` in the bytes after the error's own
/// index:
/// - `index`: the position in the call of what is wrong, from 0: the data set in a plugin document,
///   the value in `store`, the item in `append`, 0 elsewhere and where the text as a whole is not
///   JSON.
/// - `offset`: the byte where it is wrong, at most 65,535. It counts from the beginning of the
///   value; for a data set in a plugin document, from where its member begins. Of a member, a
///   keyword that is not supported, or an `$id`, it is where the name begins.
///
/// The views `check_value`, `check_document` and `check_definition` return a JSON Pointer too.
#[pallet_section]
mod errors {
    #[pallet::error]
    #[allow(missing_docs, reason = "`index` and `offset` are the same in all variants: see above")]
    pub enum Error<T> {
        /// There is no plugin with this id.
        ///
        /// Look it up among the published plugins.
        #[codec(index = 0)]
        PluginNotFound,
        /// The plugin was retired: it makes no more instances and cannot be retired again.
        ///
        /// Use the plugin that replaces it.
        #[codec(index = 1)]
        PluginRetired,
        /// Only the publisher of a plugin may retire it or publish a new version of it.
        ///
        /// Sign with the publisher's account.
        #[codec(index = 2)]
        NotPublisher,
        /// There is no container with this id.
        ///
        /// Check the id, and the chain.
        #[codec(index = 3)]
        ContainerNotFound,
        /// The container was closed: its data and definitions never change again.
        ///
        /// Clone it to go on, before its data sets are purged.
        #[codec(index = 4)]
        ContainerClosed,
        /// Only the container's owner may do this; an offer that has lapsed is cancelled by any
        /// account.
        ///
        /// Sign with the owner's account, or ask the owner; a company signs through its proxy.
        #[codec(index = 5)]
        NotOwner,
        /// The container is on offer: until the offer ends, its owner only appends to lists,
        /// rotates keys without a cut, and gives seeds to those that lack them; nothing is removed,
        /// and no other account is offered it.
        ///
        /// Wait until the offer ends, or cancel it first; one that has lapsed is renewed or
        /// cancelled.
        #[codec(index = 6)]
        OfferPending,
        /// The container has no data set of this name.
        ///
        /// Look at the container's data sets: names are compared byte by byte.
        #[codec(index = 7)]
        DataSetNotFound,
        /// The data set was retired: it never changes again.
        #[codec(index = 8)]
        DataSetRetired,
        /// The container has or had a data set of this name, and names are never used again.
        ///
        /// Choose another name.
        #[codec(index = 9)]
        DataSetExists,
        /// Only a retired data set is purged.
        ///
        /// Retire it first.
        #[codec(index = 10)]
        NotRetired,
        /// The signer is not the owner, and has no role or grant for this on this data set.
        ///
        /// Ask the owner for one; a grant may have expired.
        #[codec(index = 11)]
        NotPermitted,
        /// Only its owner, or an account with access to it, clones a container with confidential
        /// data sets.
        ///
        /// Ask the owner to share a data set with you.
        #[codec(index = 12)]
        MayNotClone,
        /// An entry is set, stored and cleared; a list is appended to, and its items are removed.
        ///
        /// Use the call for the other kind.
        #[codec(index = 13)]
        WrongKind,
        /// A confidential data set takes sealed values only.
        ///
        /// Seal the value, and send it with `set_sealed_entry` or `append_sealed`.
        #[codec(index = 14)]
        Confidential,
        /// The data set is write-once: its entry was set already, or what is in it is never removed
        /// or purged.
        #[codec(index = 15)]
        WriteOnce,
        /// The data set has another revision than expected: it changed in between.
        ///
        /// Read it again, and send your change with the new revision.
        #[codec(index = 16)]
        StaleRevision,
        /// There is nothing to remove: the entry is empty, or the item does not exist or was
        /// removed.
        #[codec(index = 17)]
        ItemNotFound,
        /// The call names no values, items, permissions or envelopes, the data set was purged
        /// already, no grant has ended, or the account has no roles and grants to give up.
        #[codec(index = 18)]
        NothingToDo,
        /// One call appends at most 256 items and stores at most 64 values.
        ///
        /// Send the rest in a second call.
        #[codec(index = 19)]
        TooManyItems,
        /// One call stores at most 65,584 bytes of values, defaults and cloned values included.
        ///
        /// Send the rest in a second call.
        #[codec(index = 20)]
        PayloadTooLong,
        /// A container or a plugin has at most 64 data sets, retired ones included.
        ///
        /// Make a second one.
        #[codec(index = 21)]
        TooManyDataSets,
        /// A container or a plugin has at most 16 roles.
        ///
        /// Use fewer, or change one that is no longer needed.
        #[codec(index = 22)]
        TooManyRoles,
        /// A name has 1 to 64 bytes of UTF-8 text without control and invisible characters, without
        /// white space at its ends, and without `/`.
        ///
        /// Choose another name; no role is called `0`, which stands for the owner.
        #[codec(index = 23)]
        InvalidName,
        /// The description is not JSON text, or an object in it has the same member twice.
        ///
        /// Text needs quotes: `"Service log"`, `{"name":"Service log"}`.
        #[codec(index = 24)]
        DescriptionNotJson {
            /// The first byte that is wrong.
            offset: u16,
        },
        /// The description has more than 8,192 bytes.
        ///
        /// Shorten it, or put the text into a data set.
        #[codec(index = 25)]
        DescriptionTooLong,
        /// The document has more than 262,144 bytes.
        ///
        /// Shorten it, or make two plugins of it.
        #[codec(index = 26)]
        DocumentTooLong,
        /// The chain has no numbers left for more of this.
        ///
        /// Report it, with the block and the call.
        #[codec(index = 27)]
        IdsExhausted,
        /// The state lacks something that it must have.
        ///
        /// Report it, with the block and the call.
        #[codec(index = 28)]
        Corrupt,
        /// A member of the document is missing or has a value that it cannot have.
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
        /// The array schema of a list stands for its items: besides `type`, `items` and annotations
        /// it can demand nothing.
        ///
        /// Remove the other keywords.
        #[codec(index = 31)]
        ListSchemaDemandsMore { index: u8, offset: u16 },
        /// A confidential data set has a `value`, which everyone could read in the document.
        ///
        /// Make the data set public, or leave the value out and seal it afterwards.
        #[codec(index = 32)]
        ConfidentialDefault { index: u8, offset: u16 },
        /// The `value` of a list is an array of 1 to 256 items.
        #[codec(index = 33)]
        InvalidListDefault { index: u8, offset: u16 },
        /// A schema is an object, `true` or `false`.
        #[codec(index = 34)]
        NotASchema { index: u8, offset: u16 },
        /// The schema uses a keyword of JSON Schema that the chain does not check, such as
        /// `unevaluatedItems`, or one that its draft no longer has.
        ///
        /// Remove it, or say it with other keywords.
        #[codec(index = 35)]
        UnsupportedKeyword { index: u8, offset: u16 },
        /// A keyword of the schema has a value that it cannot have, such as a text for `minimum`.
        #[codec(index = 36)]
        InvalidKeywordValue { index: u8, offset: u16 },
        /// The schema names a type that does not exist.
        ///
        /// Use `"null"`, `"boolean"`, `"object"`, `"array"`, `"number"`, `"integer"`, `"string"`,
        /// or an array of them; the type of text is `"string"`.
        #[codec(index = 37)]
        UnknownType { index: u8, offset: u16 },
        /// A schema has at most 65,536 bytes and 1,024 schemas in it; once compiled it has at most
        /// 262,144 bytes, and no more than 1,024 and another 12 for each byte of its text.
        ///
        /// Split the data set into two, or shorten names and the values in `enum`.
        #[codec(index = 38)]
        SchemaTooLong { index: u8, offset: u16 },
        /// More than 32 schemas could apply to one place of a value; a long `pattern` counts as
        /// several.
        ///
        /// Use fewer branches in `allOf`, `anyOf` and `oneOf`, fewer arrays and objects in `enum`,
        /// and no branches that refer to what is around them.
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
        /// A value or an item has at most 65,536 bytes.
        ///
        /// Shorten it, or keep it elsewhere and store its hash.
        #[codec(index = 43)]
        ValueTooLong { index: u8, offset: u16 },
        /// Arrays and objects nest at most 32 levels deep in a value, and 16 in a schema.
        ///
        /// Flatten them.
        #[codec(index = 44)]
        TooDeep { index: u8, offset: u16 },
        /// A number has at most 128 significant digits and an exponent from -512 to 512.
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
        /// The value is not the one that the schema names.
        #[codec(index = 49)]
        ConstMismatch { index: u8, offset: u16 },
        /// The object lacks a member that the schema requires.
        ///
        /// Add it.
        #[codec(index = 50)]
        RequiredMismatch { index: u8, offset: u16 },
        /// The object has a member that the schema does not know.
        ///
        /// Remove it, or look for a slip in its name.
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
        /// The number is not a multiple of the step that the schema names.
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
        /// Leave it out.
        #[codec(index = 67)]
        FalseSchema { index: u8, offset: u16 },
        /// The container has no role of this name.
        ///
        /// Look at the container's roles.
        #[codec(index = 68)]
        RoleNotFound,
        /// The account holds this role already.
        #[codec(index = 69)]
        RoleHeld,
        /// The account does not hold this role.
        #[codec(index = 70)]
        RoleNotHeld,
        /// The access has no bits, or bits without a meaning.
        ///
        /// Add up 1 to read, 2 to write and 4 to remove.
        #[codec(index = 71)]
        InvalidAccess,
        /// Roles write and remove: reading a confidential data set takes a key.
        ///
        /// Share the data set with each account that is to read it.
        #[codec(index = 72)]
        RolesCannotRead,
        /// Everyone reads a public data set: there is no READ to give or to take.
        ///
        /// Leave READ out of the access.
        #[codec(index = 73)]
        ReadIsPublic,
        /// The account has no such access to this data set through a grant.
        #[codec(index = 74)]
        NotShared,
        /// The moment has passed.
        ///
        /// Give a moment in the future, in Unix milliseconds.
        #[codec(index = 75)]
        InvalidExpiry,
        /// Only a confidential data set has keys, envelopes and sealed values.
        ///
        /// Write a public one with `set_entry`, `store` or `append`.
        #[codec(index = 76)]
        NotConfidential,
        /// The data set has no key yet, so nothing can be sealed for it.
        ///
        /// Its owner makes one with `rotate_key`; the first rotation is a `Cut`, since there is no
        /// epoch before to link.
        #[codec(index = 77)]
        NoKey,
        /// The data set has another epoch than the call names: its key was rotated.
        ///
        /// Read the newest epoch, and seal again; `set_envelope` and `set_envelopes` take the
        /// current epoch or the last one before a cut.
        #[codec(index = 78)]
        StaleEpoch,
        /// Since the last rotation an account that may hold the seed lost READ, or its READ ended.
        ///
        /// Its owner rotates the key with `rotate_key` first, also if the account reads again; then
        /// seal to the new key; the view `sealing` names the cause.
        #[codec(index = 79)]
        RotationDue,
        /// This X25519 public key is zero or of low order: anyone could open what is sealed to it.
        ///
        /// Make a new key pair.
        #[codec(index = 80)]
        WeakKey,
        /// An account changes its encryption key at most once in 600 blocks.
        ///
        /// Try again in half an hour.
        #[codec(index = 81)]
        KeyChangedRecently,
        /// The account has no encryption key.
        ///
        /// It sets one first, with `set_encryption_key`; a first key replaces none, so none can
        /// have leaked.
        #[codec(index = 82)]
        NoEncryptionKey,
        /// The account's encryption key has another version than the call names.
        ///
        /// Read the key again; seal anew to it, or name its version to replace it.
        #[codec(index = 83)]
        StaleKeyVersion,
        /// The account may not read this data set, so it gets no envelope.
        ///
        /// Share the data set with it first, with READ.
        #[codec(index = 84)]
        NotAReader,
        /// One call brings at most 64 envelopes, `rotate_key` besides the owner's;
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
        /// Read the new one before you accept it.
        #[codec(index = 87)]
        WrongOffer,
        /// The container is offered to another account.
        ///
        /// Sign with the account that it is offered to.
        #[codec(index = 88)]
        NotOfferee,
        /// The offer's deadline has passed.
        ///
        /// Its owner renews it, or any account cancels it; until then, nothing is sealed or
        /// accepted.
        #[codec(index = 89)]
        OfferLapsed,
        /// The container is its owner's already.
        ///
        /// Name another account.
        #[codec(index = 90)]
        OfferToSelf,
        /// The container is on offer together with a twin.
        ///
        /// Accept or decline the twin's offer: it is the container's, too.
        #[codec(index = 91)]
        OfferedWithTwin,
        /// The container is no longer on offer with this twin: it was handed over, or its offer was
        /// cancelled or renewed without it.
        ///
        /// Ask the owner to offer the twin again.
        #[codec(index = 92)]
        NotOfferedWithTwin,
        /// The account has no envelope of this epoch of the confidential data set.
        ///
        /// An offer brings one of the current epoch for each confidential data set, sealed to the
        /// offeree's current encryption key, and so does a rotation while it is open; a reader that
        /// was left out of a rotation asks the owner for its envelope.
        #[codec(index = 93)]
        MissingEnvelope {
            /// The data set's id.
            data_set: u16,
        },
        /// A sealed value has a multiple of 64 bytes and 48 more, at most 65,584 in all.
        ///
        /// Seal it with the JavaScript client.
        #[codec(index = 94)]
        InvalidCiphertext {
            /// The position in the call, from 0.
            index: u8,
        },
        /// A sealed seed or secret key has the length that its suite decides: 80 bytes in suite 1.
        ///
        /// Seal it with the JavaScript client.
        #[codec(index = 95)]
        InvalidSealedSeed,
        /// The new key is the current one.
        ///
        /// Make the new key from a new random seed.
        #[codec(index = 96)]
        KeyUnchanged,
        /// The X25519 public key is not below 2^255 - 19.
        ///
        /// Encode it as RFC 7748 says, with the top bit cleared.
        #[codec(index = 97)]
        NonCanonicalKey,
        /// Until 30 days after a data set was retired, only its container's owner purges it.
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
        /// Make a key from a new random seed.
        #[codec(index = 100)]
        KeyUsed,
        /// The suite is unknown.
        ///
        /// Use suite 1: X25519, HKDF-SHA256 and ChaCha20-Poly1305.
        #[codec(index = 101)]
        UnsupportedSuite,
        /// A public key has the length that its suite decides: 32 bytes in suite 1.
        ///
        /// Give the bytes of the key alone.
        #[codec(index = 102)]
        InvalidPublicKey,
        /// The history of a data set is cut at most 16 times, the first rotation included.
        ///
        /// Link this rotation to the epoch before.
        #[codec(index = 103)]
        TooManySegments,
        /// The account has no encryption key of this version.
        ///
        /// Look at the account's encryption keys.
        #[codec(index = 104)]
        KeyNotFound,
        /// A version of a secret key has at most 16 holders.
        ///
        /// Remove one first, with `remove_account_envelope`.
        #[codec(index = 105)]
        TooManyHolders,
        /// The holder has no envelope of this version of the secret key.
        ///
        /// Look at the account envelopes of this version.
        #[codec(index = 106)]
        HolderNotFound,
        /// An envelope sealed to the key that it holds opens nothing, and no `Key` is one of the
        /// account's own versions.
        ///
        /// Seal it to another key: of a device, of a colleague, or on paper; seal an older version
        /// to the account itself, which takes the newest.
        #[codec(index = 107)]
        SealedToItself,
        /// The container has a role of this name already.
        ///
        /// Choose another name.
        #[codec(index = 108)]
        RoleExists,
        /// Accounts hold the role, so it stays.
        ///
        /// Take it from them first, with `unassign_role`; the view `members` lists them.
        #[codec(index = 109)]
        RoleInUse,
        /// The keyword `$schema` names a draft of JSON Schema that the chain does not know, or
        /// another one than the schema around it does.
        ///
        /// Name 2020-12, 2019-09, 7, 6 or 4, or leave it out for 2020-12.
        #[codec(index = 110)]
        UnknownDialect { index: u8, offset: u16 },
        /// A `$ref` leads to nothing, or to what is not a schema.
        ///
        /// Compare it with the schema: a place of it is written as in `#/$defs/serial`.
        #[codec(index = 111)]
        ReferenceNotFound { index: u8, offset: u16 },
        /// A `$ref` leads out of the schema.
        ///
        /// Copy what it leads to into `$defs`, and refer to it there.
        #[codec(index = 112)]
        ReferenceAway { index: u8, offset: u16 },
        /// References lead in a circle, so that a schema would apply itself to the same value.
        ///
        /// Let one of them apply to a member or an item.
        #[codec(index = 113)]
        CircularReference { index: u8, offset: u16 },
        /// A schema within the schema has an `$id` (`id` in draft 4), so that the references in it
        /// would lead elsewhere.
        ///
        /// Remove it; that of the whole schema may stay.
        #[codec(index = 114)]
        NestedId { index: u8, offset: u16 },
        /// The text of `pattern` is not a regular expression of ECMA-262 with the flag `u`.
        ///
        /// Correct it at this byte; `-` and most signs that mean nothing need no backslash.
        #[codec(index = 115)]
        InvalidPattern { index: u8, offset: u16 },
        /// The `pattern` uses look-around, a back-reference or a Unicode property.
        ///
        /// Say it without: with alternatives, with ranges, or with `allOf` and `not`.
        #[codec(index = 116)]
        UnsupportedPattern { index: u8, offset: u16 },
        /// The `pattern` is too long, or its repetitions are.
        ///
        /// Bound the length with `maxLength`, and repeat with `*` or `+`.
        #[codec(index = 117)]
        PatternTooComplex { index: u8, offset: u16 },
        /// The text does not match the `pattern` of the schema.
        #[codec(index = 118)]
        PatternMismatch { index: u8, offset: u16 },
        /// Two items of the array are equal, and the schema wants all of them to differ.
        ///
        /// Remove one of them.
        #[codec(index = 119)]
        UniqueItemsMismatch { index: u8, offset: u16 },
        /// No item of the array matches the schema in `contains`.
        ///
        /// Add one that does.
        #[codec(index = 120)]
        ContainsMismatch { index: u8, offset: u16 },
        /// Fewer items of the array match the schema in `contains` than `minContains` says.
        ///
        /// Add some that do.
        #[codec(index = 121)]
        MinContainsMismatch { index: u8, offset: u16 },
        /// More items of the array match the schema in `contains` than `maxContains` says.
        ///
        /// Remove some that do.
        #[codec(index = 122)]
        MaxContainsMismatch { index: u8, offset: u16 },
        /// The value does not match `then`, although it matches `if`; or it matches neither `if`
        /// nor `else`.
        ///
        /// Compare it with them.
        #[codec(index = 123)]
        IfMismatch { index: u8, offset: u16 },
        /// The object has a member that demands another one, which it has not.
        ///
        /// Add it: the schema names it in `dependentRequired`, or up to draft 7 in `dependencies`.
        #[codec(index = 124)]
        DependentRequiredMismatch { index: u8, offset: u16 },
        /// The object has a member that demands that it matches a schema, which it does not.
        ///
        /// Compare it with that schema in `dependentSchemas`, or up to draft 7 in `dependencies`.
        #[codec(index = 125)]
        DependentSchemasMismatch { index: u8, offset: u16 },
    }
}
