# SPDX-License-Identifier: Apache-2.0

"""The program of docs/clients.md prints what the page says."""

import re
import subprocess
import sys
import unittest
from pathlib import Path

from node import Node

DOCS = Path(__file__).parents[3] / "docs"
LIMIT = 180


class Examples(unittest.TestCase):
    def test_program_of_the_page(self):
        node = Node("--state-pruning", "archive")
        self.addCleanup(node.stop)
        program = DOCS / "examples" / "clients" / "python.py"
        run = subprocess.run(
            [sys.executable, program, node.url], capture_output=True, text=True, timeout=LIMIT
        )
        self.assertEqual(run.returncode, 0, run.stderr)
        page = (DOCS / "clients.md").read_text(encoding="utf-8")
        [printed] = re.findall(r"print the same:\n\n```text\n(.*?)```", page, re.DOTALL)
        printed = printed.replace("polkadot-js", "python")
        printed = printed.replace("dataContainer.", "DataContainer.")
        self.assertEqual(run.stdout, printed)
