// SPDX-License-Identifier: Apache-2.0

use frame_support::pallet_macros::pallet_section;

/// The pallet's calls.
#[pallet_section]
mod calls {
    use super::growth;
    use twinchain_primitives::with_actual_weight;

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Creates a twin of an asset, with links and with new instances of plugins.
        ///
        /// # Dispatch Origin
        /// Signed. The caller owns the twin and the containers that are created with it.
        ///
        /// # Details
        /// - `description`: JSON text of 1 to 8,192 bytes. Text needs quotes:
        ///   `{"name":"Big Crane"}`.
        /// - `asset`: UTF-8 text of 1 to 128 bytes, without control or invisible characters and
        ///   without leading or trailing white space. It names the physical thing, by convention as
        ///   the manufacturer's identifier, a slash, and the serial number. Input forms read text
        ///   that begins with `0x` as hex. It never changes. Several twins can represent the same
        ///   asset.
        /// - `links`: at most 16. `Instantiate` creates a container from a plugin and links it. The
        ///   other kinds link existing targets, as `set_link` does.
        ///
        /// If one part fails, nothing is created.
        ///
        /// # Errors
        /// `DescriptionNotJson`, `DescriptionTooLong`, `InvalidAsset`, `TooManyLinks`,
        /// `InvalidName`, `DuplicateLink`, `TargetNotFound`, `MayNotLink`, `IdsExhausted`, and the
        /// data container pallet's errors for a container that does not exist, and for a plugin
        /// that does not exist or is retired.
        ///
        /// # Events
        /// `TwinCreated`, `DescriptionSet`, then `LinkSet` for each link. The data container
        /// pallet's events for a new instance precede its link.
        #[pallet::call_index(0)]
        #[pallet::weight(Pallet::<T>::create_twin_weight(description, asset, links))]
        pub fn create_twin(
            origin: OriginFor<T>,
            description: Vec<u8>,
            asset: Vec<u8>,
            links: Vec<NewLink<T::AccountId>>,
        ) -> DispatchResultWithPostInfo {
            let owner = ensure_signed(origin)?;
            let mut spent = Weight::zero();
            let result = Self::do_create_twin(owner, description, asset, links, &mut spent);
            with_actual_weight(spent, result)
        }

