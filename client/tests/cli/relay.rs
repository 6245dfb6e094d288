// SPDX-License-Identifier: Apache-2.0

//! A relay between the command and the node. It sees the messages of the command, and cuts the
//! connection when a test requests it.

use crate::node::node;
use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// The action after a message of the command.
#[derive(Clone, Copy, PartialEq)]
pub enum Then {
    GoOn,
    /// The node receives the message, but the command gets no response.
    CutBehind,
}

type Connections = Arc<Mutex<Vec<TcpStream>>>;

pub struct Relay {
    pub url: String,
    connections: Connections,
}

impl Relay {
    /// Starts to listen. `see` gets each message of a client before the node does.
    pub fn start(see: impl Fn(&str) -> Then + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("ws://{}", listener.local_addr().unwrap());
        let connections = Connections::default();
        let (see, open) = (Arc::new(see), connections.clone());
        thread::spawn(move || {
            for client in listener.incoming() {
                let Ok(client) = client else { continue };
                let server = TcpStream::connect(node().url.trim_start_matches("ws://")).unwrap();
                let clones = || [client.try_clone().unwrap(), server.try_clone().unwrap()];
                open.lock().unwrap().extend(clones());
                let [mut to_client, mut from_server] = clones();
                thread::spawn(move || {
                    let _ = std::io::copy(&mut from_server, &mut to_client);
                    let _ = to_client.shutdown(Shutdown::Both);
                });
                let see = see.clone();
                thread::spawn(move || {
                    let _ = forward(&client, &server, &*see);
                    for side in [client, server] {
                        let _ = side.shutdown(Shutdown::Both);
                    }
                });
            }
        });
        Self { url, connections }
    }

    /// Cuts all connections. New ones are possible.
    pub fn cut(&self) {
        for connection in self.connections.lock().unwrap().drain(..) {
            let _ = connection.shutdown(Shutdown::Both);
        }
    }
}

/// Forwards the request that opens a WebSocket, and then each frame (RFC 6455, 5.2). Returns when
/// the connection must be cut.
fn forward(
    mut client: &TcpStream,
    mut server: &TcpStream,
    see: &dyn Fn(&str) -> Then,
) -> std::io::Result<()> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        client.read_exact(&mut byte)?;
        request.push(byte[0]);
    }
    server.write_all(&request)?;
    loop {
        let mut frame = vec![0; 2];
        client.read_exact(&mut frame)?;
        let mut more = |frame: &mut Vec<u8>, count: usize| {
            let from = frame.len();
            frame.resize(from + count, 0);
            client.read_exact(&mut frame[from..]).map(|()| from)
        };
        let length = match frame[1] & 0x7f {
            126 => {
                let at = more(&mut frame, 2)?;
                u64::from(u16::from_be_bytes(frame[at..at + 2].try_into().unwrap()))
            },
            127 => {
                let at = more(&mut frame, 8)?;
                u64::from_be_bytes(frame[at..at + 8].try_into().unwrap())
            },
            short => u64::from(short),
        };
        assert!(frame[1] & 0x80 != 0, "a client masks its frames");
        let mask = more(&mut frame, 4)?;
        let start = more(&mut frame, usize::try_from(length).unwrap())?;
        let key: [u8; 4] = frame[mask..mask + 4].try_into().unwrap();
        let text: Vec<u8> =
            frame[start..].iter().zip(key.iter().cycle()).map(|(byte, key)| byte ^ key).collect();
        let then = see(&String::from_utf8_lossy(&text));
        server.write_all(&frame)?;
        if then == Then::CutBehind {
            // Give the node time to read the message.
            thread::sleep(std::time::Duration::from_millis(300));
            return Ok(());
        }
    }
}
