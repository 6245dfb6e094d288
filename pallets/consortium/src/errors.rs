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
        /// There is no organisation with this id.
        ///
        /// Look it up in the view `organisations`.
        #[codec(index = 0)]
        OrganisationNotFound,
        /// An organisation has, or had, this name.
        ///
        /// Choose another one.
        #[codec(index = 1)]
        NameTaken,
        /// A name has 1 to 64 bytes of UTF-8 text without control and invisible characters, without
        /// white space at its ends, and without `/`.
        #[codec(index = 2)]
        InvalidName,
        /// A label has at most 64 bytes of UTF-8 text without control and invisible characters,
        /// without white space at its ends, and without `/`.
        ///
        /// Shorten it, or leave it empty.
        #[codec(index = 3)]
        InvalidLabel,
        /// In a quota something comes back with each block, and at most what fits: `per_block` is
        /// at least 1 and at most `burst`.
        ///
        /// Raise `burst`, or lower `per_block`.
        #[codec(index = 4)]
        InvalidLimits,
        /// Only an administrator of this organisation may do this, or the council.
        ///
        /// Sign with such an account, or ask the council for a motion.
        #[codec(index = 5)]
        NotAdmin,
        /// The organisation is suspended.
        ///
        /// Ask the council to resume it.
        #[codec(index = 6)]
        Suspended,
        /// The organisation is not suspended.
        #[codec(index = 7)]
        NotSuspended,
        /// The organisation was removed, and stays so.
        ///
        /// Admit it anew under another name.
        #[codec(index = 8)]
        Removed,
        /// The organisation was not removed: only a removed one is cleared.
        #[codec(index = 9)]
        NotRemoved,
        /// There is nothing left to clear.
        #[codec(index = 10)]
        NothingToDo,
        /// The account is a member already, of this organisation or of another one.
        ///
        /// Let it leave the other one, or claim itself with a signature.
        #[codec(index = 11)]
        AlreadyMember,
        /// The account is not a member.
        ///
        /// Check the address.
        #[codec(index = 12)]
        NotMember,
        /// The organisation has as many members as its limit allows.
        ///
        /// Remove one, or ask the council to raise the limit.
        #[codec(index = 13)]
        MembersExhausted,
        /// The last administrator of an organisation neither leaves nor is removed, unless the
        /// council removes it or another organisation claims it.
        ///
        /// Make another member an administrator first.
        #[codec(index = 14)]
        LastAdmin,
        /// The account has, or lacks, this office already.
        #[codec(index = 15)]
        NotChanged,
        /// This is not the peer id of an Ed25519 key, the only kind that nodes have.
        ///
        /// Give the bytes of its multihash as hex, 38 bytes: the node prints them
        /// (`twinchain-node consortium join`).
        #[codec(index = 16)]
        InvalidPeerId,
        /// The node is listed already, for this organisation or for another one.
        ///
        /// Remove it there, or claim it with a signature of its key.
        #[codec(index = 17)]
        NodeExists,
        /// There is no such node.
        ///
        /// Look at the organisation's nodes.
        #[codec(index = 18)]
        NodeNotFound,
        /// The organisation has as many nodes as its limit allows.
        ///
        /// Remove one, or ask the council to raise the limit.
        #[codec(index = 19)]
        NodesExhausted,
        /// The limits of all organisations together exceed the nodes that the chain allows.
        ///
        /// Grant fewer nodes, or lower the limits of others.
        #[codec(index = 20)]
        TooManyNodes,
        /// The account is a validator already.
        #[codec(index = 21)]
        AlreadyValidator,
        /// The account is not a validator.
        ///
        /// Check the address.
        #[codec(index = 22)]
        NotValidator,
        /// The consortium has as many validators as the chain allows.
        ///
        /// Dismiss one first.
        #[codec(index = 23)]
        TooManyValidators,
        /// The last validator stays: without any, the chain would stop for good.
        ///
        /// Appoint another one first.
        #[codec(index = 24)]
        LastValidator,
        /// The chain has no ids left for more organisations.
        ///
        /// Report it, with the block and the call.
        #[codec(index = 25)]
        IdsExhausted,
        /// The delay is at least one block, and at most half a session.
        #[codec(index = 26)]
        InvalidDelay,
        /// The chain has no block of this number yet.
        ///
        /// Give the last final one.
        #[codec(index = 27)]
        NoSuchBlock,
        /// An organisation was cleared in this block already.
        ///
        /// Try again in the next block.
        #[codec(index = 28)]
        ClearedEnough,
        /// A restart of finality, or a change of its validators, is on its way.
        ///
        /// Wait until it has taken effect.
        #[codec(index = 29)]
        FinalityChanging,
        /// The limits of all organisations together exceed what blocks carry, in time or in bytes.
        ///
        /// Grant less in each block (`per_block`), or lower the limits of others.
        #[codec(index = 30)]
        CapacityExceeded,
        /// The council has at least three seats, and the organisation's members have too many of
        /// them.
        ///
        /// Give seats to members of other organisations first.
        #[codec(index = 31)]
        TooFewSeats,
        /// Without the organisation's members no validator with registered keys would remain.
        ///
        /// Appoint another one first, and let it register its keys.
        #[codec(index = 32)]
        TooFewValidators,
        /// The organisation's nodes are still listed, since its validators are in their last
        /// sessions.
        ///
        /// Clear it two sessions after these.
        #[codec(index = 33)]
        NodesListed,
        /// The signature is not of this account, or of this node, for this organisation and its
        /// number of claims.
        ///
        /// Sign what the view `member_claim` or `node_claim` returns.
        #[codec(index = 34)]
        InvalidClaim,
        /// The councillor has as many motions to be voted on as one may have.
        ///
        /// Close one, or wait until one has ended.
        #[codec(index = 35)]
        TooManyMotions,
        /// No such operation is pending.
        #[codec(index = 36)]
        OperationNotFound,
        /// The operation began less than thirty days ago.
        ///
        /// Its signatories may cancel it until then.
        #[codec(index = 37)]
        OperationTooYoung,
        /// The account is a councillor or a validator.
        ///
        /// To take it in, let it sign a claim (`claim_member`). To let it go, let the council take
        /// the office first, or remove the member.
        #[codec(index = 38)]
        HoldsOffice,
    }
}
