#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Usage: run.py [TEST]...

Runs all tests of this folder, or those named: `test_client`, `test_metadata.Errors`. The last line
counts them, for scripts/test.sh: "N passed, N failed", and ", N skipped".
"""

import sys
import unittest
from pathlib import Path

from node import Node


def main(names):
    loader = unittest.defaultTestLoader
    folder = str(Path(__file__).parent)
    suite = loader.loadTestsFromNames(names) if names else loader.discover(folder)
    result = unittest.TextTestRunner(sys.stdout, verbosity=2).run(suite)
    # A test counts once, even if several of its parts failed.
    tests = {getattr(test, "test_case", test) for test, _ in result.failures + result.errors}
    tests.update(result.unexpectedSuccesses)
    # A module's setup and cleanup can fail as well, but do not count as tests that ran.
    failed_tests = sum(isinstance(test, unittest.TestCase) for test in tests)
    passed = result.testsRun - failed_tests - len(result.skipped)
    if tests:
        for node in Node.started:
            print(node.tail())
    skipped = f", {len(result.skipped)} skipped" if result.skipped else ""
    print(f"{passed} passed, {len(tests)} failed{skipped}")
    return 1 if tests or result.testsRun == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
