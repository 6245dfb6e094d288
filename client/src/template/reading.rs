// SPDX-License-Identifier: Apache-2.0

//! The choices for reading a template, and the state while it is read.

use super::{
    json::Compact,
    parts::{limits, Dropped, Visibility},
    problem::Problem,
};
use std::collections::{BTreeMap, BTreeSet};

/// The choices of the user for an import.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// `true` if properties that state no visibility are public.
    pub public: bool,
    /// The visibility of single properties, by plugin and property. It overrides the file.
    pub visibility: BTreeMap<(String, String), Visibility>,
    /// `true` if values that do not match their schema are set aside.
    pub drop_invalid: bool,
}

/// The state of reading a template: where it is, and the problems so far.
pub struct Reading<'a> {
    pub options: &'a Options,
    pub problems: Vec<Problem>,
    pub dropped: Vec<Dropped>,
    /// The roles of the current plugin, besides the owner.
    pub roles: BTreeSet<String>,
    /// The overrides that name a property.
    pub used: BTreeSet<(String, String)>,
    plugin: Option<String>,
    property: Option<String>,
    /// The bytes that the defaults of the current plugin may still have.
    room: usize,
    is_dropped: bool,
}

impl<'a> Reading<'a> {
    pub fn new(options: &'a Options) -> Self {
        Self {
            options,
            problems: Vec::new(),
            dropped: Vec::new(),
            roles: BTreeSet::new(),
            used: BTreeSet::new(),
            plugin: None,
            property: None,
            room: 0,
            is_dropped: false,
        }
    }

    fn make(&self, offset: usize, reason: String, is_about_value: bool) -> Problem {
        let (plugin, property) = (self.plugin.clone(), self.property.clone());
        Problem { plugin, property, reason, offset, is_about_value }
    }

    /// Adds a problem.
    pub fn problem(&mut self, offset: usize, reason: impl Into<String>) {
        let problem = self.make(offset, reason.into(), false);
        self.problems.push(problem);
    }

    /// Adds the problem of a value, or sets the value aside.
    pub fn problem_of_value(&mut self, offset: usize, reason: impl Into<String>) {
        let problem = self.make(offset, reason.into(), true);
        match (&self.plugin, &self.property) {
            (Some(plugin), Some(property)) if self.options.drop_invalid => {
                let (plugin, property) = (plugin.clone(), property.clone());
                self.dropped.push(Dropped { plugin, property, problem });
                self.is_dropped = true;
            },
            _ => self.problems.push(problem),
        }
    }

    /// Returns `true` if the value of the current property is set aside.
    pub fn drops_value(&self) -> bool {
        self.is_dropped
    }

    /// Returns `true` if a default fits into the current document, and counts it.
    pub fn has_room(&mut self, default: &[u8]) -> bool {
        let rest = self.room.checked_sub(Compact::of(default).text.len());
        self.room = rest.unwrap_or(self.room);
        rest.is_some()
    }

    /// Returns the visibility that an option gives the current property, or `None`.
    pub fn visibility_override(&mut self) -> Option<Visibility> {
        let key = (self.plugin.clone()?, self.property.clone()?);
        let found = self.options.visibility.get(&key).copied();
        found.inspect(|_| {
            self.used.insert(key);
        })
    }

    /// Starts a property: the problems that follow are its own.
    pub fn begin_property(&mut self, name: &str) {
        self.property = Some(name.into());
        self.is_dropped = false;
    }

    /// Ends the last property of a plugin.
    pub fn end_property(&mut self) {
        self.property = None;
    }

    /// Starts a plugin: the problems that follow are its own, and its defaults have all the room.
    pub fn begin_plugin(&mut self, link: &str) {
        self.plugin = Some(link.into());
        self.property = None;
        self.roles.clear();
        self.room = limits::PAYLOAD;
    }
}
