# What a client sends and asks: parameters of the Ledger interface (ledger.capnp).
# A Submission is also the form of a batch in the ordered log.
@0xb4aa13e3d3e0072f;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("suyuan::wire");

struct Submission @0xe0204bb5bbad2159 {
  # docs/formats.md 3. At most 4,096 events; payloads, salts, records and sections 1 MiB together.
  note @0 :Text;                # the signed batch note, 12 KiB
  events @1 :List(EventBody);
}

struct EventBody @0xa91f2a55d6fe69d6 {
  salt @0 :Data;                # 32 bytes
  payload @1 :Data;             # 512 KiB
  sections @2 :List(SectionBody);  # 32, in the order of the payload's section references
}

struct SectionBody @0x97cc8420c638484d {
  salt @0 :Data;                # 32 bytes
  bytes @1 :Data;               # 64 KiB
}

struct AtLeast @0xf813acbf538cd707 {
  # The tree size that the answer must include, for example from a receipt. The node waits for it,
  # at most waitMs (30,000), then answers SIZE_NOT_REACHED.
  size @0 :UInt64;
  waitMs @1 :UInt32;
}

struct AsOf @0x8e81e16c5555e6d3 {
  at :union {
    # Event time.
    newest @0 :Void;
    ms @1 :Int64;
  }
  knownAt :union {
    # Only what the first N leaves say.
    newest @2 :Void;
    leaves @3 :UInt64;
  }
}

struct CodeQuestion @0xed2062f0a7f1cdac {
  code @0 :Text;
  asOf @1 :AsOf;
  atLeast @2 :AtLeast;
  limit @3 :UInt32;  # of the answer's list; 0: 100. At most 1,000.
  page @4 :Text;     # `next` of the previous page, with the same question; empty: the first page
}

struct RegistryQuestion @0xe600081916ecabc3 {
  # Party id, GTIN or GLN: only that entry, else NOT_FOUND. Empty: all, ascending.
  id @0 :Text;
  atLeast @1 :AtLeast;
  limit @2 :UInt32;
  page @3 :Text;
}

struct Scan @0xffbb8967241b4481 {
  # Somebody holds the thing and scanned its label (docs/scans.md).
  code @0 :Text;
  device @1 :Text;  # random, made once by the client; empty: unknown
  place @2 :Text;   # "CN-FJ/福州", nothing finer than a city; empty: not stated
  inner @3 :Text;   # the owner's inner code; empty: none given
}
