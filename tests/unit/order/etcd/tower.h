// Stands between a node and an etcd in memory, and holds each request that adds a group: the test
// says when it is done there, and when its answer comes back.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

#include "tests/unit/order/etcd/etcd_fixture.h"
#include "tests/unit/order/etcd/memory_etcd.h"

namespace suyuan::test {

inline constexpr const char* kFlightLog = "trace";

inline OrderPlace flight_base() { return {.position = 0, .mark = mark_of("base")}; }

inline void found_flight_log(MemoryEtcd& etcd) {
  MemoryKv kv(etcd, 0);
  SUYUAN_CHECK(found_log(kv, kFlightLog, {.ledger = mark_of("ledger"), .base = flight_base()}));
}

inline EtcdOrderOptions flight_options(const std::string& node = "a") {
  return {.log = kFlightLog,
          .ledger = mark_of("ledger"),
          .node = node,
          .clock = [] { return int64_t{1000}; },
          .decode = decode_word,
          .sign = [key = std::make_shared<KeyPair>(key_of_node(node))](
                      BytesView text) { return sign(key->secret, text); },
          .nodes = nodes_of_log(),
          .flights_max = 3,
          .flight_gap = std::chrono::milliseconds(0),
          .patience = std::chrono::seconds(5),
          .lease = std::chrono::seconds(1),
          .pulse = std::chrono::milliseconds(3),
          .drain = std::chrono::seconds(5)};
}

class Tower {
 public:
  // From now on; requests are numbered from 0 on in the order in which they come.
  void hold() {
    const std::scoped_lock lock(mutex_);
    is_holding_ = true;
    requests_.clear();
  }
  // All pass, also those that are held.
  void let_pass() {
    {
      const std::scoped_lock lock(mutex_);
      is_holding_ = false;
      is_cut_ = false;
      for (Request& one : requests_) one.may_run = one.may_return = true;
    }
    moved_.notify_all();
  }
  // Whether that many are held, or were; and no more of them come in a while.
  bool has(size_t count) {
    std::unique_lock lock(mutex_);
    return moved_.wait_for(lock, std::chrono::seconds(30),
                           [&] { return requests_.size() >= count; });
  }
  bool stays_at(size_t count) {
    std::unique_lock lock(mutex_);
    return !moved_.wait_for(lock, std::chrono::milliseconds(100),
                            [&] { return requests_.size() > count; }) &&
           requests_.size() == count;
  }
  // Lets etcd do it.
  void run(size_t i) {
    std::unique_lock lock(mutex_);
    requests_.at(i).may_run = true;
    if (requests_[i].late) return requests_[i].late();
    moved_.notify_all();
    moved_.wait(lock, [&] { return requests_[i].has_run; });
  }
  void answer(size_t i) { give_back(i, false); }
  void lose_answer(size_t i) { give_back(i, true); }
  void pass(size_t i) {
    run(i);
    answer(i);
  }
  // Gives an error at once; etcd does it when the test says run(), as a member may that was slow.
  void give_up(size_t i) {
    {
      const std::scoped_lock lock(mutex_);
      requests_.at(i).is_late = true;
    }
    moved_.notify_all();
  }
  // Etcd refuses it for good.
  void refuse(size_t i, const Error& error) {
    {
      const std::scoped_lock lock(mutex_);
      requests_.at(i).refusal = error;
      requests_[i].may_run = requests_[i].may_return = true;
    }
    moved_.notify_all();
  }
  std::vector<std::string> words_of(size_t i) {
    const std::scoped_lock lock(mutex_);
    return requests_.at(i).words;
  }
  bool is_given_up(size_t i) {
    const std::scoped_lock lock(mutex_);
    return requests_.at(i).late != nullptr;
  }
  size_t count() {
    const std::scoped_lock lock(mutex_);
    return requests_.size();
  }
  // What does not add a group is not answered from now on, and watches end.
  void cut_others() { is_cut_ = true; }
  bool is_cut() const { return is_cut_; }
  // Requests that add a group, under way at the same time.
  size_t most() const { return most_; }

  Result<KvAnswer> through(const KvTxn& txn, Kv& etcd) {
    if (txn.when.size() != 2) {
      if (is_cut_) return fail(Code::UNAVAILABLE, "cut off");
      return etcd.txn(txn);
    }
    std::unique_lock lock(mutex_);
    most_ = std::max<size_t>(most_, ++under_way_);
    if (!is_holding_) {
      lock.unlock();
      auto answer = etcd.txn(txn);
      --under_way_;
      return answer;
    }
    Request& request = requests_.emplace_back();
    if (const auto group = decode_group(std::get<KvPut>(txn.then[0]).value)) {
      request.words.assign(group->proposals.begin(), group->proposals.end());
    }
    moved_.notify_all();
    moved_.wait(lock, [&] { return request.may_run || request.is_late; });
    if (request.is_late) {
      request.late = [this, &request, txn, &etcd] {
        (void)etcd.txn(txn);
        request.has_run = true;
      };
      --under_way_;
      return fail(Code::UNAVAILABLE, "there was no answer in time");
    }
    if (request.refusal) {
      request.has_run = true;
      --under_way_;
      return Unexpected(*request.refusal);
    }
    auto answer = etcd.txn(txn);
    request.has_run = true;
    moved_.notify_all();
    moved_.wait(lock, [&] { return request.may_return; });
    --under_way_;
    if (request.is_lost) return fail(Code::UNAVAILABLE, "the answer was lost");
    return answer;
  }

