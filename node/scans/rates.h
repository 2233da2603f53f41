// Rate limits: a token bucket for each of a bounded number of names. In memory only; the least
// recently used name is forgotten first.
#pragma once

#include <list>
#include <mutex>
#include <string>
#include <unordered_map>

#include "ledger/base/limits.h"

namespace suyuan {

struct Rate {
  double burst;     // maximum at once
  double per_hour;  // added each hour
};

class Rates {
 public:
  explicit Rates(size_t names_max = limits::kScanRatesMax) : names_max_(names_max) {}

  // Takes `count` tokens (at most the burst, so that no count has to wait for ever) and returns 0.
  // If there are not that many, takes none and returns the time in ms after which to try again.
  uint32_t take(const std::string& name, Rate rate, int64_t now_ms, double count = 1);
  // Gives back what was taken but did not count.
  void give_back(const std::string& name, double count = 1);
  size_t names() const;

 private:
  struct Bucket {
    std::string name;
    double tokens;
    double burst;
    int64_t at_ms;
  };
  // Guards everything below; held while one bucket is looked up and counted. Workers and the
  // network thread call concurrently.
  mutable std::mutex mutex_;
  const size_t names_max_;
  std::list<Bucket> buckets_;  // newest first
  std::unordered_map<std::string, std::list<Bucket>::iterator> by_name_;
};

}  // namespace suyuan
