# substrate-interface: python3 python.py ws://127.0.0.1:9944
import json
import sys
from pathlib import Path

from substrateinterface import Keypair, SubstrateInterface

HERE = Path(__file__).parent
# The library reads metadata V14, which has no runtime APIs. This file is generated.
apis = json.loads((HERE / "runtime-apis.json").read_text())
chain = SubstrateInterface(sys.argv[1], type_registry=apis)
alice = Keypair.create_from_uri("//Alice")


def send(pallet, function, **params):
    """Sends a call and waits until it is final. Returns its events."""
    call = chain.compose_call(pallet, function, params)
    extrinsic = chain.create_signed_extrinsic(call, alice)
    receipt = chain.submit_extrinsic(extrinsic, wait_for_finalization=True)
    if not receipt.is_success:
        raise RuntimeError(f"{call.call_module.name}.{receipt.error_message['name']}")
    events = [event.value for event in receipt.triggered_events]
    return {event["event_id"]: event["attributes"] for event in events}


links = []
for name in ("heavy-machine", "maintenance-log"):
    document = (HERE.parent / f"{name}.json").read_text(encoding="utf-8")  # text, not a dict
    plugin = send("DataContainer", "publish_plugin", document=document)["PluginPublished"]["plugin"]
    links.append({"Instantiate": {"name": name, "plugin": plugin}})
asset = "cranes.example/python"
send("DigitalTwin", "create_twin", description='{"name":"Big Crane 250"}', asset=asset, links=links)

twins = chain.runtime_call("DigitalTwinApi", "twins_of_asset", [asset, None, 10]).value
[[twin, owner]] = twins["items"]
print(f"{asset}: a twin of {owner}")
target = chain.runtime_call("DigitalTwinApi", "resolve", [twin, "maintenance-log"]).value
data_set = {"container": target["Ok"]["Container"], "data_set": "operatingHours"}
for hours in ("731", "1000.5", '"many"'):
    value = f'{{"hours":{hours},"readAt":1760000000000,"meter":"main"}}'
    try:
        send("DataContainer", "set_entry", **data_set, value=value, expected_revision=None)
    except RuntimeError as error:
        print(f"refused: {error}")

block = chain.get_chain_finalised_head()
key = list(data_set.values())
while found := chain.query("DataContainer", "DataSets", key, block).value:
    block = chain.get_block_hash(found["changed"])
    entry = chain.runtime_call("DataContainerApi", "entry", data_set, block).value
    print(f"revision {found['revision']}: {entry['value']['Public']}")
    block = chain.get_block_header(block)["header"]["parentHash"]
