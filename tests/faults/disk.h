// A disk in memory that can lose power, fail and rot. It keeps apart what was written, what was
// synced, and which names a folder would have after a power cut.
//
// It assumes the worst that a POSIX file system with a journal may do. Bytes that were not synced
// may be lost, torn or present in any mixture. A name is durable only once its folder was synced
// (names are lost from the last change backwards, as with a journal). After a failed sync, what it
// should have written is never written, although it can still be read and later syncs succeed.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace suyuan::test {

enum class DiskOp : uint8_t { read, write, sync, sync_folder, create, rename, remove };
inline constexpr uint32_t kAnyOp = 0x7f;
constexpr uint32_t only(DiskOp op) { return 1U << static_cast<uint32_t>(op); }
enum class DiskAnswer : uint8_t { ok, missing, io_error, no_space };

// Selects the operation that fails: number `at` of those in `ops`, and all after it if permanent.
struct DiskFault {
  uint32_t ops = kAnyOp;
  uint64_t at = 0;  // counted from 1; 0: none fails
  bool forever = false;
  bool no_space = false;  // ENOSPC instead of EIO
};

// What remains of data that was not synced.
enum class Loss : uint8_t {
  drop,     // nothing
  tear,     // a prefix of each file, cut at a sector of 512 bytes; a prefix of the name changes
  reorder,  // any sectors of each file, with zeros between; a prefix of the name changes
};

struct DiskFile {
  struct Piece {
    uint64_t from;
    std::shared_ptr<const std::string> bytes;
  };
  std::vector<Piece> pieces;
  uint64_t size = 0;
  uint64_t synced = 0;                                   // bytes that survive
  std::vector<std::pair<uint64_t, uint64_t>> unwritten;  // after a failed sync: first, end
  std::string read(uint64_t from, uint64_t length) const;
};

struct DiskState {
  struct Change {  // of names, since the folder was synced
    enum class Kind : uint8_t { add, remove, rename } kind;
    std::string name;
    std::string to = {};
    uint64_t file = 0;
  };
  std::map<std::string, uint64_t> names;
  std::map<std::string, uint64_t> names_synced;
  std::vector<Change> changes;
  std::map<uint64_t, std::shared_ptr<const DiskFile>> files;
  uint64_t next_file = 1;
};

// Returns the disk as it is when power comes back.
DiskState after_power_loss(const DiskState& state, Loss loss, std::mt19937_64& random);

// Thread-safe.
class Disk {
 public:
  Disk() = default;
  explicit Disk(DiskState state) : state_(std::move(state)) {}
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  DiskState state() const;
  void fail(const DiskFault& fault);        // from now on; counting starts here
  uint64_t operations(uint32_t ops) const;  // since fail() or the beginning
  bool fault_hit() const;
  // Every operation fails from now on; nothing reaches the disk any more.
  void cut_power();
  // The same, at the n-th modifying operation from now on.
  void cut_power_at(uint64_t n);
  bool is_off() const;
  void set_capacity(uint64_t bytes);
  // Called before each modifying operation, with the lock held.
  void watch(std::function<void(const DiskState&)> watcher);
  // Disables defences, for control tests: syncs that do nothing and report success, of everything
  // or of the folder only; failed syncs that are retried and then reported as done; failed reads
  // that report success and no bytes; failed changes of names, and failed syncs of the folder, that
  // report success (a file that was not created can be written, but has no name).
  void ignore_syncs() { ignores_syncs_ = ignores_folder_syncs_ = true; }
  void ignore_folder_syncs() { ignores_folder_syncs_ = true; }
  void retry_failed_syncs() { retries_syncs_ = true; }
  void hide_failed_reads() { hides_failed_reads_ = true; }
  void hide_failed_names() { hides_failed_names_ = true; }

  DiskAnswer create(const std::string& name, uint64_t& file);
  DiskAnswer open(const std::string& name, uint64_t& file);
  DiskAnswer read(uint64_t file, uint64_t from, uint64_t length, std::string& bytes);
  DiskAnswer append(uint64_t file, std::string_view bytes);
  DiskAnswer truncate(uint64_t file, uint64_t size);
  DiskAnswer sync(uint64_t file);
  DiskAnswer sync_folder();
  DiskAnswer rename(const std::string& name, const std::string& to);
  DiskAnswer remove(const std::string& name);
  uint64_t size(uint64_t file) const;
  std::vector<std::string> names() const;

 private:
  DiskAnswer begin(DiskOp op);
  DiskAnswer begin_name(DiskOp op, bool& done);
  DiskFile& to_change(uint64_t file);
  void write(uint64_t file, std::string_view bytes);
  uint64_t used() const;

  mutable std::mutex mutex_;  // guards everything below; held for one operation
  DiskState state_;
  DiskFault fault_;
  std::map<DiskOp, uint64_t> counts_;
  uint64_t matching_ = 0;
  bool hit_ = false;
  bool off_ = false;
  uint64_t until_off_ = 0;  // 0: it stays on
  uint64_t capacity_ = ~uint64_t{0};
  std::function<void(const DiskState&)> watcher_;
  bool ignores_syncs_ = false;
  bool ignores_folder_syncs_ = false;
  bool retries_syncs_ = false;
  bool hides_failed_reads_ = false;
  bool hides_failed_names_ = false;
};

// Damage to stored data: reads the file's contents, and puts changed ones back.
std::string contents(const DiskState& state, const std::string& name);
void put_contents(DiskState& state, const std::string& name, std::string bytes);

}  // namespace suyuan::test
