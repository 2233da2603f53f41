#include "ledger/registry/rules_notice.h"

#include <algorithm>

#include "ledger/registry/named_keys.h"
#include "ledger/registry/rows.h"

namespace suyuan {
namespace {

Unexpected<Error> refuse_rules(std::string message, std::string field) {
  return fail(Code::INVALID_FIELD, std::move(message), std::move(field));
}

Result<Done> check_rules(const RulesText& rules) {
  if (!is_origin(rules.ledger.origin)) {
    return refuse_rules(quote(rules.ledger.origin) + " is not a ledger's origin", "ledger");
  }
  if (rules.number == 0) return refuse_rules("the first notice has number 1", "number");
  if (rules.version == 0) return refuse_rules("versions begin with 1", "rules");
  if (rules.until_ms > kTextTimeMsMax) return refuse_rules("beyond the year 9999", "until");
  SUYUAN_TRY_DONE(check_nodes(rules.nodes));
  std::vector<PublicKey> keys;
  for (const NamedKey& node : rules.nodes) keys.push_back(node.key);
  return check_distinct(std::move(keys));
}

// One line for each signer, none twice: quorums count names.
Result<Done> check_lines(const SignedNote& note) {
  for (size_t i = 1; i < note.signatures.size(); ++i) {
    if (note.signatures[i - 1].name < note.signatures[i].name) continue;
    return fail(Code::SIGNATURE_LINES,
                "the line of " + quote(note.signatures[i].name) + " comes after that of " +
                    quote(note.signatures[i - 1].name) + "; names must ascend, each once",
                "signature line " + std::to_string(i + 1));
  }
  return Done{};
}

Result<Done> check_signer(const Reader& registry, const SignedNote& note, size_t index,
                          uint64_t leaf) {
  const NoteSignature& line = note.signatures[index];
  const std::string field = "signature line " + std::to_string(index + 1);
  SUYUAN_TRY(party, find_party(registry, line.name));
  if (!party || !party->is(Role::authority)) {
    return fail(Code::NOT_AUTHORITY,
                quote(line.name) + " is not an authority of this ledger; only authorities sign "
                                   "rules",
                field);
  }
  auto key = key_in_force(*party, line.key_id, leaf);
  if (!key) {
    Error error = std::move(key).error();
    error.field = field;
    return Unexpected(std::move(error));
  }
  if (verify_note_signature(note.text, line, key->key)) return Done{};
  return fail(Code::SIGNATURE_INVALID,
              "the signature of " + line.name + " is not of its registered key over this text",
              field);
}

// An exchange of all nodes at once, perhaps by a typing error, would leave nobody who has the log.
// If those who have it are not a majority, nobody could sign what the others need to join. A second
// node is given a copy.
Result<Done> check_remaining(const RulesState& before, const std::vector<NamedKey>& nodes) {
  const auto stays = [&nodes](const NamedKey& one) {
    return std::ranges::find(nodes, one) != nodes.end();
  };
  const auto staying =
      static_cast<size_t>(std::ranges::count_if(before.nodes, stays));
  const bool most_stay = 2 * staying >= before.nodes.size();
  const bool first_beside = before.nodes.size() == 1 && nodes.size() == 2;
  if (most_stay && (2 * staying > nodes.size() || first_beside)) return Done{};
  return refuse_rules(std::to_string(staying) + " of the " + std::to_string(before.nodes.size()) +
                          " nodes in force stay with their keys: at least half of them must, and "
                          "they must be more than half of the " + std::to_string(nodes.size()) +
                          " new ones. Do it in several notices, one after the other",
                      "node");
}

Result<Done> check_ledger(const RulesText& rules, const LedgerId& ledger) {
  if (rules.ledger == ledger) return Done{};
  return fail(Code::LEDGER_MISMATCH,
              "the notice is for " + quote(rules.ledger.line()) + ", this ledger is " +
                  quote(ledger.line()),
              "ledger");
}

Result<Done> check_enough(uint64_t signed_by, const Genesis& genesis, const std::string& why) {
  const uint64_t needed = rules_quorum(genesis);
  if (signed_by >= needed) return Done{};
  return fail(Code::SIGNATURE_LINES,
              std::to_string(signed_by) + " of the " + std::to_string(genesis.authorities.size()) +
                  " authorities signed, " + std::to_string(needed) +
                  " must: have others sign it too" + why);
}

// In the log every line counts: nobody could say what a line that does not verify means.
Result<Done> check_all_signed(const Reader& registry, const RulesNotice& notice,
                              const NoticePlace& at) {
  SUYUAN_TRY_DONE(check_enough(notice.note.signatures.size(), at.genesis, ""));
  for (size_t i = 0; i < notice.note.signatures.size(); ++i) {
    SUYUAN_TRY_DONE(check_signer(registry, notice.note, i, at.leaf));
  }
  return Done{};
}

// A key that ever belonged to somebody stays theirs: a removed node's key never comes back.
Result<Done> check_node_keys(const Reader& registry, const RulesState& before,
                             const std::vector<NamedKey>& nodes) {
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (std::ranges::find(before.nodes, nodes[i]) != before.nodes.end()) continue;
    SUYUAN_TRY(holder, registry.get(Table::registry, key_row_key(nodes[i].key)));
    if (!holder) continue;
    return fail(Code::KEY_EXISTS,
                "the key " + to_base64(nodes[i].key.view()) + " was registered before, for " +
                    *holder + "; make a new key for node " + nodes[i].name,
                "node[" + std::to_string(i) + "]");
  }
  return Done{};
}

}  // namespace

