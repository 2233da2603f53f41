"""Writes genesis.json, notes.json and registry.json from docs/formats.md alone: a second implementation.

It shares no code with the ledger. The files are frozen; run it (python3 with the package cryptography)
only to add vectors, and look at the difference.
"""
import base64
import hashlib
import json
import os

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

HERE = os.path.dirname(os.path.abspath(__file__))


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def b64(data):
    return base64.b64encode(data).decode()


class Key:
    def __init__(self, label):
        self.seed = sha(b"suyuan vector key " + label.encode())
        self.secret = Ed25519PrivateKey.from_private_bytes(self.seed)
        self.public = self.secret.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def json(self):
        return {"seed": self.seed.hex(), "public": self.public.hex()}


def key_id(name, public):
    return sha(name.encode() + b"\n\x01" + public)[:4]


def signature_line(text, name, key):
    return "\u2014 %s %s\n" % (name, b64(key_id(name, key.public) + key.secret.sign(text.encode())))


def sign(text, *signers):
    return text + "\n" + "".join(signature_line(text, name, key) for name, key in signers)


def leaf_hash(data):
    return sha(b"\x00", data)


def tree(hashes):
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return sha(b"\x01", tree(hashes[:split]), tree(hashes[split:]))


def path(index, hashes):
    if len(hashes) == 1:
        return []
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    if index < split:
        return path(index, hashes[:split]) + [tree(hashes[split:])]
    return path(index - split, hashes[split:]) + [tree(hashes[:split])]


def write(name, value):
    with open(os.path.join(HERE, name), "w", encoding="utf-8") as file:
        json.dump(value, file, indent=1, ensure_ascii=False)
        file.write("\n")


# --- genesis.json -----------------------------------------------------------------------------------

LOG, NODE_A, NODE_B = Key("log"), Key("node a"), Key("node b")
AUTHORITY, SECOND = Key("authority"), Key("second authority")
NONCE = sha(b"genesis nonce")[:16]
ORIGIN = "demo.example/suyuan"
TIME = 1780000000000
# A point of order 8, and y = 2 with no point; both canonical encodings of their bytes.
SMALL_ORDER = bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")
NO_POINT = (2).to_bytes(32, "little")


def genesis_text(origin=ORIGIN, log=LOG.public, nodes=None, authorities=None, quorum="1", rules="1",
                 nonce=b64(NONCE)):
    nodes = [("node-a.example", NODE_A.public)] if nodes is None else nodes
    authorities = [("cn-samr", AUTHORITY.public)] if authorities is None else authorities
    lines = ["suyuan/genesis/v1", "origin " + origin, "log " + b64(log)]
    lines += ["node %s %s" % (name, b64(key)) for name, key in nodes]
    lines += ["authority %s %s" % (name, b64(key)) for name, key in authorities]
    lines += ["quorum " + quorum, "rules " + rules, "nonce " + nonce]
    return "\n".join(lines) + "\n"


def leaf(kind, time, text):
    return "suyuan/leaf/v1 %s\ntime %s\n\n%s" % (kind, time, text)


TWO_NODES = [("node-a.example", NODE_A.public), ("node-b.example", NODE_B.public)]
TWO_AUTHORITIES = [("cn-customs", SECOND.public), ("cn-samr", AUTHORITY.public)]
GENESIS = genesis_text()
LEDGER = ORIGIN + " " + b64(sha(leaf("genesis", TIME, GENESIS).encode()))


def good_genesis(name, text, **fields):
    data = leaf("genesis", TIME, text)
    return dict(name=name, **fields, text=text, time_ms=TIME, leaf_data=data,
                ledger_id=fields["origin"] + " " + b64(sha(data.encode())))


def named(keys):
    return [{"name": name, "key": key.hex()} for name, key in keys]


