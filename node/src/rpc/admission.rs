// SPDX-License-Identifier: Apache-2.0

//! How much is done for clients at the same time. See `docs/decisions/0019-a-node-under-flood.md`.
//!
//! What is bounded is the work, and not who waits: a request waits for its turn without a thread,
//! and what waits for its client holds no other up.

use super::{
    connection::{Closed, Connection},
    requests::{self, Cost},
};
use futures::{
    future::{poll_fn, BoxFuture},
    FutureExt,
};
use jsonrpsee::{
    server::middleware::rpc::RpcServiceT,
    types::{ErrorCode, ErrorObject, Request},
    MethodResponse,
};
use sc_rpc::DenyUnsafe;
use sp_core::traits::SpawnNamed;
use std::{
    borrow::Cow,
    sync::{Arc, Mutex, PoisonError},
    task::Poll,
};
use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore},
    task::block_in_place,
};

/// The code of the answer to a request that is never seen, since its client is gone.
const CLIENT_IS_GONE: i32 = -32_005;

tokio::task_local! {
    /// For whom the current task works.
    static ORIGIN: Arc<Origin>;
}

/// How many requests, and tasks that requests left behind, are worked on at the same time, by what
/// they cost.
#[derive(Debug)]
pub struct Admission {
    reads: Arc<Semaphore>,
    calls: Arc<Semaphore>,
    searches: Arc<Semaphore>,
    tasks: Semaphore,
}

/// What a request holds while it is worked on.
type Turns = [Option<OwnedSemaphorePermit>; 2];

impl Admission {
    /// Lets `at_once` of each kind be worked on at the same time.
    pub fn new(at_once: usize) -> Self {
        Self {
            reads: Arc::new(Semaphore::new(at_once)),
            calls: Arc::new(Semaphore::new(at_once)),
            searches: Arc::new(Semaphore::new(1)),
            tasks: Semaphore::new(at_once),
        }
    }

    /// Waits for the turn of a request of the connection. What costs little, and what only waits
    /// for its client, waits for no other.
    async fn admit(&self, connection: &Connection, cost: Cost) -> Result<Turns, Closed> {
        let own = match cost {
            Cost::Submission => {
                connection.is_taking().await?;
                None
            },
            _ => Some(connection.turn().await?),
        };
        let all = match cost {
            Cost::Submission | Cost::Little | Cost::Stream => None,
            Cost::Read => Some(&self.reads),
            Cost::Call => Some(&self.calls),
            Cost::Search => Some(&self.searches),
        };
        let all = match all {
            Some(all) => Some(all.clone().acquire_owned().await.map_err(|_| Closed)?),
            None => None,
        };
        Ok([own, all])
    }
}

/// For whom a task works: a connection, and the place among its streams that the task takes with
/// it.
#[derive(Debug)]
struct Origin {
    connection: Arc<Connection>,
    stream: Mutex<Option<OwnedSemaphorePermit>>,
}

/// Adds the bounds of a connection to what answers its requests.
#[derive(Clone, Debug)]
pub struct AdmissionLayer {
    /// The bounds of all connections together.
    pub admission: Arc<Admission>,
    /// The connection.
    pub connection: Arc<Connection>,
    /// Whether the methods for operators are closed.
    pub deny_unsafe: DenyUnsafe,
}

impl<S> tower::Layer<S> for AdmissionLayer {
    type Service = Admitted<S>;

    fn layer(&self, service: S) -> Self::Service {
        Admitted { service: Arc::new(service), bounds: self.clone() }
    }
}

/// Answers the requests of a connection within its bounds.
#[derive(Debug)]
pub struct Admitted<S> {
    service: Arc<S>,
    bounds: AdmissionLayer,
}

impl<S> Clone for Admitted<S> {
    fn clone(&self) -> Self {
        Self { service: self.service.clone(), bounds: self.bounds.clone() }
    }
}

impl<'a, S> RpcServiceT<'a> for Admitted<S>
where
    S: for<'b> RpcServiceT<'b> + Send + Sync + 'static,
{
    type Future = BoxFuture<'a, MethodResponse>;

    fn call(&self, request: Request<'a>) -> Self::Future {
        let Self { service, bounds } = self.clone();
        let length = request.params.as_ref().map_or(0, |params| params.get().len());
        let waiting = bounds.connection.waiting(length);
        let (id, request) = (request.id.clone().into_owned(), owned(request));
        // A client that leaves does not end what a thread does for it. So the turn is that of a
        // task, which ends when the work does.
        let work = tokio::spawn(async move {
            let answer = answer(service, bounds, request).await;
            drop(waiting);
            answer
        });
        async move {
            work.await.unwrap_or_else(|_| {
                let error = ErrorObject::from(ErrorCode::InternalError);
                MethodResponse::error(id, error)
            })
        }
        .boxed()
    }
}

