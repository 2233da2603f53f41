// The programs and an etcd that asks for TLS certificates of both sides, a name and a password.
#include <fstream>
#include <optional>

#include "tests/crash/backups.h"
#include "tests/support/certificates.h"
#include "tests/support/etcd_member.h"

namespace suyuan::test {
namespace {

class SecuredEtcd : public Backups {
 protected:
  void SetUp() override {
    if (!has_etcd()) GTEST_SKIP() << "etcd is not installed (Debian: etcd-server)";
    Backups::SetUp();
    certificates_.make("ca");
    certificates_.make_signed("server", "ca", "IP:127.0.0.1");
    certificates_.make_signed("node", "ca");
    start_etcd();
    require_login();
    write_secret("password", "secret\n");
    write_secret("guess", "guess\n");
  }
  void TearDown() override {
    node_.reset();
    etcd_.reset();
  }
  void start_etcd() {
    for (int i = 0; i < 5; ++i) {  // a port may be taken meanwhile
      const EtcdMember::Place place{
          .name = "m" + std::to_string(i),
          .data = at("etcd-" + std::to_string(i)),
          .client = free_address(),
          .peer = free_address(),
          .scheme = "https",
          .more = {"--client-cert-auth", "--trusted-ca-file", certificates_.cert("ca"),
                   "--cert-file", certificates_.cert("server"), "--key-file",
                   certificates_.key("server")}};
      etcd_.emplace(place, std::vector{place});
      if (etcd_->wait_until_it_listens()) return;
    }
    FAIL() << "etcd does not start";
  }
  // A user `suyuan` with rights to the log `trace` only: keys from "trace/" up to "trace0".
  void require_login() const {
    ask_etcd("user/add", R"({"name":"root","password":"r"})");
    ask_etcd("role/add", R"({"name":"root"})");
    ask_etcd("user/grant", R"({"user":"root","role":"root"})");
    ask_etcd("user/add", R"({"name":"suyuan","password":"secret"})");
    ask_etcd("role/add", R"({"name":"log"})");
    ask_etcd("role/grant", R"({"name":"log","perm":{"permType":"READWRITE",)"
                           R"("key":"dHJhY2Uv","range_end":"dHJhY2Uw"}})");
    ask_etcd("user/grant", R"({"user":"suyuan","role":"log"})");
    ask_etcd("enable", "{}");
  }
  void ask_etcd(const std::string& what, const std::string& body) const {
    const std::string command =
        "curl -sf -m 10 --retry 20 --retry-delay 1 --retry-all-errors --cacert " +
        certificates_.cert("ca") + " --cert " + certificates_.cert("node") + " --key " +
        certificates_.key("node") + " -X POST https://" + etcd_->client() + "/v3/auth/" + what +
        " -d '" + body + "' >/dev/null 2>&1";
    ASSERT_EQ(std::system(command.c_str()), 0) << what;
  }
  void write_secret(const std::string& name, const std::string& text) const {
    std::ofstream(at(name)) << text;
    fs::permissions(at(name), fs::perms::owner_read | fs::perms::owner_write);
  }
  std::vector<std::string> with_certificates() const {
    return {"--etcd",      etcd_->client(),           "--etcd-log",  "trace",
            "--etcd-ca",   certificates_.cert("ca"),  "--etcd-cert", certificates_.cert("node"),
            "--etcd-key",  certificates_.key("node")};
  }
  std::vector<std::string> with_password(const std::string& file) const {
    auto options = with_certificates();
    options.insert(options.end(), {"--etcd-user", "suyuan", "--etcd-password-file", at(file)});
    return options;
  }
  int migrate(const std::vector<std::string>& options) const {
    std::vector<std::string> command = {SUYUAN_NODE_PROGRAM, "migrate", "--data", data()};
    command.insert(command.end(), options.begin(), options.end());
    return run_program(command);
  }

  const testing::Certificates certificates_{at("certificates")};
  std::optional<EtcdMember> etcd_;
};

TEST_F(SecuredEtcd, TakesALogFromMigrateAndServeWithCertificateNameAndPassword) {
  EXPECT_EQ(migrate(with_certificates()), kExitFailed) << "without a name";
  EXPECT_EQ(migrate(with_password("guess")), kExitFailed) << "with a wrong password";
  EXPECT_EQ(migrate({"--etcd", etcd_->client(), "--etcd-log", "trace", "--etcd-ca",
                     certificates_.cert("ca"), "--etcd-user", "suyuan", "--etcd-password-file",
                     at("password")}),
            kExitFailed)
      << "without a certificate";
  ASSERT_EQ(migrate(with_password("password")), 0);

  auto options = with_password("password");
  options.insert(options.end(), {"--order", "etcd"});
  start(options);
  const Submission sent = load_->next();
  const auto taken = connect(node_->rpc_address())->submit(sent);
  ASSERT_TRUE(taken.outcome) << to_text(taken.outcome.error().front());
  wait_until_published();
  ASSERT_EQ(node_->end(SIGTERM), 0);
  start(options);
  const auto again = connect(node_->rpc_address())->submit(sent);
  ASSERT_TRUE(again.outcome) << to_text(again.outcome.error().front());
  EXPECT_TRUE(again.outcome->repeated);
  EXPECT_EQ(again.outcome->leaf, taken.outcome->leaf);
}

}  // namespace
}  // namespace suyuan::test