ONE_NODE = [("node-a.example", NODE_A.public)]
ONE_AUTHORITY = [("cn-samr", AUTHORITY.public)]
MANY = sorted(("n%02d" % i, Key("n%d" % i).public) for i in range(17))
refused_genesis = [
    ("another header", GENESIS.replace("/v1", "/v2"), "NOTE_SYNTAX"),
    ("no final line feed", GENESIS[:-1], "NOTE_SYNTAX"),
    ("CR LF", GENESIS.replace("\n", "\r\n"), "NOTE_SYNTAX"),
    ("a line missing", GENESIS.replace("rules 1\n", ""), "NOTE_SYNTAX"),
    ("a line twice", GENESIS.replace("rules 1\n", "rules 1\nrules 1\n"), "NOTE_SYNTAX"),
    ("lines in another order", GENESIS.replace("quorum 1\nrules 1\n", "rules 1\nquorum 1\n"), "NOTE_SYNTAX"),
    ("a line more", GENESIS + "more 1\n", "NOTE_SYNTAX"),
    ("two spaces", GENESIS.replace("quorum 1", "quorum  1"), "NOTE_SYNTAX"),
    ("a leading zero", GENESIS.replace("quorum 1", "quorum 01"), "NOTE_SYNTAX"),
    ("a short key", genesis_text(log=LOG.public[:31]), "NOTE_SYNTAX"),
    ("a short nonce", genesis_text(nonce=b64(NONCE[:15])), "NOTE_SYNTAX"),
    ("base64 without padding", genesis_text(nonce=b64(NONCE).rstrip("=")), "NOTE_SYNTAX"),
    ("base64 with bits left over", genesis_text(nonce=b64(NONCE)[:-3] + "x=="), "NOTE_SYNTAX"),
    ("a node without a key", GENESIS.replace("node node-a.example ", "node "), "NOTE_SYNTAX"),
    ("an origin of ours", genesis_text(origin="suyuan/demo"), "INVALID_FIELD"),
    ("an origin with a plus", genesis_text(origin="demo+1"), "INVALID_FIELD"),
    ("an origin of 256 bytes", genesis_text(origin="o" * 256), "INVALID_FIELD"),
    ("a node name with a plus", genesis_text(nodes=[("a+b", NODE_A.public)]), "INVALID_FIELD"),
    ("no node", genesis_text(nodes=[]), "INVALID_FIELD"),
    ("17 nodes", genesis_text(nodes=MANY), "TOO_MANY"),
    ("nodes not ascending", genesis_text(nodes=TWO_NODES[::-1]), "INVALID_FIELD"),
    ("one node name twice",
     genesis_text(nodes=[("a", NODE_A.public), ("a", NODE_B.public)]), "INVALID_FIELD"),
    ("no authority", genesis_text(authorities=[]), "INVALID_FIELD"),
    ("authorities not ascending", genesis_text(authorities=TWO_AUTHORITIES[::-1]), "INVALID_FIELD"),
    ("an authority in capitals",
     genesis_text(authorities=[("CN-SAMR", AUTHORITY.public)]), "PARTY_ID_SYNTAX"),
    ("a reserved authority",
     genesis_text(authorities=[("consumer", AUTHORITY.public)]), "PARTY_ID_SYNTAX"),
    ("log key and node key equal", genesis_text(nodes=[("a", LOG.public)]), "INVALID_FIELD"),
    ("node key and authority key equal",
     genesis_text(authorities=[("cn-samr", NODE_A.public)]), "INVALID_FIELD"),
    ("a log key of small order", genesis_text(log=SMALL_ORDER), "KEY_WEAK"),
    ("an authority key that is no point", genesis_text(authorities=[("a", NO_POINT)]), "KEY_WEAK"),
    ("quorum 0", genesis_text(quorum="0"), "INVALID_FIELD"),
    ("quorum above the authorities", genesis_text(quorum="2"), "INVALID_FIELD"),
    ("rules of another version", genesis_text(rules="2"), "INVALID_FIELD"),
    ("more than 16 KiB", GENESIS + "x" * 16384 + "\n", "TOO_LARGE"),
]
SEAL = "suyuan/seal/v1\nledger x\n"
refused_leaves = [
    ("the head alone", "suyuan/leaf/v1 genesis\ntime 1\n", "NOTE_SYNTAX"),
    ("another version", leaf("genesis", 1, GENESIS).replace("leaf/v1", "leaf/v2"), "NOTE_SYNTAX"),
    ("an unknown kind", leaf("other", 1, GENESIS), "NOTE_SYNTAX"),
    ("a kind that is not the text's", leaf("batch", 1, GENESIS), "NOTE_SYNTAX"),
    ("a seal as notice", leaf("notice", 1, SEAL), "NOTE_SYNTAX"),
    ("a negative time", leaf("genesis", -1, GENESIS), "NOTE_SYNTAX"),
    ("a time with a leading zero", leaf("genesis", "01", GENESIS), "NOTE_SYNTAX"),
    ("a time beyond 63 bits", leaf("genesis", 2**63, GENESIS), "NOTE_SYNTAX"),
    ("a line more in the head", leaf("genesis", "1\nmore 1", GENESIS), "NOTE_SYNTAX"),
    ("no text", leaf("genesis", 1, ""), "NOTE_SYNTAX"),
    ("a text that is cut off in its first line", leaf("seal", 1, "suyuan/seal/v1"), "NOTE_SYNTAX"),
    ("more than 16 KiB", leaf("seal", 1, SEAL + "x" * 16384), "TOO_LARGE"),
]
write("genesis.json", {
    "about": "Genesis texts and leaves (formats.md 4). Keys and seeds in hex. Every refused text or leaf "
             "is refused with the code given.",
    "keys": {name: key.json() for name, key in [
        ("log", LOG), ("node-a.example", NODE_A), ("node-b.example", NODE_B), ("cn-samr", AUTHORITY),
        ("cn-customs", SECOND)]},
    "genesis": [
        good_genesis("one of each", GENESIS, origin=ORIGIN, log=LOG.public.hex(), nodes=named(ONE_NODE),
                     authorities=named(ONE_AUTHORITY), quorum=1, rules=1, nonce=NONCE.hex()),
        good_genesis("two of each, quorum 2",
                     genesis_text(origin="x", nodes=TWO_NODES, authorities=TWO_AUTHORITIES, quorum="2"),
                     origin="x", log=LOG.public.hex(), nodes=named(TWO_NODES),
                     authorities=named(TWO_AUTHORITIES), quorum=2, rules=1, nonce=NONCE.hex()),
    ],
    "refused_genesis": [dict(name=n, text=t, code=c) for n, t, c in refused_genesis],
    "leaves": [dict(kind=kind, time_ms=time, text=text, data=leaf(kind, time, text))
               for kind, time, text in [
                   ("genesis", 0, GENESIS), ("batch", TIME, "suyuan/batch/v1\nx\n\nsignature\n"),
                   ("seal", 2**63 - 1, SEAL), ("notice", 1, "suyuan/erase/v1\n"),
                   ("notice", 1, "suyuan/rules/v1\n")]],
    "refused_leaves": [dict(name=n, data=d, code=c) for n, d, c in refused_leaves],
})

# --- notes.json -------------------------------------------------------------------------------------

FARM, FARM_2, MILL, BUYER, GATEWAY = (Key(n) for n in ("farm", "farm new", "mill", "buyer", "gateway"))
STRANGER = Key("stranger")
PARTIES = [("nz-farm-1", FARM), ("nz-farm-1", FARM_2), ("nz-mfr", MILL), ("cn-ebp", BUYER),
           ("gate.way", GATEWAY)]
LOT = "https://id.gs1.org/01/09521101100013/10/KC260602"
UNIT = "https://id.gs1.org/01/09521104301011/21/3BGEJEE2QM52"
CASE = "https://id.gs1.org/01/19521104301018/21/DRX6GA8LD8MX"
CAPNP, JSON_LD = "application/vnd.suyuan.event+capnp", "application/ld+json"


def salt(label):
    return sha(b"salt " + label.encode())


def section(party, audience, label, data):
    digest = sha(b"suyuan/section/v1\n", party.encode(), b"\n", audience.encode(), b"\n", salt(label), data)
    return dict(audience=audience, salt=salt(label).hex(), bytes=data.hex(), digest=digest.hex())


