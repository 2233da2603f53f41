// A real node, the folder of its backups, and their restores.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "ledger/base/text.h"
#include "ledger/os/files.h"
#include "node/backup/backup.h"
#include "tests/crash/load.h"
#include "tests/support/node_process.h"
#include "tests/support/own_folder.h"

namespace suyuan::test {

namespace fs = std::filesystem;

inline constexpr int kExitFailed = 1;
inline constexpr int kExitRolledBack = 3;
inline constexpr int kExitUsage = 100;

class Backups : public ::testing::Test {
 protected:
  Backups() : folder_(make_own_folder("backup")) {}
  ~Backups() override {
    node_.reset();
    fs::remove_all(folder_);
  }
  void SetUp() override {
    ASSERT_EQ(run_program({SUYUAN_NODE_PROGRAM, "init", "--data", data(), "--origin",
                           "test.example/log"}),
              0);
  }
  std::string at(const std::string& name) const { return (folder_ / name).string(); }
  std::string data() const { return at("node"); }
  std::string backups() const { return at("backups"); }

  void start(const std::vector<std::string>& more = {}) {
    std::vector<std::string> after = {"--seal-interval-ms", "1", "--workers", "1"};
    after.insert(after.end(), more.begin(), more.end());
    node_ = std::make_unique<NodeProcess>(SUYUAN_NODE_PROGRAM, data(), std::vector<std::string>{},
                                          after);
    if (!load_) load_ = std::make_unique<Load>(data(), node_->rpc_address());
  }
  void post(size_t count) {
    const auto connection = connect(node_->rpc_address());
    for (size_t i = 0; i < count; ++i) acknowledged_.push_back(load_->post_one(*connection));
  }
  // Waits until a checkpoint covers everything acknowledged.
  void wait_until_published() const {
    const auto connection = connect(node_->rpc_address());
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (std::chrono::steady_clock::now() < give_up) {
      const auto status = connection->status();
      if (status.value && status.value->published_size == status.head.size) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ADD_FAILURE() << "nothing is published";
  }
  // Waits until that witness has signed the newest checkpoint. It may be late, since it is not
  // waited for long: then one more batch brings another checkpoint.
  void wait_until_signed(const std::string& witness) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (std::chrono::steady_clock::now() < give_up) {
      wait_until_published();
      const auto newest = connect(node_->rpc_address())->checkpoint(0);
      if (newest.value && newest.value->note.find("\n\u2014 " + witness + " ") != std::string::npos)
        return;
      post(1);
    }
    ADD_FAILURE() << witness << " does not sign";
  }
  BackupMade back_up() const {
    auto made = make_backup({.data = data(), .to = backups()}, ++clock_ms_);
    EXPECT_TRUE(made) << to_text(made.error());
    return made ? *std::move(made) : BackupMade{};
  }
  void give_keys(const std::string& to) const {
    fs::create_directories(to);
    fs::copy(data() + "/keys", to + "/keys");
  }
  // For a node that does not start.
  int serve(const std::string& of, std::vector<std::string> more = {}) const {
    std::vector<std::string> command = {"timeout", "60",          SUYUAN_NODE_PROGRAM,
                                        "serve",   "--data",      of,
                                        "--rpc",   "127.0.0.1:0", "--http",
                                        "127.0.0.1:0"};
    command.insert(command.end(), more.begin(), more.end());
    return run_program(command);
  }
  // For one whose witness knows more than its store has. Where the witness is late to answer, it is
  // started once more.
  int serve_older(const std::string& of, const std::vector<std::string>& more) const {
    int ended = -1;
    for (int i = 0; i < 3 && ended != kExitRolledBack; ++i) ended = serve(of, more);
    return ended;
  }

  const fs::path folder_;
  mutable int64_t clock_ms_ = 1'780'000'000'000;
  std::unique_ptr<NodeProcess> node_;
  std::unique_ptr<Load> load_;
  std::vector<BatchReceipt> acknowledged_;
};

}  // namespace suyuan::test
