// How often somebody may post and read: token buckets for each client address and each party, of a
// bounded number of names, as QuotaOptions has them. Memory only; time is an argument.
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

  // Each from any thread. 0: counted. Else nothing was, and the time in ms to wait.
  uint32_t post_of_client(const std::string& client, int64_t now_ms);
  // Of batches whose signature was verified; `party`: whose they are, and who signed for it where
  // it did not itself. So nobody uses up another's.
  uint32_t post_of_party(const std::string& party, int64_t now_ms);
  uint32_t read_of_party(const std::string& party, int64_t now_ms);
  // Takes one counted post back. The bucket never holds more than a minute's posts.
  void uncount_post_of_party(const std::string& party);
  // Returns what takes one counted post of the client back. Call it at most once, while this
  // object lives. Null if clients are not counted.
  std::function<void()> uncount_post_of_client(const std::string& client);
  // After which a party's bucket holds one more batch, where the wait itself is not at hand.
  uint32_t party_wait_ms() const;

 private:
  const QuotaOptions options_;
  Rates clients_;  // apart: addresses come in any number, and must push out no party
  Rates parties_;
};

// RATE_LIMITED, with the time in words.
Error rate_limited(const std::string& what, uint32_t wait_ms);
// What counts as one client: an IPv4 address; the first 64 bits of an IPv6 one, since a household
// or a server has all the rest to itself.
std::string client_of(const boost::asio::ip::address& address);

}  // namespace suyuan
