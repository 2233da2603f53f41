#include "node/options.h"

#include <boost/asio/ip/address.hpp>

#include "ledger/base/text.h"

namespace suyuan {
namespace {

Result<Done> check_mib(uint32_t mib, const char* option) {
  if (mib == 0 || mib >= kQuotaMibMin) return Done{};
  return fail(Code::INVALID_FIELD,
              std::to_string(mib) + " MiB a minute would refuse the largest document for ever; "
                  "write " + std::to_string(kQuotaMibMin) + " or more, or 0 for no limit",
              option);
}

}  // namespace

Result<Address> parse_address(const std::string& text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos) {
    return fail(Code::INVALID_FIELD,
                "'" + text + "' has no port; write 127.0.0.1:7400 or [::1]:7400", "address");
  }
  std::string host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  boost::system::error_code error;
  boost::asio::ip::make_address(host, error);
  const auto port = from_decimal(text.substr(colon + 1));
  if (error)
    return fail(Code::INVALID_FIELD, "'" + host + "' is not a numeric IP address", "address");
  if (!port || *port > UINT16_MAX) {
    return fail(Code::INVALID_FIELD, "'" + text.substr(colon + 1) + "' is not a port, 0 to 65535",
                "address");
  }
  return Address{.host = host, .port = static_cast<uint16_t>(*port)};
}

bool is_loopback(const Address& address) {
  boost::system::error_code error;
  const auto parsed = boost::asio::ip::make_address(address.host, error);
  return !error && parsed.is_loopback();
}

Result<Done> check_quotas(const QuotaOptions& quotas) {
  SUYUAN_TRY_DONE(check_mib(quotas.client_mib, "--client-mib"));
  SUYUAN_TRY_DONE(check_mib(quotas.party_mib, "--party-mib"));
  if (quotas.proxies.size() > kProxiesMax) {
    return fail(Code::INVALID_FIELD,
                "at most " + std::to_string(kProxiesMax) + " proxies may be named", "--proxy");
  }
  for (const std::string& proxy : quotas.proxies) {
    boost::system::error_code error;
    boost::asio::ip::make_address(proxy, error);
    if (!error) continue;
    return fail(Code::INVALID_FIELD,
                "'" + proxy + "' is not a numeric IP address without a port; write 192.0.2.7 or "
                    "2001:db8::7",
                "--proxy");
  }
  return Done{};
}

}  // namespace suyuan
