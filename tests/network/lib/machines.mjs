// SPDX-License-Identifier: Apache-2.0

// Machines within this machine: network namespaces with an address each, on one bridge, between
// which traffic can be cut. The bridge has a namespace of its own, since there the rules that this
// machine may have for what it forwards (Docker's, say) do not apply. Names and addresses follow
// from the process id, so that two runs do not meet.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';

const PREFIX = `twinchain-${process.pid}`;
const SWITCH = `${PREFIX}-switch`;
/** This machine's end of the cable to the bridge. A device's name has 15 characters at most. */
const UPLINK = `twin${process.pid}`;

/**
 * The first of eight addresses for this process, among those that are set aside for tests of
 * networks and so used by no real one: 198.18.0.0/15, RFC 2544.
 */
const SUBNET = ((198 << 24) | (18 << 16) | ((process.pid % 2 ** 14) * 8)) >>> 0;
const MASK = 29;

const address = (host) => [24, 16, 8, 0].map((bits) => ((SUBNET + host) >>> bits) & 255).join('.');

/** No card has it: what is sent there is lost. */
const NOBODY = '02:00:00:00:00:00';

/** Runs when its input ends, which is when the process that started it closes it or has ended. */
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

/** Why there can be no namespaces here, if so: it takes root and iproute2. */
export function obstacle() {
  const trial = `${PREFIX}-trial`;
  try {
    ip('netns', 'add', trial);
    ip('netns', 'delete', trial);
    return undefined;
  } catch (error) {
    const why = error.stderr?.toString().trim() || error.message;
    return `network namespaces take root and iproute2: ${why}`;
  }
}

export class Machines {
  #names;
  #guard;
  #cut = [];

  constructor(names) {
    this.#names = names;
    const namespaces = [SWITCH, ...names.map(namespace)];
    // In a session of its own, so that an interrupt from the keyboard does not end it as well.
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

  /** The machine with this name, as a place for a node whose RPC is reached from this machine. */
  host(name) {
    return {
      address: this.#address(name),
      command: ['ip', 'netns', 'exec', namespace(name)],
      options: ['--unsafe-rpc-external', '--rpc-cors', 'all'],
    };
  }

  /**
   * From now on nothing that one of `left` sends reaches one of `right`, nor the other way round.
   * Nobody is told, as when a cable is cut: the sender only notices that no answer comes.
   */
  cut(left, right) {
    const both = left.flatMap((one) => right.flatMap((other) => [[one, other], [other, one]]));
    for (const [from, to] of both) this.#neighbour('replace', from, to, 'lladdr', NOBODY);
    this.#cut.push(...both);
  }

  /** All reach all again. */
  heal() {
    for (const [from, to] of this.#cut.splice(0)) this.#neighbour('delete', from, to);
  }

  #neighbour(action, from, to, ...what) {
    ip('-n', namespace(from), 'neighbour', action, this.#address(to), ...what, 'dev', 'eth0');
  }

  /** How often TCP sends again what nobody confirms, before it gives the connection up. */
  setTcpRetries(count) {
    const set = `echo ${count} >/proc/sys/net/ipv4/tcp_retries2`;
    for (const name of this.#names) ip('netns', 'exec', namespace(name), 'sh', '-c', set);
  }

  /** Ends what still runs on them, and removes them. */
  async remove() {
    this.#guard.ref();
    this.#guard.stdin.end();
    if (this.#guard.exitCode === null) await once(this.#guard, 'exit');
  }
}

const namespace = (name) => `${PREFIX}-${name}`;
