#include "client/event_rows.h"
#include "tests/unit/client/support.h"

namespace suyuan {
namespace {

constexpr std::string_view kGood =
    R"({"type":"object","kind":"origin","action":"ADD","step":"commissioning",)"
    R"("eventTime":"2026-06-02T05:30:00+12:00","objects":[{"code":"(01)09521104301011(21)A1"}]})";

TEST(Rows, OfAnArrayAreItsEvents) {
  const auto rows = read_event_rows("a.json", "[" + std::string(kGood) + "]", "p", random_salt);
  ASSERT_EQ(rows.good.size(), 1U);
  EXPECT_TRUE(rows.bad.empty());
  EXPECT_EQ(rows.good[0].row, 1U);
  EXPECT_EQ(rows.good[0].sealed.event.codes.front(),
            "https://id.gs1.org/01/09521104301011/21/A1");
}

TEST(Rows, ThatAreBadCostNoOthers) {
  const std::string text = std::string(kGood) + "\n{\"type\":\"object\"}\n" + std::string(kGood);
  const auto rows = read_event_rows("a.ndjson", text, "p", random_salt);
  EXPECT_EQ(rows.good.size(), 2U);
  ASSERT_FALSE(rows.bad.empty());
  EXPECT_EQ(rows.bad[0].row, 2U);
}

TEST(Rows, OfASpreadsheetCountAsItDoes) {
  const auto rows = read_event_rows(
      "A.CSV",
      "type,kind,time,action,step,code\n"
      "object,origin,2026-06-02T05:30:00+12:00,ADD,commissioning,(01)09521104301011(21)A1\n"
      "object,origin,not a time,ADD,commissioning,(01)09521104301011(21)A2\n",
      "p", random_salt);
  ASSERT_EQ(rows.good.size(), 1U) << (rows.bad.empty() ? "" : to_text(rows.bad[0].error));
  EXPECT_EQ(rows.good[0].row, 2U);
  ASSERT_FALSE(rows.bad.empty());
  EXPECT_EQ(rows.bad[0].row, 3U);
}

TEST(Rows, OfAWorkbookAreRefusedWithWhatToDo) {
  for (const char* name : {"a.xlsx", "a.csv", "a.json"}) {
    const auto rows =
        read_event_rows(name, std::string_view("PK\x03\x04\x14\0", 6), "p", random_salt);
    EXPECT_TRUE(rows.good.empty());
    ASSERT_EQ(rows.bad.size(), 1U) << name;
    EXPECT_EQ(rows.bad[0].error.code, Code::BAD_REQUEST);
    EXPECT_NE(rows.bad[0].error.message.find("save the sheet as CSV UTF-8"), std::string::npos);
  }
}

TEST(Rows, OfAnEpcisDocumentAreItsEventsSignedAsTheyAre) {
  const std::string event =
      R"({"type":"ObjectEvent","eventTime":"2026-06-02T05:30:00Z","eventTimeZoneOffset":"+12:00",)"
      R"("epcList":["urn:epc:id:sgtin:9521104.030101.A1"],"action":"OBSERVE"})";
  const std::string document =
      R"({"@context":"https://ref.gs1.org/standards/epcis/epcis-context.jsonld",)"
      R"("type":"EPCISDocument","schemaVersion":"2.0","creationDate":"2026-06-02T06:00:00Z",)"
      R"("epcisBody":{"eventList":[)" + event + R"(,{"type":"ObjectEvent"}]}})";
  const auto rows =
      read_event_rows("a.json", document, "p", random_salt, EventAudience::everyone);
  EXPECT_EQ(rows.type, PayloadType::epcis_json);
  ASSERT_EQ(rows.good.size(), 1U);
  EXPECT_EQ(rows.good[0].sealed.event.codes.front(),
            "https://id.gs1.org/01/09521104301011/21/A1");
  const std::string& payload = rows.good[0].sealed.event.body.payload;
  EXPECT_NE(payload.find(R"("suyuan:audience":"public")"), std::string::npos) << payload;
  EXPECT_NE(payload.find(R"("eventID":"ni:///sha-256;)"), std::string::npos) << payload;
  EXPECT_EQ(rows.unsaid, 0U);
  EXPECT_EQ(read_event_rows("a.json", document, "p", random_salt).unsaid, 1U);
  ASSERT_FALSE(rows.bad.empty());
  EXPECT_EQ(rows.bad[0].row, 2U);
  EXPECT_TRUE(rows.bad[0].error.field.starts_with("/epcisBody/eventList/1/"));
}

TEST(Rows, ThatAreNoEpcisHaveNoAudience) {
  const auto rows = read_event_rows("a.json", kGood, "p", random_salt, EventAudience::partner);
  EXPECT_TRUE(rows.good.empty());
  ASSERT_EQ(rows.bad.size(), 1U);
  EXPECT_EQ(rows.bad[0].error.field, "--audience");
}

}  // namespace
}  // namespace suyuan
