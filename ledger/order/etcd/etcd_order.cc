// EtcdOrder: the queue and its bounds, the follower's thread, and the end.
#include "ledger/order/etcd/etcd_order.h"

#include <algorithm>

namespace suyuan {
namespace {

constexpr size_t kProposalBytesMax =
    kEtcdGroupBytesMax - kGroupBytesAround - kGroupBytesOfProposal;

std::string waiting(std::string_view what, size_t held, size_t max) {
  return std::to_string(held) + " " + std::string(what) + " wait already, of at most " +
         std::to_string(max) + ": send the same again in a moment";
}

}  // namespace

EtcdOrder::EtcdOrder(EtcdOrderOptions options, std::unique_ptr<Kv> kv)
    : options_(std::move(options)),
      keys_{options_.log},
      kv_(std::move(kv)),
      heard_at_(std::chrono::steady_clock::now()) {
  SUYUAN_CHECK(kv_ && options_.clock && options_.decode && options_.group_proposals_max > 0);
  SUYUAN_CHECK(!options_.log.empty() && !options_.node.empty() && options_.node.size() <= 255);
}

EtcdOrder::~EtcdOrder() { stop(); }

// An append is durable only once it is proposed, so nothing is promised.
OrderCapabilities EtcdOrder::capabilities() const {
  return {.durable_append = false, .shared = true, .max_entry_bytes = kProposalBytesMax};
}

Result<Done> EtcdOrder::append(std::unique_ptr<Proposal>& proposal) {
  SUYUAN_CHECK(proposal != nullptr);
  Bytes encoded = proposal->encode();  // on the caller's thread, of which there are several
  if (encoded.size() > kProposalBytesMax) {
    return fail(Code::TOO_LARGE, "found " + std::to_string(encoded.size()) + " bytes, at most " +
                                     std::to_string(kProposalBytesMax) + " are taken");
  }
  {
    const std::scoped_lock lock(mutex_);
    if (poisoned_) return Unexpected(*poisoned_);
    if (stopping_) return fail(Code::STOPPING, "the node takes no more: send it to another node");
    if (is_silent(std::chrono::steady_clock::now())) return Unexpected(silence_error());
    const bool bounded = !proposal->alone();
    if (bounded && queue_.size() >= options_.queue_proposals_max) {
      return fail(Code::BUSY, waiting("batches", queue_.size(), options_.queue_proposals_max));
    }
    if (bounded && queue_bytes_ + encoded.size() > options_.queue_bytes_max) {
      return fail(Code::BUSY, waiting("bytes", queue_bytes_, options_.queue_bytes_max));
    }
    queue_bytes_ += encoded.size();
    queue_.push_back({.proposal = std::move(proposal), .encoded = std::move(encoded)});
  }
  appended_.notify_one();
  return Done{};
}

void EtcdOrder::follow(OrderPlace after, Follower& follower) {
  const std::scoped_lock stop_lock(stop_mutex_);
  {
    const std::scoped_lock lock(mutex_);
    SUYUAN_CHECK(!following_ && !stopping_);
    following_ = true;
    arrived_at_ = after;
    tip_ = after;
    follower_ = &follower;
  }
  sequencer_ = std::thread([this] { sequence(); });
  tailer_ = std::thread([this] { tail_all(); });
  pulser_ = std::thread([this] { pulse_all(); });
  proposer_ = std::thread([this] { propose_all(); });
}

OrderTail EtcdOrder::tail() const {
  const std::scoped_lock lock(mutex_);
  return {.first = trimmed_ + 1, .last = tip_.position};
}

void EtcdOrder::trim(uint64_t up_to) {
  const std::scoped_lock lock(mutex_);
  trim_to_ = std::max(trim_to_, up_to);
}

OrderLoad EtcdOrder::load() const {
  const std::scoped_lock lock(mutex_);
  return {.proposals = queue_.size(), .bytes = queue_bytes_};
}

EtcdOrderCounts EtcdOrder::counts() const {
  const std::scoped_lock lock(mutex_);
  EtcdOrderCounts counts = counts_;
  counts.tail_position = tip_.position;
  return counts;
}

bool EtcdOrder::is_silent(Time now) const {
  return !silence_.empty() && now - heard_at_ > options_.patience;
}

Error EtcdOrder::silence_error() const {
  return {.code = Code::BUSY,
          .message = "the ordered log cannot be written at present (" + silence_ +
                     "); reading goes on. Send the same again: it is taken once"};
}

std::string EtcdOrder::silence() const {
  const std::scoped_lock lock(mutex_);
  return is_silent(std::chrono::steady_clock::now()) ? silence_ : std::string();
}

void EtcdOrder::heard() {
  const std::scoped_lock lock(mutex_);
  heard_at_ = std::chrono::steady_clock::now();
  silence_.clear();
}

void EtcdOrder::heard_nothing(const Error& error) {
  const std::scoped_lock lock(mutex_);
  silence_ = error.message;
}

// In this order: the queue is proposed, what was proposed arrives, what has arrived is followed.
// Each for a bounded time but the last; who is not answered by then is told that we stop.
void EtcdOrder::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  appended_.notify_all();
  moved_.notify_all();
  const std::scoped_lock stop_lock(stop_mutex_);
  if (!sequencer_.joinable()) return;
  SUYUAN_CHECK(sequencer_.get_id() != std::this_thread::get_id());
  proposer_.join();
  {
    std::unique_lock lock(mutex_);
    moved_.wait_for(lock, options_.drain, [this] { return own_.empty() || poisoned_; });
    ended_ = true;
    if (watch_) watch_->cancel();
  }
  appended_.notify_all();
  arrived_.notify_all();
  moved_.notify_all();
  tailer_.join();
  pulser_.join();
  sequencer_.join();
  Proposals left;
  {
    const std::scoped_lock lock(mutex_);
    for (auto& [mark, proposals] : own_) {
      for (auto& one : proposals) left.push_back(std::move(one));
    }
    own_.clear();
  }
  if (left.empty()) return;
  drop(std::move(left), {.code = Code::STOPPING,
                         .message = "the node stopped before the ordered log had answered; send "
                                    "the same to another node: it is taken once"});
}

