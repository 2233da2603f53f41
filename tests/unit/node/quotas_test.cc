// Token buckets of clients and parties, and which client an address is.
#include "node/access/quotas.h"

#include <gtest/gtest.h>

#include <optional>

#include "node/access/clients.h"

namespace suyuan {
namespace {

constexpr int64_t kNow = 1'780'000'000'000;
constexpr int64_t kMinute = 60'000;
constexpr size_t kMiB = size_t{1} << 20;
const std::string kPhone = "192.0.2.7";

// No limit but those that are named.
QuotaOptions none() {
  return {.client_posts = 0,
          .client_mib = 0,
          .client_reads = 0,
          .party_posts = 0,
          .party_mib = 0,
          .party_reads = 0};
}
QuotaOptions of_client(uint32_t posts, uint32_t mib, uint32_t reads) {
  QuotaOptions options = none();
  options.client_posts = posts;
  options.client_mib = mib;
  options.client_reads = reads;
  return options;
}
QuotaOptions of_party(uint32_t posts, uint32_t mib, uint32_t reads) {
  QuotaOptions options = none();
  options.party_posts = posts;
  options.party_mib = mib;
  options.party_reads = reads;
  return options;
}

TEST(Quotas, AreOnFromTheFirst) {
  Quotas quotas({});
  for (int i = 0; i < 60'000; ++i) {
    ASSERT_EQ(quotas.post_of_client(kPhone, 100, kNow), 0u);
    ASSERT_EQ(quotas.post_of_party("farm", 100, kNow), 0u);
  }
  EXPECT_EQ(quotas.post_of_client(kPhone, 100, kNow), 1u);
  EXPECT_EQ(quotas.post_of_party("farm", 100, kNow), 1u);
  for (int i = 0; i < 60'000; ++i) ASSERT_EQ(quotas.read_of_client(kPhone, kNow), 0u);
  EXPECT_EQ(quotas.read_of_client(kPhone, kNow), 1u);
  for (int i = 0; i < 3000; ++i) ASSERT_EQ(quotas.read_of_party("farm", kNow), 0u);
  EXPECT_EQ(quotas.read_of_party("farm", kNow), 20u);
  EXPECT_EQ(quotas.read_of_party("maker", kNow), 0u);
  for (int i = 0; i < 1024; ++i) ASSERT_EQ(quotas.post_of_party("maker", kMiB, kNow), 0u);
  EXPECT_EQ(quotas.post_of_party("maker", kMiB, kNow), 59u);
}

TEST(Quotas, OfNothingLimitNothing) {
  Quotas quotas(none());
  for (int i = 0; i < 100'000; ++i) {
    ASSERT_EQ(quotas.post_of_client(kPhone, kMiB, kNow), 0u);
    ASSERT_EQ(quotas.post_of_party("farm", kMiB, kNow), 0u);
    ASSERT_EQ(quotas.read_of_client(kPhone, kNow), 0u);
    ASSERT_EQ(quotas.read_of_party("farm", kNow), 0u);
  }
  EXPECT_EQ(quotas.uncount_post_of_client(kPhone, 1), nullptr);
}

TEST(Quotas, OfBytesCountWhatIsPostedWhateverTheNumberOfBatches) {
  Quotas quotas(of_party(0, 60, 0));
  EXPECT_EQ(quotas.post_of_party("farm", 59 * kMiB, kNow), 0u);
  EXPECT_EQ(quotas.post_of_party("farm", 3 * kMiB, kNow), 2000u) << "one is left; a MiB a second";
  EXPECT_EQ(quotas.post_of_party("farm", kMiB, kNow), 0u) << "what was refused took nothing";
  EXPECT_EQ(quotas.post_of_party("farm", 1, kNow), 1u);
  EXPECT_EQ(quotas.post_of_party("maker", 60 * kMiB, kNow), 0u);
  EXPECT_EQ(quotas.post_of_party("farm", 60 * kMiB, kNow + kMinute), 0u);
}

TEST(Quotas, OfBytesRefuseNothingForEver) {
  Quotas quotas(of_client(0, 1, 0));
  EXPECT_EQ(quotas.post_of_client(kPhone, 32 * kMiB, kNow), 0u) << "it takes a minute's worth";
  EXPECT_EQ(quotas.post_of_client(kPhone, 32 * kMiB, kNow), 60'000u);
  EXPECT_EQ(quotas.post_of_client(kPhone, 32 * kMiB, kNow + kMinute), 0u);
}

TEST(Quotas, CountABatchInBothBucketsOrInNeither) {
  Quotas quotas(of_client(2, 32, 0));
  EXPECT_EQ(quotas.post_of_client(kPhone, 32 * kMiB, kNow), 0u);
  for (int i = 0; i < 5; ++i) EXPECT_NE(quotas.post_of_client(kPhone, kMiB, kNow), 0u);
  EXPECT_EQ(quotas.post_of_client(kPhone, 0, kNow), 0u) << "those counted as no batch";
  EXPECT_EQ(quotas.post_of_client(kPhone, 0, kNow), 30'000u);
}

TEST(Quotas, CountNoMoreWhatIsTakenBackAndNeverHoldMoreThanAMinutes) {
  Quotas quotas(of_client(1, 32, 0));
  const auto uncount = quotas.uncount_post_of_client(kPhone, 20 * kMiB);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(quotas.post_of_client(kPhone, 20 * kMiB, kNow), 0u);
    uncount();
  }
  uncount();
  EXPECT_EQ(quotas.post_of_client(kPhone, 20 * kMiB, kNow), 0u);
  EXPECT_EQ(quotas.post_of_client(kPhone, 0, kNow), 60'000u) << "one batch a minute";
  uncount();
  EXPECT_EQ(quotas.post_of_client(kPhone, 32 * kMiB, kNow), 0u);
}

TEST(Quotas, OfReadsAreNotThoseOfPosts) {
  Quotas quotas(of_client(1, 0, 1));
  EXPECT_EQ(quotas.post_of_client(kPhone, 1, kNow), 0u);
  EXPECT_EQ(quotas.read_of_client(kPhone, kNow), 0u);
  EXPECT_EQ(quotas.read_of_client(kPhone, kNow), 60'000u);
  EXPECT_EQ(quotas.read_of_client("192.0.2.8", kNow), 0u) << "others go on";
  quotas.uncount_read_of_client(kPhone);
  EXPECT_EQ(quotas.read_of_client(kPhone, kNow), 0u);
}

TEST(Quotas, OfAddressesPushOutNoPartys) {
  Quotas quotas({.client_posts = 1, .party_posts = 1});
  EXPECT_EQ(quotas.post_of_party("farm", 1, kNow), 0u);
  for (int i = 0; i < 70'000; ++i) quotas.post_of_client(std::to_string(i), 1, kNow);
  EXPECT_NE(quotas.post_of_party("farm", 1, kNow), 0u);
}

TEST(Quotas, OfNobodyAreNotCounted) {
  Quotas quotas(of_client(1, 32, 1));
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(quotas.post_of_client("", 32 * kMiB, kNow), 0u);
    EXPECT_EQ(quotas.read_of_client("", kNow), 0u);
  }
  EXPECT_EQ(quotas.uncount_post_of_client("", 1), nullptr);
}

TEST(Quotas, TellHowLongToWaitInWordsAndInMilliseconds) {
  const Error error = rate_limited("too many batches of farm", 1875);
  EXPECT_EQ(error.code, Code::RATE_LIMITED);
  EXPECT_EQ(error.message, "too many batches of farm; try again in 2 s");
  EXPECT_EQ(error.wait_ms, 1875u);
}

TEST(QuotaOptions, LeaveRoomForTheLargestDocument) {
  EXPECT_TRUE(check_quotas({}));
  EXPECT_TRUE(check_quotas(none()));
  EXPECT_TRUE(check_quotas(of_party(1, kQuotaMibMin, 1)));
  for (const auto& [options, field] : {std::pair(of_client(0, 31, 0), "--client-mib"),
                                       std::pair(of_party(0, 1, 0), "--party-mib")}) {
    const auto refused = check_quotas(options);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::INVALID_FIELD);
    EXPECT_EQ(refused.error().field, field);
    EXPECT_NE(refused.error().message.find("32 or more"), std::string::npos);
  }
}

TEST(QuotaOptions, NameProxiesByTheirAddressAndNotTooMany) {
  const auto with = [](std::vector<std::string> proxies) {
    return check_quotas({.proxies = std::move(proxies)});
  };
  EXPECT_TRUE(with({"127.0.0.1", "::1", "192.0.2.1", "2001:db8::1"}));
  EXPECT_TRUE(with(std::vector<std::string>(kProxiesMax, "192.0.2.1")));
  EXPECT_FALSE(with(std::vector<std::string>(kProxiesMax + 1, "192.0.2.1")));
  for (const char* text : {"", "localhost", "192.0.2.1:80", "192.0.2.0/24", "[::1]"}) {
    const auto refused = with({"127.0.0.1", text});
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().field, "--proxy");
  }
}

TEST(Clients, AreAddressesAndNetworksOfIpv6) {
  const Clients clients({});
  EXPECT_EQ(clients.at("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(clients.at("::ffff:192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(clients.at("2001:db8:1:2:3:4:5:6"), clients.at("2001:db8:1:2:ffff::1"));
  EXPECT_NE(clients.at("2001:db8:1:2::1"), clients.at("2001:db8:1:3::1"));
}

TEST(Clients, AreNotTheMachineItself) {
  const Clients clients({});
  for (const char* loopback : {"127.0.0.1", "127.0.0.2", "::1", "::ffff:127.0.0.1"})
    EXPECT_EQ(clients.at(loopback), "") << loopback;
  EXPECT_FALSE(clients.at("").empty()) << "one that is gone is counted";
}

TEST(Clients, BehindAProxyAreWhomItNamesLast) {
  const Clients clients({"127.0.0.1", "2001:db8::1", "192.0.2.1"});
  for (const char* proxy : {"127.0.0.1", "::ffff:127.0.0.1", "2001:db8::1", "192.0.2.1"}) {
    EXPECT_EQ(clients.at(proxy, "198.51.100.9"), "198.51.100.9");
    EXPECT_EQ(clients.at(proxy, "203.0.113.1, 198.51.100.9"), "198.51.100.9")
        << "the client wrote what stands before it";
    EXPECT_EQ(clients.at(proxy, "203.0.113.1,\t198.51.100.9 "), "198.51.100.9");
    EXPECT_EQ(clients.at(proxy, "2001:db8:9::5"), "2001:db8:9::/64");
    EXPECT_EQ(clients.at(proxy, "127.0.0.1"), "127.0.0.1") << "of the proxy's machine, not of ours";
  }
}

TEST(Clients, AreTheProxyItselfWhereItNamesNobody) {
  const Clients clients({"127.0.0.1", "192.0.2.1"});
  const std::vector<std::string> nobody = {"", "unknown", "198.51.100.9,", "198.51.100.9, _hidden",
                                           "198.51.100.9:80", std::string(5000, '1')};
  for (const std::string& named : nobody) {
    EXPECT_EQ(clients.at("192.0.2.1", named), "192.0.2.1") << named;
    EXPECT_EQ(clients.at("127.0.0.1", named), "127.0.0.1") << named;
  }
}

TEST(Clients, AreNotWhomAnybodyElseNames) {
  const Clients clients({"192.0.2.1"});
  EXPECT_EQ(clients.at("192.0.2.2", "198.51.100.9"), "192.0.2.2");
  EXPECT_EQ(clients.at("2001:db8::2", "198.51.100.9"), "2001:db8::/64");
  EXPECT_EQ(clients.at("127.0.0.1", "198.51.100.9"), "");
}

}  // namespace
}  // namespace suyuan