        /// Replaces a twin's description.
        ///
        /// # Dispatch Origin
        /// Signed by the twin's owner.
        ///
        /// # Details
        /// - `description`: JSON text of 1 to 8,192 bytes. Text needs quotes:
        ///   `{"name":"Big Crane"}`.
        ///
        /// # Errors
        /// `NotFound`, `NotOwner`, `Deactivated`, `OfferPending`, `DescriptionNotJson`,
        /// `DescriptionTooLong`.
        ///
        /// # Events
        /// `DescriptionSet`.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::set_description(description.len().saturated_into())
            .saturating_add(growth::set_description(description)))]
        pub fn set_description(
            origin: OriginFor<T>,
            twin: TwinId,
            description: Vec<u8>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_set_description(&who, twin, description)
        }

        /// Adds a link to a twin, or replaces the link with this name.
        ///
        /// # Dispatch Origin
        /// Signed by the twin's owner.
        ///
        /// # Details
        /// - `name`: UTF-8 text of 1 to 64 bytes, without control or invisible characters, without
        ///   leading or trailing white space, and without `/`. Input forms read text that begins
        ///   with `0x` as hex.
        /// - `target`: a twin must exist. A container must have no confidential data sets, or the
        ///   caller must be its owner or hold a role or a grant in it.
        ///
        /// A twin can have at most 4,096 links.
        ///
        /// # Errors
        /// `NotFound`, `NotOwner`, `Deactivated`, `OfferPending`, `InvalidName`, `LinksExhausted`,
        /// `TargetNotFound`, `MayNotLink`, and the data container pallet's error for a container
        /// that does not exist.
        ///
        /// # Events
        /// `LinkSet`.
        #[pallet::call_index(2)]
        #[pallet::weight(Pallet::<T>::set_link_weight(name, target))]
        pub fn set_link(
            origin: OriginFor<T>,
            twin: TwinId,
            name: Vec<u8>,
            target: Target<T::AccountId>,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let mut spent = Weight::zero();
            let result = Self::do_set_link(&who, twin, name, target, &mut spent);
            with_actual_weight(spent, result)
        }

        /// Removes a link from a twin. The target of the link does not change.
        ///
        /// # Dispatch Origin
        /// Signed by the twin's owner.
        ///
        /// # Details
        /// - `name`: text, the name of the link.
        ///
        /// # Errors
        /// `NotFound`, `NotOwner`, `Deactivated`, `OfferPending`, `InvalidName`, `LinkNotFound`.
        ///
        /// # Events
        /// `LinkRemoved`.
        #[pallet::call_index(3)]
        #[pallet::weight(Pallet::<T>::remove_link_weight())]
        pub fn remove_link(
            origin: OriginFor<T>,
            twin: TwinId,
            name: Vec<u8>,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let mut spent = Weight::zero();
            let result = Self::do_remove_link(&who, twin, name, &mut spent);
            with_actual_weight(spent, result)
        }

        /// Freezes a twin permanently: its description and links never change again. It stays
        /// readable and can still be handed over. The containers that it links stay in use.
        ///
        /// # Dispatch Origin
        /// Signed by the twin's owner.
        ///
        /// # Details
        /// A deactivated twin can never become active again.
        ///
        /// # Errors
        /// `NotFound`, `NotOwner`, `Deactivated`, `OfferPending`.
        ///
        /// # Events
        /// `TwinDeactivated`.
        #[pallet::call_index(4)]
        #[pallet::weight(
            T::WeightInfo::deactivate_twin().saturating_add(growth::deactivate_twin())
        )]
        pub fn deactivate_twin(origin: OriginFor<T>, twin: TwinId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_deactivate_twin(&who, twin)
        }

        /// Offers a twin to another account, with containers that change owner in the same step.
        ///
        /// # Dispatch Origin
        /// Signed by the owner of the twin and of all the containers.
        ///
        /// # Details
        /// - `to`: the offeree, which can accept the offer.
        /// - `deadline`: the last moment to accept, in Unix milliseconds.
        /// - `containers`: at most 16. The twin need not link them.
        /// - `envelopes`: for each confidential data set of the containers that has a key, its
        ///   current seed sealed for `to`, unless `to` has it already. At most 256. If more are
        ///   needed, first offer some of the containers to `to` separately, with `offer_ownership`.
        ///
        /// While the offer is open, the twin's description and links cannot change. For the
        /// containers see `offer_ownership` of the data container pallet. A deactivated twin can be
        /// offered too.
        ///
        /// A new offer to the same account, with at least the same containers, renews the offer,
        /// even after its deadline. The renewed offer has a new id, and the old id is void. For any
        /// other change, cancel the offer first.
        ///
        /// # Errors
        /// `NotFound`, `NotOwner`, `OfferPending`, `OfferToSelf`, `InvalidExpiry`,
        /// `TooManyContainers`, `DuplicateContainer`, `TooManyEnvelopes`, `ContainerNotOffered`,
        /// `IdsExhausted`, and the errors of the data container pallet's `offer_ownership` for a
        /// container that cannot be offered.
        ///
        /// # Events
        /// `TwinOffered`, and the events of the data container pallet's `offer_ownership` for each
        /// container.
        #[pallet::call_index(5)]
        #[pallet::weight(Pallet::<T>::offer_twin_weight(containers, envelopes))]
        pub fn offer_twin(
            origin: OriginFor<T>,
            twin: TwinId,
            to: T::AccountId,
            deadline: Moment,
            containers: Vec<ContainerId>,
            envelopes: Vec<ContainerEnvelope>,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let mut spent = Weight::zero();
            let result =
                Self::do_offer_twin(&who, twin, to, deadline, containers, envelopes, &mut spent);
            with_actual_weight(spent, result)
        }

        /// Accepts the offer of a twin. The caller becomes the owner of the twin and its offered
        /// containers.
        ///
        /// # Dispatch Origin
        /// Signed by the offeree.
        ///
        /// # Details
        /// - `offer`: the offer's id, so that the caller cannot accept a different offer than it
        ///   has read.
        ///
        /// The twin and all containers change owner, or none does. For the effects on roles, grants
        /// and keys see `accept_ownership` of the data container pallet.
        ///
        /// # Errors
        /// `NotFound`, `OfferNotFound`, `NotOfferee`, `WrongOffer`, `OfferLapsed`, and the data
        /// container pallet's `NotOfferedWithTwin` for a container that has another owner, or whose
        /// offer was cancelled or renewed without the twin.
        ///
        /// # Events
        /// `TwinTransferred`, and the data container pallet's events of `accept_ownership` for each
        /// container.
        #[pallet::call_index(6)]
        #[pallet::weight(Pallet::<T>::accept_twin_weight(MAX_LINKS_PER_CALL))]
        pub fn accept_twin(
            origin: OriginFor<T>,
            twin: TwinId,
            offer: u32,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let mut spent = Weight::zero();
            let result = Self::do_accept_twin(who, twin, offer, &mut spent);
            with_actual_weight(spent, result)
        }

        /// Cancels the offer of a twin and of the containers that are on offer with it.
        ///
        /// # Dispatch Origin
        /// Signed by the twin's owner, or by any account once the deadline has passed.
        ///
        /// # Details
        /// The offeree could already read the confidential data sets of the containers. These
        /// accept no sealed values until their owner rotates their keys.
        ///
        /// # Errors
        /// `NotFound`, `NotOwner`, `OfferNotFound`.
        ///
        /// # Events
        /// `OfferCancelled`, and the data container pallet's for each container.
        #[pallet::call_index(7)]
        #[pallet::weight(Pallet::<T>::cancel_offer_weight(MAX_LINKS_PER_CALL))]
        pub fn cancel_offer(origin: OriginFor<T>, twin: TwinId) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let mut spent = Weight::zero();
            let result = Self::do_cancel_offer(&who, twin, &mut spent);
            with_actual_weight(spent, result)
        }

        /// Declines the offer of a twin. The offer ends, with the offers of its containers, as if
        /// the owner had cancelled it.
        ///
        /// # Dispatch Origin
        /// Signed by the offeree, even after the deadline.
        ///
        /// # Details
        /// - `offer`: the offer's id.
        ///
        /// # Errors
        /// `NotFound`, `OfferNotFound`, `NotOfferee`, `WrongOffer`.
        ///
        /// # Events
        /// `OfferCancelled`, and the data container pallet's for each container.
        #[pallet::call_index(8)]
        #[pallet::weight(Pallet::<T>::cancel_offer_weight(MAX_LINKS_PER_CALL))]
        pub fn decline_offer(
            origin: OriginFor<T>,
            twin: TwinId,
            offer: u32,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let mut spent = Weight::zero();
            let result = Self::do_decline_offer(&who, twin, offer, &mut spent);
            with_actual_weight(spent, result)
        }
    }
}