Result<std::string> write_rules(const RulesText& rules) {
  SUYUAN_TRY_DONE(check_rules(rules));
  std::string text;
  put_line(text, {kRulesHeader});
  put_line(text, {"ledger", rules.ledger.line()});
  put_line(text, {"number", std::to_string(rules.number)});
  put_line(text, {"rules", std::to_string(rules.version)});
  for (const NamedKey& node : rules.nodes) {
    put_line(text, {"node", node.name, to_base64(node.key.view())});
  }
  put_line(text, {"until", std::to_string(rules.until_ms)});
  return text;
}

Result<RulesText> parse_rules(std::string_view text) {
  SUYUAN_TRY(lines, TextLines::open(text, kRulesHeader));
  RulesText rules;
  SUYUAN_TRY(ledger, lines.take_fields("ledger", 2));
  SUYUAN_TRY(genesis, lines.base64_of<Hash>(ledger[1]));
  rules.ledger = {.origin = std::string(ledger[0]), .genesis = genesis};
  SUYUAN_TRY(number, lines.take_decimal("number"));
  rules.number = number;
  SUYUAN_TRY(version, lines.take_decimal("rules"));
  rules.version = version;
  SUYUAN_TRY(nodes, take_named(lines, "node"));
  rules.nodes = std::move(nodes);
  SUYUAN_TRY(until, lines.take_time("until"));
  rules.until_ms = static_cast<uint64_t>(until);
  SUYUAN_TRY_DONE(lines.finish());
  SUYUAN_TRY_DONE(check_rules(rules));
  return rules;
}

Result<RulesNotice> parse_rules_notice(std::string_view note) {
  SUYUAN_TRY(parsed, parse_note(note));
  SUYUAN_TRY(rules, parse_rules(parsed.text));
  SUYUAN_TRY_DONE(check_lines(parsed));
  return RulesNotice{.note = std::move(parsed), .rules = std::move(rules)};
}

Result<std::string> add_signature(const RulesNotice& notice, std::string_view authority,
                                  const SecretKey& secret, const PublicKey& key) {
  SignedNote note = notice.note;
  const auto behind = std::ranges::lower_bound(note.signatures, authority, {},
                                               &NoteSignature::name);
  if (behind != note.signatures.end() && behind->name == authority) {
    return refuse_rules(std::string(authority) + " has signed it already", "signatures");
  }
  if (note.signatures.size() == kNoteSignaturesMax) {
    return fail(Code::TOO_MANY, "a note has at most 16 signatures", "signatures");
  }
  note.signatures.insert(behind, sign_note(note.text, authority, secret, key));
  return write_note(note);
}

uint64_t rules_quorum(const Genesis& genesis) {
  return std::max<uint64_t>(genesis.quorum, genesis.authorities.size() / 2 + 1);
}

