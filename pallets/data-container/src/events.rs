// SPDX-License-Identifier: Apache-2.0

use frame_support::pallet_macros::pallet_section;

/// The pallet's events.
#[pallet_section]
mod events {
    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A plugin was published.
        #[codec(index = 0)]
        PluginPublished {
            /// Its id.
            plugin: PluginId,
            /// Who published it.
            publisher: T::AccountId,
            /// Its name.
            name: Name,
            /// The blake2_256 of its document.
            document: H256,
            /// The plugin that it is a new version of.
            replaces: Option<PluginId>,
        },
        /// A plugin was retired: it makes no more instances.
        #[codec(index = 1)]
        PluginRetired {
            /// The plugin.
            plugin: PluginId,
        },
        /// A container was made.
        #[codec(index = 2)]
        ContainerCreated {
            /// Its id.
            container: ContainerId,
            /// Its owner.
            owner: T::AccountId,
            /// The plugin that it was made from, if it was.
            plugin: Option<PluginId>,
        },
        /// A container was made as a clone of another.
        #[codec(index = 3)]
        ContainerCloned {
            /// The new container.
            container: ContainerId,
            /// The one that it was cloned from.
            source: ContainerId,
        },
        /// A container's description was replaced.
        #[codec(index = 4)]
        DescriptionSet {
            /// The container.
            container: ContainerId,
        },
        /// A container was closed for good.
        #[codec(index = 5)]
        ContainerClosed {
            /// The container.
            container: ContainerId,
        },
        /// A container has a new data set.
        #[codec(index = 6)]
        DataSetAdded {
            /// The container.
            container: ContainerId,
            /// The data set's id.
            data_set: DataSetId,
            /// The data set's name.
            name: Name,
        },
        /// A data set was changed. The operations of a data set, hashed one after the other, make
        /// its head.
        #[codec(index = 7)]
        DataSetChanged {
            /// The container.
            container: ContainerId,
            /// The data set's id.
            data_set: DataSetId,
            /// The data set's name.
            name: Name,
            /// What was done, by whom, by what right, and the hash of what was stored.
            operation: Operation<T::AccountId, BlockNumberFor<T>>,
        },
        /// Data of a retired data set was cleared from the state.
        #[codec(index = 8)]
        DataSetPurged {
            /// The container.
            container: ContainerId,
            /// The data set's name.
            name: Name,
            /// How many batches were cleared.
            cleared: u32,
            /// How many batches are left.
            left: u32,
        },
    }
}
