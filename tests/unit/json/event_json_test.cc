#include "proto/json/event_json.h"

#include <gtest/gtest.h>

#include "ledger/base/limits.h"
#include "ledger/event/validate.h"

namespace suyuan {
namespace {

// A good event with one more member.
std::string with(std::string_view member) {
  return R"({"type":"object","kind":"supply","action":"OBSERVE",)"
         R"("eventTime":"2026-06-02T05:30:00Z","objects":["09521104301011"])" +
         std::string(member.empty() ? "" : ",") + std::string(member) + "}";
}

TraceEvent event_of(std::string_view member) {
  auto parsed = parse_event_json(with(member));
  EXPECT_TRUE(parsed) << to_text(parsed.error());
  return parsed ? parsed->event : TraceEvent{};
}

testing::AssertionResult refused(std::string_view text, Code code, std::string_view field) {
  const auto parsed = parse_event_json(text);
  if (parsed) return testing::AssertionFailure() << "accepted";
  if (parsed.error().code == code && parsed.error().field == field) {
    return testing::AssertionSuccess();
  }
  return testing::AssertionFailure() << to_text(parsed.error());
}

TEST(EventJson, MakesCodesCanonical) {
  const auto event = event_of(R"("readPoint":"9521104000013","transactions":[])");
  EXPECT_EQ(event.objects.at(0).code, "https://id.gs1.org/01/09521104301011");
  EXPECT_EQ(event.read_point, "https://id.gs1.org/414/9521104000013");
  EXPECT_TRUE(faults_of(event).empty());
}

TEST(EventJson, TakesQuantitiesAsNumbersOrTextsExactly) {
  const std::string head = R"({"type":"object","kind":"supply","action":"ADD",)"
                           R"("eventTime":"2026-06-02T05:30:00Z",)"
                           R"("objects":[{"code":"09521104301011",)";
  for (const auto* quantity : {"0.1", "\"0.1\"", "0.100"}) {
    const auto parsed = parse_event_json(head + "\"quantity\":" + quantity + ",\"uom\":\"KGM\"}]}");
    ASSERT_TRUE(parsed) << quantity;
    EXPECT_EQ(parsed->event.objects[0].quantity, Decimal::parse("0.1")) << quantity;
  }
  for (const auto* quantity : {"1e3", "\"\"", "null", "\"1,5\"", "0.0000000001", "true", "[]"}) {
    EXPECT_TRUE(refused(head + "\"quantity\":" + quantity + "}]}", Code::INVALID_FIELD,
                        "objects[0].quantity"))
        << quantity;
  }
}

TEST(EventJson, NeedsTypeKindAndTime) {
  EXPECT_TRUE(refused("{}", Code::MISSING_FIELD, "type"));
  EXPECT_TRUE(refused(R"({"type":"object"})", Code::MISSING_FIELD, "kind"));
  EXPECT_TRUE(refused(R"({"type":"object","kind":"origin"})", Code::MISSING_FIELD, "eventTime"));
  EXPECT_TRUE(refused("[]", Code::INVALID_FIELD, ""));
}

TEST(EventJson, RefusesUnknownWords) {
  EXPECT_TRUE(refused(R"({"type":"ObjectEvent"})", Code::INVALID_FIELD, "type"));
  EXPECT_TRUE(refused(R"({"type":"object","kind":"recall"})", Code::INVALID_FIELD, "kind"));
  EXPECT_TRUE(refused(with(R"("sealed":[{"audience":"press","content":1}])"), Code::INVALID_FIELD,
                      "sealed[0].audience"));
}

TEST(EventJson, RefusesUnknownFieldsAtEveryDepth) {
  EXPECT_TRUE(refused(with(R"("lots":"x")"), Code::INVALID_FIELD, "lots"));
  EXPECT_TRUE(refused(with(R"("children":[{"code":"09521104301011","qty":1}])"),
                      Code::INVALID_FIELD, "children[0].qty"));
  EXPECT_TRUE(refused(with(R"("sensors":[{"reports":[{"type":"Temperature","val":1}]}])"),
                      Code::INVALID_FIELD, "sensors[0].reports[0].val"));
  EXPECT_TRUE(refused(with(R"("documents":[{"no":"1"}])"), Code::INVALID_FIELD, "documents[0].no"));
  const std::string declared = R"("declarationTime":"2026-06-02T05:30:00Z")";
  EXPECT_TRUE(refused(with("\"errorDeclaration\":{" + declared + R"(,"why":"x"})"),
                      Code::INVALID_FIELD, "errorDeclaration.why"));
}

TEST(EventJson, RefusesAFieldThatStandsTwice) {
  EXPECT_TRUE(refused(with(R"("step":"packing","step":"loading")"), Code::INVALID_FIELD, "step"));
}

TEST(EventJson, RefusesValuesOfTheWrongForm) {
  EXPECT_TRUE(refused(with(R"("step":7)"), Code::INVALID_FIELD, "step"));
  EXPECT_TRUE(refused(with(R"("step":"")"), Code::INVALID_FIELD, "step"));
  EXPECT_TRUE(refused(with(R"("step":null)"), Code::INVALID_FIELD, "step"));
  EXPECT_TRUE(refused(with(R"("wholeLot":"yes")"), Code::INVALID_FIELD, "wholeLot"));
  EXPECT_TRUE(refused(with(R"("children":{})"), Code::INVALID_FIELD, "children"));
  EXPECT_TRUE(refused(with(R"("children":[7])"), Code::INVALID_FIELD, "children[0]"));
  EXPECT_TRUE(refused(with(R"("children":[{}])"), Code::MISSING_FIELD, "children[0].code"));
  EXPECT_TRUE(refused(with(R"("ilmd":[])"), Code::INVALID_FIELD, "ilmd"));
  EXPECT_TRUE(refused(with(R"("losses":[{"reason":"x"}])"), Code::MISSING_FIELD,
                      "losses[0].quantity"));
  EXPECT_TRUE(refused(with(R"("documents":[{"number":"1","size":-1}])"), Code::INVALID_FIELD,
                      "documents[0].size"));
  EXPECT_TRUE(refused(with(R"("documents":[{"number":"1","sha256":"ABC"}])"), Code::INVALID_FIELD,
                      "documents[0].sha256"));
  EXPECT_TRUE(refused(with(R"("errorDeclaration":{"declarationTime":"yesterday"})"),
                      Code::INVALID_FIELD, "errorDeclaration.declarationTime"));
  EXPECT_TRUE(refused(with(R"("transactions":[{"type":"po"}])"), Code::MISSING_FIELD,
                      "transactions[0].id"));
}

TEST(EventJson, RefusesBadCodesWithTheReasonAndThePlace) {
  EXPECT_TRUE(refused(with(R"("children":["09521104301011","09521104301012"])"),
                      Code::CODE_CHECK_DIGIT, "children[1]"));
  EXPECT_TRUE(refused(with(R"("parent":"pallet seven")"), Code::CODE_SYNTAX, "parent"));
  EXPECT_TRUE(refused(with(R"("bizLocation":"9521104000014")"), Code::CODE_CHECK_DIGIT,
                      "bizLocation"));
}

TEST(EventJson, BoundsTextsAndLists) {
  const std::string big(limits::kTextBytesMax + 1, 'a');
  EXPECT_TRUE(refused(with("\"step\":\"" + big + "\""), Code::TOO_LARGE, "step"));
  std::string many = "\"certifications\":[\"a:b\"";
  for (size_t i = 0; i < limits::kListMax; ++i) many += ",\"a:b\"";
  EXPECT_TRUE(refused(with(many + "]"), Code::TOO_MANY, "certifications"));
}

TEST(EventJson, ReadsCustodyInItsShortForms) {
  auto event = event_of(R"("custodyFrom":["nz-farm-1","nz-farm-2"],"custodyTo":"nz-mfr")");
  EXPECT_EQ(custody_from(event), (std::vector<std::string>{"nz-farm-1", "nz-farm-2"}));
  EXPECT_EQ(custody_to(event), "nz-mfr");
  event = event_of(R"("custodyFrom":"cn-exp","custodyTo":"consumer")");
  EXPECT_EQ(custody_from(event), std::vector<std::string>{"cn-exp"});
  EXPECT_EQ(custody_to(event), "consumer");
  EXPECT_TRUE(refused(with(R"("custodyTo":"NZ Mfr")"), Code::INVALID_FIELD, "custodyTo"));
  EXPECT_TRUE(refused(with(R"("custodyFrom":["a",7])"), Code::INVALID_FIELD, "custodyFrom[1]"));
}

TEST(EventJson, GivesSealedSectionsAsCompactJson) {
  const auto parsed =
      parse_event_json(with(R"("sealed":[{"audience":"customs","label":"price",)"
                            R"("content":{ "p": 1.10, "x": [ ] }}])"));
  ASSERT_TRUE(parsed) << to_text(parsed.error());
  EXPECT_EQ(parsed->sealed, (std::vector<UnsealedSection>{{.audience = Audience::customs,
                                                           .label = "price",
                                                           .content = R"({"p":1.10,"x":[]})"}}));
  EXPECT_TRUE(parsed->event.sections.empty());
}

TEST(EventJson, RefusesSealedSectionsThatAreUnfit) {
  EXPECT_TRUE(refused(with(R"("sealed":[{"audience":"owner"}])"), Code::MISSING_FIELD,
                      "sealed[0].content"));
  EXPECT_TRUE(refused(with(R"("sealed":[{"content":1}])"), Code::MISSING_FIELD,
                      "sealed[0].audience"));
  const std::string big(limits::kSectionBytesMax, 'a');
  EXPECT_TRUE(refused(with(R"("sealed":[{"audience":"owner","content":")" + big + "\"}]"),
                      Code::TOO_LARGE, "sealed[0].content"));
  EXPECT_TRUE(refused(with(R"("sections":[])"), Code::INVALID_FIELD, "sections"));
}

TEST(EventJson, IsTotalOnEveryPrefixOfAnEvent) {
  const std::string text = with(R"("sensors":[{"reports":[{"type":"Temperature","value":-1.5}]}])");
  ASSERT_TRUE(parse_event_json(text));
  for (size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(parse_event_json(std::string_view(text).substr(0, size))) << size;
  }
}

}  // namespace
}  // namespace suyuan
