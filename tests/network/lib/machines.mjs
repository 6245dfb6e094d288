// SPDX-License-Identifier: Apache-2.0

// Machines within this machine: network namespaces, each with an address, on one bridge, between
// which traffic can be cut. The bridge has its own namespace, so that this machine's forwarding
// rules (for example Docker's) do not apply to it. Names and addresses derive from the process id,
// so that two runs do not conflict.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';

const PREFIX = `twinchain-${process.pid}`;
const SWITCH = `${PREFIX}-switch`;
/** This machine's end of the cable to the bridge. A device's name has at most 15 characters. */
const UPLINK = `twin${process.pid}`;

/**
 * The first of eight addresses for this process, in the range that RFC 2544 reserves for network
 * tests, which no real network uses: 198.18.0.0/15.
 */
const SUBNET = ((198 << 24) | (18 << 16) | ((process.pid % 2 ** 14) * 8)) >>> 0;
const MASK = 29;

const address = (host) => [24, 16, 8, 0].map((bits) => ((SUBNET + host) >>> bits) & 255).join('.');

/** A hardware address that no card has: data sent to it is lost. */
const NOBODY = '02:00:00:00:00:00';

/** Cleans up when its input ends: when the parent process closes the input or has ended. */
const GUARD = `
  cat >/dev/null
  uplink=$1
  shift
  for namespace; do
    for process in $(ip netns pids "$namespace"); do kill -9 "$process"; done
    ip netns delete "$namespace"
  done
  ip link delete "$uplink"
`;

const ip = (...args) => execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });

/** Returns the reason why namespaces, which need root and iproute2, fail here, or `undefined`. */
export function obstacle() {
  const trial = `${PREFIX}-trial`;
  try {
    ip('netns', 'add', trial);
    ip('netns', 'delete', trial);
    return undefined;
  } catch (error) {
    const why = error.stderr?.toString().trim() || error.message;
    return `network namespaces need root and iproute2: ${why}`;
  }
}

export class Machines {
  #names;
  #guard;
  #cut = [];

  constructor(names) {
    this.#names = names;
    const namespaces = [SWITCH, ...names.map(namespace)];
    // In a separate session, so that an interrupt from the keyboard does not end it, too.
    this.#guard = spawn('sh', ['-c', GUARD, 'guard', UPLINK, ...namespaces], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    this.#guard.unref();
    this.#guard.stdin.unref();
    this.#wire();
  }

  #wire() {
    ip('netns', 'add', SWITCH);
    ip('-n', SWITCH, 'link', 'add', 'bridge', 'type', 'bridge');
    ip('-n', SWITCH, 'link', 'set', 'bridge', 'up');
    ip('link', 'add', UPLINK, 'type', 'veth', 'peer', 'name', 'uplink', 'netns', SWITCH);
    ip('-n', SWITCH, 'link', 'set', 'uplink', 'master', 'bridge', 'up');
    ip('address', 'add', `${address(1)}/${MASK}`, 'dev', UPLINK);
    ip('link', 'set', UPLINK, 'up');
    for (const name of this.#names) {
      const own = namespace(name);
      ip('netns', 'add', own);
      ip('-n', own, 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', name, 'netns', SWITCH);
      ip('-n', SWITCH, 'link', 'set', name, 'master', 'bridge', 'up');
      ip('-n', own, 'address', 'add', `${this.#address(name)}/${MASK}`, 'dev', 'eth0');
      ip('-n', own, 'link', 'set', 'eth0', 'up');
      ip('-n', own, 'link', 'set', 'lo', 'up');
    }
  }

  #address(name) {
    return address(2 + this.#names.indexOf(name));
  }

  /** Returns the host of a node on the named machine, with its RPC open to this machine. */
  host(name) {
    return {
      address: this.#address(name),
      command: ['ip', 'netns', 'exec', namespace(name)],
      options: ['--unsafe-rpc-external', '--rpc-cors', 'all'],
    };
  }

  /**
   * Cuts the traffic between `left` and `right`, in both directions. As with a cut cable, no one is
   * notified: a sender only detects that no response arrives.
   */
  cut(left, right) {
    const both = left.flatMap((one) => right.flatMap((other) => [[one, other], [other, one]]));
    for (const [from, to] of both) this.#neighbour('replace', from, to, 'lladdr', NOBODY);
    this.#cut.push(...both);
  }

  /** Restores all connections. */
  heal() {
    for (const [from, to] of this.#cut.splice(0)) this.#neighbour('delete', from, to);
  }

  #neighbour(action, from, to, ...what) {
    ip('-n', namespace(from), 'neighbour', action, this.#address(to), ...what, 'dev', 'eth0');
  }

  /** Sets how often TCP resends unconfirmed data before it closes the connection. */
  setTcpRetries(count) {
    const set = `echo ${count} >/proc/sys/net/ipv4/tcp_retries2`;
    for (const name of this.#names) ip('netns', 'exec', namespace(name), 'sh', '-c', set);
  }

  /** Ends the processes on the machines, and removes the machines. */
  async remove() {
    this.#guard.ref();
    this.#guard.stdin.end();
    if (this.#guard.exitCode === null) await once(this.#guard, 'exit');
  }
}

const namespace = (name) => `${PREFIX}-${name}`;
