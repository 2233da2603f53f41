# RegistryEvent: the payload type application/vnd.suyuan.registry+capnp (docs/formats.md 2 and 9).
# Signed data: the rules of event.capnp apply here too.
@0xbe45950bc0bc401f;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("suyuan::wire");

using Event = import "event.capnp";
using Decimal = Event.Decimal;
using Moment = Event.Moment;
using Word = Event.Word;

struct KeyEntry @0x80b0ca4c86fab13b {
  key @0 :Data;         # 32 bytes, Ed25519
  possession @1 :Data;  # 64 bytes: the key's own signature over suyuan/key/v1
}

struct Accreditation @0xe203cfbef50605cd {
  number @0 :Text;
  validTo @1 :Moment;
  scope @2 :List(Word);
}

struct PartyData @0xac409c005b80718f {
  id @0 :Text;
  name @1 :Text;
  roles @2 :List(Word);  # words of docs/registry.md, in the order given there, each once
  nameZh @3 :Text;
  country @4 :Text;
  gln @5 :Text;
  creditCode @6 :Text;
  representedBy @7 :Text;
  accreditations @8 :List(Accreditation);
}

struct ProductData @0xd2a77b182e6387d4 {
  gtin @0 :Text;
  name @1 :Text;
  owner @2 :Text;
  shelfLifeDays @3 :UInt32;
  containedCount @4 :UInt32;
  nameZh @5 :Text;
  brand @6 :Text;
  licensees @7 :List(Word);
  uom @8 :Text;
  netKg @9 :Decimal;
  hs @10 :Text;
  containedGtin @11 :Text;
  recallAgent @12 :Text;
  sellers @13 :List(Word);
  requiredSteps @14 :List(Word);
}

struct SiteData @0x85a5c52a6e6d66f3 {
  gln @0 :Text;
  party @1 :Text;
  name @2 :Text;
  type @3 :Text;
  country @4 :Text;
  region @5 :Text;
  latitude @6 :Decimal;
  longitude @7 :Decimal;
  unlocode @8 :Text;
  supervisedBy @9 :List(Word);
}

struct LeafIndex @0x9caa8ac188ac13a1 {
  leaf @0 :UInt64;
}

struct RegisterParty @0x8381d7e815d321df {
  party @0 :PartyData;
  keys @1 :List(KeyEntry);
}

struct AddKey @0xa0262e24fd85a838 {
  party @0 :Text;
  key @1 :KeyEntry;
}

struct RevokeKey @0xe8657161c14729af {
  party @0 :Text;
  key @1 :Data;  # 32 bytes
  suspectFrom @2 :LeafIndex;
  reason @3 :Text;
}

struct GrantDelegation @0xe41ba1dd1a62e199 {
  party @0 :Text;
  signer @1 :Text;
  until @2 :Moment;
}

struct EndDelegation @0xfb2d4ba93252716d {
  party @0 :Text;
  signer @1 :Text;
}

struct RegistryEvent @0x861a4805eff98b23 {
  union {
    registerParty @0 :RegisterParty;
    amendParty @1 :PartyData;
    addKey @2 :AddKey;
    revokeKey @3 :RevokeKey;
    grantDelegation @4 :GrantDelegation;
    endDelegation @5 :EndDelegation;
    registerProduct @6 :ProductData;
    amendProduct @7 :ProductData;
    registerSite @8 :SiteData;
    amendSite @9 :SiteData;
  }
}
