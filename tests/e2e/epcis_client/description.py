"""The standard's OpenAPI description of the EPCIS 2.0 REST binding, and its JSON Schema: what may be
asked, what may be answered, and whether a value is as they say.
"""
import json
import os
import re
import warnings

warnings.simplefilter("ignore", DeprecationWarning)
import jsonschema  # noqa: E402  Debian's python3-jsonschema

# Values where the description has neither an example nor an enumeration nor a default.
BY_FORMAT = {"date-time": "2022-06-30T00:15:47.000-05:00", "uri": "urn:example:1"}
BY_NAME = {"orderBy": "recordTime", "maxEventCount": "1000", "GS1-CBV-XML-Format": "No_Preference",
           "GS1-Extensions": "example=http://ns.example.com/epcis/"}
BY_NAME.update({f"GS1-{what}-{which}": "2.0.0" for what in ("EPCIS", "CBV")
                for which in ("Version", "Min", "Max")})

FORMATS = jsonschema.FormatChecker(formats=())


@FORMATS.checks("uri")
def is_uri(text):
    return not isinstance(text, str) or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:\S+$", text) is not None


@FORMATS.checks("date-time")
def is_time(text):
    pattern = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"
    return not isinstance(text, str) or re.match(pattern, text) is not None


def first_fault(validator, value):
    """The fault that tells most, or None."""
    error = jsonschema.exceptions.best_match(validator.iter_errors(value))
    if error is None:
        return None
    return "/" + "/".join(map(str, error.absolute_path)) + ": " + error.message[:200]


def header_value(schema, text):
    """A header's text as what its schema describes; raises ValueError if it cannot be that."""
    if schema.get("type") == "integer":
        return int(text)
    if schema.get("type") == "object":  # "style: simple" with "explode": a=1,b=2
        pairs = [one.strip().partition("=") for one in text.split(",")]
        if not all(name and equals for name, equals, _ in pairs):
            raise ValueError("expected name=value pairs")
        return {name: value for name, _, value in pairs}
    return text


def with_any_for_one(value):
    """Alternatives that exclude each other become such that do not."""
    if isinstance(value, dict):
        return {"anyOf" if name == "oneOf" else name: with_any_for_one(one)
                for name, one in value.items()}
    if isinstance(value, list):
        return [with_any_for_one(one) for one in value]
    return value


def without_strange_patterns(value):
    """Those of schedules are of another dialect of regular expressions: left out."""
    if isinstance(value, dict):
        return {name: without_strange_patterns(one) for name, one in value.items()
                if not (name == "pattern" and isinstance(one, str) and "(?<element>" in one)}
    if isinstance(value, list):
        return [without_strange_patterns(one) for one in value]
    return value


class Description:
    """The OpenAPI file: operations, parameters, answers, with references followed."""

    def __init__(self, folder):
        with open(os.path.join(folder, "openapi.json"), encoding="utf-8") as file:
            self.all = without_strange_patterns(json.load(file))
        with open(os.path.join(folder, "EPCIS-JSON-Schema.json"), encoding="utf-8") as file:
            self.normative = jsonschema.Draft7Validator(json.load(file), format_checker=FORMATS)
        self.validators = {}
        self.unusable = 0  # schemas that the description's own examples do not hold by

    def follow(self, value):
        while "$ref" in value:
            at = self.all
            for part in value["$ref"].lstrip("#/").split("/"):
                at = at[part.replace("~1", "/").replace("~0", "~")]
            value = at
        return value

    def operations(self):
        for path, item in self.all["paths"].items():
            shared = item.get("parameters", [])
            for method, operation in item.items():
                if method == "parameters":
                    continue
                parameters = [self.follow(one) for one in shared + operation.get("parameters", [])]
                unique = {(one["in"], one["name"]): one for one in parameters}
                yield path, method, operation, list(unique.values())

    def fault_in(self, schema, value, example=None):
        """The first fault of the value, or None. Where the description's own example is none by its
        own schema, alternatives need not exclude each other; where it still is none, nothing is
        said: the schema cannot be what is meant."""
        key = json.dumps(schema, sort_keys=True)
        if key not in self.validators:
            self.validators[key] = self.validator_of(schema, example)
        return first_fault(self.validators[key], value) if self.validators[key] else None

    def validator_of(self, schema, example):
        whole = {"allOf": [schema], "components": self.all["components"]}
        for one in (whole, with_any_for_one(whole)):
            validator = jsonschema.Draft4Validator(one, format_checker=FORMATS)
            if example is None or validator.is_valid(example):
                return validator
        self.unusable += 1
        return None

    def value_of(self, parameter):
        """A value that the description itself gives or allows."""
        if parameter["name"] in BY_NAME:
            return BY_NAME[parameter["name"]]
        if "example" in parameter:
            return str(parameter["example"])
        schema = self.follow(parameter["schema"])
        if schema.get("type") == "array":
            schema = self.follow(schema["items"])
        for part in [schema] + schema.get("anyOf", []) + schema.get("oneOf", []):
            part = self.follow(part)
            if "enum" in part:
                return json.dumps(part["enum"][0]).strip('"')
            for word in ("example", "default"):
                if isinstance(part.get(word), (str, int, float, bool)):
                    return json.dumps(part[word]).strip('"')
            if part.get("format") in BY_FORMAT:
                return BY_FORMAT[part["format"]]
        plain = {"integer": "1", "number": "1", "boolean": "true"}
        return plain.get(schema.get("type"), "text")
