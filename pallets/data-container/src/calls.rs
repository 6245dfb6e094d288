// SPDX-License-Identifier: Apache-2.0

use frame_support::pallet_macros::pallet_section;

/// What accounts may ask the chain to do.
#[pallet_section]
mod calls {
    use super::growth;
    use super::weights::{max_work, total, total_values, with_compiling, with_work, Work};
    use twinchain_primitives::{with_actual_weight, with_written_bytes, SharedEnvelope};

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Publishes a plugin: a reusable definition of data sets.
        ///
        /// # Dispatch Origin
        /// Signed. The signer is the plugin's publisher.
        ///
        /// # Details
        /// - `document`: JSON text, at most 262,144 bytes; in Polkadot.js Apps, drop the file on
        ///   the field. Its form: `{"description": {"name": ..}, "template": {"type": ..,
        ///   "properties": {NAME: {"type": "entry" or "list", "dataSchema": .., "visibility":
        ///   "public" or "confidential", "permissions": {ROLE: ["set", "remove"]}, "value": ..,
        ///   "writeOnce": ..}}}}`, at most 64 data sets and 16 roles. `"replaces": ID` beside
        ///   `template` names the plugin of the same publisher that it is a new version of.
        ///
        /// The document is kept byte for byte under its hash. Plugins never change.
        ///
        /// # Errors
        /// `DocumentTooLong`, `DescriptionTooLong`, `TooManyDataSets`, `TooManyRoles`,
        /// `PayloadTooLong`, `IdsExhausted`, `PluginNotFound` and `NotPublisher` (of the one that
        /// it replaces), and, with the data set's index and the byte offset, `InvalidMember`,
        /// `InvalidNameIn`, `ListSchemaDemandsMore`, `ConfidentialDefault`, `InvalidListDefault`,
        /// the errors of schemas (from `NotASchema` to `SchemaTooComplex`, and from
        /// `UnknownDialect` to `PatternTooComplex`), and for a default that does not match its
        /// schema the errors of values (from `InvalidJson` to `FalseSchema`, and from
        /// `PatternMismatch` to `DependentSchemasMismatch`). The offset counts from where the data
        /// set's member begins.
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

        /// Stops new instances of a plugin. Its instances go on.
        ///
        /// # Dispatch Origin
        /// Signed by the plugin's publisher.
        ///
        /// # Details
        /// Final. The document stays readable.
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