def event(label, codes, payload, sections=()):
    keys = sorted(sha(b"suyuan/code/v1\n" + code.encode()) for code in codes)
    sealed = sha(b"suyuan/payload/v1\n", salt(label), payload)
    record = b"suyuan/event/v1\n" + len(keys).to_bytes(2, "big") + b"".join(keys) + sealed
    return dict(codes=codes, salt=salt(label).hex(), payload=payload.hex(), sections=list(sections),
                record=record.hex())


def root_of(events):
    return tree([leaf_hash(bytes.fromhex(one["record"])) for one in events])


def batch_text(events=None, party="nz-farm-1", signer=None, cosigners=(), kind=CAPNP, count=None,
               root=None, until="1782592000000", nonce=b64(sha(b"batch nonce")[:16]), ledger=LEDGER):
    lines = ["suyuan/batch/v1", "ledger " + ledger, "party " + party]
    lines += ["signer " + signer] if signer else []
    lines += ["with " + one for one in cosigners]
    lines += ["type " + kind, "events " + str(len(events) if count is None else count),
              "root " + b64(root_of(events) if root is None else root), "until " + until,
              "nonce " + nonce]
    return "\n".join(lines) + "\n"


ONE = [event("e1", [LOT], b"payload one")]
THREE = [event("e1", [LOT], b"payload one"), event("e2", [UNIT, CASE, LOT], b"payload two"),
         event("e3", [CASE], b"")]
SEALED = [event("e4", [UNIT], b"sealed", [section("nz-farm-1", "partner", "s1", b"price 2.50"),
                                          section("nz-farm-1", "customs", "s2", b"")])]


def batch(name, events, signers, **fields):
    text = batch_text(events, **fields)
    return dict(name=name, party=fields.get("party", "nz-farm-1"), signer=fields.get("signer", ""),
                **{"with": list(fields.get("cosigners", ())), "type": fields.get("kind", CAPNP)},
                until_ms=fields.get("until", "1782592000000"), nonce=sha(b"batch nonce")[:16].hex(),
                events=events, root=root_of(events).hex(), text=text, id=sha(text.encode()).hex(),
                keys=[key.public.hex() for _, key in signers], note=sign(text, *signers))


AS_FARM, AS_MILL, AS_BUYER = ("nz-farm-1", FARM), ("nz-mfr", MILL), ("cn-ebp", BUYER)
batches = [
    batch("one event", ONE, [AS_FARM]),
    batch("three events, the second key of the party", THREE, [("nz-farm-1", FARM_2)]),
    batch("two co-signers", ONE, [AS_FARM, AS_BUYER, AS_MILL], cosigners=("cn-ebp", "nz-mfr")),
    batch("through a gateway", ONE, [("gate.way", GATEWAY)], signer="gate.way"),
    batch("through a gateway, with a co-signer", ONE, [("gate.way", GATEWAY), AS_BUYER],
          signer="gate.way", cosigners=("cn-ebp",)),
    batch("JSON-LD, until the largest decimal", ONE, [AS_FARM], kind=JSON_LD, until="9" * 19),
    batch("sections", SEALED, [AS_FARM]),
]
TEXT = batch_text(ONE)
NOTE = sign(TEXT, AS_FARM)


def edited(old, new):
    assert old in TEXT
    return sign(TEXT.replace(old, new), AS_FARM)


