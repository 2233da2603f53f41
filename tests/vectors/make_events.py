"""Writes events.json: payloads by Cap'n Proto's own tool, hashes from docs/formats.md alone.

It shares no code with the ledger: `capnp convert` makes the canonical bytes from the text form, Python
the hashes. The file is frozen; run it (python3, capnproto) only to add vectors, and look at the
difference.
"""
import base64
import hashlib
import json
import os
import re
import struct
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PROTO = os.path.join(HERE, "..", "..", "proto")


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def b64(data):
    return base64.b64encode(data).decode()


def encode(text, schema="event.capnp", root="TraceEvent", form="canonical", folder=PROTO):
    return subprocess.run(
        ["capnp", "convert", "text:" + form, os.path.join(folder, schema), root],
        input=text.encode(), stdout=subprocess.PIPE, check=True).stdout


def encode_newer(text, old, new):
    """The same under a schema of a later version."""
    with tempfile.TemporaryDirectory() as folder:
        source = open(os.path.join(PROTO, "event.capnp"), encoding="utf-8").read()
        assert old in source
        with open(os.path.join(folder, "event.capnp"), "w", encoding="utf-8") as file:
            file.write(source.replace(old, new))
        return encode(text, folder=folder)


CAN = "https://id.gs1.org/01/09521104301011/21/"
LOT = "https://id.gs1.org/01/09521104301011/10/L2606A"
CASE = "https://id.gs1.org/01/19521104301018/21/C1"
PALLET = "https://id.gs1.org/00/095211040000000017"
MILK = "https://id.gs1.org/01/09521101300014/10/M1"
WHEY = "https://id.gs1.org/01/09521102300013/10/W7"
PLANT = "https://id.gs1.org/414/9521104000006"
MOMENT = "eventTime = 1780378200000, eventOffset = 720"
SECTION_SALT = sha(b"suyuan vector section salt")
SECTION = sha(b"suyuan/section/v1\n", b"nz-mfr\npartner\n", SECTION_SALT, b"price 12.50 NZD")


def hex_data(data):
    return '0x"' + data.hex() + '"'


EVENTS = [
    ("the least that decodes", "(objects = [(code = \"%sA\")])" % CAN, [CAN + "A"]),
    ("commissioning", """(type = object, kind = supply, action = add, %s, step = "commissioning",
      objects = [(code = "%sA"), (code = "%sB")], lot = "%s", bizLocation = "%s", readPoint = "%s",
      disposition = "active", eventId = "urn:uuid:00000000-0000-4000-8000-000000000001",
      ilmd = [(depth = 0, kind = text, name = "cbvmda:itemExpirationDate", value = "2028-06-01")])"""
     % (MOMENT, CAN, CAN, LOT, PLANT, PLANT), [CAN + "A", CAN + "B"]),
    ("packing", """(type = aggregation, kind = supply, action = add, %s, step = "packing", parent = "%s",
      children = [(code = "%sA"), (code = "%sB")], readPoint = "%s")"""
     % (MOMENT, CASE, CAN, CAN, PLANT), [CASE, CAN + "A", CAN + "B"]),
    ("handing over", """(type = object, kind = logistics, action = observe, %s, step = "shipping",
      objects = [(code = "%s")], sources = [(type = "possessing_party", id = "urn:suyuan:party:nz-mfr")],
      destinations = [(type = "possessing_party", id = "urn:suyuan:party:nz-fwd")],
      sections = [(digest = %s, audience = partner, label = "price")],
      extensions = [(depth = 0, kind = text, name = "suyuan:scenario", value = "A09")])"""
     % (MOMENT, PALLET, hex_data(SECTION)), [PALLET]),
    ("mixing", """(type = transformation, kind = supply, %s, step = "creating_class_instance",
      inputs = [(code = "%s", quantity = (units = 60005, scale = 1), uom = "KGM"),
                (code = "%s", quantity = (units = 2, scale = 0), uom = "H87", netKg = (units = 500))],
      outputs = [(code = "%s", quantity = (units = 7000), uom = "KGM")],
      losses = [(reason = "dust", quantity = (units = 5, scale = 1), uom = "KGM"),
                (reason = "none", quantity = ())],
      transformationId = "urn:uuid:00000000-0000-4000-8000-000000000002", confirms = "urn:x:y")"""
     % (MOMENT, MILK, WHEY, LOT), [MILK, WHEY, LOT]),
    ("binding an order", """(type = transaction, kind = transaction, action = add, %s,
      transactions = [(type = "po", id = "urn:suyuan:id:order:1")], objects = [(code = "%sA")],
      persistentSet = [(text = "completeness_verified")], persistentUnset = [(text = "completeness_inferred")])"""
     % (MOMENT, CAN), [CAN + "A"]),
    ("fixing a sensor", """(type = association, kind = logistics, action = add, %s, parent = "%s",
      children = [(code = "%sA")], sensors = [(metadata = [(depth = 0, kind = text, name = "deviceID", value = "d1")],
        reports = [(type = "Temperature", value = (units = -185, scale = 1), uom = "CEL",
          time = (ms = 1780378200000, offset = -90), deviceId = "d1", minValue = (units = -20),
          maxValue = (), meanValue = (units = -19), exception = "ALARM_CONDITION",
          other = [(depth = 0, kind = object, name = "x"), (depth = 1, kind = number, name = "n", value = "1e3"),
                   (depth = 1, kind = array, name = "a"), (depth = 2, kind = boolean, value = "true"),
                   (depth = 2, kind = null)])])])"""
     % (MOMENT, PALLET, CAN), [PALLET, CAN + "A"]),
    ("a test, withdrawn", """(type = object, kind = inspection, action = observe, %s, wholeLot = true,
      objects = [(code = "%s")], result = "pass", certifications = [(text = "https://lab.example/r1")],
      documents = [(number = "R1", type = "lab_report", sha256 = %s, size = 1024, mediaType = "application/pdf",
        issuer = "nz-lab"), (number = "R2", type = "photo")],
      error = (declared = 1780378300000, declaredOffset = -720, reason = "incorrect_data",
        correctiveIds = [(text = "urn:uuid:00000000-0000-4000-8000-000000000003")]),
      eventId = "urn:uuid:00000000-0000-4000-8000-000000000004", step = "inspecting")"""
     % (MOMENT, LOT, hex_data(sha(b"report"))), [LOT]),
]

