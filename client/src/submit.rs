// SPDX-License-Identifier: Apache-2.0

//! Calls: encoding, combining, submitting, and their outcomes.

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

/// The lifetime of a signed transaction, in blocks.
const LIFE: u64 = 64;

/// A call, encoded for the chain.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Call {
    pallet: String,
    name: String,
    /// The encoded call, including the indices of pallet and call.
    bytes: Vec<u8>,
}

impl Call {
    /// Encodes a call for the chain at a block.
    ///
    /// The encoding follows the node's metadata. A lying node could turn the call into another one,
    /// so this fails unless the program's own metadata gives the same bytes.
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

    /// Decodes a call from the bytes that `--print-call` prints.
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

    /// Returns the encoded call, for a multisig or another program.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the name, such as `DataContainer.set_entry`.
    pub fn name(&self) -> String {
        format!("{}.{}", self.pallet, self.name)
    }

    /// Combines calls into one that executes all of them or none.
    pub fn all(at: &ClientAt, calls: Vec<Self>) -> Result<Self, Failure> {
        match <[Self; 1]>::try_from(calls) {
            Ok([one]) => Ok(one),
            Err(calls) => {
                // A SCALE list is its length and its items, so the encoded calls replace the empty
                // list.
                let empty = Self::encode(at, &api::transactions().utility().batch_all(Vec::new()))?;
                let mut bytes = empty.bytes;
                bytes.pop();
                codec::Encode::encode_to(&codec::Compact(calls.len() as u32), &mut bytes);
                calls.iter().for_each(|call| bytes.extend_from_slice(&call.bytes));
                Ok(Self { bytes, ..empty })
            },
        }
    }

    /// Wraps a call for execution by a proxy of another account.
    pub fn by_proxy(self, at: &ClientAt, of: &AccountId32) -> Result<Self, Failure> {
        let remark = types::RuntimeCall::System(api::system::Call::remark { remark: Vec::new() });
        let wrap = api::transactions().proxy().proxy((*of).into(), None, remark);
        let wrapped = Self::encode(at, &wrap)?;
        // The remark has three bytes: two indices, and the length of the empty text.
        let mut bytes = wrapped.bytes;
        bytes.truncate(bytes.len().saturating_sub(3));
        bytes.extend_from_slice(&self.bytes);
        Ok(Self { bytes, ..wrapped })
    }
}

fn other_version(call: &str) -> Failure {
    let message = format!("this chain encodes {call} differently than this program");
    Failure::new(Kind::Other, "other-version", message)
        .fix("use a twin command of the same version as the chain, or another node")
}

/// The fields of an already encoded call.
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

/// The event that a command waits for after sending.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Wait {
    /// The transaction is in the best block. It may still be lost with that block.
    Best,
    /// The transaction is in a finalized block.
    #[default]
    Finalized,
    /// The node has accepted the transaction.
    None,
}

/// The outcome of a transaction.
#[derive(Debug)]
pub struct Done {
    /// The hash of the transaction.
    pub hash: H256,
    /// The hash and number of the block, or `None` without waiting.
    pub block: Option<(H256, u64)>,
    /// The events of the transaction, or `None` without waiting.
    pub events: Option<ExtrinsicEvents<Config>>,
}

impl Done {
    /// Returns the first event of a type.
    pub fn find<E: subxt::events::DecodeAsEvent>(&self) -> Result<Option<E>, Failure> {
        let Some(events) = &self.events else { return Ok(None) };
        events.find_first::<E>().transpose().map_err(Failure::from)
    }

    /// Returns all events of a type in order.
    pub fn find_all<E: subxt::events::DecodeAsEvent>(&self) -> Result<Vec<E>, Failure> {
        let Some(events) = &self.events else { return Ok(Vec::new()) };
        events.find::<E>().collect::<Result<_, _>>().map_err(Failure::from)
    }
}

