// SPDX-License-Identifier: Apache-2.0

//! Calls: made, combined, submitted, and what became of them.

use crate::{
    api::{
        self,
        runtime_types::{pallet_consortium::types::Quota, twinchain_runtime as types},
    },
    chain::{metadata, At, Chain, ClientAt, Config},
    failure::{printable, Failure, Kind},
    signer::Signer,
};
use std::{
    fs::File,
    time::{Duration, Instant},
};
use subxt::{
    config::DefaultExtrinsicParamsBuilder,
    error::DispatchError,
    ext::{
        frame_decode::extrinsics::{encode_call_data, ExtrinsicTypeInfo},
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
    ///
    /// The node says how calls are encoded. One that lied could make a call of another, so this
    /// fails unless the program's own metadata gives the same bytes.
    pub fn encode(at: &ClientAt, call: &impl Payload) -> Result<Self, Failure> {
        let bytes = at.tx().call_data(call)?;
        at.tx().validate(call)?;
        let (pallet, name) = (call.pallet_name(), call.call_name());
        let own = metadata::own();
        let expected = encode_call_data(pallet, name, call.call_data(), own.as_ref(), own.types());
        if expected.ok().as_ref() != Some(&bytes) {
            return Err(other_version(&format!("{pallet}.{name}")));
        }
        Ok(Self { pallet: pallet.into(), name: name.into(), bytes })
    }

    /// Decodes a call from its bytes, as `--print-call` shows them.
    pub fn decode(at: &ClientAt, bytes: Vec<u8>) -> Result<Self, Failure> {
        let call = at.tx().from_call_data_bytes(&bytes).map_err(|error| {
            Failure::usage(format!("this is not a call of this chain: {error}"))
        })?;
        let (pallet, name) = (call.pallet_name(), call.call_name());
        let own = metadata::own();
        let info = own.extrinsic_call_info_by_index(
            bytes.first().copied().unwrap_or_default(),
            bytes.get(1).copied().unwrap_or_default(),
        );
        match info {
            Ok(info) if info.pallet_name == pallet && info.call_name == name => {},
            _ => return Err(other_version(&format!("{pallet}.{name}"))),
        }
        Ok(Self { pallet: pallet.into(), name: name.into(), bytes })
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
        let wrap = api::transactions().proxy().proxy((*of).into(), None, remark);
        let wrapped = Self::encode(at, &wrap)?;
        // The remark has three bytes: two indices, and the length of nothing.
        let mut bytes = wrapped.bytes;
        bytes.truncate(bytes.len().saturating_sub(3));
        bytes.extend_from_slice(&self.bytes);
        Ok(Self { bytes, ..wrapped })
    }
}

fn other_version(call: &str) -> Failure {
    let message = format!("this chain encodes {call} in another way than this program knows");
    Failure::new(Kind::Other, "other-version", message)
        .fix("use the twin command of the same version as the chain, or another node")
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
    /// The hash and number of the block, unless it was not waited for.
    pub block: Option<(H256, u64)>,
    /// What happened in it, unless it was not waited for.
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

/// What a transaction goes through, for those who wait for it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Step {
    /// The quota of the signer, or of its organisation, is used up: waiting until it has filled up.
    ///
    /// With how many blocks that takes at most, if nothing else is spent and the node says it.
    Pacing(Option<u64>),
    /// The node has the signed transaction, and says whether it would take it.
    Given(H256),
    /// The node is asked to send it.
    Sent,
}

/// How a call is submitted.
pub struct Submission<'a> {
    /// How long to wait.
    pub wait: Wait,
    /// How long to wait at most until the quota has filled up, before anything is sent.
    pub patience: Duration,
    /// A file that programs of this user lock while they choose the number of a transaction.
    pub turn: Option<File>,
    /// Learns of each step.
    pub observer: &'a (dyn Fn(Step) + Sync),
}

/// How long a node may say nothing of a transaction: a connection can be lost without an error, and
/// finality can stand still.
const SILENCE: Duration = Duration::from_secs(120);

/// How long to wait at most, also for a node that goes on to say something: the transaction can be
/// in no block after its life, and finality that stands still for longer is the operators' to mend.
const MAX_WAIT: Duration = Duration::from_secs(30 * 60);

/// How often the quota is looked at while it fills up.
const PACE: Duration = Duration::from_secs(1);

