// SPDX-License-Identifier: Apache-2.0

//! The effect of each call of the container pallet on the model, and every reason to reject it.

mod data;
mod definitions;
mod handover;
mod keys;
mod lookup;
mod rights;

pub use handover::hand_over;

use super::world::*;
use crate::chain::ContainerCall;

impl World {
    /// Makes the call, or adds the reasons for rejecting it. The model is then unusable.
    pub fn container_call(
        &mut self,
        who: &Who,
        call: &ContainerCall,
        why: &mut Reasons,
    ) -> Option<()> {
        use pallet_data_container::Call::*;
        match call {
            publish_plugin { .. }
            | retire_plugin { .. }
            | create_container { .. }
            | instantiate { .. }
            | clone_container { .. }
            | set_description { .. }
            | add_data_set { .. }
            | retire_data_set { .. }
            | purge { .. }
            | close_container { .. } => self.definitions(who, call, why),
            offer_ownership { .. }
            | accept_ownership { .. }
            | decline_offer { .. }
            | cancel_offer { .. } => self.handover(who, call, why),
            set_entry { .. }
            | store { .. }
            | set_sealed_entry { .. }
            | clear_entry { .. }
            | append { .. }
            | append_sealed { .. }
            | remove_item { .. } => self.data(who, call, why),
            set_role { .. }
            | assign_role { .. }
            | unassign_role { .. }
            | rename_role { .. }
            | remove_role { .. }
            | leave { .. }
            | share { .. }
            | unshare { .. }
            | clear_expired { .. } => self.rights(who, call, why),
            set_encryption_key { .. }
            | set_account_envelopes { .. }
            | remove_account_envelope { .. }
            | rotate_key { .. }
            | set_envelope { .. }
            | set_envelopes { .. } => self.keys(who, call, why),
            _ => why.need(None, "the model has no such call"),
        }
    }
}
