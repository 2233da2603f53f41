#include "node/ops/acknowledged.h"

#include <spdlog/spdlog.h>

#include "ledger/apply/apply.h"
#include "ledger/apply/log_reader.h"
#include "ledger/crypto/hash.h"
#include "ledger/os/files.h"

namespace suyuan {
namespace {

// With the empty tree, which every log extends.
Result<MarkInSlot> make_anew(const std::string& path) {
  const Mark first{.epoch = 0, .tree = {.size = 0, .root = sha256("")}};
  Bytes file = encode_mark(first);
  file.resize(kMarkFileBytes, '\0');
  SUYUAN_TRY_DONE(write_file(path, file, FileMode::secret));
  return MarkInSlot{.mark = first, .slot = 0};
}

// Returns nullopt if the file is missing or unreadable.
Result<std::optional<MarkInSlot>> newest_of(const std::string& path) {
  if (!file_exists(path)) return std::optional<MarkInSlot>{};
  const auto file = read_file(path, kMarkFileBytes);
  if (!file && file.error().code != Code::TOO_LARGE) return Unexpected(file.error());
  return file ? newest_mark(*file) : std::nullopt;
}

Result<std::optional<MarkInSlot>> newest_at_start(const std::string& path) {
  SUYUAN_TRY(newest, newest_of(path));
  if (!newest && file_exists(path)) {
    spdlog::warn("{} cannot be read (a power cut may do that) and is made again: that the store is "
                 "the newest one is known only up to its last checkpoint", path);
  }
  return newest;
}

std::string leaves_text(uint64_t leaves) { return std::to_string(leaves) + " leaves"; }

Unexpected<Error> rolled_back(const std::string& path, const std::string& what) {
  return fail(Code::ROLLED_BACK,
              what + " An older copy was restored, or the newest writes were lost. Restore the "
              "newest store. If that is lost for good: anyone who holds a receipt of what is "
              "missing can prove it. Keep this store as evidence, and have what is missing sent "
              "again after the file " + path + " was removed: without it the node continues from "
              "its last checkpoint");
}

Unexpected<Error> ends_early(const std::string& path, uint64_t leaves, uint64_t marked) {
  return rolled_back(path, "the store ends at " + leaves_text(leaves) + ", but this node has "
                           "acknowledged " + std::to_string(marked) + ".");
}

Result<Done> check_holds(const std::string& path, const TreeHead& tree, const Reader& store) {
  const TreeRows rows(store);
  SUYUAN_TRY(root, root_of(TiledNodes(rows), tree.size));
  if (root == tree.root) return Done{};
  return rolled_back(path, "the first " + leaves_text(tree.size) + " of the store are not those "
                           "that this node has acknowledged.");
}

}  // namespace

Result<Acknowledged> Acknowledged::open(const std::string& path, const Reader& store,
                                        Behind behind) {
  SUYUAN_TRY(newest, newest_at_start(path));
  const auto head = read_head(store);
  if (!head && (!newest || head.error().code != Code::NOT_FOUND)) return Unexpected(head.error());
  if (!newest) {
    SUYUAN_TRY(made, make_anew(path));
    newest = made;
  }
  SUYUAN_TRY(file, InPlaceFile::open(path));
  Acknowledged acknowledged(std::move(file), *newest);
  const uint64_t leaves = head ? head->leaves : 0;  // a lost log can leave nothing at all
  const uint64_t marked = newest->mark.tree.size;
  if (leaves < marked) {
    if (behind == Behind::refused) return ends_early(path, leaves, marked);
    spdlog::warn("the store ends at {} leaves, this node has acknowledged {}: the rest must come "
                 "from the shared log", leaves, marked);
    acknowledged.awaited_ = true;
    return acknowledged;
  }
  SUYUAN_TRY_DONE(check_holds(path, newest->mark.tree, store));
  // A power cut may have set the mark back: what is served from now on counts at once.
  const TreeRows rows(store);
  SUYUAN_TRY(root, root_of(TiledNodes(rows), leaves));
  SUYUAN_TRY_DONE(acknowledged.raise({.size = leaves, .root = root}, store));
  return acknowledged;
}

Result<Done> Acknowledged::raise(const TreeHead& tree, const Reader& store) {
  if (tree.size < mark_.tree.size) return Done{};
  if (awaited_) {
    SUYUAN_TRY_DONE(check_holds(file_.path(), mark_.tree, store));
    awaited_ = false;
  }
  if (tree.size == mark_.tree.size) return Done{};
  const Mark next{.epoch = mark_.epoch + 1, .tree = tree};
  const size_t slot = (slot_ + 1) % kMarkSlots;
  SUYUAN_TRY_DONE(file_.write(slot * kMarkSlotStride, encode_mark(next)));
  mark_ = next;
  slot_ = slot;
  return Done{};
}

Result<Done> Acknowledged::check_reached(uint64_t leaves) const {
  if (leaves >= mark_.tree.size) return Done{};
  return rolled_back(file_.path(), "the shared log ends at " + leaves_text(leaves) +
                                       ", but this node has acknowledged " +
                                       std::to_string(mark_.tree.size) + ".");
}

Result<Done> check_acknowledged(const std::string& path, const Reader& store) {
  SUYUAN_TRY(newest, newest_of(path));
  if (!newest) return Done{};
  SUYUAN_TRY(head, read_head(store));
  const TreeHead& marked = newest->mark.tree;
  if (head.leaves < marked.size) return ends_early(path, head.leaves, marked.size);
  return check_holds(path, marked, store);
}

}  // namespace suyuan
