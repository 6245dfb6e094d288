# SPDX-License-Identifier: Apache-2.0

"""A client in Python: signing, sending, reading, and error reports."""

import json
import unittest

from chain import Chain, events
from node import Node
from substrateinterface import Keypair
from substrateinterface.exceptions import SubstrateRequestException

DESCRIPTION = '{"name":"Big Crane 250"}'
ASSET = "cranes.example/BC250-4711"
DATA_SETS = {
    "hours": {
        "type": "entry",
        "visibility": "public",
        "dataSchema": {"type": "integer", "maximum": 100},
    },
    "log": {"type": "list", "visibility": "public", "dataSchema": {"type": "string"}},
}
PLUGIN = json.dumps({"description": {"name": "Log"}, "template": {"properties": DATA_SETS}})
WRITE = 2
NOBODYS_KEY = "0x" + "0a" * 32
SEALED = "0x" + "ab" * 80


def set_entry(value, data_set="hours"):
    arguments = {"container": 0, "data_set": data_set, "value": value, "expected_revision": None}
    return ("DataContainer", "set_entry", arguments)


def append(*items):
    arguments = {"container": 0, "data_set": "log", "items": list(items), "expected_revision": None}
    return ("DataContainer", "append", arguments)


def describe(description):
    return ("DigitalTwin", "set_description", {"twin": 0, "description": description})


def setUpModule():
    """Creates a twin and a container with two data sets, as Alice."""
    global chain, alice, made
    node = Node()
    unittest.addModuleCleanup(node.stop)
    chain = Chain(node.url)
    unittest.addModuleCleanup(chain.api.close)
    alice = chain.alice.ss58_address
    maker = {"Account": {"name": "maker", "account": alice}}
    twin = {"description": DESCRIPTION, "asset": ASSET, "links": [maker]}
    calls = {
        "twin": ("DigitalTwin", "create_twin", twin),
        "plugin": ("DataContainer", "publish_plugin", {"document": PLUGIN}),
        "container": ("DataContainer", "instantiate", {"plugin": 0, "description": ""}),
        "hours": set_entry("7"),
        "log": append('"oil"', '"grease"'),
    }
    made = dict(zip(calls, chain.send(*calls.values())))


class Writing(unittest.TestCase):
    def test_a_signed_extrinsic_succeeds_and_its_events_are_read_by_name_and_field(self):
        for name, receipt in made.items():
            self.assertTrue(receipt.is_success, name)
        [twin] = events(made["twin"], "DigitalTwin", "TwinCreated")
        self.assertEqual((twin["twin"], twin["owner"], twin["asset"]), (0, alice, ASSET))
        self.assertEqual((twin["stamp"]["revision"], twin["stamp"]["author"]), (1, alice))
        added = events(made["container"], "DataContainer", "DataSetAdded")
        kinds = {event["name"]: (event["kind"], event["visibility"]) for event in added}
        self.assertEqual(kinds, {"hours": ("Entry", "Public"), "log": ("List", "Public")})
        [changed] = events(made["hours"], "DataContainer", "DataSetChanged")
        self.assertEqual((changed["container"], changed["name"]), (0, "hours"))
        self.assertEqual(changed["operation"]["Set"]["authority"], "Owner")

    def test_a_signed_extrinsic_becomes_final(self):
        extrinsic = chain.signed(describe(DESCRIPTION))
        receipt = chain.api.submit_extrinsic(extrinsic, wait_for_finalization=True)
        self.assertTrue(receipt.is_success)
        final = chain.api.get_block_number(chain.api.get_chain_finalised_head())
        self.assertLessEqual(chain.api.get_block_number(receipt.block_hash), final)

    def test_a_signed_extrinsic_with_a_mortal_era_is_included(self):
        extrinsic = chain.api.create_signed_extrinsic(
            chain.api.compose_call("System", "remark", {"remark": "x"}),
            chain.alice,
            era={"period": 64},
        )
        self.assertTrue(chain.api.submit_extrinsic(extrinsic, wait_for_inclusion=True).is_success)

    def test_the_transaction_of_a_stranger_is_rejected_with_its_code(self):
        stranger = Keypair.create_from_uri("//stranger")
        extrinsic = chain.signed(("System", "remark", {"remark": "x"}), stranger)
        with self.assertRaises(SubstrateRequestException) as refused:
            chain.api.submit_extrinsic(extrinsic)
        self.assertEqual(refused.exception.args[0]["data"], "Custom error: 101")


