"""Writes registry.json: proofs of possession and registry acts, taken and refused."""
from formats import Key, b64, key_id, leaf, sha, write
from genesis import (AUTHORITY, LEDGER, LOG, NODE_B, NO_POINT, SECOND, SMALL_ORDER, TIME,
                     TWO_AUTHORITIES, TWO_NODES, genesis_text)

# The parties' keys of notes.json.
MILL, GATEWAY, STRANGER = Key("mill"), Key("gateway"), Key("stranger")


LEDGER_2 = "x " + b64(sha(leaf("genesis", TIME, genesis_text(
    origin="x", nodes=TWO_NODES, authorities=TWO_AUTHORITIES, quorum="2")).encode()))


def possession_text(party, public, ledger=LEDGER_2):
    return "suyuan/key/v1\nledger %s\nparty %s\nkey %s\n" % (ledger, party, b64(public))


def entry(party, key, public=None, ledger=LEDGER_2, claimed=None):
    public = key.public if public is None else public
    text = possession_text(claimed or party, public, ledger)
    return {"key": public.hex(), "possession": key.secret.sign(text.encode()).hex()}


def party(ident, keys=(), **fields):
    return {"act": "registerParty",
        "party": dict({"id": ident, "name": ident, "roles": ["logistics"]}, **fields),
            "keys": list(keys)}


def act(kind, **fields):
    return dict({"act": kind}, **fields)


def amend(registered, **fields):
    return {"act": "amendParty", "party": dict(registered["party"], **fields)}


def product(kind="registerProduct", **fields):
    return {"act": kind, "product": dict({"gtin": "09521104301011", "name": "Stage 1",
        "owner": "nz-mfr"}, **fields)}


def site(kind="registerSite", **fields):
    return {"act": kind, "site": dict({"gln": "9521104000013", "party": "nz-mfr",
        "name": "Dryer"}, **fields)}


NEW, NEWER = Key("new"), Key("newer")
AUTH = {"party": "cn-samr"}
MFR = party("nz-mfr", [entry("nz-mfr", MILL)], name="Waikawa", nameZh="怀卡瓦",
    roles=["manufacturer"], country="NZ",
            gln="9521104000006", creditCode="91350205MA0DEM0132",
            accreditations=[{"number": "A-1", "validTo": "2027-03-31T00:00:00Z",
                "scope": ["GB 10765"]}])
