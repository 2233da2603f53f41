// The Digital Link resolver of a running node: one address for a person, a program and a verifier.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <set>

#include "ledger/code/gs1_text.h"
#include "proto/json/bundle_json.h"
#include "tests/e2e/small_ledger.h"
#include "tests/support/vectors.h"

namespace suyuan::test {
namespace {

namespace json = boost::json;

ServeOptions public_node() {
  ServeOptions options;
  options.seal_interval_ms = 50;
  options.public_url = "https://trace.example";
  return options;
}

const std::string kClass = "/01/" + kFormula;
const std::string kLot = kClass + "/10/L1";
const std::string kUnit = kClass + "/21/S1";
const std::string kBrowser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const std::string kVoc = "https://ref.gs1.org/voc/";

class ResolverTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    ledger_ = std::make_unique<SmallLedger>(public_node());
    const std::string lot = "lot:" + kFormula + ":L1";
    ledger_->accept("maker", {testing::commission("09:00", {lot + " 10 H87"})});
    std::vector<std::string> units;
    for (int i = 1; i <= 5; ++i) units.push_back("sgtin:" + kFormula + ":S" + std::to_string(i));
    ledger_->accept("maker", {testing::commission("09:30", units, lot)});
    auto stored = testing::observe("10:00", "storing", {units[0]});
    stored.certifications = {"https://certifier.example/c/1", "https://certifier.example/c/2"};
    const auto receipt = ledger_->accept("maker", {stored});
    // From its seal on the log stands still, and answers can be compared.
    const auto sealed = ledger_->http().get(
        "/v1/codes/" + percent_encode("https://id.gs1.org" + kUnit) + "/bundle?wait=20000&size=" +
        std::to_string(receipt.leaf + 1));
    ASSERT_EQ(sealed.status, 200) << sealed.body;
  }
  static void TearDownTestSuite() { ledger_.reset(); }

  static HttpAnswer ask(const std::string& target, const std::string& accept = "",
                        const std::string& method = "GET") {
    HttpAsked asked{.method = method, .target = target};
    if (!accept.empty()) asked.headers["Accept"] = accept;
    return ledger_->http().send(asked);
  }
  static json::value body_of(const HttpAnswer& answer) {
    EXPECT_EQ(answer.status, 200) << answer.body;
    return json::parse(answer.body);
  }
  static std::string problem_of(const HttpAnswer& answer) {
    EXPECT_EQ(answer.header("content-type"), "application/problem+json") << answer.body;
    return answer.body;
  }
  static std::vector<std::string> items(const json::value& answer) {
    std::vector<std::string> codes;
    for (const auto& item : answer.at("below").at("items").as_array()) {
      codes.emplace_back(item.at("code").as_string());
    }
    return codes;
  }

  static std::unique_ptr<SmallLedger> ledger_;
};
std::unique_ptr<SmallLedger> ResolverTest::ledger_;

TEST_F(ResolverTest, ABrowserGetsThePageAndAProgramTheProvenance) {
  const auto page = ask(kUnit, kBrowser);
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.header("content-type"), "text/html; charset=utf-8");
  EXPECT_NE(page.header("vary").find("Accept"), std::string::npos);
  EXPECT_EQ(ask(kUnit).header("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(ask(kUnit + "/", kBrowser).status, 200) << "a slash at the end is borne";

  const auto trace = ask(kUnit, "application/json");
  EXPECT_EQ(trace.header("vary"), "Accept, Authorization");
  EXPECT_EQ(trace.header("content-location"),
            "/v1/codes/" + percent_encode("https://id.gs1.org" + kUnit) + "/trace");
  const auto same = ledger_->http().get(trace.header("content-location"));
  EXPECT_EQ(trace.body, same.body);
  EXPECT_EQ(body_of(trace).at("trace").at("steps").as_array().size(), 3U);
  EXPECT_EQ(ask(kUnit, "text/html;q=0.3,application/json;q=0.4").body, same.body);
  EXPECT_EQ(body_of(ask(kUnit + "?events=true&limit=1&17=280602&lang=zh", "application/json"))
                .at("trace").at("events").as_array().size(), 1U);
}

TEST_F(ResolverTest, ABundleIsServedUnderItsMediaType) {
  // With and without its version.
  for (const std::string& accept :
       {std::string(kBundleMediaType), std::string("application/vnd.suyuan.bundle+json")}) {
    const auto answer = ask(kUnit, accept);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("content-type"), std::string(kBundleMediaType));
    EXPECT_EQ(ask(kUnit + "?linkType=gs1:traceability", accept).header("content-type"),
              std::string(kBundleMediaType));
  }
}

