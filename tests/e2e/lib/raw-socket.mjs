// SPDX-License-Identifier: Apache-2.0

// A client that behaves as no library does: it stops reading and continues to send requests. It
// implements WebSocket (RFC 6455) itself.

import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

/** Returns a frame with a mask of zeros, which is also valid. */
function frame(opcode, payload) {
  const short = payload.length < 126;
  const header = Buffer.alloc(short ? 2 : 10);
  header[0] = 0x80 | opcode;
  header[1] = 0x80 | (short ? payload.length : 127);
  if (!short) header.writeBigUInt64BE(BigInt(payload.length), 2);
  return Buffer.concat([header, Buffer.alloc(4), payload]);
}

/** A client of a node's RPC, which reads until `stopReading`. */
export class RawSocket {
  #socket;
  #received = Buffer.alloc(0);
  #fragments = [];
  #waiting = [];
  #number = 0;
  /** Resolves when the connection has ended, for any reason. */
  ended;

  static async open(url) {
    const { hostname, port } = new URL(url);
    const client = new RawSocket();
    const socket = (client.#socket = connect(Number(port), hostname));
    client.ended = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => {});
    await new Promise((resolve, reject) => {
      socket.once('connect', resolve).once('error', reject);
    });
    const key = randomBytes(16).toString('base64');
    socket.write([
      'GET / HTTP/1.1', `Host: ${hostname}:${port}`, 'Upgrade: websocket', 'Connection: Upgrade',
      `Sec-WebSocket-Key: ${key}`, 'Sec-WebSocket-Version: 13', '', '',
    ].join('\r\n'));
    await client.#upgraded();
    socket.on('data', (data) => client.#take(data));
    return client;
  }

  #upgraded() {
    return new Promise((resolve, reject) => {
      let answer = Buffer.alloc(0);
      const read = (data) => {
        answer = Buffer.concat([answer, data]);
        const end = answer.indexOf('\r\n\r\n');
        if (end < 0) return;
        this.#socket.removeListener('data', read);
        if (!/ 101 /.test(answer.toString('latin1', 0, end))) reject(new Error('not upgraded'));
        this.#received = answer.subarray(end + 4);
        resolve();
      };
      this.#socket.on('data', read);
    });
  }

  #take(data) {
    this.#received = Buffer.concat([this.#received, data]);
    for (;;) {
      if (this.#received.length < 2) return;
      const short = this.#received[1] & 0x7f;
      const start = short === 126 ? 4 : short === 127 ? 10 : 2;
      if (this.#received.length < start) return;
      const length = short === 126 ? this.#received.readUInt16BE(2)
        : short === 127 ? Number(this.#received.readBigUInt64BE(2)) : short;
      if (this.#received.length < start + length) return;
      const [head] = this.#received;
      const payload = this.#received.subarray(start, start + length);
      this.#received = this.#received.subarray(start + length);
      const opcode = head & 0xf;
      if (opcode === PING) this.#socket.write(frame(PONG, payload));
      else if (opcode === CLOSE) this.#socket.end();
      else {
        this.#fragments.push(payload);
        if (head & 0x80) this.#message(JSON.parse(Buffer.concat(this.#fragments.splice(0))));
      }
    }
  }

  #message(message) {
    const at = this.#waiting.findIndex(({ wanted }) => wanted(message));
    if (at >= 0) this.#waiting.splice(at, 1)[0].resolve(message);
  }

  /** Sends a request without waiting. Returns its id. */
  ask(method, ...params) {
    const id = (this.#number += 1);
    const text = JSON.stringify({ jsonrpc: '2.0', id, method, params });
    this.#socket.write(frame(TEXT, Buffer.from(text)));
    return id;
  }

  /** Sends a text unchanged. */
  write(text) {
    this.#socket.write(frame(TEXT, Buffer.from(text)));
  }

  /** Waits for the first message for which `wanted` returns true. */
  next(wanted) {
    return new Promise((resolve) => this.#waiting.push({ wanted, resolve }));
  }

  /** Sends a request. Resolves to the response: `{ result }` or `{ error }`. */
  call(method, ...params) {
    const id = this.ask(method, ...params);
    return this.next((message) => message.id === id);
  }

  /** Stops reading. */
  stopReading() {
    this.#socket.pause();
  }

  /** Reads again and drops the data, to notice the end of the connection. */
  drain() {
    this.#socket.removeAllListeners('data');
    this.#socket.resume();
  }

  close() {
    this.#socket.destroy();
  }
}
