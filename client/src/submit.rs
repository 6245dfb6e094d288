// SPDX-License-Identifier: Apache-2.0

//! Calls: made, combined, submitted, and what became of them.

use crate::{
    api::{self, runtime_types::twinchain_runtime as types},
    chain::{Chain, ClientAt, Config},
    failure::{printable, unreachable_node, Failure, Kind},
    signer::Signer,
};
use subxt::{
    config::DefaultExtrinsicParamsBuilder,
    error::DispatchError,
    ext::{
        scale_encode::{self, EncodeAsFields, FieldIter},
        scale_type_resolver::TypeResolver,
    },
    extrinsics::ExtrinsicEvents,
    tx::{Payload, TransactionStatus, ValidationResult},
    utils::{AccountId32, H256},
};

/// How many blocks a signed transaction lives.
const LIFE: u64 = 64;

/// A call, encoded for the chain.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Call {
    pallet: String,
    name: String,
    /// All of it, with the indices of pallet and call.
    bytes: Vec<u8>,
}

impl Call {
    /// Encodes a call for the chain at a block.
    pub fn encode(at: &ClientAt, call: &impl Payload) -> Result<Self, Failure> {
        let bytes = at.tx().call_data(call)?;
        at.tx().validate(call)?;
        let (pallet, name) = (call.pallet_name().into(), call.call_name().into());
        Ok(Self { pallet, name, bytes })
    }

    /// Decodes a call from its bytes, as `--print-call` shows them.
    pub fn decode(at: &ClientAt, bytes: Vec<u8>) -> Result<Self, Failure> {
        let call = at.tx().from_call_data_bytes(&bytes).map_err(|error| {
            Failure::usage(format!("this is not a call of this chain: {error}"))
        })?;
        Ok(Self { pallet: call.pallet_name().into(), name: call.call_name().into(), bytes })
    }

    /// Returns the bytes, for a multisig or another program.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the name, such as `DataContainer.set_entry`.
    pub fn name(&self) -> String {
        format!("{}.{}", self.pallet, self.name)
    }

    /// Combines calls into one that does all of them or none.
    pub fn all(at: &ClientAt, calls: Vec<Self>) -> Result<Self, Failure> {
        match <[Self; 1]>::try_from(calls) {
            Ok([one]) => Ok(one),
            Err(calls) => {
                // A list is its length and its items.
                let empty = Self::encode(at, &api::transactions().utility().batch_all(Vec::new()))?;
                let mut bytes = empty.bytes;
                bytes.pop();
                codec::Encode::encode_to(&codec::Compact(calls.len() as u32), &mut bytes);
                calls.iter().for_each(|call| bytes.extend_from_slice(&call.bytes));
                Ok(Self { bytes, ..empty })
            },
        }
    }

    /// Wraps a call so that a proxy makes it for another account.
    pub fn by_proxy(self, at: &ClientAt, of: &AccountId32) -> Result<Self, Failure> {
        let remark = types::RuntimeCall::System(api::system::Call::remark { remark: Vec::new() });
        let wrap = api::transactions().proxy().proxy(of.clone().into(), None, remark);
        let wrapped = Self::encode(at, &wrap)?;
        // The remark has three bytes: two indices, and the length of nothing.
        let mut bytes = wrapped.bytes;
        bytes.truncate(bytes.len().saturating_sub(3));
        bytes.extend_from_slice(&self.bytes);
        Ok(Self { bytes, ..wrapped })
    }
}

/// The fields of a call that are encoded already.
struct Encoded(Vec<u8>);

impl EncodeAsFields for Encoded {
    fn encode_as_fields_to<R: TypeResolver>(
        &self,
        _: &mut dyn FieldIter<'_, R::TypeId>,
        _: &R,
        out: &mut Vec<u8>,
    ) -> Result<(), scale_encode::Error> {
        out.extend_from_slice(&self.0);
        Ok(())
    }
}

/// How long a command waits.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Wait {
    /// Until the transaction is in the newest block. It may still be lost with that block.
    Best,
    /// Until the transaction is in a final block.
    #[default]
    Finalized,
    /// Until the node has taken the transaction.
    None,
}

/// What became of a transaction.
#[derive(Debug)]
pub struct Done {
    /// The hash of the transaction.
    pub hash: H256,
    /// The block, unless nobody waited for it.
    pub block: Option<H256>,
    /// What happened in it, unless nobody waited for it.
    pub events: Option<ExtrinsicEvents<Config>>,
}

