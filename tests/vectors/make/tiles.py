"""Writes tiles.json: tile paths, widths, entry bundles, a leaf's events, good and refused."""
import hashlib
import json
import os

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def u(size, number):
    return number.to_bytes(size, "big")


def record(label, keys):
    codes = sorted(hashlib.sha256(b"%s %d" % (label.encode(), i)).digest() for i in range(keys))
    return b"suyuan/event/v1\n" + u(2, keys) + b"".join(codes) + \
        hashlib.sha256(label.encode()).digest()


def event(label, keys=1, state=0, payload=b""):
    salt = hashlib.sha256(b"salt " + label.encode()).digest()
    one = {"record": record(label, keys).hex(), "state": ["open", "withheld", "erased"][state]}
    data = u(4, len(record(label, keys))) + record(label, keys) + u(1, state)
    if state == 0:
        one.update(salt=salt.hex(), payload=payload.hex())
        data += salt + u(4, len(payload)) + payload
    return one, data


def file_of(name, *events):
    return {"name": name, "events": [one for one, _ in events],
            "file": b"".join(data for _, data in events).hex()}


def number(n):
    groups = ["%03d" % (n % 1000)]
    while n >= 1000:
        n //= 1000
        groups.insert(0, "x%03d" % (n % 1000))
    return "/".join(groups)


def tile(n, level=None, width=256):
    path = "tile/%s/%s" % ("entries" if level is None else level, number(n))
    if width < 256:
        path += ".p/%d" % width
    one = {"path": path, "index": n, "width": width}
    if level is not None:
        one["level"] = level
    return one


def width(size, level, index):
    return max(0, min(256, size // 256 ** level - 256 * index))


A, OPEN = event("a", 2, 0, b"payload of a")
WHOLE = OPEN
EMPTY = event("b", 1, 0, b"")
WITHHELD, ERASED = event("c", 3, 1), event("d", 1, 2)
refused = [
    ("cut off in the length", WHOLE[:3]),
    ("cut off in the record", WHOLE[:40]),
    ("without state", WHOLE[:4 + len(record("a", 2))]),
    ("cut off in the salt", WHOLE[:4 + len(record("a", 2)) + 20]),
    ("without its payload", WHOLE[:4 + len(record("a", 2)) + 33]),
    ("cut off in the payload", WHOLE[:-1]),
    ("one byte after", WHOLE + b"\0"),
    ("an unknown state", u(4, 1) + b"r" + u(1, 3)),
    ("a withheld event with a salt", WITHHELD[1] + b"s" * 32),
    ("a record that is longer than any", u(4, 131123) + b"r" * 131123 + u(1, 1)),
    ("a payload that is longer than any", u(4, 1) + b"r" + u(1, 0) + b"s" * 32 +
     u(4, 524289) + b"p" * 524289),
    ("4,097 events", (u(4, 0) + u(1, 1)) * 4097),
]
bundles = [[b"one"], [b"", b"two", b"x" * 300], [b"%d" % i for i in range(256)]]
vectors = {
    "about": "The log as tiles, and the events beside (formats.md 4). Bytes in hex; of a long file a "
             "pattern: [[hex, times], ...]. A path without level is an entry bundle.",
    "paths": [tile(0, 0), tile(999, 0), tile(1000, 1), tile(1234067, 0), tile(273, 0, 112),
              tile(0, 63, 1), tile(7, None), tile(7, None, 255), tile(36028797018963967, 2),
              tile(1000000, None, 9)],
    "refused_paths": [
        "", "tile", "tile/", "tile/0", "tile/0/", "tile/0/1", "tile/0/0001", "tile/0/x001",
        "tile/0/x000/001", "tile/0/001/", "/tile/0/001", "tile/0/001.p", "tile/0/001.p/",
        "tile/0/001.p/0", "tile/0/001.p/256", "tile/0/001.p/01", "tile/0/001.p/1/",
        "tile/00/001", "tile/64/001", "tile/-1/001", "tile/entries", "tile/entries/1",
        "tile/data/001", "tile/0/X001/002", "tile/0/001/002", "tile/0/x001x002", "tile/0/+01",
        "tile/0/ 01", "tile/0/001.P/1", "tile/0/001.p/1.p/1", "tile/0/%30%30%31",
        "tile/8/0/001", "tile/0/x036/x028/x797/x018/x963/968",
        "tile/0/x099/x999/x999/x999/x999/x999/999", "events/001"],
    "numbers": [{"number": n, "text": number(n)}
                for n in [0, 1, 999, 1000, 1234067, 999999999, 2**63 - 1]],
    "refused_numbers": ["", "1", "x001", "x000/000", "0000", "x009/x223/x372/x036/x854/x775/808",
                        "000/", "/000", "001.p/1"],
    "widths": [{"size": s, "level": l, "index": i, "width": width(s, l, i)}
               for s, l, i in [(0, 0, 0), (1, 0, 0), (255, 0, 0), (256, 0, 0), (256, 0, 1),
                               (257, 0, 1), (255, 1, 0), (256, 1, 0), (70000, 0, 273),
                               (70000, 0, 274), (70000, 1, 0), (70000, 1, 1), (70000, 2, 0),
                               (70000, 2, 1), (70000, 3, 0), (2**63 - 1, 7, 0),
                               (2**63 - 1, 0, 2**55 - 1)]],
    "bundles": [{"entries": [one.hex() for one in entries],
                 "bundle": b"".join(u(2, len(one)) + one for one in entries).hex()}
                for entries in bundles],
    "refused_bundles": [
        {"name": "cut off in a length", "count": 1, "bundle": "00"},
        {"name": "cut off in an entry", "count": 1, "bundle": "000361"},
        {"name": "one entry fewer", "count": 2, "bundle": "000161"},
        {"name": "one entry more", "count": 1, "bundle": "000161000162"},
        {"name": "a byte after", "count": 1, "bundle": "00016100"},
        {"name": "an entry where there is none", "count": 0, "bundle": "0000"}],
    "leaf_events": [
        file_of("no event: genesis, seal"),
        file_of("one", (A, OPEN)),
        file_of("an empty payload, withheld, erased", EMPTY, WITHHELD, ERASED)],
    "refused_leaf_events": [],
}
for name, data in refused:
    one = {"name": name}
    if len(data) < 1000:
        one["file"] = data.hex()
    elif name == "4,097 events":
        one["pattern"] = [["0000000001", 4097]]
    elif name.startswith("a record"):
        one["pattern"] = [[u(4, 131123).hex(), 1], ["72", 131123], ["01", 1]]
    else:
        one["pattern"] = [["000000017200" + "73" * 32 + u(4, 524289).hex(), 1], ["70", 524289]]
    if "pattern" in one:
        assert b"".join(bytes.fromhex(h) * n for h, n in one["pattern"]) == data
    vectors["refused_leaf_events"].append(one)
with open(os.path.join(HERE, "tiles.json"), "w") as out:
    json.dump(vectors, out, indent=1)
    out.write("\n")