TEST_F(ResolverTest, TheQualifiersMayStandInEveryOrderOfTheStandardAndNoOther) {
  const auto unit = ask(kUnit, "application/json").body;
  EXPECT_EQ(ask(kLot + "/21/S1", "application/json").body, unit);
  EXPECT_EQ(ask(kClass + "/22/2A/10/L1/21/S1", "application/json").body, unit);
  const auto wrong = ask(kClass + "/21/S1/10/L1", "application/json");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_NE(problem_of(wrong).find("in this order: 22, 10"), std::string::npos);
  EXPECT_EQ(ask(kClass + "?21=S1", "application/json").status, 400) << "it would be lost";
}

TEST_F(ResolverTest, AnInvalidLinkIs400AndNamesTheDigit) {
  const auto wrong = ask("/01/09521104301010/21/S1", "application/json");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_NE(problem_of(wrong).find("(place 14) is 0, expected 1"), std::string::npos);
  const auto letter = ask("/01/0952110430101O", "application/json");
  EXPECT_NE(problem_of(letter).find("at place 14, expected a digit"), std::string::npos);
  for (const auto* target : {"/00/1", "/414/x", "/8003/10614141123452", "/415/9521206000003",
                             "/01/2012345678903", "/01/09521104301011/10/", "/01/%ff"}) {
    const auto answer = ask(target, "application/json");
    EXPECT_EQ(answer.status, 400) << target << " " << answer.body;
  }
  // A person is shown the page, which says the same in words; the status stays honest.
  const auto page = ask("/01/09521104301010", kBrowser);
  EXPECT_EQ(page.status, 400);
  EXPECT_EQ(page.header("content-type"), "text/html; charset=utf-8");
}

