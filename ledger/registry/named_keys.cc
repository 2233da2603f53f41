#include "ledger/registry/named_keys.h"

#include <algorithm>

#include "ledger/crypto/ed25519.h"

namespace suyuan {
namespace {

constexpr size_t kNamedKeysMax = 16;

// `check_name` says which names are good.
template <class CheckName>
Result<Done> check_named(const std::vector<NamedKey>& keys, const std::string& field,
                         const CheckName& check_name) {
  if (keys.empty()) return refuse("found none, expected 1 to 16", field);
  if (keys.size() > kNamedKeysMax) {
    return fail(Code::TOO_MANY, "found " + std::to_string(keys.size()) + ", expected 1 to 16",
                field);
  }
  for (size_t i = 0; i < keys.size(); ++i) {
    const std::string here = field + "[" + std::to_string(i) + "]";
    SUYUAN_TRY_DONE(check_name(keys[i].name, here));
    SUYUAN_TRY_DONE(check_key(keys[i].key, here));
    if (i > 0 && keys[i - 1].name >= keys[i].name) {
      return refuse(quote(keys[i].name) + " does not come after " + quote(keys[i - 1].name) +
                        "; list names in ascending order, each once",
                    here);
    }
  }
  return Done{};
}

Result<Done> check_node_name(std::string_view name, const std::string& field) {
  if (is_origin(name)) return Done{};
  return refuse(quote(name) + " is not a node name: 1 to 255 graphic ASCII characters without "
                              "'+', " +
                    kNotBeginning,
                field);
}

Result<Done> check_authority_id(std::string_view id, const std::string& field) {
  if (is_party_id(id) && !is_reserved_party_id(id)) return Done{};
  return fail(Code::PARTY_ID_SYNTAX,
              quote(id) + " is not a party id: 1 to 63 of a-z 0-9 . -, both ends letter or digit, "
                          "not a reserved word",
              field);
}

}  // namespace

Result<Done> check_key(const PublicKey& key, const std::string& field) {
  if (is_prime_order_point(key)) return Done{};
  return fail(Code::KEY_WEAK,
              to_base64(key.view()) + " is not a canonical point of prime order; make a new key",
              field);
}

Result<Done> check_nodes(const std::vector<NamedKey>& nodes) {
  return check_named(nodes, "node", check_node_name);
}

Result<Done> check_authorities(const std::vector<NamedKey>& authorities) {
  return check_named(authorities, "authority", check_authority_id);
}

// A signature made for one purpose must never count for another.
Result<Done> check_distinct(std::vector<PublicKey> keys) {
  std::sort(keys.begin(), keys.end());
  const auto twin = std::adjacent_find(keys.begin(), keys.end());
  if (twin == keys.end()) return Done{};
  return refuse("the key " + to_base64(twin->view()) + " is named twice; each use has its own key",
                "keys");
}

Result<std::vector<NamedKey>> take_named(TextLines& lines, std::string_view keyword) {
  std::vector<NamedKey> keys;
  for (;;) {
    SUYUAN_TRY(line, lines.take_if(keyword));
    if (!line) return keys;
    const auto fields = split(*line, ' ');
    if (fields.size() != 2) return lines.refuse("expected a name and a key after the keyword");
    SUYUAN_TRY(key, lines.base64_of<PublicKey>(fields[1]));
    keys.push_back({.name = std::string(fields[0]), .key = key});
  }
}

void put_line(std::string& text, std::initializer_list<std::string_view> fields) {
  bool first = true;
  for (const auto field : fields) {
    if (!first) text += ' ';
    text += field;
    first = false;
  }
  text += '\n';
}

}  // namespace suyuan
