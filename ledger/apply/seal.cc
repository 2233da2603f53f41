// Writing, reading and appending seals.
#include "ledger/apply/seal.h"

#include <algorithm>

#include "ledger/apply/log_reader.h"
#include "ledger/apply/log_writer.h"
#include "ledger/crypto/text_lines.h"
#include "ledger/merkle/tree.h"
#include "ledger/registry/rules_notice.h"

namespace suyuan {
namespace {

constexpr std::string_view kHeader = "suyuan/seal/v1";

// Says why the numbers cannot be in one seal; empty: they can.
std::string contradiction(const SealText& seal) {
  if (seal.rules == 0 || seal.rules > rules_known()) {
    return "found rules " + std::to_string(seal.rules) + ", this program knows rules up to " +
           std::to_string(rules_known()) + ": get a newer one";
  }
  if (seal.leaves == 0) return "a seal comes after genesis at the earliest";
  if (seal.previous && (*seal.previous == 0 || *seal.previous >= seal.leaves)) {
    return "the previous seal lies between genesis and this one, found leaf " +
           std::to_string(*seal.previous);
  }
  if ((seal.events == 0) != (seal.chains == 0)) {
    return "every event names a code and every code is named: found " +
           std::to_string(seal.events) + " events and " + std::to_string(seal.chains) + " codes";
  }
  if ((seal.chains == 0) != (seal.map == empty_root())) {
    return "the map of no code, and of no other map, has the root H(\"\")";
  }
  return {};
}

Result<std::optional<uint64_t>> take_previous(TextLines& lines) {
  SUYUAN_TRY(rest, lines.take("previous"));
  if (rest == "-") return std::optional<uint64_t>{};
  const auto leaf = from_decimal(rest);
  if (!leaf) return lines.refuse("found " + quote(rest) + ", expected a leaf or -");
  return std::optional<uint64_t>(*leaf);
}

}  // namespace

std::string write_seal(const SealText& seal) {
  SUYUAN_CHECK(contradiction(seal).empty());
  std::string out(kHeader);
  out.append("\nledger ").append(seal.ledger.line());
  out.append("\nrules ").append(std::to_string(seal.rules));
  out.append("\nprevious ").append(seal.previous ? std::to_string(*seal.previous) : "-");
  out.append("\nleaves ").append(std::to_string(seal.leaves));
  out.append("\nevents ").append(std::to_string(seal.events));
  out.append("\nchains ").append(std::to_string(seal.chains));
  out.append("\nmap ").append(to_base64(seal.map.view())).append("\n");
  return out;
}

Result<SealText> parse_seal(std::string_view text) {
  SUYUAN_TRY(lines, TextLines::open(text, kHeader));
  SealText seal;
  SUYUAN_TRY(fields, lines.take_fields("ledger", 2));
  if (!is_origin(fields[0])) return lines.refuse(quote(fields[0]) + " is not a ledger's origin");
  seal.ledger.origin = fields[0];
  SUYUAN_TRY(genesis, lines.base64_of<Hash>(fields[1]));
  seal.ledger.genesis = genesis;
  SUYUAN_TRY(rules, lines.take_decimal("rules"));
  seal.rules = rules;
  SUYUAN_TRY(previous, take_previous(lines));
  seal.previous = previous;
  SUYUAN_TRY(leaves, lines.take_decimal("leaves"));
  seal.leaves = leaves;
  SUYUAN_TRY(events, lines.take_decimal("events"));
  seal.events = events;
  SUYUAN_TRY(chains, lines.take_decimal("chains"));
  seal.chains = chains;
  SUYUAN_TRY(map, lines.take_base64<Hash>("map"));
  seal.map = map;
  SUYUAN_TRY_DONE(lines.finish());
  if (auto fault = contradiction(seal); !fault.empty()) return lines.refuse(std::move(fault));
  return seal;
}

Result<Applied> apply_seal(const Reader& state, uint64_t position, int64_t time_ms,
                           const Hash& map) {
  SUYUAN_TRY(head, read_head(state));
  if (position <= head.position) {
    return fail(Code::CORRUPT, "the seal's group " + std::to_string(position) +
                                   " comes after group " + std::to_string(head.position) +
                                   ": positions must rise");
  }
  const SealText seal{.ledger = {.origin = head.origin, .genesis = head.genesis},
                      .rules = head.rules,
                      .previous = head.seal == 0 ? std::nullopt : std::optional(head.seal),
                      .leaves = head.leaves,
                      .events = head.events,
                      .chains = head.chains,
                      .map = map};
  if (auto fault = contradiction(seal); !fault.empty()) return fail(Code::CORRUPT, fault);
  SUYUAN_TRY(frontier, Frontier::decode(head.frontier));
  Overlay overlay(state);
  LogWriter log(overlay, {head.leaves, head.events, head.chains}, std::move(frontier));
  head.seal = head.leaves;
  head.time_ms = std::max(time_ms, head.time_ms);
  log.append_leaf(LeafKind::seal, head.time_ms, write_seal(seal));
  head.position = position;
  head.leaves = log.counts().leaves;
  head.frontier = log.frontier().encode();
  overlay.put(Table::meta, Bytes(kLedgerKey), encode(head));
  return Applied{.changes = std::move(overlay).take_changes(),
                 .head = std::move(head),
                 .root = log.frontier().root(),
                 .grown = true,
                 .verdicts = {}};
}

Result<SealText> read_seal(const Reader& reader, const LedgerId& ledger, uint64_t leaf) {
  SUYUAN_TRY(data, read_leaf(reader, leaf));
  const auto wrong = [leaf](const std::string& what) {
    return fail(Code::CORRUPT, "leaf " + std::to_string(leaf) + " is not the seal that it should "
                               "be: " + what);
  };
  if (data.kind != LeafKind::seal) return wrong("it is a leaf of another kind");
  auto seal = parse_seal(data.text);
  if (!seal) return wrong(to_text(seal.error()));
  if (seal->ledger != ledger) return wrong("it names another ledger");
  if (seal->leaves != leaf) {
    return wrong("it counts " + std::to_string(seal->leaves) + " leaves before it");
  }
  return seal;
}

}  // namespace suyuan
