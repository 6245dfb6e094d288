// SPDX-License-Identifier: Apache-2.0

//! Limits how long the block author fills its block: a little more than half of its slot.

use futures::{future::MapOk, TryFutureExt};
use sp_consensus::{Environment, ProposeArgs, Proposer};
use twinchain_runtime::opaque::{Block, Header};

/// The part of a slot in which a block must be ready. Otherwise it is abandoned.
pub const PROPOSAL_PORTION: f32 = 0.85;

/// The part of a slot that the block author spends on executing transactions. Afterwards it
/// computes the new state root, which takes longer the more has changed. Before the slot ends,
/// other nodes must receive and execute the block as well, because the next block author builds on
/// it.
const FILL_PORTION: f32 = 0.55;

/// The part of the proposing time that filling takes. The SDK's proposer stops after nine tenths of
/// the time that it is given.
const FILL_OF_PROPOSAL: f32 = FILL_PORTION / PROPOSAL_PORTION / 0.9;

/// Creates proposers that leave time for the work after filling a block.
pub struct TimedProposerFactory<E>(pub E);

/// A proposer that leaves time for the work after filling a block.
pub struct TimedProposer<P>(P);

impl<E: Environment<Block>> Environment<Block> for TimedProposerFactory<E> {
    type Proposer = TimedProposer<E::Proposer>;
    type CreateProposer = MapOk<E::CreateProposer, fn(E::Proposer) -> Self::Proposer>;
    type Error = E::Error;

    fn init(&mut self, parent: &Header) -> Self::CreateProposer {
        self.0.init(parent).map_ok(TimedProposer as fn(E::Proposer) -> Self::Proposer)
    }
}

impl<P: Proposer<Block>> Proposer<Block> for TimedProposer<P> {
    type Error = P::Error;
    type Proposal = P::Proposal;

    fn propose(self, mut args: ProposeArgs<Block>) -> Self::Proposal {
        args.max_duration = args.max_duration.mul_f32(FILL_OF_PROPOSAL);
        self.0.propose(args)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_runtime::traits::Header as _;
    use std::time::Duration;
    use twinchain_runtime::{Hash, SLOT_DURATION};

    /// A proposer that only returns, as an error, how long it would fill its block.
    struct Clock;

    impl Environment<Block> for Clock {
        type Proposer = Self;
        type CreateProposer = futures::future::Ready<Result<Self, Self::Error>>;
        type Error = sp_blockchain::Error;

        fn init(&mut self, _: &Header) -> Self::CreateProposer {
            futures::future::ok(Self)
        }
    }

    impl Proposer<Block> for Clock {
        type Error = sp_blockchain::Error;
        type Proposal = futures::future::Ready<Result<sp_consensus::Proposal<Block>, Self::Error>>;

        fn propose(self, args: ProposeArgs<Block>) -> Self::Proposal {
            let filling = args.max_duration.mul_f32(0.9);
            futures::future::err(sp_blockchain::Error::Backend(format!("{}", filling.as_millis())))
        }
    }

    #[test]
    fn block_author_fills_its_block_for_half_of_the_slot() {
        let parent =
            Header::new(0, Hash::zero(), Hash::zero(), Hash::zero(), sp_runtime::Digest::default());
        let max_duration = Duration::from_millis(SLOT_DURATION).mul_f32(PROPOSAL_PORTION);
        let proposal = futures::executor::block_on(async {
            let proposer = TimedProposerFactory(Clock).init(&parent).await.unwrap();
            proposer.propose(ProposeArgs { max_duration, ..Default::default() }).await
        });
        let Err(error) = proposal else { panic!("it only returns the time") };
        let filling = Duration::from_millis(SLOT_DURATION).mul_f32(FILL_PORTION).as_millis();
        assert_eq!(error.to_string(), format!("Backend error: {filling}"));
    }
}
