#include "node/options.h"

#include <boost/asio/ip/address.hpp>

#include "ledger/base/text.h"

namespace suyuan {

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

}  // namespace suyuan
