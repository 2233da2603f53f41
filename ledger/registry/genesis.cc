#include "ledger/registry/genesis.h"

#include <algorithm>

#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/code/code.h"
#include "ledger/crypto/hash.h"
#include "ledger/crypto/note.h"
#include "ledger/crypto/text_lines.h"
#include "ledger/event/event.h"

namespace suyuan {
namespace {

constexpr std::string_view kHeader = "suyuan/genesis/v1";
// The first words of signed texts, ours and C2SP's: a checkpoint begins with its log's origin.
constexpr std::string_view kReservedOrigins[] = {"suyuan/", "cosignature/", "subtree/"};
constexpr const char* kNotBeginning =
    "not beginning with \"suyuan/\", \"cosignature/\" or \"subtree/\"";
constexpr size_t kNamedKeysMax = 16;
constexpr std::string_view kReservedParties[] = {kConsumer, "ledger", "log", "node", "suyuan"};

Unexpected<Error> refuse(std::string message, std::string field) {
  return fail(Code::INVALID_FIELD, std::move(message), std::move(field));
}

Result<Done> check_key(const PublicKey& key, const std::string& field) {
  if (is_prime_order_point(key)) return Done{};
  return fail(Code::KEY_WEAK,
              to_base64(key.view()) + " is not a canonical point of prime order; make a new key",
              field);
}

// Nodes or authorities: 1 to 16, ascending and distinct by name, of which `check_name` approves.
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
                        "; names ascend, each once",
                    here);
    }
  }
  return Done{};
}

Result<Done> check_node_name(std::string_view name, const std::string& field) {
  if (is_origin(name)) return Done{};
  return refuse(quote(name) + " is no node name: 1 to 255 graphic ASCII characters without '+', " +
                    kNotBeginning,
                field);
}

Result<Done> check_authority_id(std::string_view id, const std::string& field) {
  if (is_party_id(id) && !is_reserved_party_id(id)) return Done{};
  return fail(Code::PARTY_ID_SYNTAX,
              quote(id) + " is no party id: 1 to 63 of a-z 0-9 . -, both ends letter or digit, " +
                  "no reserved word",
              field);
}

// One key, one use: a signature made for one must never count as another's.
Result<Done> check_distinct(const Genesis& genesis) {
  std::vector<PublicKey> keys = {genesis.log_key};
  for (const auto* list : {&genesis.nodes, &genesis.authorities}) {
    for (const auto& one : *list) keys.push_back(one.key);
  }
  std::sort(keys.begin(), keys.end());
  const auto twin = std::adjacent_find(keys.begin(), keys.end());
  if (twin == keys.end()) return Done{};
  return refuse("the key " + to_base64(twin->view()) + " is named twice; each use has its own key",
                "keys");
}

Result<Done> check(const Genesis& genesis) {
  if (!is_origin(genesis.origin)) {
    return refuse(quote(genesis.origin) + " is no origin: 1 to 255 graphic ASCII characters " +
                      "without '+', " + kNotBeginning,
                  "origin");
  }
  SUYUAN_TRY_DONE(check_key(genesis.log_key, "log"));
  SUYUAN_TRY_DONE(check_named(genesis.nodes, "node", check_node_name));
  SUYUAN_TRY_DONE(check_named(genesis.authorities, "authority", check_authority_id));
  SUYUAN_TRY_DONE(check_distinct(genesis));
  if (genesis.quorum < 1 || genesis.quorum > genesis.authorities.size()) {
    return refuse("found " + std::to_string(genesis.quorum) + ", expected 1 to the number of " +
                      "authorities, " + std::to_string(genesis.authorities.size()),
                  "quorum");
  }
  if (genesis.rules != 1) {
    return refuse("found " + std::to_string(genesis.rules) + ", this program knows rules 1",
                  "rules");
  }
  return Done{};
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

// "<keyword> <name> <base64 of key>", as often as the line is there.
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

}  // namespace

std::string LedgerId::line() const { return origin + " " + to_base64(genesis.view()); }

LedgerId ledger_id(const Genesis& genesis, BytesView leaf0_data) {
  return {.origin = genesis.origin, .genesis = sha256(leaf0_data)};
}

Result<std::string> write_genesis(const Genesis& genesis) {
  SUYUAN_TRY_DONE(check(genesis));
  std::string text;
  put_line(text, {kHeader});
  put_line(text, {"origin", genesis.origin});
  put_line(text, {"log", to_base64(genesis.log_key.view())});
  for (const auto& node : genesis.nodes) {
    put_line(text, {"node", node.name, to_base64(node.key.view())});
  }
  for (const auto& authority : genesis.authorities) {
    put_line(text, {"authority", authority.name, to_base64(authority.key.view())});
  }
  put_line(text, {"quorum", std::to_string(genesis.quorum)});
  put_line(text, {"rules", std::to_string(genesis.rules)});
  put_line(text, {"nonce", to_base64(genesis.nonce.view())});
  return text;
}

Result<Genesis> parse_genesis(std::string_view text) {
  if (text.size() > limits::kLeafBytesMax) {
    return fail(Code::TOO_LARGE, "a genesis text has at most 16 KiB");
  }
  SUYUAN_TRY(lines, TextLines::open(text, kHeader));
  Genesis genesis;
  SUYUAN_TRY(origin, lines.take("origin"));
  genesis.origin = origin;
  SUYUAN_TRY(log_key, lines.take_base64<PublicKey>("log"));
  genesis.log_key = log_key;
  SUYUAN_TRY(nodes, take_named(lines, "node"));
  genesis.nodes = std::move(nodes);
  SUYUAN_TRY(authorities, take_named(lines, "authority"));
  genesis.authorities = std::move(authorities);
  SUYUAN_TRY(quorum, lines.take_decimal("quorum"));
  genesis.quorum = quorum;
  SUYUAN_TRY(rules, lines.take_decimal("rules"));
  genesis.rules = rules;
  SUYUAN_TRY(nonce, lines.take_base64<Nonce>("nonce"));
  genesis.nonce = nonce;
  SUYUAN_TRY_DONE(lines.finish());
  SUYUAN_TRY_DONE(check(genesis));
  return genesis;
}

bool is_party_id(std::string_view text) { return check_party_id(text).has_value(); }

bool is_reserved_party_id(std::string_view text) {
  return std::ranges::find(kReservedParties, text) != std::end(kReservedParties);
}

bool is_origin(std::string_view text) {
  return is_note_name(text) &&
         std::ranges::none_of(kReservedOrigins, [&](auto word) { return text.starts_with(word); });
}

}  // namespace suyuan
