"""Keys, notes and trees as docs/formats.md defines them: a second implementation.

genesis.py, notes.py and registry.py write the vectors of those names with it. It shares no code
with the ledger. The files are frozen; run these programs (python3 with the package cryptography)
only to add vectors, and look at the difference.
"""
import base64
import hashlib
import json
import os

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


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
    return "\u2014 %s %s\n" % (name,
        b64(key_id(name, key.public) + key.secret.sign(text.encode())))


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


def leaf(kind, time, text):
    return "suyuan/leaf/v1 %s\ntime %s\n\n%s" % (kind, time, text)
