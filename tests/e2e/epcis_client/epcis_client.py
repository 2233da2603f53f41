#!/usr/bin/env python3
"""A client of the EPCIS 2.0 REST binding that knows nothing of us: it is made from the standard's
own OpenAPI description. Every path with every parameter is called against a running node; status
and content type must be among those that the description lists, bodies and events must hold against
its schemas and against the standard's JSON Schema, and so must the headers that it lists. What
docs/epcis_paths.md lists as refused must be, and so must a parameter that nobody knows.

  epcis_client.py BASE TOKEN SCHEMA_FOLDER DOCUMENT [FOLDER_OF_EPCIS_FILES...]
"""
import http.client
import json
import os
import re
import sys
import time
import urllib.parse

from description import Description, first_fault, header_value

PROBLEM = "application/problem+json"
# What can only be asked for together with something else.
BESIDE = {"eventCountLimit": {"orderBy": "eventTime"}, "orderDirection": {"orderBy": "eventTime"}}
# Of the description's own examples these do not hold by its own schemas.
BAD_EXAMPLES = {"/queries/{queryName}/subscriptions": "'secret' is a required property"}

faults = []


def fault(text):
    faults.append(text)


class Node:
    def __init__(self, base, token):
        parts = urllib.parse.urlsplit(base)
        self.base = base
        self.root = parts.path
        self.token = token
        self.http = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
        self.calls = 0

    def send(self, method, target, headers=None, body=None):
        headers = dict(headers or {}, Authorization="Bearer " + self.token)
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.calls += 1
        self.http.request(method, target, body, headers)
        answer = self.http.getresponse()
        text = answer.read()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, text

    def job(self, target):
        for _ in range(2000):
            status, _, text = self.send("GET", target)
            job = json.loads(text)
            if status != 200 or not job["running"]:
                return job
            time.sleep(0.005)
        raise RuntimeError("the job does not end")


