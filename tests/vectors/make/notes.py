"""Writes notes.json: batch notes and receipts, good and refused."""
from formats import (Key, b64, key_id, leaf, leaf_hash, path, sha, sign, signature_line, tree,
                     write)
from genesis import GENESIS, LEDGER, LOG, NODE_A, NODE_B, ORIGIN, TIME

FARM, FARM_2, MILL, BUYER, GATEWAY = (Key(n) for n in ("farm", "farm new", "mill", "buyer",
    "gateway"))
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
    digest = sha(b"suyuan/section/v1\n", party.encode(), b"\n", audience.encode(), b"\n",
        salt(label), data)
    return dict(audience=audience, salt=salt(label).hex(), bytes=data.hex(), digest=digest.hex())


def event(label, codes, payload, sections=()):
    keys = sorted(sha(b"suyuan/code/v1\n" + code.encode()) for code in codes)
    sealed = sha(b"suyuan/payload/v1\n", salt(label), payload)
    record = b"suyuan/event/v1\n" + len(keys).to_bytes(2, "big") + b"".join(keys) + sealed
    return dict(codes=codes, salt=salt(label).hex(), payload=payload.hex(),
        sections=list(sections),
                record=record.hex())


def root_of(events):
    return tree([leaf_hash(bytes.fromhex(one["record"])) for one in events])


