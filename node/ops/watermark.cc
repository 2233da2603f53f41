#include "node/ops/watermark.h"

#include "ledger/apply/apply.h"
#include "ledger/apply/log_reader.h"
#include "ledger/crypto/hash.h"
#include "ledger/os/files.h"

namespace suyuan {
namespace {

std::string size_text(uint64_t leaves) { return std::to_string(leaves) + " leaves"; }

}  // namespace

// The first mark is the empty tree's, which every log extends. A file without a readable slot is
// thus always a damaged one.
Result<Watermark> Watermark::create(const std::string& path) {
  const Mark first{.epoch = 0, .tree = {.size = 0, .root = sha256("")}};
  Bytes file = encode_mark(first);
  file.resize(kMarkFileBytes, '\0');
  SUYUAN_TRY_DONE(write_file(path, file, FileMode::secret));
  return read(path);
}

Result<Watermark> Watermark::read(const std::string& path) {
  SUYUAN_TRY(file, read_file(path, kMarkFileBytes));
  Watermark watermark(path);
  if (const auto newest = newest_mark(file)) {
    watermark.mark_ = newest->mark;
    watermark.slot_ = newest->slot;
    return watermark;
  }
  return fail(Code::CORRUPT,
              "neither slot of " + path + " can be read, so it is unknown how much this node has "
              "signed. Restore the whole data folder from a copy that was made after it stopped; "
              "without one, this ledger must not continue");
}

Result<Done> Watermark::raise(const TreeHead& tree) {
  SUYUAN_CHECK(mark_);
  if (tree == mark_->tree) return Done{};
  if (tree.size <= mark_->tree.size) {
    return fail(Code::CORRUPT, "a checkpoint of " + size_text(tree.size) + " must not be signed: "
                               "one of " + size_text(mark_->tree.size) + " was before");
  }
  const Mark next{.epoch = mark_->epoch + 1, .tree = tree};
  const size_t slot = (slot_ + 1) % kMarkSlots;
  SUYUAN_TRY_DONE(overwrite_synced(path_, slot * kMarkSlotStride, encode_mark(next)));
  mark_ = next;
  slot_ = slot;
  return Done{};
}

Result<Done> check_watermark(const Mark& mark, const Reader& store) {
  constexpr std::string_view kDo =
      " The node must not continue from this store: it would sign a second history, and what it "
      "signed before would prove it. Keep this store as evidence, and restore the newest one "
      "under the watermark. If that is lost for good, this ledger has ended: begin another";
  const auto head = read_head(store);
  if (!head && head.error().code != Code::NOT_FOUND) return Unexpected(head.error());
  const uint64_t leaves = head ? head->leaves : 0;  // a lost log can leave nothing at all
  if (leaves < mark.tree.size) {
    return fail(Code::ROLLED_BACK,
                "the store ends at " + size_text(leaves) + ", but this node has signed a "
                "checkpoint of " + size_text(mark.tree.size) + ": an older copy was restored, or "
                "the newest writes were lost." + std::string(kDo));
  }
  const TreeRows rows(store);
  SUYUAN_TRY(root, root_of(TiledNodes(rows), mark.tree.size));
  if (root == mark.tree.root) return Done{};
  return fail(Code::ROLLED_BACK, "the first " + size_text(mark.tree.size) + " of the store are not "
                                 "those that this node has signed a checkpoint of." +
                                     std::string(kDo));
}

Result<Done> write_watermark(const std::string& path, const Mark& mark) {
  Bytes file = encode_mark(mark);
  file.resize(kMarkFileBytes, '\0');
  return write_file(path, file, FileMode::secret);
}

Result<Watermark> open_watermark(const std::string& path, const Reader& store, bool published) {
  if (!file_exists(path)) {
    SUYUAN_TRY_DONE(read_head(store));  // a folder without a ledger gets no mark
    if (!published) return Watermark::create(path);
    return fail(Code::CORRUPT,
                path + " is missing, though checkpoints were published from this store: it is "
                "unknown whether the store is the newest one. Restore the file");
  }
  SUYUAN_TRY(watermark, Watermark::read(path));
  SUYUAN_TRY_DONE(check_watermark(*watermark.mark(), store));
  return watermark;
}

}  // namespace suyuan