KEY = "(key = %s, possession = %s)" % (hex_data(b"\x11" * 32), hex_data(b"\x22" * 64))
PARTY = """(id = "nz-lab", name = "Te Awa Food Testing Ltd", nameZh = "检测中心", country = "NZ",
  gln = "9521105000005", creditCode = "91350205MA0DEM0132", representedBy = "cn-agent",
  roles = [(text = "supplier"), (text = "lab")],
  accreditations = [(number = "IANZ-DEMO-0417", validTo = (ms = 1806451199000, offset = 780),
    scope = [(text = "ISO 22964")])])"""
PRODUCT = """(gtin = "09521104301011", name = "Formula", nameZh = "配方奶粉", brand = "W", owner = "nz-mfr",
  licensees = [(text = "nz-pack")], uom = "H87", netKg = (units = 9, scale = 1), hs = "190110",
  shelfLifeDays = 730, containedGtin = "09521104301028", containedCount = 6, recallAgent = "cn-recall",
  sellers = [(text = "hk-ebc")], requiredSteps = [(text = "inspecting")])"""
SITE = """(gln = "9521104000006", party = "nz-mfr", name = "Plant 1", type = "factory", country = "NZ",
  region = "Waikato", latitude = (units = -37787, scale = 3), longitude = (units = 1752793, scale = 4),
  unlocode = "NZHLZ", supervisedBy = [(text = "nz-mpi")])"""
ACTS = [
    ("registerParty", "(registerParty = (party = %s, keys = [%s]))" % (PARTY, KEY)),
    ("amendParty", "(amendParty = %s)" % PARTY),
    ("addKey", '(addKey = (party = "nz-lab", key = %s))' % KEY),
    ("revokeKey", '(revokeKey = (party = "nz-lab", key = %s, suspectFrom = (leaf = 0), reason = "lost"))'
     % hex_data(b"\x11" * 32)),
    ("grantDelegation", '(grantDelegation = (party = "nz-farm-1", signer = "nz-mfr", until = (ms = 1806451199000)))'),
    ("endDelegation", '(endDelegation = (party = "nz-farm-1", signer = "nz-mfr"))'),
    ("registerProduct", "(registerProduct = %s)" % PRODUCT),
    ("amendProduct", "(amendProduct = %s)" % PRODUCT),
    ("registerSite", "(registerSite = %s)" % SITE),
    ("amendSite", "(amendSite = %s)" % SITE),
]


def event_vector(name, text, codes):
    payload = encode(text)
    salt = sha(b"suyuan vector salt " + name.encode())
    keys = sorted({sha(b"suyuan/code/v1\n", code.encode()) for code in codes})
    sealed = sha(b"suyuan/payload/v1\n", salt, payload)
    record = b"suyuan/event/v1\n" + struct.pack(">H", len(keys)) + b"".join(keys) + sealed
    return {"name": name, "text": re.sub(r"\s+", " ", text), "payload_base64": b64(payload),
            "codes": sorted(codes), "code_keys": [key.hex() for key in keys], "salt": salt.hex(),
            "payload_hash": sealed.hex(), "record_hex": record.hex()}


