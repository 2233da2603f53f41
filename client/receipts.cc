#include "client/receipts.h"

#include <algorithm>
#include <map>

#include "client/file_lock.h"
#include "ledger/base/text.h"
#include "ledger/batch/receipt.h"
#include "ledger/os/files.h"

namespace suyuan {
namespace {

constexpr std::string_view kReceiptsHead = "suyuan/receipts/v1";
constexpr size_t kReceiptsBytesMax = 2 * limits::kReceiptsRemembered * limits::kNoteBytesMax;
// Checkpoints that may appear while one receipt is verified.
constexpr int kTriesMax = 8;

}  // namespace

std::optional<TreeHead> tree_of_receipt(const std::string& note) {
  const auto receipt = parse_receipt(note, 0, {});
  if (!receipt) return std::nullopt;
  return TreeHead{.size = receipt->text.size, .root = receipt->text.root};
}

Result<std::vector<std::string>> ReceiptMemory::read() const {
  const auto text = read_file(path_, kReceiptsBytesMax);
  if (!text && text.error().code == Code::NOT_FOUND) return std::vector<std::string>{};
  if (!text) return Unexpected(text.error());
  std::vector<std::string> notes;
  auto lines = split(*text, '\n');
  bool good = lines.size() >= 2 && lines.front() == kReceiptsHead && lines.back().empty();
  for (size_t i = 1; good && i + 1 < lines.size(); ++i) {
    auto note = from_base64(lines[i]);
    good = note && tree_of_receipt(*note);
    if (good) notes.push_back(*std::move(note));
  }
  if (good) return notes;
  return fail(Code::CORRUPT, path_ + " is not as this program writes it; keep it as evidence, then "
                                     "remove it: it held receipts that no checkpoint covered yet");
}

Result<Done> ReceiptMemory::write(const std::vector<std::string>& notes) const {
  std::string text = std::string(kReceiptsHead) + "\n";
  for (const auto& note : notes) text += to_base64(note) + "\n";
  return write_file(path_, text, FileMode::shared);
}

Result<Done> ReceiptMemory::add(const std::vector<std::string>& notes) const {
  if (notes.empty()) return Done{};
  const FileLock lock(path_);
  SUYUAN_TRY(known, read());
  std::map<uint64_t, std::string> by_size;
  known.insert(known.end(), notes.begin(), notes.end());
  for (auto& note : known) {
    if (const auto tree = tree_of_receipt(note)) by_size.emplace(tree->size, std::move(note));
  }
  std::vector<std::string> kept;
  const size_t old = limits::kReceiptsRemembered / 2;
  const size_t skipped = by_size.size() - std::min(by_size.size(), limits::kReceiptsRemembered);
  size_t at = 0;
  for (auto& [size, note] : by_size) {
    if (at < old || at >= old + skipped) kept.push_back(std::move(note));
    ++at;
  }
  return write(kept);
}

Result<Done> ReceiptMemory::forget(const std::vector<std::string>& notes) const {
  if (notes.empty()) return Done{};
  const FileLock lock(path_);
  SUYUAN_TRY(known, read());
  std::erase_if(known, [&](const std::string& note) {
    return std::find(notes.begin(), notes.end(), note) != notes.end();
  });
  return write(known);
}

uint64_t ReceiptMemory::newest_size() const {
  const auto notes = read();
  uint64_t newest = 0;
  if (!notes) return newest;
  for (const auto& note : *notes) {
    if (const auto tree = tree_of_receipt(note)) newest = std::max(newest, tree->size);
  }
  return newest;
}

MemoryResult<ReceiptCheck::Found> ReceiptCheck::check(const std::string& note) {
  const auto tree = tree_of_receipt(note);
  if (!tree) {
    return Unexpected(MemoryRefusal{
        .error = {.code = Code::CORRUPT, .message = "a saved receipt cannot be read"},
        .evidence = std::nullopt,
        .cause = MemoryCause::local});
  }
  for (int i = 0; i < kTriesMax; ++i) {
    if (!now_) {
      auto met = memory_.meet(policy_, ask_);
      if (!met) return Unexpected(std::move(met).error());
      now_ = *std::move(met);
    }
    if (now_->head.size < tree->size) return Found::not_yet;
    const auto answer = ask_(tree->size);
    if (!answer.value) {
      return Unexpected(MemoryRefusal{.error = answer.value.error(),
                                      .evidence = std::nullopt,
                                      .cause = MemoryCause::answer});
    }
    const auto shown = check_shown("", *answer.value, policy_);
    if (!shown) return Unexpected(shown.error());
    if (shown->head != now_->head) {
      // A newer checkpoint has come, or the node shows two logs: the memory tells which.
      now_.reset();
      continue;
    }
    if (consistent(*tree, shown->head, answer.value->path)) return Found::in_log;
    return Unexpected(MemoryRefusal{
        .error = {.code = Code::ROOT_MISMATCH,
                  .message = "the log broke its word: its " + std::to_string(shown->head.size) +
                             " leaves do not begin with the " + std::to_string(tree->size) +
                             " that a receipt names"},
        .evidence = Evidence{.kind = EvidenceKind::receipt,
                             .older = note,
                             .newer = answer.value->note,
                             .path = answer.value->path}});
  }
  return Found::not_yet;  // the log grows faster than we ask; a later command verifies
}

}  // namespace suyuan
