// etcd behind TLS with certificates of both sides, from a throw-away authority; and behind names
// and passwords.
#include <fstream>

#include "tests/unit/order/etcd/etcd_fixture.h"

namespace suyuan::test {
namespace {

class EtcdLogin : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!has_etcd()) GTEST_SKIP() << "etcd is not installed (Debian: etcd-server)";
    std::string path = std::filesystem::temp_directory_path() / "suyuan-login-XXXXXX";
    ASSERT_NE(::mkdtemp(path.data()), nullptr);
    folder_ = path;
  }
  void TearDown() override {
    member_.reset();
    if (!folder_.empty() && !HasFailure()) std::filesystem::remove_all(folder_);
  }
  std::string file(const std::string& name) const { return folder_ + "/" + name; }
  static void shell(const std::string& command) {
    ASSERT_EQ(std::system((command + " >/dev/null 2>&1").c_str()), 0) << command;
  }
  void make_authority(const std::string& name) const {
    shell("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
          "-subj /CN=" + name + " -keyout " + file(name + ".key") + " -out " + file(name + ".pem"));
  }
  void certify(const std::string& name, const std::string& by) const {
    std::ofstream(file(name + ".ext"))
        << "subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n";
    shell("openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=" + name +
          " -keyout " + file(name + ".key") + " -out " + file(name + ".csr"));
    shell("openssl x509 -req -in " + file(name + ".csr") + " -CA " + file(by + ".pem") +
          " -CAkey " + file(by + ".key") + " -CAcreateserial -days 2 -extfile " +
          file(name + ".ext") + " -out " + file(name + ".pem"));
  }
  void start(const std::string& scheme, const std::vector<std::string>& more) {
    for (int i = 0; i < 5; ++i) {  // a port may be taken meanwhile
      const EtcdMember::Place place{.name = "m" + std::to_string(i),
                                    .data = file("etcd-" + std::to_string(i)),
                                    .client = free_address(),
                                    .peer = free_address(),
                                    .scheme = scheme,
                                    .more = more};
      member_.emplace(place, std::vector{place});
      if (member_->wait_until_it_listens()) return;
    }
    FAIL() << "etcd does not start";
  }
  // One transaction; why it was not done; nullopt: it was.
  static std::optional<Code> tried(const EtcdOptions& options) {
    const auto kv = open_etcd(options);
    if (!kv) return kv.error().code;
    const auto put = (*kv)->txn({.then = {KvPut{.key = "trace/x", .value = "y"}}});
    return put ? std::nullopt : std::optional(put.error().code);
  }
  // A node that appends, and gets what it appended.
  static bool orders(const EtcdOptions& etcd) {
    auto kv = open_etcd(etcd);
    const Hash ledger = Hash::from(Bytes(32, 'l'));
    if (!kv || !found_log(**kv, "trace", {.ledger = ledger, .base = {}})) return false;
    Remembering follower;
    EtcdOrder order({.log = "trace",
                     .ledger = ledger,
                     .node = "a",
                     .clock = [] { return int64_t{1}; },
                     .decode = decode_word,
                     .sign = [key = std::make_shared<KeyPair>(key_of_node("a"))](
                                 BytesView text) { return sign(key->secret, text); },
                     .nodes = nodes_of_log()},
                    *std::move(kv));
    order.follow({}, follower);
    std::unique_ptr<Proposal> word = std::make_unique<Word>("a 1", false);
    const bool done =
        eventually([&] { return word == nullptr || order.append(word).has_value(); }) &&
        eventually([&] { return follower.words() == 1; }) &&
        eventually([&] { return order.leads(); });
    order.stop();
    return done;
  }

  std::string folder_;
  std::optional<EtcdMember> member_;
};

TEST_F(EtcdLogin, TlsWithCertificatesOfBothSides) {
  make_authority("ca");
  make_authority("stranger");
  certify("server", "ca");
  certify("node", "ca");
  certify("rogue", "stranger");
  start("https", {"--cert-file", file("server.pem"), "--key-file", file("server.key"),
                  "--client-cert-auth", "--trusted-ca-file", file("ca.pem")});
  EtcdOptions good{.endpoints = {member_->client()},
                   .ca = file("ca.pem"),
                   .cert = file("node.pem"),
                   .key = file("node.key")};
  ASSERT_TRUE(eventually([&] { return !tried(good); }));
  EXPECT_TRUE(orders(good));

  good.patience = std::chrono::milliseconds(500);
  EtcdOptions other_server = good;
  other_server.ca = file("stranger.pem");
  EXPECT_EQ(tried(other_server), Code::UNAVAILABLE) << "a server that nobody vouches for";
  EtcdOptions rogue = good;
  rogue.cert = file("rogue.pem");
  rogue.key = file("rogue.key");
  EXPECT_EQ(tried(rogue), Code::UNAVAILABLE) << "a client that nobody vouches for";
  EtcdOptions nobody = good;
  nobody.cert.clear();
  nobody.key.clear();
  EXPECT_EQ(tried(nobody), Code::UNAVAILABLE) << "a client without a certificate";
  EXPECT_EQ(tried({.endpoints = good.endpoints, .patience = good.patience}), Code::UNAVAILABLE)
      << "plain";
  EtcdOptions no_file = good;
  no_file.ca = file("absent.pem");
  EXPECT_TRUE(tried(no_file));
}

TEST_F(EtcdLogin, NamesAndPasswordsWithRightsToTheLogAlone) {
  start("http", {});
  const auto ask = [&](const std::string& what, const std::string& body) {
    shell("curl -sf -m 10 -X POST http://" + member_->client() + "/v3/auth/" + what + " -d '" +
          body + "'");
  };
  ASSERT_TRUE(eventually([&] { return !tried({.endpoints = {member_->client()}}); }));
  ask("user/add", R"({"name":"root","password":"r"})");
  ask("role/add", R"({"name":"root"})");
  ask("user/grant", R"({"user":"root","role":"root"})");
  ask("user/add", R"({"name":"node","password":"secret"})");
  ask("role/add", R"({"name":"log"})");
  // "trace/" up to "trace0"
  ask("role/grant",
      R"({"name":"log","perm":{"permType":"READWRITE","key":"dHJhY2Uv","range_end":"dHJhY2Uw"}})");
  ask("user/grant", R"({"user":"node","role":"log"})");
  ask("enable", "{}");

  EtcdOptions node{.endpoints = {member_->client()}, .user = "node", .password = "secret"};
  EXPECT_FALSE(tried(node));
  EXPECT_TRUE(orders(node));
  EXPECT_EQ(tried({.endpoints = node.endpoints}), Code::UNAVAILABLE) << "without a name";
  EtcdOptions wrong = node;
  wrong.password = "guess";
  EXPECT_EQ(tried(wrong), Code::UNAVAILABLE);
  const auto kv = open_etcd(node);
  ASSERT_TRUE(kv);
  EXPECT_FALSE((*kv)->txn({.then = {KvPut{.key = "other/x", .value = "y"}}}))
      << "another log is not its business";
}

}  // namespace
}  // namespace suyuan::test