/// Makes a request that outlives the bytes that it was read from.
fn owned(request: Request<'_>) -> Request<'static> {
    Request {
        jsonrpc: request.jsonrpc,
        id: request.id.into_owned(),
        method: request.method.into_owned().into(),
        params: request.params.map(|params| params.into_owned()).map(Cow::Owned),
        extensions: request.extensions,
    }
}

/// Answers a request when it is its turn.
async fn answer<S>(
    service: Arc<S>,
    bounds: AdmissionLayer,
    mut request: Request<'static>,
) -> MethodResponse
where
    S: for<'b> RpcServiceT<'b> + Send + Sync + 'static,
{
    let AdmissionLayer { admission, connection, deny_unsafe } = bounds;
    let cost = Cost::of(&request.method);
    let gone = |id| {
        let error = ErrorObject::borrowed(CLIENT_IS_GONE, "the client is gone", None);
        MethodResponse::error(id, error)
    };
    let stream = match cost {
        Cost::Stream => match connection.stream().await {
            Ok(stream) => Some(stream),
            Err(Closed) => return gone(request.id),
        },
        _ => None,
    };
    let Ok(_turns) = admission.admit(&connection, cost).await else { return gone(request.id) };
    if let Err(error) = requests::bound(&mut request, deny_unsafe) {
        return MethodResponse::error(request.id, error);
    }
    let origin = Arc::new(Origin { connection, stream: Mutex::new(stream) });
    ORIGIN.scope(origin, service.call(request)).await
}

/// Runs the tasks that requests leave behind: operations on a followed chain, and subscriptions.
///
/// A task has its turn each time it goes on, not until it ends: while it waits for its client,
/// another one has it.
#[derive(Clone, Debug)]
pub struct Tasks {
    /// Where they run.
    pub runtime: Handle,
    /// How many go on at the same time.
    pub admission: Arc<Admission>,
}

impl Tasks {
    fn run(&self, task: BoxFuture<'static, ()>, is_blocking: bool) {
        let origin = ORIGIN.try_with(Arc::clone).ok();
        let admission = self.admission.clone();
        self.runtime.spawn(in_turns(admission, origin, task, is_blocking));
    }
}

impl SpawnNamed for Tasks {
    fn spawn_blocking(
        &self,
        _name: &'static str,
        _group: Option<&'static str>,
        future: BoxFuture<'static, ()>,
    ) {
        self.run(future, true);
    }

    fn spawn(
        &self,
        _name: &'static str,
        _group: Option<&'static str>,
        future: BoxFuture<'static, ()>,
    ) {
        self.run(future, false);
    }
}

/// Runs a task to its end, or until its client is gone.
async fn in_turns(
    admission: Arc<Admission>,
    origin: Option<Arc<Origin>>,
    mut task: BoxFuture<'static, ()>,
    is_blocking: bool,
) {
    // The first task of a stream has its place, to the end.
    let _stream = origin
        .as_ref()
        .and_then(|origin| origin.stream.lock().unwrap_or_else(PoisonError::into_inner).take());
    loop {
        let has_ended = {
            let _own = match &origin {
                Some(origin) => match origin.connection.task_turn().await {
                    Ok(turn) => Some(turn),
                    Err(Closed) => return,
                },
                None => None,
            };
            let Ok(_all) = admission.tasks.acquire().await else { return };
            poll_fn(|cx| {
                // Tasks that a task starts are of the same client.
                let mut go_on = || match &origin {
                    Some(origin) => ORIGIN.sync_scope(origin.clone(), || task.poll_unpin(cx)),
                    None => task.poll_unpin(cx),
                };
                // Other tasks of this thread go on elsewhere meanwhile.
                let state = if is_blocking { block_in_place(go_on) } else { go_on() };
                Poll::Ready(state.is_ready())
            })
            .await
        };
        if has_ended {
            return;
        }
        woken().await;
    }
}

/// Waits until the current task is woken.
async fn woken() {
    let mut is_woken = false;
    poll_fn(|_| match std::mem::replace(&mut is_woken, true) {
        true => Poll::Ready(()),
        false => Poll::Pending,
    })
    .await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        thread,
        time::Duration,
    };
    use tokio::sync::oneshot;

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build().unwrap()
    }

    #[test]
    fn tasks_that_wait_hold_up_no_other() {
        let runtime = runtime();
        let tasks =
            Tasks { runtime: runtime.handle().clone(), admission: Arc::new(Admission::new(1)) };
        // Many more than there are turns and threads wait for what does not come.
        let (waiting, ends): (Vec<_>, Vec<_>) = (0..100).map(|_| oneshot::channel::<()>()).unzip();
        for end in ends {
            tasks.spawn_blocking("", None, end.map(drop).boxed());
        }
        let (done, is_done) = oneshot::channel();
        tasks.spawn_blocking("", None, async { done.send(()).unwrap() }.boxed());
        runtime.block_on(async {
            tokio::time::timeout(Duration::from_secs(20), is_done).await.unwrap().unwrap();
        });
        drop(waiting);
    }

    #[test]
    fn as_many_go_on_at_the_same_time_as_are_admitted() {
        let runtime = runtime();
        let admission = Arc::new(Admission::new(2));
        let tasks = Tasks { runtime: runtime.handle().clone(), admission };
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let ends: Vec<_> = (0..20)
            .map(|_| {
                let (now, most) = (now.clone(), most.clone());
                let (done, is_done) = oneshot::channel();
                let work = async move {
                    for _ in 0..3 {
                        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        thread::sleep(Duration::from_millis(2));
                        now.fetch_sub(1, Ordering::SeqCst);
                        tokio::task::yield_now().await;
                    }
                    done.send(()).unwrap();
                };
                tasks.spawn_blocking("", None, work.boxed());
                is_done
            })
            .collect();
        runtime.block_on(async {
            for end in ends {
                end.await.unwrap();
            }
        });
        assert_eq!(most.load(Ordering::SeqCst), 2);
    }
}
