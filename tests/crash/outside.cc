#include "tests/crash/outside.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <set>

#include "ledger/apply/log_reader.h"
#include "ledger/proof/checkpoint.h"
#include "tests/crash/audit.h"

namespace suyuan::test {
namespace {

using namespace std::chrono_literals;

constexpr size_t kOfOneNode = 16;  // events before the next node is asked
constexpr auto kTurnPause = 20ms;
constexpr auto kLastAnswer = 60s;
constexpr auto kLookPause = 40ms;

// Answers of a node that cannot take a batch now, or whose disk has failed.
bool is_for_now(Code code) {
  return code == Code::BUSY || code == Code::UNAVAILABLE || code == Code::READ_ONLY ||
         code == Code::STOPPING || code == Code::IO;
}

std::vector<std::pair<Bytes, Bytes>> rows_of(const Reader& reader, Table table) {
  std::vector<std::pair<Bytes, Bytes>> all;
  EXPECT_TRUE(reader.scan(table, {}, {}, Direction::ascending, [&](BytesView key, BytesView row) {
    all.emplace_back(key, row);
    return true;
  }));
  return all;
}

}  // namespace

SteadyLoad::SteadyLoad(Load& load, size_t nodes, size_t first, OpenNode open)
    : load_(load), nodes_(nodes), open_(std::move(open)) {
  thread_ = std::thread([this, first] { run(first); });
}

void SteadyLoad::stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

void SteadyLoad::run(size_t at) {
  std::unique_ptr<Connection> connection;
  for (size_t n = 1; !stopping_; ++n) {
    if (!post(n % 2 == 1 ? load_.next() : load_.more_of_the_same(), at, connection)) return;
    if (n % kOfOneNode != 0) continue;
    connection.reset();
    at = (at + 1) % nodes_;
  }
}

// Returns false if continuing is useless.
bool SteadyLoad::post(const Submission& batch, size_t& at,
                      std::unique_ptr<Connection>& connection) {
  auto give_up = std::chrono::steady_clock::time_point::max();
  for (;;) {
    if (!connection) {
      if (auto opened = open_(at)) connection = *std::move(opened);
    }
    if (connection) {
      auto answer = connection->submit(batch);
      if (answer.outcome) {
        load_.acknowledge(batch, *std::move(answer.outcome));
        ++acknowledged_;
        return true;
      }
      const Error& error = answer.outcome.error().front();
      if (!is_for_now(error.code)) {
        faults_.push_back("node " + std::to_string(at) + " refused: " + to_text(error));
        return false;
      }
    }
    const auto now = std::chrono::steady_clock::now();
    if (stopping_) give_up = std::min(give_up, now + kLastAnswer);
    if (now > give_up) {
      faults_.push_back("the last event was never acknowledged");
      return false;
    }
    ++turned_away_;
    connection.reset();  // before the next: a thread has one at a time
    at = (at + 1) % nodes_;
    std::this_thread::sleep_for(kTurnPause);
  }
}

Watcher::Watcher(size_t nodes, OpenNode open) : open_(std::move(open)), newest_(nodes) {
  for (size_t i = 0; i < nodes; ++i) threads_.emplace_back([this, i] { watch(i); });
}

void Watcher::stop() {
  stopping_ = true;
  for (auto& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void Watcher::forget(size_t node) {
  const std::scoped_lock lock(mutex_);
  newest_[node] = 0;
}

void Watcher::watch(size_t node) {
  std::unique_ptr<Connection> connection;
  while (!stopping_) {
    if (!connection) {
      if (auto opened = open_(node)) connection = *std::move(opened);
    }
    if (connection) {
      const auto answer = connection->checkpoint(0);
      if (answer.value) {
        saw(node, split_note(answer.value->note)->text);
      } else if (answer.value.error().code == Code::UNAVAILABLE) {
        connection.reset();
      }
    }
    std::this_thread::sleep_for(kLookPause);
  }
}

void Watcher::saw(size_t node, const std::string& text) {
  const auto checkpoint = parse_checkpoint(text);
  const std::scoped_lock lock(mutex_);
  const std::string who = "node " + std::to_string(node);
  if (!checkpoint) {
    faults_.push_back(who + " shows no checkpoint: " + text);
    return;
  }
  const uint64_t size = checkpoint->head.size;
  if (size < newest_[node]) {
    faults_.push_back(who + " went back from " + std::to_string(newest_[node]) + " to " +
                      std::to_string(size) + " leaves");
  }
  newest_[node] = size;
  const auto [known, is_new] = shown_.emplace(size, text);
  if (!is_new && known->second != text) {
    faults_.push_back(who + " shows another tree of " + std::to_string(size) + " leaves");
  }
}

size_t expect_same_stores(std::span<const std::unique_ptr<ReadOnlyRocks>> stores) {
  for (size_t i = 0; i < stores.size(); ++i) {
    SCOPED_TRACE("store of node " + std::to_string(i));
    audit(stores[i]->reader());
  }
  // What apply derived, and the log: everything except each node's own rows.
  const Reader& first = stores.front()->reader();
  for (size_t i = 1; i < stores.size(); ++i) {
    for (const Table table :
         {Table::leaf, Table::record, Table::payload, Table::section, Table::tree, Table::chain,
          Table::head, Table::event_id, Table::registry, Table::code, Table::below, Table::fact,
          Table::finding}) {
      EXPECT_EQ(rows_of(first, table), rows_of(stores[i]->reader(), table))
          << word(table) << " of node " << i;
    }
  }
  const auto leaves = rows_of(first, Table::leaf);
  std::set<Bytes> distinct;
  for (const auto& [key, leaf] : leaves) distinct.insert(leaf.substr(leaf.find("\n\n")));
  EXPECT_EQ(distinct.size(), leaves.size()) << "nothing is there twice";
  return leaves.size();
}

void expect_begins_with(const Reader& reader, const std::map<uint64_t, std::string>& shown) {
  const TreeRows rows(reader);
  for (const auto& [size, text] : shown) {
    const auto root = root_of(TiledNodes(rows), size);
    ASSERT_TRUE(root) << "a tree of " << size << " leaves was shown: " << to_text(root.error());
    EXPECT_EQ(parse_checkpoint(text)->head.root, *root)
        << "the checkpoint of " << size << " leaves is withdrawn";
  }
}

}  // namespace suyuan::test
