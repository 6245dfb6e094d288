// SPDX-License-Identifier: Apache-2.0

//! A client's connection: what is done for it at the same time, and whether it takes what it asked
//! for.
//!
//! Answers wait in memory until their client takes them. So for a client that takes nothing, no work
//! is begun and nothing more is read, and after [`PATIENCE`] its connection is closed.

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
    sync::{watch, Semaphore, SemaphorePermit},
    time::{sleep, Sleep},
};

/// How long a client may take nothing of what is sent to it.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// How many of a client's requests are worked on at the same time.
const TURNS: usize = 2;

/// How many requests of a client may wait before no more are read. A program that submits
/// transactions sends thousands without waiting for answers.
const MAX_REQUESTS: usize = 4_096;

/// What is known of a connection.
#[derive(Debug)]
pub struct Connection {
    requests: Semaphore,
    tasks: Semaphore,
    is_stalled: watch::Sender<bool>,
    is_closed: AtomicBool,
    waiting: AtomicUsize,
    reader: AtomicWaker,
}

/// The client is gone, so that nothing is done for it any more.
#[derive(Debug)]
pub struct Closed;

impl Default for Connection {
    fn default() -> Self {
        Self {
            requests: Semaphore::new(TURNS),
            tasks: Semaphore::new(TURNS),
            is_stalled: watch::Sender::new(false),
            is_closed: AtomicBool::new(false),
            waiting: AtomicUsize::new(0),
            reader: AtomicWaker::new(),
        }
    }
}

impl Connection {
    /// Counts a request, until what it returns is dropped.
    pub fn waiting(self: &Arc<Self>) -> Waiting {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        Waiting(self.clone())
    }

    /// Waits until a request may be worked on: one of a few, and only while the client takes its
    /// answers.
    pub async fn turn(&self) -> Result<SemaphorePermit<'_>, Closed> {
        self.one_of(&self.requests).await
    }

    /// The same for the tasks that requests leave behind, such as subscriptions.
    pub async fn task_turn(&self) -> Result<SemaphorePermit<'_>, Closed> {
        self.one_of(&self.tasks).await
    }

    async fn one_of<'a>(&self, turns: &'a Semaphore) -> Result<SemaphorePermit<'a>, Closed> {
        let turn = turns.acquire().await.map_err(|_| Closed)?;
        self.is_taking().await?;
        Ok(turn)
    }

    /// Waits until the client takes its answers.
    pub async fn is_taking(&self) -> Result<(), Closed> {
        let mut stalled = self.is_stalled.subscribe();
        // The sender lives as long as this does.
        let _ = stalled.wait_for(|is_stalled| !is_stalled).await;
        match self.is_closed() {
            true => Err(Closed),
            false => Ok(()),
        }
    }

    fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::Acquire)
    }

    /// Nothing more comes from the client, and nothing reaches it.
    fn close(&self) {
        self.is_closed.store(true, Ordering::Release);
        self.stall(false);
    }

    fn stall(&self, is_stalled: bool) {
        self.is_stalled.send_if_modified(|was| std::mem::replace(was, is_stalled) != is_stalled);
        self.reader.wake();
    }

    fn may_read(&self) -> bool {
        let is_stalled = *self.is_stalled.borrow();
        !is_stalled && self.waiting.load(Ordering::Relaxed) < MAX_REQUESTS
    }
}

/// A request that waits, or is worked on.
#[derive(Debug)]
pub struct Waiting(Arc<Connection>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
        self.0.reader.wake();
    }
}

/// The stream of a connection, which tells it whether the client takes what is written.
#[derive(Debug)]
pub struct Watched<S> {
    stream: S,
    connection: Arc<Connection>,
    /// Runs while the client takes nothing.
    patience: Option<Pin<Box<Sleep>>>,
}

impl<S> Watched<S> {
    /// Watches a stream.
    pub fn new(stream: S, connection: Arc<Connection>) -> Self {
        Self { stream, connection, patience: None }
    }

    /// Remembers whether something could be written, and fails when nothing could for too long.
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
        match self.connection.may_read() {
            true => Pin::new(&mut self.stream).poll_read(cx, buffer),
            false => Poll::Pending,
        }
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
    fn work_waits_while_its_client_takes_nothing() {
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
            // It takes a part, and the rest.
            client.read_exact(&mut [0; 64]).await.unwrap();
            assert!(turn.await.unwrap());
            let _server = writing.await.unwrap().unwrap();
        });
    }

    #[test]
    fn a_client_that_takes_nothing_is_cut() {
        run(async {
            let connection = Arc::new(Connection::default());
            let (_client, server) = duplex(16);
            let (mut read, mut write) = tokio::io::split(Watched::new(server, connection.clone()));
            let reading = tokio::spawn(async move { read.read_u8().await.map_err(|e| e.kind()) });
            let begin = tokio::time::Instant::now();
            let error = write.write_all(&[7; 64]).await.unwrap_err();
            assert_eq!((error.kind(), begin.elapsed()), (io::ErrorKind::TimedOut, PATIENCE));
            assert_eq!(reading.await.unwrap(), Err(io::ErrorKind::TimedOut));
            assert!(connection.turn().await.is_err(), "nothing is done for it any more");
        });
    }

    #[test]
    fn a_slow_client_is_not_cut() {
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
    fn no_more_is_read_while_many_requests_wait() {
        run(async {
            let connection = Arc::new(Connection::default());
            let (mut client, server) = duplex(16);
            let mut server = Watched::new(server, connection.clone());
            client.write_all(&[7; 2]).await.unwrap();
            server.read_u8().await.unwrap();
            let mut many: Vec<_> = (0..MAX_REQUESTS).map(|_| connection.waiting()).collect();
            let reading = tokio::spawn(async move { server.read_u8().await });
            sleep(Duration::from_secs(1)).await;
            assert!(!reading.is_finished());
            many.pop();
            assert_eq!(reading.await.unwrap().unwrap(), 7);
        });
    }
}