impl Done {
    /// Returns the first event of a type.
    pub fn find<E: subxt::events::DecodeAsEvent>(&self) -> Result<Option<E>, Failure> {
        let Some(events) = &self.events else { return Ok(None) };
        events.find_first::<E>().transpose().map_err(Failure::from)
    }

    /// Returns all events of a type, in order.
    pub fn find_all<E: subxt::events::DecodeAsEvent>(&self) -> Result<Vec<E>, Failure> {
        let Some(events) = &self.events else { return Ok(Vec::new()) };
        events.find::<E>().collect::<Result<_, _>>().map_err(Failure::from)
    }
}

/// Signs and submits a call, and waits.
///
/// # Errors
/// [`Kind::Refused`] or [`Kind::NotPermitted`] if the chain refuses it, with the reason;
/// [`Kind::OutcomeUnknown`] if it was sent and the node did not say what became of it.
pub async fn submit(
    chain: &Chain,
    call: &Call,
    signer: &Signer,
    wait: Wait,
) -> Result<Done, Failure> {
    // A nonce of the newest block: several commands may follow each other.
    let best = chain.at_best().await?;
    let at = best.client();
    let nonce = at.tx().account_nonce(&signer.account()).await?;
    let params = DefaultExtrinsicParamsBuilder::<Config>::new().nonce(nonce).mortal(LIFE).build();
    let payload = subxt::tx::StaticPayload::new(
        call.pallet.clone(),
        call.name.clone(),
        Encoded(call.bytes.get(2..).unwrap_or_default().to_vec()),
    );
    let mut transactions = at.tx();
    let signed = transactions.create_signed(&payload, signer, params).await?;
    if let Some(refusal) = refusal(&signed.validate().await?) {
        return Err(refusal);
    }
    let hash = signed.hash();
    if wait == Wait::None {
        signed.submit().await.map_err(|error| rejected(&error.to_string()))?;
        return Ok(Done { hash, block: None, events: None });
    }
    let mut progress =
        signed.submit_and_watch().await.map_err(|error| rejected(&error.to_string()))?;
    loop {
        let status = progress.next().await;
        let status = status.ok_or_else(|| unknown(hash, "the node stopped telling"))?;
        match status.map_err(|error| unknown(hash, &error.to_string()))? {
            TransactionStatus::InBestBlock(block) if wait == Wait::Best => {
                return finish(hash, block).await;
            },
            TransactionStatus::InFinalizedBlock(block) => return finish(hash, block).await,
            TransactionStatus::Error { message } => return Err(unknown(hash, &message)),
            TransactionStatus::Invalid { message } | TransactionStatus::Dropped { message } => {
                return Err(rejected(&message));
            },
            _ => {},
        }
    }
}

async fn finish(
    hash: H256,
    block: subxt::tx::TransactionInBlock<Config, subxt::client::OnlineClientAtBlockImpl<Config>>,
) -> Result<Done, Failure> {
    let events = block.fetch_events().await.map_err(|error| unknown(hash, &error.to_string()))?;
    for event in events.iter() {
        let event = event.map_err(Failure::from)?;
        let name = (event.pallet_name(), event.event_name());
        // What a proxy did for another account is told by its own event.
        let failed = match name {
            ("System", "ExtrinsicFailed") => Some(event.field_bytes()),
            ("Proxy", "ProxyExecuted") => match event.field_bytes().split_first() {
                Some((1, error)) => Some(error),
                _ => None,
            },
            _ => None,
        };
        if let Some(bytes) = failed {
            let at = block.at().await?;
            return Err(dispatch_failure(&at, bytes));
        }
    }
    Ok(Done { hash, block: Some(block.block_hash()), events: Some(events) })
}

/// Returns what the error of a call means, with what to do, from the chain's own documentation.
pub fn dispatch_failure(at: &ClientAt, bytes: &[u8]) -> Failure {
    let decoded = DispatchError::decode_from(bytes.to_vec(), at.metadata());
    let Ok(DispatchError::Module(module)) = &decoded else {
        let words = decoded.map_or_else(|error| error.to_string(), |error| error.to_string());
        let kind = match words.contains("BadOrigin") || words.contains("Bad origin") {
            true => Kind::NotPermitted,
            false => Kind::Refused,
        };
        return Failure::new(kind, "dispatch", format!("the call failed: {}", printable(&words)));
    };
    let Ok(details) = module.details() else {
        return Failure::new(Kind::Refused, "dispatch", "the call failed with an unknown error");
    };
    let name = details.variant.name.as_str();
    let (message, fix) = message_and_fix(&details.variant.docs);
    let mut failure =
        Failure::new(kind_of(name), format!("{}.{name}", details.pallet.name()), message);
    failure.fix = fix;
    failure
}