/// Signs and submits a call, and waits. What was sent and not clearly refused is never sent again.
/// If a quota is used up, nothing is sent before it has filled up.
///
/// # Errors
/// [`Kind::Refused`] or [`Kind::NotPermitted`] if the chain refuses it, with the reason;
/// [`Kind::OutcomeUnknown`] if it was sent and the node did not say what became of it.
pub async fn submit(
    chain: &Chain,
    call: &Call,
    signer: &Signer,
    submission: Submission<'_>,
) -> Result<Done, Failure> {
    let Submission { wait, patience, mut turn, observer } = submission;
    let payload = subxt::tx::StaticPayload::new(
        call.pallet.clone(),
        call.name.clone(),
        Encoded(call.bytes.get(2..).unwrap_or_default().to_vec()),
    );
    let begin = Instant::now();
    // One number for all attempts: whatever the node does with what it was given, at most one of
    // them can be in a block.
    let nonce = next_nonce(chain, signer).await?;
    let (mut given, mut longest) = (None, None);
    let signed = loop {
        let best = chain.at_best().await.map_err(|failure| after(given, failure))?;
        let params =
            DefaultExtrinsicParamsBuilder::<Config>::new().nonce(nonce).mortal(LIFE).build();
        let mut transactions = best.client().tx();
        // The metadata may be other than that which the call was made with.
        let encoded =
            transactions.call_data(&payload).map_err(|error| after(given, error.into()))?;
        if encoded != call.bytes {
            return Err(after(given, other_version(&call.name())));
        }
        let signed = transactions.create_signed(&payload, signer, params).await;
        let signed = signed.map_err(|error| after(given, error.into()))?;
        let before = given;
        // From here on the node has it, and it may be on its way, whatever the node says, unless it
        // clearly refuses it.
        let hash = signed.hash();
        given = Some(hash);
        observer(Step::Given(hash));
        let validity = signed.validate().await.map_err(|error| after(given, error.into()))?;
        match refusal(&validity) {
            None => break signed,
            Some(refusal) if refusal.code == QUOTA_USED_UP && begin.elapsed() < patience => {
                let blocks = match longest {
                    Some(blocks) => blocks,
                    None => *longest.insert(blocks_until_full(&best, signer).await),
                };
                observer(Step::Pacing(blocks));
                tokio::time::sleep(PACE).await;
            },
            // What an earlier attempt came to is not known.
            Some(refusal) => return Err(after(before, refusal)),
        }
    };
    let hash = signed.hash();
    observer(Step::Sent);
    if wait == Wait::None {
        signed.submit().await.map_err(|error| rejection(hash, &error))?;
        return Ok(Done { hash, block: None, events: None });
    }
    let mut progress = signed.submit_and_watch().await.map_err(|error| rejection(hash, &error))?;
    let mut is_taken = false;
    let sent = Instant::now();
    loop {
        let status = tokio::time::timeout(SILENCE, progress.next()).await;
        let status =
            status.map_err(|_| unknown(hash, "the node has been silent for two minutes"))?;
        if sent.elapsed() > MAX_WAIT {
            return Err(unknown(hash, "the node has said nothing of a block for half an hour"));
        }
        let status = status.ok_or_else(|| unknown(hash, "the node stopped reporting"))?;
        // Now it is in the pool, and counts for the number of the next one.
        turn.take();
        match status.map_err(|error| unknown(hash, &error.to_string()))? {
            TransactionStatus::Invalid { message } | TransactionStatus::Error { message }
                if !is_taken =>
            {
                return Err(
                    rejected(&message).fix("try again, if another program sent a transaction")
                );
            },
            TransactionStatus::Validated | TransactionStatus::Broadcasted => is_taken = true,
            TransactionStatus::InBestBlock(block) if wait == Wait::Best => {
                return finish(hash, block).await;
            },
            TransactionStatus::InFinalizedBlock(block) => return finish(hash, block).await,
            TransactionStatus::Error { message }
            | TransactionStatus::Invalid { message }
            | TransactionStatus::Dropped { message } => return Err(unknown(hash, &message)),
            _ => {},
        }
    }
}

/// Reads the quotas of a signer and of its organisation, and returns after how many blocks all are
/// full. `None` if the node does not say it.
async fn blocks_until_full(at: &At, signer: &Signer) -> Option<u64> {
    let api = || api::runtime_apis().consortium_api();
    let account = signer.account();
    let own = at.call(api().quota(account)).await.ok()??;
    let (organisation, _) = at.call(api().member(account)).await.ok()??;
    let shared = at.call(api().organisation_quota(organisation)).await.ok()??;
    let blocks = |quota: &Quota| {
        let missing = quota.rate.burst.saturating_sub(quota.available);
        missing.div_ceil(quota.rate.per_block.max(1))
    };
    [&own, &shared.time, &shared.bytes].into_iter().map(blocks).max()
}

/// Returns the number of the signer's next transaction. Those that wait in the pool count.
async fn next_nonce(chain: &Chain, signer: &Signer) -> Result<u64, Failure> {
    let account = signer.account().to_string();
    let params = subxt_rpcs::rpc_params![account];
    let nonce = chain.rpc().request("system_accountNextIndex", params).await;
    Ok(nonce.map_err(subxt::Error::from)?)
}

