# SPDX-License-Identifier: Apache-2.0

"""Access to a chain through substrate-interface."""

import json
from pathlib import Path

from scalecodec.base import ScaleBytes
from substrateinterface import ExtrinsicReceipt, Keypair, SubstrateInterface

# Seconds without any message. Blocks come every 3 seconds.
SILENCE_LIMIT = 60
# Number of blocks in which a transaction is searched for.
SEARCH_LIMIT = 10


# The library reads metadata V14, which has no runtime APIs. This file is generated.
RUNTIME_APIS = json.loads(
    (Path(__file__).parents[3] / "docs/examples/clients/runtime-apis.json").read_text()
)


class Chain:
    """A connection, and the account that signs."""

    def __init__(self, url):
        options = {"timeout": SILENCE_LIMIT}
        self.api = SubstrateInterface(url, type_registry=RUNTIME_APIS, ws_options=options)
        self.api.init_runtime()
        self.alice = Keypair.create_from_uri("//Alice")

    def pallet(self, name):
        """Returns a pallet's metadata."""
        return self.api.metadata.get_metadata_pallet(name)

    def signed(self, call, signer=None, nonce=None):
        """Returns a call `(pallet, function, arguments)` as a signed extrinsic."""
        composed = self.api.compose_call(*call)
        return self.api.create_signed_extrinsic(composed, signer or self.alice, nonce=nonce)

    def send(self, *calls):
        """Sends calls of Alice, and waits until all are in a block. Returns their receipts."""
        # The library reads the nonce at the best block, which does not include the pool.
        first = self.api.get_account_nonce(self.alice.ss58_address)
        extrinsics = [self.signed(call, nonce=first + i) for i, call in enumerate(calls)]
        *others, last = extrinsics
        for extrinsic in others:
            self.api.submit_extrinsic(extrinsic)
        # They are executed in the order of their nonces, so none is in a later block.
        receipt = self.api.submit_extrinsic(last, wait_for_inclusion=True)
        return [self._receipt(extrinsic, receipt.block_hash) for extrinsic in extrinsics]

    def _receipt(self, extrinsic, block_hash):
        """Returns the receipt of an extrinsic in this block or in one of those before it."""
        wanted = extrinsic.extrinsic_hash
        for _ in range(SEARCH_LIMIT):
            block = self.api.get_block(block_hash)
            if any(found.extrinsic_hash == wanted for found in block["extrinsics"]):
                return ExtrinsicReceipt(self.api, f"0x{wanted.hex()}", block_hash)
            block_hash = block["header"]["parentHash"]
        raise AssertionError(f"no block has the extrinsic 0x{wanted.hex()}")

    def error(self, receipt):
        """Returns the error of a failed call: `("Pallet.Name", fields)`.

        The name is the library's. The library ignores the fields, which follow the error's index in
        the 4 bytes of a module error.
        """
        [failed] = events(receipt, "System", "ExtrinsicFailed")
        module = failed["dispatch_error"]["Module"]
        raw = bytes.fromhex(module["error"][2:])
        [pallet] = [p for p in self.api.metadata.pallets if p.value["index"] == module["index"]]
        # By index, so that the fields do not depend on the library's interpretation.
        [variant] = [e for e in pallet.errors if e.value["index"] == raw[0]]
        rest = ScaleBytes(raw[1:])
        fields = {}
        for field in variant.value["fields"]:
            scale_type = f"scale_info::{field['type']}"
            decoder = self.api.runtime_config.create_scale_object(scale_type, rest)
            fields[field["name"]] = decoder.decode(check_remaining=False)
        return f"{pallet.name}.{receipt.error_message['name']}", fields


def events(receipt, pallet, name):
    """Returns the fields of an extrinsic's events with this name."""
    values = [event.value for event in receipt.triggered_events]
    return [v["attributes"] for v in values if (v["module_id"], v["event_id"]) == (pallet, name)]
