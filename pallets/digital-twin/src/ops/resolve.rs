// SPDX-License-Identifier: Apache-2.0

//! Walking a path of link names.

use crate::{pallet::*, types::*};
use alloc::vec::Vec;
use sp_runtime::SaturatedConversion;
use twinchain_primitives::{Name, TwinId, MAX_NAME};

impl<T: Config> Pallet<T> {
    /// What the path leads to from the twin, step by step through links to other twins.
    pub(crate) fn do_resolve(
        start: TwinId,
        path: &[u8],
    ) -> Result<Target<T::AccountId>, ResolveError> {
        if !Twins::<T>::contains_key(start) {
            return Err(ResolveError::TwinNotFound);
        }
        let steps: Vec<&[u8]> = path
            .split(|byte| *byte == b'/')
            .take(MAX_PATH_STEPS.saturating_add(1).saturated_into())
            .collect();
        if steps.len().saturated_into::<u32>() > MAX_PATH_STEPS {
            return Err(ResolveError::TooManySteps);
        }
        let mut here = Target::Twin(start);
        let mut last: Option<Name> = None;
        for (step, bytes) in (0u32..).zip(steps) {
            let twin = match (here, last.take()) {
                (Target::Twin(twin), _) => twin,
                (_, Some(name)) => {
                    return Err(ResolveError::NotATwin { step: step.saturating_sub(1), name });
                },
                (_, None) => return Err(ResolveError::TwinNotFound),
            };
            let short = bytes.get(..=MAX_NAME.saturated_into()).unwrap_or(bytes);
            let name = Name::try_from(short).map_err(|_| ResolveError::InvalidStep { step })?;
            here = Links::<T>::get(twin, &name).ok_or_else(|| ResolveError::Missing {
                step,
                name: name.clone(),
                twin,
            })?;
            last = Some(name);
        }
        Ok(here)
    }
}
