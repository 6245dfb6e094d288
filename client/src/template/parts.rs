// SPDX-License-Identifier: Apache-2.0

//! The parts of a template that was read, and the limits of the chain.

use super::problem::Problem;

/// The member that replaces the `value` of a property in the published document if the value is
/// stored only in the instance. Its value is [`IN_INSTANCE`].
pub const MARK: &str = "twinchain:value";
/// The value of [`MARK`], as JSON text.
pub const IN_INSTANCE: &[u8] = b"\"instance\"";

/// The limits of the chain, which are also constants of its metadata.
pub mod limits {
    /// The maximum size of a plugin document, in bytes.
    pub const DOCUMENT: usize = 262_144;
    /// The maximum size of a description, in bytes.
    pub const DESCRIPTION: usize = 8_192;
    /// The maximum number of data sets of a plugin.
    pub const DATA_SETS: usize = 64;
    /// The maximum number of roles of a plugin.
    pub const ROLES: usize = 16;
    /// The maximum size of a value, in bytes. Padding takes one byte of a sealed one.
    pub const VALUE: usize = 65_536;
    /// The maximum number of items in one append.
    pub const ITEMS: usize = 256;
    /// The maximum size of the values of one call, in bytes as the chain stores them.
    pub const PAYLOAD: usize = 65_584;
    /// The bytes by which sealing makes a value longer, at most: padding, key and tag.
    pub const SEALING: usize = 64 + 48;
    /// The maximum number of links in one call.
    pub const LINKS: usize = 16;
}

/// The kind of a property: of the data set that it becomes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// One value.
    Entry,
    /// Items.
    List,
}

impl Kind {
    /// Returns the name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::List => "list",
        }
    }
}

/// The visibility of a property.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Visibility {
    /// The chain stores ciphertext.
    Confidential,
    /// The chain stores JSON text.
    Public,
}

impl Visibility {
    /// Returns the visibility with this name, or `None`.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "public" => Some(Self::Public),
            "confidential" => Some(Self::Confidential),
            _ => None,
        }
    }

    /// Returns the name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Confidential => "confidential",
        }
    }
}

/// A plugin of a template.
#[derive(Clone, Debug)]
pub struct PluginPart {
    /// The name of the link to its instance.
    pub link: String,
    /// The name of the plugin.
    pub name: String,
    /// The document to publish.
    pub document: Vec<u8>,
    /// The properties, in the order of the document.
    pub properties: Vec<Property>,
    /// The offset of its name in the file.
    pub offset: usize,
}

/// A property of a plugin.
#[derive(Clone, Debug)]
pub struct Property {
    /// The name of the data set.
    pub name: String,
    /// The kind.
    pub kind: Kind,
    /// The visibility.
    pub visibility: Visibility,
    /// The location of the template's value.
    pub value: Valued,
}

/// The location of the value of a property.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Valued {
    /// The property has no value.
    No,
    /// The value is the default in the published document.
    InDocument,
    /// The values to write into a new instance: one for an entry, the items for a list.
    InInstance(Vec<Vec<u8>>),
    /// The value is in an instance that the file does not name.
    Elsewhere,
}

/// A value that was set aside because it does not match its schema.
#[derive(Clone, Debug)]
pub struct Dropped {
    /// The name of the link.
    pub plugin: String,
    /// The name of the property.
    pub property: String,
    /// The problem of the value.
    pub problem: Problem,
}