void EtcdOrder::sequence() {
  for (;;) {
    OrderedGroup group;
    {
      std::unique_lock lock(mutex_);
      arrived_.wait(lock, [this] { return ended_ || poisoned_ || !inbox_.empty(); });
      if (inbox_.empty() || poisoned_) return;  // where we ended, what has arrived is followed
      group = std::move(inbox_.front());
      inbox_.pop_front();
    }
    moved_.notify_all();
    const auto done = follower_->on_group(std::move(group));
    if (done) continue;
    return poison(done.error());
  }
}

void EtcdOrder::drop(Proposals proposals, const Error& reason) {
  follower_->on_dropped(std::move(proposals), reason);
}

// Whatever thread finds that we cannot go on. All others end by it; what waits is answered.
void EtcdOrder::poison(const Error& cause) {
  const Error reason{.code = Code::READ_ONLY,
                     .message = "nothing more is taken until a restart (" + to_text(cause) + ")"};
  Proposals dropped;
  {
    const std::scoped_lock lock(mutex_);
    if (poisoned_) return;
    poisoned_ = reason;
    for (auto& one : queue_) dropped.push_back(std::move(one.proposal));
    queue_.clear();
    queue_bytes_ = 0;
    for (auto& [mark, proposals] : own_) {
      for (auto& one : proposals) dropped.push_back(std::move(one));
    }
    own_.clear();
    for (auto& group : inbox_) {
      for (auto& one : group.proposals) dropped.push_back(std::move(one));
    }
    inbox_.clear();
    if (watch_) watch_->cancel();
  }
  appended_.notify_all();
  arrived_.notify_all();
  moved_.notify_all();
  drop(std::move(dropped), reason);
}

}  // namespace suyuan
