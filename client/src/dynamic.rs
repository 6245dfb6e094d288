// SPDX-License-Identifier: Apache-2.0

//! Conversion between JSON and values of types that only the metadata defines.

use crate::account;
use scale_info::{form::PortableForm, PortableRegistry, TypeDef, TypeDefPrimitive};
use serde_json::{json, Value};
use subxt::ext::scale_value::{Composite, Primitive, Value as Scale, ValueDef, Variant};

type Type = scale_info::Type<PortableForm>;

fn type_of(id: u32, types: &PortableRegistry) -> Result<&Type, String> {
    types.resolve(id).ok_or_else(|| "the metadata has no such type".to_string())
}

fn is_u8(id: u32, types: &PortableRegistry) -> bool {
    types
        .resolve(id)
        .is_some_and(|of| matches!(of.type_def, TypeDef::Primitive(TypeDefPrimitive::U8)))
}

fn ends(of: &Type, name: &str) -> bool {
    of.path.segments.last().is_some_and(|last| last == name)
}

/// Returns `true` if a type is a list of bytes, or a struct that only wraps one.
pub fn is_bytes(id: u32, types: &PortableRegistry) -> bool {
    match types.resolve(id).map(|of| &of.type_def) {
        Some(TypeDef::Sequence(of)) => is_u8(of.type_param.id, types),
        Some(TypeDef::Composite(of)) => match of.fields.as_slice() {
            [only] => is_bytes(only.ty.id, types),
            _ => false,
        },
        _ => false,
    }
}

/// Returns the bytes of hexadecimal after `0x`, or of plain text.
fn bytes_of(text: &str) -> Result<Vec<u8>, String> {
    match text.strip_prefix("0x") {
        Some(digits) => hex::decode(digits).map_err(|_| format!("{text} is not hexadecimal")),
        None => Ok(text.as_bytes().to_vec()),
    }
}

fn unnamed(values: impl IntoIterator<Item = Scale>) -> Scale {
    Scale::unnamed_composite(values)
}

/// Converts JSON into a value of a type, with the same conventions as Polkadot.js.
pub fn from_json(value: &Value, id: u32, types: &PortableRegistry) -> Result<Scale, String> {
    let of = type_of(id, types)?;
    if let Value::String(text) = value {
        if ends(of, "AccountId32") {
            let account = account::parse(text).map_err(|failure| failure.message)?;
            return Ok(Scale::from_bytes(account.0));
        }
        if ends(of, "MultiAddress") {
            let account = account::parse(text).map_err(|failure| failure.message)?;
            return Ok(Scale::unnamed_variant("Id", [Scale::from_bytes(account.0)]));
        }
    }
    match &of.type_def {
        TypeDef::Composite(composite) => from_fields(value, &composite.fields, types),
        TypeDef::Variant(variants) => from_variant(value, of, &variants.variants, types),
        TypeDef::Sequence(of) => from_list(value, of.type_param.id, None, types),
        TypeDef::Array(of) => from_list(value, of.type_param.id, Some(of.len as usize), types),
        TypeDef::Tuple(parts) => {
            let items = value.as_array().filter(|items| items.len() == parts.fields.len());
            let items = items
                .ok_or_else(|| format!("expected an array of {} values", parts.fields.len()))?;
            let each =
                items.iter().zip(&parts.fields).map(|(item, of)| from_json(item, of.id, types));
            Ok(unnamed(each.collect::<Result<Vec<_>, _>>()?))
        },
        TypeDef::Compact(of) => from_json(value, of.type_param.id, types),
        TypeDef::Primitive(primitive) => from_primitive(value, primitive),
        TypeDef::BitSequence(_) => Err("bit sequences are not supported".into()),
    }
}

type Field = scale_info::Field<PortableForm>;

fn from_fields(value: &Value, fields: &[Field], types: &PortableRegistry) -> Result<Scale, String> {
    match (fields, value) {
        // A struct of one unnamed field is written as the field.
        ([only], _) if only.name.is_none() => Ok(unnamed([from_json(value, only.ty.id, types)?])),
        ([], _) => Ok(unnamed([])),
        (_, Value::Object(members)) => {
            let known =
                |name: &String| fields.iter().any(|field| field.name.as_ref() == Some(name));
            if let Some(name) = members.keys().find(|name| !known(name)) {
                return Err(format!("unknown member {name}"));
            }
            let mut all = Vec::new();
            for field in fields {
                let name = field.name.clone().unwrap_or_default();
                let value = members.get(&name).unwrap_or(&Value::Null);
                let scale =
                    from_json(value, field.ty.id, types).map_err(|why| format!("{name}: {why}"))?;
                all.push((name, scale));
            }
            Ok(Scale::named_composite(all))
        },
        (_, Value::Array(items)) if items.len() == fields.len() && fields[0].name.is_none() => {
            let each =
                items.iter().zip(fields).map(|(item, field)| from_json(item, field.ty.id, types));
            Ok(unnamed(each.collect::<Result<Vec<_>, _>>()?))
        },
        _ => {
            let names: Vec<_> = fields.iter().filter_map(|field| field.name.clone()).collect();
            Err(format!("expected an object with {}", names.join(", ")))
        },
    }
}

