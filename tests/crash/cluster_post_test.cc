// suyuan post --nodes, run again.
#include "tests/crash/cluster.h"

namespace suyuan::test {
namespace {

// What the first run posted is in its journal; it is unknown which nodes had it then.
TEST_F(Cluster, PostedAgainAFileIsAskedForOnAllNodesAgain) {
  const auto suyuan = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"env", "XDG_CONFIG_HOME=" + folder_ + "/config", "timeout", "100",
                                 SUYUAN_PROGRAM, "--node", rpc(0), "--genesis",
                                 data(0) + "/genesis.leaf"});
    return run_program(words);
  };
  const std::string key = folder_ + "/farm.key";
  ASSERT_EQ(suyuan({"keygen", "farm", "--out", key}), 0);
  ASSERT_EQ(suyuan({"register", "--key", key, "--name", "farm", "--role", "producer", "--out",
                    folder_ + "/farm.json"}),
            0);
  ASSERT_EQ(suyuan({"approve", folder_ + "/farm.json", "--key",
                    data(0) + "/keys/registrar.key"}),
            0);
  const auto register_product = [&](const std::string& gtin) {
    const std::string product = folder_ + "/product.json";
    std::ofstream(product) << R"([{"act":"registerProduct","product":{"gtin":")" + gtin +
                                  R"(","name":"Milk","owner":"farm","uom":"KGM"}}])";
    return suyuan({"registry", product, "--key", data(0) + "/keys/registrar.key"});
  };
  ASSERT_EQ(register_product("09521101100013"), 0);
  const std::string file = folder_ + "/one.json";
  std::ofstream(file) << R"({"@context":[)"
                         R"("https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],)"
                         R"("type":"EPCISDocument","schemaVersion":"2.0",)"
                         R"("creationDate":"2026-06-01T00:00:00Z","epcisBody":{"eventList":[{)"
                         R"("type":"ObjectEvent","eventTime":"2026-06-01T08:00:00+08:00",)"
                         R"("eventTimeZoneOffset":"+08:00","action":"ADD",)"
                         R"("bizStep":"commissioning","disposition":"active","quantityList":[)"
                         R"({"epcClass":"https://id.gs1.org/01/09521101100013/10/L1",)"
                         R"("quantity":100,"uom":"KGM"}]}]}})";
  const std::vector<std::string> post = {"post", file, "--key", key, "--nodes", "3"};
  // A node that slept while the batch was sealed signs the next tree: the command waits in vain.
  if (suyuan(post) != 0) {
    ASSERT_EQ(register_product("09521101100020"), 0);
    ASSERT_EQ(suyuan(post), 0);
  }
  std::string again = "XDG_CONFIG_HOME=" + folder_ + "/config timeout 100 " SUYUAN_PROGRAM
                      " --json --node " + rpc(0) + " --genesis " + data(0) + "/genesis.leaf";
  for (const auto& word : post) again += " " + word;
  ASSERT_EQ(run_program({"sh", "-c", again + " >" + folder_ + "/said"}), 0);
  std::ifstream said(folder_ + "/said");
  const std::string text(std::istreambuf_iterator<char>(said), {});
  EXPECT_NE(text.find(R"("postedBefore":1)"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("nodes":["node-0","node-1","node-2"])"), std::string::npos) << text;
}

}  // namespace
}  // namespace suyuan::test
