#include "client/trust.h"

#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/batch/note.h"
#include "ledger/batch/receipt.h"
#include "ledger/os/files.h"

namespace suyuan {

Result<PinnedLedger> pinned_from_leaf(BytesView leaf) {
  SUYUAN_TRY(parsed, parse_leaf(leaf));
  if (parsed.kind != LeafKind::genesis) {
    return fail(Code::NOTE_SYNTAX, "this leaf is no genesis; pin the genesis.leaf of the ledger");
  }
  SUYUAN_TRY(genesis, parse_genesis(parsed.text));
  PinnedLedger pinned{.leaf = Bytes(leaf), .genesis = std::move(genesis), .id = {}};
  pinned.id = ledger_id(pinned.genesis, pinned.leaf);
  return pinned;
}

Result<PinnedLedger> load_pinned(const std::string& path) {
  auto leaf = read_file(path, limits::kLeafBytesMax);
  if (!leaf && leaf.error().code == Code::NOT_FOUND) {
    return fail(Code::NOT_FOUND, "no ledger is pinned at " + path +
                                     "; run 'suyuan trust', or name the ledger's genesis.leaf "
                                     "with --genesis");
  }
  if (!leaf) return Unexpected(std::move(leaf).error());
  return pinned_from_leaf(*leaf);
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
  return fail(Code::LEDGER_MISMATCH, "the node shows another ledger than the pinned one, " +
                                         pinned.id.line() + "; check --node and --genesis");
}

Result<Receipt> check_answer(const PinnedLedger& pinned, const std::string& note,
                             const BatchReceipt& receipt) {
  if (receipt.time_ms < 0) {
    return fail(Code::INVALID_FIELD, "the receipt's log time lies before 1970", "time");
  }
  SUYUAN_TRY(parsed, parse_receipt(receipt.note, receipt.leaf, receipt.path));
  const LeafKind kind =
      note.starts_with("suyuan/batch/v1\n") ? LeafKind::batch : LeafKind::notice;
  const Bytes leaf = write_leaf(kind, receipt.time_ms, note);
  SUYUAN_TRY_DONE(check_receipt(parsed, leaf, pinned.id, pinned.genesis.nodes));
  return parsed;
}

}  // namespace suyuan
