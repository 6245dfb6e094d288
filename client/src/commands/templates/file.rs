// SPDX-License-Identifier: Apache-2.0

//! Reading of a template file.

use crate::{cli::Choices, context::text_argument, output::note};
use serde_json::Value;
use twinchain_client::{
    template::{self, problem, Options, Template, Visibility},
    Failure,
};

/// The maximum size of a template file, in bytes.
const MAX_FILE: u64 = 16 * 1024 * 1024;

/// A template file that was read.
pub struct File {
    /// The name, for messages.
    pub name: String,
    /// The text.
    pub text: Vec<u8>,
    /// The template.
    pub template: Template,
}

impl File {
    /// Reads a template. Fails with all its problems.
    pub fn read(choices: &Choices) -> Result<Self, Failure> {
        let (name, text) = text_argument(&format!("@{}", choices.file.display()), MAX_FILE)?;
        let options = options(choices)?;
        match template::read(&text, &options) {
            Ok(template) => Ok(Self { name, text, template }),
            Err(problems) => Err(problem::failure(&name, &text, problems)),
        }
    }

    /// Returns the values that were set aside, as JSON, and prints a note about each.
    pub fn dropped(&self) -> Vec<Value> {
        let dropped = &self.template.dropped;
        for of in dropped {
            note(&format!("set aside: {}", of.problem.words(&self.name, &self.text)));
        }
        dropped.iter().map(|of| of.problem.to_json(&self.name, &self.text)).collect()
    }
}

fn options(choices: &Choices) -> Result<Options, Failure> {
    let mut options = Options {
        public: choices.public,
        drop_invalid: choices.drop_invalid_values,
        ..Options::default()
    };
    for text in &choices.visibility {
        let parts = text.rsplit_once('=').and_then(|(path, named)| {
            let (plugin, property) = path.split_once('/')?;
            Some(((plugin.to_string(), property.to_string()), Visibility::named(named)?))
        });
        let (key, visibility) = parts.ok_or_else(|| {
            Failure::usage(format!("{text} is not the visibility of a property"))
                .fix("write PLUGIN/PROPERTY=public or PLUGIN/PROPERTY=confidential")
        })?;
        options.visibility.insert(key, visibility);
    }
    Ok(options)
}
