# SPDX-License-Identifier: Apache-2.0

"""The chain's metadata as substrate-interface sees it: errors, calls and events."""

import unittest

from chain import Chain
from node import Node
from samples import Samples
from scalecodec.base import ScaleBytes

PALLETS = ("DataContainer", "DigitalTwin", "Consortium")
# In this many turns, each variant of the enums in arguments and fields occurs.
TURNS = 16


def setUpModule():
    global chain, samples
    node = Node()
    unittest.addModuleCleanup(node.stop)
    chain = Chain(node.url)
    unittest.addModuleCleanup(chain.api.close)
    samples = Samples(chain.api.metadata)


def encoded(pallet, variant, turn):
    """Returns sample fields of a call or event, and its bytes by the indices in the metadata."""
    fields = {}
    raw = bytearray([pallet.value["index"], variant.value["index"]])
    for field in variant.value["fields"]:
        value = samples.value(field["type"], turn)
        scale_type = f"scale_info::{field['type']}"
        raw += chain.api.runtime_config.create_scale_object(scale_type).encode(value).data
        fields[field["name"]] = value
    return fields, raw


def decoded(scale_type, raw):
    runtime = chain.api.runtime_config
    decoder = runtime.create_scale_object(scale_type, ScaleBytes(raw), metadata=chain.api.metadata)
    return decoder.decode()


class Errors(unittest.TestCase):
    def test_every_error_of_every_pallet_is_at_its_index(self):
        # The library uses an error's index as its position.
        misplaced = [
            f"{pallet.name}.{error.name} with index {error.value['index']} at {position}"
            for pallet in chain.api.metadata.pallets
            for position, error in enumerate(pallet.errors or [])
            if error.value["index"] != position
        ]
        self.assertEqual(misplaced, [])

    def test_every_error_of_our_pallets_is_found_by_its_index(self):
        for pallet in map(chain.pallet, PALLETS):
            self.assertTrue(pallet.errors, pallet.name)
            wrong = {e.name: self.found(pallet, e) for e in pallet.errors}
            wrong = {name: found for name, found in wrong.items() if found != name}
            self.assertEqual(wrong, {}, pallet.name)

    def found(self, pallet, error):
        """Returns the name that the library finds for an error's index."""
        index = error.value["index"]
        try:
            return chain.api.metadata.get_module_error(pallet.value["index"], index).name
        except IndexError:
            return None


class Calls(unittest.TestCase):
    def test_every_call_of_our_pallets_is_encoded_and_decoded(self):
        for pallet in map(chain.pallet, PALLETS):
            self.assertTrue(pallet.calls, pallet.name)
            for call in pallet.calls:
                for turn in range(TURNS):
                    with self.subTest(pallet=pallet.name, call=call.name, turn=turn):
                        self.check(pallet, call, turn)

    def check(self, pallet, call, turn):
        arguments, raw = encoded(pallet, call, turn)
        written = chain.api.compose_call(pallet.name, call.name, arguments)
        self.assertEqual(written.data.data, raw)
        read = decoded("Call", raw)
        self.assertEqual((read["call_module"], read["call_function"]), (pallet.name, call.name))
        self.assertEqual({a["name"]: a["value"] for a in read["call_args"]}, arguments)


class Events(unittest.TestCase):
    def test_every_event_of_our_pallets_is_decoded(self):
        for pallet in map(chain.pallet, PALLETS):
            self.assertTrue(pallet.events, pallet.name)
            for event in pallet.events:
                for turn in range(TURNS):
                    with self.subTest(pallet=pallet.name, event=event.name, turn=turn):
                        fields, raw = encoded(pallet, event, turn)
                        read = decoded("twinchain_runtime::RuntimeEvent", raw)
                        names = (read["module_id"], read["event_id"])
                        self.assertEqual(names, (pallet.name, event.name))
                        self.assertEqual(read["attributes"], fields or None)


if __name__ == "__main__":
    unittest.main()
