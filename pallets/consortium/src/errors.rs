// SPDX-License-Identifier: Apache-2.0

use frame_support::pallet_macros::pallet_section;

/// The pallet's errors.
#[pallet_section]
mod errors {
    #[pallet::error]
    pub enum Error<T> {
        /// There is no organisation with this id.
        #[codec(index = 0)]
        OrganisationNotFound,
        /// An organisation has, or had, this name: choose another one.
        #[codec(index = 1)]
        NameTaken,
        /// A name has 1 to 64 bytes of UTF-8 text without control characters and without `/`.
        #[codec(index = 2)]
        InvalidName,
        /// A label has at most 64 bytes of UTF-8 text without control characters and without `/`;
        /// it may be empty.
        #[codec(index = 3)]
        InvalidLabel,
        /// In a quota something comes back with each block, and at most what fits: `per_block` is
        /// at least 1 and at most `burst`.
        #[codec(index = 4)]
        InvalidLimits,
        /// Only an administrator of this organisation may do this, or the council.
        #[codec(index = 5)]
        NotAdmin,
        /// The organisation is suspended: the council has to resume it first.
        #[codec(index = 6)]
        Suspended,
        /// The organisation is not suspended.
        #[codec(index = 7)]
        NotSuspended,
        /// The organisation was removed. It stays so; admit it anew under another name.
        #[codec(index = 8)]
        Removed,
        /// The organisation was not removed.
        #[codec(index = 9)]
        NotRemoved,
        /// There is nothing left to clear.
        #[codec(index = 10)]
        NothingToDo,
        /// The account is a member already, of this organisation or of another one.
        #[codec(index = 11)]
        AlreadyMember,
        /// The account is no member.
        #[codec(index = 12)]
        NotMember,
        /// The organisation has as many members as its limit allows: the council can raise it.
        #[codec(index = 13)]
        MembersExhausted,
        /// An organisation's last administrator can be removed by the council only.
        #[codec(index = 14)]
        LastAdmin,
        /// The account has, or lacks, this office already.
        #[codec(index = 15)]
        NotChanged,
        /// This is no peer id. Give the bytes of its multihash as hex, 34 or 38 bytes: the node
        /// prints them (`twinchain-node consortium join`).
        #[codec(index = 16)]
        InvalidPeerId,
        /// The node is listed already, for this organisation or for another one.
        #[codec(index = 17)]
        NodeExists,
        /// There is no such node.
        #[codec(index = 18)]
        NodeNotFound,
        /// The organisation has as many nodes as its limit allows: the council can raise it.
        #[codec(index = 19)]
        NodesExhausted,
        /// The consortium has as many nodes as the chain allows.
        #[codec(index = 20)]
        TooManyNodes,
        /// The account is a validator already.
        #[codec(index = 21)]
        AlreadyValidator,
        /// The account is no validator.
        #[codec(index = 22)]
        NotValidator,
        /// The consortium has as many validators as the chain allows.
        #[codec(index = 23)]
        TooManyValidators,
        /// The last validator stays: without any, the chain would stand still for good.
        #[codec(index = 24)]
        LastValidator,
        /// There are no more ids.
        #[codec(index = 25)]
        IdsExhausted,
        /// The delay is at least one block.
        #[codec(index = 26)]
        InvalidDelay,
        /// The chain has no block of this number yet.
        #[codec(index = 27)]
        NoSuchBlock,
        /// An organisation was cleared in this block already: try again in the next one.
        #[codec(index = 28)]
        ClearedEnough,
    }
}