steps = [  # what, signer, leaf, expected, act
    ("a party with a key", "cn-samr", 1, "OK", MFR),
    ("a party without keys, through an agent", "cn-customs", 2, "OK",
        party("cn-agent", representedBy="nz-mfr")),
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
    ("a GLN with a wrong check digit", "cn-samr", 4, "CODE_CHECK_DIGIT",
        party("p", gln="9521104000007")),
    ("a credit code of 17", "cn-samr", 4, "CODE_SYNTAX",
        party("p", creditCode="91350205MA0DEM013")),
    ("a credit code with a wrong check character", "cn-samr", 4, "CODE_CHECK_DIGIT",
     party("p", creditCode="91350205MA0DEM0133")),
    ("represented by nobody known", "cn-samr", 4, "PARTY_UNKNOWN",
        party("p", representedBy="nobody")),
    ("represented by itself", "cn-samr", 4, "INVALID_FIELD", party("p", representedBy="p")),
    ("an accreditation without number", "cn-samr", 4, "MISSING_FIELD",
        party("p", accreditations=[{"number": ""}])),
    ("257 keys", "cn-samr", 4, "TOO_MANY", party("p", [entry("p", NEW)] * 257)),
    ("a key twice in one act", "cn-samr", 4, "KEY_EXISTS",
        party("p", [entry("p", NEW), entry("p", NEW)])),
    ("a key of another party", "cn-samr", 4, "KEY_EXISTS", party("p", [entry("p", MILL)])),
    ("the log's key", "cn-samr", 4, "KEY_EXISTS", party("p", [entry("p", LOG)])),
    ("a node's key", "cn-samr", 4, "KEY_EXISTS", party("p", [entry("p", NODE_B)])),
    ("an authority's key", "cn-samr", 4, "KEY_EXISTS", party("p", [entry("p", SECOND)])),
    ("a key of small order", "cn-samr", 4, "KEY_WEAK",
        party("p", [entry("p", NEW, public=SMALL_ORDER)])),
    ("a key that is no point", "cn-samr", 4, "KEY_WEAK",
        party("p", [entry("p", NEW, public=NO_POINT)])),
    ("possession by another key", "cn-samr", 4, "POSSESSION_INVALID",
        party("p", [entry("p", NEW, public=NEWER.public)])),
    ("possession for another party", "cn-samr", 4, "POSSESSION_INVALID",
     party("p", [entry("p", NEW, claimed="q")])),
    ("possession for another ledger", "cn-samr", 4, "POSSESSION_INVALID",
        party("p", [entry("p", NEW, ledger=LEDGER)])),
    ("of one bad key, nothing is kept: the good one is free", "cn-samr", 4, "OK",
        party("p", [entry("p", NEW)])),

    ("other roles, another agent", "cn-samr", 5, "OK",
        amend(MFR, roles=["supplier", "manufacturer"], representedBy="cn-agent")),
    ("an amendment of nobody known", "cn-samr", 5, "PARTY_UNKNOWN", amend(party("nobody"))),
    ("an amendment that gives the role authority", "cn-samr", 5, "INVALID_FIELD",
        amend(MFR, roles=["authority"])),
    ("an authority that gives up its role", "cn-samr", 5, "INVALID_FIELD",
        amend(party("cn-samr"))),
    ("an authority with a second role", "cn-samr", 5, "OK",
     amend(party("cn-samr"), roles=["authority", "market_supervision"])),
    ("an authority amends another", "cn-customs", 5, "NOT_AUTHORITY",
        amend(party("cn-samr"), roles=["authority"])),

    ("a second key", "cn-samr", 6, "OK",
        act("addKey", party="nz-mfr", key=entry("nz-mfr", NEWER))),
    ("a key for nobody known", "cn-samr", 6, "PARTY_UNKNOWN",
        act("addKey", party="nobody", key=entry("nobody", STRANGER))),
    ("a key that was registered", "cn-samr", 6, "KEY_EXISTS",
        act("addKey", party="gate.way", key=entry("gate.way", NEWER))),
    ("possession for another party, added", "cn-samr", 6, "POSSESSION_INVALID",
     act("addKey", party="nz-mfr", key=entry("p", STRANGER))),
    ("an authority adds a key to another", "cn-customs", 6, "NOT_AUTHORITY",
     act("addKey", **AUTH, key=entry("cn-samr", STRANGER))),

    ("a revocation, suspect from before", "cn-samr", 7, "OK",
        act("revokeKey", party="nz-mfr", key=MILL.public.hex(), suspectFrom=4)),
    ("a second revocation", "cn-samr", 8, "KEY_NOT_IN_FORCE",
        act("revokeKey", party="nz-mfr", key=MILL.public.hex())),
    ("a second one, suspect from later", "cn-samr", 8, "KEY_NOT_IN_FORCE",
     act("revokeKey", party="nz-mfr", key=MILL.public.hex(), suspectFrom=5)),
    ("a second one, suspect from earlier", "cn-samr", 8, "OK",
     act("revokeKey", party="nz-mfr", key=MILL.public.hex(), suspectFrom=2,
         reason="found on a lost laptop")),
    ("a revoked key is never registered again", "cn-samr", 9, "KEY_EXISTS",
     act("addKey", party="nz-mfr", key=entry("nz-mfr", MILL))),
    ("a revocation of a key of another", "cn-samr", 9, "KEY_UNKNOWN",
        act("revokeKey", party="nz-mfr", key=GATEWAY.public.hex())),
    ("suspect from the future", "cn-samr", 9, "INVALID_FIELD",
     act("revokeKey", party="nz-mfr", key=NEWER.public.hex(), suspectFrom=10)),
    ("an authority's last key", "cn-samr", 9, "INVALID_FIELD",
        act("revokeKey", **AUTH, key=AUTHORITY.public.hex())),
    ("an authority revokes another's", "cn-customs", 9, "NOT_AUTHORITY",
        act("revokeKey", **AUTH, key=AUTHORITY.public.hex())),

    ("a delegation", "cn-samr", 10, "OK",
        act("grantDelegation", party="nz-mfr", signerParty="gate.way",
        until="2027-01-01T00:00:00Z")),
    ("a delegation by nobody known", "cn-samr", 10, "PARTY_UNKNOWN",
        act("grantDelegation", party="nobody", signerParty="gate.way")),
    ("a delegation to nobody known", "cn-samr", 10, "PARTY_UNKNOWN",
        act("grantDelegation", party="nz-mfr", signerParty="nobody")),
    ("a delegation to itself", "cn-samr", 10, "INVALID_FIELD",
        act("grantDelegation", party="nz-mfr", signerParty="nz-mfr")),
    ("a delegation by an authority", "cn-samr", 10, "INVALID_FIELD",
        act("grantDelegation", **AUTH, signerParty="gate.way")),
    ("the same delegation without end", "cn-samr", 11, "OK",
        act("grantDelegation", party="nz-mfr", signerParty="gate.way")),
    ("its end", "cn-samr", 12, "OK",
        act("endDelegation", party="nz-mfr", signerParty="gate.way")),
    ("its end again", "cn-samr", 13, "DELEGATION_MISSING",
        act("endDelegation", party="nz-mfr", signerParty="gate.way")),
    ("an end that was never granted", "cn-samr", 13, "DELEGATION_MISSING",
        act("endDelegation", party="p", signerParty="gate.way")),

    ("a product", "cn-samr", 14, "OK", product(
        nameZh="1段", brand="Waikawa", licensees=["p"], uom="H87", netKg="0.9", hs="1901101010",
            shelfLifeDays=730,
        recallAgent="p", sellers=["cn-agent", "p"], requiredSteps=["origin", "delivery"])),
    ("a case of it", "cn-samr", 14, "OK",
        product(gtin="19521104301018", containedGtin="09521104301011", containedCount=6)),
    ("the same product again", "cn-samr", 15, "PRODUCT_EXISTS", product()),
    ("a GTIN of 13 digits", "cn-samr", 15, "INVALID_FIELD", product(gtin="9521104301011")),
    ("a GTIN with a wrong check digit", "cn-samr", 15, "CODE_CHECK_DIGIT",
        product(gtin="09521104301012")),
    ("a GTIN for use inside one company", "cn-samr", 15, "CODE_RESTRICTED",
        product(gtin="02000000000008")),
    ("no GTIN", "cn-samr", 15, "MISSING_FIELD", product(gtin="")),
    ("no owner", "cn-samr", 15, "MISSING_FIELD", product(gtin="09521101100013", owner="")),
    ("an owner that nobody knows", "cn-samr", 15, "PARTY_UNKNOWN",
        product(gtin="09521101100013", owner="nobody")),
    ("a licensee that nobody knows", "cn-samr", 15, "PARTY_UNKNOWN",
        product(gtin="09521101100013", licensees=["p", "nobody"])),
    ("a licensee twice", "cn-samr", 15, "INVALID_FIELD",
        product(gtin="09521101100013", licensees=["p", "p"])),
    ("257 licensees", "cn-samr", 15, "TOO_MANY",
        product(gtin="09521101100013", licensees=["p%d" % i for i in range(257)])),
    ("a recall agent that nobody knows", "cn-samr", 15, "PARTY_UNKNOWN",
        product(gtin="09521101100013", recallAgent="nobody")),
    ("a seller that nobody knows", "cn-samr", 15, "PARTY_UNKNOWN",
        product(gtin="09521101100013", sellers=["nobody"])),
    ("a unit of four letters", "cn-samr", 15, "INVALID_FIELD",
        product(gtin="09521101100013", uom="KILO")),
    ("a mass of nothing", "cn-samr", 15, "INVALID_FIELD",
        product(gtin="09521101100013", netKg="0")),
    ("a tariff number with letters", "cn-samr", 15, "INVALID_FIELD",
        product(gtin="09521101100013", hs="19A1")),
    ("contents without count", "cn-samr", 15, "INVALID_FIELD",
        product(gtin="09521101100013", containedGtin="09521104301011")),
    ("count without contents", "cn-samr", 15, "INVALID_FIELD",
        product(gtin="09521101100013", containedCount=6)),
    ("a product that contains itself", "cn-samr", 15, "INVALID_FIELD",
     product(gtin="09521101100013", containedGtin="09521101100013", containedCount=6)),
    ("another owner", "cn-samr", 15, "OK", product("amendProduct", owner="p")),
    ("an amendment of a product that is not there", "cn-samr", 16, "NOT_FOUND",
        product("amendProduct", gtin="09521101100013")),
    ("an amendment to an owner nobody knows", "cn-samr", 16, "PARTY_UNKNOWN",
        product("amendProduct", owner="nobody")),

    ("a site", "cn-samr", 17, "OK",
        site(type="factory", country="NZ", region="Waikato", latitude="-37.812",
        longitude="175.295",
                                         unlocode="NZTRG",
                                             supervisedBy=["cn-samr", "cn-customs"])),
    ("the same site again", "cn-samr", 18, "SITE_EXISTS", site()),
    ("a site's GLN with a wrong check digit", "cn-samr", 18, "CODE_CHECK_DIGIT",
        site(gln="9521104000014")),
    ("a site without GLN", "cn-samr", 18, "MISSING_FIELD", site(gln="")),
    ("a site of nobody known", "cn-samr", 18, "PARTY_UNKNOWN",
        site(gln="9521101000016", party="nobody")),
    ("supervised by nobody known", "cn-samr", 18, "PARTY_UNKNOWN",
        site(gln="9521101000016", supervisedBy=["nobody"])),
    ("a type in capitals", "cn-samr", 18, "INVALID_FIELD",
        site(gln="9521101000016", type="Farm")),
    ("a latitude alone", "cn-samr", 18, "INVALID_FIELD", site(gln="9521101000016", latitude="1")),
    ("a latitude beyond the pole", "cn-samr", 18, "INVALID_FIELD",
        site(gln="9521101000016", latitude="90.1", longitude="0")),
    ("a longitude beyond 180", "cn-samr", 18, "INVALID_FIELD",
        site(gln="9521101000016", latitude="0", longitude="-180.1")),
    ("a UN/LOCODE of four", "cn-samr", 18, "INVALID_FIELD",
        site(gln="9521101000016", unlocode="CNXM")),
    ("another party", "cn-samr", 18, "OK", site("amendSite", party="p")),
    ("an amendment of a site that is not there", "cn-samr", 19, "NOT_FOUND",
        site("amendSite", gln="9521101000016")),
    ("an amendment to a party nobody knows", "cn-samr", 19, "PARTY_UNKNOWN",
        site("amendSite", party="nobody")),
]


