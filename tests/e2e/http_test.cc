// The HTTP interface of a running node as a program sees it: what OpenAPI promises, parameters,
// paging, waiting, bad forms.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <future>
#include <set>
#include <sstream>

#include "ledger/os/files.h"
#include "proto/json/submission_json.h"
#include "tests/e2e/refusal_rows.h"

namespace suyuan::test {
namespace {

namespace json = boost::json;

std::string can(const std::string& serial) {
  return testing::code("sgtin:" + kFormula + ":" + serial);
}

class HttpTest : public ::testing::Test {
 protected:
  json::value get(const std::string& target) {
    const auto answer = ledger_.http().get(target);
    EXPECT_EQ(answer.status, 200) << target << ": " << answer.body;
    return answer.status == 200 ? json::parse(answer.body) : json::value();
  }
  void refuses(const std::string& target, Code code, int status, const std::string& field) {
    const auto answer = ledger_.http().get(target);
    const auto heard = heard_over_http(answer);
    ASSERT_FALSE(heard.errors.empty()) << target << ": " << answer.status << " " << answer.body;
    EXPECT_EQ(info(heard.errors[0].code).name, info(code).name) << target;
    EXPECT_EQ(heard.errors[0].field, field) << target;
    EXPECT_EQ(answer.status, status) << target;
  }
  // An observation of the can, one leaf each.
  void store(const std::string& serial, int count) {
    for (int i = 0; i < count; ++i)
      ledger_.accept("maker", {testing::observe("09:30", "storing", {can(serial)})});
  }
  static std::string of_code(const std::string& code, const std::string& question) {
    return "/v1/codes/" + percent_encode(code) + "/" + question;
  }

