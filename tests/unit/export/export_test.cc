#include "ledger/export/export.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "ledger/base/text.h"
#include "ledger/crypto/hash.h"
#include "ledger/export/folder_log.h"
#include "ledger/merkle/frontier.h"
#include "ledger/os/folders.h"
#include "ledger/proof/checkpoint.h"
#include "ledger/proof/log_files.h"
#include "tests/support/ledger_builder.h"

namespace suyuan {
namespace {

namespace fs = std::filesystem;

// A ledger that grows, and the checkpoints that its log key signs.
class Log {
 public:
  Log() { ledger_.party("store", {Role::logistics}); }

  void grow_to(uint64_t size) {
    while (ledger_.head().leaves < size) {
      const std::string box = kind_ + std::to_string(ledger_.head().leaves);
      ledger_.accept("store", testing::observe("09:30", "storing", {box}));
    }
  }
  // From here on another history.
  void fork() { kind_ = "https://example.org/crate/"; }
  std::string checkpoint() const {
    const auto head = ledger_.head();
    return sign({head.leaves, Frontier::decode(head.frontier).value().root()});
  }
  std::string sign(const TreeHead& head) const {
    const KeyPair key = ledger_.log_key();
    return sign_checkpoint({.origin = ledger_.id().origin, .head = head}, key.secret, key.key);
  }
  uint64_t size() const { return ledger_.head().leaves; }
  const Reader& state() const { return ledger_.state(); }
  StoreLog source() const { return StoreLog(state(), size(), checkpoint()); }

 private:
  testing::LedgerBuilder ledger_;
  std::string kind_ = "https://example.org/box/";
};

// Answers as another source does, but for some files; counts what it was asked.
class Changed final : public LogSource {
 public:
  explicit Changed(LogSource& from) : from_(from) {}
  Result<Bytes> read(const std::string& path) override {
    ++asked[path];
    if (files.contains(path)) return files.at(path);
    if (broken == path) return fail(Code::UNAVAILABLE, "gone");
    return from_.read(path);
  }
  std::map<std::string, Bytes> files;
  std::string broken;
  std::map<std::string, int> asked;

 private:
  LogSource& from_;
};

class Export : public ::testing::Test {
 protected:
  Export()
      : folder_(fs::temp_directory_path() /
                ("suyuan-export-" + to_hex(random_fixed<Hash>().view()).substr(0, 16))) {}
  ~Export() override { fs::remove_all(folder_); }

  Result<Exported> run(LogSource& source) {
    return export_log(source, {.folder = folder_.string()});
  }
  Result<Exported> run() {
    auto source = log_.source();
    return run(source);
  }
  std::map<std::string, Bytes> files() const {
    std::map<std::string, Bytes> all;
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      all[fs::relative(entry.path(), folder_).generic_string()] =
          Bytes(std::istreambuf_iterator<char>(file), {});
    }
    return all;
  }
  // Every file that a reader of the checkpoint needs is there, as the store has it.
  void is_whole() {
    auto source = log_.source();
    std::map<std::string, Bytes> expected;
    const auto add = [&](const Tile& tile) {
      const auto path = write_tile_path(tile);
      expected[path] = source.read(path).value();
      return true;
    };
    for_each_new_tile(0, log_.size(), std::nullopt, add);
    for (unsigned level = 0; level < 8; ++level) for_each_new_tile(0, log_.size(), level, add);
    for (uint64_t leaf = 0; leaf < log_.size(); ++leaf)
      expected[write_events_path(leaf)] = source.read(write_events_path(leaf)).value();
    expected["checkpoint"] = log_.checkpoint();
    expected["genesis.leaf"] = log_.state().get(Table::leaf, u64_key(0)).value().value();
    const auto found = files();
    for (const auto& [path, bytes] : expected) {
      ASSERT_TRUE(found.contains(path)) << path;
      EXPECT_EQ(found.at(path), bytes) << path;
    }
  }

