// How often and how much a sender may post, and how often it may ask: token buckets for each client
// and each party, for a bounded number of names, as in QuotaOptions. Memory only; time is an
// argument.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "ledger/base/error.h"
#include "node/options.h"
#include "node/scans/rates.h"

namespace suyuan {

class Quotas {
 public:
  explicit Quotas(const QuotaOptions& options);

  // Thread-safe. Returns 0 if it was counted. Otherwise nothing was, and the result is the time to
  // wait in ms. `client`: as Clients names it; the empty name is never counted. `bytes`: of the
  // post as it came.
  uint32_t post_of_client(const std::string& client, size_t bytes, int64_t now_ms);
  uint32_t read_of_client(const std::string& client, int64_t now_ms);
  // For batches whose signature was verified. `party`: the batch's party, and who signed for it if
  // it did not sign itself. So nobody uses up another's quota.
  uint32_t post_of_party(const std::string& party, size_t bytes, int64_t now_ms);
  uint32_t read_of_party(const std::string& party, int64_t now_ms);
  // Returns what takes one counted post of the client back. Call it at most once, while this
  // object lives. No bucket ever holds more than a minute's worth. Null if it is not counted.
  std::function<void()> uncount_post_of_client(const std::string& client, size_t bytes);
  // Takes a counted question of the client back: it counts for a party instead.
  void uncount_read_of_client(const std::string& client);

 private:
  // The clients, or the parties. Each has its own names: addresses come in any number, and must not
  // displace parties.
  struct Side {
    uint32_t post(const std::string& name, size_t bytes, int64_t now_ms);
    uint32_t read(const std::string& name, int64_t now_ms);
    void give_back_post(const std::string& name, size_t bytes);

    const uint32_t posts;  // each: in a minute; 0: no limit
    const uint32_t mib;
    const uint32_t reads;
    Rates rates;
  };
  Side clients_;
  Side parties_;
};

// RATE_LIMITED, with the time to wait.
Error rate_limited(const std::string& what, uint32_t wait_ms);

}  // namespace suyuan
