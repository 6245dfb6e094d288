// SPDX-License-Identifier: Apache-2.0

use frame_support::pallet_macros::pallet_section;

/// What accounts may ask the chain to do.
#[pallet_section]
mod calls {
    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Publishes a plugin: a reusable definition of data sets.
        ///
        /// # Dispatch Origin
        /// Signed. The signer is the plugin's publisher.
        ///
        /// # Details
        /// - `document`: JSON text, at most 65,536 bytes; in Polkadot.js Apps, drop the file on the
        ///   field. Its form: `{"description": {"name": ..}, "template": {"type": ..,
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
        /// the errors of schemas from `NotASchema` on, and for a default that does not match its
        /// schema the errors of values from `InvalidJson` on.
        ///
        /// # Events
        /// `PluginPublished`.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::publish_plugin(document.len().saturated_into()))]
        pub fn publish_plugin(origin: OriginFor<T>, document: Vec<u8>) -> DispatchResult {
            let publisher = ensure_signed(origin)?;
            Self::do_publish_plugin(publisher, document).map(|_| ())
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
        #[pallet::weight(T::WeightInfo::retire_plugin())]
        pub fn retire_plugin(origin: OriginFor<T>, plugin: PluginId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_retire_plugin(&who, plugin)
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
        /// `ContainerCreated`.
        #[pallet::call_index(10)]
        #[pallet::weight(T::WeightInfo::create_container(description.len().saturated_into()))]
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
        /// `ContainerCreated`, `DataSetAdded` for each data set, `DataSetChanged` for each default.
        #[pallet::call_index(11)]
        #[pallet::weight(T::WeightInfo::instantiate(
            description.len().saturated_into::<u32>().max(MAX_DOCUMENT),
            MAX_DATA_SETS,
            MAX_PAYLOAD,
        ))]
        pub fn instantiate(
            origin: OriginFor<T>,
            plugin: PluginId,
            description: Vec<u8>,
        ) -> DispatchResultWithPostInfo {
            let owner = ensure_signed(origin)?;
            let (_, weight) = Self::do_instantiate(owner, plugin, description)?;
            Ok(Some(weight).into())
        }

        /// Makes a container like another: its data sets in use, roles, and description.
        ///
        /// # Dispatch Origin
        /// Signed by somebody who may link the container: its owner, somebody with any access to
        /// it, or anybody if it has no confidential data set. The signer owns the clone.
        ///
        /// # Details
        /// - `with_values`: also copy the values of public entries, at most 65,536 bytes together.
        ///
        /// Members, grants, keys and items are never copied.
        ///
        /// # Errors
        /// `ContainerNotFound`, `MayNotClone`, `PayloadTooLong`, `IdsExhausted`.
        ///
        /// # Events
        /// `ContainerCreated`, `DataSetAdded` for each data set, `DataSetChanged` for each value,
        /// `ContainerCloned`.
        #[pallet::call_index(12)]
        #[pallet::weight(T::WeightInfo::clone_container(MAX_DATA_SETS, MAX_PAYLOAD))]
        pub fn clone_container(
            origin: OriginFor<T>,
            container: ContainerId,
            with_values: bool,
        ) -> DispatchResultWithPostInfo {
            let owner = ensure_signed(origin)?;
            let (_, weight) = Self::do_clone_container(owner, container, with_values)?;
            Ok(Some(weight).into())
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
        #[pallet::weight(T::WeightInfo::set_description(description.len().saturated_into()))]
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
        /// - `name`: text, 1 to 64 bytes without control characters and without `/`, not used by
        ///   any data set of the container before.
        /// - `definition`: JSON text, at most 65,536 bytes, of the same form as a data set in a
        ///   plugin document: `{"type": "entry" or "list", "dataSchema": .., ..}`.
        ///
        /// # Errors
        /// `ContainerNotFound`, `NotOwner`, `ContainerClosed`, `OfferPending`, `InvalidName`,
        /// `DataSetExists`, `TooManyDataSets`, `TooManyRoles`, and those of `publish_plugin` for
        /// what is wrong in the definition.
        ///
        /// # Events
        /// `DataSetAdded`, `DataSetChanged` for a default.
        #[pallet::call_index(14)]
        #[pallet::weight(T::WeightInfo::add_data_set(definition.len().saturated_into()))]
        pub fn add_data_set(
            origin: OriginFor<T>,
            container: ContainerId,
            name: Vec<u8>,
            definition: Vec<u8>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_add_data_set(&who, container, name, definition)
        }

        /// Ends a data set: it never changes again, and its name and id are never used again.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner.
        ///
        /// # Details
        /// - `data_set`: text, the data set's name.
        ///
        /// What it holds stays readable until somebody calls `purge`.
        ///
        /// # Errors
        /// `ContainerNotFound`, `NotOwner`, `ContainerClosed`, `OfferPending`, `InvalidName`,
        /// `DataSetNotFound`, `DataSetRetired`, `IdsExhausted`.
        ///
        /// # Events
        /// `DataSetChanged`.
        #[pallet::call_index(15)]
        #[pallet::weight(T::WeightInfo::retire_data_set())]
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
        /// Signed by anybody.
        ///
        /// # Details
        /// - `data_set`: text, the data set's name.
        /// - `limit`: the most batches to clear, 1 to 64; the event tells how many are left.
        ///
        /// Name, id, revision and head stay, so that the history can still be proven.
        ///
        /// # Errors
        /// `ContainerNotFound`, `ContainerClosed`, `OfferPending`, `InvalidName`,
        /// `DataSetNotFound`, `NotRetired`, `NothingToDo`.
        ///
        /// # Events
        /// `DataSetPurged`.
        #[pallet::call_index(16)]
        #[pallet::weight(T::WeightInfo::purge((*limit).clamp(1, MAX_PURGE)))]
        pub fn purge(
            origin: OriginFor<T>,
            container: ContainerId,
            data_set: Vec<u8>,
            limit: u32,
        ) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            let cleared = Self::do_purge(container, data_set, limit)?;
            Ok(Some(T::WeightInfo::purge(cleared)).into())
        }

        /// Ends a container: its data and definitions never change again. It stays readable.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner.
        ///
        /// # Details
        /// Final. Sharing, rotating keys and handing it over still work.
        ///
        /// # Errors
        /// `ContainerNotFound`, `NotOwner`, `ContainerClosed`, `OfferPending`.
        ///
        /// # Events
        /// `ContainerClosed`.
        #[pallet::call_index(17)]
        #[pallet::weight(T::WeightInfo::close_container())]
        pub fn close_container(origin: OriginFor<T>, container: ContainerId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_close_container(&who, container)
        }

        /// Sets the value of a public entry.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner, or by a holder of a role or a grant that gives WRITE.
        ///
        /// # Details
        /// - `data_set`: text, the entry's name.
        /// - `value`: JSON text, at most 16,384 bytes, that matches the entry's schema. Text needs
        ///   quotes: `"Hello"`.
        /// - `expected_revision`: refuse if the entry was changed since you read it.
        ///
        /// # Errors
        /// `ContainerNotFound`, `ContainerClosed`, `InvalidName`, `DataSetNotFound`,
        /// `DataSetRetired`, `NotPermitted`, `WrongKind`, `Confidential`, `StaleRevision`,
        /// `WriteOnce`, `IdsExhausted`, `Corrupt`, and, with the byte offset, the errors of values
        /// from `InvalidJson` on.
        ///
        /// # Events
        /// `DataSetChanged`.
        #[pallet::call_index(30)]
        #[pallet::weight(
            T::WeightInfo::set_entry(value.len().saturated_into(), max_work(value.len()))
        )]
        pub fn set_entry(
            origin: OriginFor<T>,
            container: ContainerId,
            data_set: Vec<u8>,
            value: Vec<u8>,
            expected_revision: Option<u32>,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let bytes = value.len().saturated_into();
            let work = Self::do_set_entry(who, container, data_set, value, expected_revision)?;
            Ok(Some(T::WeightInfo::set_entry(bytes, work)).into())
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
        /// `DataSetNotFound`, `DataSetRetired`, `NotPermitted`, `WrongKind`, `Confidential`,
        /// `StaleRevision`, `WriteOnce`, `ItemNotFound`, `IdsExhausted`.
        ///
        /// # Events
        /// `DataSetChanged`.
        #[pallet::call_index(32)]
        #[pallet::weight(T::WeightInfo::clear_entry())]
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
        /// - `items`: 1 to 256 JSON texts, each at most 16,384 bytes and together at most 65,536,
        ///   that match the list's schema. An item's address is (batch, position) for ever.
        /// - `expected_revision`: refuse if the list was changed since you read it.
        ///
        /// # Errors
        /// `NothingToDo`, `TooManyItems`, `PayloadTooLong`, `ContainerNotFound`,
        /// `ContainerClosed`, `InvalidName`, `DataSetNotFound`, `DataSetRetired`, `NotPermitted`,
        /// `WrongKind`, `Confidential`, `StaleRevision`, `IdsExhausted`, `Corrupt`, and, with the
        /// item's index and the byte offset, the errors of values from `InvalidJson` on.
        ///
        /// # Events
        /// `DataSetChanged`.
        #[pallet::call_index(33)]
        #[pallet::weight(
            T::WeightInfo::append(items.len().saturated_into(), total(items), max_work(total(items)))
        )]
        pub fn append(
            origin: OriginFor<T>,
            container: ContainerId,
            data_set: Vec<u8>,
            items: Vec<Vec<u8>>,
            expected_revision: Option<u32>,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let (count, bytes) = (items.len().saturated_into(), total(&items));
            let work = Self::do_append(who, container, data_set, items, expected_revision)?;
            Ok(Some(T::WeightInfo::append(count, bytes, work)).into())
        }

        /// Removes an item of a public list. Its address stays empty for ever.
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
        /// `DataSetNotFound`, `DataSetRetired`, `NotPermitted`, `WrongKind`, `Confidential`,
        /// `StaleRevision`, `WriteOnce`, `ItemNotFound`, `IdsExhausted`.
        ///
        /// # Events
        /// `DataSetChanged`.
        #[pallet::call_index(35)]
        #[pallet::weight(T::WeightInfo::remove_item())]
        pub fn remove_item(
            origin: OriginFor<T>,
            container: ContainerId,
            data_set: Vec<u8>,
            batch: u32,
            position: u32,
            expected_revision: Option<u32>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_remove_item(who, container, data_set, batch, position, expected_revision)
        }

        /// Sets many public entries of one container: all of them or none.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner, or by a holder of roles or grants that give WRITE on
        /// every one of them.
        ///
        /// # Details
        /// - `values`: 1 to 64, each for one entry: its name (text), its value (JSON text) and the
        ///   revision that it is expected to have; the values together at most 65,536 bytes.
        ///
        /// # Errors
        /// `NothingToDo`, `TooManyItems`, `PayloadTooLong`, and those of `set_entry`; for a value
        /// that does not match with its index in the call.
        ///
        /// # Events
        /// `DataSetChanged` for each value.
        #[pallet::call_index(36)]
        #[pallet::weight({
            let bytes = total_values(values);
            T::WeightInfo::store(values.len().saturated_into(), bytes, max_work(bytes))
        })]
        pub fn store(
            origin: OriginFor<T>,
            container: ContainerId,
            values: Vec<NewValue>,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let (count, bytes) = (values.len().saturated_into(), total_values(&values));
            let work = Self::do_store(who, container, values)?;
            Ok(Some(T::WeightInfo::store(count, bytes, work)).into())
        }
    }
}
