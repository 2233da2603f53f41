#include "ledger/registry/rows.h"

#include <tuple>

namespace suyuan {
namespace {

template <class T, class U>
concept Is = std::same_as<std::remove_const_t<T>, U>;

// The fields of each struct in the order of the row: one list serves both directions.
auto fields(Is<Accreditation> auto& v) { return std::tie(v.number, v.valid_to, v.scope); }
auto fields(Is<PartyData> auto& v) {
  return std::tie(v.id, v.name, v.name_zh, v.roles, v.country, v.gln, v.credit_code,
                  v.represented_by, v.accreditations);
}
auto fields(Is<KeyState> auto& v) {
  return std::tie(v.key, v.key_id, v.registered, v.revoked, v.suspect_from);
}
auto fields(Is<DelegationState> auto& v) {
  return std::tie(v.signer, v.until_ms, v.granted, v.ended);
}
auto fields(Is<PartyState> auto& v) {
  return std::tie(v.data, v.keys, v.delegations, v.registered);
}
auto fields(Is<ProductData> auto& v) {
  return std::tie(v.gtin, v.name, v.name_zh, v.brand, v.owner, v.licensees, v.uom, v.net_kg, v.hs,
                  v.shelf_life_days, v.contained_gtin, v.contained_count, v.recall_agent, v.sellers,
                  v.required_steps);
}
auto fields(Is<SiteData> auto& v) {
  return std::tie(v.gln, v.party, v.name, v.type, v.country, v.region, v.latitude, v.longitude,
                  v.unlocode, v.supervised_by);
}
auto fields(Is<NamedKey> auto& v) { return std::tie(v.name, v.key); }
auto fields(Is<RulesState> auto& v) { return std::tie(v.number, v.version, v.nodes, v.leaf); }
template <class T>
concept Struct = requires(T& value) { fields(value); };

struct Writer {
  Bytes out;

  void put(const std::string& value) { put_string(out, value); }
  void put(uint32_t value) { put_u32(out, value); }
  void put(uint64_t value) { put_u64(out, value); }
  void put(int64_t value) { put_i64(out, value); }
  void put(Role value) { put_u8(out, static_cast<uint8_t>(value)); }
  void put(const PublicKey& value) { out += value.view(); }
  void put(const Moment& value) {
    put_i64(out, value.ms);
    put_i64(out, value.offset_minutes);
  }
  void put(const Decimal& value) {
    put_i64(out, value.units());
    put_u8(out, value.scale());
  }
  template <class T>
  void put(const std::optional<T>& value) {
    put_u8(out, value ? 1 : 0);
    if (value) put(*value);
  }
  template <class T>
  void put(const std::vector<T>& list) {
    put_u32(out, static_cast<uint32_t>(list.size()));
    for (const auto& one : list) put(one);
  }
  void put(const Struct auto& value) {
    std::apply([this](const auto&... each) { (put(each), ...); }, fields(value));
  }
};

// Each get returns whether the bytes were written by the matching put.
struct RowReader {
  Decoder in;

  bool get(std::string& value) { return in.get_string(value); }
  bool get(uint32_t& value) { return in.get_u32(value); }
  bool get(uint64_t& value) { return in.get_u64(value); }
  bool get(int64_t& value) { return in.get_i64(value); }
  bool get(PublicKey& value) { return in.get_fixed(value); }
  bool get(Role& value) {
    uint8_t number = 0;
    if (!in.get_u8(number) || number > static_cast<uint8_t>(Role::system_operator)) return false;
    value = static_cast<Role>(number);
    return true;
  }
  bool get(Moment& value) {
    int64_t offset = 0;
    if (!in.get_i64(value.ms) || !in.get_i64(offset)) return false;
    value.offset_minutes = static_cast<int16_t>(offset);
    return value.offset_minutes == offset;
  }
  bool get(Decimal& value) {
    int64_t units = 0;
    uint8_t scale = 0;
    if (!in.get_i64(units) || !in.get_u8(scale)) return false;
    const auto decimal = Decimal::make(units, scale);
    if (!decimal || decimal->scale() != scale) return false;
    value = *decimal;
    return true;
  }
  template <class T>
  bool get(std::optional<T>& value) {
    uint8_t present = 0;
    if (!in.get_u8(present) || present > 1) return false;
    if (present == 0) return true;
    return get(value.emplace());
  }
  // Grows as elements are read, so a wrong count allocates nothing.
  template <class T>
  bool get(std::vector<T>& list) {
    uint32_t count = 0;
    if (!in.get_u32(count)) return false;
    for (uint32_t i = 0; i < count; ++i) {
      if (!get(list.emplace_back())) return false;
    }
    return true;
  }
  template <Struct T>
  bool get(T& value) {
    return std::apply([this](auto&... each) { return (get(each) && ...); }, fields(value));
  }
};

template <class T>
Bytes encode_row(const T& value) {
  Writer writer;
  writer.put(value);
  return std::move(writer.out);
}

template <class T>
Result<T> decode_row(BytesView bytes, std::string_view what) {
  T value;
  RowReader reader{Decoder(bytes)};
  if (reader.get(value) && reader.in.done()) return value;
  return fail(Code::CORRUPT, "a registry row does not decode as a " + std::string(what) +
                                 ": found " + std::to_string(bytes.size()) + " bytes that no " +
                                 "version of this program writes. Restore the store from a backup");
}

Bytes prefixed(std::string_view prefix, BytesView rest) { return Bytes(prefix).append(rest); }

}  // namespace

Bytes party_row_key(std::string_view id) { return prefixed("party/", id); }
Bytes product_row_key(std::string_view gtin14) { return prefixed("product/", gtin14); }
Bytes site_row_key(std::string_view gln13) { return prefixed("site/", gln13); }
Bytes gln_row_key(std::string_view gln13) { return prefixed("gln/", gln13); }
Bytes credit_code_row_key(std::string_view credit_code, std::string_view id) {
  return prefixed(kCreditCodeRows, credit_code).append("/").append(id);
}
Bytes key_row_key(const PublicKey& key) { return prefixed("key/", key.view()); }

Bytes rules_row_key(uint64_t leaf) { return prefixed("rules/", u64_key(leaf)); }
Bytes node_key_holder(std::string_view node) { return prefixed("node key ", node); }

Bytes encode(const PartyState& value) { return encode_row(value); }
Bytes encode(const ProductData& value) { return encode_row(value); }
Bytes encode(const SiteData& value) { return encode_row(value); }
Bytes encode(const RulesState& value) { return encode_row(value); }
template <> Result<PartyState> decode(BytesView bytes) {
  return decode_row<PartyState>(bytes, "party");
}
template <> Result<ProductData> decode(BytesView bytes) {
  return decode_row<ProductData>(bytes, "product");
}
template <> Result<SiteData> decode(BytesView bytes) { return decode_row<SiteData>(bytes, "site"); }
template <> Result<RulesState> decode(BytesView bytes) {
  return decode_row<RulesState>(bytes, "rules");
}

}  // namespace suyuan
