// SPDX-License-Identifier: Apache-2.0

use frame_support::pallet_macros::pallet_section;

/// The pallet's calls.
#[pallet_section]
mod calls {
    use super::growth;
    use super::weights::{max_work, total, total_values, with_compiling, with_work, Work};
    use twinchain_primitives::{with_actual_weight, with_written_bytes, SharedEnvelope};

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Publishes a plugin: a reusable definition of data sets and roles.
        ///
        /// # Dispatch Origin
        /// Signed by any account, which becomes the plugin's publisher.
        ///
        /// # Details
        /// - `document`: JSON text, at most 262,144 bytes. In Polkadot.js Apps, drop the file on
        ///   the field. Its form: `{"description": {"name": ..}, "template": {"type": ..,
        ///   "properties": {NAME: {"type": "entry" or "list", "dataSchema": .., "visibility":
        ///   "public" or "confidential", "permissions": {ROLE: ["set", "remove"]}, "value": ..,
        ///   "writeOnce": ..}}}}`, at most 64 data sets and 16 roles. For a new version,
        ///   `"replaces": ID` beside `template` names the earlier plugin of the same publisher.
        ///
        /// The chain stores the document byte for byte under its hash. A plugin never changes,
        /// except that its publisher can retire it.
        ///
        /// # Errors
        /// `DocumentTooLong`, `DescriptionTooLong`, `TooManyDataSets`, `TooManyRoles`,
        /// `PayloadTooLong`, `IdsExhausted`.
        ///
        /// About the plugin that `replaces` names: `PluginNotFound`, `NotPublisher`.
        ///
        /// With the index of the data set and the byte offset from the beginning of its member:
        /// - `InvalidMember`, `InvalidNameIn`, `ListSchemaDemandsMore`, `ConfidentialDefault`,
        ///   `InvalidListDefault`;
        /// - the errors of schemas: from `NotASchema` to `SchemaTooComplex`, and from
        ///   `UnknownDialect` to `PatternTooComplex`;
        /// - for a default that does not match its schema, the errors of values: from `InvalidJson`
        ///   to `FalseSchema`, and from `PatternMismatch` to `DependentSchemasMismatch`.
        ///
        /// # Events
        /// `PluginPublished`.
        #[pallet::call_index(0)]
        #[pallet::weight(with_work::<T::WeightInfo>(
            T::WeightInfo::publish_plugin(document.len().saturated_into()),
            max_work(document.len(), 0u32),
        ).saturating_add(growth::publish_plugin(document)))]
        pub fn publish_plugin(
            origin: OriginFor<T>,
            document: Vec<u8>,
        ) -> DispatchResultWithPostInfo {
            let publisher = ensure_signed(origin)?;
            let bytes = document.len().saturated_into();
            let weight = T::WeightInfo::publish_plugin(bytes);
            let mut work = Work::default();
            let result = Self::do_publish_plugin(publisher, document, &mut work);
            let spent = with_compiling::<T::WeightInfo>(weight, MAX_DATA_SETS, bytes, work);
            with_written_bytes(spent, result)
        }

        /// Retires a plugin: no new instances of it can be created.
        ///
        /// # Dispatch Origin
        /// Signed by the plugin's publisher.
        ///
        /// # Details
        /// Permanent. The document stays readable, and existing instances are unaffected.
        ///
        /// # Errors
        /// `PluginNotFound`, `NotPublisher`, `PluginRetired`.
        ///
        /// # Events
        /// `PluginRetired`.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::retire_plugin().saturating_add(growth::retire_plugin()))]
        pub fn retire_plugin(origin: OriginFor<T>, plugin: PluginId) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let result = Self::do_retire_plugin(&who, plugin);
            with_written_bytes(T::WeightInfo::retire_plugin(), result)
        }

        /// Creates a container without data sets. Add them with `add_data_set`.
        ///
        /// # Dispatch Origin
        /// Signed by any account, which becomes the owner.
        ///
        /// # Details
        /// - `description`: JSON text, at most 8,192 bytes, or empty (in Apps: `0x`) for none.
        ///
        /// # Errors
        /// `DescriptionNotJson`, `DescriptionTooLong`, `IdsExhausted`.
        ///
        /// # Events
        /// `ContainerCreated`, and `DescriptionSet` if there is a description.
        #[pallet::call_index(10)]
        #[pallet::weight(T::WeightInfo::create_container(description.len().saturated_into())
            .saturating_add(growth::create_container(description)))]
        pub fn create_container(origin: OriginFor<T>, description: Vec<u8>) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::do_create_container(owner, description).map(|_| ())
        }

        /// Creates a container from a plugin: copies its data sets and roles, and writes its
        /// defaults.
        ///
        /// # Dispatch Origin
        /// Signed by any account, which becomes the owner.
        ///
        /// # Details
        /// - `description`: JSON text, at most 8,192 bytes. If empty (in Apps: `0x`), the plugin's
        ///   description is used.
        ///
        /// The container has its own copy: later changes to it do not affect the plugin or other
        /// instances.
        ///
        /// # Errors
        /// `PluginNotFound`, `PluginRetired`, `DescriptionNotJson`, `DescriptionTooLong`,
        /// `IdsExhausted`, `Corrupt`.
        ///
        /// # Events
        /// `ContainerCreated`, `DescriptionSet` if there is a description, `DataSetAdded` for each
        /// data set, `DataSetChanged` for each default, `RoleSet` for each role.
        #[pallet::call_index(11)]
        #[pallet::weight(T::WeightInfo::instantiate(
            description.len().saturated_into::<u32>().max(MAX_DOCUMENT),
            MAX_DATA_SETS,
            MAX_PAYLOAD,
        ).saturating_add(growth::instantiate(description)))]
        pub fn instantiate(
            origin: OriginFor<T>,
            plugin: PluginId,
            description: Vec<u8>,
        ) -> DispatchResultWithPostInfo {
            let owner = ensure_signed(origin)?;
            let mut spent = Weight::zero();
            let result = Self::do_instantiate(owner, plugin, description, &mut spent);
            with_actual_weight(spent, result)
        }

        /// Creates a container like another: with its data sets in use, its roles and its
        /// description.
        ///
        /// # Dispatch Origin
        /// Signed by an account that may link the container: its owner, an account that holds a
        /// role or a grant on a data set in use, or any account if no confidential data set is in
        /// use. The signer owns the clone.
        ///
        /// # Details
        /// - `with_values`: whether to copy the values of public entries, at most 65,584 bytes in
        ///   total.
        ///
        /// Members, grants, keys and items are never copied. The clone records its source. It is an
        /// instance of the same plugin only if that plugin is not retired and the copied data sets
        /// are exactly the plugin's.
        ///
        /// # Errors
        /// `ContainerNotFound`, `MayNotClone`, `PayloadTooLong`, `IdsExhausted`.
        ///
        /// # Events
        /// `ContainerCreated`, `ContainerCloned`, `DescriptionSet` if there is a description,
        /// `DataSetAdded` for each data set, `DataSetChanged` for each value, `RoleSet` for each
        /// role.
        #[pallet::call_index(12)]
        #[pallet::weight(T::WeightInfo::clone_container(MAX_DATA_SETS, MAX_PAYLOAD)
            .saturating_add(growth::clone_container()))]
        pub fn clone_container(
            origin: OriginFor<T>,
            container: ContainerId,
            with_values: bool,
        ) -> DispatchResultWithPostInfo {
            let owner = ensure_signed(origin)?;
            let mut spent = Weight::zero();
            let result = Self::do_clone_container(owner, container, with_values, &mut spent);
            with_actual_weight(spent, result)
        }

        /// Replaces a container's description.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner.
        ///
        /// # Details
        /// - `description`: JSON text, at most 8,192 bytes, or empty (in Apps: `0x`) for none.
        ///
        /// # Errors
        /// `ContainerNotFound`, `NotOwner`, `ContainerClosed`, `OfferPending`,
        /// `DescriptionNotJson`, `DescriptionTooLong`.
        ///
        /// # Events
        /// `DescriptionSet`.
        #[pallet::call_index(13)]
        #[pallet::weight(T::WeightInfo::set_description(description.len().saturated_into())
            .saturating_add(growth::set_description(description)))]
        pub fn set_description(
            origin: OriginFor<T>,
            container: ContainerId,
            description: Vec<u8>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_set_description(&who, container, description)
        }

        /// Adds a data set to a container.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner.
        ///
        /// # Details
        /// - `name`: text, 1 to 64 bytes, without control and invisible characters, without white
        ///   space at its ends, and without `/`. No data set of the container may have had this
        ///   name before. Forms read text that begins with `0x` as hex.
        /// - `definition`: JSON text, at most 262,144 bytes, in the form of a data set in a plugin
        ///   document: `{"type": "entry" or "list", "dataSchema": .., ..}`.
        ///
        /// # Errors
        /// `ContainerNotFound`, `NotOwner`, `ContainerClosed`, `OfferPending`, `InvalidName`,
        /// `DataSetExists`, `TooManyDataSets`, `TooManyRoles`, and for an invalid definition
        /// those of `publish_plugin`.
        ///
        /// # Events
        /// `DataSetAdded`, `RoleSet` for each role that the definition names, and `DataSetChanged`
        /// if there is a default.
        #[pallet::call_index(14)]
        #[pallet::weight(with_work::<T::WeightInfo>(
            T::WeightInfo::add_data_set(definition.len().saturated_into()),
            max_work(definition.len(), 0u32),
        ).saturating_add(growth::add_data_set(name, definition)))]
        pub fn add_data_set(
            origin: OriginFor<T>,
            container: ContainerId,
            name: Vec<u8>,
            definition: Vec<u8>,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let bytes = definition.len().saturated_into();
            let weight = T::WeightInfo::add_data_set(bytes);
            let mut work = Work::default();
            let result = Self::do_add_data_set(&who, container, name, definition, &mut work);
            let spent = with_compiling::<T::WeightInfo>(weight, 1, bytes, work);
            with_written_bytes(spent, result)
        }

        /// Retires a data set: it never changes again, and its name and id are never used again.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner.
        ///
        /// # Details
        /// - `data_set`: text, the data set's name.
        ///
        /// Permanent. The stored data stays readable until `purge` clears it. The data of a
        /// write-once data set is never cleared.
        ///
        /// # Errors
        /// `ContainerNotFound`, `NotOwner`, `ContainerClosed`, `OfferPending`, `InvalidName`,
        /// `DataSetNotFound`, `DataSetRetired`, `IdsExhausted`.
        ///
        /// # Events
        /// `DataSetChanged`.
        #[pallet::call_index(15)]
        #[pallet::weight(
            T::WeightInfo::retire_data_set().saturating_add(growth::retire_data_set(data_set))
        )]
        pub fn retire_data_set(
            origin: OriginFor<T>,
            container: ContainerId,
            data_set: Vec<u8>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_retire_data_set(&who, container, data_set)
        }

        /// Clears the data of a retired data set from the state, in steps.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner. If the container is not closed, any account can sign
        /// once 30 days have passed since the data set was retired.
        ///
        /// # Details
        /// - `data_set`: text, the data set's name.
        /// - `limit`: the maximum number of batches, envelopes and epochs to clear. Values below 1
        ///   count as 1, values above 64 as 64.
        ///
        /// Repeat the call until it fails with `NothingToDo`. At most 8 calls in a block can clear
        /// envelopes and epochs, or fewer if other calls have removed envelopes in that block.
        ///
        /// The name, id, revision and head stay, so the history can still be proven. A write-once
        /// data set is never purged. In a closed container the owner can purge any data set; one
        /// that is still in use is retired first.
        ///
        /// # Errors
        /// `ContainerNotFound`, `NotOwner`, `OfferPending`, `InvalidName`, `DataSetNotFound`,
        /// `NotRetired`, `WriteOnce`, `PurgeTooEarly`, `NothingToDo`, `PurgedEnough`,
        /// `IdsExhausted`.
        ///
        /// # Events
        /// `DataSetChanged` if the call retires the data set, `EnvelopeRemoved` for each envelope,
        /// `DataSetPurged`.
        #[pallet::call_index(16)]
        #[pallet::weight(T::WeightInfo::purge((*limit).clamp(1, MAX_PURGE))
            .saturating_add(growth::purge(data_set)))]
        pub fn purge(
            origin: OriginFor<T>,
            container: ContainerId,
            data_set: Vec<u8>,
            limit: u32,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let written = growth::purge(&data_set);
            let result = Self::do_purge(&who, container, data_set, limit);
            let spent = T::WeightInfo::purge(result.unwrap_or_default());
            with_actual_weight(spent.saturating_add(written), result)
        }

        /// Closes a container: its data and definitions never change again. It stays readable.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner.
        ///
        /// # Details
        /// Permanent. The owner can still share the container, rotate keys, hand it over, and purge
        /// its data sets.
        ///
        /// # Errors
        /// `ContainerNotFound`, `NotOwner`, `ContainerClosed`, `OfferPending`.
        ///
        /// # Events
        /// `ContainerClosed`.
        #[pallet::call_index(17)]
        #[pallet::weight(
            T::WeightInfo::close_container().saturating_add(growth::close_container())
        )]
        pub fn close_container(origin: OriginFor<T>, container: ContainerId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_close_container(&who, container)
        }

        /// Offers a container to another account, which becomes its owner by accepting.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner.
        ///
        /// # Details
        /// - `to`: the offeree, the only account that can accept.
        /// - `deadline`: the last moment to accept, in Unix milliseconds.
        /// - `envelopes`: the current seeds of confidential data sets, sealed for `to`, at most 64.
        ///   One is required for every confidential data set that has a key, unless `to` has that
        ///   envelope already. A retired data set requires one only while it holds values. Seeds of
        ///   segments before a cut can be sent later with `set_envelopes`.
        ///
        /// An offer discloses data: `to` can immediately read what the envelopes open. While the
        /// container is on offer, the owner sets no entries and only appends to lists. Nothing is
        /// removed, and definitions, roles and grants do not change. Other accounts can still
        /// write; sealed values are accepted until the deadline. The owner can rotate a key if the
        /// call brings an envelope for `to`.
        ///
        /// To renew an offer, also a lapsed one, offer again to the same account. The renewed offer
        /// has a new id, and the old id becomes invalid. To offer the container to another account,
        /// cancel the offer first.
        ///
        /// # Errors
        /// `TooManyEnvelopes`, `ContainerNotFound`, `NotOwner`, `OfferToSelf`, `InvalidExpiry`,
        /// `OfferPending`, `InvalidName`, `DataSetNotFound`, `DataSetRetired`, `NotConfidential`,
        /// `NoKey`, `StaleEpoch`, `NoEncryptionKey`, `StaleKeyVersion`, `MissingEnvelope`,
        /// `InvalidSealedSeed`, `IdsExhausted`.
        ///
        /// # Events
        /// `OwnershipOffered`, `EnvelopeSet` for each envelope.
        #[pallet::call_index(20)]
        #[pallet::weight(T::WeightInfo::offer_ownership(
            MAX_DATA_SETS,
            envelopes.len().saturated_into(),
        ).saturating_add(growth::offer_ownership(envelopes)))]
        pub fn offer_ownership(
            origin: OriginFor<T>,
            container: ContainerId,
            to: T::AccountId,
            deadline: Moment,
            envelopes: Vec<SharedEnvelope>,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let mut spent = Weight::zero();
            let result = Self::do_offer(&who, container, to, deadline, None, envelopes, &mut spent);
            with_actual_weight(spent, result)
        }

        /// Accepts the offer of a container. The signer becomes its owner.
        ///
        /// # Dispatch Origin
        /// Signed by the offeree.
        ///
        /// # Details
        /// - `offer`: the id of the offer. The call fails if the owner has renewed the offer since
        ///   it was read.
        ///
        /// Roles and grants of other accounts stay, so check them first with `members`. The event
        /// lists those of at most 16 accounts, and says whether there are more. It lists none if
        /// more than 64 accounts lost their last right in a container in the same block.
        ///
        /// The former owner keeps only the rights that it granted to itself. The signer's own roles
        /// and grants end. Confidential data sets accept no sealed values until the signer rotates
        /// their keys. The former owner keeps its envelopes of segments before a cut.
        ///
        /// # Errors
        /// `ContainerNotFound`, `OfferedWithTwin`, `OfferNotFound`, `NotOfferee`, `WrongOffer`,
        /// `OfferLapsed`.
        ///
        /// # Events
        /// `OwnershipTransferred`, `RoleUnassigned` and `Unshared` for the rights that the signer
        /// held, `EnvelopeRemoved` for each data set of which the former owner loses an envelope,
        /// `SealingLimited` for each data set whose sealing had not ended.
        #[pallet::call_index(21)]
        #[pallet::weight(
            Pallet::<T>::accept_time(MAX_DATA_SETS).saturating_add(growth::accept_ownership())
        )]
        pub fn accept_ownership(
            origin: OriginFor<T>,
            container: ContainerId,
            offer: u32,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let mut spent = Weight::zero();
            let result = Self::do_accept(who, container, offer, &mut spent);
            with_actual_weight(spent, result)
        }

        /// Cancels the offer of a container.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner, or by any account after the deadline.
        ///
        /// # Details
        /// The offeree could read confidential data sets, so these accept no sealed values until
        /// the owner rotates their keys. The offeree's envelopes of the newest segments are
        /// removed, except where it reads by a grant. If the container was on offer with a twin,
        /// the twin's offer can no longer be accepted.
        ///
        /// # Errors
        /// `ContainerNotFound`, `NotOwner`, `OfferNotFound`.
        ///
        /// # Events
        /// `OfferCancelled`, `EnvelopeRemoved` for each data set of which the offeree loses an
        /// envelope, `SealingLimited` for each data set whose sealing had not ended.
        #[pallet::call_index(22)]
        #[pallet::weight(
            T::WeightInfo::cancel_offer(MAX_DATA_SETS).saturating_add(growth::cancel_offer())
        )]
        pub fn cancel_offer(
            origin: OriginFor<T>,
            container: ContainerId,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let mut spent = Weight::zero();
            let result = Self::do_cancel_offer(&who, container, &mut spent);
            with_actual_weight(spent, result)
        }

        /// Declines the offer of a container. The effect is the same as if the owner cancelled it.
        ///
        /// # Dispatch Origin
        /// Signed by the offeree, also after the deadline.
        ///
        /// # Details
        /// - `offer`: the id of the offer.
        ///
        /// The signer could read confidential data sets, so these accept no sealed values until the
        /// owner rotates their keys. The signer's envelopes of the newest segments are removed,
        /// except where it reads by a grant.
        ///
        /// # Errors
        /// `ContainerNotFound`, `OfferedWithTwin`, `OfferNotFound`, `NotOfferee`, `WrongOffer`.
        ///
        /// # Events
        /// `OfferCancelled`, `EnvelopeRemoved` for each data set of which the signer loses an
        /// envelope, `SealingLimited` for each data set whose sealing had not ended.
        #[pallet::call_index(23)]
        #[pallet::weight(
            T::WeightInfo::cancel_offer(MAX_DATA_SETS).saturating_add(growth::cancel_offer())
        )]
        pub fn decline_offer(
            origin: OriginFor<T>,
            container: ContainerId,
            offer: u32,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let mut spent = Weight::zero();
            let result = Self::do_decline_offer(who, container, offer, &mut spent);
            with_actual_weight(spent, result)
        }

        /// Sets the value of a public entry.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner, or by an account with a role or a grant that gives
        /// WRITE.
        ///
        /// # Details
        /// - `data_set`: text, the entry's name.
        /// - `value`: JSON text, at most 65,536 bytes, that matches the entry's schema. Text needs
        ///   quotes: `"Hello"`.
        /// - `expected_revision`: the entry's revision as you read it. If it has changed since, the
        ///   call fails.
        ///
        /// # Errors
        /// `ContainerNotFound`, `ContainerClosed`, `OfferPending`, `InvalidName`,
        /// `DataSetNotFound`, `DataSetRetired`, `NotPermitted`, `WrongKind`, `Confidential`,
        /// `StaleRevision`, `WriteOnce`, `IdsExhausted`, `Corrupt`, and, with the byte offset, the
        /// errors of values (from `InvalidJson` to `FalseSchema`, and from `PatternMismatch` to
        /// `DependentSchemasMismatch`).
        ///
        /// # Events
        /// `DataSetChanged`.
        #[pallet::call_index(30)]
        #[pallet::weight(with_work::<T::WeightInfo>(
            T::WeightInfo::set_entry(value.len().saturated_into()),
            max_work(value.len(), 1u32),
        ).saturating_add(growth::set_entry(data_set, value)))]
        pub fn set_entry(
            origin: OriginFor<T>,
            container: ContainerId,
            data_set: Vec<u8>,
            value: Vec<u8>,
            expected_revision: Option<u32>,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let weight = T::WeightInfo::set_entry(value.len().saturated_into())
                .saturating_add(growth::set_entry(&data_set, &value));
            let mut work = Work::default();
            let revision = expected_revision;
            let result = Self::do_set_entry(who, container, data_set, value, revision, &mut work);
            with_actual_weight(with_work::<T::WeightInfo>(weight, work), result)
        }

        /// Sets the value of a confidential entry.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner, or by an account with a role or a grant that gives
        /// WRITE.
        ///
        /// # Details
        /// - `data_set`: text, the entry's name.
        /// - `epoch`: the current epoch, to whose key the value is sealed.
        /// - `ciphertext`: binary, the value sealed with HPKE as described in
        ///   `docs/permissions.md`. Its length is a multiple of 64 bytes plus 48, at most 65,584 in
        ///   total. The signer is its associated data.
        /// - `expected_revision`: the entry's revision as you read it. If it has changed since, the
        ///   call fails.
        ///
        /// The chain cannot read the value, so the client must check it against the schema.
        ///
        /// # Errors
        /// `ContainerNotFound`, `ContainerClosed`, `OfferPending`, `InvalidName`,
        /// `DataSetNotFound`, `DataSetRetired`, `NotPermitted`, `WrongKind`, `NotConfidential`,
        /// `NoKey`, `StaleEpoch`, `RotationDue`, `OfferLapsed`, `StaleRevision`, `WriteOnce`,
        /// `InvalidCiphertext`, `IdsExhausted`.
        ///
        /// # Events
        /// `DataSetChanged`.
        #[pallet::call_index(31)]
        #[pallet::weight(T::WeightInfo::set_sealed_entry(ciphertext.len().saturated_into())
            .saturating_add(growth::set_entry(data_set, ciphertext)))]
        pub fn set_sealed_entry(
            origin: OriginFor<T>,
            container: ContainerId,
            data_set: Vec<u8>,
            epoch: u32,
            ciphertext: Vec<u8>,
            expected_revision: Option<u32>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_set_sealed_entry(
                who,
                container,
                data_set,
                epoch,
                ciphertext,
                expected_revision,
            )
        }

        /// Clears an entry: removes its value.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner, or by an account with a role or a grant that gives
        /// REMOVE.
        ///
        /// # Details
        /// - `data_set`: text, the entry's name.
        /// - `expected_revision`: the entry's revision as you read it. If it has changed since, the
        ///   call fails.
        ///
        /// # Errors
        /// `ContainerNotFound`, `ContainerClosed`, `OfferPending`, `InvalidName`,
        /// `DataSetNotFound`, `DataSetRetired`, `NotPermitted`, `WrongKind`, `StaleRevision`,
        /// `WriteOnce`, `ItemNotFound`, `IdsExhausted`.
        ///
        /// # Events
        /// `DataSetChanged`.
        #[pallet::call_index(32)]
        #[pallet::weight(
            T::WeightInfo::clear_entry().saturating_add(growth::clear_entry(data_set))
        )]
        pub fn clear_entry(
            origin: OriginFor<T>,
            container: ContainerId,
            data_set: Vec<u8>,
            expected_revision: Option<u32>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_clear_entry(who, container, data_set, expected_revision)
        }

        /// Appends items to a public list as one batch: all of them or none.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner, or by an account with a role or a grant that gives
        /// WRITE.
        ///
        /// # Details
        /// - `data_set`: text, the list's name.
        /// - `items`: 1 to 256 JSON texts that match the list's schema, each at most 65,536 bytes
        ///   and together at most 65,584. An item's address is (batch, position); it never changes.
        /// - `expected_revision`: the list's revision as you read it. If it has changed since, the
        ///   call fails.
        ///
        /// # Errors
        /// `NothingToDo`, `TooManyItems`, `PayloadTooLong`, `ContainerNotFound`, `ContainerClosed`,
        /// `InvalidName`, `DataSetNotFound`, `DataSetRetired`, `NotPermitted`, `WrongKind`,
        /// `Confidential`, `StaleRevision`, `IdsExhausted`, `Corrupt`, and, with the item's index
        /// and the byte offset, the errors of values (from `InvalidJson` to `FalseSchema`, and from
        /// `PatternMismatch` to `DependentSchemasMismatch`).
        ///
        /// # Events
        /// `DataSetChanged`.
        #[pallet::call_index(33)]
        #[pallet::weight(with_work::<T::WeightInfo>(
            T::WeightInfo::append(items.len().saturated_into(), total(items)),
            max_work(total(items), 1u32),
        ).saturating_add(growth::append(data_set, items)))]
        pub fn append(
            origin: OriginFor<T>,
            container: ContainerId,
            data_set: Vec<u8>,
            items: Vec<Vec<u8>>,
            expected_revision: Option<u32>,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let weight = T::WeightInfo::append(items.len().saturated_into(), total(&items))
                .saturating_add(growth::append(&data_set, &items));
            let mut work = Work::default();
            let revision = expected_revision;
            let result = Self::do_append(who, container, data_set, items, revision, &mut work);
            with_actual_weight(with_work::<T::WeightInfo>(weight, work), result)
        }

        /// Appends items to a confidential list as one batch: all of them or none.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner, or by an account with a role or a grant that gives
        /// WRITE.
        ///
        /// # Details
        /// - `data_set`: text, the list's name.
        /// - `epoch`: the current epoch, to whose key the items are sealed.
        /// - `items`: 1 to 256 binaries, each sealed as described at `set_sealed_entry`, together
        ///   at most 65,584 bytes.
        /// - `expected_revision`: the list's revision as you read it. If it has changed since, the
        ///   call fails.
        ///
        /// # Errors
        /// `NothingToDo`, `TooManyItems`, `PayloadTooLong`, `ContainerNotFound`, `ContainerClosed`,
        /// `InvalidName`, `DataSetNotFound`, `DataSetRetired`, `NotPermitted`, `WrongKind`,
        /// `NotConfidential`, `NoKey`, `StaleEpoch`, `RotationDue`, `OfferLapsed`, `StaleRevision`,
        /// `InvalidCiphertext`, `IdsExhausted`.
        ///
        /// # Events
        /// `DataSetChanged`.
        #[pallet::call_index(34)]
        #[pallet::weight(T::WeightInfo::append_sealed(items.len().saturated_into(), total(items))
            .saturating_add(growth::append_sealed(data_set, items)))]
        pub fn append_sealed(
            origin: OriginFor<T>,
            container: ContainerId,
            data_set: Vec<u8>,
            epoch: u32,
            items: Vec<Vec<u8>>,
            expected_revision: Option<u32>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_append_sealed(who, container, data_set, epoch, items, expected_revision)
        }

        /// Removes an item of a list. Its address is never used again.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner, or by an account with a role or a grant that gives
        /// REMOVE.
        ///
        /// # Details
        /// - `data_set`: text, the list's name.
        /// - `batch`, `position`: the item's address, both counted from 0.
        /// - `expected_revision`: the list's revision as you read it. If it has changed since, the
        ///   call fails.
        ///
        /// # Errors
        /// `ContainerNotFound`, `ContainerClosed`, `OfferPending`, `InvalidName`,
        /// `DataSetNotFound`, `DataSetRetired`, `NotPermitted`, `WrongKind`, `StaleRevision`,
        /// `WriteOnce`, `ItemNotFound`, `IdsExhausted`.
        ///
        /// # Events
        /// `DataSetChanged`.
        #[pallet::call_index(35)]
        #[pallet::weight(
            T::WeightInfo::remove_item().saturating_add(growth::remove_item(data_set))
        )]
        pub fn remove_item(
            origin: OriginFor<T>,
            container: ContainerId,
            data_set: Vec<u8>,
            batch: u32,
            position: u32,
            expected_revision: Option<u32>,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let revision = expected_revision;
            let result = Self::do_remove_item(who, container, data_set, batch, position, revision);
            with_written_bytes(T::WeightInfo::remove_item(), result)
        }

        /// Sets several public entries of one container: all of them or none.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner, or by an account with roles or grants that give WRITE
        /// on every entry named.
        ///
        /// # Details
        /// - `values`: 1 to 64 items, each with an entry's name (text), its value (JSON text) and
        ///   its expected revision. The values together have at most 65,584 bytes.
        ///
        /// # Errors
        /// `NothingToDo`, `TooManyItems`, `PayloadTooLong`, and those of `set_entry`. The errors of
        /// values carry the index of the value in the call.
        ///
        /// # Events
        /// `DataSetChanged` for each value.
        #[pallet::call_index(36)]
        #[pallet::weight(with_work::<T::WeightInfo>(
            T::WeightInfo::store(values.len().saturated_into(), total_values(values)),
            max_work(total_values(values), values.len()),
        ).saturating_add(growth::store(values)))]
        pub fn store(
            origin: OriginFor<T>,
            container: ContainerId,
            values: Vec<NewValue>,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let bytes = total_values(&values);
            let weight = T::WeightInfo::store(values.len().saturated_into(), bytes)
                .saturating_add(growth::store(&values));
            let mut work = Work::default();
            let result = Self::do_store(who, container, values, &mut work);
            with_actual_weight(with_work::<T::WeightInfo>(weight, work), result)
        }

        /// Sets the permissions of a role on some data sets. They apply immediately to all its
        /// holders.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner.
        ///
        /// # Details
        /// - `role`: text, the role's name. If the container has no such role, the call creates it.
        ///   `0` is not allowed, because it denotes the owner in plugin documents. Forms read text
        ///   that begins with `0x` as hex.
        /// - `permissions`: 1 to 64 data sets, each with the access of the role: 2 for WRITE, 4 for
        ///   REMOVE, 6 for both, 0 for none. Permissions on other data sets are unchanged.
        ///
        /// # Errors
        /// `ContainerNotFound`, `NotOwner`, `ContainerClosed`, `OfferPending`, `NothingToDo`,
        /// `TooManyItems`, `InvalidName`, `TooManyRoles`, `DataSetNotFound`, `DataSetRetired`,
        /// `InvalidAccess`, `RolesCannotRead`.
        ///
        /// # Events
        /// `RoleSet`.
        #[pallet::call_index(40)]
        #[pallet::weight(T::WeightInfo::set_role(permissions.len().saturated_into())
            .saturating_add(growth::set_role(permissions)))]
        pub fn set_role(
            origin: OriginFor<T>,
            container: ContainerId,
            role: Vec<u8>,
            permissions: Vec<DataSetAccess>,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let time = T::WeightInfo::set_role(permissions.len().saturated_into());
            with_written_bytes(time, Self::do_set_role(&who, container, role, permissions))
        }

        /// Gives an account a role of a container.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner.
        ///
        /// # Details
        /// - `role`: text, the role's name.
        ///
        /// # Errors
        /// `ContainerNotFound`, `NotOwner`, `OfferPending`, `InvalidName`, `RoleNotFound`,
        /// `RoleHeld`.
        ///
        /// # Events
        /// `RoleAssigned`.
        #[pallet::call_index(41)]
        #[pallet::weight(T::WeightInfo::assign_role().saturating_add(growth::assign_role()))]
        pub fn assign_role(
            origin: OriginFor<T>,
            container: ContainerId,
            account: T::AccountId,
            role: Vec<u8>,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let result = Self::do_assign_role(&who, container, account, role);
            with_written_bytes(T::WeightInfo::assign_role(), result)
        }

        /// Takes a role of a container from an account.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner.
        ///
        /// # Details
        /// - `role`: text, the role's name.
        ///
        /// # Errors
        /// `ContainerNotFound`, `NotOwner`, `OfferPending`, `InvalidName`, `RoleNotFound`,
        /// `RoleNotHeld`.
        ///
        /// # Events
        /// `RoleUnassigned`.
        #[pallet::call_index(42)]
        #[pallet::weight(T::WeightInfo::unassign_role().saturating_add(growth::assign_role()))]
        pub fn unassign_role(
            origin: OriginFor<T>,
            container: ContainerId,
            account: T::AccountId,
            role: Vec<u8>,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let result = Self::do_unassign_role(&who, container, account, role);
            with_written_bytes(T::WeightInfo::unassign_role(), result)
        }

        /// Gives an account access to data sets, or changes when its access ends.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner.
        ///
        /// # Details
        /// - `access`: 1 to 64 data sets, each with the access to give: 1 for READ, 2 for WRITE, 4
        ///   for REMOVE, or a sum of these. READ applies to confidential data sets only.
        /// - `until`: the last moment of this access, in Unix milliseconds; none for no end. Other
        ///   access of the account keeps its own end.
        /// - `envelopes`: the current seeds of confidential data sets that the account may read,
        ///   sealed for it, at most 64. They can also be sent later with `set_envelope`,
        ///   `set_envelopes` or `rotate_key`.
        ///
        /// The end of READ also ends sealing: after `until` the data set accepts no sealed values
        /// until the owner rotates the key, even if the account is given READ again.
        ///
        /// # Errors
        /// `NothingToDo`, `TooManyItems`, `TooManyEnvelopes`, `ContainerNotFound`, `NotOwner`,
        /// `OfferPending`, `InvalidExpiry`, `InvalidName`, `DataSetNotFound`, `DataSetRetired`,
        /// `InvalidAccess`, `ReadIsPublic`, `NotAReader`, `NotConfidential`, `NoKey`, `StaleEpoch`,
        /// `NoEncryptionKey`, `StaleKeyVersion`, `InvalidSealedSeed`.
        ///
        /// # Events
        /// `Shared` for each data set, `EnvelopeSet` for each envelope, `SealingLimited` for each
        /// data set where sealing now ends with the grant.
        #[pallet::call_index(43)]
        #[pallet::weight(T::WeightInfo::share(
            access.len().saturated_into(),
            envelopes.len().saturated_into(),
        ).saturating_add(growth::share(access, until.is_some(), envelopes)))]
        pub fn share(
            origin: OriginFor<T>,
            container: ContainerId,
            account: T::AccountId,
            access: Vec<DataSetAccess>,
            until: Option<Moment>,
            envelopes: Vec<SharedEnvelope>,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let (sets, readers) = (access.len(), envelopes.len());
            let time = T::WeightInfo::share(sets.saturated_into(), readers.saturated_into());
            let result = Self::do_share(&who, container, account, access, until, envelopes);
            with_written_bytes(time, result)
        }

        /// Takes access to data sets from an account.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner.
        ///
        /// # Details
        /// - `access`: 1 to 64 data sets, each with the access to take from the account's grant: 1
        ///   for READ, 2 for WRITE, 4 for REMOVE, or a sum of these. Access through roles is
        ///   unchanged.
        ///
        /// An account that could read keeps the data that it has read, and its envelopes of
        /// segments before a cut. To keep new values from it, the data set accepts no sealed values
        /// until the owner rotates the key.
        ///
        /// # Errors
        /// `NothingToDo`, `TooManyItems`, `ContainerNotFound`, `NotOwner`, `OfferPending`,
        /// `InvalidName`, `DataSetNotFound`, `InvalidAccess`, `NotShared`.
        ///
        /// # Events
        /// `Unshared` for each data set, `EnvelopeRemoved` and `SealingLimited` for each that the
        /// account could read.
        #[pallet::call_index(44)]
        #[pallet::weight(T::WeightInfo::unshare(access.len().saturated_into())
            .saturating_add(growth::unshare(access)))]
        pub fn unshare(
            origin: OriginFor<T>,
            container: ContainerId,
            account: T::AccountId,
            access: Vec<DataSetAccess>,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let time = T::WeightInfo::unshare(access.len().saturated_into());
            with_written_bytes(time, Self::do_unshare(&who, container, account, access))
        }

        /// Removes the parts of an account's grants that have ended from the state. They already
        /// give no access.
        ///
        /// # Dispatch Origin
        /// Signed by any account.
        ///
        /// # Details
        /// The call covers all grants of the account in the container, at most 64. Where READ has
        /// ended, the account's envelope of the newest segment is removed.
        ///
        /// # Errors
        /// `ContainerNotFound`, `OfferPending`, `NothingToDo`.
        ///
        /// # Events
        /// `Unshared` for each data set, `EnvelopeRemoved` for each envelope.
        #[pallet::call_index(45)]
        #[pallet::weight(
            T::WeightInfo::clear_expired(MAX_GRANTS).saturating_add(growth::clear_expired())
        )]
        pub fn clear_expired(
            origin: OriginFor<T>,
            container: ContainerId,
            account: T::AccountId,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let result = Self::do_clear_expired(&who, container, account);
            let (grants, written) = result.unwrap_or_default();
            let time = T::WeightInfo::clear_expired(grants);
            with_written_bytes(time, result.map(|_| written))
        }

        /// Gives up all roles and grants that the signer holds in a container.
        ///
        /// # Dispatch Origin
        /// Signed by an account with roles or grants in the container.
        ///
        /// # Details
        /// The signer keeps the data that it has read, and its envelopes of segments before a cut.
        /// The data sets that it could read keep accepting sealed values, so that leaving does not
        /// block other writers. They are listed in `rotations_due` until the owner rotates their
        /// keys. The owner and the offeree lose their grants, but can still read.
        ///
        /// # Errors
        /// `ContainerNotFound`, `NothingToDo`, `Corrupt`.
        ///
        /// # Events
        /// `RoleUnassigned` for each role, `Unshared` for each grant, `EnvelopeRemoved` for each
        /// envelope, `ReaderLeft` for each data set that the signer could read, unless another
        /// reader has left it since its last rotation.
        #[pallet::call_index(46)]
        #[pallet::weight(T::WeightInfo::leave(MAX_GRANTS).saturating_add(growth::leave()))]
        pub fn leave(origin: OriginFor<T>, container: ContainerId) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let result = Self::do_leave(&who, container);
            let (grants, written) = result.unwrap_or_default();
            with_written_bytes(T::WeightInfo::leave(grants), result.map(|_| written))
        }

        /// Renames a role of a container. Its holders and permissions stay the same.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner.
        ///
        /// # Details
        /// - `role`: text, the role's name.
        /// - `new_name`: text, 1 to 64 bytes, without control and invisible characters, without
        ///   white space at its ends, and without `/`. `0` is not allowed, because it denotes the
        ///   owner in plugin documents. Forms read text that begins with `0x` as hex.
        ///
        /// # Errors
        /// `ContainerNotFound`, `NotOwner`, `ContainerClosed`, `OfferPending`, `InvalidName`,
        /// `RoleNotFound`, `RoleExists`.
        ///
        /// # Events
        /// `RoleRenamed`.
        #[pallet::call_index(47)]
        #[pallet::weight(T::WeightInfo::rename_role().saturating_add(growth::rename_role()))]
        pub fn rename_role(
            origin: OriginFor<T>,
            container: ContainerId,
            role: Vec<u8>,
            new_name: Vec<u8>,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let result = Self::do_rename_role(&who, container, role, new_name);
            with_written_bytes(T::WeightInfo::rename_role(), result)
        }

        /// Removes a role that no account holds, with its permissions. A container has at most 16
        /// roles.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner.
        ///
        /// # Details
        /// - `role`: text, the role's name.
        ///
        /// The role's id becomes free: the next new role can have it.
        ///
        /// # Errors
        /// `ContainerNotFound`, `NotOwner`, `ContainerClosed`, `OfferPending`, `InvalidName`,
        /// `RoleNotFound`, `RoleInUse`.
        ///
        /// # Events
        /// `RoleRemoved`.
        #[pallet::call_index(48)]
        #[pallet::weight(
            T::WeightInfo::remove_role(MAX_DATA_SETS).saturating_add(growth::remove_role())
        )]
        pub fn remove_role(
            origin: OriginFor<T>,
            container: ContainerId,
            role: Vec<u8>,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let result = Self::do_remove_role(&who, container, role);
            let (data_sets, written) = result.unwrap_or_default();
            with_written_bytes(T::WeightInfo::remove_role(data_sets), result.map(|_| written))
        }

        /// Sets the signer's encryption key, to which other accounts seal envelopes for it.
        ///
        /// # Dispatch Origin
        /// Signed by any account.
        ///
        /// # Details
        /// - `suite`: the cryptographic algorithms: 1 for X25519, HKDF-SHA256 and
        ///   ChaCha20-Poly1305.
        /// - `public`: binary, the public key. In suite 1 it has 32 bytes: an X25519 key encoded
        ///   according to RFC 7748. The signer must not have used it before.
        /// - `replaces`: the version of the current key; 0 for the first key.
        /// - `leaked`: whether the current key may be known to others. It and all earlier versions
        ///   then count as leaked. Data sets whose current seed was sealed to one of them are
        ///   listed in `rotations_due` until their owners rotate the keys.
        ///
        /// An account can change its key at most once in 600 blocks. Envelopes sealed to the old
        /// key that are submitted after the change are rejected. All versions of the public key
        /// stay in the state.
        ///
        /// Keep the secret key of each version, or seal it for yourself with
        /// `set_account_envelopes`: an envelope can only be opened with the version to which it is
        /// sealed.
        ///
        /// # Errors
        /// `UnsupportedSuite`, `InvalidPublicKey`, `WeakKey`, `NonCanonicalKey`, `StaleKeyVersion`,
        /// `NoEncryptionKey` (`leaked` is set, but the account has no key), `KeyUnchanged`,
        /// `KeyChangedRecently`, `KeyUsed`, `IdsExhausted`.
        ///
        /// # Events
        /// `EncryptionKeySet`.
        #[pallet::call_index(50)]
        #[pallet::weight(
            T::WeightInfo::set_encryption_key().saturating_add(growth::set_encryption_key(public))
        )]
        pub fn set_encryption_key(
            origin: OriginFor<T>,
            suite: u8,
            public: Vec<u8>,
            replaces: u32,
            leaked: bool,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_set_encryption_key(who, suite, public, replaces, leaked)
        }

        /// Gives a confidential data set a new key. It starts a new epoch, to which all new values
        /// are sealed.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner.
        ///
        /// # Details
        /// - `data_set`: text, the data set's name.
        /// - `expected_epoch`: the current epoch; 0 if there is no key yet.
        /// - `suite`: the cryptographic algorithms: 1.
        /// - `public`: binary, the public key of the new epoch, derived from its seed. No data set
        ///   may have used it before.
        /// - `previous_seed`: `Link` with the current epoch's seed, sealed to `public`, so that
        ///   readers of the new epoch can also read the older epochs of the segment. `Cut` starts a
        ///   new segment, of which a data set has at most 16: later readers cannot read older
        ///   values, but accounts that can read them now still can. The first rotation is a `Cut`.
        /// - `key_version`, `envelope`: the new seed, sealed to this version of the signer's
        ///   encryption key.
        /// - `envelopes`: the new seed, sealed for at most 64 other readers. The remaining readers
        ///   can get theirs with `set_envelopes`.
        ///
        /// While the container is on offer, `envelopes` must include the offeree, and only the
        /// first rotation can be a cut.
        ///
        /// # Errors
        /// `TooManyEnvelopes`, `ContainerNotFound`, `NotOwner`, `InvalidName`, `DataSetNotFound`,
        /// `DataSetRetired`, `NotConfidential`, `StaleEpoch`, `UnsupportedSuite`,
        /// `InvalidPublicKey`, `WeakKey`, `NonCanonicalKey`, `NoKey`, `InvalidSealedSeed`,
        /// `TooManySegments`, `KeyUnchanged`, `KeyUsed`, `IdsExhausted`, `NotAReader`,
        /// `NoEncryptionKey`, `StaleKeyVersion`. While the container is on offer, also
        /// `OfferLapsed`, `OfferPending` (for a cut) and `MissingEnvelope` (for the offeree).
        ///
        /// # Events
        /// `KeyRotated`, `EnvelopeSet` for each envelope, `SealingLimited` if the READ of a reader
        /// ends.
        #[pallet::call_index(51)]
        #[pallet::weight(T::WeightInfo::rotate_key(envelopes.len().saturated_into())
            .saturating_add(
                growth::rotate_key(data_set, public, previous_seed, envelope, envelopes)
            ))]
        pub fn rotate_key(
            origin: OriginFor<T>,
            container: ContainerId,
            data_set: Vec<u8>,
            expected_epoch: u32,
            suite: u8,
            public: Vec<u8>,
            previous_seed: PreviousSeed,
            key_version: u32,
            envelope: Vec<u8>,
            envelopes: Vec<ReaderEnvelope<T::AccountId>>,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let time = T::WeightInfo::rotate_key(envelopes.len().saturated_into());
            let new = NewEpoch { expected_epoch, suite, public, previous_seed };
            let own = ReaderEnvelope { reader: who.clone(), key_version, envelope };
            let result = Self::do_rotate_key(&who, container, data_set, new, own, envelopes);
            with_written_bytes(time, result)
        }

        /// Gives a reader the seed of a segment of a confidential data set.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner for any reader. A reader that has an envelope of this
        /// epoch can also sign for itself, after it changes its encryption key.
        ///
        /// # Details
        /// - `data_set`: text, the data set's name.
        /// - `reader`: the owner, an account with a grant that gives READ, or the offeree. While
        ///   the container is on offer, the owner can give readers the current epoch only, and the
        ///   offeree no seed that it already has.
        /// - `epoch`: the data set's current epoch, or the last one before a cut.
        /// - `key_version`, `envelope`: the seed of that epoch, sealed to this version of the
        ///   reader's encryption key.
        ///
        /// # Errors
        /// `ContainerNotFound`, `NotOwner`, `OfferPending`, `OfferLapsed`, `InvalidName`,
        /// `DataSetNotFound`, `DataSetRetired`, `NotAReader`, `MissingEnvelope`, `NotConfidential`,
        /// `NoKey`, `StaleEpoch`, `NoEncryptionKey`, `StaleKeyVersion`, `InvalidSealedSeed`.
        ///
        /// # Events
        /// `EnvelopeSet`, and `SealingLimited` if the epoch is current and the reader's READ ends.
        #[pallet::call_index(52)]
        #[pallet::weight(
            T::WeightInfo::set_envelope().saturating_add(growth::set_envelope(data_set, envelope))
        )]
        pub fn set_envelope(
            origin: OriginFor<T>,
            container: ContainerId,
            data_set: Vec<u8>,
            reader: T::AccountId,
            epoch: u32,
            key_version: u32,
            envelope: Vec<u8>,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let sealed = SealedFor { epoch, key_version, sealed: envelope };
            let result = Self::do_set_envelope(&who, container, data_set, reader, sealed);
            with_written_bytes(T::WeightInfo::set_envelope(), result)
        }

        /// Gives several readers the seed of a segment of a confidential data set. It can also give
        /// later readers the seed of a segment before a cut.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner.
        ///
        /// # Details
        /// - `data_set`: text, the data set's name.
        /// - `epoch`: the data set's current epoch, or the last one before a cut.
        /// - `envelopes`: the seed of that epoch, sealed for 1 to 64 readers: the owner, accounts
        ///   with a grant that gives READ, or the offeree. While the container is on offer, readers
        ///   can get the current epoch only, and the offeree no seed that it already has.
        ///
        /// # Errors
        /// `NothingToDo`, `TooManyEnvelopes`, `ContainerNotFound`, `NotOwner`, `InvalidName`,
        /// `DataSetNotFound`, `OfferPending`, `OfferLapsed`, `DataSetRetired`, `NotAReader`,
        /// `NotConfidential`, `NoKey`, `StaleEpoch`, `NoEncryptionKey`, `StaleKeyVersion`,
        /// `InvalidSealedSeed`.
        ///
        /// # Events
        /// `EnvelopeSet` for each envelope, and `SealingLimited` if the epoch is current and a
        /// reader's READ ends.
        #[pallet::call_index(53)]
        #[pallet::weight(T::WeightInfo::set_envelopes(envelopes.len().saturated_into())
            .saturating_add(growth::set_envelopes(data_set, envelopes)))]
        pub fn set_envelopes(
            origin: OriginFor<T>,
            container: ContainerId,
            data_set: Vec<u8>,
            epoch: u32,
            envelopes: Vec<ReaderEnvelope<T::AccountId>>,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let time = T::WeightInfo::set_envelopes(envelopes.len().saturated_into());
            let result = Self::do_set_envelopes(&who, container, data_set, epoch, envelopes);
            with_written_bytes(time, result)
        }

        /// Seals a version of the signer's own secret key for holders, such as a device, a
        /// colleague, or a key on paper. Holders can then read everything that this version opens.
        ///
        /// # Dispatch Origin
        /// Signed by the account that owns the key.
        ///
        /// # Details
        /// - `version`: the version of the signer's encryption key. It need not be the newest.
        /// - `envelopes`: 1 to 16 envelopes. `Account` seals to an account's newest encryption key,
        ///   `Key` to a public key outside the chain. An envelope that the holder already has is
        ///   replaced. A version has at most 16 holders.
        ///
        /// If the key of a holder leaks, this key has leaked too: set a new one with `leaked`.
        ///
        /// # Errors
        /// `NothingToDo`, `TooManyEnvelopes`, `KeyNotFound`, `NoEncryptionKey` and
        /// `StaleKeyVersion` (of a holder), `InvalidPublicKey`, `WeakKey`, `NonCanonicalKey`,
        /// `SealedToItself`, `InvalidSealedSeed`, `TooManyHolders`.
        ///
        /// # Events
        /// `AccountEnvelopeSet` for each envelope.
        #[pallet::call_index(54)]
        #[pallet::weight(T::WeightInfo::set_account_envelopes(envelopes.len().saturated_into())
            .saturating_add(growth::account_envelopes()))]
        pub fn set_account_envelopes(
            origin: OriginFor<T>,
            version: u32,
            envelopes: Vec<HolderEnvelope<T::AccountId>>,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let time = T::WeightInfo::set_account_envelopes(envelopes.len().saturated_into());
            with_written_bytes(time, Self::do_set_account_envelopes(who, version, envelopes))
        }

        /// Removes the envelope that a holder has of the signer's secret key.
        ///
        /// # Dispatch Origin
        /// Signed by the account that owns the key.
        ///
        /// # Details
        /// - `version`: the version of the signer's encryption key.
        /// - `holder`: the account or the public key.
        ///
        /// This revokes nothing: the holder keeps the secret key that it opened, and old blocks
        /// keep the envelope. To exclude a holder, set a new encryption key with `leaked`.
        ///
        /// # Errors
        /// `HolderNotFound`.
        ///
        /// # Events
        /// `AccountEnvelopeRemoved`.
        #[pallet::call_index(55)]
        #[pallet::weight(T::WeightInfo::remove_account_envelope()
            .saturating_add(growth::account_envelopes()))]
        pub fn remove_account_envelope(
            origin: OriginFor<T>,
            version: u32,
            holder: NamedHolder<T::AccountId>,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let result = Self::do_remove_account_envelope(who, version, holder);
            with_written_bytes(T::WeightInfo::remove_account_envelope(), result)
        }
    }
}
