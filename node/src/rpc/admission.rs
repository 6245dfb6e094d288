// SPDX-License-Identifier: Apache-2.0

//! Limits how much work the node does for clients at the same time. See
//! `docs/decisions/0019-a-node-under-flood.md`.
//!
//! The limit applies to the work, not to the requests that wait: a waiting request occupies no
//! thread, and work that waits for its own client delays no other.

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

/// The error code of the response to a request whose client is gone. No client sees it.
const CLIENT_IS_GONE: i32 = -32_005;

tokio::task_local! {
    /// The connection for which the current task works.
    static ORIGIN: Arc<Origin>;
}

/// Permits to process requests, by their cost, and the tasks that requests leave behind.
#[derive(Debug)]
pub struct Admission {
    reads: Arc<Semaphore>,
    calls: Arc<Semaphore>,
    searches: Arc<Semaphore>,
    tasks: Semaphore,
}

/// The permits that a request holds while it is processed.
type Turns = [Option<OwnedSemaphorePermit>; 2];

impl Admission {
    /// Allows `at_once` requests or tasks of each kind at the same time, but only one search.
    pub fn new(at_once: usize) -> Self {
        Self {
            reads: Arc::new(Semaphore::new(at_once)),
            calls: Arc::new(Semaphore::new(at_once)),
            searches: Arc::new(Semaphore::new(1)),
            tasks: Semaphore::new(at_once),
        }
    }

    /// Waits until a request of the connection may be processed. Cheap requests, and those that
    /// only wait for their client, wait for no others.
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

/// The connection for which a task works, and the stream permit that the task takes over.
#[derive(Debug)]
struct Origin {
    connection: Arc<Connection>,
    stream: Mutex<Option<OwnedSemaphorePermit>>,
}

/// Applies a connection's limits to the service that handles its requests.
#[derive(Clone, Debug)]
pub struct AdmissionLayer {
    /// The limits of all connections together.
    pub admission: Arc<Admission>,
    /// The connection.
    pub connection: Arc<Connection>,
    /// Whether the methods for operators are denied.
    pub deny_unsafe: DenyUnsafe,
}

impl<S> tower::Layer<S> for AdmissionLayer {
    type Service = Admitted<S>;

    fn layer(&self, service: S) -> Self::Service {
        Admitted { service: Arc::new(service), bounds: self.clone() }
    }
}

/// Handles the requests of a connection within its limits.
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
        // A thread's work continues after its client has left. So the permits belong to a task,
        // which ends when the work does.
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

/// Returns a copy of the request that owns its contents.
fn owned(request: Request<'_>) -> Request<'static> {
    Request {
        jsonrpc: request.jsonrpc,
        id: request.id.into_owned(),
        method: request.method.into_owned().into(),
        params: request.params.map(|params| params.into_owned()).map(Cow::Owned),
        extensions: request.extensions,
    }
}

/// Handles a request once it has its permits.
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
/// A task holds a permit for each poll, not until it ends. While it waits for its client, another
/// task can run.
#[derive(Clone, Debug)]
pub struct Tasks {
    /// The runtime that runs them.
    pub runtime: Handle,
    /// Limits how many are polled at the same time.
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

/// Runs a task until it ends or its client is gone.
async fn in_turns(
    admission: Arc<Admission>,
    origin: Option<Arc<Origin>>,
    mut task: BoxFuture<'static, ()>,
    is_blocking: bool,
) {
    // The first task of a stream holds the stream's permit until the task ends.
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
                // Tasks that this task spawns belong to the same client.
                let mut go_on = || match &origin {
                    Some(origin) => ORIGIN.sync_scope(origin.clone(), || task.poll_unpin(cx)),
                    None => task.poll_unpin(cx),
                };
                // Moves the other tasks of this thread to another thread meanwhile.
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
    fn waiting_tasks_do_not_delay_others() {
        let runtime = runtime();
        let tasks =
            Tasks { runtime: runtime.handle().clone(), admission: Arc::new(Admission::new(1)) };
        // Far more tasks than there are permits and threads wait for an event that does not occur.
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
    fn admission_limits_how_many_tasks_run() {
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
