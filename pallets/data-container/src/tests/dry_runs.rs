// SPDX-License-Identifier: Apache-2.0

//! Dry runs: they return the errors of the calls, with the places of the faults.

use super::Error;
use crate::{answers::*, mock::*, pallet::*, types::*};
use frame_support::assert_ok;
use twinchain_primitives::{assert_noop, ContainerId};

fn check(id: ContainerId, set: &str, value: &[u8]) -> Result<(), Refusal> {
    check_value(id, set, value)
}

#[test]
fn a_dry_run_returns_the_error_of_the_call_with_a_pointer() {
    run(|| {
        let container = service();
        assert_eq!(check(container, "hours", b"1"), Ok(()));
        assert_eq!(check(container, "usageLog", br#"{"hours":1}"#), Ok(()));
        let refusal = check(container, "usageLog", br#"{"hours": -1}"#).unwrap_err();
        assert_eq!(refusal.error, Error::MinimumMismatch { index: 0, offset: 10 }.into());
        assert_eq!((refusal.keyword.as_slice(), refusal.offset), (&b"minimum"[..], 10));
        assert_eq!(refusal.pointer, b"/hours");
        assert_eq!(refusal.message, b"the number is below the minimum");
        // A confidential value is validated before it is sealed.
        assert_eq!(check(container, "price", b"1.5"), Ok(()));
        assert!(check(container, "price", br#""1.5""#).is_err());
        // A pointer escapes `/` and `~` in a name.
        let any = container_of(r#"{"additionalProperties":{"type":"null"}}"#);
        let refusal = check(any, "value", br#"{"a/b~c":1}"#).unwrap_err();
        assert_eq!(refusal.pointer, b"/a~1b~0c");
    });
}

#[test]
fn a_dry_run_returns_the_error_of_a_call_that_accepts_no_value() {
    run(|| {
        let error = |id, set: &str| {
            let refusal = check(id, set, b"1").unwrap_err();
            assert!(!refusal.message.is_empty());
            refusal.error
        };
        assert_eq!(error(0, "hours"), Error::ContainerNotFound.into());
        let container = service();
        assert_eq!(error(container, "nothing"), Error::DataSetNotFound.into());
        assert_eq!(error(container, "a/b"), Error::InvalidName.into());
        // A write-once entry accepts a value until it has one.
        assert_eq!(check(container, "serial", br#""1""#), Ok(()));
        assert_ok!(set(M, container, "serial", br#""1""#));
        assert_eq!(error(container, "serial"), Error::WriteOnce.into());
        assert_eq!(check(container, "stamps", b"1"), Ok(()));
        assert_ok!(append(M, container, "stamps", &["1"]));
        assert_eq!(check(container, "stamps", b"1"), Ok(()));
        assert_ok!(DataContainer::retire_data_set(signed(M), container, b"hours".to_vec()));
        assert_eq!(error(container, "hours"), Error::DataSetRetired.into());
        close(container);
        assert_eq!(error(container, "manual"), Error::ContainerClosed.into());
    });
}

#[test]
fn a_dry_run_of_a_document_returns_the_resulting_plugin() {
    run(|| {
        let before = root();
        let preview = DataContainer::check_document(M, SERVICE.into()).unwrap();
        assert_eq!(before, root());
        publish(M, SERVICE);
        let plugin = Plugins::<Test>::get(0).unwrap();
        assert_eq!(preview.name, plugin.name);
        assert_eq!(preview.replaces, None);
        assert_eq!(preview.data_sets, plugin.data_sets.to_vec());
        let roles: Vec<_> = plugin.roles.into_iter().map(|role| role.name).collect();
        assert_eq!(preview.roles, roles);
        assert!(preview.warnings.is_empty());
    });
}

#[test]
fn a_dry_run_of_a_document_fails_when_publishing_does() {
    run(|| {
        let set = r#"{"type":"entry","dataSchema":true}"#;
        let many: Vec<_> = (0..65).map(|n| format!(r#""{n}":{set}"#)).collect();
        let roles: Vec<_> = (1..18).map(|n| format!(r#""{n}":["set"]"#)).collect();
        let roles = roles.join(",");
        let documents = [
            String::new(),
            "{}".into(),
            "7".into(),
            r#"{"replaces":5,"template":{"type":"a","properties":{}}}"#.into(),
            r#"{"template":{"properties":{}}}"#.into(),
            document(r#""a":{"type":"entry"}"#),
            document(&format!(r#""a":{set},"a/b":{set}"#)),
            document(r#""a":{"type":"entry","dataSchema":true,"value":1}"#),
            document(r#""a":{"type":"list","dataSchema":{"type":"array","minItems":1}}"#),
            document_of(r#"{"type":"text"}"#),
            document_of(r#"{"minimum":"1"}"#),
            document(
                r#""a":{"type":"entry","visibility":"public","dataSchema":{"maximum":1},"value":2}"#,
            ),
            document(&many.join(",")),
            document(&format!(
                r#""a":{{"type":"entry","dataSchema":true,"permissions":{{{roles}}}}}"#
            )),
            padded(&document(""), 262_145),
            format!(
                r#"{{"description":"{}","template":{{"type":"a","properties":{{}}}}}}"#,
                "d".repeat(9_000)
            ),
        ];
        for text in documents {
            let refusal = DataContainer::check_document(M, text.clone().into()).unwrap_err();
            let error = DataContainer::publish_plugin(signed(M), text.into()).unwrap_err();
            assert_eq!(refusal.error, error.error);
            assert!(!refusal.keyword.is_empty() && !refusal.message.is_empty());
        }
    });
}

#[test]
fn a_dry_run_of_a_document_returns_a_pointer_into_it() {
    run(|| {
        let text = document(&format!(
            r#""a":{},"b":{}"#,
            definition("true"),
            definition(r#"{"properties":{"x":{"minimum":"1"}}}"#)
        ));
        let refusal = DataContainer::check_document(M, text.into()).unwrap_err();
        assert_eq!(refusal.keyword, b"minimum");
        let pointer = b"/template/properties/b/dataSchema/properties/x/minimum";
        assert_eq!(refusal.pointer, pointer);
    });
}

#[test]
fn a_dry_run_of_a_new_version_checks_the_publisher_of_the_old_one() {
    run(|| {
        let document = r#"{"replaces":0,"template":{"type":"next","properties":{}}}"#;
        let refused = |who| {
            let refusal = DataContainer::check_document(who, document.into()).unwrap_err();
            let call = DataContainer::publish_plugin(signed(who), document.into());
            assert_eq!(call.unwrap_err().error, refusal.error);
            assert_eq!(refusal.pointer, b"/replaces");
            refusal.error
        };
        assert_eq!(refused(M), Error::PluginNotFound.into());
        publish(M, SERVICE);
        assert_eq!(refused(C), Error::NotPublisher.into());
        assert_eq!(DataContainer::check_document(M, document.into()).unwrap().replaces, Some(0));
    });
}

#[test]
fn a_dry_run_of_a_definition_returns_the_resulting_data_set() {
    run(|| {
        let container = service();
        let text = r#"{"type":"list","visibility":"public","dataSchema":{"type":"integer"},
            "permissions":{"chief":["set"],"new":["remove"]},"writeOnce":true}"#;
        let before = root();
        let check = || DataContainer::check_definition(container, b"x".to_vec(), text.into());
        let preview = check().unwrap().data_set;
        assert_eq!(before, root());
        let add = || DataContainer::add_data_set(signed(M), container, b"x".to_vec(), text.into());
        assert_ok!(add());
        let added = data_set(container, "x");
        assert_eq!(preview.name, name("x"));
        assert_eq!((preview.kind, preview.visibility), (added.kind, added.visibility));
        assert_eq!((preview.schema, preview.write_once), (added.schema, true));
        assert_eq!(preview.permissions, added.permissions);
        assert_eq!(check().unwrap_err().error, Error::DataSetExists.into());
    });
}

#[test]
fn a_dry_run_of_a_definition_fails_when_adding_does() {
    run(|| {
        let container = service();
        let refused = |name: &str, text: &str| {
            let (name, text) = (name.as_bytes().to_vec(), text.as_bytes().to_vec());
            let check = DataContainer::check_definition(container, name.clone(), text.clone());
            let call = DataContainer::add_data_set(signed(M), container, name, text);
            assert_eq!(call.unwrap_err().error, check.clone().unwrap_err().error);
            check.unwrap_err()
        };
        let fine = definition("true");
        assert_eq!(refused("a/b", &fine).error, Error::InvalidName.into());
        assert_eq!(refused("hours", &fine).error, Error::DataSetExists.into());
        refused("x", "{");
        refused("x", "7");
        refused("x", &padded(&fine, 262_145));
        let wrong = refused("x", &definition(r#"{"properties":{"y":{"minimum":"1"}}}"#));
        assert_eq!(wrong.pointer, b"/dataSchema/properties/y/minimum");
        offer(container);
        assert_eq!(refused("x", &fine).error, Error::OfferPending.into());
        withdraw(container);
        for n in 7..64 {
            let name = n.to_string().into_bytes();
            assert_ok!(DataContainer::add_data_set(
                signed(M),
                container,
                name,
                fine.clone().into()
            ));
        }
        assert_eq!(refused("x", &fine).error, Error::TooManyDataSets.into());
        close(container);
        assert_eq!(refused("x", &fine).error, Error::ContainerClosed.into());
    });
    run(|| {
        let check = DataContainer::check_definition(0, b"x".to_vec(), b"{}".to_vec());
        assert_eq!(check.unwrap_err().error, Error::ContainerNotFound.into());
    });
}

#[test]
fn check_value_reports_a_call_for_another_kind_or_visibility() {
    use WriteCall::*;
    run(|| {
        let id = service();
        let error = |set: &str, call| {
            DataContainer::check_value(id, set.into(), call, b"1".to_vec()).map_err(|no| no.error)
        };
        let refused = |error: Error| Err(error.into());
        assert_eq!(error("hours", SetEntry), Ok(()));
        assert_eq!(error("price", SetSealedEntry), Ok(()));
        assert_eq!(error("stamps", Append), Ok(()));
        assert_eq!(error("offers", AppendSealed), Ok(()));
        for (set, fitting) in [
            ("hours", SetEntry),
            ("price", SetSealedEntry),
            ("stamps", Append),
            ("offers", AppendSealed),
        ] {
            let (list, sealed) = match fitting {
                SetEntry => (Append, SetSealedEntry),
                SetSealedEntry => (AppendSealed, SetEntry),
                Append => (SetEntry, AppendSealed),
                AppendSealed => (SetSealedEntry, Append),
            };
            assert_eq!(error(set, list), refused(Error::WrongKind));
            let visible = matches!(fitting, SetEntry | Append);
            let expected = if visible { Error::NotConfidential } else { Error::Confidential };
            assert_eq!(error(set, sealed), refused(expected));
        }
        // The calls fail with the same errors.
        assert_noop!(set(M, id, "stamps", b"1"), Error::WrongKind);
        assert_noop!(set(M, id, "price", b"1"), Error::Confidential);
        assert_noop!(set_sealed(M, id, "hours", 1), Error::NotConfidential);
    });
}

#[test]
fn a_value_that_cannot_be_padded_is_too_long_to_be_sealed() {
    run(|| {
        let id = service();
        let sealed = |bytes: usize| {
            let value = padded("1", bytes).into_bytes();
            DataContainer::check_value(id, b"price".to_vec(), WriteCall::SetSealedEntry, value)
        };
        let refusal = sealed(MAX_VALUE as usize).unwrap_err();
        let too_long = Error::ValueTooLong { index: 0, offset: u16::MAX };
        assert_eq!(refusal.error, too_long.into());
        assert_ok!(sealed(MAX_VALUE as usize - 1));
    });
}
