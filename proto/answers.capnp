# What a node answers: results of the Ledger interface (ledger.capnp).
@0xae54cb9b386be845;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("suyuan::wire");

using Event = import "event.capnp";
using Registry = import "registry.capnp";
using Decimal = Event.Decimal;
using Moment = Event.Moment;
using LeafIndex = Registry.LeafIndex;

struct AnswerHead @0xdf75658400ee4623 {
  size @0 :UInt64;          # tree size of the state that the answer was read from
  logTime @1 :Int64;        # of its last leaf
  retryAfterMs @2 :UInt32;  # with BUSY: when to try again
  code @3 :Text;            # canonical form of the requested code
}

struct Error @0xf8ce41092e05cdfc {
  code @0 :Text;     # "ROOT_MISMATCH": docs/errors.md. New ones may come.
  message @1 :Text;  # what was found, what was expected, how to fix it
  field @2 :Text;    # "objects[3].code"; empty: the whole
  event @3 :Int32 = -1;  # index in the batch; -1: not about one event
}

struct Place @0xde859745c1db1f4c {
  leaf @0 :UInt64;
  event @1 :UInt32;
}

struct Finding @0xdb28909275c62b21 {
  flag @0 :Text;     # "CUSTODY_BREAK": docs/findings.md. New ones may come.
  event @1 :Place;
  reason @2 :Text;
  codes @3 :List(Text);
  related @4 :List(Place);
}

struct CodeHead @0x880758a14046975c {
  # A product chain's head: after the batch, in a receipt.
  code @0 :Text;
  count @1 :UInt64;
  link @2 :Data;
}

struct Held @0xd1f0a6c2b7e93584 {
  # What is known about a batch at the time of the answer.
  nodes @0 :List(Text);  # that have it synced on disk: the receipt's, and those under checkpoint
  of @1 :UInt32;         # number of the ledger's nodes
  checkpoint @2 :Text;   # the newest, if it covers the leaf; else empty
  path @3 :List(Data);   # from the leaf to its root
}

struct Receipt @0xdb8844e2eef26959 {
  # The leaf is `suyuan/leaf/v1 batch`, `time <logTime>`, a blank line, the submitted note. Its
  # hash, `leaf` and `path` give the root in `note`, which the node signed.
  note @0 :Text;
  leaf @1 :UInt64;
  path @2 :List(Data);
  logTime @3 :Int64;
  heads @4 :List(CodeHead);
  findings @5 :List(Finding);
  repeated @6 :Bool;  # this batch was accepted before
  held @7 :Held;      # null: the node does not report it
}

struct SubmitAnswer @0xd8e63260fd53a48d {
  head @0 :AnswerHead;
  union {
    refused @1 :List(Error);  # nothing was stored; never empty, 64 at most
    accepted @2 :Receipt;
  }
}

struct ReceiptAnswer @0xa99fbb9fb804ac24 {
  head @0 :AnswerHead;
  union {
    error @1 :Error;
    receipt @2 :Receipt;
  }
}

struct Payload @0xbd4dbed65c9eadc5 {
  salt @0 :Data;
  bytes @1 :Data;
}

struct EventView @0xe01067b576b938b8 {
  place @0 :Place;
  logTime @1 :Int64;
  note @2 :Text;             # the signed batch note of the event: it says who states this
  record @3 :Data;
  path @4 :List(Data);       # from the record to the note's root, if requested
  payload :union {
    withheld @5 :Void;       # stored, but not for this reader
    erased @6 :Void;         # docs/formats.md 8
    open @7 :Payload;        # its media type is in the note
  }
  findings @8 :List(Finding);
  withdrawnBy @9 :LeafIndex;  # leaf of the error declaration
  forPartners @10 :Bool;      # the event is restricted: withheld from all except its parties
  sections @11 :List(OpenSection);  # open to this reader; only in an answer about a single event
  erased @12 :List(ErasedSection);  # of an open event: its parts that notices erased
}