  SmallLedger ledger_;
};

std::set<std::string> documented_routes(const json::value& openapi) {
  std::set<std::string> routes;
  for (const auto& [path, methods] : openapi.at("paths").as_object()) {
    for (const auto& [method, about] : methods.as_object()) {
      std::string word(method);
      for (char& c : word) c = static_cast<char>(c - 'a' + 'A');
      routes.insert(word + " " + std::string(path));
    }
  }
  return routes;
}

TEST_F(HttpTest, AnswersEveryDocumentedRouteAndNoOther) {
  const auto& routes = ledger_.running().http_routes();
  EXPECT_EQ(documented_routes(get("/v1/openapi.json")),
            std::set<std::string>(routes.begin(), routes.end()));
}

TEST_F(HttpTest, TakesEveryDocumentedParameterAndNoOther) {
  store("A1", 1);
  const std::map<std::string, std::string> values = {{"at", "2026-06-01T10:00:00Z"},
                                                     {"knownAt", "4"},
                                                     {"size", "4"},
                                                     {"wait", "1"},
                                                     {"limit", "5"},
                                                     {"page", ""},
                                                     {"events", "true"},
                                                     {"kind", "lot"},
                                                     {"path", "true"},
                                                     {"from", "1"},
                                                     {"to", "2"},
                                                     {"code", percent_encode(can("A1"))},
                                                     {"leaf", "1"},
                                                     {"event", "0"},
                                                     {"tile", "0/000.p/1"},
                                                     {"index", "0"},
                                                     {"sha256", std::string(64, '0')},
                                                     {"id", "farm"},
                                                     {"gtin", kMilk},
                                                     {"gln", kGln}};
  const json::value openapi = get("/v1/openapi.json");
  for (const auto& [path, methods] : openapi.at("paths").as_object()) {
    const auto* about = methods.as_object().if_contains("get");
    if (about == nullptr || !about->as_object().contains("parameters") ||
        path.starts_with("/v1/attachments") || path == "/v1/access")  // session_test.cc
      continue;
    // A Digital Link's query holds attributes of the thing, whatever they are: resolver_test.cc.
    const bool link = path.size() > 1 && path[1] >= '0' && path[1] <= '9';
    if (path.starts_with("/page/") || link) continue;
    std::string target(path);
    if (target.starts_with("/v1/batches/")) continue;
    std::string query;
    for (const auto& parameter : about->at("parameters").as_array()) {
      const std::string name(parameter.at("name").as_string());
      ASSERT_TRUE(values.contains(name)) << path << " has a parameter that is not tested: " << name;
      const std::string braces = "{" + name + "}";
      if (parameter.at("in").as_string() == "path")
        target.replace(target.find(braces), braces.size(), values.at(name));
      else
        query += (query.empty() ? "?" : "&") + name + "=" + values.at(name);
    }
    const auto answer = ledger_.http().get(target + query);
    const bool nothing_there = answer.status == 404;  // a balance of a can, say
    EXPECT_TRUE(answer.status == 200 || nothing_there) << target + query << ": " << answer.body;
    refuses(target + "?unknown=1", Code::BAD_REQUEST, 400, "query.unknown");
  }
}

TEST_F(HttpTest, EveryAnswerNamesSizeAndLogTime) {
  store("A1", 1);
  for (const auto& target :
       {of_code(can("A1"), "trace"), of_code(can("A1"), "state"), std::string("/v1/status"),
        std::string("/v1/registry/parties"), std::string("/v1/events/4/0")}) {
    const auto answer = get(target);
    EXPECT_EQ(answer.at("head").at("size").to_number<int>(), 5) << target;
    EXPECT_FALSE(answer.at("head").at("logTime").is_null()) << target;
  }
}

TEST_F(HttpTest, ARepostedBatchGetsTheSameReceiptAnd200) {
  const auto batch = write_submission_json(
      ledger_.batch("maker", {testing::observe("09:30", "storing", {can("R1")})}));
  const auto first = ledger_.http().post("/v1/batches", batch);
  store("R2", 2);
  const auto again = ledger_.http().post("/v1/batches", batch);
  EXPECT_EQ(first.status, 201) << first.body;
  EXPECT_EQ(again.status, 200) << again.body;
  json::value one = json::parse(first.body).at("receipt");
  json::value two = json::parse(again.body).at("receipt");
  EXPECT_FALSE(one.at("repeated").as_bool());
  EXPECT_TRUE(two.at("repeated").as_bool());
  for (auto* receipt : {&one, &two}) {
    EXPECT_EQ(receipt->at("held").at("nodes"), json::array{"node-1"}) << "on this node's disk";
    EXPECT_EQ(receipt->at("held").at("of").to_number<int>(), 1);
    for (const char* grows : {"repeated", "held"}) receipt->as_object().erase(grows);
  }
  EXPECT_EQ(one, two);
}

// Pages of one entry: what comes between them must not show.
class PagingTest : public HttpTest {
 protected:
  std::vector<json::value> pages(const std::string& target, const std::string& what,
                                 const std::string& list) {
    std::vector<json::value> all;
    std::string page;
    for (int guard = 0; guard < 20; ++guard) {
      const auto answer = get(target + (page.empty() ? "" : "&page=" + percent_encode(page)));
      if (!answer.is_object()) break;
      const auto& body = answer.at(what);
      for (const auto& one : body.at(list).as_array()) all.push_back(one);
      const auto* next = body.as_object().if_contains("next");
      if (next == nullptr || next->as_string().empty()) break;
      page = std::string(next->as_string());
      between();
    }
    return all;
  }
  std::function<void()> between = [] {};
};

TEST_F(PagingTest, AChainIsPinnedToItsFirstPage) {
  store("P1", 4);
  between = [this] { store("P1", 1); };
  EXPECT_EQ(pages(of_code(can("P1"), "events") + "?limit=1", "chain", "entries").size(), 4U);
}

TEST_F(PagingTest, ATraceIsPinnedToItsFirstPage) {
  store("P1", 4);
  between = [this] { store("P1", 1); };
  EXPECT_EQ(pages(of_code(can("P1"), "trace") + "?limit=1", "trace", "steps").size(), 4U);
}

TEST_F(PagingTest, AForwardListIsPinnedToItsFirstPage) {
  const std::string lot = "lot:" + kFormula + ":L1";
  int made = 0;
  const auto make = [&] {
    ledger_.accept("maker",
                   {testing::commission("09:30", {can("F" + std::to_string(made++))}, lot)});
  };
  ledger_.accept("maker", {testing::commission("09:00", {lot + " 100 H87"})});
  for (int i = 0; i < 3; ++i) make();
  between = make;
  EXPECT_EQ(pages(of_code(testing::code(lot), "forward") + "?limit=1", "forward", "units").size(),
            3U);
}

TEST_F(PagingTest, TheRegistryListsEachPartyOnce) {
  std::vector<std::string> ids;
  for (const auto& party : pages("/v1/registry/parties?limit=1", "parties", "items")) {
    ids.emplace_back(party.at("id").as_string());
  }
  EXPECT_EQ(ids, (std::vector<std::string>{"carrier", "farm", "gateway", "maker", "registrar",
                                           "retired"}));
}

TEST_F(PagingTest, ATokenBelongsToItsQuestion) {
  store("P1", 3);
  store("P2", 3);
  const auto first = get(of_code(can("P1"), "trace") + "?limit=1");
  const std::string token = percent_encode(std::string(first.at("trace").at("next").as_string()));
  refuses(of_code(can("P2"), "trace") + "?page=" + token, Code::PAGE_TOKEN_INVALID, 400, "page");
  refuses(of_code(can("P1"), "events") + "?page=" + token, Code::PAGE_TOKEN_INVALID, 400, "page");
  refuses(of_code(can("P1"), "trace") + "?at=2026-06-01T09:00:00Z&page=" + token,
          Code::PAGE_TOKEN_INVALID, 400, "page");
}

TEST_F(HttpTest, WaitsForTheSizeThatAReaderNames) {
  auto reader = std::async(std::launch::async, [port = ledger_.running().http_port()] {
    HttpClient client(port);
    return client.get("/v1/status?size=5&wait=20000");
  });
  store("W1", 1);
  const auto answer = reader.get();
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(json::parse(answer.body).at("head").at("size").to_number<int>(), 5);
}

TEST_F(HttpTest, SaysThatTheSizeWasNotReached) {
  refuses("/v1/status?size=99&wait=20", Code::SIZE_NOT_REACHED, 409, "size");
  refuses("/v1/status?size=99", Code::SIZE_NOT_REACHED, 409, "size");
}

TEST_F(HttpTest, RefusesBadQueries) {
  const std::string trace = of_code(can("A1"), "trace");
  refuses(trace + "?limit=1&limit=2", Code::BAD_REQUEST, 400, "query.limit");
  refuses(trace + "?limit=%zz", Code::BAD_REQUEST, 400, "query");
  refuses(trace + "?limit=-1", Code::BAD_REQUEST, 400, "query.limit");
  refuses(trace + "?limit=4294967296", Code::BAD_REQUEST, 400, "query.limit");
  refuses(trace + "?at=yesterday", Code::BAD_REQUEST, 400, "query.at");
  refuses(trace + "?at=", Code::BAD_REQUEST, 400, "query.at");
  refuses(trace + "?knownAt=", Code::BAD_REQUEST, 400, "query.knownAt");
  refuses(trace + "?events=", Code::BAD_REQUEST, 400, "query.events");
  refuses(trace + "?events=maybe", Code::BAD_REQUEST, 400, "query.events");
  refuses("/v1/codes/%0", Code::BAD_REQUEST, 400, "path");
  refuses("/v1/codes/%00/trace", Code::BAD_REQUEST, 400, "path");
  refuses("/v1/events/x/0", Code::BAD_REQUEST, 400, "path");
  refuses("/v1/genesis?x=1", Code::BAD_REQUEST, 400, "query.x");
  refuses("/v1/openapi.json?x=1", Code::BAD_REQUEST, 400, "query.x");
}

TEST_F(HttpTest, SaysWhatAPathTakes) {
  refuses("/v2/status", Code::NOT_FOUND, 404, "path");
  refuses("/v1/codes//trace", Code::NOT_FOUND, 404, "path");
  const auto answer = ledger_.http().send({.method = "DELETE", .target = "/v1/batches"});
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.header("allow"), "POST");
}

TEST_F(HttpTest, AHeadIsAGetWithoutItsBody) {
  const auto get_answer = ledger_.http().get("/v1/genesis");
  const auto head = ledger_.http().send({.method = "HEAD", .target = "/v1/genesis"});
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.body, "");
  EXPECT_EQ(head.header("content-length"), std::to_string(get_answer.body.size()));
  EXPECT_EQ(ledger_.http().get("/healthz").body, "ok\n");  // The connection still fits together.
}

