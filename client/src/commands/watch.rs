// SPDX-License-Identifier: Apache-2.0

//! The command `twin watch`: events of finalized blocks as they arrive.

use crate::{
    cli::Watch,
    context::Context,
    interrupt,
    output::{stream, Reply},
};
use serde_json::{json, Value};
use subxt::ext::scale_value::Composite;
use twinchain_client::{
    chain::{At, Blocks},
    confidential,
    dynamic::{bytes_of_value, composite_json},
    names::{self, Path, Place},
    reads, Chain, Failure,
};

/// The pallets whose events are printed.
const PALLETS: [&str; 3] = ["DigitalTwin", "DataContainer", "Consortium"];

/// The subject of the events to print.
enum Filter {
    All,
    Twin(u64),
    Container(u64),
    DataSet(u64, String),
}

/// Prints events until it is interrupted, or has read the requested number of blocks.
pub async fn run(context: &mut Context, arguments: Watch) -> Result<Reply, Failure> {
    let chain = context.chain().await?;
    let filter = match &arguments.path {
        None => Filter::All,
        Some(path) => match names::find(&chain.at_best().await?, &Path::parse(path)?).await? {
            Place::Twin(twin) => Filter::Twin(twin),
            Place::Container(container) => Filter::Container(container),
            Place::DataSet { container, data_set } => Filter::DataSet(container, data_set),
            _ => return Err(Failure::usage(format!("{path} has no events"))),
        },
    };
    if let Some(from) = arguments.from {
        let newest = chain.at_final().await?.number();
        if from > newest {
            return Err(Failure::usage(format!(
                "block {from} is not finalized yet: the newest is {newest}"
            ))
            .fix("without --from, it starts with the next block"));
        }
    }
    check_exists(&chain, &filter).await?;
    interrupt::only_reads();
    let mut blocks = Blocks::follow(&chain, arguments.from);
    let mut left = arguments.blocks.unwrap_or(u64::MAX);
    while left > 0 {
        let read = async |at: &At| Ok(at.client().events().fetch().await?);
        let (at, events) = blocks.next(read).await?;
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
            stream(&context.options, &data, &words)?;
        }
    }
    Ok(Reply::silent())
}

/// Fails if the subject of the filter does not exist.
async fn check_exists(chain: &Chain, filter: &Filter) -> Result<(), Failure> {
    let at = chain.at_best().await?;
    match filter {
        Filter::All => Ok(()),
        Filter::Twin(twin) => reads::twin(&at, *twin).await.map(drop),
        Filter::Container(container) => reads::info(&at, *container).await.map(drop),
        Filter::DataSet(container, name) => {
            confidential::data_set(&at, *container, name).await.map(drop)
        },
    }
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
