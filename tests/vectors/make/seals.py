"""Writes seals.json: seal texts and their leaves, good and refused (formats.md 6)."""
from formats import b64, leaf, sha, write

LEDGER = "demo.example/suyuan " + b64(sha(b"leaf 0"))
EMPTY = sha(b"")
MAP = sha(b"some map")
TIME = 1780000000500


def seal(previous="5", leaves="9", events="120", chains="77", root=MAP, rules="1", ledger=LEDGER):
    return ("suyuan/seal/v1\nledger %s\nrules %s\nprevious %s\nleaves %s\nevents %s\nchains %s\n"
            "map %s\n" % (ledger, rules, previous, leaves, events, chains, b64(root)))


def good(name, previous, leaves, events, chains, root):
    text = seal("-" if previous is None else str(previous), str(leaves), str(events), str(chains),
                root)
    return {"name": name, "ledger": LEDGER, "previous": previous, "leaves": leaves,
            "events": events, "chains": chains, "map": root.hex(), "text": text, "time_ms": TIME,
            "leaf_data": leaf("seal", TIME, text)}


GOOD = seal()
refused = [
    ("another header", GOOD.replace("/v1", "/v2")),
    ("no final line feed", GOOD[:-1]),
    ("CR LF", GOOD.replace("\n", "\r\n")),
    ("a blank line at the end", GOOD + "\n"),
    ("a line missing", GOOD.replace("chains 77\n", "")),
    ("a line twice", GOOD.replace("chains 77\n", "chains 77\nchains 77\n")),
    ("lines in another order", GOOD.replace("leaves 9\nevents 120\n", "events 120\nleaves 9\n")),
    ("a line more", GOOD + "more 1\n"),
    ("two spaces", GOOD.replace("leaves 9", "leaves  9")),
    ("a space at the end", GOOD.replace("leaves 9", "leaves 9 ")),
    ("a leading zero", GOOD.replace("leaves 9", "leaves 09")),
    ("a sign", GOOD.replace("events 120", "events +120")),
    ("more than 19 digits", GOOD.replace("events 120", "events 12345678901234567890")),
    ("an origin with a plus sign", GOOD.replace("demo.example/suyuan", "demo+example")),
    ("a ledger without its hash", seal(ledger="demo.example/suyuan")),
    ("a short hash of the ledger", seal(ledger="demo.example/suyuan " + b64(MAP[:31]))),
    ("a short map root", seal(root=MAP[:31])),
    ("base64 without padding", GOOD.replace(b64(MAP), b64(MAP).rstrip("="))),
    ("rules that nobody knows", seal(rules="2")),
    ("rules 0", seal(rules="0")),
    ("no leaf before it", seal(previous="-", leaves="0", events="0", chains="0", root=EMPTY)),
    ("genesis as the seal before", seal(previous="0")),
    ("itself as the seal before", seal(previous="9")),
    ("a later seal before", seal(previous="10")),
    ("an empty previous", GOOD.replace("previous 5", "previous ")),
    ("another word for no previous", seal(previous="none")),
    ("events without codes", seal(chains="0", root=EMPTY)),
    ("codes without events", seal(events="0")),
    ("no code but a map", seal(events="0", chains="0")),
    ("codes but an empty map", seal(root=EMPTY)),
]

write("seals.json", {
    "about": "Seal texts and their leaves (formats.md 6). Every refused text is refused as "
             "NOTE_SYNTAX.",
    "seals": [good("the first, over genesis alone", None, 1, 0, 0, EMPTY),
              good("the first of an older log", None, 9, 120, 77, MAP),
              good("one behind another", 5, 9, 120, 77, MAP),
              good("of large numbers", 999999999999999998, 999999999999999999,
                   1234567890123456789, 123456789012345678, MAP)],
    "refused": [{"name": name, "text": text} for name, text in refused],
})