TEST_F(HttpTest, ABatchIsJson) {
  const auto answer = ledger_.http().send({.method = "POST",
                                           .target = "/v1/batches",
                                           .body = "x",
                                           .headers = {{"Content-Type", "text/plain"}}});
  EXPECT_EQ(answer.status, 415);
  const auto packed = ledger_.http().send({.method = "POST",
                                           .target = "/v1/batches",
                                           .body = "\x1F\x8B",
                                           .headers = {{"Content-Type", "application/json"},
                                                       {"Content-Encoding", "gzip"}}});
  EXPECT_EQ(packed.status, 415);
  EXPECT_NE(packed.body.find("uncompressed"), std::string::npos) << packed.body;
  const auto broken = heard_over_http(ledger_.http().post("/v1/batches", "{\"note\":"));
  ASSERT_FALSE(broken.errors.empty());
  EXPECT_EQ(broken.errors[0].code, Code::BAD_REQUEST);
  EXPECT_EQ(broken.status, 400);
}

TEST_F(HttpTest, TellsHowItIs) {
  EXPECT_EQ(ledger_.http().get("/healthz").status, 200);
  EXPECT_EQ(ledger_.http().get("/readyz").body, "ready\n");
  const auto metrics = ledger_.http().get("/metrics");
  EXPECT_EQ(metrics.status, 200);
  EXPECT_NE(metrics.body.find("\nsuyuan_log_leaves 4\n"), std::string::npos) << metrics.body;
}

