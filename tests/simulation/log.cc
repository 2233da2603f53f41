#include "tests/simulation/log.h"

#include <algorithm>

#include "ledger/crypto/hash.h"

namespace suyuan::sim {

const Entry* Log::after(const OrderPlace& place) const {
  const auto found =
      std::upper_bound(entries.begin(), entries.end(), place.position,
                       [](uint64_t at, const Entry& one) { return at < one.place.position; });
  return found == entries.end() ? nullptr : &*found;
}

Result<Done> SimOrder::append(std::unique_ptr<Proposal>& proposal) {
  if (poisoned_) return Unexpected(*poisoned_);
  waiting_.push_back(std::move(proposal));
  return Done{};
}

void SimOrder::follow(OrderPlace after, Follower& follower) {
  place_ = after;
  follower_ = &follower;
}

// A proposal that must be alone gets a group of its own.
Proposals SimOrder::take(size_t most) {
  Proposals group;
  while (!waiting_.empty() && group.size() < most) {
    const bool alone = waiting_.front()->alone();
    if (alone && !group.empty()) break;
    group.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
    if (alone) break;
  }
  return group;
}

void SimOrder::send(size_t most, int64_t time_ms, Sent what) {
  Proposals group = take(most);
  if (group.empty()) return;
  if (log_ == nullptr) {
    return hand_over({.position = place_.position + 1,
                      .mark = {},
                      .time_ms = time_ms,
                      .proposals = std::move(group)});
  }
  const Error busy{.code = Code::BUSY, .message = "the log did not answer"};
  if (what == Sent::lost) return follower_->on_dropped(std::move(group), busy);
  Entry entry{.place = {.position = log_->end().position + 1},
              .time_ms = time_ms,
              .maker = node_,
              .proposals = {}};
  Bytes all(log_->end().mark.view());
  for (const auto& one : group) {
    entry.proposals.push_back(one->encode());
    all += entry.proposals.back();
  }
  entry.place.mark = sha256(all);
  log_->entries.push_back(entry);
  if (what == Sent::unknown) return follower_->on_dropped(std::move(group), busy);
  ours_[entry.place.position] = std::move(group);
}

void SimOrder::deliver() {
  const Entry* entry = log_ == nullptr ? nullptr : log_->after(place_);
  if (entry == nullptr || poisoned_) return;
  if (std::exchange(skips_first, false)) {
    place_ = entry->place;
    return;
  }
  OrderedGroup group{.position = entry->place.position,
                     .mark = entry->place.mark,
                     .time_ms = entry->time_ms + skew_ms,
                     .proposals = {}};
  const auto ours = ours_.find(entry->place.position);
  if (ours != ours_.end()) {
    group.proposals = std::move(ours->second);
    ours_.erase(ours);
  } else {
    for (const auto& bytes : entry->proposals) {
      auto decoded = decode_(bytes);
      SUYUAN_CHECK(decoded.has_value());
      group.proposals.push_back(*std::move(decoded));
    }
  }
  hand_over(std::move(group));
}

void SimOrder::hand_over(OrderedGroup group) {
  if (reverses) std::reverse(group.proposals.begin(), group.proposals.end());
  place_ = {.position = group.position, .mark = group.mark};
  const auto done = follower_->on_group(std::move(group));
  if (done) return;
  poisoned_ = Error{.code = Code::READ_ONLY, .message = done.error().message};
  Proposals rest = take(waiting_.size());
  while (!rest.empty()) {
    follower_->on_dropped(std::move(rest), *poisoned_);
    rest = take(waiting_.size());
  }
}

}  // namespace suyuan::sim
