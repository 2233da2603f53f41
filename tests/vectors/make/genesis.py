"""Writes genesis.json: genesis texts and leaves, good and refused."""
from formats import Key, b64, leaf, sha, write

LOG, NODE_A, NODE_B = Key("log"), Key("node a"), Key("node b")
AUTHORITY, SECOND = Key("authority"), Key("second authority")
NONCE = sha(b"genesis nonce")[:16]
ORIGIN = "demo.example/suyuan"
TIME = 1780000000000
# A point of order 8, and y = 2 with no point; both canonical encodings of their bytes.
SMALL_ORDER = bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")
NO_POINT = (2).to_bytes(32, "little")


def genesis_text(origin=ORIGIN, log=LOG.public, nodes=None, authorities=None, quorum="1",
    rules="1",
                 nonce=b64(NONCE)):
    nodes = [("node-a.example", NODE_A.public)] if nodes is None else nodes
    authorities = [("cn-samr", AUTHORITY.public)] if authorities is None else authorities
    lines = ["suyuan/genesis/v1", "origin " + origin, "log " + b64(log)]
    lines += ["node %s %s" % (name, b64(key)) for name, key in nodes]
    lines += ["authority %s %s" % (name, b64(key)) for name, key in authorities]
    lines += ["quorum " + quorum, "rules " + rules, "nonce " + nonce]
    return "\n".join(lines) + "\n"


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
    ("lines in another order", GENESIS.replace("quorum 1\nrules 1\n", "rules 1\nquorum 1\n"),
        "NOTE_SYNTAX"),
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
    ("authorities not ascending", genesis_text(authorities=TWO_AUTHORITIES[::-1]),
        "INVALID_FIELD"),
    ("an authority in capitals",
     genesis_text(authorities=[("CN-SAMR", AUTHORITY.public)]), "PARTY_ID_SYNTAX"),
    ("a reserved authority",
     genesis_text(authorities=[("consumer", AUTHORITY.public)]), "PARTY_ID_SYNTAX"),
    ("log key and node key equal", genesis_text(nodes=[("a", LOG.public)]), "INVALID_FIELD"),
    ("node key and authority key equal",
     genesis_text(authorities=[("cn-samr", NODE_A.public)]), "INVALID_FIELD"),
    ("a log key of small order", genesis_text(log=SMALL_ORDER), "KEY_WEAK"),
    ("an authority key that is no point", genesis_text(authorities=[("a", NO_POINT)]),
        "KEY_WEAK"),
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
    ("a text that is cut off in its first line", leaf("seal", 1, "suyuan/seal/v1"),
        "NOTE_SYNTAX"),
    ("more than 16 KiB", leaf("seal", 1, SEAL + "x" * 16384), "TOO_LARGE"),
]
write("genesis.json", {
    "about": "Genesis texts and leaves (formats.md 4). Keys and seeds in hex. Every refused "
             "text or leaf is refused with the code given.",
    "keys": {name: key.json() for name, key in [
        ("log", LOG), ("node-a.example", NODE_A), ("node-b.example", NODE_B),
            ("cn-samr", AUTHORITY),
        ("cn-customs", SECOND)]},
    "genesis": [
        good_genesis("one of each", GENESIS, origin=ORIGIN, log=LOG.public.hex(),
            nodes=named(ONE_NODE),
                     authorities=named(ONE_AUTHORITY), quorum=1, rules=1, nonce=NONCE.hex()),
        good_genesis("two of each, quorum 2",
                     genesis_text(origin="x", nodes=TWO_NODES, authorities=TWO_AUTHORITIES,
                         quorum="2"),
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