        /// Makes a container without data sets; add them with `add_data_set`.
        ///
        /// # Dispatch Origin
        /// Signed. The signer owns the container.
        ///
        /// # Details
        /// - `description`: JSON text, at most 8,192 bytes, or empty (in Apps: `0x`) for none.
        ///
        /// # Errors
        /// `DescriptionNotJson`, `DescriptionTooLong`, `IdsExhausted`.
        ///
        /// # Events
        /// `ContainerCreated`, `DescriptionSet` for a description.
        #[pallet::call_index(10)]
        #[pallet::weight(T::WeightInfo::create_container(description.len().saturated_into())
            .saturating_add(growth::create_container(description)))]
        pub fn create_container(origin: OriginFor<T>, description: Vec<u8>) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::do_create_container(owner, description).map(|_| ())
        }

        /// Makes a container of a plugin: copies its data sets and roles, and writes its defaults.
        ///
        /// # Dispatch Origin
        /// Signed. The signer owns the container.
        ///
        /// # Details
        /// - `description`: JSON text, at most 8,192 bytes; empty (in Apps: `0x`): the plugin's.
        ///
        /// What is copied is the container's own: later changes leave plugin and container alone.
        ///
        /// # Errors
        /// `PluginNotFound`, `PluginRetired`, `DescriptionNotJson`, `DescriptionTooLong`,
        /// `IdsExhausted`, `Corrupt`.
        ///
        /// # Events
        /// `ContainerCreated`, `DescriptionSet` for a description, `DataSetAdded` for each data
        /// set, `DataSetChanged` for each default, `RoleSet` for each role.
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

        /// Makes a container like another: its data sets in use, roles, and description.
        ///
        /// # Dispatch Origin
        /// Signed by somebody who may link the container: its owner, somebody with any access to
        /// it, or anybody if it has no confidential data set. The signer owns the clone.
        ///
        /// # Details
        /// - `with_values`: also copy the values of public entries, at most 65,584 bytes together.
        ///
        /// Members, grants, keys and items are never copied. The clone records where it comes from.
        /// It is an instance of the same plugin only if that was not retired, and the data sets
        /// that are copied are exactly the plugin's.
        ///
        /// # Errors
        /// `ContainerNotFound`, `MayNotClone`, `PayloadTooLong`, `IdsExhausted`.
        ///
        /// # Events
        /// `ContainerCreated`, `ContainerCloned`, `DescriptionSet` for a description,
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
        /// - `name`: text, 1 to 64 bytes without control and invisible characters, white space at
        ///   its ends, and `/`, not used by any data set of the container before. Forms read text
        ///   that begins with `0x` as hex.
        /// - `definition`: JSON text, at most 262,144 bytes, of the same form as a data set in a
        ///   plugin document: `{"type": "entry" or "list", "dataSchema": .., ..}`.
        ///
        /// # Errors
        /// `ContainerNotFound`, `NotOwner`, `ContainerClosed`, `OfferPending`, `InvalidName`,
        /// `DataSetExists`, `TooManyDataSets`, `TooManyRoles`, and those of `publish_plugin` for
        /// what is wrong in the definition.
        ///
        /// # Events
        /// `DataSetAdded`, `RoleSet` for each role that it names, `DataSetChanged` for a default.
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

        /// Ends a data set: it never changes again, and its name and id are never used again.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner.
        ///
        /// # Details
        /// - `data_set`: text, the data set's name.
        ///
        /// What it holds stays readable until `purge` clears it; what is write-once stays for good.
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

        /// Clears what a retired data set still holds from the state, in steps.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner, or by any account once 30 days have passed since the
        /// data set was retired and the container is not closed.
        ///
        /// # Details
        /// - `data_set`: text, the data set's name.
        /// - `limit`: the most batches, envelopes and epochs to clear; 0 counts as 1, and more than
        ///   64 as 64. Call it again until there is `NothingToDo`. At most 8 calls in a block,
        ///   fewer if other calls removed envelopes, clear envelopes and epochs.
        ///
        /// Name, id, revision and head stay, so that the history can still be proven. What is
        /// write-once is never cleared. In a closed container the owner clears any data set, and
        /// one in use is thereby retired.
        ///
        /// # Errors
        /// `ContainerNotFound`, `NotOwner`, `OfferPending`, `InvalidName`,
        /// `DataSetNotFound`, `NotRetired`, `WriteOnce`, `PurgeTooEarly`, `NothingToDo`,
        /// `PurgedEnough`, `IdsExhausted`.
        ///
        /// # Events
        /// `DataSetChanged` for a data set that this retires, `EnvelopeRemoved` for each envelope,
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

        /// Ends a container: its data and definitions never change again. It stays readable.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner.
        ///
        /// # Details
        /// Final. Sharing, rotating keys, handing it over and its owner's `purge` still work.
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

        /// Offers a container to another account, which then owns it by accepting.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner.
        ///
        /// # Details
        /// - `to`: who may accept.
        /// - `deadline`: the last moment to accept, Unix milliseconds.
        /// - `envelopes`: for every confidential data set that has a key, retired ones only while
        ///   they hold values, its current seed sealed for `to`, unless `to` has it already. At
        ///   most 64. Seeds of segments before a cut can follow (`set_envelopes`).
        ///
        /// An offer discloses: `to` reads from now on what the envelopes open. While it is open,
        /// the owner sets no entry and only appends to lists, nothing is removed, and definitions,
        /// roles and shares do not change. What others may write goes on, sealed values until the
        /// deadline, and so do rotations that bring an envelope for `to`.
        ///
        /// Offering again to the same account renews the offer, also after its deadline: it has a
        /// new id, and the old one is void. To offer it to another account, cancel first.
        ///
        /// # Errors
        /// `TooManyEnvelopes`, `ContainerNotFound`, `NotOwner`, `OfferToSelf`, `InvalidExpiry`,
        /// `OfferPending`, `InvalidName`, `DataSetNotFound`, `DataSetRetired`, `NotConfidential`,
        /// `NoKey`,
        /// `StaleEpoch`, `NoEncryptionKey`, `StaleKeyVersion`, `MissingEnvelope`,
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

        /// Accepts the offer of a container: the signer owns it from now on.
        ///
        /// # Dispatch Origin
        /// Signed by the account that it is offered to.
        ///
        /// # Details
        /// - `offer`: the offer's id, so that no one accepts another one than was read.
        ///
        /// Roles and grants of others stay; look at them first (`members`). The event lists those
        /// of at most 16 accounts and says whether there are more; it lists none if more than 64
        /// accounts lost their last right in the same block. The former owner keeps nothing but
        /// what it granted itself; the signer's own roles and grants are no longer needed, and end.
        /// Confidential data sets take no sealed values until the signer rotates their keys. The
        /// former owner keeps its envelopes of segments before a cut.
        ///
        /// # Errors
        /// `ContainerNotFound`, `OfferedWithTwin`, `OfferNotFound`, `NotOfferee`, `WrongOffer`,
        /// `OfferLapsed`.
        ///
        /// # Events
        /// `OwnershipTransferred`, `RoleUnassigned` and `Unshared` for what the signer no longer
        /// needs, `EnvelopeRemoved` for each data set of which the former owner had an envelope,
        /// `SealingLimited` for each that had not ended.
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

        /// Ends the offer of a container.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner, or by any account once the deadline has passed.
        ///
        /// # Details
        /// The offeree could read confidential data sets, so these take no sealed values until the
        /// owner rotates their keys. Its envelopes of the newest segments are removed, unless it
        /// reads by a grant. If it was on offer with a twin, accepting the twin fails from now on.
        ///
        /// # Errors
        /// `ContainerNotFound`, `NotOwner`, `OfferNotFound`.
        ///
        /// # Events
        /// `OfferCancelled`, `EnvelopeRemoved` for each data set of which the offeree had an
        /// envelope, `SealingLimited` for each that had not ended.
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

        /// Refuses the offer of a container. It ends as if its owner had cancelled it.
        ///
        /// # Dispatch Origin
        /// Signed by the account that it is offered to, also after the deadline.
        ///
        /// # Details
        /// - `offer`: the offer's id.
        ///
        /// The signer could read confidential data sets, so these take no sealed values until the
        /// owner rotates their keys. The signer's envelopes of the newest segments are removed,
        /// unless it reads by a grant.
        ///
        /// # Errors
        /// `ContainerNotFound`, `OfferedWithTwin`, `OfferNotFound`, `NotOfferee`, `WrongOffer`.
        ///
        /// # Events
        /// `OfferCancelled`, `EnvelopeRemoved` for each data set of which the signer had an
        /// envelope, `SealingLimited` for each that had not ended.
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
        /// Signed by the container's owner, or by a holder of a role or a grant that gives WRITE.
        ///
        /// # Details
        /// - `data_set`: text, the entry's name.
        /// - `value`: JSON text, at most 65,536 bytes, that matches the entry's schema. Text needs
        ///   quotes: `"Hello"`.
        /// - `expected_revision`: refuse if the entry was changed since you read it.
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
        /// Signed by the container's owner, or by a holder of a role or a grant that gives WRITE.
        ///
        /// # Details
        /// - `data_set`: text, the entry's name.
        /// - `epoch`: the epoch to whose key the value is sealed: the current one.
        /// - `ciphertext`: binary, the value sealed with HPKE as `docs/permissions.md` says: 64
        ///   bytes or a multiple of it, and 48 more, at most 65,584 in all. The signer is its
        ///   associated data.
        /// - `expected_revision`: refuse if the entry was changed since you read it.
        ///
        /// The chain cannot look into it: the client checks the value against the schema.
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

        /// Clears an entry: it has no value then.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner, or by a holder of a role or a grant that gives REMOVE.
        ///
        /// # Details
        /// - `data_set`: text, the entry's name.
        /// - `expected_revision`: refuse if the entry was changed since you read it.
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

        /// Appends items to a public list, as one batch: all of them or none.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner, or by a holder of a role or a grant that gives WRITE.
        ///
        /// # Details
        /// - `data_set`: text, the list's name.
        /// - `items`: 1 to 256 JSON texts, each at most 65,536 bytes and together at most 65,584,
        ///   that match the list's schema. An item's address is (batch, position) for ever.
        /// - `expected_revision`: refuse if the list was changed since you read it.
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

        /// Appends items to a confidential list, as one batch: all of them or none.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner, or by a holder of a role or a grant that gives WRITE.
        ///
        /// # Details
        /// - `data_set`: text, the list's name.
        /// - `epoch`: the epoch to whose key the items are sealed: the current one.
        /// - `items`: 1 to 256 binaries, each sealed as `set_sealed_entry` says, together at most
        ///   65,584 bytes.
        /// - `expected_revision`: refuse if the list was changed since you read it.
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

        /// Removes an item of a list. Its address stays empty for ever.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner, or by a holder of a role or a grant that gives REMOVE.
        ///
        /// # Details
        /// - `data_set`: text, the list's name.
        /// - `batch`, `position`: the item's address, both from 0.
        /// - `expected_revision`: refuse if the list was changed since you read it.
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

        /// Sets many public entries of one container: all of them or none.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner, or by a holder of roles or grants that give WRITE on
        /// every one of them.
        ///
        /// # Details
        /// - `values`: 1 to 64, each for one entry: its name (text), its value (JSON text) and the
        ///   revision that it is expected to have; the values together at most 65,584 bytes.
        ///
        /// # Errors
        /// `NothingToDo`, `TooManyItems`, `PayloadTooLong`, and those of `set_entry`; for a value
        /// that does not match with its index in the call.
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

        /// Sets what a role may do with some data sets. Its holders may do so at once.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner.
        ///
        /// # Details
        /// - `role`: text, the role's name. If the container has no such role, it is made. `0` is
        ///   no role: it stands for the owner. Forms read text that begins with `0x` as hex.
        /// - `permissions`: 1 to 64 data sets, each with what the role may do with it: 2 to write,
        ///   4 to remove, 6 for both, 0 for nothing. Data sets that are not named stay as they are.
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
        /// - `access`: 1 to 64 data sets, each with what the account may do with it: 1 to read, 2
        ///   to write, 4 to remove, or a sum. Reading is granted on confidential data sets only.
        /// - `until`: the last moment of this access; Unix milliseconds. None: no end. Other access
        ///   that the account has keeps its own end.
        /// - `envelopes`: the current seeds of confidential data sets that the account may read,
        ///   sealed for it; at most 64. They can come later, too (`set_envelope`, `set_envelopes`,
        ///   `rotate_key`).
        ///
        /// Reading that ends stops sealing: after `until` the data set takes no sealed values until
        /// its owner rotates the key, also if the account is given READ again.
        ///
        /// # Errors
        /// `NothingToDo`, `TooManyItems`, `TooManyEnvelopes`, `ContainerNotFound`, `NotOwner`,
        /// `OfferPending`, `InvalidExpiry`, `InvalidName`, `DataSetNotFound`, `DataSetRetired`,
        /// `InvalidAccess`, `ReadIsPublic`, `NotAReader`, `NotConfidential`, `NoKey`, `StaleEpoch`,
        /// `NoEncryptionKey`, `StaleKeyVersion`, `InvalidSealedSeed`.
        ///
        /// # Events
        /// `Shared` for each data set, `EnvelopeSet` for each envelope, `SealingLimited` where
        /// sealing ends with the grant.
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
        /// - `access`: 1 to 64 data sets, each with what to take from the account's grant on it: 1
        ///   to read, 2 to write, 4 to remove, or a sum. What it has through roles stays.
        ///
        /// An account that could read keeps what it read, and its envelopes of segments before a
        /// cut. To keep new values from it, the data set takes no sealed values until its owner
        /// rotates the key.
        ///
        /// # Errors
        /// `NothingToDo`, `TooManyItems`, `ContainerNotFound`, `NotOwner`, `OfferPending`,
        /// `InvalidName`, `DataSetNotFound`, `InvalidAccess`, `NotShared`.
        ///
        /// # Events
        /// `Unshared` for each data set, `EnvelopeRemoved` and `SealingLimited` where it could
        /// read.
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

        /// Removes the expired parts of an account's grants from the state. They give no access.
        ///
        /// # Dispatch Origin
        /// Signed by anybody.
        ///
        /// # Details
        /// At most 64 grants, which is all that one account has in one container. Where READ ended,
        /// the envelope of the newest segment is removed.
        ///
        /// # Errors
        /// `ContainerNotFound`, `OfferPending`, `NothingToDo`.
        ///
        /// # Events
        /// `Unshared` for each data set, `EnvelopeRemoved` where READ ended.
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

        /// Gives up all roles and grants that the signer has in a container.
        ///
        /// # Dispatch Origin
        /// Signed by an account with roles or grants in the container.
        ///
        /// # Details
        /// The signer keeps what it read, and its envelopes of segments before a cut. Sealing to a
        /// key that it knows goes on, so that leaving silences no one: the data set is in
        /// `rotations_due` until its owner rotates the key. The owner and the account that the
        /// container is offered to lose their grants, but go on reading.
        ///
        /// # Errors
        /// `ContainerNotFound`, `NothingToDo`, `Corrupt`.
        ///
        /// # Events
        /// `RoleUnassigned` for each role, `Unshared` for each grant, `EnvelopeRemoved` where the
        /// signer had an envelope, `ReaderLeft` for the first account that leaves a data set's key.
        #[pallet::call_index(46)]
        #[pallet::weight(T::WeightInfo::leave(MAX_GRANTS).saturating_add(growth::leave()))]
        pub fn leave(origin: OriginFor<T>, container: ContainerId) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let result = Self::do_leave(&who, container);
            let (grants, written) = result.unwrap_or_default();
            with_written_bytes(T::WeightInfo::leave(grants), result.map(|_| written))
        }

        /// Gives a role of a container another name. Who holds it and what it may do stay.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner.
        ///
        /// # Details
        /// - `role`: text, the role's name.
        /// - `new_name`: text, 1 to 64 bytes without control and invisible characters, white space
        ///   at its ends, and `/`; not `0`, which stands for the owner in plugin documents. Forms
        ///   read text that begins with `0x` as hex.
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

        /// Removes a role that no account holds, with what it may do. A container has at most 16
        /// roles.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner.
        ///
        /// # Details
        /// - `role`: text, the role's name.
        ///
        /// The role's id is free afterwards: the next new role can have it.
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

        /// Sets the signer's encryption key, to which others seal envelopes for it.
        ///
        /// # Dispatch Origin
        /// Signed by any account.
        ///
        /// # Details
        /// - `suite`: how envelopes are sealed to it: 1, which is X25519, HKDF-SHA256 and
        ///   ChaCha20-Poly1305.
        /// - `public`: binary, the public key; in suite 1 the 32 bytes of an X25519 key as RFC 7748
        ///   encodes it. This account never used it before.
        /// - `replaces`: the version of the key that it replaces; 0 for the first.
        /// - `leaked`: whether that one may be known to others. It and all versions before then
        ///   count as leaked: data sets whose seed was sealed to one of them are in
        ///   `rotations_due`, until their owners rotate.
        ///
        /// Changed at most once in 600 blocks. Envelopes that are under way for the old key are
        /// refused then. All versions stay in the state. Keep the secret of each, or seal it for
        /// yourself (`set_account_envelopes`): an envelope opens only with the version to which it
        /// is sealed.
        ///
        /// # Errors
        /// `UnsupportedSuite`, `InvalidPublicKey`, `WeakKey`, `NonCanonicalKey`, `StaleKeyVersion`,
        /// `NoEncryptionKey` (`leaked`, and there is none that could have), `KeyUnchanged`,
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

        /// Gives a confidential data set a new key: the next epoch, to which everything is sealed
        /// from now on.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner.
        ///
        /// # Details
        /// - `data_set`: text, the data set's name.
        /// - `expected_epoch`: the current epoch; 0 if there is no key yet.
        /// - `suite`: how values are sealed to the key: 1.
        /// - `public`: binary, the public key of the new epoch, derived from its seed, and never
        ///   used before.
        /// - `previous_seed`: `Link` with the current epoch's seed, sealed to `public`: readers of
        ///   the new epoch read the older ones of the segment as well. `Cut` begins a new segment,
        ///   at most 16 in all: later readers do not read what is older, and all accounts that read
        ///   it now still do. The first rotation is a `Cut`.
        /// - `key_version`, `envelope`: the new seed, sealed to this version of the signer's
        ///   encryption key.
        /// - `envelopes`: the same for at most 64 accounts that may read. Others get theirs by
        ///   `set_envelopes`. While the container is on offer, the offeree's must be among them,
        ///   and only the first rotation is a cut.
        ///
        /// # Errors
        /// `TooManyEnvelopes`, `ContainerNotFound`, `NotOwner`, `InvalidName`,
        /// `DataSetNotFound`, `DataSetRetired`, `NotConfidential`, `StaleEpoch`,
        /// `UnsupportedSuite`, `InvalidPublicKey`, `WeakKey`, `NonCanonicalKey`, `NoKey`,
        /// `InvalidSealedSeed`, `TooManySegments`, `KeyUnchanged`, `KeyUsed`, `IdsExhausted`,
        /// `NotAReader`, `NoEncryptionKey`, `StaleKeyVersion`, and while the container is on offer
        /// `OfferLapsed`, `OfferPending` (a cut) and `MissingEnvelope` (of the offeree).
        ///
        /// # Events
        /// `KeyRotated`, `EnvelopeSet` for each envelope, `SealingLimited` for a reader whose READ
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
        /// Signed by the container's owner for a reader; or by a reader for itself, after changing
        /// its key, if it has an envelope of this epoch.
        ///
        /// # Details
        /// - `data_set`: text, the data set's name.
        /// - `reader`: the owner, an account with a grant to READ, or the one that the container is
        ///   offered to. While the container is on offer, its owner gives readers the current epoch
        ///   only, and the offeree nothing that it has.
        /// - `epoch`: the data set's current epoch, or the last one before a cut.
        /// - `key_version`, `envelope`: its seed, sealed to this version of the reader's encryption
        ///   key.
        ///
        /// # Errors
        /// `ContainerNotFound`, `NotOwner`, `OfferPending`, `OfferLapsed`, `InvalidName`,
        /// `DataSetNotFound`, `DataSetRetired`, `NotAReader`, `MissingEnvelope`, `NotConfidential`,
        /// `NoKey`, `StaleEpoch`, `NoEncryptionKey`, `StaleKeyVersion`, `InvalidSealedSeed`.
        ///
        /// # Events
        /// `EnvelopeSet`, `SealingLimited` if the epoch is the current one and the reader's READ
        /// ends.
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

        /// Gives readers the seed of a segment of a confidential data set: many at once, or the
        /// past to readers that came after a cut.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner.
        ///
        /// # Details
        /// - `data_set`: text, the data set's name.
        /// - `epoch`: the data set's current epoch, or the last one before a cut.
        /// - `envelopes`: its seed, sealed for 1 to 64 readers: the owner, accounts with a grant to
        ///   READ, the account that the container is offered to. While it is on offer, readers get
        ///   the current epoch only, and the offeree nothing that it has.
        ///
        /// # Errors
        /// `NothingToDo`, `TooManyEnvelopes`, `ContainerNotFound`, `NotOwner`, `InvalidName`,
        /// `DataSetNotFound`, `OfferPending`, `OfferLapsed`, `DataSetRetired`, `NotAReader`,
        /// `NotConfidential`, `NoKey`, `StaleEpoch`, `NoEncryptionKey`, `StaleKeyVersion`,
        /// `InvalidSealedSeed`.
        ///
        /// # Events
        /// `EnvelopeSet` for each, `SealingLimited` if the epoch is the current one and a reader's
        /// READ ends.
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

        /// Seals a version of the signer's own secret key for holders: a device, a colleague, a key
        /// on paper. They can then read what the signer reads with it. When the key of a holder
        /// leaks, so did this one: set a new one, and say so.
        ///
        /// # Dispatch Origin
        /// Signed by the account whose key it is.
        ///
        /// # Details
        /// - `version`: the version of the signer's encryption key; it need not be the newest.
        /// - `envelopes`: 1 to 16. `Account` seals to an account's newest encryption key, `Key` to
        ///   a public key outside the chain. One that a holder has already is replaced. A version
        ///   has at most 16 holders.
        ///
        /// # Errors
        /// `NothingToDo`, `TooManyEnvelopes`, `KeyNotFound`, `NoEncryptionKey` and
        /// `StaleKeyVersion` (of a holder), `InvalidPublicKey`, `WeakKey`, `NonCanonicalKey`,
        /// `SealedToItself`, `InvalidSealedSeed`, `TooManyHolders`.
        ///
        /// # Events
        /// `AccountEnvelopeSet` for each.
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

        /// Removes the envelope of a holder of the signer's secret key.
        ///
        /// # Dispatch Origin
        /// Signed by the account whose key it is.
        ///
        /// # Details
        /// - `version`: the version of the signer's encryption key.
        /// - `holder`: the account or the public key.
        ///
        /// This revokes nothing: the holder keeps what it opened, and blocks keep the envelope. To
        /// take a holder out, set a new encryption key and say that the old one leaked.
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