ROOT_LINE = "root " + b64(root_of(ONE)) + "\n"
NONCE_LINE = TEXT[TEXT.index("nonce "):]
NINE = ["p%d" % i for i in range(9)]
refused_notes = [
    ("empty", "", "NOTE_SYNTAX"),
    ("no signature", TEXT, "NOTE_SYNTAX"),
    ("a blank line and no signature", TEXT + "\n", "NOTE_SYNTAX"),
    ("cut off", NOTE[:-1], "NOTE_SYNTAX"),
    ("another header", edited("batch/v1", "batch/v2"), "NOTE_SYNTAX"),
    ("CR LF", edited("\nparty", "\r\nparty"), "NOTE_SYNTAX"),
    ("a blank line inside", edited("\nparty", "\n\nparty"), "NOTE_SYNTAX"),
    ("a tab", edited("events 1", "events\t1"), "NOTE_SYNTAX"),
    ("two spaces", edited("events 1", "events  1"), "NOTE_SYNTAX"),
    ("a space at the end", edited("events 1", "events 1 "), "NOTE_SYNTAX"),
    ("a letter beyond ASCII", edited("party nz-farm-1", "party nz-f\u00e4rm-1"), "NOTE_SYNTAX"),
    ("no ledger", edited("ledger " + LEDGER + "\n", ""), "NOTE_SYNTAX"),
    ("a ledger without its genesis", edited(LEDGER, ORIGIN), "NOTE_SYNTAX"),
    ("a ledger with a third field", edited(LEDGER, LEDGER + " x"), "NOTE_SYNTAX"),
    ("an origin of ours", edited(ORIGIN, "suyuan/x"), "NOTE_SYNTAX"),
    ("a genesis of 31 bytes",
     edited(LEDGER, ORIGIN + " " + b64(bytes(31))), "NOTE_SYNTAX"),
    ("a party in capitals", edited("party nz-farm-1", "party NZ-FARM-1"), "NOTE_SYNTAX"),
    ("a party that ends in a dot", edited("party nz-farm-1", "party nz-farm."), "NOTE_SYNTAX"),
    ("a party of 64 bytes", edited("party nz-farm-1", "party " + "p" * 64), "NOTE_SYNTAX"),
    ("party and signer exchanged",
     sign(TEXT.replace("party nz-farm-1\n", "signer gate.way\nparty nz-farm-1\n"),
          ("gate.way", GATEWAY)), "NOTE_SYNTAX"),
    ("the party as its own signer",
     sign(batch_text(ONE, signer="nz-farm-1"), AS_FARM), "NOTE_SYNTAX"),
    ("the party with itself",
     sign(batch_text(ONE, cosigners=["nz-farm-1"]), AS_FARM, AS_FARM), "NOTE_SYNTAX"),
    ("the signer with itself",
     sign(batch_text(ONE, signer="gate.way", cosigners=["gate.way"]), ("gate.way", GATEWAY),
          ("gate.way", GATEWAY)), "NOTE_SYNTAX"),
    ("co-signers not ascending",
     sign(batch_text(ONE, cosigners=["nz-mfr", "cn-ebp"]), AS_FARM, AS_MILL, AS_BUYER), "NOTE_SYNTAX"),
    ("a co-signer twice",
     sign(batch_text(ONE, cosigners=["cn-ebp", "cn-ebp"]), AS_FARM, AS_BUYER, AS_BUYER), "NOTE_SYNTAX"),
    ("nine co-signers",
     sign(batch_text(ONE, cosigners=NINE), AS_FARM, *[(one, BUYER) for one in NINE]), "TOO_MANY"),
    ("a type of another name", edited(CAPNP, "text/plain"), "NOTE_SYNTAX"),
    ("no event", edited("events 1", "events 0"), "NOTE_SYNTAX"),
    ("4,097 events", edited("events 1", "events 4097"), "TOO_MANY"),
    ("a leading zero", edited("events 1", "events 01"), "NOTE_SYNTAX"),
    ("a sign", edited("events 1", "events +1"), "NOTE_SYNTAX"),
    ("twenty digits", edited("until 1782592000000", "until " + "1" * 20), "NOTE_SYNTAX"),
    ("a root of 33 bytes", edited(ROOT_LINE, "root " + b64(bytes(33)) + "\n"), "NOTE_SYNTAX"),
    ("base64 without padding", edited(ROOT_LINE, ROOT_LINE.replace("=", "")), "NOTE_SYNTAX"),
    ("base64 of the other alphabet",
     edited(ROOT_LINE, "root " + "_" * 43 + "=\n"), "NOTE_SYNTAX"),
    ("base64 with bits left over",
     edited(ROOT_LINE, "root " + "A" * 42 + "B=\n"), "NOTE_SYNTAX"),
    ("root twice", edited(ROOT_LINE, ROOT_LINE * 2), "NOTE_SYNTAX"),
    ("lines in another order", edited(ROOT_LINE + "until", "until"), "NOTE_SYNTAX"),
    ("a short nonce", edited(NONCE_LINE, "nonce " + b64(bytes(15)) + "\n"), "NOTE_SYNTAX"),
    ("a line more", edited(NONCE_LINE, NONCE_LINE + "more 1\n"), "NOTE_SYNTAX"),
    ("text after the signatures", NOTE + "more\n", "NOTE_SYNTAX"),
    ("a hyphen for the dash", NOTE.replace("\u2014", "-"), "NOTE_SYNTAX"),
    ("a signature of 63 bytes",
     TEXT + "\n\u2014 nz-farm-1 " + b64(key_id("nz-farm-1", FARM.public) + bytes(63)) + "\n", "NOTE_SYNTAX"),
    ("a signature line too many", sign(TEXT, AS_FARM, AS_MILL), "SIGNATURE_LINES"),
    ("the same signature twice", sign(TEXT, AS_FARM, AS_FARM), "SIGNATURE_LINES"),
    ("a signature line missing", sign(batch_text(ONE, cosigners=["cn-ebp"]), AS_FARM), "SIGNATURE_LINES"),
    ("signature lines in another order",
     sign(batch_text(ONE, cosigners=["cn-ebp"]), AS_BUYER, AS_FARM), "SIGNATURE_LINES"),
    ("another name on the signature", sign(TEXT, AS_MILL), "SIGNATURE_LINES"),
    ("the party's signature where the gateway signs",
     sign(batch_text(ONE, signer="gate.way"), AS_FARM), "SIGNATURE_LINES"),
    ("17 signature lines", sign(TEXT, *[AS_FARM] * 17), "TOO_MANY"),
    ("more than 12 KiB", edited(NONCE_LINE, NONCE_LINE + "x" * 12288 + "\n"), "TOO_LARGE"),
]


def refused(name, code, note, events=None, ledger=LEDGER):
    return dict(name=name, code=code, note=note, events=ONE if events is None else events)


other_payload = [dict(ONE[0], payload=b"payload 0ne".hex())]
other_salt = [dict(ONE[0], salt=salt("other").hex())]
other_code = [dict(ONE[0], codes=[UNIT])]
other_section = [dict(SEALED[0], sections=[dict(SEALED[0]["sections"][0], bytes=b"price 2.05".hex()),
                                           SEALED[0]["sections"][1]])]
section_salt = [dict(SEALED[0], sections=[dict(SEALED[0]["sections"][0], salt=salt("x").hex()),
                                          SEALED[0]["sections"][1]])]
