// SPDX-License-Identifier: Apache-2.0

//! The parts that the tasks of a running node share.

use super::{
    pool::NodePool,
    types::{FullBackend, FullClient},
};
use sc_consensus_aura::SlotDuration;
use sc_service::Role;
use sc_telemetry::TelemetryHandle;
use std::sync::Arc;
use substrate_prometheus_endpoint::Registry;

/// The parts that the node's tasks share.
pub struct Node {
    pub role: Role,
    pub name: String,
    pub force_authoring: bool,
    pub client: Arc<FullClient>,
    pub backend: Arc<FullBackend>,
    pub slot_duration: SlotDuration,
    pub pool: NodePool,
    pub keystore: sp_keystore::KeystorePtr,
    pub prometheus: Option<Registry>,
    pub telemetry: Option<TelemetryHandle>,
}
