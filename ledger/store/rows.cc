// The values of schema.h, and the strict decoding of values and keys.
#include "ledger/store/encoding.h"

namespace suyuan {
namespace {

constexpr uint32_t kFirstFormatWithSeals = 2;

#define SUYUAN_X(name, meaning) +1
constexpr uint8_t kFlagCount = 0 SUYUAN_FLAGS(SUYUAN_X);
#undef SUYUAN_X

Unexpected<Error> corrupt(std::string_view what, BytesView found) {
  constexpr size_t kShown = 24;
  std::string message = "a stored ";
  message += what;
  message += " does not decode: found " + std::to_string(found.size()) + " bytes, 0x";
  message += to_hex(found.substr(0, kShown));
  if (found.size() > kShown) message += "...";
  message += "; no version of this program writes them. Restore the store from a backup";
  return fail(Code::CORRUPT, std::move(message));
}

// Decodes a number into an enumeration with values first..last.
template <class Enum>
bool get_enum(Decoder& in, Enum first, Enum last, Enum& value) {
  uint8_t number = 0;
  if (!in.get_u8(number)) return false;
  if (number < static_cast<uint8_t>(first) || number > static_cast<uint8_t>(last)) return false;
  value = static_cast<Enum>(number);
  return true;
}

// The audience is the highest bit of a number's byte: 0 for everyone, so rows of public events are
// as formats 1 and 2 wrote them.
constexpr uint8_t kPartnerBit = 0x80;

uint8_t with_audience(uint8_t number, EventAudience audience) {
  return static_cast<uint8_t>(number | (audience == EventAudience::partner ? kPartnerBit : 0U));
}

template <class Enum>
bool get_enum(Decoder& in, Enum first, Enum last, Enum& value, EventAudience& audience) {
  uint8_t number = 0;
  if (!in.get_u8(number)) return false;
  audience = (number & kPartnerBit) != 0 ? EventAudience::partner : EventAudience::everyone;
  number &= static_cast<uint8_t>(~kPartnerBit);
  if (number < static_cast<uint8_t>(first) || number > static_cast<uint8_t>(last)) return false;
  value = static_cast<Enum>(number);
  return true;
}

bool get_place(Decoder& in, Place& place) {
  return in.get_u64(place.leaf) && in.get_u32(place.event);
}

void put_decimal(Bytes& out, const std::optional<Decimal>& amount) {
  put_u8(out, amount ? 1 : 0);
  if (!amount) return;
  put_u8(out, amount->scale());
  put_i64(out, amount->units());
}

bool get_decimal(Decoder& in, std::optional<Decimal>& amount) {
  uint8_t present = 0;
  if (!in.get_u8(present) || present > 1) return false;
  if (present == 0) return true;
  uint8_t scale = 0;
  int64_t units = 0;
  if (!in.get_u8(scale) || !in.get_i64(units)) return false;
  amount = Decimal::make(units, scale);
  // Only the reduced form is written.
  return amount && amount->scale() == scale;
}

}  // namespace

Result<Place> decode_place_key(BytesView key) {
  Place place;
  Decoder in(key);
  if (!get_place(in, place) || !in.done()) return corrupt("place key", key);
  return place;
}

Result<FactKey> decode_fact_key(BytesView key) {
  FactKey fact;
  Decoder in(key);
  if (!in.get_fixed(fact.code) || !get_enum(in, Aspect::mention, kLastAspect, fact.aspect) ||
      !in.get_i64(fact.time_ms) || !get_place(in, fact.place)) {
    return corrupt("fact key", key);
  }
  if (in.done()) return fact;
  Hash other;
  if (!in.get_fixed(other) || !in.done()) return corrupt("fact key", key);
  fact.other = other;
  return fact;
}

Bytes encode(const LedgerHead& head) {
  Bytes out = sized(4 + 4 + 4 + head.origin.size() + 32 + 6 * 8 + 4 + head.frontier.size());
  put_u32(out, head.format);
  put_u32(out, head.rules);
  put_string(out, head.origin);
  out.append(head.genesis.view());
  put_u64(out, head.position);
  put_u64(out, head.leaves);
  put_u64(out, head.events);
  put_u64(out, head.chains);
  put_i64(out, head.time_ms);
  put_string(out, head.frontier);
  put_u64(out, head.seal);
  return out;
}

template <>
Result<LedgerHead> decode(BytesView bytes) {
  LedgerHead head;
  Decoder in(bytes);
  if (!in.get_u32(head.format)) return corrupt("ledger head", bytes);
  // Only our own format defines the fields after the format number.
  if (head.format > kStoreFormat) {
    return fail(Code::STORE_TOO_NEW,
                "the store has format " + std::to_string(head.format) +
                    ", this program knows formats up to " + std::to_string(kStoreFormat) +
                    ". A newer version of the program wrote it: run that version or a later one");
  }
  const bool sealing = head.format >= kFirstFormatWithSeals;
  if (head.format == 0 || !in.get_u32(head.rules) || !in.get_string(head.origin) ||
      !in.get_fixed(head.genesis) || !in.get_u64(head.position) || !in.get_u64(head.leaves) ||
      !in.get_u64(head.events) || !in.get_u64(head.chains) || !in.get_i64(head.time_ms) ||
      !in.get_string(head.frontier) || (sealing && !in.get_u64(head.seal)) || !in.done()) {
    return corrupt("ledger head", bytes);
  }
  head.format = kStoreFormat;  // as it will be written again
  return head;
}

Bytes encode(const StoredPayload& payload) {
  Bytes out = sized(1 + Salt::kSize + payload.bytes.size());
  put_u8(out, with_audience(static_cast<uint8_t>(payload.type), payload.audience));
  out.append(payload.salt.view());
  out.append(payload.bytes);
  return out;
}

template <>
Result<StoredPayload> decode(BytesView bytes) {
  StoredPayload payload;
  Decoder in(bytes);
  if (!get_enum(in, PayloadType::event_capnp, PayloadType::registry_capnp, payload.type,
                payload.audience) ||
      !in.get_fixed(payload.salt)) {
    return corrupt("payload", bytes);
  }
  payload.bytes = Bytes(in.rest());
  return payload;
}

Bytes encode(const StoredSection& section) {
  Bytes out = sized(1 + Hash::kSize + Salt::kSize + section.bytes.size());
  put_u8(out, static_cast<uint8_t>(section.audience));
  out.append(section.digest.view());
  out.append(section.salt.view());
  out.append(section.bytes);
  return out;
}

template <>
Result<StoredSection> decode(BytesView bytes) {
  StoredSection section;
  Decoder in(bytes);
  if (!get_enum(in, Audience::owner, Audience::market_supervision, section.audience) ||
      !in.get_fixed(section.digest) || !in.get_fixed(section.salt)) {
    return corrupt("section", bytes);
  }
  section.bytes = Bytes(in.rest());
  return section;
}

Bytes encode(const StoredLink& link) {
  Bytes out = sized(kPlaceBytes + Hash::kSize);
  put_place(out, link.place);
  out.append(link.link.view());
  return out;
}

template <>
Result<StoredLink> decode(BytesView bytes) {
  StoredLink link;
  Decoder in(bytes);
  if (!get_place(in, link.place) || !in.get_fixed(link.link) || !in.done()) {
    return corrupt("chain link", bytes);
  }
  return link;
}

Bytes encode(const ChainHead& head) {
  Bytes out = sized(8 + Hash::kSize);
  put_u64(out, head.count);
  out.append(head.link.view());
  return out;
}

template <>
Result<ChainHead> decode(BytesView bytes) {
  ChainHead head;
  Decoder in(bytes);
  // A chain begins with its first link: no head says 0.
  if (!in.get_u64(head.count) || head.count == 0 || !in.get_fixed(head.link) || !in.done()) {
    return corrupt("chain head", bytes);
  }
  return head;
}

Bytes encode(const StoredBatch& batch) {
  Bytes out = sized(16);
  put_u64(out, batch.leaf);
  put_u64(out, batch.receipt_size);
  return out;
}

template <>
Result<StoredBatch> decode(BytesView bytes) {
  StoredBatch batch;
  Decoder in(bytes);
  if (!in.get_u64(batch.leaf) || !in.get_u64(batch.receipt_size) || !in.done()) {
    return corrupt("batch row", bytes);
  }
  return batch;
}

Bytes encode(const StoredEventId& id) {
  Bytes out = sized(kPlaceBytes + Hash::kSize + 8 + Hash::kSize);
  put_place(out, id.place);
  out.append(id.payload_sha256.view());
  put_u64(out, id.withdrawn_by);
  if (id.statement != Hash{}) out.append(id.statement.view());
  return out;
}

template <>
Result<StoredEventId> decode(BytesView bytes) {
  StoredEventId id;
  Decoder in(bytes);
  const bool good = get_place(in, id.place) && in.get_fixed(id.payload_sha256) &&
                    in.get_u64(id.withdrawn_by);
  // Format 3 has no hash of the statement.
  if (!good || (!in.done() && (!in.get_fixed(id.statement) || id.statement == Hash{})) ||
      !in.done()) {
    return corrupt("event id row", bytes);
  }
  return id;
}

Bytes encode(const StoredCode& code) {
  Bytes out = sized(kPlaceBytes + code.canonical.size());
  put_place(out, code.first);
  out.append(code.canonical);
  return out;
}

template <>
Result<StoredCode> decode(BytesView bytes) {
  StoredCode code;
  Decoder in(bytes);
  if (!get_place(in, code.first) || in.done()) return corrupt("code row", bytes);
  code.canonical = std::string(in.rest());
  return code;
}

Bytes encode(const StoredFact& fact) {
  Bytes out = sized(8 + 1 + 1 + 4 + fact.text.size() + 10 + 4 + fact.uom.size());
  put_u64(out, fact.withdrawn_by);
  put_u8(out, fact.flags);
  put_u8(out, with_audience(static_cast<uint8_t>(fact.kind), fact.audience));
  put_string(out, fact.text);
  put_decimal(out, fact.amount);
  put_string(out, fact.uom);
  return out;
}

template <>
Result<StoredFact> decode(BytesView bytes) {
  StoredFact fact;
  Decoder in(bytes);
  if (!in.get_u64(fact.withdrawn_by) || !in.get_u8(fact.flags) ||
      !get_enum(in, Kind::origin, Kind::inspection, fact.kind, fact.audience) ||
      !in.get_string(fact.text) ||
      !get_decimal(in, fact.amount) || !in.get_string(fact.uom) || !in.done()) {
    return corrupt("fact", bytes);
  }
  return fact;
}

Bytes encode(const StoredAttachment& attachment) {
  Bytes out = sized(4 + attachment.media_type.size() + attachment.bytes.size());
  put_string(out, attachment.media_type);
  out.append(attachment.bytes);
  return out;
}

template <>
Result<StoredAttachment> decode(BytesView bytes) {
  StoredAttachment attachment;
  Decoder in(bytes);
  if (!in.get_string(attachment.media_type)) return corrupt("attachment", bytes);
  attachment.bytes = Bytes(in.rest());
  return attachment;
}

Bytes encode(const Finding& finding) {
  Bytes out;
  put_u8(out, static_cast<uint8_t>(finding.flag));
  put_place(out, finding.event);
  put_string(out, finding.reason);
  put_u32(out, static_cast<uint32_t>(finding.codes.size()));
  for (const auto& code : finding.codes) put_string(out, code);
  put_u32(out, static_cast<uint32_t>(finding.related.size()));
  for (const Place place : finding.related) put_place(out, place);
  return out;
}

template <>
Result<Finding> decode(BytesView bytes) {
  Finding finding{};
  Decoder in(bytes);
  constexpr auto kLastFlag = static_cast<Flag>(kFlagCount - 1);
  uint32_t count = 0;
  if (!get_enum(in, Flag{}, kLastFlag, finding.flag) || !get_place(in, finding.event) ||
      !in.get_string(finding.reason) || !in.get_u32(count)) {
    return corrupt("finding", bytes);
  }
  // A count from damaged bytes must not reserve anything: each iteration consumes bytes or ends.
  for (uint32_t i = 0; i < count; ++i) {
    if (!in.get_string(finding.codes.emplace_back())) return corrupt("finding", bytes);
  }
  if (!in.get_u32(count)) return corrupt("finding", bytes);
  for (uint32_t i = 0; i < count; ++i) {
    if (!get_place(in, finding.related.emplace_back())) return corrupt("finding", bytes);
  }
  if (!in.done()) return corrupt("finding", bytes);
  return finding;
}

}  // namespace suyuan
