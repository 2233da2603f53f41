// The check of a store's logs where the disk does not answer: it names the file and what failed,
// and the store stays closed and as it was.
#include "ledger/store/rocks/log_check.h"

#include <fstream>
#include <functional>

#include "ledger/store/rocks/read_only.h"
#include "ledger/store/rocks/rocks_store.h"
#include "tests/unit/store/stores.h"

namespace suyuan {
namespace {

enum class LogStep : uint8_t { list, size, open, read };
// Called before each step with the file or folder. If it fails, the step fails so.
using LogHook = std::function<rocksdb::Status(LogStep step, const std::string& file)>;

class HookedFile final : public rocksdb::SequentialFile {
 public:
  HookedFile(std::unique_ptr<rocksdb::SequentialFile> file, std::string name, const LogHook& hook)
      : file_(std::move(file)), name_(std::move(name)), hook_(hook) {}
  rocksdb::Status Read(size_t n, rocksdb::Slice* result, char* scratch) override {
    const auto status = hook_(LogStep::read, name_);
    return status.ok() ? file_->Read(n, result, scratch) : status;
  }
  rocksdb::Status Skip(uint64_t n) override { return file_->Skip(n); }

 private:
  const std::unique_ptr<rocksdb::SequentialFile> file_;
  const std::string name_;
  const LogHook& hook_;
};

class HookedEnv final : public rocksdb::EnvWrapper {
 public:
  explicit HookedEnv(const LogHook& hook) : EnvWrapper(rocksdb::Env::Default()), hook_(hook) {}
  rocksdb::Status GetChildren(const std::string& folder,
                              std::vector<std::string>* names) override {
    const auto status = hook_(LogStep::list, folder);
    return status.ok() ? EnvWrapper::GetChildren(folder, names) : status;
  }
  rocksdb::Status GetFileSize(const std::string& file, uint64_t* size) override {
    const auto status = hook_(LogStep::size, file);
    return status.ok() ? EnvWrapper::GetFileSize(file, size) : status;
  }
  rocksdb::Status NewSequentialFile(const std::string& file,
                                    std::unique_ptr<rocksdb::SequentialFile>* opened,
                                    const rocksdb::EnvOptions& options) override {
    auto status = hook_(LogStep::open, file);
    if (status.ok()) status = EnvWrapper::NewSequentialFile(file, opened, options);
    if (status.ok()) *opened = std::make_unique<HookedFile>(std::move(*opened), file, hook_);
    return status;
  }

 private:
  const LogHook& hook_;
};

class LogCheckTest : public ::testing::Test {
 protected:
  static constexpr uint64_t kRows = 40;
  static constexpr size_t kRowBytes = 2000;  // the log has more than two blocks

  LogCheckTest() {
    const auto store = open_rocks({.path = path_, .create = true});
    EXPECT_TRUE(store) << to_text(store.error());
    for (uint64_t i = 0; i < kRows; ++i)
      expect_commit(**store, {{Table::payload, u64_key(i), Bytes(kRowBytes, 'x')}});
  }

  Result<Done> check(const LogHook& hook) const {
    HookedEnv env(hook);
    return check_logs(env, path_);
  }
  // The store's log and MANIFEST; not a log without a byte.
  std::vector<std::string> logs() const {
    std::vector<std::string> found;
    for (const auto& one : std::filesystem::directory_iterator(path_)) {
      const auto name = one.path().filename().string();
      const bool is_log = name.ends_with(".log") || name.starts_with("MANIFEST-");
      if (is_log && one.file_size() > 0) found.push_back(one.path());
    }
    EXPECT_GE(found.size(), 2U);
    return found;
  }
  static void expect_named(const Result<Done>& result, const std::string& file,
                           std::string_view reason) {
    expect_code(result, Code::IO);
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().message.find(file), Bytes::npos) << result.error().message;
    EXPECT_NE(result.error().message.find(reason), Bytes::npos) << result.error().message;
  }
  void expect_whole() const {
    const auto store = open_rocks({.path = path_});
    ASSERT_TRUE(store) << to_text(store.error());
    EXPECT_EQ(rows_of((*store)->latest(), Table::payload).size(), kRows);
  }

