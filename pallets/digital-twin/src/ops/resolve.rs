// SPDX-License-Identifier: Apache-2.0

//! The resolution of paths of link names.

use crate::{pallet::*, types::*};
use alloc::vec::Vec;
use sp_runtime::SaturatedConversion;
use twinchain_primitives::{Name, TwinId, MAX_NAME};

impl<T: Config> Pallet<T> {
    /// Returns the target of a path from a twin. Each step but the last must lead to another twin.
    pub(crate) fn do_resolve(
        start: TwinId,
        path: &[u8],
    ) -> Result<Target<T::AccountId>, ResolveError> {
        if !Twins::<T>::contains_key(start) {
            return Err(ResolveError::TwinNotFound);
        }
        // One step more than allowed, which bounds the work on longer paths and still detects them.
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
            // One byte more than a name can have, so that a longer step still fails.
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