class Client:
    def __init__(self, description, node, document):
        self.description = description
        self.node = node
        self.known = {}  # values that only a call can give: captureID, subscriptionID, ...
        self.refused = set(re.findall(r"^\| `([^`]+)` \| refused", document, re.M))
        self.refused |= set(re.findall(r"^\| `([^`]+)` \((?:query|header)\) \| refused", document,
                                       re.M))
        self.seen = {}    # event as text -> its fault by the standard's JSON Schema, or None
        self.paths = set()
        self.parameters = set()
        self.names = 0

    def target(self, path, parameters, query):
        for one in parameters:
            if one["in"] == "path":
                value = self.known.get(one["name"]) or self.description.value_of(one)
                path = path.replace("{" + one["name"] + "}", urllib.parse.quote(value, safe=""))
        query = urllib.parse.urlencode(query, quote_via=urllib.parse.quote)
        return self.node.root + path + ("?" + query if query else "")

    def body_of(self, path, operation):
        if "requestBody" not in operation:
            return None
        content = self.description.follow(operation["requestBody"])["content"]["application/json"]
        body = content.get("example") or self.description.follow(content["schema"]).get("example")
        if path == "/queries":
            self.names += 1
            body = dict(body, name="query" + str(self.names))
        wrong = self.description.fault_in(content["schema"], body)
        if wrong and BAD_EXAMPLES.get(path, "?") not in wrong:
            fault(f"the description's own example of {path}: {wrong}")
        return body

    def call(self, path, method, operation, parameters, asked=None):
        """One call, with one parameter where `asked` names it."""
        query, headers, name = {}, {}, ""
        if asked is not None:
            name = asked["name"]
            value = self.known.get(name) or self.description.value_of(asked)
            (query if asked["in"] == "query" else headers)[name] = value
            query.update(BESIDE.get(name, {}))
            self.parameters.add(name)
        if name in ("Upgrade", "Connection"):
            headers = {"Upgrade": "websocket", "Connection": "upgrade"}
        if operation["responses"].get("200") and path.endswith("/events"):
            query.setdefault("perPage", "5")
        if name == "nextPageToken":
            query["perPage"] = "1"
            first = self.node.send("GET", self.target(path, parameters, {"perPage": "1"}))
            found = re.search(r"nextPageToken=([^&>]+)", first[1].get("link", ""))
            if not found:
                return  # all there is fits into one page
            query[name] = urllib.parse.unquote(found[1])
        target = self.target(path, parameters, query)
        what = f"{method.upper()} {path}" + (f" with {name}" if name else "")
        status, got, text = self.node.send(method.upper(), target, headers,
                                           self.body_of(path, operation))
        self.check(what, operation, status, got, text)
        refused = f"{method.upper()} {path}" in self.refused or name in self.refused
        if refused != (status >= 400):
            said = "refused" if refused else "done"
            fault(f"{what}: docs/epcis_paths.md says {said}, the answer is {status}: "
                  f"{text[:200].decode()}")
        return status, got, text

    def check(self, what, operation, status, got, text):
        answers = operation["responses"]
        if status == 501 or (status == 400 and str(status) not in answers):
            self.check_problem(what, status, got, text)
            return
        if str(status) not in answers:
            fault(f"{what}: {status} is no status that the description has: {text[:200].decode()}")
            return
        answer = self.description.follow(answers[str(status)])
        if status >= 400:
            self.check_problem(what, status, got, text)
            return
        self.check_headers(what, answer.get("headers", {}), got)
        content = answer.get("content", {})
        if not text and (status in (201, 202, 204) or not content):
            return
        kind = got.get("content-type", "").split(";")[0]
        if kind not in content:
            fault(f"{what}: {kind} is no content type that the description has")
            return
        body = json.loads(text)
        self.check_body(what, content[kind]["schema"], body, content[kind].get("example"))

    def check_headers(self, what, described, got):
        """OPTIONS has all of them but the refused ones; what comes is as the schema says."""
        for name, header in described.items():
            text = got.get(name.lower())
            if text is None:
                needed = name in ("GS1-EPCIS-Version", "GS1-CBV-Version", "Location")
                if needed or (what.startswith("OPTIONS ") and name not in self.refused):
                    fault(f"{what}: the header {name} is missing")
                continue
            if name == "Location":  # a relative one is resolved first, as HTTP says
                text = urllib.parse.urljoin(self.node.base, text)
            schema = self.description.follow(header)["schema"]
            plain = self.description.follow(schema)
            example = plain.get("example")
            try:
                if isinstance(example, str):
                    example = header_value(plain, example)
                wrong = self.description.fault_in(schema, header_value(plain, text), example)
            except ValueError as error:
                wrong = str(error)
            if wrong:
                fault(f"{what}: the header {name}: {text}: {wrong}")

    def refuses_unknown(self, path, method, operation, parameters):
        """A parameter that nobody knows is refused by its name, and nothing is done."""
        target = self.target(path, parameters, {"no_such_parameter": "1"})
        what = f"{method.upper()} {path} with no_such_parameter"
        status, got, text = self.node.send(method.upper(), target,
                                           body=self.body_of(path, operation))
        if status != 400 or b"no_such_parameter" not in text:
            fault(f"{what}: {status} {text[:200].decode()}")
            return
        self.check_problem(what, status, got, text)

    def check_problem(self, what, status, got, text):
        if got.get("content-type", "").split(";")[0] != PROBLEM:
            fault(f"{what}: {status} comes as {got.get('content-type')}")
            return
        body = json.loads(text)
        schema = {"$ref": "#/components/schemas/RFC7807ProblemResponseBody"}
        wrong = self.description.fault_in(schema, body)
        if wrong or not body.get("detail") or body.get("status") != status:
            fault(f"{what}: a problem that does not tell: {wrong} {body}")

    def check_body(self, what, schema, body, example):
        """Events are many and come again and again: each is looked at once, the rest each time."""
        events = []
        if isinstance(body, dict) and body.get("type") == "EPCISQueryDocument":
            results = body["epcisBody"]["queryResults"]["resultsBody"]
            events, results["eventList"] = results["eventList"], []
            example = None
        elif isinstance(body, dict) and "eventTime" in body:
            events, schema = [body], None
        if schema is not None:
            if isinstance(example, str):
                example = json.loads(example)
            wrong = self.description.fault_in(schema, body, example)
            if wrong:
                fault(f"{what}: {wrong}")
        if isinstance(body, dict) and body.get("type") == "EPCISQueryDocument":
            wrong = first_fault(self.description.normative, body)
            if wrong:
                fault(f"{what}: by the JSON Schema: {wrong}")
        for event in events:
            text = json.dumps(event, sort_keys=True)
            if text not in self.seen:
                self.seen[text] = self.event_fault(event)

    def event_fault(self, event):
        event = dict(event)
        event.setdefault("@context", "https://ref.gs1.org/standards/epcis/epcis-context.jsonld")
        return first_fault(self.description.normative, event)

    def run(self):
        operations = list(self.description.operations())
        order = {"post": 0, "options": 1, "get": 2, "delete": 3}
        events_first = {"/events": 0, "/capture": 1, "/queries": 2}
        # What is created first is there for the others, and what is within goes before its whole.
        operations.sort(key=lambda one: (order[one[1]], events_first.get(one[0], 3),
                                         -len(one[0]) if one[1] == "delete" else 0))
        for path, method, operation, parameters in operations:
            asked = [one for one in parameters if one["in"] != "path"]
            if method == "delete":
                asked = []
            self.paths.add(f"{method.upper()} {path}")
            if method != "options":
                self.refuses_unknown(path, method, operation, parameters)
            answer = self.call(path, method, operation, parameters)
            self.learn(path, method, answer)
            for one in asked:
                self.call(path, method, operation, parameters, one)

    def learn(self, path, method, answer):
        if method != "post" or answer is None or answer[0] >= 400:
            return
        where = answer[1].get("location", "")
        last = urllib.parse.unquote(where.rsplit("/", 1)[-1])
        if path == "/capture":
            self.known["captureID"] = last
            job = self.node.job(where)
            if not job["success"]:
                fault(f"the description's own document is not captured: {json.dumps(job)[:400]}")
        elif path == "/queries":
            self.known["queryName"] = last
        elif path.endswith("/subscriptions"):
            self.known["subscriptionID"] = last


