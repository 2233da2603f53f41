// Nodes that reach each other over TLS: what a node missed, and another's store, come from who has
// a certificate of --peer-ca, and from nobody else.
#include <optional>
#include <sstream>

#include "ledger/apply/apply.h"
#include "tests/crash/rejoin_fixture.h"
#include "tests/support/certificates.h"

namespace suyuan::test {
namespace {

class PeersOverTls : public Rejoin {
 protected:
  bool prepare() override {
    certs_.emplace(folder_ + "/certificates");
    certs_->make("nodes", "IP:127.0.0.1");
    certs_->make("others", "IP:127.0.0.1");
    return true;
  }
  std::vector<std::string> more_options(size_t) const override { return tls("nodes"); }
  std::vector<std::string> tls(const std::string& trusted) const {
    return {"--tls-cert", certs_->cert("nodes"), "--tls-key", certs_->key("nodes"), "--peer-ca",
            certs_->cert(trusted)};
  }
  // What it ends with, and what it says.
  std::pair<int, std::string> run(const std::vector<std::string>& words) const {
    const std::string said = folder_ + "/said";
    std::vector<std::string> all = {"sh", "-c", "exec \"$@\" >" + said + " 2>&1", "sh"};
    all.insert(all.end(), words.begin(), words.end());
    const int code = run_program(all);
    std::ostringstream text;
    text << std::ifstream(said).rdbuf();
    return {code, text.str()};
  }

  std::optional<testing::Certificates> certs_;
};

TEST_F(PeersOverTls, WhatANodeMissedComesFromWhomItTrustsAndFromNobodyElse) {
  Load load(data(0), rpc(0));
  post(load, 0, 10);
  ASSERT_TRUE(settle());
  stop(2);
  post(load, 1, 20);
  ASSERT_TRUE(eventually([&] { return stand(0).published == stand(0).leaves; }));
  trim_all();

  std::vector<std::string> serve = {"timeout", "30",  SUYUAN_NODE_PROGRAM, "serve", "--data",
                                    data(2),   "--rpc", "127.0.0.1:0",     "--http",
                                    "127.0.0.1:0"};
  for (const auto& words : {order_options(), tls("others")})
    serve.insert(serve.end(), words.begin(), words.end());
  const auto [code, said] = run(serve);
  EXPECT_NE(code, 0);
  EXPECT_NE(said.find("what this node missed does not come from"), std::string::npos) << said;
  EXPECT_NE(said.find("https://127.0.0.1:"), std::string::npos) << said;
  EXPECT_NE(said.find("certificate verify failed"), std::string::npos) << said;
  EXPECT_LT(read_head(store(2)->reader())->leaves, stand(0).leaves) << "it took nothing";

  start(2);
  ASSERT_TRUE(settle());
  expect_all_hold(load);
  expect_one_ledger();
}

TEST_F(PeersOverTls, AStoreIsTakenFromWhomAJoinTrustsAndFromNobodyElse) {
  Load load(data(0), rpc(0));
  post(load, 0, 10);
  ASSERT_TRUE(settle());
  stop(2);
  wipe(2);
  for (const char* made : {"store", "genesis.leaf", "policy", "restored", "keys/log.key"})
    std::filesystem::remove_all(data(2) + "/" + made);
  const std::string from =
      "node-0=https://127.0.0.1:" + std::to_string(nodes_[0]->http_port());
  const auto join = [&](const std::string& trusted) {
    return run({SUYUAN_NODE_PROGRAM, "join", "--data", data(2), "--genesis",
                data(0) + "/genesis.leaf", "--log-key", data(0) + "/keys/log.key", "--store-from",
                from, "--peer-ca", certs_->cert(trusted)});
  };
  const auto [refused, why] = join("others");
  EXPECT_EQ(refused, 1);
  EXPECT_NE(why.find("certificate verify failed"), std::string::npos) << why;
  const auto [joined, said] = join("nodes");
  ASSERT_EQ(joined, 0) << said;

  start(2);
  ASSERT_TRUE(settle());
  expect_all_hold(load);
  expect_one_ledger();
}

}  // namespace
}  // namespace suyuan::test