RulesState rules_of(const Genesis& genesis) {
  return {.number = 0, .version = genesis.rules, .nodes = genesis.nodes, .leaf = 0};
}

// Scans in ascending order, which every Reader supports: there are few notices.
Result<RulesState> rules_at(const Reader& registry, const Genesis& genesis, uint64_t leaf) {
  std::optional<Bytes> row;
  SUYUAN_TRY_DONE(registry.scan(Table::registry, rules_row_key(0), rules_row_key(leaf),
                                Direction::ascending, [&](BytesView, BytesView value) {
                                  row = Bytes(value);
                                  return true;
                                }));
  if (!row) return rules_of(genesis);
  return decode<RulesState>(*row);
}

Result<std::vector<RulesState>> list_rules(const Reader& registry) {
  std::vector<RulesState> all;
  Result<Done> bad = Done{};
  SUYUAN_TRY_DONE(registry.scan(Table::registry, rules_row_key(0), rules_row_key(UINT64_MAX),
                                Direction::ascending, [&](BytesView, BytesView value) {
                                  auto row = decode<RulesState>(value);
                                  if (row) all.push_back(*std::move(row));
                                  if (!row) bad = Unexpected(std::move(row).error());
                                  return bad.has_value();
                                }));
  SUYUAN_TRY_DONE(std::move(bad));
  return all;
}

Result<Done> check_signed(const Reader& registry, const RulesNotice& notice,
                          const NoticePlace& at) {
  SUYUAN_TRY_DONE(check_ledger(notice.rules, at.ledger));
  uint64_t good = 0;
  std::string why;
  for (size_t i = 0; i < notice.note.signatures.size(); ++i) {
    const auto checked = check_signer(registry, notice.note, i, at.leaf);
    if (!checked && !info(checked.error().code).refusal) return checked;
    if (checked) ++good;
    if (!checked && why.empty()) why = ". " + to_text(checked.error());
  }
  return check_enough(good, at.genesis, why);
}

Result<RulesState> judge_rules(const Reader& registry, const RulesNotice& notice,
                               const NoticePlace& at) {
  const RulesText& rules = notice.rules;
  SUYUAN_TRY_DONE(check_ledger(rules, at.ledger));
  if (at.time_ms > 0 && rules.until_ms < static_cast<uint64_t>(at.time_ms)) {
    return fail(Code::BATCH_EXPIRED,
                "the notice was valid until " + std::to_string(rules.until_ms) +
                    ", log time is " + std::to_string(at.time_ms) + "; make a new one",
                "until");
  }
  SUYUAN_TRY(before, rules_at(registry, at.genesis, at.leaf));
  if (rules.number != before.number + 1) {
    return refuse_rules("found " + std::to_string(rules.number) + ", the ledger's next is " +
                            std::to_string(before.number + 1) +
                            ": it was accepted already, or another one was",
                        "number");
  }
  if (rules.version != before.version && rules.version != before.version + 1) {
    return refuse_rules("found " + std::to_string(rules.version) + ", in force is " +
                            std::to_string(before.version) + ": that one, or the next",
                        "rules");
  }
  SUYUAN_TRY_DONE(check_all_signed(registry, notice, at));
  SUYUAN_TRY_DONE(check_node_keys(registry, before, rules.nodes));
  SUYUAN_TRY_DONE(check_remaining(before, rules.nodes));
  SUYUAN_TRY_DONE(check_rules_known(rules.version));
  return RulesState{.number = rules.number,
                    .version = rules.version,
                    .nodes = rules.nodes,
                    .leaf = at.leaf};
}

void put_rules(Overlay& registry, const RulesState& rules) {
  registry.put(Table::registry, rules_row_key(rules.leaf), encode(rules));
  for (const NamedKey& node : rules.nodes) {
    registry.put(Table::registry, key_row_key(node.key), node_key_holder(node.name));
  }
}

Result<Done> check_rules_known(uint64_t version) {
  if (version <= rules_known()) return Done{};
  return fail(Code::STORE_TOO_NEW,
              "rules " + std::to_string(version) + " apply from here on, this program knows "
                                                   "rules " +
                  "up to " + std::to_string(rules_known()) +
                  ". It stops before them and loses nothing: start a newer program on this folder");
}

}  // namespace suyuan
