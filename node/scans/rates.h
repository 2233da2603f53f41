// How often something may be asked: a token bucket for each of a bounded number of names. Memory
// only; what was not asked for longest is forgotten first.
#pragma once

#include <list>
#include <mutex>
#include <string>
#include <unordered_map>

#include "ledger/base/limits.h"

namespace suyuan {

struct Rate {
  double burst;     // so many at once
  double per_hour;  // and so many more each hour
};

class Rates {
 public:
  explicit Rates(size_t names_max = limits::kScanRatesMax) : names_max_(names_max) {}

  // 0: taken. Else nothing was taken, and the time in ms after which it may be tried again.
  uint32_t take(const std::string& name, Rate rate, int64_t now_ms);
  // What was taken did not count after all.
  void give_back(const std::string& name);
  size_t names() const;

 private:
  struct Bucket {
    std::string name;
    double tokens;
    double burst;
    int64_t at_ms;
  };
  // Guards all below, for as long as one bucket is looked up and counted: workers and the network
  // thread ask side by side.
  mutable std::mutex mutex_;
  const size_t names_max_;
  std::list<Bucket> buckets_;  // the newest first
  std::unordered_map<std::string, std::list<Bucket>::iterator> by_name_;
};

}  // namespace suyuan