of_mill = [event("e4", [UNIT], b"sealed", [section("nz-mfr", "partner", "s1", b"price 2.50")])]
bad_signature = NOTE[:-10] + ("A" if NOTE[-10] != "A" else "B") + NOTE[-9:]
refused_batches = [
    refused("another ledger's origin", "LEDGER_MISMATCH", edited(ORIGIN, "other.example/suyuan")),
    refused("another genesis", "LEDGER_MISMATCH",
            sign(batch_text(ONE, ledger=ORIGIN + " " + b64(bytes(32))), AS_FARM)),
    refused("a body too few", "COUNT_MISMATCH", sign(batch_text(ONE, count=2), AS_FARM)),
    refused("a body too many", "COUNT_MISMATCH", sign(batch_text(THREE, count=2), AS_FARM), THREE),
    refused("a party that is not registered", "PARTY_UNKNOWN",
            sign(batch_text(ONE, party="nobody"), ("nobody", STRANGER))),
    refused("a gateway that is not registered", "PARTY_UNKNOWN",
            sign(batch_text(ONE, signer="nobody"), ("nobody", STRANGER))),
    refused("a gateway for a party that is not registered", "PARTY_UNKNOWN",
            sign(batch_text(ONE, party="nobody", signer="gate.way"), ("gate.way", GATEWAY))),
    refused("a co-signer that is not registered", "PARTY_UNKNOWN",
            sign(batch_text(ONE, cosigners=["nobody"]), AS_FARM, ("nobody", STRANGER))),
    refused("a key that is not registered", "KEY_UNKNOWN", sign(TEXT, ("nz-farm-1", STRANGER))),
    refused("the key of another party", "KEY_UNKNOWN", sign(TEXT, ("nz-farm-1", MILL))),
    refused("a changed signature", "SIGNATURE_INVALID", bad_signature),
    refused("a signature of another text", "SIGNATURE_INVALID",
            TEXT.replace("events 1", "events 3") + "\n" + signature_line(TEXT, *AS_FARM), THREE),
    refused("a co-signature of another text", "SIGNATURE_INVALID",
            sign(batch_text(ONE, cosigners=["cn-ebp"]), AS_FARM) + signature_line(TEXT, *AS_BUYER)),
    refused("a registry act through a gateway", "NOT_AUTHORITY",
            sign(batch_text(ONE, signer="gate.way", kind="application/vnd.suyuan.registry+capnp"),
                 ("gate.way", GATEWAY))),
    refused("an event payload as registry act", "UNSUPPORTED_TYPE",
            sign(batch_text(ONE, kind="application/vnd.suyuan.registry+capnp"), AS_FARM)),
    refused("another root", "ROOT_MISMATCH", sign(batch_text(ONE, root=bytes(32)), AS_FARM)),
    refused("a changed payload", "ROOT_MISMATCH", NOTE, other_payload),
    refused("a changed salt", "ROOT_MISMATCH", NOTE, other_salt),
    refused("another code in the payload", "ROOT_MISMATCH", NOTE, other_code),
    refused("events in another order", "ROOT_MISMATCH", sign(batch_text(THREE), AS_FARM), THREE[::-1]),
    refused("a changed section", "SECTION_MISMATCH", sign(batch_text(SEALED), AS_FARM), other_section),
    refused("another salt of a section", "SECTION_MISMATCH", sign(batch_text(SEALED), AS_FARM), section_salt),
    refused("a section sealed for another party", "SECTION_MISMATCH",
            sign(batch_text(of_mill), AS_FARM), of_mill),
]

LEAVES = [leaf("genesis", TIME, GENESIS), leaf("batch", TIME + 1, NOTE),
          leaf("batch", TIME + 1, sign(batch_text(THREE), AS_FARM))]
HASHES = [leaf_hash(data.encode()) for data in LEAVES]


def receipt_text(size=3, root=None, time=TIME + 1, ledger=LEDGER):
    root = tree(HASHES[:size]) if root is None else root
    return "suyuan/receipt/v1\nledger %s\nsize %s\nroot %s\ntime %s\n" % (ledger, size, b64(root), time)


AS_NODE = ("node-a.example", NODE_A)


def receipt(name, index, note, code="OK", hashes=None, data=None):
    return dict(name=name, leaf=index, note=note, code=code, leaf_data=LEAVES[index] if data is None else data,
                path=[one.hex() for one in (path(index, HASHES) if hashes is None else hashes)])


GOOD = sign(receipt_text(), AS_NODE)
receipts = [
    receipt("of leaf 1", 1, GOOD),
    receipt("of leaf 2", 2, GOOD),
    receipt("of a tree of two leaves", 1, sign(receipt_text(size=2), AS_NODE), hashes=path(1, HASHES[:2])),
    receipt("size 0", 1, sign(receipt_text(size=0, root=bytes(32)), AS_NODE), "NOTE_SYNTAX"),
    receipt("a leading zero", 1, sign(receipt_text(time="01"), AS_NODE), "NOTE_SYNTAX"),
    receipt("a time beyond 63 bits", 1, sign(receipt_text(time=2**63), AS_NODE), "NOTE_SYNTAX"),
    receipt("a checkpoint's text", 1, sign(ORIGIN + "\n3\n" + b64(tree(HASHES)) + "\n", AS_NODE), "NOTE_SYNTAX"),
    receipt("a line more", 1, sign(receipt_text() + "more 1\n", AS_NODE), "NOTE_SYNTAX"),
    receipt("two signatures", 1, sign(receipt_text(), AS_NODE, AS_NODE), "SIGNATURE_LINES"),
    receipt("of another ledger", 1,
            sign(receipt_text(ledger=ORIGIN + " " + b64(bytes(32))), AS_NODE), "LEDGER_MISMATCH"),
    receipt("by no node of the ledger", 1, sign(receipt_text(), ("node-b.example", NODE_B)), "KEY_UNKNOWN"),
    receipt("by another key under the node's name", 1,
            sign(receipt_text(), ("node-a.example", STRANGER)), "KEY_UNKNOWN"),
    receipt("by the log key", 1, sign(receipt_text(), (ORIGIN, LOG)), "KEY_UNKNOWN"),
    receipt("a signature of another receipt", 1,
            receipt_text() + "\n" + signature_line(receipt_text(size=2), *AS_NODE), "SIGNATURE_INVALID"),
    receipt("another root", 1, sign(receipt_text(root=bytes(32)), AS_NODE), "ROOT_MISMATCH"),
    receipt("another leaf's path", 1, GOOD, "ROOT_MISMATCH", hashes=path(2, HASHES)),
    receipt("a path too short", 1, GOOD, "ROOT_MISMATCH", hashes=path(1, HASHES)[:1]),
    receipt("a path too long", 1, GOOD, "ROOT_MISMATCH", hashes=path(1, HASHES) + [bytes(32)]),
    receipt("another leaf's data", 1, GOOD, "ROOT_MISMATCH", data=LEAVES[2]),
    receipt("the note without the leaf's head", 1, GOOD, "ROOT_MISMATCH", data=NOTE),
]
write("notes.json", {
    "about": "Batch notes and receipts (formats.md 3). Payloads, salts, sections, hashes and keys in hex; "
             "payloads here are opaque bytes that name the codes beside them. refused_notes fail by their "
             "note alone; refused_batches need the bodies and the parties; receipts with code OK hold.",
    "ledger_id": LEDGER,
    "nodes": [{"name": "node-a.example", "key": NODE_A.public.hex()}],
    "parties": [dict(party=party, key_id=key_id(party, key.public).hex(), **key.json())
                for party, key in PARTIES],
    "batches": batches,
    "refused_notes": [dict(name=n, note=t, code=c) for n, t, c in refused_notes],
    "refused_batches": refused_batches,
    "receipts": receipts,
})

