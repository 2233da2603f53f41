// A node with a certificate: our own client over https, the authorities that it takes, and a
// certificate that changes while the node runs.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "client/http_log.h"
#include "ledger/os/files.h"
#include "tests/e2e/running_node.h"

namespace suyuan::test {
namespace {

constexpr int64_t kNow = 1'780'000'000'000;

class HttpsNode : public ::testing::Test {
 protected:
  HttpsNode() { make_pair("one", "localhost"); }
  std::string file(const std::string& name) const { return certs_.path() + "/" + name; }
  void make_pair(const std::string& name, const std::string& host) const {
    const std::string command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=" +
        name + " -addext subjectAltName=DNS:" + host + " -keyout " + file(name + ".key") +
        " -out " + file(name + ".crt") + " 2>/dev/null";
    SUYUAN_CHECK(std::system(command.c_str()) == 0);
  }
  void put_in_place(const std::string& name) const {
    for (const char* end : {".key", ".crt"})
      std::filesystem::copy_file(file(name + end), file(std::string("live") + end),
                                 std::filesystem::copy_options::overwrite_existing);
  }
  ServeOptions options() const {
    ServeOptions options = without_seals();
    options.tls_cert = file("live.crt");
    options.tls_key = file("live.key");
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

  const TempFolder certs_;
  const TempFolder data_;
};

TEST_F(HttpsNode, IsReadByWhoTrustsItsCertificateAndByNobodyElse) {
  put_in_place("one");
  RunningNode node(data_.path(), kNow, options());
  const auto read_whole = read(node, file("one.crt"));
  ASSERT_TRUE(read_whole) << to_text(read_whole.error());
  EXPECT_EQ(*read_whole, node.ledger().leaf);

  const auto distrusted = read(node, "");
  ASSERT_FALSE(distrusted);
  EXPECT_EQ(distrusted.error().code, Code::UNAVAILABLE);
  EXPECT_NE(distrusted.error().message.find("--ca"), std::string::npos);
  make_pair("two", "localhost");
  EXPECT_FALSE(read(node, file("two.crt")));
  EXPECT_FALSE(read(node, "", "http")) << "plain HTTP is not answered";
  const auto no_ca = read(node, file("one.key"));
  ASSERT_FALSE(no_ca);
  EXPECT_EQ(no_ca.error().field, "--ca");
}

TEST_F(HttpsNode, IsNotTakenForAnotherHost) {
  make_pair("other", "other.example");
  put_in_place("other");
  RunningNode node(data_.path(), kNow, options());
  EXPECT_FALSE(read(node, file("other.crt")));
}

TEST_F(HttpsNode, ServesANewCertificateSoonAfterItsFilesChanged) {
  put_in_place("one");
  RunningNode node(data_.path(), kNow, options());
  ASSERT_TRUE(read(node, file("one.crt")));
  make_pair("two", "localhost");
  put_in_place("two");
  bool taken = false;
  for (int i = 0; i < 500 && !taken; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    taken = read(node, file("two.crt")).has_value();
  }
  EXPECT_TRUE(taken);
}

}  // namespace
}  // namespace suyuan::test