/// A step of a transaction, reported to an observer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Step {
    /// The quota of the signer or of its organisation is used up: waiting until it has filled up.
    ///
    /// The value is the maximum number of blocks until then if nothing else is spent, or `None` if
    /// the node does not report it.
    Pacing(Option<u64>),
    /// The node has the signed transaction and checks its validity.
    Given(H256),
    /// The node is asked to send the transaction.
    Sent,
}

/// The options of a submission.
pub struct Submission<'a> {
    /// The event to wait for.
    pub wait: Wait,
    /// The maximum time to wait for the quota to fill up before anything is sent.
    pub patience: Duration,
    /// A file that this user's programs lock while they choose a nonce.
    pub turn: Option<File>,
    /// A callback for each step.
    pub observer: &'a (dyn Fn(Step) + Sync),
}

/// The maximum silence of a node about a transaction. A connection can be lost without an error,
/// and finality can stall.
const SILENCE: Duration = Duration::from_secs(120);

/// The maximum total wait, even if the node keeps reporting. After its lifetime the transaction
/// cannot be included any more, and a longer stall of finality needs the operators.
const MAX_WAIT: Duration = Duration::from_secs(30 * 60);

/// The interval between checks of the quota while it fills up.
const PACE: Duration = Duration::from_secs(1);

