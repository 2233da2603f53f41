// A node with a certificate: our own client over https, the authorities that it takes, and a
// certificate that changes while the node runs.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "client/http_log.h"
#include "ledger/os/files.h"
#include "tests/e2e/running_node.h"
#include "tests/support/certificates.h"

namespace suyuan::test {
namespace {

constexpr int64_t kNow = 1'780'000'000'000;

class HttpsNode : public ::testing::Test {
 protected:
  HttpsNode() { certs_.make("one"); }
  ServeOptions options() const {
    ServeOptions options = without_seals();
    options.tls_cert = certs_.cert("live");
    options.tls_key = certs_.key("live");
    options.tls_check_ms = 20;
    return options;
  }
  static Result<Bytes> read(const RunningNode& node, const std::string& ca,
                            const std::string& scheme = "https") {
    const std::string url = scheme + "://localhost:" + std::to_string(node.http_port()) + "/log";
    SUYUAN_TRY(log, HttpLog::open(url, ca));
    SUYUAN_TRY(first, log->read("genesis.leaf"));
    SUYUAN_TRY(second, log->read("genesis.leaf"));  // over the kept connection
    EXPECT_EQ(first, second);
    return first;
  }

  const TempFolder certs_folder_;
  const testing::Certificates certs_{certs_folder_.path()};
  const TempFolder data_;
};

TEST_F(HttpsNode, IsReadByWhoTrustsItsCertificateAndByNobodyElse) {
  certs_.put_in_place("one");
  RunningNode node(data_.path(), kNow, options());
  const auto read_whole = read(node, certs_.cert("one"));
  ASSERT_TRUE(read_whole) << to_text(read_whole.error());
  EXPECT_EQ(*read_whole, node.ledger().leaf);

  const auto distrusted = read(node, "");
  ASSERT_FALSE(distrusted);
  EXPECT_EQ(distrusted.error().code, Code::UNAVAILABLE);
  EXPECT_NE(distrusted.error().message.find("--ca"), std::string::npos);
  certs_.make("two");
  EXPECT_FALSE(read(node, certs_.cert("two")));
  EXPECT_FALSE(read(node, "", "http")) << "plain HTTP is not answered";
  const auto no_ca = read(node, certs_.key("one"));
  ASSERT_FALSE(no_ca);
  EXPECT_EQ(no_ca.error().field, "--ca");
}

TEST_F(HttpsNode, IsNotTakenForAnotherHost) {
  certs_.make("other", "DNS:other.example");
  certs_.put_in_place("other");
  RunningNode node(data_.path(), kNow, options());
  EXPECT_FALSE(read(node, certs_.cert("other")));
}

TEST_F(HttpsNode, ServesANewCertificateSoonAfterItsFilesChanged) {
  certs_.put_in_place("one");
  RunningNode node(data_.path(), kNow, options());
  ASSERT_TRUE(read(node, certs_.cert("one")));
  certs_.make("two");
  certs_.put_in_place("two");
  bool taken = false;
  for (int i = 0; i < 500 && !taken; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    taken = read(node, certs_.cert("two")).has_value();
  }
  EXPECT_TRUE(taken);
}

}  // namespace
}  // namespace suyuan::test
