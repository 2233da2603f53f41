#!/usr/bin/env python3
"""Compares our verdict on an event with the standard's JSON Schema: of valid events one member at a
time is left out, gets another value or is doubled, and both judge the result. Only what
docs/epcis.md lists as stricter or wider may differ.

  schema_verdicts.py BASE TOKEN SCHEMA_FOLDER DOCUMENT FOLDER_OF_EPCIS_FILES...
"""
import copy
import json
import os
import re
import sys

from description import Description, first_fault
from epcis_client import Node

AT_ONCE = 40         # events of one capture; one that the node refuses makes it capture nothing
ERRORS_MAX = 100     # docs/epcis_rest.md, Captures: of a job, and their bytes
ERROR_BYTES_MAX = 24 << 10
POISON = {"type": "ObjectEvent", "eventID": "urn:example:poison"}
CHANGES = ("without", "retyped", "null", "empty", "beside", "doubled")
# Rows of docs/epcis.md, and the cases that they cover: change and place, our fault or "accepted".
ROWS = {
    "second 60, a scheme with nothing after it, an empty text": ("empty .*", ".*an empty text.*"),
    "a `uom` without a `quantity`": ("without .*[qQ]uantityList/0/quantity",
                                     ".*a unit needs a quantity.*"),
    "an empty `bizTransactionList` of a TransactionEvent":
        ("(without|empty) TransactionEvent/bizTransactionList(/0)?", "accepted"),
    "an EPC twice in `childEPCs`, or in the `epcList` of a TransactionEvent":
        ("doubled (.*/childEPCs|TransactionEvent/epcList)/0", ".* is twice in .*"),
}


def events_in(folders):
    for folder in folders:
        for where, _, names in sorted(os.walk(folder)):
            for name in sorted(names):
                with open(os.path.join(where, name), "rb") as file:
                    document = json.loads(file.read().decode("utf-8-sig"))
                if "epcisBody" not in document:
                    continue
                body = document["epcisBody"]
                events = body.get("eventList") or body["queryResults"]["resultsBody"]["eventList"]
                for event in events:
                    yield dict(event, **{"@context": document["@context"]})


def places_in(value, place=()):
    """Members at all depths, those of lists in their first entry. Contexts are not the event's."""
    if isinstance(value, dict):
        for name, one in value.items():
            if name != "@context":
                yield place + (name,)
                yield from places_in(one, place + (name,))
    elif isinstance(value, list) and value:
        yield place + (0,)
        yield from places_in(value[0], place + (0,))


def retyped(value):
    if isinstance(value, str):
        return 7
    if isinstance(value, bool) or isinstance(value, (int, float)):
        return "seven"
    return "text" if isinstance(value, dict) else {}


def changed(event, place, how):
    event = copy.deepcopy(event)
    at = event
    for part in place[:-1]:
        at = at[part]
    if how == "without":
        del at[place[-1]]
    elif how == "null":
        at[place[-1]] = None
    elif how == "empty":
        at[place[-1]] = type(at[place[-1]])()
    elif how == "beside":
        at["strange"] = "text"
    elif how == "doubled":
        at.insert(0, copy.deepcopy(at[0]))
    else:
        at[place[-1]] = retyped(at[place[-1]])
    return event


def cases_of(events):
    """One for each change, type of event and place, by its name: the same for the same files."""
    cases = {}
    for event in events:
        for place in places_in(event):
            for how in CHANGES:
                in_list = not isinstance(place[-1], str)
                if (how == "beside" and in_list) or (how == "doubled" and not in_list):
                    continue
                name = f"{how} {event['type']}/{'/'.join(map(str, place))}"
                if name not in cases:
                    cases[name] = changed(event, place, how)
    return cases


def refused_among(node, events):
    """The faults of those that the node refuses, by their number. Nothing is captured."""
    named = [dict(one) for one in events]
    for i, one in enumerate(named):
        if one.get("eventID") and isinstance(one["eventID"], str):
            one["eventID"] = f"urn:example:{i}"
    document = {"@context": "https://ref.gs1.org/standards/epcis/epcis-context.jsonld",
                "type": "EPCISDocument", "schemaVersion": "2.0",
                "creationDate": "2026-06-01T00:00:00Z",
                "epcisBody": {"eventList": named + [POISON]}}
    status, got, text = node.send("POST", node.root + "/capture", {}, document)
    whole = status == 202
    if whole:
        job = node.job(got["location"])
        errors = job["errors"]
        whole = len(errors) < ERRORS_MAX and len(json.dumps(errors)) < ERROR_BYTES_MAX
    if not whole and len(events) > 1:
        half = len(events) // 2
        found = refused_among(node, events[:half])
        found.update({half + i: one for i, one in refused_among(node, events[half:]).items()})
        return found
    if status != 202:
        return {0: text[:200].decode()}
    if job["success"]:
        raise RuntimeError("an event without anything was captured")
    found = {}
    for error in errors:
        at = re.match(r"/epcisBody/eventList/(\d+)", error["pointer"])
        if at is None:
            raise RuntimeError(f"an error of no event: {error}")
        found.setdefault(int(at[1]), error["pointer"] + ": " + error["detail"])
    found.pop(len(events), None)
    return found


def judged_by_node(node, events):
    found = {}
    for begin in range(0, len(events), AT_ONCE):
        part = refused_among(node, events[begin:begin + AT_ONCE])
        found.update({begin + i: one for i, one in part.items()})
    return found


def row_of(name, fault):
    for row, (cases, faults) in ROWS.items():
        if re.fullmatch(cases, name) and re.fullmatch(faults, fault, re.S):
            return row
    return None


def main():
    base, token, folder, document, *folders = sys.argv[1:]
    with open(document, encoding="utf-8") as file:
        text = file.read()
    schema = Description(folder).normative
    node = Node(base, token)
    valid = [one for one in events_in(folders) if schema.is_valid(one)]
    refused = judged_by_node(node, valid)
    cases = cases_of([one for i, one in enumerate(valid) if i not in refused])
    refused = judged_by_node(node, list(cases.values()))
    faults = [f"docs/epcis.md has no row for {row}" for row in ROWS if f"| {row} |" not in text]
    rows = {}
    for i, (name, event) in enumerate(cases.items()):
        if schema.is_valid(event) == (i not in refused):
            continue
        row = row_of(name, refused.get(i, "accepted"))
        rows[row] = rows.get(row, 0) + 1
        if row is None:
            faults.append(f"{name}: the schema says {first_fault(schema, event)}, "
                          f"the node {refused.get(i)}")
    print(f"{len(cases)} cases, {len(refused)} of them refused; other than the schema, by rows: "
          f"{rows}")
    for one in faults:
        print("FAULT " + one)
    return 1 if faults or not refused or len(refused) == len(cases) else 0


if __name__ == "__main__":
    sys.exit(main())