def batch_text(events=None, party="nz-farm-1", signer=None, cosigners=(), kind=CAPNP, count=None,
               root=None, until="1782592000000", nonce=b64(sha(b"batch nonce")[:16]),
                   ledger=LEDGER):
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
                until_ms=fields.get("until", "1782592000000"),
                    nonce=sha(b"batch nonce")[:16].hex(),
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
     sign(batch_text(ONE, cosigners=["nz-mfr", "cn-ebp"]), AS_FARM, AS_MILL, AS_BUYER),
         "NOTE_SYNTAX"),
    ("a co-signer twice",
     sign(batch_text(ONE, cosigners=["cn-ebp", "cn-ebp"]), AS_FARM, AS_BUYER, AS_BUYER),
         "NOTE_SYNTAX"),
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
     TEXT + "\n\u2014 nz-farm-1 " + b64(key_id("nz-farm-1", FARM.public) + bytes(63)) + "\n",
         "NOTE_SYNTAX"),
    ("a signature line too many", sign(TEXT, AS_FARM, AS_MILL), "SIGNATURE_LINES"),
    ("the same signature twice", sign(TEXT, AS_FARM, AS_FARM), "SIGNATURE_LINES"),
    ("a signature line missing", sign(batch_text(ONE, cosigners=["cn-ebp"]), AS_FARM),
        "SIGNATURE_LINES"),
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
other_section = [dict(SEALED[0],
    sections=[dict(SEALED[0]["sections"][0], bytes=b"price 2.05".hex()),
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
            sign(batch_text(ONE, cosigners=["cn-ebp"]), AS_FARM) + signature_line(TEXT,
                *AS_BUYER)),
    refused("a registry act through a gateway", "NOT_AUTHORITY",
            sign(batch_text(ONE, signer="gate.way", kind="application/vnd.suyuan.registry+capnp"),
                 ("gate.way", GATEWAY))),
    refused("an event payload as registry act", "UNSUPPORTED_TYPE",
            sign(batch_text(ONE, kind="application/vnd.suyuan.registry+capnp"), AS_FARM)),
    refused("another root", "ROOT_MISMATCH", sign(batch_text(ONE, root=bytes(32)), AS_FARM)),
    refused("a changed payload", "ROOT_MISMATCH", NOTE, other_payload),
    refused("a changed salt", "ROOT_MISMATCH", NOTE, other_salt),
    refused("another code in the payload", "ROOT_MISMATCH", NOTE, other_code),
    refused("events in another order", "ROOT_MISMATCH", sign(batch_text(THREE), AS_FARM),
        THREE[::-1]),
    refused("a changed section", "SECTION_MISMATCH", sign(batch_text(SEALED), AS_FARM),
        other_section),
    refused("another salt of a section", "SECTION_MISMATCH", sign(batch_text(SEALED), AS_FARM),
        section_salt),
    refused("a section sealed for another party", "SECTION_MISMATCH",
            sign(batch_text(of_mill), AS_FARM), of_mill),
]

LEAVES = [leaf("genesis", TIME, GENESIS), leaf("batch", TIME + 1, NOTE),
          leaf("batch", TIME + 1, sign(batch_text(THREE), AS_FARM))]
HASHES = [leaf_hash(data.encode()) for data in LEAVES]


def receipt_text(size=3, root=None, time=TIME + 1, ledger=LEDGER):
    root = tree(HASHES[:size]) if root is None else root
    return "suyuan/receipt/v1\nledger %s\nsize %s\nroot %s\ntime %s\n" % (ledger, size, b64(root),
        time)


AS_NODE = ("node-a.example", NODE_A)


def receipt(name, index, note, code="OK", hashes=None, data=None):
    return dict(name=name, leaf=index, note=note, code=code,
        leaf_data=LEAVES[index] if data is None else data,
                path=[one.hex() for one in (path(index, HASHES) if hashes is None else hashes)])


GOOD = sign(receipt_text(), AS_NODE)
receipts = [
    receipt("of leaf 1", 1, GOOD),
    receipt("of leaf 2", 2, GOOD),
    receipt("of a tree of two leaves", 1, sign(receipt_text(size=2), AS_NODE),
        hashes=path(1, HASHES[:2])),
    receipt("size 0", 1, sign(receipt_text(size=0, root=bytes(32)), AS_NODE), "NOTE_SYNTAX"),
    receipt("a leading zero", 1, sign(receipt_text(time="01"), AS_NODE), "NOTE_SYNTAX"),
    receipt("a time beyond 63 bits", 1, sign(receipt_text(time=2**63), AS_NODE), "NOTE_SYNTAX"),
    receipt("a checkpoint's text", 1, sign(ORIGIN + "\n3\n" + b64(tree(HASHES)) + "\n", AS_NODE),
        "NOTE_SYNTAX"),
    receipt("a line more", 1, sign(receipt_text() + "more 1\n", AS_NODE), "NOTE_SYNTAX"),
    receipt("two signatures", 1, sign(receipt_text(), AS_NODE, AS_NODE), "SIGNATURE_LINES"),
    receipt("of another ledger", 1,
            sign(receipt_text(ledger=ORIGIN + " " + b64(bytes(32))), AS_NODE), "LEDGER_MISMATCH"),
    receipt("by no node of the ledger", 1, sign(receipt_text(), ("node-b.example", NODE_B)),
        "KEY_UNKNOWN"),
    receipt("by another key under the node's name", 1,
            sign(receipt_text(), ("node-a.example", STRANGER)), "KEY_UNKNOWN"),
    receipt("by the log key", 1, sign(receipt_text(), (ORIGIN, LOG)), "KEY_UNKNOWN"),
    receipt("a signature of another receipt", 1,
            receipt_text() + "\n" + signature_line(receipt_text(size=2), *AS_NODE),
                "SIGNATURE_INVALID"),
    receipt("another root", 1, sign(receipt_text(root=bytes(32)), AS_NODE), "ROOT_MISMATCH"),
    receipt("another leaf's path", 1, GOOD, "ROOT_MISMATCH", hashes=path(2, HASHES)),
    receipt("a path too short", 1, GOOD, "ROOT_MISMATCH", hashes=path(1, HASHES)[:1]),
    receipt("a path too long", 1, GOOD, "ROOT_MISMATCH", hashes=path(1, HASHES) + [bytes(32)]),
    receipt("another leaf's data", 1, GOOD, "ROOT_MISMATCH", data=LEAVES[2]),
    receipt("the note without the leaf's head", 1, GOOD, "ROOT_MISMATCH", data=NOTE),
]
write("notes.json", {
    "about": "Batch notes and receipts (formats.md 3). Payloads, salts, sections, hashes and "
             "keys in hex; payloads here are opaque bytes that name the codes beside them. "
             "refused_notes fail by their note alone; refused_batches need the bodies and the "
             "parties; receipts with code OK hold.",
    "ledger_id": LEDGER,
    "nodes": [{"name": "node-a.example", "key": NODE_A.public.hex()}],
    "parties": [dict(party=party, key_id=key_id(party, key.public).hex(), **key.json())
                for party, key in PARTIES],
    "batches": batches,
    "refused_notes": [dict(name=n, note=t, code=c) for n, t, c in refused_notes],
    "refused_batches": refused_batches,
    "receipts": receipts,
})
