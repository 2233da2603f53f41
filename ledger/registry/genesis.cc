#include "ledger/registry/genesis.h"

#include <algorithm>

#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/code/code.h"
#include "ledger/crypto/hash.h"
#include "ledger/crypto/note.h"
#include "ledger/crypto/text_lines.h"
#include "ledger/event/event.h"
#include "ledger/registry/named_keys.h"

namespace suyuan {
namespace {

constexpr std::string_view kHeader = "suyuan/genesis/v1";
// The first words of signed texts, ours and C2SP's: a checkpoint begins with its log's origin.
constexpr std::string_view kReservedOrigins[] = {"suyuan/", "cosignature/", "subtree/"};
constexpr std::string_view kReservedParties[] = {kConsumer, "ledger", "log", "node", "suyuan"};

std::vector<PublicKey> keys_of(const Genesis& genesis) {
  std::vector<PublicKey> keys = {genesis.log_key};
  for (const auto* list : {&genesis.nodes, &genesis.authorities}) {
    for (const auto& one : *list) keys.push_back(one.key);
  }
  return keys;
}

Result<Done> check(const Genesis& genesis) {
  if (!is_origin(genesis.origin)) {
    return refuse(quote(genesis.origin) + " is not an origin: 1 to 255 graphic ASCII characters " +
                      "without '+', " + kNotBeginning,
                  "origin");
  }
  SUYUAN_TRY_DONE(check_key(genesis.log_key, "log"));
  SUYUAN_TRY_DONE(check_nodes(genesis.nodes));
  SUYUAN_TRY_DONE(check_authorities(genesis.authorities));
  SUYUAN_TRY_DONE(check_distinct(keys_of(genesis)));
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