TEST_F(HttpTest, TellsOfTheStoreToo) {
  const auto metrics = ledger_.http().get("/metrics").body;
  for (const std::string line :
       {"suyuan_store_commits_total 3", "suyuan_store_wal_syncs_total 3",
        "suyuan_store_stall_seconds_total 0", "suyuan_store_pending_compaction_bytes 0",
        "suyuan_store_background_errors 0", "suyuan_store_write_stopped 0"}) {
    EXPECT_NE(metrics.find("\n" + line + "\n"), std::string::npos) << line << "\n" << metrics;
  }
}

TEST_F(HttpTest, EveryMetricIsInTheOperatorsDocument) {
  const auto document =
      read_file(std::string(SUYUAN_SOURCE_DIR) + "/docs/metrics.md", 1 << 20).value();
  std::istringstream metrics(ledger_.http().get("/metrics").body);
  size_t count = 0;
  for (std::string line; std::getline(metrics, line);) {
    std::istringstream words(line);
    std::string hash, type, name;
    if (!(words >> hash >> type >> name) || hash != "#" || type != "TYPE") continue;
    EXPECT_TRUE(document.find("`" + name + "`") != std::string::npos ||
                document.find("`" + name + "{") != std::string::npos)
        << name;
    ++count;
  }
  EXPECT_GT(count, 25U);
}

TEST_F(HttpTest, GenesisIsLeafZeroByteForByte) {
  EXPECT_EQ(ledger_.http().get("/v1/genesis").body, ledger_.running().ledger().leaf);
}

}  // namespace
}  // namespace suyuan::test
