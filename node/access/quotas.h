// How often a sender may post and read: token buckets for each client address and each party, for a
// bounded number of names, as in QuotaOptions. Memory only; time is an argument.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "ledger/base/error.h"
#include "node/options.h"
#include "node/scans/rates.h"

namespace suyuan {

class Quotas {
 public:
  explicit Quotas(const QuotaOptions& options);

  // Thread-safe. Returns 0 if it was counted. Otherwise nothing was, and the result is the time to
  // wait in ms.
  uint32_t post_of_client(const std::string& client, int64_t now_ms);
  // For batches whose signature was verified. `party`: the batch's party, and who signed for it if
  // it did not sign itself. So nobody uses up another's quota.
  uint32_t post_of_party(const std::string& party, int64_t now_ms);
  uint32_t read_of_party(const std::string& party, int64_t now_ms);
  // Returns what takes one counted post of the client back. Call it at most once, while this
  // object lives. The bucket never holds more than a minute's posts. Null if clients are not
  // counted.
  std::function<void()> uncount_post_of_client(const std::string& client);
  // The time after which a party's bucket has room for one more batch, if the actual wait is not
  // known.
  uint32_t party_wait_ms() const;

 private:
  const QuotaOptions options_;
  Rates clients_;  // separate: addresses come in any number, and must not displace parties
  Rates parties_;
};

// RATE_LIMITED, with the time in words.
Error rate_limited(const std::string& what, uint32_t wait_ms);
// What counts as one client: an IPv4 address, or the first 64 bits of an IPv6 address, since one
// household or server has all the rest.
std::string client_of(const boost::asio::ip::address& address);

}  // namespace suyuan
