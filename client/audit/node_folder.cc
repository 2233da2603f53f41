#include "client/audit/node_folder.h"

#include "ledger/apply/apply.h"
#include "ledger/base/coding.h"
#include "ledger/os/files.h"
#include "ledger/proof/log_files.h"
#include "ledger/proof/watermark_file.h"
#include "ledger/store/rocks/read_only.h"

namespace suyuan {
namespace {

Result<std::optional<TreeHead>> read_watermark(const std::string& path) {
  const auto file = read_file(path, kMarkFileBytes);
  if (!file && file.error().code == Code::NOT_FOUND) return std::optional<TreeHead>{};
  if (!file) return Unexpected(file.error());
  const auto newest = newest_mark(*file);
  if (!newest) {
    return fail(Code::CORRUPT, path + " is damaged: it is unknown whether the store is whole");
  }
  if (newest->mark.tree.size == 0) return std::optional<TreeHead>{};
  return std::optional(newest->mark.tree);
}

// As a starting node does: an unreadable mark is ignored, and the watermark counts.
Result<std::optional<TreeHead>> read_acknowledged(const std::string& path) {
  const auto file = read_file(path, kMarkFileBytes);
  if (!file && file.error().code != Code::NOT_FOUND && file.error().code != Code::TOO_LARGE)
    return Unexpected(file.error());
  const auto newest = file ? newest_mark(*file) : std::nullopt;
  if (!newest || newest->mark.tree.size == 0) return std::optional<TreeHead>{};
  return std::optional(newest->mark.tree);
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
               std::optional<TreeHead> watermark, std::optional<TreeHead> acknowledged,
               uint64_t leaves)
      : rocks_(std::move(rocks)),
        checkpoint_(std::move(checkpoint)),
        watermark_(watermark),
        acknowledged_(acknowledged),
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
  const std::optional<TreeHead>& acknowledged() const override { return acknowledged_; }
  uint64_t leaves() const override { return leaves_; }

 private:
  std::unique_ptr<ReadOnlyRocks> rocks_;
  const NewestCheckpoint checkpoint_;
  const std::optional<TreeHead> watermark_;
  const std::optional<TreeHead> acknowledged_;
  const uint64_t leaves_;
};

}  // namespace

bool is_node_folder(const std::string& path) { return file_exists(path + "/store/CURRENT"); }

Result<std::unique_ptr<NodeFolder>> open_node_folder(const std::string& path) {
  SUYUAN_TRY(rocks, open_rocks_read_only(path + "/store"));
  SUYUAN_TRY(head, read_head(rocks->reader()));
  SUYUAN_TRY(checkpoint, newest_checkpoint(rocks->reader(), path));
  SUYUAN_TRY(watermark, read_watermark(path + "/watermark"));
  SUYUAN_TRY(acknowledged, read_acknowledged(path + "/acknowledged"));
  return std::unique_ptr<NodeFolder>(std::make_unique<OpenedFolder>(
      std::move(rocks), std::move(checkpoint), watermark, acknowledged, head.leaves));
}

}  // namespace suyuan