def code_of(what):
    if "product" in what:
        return "urn:suyuan:product:" + what["product"]["gtin"]
    if "site" in what:
        return "urn:suyuan:site:" + what["site"]["gln"]
    return "urn:suyuan:party:" + (what["party"] if isinstance(what["party"],
        str) else what["party"]["id"])


write("registry.json", {
    "about": "Proofs of possession and registry acts (formats.md 9). The acts are applied one "
             "after the other to the second genesis of genesis.json, each at its leaf, signed "
             "by the party given; code says with what each is refused, and a refused one leaves "
             "no trace.",
    "ledger_id": LEDGER_2,
    "possession": [dict(party=name, key=key.public.hex(), seed=key.seed.hex(),
                        text=possession_text(name, key.public),
                            key_id=key_id(name, key.public).hex(),
                        signature=key.secret.sign(possession_text(name,
                            key.public).encode()).hex())
                   for name, key in [("nz-mfr", MILL), ("gate.way", GATEWAY), ("p", NEW)]],
    "party_ids": ["a", "0", "a.b-c", "p" * 63, "x--y"],
    "no_party_ids": ["", "-a", "a-", ".a", "a.", "A", "a_b", "a b", "\u00e4", "p" * 64, "a/b",
        "a\n"],
    "acts": [dict(name=name, signer=signer, leaf=at, code=code, concerns=code_of(what), **what)
             for name, signer, at, code, what in steps],
})