# --- registry.json ----------------------------------------------------------------------------------

LEDGER_2 = "x " + b64(sha(leaf("genesis", TIME, genesis_text(
    origin="x", nodes=TWO_NODES, authorities=TWO_AUTHORITIES, quorum="2")).encode()))


def possession_text(party, public, ledger=LEDGER_2):
    return "suyuan/key/v1\nledger %s\nparty %s\nkey %s\n" % (ledger, party, b64(public))


def entry(party, key, public=None, ledger=LEDGER_2, claimed=None):
    public = key.public if public is None else public
    text = possession_text(claimed or party, public, ledger)
    return {"key": public.hex(), "possession": key.secret.sign(text.encode()).hex()}


def party(ident, keys=(), **fields):
    return {"act": "registerParty", "party": dict({"id": ident, "name": ident, "roles": ["logistics"]}, **fields),
            "keys": list(keys)}


def act(kind, **fields):
    return dict({"act": kind}, **fields)


def amend(registered, **fields):
    return {"act": "amendParty", "party": dict(registered["party"], **fields)}


def product(kind="registerProduct", **fields):
    return {"act": kind, "product": dict({"gtin": "09521104301011", "name": "Stage 1", "owner": "nz-mfr"}, **fields)}


def site(kind="registerSite", **fields):
    return {"act": kind, "site": dict({"gln": "9521104000013", "party": "nz-mfr", "name": "Dryer"}, **fields)}


NEW, NEWER = Key("new"), Key("newer")
AUTH = {"party": "cn-samr"}
MFR = party("nz-mfr", [entry("nz-mfr", MILL)], name="Waikawa", nameZh="怀卡瓦", roles=["manufacturer"], country="NZ",
            gln="9521104000006", creditCode="91350205MA0DEM0132",
            accreditations=[{"number": "A-1", "validTo": "2027-03-31T00:00:00Z", "scope": ["GB 10765"]}])