class Reading(unittest.TestCase):
    def test_twins_are_read_from_storage(self):
        twin = chain.api.query("DigitalTwin", "Twins", [0]).value
        self.assertEqual((twin["owner"], twin["asset"]), (alice, ASSET))
        self.assertEqual((twin["status"], twin["links"]), ("Active", 1))
        self.assertEqual(chain.api.query("DigitalTwin", "Descriptions", [0]).value, DESCRIPTION)
        self.assertEqual(
            chain.api.query("DigitalTwin", "Links", [0, "maker"]).value, {"Account": alice}
        )
        self.assertIsNone(chain.api.query("DigitalTwin", "Twins", [1]).value)

    def test_containers_and_their_data_sets_are_read_from_storage(self):
        container = chain.api.query("DataContainer", "Containers", [0]).value
        self.assertEqual((container["owner"], container["plugin"]), (alice, 0))
        # All data sets of a container, by the first part of their keys.
        listed = chain.api.query_map("DataContainer", "DataSets", [0])
        data_sets = {key.value: data_set.value for key, data_set in listed}
        self.assertEqual(set(data_sets), {"hours", "log"})
        self.assertEqual((data_sets["log"]["kind"], data_sets["log"]["count"]), ("List", 2))
        # A short value is in the record of its entry.
        self.assertEqual(data_sets["hours"]["value"]["value"], {"Public": "7"})
        key = [0, data_sets["log"]["id"], 0]
        batch = chain.api.query("DataContainer", "Batches", key).value
        self.assertEqual(batch["author"], alice)

    def test_the_events_of_a_block_are_read_by_name_and_field(self):
        found = [event.value for event in chain.api.get_events(made["plugin"].block_hash)]
        [published] = [event for event in found if event["event_id"] == "PluginPublished"]
        self.assertEqual(published["module_id"], "DataContainer")
        self.assertEqual(published["extrinsic_idx"], made["plugin"].extrinsic_idx)
        self.assertEqual(published["attributes"]["publisher"], alice)
        self.assertEqual(published["attributes"]["name"], "Log")

    def test_the_extrinsics_of_a_block_are_read_by_name_and_argument(self):
        call = made["hours"].extrinsic.value["call"]
        self.assertEqual(
            (call["call_module"], call["call_function"]), ("DataContainer", "set_entry")
        )
        arguments = {argument["name"]: argument["value"] for argument in call["call_args"]}
        self.assertEqual(arguments, set_entry("7")[2])

    def test_runtime_apis_return_values_once_their_types_are_declared(self):
        def ask(api, method, *params):
            return chain.api.runtime_call(api, method, list(params)).value

        self.assertEqual(ask("ConsortiumApi", "validators"), [alice])
        self.assertTrue(ask("DataContainerApi", "can", 0, "hours", alice, WRITE))
        stranger = Keypair.create_from_uri("//stranger").ss58_address
        self.assertFalse(ask("DataContainerApi", "can", 0, "hours", stranger, WRITE))
        entry = ask("DataContainerApi", "entry", 0, "hours")
        self.assertEqual((entry["author"], entry["value"]), (alice, {"Public": "7"}))
        self.assertIsNone(ask("DataContainerApi", "entry", 0, "none"))

    def test_constants_are_read(self):
        self.assertGreater(chain.api.get_constant("Consortium", "MaxNodes").value, 0)


class Failing(unittest.TestCase):
    """Calls that fail, and the library's error reports."""

    @classmethod
    def setUpClass(cls):
        envelopes = [{"Key": {"public": NOBODYS_KEY, "envelope": SEALED}}]
        envelopes = {"version": 9, "envelopes": envelopes}
        holder = {"version": 9, "holder": {"Key": NOBODYS_KEY}}
        dave = Keypair.create_from_uri("//Dave").ss58_address
        member = {"organisation": 0, "account": dave, "label": "again"}
        cleared = {"organisation": 0, "limit": 1}
        calls = {
            "no json": append('"a"', '"b"', '"c" "d"'),
            "no string": append('"a"', "7"),
            "too much": set_entry("101"),
            "no data set": set_entry("1", "none"),
            "no key": ("DataContainer", "set_account_envelopes", envelopes),
            "no holder": ("DataContainer", "remove_account_envelope", holder),
            "no description": describe('{"a":}'),
            "no link": ("DigitalTwin", "remove_link", {"twin": 0, "name": "none"}),
            "member": ("Consortium", "add_member", member),
            "not removed": ("Consortium", "clear_organisation", cleared),
        }
        cls.receipts = dict(zip(calls, chain.send(*calls.values())))

    def fails(self, name, error, **fields):
        receipt = self.receipts[name]
        self.assertFalse(receipt.is_success)
        self.assertEqual(chain.error(receipt), (error, fields))

    def test_an_item_that_is_not_json_is_reported_with_its_position_and_offset(self):
        self.fails("no json", "DataContainer.InvalidJson", index=2, offset=4)

    def test_an_item_of_the_wrong_type_is_reported_with_its_position_and_offset(self):
        self.fails("no string", "DataContainer.TypeMismatch", index=1, offset=0)

    def test_a_value_above_the_maximum_is_reported(self):
        self.fails("too much", "DataContainer.MaximumMismatch", index=0, offset=0)

    def test_an_error_without_fields_is_reported(self):
        self.fails("no data set", "DataContainer.DataSetNotFound")

    def test_the_last_errors_of_the_list_are_reported(self):
        self.fails("no key", "DataContainer.KeyNotFound")
        self.fails("no holder", "DataContainer.HolderNotFound")

    def test_errors_of_twins_are_reported(self):
        self.fails("no description", "DigitalTwin.DescriptionNotJson", offset=5)
        self.fails("no link", "DigitalTwin.LinkNotFound")

    def test_errors_of_the_consortium_are_reported(self):
        self.fails("member", "Consortium.AlreadyMember")
        self.fails("not removed", "Consortium.NotRemoved")

    def test_an_error_has_documentation(self):
        docs = self.receipts["no data set"].error_message["docs"]
        self.assertEqual(docs[0].strip(), "The container has no data set of this name.")

    def test_failed_calls_change_nothing(self):
        for name, receipt in self.receipts.items():
            with self.subTest(name):
                own = ("DataContainer", "DigitalTwin", "Consortium")
                emitted = {event.value["module_id"] for event in receipt.triggered_events}
                self.assertTrue(emitted.isdisjoint(own))
        self.assertEqual(chain.api.query("DataContainer", "DataSets", [0, "log"]).value["count"], 2)


if __name__ == "__main__":
    unittest.main()