def post_files(node, client, folders):
    """Every file of the folders; which of their events hold by the standard's schema themselves."""
    posted = {}
    for folder in folders:
        for where, _, names in sorted(os.walk(folder)):
            for name in sorted(names):
                with open(os.path.join(where, name), "rb") as file:
                    text = file.read()
                document = json.loads(text.decode("utf-8-sig"))
                if "epcisBody" not in document:
                    continue
                body = document["epcisBody"]
                events = body.get("eventList") or body["queryResults"]["resultsBody"]["eventList"]
                for event in events:
                    if event.get("eventID"):
                        posted.setdefault(event["eventID"], []).append(client.event_fault(event))
                status, got, answer = node.send(
                    "POST", node.root + "/capture",
                    {"GS1-Capture-Error-Behaviour": "proceed", "Suyuan-Audience": "public"}, text)
                if status != 202:
                    fault(f"{name}: {status} {answer[:200].decode()}")
                else:
                    node.job(got["location"])
    return posted


def walk_all(node, client, operation):
    """Every event that there is, page by page."""
    target = node.root + "/events?perPage=100"
    count = 0
    while target:
        status, got, text = node.send("GET", target)
        count += len(json.loads(text)["epcisBody"]["queryResults"]["resultsBody"]["eventList"])
        client.check(f"GET {target}", operation, status, got, text)
        link = re.match(r'<([^>]+)>; rel="next"', got.get("link", ""))
        target = link[1] if link else ""
    return count


def main():
    base, token, folder, document, *folders = sys.argv[1:]
    with open(document, encoding="utf-8") as file:
        text = file.read()
    description = Description(folder)
    node = Node(base, token)
    client = Client(description, node, text)
    client.run()
    posted = post_files(node, client, folders)
    operation = description.all["paths"]["/events"]["get"]
    count = walk_all(node, client, operation)
    strange = 0
    for event, wrong in client.seen.items():
        if wrong is None:
            continue
        event = json.loads(event)
        if any(posted.get(event.get("eventID"), [wrong])):
            strange += 1  # it was so when it was posted, and is kept as it came
        else:
            fault(f"event {event.get('eventID')}: {wrong}")
    print(f"{node.calls} calls; {len(client.paths)} operations, "
          f"{len(client.parameters)} parameters; "
          f"{count} events walked, {len(client.seen)} answers of events held against the schema, "
          f"{strange} of them as strange as they were posted; {description.unusable} schemas that "
          "their own examples do not hold by")
    for one in faults:
        print("FAULT " + one)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
