// SPDX-License-Identifier: Apache-2.0

use frame_support::pallet_macros::pallet_section;

// Clients show the documentation of the variants. The first paragraph says what is wrong. A second
// one says what to do, where that does not follow. `scripts/generate-docs.sh` copies it to the
// clients.

/// The pallet's errors.
#[pallet_section]
mod errors {
    #[pallet::error]
    pub enum Error<T> {
        /// No twin has this id.
        ///
        /// Check the id, and that this is the right chain.
        #[codec(index = 0)]
        NotFound,
        /// Only the twin's owner can do this. Any account can cancel an offer that has lapsed.
        ///
        /// Sign with the owner's account, or create your own twin of the same asset.
        #[codec(index = 1)]
        NotOwner,
        /// The twin is deactivated. Its description and links never change again.
        ///
        /// Create a new twin of the asset.
        #[codec(index = 2)]
        Deactivated,
        /// The twin is on offer. Until the offer ends, its description and links cannot change, and
        /// it cannot be offered to another account or with fewer containers.
        ///
        /// Wait until the offer ends, or cancel it first. If the offer has lapsed, renew or cancel
        /// it.
        #[codec(index = 3)]
        OfferPending,
        /// The description is not JSON text, or an object in it has two members with the same name.
        ///
        /// Text needs quotes: `"Big Crane"`, `{"name":"Big Crane"}`.
        #[codec(index = 4)]
        DescriptionNotJson {
            /// The offset of the first invalid byte.
            offset: u16,
        },
        /// The description has more than 8,192 bytes.
        ///
        /// Shorten it, or put the text into a container.
        #[codec(index = 5)]
        DescriptionTooLong,
        /// An asset must be UTF-8 text of 1 to 128 bytes, without control or invisible characters
        /// and without leading or trailing white space.
        ///
        /// By convention, it is the manufacturer's identifier, a slash, and the serial number.
        #[codec(index = 6)]
        InvalidAsset,
        /// A name must be UTF-8 text of 1 to 64 bytes, without control or invisible characters,
        /// without leading or trailing white space, and without `/`.
        #[codec(index = 7)]
        InvalidName,
        /// One call can add at most 16 links.
        ///
        /// Create the twin first, and add the other links with `set_link`.
        #[codec(index = 8)]
        TooManyLinks,
        /// Two of the links have the same name.
        ///
        /// Rename one of them.
        #[codec(index = 9)]
        DuplicateLink,
        /// A twin can have at most 4,096 links.
        ///
        /// Link another twin, and add the other links to that one.
        #[codec(index = 10)]
        LinksExhausted,
        /// The twin has no link with this name.
        ///
        /// Check the twin's links in the view `links`.
        #[codec(index = 11)]
        LinkNotFound,
        /// The target of the link is a twin that does not exist.
        ///
        /// Check the twin's id.
        #[codec(index = 12)]
        TargetNotFound,
        /// Only the owner, or an account with a role or a grant in it, can link a container with
        /// confidential data sets.
        ///
        /// Ask the owner to share a data set with you.
        #[codec(index = 13)]
        MayNotLink,
        /// The chain has no ids left for twins.
        ///
        /// Report this, with the block and the call.
        #[codec(index = 14)]
        IdsExhausted,
        /// The twin is not on offer. It was never offered, or the offer was accepted, declined or
        /// cancelled.
        ///
        /// Ask the owner to offer it.
        #[codec(index = 15)]
        OfferNotFound,
        /// The open offer has a different id: a newer offer replaced the one you named.
        ///
        /// Read the new offer before you accept it.
        #[codec(index = 16)]
        WrongOffer,
        /// The twin is on offer to another account.
        ///
        /// Sign with the account to which it is offered.
        #[codec(index = 17)]
        NotOfferee,
        /// The offer has lapsed: its deadline has passed.
        ///
        /// Ask the owner to renew the offer, or cancel it.
        #[codec(index = 18)]
        OfferLapsed,
        /// The offeree is already the twin's owner.
        ///
        /// Offer the twin to another account.
        #[codec(index = 19)]
        OfferToSelf,
        /// The deadline has passed.
        ///
        /// Pass a moment in the future, in Unix milliseconds.
        #[codec(index = 20)]
        InvalidExpiry,
        /// At most 16 containers can be offered with a twin.
        ///
        /// Offer the other containers separately, with `offer_ownership`.
        #[codec(index = 21)]
        TooManyContainers,
        /// A container is listed twice.
        ///
        /// Remove one of the duplicates.
        #[codec(index = 22)]
        DuplicateContainer,
        /// One call can pass at most 256 envelopes.
        ///
        /// Offer some of the containers separately, with `offer_ownership`.
        #[codec(index = 23)]
        TooManyEnvelopes,
        /// An envelope is for a container that is not offered with the twin.
        ///
        /// List the container too, or omit the envelope.
        #[codec(index = 24)]
        ContainerNotOffered,
    }
}
