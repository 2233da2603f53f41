#include "client/trust.h"

#include <algorithm>
#include <utility>

#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/batch/note.h"
#include "ledger/batch/notice.h"
#include "ledger/batch/receipt.h"
#include "ledger/crypto/text_lines.h"
#include "ledger/os/files.h"
#include "ledger/store/memory_store.h"

namespace suyuan {

Result<PinnedLedger> pinned_from_leaf(BytesView leaf) {
  SUYUAN_TRY(parsed, parse_leaf(leaf));
  if (parsed.kind != LeafKind::genesis) {
    return fail(Code::NOTE_SYNTAX, "this leaf is not a genesis; pin the ledger's genesis.leaf");
  }
  SUYUAN_TRY(genesis, parse_genesis(parsed.text));
  PinnedLedger pinned{.leaf = Bytes(leaf), .genesis = std::move(genesis), .id = {}};
  pinned.id = ledger_id(pinned.genesis, pinned.leaf);
  pinned.rules = rules_of(pinned.genesis);
  return pinned;
}

Result<PinnedLedger> with_rules(PinnedLedger pinned, std::string_view note) {
  SUYUAN_TRY(notice, parse_rules_notice(note));
  const MemoryStore nothing;
  Overlay first(nothing.latest());
  start_registry(first, pinned.genesis);
  SUYUAN_TRY_DONE(check_signed(first, notice, {.ledger = pinned.id, .genesis = pinned.genesis}));
  pinned.rules = {.number = notice.rules.number,
                  .version = notice.rules.version,
                  .nodes = notice.rules.nodes};
  pinned.first_nodes = std::exchange(pinned.genesis.nodes, std::move(notice.rules.nodes));
  return pinned;
}

std::vector<NamedKey> PinnedLedger::all_signers() const {
  std::vector<NamedKey> all = genesis.nodes;
  for (const NamedKey& one : first_nodes) {
    if (std::ranges::find(all, one) == all.end()) all.push_back(one);
  }
  return all;
}

std::string rules_path(const std::string& genesis_path) {
  return genesis_path.substr(0, genesis_path.rfind('/') + 1) + "rules.note";
}

Result<PinnedLedger> load_pinned(const std::string& path) {
  auto leaf = read_file(path, limits::kLeafBytesMax);
  if (!leaf && leaf.error().code == Code::NOT_FOUND) {
    return fail(Code::NOT_FOUND, "no ledger is pinned at " + path +
                                     "; run 'suyuan trust', or name the ledger's genesis.leaf "
                                     "with --genesis");
  }
  if (!leaf) return Unexpected(std::move(leaf).error());
  SUYUAN_TRY(pinned, pinned_from_leaf(*leaf));
  const std::string rules = rules_path(path);
  if (!file_exists(rules)) return pinned;
  SUYUAN_TRY(note, read_file(rules, limits::kNoteBytesMax));
  auto with = with_rules(std::move(pinned), note);
  if (with) return with;
  Error error = std::move(with).error();
  error.message = rules + ": " + error.message;
  return Unexpected(std::move(error));
}

std::string fingerprint(const LedgerId& id) {
  constexpr size_t kGroup = 4;
  const std::string hex = to_hex(id.genesis.view());
  std::string out;
  for (size_t i = 0; i < hex.size(); i += kGroup) {
    if (i > 0) out += ' ';
    out += hex.substr(i, kGroup);
  }
  return out;
}

Result<Done> check_same_ledger(const PinnedLedger& pinned, const Status& status) {
  if (status.genesis_leaf == pinned.leaf) return Done{};
  return fail(Code::LEDGER_MISMATCH, "the node shows a ledger other than the pinned one, " +
                                         pinned.id.line() + "; check --node and --genesis");
}

LeafKind kind_of_note(std::string_view note) {
  return note.starts_with("suyuan/batch/v1\n") ? LeafKind::batch : LeafKind::notice;
}

Result<Receipt> check_answer(const PinnedLedger& pinned, const std::string& note,
                             const BatchReceipt& receipt) {
  return check_signed_by(pinned.genesis.nodes, pinned.id, note, receipt);
}

Result<Receipt> check_signed_by(std::span<const NamedKey> nodes, const LedgerId& ledger,
                                const std::string& note, const BatchReceipt& receipt) {
  if (receipt.time_ms < 0 || static_cast<uint64_t>(receipt.time_ms) > kTextTimeMsMax) {
    return fail(Code::INVALID_FIELD, "the receipt's log time is not of the years 1970 to 9999",
                "time");
  }
  // Evidence may name any text as the note.
  if (kind_of_note(note) == LeafKind::notice &&
      (!is_known_notice(note) || note.find('\n') == std::string::npos)) {
    return fail(Code::NOTE_SYNTAX, "a receipt is for a batch or a notice, found " +
                                       quote(note.substr(0, note.find('\n'))));
  }
  SUYUAN_TRY(parsed, parse_receipt(receipt.note, receipt.leaf, receipt.path));
  const Bytes leaf = write_leaf(kind_of_note(note), receipt.time_ms, note);
  SUYUAN_TRY_DONE(check_receipt(parsed, leaf, ledger, nodes));
  return parsed;
}

}  // namespace suyuan
