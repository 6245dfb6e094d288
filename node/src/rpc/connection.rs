// SPDX-License-Identifier: Apache-2.0

//! A client's connection: limits the concurrent work for it, and watches whether the client reads
//! its responses.
//!
//! Responses wait in memory until their client reads them. So for a client that reads nothing, the
//! node starts no work and reads no more requests. After [`PATIENCE`] it closes the connection.

use futures::task::AtomicWaker;
use std::{
    future::Future,
    io,
    pin::Pin,
    sync::{
        atomic::{AtomicBool, AtomicUsize, Ordering},
        Arc,
    },
    task::{ready, Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    sync::{watch, OwnedSemaphorePermit, Semaphore},
    time::{sleep, Sleep},
};

/// Time for which a client may leave sent data unread before it is disconnected.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Maximum number of a client's requests that are processed at the same time.
const TURNS: usize = 2;

/// Maximum number of threads that read values for a client at the same time, as fast as the client
/// reads them.
pub const STREAMS: usize = 4;

/// Maximum number of waiting requests of a client. At the limit, no more are read. A program that
/// submits transactions sends thousands without waiting for responses.
const MAX_REQUESTS: usize = 4_096;

/// Maximum size of a client's waiting requests, in bytes. At the limit, no more are read from it.
const MAX_BYTES: usize = 16 * 1024 * 1024;
/// Maximum size of the waiting requests of all clients, in bytes. At the limit, no more are read
/// from clients that have waiting bytes.
const MAX_BYTES_OF_ALL: usize = 256 * 1024 * 1024;

/// Interval at which a connection checks whether the requests of all clients have become fewer.
const RETRY: Duration = Duration::from_millis(50);

/// The state of a connection.
#[derive(Debug)]
pub struct Connection {
    requests: Arc<Semaphore>,
    tasks: Arc<Semaphore>,
    is_stalled: watch::Sender<bool>,
    is_closed: AtomicBool,
    waiting: AtomicUsize,
    bytes: AtomicUsize,
    bytes_of_all: Arc<AtomicUsize>,
    streams: Arc<Semaphore>,
    reader: AtomicWaker,
}

/// The error that the client is gone, so that no more work is done for it.
#[derive(Debug)]
pub struct Closed;

impl Default for Connection {
    fn default() -> Self {
        Self::new(Arc::default())
    }
}

impl Connection {
    /// Creates a connection. `bytes_of_all` counts the waiting bytes of all connections.
    pub fn new(bytes_of_all: Arc<AtomicUsize>) -> Self {
        Self {
            requests: Arc::new(Semaphore::new(TURNS)),
            tasks: Arc::new(Semaphore::new(TURNS)),
            is_stalled: watch::Sender::new(false),
            is_closed: AtomicBool::new(false),
            waiting: AtomicUsize::new(0),
            bytes: AtomicUsize::new(0),
            bytes_of_all,
            streams: Arc::new(Semaphore::new(STREAMS)),
            reader: AtomicWaker::new(),
        }
    }

    /// Counts a request of `bytes` bytes until the returned guard is dropped.
    pub fn waiting(self: &Arc<Self>, bytes: usize) -> Waiting {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.bytes_of_all.fetch_add(bytes, Ordering::Relaxed);
        Waiting { connection: self.clone(), bytes }
    }

    /// Waits until a thread may read values for the client.
    pub async fn stream(&self) -> Result<OwnedSemaphorePermit, Closed> {
        self.one_of(&self.streams).await
    }

    /// Waits until a request may be processed: until a permit is free and the client reads its
    /// responses.
    pub async fn turn(&self) -> Result<OwnedSemaphorePermit, Closed> {
        self.one_of(&self.requests).await
    }

    /// Waits in the same way for tasks that requests leave behind, such as subscriptions.
    pub async fn task_turn(&self) -> Result<OwnedSemaphorePermit, Closed> {
        self.one_of(&self.tasks).await
    }

    async fn one_of(&self, turns: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Closed> {
        let turn = turns.clone().acquire_owned().await.map_err(|_| Closed)?;
        self.is_taking().await?;
        Ok(turn)
    }

    /// Waits until the client reads its responses.
    pub async fn is_taking(&self) -> Result<(), Closed> {
        let mut stalled = self.is_stalled.subscribe();
        // Cannot fail: `self` owns the sender.
        let _ = stalled.wait_for(|is_stalled| !is_stalled).await;
        match self.is_closed() {
            true => Err(Closed),
            false => Ok(()),
        }
    }

    fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::Acquire)
    }

    /// Marks the connection as closed. The node no longer reads from it or writes to it.
    fn close(&self) {
        self.is_closed.store(true, Ordering::Release);
        self.stall(false);
    }

    fn stall(&self, is_stalled: bool) {
        self.is_stalled.send_if_modified(|was| std::mem::replace(was, is_stalled) != is_stalled);
        self.reader.wake();
    }

    /// Returns `true` if the client's own limits allow another read.
    fn may_read(&self) -> bool {
        let is_stalled = *self.is_stalled.borrow();
        !is_stalled
            && self.waiting.load(Ordering::Relaxed) < MAX_REQUESTS
            && self.bytes.load(Ordering::Relaxed) < MAX_BYTES
    }

    /// Returns `true` if the waiting requests of all clients leave no room for another one of this
    /// client.
    fn is_crowded(&self) -> bool {
        self.bytes.load(Ordering::Relaxed) > 0
            && self.bytes_of_all.load(Ordering::Relaxed) >= MAX_BYTES_OF_ALL
    }
}

