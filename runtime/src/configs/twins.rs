// SPDX-License-Identifier: Apache-2.0

//! Twins and the containers that they link.

use crate::{DataContainer, Runtime, Timestamp};

impl pallet_data_container::Config for Runtime {
    type Time = Timestamp;
    type WeightInfo = crate::weights::pallet_data_container::WeightInfo<Self>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::Helper;
}

impl pallet_digital_twin::Config for Runtime {
    type Containers = DataContainer;
    type Time = Timestamp;
    type WeightInfo = crate::weights::pallet_digital_twin::WeightInfo<Self>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::Helper;
}
