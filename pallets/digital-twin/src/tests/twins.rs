// SPDX-License-Identifier: Apache-2.0

//! The creation, description and deactivation of twins.

use crate::{mock::*, pallet::*, types::*};
use frame_support::{assert_ok, BoundedVec};
use sp_core::H256;
use sp_runtime::traits::BadOrigin;
use twinchain_primitives::{assert_noop, MAX_ASSET, MAX_DESCRIPTION, MAX_NAME};

/// Returns a call that creates a twin of CRANE with these links and a valid description.
fn create(links: Vec<NewLink<sp_runtime::AccountId32>>) -> Call<Test> {
    Call::create_twin { description: b"{}".to_vec(), asset: CRANE.into(), links }
}

/// Returns a JSON string of this many bytes.
fn text(bytes: u32) -> Vec<u8> {
    format!("\"{}\"", "a".repeat(bytes as usize - 2)).into_bytes()
}

/// Returns invalid descriptions, with the offset of the first invalid byte.
fn wrong_descriptions() -> Vec<(Vec<u8>, u16)> {
    [
        (&b""[..], 0),
        (b"Big Crane 250", 0),
        (br#"{"name":"Big Crane""#, 19),
        (br#"{"name":Big}"#, 8),
        (br#"{"a":1}x"#, 7),
        (b"\xff", 0),
        (b"[1,]", 3),
    ]
    .into_iter()
    .map(|(bytes, offset)| (bytes.to_vec(), offset))
    .collect()
}

#[test]
fn new_twin_is_listed_for_its_owner_and_its_asset() {
    run(|| {
        let description = br#"{"name":"Big Crane 250"}"#.to_vec();
        assert_ok!(DigitalTwin::create_twin(signed(M), description.clone(), CRANE.into(), vec![]));

        let twin = Twin {
            owner: M,
            asset: asset(CRANE),
            status: Status::Active,
            links: 0,
            offers: 0,
            offer: None,
            history: Twins::<Test>::get(0).unwrap().history,
        };
        let hash = sp_io::hashing::blake2_256(&description).into();
        assert_eq!(DigitalTwin::twin(0), Some(TwinInfo { twin, description }));
        assert_eq!(DigitalTwin::twins_of_owner(M, None, 10).items, [0]);
        assert_eq!(DigitalTwin::twins_of_asset(CRANE.into(), None, 10).items, [(0, M)]);
        let created = Event::TwinCreated { twin: 0, stamp: stamp(), owner: M, asset: asset(CRANE) };
        let described = Event::DescriptionSet { twin: 0, stamp: stamp(), description: hash };
        assert_eq!(events(), [created.into(), described.into()]);
    });
}

#[test]
fn new_twin_can_have_links_of_every_kind() {
    run(|| {
        let container = container(M, SERVICE_ID);
        let other = twin(M);
        events();
        let hash = H256::repeat_byte(9);
        let links = vec![
            NewLink::Container { name: b"shared".to_vec(), container },
            NewLink::Twin { name: b"engine".to_vec(), twin: other },
            NewLink::Account { name: b"repair".to_vec(), account: S },
            NewLink::Hash { name: b"drawing".to_vec(), hash },
            instance("service", SERVICE_ID),
        ];
        let id = twin_of(M, CRANE, links);

        let made = container + 1;
        let expected = [
            ("shared", Target::Container(container)),
            ("engine", Target::Twin(other)),
            ("repair", Target::Account(S)),
            ("drawing", Target::Hash(hash)),
            ("service", Target::Container(made)),
        ];
        for (link, target_of_it) in &expected {
            assert_eq!(target(id, link).as_ref(), Some(target_of_it));
        }
        assert_eq!(Twins::<Test>::get(id).unwrap().links, 5);
        assert_eq!(linked_by(container), [(id, 1)]);
        assert_eq!(linked_by(made), [(id, 1)]);

        let set = |index: usize| -> RuntimeEvent {
            let (link, target) = expected[index].clone();
            Event::LinkSet { twin: id, stamp: stamp(), name: name(link), target }.into()
        };
        let plugin = Some(SERVICE_ID);
        let all = events();
        assert_eq!(
            all[0],
            Event::TwinCreated { twin: id, stamp: stamp(), owner: M, asset: asset(CRANE) }.into()
        );
        assert!(matches!(all[1], RuntimeEvent::DigitalTwin(Event::DescriptionSet { .. })));
        assert_eq!(all[2..6], [set(0), set(1), set(2), set(3)]);
        let (stamp, owner) = (stamp(), M);
        let instance = ContainerEvent::ContainerCreated { container: made, stamp, owner, plugin };
        assert_eq!(all[6], instance.into());
        let added = all.iter().filter_map(|event| match event {
            RuntimeEvent::DataContainer(ContainerEvent::DataSetAdded { name, .. }) => Some(name),
            _ => None,
        });
        assert!(added.eq(&[name("manual"), name("serviceLog")]));
        assert_eq!(all.last(), Some(&set(4)));
    });
}

#[test]
fn owner_of_a_twin_owns_the_containers_created_with_it() {
    run(|| {
        let id = twin_of(C, CRANE, vec![instance("a", SERVICE_ID), instance("b", PRODUCTION_ID)]);
        for (link, container) in [("a", 0), ("b", 1)] {
            assert_eq!(target(id, link), Some(Target::Container(container)));
            let made = pallet_data_container::Containers::<Test>::get(container).unwrap();
            assert_eq!(made.owner, C);
        }
        assert!(DataContainer::entry(1, b"plant".to_vec()).is_some(), "the default was written");
    });
}

#[test]
fn two_instances_of_one_plugin_are_two_containers() {
    run(|| {
        let id = twin_of(M, CRANE, vec![instance("a", SERVICE_ID), instance("b", SERVICE_ID)]);
        assert_eq!(target(id, "a"), Some(Target::Container(0)));
        assert_eq!(target(id, "b"), Some(Target::Container(1)));
    });
}

#[test]
fn create_twin_changes_nothing_when_the_second_plugin_does_not_exist() {
    run(|| {
        let before = root();
        let call = create(vec![instance("a", SERVICE_ID), instance("b", NO_PLUGIN)]);
        let error = dispatch(M, call.clone()).unwrap_err().error;
        assert_eq!(error, ContainerError::PluginNotFound.into());
        assert_eq!(root(), before);
        assert_noop!(dispatch(M, call), ContainerError::PluginNotFound);

        assert_eq!(NextTwinId::<Test>::get(), 0);
        assert_eq!(pallet_data_container::NextContainerId::<Test>::get(), 0);
        assert_eq!(Links::<Test>::iter().count(), 0);
        assert!(events().is_empty());
    });
}

#[test]
fn create_twin_changes_nothing_when_the_last_link_fails() {
    run(|| {
        let mut links: Vec<_> = (0..15).map(|n| instance(&n.to_string(), SERVICE_ID)).collect();
        links.push(NewLink::Twin { name: b"last".to_vec(), twin: 7 });
        assert_noop!(dispatch(M, create(links)), Error::<Test>::TargetNotFound);
    });
}

#[test]
fn create_twin_fails_when_the_plugin_is_retired() {
    run(|| {
        DataContainer::retire_plugin(signed(M), SERVICE_ID).unwrap();
        let call = create(vec![instance("a", SERVICE_ID)]);
        assert_noop!(dispatch(M, call), ContainerError::PluginRetired);
    });
}

#[test]
fn create_twin_fails_when_no_container_ids_are_left() {
    run(|| {
        pallet_data_container::NextContainerId::<Test>::put(u64::MAX - 1);
        let call = create(vec![instance("a", SERVICE_ID), instance("b", SERVICE_ID)]);
        assert_noop!(dispatch(M, call), ContainerError::IdsExhausted);
        assert_ok!(dispatch(M, create(vec![instance("a", SERVICE_ID)])));
    });
}

#[test]
fn create_twin_fails_when_the_container_does_not_exist() {
    run(|| {
        let call = create(vec![NewLink::Container { name: b"a".to_vec(), container: 0 }]);
        assert_noop!(dispatch(M, call), ContainerError::ContainerNotFound);
    });
}

#[test]
fn create_twin_fails_when_the_caller_has_no_rights_in_a_confidential_container() {
    run(|| {
        let container = container(M, PRODUCTION_ID);
        let call = create(vec![NewLink::Container { name: b"a".to_vec(), container }]);
        assert_noop!(dispatch(X, call.clone()), Error::<Test>::MayNotLink);
        grant(container, S, None);
        assert_ok!(dispatch(S, call.clone()));
        assert_ok!(dispatch(M, call));
        assert_eq!(linked_by(container), [(0, 1), (1, 1)]);
    });
}

#[test]
fn create_twin_fails_when_the_other_twin_does_not_exist() {
    run(|| {
        let absent = |twin| create(vec![NewLink::Twin { name: b"a".to_vec(), twin }]);
        assert_noop!(dispatch(M, absent(5)), Error::<Test>::TargetNotFound);
        // Not even the new twin itself, which has no id yet when the call is made.
        assert_noop!(dispatch(M, absent(0)), Error::<Test>::TargetNotFound);
        assert_noop!(dispatch(M, absent(u64::MAX)), Error::<Test>::TargetNotFound);
    });
}

#[test]
fn create_twin_fails_when_the_description_is_not_json() {
    run(|| {
        for (description, offset) in wrong_descriptions() {
            assert_noop!(
                DigitalTwin::create_twin(signed(M), description, CRANE.into(), vec![]),
                Error::<Test>::DescriptionNotJson { offset }
            );
        }
        let twice = br#"{"a":1,"a":2}"#.to_vec();
        assert!(matches!(
            DigitalTwin::create_twin(signed(M), twice, CRANE.into(), vec![]),
            Err(error) if error.error == Error::<Test>::DescriptionNotJson { offset: 7 }.into()
        ));
    });
}

#[test]
fn create_twin_fails_when_the_description_has_8193_bytes() {
    run(|| {
        let create =
            |description| DigitalTwin::create_twin(signed(M), description, CRANE.into(), vec![]);
        assert_eq!(MAX_DESCRIPTION, 8_192);
        assert_noop!(create(text(8_193)), Error::<Test>::DescriptionTooLong);
        // The length is checked first, so that excess bytes are never read.
        assert_noop!(create(vec![0xff; 1 << 20]), Error::<Test>::DescriptionTooLong);
        assert_ok!(create(text(8_192)));
        assert_eq!(DigitalTwin::twin(0).unwrap().description, text(8_192));
    });
}

#[test]
fn create_twin_fails_when_the_description_is_nested_without_end() {
    run(|| {
        for open in ["[", "{\"a\":"] {
            let description = open.repeat(8_192 / open.len()).into_bytes();
            let result = DigitalTwin::create_twin(signed(M), description, CRANE.into(), vec![]);
            let Err(error) = result else { panic!("{open} was taken") };
            let shown = format!("{:?}", error.error);
            assert!(shown.contains("DescriptionNotJson"), "{shown}");
        }
    });
}

#[test]
fn create_twin_fails_when_the_asset_is_not_readable_text() {
    run(|| {
        let create = |asset| DigitalTwin::create_twin(signed(M), b"{}".to_vec(), asset, vec![]);
        assert_eq!(MAX_ASSET, 128);
        for asset in [
            vec![],
            vec![b'a'; 129],
            vec![b'a'; 1 << 20],
            vec![0xff],
            b"a\nb".to_vec(),
            "\u{85}".into(),
            // The limit is in bytes, not characters: 43 times three bytes are 129.
            "€".repeat(43).into(),
        ] {
            assert_noop!(create(asset), Error::<Test>::InvalidAsset);
        }
        assert_ok!(create(vec![b'a'; 128]));
        assert_ok!(create(b"a".to_vec()));
        assert_ok!(create("Kräne/№ 4711".into()));
    });
}

#[test]
fn create_twin_fails_when_it_names_17_links() {
    run(|| {
        let links = |count: u32| (0..count).map(|n| hash_link(n.to_string())).collect();
        assert_eq!(MAX_LINKS_PER_CALL, 16);
        assert_noop!(dispatch(M, create(links(17))), Error::<Test>::TooManyLinks);
        assert_noop!(dispatch(M, create(links(10_000))), Error::<Test>::TooManyLinks);
        // The number of links is checked before their names.
        assert_noop!(dispatch(M, create(vec![hash_link(""); 17])), Error::<Test>::TooManyLinks);
        assert_ok!(dispatch(M, create(links(16))));
        assert_eq!(Twins::<Test>::get(0).unwrap().links, 16);
    });
}

#[test]
fn create_twin_fails_when_a_name_is_invalid() {
    run(|| {
        assert_eq!(MAX_NAME, 64);
        for name in wrong_names() {
            let links = vec![hash_link("sound"), hash_link(name)];
            assert_noop!(dispatch(M, create(links)), Error::<Test>::InvalidName);
        }
        assert_ok!(dispatch(M, create(vec![hash_link([b'n'; 64]), hash_link("ü")])));
    });
}

/// Returns invalid names: empty, too long, not readable, or with a slash.
pub(super) fn wrong_names() -> Vec<Vec<u8>> {
    vec![
        vec![],
        vec![b'n'; 65],
        vec![b'n'; 1 << 20],
        b"a/b".to_vec(),
        b"/".to_vec(),
        b"a\0".to_vec(),
        vec![0xc3],
        "\u{7f}".into(),
    ]
}

#[test]
fn create_twin_fails_when_two_links_have_the_same_name() {
    run(|| {
        let links = vec![instance("a", SERVICE_ID), hash_link("b"), hash_link("a")];
        assert_noop!(dispatch(M, create(links)), Error::<Test>::DuplicateLink);
        // Names are compared bytewise, so case and the encoding of accents distinguish them.
        let links = vec![hash_link("a"), hash_link("A"), hash_link("é"), hash_link("e\u{301}")];
        assert_ok!(dispatch(M, create(links)));
    });
}

#[test]
fn create_twin_fails_when_no_ids_are_left() {
    run(|| {
        NextTwinId::<Test>::put(u64::MAX);
        assert_noop!(dispatch(M, create(vec![])), Error::<Test>::IdsExhausted);
        NextTwinId::<Test>::put(u64::MAX - 1);
        assert_ok!(dispatch(M, create(vec![])));
        assert_noop!(dispatch(M, create(vec![])), Error::<Test>::IdsExhausted);
        assert!(Twins::<Test>::contains_key(u64::MAX - 1));
    });
}

#[test]
fn ids_are_sequential_and_failed_calls_use_none() {
    run(|| {
        assert_eq!((twin(M), twin(C)), (0, 1));
        assert_noop!(dispatch(M, create(vec![hash_link("")])), Error::<Test>::InvalidName);
        deactivate(M, 0);
        assert_eq!(twin(M), 2);
    });
}

#[test]
fn every_call_fails_when_unsigned() {
    run(|| {
        let twin = twin(M);
        let calls = [
            create(vec![]),
            Call::set_description { twin, description: b"{}".to_vec() },
            Call::set_link { twin, name: b"a".to_vec(), target: Target::Twin(twin) },
            Call::remove_link { twin, name: b"a".to_vec() },
            Call::deactivate_twin { twin },
        ];
        for call in calls {
            use frame_support::traits::UnfilteredDispatchable;
            for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
                assert_noop!(call.clone().dispatch_bypass_filter(origin), BadOrigin);
            }
        }
    });
}

#[test]
fn owner_can_replace_the_description() {
    run(|| {
        let twin = twin_of(M, CRANE, vec![hash_link("a")]);
        let before = Twins::<Test>::get(twin);
        events();
        let description = br#"{"name":"Big Crane 250","year":2026}"#.to_vec();
        assert_ok!(DigitalTwin::set_description(signed(M), twin, description.clone()));
        assert_eq!(DigitalTwin::twin(twin).unwrap().description, description);
        let hash = sp_io::hashing::blake2_256(&description).into();
        let described = Event::DescriptionSet { twin, stamp: stamp(), description: hash };
        assert_eq!(events(), [described.into()]);
        let mut after = Twins::<Test>::get(twin).unwrap();
        assert_eq!(after.history.revision, before.as_ref().unwrap().history.revision + 1);
        after.history = before.as_ref().unwrap().history;
        assert_eq!(Some(after), before, "nothing else changed");

        assert_ok!(DigitalTwin::set_description(signed(M), twin, text(8_192)));
        assert_eq!(DigitalTwin::twin(twin).unwrap().description, text(8_192));
    });
}

#[test]
fn set_description_fails_when_the_twin_cannot_be_changed_by_the_caller() {
    run(|| {
        let twin = twin(M);
        let set = |who, twin| DigitalTwin::set_description(signed(who), twin, b"[]".to_vec());
        assert_noop!(set(M, 1), Error::<Test>::NotFound);
        assert_noop!(set(M, u64::MAX), Error::<Test>::NotFound);
        assert_noop!(set(X, twin), Error::<Test>::NotOwner);
        deactivate(M, twin);
        assert_noop!(set(X, twin), Error::<Test>::NotOwner);
        assert_noop!(set(M, twin), Error::<Test>::Deactivated);
    });
}

#[test]
fn set_description_fails_when_it_is_not_json_or_too_long() {
    run(|| {
        let twin = twin(M);
        let set = |description| DigitalTwin::set_description(signed(M), twin, description);
        for (description, offset) in wrong_descriptions() {
            assert_noop!(set(description), Error::<Test>::DescriptionNotJson { offset });
        }
        assert_noop!(set(text(8_193)), Error::<Test>::DescriptionTooLong);
        assert_noop!(set(vec![b'['; 1 << 20]), Error::<Test>::DescriptionTooLong);
    });
}

#[test]
fn deactivated_twin_cannot_change() {
    run(|| {
        let twin = twin_of(M, CRANE, vec![instance("service", SERVICE_ID)]);
        events();
        assert_ok!(DigitalTwin::deactivate_twin(signed(M), twin));
        assert_eq!(events(), [Event::TwinDeactivated { twin, stamp: stamp() }.into()]);

        let calls = [
            Call::set_description { twin, description: b"{}".to_vec() },
            Call::set_link { twin, name: b"service".to_vec(), target: Target::Account(S) },
            Call::set_link { twin, name: b"new".to_vec(), target: Target::Account(S) },
            Call::remove_link { twin, name: b"service".to_vec() },
            Call::deactivate_twin { twin },
        ];
        for call in calls {
            assert_noop!(dispatch(M, call), Error::<Test>::Deactivated);
        }
    });
}

#[test]
fn deactivated_twin_stays_readable_and_its_containers_stay_in_use() {
    run(|| {
        let frozen = twin_of(M, CRANE, vec![instance("service", SERVICE_ID)]);
        deactivate(M, frozen);
        assert_eq!(DigitalTwin::twin(frozen).unwrap().twin.status, Status::Deactivated);
        assert_eq!(DigitalTwin::twins_of_owner(M, None, 10).items, [frozen]);
        assert_eq!(DigitalTwin::twins_of_asset(CRANE.into(), None, 10).items, [(frozen, M)]);
        assert_eq!(DigitalTwin::resolve(frozen, b"service".to_vec()), Ok(Target::Container(0)));
        let value = br#""https://crane.example""#.to_vec();
        assert_ok!(DataContainer::set_entry(signed(M), 0, b"manual".to_vec(), value, None));
        let parent = twin(M);
        link(M, parent, "part", Target::Twin(frozen));
    });
}

#[test]
fn deactivate_twin_fails_when_the_twin_cannot_be_changed_by_the_caller() {
    run(|| {
        let twin = twin(M);
        let call = |twin| Call::deactivate_twin { twin };
        assert_noop!(dispatch(M, call(9)), Error::<Test>::NotFound);
        assert_noop!(dispatch(C, call(twin)), Error::<Test>::NotOwner);
        offer(twin);
        // Nor can the offeree deactivate it.
        assert_noop!(dispatch(C, call(twin)), Error::<Test>::NotOwner);
        assert_noop!(dispatch(M, call(twin)), Error::<Test>::OfferPending);
    });
}

#[test]
fn offer_can_have_16_containers() {
    let containers: Vec<u64> = (0..17).collect();
    assert!(BoundedVec::<_, MaxLinksPerCall>::try_from(containers[..16].to_vec()).is_ok());
    assert!(BoundedVec::<_, MaxLinksPerCall>::try_from(containers).is_err());
}