def refused():
    plain = '(step = "shipping", objects = [(code = "%sA")])' % CAN
    good = encode(plain)
    words = len(good)

    def one(fields):
        return encode("(" + fields + ")")

    many = ", ".join('(type = "a", id = "b")' for _ in range(257))
    return [
        ("no bytes", b"", "MALFORMED_EVENT"),
        ("not whole words", good[:-1], "MALFORMED_EVENT"),
        ("with a segment table", struct.pack("<II", 0, words // 8) + good, "NOT_CANONICAL"),
        ("a word cut off", good[:-8], "MALFORMED_EVENT"),
        ("a word added", good + bytes(8), "NOT_CANONICAL"),
        ("a null root", bytes(8), "NOT_CANONICAL"),
        ("defaults not cut", encode(plain, form="flat"), "NOT_CANONICAL"),
        ("a pointer out of bounds", b"\xf8\xff\xff\x7f" + good[4:], "MALFORMED_EVENT"),
        ("an empty text that is there", one('step = ""'), "NOT_CANONICAL"),
        ("an empty list that is there", one("objects = []"), "NOT_CANONICAL"),
        ("an empty decimal that is not reduced",
         one('objects = [(code = "c", quantity = (units = 0, scale = 2))]'), "NOT_CANONICAL"),
        ("a decimal that is not reduced",
         one('objects = [(code = "c", quantity = (units = 1250, scale = 2))]'), "NOT_CANONICAL"),
        ("a decimal of scale 10",
         one('objects = [(code = "c", quantity = (units = 1, scale = 10))]'), "INVALID_FIELD"),
        ("a decimal of 10^18",
         one('objects = [(code = "c", quantity = (units = 1000000000000000000))]'), "INVALID_FIELD"),
        ("a list of nothing", one("objects = [(), (), ()]"), "MISSING_FIELD"),
        ("text that is not UTF-8", good.replace(b"shipping", b"ship\xc0\xafng"), "BAD_TEXT"),
        ("text with a NUL", good.replace(b"shipping", b"ship\0ing"), "BAD_TEXT"),
        ("text that does not end", good.replace(b"shipping\0", b"shipping!"), "MALFORMED_EVENT"),
        ("text of 4,097 bytes", one('step = "%s"' % ("a" * 4097)), "TOO_LARGE"),
        ("257 sources", one("sources = [%s]" % many), "TOO_MANY"),
        ("a digest of 31 bytes", one("documents = [(sha256 = %s)]" % hex_data(b"\1" * 31)), "INVALID_FIELD"),
        ("a digest of no bytes that is there", one('documents = [(number = "n", sha256 = "")]'), "MISSING_FIELD"),
        ("a section without its digest", one('sections = [(label = "price")]'), "MISSING_FIELD"),
        ("a loss without its quantity", one('losses = [(reason = "dust")]'), "MISSING_FIELD"),
        ("an offset of 841 minutes", one("eventOffset = 841"), "INVALID_FIELD"),
        ("a time in the year 10000", one("eventTime = 253402300800000"), "INVALID_FIELD"),
        ("a choice of a later version",
         encode_newer("(kind = later)", "  inspection @4;", "  inspection @4; later @5;"), "INVALID_FIELD"),
        ("a field of a later version",
         encode_newer('(step = "shipping", later = "x")', "  persistentUnset @32 :List(Word);",
                      "  persistentUnset @32 :List(Word); later @33 :Text;"), "NOT_CANONICAL"),
        ("a number of a later version beside the last flag",
         encode_newer('(step = "shipping", later = 1)', "  persistentUnset @32 :List(Word);",
                      "  persistentUnset @32 :List(Word); later @33 :UInt8;"), "NOT_CANONICAL"),
    ]


def main():
    vectors = {
        "about": "Event payloads (proto/event.capnp, proto/registry.capnp) and what formats.md 2 and 8 hash. "
                 "text: the value in Cap'n Proto's text form; capnp convert text:canonical gives the payload. "
                 "refused: what a node answers to such a payload.",
        "events": [event_vector(*event) for event in EVENTS],
        "section": {"party": "nz-mfr", "audience": "partner", "salt": SECTION_SALT.hex(),
                    "bytes": "price 12.50 NZD", "digest": SECTION.hex()},
        "acts": [{"name": name, "text": re.sub(r"\s+", " ", text),
                  "payload_base64": b64(encode(text, "registry.capnp", "RegistryEvent"))} for name, text in ACTS],
        "refused": [{"name": name, "payload_base64": b64(payload), "want": want} for name, payload, want in refused()],
    }
    with open(os.path.join(HERE, "events.json"), "w", encoding="utf-8") as file:
        json.dump(vectors, file, ensure_ascii=False, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
