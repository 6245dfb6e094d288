// SPDX-License-Identifier: Apache-2.0

use frame_support::pallet_macros::pallet_section;

/// What accounts may ask the chain to do.
#[pallet_section]
mod calls {
    use super::growth;
    use twinchain_primitives::with_actual_weight;

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Makes a twin of an asset, with links, and with new containers made from plugins.
        ///
        /// # Dispatch Origin
        /// Signed. The signer owns the twin and the containers that are made with it.
        ///
        /// # Details
        /// - `description`: JSON text, 1 to 8,192 bytes. Text needs quotes: `{"name":"Big Crane"}`.
        /// - `asset`: text, 1 to 128 bytes without control and invisible characters and white space
        ///   at its ends: what the twin stands for, by convention the maker's identifier, a slash,
        ///   the serial number. Text that begins with `0x` is read as hex. Never changes. Several
        ///   twins may stand for the same asset.
        /// - `links`: at most 16. `Instantiate` makes a container from a plugin and links it; the
        ///   others link what there is already, as `set_link` does.
        ///
        /// All of it happens or nothing.
        ///
        /// # Errors
        /// `DescriptionNotJson`, `DescriptionTooLong`, `InvalidAsset`, `TooManyLinks`,
        /// `InvalidName`, `DuplicateLink`, `TargetNotFound`, `MayNotLink`, `IdsExhausted`, and the
        /// errors of the data container pallet for containers and plugins that are missing or
        /// retired.
        ///
        /// # Events
        /// `TwinCreated`, `DescriptionSet`, then `LinkSet` for each link, after what making an
        /// instance tells.
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
        /// - `description`: JSON text, 1 to 8,192 bytes. Text needs quotes: `{"name":"Big Crane"}`.
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

        /// Adds a link to a twin, or replaces the one of that name.
        ///
        /// # Dispatch Origin
        /// Signed by the twin's owner.
        ///
        /// # Details
        /// - `name`: text, 1 to 64 bytes without control and invisible characters, white space at
        ///   its ends, and `/`. Forms read text that begins with `0x` as hex.
        /// - `target`: a container needs its owner, or somebody with any access to it, or no
        ///   confidential data set in it. A twin must exist.
        ///
        /// A twin has at most 4,096 links.
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

        /// Takes a link away from a twin. What it pointed to stays as it is.
        ///
        /// # Dispatch Origin
        /// Signed by the twin's owner.
        ///
        /// # Details
        /// - `name`: text, the link's name.
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

        /// Freezes a twin: its description and links never change again. It stays readable, can
        /// still change hands, and the containers that it links go on.
        ///
        /// # Dispatch Origin
        /// Signed by the twin's owner.
        ///
        /// # Details
        /// Final: nothing makes the twin active again.
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

        /// Offers a twin to another account, with containers that change hands in the same step.
        ///
        /// # Dispatch Origin
        /// Signed by the owner of the twin and of all the containers.
        ///
        /// # Details
        /// - `to`: who may accept.
        /// - `deadline`: the last moment to accept, Unix milliseconds.
        /// - `containers`: at most 16; whether the twin links them does not matter.
        /// - `envelopes`: for every confidential data set of them that has a key, its current seed
        ///   sealed for `to`, unless `to` has it already. At most 256: where more are needed, first
        ///   offer some of the containers to `to` by themselves, with `offer_ownership`.
        ///
        /// While the offer is open, the twin's description and links do not change; for the
        /// containers see `offer_ownership` of the data container pallet. A deactivated twin can be
        /// offered as well.
        ///
        /// Offering again to the same account, with all containers of before, renews the offer,
        /// also after its deadline: it has a new id, and the old one is void. Otherwise cancel
        /// first.
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

        /// Accepts the offer of a twin: the signer owns it and its containers from now on.
        ///
        /// # Dispatch Origin
        /// Signed by the account that it is offered to.
        ///
        /// # Details
        /// - `offer`: the offer's id, so that no one accepts another one than was read.
        ///
        /// All of it changes hands or nothing. What becomes of roles, grants and keys stands at
        /// `accept_ownership` of the data container pallet.
        ///
        /// # Errors
        /// `NotFound`, `OfferNotFound`, `NotOfferee`, `WrongOffer`, `OfferLapsed`, and the data
        /// container pallet's `NotOfferedWithTwin` for a container that was sold, or whose offer
        /// was cancelled or renewed without the twin meanwhile.
        ///
        /// # Events
        /// `TwinTransferred`, and what the data container pallet's `accept_ownership` tells for
        /// each container.
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

        /// Ends the offer of a twin and of the containers that are on offer with it.
        ///
        /// # Dispatch Origin
        /// Signed by the twin's owner, or by any account once the deadline has passed.
        ///
        /// # Details
        /// The account that it was offered to could read the confidential data sets of the
        /// containers: they take no sealed values until their owner rotates their keys.
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

        /// Refuses the offer of a twin. It ends, with the offers of the containers with it, as if
        /// their owner had cancelled it.
        ///
        /// # Dispatch Origin
        /// Signed by the account that it is offered to, also after the deadline.
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
