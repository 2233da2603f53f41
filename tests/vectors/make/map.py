"""Writes map.json: chain maps, their roots and proofs, and what a verifier must refuse.

From docs/formats.md 6 alone, by plain recursion; it shares no code with the ledger. The file is
frozen; run it (python3) only to add vectors, and look at the difference.
"""
import hashlib
import json
import os

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def uv(n):
    out = b""
    while n >= 128:
        out += bytes([128 | n & 127])
        n >>= 7
    return out + bytes([n])


def bit(key, b):
    return key[b // 8] >> (7 - b % 8) & 1


def val(row):
    return row["count"].to_bytes(8, "big") + row["link"]


def leaf(row):
    return sha(b"\0", uv(32), row["key"], uv(40), val(row))


def split(rows):
    b = next(b for b in range(256) if len({bit(r["key"], b) for r in rows}) == 2)
    return b, [r for r in rows if not bit(r["key"], b)], [r for r in rows if bit(r["key"], b)]


def root(rows):
    if not rows:
        return sha()
    if len(rows) == 1:
        return leaf(rows[0])
    b, left, right = split(rows)
    return sha(b"\1", uv(b), root(left), root(right))


def search(rows, key):
    """The row where the search ends, and the path to it as steps from the leaf up."""
    if len(rows) == 1:
        return rows[0], []
    b, left, right = split(rows)
    on, off = (right, left) if bit(key, b) else (left, right)
    row, path = search(on, key)
    return row, path + [(b, root(off))]


def encoded(path):
    return b"".join(uv(b) + sibling for b, sibling in path)


def other(row):
    return uv(32) + row["key"] + uv(40) + val(row)


def proof(rows, key):
    if not rows:
        return False, b""
    row, path = search(rows, key)
    if row["key"] == key:
        return True, encoded(path)
    return False, other(row) + encoded(path)


def row_of(key, count):
    return {"key": key, "count": count, "link": sha(b"suyuan vector link ", key, str(count).encode())}


def hexed(row):
    return {"key": row["key"].hex(), "count": row["count"], "link": row["link"].hex()}


def asked(rows, key, there=None, proof_bytes=None):
    present, honest = proof(rows, key)
    out = {"key": key.hex()}
    row = there if there else next((r for r in rows if r["key"] == key), None) if present else None
    if row:
        out["count"] = row["count"]
        out["link"] = row["link"].hex()
    out["proof"] = (honest if proof_bytes is None else proof_bytes).hex()
    return out


def main():
    hashed = [row_of(sha(b"suyuan vector code %d" % i), 1 + i * i % 11) for i in range(40)]
    zero = bytes(32)
    ones = b"\xff" * 32
    near = [row_of(zero[:31] + bytes([i]), 1) for i in (0, 1, 2, 128, 255)] + [row_of(ones, 2**53 - 1)]
    sets = {"no code": [], "one code": hashed[:1], "two codes": hashed[:2], "forty codes": hashed,
            "keys that differ in the last byte": near}
    maps = []
    for name, rows in sets.items():
        keys = [r["key"] for r in rows[:6]] + [sha(b"no code %d" % i) for i in range(3)] + [zero, ones]
        keys = list(dict.fromkeys(keys))
        maps.append({"name": name, "rows": [hexed(r) for r in rows], "root": root(rows).hex(),
                     "proofs": [asked(rows, k) for k in keys]})

    refused = []

    def refuse(name, rows, claim, of=None):
        refused.append({"name": name, "root": (of or root(rows)).hex(), **claim})

    known, absent = hashed[3], sha(b"no code 0")
    _, good = proof(hashed, known["key"])
    end, path = search(hashed, absent)
    gone = other(end) + encoded(path)
    steps = search(hashed, known["key"])[1]
    more = dict(known, count=known["count"] + 1)
    refuse("another count", hashed, asked(hashed, known["key"], more))
    refuse("another link", hashed, asked(hashed, known["key"], dict(known, link=zero)))
    refuse("of another map", hashed, asked(hashed, known["key"]), root(hashed[:39]))
    refuse("a byte left over", hashed, asked(hashed, known["key"], None, good + b"\0"))
    refuse("a byte missing", hashed, asked(hashed, known["key"], None, good[:-1]))
    refuse("the last step missing", hashed, asked(hashed, known["key"], None, encoded(steps[:-1])))
    refuse("a uv in a longer form", hashed, asked(hashed, known["key"], None,
           encoded(steps[:-1]) + bytes([128 | steps[-1][0], 0]) + steps[-1][1]))
    # Roots made to fit: only the rule that is broken speaks against the proof.
    sibling = sha(b"sibling")

    def forge(name, key, row, forged_path, claim_row):
        node = leaf(row)
        for b, s in forged_path:
            on_right = b < 256 and bit(row["key"], b)
            node = sha(b"\1", uv(b), *((s, node) if on_right else (node, s)))
        body = encoded(forged_path) if claim_row else other(row) + encoded(forged_path)
        refuse(name, [], asked([], key, claim_row, body), node)

    forge("b above 255", known["key"], known, [(256, sibling)], known)
    forge("b twice", known["key"], known, [(5, sibling), (5, sibling)], known)
    forge("b rising", known["key"], known, [(5, sibling), (6, sibling)], known)
    empty = dict(known, count=0)
    forge("a count of 0", known["key"], empty, [], empty)
    forge("absence: the other's count of 0", absent, empty, [], None)
    forge("absence: the other is the key itself", known["key"], known, [], None)
    flipped = bytes([known["key"][0] ^ 0x80]) + known["key"][1:]
    forge("absence: the search goes another way", flipped, known, [(0, sibling)], None)
    refuse("absence of a code that is there", hashed, {"key": known["key"].hex(), "proof": gone.hex()})
    refuse("absence: nothing, of a map with codes", hashed, {"key": absent.hex(), "proof": ""})
    refuse("absence: bytes, of an empty map", [], {"key": absent.hex(), "proof": gone.hex()})
    refuse("absence: a byte left over", hashed, {"key": absent.hex(), "proof": (gone + b"\0").hex()})
    short = uv(31) + end["key"][:31] + uv(40) + val(end)
    refuse("absence: a key of 31 bytes", [], {"key": absent.hex(), "proof": short.hex()},
           sha(b"\0", short))
    longer = uv(32) + end["key"] + uv(41) + val(end) + b"\0"
    refuse("absence: a val of 41 bytes", [], {"key": absent.hex(), "proof": longer.hex()},
           sha(b"\0", longer))
    with open(os.path.join(HERE, "map.json"), "w") as out:
        json.dump({"maps": maps, "refused": refused}, out, indent=1)
        out.write("\n")


main()
