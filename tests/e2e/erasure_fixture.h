// A node with sealed sections on a real disk, and the folder of its backups.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "ledger/store/rocks/read_only.h"
#include "node/backup/backup.h"
#include "node/backup/purge.h"
#include "node/backup/restore.h"
#include "tests/e2e/sealed_events.h"

namespace suyuan::test {

namespace fs = std::filesystem;

inline ServeOptions sealing() {
  ServeOptions options;
  options.seal_interval_ms = 20;
  return options;
}

// Bytes that no compression can hide: a file that holds them holds them as they are.
inline Bytes unique_bytes() {
  Bytes bytes;
  while (bytes.size() < 2048) bytes += random_fixed<Hash>().view();
  return bytes;
}

// The files below a folder that hold a part of the bytes.
inline std::vector<std::string> holders(const std::string& folder, const Bytes& bytes) {
  const auto part = bytes.substr(512, 64);
  std::vector<std::string> found;
  std::error_code gone;  // files come and go while a node runs
  for (auto at = fs::recursive_directory_iterator(folder, gone);
       at != fs::recursive_directory_iterator(); at.increment(gone)) {
    if (!at->is_regular_file(gone)) continue;
    std::ifstream file(at->path(), std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    if (text.find(part) != std::string::npos) found.push_back(at->path().string());
  }
  return found;
}

inline bool eventually(const std::function<bool()>& holds) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(40);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > give_up) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

class ErasureOnDisk : public ::testing::Test {
 protected:
  ErasureOnDisk() {
    for (size_t i = 0; i < secrets_.size(); ++i) {
      sealed_.push_back(
          post_sealed(ledger_, "Z" + std::to_string(i), {secrets_[i], kept_[i]}));
    }
  }
  std::string backups() const { return beside_.path() + "/backups"; }
  std::string back_up(int64_t now_ms) {
    const auto made = make_backup({.data = ledger_.folder(), .to = backups()}, now_ms);
    EXPECT_TRUE(made) << (made ? "" : to_text(made.error()));
    return made ? made->folder : std::string();
  }
  void wait_until_stopped() {
    ledger_.running().begin_stop();
    EXPECT_TRUE(eventually([&] {
      return open_rocks_read_only(ledger_.folder() + "/store").has_value();
    }));
  }

  TempFolder beside_;
  std::vector<Bytes> secrets_ = {unique_bytes(), unique_bytes(), unique_bytes(), unique_bytes()};
  std::vector<Bytes> kept_ = {unique_bytes(), unique_bytes(), unique_bytes(), unique_bytes()};
  SmallLedger ledger_{sealing()};
  std::vector<SealedEvent> sealed_;
};

}  // namespace suyuan::test
