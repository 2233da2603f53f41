// The words and keys of schema.h.
#include "ledger/store/schema.h"

#include <array>

#include "ledger/crypto/hash.h"
#include "ledger/store/encoding.h"

namespace suyuan {
namespace {

constexpr std::array<std::string_view, kTableCount> kTableNames = {
    "meta",     "leaf",     "record", "payload", "section", "tree",    "chain",     "head", "batch",
    "receipt",  "event_id", "registry", "code",  "below",   "fact",    "finding",   "attachment",
    "checkpoint"};
static_assert(static_cast<size_t>(Table::checkpoint) + 1 == kTableCount);

constexpr std::array<std::string_view, 3> kPayloadTypes = {
    "application/vnd.suyuan.event+capnp", "application/ld+json",
    "application/vnd.suyuan.registry+capnp"};

}  // namespace

std::string_view word(Table table) { return kTableNames.at(static_cast<size_t>(table)); }

std::string_view word(PayloadType type) { return kPayloadTypes.at(static_cast<size_t>(type) - 1); }

std::optional<PayloadType> payload_type_from(std::string_view text) {
  for (size_t i = 0; i < kPayloadTypes.size(); ++i) {
    if (kPayloadTypes[i] == text) return static_cast<PayloadType>(i + 1);
  }
  return std::nullopt;
}

Bytes u64_key(uint64_t number) {
  Bytes key = sized(8);
  put_u64(key, number);
  return key;
}

Bytes place_key(Place place) {
  Bytes key = sized(kPlaceBytes);
  put_place(key, place);
  return key;
}

Bytes section_key(Place place, uint32_t section) {
  Bytes key = sized(kPlaceBytes + 4);
  put_place(key, place);
  put_u32(key, section);
  return key;
}

Bytes tree_key(uint8_t level, uint64_t index) {
  Bytes key = sized(9);
  put_u8(key, level);
  put_u64(key, index);
  return key;
}

Bytes chain_key(const Hash& code_key, uint64_t n) {
  Bytes key = sized(Hash::kSize + 8);
  key.append(code_key.view());
  put_u64(key, n);
  return key;
}

Bytes below_key(std::string_view above, std::string_view below) {
  Bytes key = sized(above.size() + 1 + below.size());
  key.append(above);
  key.push_back('\0');
  key.append(below);
  return key;
}

Bytes fact_key(const FactKey& fact) {
  Bytes key = sized(Hash::kSize + 9 + kPlaceBytes + (fact.other ? Hash::kSize : 0));
  key.append(fact.code.view());
  put_u8(key, static_cast<uint8_t>(fact.aspect));
  put_i64(key, fact.time_ms);
  put_place(key, fact.place);
  if (fact.other) key.append(fact.other->view());
  return key;
}

Bytes fact_bound(const Hash& code_key, Aspect aspect, int64_t time_ms) {
  Bytes key = sized(Hash::kSize + 9);
  key.append(code_key.view());
  put_u8(key, static_cast<uint8_t>(aspect));
  put_i64(key, time_ms);
  return key;
}

Hash event_id_key(std::string_view party, std::string_view event_id) {
  return sha256({party, "\n", event_id});
}

Bytes finding_key(Place place, uint8_t n) {
  Bytes key = sized(kPlaceBytes + 1);
  put_place(key, place);
  put_u8(key, n);
  return key;
}

Bytes after_prefix(BytesView prefix) {
  while (!prefix.empty() && static_cast<uint8_t>(prefix.back()) == 0xff) prefix.remove_suffix(1);
  Bytes key(prefix);
  if (!key.empty()) key.back() = static_cast<char>(static_cast<uint8_t>(key.back()) + 1);
  return key;
}

}  // namespace suyuan