/// Guard of a request that waits or is being processed.
#[derive(Debug)]
pub struct Waiting {
    connection: Arc<Connection>,
    bytes: usize,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let Self { connection, bytes } = self;
        connection.waiting.fetch_sub(1, Ordering::Relaxed);
        connection.bytes.fetch_sub(*bytes, Ordering::Relaxed);
        connection.bytes_of_all.fetch_sub(*bytes, Ordering::Relaxed);
        connection.reader.wake();
    }
}

/// The stream of a connection. It records whether the client reads the data that is written.
#[derive(Debug)]
pub struct Watched<S> {
    stream: S,
    connection: Arc<Connection>,
    /// Timer that runs while the client reads nothing.
    patience: Option<Pin<Box<Sleep>>>,
    /// Timer that runs while the requests of all clients exceed their limit.
    retry: Option<Pin<Box<Sleep>>>,
    /// The connection's permit, held until the stream is dropped.
    _room: Option<OwnedSemaphorePermit>,
}

impl<S> Watched<S> {
    /// Wraps a stream.
    pub fn new(stream: S, connection: Arc<Connection>) -> Self {
        Self { stream, connection, patience: None, retry: None, _room: None }
    }

    /// Keeps the connection's permit until the stream is dropped.
    pub fn in_room(mut self, room: OwnedSemaphorePermit) -> Self {
        self._room = Some(room);
        self
    }

