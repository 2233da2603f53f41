// etcd in memory, for many runs of its nodes in a row: transactions, watches and leases as the
// ordered log uses them, and watches that break or tell a thing twice.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <random>

#include "ledger/order/etcd/kv.h"

namespace suyuan::test {

class MemoryEtcd {
 public:
  KvAnswer txn(const KvTxn& txn) {
    const std::scoped_lock lock(mutex_);
    expire();
    KvAnswer answer{.held = holds(txn.when), .revision = revision_, .ranges = {}};
    bool wrote = false;
    for (const KvStep& step : answer.held ? txn.then : txn.otherwise) {
      if (const auto* range = std::get_if<KvRange>(&step)) {
        answer.ranges.push_back(read(*range));
      } else {
        if (!wrote) ++revision_;
        wrote = true;
        write(step);
      }
    }
    answer.revision = revision_;
    if (wrote) changed_.notify_all();
    return answer;
  }
  int64_t grant(std::chrono::milliseconds life) {
    const std::scoped_lock lock(mutex_);
    leases_[++last_lease_] = {.life = life, .until = Clock::now() + life};
    return last_lease_;
  }
  bool keep(int64_t lease) {
    const std::scoped_lock lock(mutex_);
    expire();
    const auto found = leases_.find(lease);
    if (found == leases_.end()) return false;
    found->second.until = Clock::now() + found->second.life;
    return true;
  }
  void revoke(int64_t lease) {
    const std::scoped_lock lock(mutex_);
    if (const auto found = leases_.find(lease); found != leases_.end()) {
      found->second.until = {};
    }
    expire();
  }

  KvStatus status() {
    const std::scoped_lock lock(mutex_);
    KvStatus status;
    for (const auto& [key, row] : rows_) status.bytes_in_use += key.size() + row.first.size();
    status.bytes = status.bytes_in_use;
    return status;
  }

  // Puts of the range from a revision on; waits a little where there are none.
  std::vector<KvPair> puts_from(const KvRange& range, int64_t& revision) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::milliseconds(5), [&] { return revision_ >= revision; });
    std::vector<KvPair> found;
    const auto first = std::ranges::lower_bound(puts_, revision, {}, &Put::revision);
    for (const Put& put : std::ranges::subrange(first, puts_.end())) {
      if (is_in(range, put.pair.key)) found.push_back(put.pair);
    }
    revision = std::max(revision, revision_ + 1);
    return found;
  }

 private:
  using Clock = std::chrono::steady_clock;
  struct Put {
    int64_t revision = 0;
    KvPair pair;
  };
  struct Lease {
    std::chrono::milliseconds life{};
    Clock::time_point until;
  };

  static bool is_in(const KvRange& range, const std::string& key) {
    return range.end.empty() ? key == range.key : key >= range.key && key < range.end;
  }
  bool holds(const std::vector<KvCompare>& when) const {
    for (const KvCompare& one : when) {
      const auto found = rows_.find(one.key);
      const bool is_there = found != rows_.end();
      if (is_there != one.value.has_value()) return false;
      if (is_there && found->second.first != *one.value) return false;
    }
    return true;
  }
  std::vector<KvPair> read(const KvRange& range) const {
    std::vector<KvPair> found;
    for (auto at = rows_.lower_bound(range.key); at != rows_.end(); ++at) {
      if (!is_in(range, at->first)) break;
      if (range.limit != 0 && found.size() == static_cast<size_t>(range.limit)) break;
      found.push_back({.key = at->first, .value = at->second.first});
    }
    return found;
  }
  void write(const KvStep& step) {
    if (const auto* put = std::get_if<KvPut>(&step)) {
      rows_[put->key] = {put->value, put->lease};
      puts_.push_back({.revision = revision_, .pair = {.key = put->key, .value = put->value}});
    } else if (const auto* gone = std::get_if<KvDelete>(&step)) {
      std::erase_if(rows_, [&](const auto& row) {
        return is_in({.key = gone->key, .end = gone->end}, row.first);
      });
    }
  }
  void expire() {
    const auto now = Clock::now();
    for (auto at = leases_.begin(); at != leases_.end();) {
      if (at->second.until > now) {
        ++at;
        continue;
      }
      std::erase_if(rows_, [&](const auto& row) { return row.second.second == at->first; });
      at = leases_.erase(at);
    }
  }

  std::mutex mutex_;  // guards all
  std::condition_variable changed_;
  int64_t revision_ = 1;
  std::map<std::string, std::pair<Bytes, int64_t>> rows_;  // value and lease
  std::deque<Put> puts_;
  std::map<int64_t, Lease> leases_;
  int64_t last_lease_ = 0;
};

class MemoryWatch final : public KvWatch {
 public:
  MemoryWatch(MemoryEtcd& etcd, KvRange range, int64_t from, uint32_t seed)
      : etcd_(etcd), range_(std::move(range)), from_(from), random_(seed) {}
  Result<std::vector<KvPair>> next() override {
    while (!is_over_) {
      const int64_t before = from_;
      auto found = etcd_.puts_from(range_, from_);
      if (!found.empty() && random_() % 16 == 0) break;
      if (random_() % 16 == 0) from_ = before;  // the same will be told again
      if (!found.empty()) return found;
    }
    return fail(Code::UNAVAILABLE, "the watch ended");
  }
  void cancel() override { is_over_ = true; }

 private:
  MemoryEtcd& etcd_;
  const KvRange range_;
  int64_t from_;
  std::mt19937 random_;
  std::atomic<bool> is_over_{false};
};

class MemoryKv final : public Kv {
 public:
  MemoryKv(MemoryEtcd& etcd, uint32_t seed) : etcd_(etcd), seed_(seed) {}
  Result<KvAnswer> txn(const KvTxn& txn) override { return etcd_.txn(txn); }
  Result<std::unique_ptr<KvWatch>> watch(const KvRange& range, int64_t from) override {
    return std::unique_ptr<KvWatch>(
        std::make_unique<MemoryWatch>(etcd_, range, from, seed_ += 7919));
  }
  Result<Done> compact(int64_t) override { return Done{}; }
  Result<int64_t> grant_lease(std::chrono::seconds life) override { return etcd_.grant(life); }
  Result<Done> keep_lease(int64_t lease) override {
    if (etcd_.keep(lease)) return Done{};
    return fail(Code::NOT_FOUND, "the lease has ended");
  }
  Result<Done> revoke_lease(int64_t lease) override {
    etcd_.revoke(lease);
    return Done{};
  }
  Result<KvStatus> status() override { return etcd_.status(); }

 private:
  MemoryEtcd& etcd_;
  std::atomic<uint32_t> seed_;
};

}  // namespace suyuan::test