struct ErasedSection @0xd2a95f60b7c14e83 {
  digest @0 :Data;      # as the payload names it
  notice @1 :UInt64;    # leaf of the notice, which proves it: docs/erasure.md
}

struct OpenSection @0xb0a1f3c7d6e54821 {
  # Its digest and audience are in the payload: docs/formats.md 8.
  index @0 :UInt32;  # among the payload's sections
  salt @1 :Data;
  bytes @2 :Data;
}

struct EventAnswer @0xb793da3a1cda6f1b {
  head @0 :AnswerHead;
  union {
    error @1 :Error;
    event @2 :EventView;
  }
}

enum Relation @0xdc7e73d89e59795e {
  # Why an event belongs to a thing's provenance.
  own @0;
  container @1;
  ancestor @2;
  lot @3;
  document @4;
}

struct TraceStep @0xe0633099652c39db {
  place @0 :Place;
  eventTime @1 :Int64;
  kind @2 :Event.Kind;
  relation @3 :Relation;
  noEffect @4 :Bool;         # stored and flagged, but it changed no state
  step @5 :Text;
  via @6 :Text;              # the code through which it was reached
  withdrawnBy @7 :LeafIndex;
  withheld @8 :Bool;         # not for this reader: eventTime is the log's, nothing else is given
}

struct Trace @0x8aa36d08f44d900e {
  steps @0 :List(TraceStep);   # by event time, then place; one page
  events @1 :List(EventView);  # of the same steps, in the same order, if requested
  next @2 :Text;
  # Of the whole trace; only on the first page.
  containers @3 :List(Text);
  ancestors @4 :List(Text);
  origins @5 :List(Text);
  documents @6 :List(Text);
}

struct TraceAnswer @0xdf1f39c1edb8f4a6 {
  head @0 :AnswerHead;
  union {
    error @1 :Error;
    trace @2 :Trace;
  }
}

struct ChainEntry @0xd6def3ed983d5b3b {
  n @0 :UInt64;  # from 1
  place @1 :Place;
  link @2 :Data;
}

struct Chain @0xbf36b71c329cfa2f {
  head @0 :CodeHead;
  entries @1 :List(ChainEntry);  # one page
  events @2 :List(EventView);    # of the same entries, if requested; a notice's link (event
                                 # 0xFFFFFFFF) has only place, logTime, and the notice as note
  next @3 :Text;
}

struct ChainAnswer @0xb0a6e37db83f2644 {
  head @0 :AnswerHead;
  union {
    error @1 :Error;
    chain @2 :Chain;
  }
}

struct ThingState @0x8686551d125b05cf {
  code @0 :Text;
  exists @1 :Bool;
  disposition @2 :Text;
  custodian @3 :Text;
  inside @4 :Text;
  insideAll @5 :List(Text);  # from the direct container outwards
  location @6 :Text;
  lot @7 :Text;
  balance @8 :Decimal;
  uom @9 :Text;
}

struct StateAnswer @0xa4fab9a570dc485d {
  head @0 :AnswerHead;
  union {
    error @1 :Error;
    state @2 :ThingState;
  }
}

struct Contained @0xa38cbcf0e4e48b6d {
  code @0 :Text;
  parent @1 :Text;
  depth @2 :UInt32;
}

struct Contents @0xa71e2d30a846c302 {
  items @0 :List(Contained);
  truncated @1 :Bool;  # there are more than the limit
}

struct ContentsAnswer @0xa04b95109b4ebd0c {
  head @0 :AnswerHead;
  union {
    error @1 :Error;
    contents @2 :Contents;
  }
}

struct Holding @0xad7b033afb46fa90 {
  custodian @0 :Text;
  from @1 :Int64;
  place @2 :Place;
}

struct CustodyAnswer @0xe053803672cc91c7 {
  head @0 :AnswerHead;
  union {
    error @1 :Error;
    holdings @2 :List(Holding);
  }
}

