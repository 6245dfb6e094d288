# SPDX-License-Identifier: Apache-2.0

"""Starts and stops a real node, on ports that the system assigns, with its own data folder.

Like ../lib/node.mjs, with which it shares the files that are written once for all tests.
"""

import atexit
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

START_LIMIT = 120
STOP_LIMIT = 20
TAIL_LINES = 40


def binary():
    """Returns the path of the node's binary: TWINCHAIN_NODE, or the path of scripts/run.sh."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    target = os.environ.get("CARGO_TARGET_DIR") or Path(cache, "twinchain", "target")
    path = Path(os.environ.get("TWINCHAIN_NODE") or Path(target, "release", "twinchain-node"))
    if not os.access(path, os.X_OK):
        raise FileNotFoundError(f"no node at {path}: build it with scripts/run.sh --build-only")
    return path


def genesis():
    """Returns the file of the development chain.

    A node that reads its genesis state starts faster than one that computes it.
    """
    stat = binary().stat()
    folder = binary().parent / "test-chains"
    path = folder / f"dev-{stat.st_size}-{round(stat.st_mtime_ns / 1e6)}.json"
    if not path.exists():
        folder.mkdir(exist_ok=True)
        # Another process can be writing it at the same time.
        own = Path(f"{path}.{os.getpid()}")
        command = [binary(), "export-chain-spec", "--chain", "dev", "--raw", "--output", own]
        subprocess.run(command, check=True, capture_output=True)
        own.rename(path)
    return path


class Node:
    """A running node. The caller that starts it must stop it."""

    # All nodes that this process started, for the output after a failure.
    started = []

    def __init__(self, *options):
        chain = genesis()
        self._base = Path(tempfile.mkdtemp(prefix="twinchain-python-"))
        self._log = self._base / "log"
        command = [
            binary(), "--dev", "--chain", chain, "--base-path", self._base,
            "--port", "0", "--rpc-port", "0", "--no-prometheus", "--no-telemetry", "--no-mdns",
            "--runtime-cache", binary().parent / "test-chains" / "runtimes", *options,
        ]
        with open(self._log, "wb") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "NO_COLOR": "1"},
            )
        atexit.register(self._kill)
        self.log = ""
        Node.started.append(self)
        self.url = self._wait_until_ready()

    def _wait_until_ready(self):
        limit = time.monotonic() + START_LIMIT
        while time.monotonic() < limit:
            self._read()
            listens = re.search(r"Running JSON-RPC server: addr=[\d.]+:(\d+)", self.log)
            if listens and "Imported #1 " in self.log:
                return f"ws://127.0.0.1:{listens[1]}"
            if self._process.poll() is not None:
                raise RuntimeError(f"the node ended with {self._process.returncode}\n{self.tail()}")
            time.sleep(0.1)
        raise RuntimeError(f"the node is not ready\n{self.tail()}")

    def _read(self):
        self.log = self._log.read_text(errors="replace")

    def _kill(self):
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self._base, ignore_errors=True)

    def stop(self):
        """Stops the node and removes its data. Fails if it did not end with 0, or panicked."""
        self._process.terminate()
        try:
            self._process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._read()
        self._kill()
        atexit.unregister(self._kill)
        code = self._process.returncode
        if code != 0:
            raise AssertionError(f"the node ended with {code}, not with 0, when asked to stop")
        if self.panics():
            raise AssertionError(f"the node panicked: {self.panics()}")

    def panics(self):
        """Returns the lines about panics, except those in libp2p's timers at the node's end."""
        lines = [line for line in self.log.splitlines() if re.search(r"panicked|\bPANIC\b", line)]
        timer = r"/tokio-[^/]+/src/runtime/time/entry\.rs"
        return [line for line in lines if not re.search(timer, line)]

    def tail(self):
        """Returns the last lines of the node's log."""
        lines = self.log.splitlines()[-TAIL_LINES:]
        return "\n".join(["--- the last lines of the node:", *lines, "---"])


def _end(number, _frame):
    """Stops all nodes before a signal ends this process, because `atexit` does not run then."""
    for node in Node.started:
        node._kill()
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


for _signal in (signal.SIGHUP, signal.SIGTERM):
    signal.signal(_signal, _end)
