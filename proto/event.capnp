# TraceEvent: the payload type application/vnd.suyuan.event+capnp (docs/formats.md 2).
#
# Signed data. A payload is one TraceEvent as a canonical single segment without framing. Each value
# has exactly one encoding:
#   - An empty text or list is a null pointer. An absent optional struct is a null pointer; one with
#     only defaults is a pointer to zero words. So the time 0 differs from "no time".
#   - A list whose elements all have only defaults is refused. A default element among others is
#     accepted.
#   - A Decimal is reduced: it has the smallest scale that holds the value.
#   - Text is UTF-8 without NUL and control characters (formats.md 2). A hash is 32 bytes.
# A reader encodes the decoded value again and refuses bytes that differ (proto/README.md).
# Lists hold only structs: a List(Text) could never grow a field without changing what is signed.
# Bounds are in ledger/base/limits.h; the larger ones are repeated here.
@0x9fab2f5e7fd61445;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("suyuan::wire");

enum EventType @0xe7ab1981bfc7e264 {
  object @0;
  aggregation @1;
  transaction @2;
  transformation @3;
  association @4;
}

enum Kind @0xc7b3db3b2cadb858 {
  origin @0;
  supply @1;
  logistics @2;
  transaction @3;
  inspection @4;
}

enum Action @0xaeeef159a732a80e {
  none @0;
  add @1;
  observe @2;
  remove @3;  # EPCIS "DELETE"
}

enum NodeKind @0xeafab28cf0fde3bf {
  object @0;
  array @1;
  text @2;
  number @3;
  boolean @4;
  null @5;
}

enum Audience @0xd2a53812ad44f1c2 {
  owner @0;
  partner @1;
  platform @2;
  customs @3;
  marketSupervision @4;
}

struct Decimal @0xa2e4fcdad931c30d {
  # units / 10^scale; scale 0 to 9, |units| below 10^18, reduced.
  units @0 :Int64;
  scale @1 :UInt8;
}

struct Moment @0x8a8fc48d65d822ac {
  # Milliseconds since 1970-01-01T00:00:00Z, and the UTC offset at the place of writing in minutes,
  # -840 to 840. The local time is in the years 0000 to 9999.
  ms @0 :Int64;
  offset @1 :Int16;
}

struct Word @0x8f5e6b757a25eb61 {
  # An element of a list of texts.
  text @0 :Text;
}

struct Item @0xfa79fbcc278eddfd {
  # A thing, named by its canonical product code (512 bytes).
  code @0 :Text;
  quantity @1 :Decimal;
  uom @2 :Text;
  netKg @3 :Decimal;
}

struct Loss @0xb2c396c0db1bd7e5 {
  reason @0 :Text;
  quantity @1 :Decimal;  # required
  uom @2 :Text;
}

struct Reference @0x8ee2cc57b75425e0 {
  type @0 :Text;
  id @1 :Text;
}

struct Document @0xab6ff0b4308fdff0 {
  number @0 :Text;
  type @1 :Text;
  sha256 @2 :Data;  # 32 bytes, or absent
  size @3 :UInt64;
  mediaType @4 :Text;
  issuer @5 :Text;
}

struct TreeNode @0xaf33576a68473dbe {
  # In preorder: depth 0 is the top, a child is one deeper than its parent (at most 32).
  depth @0 :UInt8;
  kind @1 :NodeKind;
  name @2 :Text;
  value @3 :Text;
}

struct SensorReport @0xfa0b6b5dad145387 {
  type @0 :Text;
  value @1 :Decimal;
  uom @2 :Text;
  time @3 :Moment;
  deviceId @4 :Text;
  minValue @5 :Decimal;
  maxValue @6 :Decimal;
  meanValue @7 :Decimal;
  exception @8 :Text;
  other @9 :List(TreeNode);
}

struct SensorElement @0x904d5b5f3f0e5b90 {
  reports @0 :List(SensorReport);
  metadata @1 :List(TreeNode);
}

struct ErrorDeclaration @0xa718e2dab1a0ca41 {
  declared @0 :Int64;        # as Moment.ms
  declaredOffset @1 :Int16;  # as Moment.offset
  reason @2 :Text;
  correctiveIds @3 :List(Word);
}

struct SectionRef @0xb7cd7e5e032c35ea {
  digest @0 :Data;  # 32 bytes, required
  audience @1 :Audience;
  label @2 :Text;
}

struct TraceEvent @0xdd4c6ae3260b0396 {
  # Texts: 4,096 bytes. Lists: 256 elements, unless stated otherwise.
  # Fields that most events have come first, since trailing defaults cost nothing in canonical form.
  type @0 :EventType;
  kind @1 :Kind;
  action @2 :Action;
  eventOffset @3 :Int16;  # as Moment.offset
  eventTime @4 :Int64;    # as Moment.ms
  wholeLot @5 :Bool;

  eventId @6 :Text;
  step @7 :Text;
  objects @8 :List(Item);        # 4,096; also children, inputs and outputs
  readPoint @9 :Text;
  bizLocation @10 :Text;
  disposition @11 :Text;
  sources @12 :List(Reference);
  destinations @13 :List(Reference);
  extensions @14 :List(TreeNode);  # 2,048 with ilmd
  parent @15 :Text;
  children @16 :List(Item);
  lot @17 :Text;
  transactions @18 :List(Reference);
  documents @19 :List(Document);
  sections @20 :List(SectionRef);  # 32
  inputs @21 :List(Item);
  outputs @22 :List(Item);
  losses @23 :List(Loss);
  transformationId @24 :Text;
  ilmd @25 :List(TreeNode);
  result @26 :Text;
  certifications @27 :List(Word);
  sensors @28 :List(SensorElement);
  confirms @29 :Text;
  error @30 :ErrorDeclaration;
  persistentSet @31 :List(Word);
  persistentUnset @32 :List(Word);
}
