#include "node/access/quotas.h"

namespace suyuan {
namespace {

constexpr size_t kNamesMax = 1 << 16;
constexpr double kMinutesInHour = 60;
constexpr double kBytesInMib = 1 << 20;

// As many at once as are allowed in a minute.
Rate per_minute(double count) { return {.burst = count, .per_hour = count * kMinutesInHour}; }

std::string posts_of(const std::string& name) { return "post " + name; }
std::string bytes_of(const std::string& name) { return "byte " + name; }
std::string reads_of(const std::string& name) { return "read " + name; }

}  // namespace

// Of both buckets or of neither.
uint32_t Quotas::Side::post(const std::string& name, size_t bytes, int64_t now_ms) {
  if (posts != 0) {
    const uint32_t wait_ms = rates.take(posts_of(name), per_minute(posts), now_ms);
    if (wait_ms != 0) return wait_ms;
  }
  if (mib == 0) return 0;
  const uint32_t wait_ms = rates.take(bytes_of(name), per_minute(mib * kBytesInMib), now_ms,
                                      static_cast<double>(bytes));
  if (wait_ms != 0 && posts != 0) rates.give_back(posts_of(name));
  return wait_ms;
}

uint32_t Quotas::Side::read(const std::string& name, int64_t now_ms) {
  return reads == 0 ? 0 : rates.take(reads_of(name), per_minute(reads), now_ms);
}

void Quotas::Side::give_back_post(const std::string& name, size_t bytes) {
  rates.give_back(posts_of(name));
  rates.give_back(bytes_of(name), static_cast<double>(bytes));
}

Quotas::Quotas(const QuotaOptions& options)
    : clients_{.posts = options.client_posts,
               .mib = options.client_mib,
               .reads = options.client_reads,
               .rates = Rates(kNamesMax)},
      parties_{.posts = options.party_posts,
               .mib = options.party_mib,
               .reads = options.party_reads,
               .rates = Rates(kNamesMax)} {}

uint32_t Quotas::post_of_client(const std::string& client, size_t bytes, int64_t now_ms) {
  return client.empty() ? 0 : clients_.post(client, bytes, now_ms);
}

uint32_t Quotas::read_of_client(const std::string& client, int64_t now_ms) {
  return client.empty() ? 0 : clients_.read(client, now_ms);
}

uint32_t Quotas::post_of_party(const std::string& party, size_t bytes, int64_t now_ms) {
  return parties_.post(party, bytes, now_ms);
}

uint32_t Quotas::read_of_party(const std::string& party, int64_t now_ms) {
  return parties_.read(party, now_ms);
}

std::function<void()> Quotas::uncount_post_of_client(const std::string& client, size_t bytes) {
  if (client.empty() || (clients_.posts == 0 && clients_.mib == 0)) return {};
  return [this, client, bytes] { clients_.give_back_post(client, bytes); };
}

void Quotas::uncount_read_of_client(const std::string& client) {
  clients_.rates.give_back(reads_of(client));
}

Error rate_limited(const std::string& what, uint32_t wait_ms) {
  return {.code = Code::RATE_LIMITED,
          .message = what + "; try again in " + std::to_string((wait_ms + 999) / 1000) + " s",
          .wait_ms = wait_ms};
}

}  // namespace suyuan
