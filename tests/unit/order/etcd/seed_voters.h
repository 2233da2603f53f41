// What the nodes of a seed have in common about each other, and a node that lies: who counts, by
// which key, and how many clocks a time needs change at barriers of the log.
#pragma once

#include <array>
#include <random>

#include "tests/unit/order/etcd/etcd_fixture.h"
#include "tests/unit/order/etcd/memory_etcd.h"

namespace suyuan::test {

inline constexpr int64_t kSeedEpochMs = 1'000'000'000'000;
inline constexpr int64_t kSeedYearMs = 365LL * 24 * 60 * 60 * 1000;

// As one node knows it of what it followed: "alone barrier majority <n> <number>", "alone barrier
// gap <key> <number>", where key 0 says that gap is no node.
class SeedVoters {
 public:
  // Faults that the seeds must find.
  enum class Fault : uint8_t { none, forgets_majority, forgets_key };
  explicit SeedVoters(Fault fault = Fault::none) : fault_(fault) {}

  static KeyPair key_of_gap(int version) { return key_of_node("gap " + std::to_string(version)); }

  void follow(const std::string& word) {
    const std::scoped_lock lock(mutex_);
    if (const auto n = number_behind(word, "alone barrier majority ")) {
      if (fault_ != Fault::forgets_majority) majority_ = static_cast<size_t>(*n);
    } else if (const auto key = number_behind(word, "alone barrier gap ")) {
      if (fault_ != Fault::forgets_key) gap_ = *key;
    }
  }
  size_t majority() const {
    const std::scoped_lock lock(mutex_);
    return majority_;
  }
  std::optional<PublicKey> key_of(const std::string& node) const {
    if (node != "gap") return key_of_log(node);
    static const std::array keys = {key_of_gap(1).key, key_of_gap(2).key};
    const std::scoped_lock lock(mutex_);
    if (gap_ == 0) return std::nullopt;
    return keys.at(static_cast<size_t>(gap_) - 1);
  }

 private:
  static std::optional<int> number_behind(const std::string& word, std::string_view what) {
    if (!word.starts_with(what)) return std::nullopt;
    return word[what.size()] - '0';
  }

  const Fault fault_;
  mutable std::mutex mutex_;  // guards all below
  size_t majority_ = 2;
  int gap_ = 1;
};

// Node gap: it says in etcd and in groups of its own whatever time it likes, and puts true words
// of the others, altered ones and old ones beside it.
class LyingNode {
 public:
  LyingNode(MemoryEtcd& etcd, std::mt19937& random) : etcd_(etcd), random_(random) {}

  // As with a pulse.
  void say() {
    const auto place = tail();
    Bytes told = encode_told(told_at(place));
    set_signature(told, sign(key().secret, signed_text(Signed::told, mark_of("ledger"), "trace",
                                                       told)));
    write({.then = {KvPut{.key = keys_.node("gap"), .value = told}}});
  }
  // A group with this word.
  void add(const std::string& word) {
    remember();
    const auto place = tail();
    GroupEntry group{.before = place.mark,
                     .time_ms = some_time(),
                     .node = "gap",
                     .proposals = {word},
                     .clocks = some_words(place)};
    Bytes value = encode_group(group);
    set_signature(value, sign(key().secret, signed_text(Signed::group, mark_of("ledger"),
                                                        "trace", value)));
    const OrderPlace at{.position = place.position + 1, .mark = mark_of(value)};
    write({.when = {{.key = keys_.tail(), .value = encode_place(place)}},
           .then = {KvPut{.key = keys_.group(at.position), .value = value},
                    KvPut{.key = keys_.tail(), .value = encode_place(at)}}});
  }

 private:
  void write(const KvTxn& txn) { (void)etcd_.txn(txn); }
  OrderPlace tail() {
    return *decode_place(etcd_.txn({.then = {KvRange{.key = keys_.tail()}}}).ranges[0][0].value);
  }
  KeyPair key() { return SeedVoters::key_of_gap(1 + static_cast<int>(random_() % 2)); }
  int64_t some_time() {
    const std::array times = {kSeedEpochMs, kSeedEpochMs + kSeedYearMs, int64_t{0},
                              kSeedEpochMs + static_cast<int64_t>(random_() % 100'000)};
    return times[random_() % times.size()];
  }
  Told told_at(const OrderPlace& place) {
    ClockWord word{.node = "gap", .position = place.position, .time_ms = some_time()};
    word.signature =
        sign(key().secret, signed_clock(mark_of("ledger"), "trace", word));
    return {.at = place, .time_ms = word.time_ms, .clock = word.signature, .note = {}};
  }
  // What the others say at present.
  void remember() {
    const auto answer = etcd_.txn({.then = {keys_.nodes()}});
    for (const auto& [name, value] : answer.ranges[0]) {
      const auto told = decode_told(value);
      if (!told) continue;
      heard_.push_back({.node = name.substr(keys_.node("").size()),
                        .position = told->at.position,
                        .time_ms = told->time_ms,
                        .signature = told->clock});
    }
  }
  std::vector<ClockWord> some_words(const OrderPlace& place) {
    std::vector<ClockWord> words;
    for (size_t n = random_() % 6; n > 0 && !heard_.empty(); --n) {
      ClockWord word = heard_[heard_.size() - 1 - random_() % std::min<size_t>(heard_.size(), 12)];
      const auto what = random_() % 12;
      if (what == 0) word.time_ms += 1;
      if (what == 1) word.position = place.position + random_() % 3;
      if (what == 2) word.node = "nobody";
      if (what == 3) word.time_ms = INT64_MAX;
      words.push_back(word);
    }
    return words;
  }

  MemoryEtcd& etcd_;
  std::mt19937& random_;
  const LogKeys keys_{"trace"};
  std::vector<ClockWord> heard_;
};

}  // namespace suyuan::test