/// Signs and submits a call, and waits. Never resends a transaction unless it was clearly refused.
/// If a quota is used up, sends nothing until it has filled up.
///
/// # Errors
/// [`Kind::Refused`] or [`Kind::NotPermitted`] if the chain refuses it, with the reason;
/// [`Kind::OutcomeUnknown`] if it was sent and the node did not report the outcome.
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
    // All attempts use the same nonce, so at most one of them can be included in a block.
    let nonce = next_nonce(chain, &signer.account()).await?;
    let (mut given, mut longest) = (None, None);
    let signed = loop {
        let best = chain.at_best().await.map_err(|failure| after(given, failure))?;
        let params =
            DefaultExtrinsicParamsBuilder::<Config>::new().nonce(nonce).mortal(LIFE).build();
        let mut transactions = best.client().tx();
        // The node's metadata may have changed since the call was encoded.
        let encoded =
            transactions.call_data(&payload).map_err(|error| after(given, error.into()))?;
        if encoded != call.bytes {
            return Err(after(given, other_version(&call.name())));
        }
        let signed = transactions.create_signed(&payload, signer, params).await;
        let signed = signed.map_err(|error| after(given, error.into()))?;
        let before = given;
        // The node has the transaction from here on and may broadcast it, unless it clearly refuses
        // it.
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
            // The outcome of an earlier attempt is unknown.
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
            return Err(unknown(hash, "the node has reported no block for half an hour"));
        }
        let status = status.ok_or_else(|| unknown(hash, "the node stopped reporting"))?;
        // The transaction is in the pool, so the node counts it for the next nonce.
        turn.take();
        match status.map_err(|error| unknown(hash, &error.to_string()))? {
            TransactionStatus::Invalid { message } | TransactionStatus::Error { message }
                if !is_taken =>
            {
                return Err(
                    rejected(&message).fix("try again if another program sent a transaction")
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

/// Returns the number of blocks until the quotas of a signer and its organisation are full, or
/// `None` if the node does not report them.
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

/// Returns the number of an account's transactions that the node has in its pool.
pub async fn pending(chain: &Chain, at: &At, account: &AccountId32) -> Result<u64, Failure> {
    let next = next_nonce(chain, account).await?;
    let now = at.client().tx().account_nonce(account).await?;
    Ok(next.saturating_sub(now))
}

/// Returns an account's next nonce. Transactions in the pool count.
async fn next_nonce(chain: &Chain, account: &AccountId32) -> Result<u64, Failure> {
    let account = account.to_string();
    let params = subxt_rpcs::rpc_params![account];
    let nonce = chain.rpc().request("system_accountNextIndex", params).await;
    Ok(nonce.map_err(subxt::Error::from)?)
}

/// The JSON-RPC error codes with which a node definitely refuses a transaction: it is invalid,
/// cannot be checked, is banned, has too low a priority, or the pool is full.
const REFUSALS: [i32; 7] = [1002, 1010, 1011, 1012, 1014, 1016, 1018];

/// Returns the failure for a node's error response to a transaction.
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
                    "another transaction of this account with the same nonce is in the pool",
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
        // An event of its own reports the result of a proxy's call.
        let bytes = event.field_bytes();
        // An encoded result starts with 0 for success, or 1 before the error.
        let error = |result: Option<&'_ [u8]>| match result?.split_first()? {
            (1, error) => Some(error.to_vec()),
            _ => None,
        };
        let failed = match name {
            ("System", "ExtrinsicFailed") | ("Utility", "ItemFailed") => Some(bytes.to_vec()),
            // The position in the batch precedes the error.
            ("Utility", "BatchInterrupted") => bytes.get(4..).map(<[u8]>::to_vec),
            ("Proxy", "ProxyExecuted") => error(Some(bytes)),
            // The approver, the time of the proposal, the multisig and the call hash precede the
            // result.
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

/// Returns the failure of a dispatch error, with message and advice from the chain's own docs.
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

/// Returns advice with commands of `twin`, for errors whose own advice names calls of the chain.
fn command_for(error: &str) -> Option<&'static str> {
    Some(match error {
        "RotationDue" => {
            "the owner must rotate the key first: twin key rotate with the data set; twin key due \
             gives the reason"
        },
        "NotConfidential" => "twin data list shows which data sets are confidential",
        "InvalidExpiry" => "use a moment in the future, such as 30d or 2030-01-01T00:00:00Z",
        "PluginNotFound" => "find it with twin plugin list NAME or twin list --what plugins",
        "WrongKind" => {
            "use data set and data clear for an entry, data append and data remove for a list; \
             twin data list shows the kind"
        },
        "RoleNotFound" => "twin role list shows the container's roles; twin role set creates one",
        _ => return None,
    })
}

/// Splits an error's docs: the first paragraph is the message, the second the advice.
fn message_and_fix(docs: &[String]) -> (String, Option<String>) {
    let text = docs.iter().map(|line| line.trim()).collect::<Vec<_>>().join("\n");
    let mut paragraphs = text.split("\n\n").map(|text| text.replace('\n', " "));
    let message = paragraphs.next().filter(|text| !text.is_empty());
    (message.unwrap_or_else(|| "The call failed.".into()), paragraphs.next())
}

/// Returns the kind of an error, by its name.
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

/// The code of a used-up quota, the only refusal that ends with time.
const QUOTA_USED_UP: &str = "rule.103";

/// The chain's own reasons to refuse a transaction: number, message, advice.
const RULES: [(u8, &str, &str); 9] = [
    (
        101,
        "the signer is not a member of the consortium",
        "an administrator of its organisation must admit the account",
    ),
    (
        102,
        "the signer's organisation is suspended",
        "its councillors and validators can still vote and set keys; the council can resume it",
    ),
    (103, "the quota of the signer or of its organisation is used up", "wait: it fills up again"),
    (104, "this call is not accepted without a signature", "sign it"),
    (
        105,
        "this costs more than the full quota of the signer or of its organisation",
        "split it into smaller transactions, or ask the council to raise the quota",
    ),
    (
        106,
        "only councillors and validators can make operational calls: votes and session keys",
        "sign the vote directly, not in a batch or through a proxy",
    ),
    (107, "this chain does not permit this call", "see docs/consortium.md"),
    (108, "the nonce is more than 256 above the next one", "send the transactions before it first"),
    (109, "this vote, motion or closing would fail now", "check the state of the motion"),
];

/// Returns the chain's reason to refuse a transaction, or `None` if it is valid.
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
    let message = format!("the node refuses the transaction: {}", printable(why));
    Failure::new(Kind::Refused, "rejected", message)
}

/// Returns the failure, as an unknown outcome if the node already has a transaction.
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
        .fix("check whether it was executed before you send it again")
}
