// The file from which an audit resumes. Each input is read as it is, and with the right hash of
// itself, so that mutations get past that. What is read is saved to the same bytes, or to others
// that are: rows in another order, or the form of before there were notices.
#include <sys/mman.h>
#include <unistd.h>

#include "client/audit/state_file.h"
#include "ledger/proof/audit_state.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/audit/log_maker.h"

namespace suyuan {
namespace {

// The decoder takes a path; this file is in memory.
class MemoryFile {
 public:
  MemoryFile() : file_(::memfd_create("audit-state", MFD_CLOEXEC)) { SUYUAN_CHECK(file_ >= 0); }
  ~MemoryFile() { ::close(file_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }
  void put(BytesView bytes) const {
    SUYUAN_CHECK(::ftruncate(file_, 0) == 0);
    const auto written = ::pwrite(file_, bytes.data(), bytes.size(), 0);
    SUYUAN_CHECK(written >= 0 && static_cast<size_t>(written) == bytes.size());
  }

 private:
  const int file_;
};

Bytes with_hash(BytesView bytes) { return Bytes(bytes) + Bytes(sha256(bytes).view()); }

Bytes file_of(const std::string& checkpoint, const AuditReplay& replay) {
  Bytes file;
  put_u64(file, checkpoint.size());
  file += checkpoint;
  const auto saved = AuditState::save(replay, [&](BytesView bytes) {
    file += bytes;
    return Result<Done>(Done{});
  });
  SUYUAN_CHECK(saved.has_value());
  return with_hash(file);
}

// Returns what the same state is saved as; nullopt if the file is refused.
std::optional<Bytes> saved_again(BytesView file) {
  static const MemoryFile disk;
  disk.put(file);
  const auto read = load_audit(disk.path());
  if (read) return file_of(read->checkpoint, read->replay);
  SUYUAN_CHECK(read.error().code == Code::CORRUPT);
  return std::nullopt;
}

void read_state(BytesView file) {
  const auto saved = saved_again(file);
  if (saved && *saved != file) SUYUAN_CHECK(saved_again(*saved) == saved);
}

AuditReplay replayed(const testing::LogMaker& log) {
  AuditReplay replay;
  std::vector<SignatureTask> tasks;
  for (uint64_t i = 0; i < log.leaves.size(); ++i) {
    const auto& [data, events] = log.leaves[i];
    auto leaf = audit_leaf(i, data, leaf_hash(data), events, testing::decode_payload_of);
    SUYUAN_CHECK(leaf.has_value());
    if (leaf->notice) {
      const auto& about = log.leaves.at(erasure_of(*leaf->notice)->leaf);
      auto target = audit_target(i, *leaf->notice, about.data, about.events,
                                 testing::decode_payload_of);
      SUYUAN_CHECK(target.has_value());
      leaf->target = *std::move(target);
    }
    SUYUAN_CHECK(replay.take(*std::move(leaf), tasks).has_value());
  }
  return replay;
}

}  // namespace
}  // namespace suyuan

std::vector<std::string> suyuan::fuzz::seeds() {
  testing::LogMaker log;
  log.register_party("farm");
  std::vector<std::string> all = {file_of("", replayed(log))};
  const Hash section = sha256("a section");
  TraceEvent event = testing::receiving({testing::box(1), testing::box(2)});
  event.sections.push_back({.digest = section, .audience = Audience::partner, .label = "price"});
  log.post("farm", {event});
  log.erase("farm", {.leaf = log.leaves.size() - 1, .event = 0}, section);
  // Beyond one tile of leaves, so that the tree has a level above them.
  while (log.leaves.size() <= kTileWidth) log.seal();
  all.push_back(file_of(log.checkpoint(), replayed(log)));
  return all;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace suyuan;
  const auto file = fuzz::text(data, size);
  read_state(file);
  if (file.size() > Hash::kSize) read_state(with_hash(file.substr(0, file.size() - Hash::kSize)));
  return 0;
}