steps = [  # what, signer, leaf, expected, act
    ("a party with a key", "cn-samr", 1, "OK", MFR),
    ("a party without keys, through an agent", "cn-customs", 2, "OK", party("cn-agent", representedBy="nz-mfr")),
    ("a gateway", "cn-samr", 3, "OK", party("gate.way", [entry("gate.way", GATEWAY)])),
    ("by a party that is no authority", "nz-mfr", 4, "NOT_AUTHORITY", party("p")),
    ("the same id again", "cn-samr", 4, "PARTY_EXISTS", party("nz-mfr")),
    ("an authority's id", "cn-samr", 4, "PARTY_EXISTS", party("cn-customs")),
    ("an id in capitals", "cn-samr", 4, "PARTY_ID_SYNTAX", party("CN")),
    ("an id of 64 bytes", "cn-samr", 4, "PARTY_ID_SYNTAX", party("p" * 64)),
    ("an id that begins with a dot", "cn-samr", 4, "PARTY_ID_SYNTAX", party(".p")),
    ("a reserved id", "cn-samr", 4, "PARTY_ID_SYNTAX", party("consumer")),
    ("no id", "cn-samr", 4, "MISSING_FIELD", party("", name="x")),
    ("no name", "cn-samr", 4, "MISSING_FIELD", party("p", name="")),
    ("a name of two lines", "cn-samr", 4, "INVALID_FIELD", party("p", name="a\nb")),
    ("a name of 4,097 bytes", "cn-samr", 4, "TOO_LARGE", party("p", name="n" * 4097)),
    ("no role", "cn-samr", 4, "MISSING_FIELD", party("p", roles=[])),
    ("roles not in order", "cn-samr", 4, "INVALID_FIELD", party("p", roles=["seller", "agent"])),
    ("a role twice", "cn-samr", 4, "INVALID_FIELD", party("p", roles=["seller", "seller"])),
    ("the role authority", "cn-samr", 4, "INVALID_FIELD", party("p", roles=["authority"])),
    ("a country in lower case", "cn-samr", 4, "INVALID_FIELD", party("p", country="nz")),
    ("a GLN of 12 digits", "cn-samr", 4, "CODE_SYNTAX", party("p", gln="952110400000")),
    ("a GLN with a wrong check digit", "cn-samr", 4, "CODE_CHECK_DIGIT", party("p", gln="9521104000007")),
    ("a credit code of 17", "cn-samr", 4, "CODE_SYNTAX", party("p", creditCode="91350205MA0DEM013")),
    ("a credit code with a wrong check character", "cn-samr", 4, "CODE_CHECK_DIGIT",
     party("p", creditCode="91350205MA0DEM0133")),
    ("represented by nobody known", "cn-samr", 4, "PARTY_UNKNOWN", party("p", representedBy="nobody")),
    ("represented by itself", "cn-samr", 4, "INVALID_FIELD", party("p", representedBy="p")),
    ("an accreditation without number", "cn-samr", 4, "MISSING_FIELD", party("p", accreditations=[{"number": ""}])),
    ("257 keys", "cn-samr", 4, "TOO_MANY", party("p", [entry("p", NEW)] * 257)),
    ("a key twice in one act", "cn-samr", 4, "KEY_EXISTS", party("p", [entry("p", NEW), entry("p", NEW)])),
    ("a key of another party", "cn-samr", 4, "KEY_EXISTS", party("p", [entry("p", MILL)])),
    ("the log's key", "cn-samr", 4, "KEY_EXISTS", party("p", [entry("p", LOG)])),
    ("a node's key", "cn-samr", 4, "KEY_EXISTS", party("p", [entry("p", NODE_B)])),
    ("an authority's key", "cn-samr", 4, "KEY_EXISTS", party("p", [entry("p", SECOND)])),
    ("a key of small order", "cn-samr", 4, "KEY_WEAK", party("p", [entry("p", NEW, public=SMALL_ORDER)])),
    ("a key that is no point", "cn-samr", 4, "KEY_WEAK", party("p", [entry("p", NEW, public=NO_POINT)])),
    ("possession by another key", "cn-samr", 4, "POSSESSION_INVALID", party("p", [entry("p", NEW, public=NEWER.public)])),
    ("possession for another party", "cn-samr", 4, "POSSESSION_INVALID",
     party("p", [entry("p", NEW, claimed="q")])),
    ("possession for another ledger", "cn-samr", 4, "POSSESSION_INVALID", party("p", [entry("p", NEW, ledger=LEDGER)])),
    ("of one bad key, nothing is kept: the good one is free", "cn-samr", 4, "OK", party("p", [entry("p", NEW)])),

    ("other roles, another agent", "cn-samr", 5, "OK", amend(MFR, roles=["supplier", "manufacturer"], representedBy="cn-agent")),
    ("an amendment of nobody known", "cn-samr", 5, "PARTY_UNKNOWN", amend(party("nobody"))),
    ("an amendment that gives the role authority", "cn-samr", 5, "INVALID_FIELD", amend(MFR, roles=["authority"])),
    ("an authority that gives up its role", "cn-samr", 5, "INVALID_FIELD", amend(party("cn-samr"))),
    ("an authority with a second role", "cn-samr", 5, "OK",
     amend(party("cn-samr"), roles=["authority", "market_supervision"])),
    ("an authority amends another", "cn-customs", 5, "NOT_AUTHORITY", amend(party("cn-samr"), roles=["authority"])),

    ("a second key", "cn-samr", 6, "OK", act("addKey", party="nz-mfr", key=entry("nz-mfr", NEWER))),
    ("a key for nobody known", "cn-samr", 6, "PARTY_UNKNOWN", act("addKey", party="nobody", key=entry("nobody", STRANGER))),
    ("a key that was registered", "cn-samr", 6, "KEY_EXISTS", act("addKey", party="gate.way", key=entry("gate.way", NEWER))),
    ("possession for another party, added", "cn-samr", 6, "POSSESSION_INVALID",
     act("addKey", party="nz-mfr", key=entry("p", STRANGER))),
    ("an authority adds a key to another", "cn-customs", 6, "NOT_AUTHORITY",
     act("addKey", **AUTH, key=entry("cn-samr", STRANGER))),

    ("a revocation, suspect from before", "cn-samr", 7, "OK", act("revokeKey", party="nz-mfr", key=MILL.public.hex(), suspectFrom=4)),
    ("a second revocation", "cn-samr", 8, "KEY_NOT_IN_FORCE", act("revokeKey", party="nz-mfr", key=MILL.public.hex())),
    ("a second one, suspect from later", "cn-samr", 8, "KEY_NOT_IN_FORCE",
     act("revokeKey", party="nz-mfr", key=MILL.public.hex(), suspectFrom=5)),
    ("a second one, suspect from earlier", "cn-samr", 8, "OK",
     act("revokeKey", party="nz-mfr", key=MILL.public.hex(), suspectFrom=2, reason="found on a lost laptop")),
    ("a revoked key is never registered again", "cn-samr", 9, "KEY_EXISTS",
     act("addKey", party="nz-mfr", key=entry("nz-mfr", MILL))),
    ("a revocation of a key of another", "cn-samr", 9, "KEY_UNKNOWN", act("revokeKey", party="nz-mfr", key=GATEWAY.public.hex())),
    ("suspect from the future", "cn-samr", 9, "INVALID_FIELD",
     act("revokeKey", party="nz-mfr", key=NEWER.public.hex(), suspectFrom=10)),
    ("an authority's last key", "cn-samr", 9, "INVALID_FIELD", act("revokeKey", **AUTH, key=AUTHORITY.public.hex())),
    ("an authority revokes another's", "cn-customs", 9, "NOT_AUTHORITY", act("revokeKey", **AUTH, key=AUTHORITY.public.hex())),

    ("a delegation", "cn-samr", 10, "OK", act("grantDelegation", party="nz-mfr", signerParty="gate.way", until="2027-01-01T00:00:00Z")),
    ("a delegation by nobody known", "cn-samr", 10, "PARTY_UNKNOWN", act("grantDelegation", party="nobody", signerParty="gate.way")),
    ("a delegation to nobody known", "cn-samr", 10, "PARTY_UNKNOWN", act("grantDelegation", party="nz-mfr", signerParty="nobody")),
    ("a delegation to itself", "cn-samr", 10, "INVALID_FIELD", act("grantDelegation", party="nz-mfr", signerParty="nz-mfr")),
    ("a delegation by an authority", "cn-samr", 10, "INVALID_FIELD", act("grantDelegation", **AUTH, signerParty="gate.way")),
    ("the same delegation without end", "cn-samr", 11, "OK", act("grantDelegation", party="nz-mfr", signerParty="gate.way")),
    ("its end", "cn-samr", 12, "OK", act("endDelegation", party="nz-mfr", signerParty="gate.way")),
    ("its end again", "cn-samr", 13, "DELEGATION_MISSING", act("endDelegation", party="nz-mfr", signerParty="gate.way")),
    ("an end that was never granted", "cn-samr", 13, "DELEGATION_MISSING", act("endDelegation", party="p", signerParty="gate.way")),

    ("a product", "cn-samr", 14, "OK", product(
        nameZh="1段", brand="Waikawa", licensees=["p"], uom="H87", netKg="0.9", hs="1901101010", shelfLifeDays=730,
        recallAgent="p", sellers=["cn-agent", "p"], requiredSteps=["origin", "delivery"])),
    ("a case of it", "cn-samr", 14, "OK", product(gtin="19521104301018", containedGtin="09521104301011", containedCount=6)),
    ("the same product again", "cn-samr", 15, "PRODUCT_EXISTS", product()),
    ("a GTIN of 13 digits", "cn-samr", 15, "INVALID_FIELD", product(gtin="9521104301011")),
    ("a GTIN with a wrong check digit", "cn-samr", 15, "CODE_CHECK_DIGIT", product(gtin="09521104301012")),
    ("a GTIN for use inside one company", "cn-samr", 15, "CODE_RESTRICTED", product(gtin="02000000000008")),
    ("no GTIN", "cn-samr", 15, "MISSING_FIELD", product(gtin="")),
    ("no owner", "cn-samr", 15, "MISSING_FIELD", product(gtin="09521101100013", owner="")),
    ("an owner that nobody knows", "cn-samr", 15, "PARTY_UNKNOWN", product(gtin="09521101100013", owner="nobody")),
    ("a licensee that nobody knows", "cn-samr", 15, "PARTY_UNKNOWN", product(gtin="09521101100013", licensees=["p", "nobody"])),
    ("a licensee twice", "cn-samr", 15, "INVALID_FIELD", product(gtin="09521101100013", licensees=["p", "p"])),
    ("257 licensees", "cn-samr", 15, "TOO_MANY", product(gtin="09521101100013", licensees=["p%d" % i for i in range(257)])),
    ("a recall agent that nobody knows", "cn-samr", 15, "PARTY_UNKNOWN", product(gtin="09521101100013", recallAgent="nobody")),
    ("a seller that nobody knows", "cn-samr", 15, "PARTY_UNKNOWN", product(gtin="09521101100013", sellers=["nobody"])),
    ("a unit of four letters", "cn-samr", 15, "INVALID_FIELD", product(gtin="09521101100013", uom="KILO")),
    ("a mass of nothing", "cn-samr", 15, "INVALID_FIELD", product(gtin="09521101100013", netKg="0")),
    ("a tariff number with letters", "cn-samr", 15, "INVALID_FIELD", product(gtin="09521101100013", hs="19A1")),
    ("contents without count", "cn-samr", 15, "INVALID_FIELD", product(gtin="09521101100013", containedGtin="09521104301011")),
    ("count without contents", "cn-samr", 15, "INVALID_FIELD", product(gtin="09521101100013", containedCount=6)),
    ("a product that contains itself", "cn-samr", 15, "INVALID_FIELD",
     product(gtin="09521101100013", containedGtin="09521101100013", containedCount=6)),
    ("another owner", "cn-samr", 15, "OK", product("amendProduct", owner="p")),
    ("an amendment of a product that is not there", "cn-samr", 16, "NOT_FOUND", product("amendProduct", gtin="09521101100013")),
    ("an amendment to an owner nobody knows", "cn-samr", 16, "PARTY_UNKNOWN", product("amendProduct", owner="nobody")),

    ("a site", "cn-samr", 17, "OK", site(type="factory", country="NZ", region="Waikato", latitude="-37.812", longitude="175.295",
                                         unlocode="NZTRG", supervisedBy=["cn-samr", "cn-customs"])),
    ("the same site again", "cn-samr", 18, "SITE_EXISTS", site()),
    ("a site's GLN with a wrong check digit", "cn-samr", 18, "CODE_CHECK_DIGIT", site(gln="9521104000014")),
    ("a site without GLN", "cn-samr", 18, "MISSING_FIELD", site(gln="")),
    ("a site of nobody known", "cn-samr", 18, "PARTY_UNKNOWN", site(gln="9521101000016", party="nobody")),
    ("supervised by nobody known", "cn-samr", 18, "PARTY_UNKNOWN", site(gln="9521101000016", supervisedBy=["nobody"])),
    ("a type in capitals", "cn-samr", 18, "INVALID_FIELD", site(gln="9521101000016", type="Farm")),
    ("a latitude alone", "cn-samr", 18, "INVALID_FIELD", site(gln="9521101000016", latitude="1")),
    ("a latitude beyond the pole", "cn-samr", 18, "INVALID_FIELD", site(gln="9521101000016", latitude="90.1", longitude="0")),
    ("a longitude beyond 180", "cn-samr", 18, "INVALID_FIELD", site(gln="9521101000016", latitude="0", longitude="-180.1")),
    ("a UN/LOCODE of four", "cn-samr", 18, "INVALID_FIELD", site(gln="9521101000016", unlocode="CNXM")),
    ("another party", "cn-samr", 18, "OK", site("amendSite", party="p")),
    ("an amendment of a site that is not there", "cn-samr", 19, "NOT_FOUND", site("amendSite", gln="9521101000016")),
    ("an amendment to a party nobody knows", "cn-samr", 19, "PARTY_UNKNOWN", site("amendSite", party="nobody")),
]