TEST_F(ResolverTest, AnUnknownCodeIs404ButAPersonIsShownThePage) {
  const auto unknown = ask(kClass + "/21/NOBODY", "application/json");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_NE(problem_of(unknown).find("NOT_FOUND"), std::string::npos);
  EXPECT_EQ(unknown.header("access-control-allow-origin"), "*");
  EXPECT_EQ(ask(kClass + "/21/NOBODY?linkType=linkset").status, 404);
  const auto page = ask(kClass + "/21/NOBODY", kBrowser);
  EXPECT_EQ(page.status, 404);
  EXPECT_EQ(page.header("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.header("cache-control"), "no-store");
  EXPECT_EQ(page.header("etag"), "");
  EXPECT_EQ(page.body, ask("/", kBrowser).body);
}

TEST_F(ResolverTest, APlaceIsResolvedToItsSite) {
  EXPECT_EQ(body_of(ask("/414/" + kGln, "application/json")).at("sites").at("items").at(0)
                .at("gln").as_string(), kGln);
  EXPECT_EQ(ask("/414/" + kGln, kBrowser).status, 200);
}

TEST(ResolverKeysTest, EveryKeyIsResolved) {
  const std::vector<std::string> paths = {
      "/00/395211040000010020", "/01/09521104301011/21/K1", "/253/0614141123452400",
      "/255/0811625999996554433", "/401/0614141xyz47%2F11", "/402/95211040000010029",
      "/414/9521206000003", "/415/9521206000003/8020/A1", "/417/9521206000003",
      "/8003/09521206000003A-7", "/8004/9521104Tank-7", "/8006/095211043010110102/21/9",
      "/8010/9521104AB/8011/1", "/8013/1987654Ad4X4bL5ttr2310c2K", "/8017/952110400000010029",
      "/8018/952110400000010029"};
  std::set<std::string_view> keys;
  std::vector<std::string> codes;
  for (const std::string& path : paths) {
    keys.insert(std::string_view(path).substr(1, path.find('/', 1) - 1));
    codes.push_back("https://id.gs1.org" + path);
  }
  EXPECT_EQ(keys, (std::set<std::string_view>(gs1_keys().begin(), gs1_keys().end())));
  // A ledger of its own, since it grows.
  SmallLedger ledger(public_node());
  const auto of = [&](const std::string& path) {
    return ledger.http().send({.target = path, .headers = {{"Accept", "application/json"}}});
  };
  for (size_t i = 0; i < paths.size(); ++i) {
    const auto unknown = of(paths[i]);
    EXPECT_EQ(unknown.status, 404) << paths[i];
    EXPECT_NE(unknown.body.find("no event names"), std::string::npos) << unknown.body;
    EXPECT_NE(unknown.body.find(codes[i]), std::string::npos) << unknown.body;
  }
  ledger.accept("maker", {testing::observe("10:00", "storing", codes)});
  for (size_t i = 0; i < paths.size(); ++i) {
    const auto known = of(paths[i]);
    ASSERT_EQ(known.status, 200) << paths[i] << ": " << known.body;
    EXPECT_EQ(json::parse(known.body).at("head").at("code").as_string(), codes[i]);
  }
  EXPECT_EQ(of("/999/1").status, 404);
}

TEST_F(ResolverTest, OneAddressNamesTheLinksOfEveryLevel) {
  const auto answer = ask(kLot + "/21/S1", "application/linkset+json");
  EXPECT_EQ(answer.header("content-type"), "application/linkset+json");
  EXPECT_NE(answer.header("link").find("ref.gs1.org/standards/resolver/linkset-context"),
            std::string::npos);
  EXPECT_EQ(answer.body, ask(kLot + "/21/S1?linkType=linkset", kBrowser).body);
  EXPECT_EQ(answer.body, ask(kLot + "/21/S1?linkType=all").body);
  const auto linkset = body_of(answer).at("linkset").as_array();
  ASSERT_EQ(linkset.size(), 3U);
  EXPECT_EQ(linkset[0].at("anchor").as_string(), "https://trace.example" + kLot + "/21/S1");
  EXPECT_EQ(linkset[1].at("anchor").as_string(), "https://trace.example" + kLot);
  EXPECT_EQ(linkset[2].at("anchor").as_string(), "https://trace.example" + kClass);
  for (const auto& level : linkset) {
    const auto& normal = level.at(kVoc + "defaultLink").as_array();
    ASSERT_EQ(normal.size(), 1U);
    EXPECT_EQ(normal[0].as_object().size(), 2U) << "a default link has an address and a title";
  }
  EXPECT_EQ(linkset[0].at(kVoc + "traceability").as_array().size(), 2U);
  EXPECT_EQ(linkset[0].at(kVoc + "certificationInfo").as_array().size(), 2U);
  EXPECT_TRUE(linkset[2].as_object().contains(kVoc + "masterData"));
  EXPECT_TRUE(linkset[2].as_object().contains("description"));
}

// What the standard's linkset schema demands, in words of ours.
TEST_F(ResolverTest, LinksetsKeepToTheStandardsSchema) {
  std::set<std::string> fields;
  for (const auto& path : {kUnit, kLot, kClass, "/414/" + kGln}) {
    const json::value whole = body_of(ask(path + "?linkType=linkset"));
    for (const auto& level : whole.at("linkset").as_array()) {
      for (const auto& [name, value] : level.as_object()) {
        if (name == "anchor") {
          EXPECT_TRUE(value.as_string().starts_with("https://"));
          continue;
        }
        if (name == "description") continue;
        EXPECT_TRUE(name.starts_with(kVoc)) << name;
        for (const auto& link : value.as_array()) {
          EXPECT_TRUE(link.at("href").as_string().starts_with("https://")) << link;
          EXPECT_FALSE(link.at("title").as_string().empty()) << link;
          for (const auto& [field, of] : link.as_object()) fields.insert(field);
        }
      }
    }
  }
  EXPECT_EQ(fields, (std::set<std::string>{"href", "hreflang", "title", "type"}));
}

// The same members, of the same kinds, as in the linkset of GS1's own resolver.
TEST_F(ResolverTest, LinksetsHaveTheShapeOfTheStandardsExample) {
  SUYUAN_SHARED_VECTORS(example, "epcis/schema/resolver/linkset.json");
  const auto& theirs = example.at("linkset").at(0).as_object();
  const auto ours = body_of(ask(kUnit + "?linkType=linkset")).at("linkset").at(0).as_object();
  EXPECT_EQ(ours.at("anchor").kind(), theirs.at("anchor").kind());
  const auto& their_link = theirs.at("https://gs1.org/voc/epil").at(0).as_object();
  for (const auto& [field, value] : ours.at(kVoc + "pip").at(0).as_object()) {
    ASSERT_TRUE(their_link.contains(field)) << field;
    EXPECT_EQ(value.kind(), their_link.at(field).kind()) << field;
  }
}

TEST_F(ResolverTest, ALinkTypeIsAnsweredHereOrSentOn) {
  for (const std::string type : {"gs1:pip", "https://gs1.org/voc/pip", "gs1:defaultLink"}) {
    EXPECT_EQ(ask(kUnit + "?linkType=" + percent_encode(type), "application/json")
                  .header("content-type"), "text/html; charset=utf-8") << type;
  }
  EXPECT_EQ(ask(kUnit + "?linkType=gs1:traceability", kBrowser).header("content-type"),
            "application/json");
  // Of the class, from any level below it.
  const auto product = ask(kUnit + "?linkType=gs1:masterData");
  EXPECT_EQ(product.status, 307);
  EXPECT_EQ(product.header("location"),
            "https://trace.example/v1/registry/products/" + kFormula);
}

TEST_F(ResolverTest, SeveralLinksOfATypeAreAChoice) {
  const auto choice = ask(kUnit + "?linkType=gs1:certificationInfo");
  EXPECT_EQ(choice.status, 300);
  EXPECT_EQ(choice.header("content-type"), "application/linkset+json");
  EXPECT_EQ(json::parse(choice.body).at("linkset").at(0).at(kVoc + "certificationInfo")
                .as_array().size(), 2U);
  EXPECT_EQ(ask(kUnit + "?linkType=gs1:recipeInfo").status, 404);
  EXPECT_EQ(ask(kUnit + "?linkType=http://other.example/x").status, 404);
}

TEST_F(ResolverTest, ABareGtinListsLotsAndUnits) {
  const auto all = items(body_of(ask(kClass, "application/json")));
  ASSERT_EQ(all.size(), 6U);
  EXPECT_EQ(all[0], "https://id.gs1.org" + kLot);
  EXPECT_EQ(all[1], "https://id.gs1.org" + kUnit);
  EXPECT_EQ(items(body_of(ask(kClass + "?kind=lot", "application/json"))).size(), 1U);
  EXPECT_EQ(items(body_of(ask(kClass + "?kind=serial", "application/json"))).size(), 5U);
  std::vector<std::string> paged;
  std::string target = kClass + "?limit=2";
  for (int guard = 0; guard < 9; ++guard) {
    const auto page = body_of(ask(target, "application/json"));
    for (const auto& code : items(page)) paged.push_back(code);
    const auto* next = page.at("below").as_object().if_contains("next");
    if (next == nullptr) break;
    target = kClass + "?limit=2&page=" + percent_encode(std::string(next->as_string()));
  }
  EXPECT_EQ(paged, all);
  const auto units = ask("/v1/codes/" + percent_encode("https://id.gs1.org" + kLot) + "/below");
  EXPECT_EQ(items(body_of(units)).size(), 5U);
  EXPECT_EQ(ask(kClass + "?kind=box", "application/json").status, 400);
  EXPECT_EQ(ask("/01/" + kMilk, "application/json").status, 200) << "registered, nothing below";
  EXPECT_EQ(ask("/01/09506000134352", "application/json").status, 404);
}

TEST_F(ResolverTest, ALotHasItsTraceAndListsItsUnits) {
  const auto answer = ask(kLot, "application/json");
  EXPECT_EQ(answer.header("content-location"), "") << "no other address has both";
  const auto body = body_of(answer);
  const std::string at = "/v1/codes/" + percent_encode("https://id.gs1.org" + kLot);
  EXPECT_EQ(body.at("trace"), body_of(ledger_->http().get(at + "/trace")).at("trace"));
  EXPECT_EQ(body.at("below"), body_of(ledger_->http().get(at + "/below")).at("below"));
  const auto units = items(body);
  ASSERT_EQ(units.size(), 5U);
  EXPECT_EQ(units[0], "https://id.gs1.org" + kUnit);

  EXPECT_EQ(items(body_of(ledger_->http().get(at + "/below?kind=serial"))), units);
  EXPECT_TRUE(items(body_of(ledger_->http().get(at + "/below?kind=lot"))).empty());
  const auto first = body_of(ask(kLot + "?limit=2", "application/json"));
  ASSERT_EQ(items(first).size(), 2U);
  const std::string next(first.at("below").at("next").as_string());
  const auto second = ledger_->http().get(at + "/below?limit=2&page=" + percent_encode(next));
  EXPECT_EQ(items(body_of(second)).front(), units[2]);
  const auto later = body_of(ask(kLot + "?limit=2&at=2027-01-01T00:00:00Z", "application/json"));
  const std::string of_later(later.at("below").at("next").as_string());
  EXPECT_EQ(items(body_of(ledger_->http().get(at + "/below?limit=2&page=" +
                                              percent_encode(of_later)))),
            items(body_of(second)));
  EXPECT_EQ(items(body_of(ask(kLot + "?kind=serial", "application/json"))), units);
  EXPECT_TRUE(items(body_of(ask(kLot + "?kind=lot", "application/json"))).empty());
  EXPECT_EQ(ask(kLot + "?kind=box", "application/json").status, 400);
  EXPECT_FALSE(body_of(ask(kUnit, "application/json")).as_object().contains("below"));
}

TEST_F(ResolverTest, OtherSitesMayAskAndHeadersSayHow) {
  const auto head = ask(kUnit, "application/json", "HEAD");
  EXPECT_EQ(head.status, 200);
  EXPECT_TRUE(head.body.empty());
  EXPECT_EQ(head.header("access-control-allow-origin"), "*");
  EXPECT_NE(head.header("link").find("<https://trace.example" + kUnit +
                                     "?linkType=linkset>; rel=\"linkset\""), std::string::npos);
  EXPECT_NE(head.header("link").find("<https://id.gs1.org" + kUnit + ">; rel=\"canonical\""),
            std::string::npos);
  const auto options = ask(kUnit, "", "OPTIONS");
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(options.header("access-control-allow-methods"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(options.header("access-control-allow-headers"),
            "Accept, Accept-Language, Authorization");
  EXPECT_EQ(ask(kUnit, "", "POST").status, 405);
}

TEST_F(ResolverTest, WhatNobodyServesIs406) {
  const auto answer = ask(kUnit, "image/png");
  EXPECT_EQ(answer.status, 406);
  EXPECT_NE(problem_of(answer).find("application/linkset+json"), std::string::npos);
}

TEST_F(ResolverTest, DescribesItselfAsTheStandardAsks) {
  const auto answer = ask("/.well-known/gs1resolver");
  EXPECT_EQ(answer.header("access-control-allow-origin"), "*");
  const auto ours = body_of(answer).as_object();
  EXPECT_EQ(ours.at("resolverRoot").as_string(), "https://trace.example");
  EXPECT_EQ(ours.at("supportedPrimaryKeys").as_array().size(), gs1_keys().size());
  SUYUAN_SHARED_VECTORS(example, "epcis/schema/resolver/gs1resolver.json");
  for (const auto& [name, value] : ours) {
    // Named in later releases of the standard than the example's.
    if (name == "linkTypeDefaultCanBeLinkset" || name == "jsonLdContextLocation") continue;
    ASSERT_TRUE(example.as_object().contains(name)) << name;
    EXPECT_EQ(value.kind(), example.at(name).kind()) << name;
  }
}

TEST(ResolverAddress, WithoutAPublicAddressLinksFollowTheHostHeader) {
  SmallLedger ledger;
  const HttpAsked asked{.target = "/01/" + kMilk + "?linkType=linkset"};
  const auto own = ledger.http().send(asked);
  EXPECT_NE(own.body.find("\"http://localhost/01/" + kMilk + "\""), std::string::npos) << own.body;
  const auto with_host = [&](const std::string& host) {
    ledger.http().write("GET " + asked.target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    const auto answer = ledger.http().read();
    return answer ? answer->body : std::string();
  };
  EXPECT_NE(with_host("[::1]:7480").find("\"http://[::1]:7480/01/"), std::string::npos);
  EXPECT_EQ(with_host("evil\"><script>").find("<script"), std::string::npos);
}

}  // namespace
}  // namespace suyuan::test