fn from_variant(
    value: &Value,
    of: &Type,
    variants: &[scale_info::Variant<PortableForm>],
    types: &PortableRegistry,
) -> Result<Scale, String> {
    let is_option = ends(of, "Option") && of.path.segments.len() == 1;
    let (name, inner) = match value {
        Value::Null if is_option => ("None", &Value::Null),
        _ if is_option => ("Some", value),
        Value::String(name) => (name.as_str(), &Value::Null),
        Value::Object(members) if members.len() == 1 => {
            let (name, inner) = members.iter().next().ok_or("expected a variant")?;
            (name.as_str(), inner)
        },
        _ => return Err(format!("expected one of {}", variant_names(variants))),
    };
    let variant = variants.iter().find(|variant| variant.name == name);
    let variant =
        variant.ok_or_else(|| format!("{name} is not one of {}", variant_names(variants)))?;
    let values = match from_fields(inner, &variant.fields, types)?.value {
        ValueDef::Composite(values) => values,
        _ => Composite::Unnamed(Vec::new()),
    };
    Ok(Scale {
        value: ValueDef::Variant(Variant { name: variant.name.clone(), values }),
        context: (),
    })
}

fn variant_names(variants: &[scale_info::Variant<PortableForm>]) -> String {
    variants.iter().map(|variant| variant.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn from_list(
    value: &Value,
    of: u32,
    length: Option<usize>,
    types: &PortableRegistry,
) -> Result<Scale, String> {
    let check = |found: usize| match length {
        Some(length) if length != found => {
            Err(format!("expected {length} bytes or items, found {found}"))
        },
        _ => Ok(()),
    };
    match value {
        Value::String(text) if is_u8(of, types) => {
            let bytes = bytes_of(text)?;
            check(bytes.len())?;
            Ok(Scale::from_bytes(bytes))
        },
        Value::Array(items) => {
            check(items.len())?;
            let each = items.iter().map(|item| from_json(item, of, types));
            Ok(unnamed(each.collect::<Result<Vec<_>, _>>()?))
        },
        _ if is_u8(of, types) => Err("expected text, or hexadecimal after 0x".into()),
        _ => Err("expected an array".into()),
    }
}

fn from_primitive(value: &Value, primitive: &TypeDefPrimitive) -> Result<Scale, String> {
    match (primitive, value) {
        (TypeDefPrimitive::Bool, Value::Bool(value)) => Ok(Scale::bool(*value)),
        (TypeDefPrimitive::Str, Value::String(text)) => Ok(Scale::string(text.clone())),
        (TypeDefPrimitive::Bool, _) => Err("expected true or false".into()),
        (TypeDefPrimitive::Str, _) => Err("expected text".into()),
        (_, Value::Number(number)) => {
            let wrong = || format!("{number} is not a number that fits");
            number.as_u64().map(|number| Scale::u128(number.into())).ok_or_else(wrong)
        },
        // Numbers above 2^53 may be strings, so that no program rounds them.
        (_, Value::String(text)) => {
            text.parse().map(Scale::u128).map_err(|_| format!("{text} is not a number"))
        },
        _ => Err("expected a number".into()),
    }
}

/// Converts a value into JSON. Bytes become text if they are text, or else hexadecimal.
pub fn to_json(value: &Scale) -> Value {
    match &value.value {
        ValueDef::Composite(composite) => composite_json(composite),
        ValueDef::Variant(Variant { name, values }) => match (name.as_str(), values.len()) {
            ("None", 0) => Value::Null,
            ("Some", 1) => values.values().next().map_or(Value::Null, to_json),
            (_, 0) => json!(name),
            _ => json!({ name: composite_json(values) }),
        },
        ValueDef::Primitive(Primitive::Bool(value)) => json!(value),
        ValueDef::Primitive(Primitive::Char(value)) => json!(value),
        ValueDef::Primitive(Primitive::String(value)) => json!(value),
        ValueDef::Primitive(Primitive::U128(value)) => match u64::try_from(*value) {
            Ok(value) => json!(value),
            Err(_) => json!(value.to_string()),
        },
        ValueDef::Primitive(Primitive::I128(value)) => json!(value.to_string()),
        ValueDef::Primitive(Primitive::U256(value) | Primitive::I256(value)) => {
            json!(format!("0x{}", hex::encode(value)))
        },
        ValueDef::BitSequence(bits) => json!(format!("{bits:?}")),
    }
}

/// Converts fields into JSON, like [`to_json`].
pub fn composite_json(composite: &Composite<()>) -> Value {
    match composite {
        Composite::Named(members) => Value::Object(
            members.iter().map(|(name, value)| (name.clone(), to_json(value))).collect(),
        ),
        Composite::Unnamed(values) => {
            // A single byte may be a number in a struct of one field.
            if let Some(bytes) = byte_list(values).filter(|bytes| bytes.len() > 1) {
                let text = std::str::from_utf8(&bytes).ok();
                let text =
                    text.filter(|text| !text.is_empty() && !text.chars().any(char::is_control));
                return match text {
                    // 32 bytes are a hash or an account, even if they could be text.
                    Some(text) if bytes.len() != 32 => json!(text),
                    _ => json!(format!("0x{}", hex::encode(bytes))),
                };
            }
            match values.as_slice() {
                [one] => to_json(one),
                _ => Value::Array(values.iter().map(to_json).collect()),
            }
        },
    }
}

/// Returns the bytes in a value, also if structs of one field wrap them.
pub fn bytes_of_value(value: &Scale) -> Option<Vec<u8>> {
    let ValueDef::Composite(Composite::Unnamed(values)) = &value.value else { return None };
    match byte_list(values) {
        Some(bytes) => Some(bytes),
        None => values.first().filter(|_| values.len() == 1).and_then(bytes_of_value),
    }
}

/// Returns the bytes of a list that contains only bytes.
fn byte_list(values: &[Scale]) -> Option<Vec<u8>> {
    let byte = |value: &Scale| match value.value {
        ValueDef::Primitive(Primitive::U128(byte)) => u8::try_from(byte).ok(),
        _ => None,
    };
    values.iter().map(byte).collect()
}
