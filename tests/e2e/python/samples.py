# SPDX-License-Identifier: Apache-2.0

"""Makes values of the types in the metadata, as substrate-interface reads and writes them."""

from substrateinterface import Keypair

ACCOUNT = Keypair.create_from_uri("//Alice").ss58_address


class Samples:
    """Values of the types in a runtime's metadata."""

    def __init__(self, metadata):
        types = metadata.portable_registry["types"]
        self._types = {entry.value["id"]: entry.value["type"] for entry in types}

    def value(self, type_id, turn):
        """Returns a value of a type. Each turn selects the next variant of the enums in it."""
        entry = self._types[type_id]
        path = "::".join(entry["path"])
        [(form, definition)] = entry["def"].items()
        if path == "sp_core::crypto::AccountId32":
            return ACCOUNT
        if path == "Option":
            [some] = [v["fields"] for v in definition["variants"] if v["name"] == "Some"]
            return self.value(some[0]["type"], turn) if turn % 2 else None
        return getattr(self, f"_{form}")(definition, turn)

    def _primitive(self, name, turn):
        return {"bool": turn % 2 == 1, "str": "ab", "char": "a"}.get(name, 1 + turn)

    def _compact(self, definition, turn):
        return self.value(definition["type"], turn)

    def _is_byte(self, type_id):
        return self._types[type_id]["def"] == {"primitive": "u8"}

    def _sequence(self, definition, turn):
        if self._is_byte(definition["type"]):
            return "ab"
        return [self.value(definition["type"], turn)]

    def _array(self, definition, turn):
        if self._is_byte(definition["type"]):
            return "0x" + "0a" * definition["len"]
        return [self.value(definition["type"], turn)] * definition["len"]

    def _tuple(self, types, turn):
        return tuple(self.value(type_id, turn) for type_id in types)

    def _composite(self, definition, turn):
        return self._fields(definition["fields"], turn)

    def _variant(self, definition, turn):
        variant = definition["variants"][turn % len(definition["variants"])]
        if not variant["fields"]:
            return variant["name"]
        return {variant["name"]: self._fields(variant["fields"], turn)}

    def _fields(self, fields, turn):
        values = [self.value(field["type"], turn) for field in fields]
        if all(field["name"] for field in fields):
            return {field["name"]: value for field, value in zip(fields, values)}
        return values[0] if len(values) == 1 else tuple(values)
