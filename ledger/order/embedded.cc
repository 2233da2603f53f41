// EmbeddedOrder: the queue, its bounds, and the sequencer thread.
#include "ledger/order/embedded.h"

namespace suyuan {
namespace {

std::string full(std::string_view what, size_t held, size_t max) {
  return std::to_string(held) + " " + std::string(what) + " are waiting already, of at most " +
         std::to_string(max) + ": send the same again in a moment";
}

}  // namespace

EmbeddedOrder::EmbeddedOrder(EmbeddedOrderOptions options) : options_(std::move(options)) {
  SUYUAN_CHECK(options_.clock && options_.group_proposals_max > 0);
  SUYUAN_CHECK(options_.group_bytes_max <= options_.queue_bytes_max);
}

EmbeddedOrder::~EmbeddedOrder() { stop(); }

OrderCapabilities EmbeddedOrder::capabilities() const {
  return {.durable_append = false, .shared = false, .max_entry_bytes = options_.group_bytes_max};
}

Result<Done> EmbeddedOrder::append(std::unique_ptr<Proposal>& proposal) {
  SUYUAN_CHECK(proposal != nullptr);
  const size_t bytes = proposal->bytes();
  const size_t weight = proposal->weight();
  if (bytes > options_.group_bytes_max) {
    return fail(Code::TOO_LARGE, "found " + std::to_string(bytes) + " bytes, at most " +
                                     std::to_string(options_.group_bytes_max) + " are accepted");
  }
  {
    const std::scoped_lock lock(mutex_);
    if (poisoned_) return Unexpected(*poisoned_);
    if (stopping_) return fail(Code::STOPPING, "the node accepts no more: send it to another node");
    if (!proposal->alone()) {
      SUYUAN_TRY_DONE(check_queue(bytes));
    }
    queue_.push_back({std::move(proposal), bytes, weight});
    queue_bytes_ += bytes;
    queue_weight_ += weight;
  }
  arrived_.notify_one();
  return Done{};
}

Result<Done> EmbeddedOrder::check_room(size_t bytes) const {
  const std::scoped_lock lock(mutex_);
  return check_queue(bytes);
}

Result<Done> EmbeddedOrder::check_queue(size_t bytes) const {
  if (queue_.size() >= options_.queue_proposals_max) {
    return fail(Code::BUSY, full("batches", queue_.size(), options_.queue_proposals_max));
  }
  if (queue_bytes_ + bytes > options_.queue_bytes_max) {
    return fail(Code::BUSY, full("bytes", queue_bytes_, options_.queue_bytes_max));
  }
  return Done{};
}

void EmbeddedOrder::follow(OrderPlace after, Follower& follower) {
  const std::scoped_lock stop_lock(stop_mutex_);
  SUYUAN_CHECK(!thread_.joinable());
  {
    const std::scoped_lock lock(mutex_);
    position_ = after.position;
  }
  thread_ = std::thread([this, &follower] { run(follower); });
}

OrderTail EmbeddedOrder::tail() const {
  const std::scoped_lock lock(mutex_);
  return {.first = position_ + 1, .last = position_};
}

// Nothing to forget: a group leaves the queue when it is handed over.
void EmbeddedOrder::trim(uint64_t /*up_to*/) {}

OrderLoad EmbeddedOrder::load() const {
  const std::scoped_lock lock(mutex_);
  return {.proposals = queue_.size(), .weight = queue_weight_};
}

void EmbeddedOrder::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_all();
  const std::scoped_lock stop_lock(stop_mutex_);
  if (!thread_.joinable()) return;
  SUYUAN_CHECK(thread_.get_id() != std::this_thread::get_id());  // a follower cannot stop its log
  thread_.join();
}

void EmbeddedOrder::run(Follower& follower) {
  while (auto group = next_group()) {
    const auto done = follower.on_group(std::move(*group));
    if (done) continue;
    poison(done.error(), follower);
    break;
  }
  follower.on_end();
}

std::optional<OrderedGroup> EmbeddedOrder::next_group() {
  OrderedGroup group;
  {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return std::nullopt;
    size_t weight = 0;
    while (!queue_.empty() && group.proposals.size() < options_.group_proposals_max) {
      Waiting& first = queue_.front();
      const bool alone = first.proposal->alone();
      const bool fits = weight + first.weight <= options_.group_bytes_max;
      if (!group.proposals.empty() && (alone || !fits)) break;
      weight += first.weight;
      queue_bytes_ -= first.bytes;
      queue_weight_ -= first.weight;
      group.proposals.push_back(std::move(first.proposal));
      queue_.pop_front();
      if (alone) break;
    }
    group.position = ++position_;
  }
  group.time_ms = options_.clock();
  return group;
}

void EmbeddedOrder::poison(const Error& cause, Follower& follower) {
  Proposals dropped;
  Error reason{.code = Code::READ_ONLY,
               .message = "a group could not be committed, so nothing more is accepted until a "
                          "restart (" + to_text(cause) + ")"};
  {
    const std::scoped_lock lock(mutex_);
    poisoned_ = reason;
    for (auto& waiting : queue_) dropped.push_back(std::move(waiting.proposal));
    queue_.clear();
    queue_bytes_ = 0;
    queue_weight_ = 0;
  }
  follower.on_dropped(std::move(dropped), reason);  // even if nothing waited: the log ended
}

}  // namespace suyuan
