// SPDX-License-Identifier: Apache-2.0

use frame_support::pallet_macros::pallet_section;

// The documentation of the variants is the one source of what clients say about them: the first
// paragraph says what an error means, a second one what to do, where that does not follow.
// `scripts/generate-docs.sh` writes it to where it is used.

/// The pallet's errors.
#[pallet_section]
mod errors {
    #[pallet::error]
    pub enum Error<T> {
        /// There is no twin with this id.
        ///
        /// Check the id, and the chain.
        #[codec(index = 0)]
        NotFound,
        /// Only the twin's owner may do this; an offer that has lapsed is cancelled by any account.
        ///
        /// Sign with its account, or make a twin of your own of the same asset.
        #[codec(index = 1)]
        NotOwner,
        /// The twin was deactivated: its description and links never change again.
        ///
        /// Make a new twin of the asset.
        #[codec(index = 2)]
        Deactivated,
        /// The twin is on offer: until the offer ends, its description and links do not change, and
        /// it is offered neither to another account nor with fewer containers.
        ///
        /// Wait until the offer ends, or cancel it first; one that has lapsed is renewed or
        /// cancelled.
        #[codec(index = 3)]
        OfferPending,
        /// The description is not JSON text, or an object in it has the same member twice.
        ///
        /// Text needs quotes: `"Big Crane"`, `{"name":"Big Crane"}`.
        #[codec(index = 4)]
        DescriptionNotJson {
            /// The first byte that is wrong.
            offset: u16,
        },
        /// The description has more than 8,192 bytes.
        ///
        /// Shorten it, or put the text into a container.
        #[codec(index = 5)]
        DescriptionTooLong,
        /// An asset has 1 to 128 bytes of UTF-8 text without control and invisible characters, and
        /// without white space at its ends.
        ///
        /// By convention, name the maker's identifier, a slash, and the serial number.
        #[codec(index = 6)]
        InvalidAsset,
        /// A name has 1 to 64 bytes of UTF-8 text without control and invisible characters, without
        /// white space at its ends, and without `/`.
        #[codec(index = 7)]
        InvalidName,
        /// One call names at most 16 links.
        ///
        /// Make the twin first, and add the others with `set_link`.
        #[codec(index = 8)]
        TooManyLinks,
        /// Two of the links have the same name.
        ///
        /// Rename one of them.
        #[codec(index = 9)]
        DuplicateLink,
        /// A twin has at most 4,096 links.
        ///
        /// Link another twin, and add the others to that one.
        #[codec(index = 10)]
        LinksExhausted,
        /// The twin has no link of this name.
        ///
        /// Look at the twin's links.
        #[codec(index = 11)]
        LinkNotFound,
        /// The link's target is a twin that does not exist.
        ///
        /// Check its id.
        #[codec(index = 12)]
        TargetNotFound,
        /// Only its owner, or an account with access to it, links a container with confidential
        /// data sets.
        ///
        /// Ask the owner to share a data set with you.
        #[codec(index = 13)]
        MayNotLink,
        /// The chain has no ids left for more twins.
        ///
        /// Report it, with the block and the call.
        #[codec(index = 14)]
        IdsExhausted,
        /// The twin is not on offer: its offer was accepted, declined or cancelled, or never made.
        ///
        /// Ask the owner to offer it.
        #[codec(index = 15)]
        OfferNotFound,
        /// The offer has another id: a newer one replaced it.
        ///
        /// Read the new one before you accept it.
        #[codec(index = 16)]
        WrongOffer,
        /// The twin is offered to another account.
        ///
        /// Sign with the account that it is offered to.
        #[codec(index = 17)]
        NotOfferee,
        /// The offer's deadline has passed.
        ///
        /// Its owner renews it, or any account cancels it; until then, nothing is accepted.
        #[codec(index = 18)]
        OfferLapsed,
        /// The twin is its owner's already.
        ///
        /// Name another account.
        #[codec(index = 19)]
        OfferToSelf,
        /// The deadline has passed.
        ///
        /// Give a moment in the future, in Unix milliseconds.
        #[codec(index = 20)]
        InvalidExpiry,
        /// At most 16 containers change hands with a twin.
        ///
        /// Offer the others by themselves, with `offer_ownership`.
        #[codec(index = 21)]
        TooManyContainers,
        /// A container is named twice.
        ///
        /// Remove one of them.
        #[codec(index = 22)]
        DuplicateContainer,
        /// One call brings at most 256 envelopes.
        ///
        /// Offer some of the containers by themselves, with `offer_ownership`.
        #[codec(index = 23)]
        TooManyEnvelopes,
        /// An envelope is for a container that is not offered with the twin.
        ///
        /// Name the container too, or leave the envelope out.
        #[codec(index = 24)]
        ContainerNotOffered,
    }
}