/// The first paragraph of an error's documentation says what is wrong, the second what to do.
fn message_and_fix(docs: &[String]) -> (String, Option<String>) {
    let text = docs.iter().map(|line| line.trim()).collect::<Vec<_>>().join("\n");
    let mut paragraphs = text.split("\n\n").map(|text| text.replace('\n', " "));
    let message = paragraphs.next().filter(|text| !text.is_empty());
    (message.unwrap_or_else(|| "The call failed.".into()), paragraphs.next())
}

/// Errors whose name says that a thing is missing, or a right.
fn kind_of(name: &str) -> Kind {
    match name {
        "NotOwner" | "NotPermitted" | "NotOfferee" | "NoPermission" | "NotPublisher" => {
            Kind::NotPermitted
        },
        _ if name.ends_with("NotFound") => Kind::NotFound,
        _ => Kind::Refused,
    }
}

/// Returns the byte offset that an error of a value tells, and the index of the value.
pub fn place_of(bytes: &[u8]) -> Option<(u8, u16)> {
    match bytes {
        [_, _, index, low, high] => Some((*index, u16::from_le_bytes([*low, *high]))),
        _ => None,
    }
}

/// The chain's own reasons to keep a transaction out of the pool.
const RULES: [(u8, &str, &str); 9] = [
    (
        101,
        "the signer is not a member of the consortium",
        "an administrator of its organisation admits the account",
    ),
    (
        102,
        "the signer's organisation is suspended",
        "its councillors and validators can still vote and set keys; the council can resume it",
    ),
    (103, "the quota of the signer, or of its organisation, is used up", "wait: it fills up again"),
    (104, "this call is not accepted without a signature", "sign it"),
    (
        105,
        "this costs more than the full quota of the signer, or of its organisation",
        "split it into smaller transactions, or ask the council to raise the quota",
    ),
    (
        106,
        "only councillors and validators make operational calls, and only votes and keys",
        "sign the vote directly, not in a batch or through a proxy",
    ),
    (107, "this chain does not permit this call", "see docs/consortium.md"),
    (108, "the nonce is more than 256 above the next one", "send the transactions before it first"),
    (109, "this vote, motion or closing would fail now", "look at the motion"),
];

/// Returns why the chain keeps a transaction out of the pool, or `None` if it takes it.
fn refusal(result: &ValidationResult) -> Option<Failure> {
    use subxt::tx::{TransactionInvalid, TransactionUnknown};
    let number = match result {
        ValidationResult::Valid(_) => return None,
        ValidationResult::Invalid(TransactionInvalid::Custom(number))
        | ValidationResult::Unknown(TransactionUnknown::Custom(number)) => *number,
        ValidationResult::Invalid(other) => {
            return Some(rejected(&format!("{other:?}")));
        },
        ValidationResult::Unknown(other) => return Some(rejected(&format!("{other:?}"))),
    };
    let Some((_, message, fix)) = RULES.iter().find(|(rule, ..)| *rule == number) else {
        return Some(rejected(&format!("by rule {number}")));
    };
    let kind =
        if matches!(number, 101 | 102 | 106 | 107) { Kind::NotPermitted } else { Kind::Refused };
    Some(Failure::new(kind, format!("rule.{number}"), *message).fix(*fix))
}

fn rejected(why: &str) -> Failure {
    let lower = why.to_lowercase();
    if lower.contains("connection") || lower.contains("background task") {
        return unreachable_node(why);
    }
    Failure::new(
        Kind::Refused,
        "rejected",
        format!("the node does not take the transaction: {}", printable(why)),
    )
}

fn unknown(hash: H256, why: &str) -> Failure {
    let why = printable(why);
    let message = format!("the transaction {hash:?} was sent, and its outcome is unknown: {why}");
    Failure::new(Kind::OutcomeUnknown, "outcome-unknown", message)
        .fix("look whether it happened before you send it again")
}
