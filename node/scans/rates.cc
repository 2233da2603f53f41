#include "node/scans/rates.h"

#include <algorithm>
#include <cmath>

namespace suyuan {
namespace {

constexpr double kMsPerHour = 3'600'000;

}  // namespace

uint32_t Rates::take(const std::string& name, Rate rate, int64_t now_ms, double count) {
  count = std::min(count, rate.burst);
  const std::lock_guard lock(mutex_);
  const auto known = by_name_.find(name);
  if (known == by_name_.end()) {
    if (buckets_.size() >= names_max_) {
      by_name_.erase(buckets_.back().name);
      buckets_.pop_back();
    }
    buckets_.push_front(
        {.name = name, .tokens = rate.burst - count, .burst = rate.burst, .at_ms = now_ms});
    by_name_.emplace(name, buckets_.begin());
    return 0;
  }
  buckets_.splice(buckets_.begin(), buckets_, known->second);
  Bucket& bucket = buckets_.front();
  // A clock that was set back adds nothing and takes nothing.
  const int64_t passed = std::max<int64_t>(0, now_ms - bucket.at_ms);
  const double gained = static_cast<double>(passed) * rate.per_hour / kMsPerHour;
  bucket.tokens = std::min(rate.burst, bucket.tokens + gained);
  bucket.at_ms = now_ms;
  if (bucket.tokens >= count) {
    bucket.tokens -= count;
    return 0;
  }
  constexpr double kRounding = 0.001;  // rounding error of the sums above, in ms
  const double wait_ms = (count - bucket.tokens) * kMsPerHour / rate.per_hour - kRounding;
  return static_cast<uint32_t>(std::max(1.0, std::ceil(wait_ms)));
}

void Rates::give_back(const std::string& name, double count) {
  const std::lock_guard lock(mutex_);
  const auto known = by_name_.find(name);
  if (known == by_name_.end()) return;
  known->second->tokens = std::min(known->second->burst, known->second->tokens + count);
}

size_t Rates::names() const {
  const std::lock_guard lock(mutex_);
  return buckets_.size();
}

}  // namespace suyuan