  const Folder folder_;
  const std::string path_ = folder_ / "store";
};

TEST_F(LogCheckTest, ReadsTheLogsToTheirEndsAndNothingElse) {
  std::map<std::string, int> reads;
  const auto done = check([&](LogStep step, const std::string& file) {
    if (step == LogStep::read) ++reads[file];
    return rocksdb::Status::OK();
  });
  EXPECT_TRUE(done) << to_text(done.error());
  EXPECT_EQ(reads.size(), logs().size());
  for (const std::string& file : logs()) {
    const size_t bytes = std::filesystem::file_size(file);
    const size_t blocks = (bytes + kLogBlockBytes - 1) / kLogBlockBytes;
    EXPECT_EQ(reads[file], static_cast<int>(blocks)) << file;
  }
}

TEST_F(LogCheckTest, NamesTheFileThatCannotBeRead) {
  for (const std::string& log : logs()) {
    for (const LogStep failing : {LogStep::size, LogStep::open, LogStep::read}) {
      const auto done = check([&](LogStep step, const std::string& file) {
        const bool fails = step == failing && file == log;
        return fails ? rocksdb::Status::IOError("the disk is gone") : rocksdb::Status::OK();
      });
      expect_named(done, log, "the disk is gone");
    }
  }
  expect_whole();
}

TEST_F(LogCheckTest, NamesTheFileThatCannotBeReadToItsEnd) {
  int reads = 0;
  std::string read;
  const auto done = check([&](LogStep step, const std::string& file) {
    if (step != LogStep::read || !file.ends_with(".log") || ++reads < 2)
      return rocksdb::Status::OK();
    read = file;
    return rocksdb::Status::IOError("a bad sector");
  });
  ASSERT_EQ(reads, 2);
  expect_named(done, read, "a bad sector");
  expect_whole();
}

TEST_F(LogCheckTest, NamesTheFileThatVanishesAfterTheListing) {
  for (const LogStep before : {LogStep::size, LogStep::open}) {
    const std::string file = path_ + "/999999.log";
    std::ofstream(file) << "a log";
    const auto done = check([&](LogStep step, const std::string& name) {
      if (step == before && name == file) std::filesystem::remove(file);
      return rocksdb::Status::OK();
    });
    expect_named(done, file, "No such file");
  }
  expect_whole();
}

// What is left of it, RocksDB judges.
TEST_F(LogCheckTest, EndsWithAFileThatBecomesShorter) {
  const auto done = check([&](LogStep step, const std::string& file) {
    if (step == LogStep::open) std::filesystem::resize_file(file, 0);
    return rocksdb::Status::OK();
  });
  EXPECT_TRUE(done) << to_text(done.error());
}

TEST_F(LogCheckTest, NamesTheFolderThatCannotBeListed) {
  const auto done = check([](LogStep step, const std::string&) {
    return step == LogStep::list ? rocksdb::Status::IOError("no permission")
                                 : rocksdb::Status::OK();
  });
  expect_named(done, path_, "no permission");
  expect_whole();
}

TEST_F(LogCheckTest, IsNotMadeWhereThereIsNoStore) {
  const LogHook nothing_is_read = [](LogStep, const std::string& file) {
    ADD_FAILURE() << file;
    return rocksdb::Status::OK();
  };
  HookedEnv env(nothing_is_read);
  EXPECT_TRUE(check_logs(env, folder_ / "nothing"));
}

// A folder with a log's name cannot be read as a file, by anybody.
TEST_F(LogCheckTest, KeepsAStoreClosedUntilItsLogsCanBeRead) {
  const std::string file = path_ + "/999999.log";
  std::filesystem::create_directory(file);
  std::ofstream(file + "/something") << "so that the folder has a size";
  const auto store = open_rocks({.path = path_});
  ASSERT_FALSE(store);
  expect_named(Unexpected(store.error()), file, "could not read");
  const auto read_only = open_rocks_read_only(path_);
  ASSERT_FALSE(read_only);
  expect_named(Unexpected(read_only.error()), file, "could not read");
  std::filesystem::remove_all(file);
  expect_whole();
}

}  // namespace
}  // namespace suyuan
