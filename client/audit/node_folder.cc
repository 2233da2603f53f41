#include "client/audit/node_folder.h"

#include "ledger/apply/apply.h"
#include "ledger/base/coding.h"
#include "ledger/crypto/hash.h"
#include "ledger/os/files.h"
#include "ledger/proof/log_files.h"
#include "ledger/store/rocks/read_only.h"

namespace suyuan {
namespace {

// docs/operating.md, Watermark: two slots, 4,096 bytes apart; the higher epoch counts.
constexpr BytesView kMarkTag = "suyuan/watermark/v1\n";
constexpr size_t kSlotDistance = 4096;
constexpr size_t kMarkBytes = 2 * sizeof(uint64_t) + Hash::kSize;

struct MarkSlot {
  uint64_t epoch = 0;
  TreeHead tree;
};

std::optional<MarkSlot> read_slot(BytesView file, size_t at) {
  if (file.size() < at + kMarkBytes + Hash::kSize) return std::nullopt;
  const BytesView body = file.substr(at, kMarkBytes);
  if (sha256({kMarkTag, body}) != Hash::from(file.substr(at + kMarkBytes, Hash::kSize)))
    return std::nullopt;
  MarkSlot slot;
  Decoder decoder(body);
  decoder.get_u64(slot.epoch);
  decoder.get_u64(slot.tree.size);
  decoder.get_fixed(slot.tree.root);
  return slot;
}

Result<std::optional<TreeHead>> read_watermark(const std::string& path) {
  const auto file = read_file(path, 4 * kSlotDistance);
  if (!file && file.error().code == Code::NOT_FOUND) return std::optional<TreeHead>{};
  if (!file) return Unexpected(file.error());
  const auto one = read_slot(*file, 0);
  const auto two = read_slot(*file, kSlotDistance);
  if (!one && !two) {
    return fail(Code::CORRUPT, path + " is damaged: nobody knows whether the store is whole");
  }
  const MarkSlot& newer = !two || (one && one->epoch > two->epoch) ? *one : *two;
  if (newer.tree.size == 0) return std::optional<TreeHead>{};
  return std::optional(newer.tree);
}

struct NewestCheckpoint {
  uint64_t size = 0;
  std::string note;
};

Result<NewestCheckpoint> newest_checkpoint(const Reader& store, const std::string& path) {
  std::optional<NewestCheckpoint> newest;
  SUYUAN_TRY_DONE(store.scan(Table::checkpoint, {}, {}, Direction::descending,
                             [&](BytesView key, BytesView note) {
                               NewestCheckpoint row{.note = std::string(note)};
                               if (Decoder(key).get_u64(row.size)) newest = std::move(row);
                               return false;
                             }));
  if (newest) return *std::move(newest);
  return fail(Code::NOT_FOUND, "no checkpoint was ever published from " + path +
                                   ": there is nothing signed to audit against");
}

class OpenedFolder final : public NodeFolder {
 public:
  OpenedFolder(std::unique_ptr<ReadOnlyRocks> rocks, NewestCheckpoint checkpoint,
               std::optional<TreeHead> watermark, uint64_t leaves)
      : rocks_(std::move(rocks)),
        checkpoint_(std::move(checkpoint)),
        watermark_(watermark),
        leaves_(leaves) {}

  OpenLog log() const override {
    return [this]() -> Result<std::unique_ptr<LogSource>> {
      return std::unique_ptr<LogSource>(
          std::make_unique<StoreLog>(
              rocks_->reader(), checkpoint_.size, checkpoint_.note, LogReadBy::owner));
    };
  }
  const Reader& store() const override { return rocks_->reader(); }
  Result<Done> scrub() const override { return rocks_->verify_checksums(); }
  const std::optional<TreeHead>& watermark() const override { return watermark_; }
  uint64_t leaves() const override { return leaves_; }

 private:
  std::unique_ptr<ReadOnlyRocks> rocks_;
  const NewestCheckpoint checkpoint_;
  const std::optional<TreeHead> watermark_;
  const uint64_t leaves_;
};

}  // namespace

bool is_node_folder(const std::string& path) { return file_exists(path + "/store/CURRENT"); }

Result<std::unique_ptr<NodeFolder>> open_node_folder(const std::string& path) {
  SUYUAN_TRY(rocks, open_rocks_read_only(path + "/store"));
  SUYUAN_TRY(head, read_head(rocks->reader()));
  SUYUAN_TRY(checkpoint, newest_checkpoint(rocks->reader(), path));
  SUYUAN_TRY(watermark, read_watermark(path + "/watermark"));
  return std::unique_ptr<NodeFolder>(std::make_unique<OpenedFolder>(
      std::move(rocks), std::move(checkpoint), watermark, head.leaves));
}

}  // namespace suyuan
