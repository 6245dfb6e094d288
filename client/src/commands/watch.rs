// SPDX-License-Identifier: Apache-2.0

//! Events of final blocks, as they come.

use crate::{
    cli::Watch,
    context::Context,
    dynamic::{bytes_of_value, composite_json},
    output::{stream, Reply},
};
use serde_json::{json, Value};
use subxt::ext::scale_value::Composite;
use twinchain_client::{
    chain::{At, Blocks},
    names::{self, Path, Place},
    Failure,
};

/// The pallets that this project is about.
const PALLETS: [&str; 3] = ["DigitalTwin", "DataContainer", "Consortium"];

/// What events are about.
enum Filter {
    All,
    Twin(u64),
    Container(u64),
    DataSet(u64, String),
}

/// Prints events until it is interrupted, or has seen as many blocks as are asked for.
pub async fn run(context: &mut Context, arguments: Watch) -> Result<Reply, Failure> {
    let chain = context.chain().await?;
    let filter = match &arguments.path {
        None => Filter::All,
        Some(path) => match names::find(&chain.at_best().await?, &Path::parse(path)?).await? {
            Place::Twin(twin) => Filter::Twin(twin),
            Place::Container(container) => Filter::Container(container),
            Place::DataSet { container, data_set } => Filter::DataSet(container, data_set),
            _ => return Err(Failure::usage(format!("nothing happens to {path}"))),
        },
    };
    let mut blocks = Blocks::follow(&chain, arguments.from);
    let mut left = arguments.blocks.unwrap_or(u64::MAX);
    while left > 0 {
        let read = async |at: &At| Ok(at.client().events().fetch().await?);
        let (at, events) = tokio::select! {
            next = blocks.next(read) => next?,
            _ = tokio::signal::ctrl_c() => break,
        };
        left -= 1;
        for event in events.iter() {
            let event = event?;
            let (pallet, name) = (event.pallet_name(), event.event_name());
            if !PALLETS.contains(&pallet) {
                continue;
            }
            let composite = event.decode_fields_unchecked_as::<Composite<()>>()?;
            let name_of = |fields: &Composite<()>| match fields {
                Composite::Named(fields) => {
                    let name = fields.iter().find(|(of, _)| of == "name");
                    name.and_then(|(_, value)| bytes_of_value(value))
                },
                Composite::Unnamed(_) => None,
            };
            let named = name_of(&composite);
            let fields = composite_json(&composite);
            if !filter.takes(pallet, &fields, named.as_deref()) {
                continue;
            }
            let data = json!({
                "block": at.number(),
                "event": format!("{pallet}.{name}"),
                "fields": fields,
            });
            let words = format!("#{} {pallet}.{name} {fields}", at.number());
            stream(&context.options, &data, &words);
        }
    }
    Ok(Reply::silent())
}

impl Filter {
    fn takes(&self, pallet: &str, fields: &Value, named: Option<&[u8]>) -> bool {
        match self {
            Self::All => true,
            Self::Twin(twin) => pallet == "DigitalTwin" && fields["twin"] == json!(twin),
            Self::Container(container) => fields["container"] == json!(container),
            Self::DataSet(container, name) => {
                fields["container"] == json!(container) && named == Some(name.as_bytes())
            },
        }
    }
}