  Log log_;
  const fs::path folder_;
};

TEST_F(Export, HoldsTheWholeLog) {
  log_.grow_to(300);
  const auto exported = run();
  ASSERT_TRUE(exported) << to_text(exported.error());
  EXPECT_EQ(exported->older, 0U);
  EXPECT_EQ(exported->size, 300U);
  EXPECT_EQ(exported->events, 299U);  // a registration among them
  is_whole();
  EXPECT_EQ(files().size(), exported->files);
}

TEST_F(Export, RunAgainAddsOnlyWhatIsNew) {
  log_.grow_to(250);
  ASSERT_TRUE(run());
  for (const uint64_t size : {250U, 251U, 256U, 300U, 520U}) {
    const uint64_t before = log_.size();
    log_.grow_to(size);
    auto source = log_.source();
    Changed counted(source);
    const auto exported = run(counted);
    ASSERT_TRUE(exported) << size << to_text(exported.error());
    EXPECT_EQ(exported->older, before);
    EXPECT_EQ(exported->events, size - before);
    for (uint64_t leaf = 0; leaf < before; ++leaf)
      EXPECT_FALSE(counted.asked.contains(write_events_path(leaf))) << leaf;
    is_whole();
  }
  // Partial tiles of older sizes stay until the full one is there.
  const auto found = files();
  for (const auto& [path, bytes] : found) EXPECT_FALSE(path.starts_with("tile/0/000.p/")) << path;
  EXPECT_FALSE(found.contains("tile/entries/000.p/250"));
  EXPECT_FALSE(found.contains("tile/entries/001.p/44"));
  EXPECT_TRUE(found.contains("tile/1/000.p/1"));
}

TEST_F(Export, InterruptedLeavesTheOlderLogAndGoesOn) {
  log_.grow_to(40);
  ASSERT_TRUE(run());
  const auto before = files();
  log_.grow_to(100);
  auto source = log_.source();
  Changed broken(source);
  broken.broken = write_events_path(90);
  EXPECT_EQ(run(broken).error().code, Code::UNAVAILABLE);
  auto after = files();
  for (const auto& [path, bytes] : before) EXPECT_EQ(after[path], bytes) << path;
  // A file that a crash cut off is read again; the others are not.
  std::ofstream(folder_ / write_events_path(50), std::ios::trunc).close();
  Changed whole(source);
  const auto exported = run(whole);
  ASSERT_TRUE(exported) << to_text(exported.error());
  EXPECT_TRUE(whole.asked.contains(write_events_path(50)));
  EXPECT_FALSE(whole.asked.contains(write_events_path(51)));
  is_whole();
}

TEST_F(Export, TakesNothingOnTrust) {
  log_.grow_to(20);
  auto source = log_.source();
  const auto refused = [&](const std::string& path, const Bytes& bytes) {
    fs::remove_all(folder_);
    Changed changed(source);
    changed.files[path] = bytes;
    const auto exported = run(changed);
    EXPECT_FALSE(fs::exists(folder_ / "checkpoint")) << path;
    return exported ? "taken" : std::string(info(exported.error().code).name);
  };
  const auto flipped = [&](const std::string& path, size_t at) {
    Bytes bytes = source.read(path).value();
    bytes.at(at) = static_cast<char>(bytes.at(at) ^ 1);
    return refused(path, bytes);
  };
  EXPECT_EQ(flipped("events/005", 30), "CORRUPT") << "a code key";
  EXPECT_EQ(flipped("events/005", 100), "CORRUPT") << "salt or payload";
  EXPECT_EQ(refused("events/005", ""), "CORRUPT");
  EXPECT_EQ(refused("events/005", source.read("events/006").value()), "CORRUPT");
  EXPECT_EQ(refused("events/000", source.read("events/006").value()), "CORRUPT");
  EXPECT_EQ(flipped("tile/entries/000.p/20", source.read("tile/entries/000.p/20")->size() - 10),
            "CORRUPT");
  EXPECT_EQ(flipped("checkpoint", log_.checkpoint().find("\n20\n") + 10), "SIGNATURE_INVALID");
  EXPECT_EQ(refused("checkpoint", log_.sign({20, {}})), "CORRUPT") << "signed, of another tree";
  EXPECT_EQ(refused("checkpoint", "nothing"), "NOTE_SYNTAX");
}

TEST_F(Export, RefusesALogThatDoesNotExtendTheFolder) {
  log_.grow_to(20);
  ASSERT_TRUE(run());
  const auto before = files();
  Log shorter;
  shorter.grow_to(10);
  auto source = shorter.source();
  EXPECT_EQ(run(source).error().code, Code::INVALID_FIELD);
  // The same origin and keys, and another history from leaf 15 on.
  Log forked;
  forked.grow_to(15);
  forked.fork();
  forked.grow_to(30);
  auto other = forked.source();
  EXPECT_EQ(run(other).error().code, Code::CORRUPT);
  EXPECT_EQ(files().at("checkpoint"), before.at("checkpoint"));
}

TEST_F(Export, IsOfTheLedgerThatIsMeant) {
  log_.grow_to(5);
  auto source = log_.source();
  Bytes leaf = log_.state().get(Table::leaf, u64_key(0)).value().value();
  ExportOptions options{.folder = folder_.string(), .genesis_leaf = leaf};
  EXPECT_TRUE(export_log(source, options));
  options.genesis_leaf->back() ^= 1;
  EXPECT_EQ(export_log(source, options).error().code, Code::LEDGER_MISMATCH);
  options.folder += "/new";
  EXPECT_EQ(export_log(source, options).error().code, Code::LEDGER_MISMATCH);
  EXPECT_FALSE(fs::exists(options.folder));
}

TEST_F(Export, SeesADamagedFolder) {
  log_.grow_to(300);
  ASSERT_TRUE(run());
  log_.grow_to(310);
  for (const char* path : {"tile/0/001.p/44", "tile/1/000.p/1", "checkpoint"}) {
    const Bytes good = files().at(path);
    Bytes bad = good;
    bad[20] = static_cast<char>(bad[20] ^ 1);
    ASSERT_TRUE(place_file((folder_ / path).string(), bad));
    const auto exported = run();
    ASSERT_FALSE(exported) << path;
    EXPECT_EQ(exported.error().code, Code::CORRUPT) << path;
    EXPECT_NE(exported.error().message.find("damaged"), std::string::npos);
    ASSERT_TRUE(place_file((folder_ / path).string(), good));
  }
  EXPECT_TRUE(run());
}

TEST_F(Export, TheFolderAnswersAsTheStoreDoes) {
  log_.grow_to(300);
  ASSERT_TRUE(run());
  FolderLog folder(folder_.string(), 300);
  EXPECT_EQ(folder.read("checkpoint").value(), log_.checkpoint());
  EXPECT_EQ(folder.read("events/999").error().code, Code::NOT_FOUND);
  for (const char* path : {"../secret", "/etc/passwd", "tile/0/../../x", ""})
    EXPECT_EQ(folder.read(path).error().code, Code::NOT_FOUND) << path;
  EXPECT_EQ(folder.range(0, 256, 44)->size(), 44U);
  EXPECT_EQ(folder.range(0, 256, 45).error().code, Code::NOT_FOUND);
}

}  // namespace
}  // namespace suyuan