/// The codes of JSON-RPC with which a node refuses a transaction for certain: it is invalid, cannot
/// be checked, banned, has too low a priority, or there is no room.
const REFUSALS: [i32; 7] = [1002, 1010, 1011, 1012, 1014, 1016, 1018];

/// What a node said when it was given a transaction.
fn rejection(hash: H256, error: &(dyn std::error::Error + 'static)) -> Failure {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(subxt_rpcs::Error::User(user)) = error.downcast_ref::<subxt_rpcs::Error>() {
            let data = user.data.as_ref().map(|data| data.get().to_string()).unwrap_or_default();
            let words = format!("{} {data}", user.message);
            return match REFUSALS.contains(&user.code) {
                true if user.code == 1014 => Failure::new(
                    Kind::Refused,
                    "number-taken",
                    "another transaction of this account with the same number is in the pool",
                )
                .fix("try again"),
                true => rejected(&words),
                false => unknown(hash, &words),
            };
        }
        cause = error.source();
    }
    unknown(hash, &error.to_string())
}

async fn finish(
    hash: H256,
    block: subxt::tx::TransactionInBlock<Config, subxt::client::OnlineClientAtBlockImpl<Config>>,
) -> Result<Done, Failure> {
    let events = block.fetch_events().await.map_err(|error| unknown(hash, &error.to_string()))?;
    for event in events.iter() {
        let event = event.map_err(|error| unknown(hash, &error.to_string()))?;
        let name = (event.pallet_name(), event.event_name());
        // What a proxy did for another account is told by its own event.
        let bytes = event.field_bytes();
        // A result is 0, or 1 and the error.
        let error = |result: Option<&'_ [u8]>| match result?.split_first()? {
            (1, error) => Some(error.to_vec()),
            _ => None,
        };
        let failed = match name {
            ("System", "ExtrinsicFailed") | ("Utility", "ItemFailed") => Some(bytes.to_vec()),
            // The position in the batch comes first.
            ("Utility", "BatchInterrupted") => bytes.get(4..).map(<[u8]>::to_vec),
            ("Proxy", "ProxyExecuted") => error(Some(bytes)),
            // Who approved, when it was proposed, the multisig and the call come first.
            ("Multisig", "MultisigExecuted") => error(bytes.get(32 + 8 + 32 + 32..)),
            _ => None,
        };
        if let Some(bytes) = failed {
            let at = block.at().await.map_err(|error| unknown(hash, &error.to_string()))?;
            return Err(dispatch_failure(&at, &bytes));
        }
    }
    let at = block.at().await.map_err(|error| unknown(hash, &error.to_string()))?;
    let place = (block.block_hash(), at.block_number());
    Ok(Done { hash, block: Some(place), events: Some(events) })
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
    failure.fix = command_for(name).map(Into::into).or(fix);
    failure
}

/// What to do in commands of `twin`, where the chain's own advice names its calls.
fn command_for(error: &str) -> Option<&'static str> {
    Some(match error {
        "RotationDue" => {
            "its owner rotates the key first: twin key rotate, with the data set; twin key due \
             says why"
        },
        "NotConfidential" => "twin data list shows which data sets are confidential",
        "InvalidExpiry" => "give a moment in the future, such as 30d or 2030-01-01T00:00:00Z",
        "PluginNotFound" => "twin plugin list NAME and twin list --what plugins find it",
        "WrongKind" => {
            "an entry takes data set and data clear, a list data append and data remove: twin data \
             list shows which it is"
        },
        "RoleNotFound" => "twin role list shows the container's roles; twin role set makes one",
        _ => return None,
    })
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
        "NotOwner" | "NotPermitted" | "NotOfferee" | "NoPermission" | "NotPublisher"
        | "NotAdmin" | "NotAReader" | "MayNotClone" | "MayNotLink" | "NotProxy" => {
            Kind::NotPermitted
        },
        _ if name.ends_with("NotFound") => Kind::NotFound,
        _ => Kind::Refused,
    }
}

/// The code of the failure whose reason goes with time.
const QUOTA_USED_UP: &str = "rule.103";

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
        ValidationResult::Invalid(other) => return Some(rejected(&format!("{other:?}"))),
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
    let message = format!("the node does not take the transaction: {}", printable(why));
    Failure::new(Kind::Refused, "rejected", message)
}

/// Returns what a failure means when the node was given a transaction already.
fn after(given: Option<H256>, failure: Failure) -> Failure {
    match given {
        Some(hash) => unknown(hash, &failure.message),
        None => failure,
    }
}

fn unknown(hash: H256, why: &str) -> Failure {
    let why = printable(why);
    let message = format!("the transaction {hash:?} was sent, and its outcome is unknown: {why}");
    Failure::new(Kind::OutcomeUnknown, "outcome-unknown", message)
        .fix("look whether it happened before you send it again")
}