struct ForwardUnit @0x90a61e5b0dc170ec {
  code @0 :Text;
  lot @1 :Text;
  state @2 :ThingState;
}

struct Forward @0x8b2d19c9976cde30 {
  lots @0 :List(Text);
  units @1 :List(ForwardUnit);  # one page
  unitsTotal @2 :UInt64;
  next @3 :Text;
}

struct ForwardAnswer @0xa82cb19d7f184dcd {
  head @0 :AnswerHead;
  union {
    error @1 :Error;
    forward @2 :Forward;
  }
}

struct RecallGroup @0x9bc15f3b10e86676 {
  custodian @0 :Text;
  disposition @1 :Text;
  units @2 :UInt64;
  examples @3 :List(Text);
}

struct Recall @0xfb6927030aab4f1d {
  lots @0 :List(Text);
  groups @1 :List(RecallGroup);
  unitsTotal @2 :UInt64;
  agents @3 :List(Text);
  notify @4 :List(Text);
  unitLots @5 :List(Text);  # the lots that the units come from
}

struct RecallAnswer @0x82229a48b467db62 {
  head @0 :AnswerHead;
  union {
    error @1 :Error;
    recall @2 :Recall;
  }
}

struct BalanceLine @0xaa181f86480081f8 {
  place @0 :Place;
  eventTime @1 :Int64;
  amount @2 :Decimal;
  uom @3 :Text;
  left @4 :Decimal;
}

struct BalanceAnswer @0xf0708b84139d4b18 {
  head @0 :AnswerHead;
  union {
    error @1 :Error;
    lines @2 :List(BalanceLine);
  }
}

struct KeyState @0xf49a3e034d06e5a0 {
  key @0 :Data;
  keyId @1 :UInt32;
  registered @2 :UInt64;
  revoked @3 :LeafIndex;
  suspectFrom @4 :LeafIndex;
}

struct Delegation @0xb49960313c8000ba {
  signer @0 :Text;
  until @1 :Moment;
  granted @2 :UInt64;
  ended @3 :LeafIndex;
}

struct Party @0xf4e2122a2232e875 {
  data @0 :Registry.PartyData;
  keys @1 :List(KeyState);
  delegations @2 :List(Delegation);
  registered @3 :UInt64;
}

struct Parties @0xd9412d59c49650b5 {
  items @0 :List(Party);
  next @1 :Text;
}

struct PartiesAnswer @0xfae1891a2ef90080 {
  head @0 :AnswerHead;
  union {
    error @1 :Error;
    parties @2 :Parties;
  }
}

struct Products @0xc507e07375ba3003 {
  items @0 :List(Registry.ProductData);
  next @1 :Text;
}

struct ProductsAnswer @0xbc86432eda8fee99 {
  head @0 :AnswerHead;
  union {
    error @1 :Error;
    products @2 :Products;
  }
}

struct Sites @0xc3bfd0d5c831b813 {
  items @0 :List(Registry.SiteData);
  next @1 :Text;
}

struct SitesAnswer @0xc4a741ade3a0fc3d {
  head @0 :AnswerHead;
  union {
    error @1 :Error;
    sites @2 :Sites;
  }
}

struct Status @0x8797ff68323684cd {
  genesisLeaf @0 :Data;  # data of leaf 0: its SHA-256 and origin name the ledger, its keys start it
  node @1 :Text;         # the name under which this node signs receipts
  version @2 :Text;      # of the program
  rules @3 :UInt32;
  events @4 :UInt64;
  chains @5 :UInt64;
  position @6 :UInt64;   # in the ordered log
  queued @7 :UInt32;     # batches waiting to be ordered
  readOnly @8 :Text;     # why the node accepts no batches; empty: it does
  publishedSize @9 :UInt64;  # leaves of the newest published checkpoint; 0: none yet
  publishedTime @10 :Int64;  # log time of its seal
}

struct StatusAnswer @0xd1a42a0cfef77830 {
  head @0 :AnswerHead;
  union {
    error @1 :Error;
    status @2 :Status;
  }
}

