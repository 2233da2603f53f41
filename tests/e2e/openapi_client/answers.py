#!/usr/bin/env python3
"""Holds a node's own answers against docs/openapi.json: every GET is asked of a ledger that has the
scenario, and status, content type and body must be as the description says. A member that the
description does not name is a fault too, and so is a path that is asked nothing.

  answers.py BASE OPENAPI_FILE
"""
import http.client
import json
import re
import sys
import time
import urllib.parse
import warnings

warnings.simplefilter("ignore", DeprecationWarning)
import jsonschema  # noqa: E402  Debian's python3-jsonschema

CAN = "https://id.gs1.org/01/09521104301011/21/3BGEJEE2QM52"
LOT = "https://id.gs1.org/01/09521103200018/10/PX0513"
CLASS = "https://id.gs1.org/01/09521104301011"
NOBODY = "https://id.gs1.org/01/09521104301011/21/NEVER"
DOCUMENT = "/v1/events/{leaf}/{event}/documents/{sha256}"
# What only a key or a session may ask, and what the scenario has nothing for.
REFUSED = {"/v1/access", "/v1/batches/{id}/receipt", "/v1/attachments/{sha256}", "/page/{file}",
           DOCUMENT}

base, description_file = sys.argv[1:]
with open(description_file, encoding="utf-8") as file:
    description = json.load(file)
faults = []


def fault(text):
    faults.append(text)
    print("FAULT " + text)


def closed(value):
    """Objects have the members that are named, and no others."""
    if isinstance(value, list):
        return [closed(one) for one in value]
    if not isinstance(value, dict):
        return value
    made = {name: closed(one) for name, one in value.items()}
    if isinstance(value.get("properties"), dict) and value.get("type") == "object":
        made.setdefault("additionalProperties", False)
    return made


strict = closed(description)


