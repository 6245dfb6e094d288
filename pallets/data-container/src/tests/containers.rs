// SPDX-License-Identifier: Apache-2.0

//! Creating, describing and closing containers.

use super::{Error, Event};
use crate::{mock::*, operation::Operation, pallet::*, types::*};
use frame_support::assert_ok;
use twinchain_primitives::{assert_noop, Access};

/// Returns a description of `bytes` bytes.
fn description(bytes: usize) -> Vec<u8> {
    format!("\"{}\"", "d".repeat(bytes - 2)).into_bytes()
}

#[test]
fn an_empty_container_has_an_owner_and_nothing_else() {
    run(|| {
        assert_ok!(DataContainer::create_container(signed(M), br#"{"name":"Log"}"#.to_vec()));
        let made = Event::ContainerCreated { container: 0, stamp: STAMP, owner: M, plugin: None };
        let described = Event::DescriptionSet {
            container: 0,
            stamp: STAMP,
            description: Some(hash(br#"{"name":"Log"}"#)),
        };
        assert_eq!(events(), [made, described]);
        let info = DataContainer::container(0).unwrap();
        assert_eq!(info.description, br#"{"name":"Log"}"#);
        assert!(info.roles.is_empty() && DataContainer::data_sets(0).is_empty());
        assert_eq!(info.container.owner, M);
        assert_ok!(DataContainer::create_container(signed(M), vec![]));
        assert_eq!(Descriptions::<Test>::get(1), None);
    });
}

#[test]
fn create_container_fails_when_the_description_is_not_json_or_too_long() {
    run(|| {
        for (bad, offset) in [
            (b"Big Crane".to_vec(), 0),
            (br#"{"a":1,"a":2}"#.to_vec(), 7),
            (b"\"\xff\"".to_vec(), 1),
            (b"{}{}".to_vec(), 2),
        ] {
            let call = DataContainer::create_container(signed(M), bad);
            assert_noop!(call, Error::DescriptionNotJson { offset });
        }
        assert_ok!(DataContainer::create_container(signed(M), description(8_192)));
        let call = DataContainer::create_container(signed(M), description(8_193));
        assert_noop!(call, Error::DescriptionTooLong);
    });
}

#[test]
fn create_container_fails_when_the_ids_are_used_up() {
    run(|| {
        NextContainerId::<Test>::put(u64::MAX);
        assert_noop!(DataContainer::create_container(signed(M), vec![]), Error::IdsExhausted);
    });
}

#[test]
fn an_instance_is_a_copy_of_its_plugin_with_its_defaults() {
    run(|| {
        let plugin = publish(M, SERVICE);
        System::reset_events();
        next_blocks(4);
        assert_ok!(DataContainer::instantiate(signed(C), plugin, vec![]));

        let info = DataContainer::container(0).unwrap();
        assert_eq!(info.container.owner, C);
        assert_eq!(info.container.plugin, Some(plugin));
        assert_eq!((info.container.data_sets, info.container.confidential), (7, 2));
        let roles: Vec<_> =
            info.roles.into_iter().map(|info| (info.role.name, info.holders)).collect();
        assert_eq!(roles, [(name("technician"), 0), (name("chief"), 0)]);
        let described = r#"{"name": "service", "labels": {"de": "Wartung"}}"#;
        assert_eq!(info.description, described.as_bytes());
        let value = r#""https://crane.example/manual.pdf""#;
        assert_eq!(entry(0, "manual").unwrap(), value);
        let manual = data_set(0, "manual");
        assert_eq!((manual.revision, manual.count, manual.changed), (1, 1, 5));
        assert_eq!((data_set(0, "hours").revision, data_set(0, "hours").changed), (0, 5));

        let added = |text| added(0, text);
        let operation = Operation::Set {
            revision: 1,
            author: C,
            authority: Authority::Owner,
            block: 5,
            time: Timestamp::get(),
            payload_hash: hash(value.as_bytes()),
        };
        let expected = [
            Event::ContainerCreated { container: 0, stamp: STAMP, owner: C, plugin: Some(plugin) },
            Event::DescriptionSet {
                container: 0,
                stamp: STAMP,
                description: Some(hash(&DataContainer::container(0).unwrap().description)),
            },
            added("manual"),
            Event::DataSetChanged { container: 0, data_set: 0, name: name("manual"), operation },
            added("usageLog"),
            added("hours"),
            added("serial"),
            added("stamps"),
            added("price"),
            added("offers"),
            role_set(
                0,
                TECHNICIAN,
                "technician",
                &[(USAGE_LOG, Access::WRITE), (HOURS, Access::WRITE), (PRICE, Access::WRITE)],
            ),
            role_set(
                0,
                CHIEF,
                "chief",
                &[(USAGE_LOG, Access::REMOVE), (HOURS, Access::WRITE | Access::REMOVE)],
            ),
        ];
        assert_eq!(events(), expected);
    });
}

#[test]
fn the_default_of_a_list_is_its_first_batch() {
    run(|| {
        let plugin = publish(
            M,
            &document(
                r#""log":{"type":"list","visibility":"public","dataSchema":{"type":"array",
                "items":{"type":"integer"}},"value":[ 1 , 20,3 ]}"#,
            ),
        );
        System::reset_events();
        let container = instantiate(M, plugin);
        let batch = ["1", "20", "3"].map(|item| Some(item.to_string())).to_vec();
        assert_eq!(items(container, "log"), [batch]);
        let log = data_set(container, "log");
        assert_eq!((log.revision, log.count, log.batches), (1, 3, 1));
        let operation = Operation::Append {
            revision: 1,
            author: M,
            authority: Authority::Owner,
            block: 1,
            time: Timestamp::get(),
            batch: 0,
            payload_hash: items_hash(&["1", "20", "3"]),
        };
        let changed =
            Event::DataSetChanged { container, data_set: 0, name: name("log"), operation };
        assert_eq!(events().last(), Some(&changed));
    });
}

#[test]
fn an_instance_can_have_its_own_description() {
    run(|| {
        let plugin = publish(M, SERVICE);
        assert_ok!(DataContainer::instantiate(signed(M), plugin, br#""mine""#.to_vec()));
        assert_eq!(DataContainer::container(0).unwrap().description, br#""mine""#);
        let plain = publish(M, r#"{"template":{"type":"a","properties":{}}}"#);
        let container = instantiate(M, plain);
        assert_eq!(Descriptions::<Test>::get(container), None);
    });
}

#[test]
fn instantiate_fails_when_the_plugin_is_unknown_or_retired() {
    run(|| {
        assert_noop!(DataContainer::instantiate(signed(M), 0, vec![]), Error::PluginNotFound);
        let plugin = publish(M, SERVICE);
        assert_ok!(DataContainer::retire_plugin(signed(M), plugin));
        assert_noop!(DataContainer::instantiate(signed(M), plugin, vec![]), Error::PluginRetired);
    });
}

#[test]
fn instantiate_fails_when_the_description_is_not_json_or_too_long() {
    run(|| {
        let plugin = publish(M, SERVICE);
        let call = DataContainer::instantiate(signed(M), plugin, b"[1,]".to_vec());
        assert_noop!(call, Error::DescriptionNotJson { offset: 3 });
        let call = DataContainer::instantiate(signed(M), plugin, description(8_193));
        assert_noop!(call, Error::DescriptionTooLong);
        assert_ok!(DataContainer::instantiate(signed(M), plugin, description(8_192)));
    });
}

#[test]
fn instantiate_fails_when_the_ids_are_used_up() {
    run(|| {
        let plugin = publish(M, SERVICE);
        NextContainerId::<Test>::put(u64::MAX);
        assert_noop!(DataContainer::instantiate(signed(M), plugin, vec![]), Error::IdsExhausted);
    });
}

#[test]
fn a_description_is_replaced_and_removed() {
    run(|| {
        let container = service();
        assert_ok!(DataContainer::set_description(signed(M), container, b"7".to_vec()));
        assert_eq!(DataContainer::container(container).unwrap().description, b"7");
        assert_ok!(DataContainer::set_description(signed(M), container, vec![]));
        assert_eq!(Descriptions::<Test>::get(container), None);
        let described =
            |description| Event::DescriptionSet { container, stamp: STAMP, description };
        assert_eq!(events(), [described(Some(hash(b"7"))), described(None)]);
    });
}

#[test]
fn set_description_fails_when_the_container_cannot_change() {
    run(|| {
        let call = |who, id| DataContainer::set_description(signed(who), id, b"7".to_vec());
        assert_noop!(call(M, 0), Error::ContainerNotFound);
        let container = service();
        assert_noop!(call(X, container), Error::NotOwner);
        offer(container);
        assert_noop!(call(M, container), Error::OfferPending);
        let closed = service();
        close(closed);
        assert_noop!(call(M, closed), Error::ContainerClosed);
    });
}

#[test]
fn set_description_fails_when_it_is_not_json_or_too_long() {
    run(|| {
        let container = service();
        let call = |text| DataContainer::set_description(signed(M), container, text);
        assert_noop!(call(b"crane".to_vec()), Error::DescriptionNotJson { offset: 0 });
        assert_noop!(call(description(8_193)), Error::DescriptionTooLong);
        assert_ok!(call(description(8_192)));
    });
}

#[test]
fn a_closed_container_stays_readable() {
    run(|| {
        let container = service();
        assert_ok!(set(M, container, "hours", b"7"));
        System::reset_events();
        assert_ok!(DataContainer::close_container(signed(M), container));
        assert_eq!(events(), [Event::ContainerClosed { container, stamp: STAMP }]);
        assert_eq!(entry(container, "hours").unwrap(), "7");
        assert_eq!(DataContainer::container(container).unwrap().container.status, Status::Closed);
    });
}

#[test]
fn close_container_fails_when_it_is_unknown_not_owned_on_offer_or_closed() {
    run(|| {
        assert_noop!(DataContainer::close_container(signed(M), 0), Error::ContainerNotFound);
        let container = service();
        assert_noop!(DataContainer::close_container(signed(X), container), Error::NotOwner);
        offer(container);
        assert_noop!(DataContainer::close_container(signed(M), container), Error::OfferPending);
        let closed = service();
        close(closed);
        assert_noop!(DataContainer::close_container(signed(M), closed), Error::ContainerClosed);
    });
}

#[test]
fn ids_are_never_reused() {
    run(|| {
        let plugin = publish(M, SERVICE);
        for expected in 0..3 {
            let container = instantiate(M, plugin);
            assert_eq!(container, expected);
            close(container);
        }
        assert_eq!(NextContainerId::<Test>::get(), 3);
    });
}
