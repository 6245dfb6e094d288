// SPDX-License-Identifier: Apache-2.0

//! Texts for calls, each with its error, if any. The model does not parse JSON: it knows these
//! texts.

use super::world::*;
use std::{collections::BTreeMap, sync::OnceLock};

/// A valid plugin document.
#[derive(Debug, Default)]
pub struct Document {
    pub replaces: Option<u64>,
    pub description: String,
    pub data_sets: Vec<Definition>,
}

type Texts<V> = BTreeMap<Vec<u8>, Result<V, &'static str>>;

/// For every schema: a valid value, an invalid one, and the error.
const SCHEMAS: [(&str, &str, &str, &str); 36] = [
    (r#"{"type":"string"}"#, r#""Hello""#, "7", "TypeMismatch"),
    (r#"{"type":"integer"}"#, "7", "12,5", "InvalidJson"),
    ("true", "[null]", r#"{"a":1,"a":2}"#, "DuplicateKey"),
    (r#"{"title":"number"}"#, "1e512", "1e513", "NumberOutOfBounds"),
    (r#"{"title":"deep"}"#, "[[]]", DEEP, "TooDeep"),
    (r#"{"enum":["red","blue"]}"#, r#""red""#, r#""green""#, "EnumMismatch"),
    (r#"{"const":1.0}"#, "1", "2", "ConstMismatch"),
    (r#"{"required":["a"]}"#, r#"{"a":1}"#, r#"{"b":1}"#, "RequiredMismatch"),
    (r#"{"additionalProperties":false}"#, "{}", r#"{"b":1}"#, "AdditionalPropertiesMismatch"),
    (r#"{"minProperties":1}"#, r#"{"b":1}"#, "{}", "MinPropertiesMismatch"),
    (r#"{"maxProperties":0}"#, "{}", r#"{"a":1}"#, "MaxPropertiesMismatch"),
    (r#"{"prefixItems":[true],"items":false}"#, "[1]", "[1,2]", "ItemsMismatch"),
    (r#"{"minItems":1}"#, "[1]", "[]", "MinItemsMismatch"),
    (r#"{"maxItems":1}"#, "[1]", "[1,2]", "MaxItemsMismatch"),
    (r#"{"minLength":2}"#, r#""ab""#, r#""a""#, "MinLengthMismatch"),
    (r#"{"maxLength":2}"#, r#""ab""#, r#""abc""#, "MaxLengthMismatch"),
    (r#"{"minimum":5}"#, "5.0", "4.99", "MinimumMismatch"),
    (r#"{"maximum":5}"#, "5", "5.01", "MaximumMismatch"),
    (r#"{"exclusiveMinimum":5}"#, "5.1", "5.0", "ExclusiveMinimumMismatch"),
    (r#"{"exclusiveMaximum":5}"#, "4", "5", "ExclusiveMaximumMismatch"),
    (r#"{"multipleOf":0.1}"#, "0.3", "0.25", "MultipleOfMismatch"),
    (r#"{"anyOf":[{"type":"null"},{"type":"string"}]}"#, "null", "1", "AnyOfMismatch"),
    (r#"{"oneOf":[{"minimum":1},{"minimum":2}]}"#, "1", "3", "OneOfMismatch"),
    (r#"{"not":{"type":"null"}}"#, "1", "null", "NotMismatch"),
    (r#"{"pattern":"^[A-Z]{2}$"}"#, r#""AB""#, r#""A""#, "PatternMismatch"),
    (r#"{"uniqueItems":true}"#, "[1,2]", "[1,1.0]", "UniqueItemsMismatch"),
    (r#"{"contains":{"const":1}}"#, "[0,1]", "[0]", "ContainsMismatch"),
    (r#"{"contains":true,"minContains":2}"#, "[1,2]", "[1]", "MinContainsMismatch"),
    (r#"{"contains":{"const":1},"maxContains":1}"#, "[1,2]", "[1,1]", "MaxContainsMismatch"),
    (r#"{"if":{"minimum":1},"then":{"maximum":2},"else":false}"#, "2", "3", "IfMismatch"),
    (
        r#"{"dependentRequired":{"a":["b"]}}"#,
        r#"{"a":1,"b":1}"#,
        r#"{"a":1}"#,
        "DependentRequiredMismatch",
    ),
    (r#"{"dependentSchemas":{"a":false}}"#, r#"{"b":1}"#, r#"{"a":1}"#, "DependentSchemasMismatch"),
    (
        r##"{"$defs":{"n":{"maximum":1}},"properties":{"a":{"$ref":"#/$defs/n"}}}"##,
        r#"{"a":1}"#,
        r#"{"a":2}"#,
        "MaximumMismatch",
    ),
    (
        r#"{"$schema":"http://json-schema.org/draft-04/schema#","type":"integer"}"#,
        "1",
        "1.0",
        "TypeMismatch",
    ),
    (r#"{"properties":{"a":false}}"#, "1", r#"{"a":1}"#, "FalseSchema"),
    (r#"{"title":"text","type":"string"}"#, "\"\"", "", "InvalidJson"),
];

const DEEP: &str = "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]";

/// Returns schemas that are rejected, with their errors.
fn wrong_schemas() -> Vec<(String, &'static str)> {
    let all = |one: &str, count: usize| vec![one; count].join(",");
    vec![
        ("7".into(), "NotASchema"),
        (r#"{"$vocabulary":{}}"#.into(), "UnsupportedKeyword"),
        (r#"{"$schema":"draft-8"}"#.into(), "UnknownDialect"),
        (r##"{"$ref":"#/$defs/a"}"##.into(), "ReferenceNotFound"),
        (r##"{"$ref":"a.json"}"##.into(), "ReferenceAway"),
        (r##"{"allOf":[{"$ref":"#"}]}"##.into(), "CircularReference"),
        (r##"{"not":{"$id":"a","not":{"$ref":"#"}}}"##.into(), "NestedId"),
        (r#"{"pattern":"("}"#.into(), "InvalidPattern"),
        (r#"{"pattern":"(?=a)"}"#.into(), "UnsupportedPattern"),
        (r#"{"pattern":"a{9999}"}"#.into(), "PatternTooComplex"),
        (r#"{"minimum":"1"}"#.into(), "InvalidKeywordValue"),
        (r#"{"type":"text"}"#.into(), "UnknownType"),
        (format!(r#"{{"title":"{}"}}"#, "t".repeat(65_536)), "SchemaTooLong"),
        (format!(r#"{{"anyOf":[{}]}}"#, all(r#"{"minimum":1}"#, 33)), "SchemaTooComplex"),
        (format!("{}true{}", r#"{"not":"#.repeat(17), "}".repeat(17)), "TooDeep"),
    ]
}

/// Returns a valid value for a schema, and some invalid ones.
pub fn values(schema: &str) -> (&'static [u8], Vec<Vec<u8>>) {
    let known = SCHEMAS.iter().find(|(known, ..)| *known == schema);
    let (_, fine, wrong, _) = known.expect("the generator takes schemas from the table only");
    (fine.as_bytes(), vec![wrong.as_bytes().to_vec(), LONE_BYTE.to_vec(), too_long()])
}

/// A text that is not UTF-8.
const LONE_BYTE: &[u8] = b"\"\xff\"";

fn too_long() -> Vec<u8> {
    vec![b' '; 65_537]
}

/// Adds the reason for which a schema rejects a value, if any.
pub fn check_value(schema: &str, value: &[u8], why: &mut Reasons) {
    let known = SCHEMAS.iter().find(|(known, ..)| *known == schema);
    let (_, fine, wrong, error) = known.expect("the generator takes schemas from the table only");
    if value == LONE_BYTE {
        why.when(true, "InvalidUtf8");
    } else if value.len() > 65_536 {
        why.when(true, "ValueTooLong");
    } else if value == wrong.as_bytes() {
        why.when(true, error);
    } else if value != fine.as_bytes() {
        // A value for another schema. The generator uses it only where the call is rejected anyway.
        why.when(true, "?");
    }
}

fn definition_of(schema: &str) -> Definition {
    Definition { public: true, schema: schema.into(), ..Definition::default() }
}

/// Formats a definition as in a document, with the given default.
fn written(definition: &Definition, default: &str) -> String {
    let Definition { list, public, write_once, schema, permissions, .. } = definition;
    let kind = if *list { "list" } else { "entry" };
    let visibility = if *public { "public" } else { "confidential" };
    // A dialect must be at the top level, from which references also start.
    let wrapped = *list && !schema.contains("$schema") && !schema.contains("$ref");
    let schema =
        if wrapped { format!(r#"{{"type":"array","items":{schema}}}"#) } else { schema.clone() };
    let words = |access: &u8| match *access {
        WRITE => r#"["set"]"#,
        REMOVE => r#"["remove"]"#,
        _ => r#"["set","remove"]"#,
    };
    let permissions: Vec<_> =
        permissions.iter().map(|(role, access)| format!("{role:?}:{}", words(access))).collect();
    let value = if default.is_empty() { String::new() } else { format!(r#","value":{default}"#) };
    format!(
        r#"{{"type":"{kind}","visibility":"{visibility}","writeOnce":{write_once},"dataSchema":{schema},"permissions":{{{}}}{value}}}"#,
        permissions.join(",")
    )
}

fn default_of(definition: &Definition) -> String {
    match definition.list {
        true if !definition.default.is_empty() => format!("[{}]", definition.default.join(",")),
        _ => definition.default.concat(),
    }
}

/// Returns definitions of single data sets, valid and invalid.
pub fn definitions() -> &'static Texts<Definition> {
    static TEXTS: OnceLock<Texts<Definition>> = OnceLock::new();
    TEXTS.get_or_init(|| {
        let mut texts = Texts::new();
        for (schema, fine, wrong, error) in SCHEMAS {
            let plain = definition_of(schema);
            let with = Definition { default: vec![fine.into()], ..plain.clone() };
            if !wrong.is_empty() && error != "InvalidJson" {
                texts.insert(written(&plain, wrong).into_bytes(), Err(error));
            }
            texts.insert(written(&with, fine).into_bytes(), Ok(with));
            let list = Definition {
                list: true,
                permissions: vec![("writer".into(), WRITE), ("cleaner".into(), REMOVE)],
                ..plain.clone()
            };
            texts.insert(written(&list, "").into_bytes(), Ok(list));
            let sealed = Definition {
                public: false,
                permissions: vec![("writer".into(), WRITE | REMOVE)],
                ..plain.clone()
            };
            texts.insert(written(&sealed, "").into_bytes(), Ok(sealed.clone()));
            texts.insert(written(&sealed, fine).into_bytes(), Err("ConfidentialDefault"));
        }
        for (schema, error) in wrong_schemas() {
            let plain = definition_of(&schema);
            texts.insert(written(&plain, "").into_bytes(), Err(error));
        }
        let list = Definition { list: true, ..definition_of("true") };
        texts.insert(written(&list, "[]").into_bytes(), Ok(list.clone()));
        texts.insert(written(&list, "{}").into_bytes(), Err("InvalidListDefault"));
        let demanding = r#"{"type":"list","dataSchema":{"type":"array","minItems":1}}"#;
        texts.insert(demanding.into(), Err("ListSchemaDemandsMore"));
        texts.insert(r#"{"type":"pile","dataSchema":true}"#.into(), Err("InvalidMember"));
        texts.insert(r#"{"type":"entry","#.into(), Err("InvalidJson"));
        texts.insert(b"{\"\xff\":1}".to_vec(), Err("InvalidUtf8"));
        let named = r#"{"type":"entry","dataSchema":true,"permissions":{"a/b":["set"]}}"#;
        texts.insert(named.into(), Err("InvalidNameIn"));
        let mut crowd = definition_of("true");
        crowd.permissions = (0..17).map(|role| (format!("role {role}"), WRITE)).collect();
        texts.insert(written(&crowd, "").into_bytes(), Err("TooManyRoles"));
        texts.insert(vec![b' '; 262_145], Err("DocumentTooLong"));
        texts
    })
}

/// Returns the definition in a text, or its error.
pub fn definition(text: &[u8]) -> Result<&'static Definition, &'static str> {
    let known = definitions().get(text).expect("the generator takes definitions from the table");
    known.as_ref().map_err(|error| *error)
}

fn named(name: &str, definition: Definition) -> Definition {
    Definition { name: name.into(), ..definition }
}

fn document_of(document: &Document) -> String {
    let sets: Vec<_> = document
        .data_sets
        .iter()
        .map(|set| format!("{:?}:{}", set.name, written(set, &default_of(set))))
        .collect();
    let replaces = document.replaces.map_or(String::new(), |old| format!(r#""replaces":{old},"#));
    let (description, sets) = (&document.description, sets.join(","));
    format!(
        r#"{{{replaces}"description":{description},"template":{{"type":"p","properties":{{{sets}}}}}}}"#
    )
}

/// Returns the valid documents, from which containers are made.
fn fine_documents() -> Vec<Document> {
    let text = r#"{"type":"string"}"#;
    let (technician, worker) = ("technician".to_string(), "worker".to_string());
    let manual = named(
        "manual",
        Definition {
            default: vec![r#""Hello""#.into()],
            permissions: vec![(technician.clone(), WRITE)],
            ..definition_of(text)
        },
    );
    let log = named(
        "log",
        Definition {
            list: true,
            permissions: vec![(technician.clone(), WRITE | REMOVE), (worker.clone(), WRITE)],
            ..definition_of(r#"{"type":"integer"}"#)
        },
    );
    let steps = named(
        "steps",
        Definition {
            list: true,
            public: false,
            permissions: vec![(worker.clone(), WRITE)],
            ..definition_of("true")
        },
    );
    let secret = named(
        "secret",
        Definition {
            public: false,
            permissions: vec![(technician, WRITE | REMOVE)],
            ..definition_of("true")
        },
    );
    let serial = named("serial", Definition { write_once: true, ..definition_of(text) });
    let journal = named(
        "journal",
        Definition {
            list: true,
            write_once: true,
            default: vec!["5".into(), "5".into()],
            permissions: vec![(worker, WRITE | REMOVE)],
            ..definition_of(r#"{"maximum":5}"#)
        },
    );
    let seal =
        named("seal", Definition { public: false, write_once: true, ..definition_of("true") });
    let description = r#"{"name":"service"}"#.to_string();
    let public = vec![manual.clone(), log.clone(), serial.clone()];
    vec![
        Document {
            replaces: None,
            description: description.clone(),
            data_sets: vec![manual, log, steps, secret.clone()],
        },
        Document {
            replaces: None,
            description: description.clone(),
            data_sets: vec![serial, journal, seal, secret],
        },
        Document { replaces: None, description: description.clone(), data_sets: public },
        Document { replaces: Some(0), description: description.clone(), data_sets: vec![] },
        Document { replaces: Some(9_999), description, data_sets: vec![] },
    ]
}

/// Returns plugin documents, valid and invalid.
pub fn documents() -> &'static Texts<Document> {
    static TEXTS: OnceLock<Texts<Document>> = OnceLock::new();
    TEXTS.get_or_init(|| {
        let fine = fine_documents().into_iter();
        let mut texts: Texts<_> =
            fine.map(|document| (document_of(&document).into_bytes(), Ok(document))).collect();
        let holding = |name: &str, set: &str| {
            format!(r#"{{"template":{{"type":"p","properties":{{{name:?}:{set}}}}}}}"#).into_bytes()
        };
        for (text, verdict) in definitions() {
            if let (Err(error), Ok(text)) = (verdict, std::str::from_utf8(text)) {
                if text.ends_with('}') {
                    texts.insert(holding("a", text), Err(error));
                }
            }
        }
        let plain = written(&definition_of("true"), "");
        texts.insert(holding("a/b", &plain), Err("InvalidNameIn"));
        let many: Vec<_> = (0..65).map(|number| format!("\"{number}\":{plain}")).collect();
        let many = format!(r#"{{"template":{{"type":"p","properties":{{{}}}}}}}"#, many.join(","));
        texts.insert(many.into_bytes(), Err("TooManyDataSets"));
        let wordy = format!(
            r#"{{"description":{{"text":"{}"}},"template":{{"type":"p","properties":{{}}}}}}"#,
            "w".repeat(8_192)
        );
        texts.insert(wordy.into_bytes(), Err("DescriptionTooLong"));
        texts.insert(b"no JSON".to_vec(), Err("InvalidJson"));
        texts.insert(vec![b' '; 262_145], Err("DocumentTooLong"));
        texts
    })
}

/// Returns the documents that are published at the start of a sequence.
pub fn first_documents() -> Vec<Vec<u8>> {
    fine_documents().iter().take(3).map(|document| document_of(document).into_bytes()).collect()
}

/// Returns the document in a text, or its error.
pub fn document(text: &[u8]) -> Result<&'static Document, &'static str> {
    let known = documents().get(text).expect("the generator takes documents from the table");
    known.as_ref().map_err(|error| *error)
}

/// Returns descriptions. The first three are valid.
pub fn descriptions() -> [Vec<u8>; 5] {
    [
        b"{}".to_vec(),
        br#"{"name":"Big Crane 250"}"#.to_vec(),
        b"\"text\"".to_vec(),
        b"text".to_vec(),
        vec![b' '; 8_193],
    ]
}

/// Returns the error of a description, if any. An empty one is not JSON, but some calls accept it
/// as `None`.
pub fn description_error(description: &[u8]) -> Option<&'static str> {
    match description {
        b"" | b"text" => Some("DescriptionNotJson"),
        _ if description.len() > 8_192 => Some("DescriptionTooLong"),
        _ => None,
    }
}
