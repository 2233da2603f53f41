// A ledger whose folder can be damaged, and the node's answer to it at its start. These are the
// rows of docs/reliability.md (The marks).
#pragma once

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "ledger/os/files.h"
#include "ledger/proof/watermark_file.h"
#include "ledger/store/rocks/rocks_store.h"
#include "node/folder/opening.h"
#include "tests/e2e/small_ledger.h"

namespace suyuan::test {

namespace fs = std::filesystem;

inline constexpr size_t kFileMax = size_t{64} << 20;
inline constexpr uintmax_t kFreeBytes = uintmax_t{4} << 30;  // as test.sh asks for

struct Outcome {
  std::string word;  // "serves", or the code's name
  std::string message = {};
  uint64_t leaves = 0;
};

class Marks : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    // No power is cut here, so memory suffices, and syncs take no time. A node needs free space.
    std::error_code missing;
    const auto memory = fs::space("/dev/shm", missing);
    if (!missing && memory.available >= kFreeBytes) ::setenv("TMPDIR", "/dev/shm", 1);
  }
  // Makes registrations, batches, a checkpoint, and batches acknowledged after it, all in one
  // RocksDB log, each in a record of its own.
  explicit Marks(int before = 8, int after = 12) {
    spdlog::set_level(spdlog::level::off);
    post(before);
    checkpoint_ = seal();
    copy(ledger_.folder(), "at checkpoint");
    post(after);
    copy(ledger_.folder(), "newest");
    begin();  // opening flushes the log, so "newest" itself is never opened
    leaves_ = outcome("damaged").leaves;
  }
  ~Marks() override { spdlog::set_level(spdlog::level::info); }

  void post(int batches) {
    for (int i = 0; i < batches; ++i) {
      receipts_.push_back(ledger_.accept(
          "maker", {testing::commission("09:30", {"sgtin:" + kFormula + ":M" +
                                                  std::to_string(++serial_)})}));
    }
  }
  // Makes a checkpoint of everything, and returns its size.
  uint64_t seal() {
    CodeQuestion question{.code = testing::code("sgtin:" + kFormula + ":M1")};
    question.at_least = {.size = receipts_.back().leaf + 1, .wait_ms = 20'000};
    EXPECT_TRUE(ledger_.rpc().bundle(question).value);
    return ledger_.rpc().status().value->published_size;
  }

  fs::path at(const std::string& name) const { return fs::path(copies_.path()) / name; }
  // Makes a copy that can be damaged. Nothing is posted in that time, but RocksDB may still rewrite
  // its files in the background; then it copies again.
  void copy(const fs::path& from, const std::string& to) const {
    for (int i = 0; i < 50; ++i) {
      const auto before = files_of(from);
      if (copy_once(from, to) && files_of(from) == before) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    ADD_FAILURE() << "the files of " << from << " do not come to rest";
  }
  static std::map<std::string, uintmax_t> files_of(const fs::path& folder) {
    std::map<std::string, uintmax_t> sizes;
    std::error_code gone;
    for (const auto& one : fs::recursive_directory_iterator(folder)) {
      sizes.emplace(one.path(), one.is_regular_file(gone) ? one.file_size(gone) : 0);
    }
    return sizes;
  }
  // Returns false if a file disappeared during the copy.
  bool copy_once(const fs::path& from, const std::string& to) const {
    fs::remove_all(at(to));
    fs::create_directory(at(to));
    fs::permissions(at(to), fs::perms::owner_all);
    std::error_code error;
    for (const auto& one : fs::recursive_directory_iterator(from)) {
      const fs::path there = at(to) / fs::relative(one.path(), from);
      if (one.is_directory()) fs::create_directory(there);
      if (one.is_regular_file(error)) fs::copy_file(one.path(), there, error);  // skips sockets
      if (error) return false;
    }
    return true;
  }
  // Resets "damaged" to the newest state.
  void begin() const { copy(at("newest"), "damaged"); }
  void replace(const std::string& what, const std::string& from) const {
    fs::remove_all(at("damaged") / what);
    fs::copy(at(from) / what, at("damaged") / what, fs::copy_options::recursive);
  }
  void tear_slot(const std::string& file, size_t slot) const {
    ASSERT_TRUE(overwrite_synced((at("damaged") / file).string(), slot * kMarkSlotStride, "torn"));
  }
  // Returns the RocksDB log that is being written.
  fs::path log_of(const std::string& copy) const {
    fs::path newest;
    for (const auto& file : fs::directory_iterator(at(copy) / "store")) {
      if (file.path().extension() == ".log" && file.path() > newest) newest = file.path();
    }
    return newest;
  }
  size_t newest_slot(const std::string& file) const {
    return newest_mark(read_file((at("newest") / file).string(), kMarkFileBytes).value())->slot;
  }

  // Opens it as `suyuan-node serve` does, up to the point where it would listen.
  Outcome outcome(const std::string& copy) const {
    ServeOptions options;
    options.data = at(copy).string();
    options.cache_mib = 8;
    const auto folder = open_folder(DataFolder{options.data}, options);
    if (!folder) return refused(folder.error());
    return state_of(*folder->store);
  }
  // Control: the same without the marks.
  Outcome without_marks(const std::string& copy) const {
    RocksOptions options;
    options.path = DataFolder{at(copy).string()}.store();
    const auto store = open_rocks(options);
    return store ? state_of(**store) : refused(store.error());
  }
  static Outcome state_of(const Store& store) {
    const auto state = open_state(store, 1);
    if (!state) return refused(state.error());
    return {.word = "serves", .leaves = state->state.head.leaves};
  }
  static Outcome refused(const Error& error) {
    return {.word = std::string(info(error.code).name), .message = error.message};
  }

  // One row of the table: the damage done to "damaged", and the node's answer. Where a mark
  // refuses, the same damage without the marks must be served, with something acknowledged missing.
  void row(const std::string& damage, const std::string& word, std::string_view says = "") const {
    SCOPED_TRACE(damage);
    const bool refused = word == "ROLLED_BACK";
    if (refused) copy(at("damaged"), "bare");  // opening changes "damaged"
    const Outcome found = outcome("damaged");
    EXPECT_EQ(found.word, word) << found.message;
    EXPECT_NE(found.message.find(says), std::string::npos) << found.message;
    if (word == "serves") {
      EXPECT_EQ(found.leaves, leaves_) << "something acknowledged is missing";
    }
    if (refused) {
      const Outcome bare = without_marks("bare");
      std::printf("control, the marks ignored, %s: %s, %zu of %zu leaves\n", damage.c_str(),
                  bare.word.c_str(), static_cast<size_t>(bare.leaves),
                  static_cast<size_t>(leaves_));
      EXPECT_EQ(bare.word, "serves") << bare.message;
      EXPECT_LT(bare.leaves, leaves_);
    }
    documented(damage, word);
  }
  static void documented(const std::string& damage, const std::string& word) {
    const auto page = read_file(std::string(SUYUAN_SOURCE_DIR) + "/docs/reliability.md", kFileMax);
    ASSERT_TRUE(page);
    EXPECT_NE(page->find("| " + damage + " | " + word), std::string::npos)
        << "docs/reliability.md has no row: | " << damage << " | " << word;
  }

  SmallLedger ledger_;
  const TempFolder copies_;
  int serial_ = 0;
  std::vector<BatchReceipt> receipts_;
  uint64_t checkpoint_ = 0;  // size
  uint64_t leaves_ = 0;      // of the newest state
};

}  // namespace suyuan::test
