// SPDX-License-Identifier: Apache-2.0

use frame_support::pallet_macros::pallet_section;

/// The pallet's errors.
#[pallet_section]
mod errors {
    #[pallet::error]
    pub enum Error<T> {
        /// There is no twin with this id.
        #[codec(index = 0)]
        NotFound,
        /// Only the twin's owner may do this.
        #[codec(index = 1)]
        NotOwner,
        /// The twin was deactivated: it never changes again.
        #[codec(index = 2)]
        Deactivated,
        /// The twin is on offer to somebody: its links do not change until the offer is accepted
        /// or cancelled.
        #[codec(index = 3)]
        OfferPending,
        /// The description is no JSON text, or an object in it has a member twice. Text needs
        /// quotes: `"Big Crane"`, `{"name":"Big Crane"}`. The bytes after the error's index tell
        /// the offset (u16) of the first byte that is wrong.
        #[codec(index = 4)]
        DescriptionNotJson {
            /// The first byte that is wrong.
            offset: u16,
        },
        /// The description has more than 8,192 bytes.
        #[codec(index = 5)]
        DescriptionTooLong,
        /// An asset has 1 to 128 bytes of UTF-8 text without control characters.
        #[codec(index = 6)]
        InvalidAsset,
        /// A name has 1 to 64 bytes of UTF-8 text without control characters and without `/`.
        #[codec(index = 7)]
        InvalidName,
        /// One call names at most 16 links: make the twin first, add the others with `set_link`.
        #[codec(index = 8)]
        TooManyLinks,
        /// Two of the links have the same name.
        #[codec(index = 9)]
        DuplicateLink,
        /// A twin has at most 4,096 links.
        #[codec(index = 10)]
        LinksExhausted,
        /// The twin has no link of this name.
        #[codec(index = 11)]
        LinkNotFound,
        /// The link's target is a twin that does not exist.
        #[codec(index = 12)]
        TargetNotFound,
        /// A container with confidential data sets is linked by its owner or by somebody with
        /// access to it.
        #[codec(index = 13)]
        MayNotLink,
        /// The chain has no ids left for more twins.
        #[codec(index = 14)]
        IdsExhausted,
        /// Nobody offers the twin.
        #[codec(index = 15)]
        OfferNotFound,
        /// The offer has another id: it was replaced by a newer one. Read it again.
        #[codec(index = 16)]
        WrongOffer,
        /// The twin is offered to somebody else.
        #[codec(index = 17)]
        NotOfferee,
        /// The offer's deadline has passed: its owner cancels or replaces it.
        #[codec(index = 18)]
        OfferLapsed,
        /// The twin is its owner's already.
        #[codec(index = 19)]
        OfferToSelf,
        /// The deadline has passed already. Times are Unix milliseconds.
        #[codec(index = 20)]
        InvalidExpiry,
        /// At most 16 containers change hands with a twin.
        #[codec(index = 21)]
        TooManyContainers,
        /// A container is named twice.
        #[codec(index = 22)]
        DuplicateContainer,
        /// One call brings at most 256 envelopes.
        #[codec(index = 23)]
        TooManyEnvelopes,
        /// An envelope is for a container that is not offered with the twin.
        #[codec(index = 24)]
        ContainerNotOffered,
    }
}
