// SPDX-License-Identifier: Apache-2.0

//! The resolution of paths of link names.

use crate::{mock::*, types::*};
use sp_core::H256;
use sp_runtime::AccountId32;
use twinchain_primitives::TwinId;

fn resolve(twin: TwinId, path: impl Into<Vec<u8>>) -> Result<Target<AccountId32>, ResolveError> {
    DigitalTwin::resolve(twin, path.into())
}

/// Creates a twin of a car with a tire with a screw, which has metadata. The ids are 2, 1 and 0.
fn car() -> TwinId {
    let screw = twin_of(M, "screw", vec![instance("metadata", SERVICE_ID)]);
    let part = |name: &str, twin| NewLink::Twin { name: name.into(), twin };
    let tire = twin_of(M, "tire", vec![part("screw", screw)]);
    twin_of(M, "car", vec![part("tire", tire), hash_link("drawing")])
}

#[test]
fn path_can_lead_through_parts_to_their_containers() {
    run(|| {
        let car = car();
        assert_eq!(resolve(car, "tire"), Ok(Target::Twin(1)));
        assert_eq!(resolve(car, "tire/screw"), Ok(Target::Twin(0)));
        assert_eq!(resolve(car, "tire/screw/metadata"), Ok(Target::Container(0)));
        assert_eq!(resolve(car, "drawing"), Ok(Target::Hash(H256::repeat_byte(7))));
    });
}

#[test]
fn path_can_lead_through_twins_of_other_accounts() {
    run(|| {
        let theirs = twin_of(C, "part", vec![instance("metadata", SERVICE_ID)]);
        let mine = twin(M);
        link(M, mine, "part", Target::Twin(theirs));
        deactivate(C, theirs);
        assert_eq!(resolve(mine, "part/metadata"), Ok(Target::Container(0)));
    });
}

#[test]
fn resolve_fails_when_a_link_is_missing_and_names_it() {
    run(|| {
        let car = car();
        let missing =
            |step, text, twin| Err(ResolveError::Missing { step, name: name(text), twin });
        assert_eq!(resolve(car, "wheel/screw/metadata"), missing(0, "wheel", 2));
        assert_eq!(resolve(car, "tire/bolt/metadata"), missing(1, "bolt", 1));
        assert_eq!(resolve(car, "tire/screw/notes"), missing(2, "notes", 0));
        assert_eq!(resolve(car, "Tire"), missing(0, "Tire", 2));
    });
}

#[test]
fn resolve_fails_when_the_path_continues_after_a_target_that_is_not_a_twin() {
    run(|| {
        let car = car();
        let behind = |step, text| Err(ResolveError::NotATwin { step, name: name(text) });
        assert_eq!(resolve(car, "drawing/a"), behind(0, "drawing"));
        assert_eq!(resolve(car, "tire/screw/metadata/manual"), behind(2, "metadata"));
        link(M, car, "repair", Target::Account(S));
        assert_eq!(resolve(car, "repair/a/b/c"), behind(0, "repair"));
    });
}

#[test]
fn resolve_fails_when_the_first_twin_does_not_exist() {
    run(|| {
        for path in ["tire", "", "////"] {
            assert_eq!(resolve(0, path), Err(ResolveError::TwinNotFound));
        }
        assert_eq!(resolve(u64::MAX, "a"), Err(ResolveError::TwinNotFound));
    });
}

#[test]
fn resolve_fails_when_a_step_is_not_a_name() {
    run(|| {
        let car = car();
        for (path, step) in [
            ("", 0),
            ("/", 0),
            ("/tire", 0),
            ("tire/", 1),
            ("tire//screw", 1),
            ("ti\nre", 0),
            ("tire/screw/\u{7f}", 2),
        ] {
            assert_eq!(resolve(car, path), Err(ResolveError::InvalidStep { step }), "{path:?}");
        }
        for bytes in [vec![0xff], vec![b'a'; 65], vec![b'a'; 1 << 20], "é".repeat(33).into()] {
            assert_eq!(resolve(car, bytes), Err(ResolveError::InvalidStep { step: 0 }));
        }
        let longest = "a".repeat(64);
        let missing = ResolveError::Missing { step: 0, name: name(&longest), twin: car };
        assert_eq!(resolve(car, longest), Err(missing));
    });
}

#[test]
fn resolve_fails_when_the_path_has_17_steps() {
    run(|| {
        let twin = twin(M);
        link(M, twin, "on", Target::Twin(twin));
        link(M, twin, "end", Target::Account(S));
        let path = |steps: usize| format!("{}end", "on/".repeat(steps - 1));
        assert_eq!(MAX_PATH_STEPS, 16);
        for steps in 1..=16 {
            assert_eq!(resolve(twin, path(steps)), Ok(Target::Account(S)), "{steps} steps");
        }
        assert_eq!(resolve(twin, path(17)), Err(ResolveError::TooManySteps));
        assert_eq!(resolve(twin, path(100_000)), Err(ResolveError::TooManySteps));
        assert_eq!(resolve(twin, vec![b'/'; 1 << 20]), Err(ResolveError::TooManySteps));
        // The check is before the first step.
        assert_eq!(resolve(twin, "none/".repeat(17)), Err(ResolveError::TooManySteps));
    });
}

#[test]
fn path_follows_a_replaced_link() {
    run(|| {
        let car = car();
        let other = twin_of(M, "tire", vec![hash_link("screw")]);
        link(M, car, "tire", Target::Twin(other));
        assert_eq!(resolve(car, "tire/screw"), Ok(Target::Hash(H256::repeat_byte(7))));
    });
}