struct Checkpoint @0xf3b1c4a9d27e6058 {
  # The signed note of the newest published checkpoint with its cosignatures, and the RFC 6962
  # consistency proof from the requested size. The path is empty if there is nothing to prove.
  note @0 :Text;
  path @1 :List(Data);
}

struct CheckpointAnswer @0xa5d60f8b3c1e9472 {
  head @0 :AnswerHead;
  union {
    error @1 :Error;
    checkpoint @2 :Checkpoint;
  }
}

struct BundleAnswer @0x9c1e5f7a3d8b2604 {
  head @0 :AnswerHead;
  union {
    error @1 :Error;
    bundle @2 :Data;  # JSON
  }
}

struct BothLanguages @0x9c27812d345b79b3 {
  zh @0 :Text;
  en @1 :Text;
}

struct VerdictReason @0xd2d16aedc5e8fe02 {
  code @0 :Text;  # "STEP_MISSING": docs/scans.md. New ones may come.
  text @1 :BothLanguages;
  events @2 :List(Place);
}

struct ChainStep @0xa83233fe140bd62d {
  step @0 :Text;
  title @1 :BothLanguages;
  events @2 :List(Place);  # that everyone may read
  done @3 :Bool;           # docs/scans.md: recorded; without events: withheld
}

struct Seen @0xfe76224d1d251397 {
  time @0 :Int64;
  place @1 :Text;
  count @2 :UInt64;    # in places: the number of scans there
  placeEn @3 :Text;    # the same with the city's English name; empty: it has no other
}

struct Verdict @0x875cc3a86cd4a4db {
  # What a scan of the code means (docs/scans.md).
  verdict @0 :Text;
  title @1 :BothLanguages;
  advice @2 :BothLanguages;
  at @3 :Int64;
  reasons @4 :List(VerdictReason);
  steps @5 :List(ChainStep);
  historyAvailable @6 :Bool;  # false: its scans are not known, and the counts mean nothing
  recorded @7 :Bool;
  count @8 :UInt64;
  byThisDevice @9 :UInt64;
  devices @10 :UInt64;
  first @11 :Seen;
  last @12 :Seen;
  places @13 :List(Seen);
  keptDays @14 :UInt32;
}

struct VerdictAnswer @0xd9783b02751bdd21 {
  head @0 :AnswerHead;
  union {
    error @1 :Error;
    verdict @2 :Verdict;
  }
}

struct Challenge @0xc7d20b8e1f5a4963 {
  # docs/formats.md 10, `suyuan/session/v1`.
  origin @0 :Text;
  genesis @1 :Data;
  node @2 :Text;
  nonce @3 :Data;
  until @4 :Int64;
}

struct ChallengeAnswer @0xd3f6a9185b7c2e40 {
  head @0 :AnswerHead;
  union {
    error @1 :Error;
    challenge @2 :Challenge;
  }
}

struct Session @0x9e4b7a2c6d815f37 {
  token @0 :Text;
  party @1 :Text;
  until @2 :Int64;
}

struct SessionAnswer @0xa5c81e93f72b4d06 {
  head @0 :AnswerHead;
  union {
    error @1 :Error;
    session @2 :Session;
  }
}

struct AccessEntry @0xf19d3c5e8a6b7240 {
  number @0 :UInt64;
  time @1 :Int64;
  party @2 :Text;
  keyId @3 :Text;      # 8 hex digits, as in signature lines
  question @4 :Text;
  code @5 :Text;
  places @6 :List(Place);
  more @7 :Bool;      # there are more places than listed
}

struct AccessPage @0x8c2f5b6e9d3a1740 {
  entries @0 :List(AccessEntry);
  oldest @1 :UInt64;
}

struct AccessAnswer @0xe6a7d4f20c9b3851 {
  head @0 :AnswerHead;
  union {
    error @1 :Error;
    page @2 :AccessPage;
  }
}