    /// Records whether data was written. Fails if none could be written for [`PATIENCE`].
    fn wrote<T>(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            if self.patience.take().is_some() {
                self.connection.stall(false);
            }
            return written;
        }
        let connection = &self.connection;
        let patience = self.patience.get_or_insert_with(|| {
            connection.stall(true);
            Box::pin(sleep(PATIENCE))
        });
        ready!(patience.as_mut().poll(cx));
        self.connection.close();
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S> Drop for Watched<S> {
    fn drop(&mut self) {
        self.connection.close();
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.connection.reader.register(cx.waker());
        if self.connection.is_closed() {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        if !self.connection.may_read() {
            return Poll::Pending;
        }
        while self.connection.is_crowded() {
            let retry = self.retry.get_or_insert_with(|| Box::pin(sleep(RETRY)));
            ready!(retry.as_mut().poll(cx));
            self.retry = None;
        }
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.wrote(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bytes);
        self.wrote(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{duplex, AsyncReadExt, AsyncWriteExt};

    fn run<F: Future>(test: F) -> F::Output {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        runtime.unwrap().block_on(test)
    }

    #[test]
    fn work_waits_while_its_client_reads_nothing() {
        run(async {
            let connection = Arc::new(Connection::default());
            let (mut client, server) = duplex(16);
            let mut server = Watched::new(server, connection.clone());
            let writing =
                tokio::spawn(async move { server.write_all(&[7; 64]).await.map(|_| server) });
            sleep(Duration::from_secs(1)).await;
            let turn = tokio::spawn({
                let connection = connection.clone();
                async move { connection.turn().await.is_ok() }
            });
            sleep(PATIENCE / 2).await;
            assert!(!turn.is_finished() && !writing.is_finished());
            client.read_exact(&mut [0; 64]).await.unwrap();
            assert!(turn.await.unwrap());
            let _server = writing.await.unwrap().unwrap();
        });
    }

    #[test]
    fn client_that_reads_nothing_is_disconnected() {
        run(async {
            let connection = Arc::new(Connection::default());
            let (_client, server) = duplex(16);
            let (mut read, mut write) = tokio::io::split(Watched::new(server, connection.clone()));
            let reading = tokio::spawn(async move { read.read_u8().await.map_err(|e| e.kind()) });
            let begin = tokio::time::Instant::now();
            let error = write.write_all(&[7; 64]).await.unwrap_err();
            assert_eq!((error.kind(), begin.elapsed()), (io::ErrorKind::TimedOut, PATIENCE));
            assert_eq!(reading.await.unwrap(), Err(io::ErrorKind::TimedOut));
            assert!(connection.turn().await.is_err(), "the connection is closed");
        });
    }

    #[test]
    fn slow_client_is_not_disconnected() {
        run(async {
            let connection = Arc::new(Connection::default());
            let (mut client, server) = duplex(16);
            let mut server = Watched::new(server, connection);
            let writing = tokio::spawn(async move { server.write_all(&[7; 128]).await });
            for _ in 0..8 {
                sleep(PATIENCE - Duration::from_secs(1)).await;
                client.read_exact(&mut [0; 16]).await.unwrap();
            }
            writing.await.unwrap().unwrap();
        });
    }

    #[test]
    fn reading_stops_while_many_requests_wait() {
        run(async {
            let connection = Arc::new(Connection::default());
            let (mut client, server) = duplex(16);
            let mut server = Watched::new(server, connection.clone());
            client.write_all(&[7; 2]).await.unwrap();
            server.read_u8().await.unwrap();
            let mut many: Vec<_> = (0..MAX_REQUESTS).map(|_| connection.waiting(0)).collect();
            let reading = tokio::spawn(async move { server.read_u8().await });
            sleep(Duration::from_secs(1)).await;
            assert!(!reading.is_finished());
            many.pop();
            assert_eq!(reading.await.unwrap().unwrap(), 7);
        });
    }

    #[test]
    fn reading_stops_while_long_requests_wait() {
        run(async {
            let of_all = Arc::<AtomicUsize>::default();
            let connection = Arc::new(Connection::new(of_all.clone()));
            let (mut client, server) = duplex(16);
            let mut server = Watched::new(server, connection.clone());
            client.write_all(&[7; 4]).await.unwrap();
            let long = connection.waiting(MAX_BYTES);
            let pause = || sleep(Duration::from_secs(1));
            let reading = tokio::spawn(async move { server.read_u8().await.map(|_| server) });
            pause().await;
            assert!(!reading.is_finished());
            drop(long);
            let mut server = reading.await.unwrap().unwrap();
            // The other clients are at the common limit: a client without waiting bytes may send
            // one request, then no more.
            let others = Arc::new(Connection::new(of_all.clone()));
            let many: Vec<_> = (0..16).map(|_| others.waiting(MAX_BYTES)).collect();
            server.read_u8().await.unwrap();
            let _one = connection.waiting(1);
            let reading = tokio::spawn(async move { server.read_u8().await.map(|_| server) });
            pause().await;
            assert!(!reading.is_finished());
            drop(many);
            reading.await.unwrap().unwrap();
            assert_eq!(of_all.load(Ordering::Relaxed), 1);
        });
    }
}
