#include "node/access/quotas.h"

#include <algorithm>

namespace suyuan {
namespace {

constexpr size_t kNamesMax = 1 << 16;
constexpr double kMinutesInHour = 60;

// As many at once as are allowed in a minute.
Rate per_minute(uint32_t count) {
  return {.burst = static_cast<double>(count), .per_hour = count * kMinutesInHour};
}

}  // namespace

Quotas::Quotas(const QuotaOptions& options)
    : options_(options), clients_(kNamesMax), parties_(kNamesMax) {}

uint32_t Quotas::post_of_client(const std::string& client, int64_t now_ms) {
  if (options_.client_posts == 0) return 0;
  return clients_.take(client, per_minute(options_.client_posts), now_ms);
}

uint32_t Quotas::post_of_party(const std::string& party, int64_t now_ms) {
  if (options_.party_posts == 0) return 0;
  return parties_.take("post " + party, per_minute(options_.party_posts), now_ms);
}

uint32_t Quotas::read_of_party(const std::string& party, int64_t now_ms) {
  if (options_.party_reads == 0) return 0;
  return parties_.take("read " + party, per_minute(options_.party_reads), now_ms);
}

std::function<void()> Quotas::uncount_post_of_client(const std::string& client) {
  if (options_.client_posts == 0) return {};
  return [this, client] { clients_.give_back(client); };
}

uint32_t Quotas::party_wait_ms() const {
  const uint32_t least = std::min(options_.party_posts == 0 ? 60'000 : options_.party_posts,
                                  options_.party_reads == 0 ? 60'000 : options_.party_reads);
  return (60'000 + least - 1) / least;
}

Error rate_limited(const std::string& what, uint32_t wait_ms) {
  return {.code = Code::RATE_LIMITED,
          .message = what + "; try again in " + std::to_string((wait_ms + 999) / 1000) + " s"};
}

std::string client_of(const boost::asio::ip::address& address) {
  if (address.is_v4()) return address.to_string();
  const auto whole = address.to_v6();
  if (whole.is_v4_mapped())
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, whole).to_string();
  auto bytes = whole.to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), uint8_t{0});
  return boost::asio::ip::make_address_v6(bytes).to_string() + "/64";
}

}  // namespace suyuan