def code_of(what):
    if "product" in what:
        return "urn:suyuan:product:" + what["product"]["gtin"]
    if "site" in what:
        return "urn:suyuan:site:" + what["site"]["gln"]
    return "urn:suyuan:party:" + (what["party"] if isinstance(what["party"], str) else what["party"]["id"])


write("registry.json", {
    "about": "Proofs of possession and registry acts (formats.md 9). The acts are applied one after the "
             "other to the second genesis of genesis.json, each at its leaf, signed by the party given; "
             "code says with what each is refused, and a refused one leaves no trace.",
    "ledger_id": LEDGER_2,
    "possession": [dict(party=name, key=key.public.hex(), seed=key.seed.hex(),
                        text=possession_text(name, key.public), key_id=key_id(name, key.public).hex(),
                        signature=key.secret.sign(possession_text(name, key.public).encode()).hex())
                   for name, key in [("nz-mfr", MILL), ("gate.way", GATEWAY), ("p", NEW)]],
    "party_ids": ["a", "0", "a.b-c", "p" * 63, "x--y"],
    "no_party_ids": ["", "-a", "a-", ".a", "a.", "A", "a_b", "a b", "\u00e4", "p" * 64, "a/b", "a\n"],
    "acts": [dict(name=name, signer=signer, leaf=at, code=code, concerns=code_of(what), **what)
             for name, signer, at, code, what in steps],
})
