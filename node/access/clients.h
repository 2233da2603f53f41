// Which client a connection or a request is of, for the quotas of clients
// (docs/decisions/0028-an-address-is-no-client.md).
#pragma once

#include <boost/asio/ip/address.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace suyuan {

// Thread-safe.
class Clients {
 public:
  // `proxies`: numeric addresses (check_quotas).
  explicit Clients(const std::vector<std::string>& proxies);

  // Returns the name under which the client at this address is counted. Empty: it is not counted,
  // for it is this machine itself, and no proxy that is named.
  // `forwarded_for`: X-Forwarded-For of an HTTP request. It is read only if a named proxy sent it,
  // and of it only the last entry, which that proxy wrote: anyone may write the others. If that is
  // no address, the proxy is the client.
  std::string at(const std::string& address, std::string_view forwarded_for = {}) const;

 private:
  std::set<boost::asio::ip::address> proxies_;
};

// What counts as one client: an IPv4 address, or the first 64 bits of an IPv6 address, since one
// household or server has all the rest.
std::string client_of(const boost::asio::ip::address& address);

}  // namespace suyuan
