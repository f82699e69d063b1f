"""Reads an OSCAL document with compliance-trestle, which holds NIST's models: fields that they do not know, values that
they do not allow and UUIDs that stand twice are refused.

    read_oscal.py catalog|assessment-results FILE

Prints what it found as one JSON object; ends with 1 and says why where it is refused.
"""

import json
import re
import sys

from trestle.oscal.assessment_results import Model as Results
from trestle.oscal.catalog import Model as Catalog

kind, path = sys.argv[1:]
with open(path, encoding="utf-8") as file:
    text = file.read()
model = {"catalog": Catalog, "assessment-results": Results}[kind]
try:
    read = model.model_validate_json(text)
except ValueError as error:
    print(f"refused: {error}", file=sys.stderr)
    sys.exit(1)

document = json.loads(text)


def walk(value):
    """Every object in it."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner)


uuids = [found["uuid"] for found in walk(document) if "uuid" in found]
ids = [found["id"] for found in walk(document) if "id" in found]
for names in (uuids, ids):
    if len(names) != len(set(names)):
        print("refused: something stands twice", file=sys.stderr)
        sys.exit(1)
for found in walk(document):
    for name in ("observation-uuid", "actor-uuid", "subject-uuid"):
        if name in found and found[name] not in uuids:
            print(f"refused: {name} {found[name]} leads nowhere", file=sys.stderr)
            sys.exit(1)
    href = str(found.get("href", ""))
    if href.startswith("#") and href[1:] not in uuids:
        print(f"refused: {href} leads nowhere", file=sys.stderr)
        sys.exit(1)
assert all(re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", uuid) for uuid in uuids)
print(json.dumps({"uuids": len(uuids), "ids": sorted(ids)}))