def ask(method, target, body=None, accept="*/*"):
    host = urllib.parse.urlsplit(base)
    connection = http.client.HTTPConnection(host.hostname, host.port, timeout=30)
    headers = {"Accept": accept}
    if body is not None:
        headers["Content-Type"] = "application/json"
    connection.request(method, target, body=body, headers=headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, (answer.getheader("Content-Type") or ""), content


def resolved(value):
    while isinstance(value, dict) and "$ref" in value:
        name = value["$ref"]
        value = strict
        for part in name[2:].split("/"):
            value = value[part]
    return value


def check(method, path, target, body=None, accept="*/*"):
    """Asks, and returns the JSON of a 2xx answer."""
    status, media_type, content = ask(method, target, body, accept)
    where = f"{method} {target}"
    responses = strict["paths"][path][method.lower()]["responses"]
    described = responses.get("default") if status >= 400 else None
    response = resolved(responses.get(str(status), described))
    if response is None:
        fault(f"{where}: status {status} is not described: {content[:200]!r}")
        return None
    if status < 300:
        answered.add((method, path))
    kinds = response.get("content")
    if not kinds:
        return None
    spelled = {re.sub(r"\s", "", kind): kind for kind in kinds}
    plain = media_type.split(";")[0]
    kind = spelled.get(re.sub(r"\s", "", media_type), spelled.get(plain))
    if kind is None:
        fault(f"{where}: {status} with {media_type}, described are {sorted(kinds)}")
        return None
    if not plain.endswith("json"):
        return None
    value = json.loads(content)
    schema = dict(kinds[kind].get("schema", {}), components=strict["components"])
    error = jsonschema.exceptions.best_match(jsonschema.Draft7Validator(schema).iter_errors(value))
    if error is not None:
        at = "/" + "/".join(map(str, error.absolute_path))
        fault(f"{where}: {status}, {at}: {error.message[:300]}")
    return value if status < 300 else None


asked, answered = set(), set()


def get(path, query="", accept="*/*", **values):
    asked.add(path)
    target = path
    for name, value in values.items():
        safe = "/" if path.startswith("/log/") or re.match(r"/\d", path) else ""
        target = target.replace("{" + name + "}", urllib.parse.quote(str(value), safe=safe))
    return check("GET", path, target + query, accept=accept)


def ask_of_codes():
    for path in sorted(strict["paths"]):
        if not path.startswith("/v1/codes/"):
            continue
        for code in (CAN, LOT, CLASS, NOBODY, "not a code"):
            get(path, code=code)
    for code in (CAN, LOT):
        get("/v1/codes/{code}/trace", "?events=true&limit=2", code=code)
        get("/v1/codes/{code}/forward", "?limit=2", code=code)
        get("/v1/codes/{code}/verdict", "?at=2026-08-10T00:00:00Z", code=code)


def ask_of_events():
    events = get("/v1/codes/{code}/events", code=CAN)["chain"]["entries"]
    for one in events:
        leaf, event = one["leaf"], one["event"]
        told = get("/v1/events/{leaf}/{event}", "?path=true", leaf=leaf, event=event)
        get("/log/events/{leaf}", leaf=f"{leaf:03}")
        get("/log/proof/{index}", index=leaf)
        for document in re.findall(r'"sha256": ?"([0-9a-f]{64})"', json.dumps(told)):
            get(DOCUMENT, leaf=leaf, event=event, sha256=document)
    for leaf, event in ((999999, 0), ("x", 0)):
        get("/v1/events/{leaf}/{event}", leaf=leaf, event=event)
    get(DOCUMENT, leaf=events[0]["leaf"], event=0, sha256="0" * 64)
    get("/v1/batches/{id}/receipt", id="0" * 64)
    get("/v1/attachments/{sha256}", sha256="0" * 64)


def ask_of_registry():
    for kind, key in (("parties", "id"), ("products", "gtin"), ("sites", "gln")):
        listed = get(f"/v1/registry/{kind}", "?limit=3")
        get(f"/v1/registry/{kind}", "?limit=100000")
        for one in listed[kind]["items"]:
            get(f"/v1/registry/{kind}/{{{key}}}", **{key: one[key]})
        get(f"/v1/registry/{kind}/{{{key}}}", **{key: "nobody"})


def ask_of_the_log():
    size = get("/v1/status")["head"]["size"]
    get("/v1/consistency", f"?from=1&to={size}")
    get("/v1/consistency", "?from=9&to=1")
    get("/log/tile/{tile}", tile=f"0/000.p/{size}")
    get("/log/tile/{tile}", tile="0/x999")
    for path in ("/log/checkpoint", "/log/genesis.leaf", "/v1/genesis", "/v1/policy", "/v1/access",
                 "/", "/service-worker.js", "/v1/openapi.json", "/healthz", "/readyz", "/metrics",
                 "/.well-known/gs1resolver"):
        get(path)
    get("/page/{file}", file="nothing.js")


OTHER_KEYS = {f"/{key}/{{code}}" for key in (253, 255, 401, 402, 415, 8003, 8004, 8006, 8010, 8013,
                                             8017, 8018)}


def ask_of_links():
    get("/00/{code}", accept="application/json", code="395211040000010013")
    for path in sorted(path for path in strict["paths"] if re.match(r"/\d+/\{code\}$", path)):
        for accept in ("text/html", "application/json", "application/linkset+json"):
            get(path, accept=accept, code="1")
    for listed, key in ((get("/v1/registry/parties"), "417"), (get("/v1/registry/sites"), "414")):
        for one in (listed.get("parties") or listed["sites"])["items"]:
            if "gln" in one:
                get(f"/{key}/{{code}}", accept="application/json", code=one["gln"])
    for code in ("09521104301011/21/3BGEJEE2QM52", "09521104301011", "09521103200018/10/PX0513",
                 "09521104301012"):
        for accept in ("text/html", "application/json", "application/linkset+json", "image/png"):
            get("/01/{code}", accept=accept, code=code)
        for link in ("linkset", "all", "gs1:pip", "gs1:traceability", "gs1:epcis",
                     "gs1:certificationInfo"):
            get("/01/{code}", "?linkType=" + link, accept="application/json", code=code)


def post_what_needs_no_key():
    check("POST", "/v1/challenges", "/v1/challenges", body="")
    for scan in ({"code": CAN, "device": "a-device-of-the-test"}, {"code": LOT},
                 {"code": "nothing"}, {}, []):
        check("POST", "/v1/scans", "/v1/scans", body=json.dumps(scan))
    for path in ("/v1/batches", "/v1/notices", "/v1/sessions"):
        check("POST", path, path, body="{}")


def wait_for_a_checkpoint():
    for _ in range(300):
        status = json.loads(ask("GET", "/v1/status")[2])
        if status["head"]["size"] == status["status"]["publishedSize"]:
            return
        time.sleep(0.1)
    fault("no checkpoint covers the log")


wait_for_a_checkpoint()
ask_of_codes()
ask_of_events()
ask_of_registry()
ask_of_the_log()
ask_of_links()
post_what_needs_no_key()
for path, methods in strict["paths"].items():
    if "get" not in methods:
        continue
    if path not in asked:
        fault(f"GET {path} was not asked")
    elif ("GET", path) not in answered and path not in REFUSED and path not in OTHER_KEYS:
        fault(f"GET {path} answered nothing")
print(f"{len(asked)} paths, {len(faults)} faults")
sys.exit(1 if faults else 0)
