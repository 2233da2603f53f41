#include "node/access/clients.h"

#include <algorithm>
#include <optional>

namespace suyuan {
namespace {

namespace ip = boost::asio::ip;

// Peers that were gone before their address was asked for are one client.
constexpr const char* kUnknownClient = "unknown";

std::string_view without_blanks(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

// An IPv4 address that came over IPv6 is itself. Nullopt: no numeric address.
std::optional<ip::address> numeric_address(std::string_view text) {
  constexpr size_t kAddressMax = 64;
  if (text.size() > kAddressMax) return std::nullopt;
  boost::system::error_code error;
  const auto parsed = ip::make_address(std::string(text), error);
  if (error) return std::nullopt;
  if (!parsed.is_v6() || !parsed.to_v6().is_v4_mapped()) return parsed;
  return ip::make_address_v4(ip::v4_mapped, parsed.to_v6());
}

}  // namespace

Clients::Clients(const std::vector<std::string>& proxies) {
  for (const std::string& proxy : proxies) {
    if (const auto parsed = numeric_address(proxy)) proxies_.insert(*parsed);
  }
}

std::string Clients::at(const std::string& address, std::string_view forwarded_for) const {
  const auto peer = numeric_address(address);
  if (!peer) return kUnknownClient;
  if (!proxies_.contains(*peer)) return peer->is_loopback() ? "" : client_of(*peer);
  const auto last = forwarded_for.substr(forwarded_for.rfind(',') + 1);
  return client_of(numeric_address(without_blanks(last)).value_or(*peer));
}

std::string client_of(const ip::address& address) {
  if (address.is_v4()) return address.to_string();
  auto bytes = address.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), uint8_t{0});
  return ip::make_address_v6(bytes).to_string() + "/64";
}

}  // namespace suyuan