 private:
  struct Request {
    std::vector<std::string> words = {};
    bool may_run = false;
    bool has_run = false;
    bool may_return = false;
    bool is_lost = false;
    bool is_late = false;
    std::function<void()> late = {};
    std::optional<Error> refusal = {};
  };
  void give_back(size_t i, bool lost) {
    {
      const std::scoped_lock lock(mutex_);
      requests_.at(i).is_lost = lost;
      requests_[i].may_return = true;
    }
    moved_.notify_all();
  }

  std::mutex mutex_;  // guards all below that is not atomic
  std::condition_variable moved_;
  bool is_holding_ = false;
  std::deque<Request> requests_;  // references hold: it only grows while one is under way
  std::atomic<size_t> under_way_ = 0;
  std::atomic<size_t> most_ = 0;
  std::atomic<bool> is_cut_ = false;
};

class TowerWatch final : public PassingWatch {
 public:
  TowerWatch(std::unique_ptr<KvWatch> inner, const Tower& tower)
      : PassingWatch(std::move(inner)), tower_(tower) {}
  Result<std::vector<KvPair>> next() override {
    auto pairs = PassingWatch::next();
    if (tower_.is_cut()) return fail(Code::UNAVAILABLE, "cut off");
    return pairs;
  }

 private:
  const Tower& tower_;
};

class TowerKv final : public PassingKv {
 public:
  TowerKv(MemoryEtcd& etcd, Tower& tower)
      : PassingKv(std::make_unique<MemoryKv>(etcd, 1)), tower_(tower) {}
  Result<KvAnswer> txn(const KvTxn& txn) override { return tower_.through(txn, inner()); }
  Result<std::unique_ptr<KvWatch>> watch(const KvRange& range, int64_t from) override {
    if (tower_.is_cut()) return fail(Code::UNAVAILABLE, "cut off");
    SUYUAN_TRY(watch, inner().watch(range, from));
    return std::unique_ptr<KvWatch>(std::make_unique<TowerWatch>(std::move(watch), tower_));
  }

 private:
  Tower& tower_;
};

// A node behind a tower, with up to three groups in flight.
class EtcdFlightsTest : public ::testing::Test {
 protected:
  EtcdFlightsTest() { found_flight_log(etcd_); }
  ~EtcdFlightsTest() override {
    tower_.let_pass();
    order_.reset();
  }
  void begin(EtcdOrderOptions with) {
    order_ = std::make_unique<EtcdOrder>(std::move(with),
                                         std::make_unique<TowerKv>(etcd_, tower_));
    order_->follow(flight_base(), follower_);
  }
  void append(const std::string& text) {
    std::unique_ptr<Proposal> word = std::make_unique<Word>(text, false);
    ASSERT_TRUE(eventually([&] { return order_->append(word).has_value(); }));
  }
  // Until stop() has begun, in another thread: its time runs from then on.
  void wait_until_it_stops() {
    ASSERT_TRUE(eventually([&] {
      std::unique_ptr<Proposal> word = std::make_unique<Word>("late", false);
      const auto taken = order_->append(word);
      return !taken && taken.error().code == Code::STOPPING;
    }));
  }
  // Two groups, after which three may be in flight.
  void warm_up() {
    for (size_t i = 1; i <= 2; ++i) {
      append("warm " + std::to_string(i));
      ASSERT_TRUE(eventually([&] {
        return follower_.words() == i && order_->counts().proposed == i;
      }));
    }
    tower_.hold();
  }
  // Three words in three groups, none of them done.
  void send_three() {
    for (size_t i = 1; i <= 3; ++i) {
      append("word " + std::to_string(i));
      ASSERT_TRUE(tower_.has(i));
    }
  }
  // What came behind the first two.
  std::vector<std::string> words() const {
    std::vector<std::string> all;
    for (const Seen& group : follower_.groups()) {
      all.insert(all.end(), group.words.begin(), group.words.end());
    }
    all.erase(all.begin(), all.begin() + std::min<ptrdiff_t>(2, std::ssize(all)));
    return all;
  }
  void expect_words(const std::vector<std::string>& expected) {
    EXPECT_TRUE(eventually([&] { return words() == expected; }))
        << ::testing::PrintToString(words());
    EXPECT_EQ(follower_.dropped(), 0U);
  }
  // Of node b, behind what is there.
  void add_foreign(const std::string& word) {
    const LogKeys keys{kFlightLog};
    const auto tail =
        *decode_place(etcd_.txn({.then = {KvRange{.key = keys.tail()}}}).ranges[0][0].value);
    Bytes value = encode_group({.before = tail.mark, .node = "b", .proposals = {word}});
    set_signature(value, sign(key_of_node("b").secret,
                              signed_text(Signed::group, mark_of("ledger"), kFlightLog, value)));
    const OrderPlace at{.position = tail.position + 1, .mark = mark_of(value)};
    etcd_.txn({.then = {KvPut{.key = keys.group(at.position), .value = value},
                        KvPut{.key = keys.tail(), .value = encode_place(at)}}});
  }

  MemoryEtcd etcd_;
  Tower tower_;
  Remembering follower_;
  std::unique_ptr<EtcdOrder> order_;
};

}  // namespace suyuan::test
