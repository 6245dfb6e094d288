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
        /// No organisation has this id.
        ///
        /// Look it up in the view `organisations`.
        #[codec(index = 0)]
        OrganisationNotFound,
        /// Another organisation has, or had, this name.
        ///
        /// Choose another name.
        #[codec(index = 1)]
        NameTaken,
        /// A name must be UTF-8 text of 1 to 64 bytes, without control or invisible characters,
        /// without leading or trailing white space, and without `/`.
        #[codec(index = 2)]
        InvalidName,
        /// A label must be UTF-8 text of at most 64 bytes, without control or invisible characters,
        /// without leading or trailing white space, and without `/`.
        ///
        /// Change it, or leave it empty.
        #[codec(index = 3)]
        InvalidLabel,
        /// The `per_block` of each quota must be at least 1 and at most its `burst`.
        ///
        /// Raise `burst`, or lower `per_block`.
        #[codec(index = 4)]
        InvalidLimits,
        /// Only an administrator of this organisation or the council can do this.
        ///
        /// Sign with an administrator's account, or ask the council for a motion.
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
        /// The organisation was removed permanently.
        ///
        /// Admit the company as a new organisation under another name.
        #[codec(index = 8)]
        Removed,
        /// The organisation was not removed. Only a removed organisation can be cleared.
        #[codec(index = 9)]
        NotRemoved,
        /// Nothing is left to clear.
        #[codec(index = 10)]
        NothingToDo,
        /// The account is already a member of this organisation or of another one.
        ///
        /// Let it leave the other organisation, or admit it with a claim that it signs
        /// (`claim_member`).
        #[codec(index = 11)]
        AlreadyMember,
        /// The account is not a member.
        ///
        /// Check the address.
        #[codec(index = 12)]
        NotMember,
        /// The organisation has reached its limit of members.
        ///
        /// Remove a member, or ask the council to raise the limit.
        #[codec(index = 13)]
        MembersExhausted,
        /// The last administrator of an organisation cannot leave, be removed, or become an
        /// ordinary member. Only the council, or a claim by another organisation, can remove it.
        ///
        /// Make another member an administrator first.
        #[codec(index = 14)]
        LastAdmin,
        /// The account already is, or already is not, an administrator.
        #[codec(index = 15)]
        NotChanged,
        /// This is not the peer id of an Ed25519 key. Nodes have no other kind of key.
        ///
        /// Pass the multihash of the peer id as hex, 38 bytes, as `twinchain-node consortium join`
        /// prints it.
        #[codec(index = 16)]
        InvalidPeerId,
        /// The node is already listed for this organisation or for another one.
        ///
        /// Remove it there, or claim it with a signature of its key (`claim_node`).
        #[codec(index = 17)]
        NodeExists,
        /// No node with this peer id is listed.
        ///
        /// Check the organisation's nodes in the view `nodes_of`.
        #[codec(index = 18)]
        NodeNotFound,
        /// The organisation has reached its limit of nodes.
        ///
        /// Remove a node, or ask the council to raise the limit.
        #[codec(index = 19)]
        NodesExhausted,
        /// The limits of all organisations together exceed the maximum number of nodes of the
        /// chain.
        ///
        /// Grant fewer nodes, or lower the limits of other organisations.
        #[codec(index = 20)]
        TooManyNodes,
        /// The account is already a validator.
        #[codec(index = 21)]
        AlreadyValidator,
        /// The account is not a validator.
        ///
        /// Check the address.
        #[codec(index = 22)]
        NotValidator,
        /// The chain has reached its maximum number of validators.
        ///
        /// Dismiss a validator first.
        #[codec(index = 23)]
        TooManyValidators,
        /// The last validator cannot be dismissed: without validators the chain would stop
        /// permanently.
        ///
        /// Appoint another validator first.
        #[codec(index = 24)]
        LastValidator,
        /// The chain has no ids left for organisations.
        ///
        /// Report this, with the block and the call.
        #[codec(index = 25)]
        IdsExhausted,
        /// The delay must be at least one block and at most half a session.
        #[codec(index = 26)]
        InvalidDelay,
        /// The chain does not have a block of this number yet.
        ///
        /// Pass the number of the last finalised block.
        #[codec(index = 27)]
        NoSuchBlock,
        /// An organisation was already cleared in this block.
        ///
        /// Try again in the next block.
        #[codec(index = 28)]
        ClearedEnough,
        /// A restart of finality or a change of its validators is pending.
        ///
        /// Wait until it has taken effect.
        #[codec(index = 29)]
        FinalityChanging,
        /// The limits of all organisations together exceed the capacity of a block, in time or in
        /// bytes.
        ///
        /// Grant less for each block (`per_block`), or lower the limits of other organisations.
        #[codec(index = 30)]
        CapacityExceeded,
        /// The council would have fewer than three seats without the organisation's members.
        ///
        /// Give seats to members of other organisations first.
        #[codec(index = 31)]
        TooFewSeats,
        /// No validator with registered keys would remain without the organisation's members.
        ///
        /// Appoint another validator first, and let it register its keys.
        #[codec(index = 32)]
        TooFewValidators,
        /// The organisation's nodes are still listed, because its validators may still be needed
        /// for finality.
        ///
        /// Clear the organisation two sessions after its validators stopped validating.
        #[codec(index = 33)]
        NodesListed,
        /// The signature is not this account's or node's signature of its current claim for this
        /// organisation.
        ///
        /// Sign the hash that the view `member_claim` or `node_claim` returns.
        #[codec(index = 34)]
        InvalidClaim,
        /// The councillor has reached the maximum number of open motions.
        ///
        /// Close one, or wait until one has ended.
        #[codec(index = 35)]
        TooManyMotions,
        /// No multisig operation with this hash is pending for this account.
        #[codec(index = 36)]
        OperationNotFound,
        /// The multisig operation began less than thirty days ago.
        ///
        /// Wait, or let its signatories cancel it.
        #[codec(index = 37)]
        OperationTooYoung,
        /// The account is a councillor or a validator.
        ///
        /// To admit it, let it sign a claim (`claim_member`). To remove it, let the council remove
        /// its office first, or remove the member by a motion.
        #[codec(index = 38)]
        HoldsOffice,
    }
}
