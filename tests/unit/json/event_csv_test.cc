#include "proto/json/event_csv.h"

#include <gtest/gtest.h>

#include "ledger/event/validate.h"

namespace suyuan {
namespace {

const std::string kTime = "2026-06-02T05:30:00+12:00";
const std::string kUnit = "(01)09521104301011(21)3BGEJEE2QM52";
const std::string kOther = "(01)09521104301011(21)GP2D6T6FK4JZ";

// "row:column CODE" of each fault.
std::string faults(const CsvEvents& sheet) {
  std::string text;
  for (const auto& fault : sheet.faults) {
    text += (text.empty() ? "" : "; ") + std::to_string(fault.row) + ":" + fault.error.field + " " +
            std::string(info(fault.error.code).name);
  }
  return text;
}

// A sheet with one row: the needed columns, and these.
CsvEvents one_row(const std::string& columns, const std::string& fields,
                  const std::string& type = "object") {
  return parse_event_csv("type,kind,action,time," + columns + "\n" + type + ",supply,ADD," + kTime +
                         "," + fields + "\n");
}

TEST(EventCsv, MakesOneEventOfARowByItself) {
  const auto sheet = one_row("code,quantity,uom,step,location,custody_from,custody_to,transaction",
                             "09521104301011,24000.5,KGM,packing,9521104000013,a;b,consumer,po:7");
  ASSERT_EQ(faults(sheet), "");
  ASSERT_EQ(sheet.events.size(), 1U);
  const TraceEvent& event = sheet.events[0].event;
  EXPECT_EQ(event.objects.at(0).code, "https://id.gs1.org/01/09521104301011");
  EXPECT_EQ(event.objects.at(0).quantity, Decimal::parse("24000.5"));
  EXPECT_EQ(event.biz_location, "https://id.gs1.org/414/9521104000013");
  EXPECT_EQ(custody_from(event), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(custody_to(event), "consumer");
  EXPECT_EQ(event.transactions.at(0), (Reference{.type = "po", .id = "7"}));
  EXPECT_TRUE(faults_of(event).empty());
}

TEST(EventCsv, JoinsRowsOfOneEvent) {
  const auto sheet = parse_event_csv(
      "event,type,kind,action,time,parent,code\n"
      "e1,aggregation,logistics,ADD," + kTime + ",(00)395211040000010013," + kUnit + "\n"
      "e1,aggregation,,,,," + kOther + "\n"
      ",object,supply,ADD," + kTime + ",," + kUnit + "\n"
      ",object,supply,ADD," + kTime + ",," + kOther + "\n");
  ASSERT_EQ(faults(sheet), "");
  ASSERT_EQ(sheet.events.size(), 3U);
  EXPECT_EQ(sheet.events[0].name, "e1");
  EXPECT_EQ(sheet.events[0].rows, (std::vector<size_t>{2, 3}));
  EXPECT_EQ(sheet.events[0].event.children.size(), 2U);
  EXPECT_EQ(sheet.events[2].event.objects.size(), 1U);
}

TEST(EventCsv, SortsRowsOfATransformationByRole) {
  const auto sheet = parse_event_csv(
      "event,type,kind,time,role,code,quantity,uom,net_kg,reason\n"
      "t,transformation,supply," + kTime + ",input,(01)09521104300014(10)B,5,KGM,,\n"
      "t,,,,output,(01)09521104301011(10)L,4,H87,4.5,\n"
      "t,,,,loss,,0.5,KGM,,spill\n");
  ASSERT_EQ(faults(sheet), "");
  const TraceEvent& event = sheet.events.at(0).event;
  EXPECT_EQ(event.inputs.size(), 1U);
  EXPECT_EQ(event.outputs.at(0).net_kg, Decimal::parse("4.5"));
  EXPECT_EQ(event.losses.at(0).reason, "spill");
  EXPECT_TRUE(faults_of(event).empty());
}

TEST(EventCsv, CollectsDocumentsAndData) {
  const std::string kDigest(64, 'a');
  const auto sheet = parse_event_csv(
      "event,type,kind,action,time,code,document_no,document_type,document_sha256,data.line,"
      "ilmd.grade\n"
      "e,object,supply,ADD," + kTime + "," + kUnit + ",D1,lab_report," + kDigest + ",C2,A\n"
      "e,,,,,,D2,lab_report,,,\n"
      "e,,,,," + kOther + ",D1,lab_report," + kDigest + ",,\n");
  ASSERT_EQ(faults(sheet), "");
  const TraceEvent& event = sheet.events.at(0).event;
  EXPECT_EQ(event.documents.size(), 2U);
  EXPECT_EQ(event.objects.size(), 2U);
  EXPECT_EQ(event.extensions, (Tree{{.kind = NodeKind::text, .name = "line", .value = "C2"}}));
  EXPECT_EQ(event.ilmd, (Tree{{.kind = NodeKind::text, .name = "grade", .value = "A"}}));
}

TEST(EventCsv, RefusesABadHeader) {
  EXPECT_EQ(faults(parse_event_csv("")), "1: BAD_REQUEST");
  EXPECT_EQ(faults(parse_event_csv("type,kind,time,colour\n")), "1: INVALID_FIELD");
  EXPECT_EQ(faults(parse_event_csv("type,kind,time,type\n")), "1:type INVALID_FIELD");
  EXPECT_EQ(faults(parse_event_csv("type,kind\n")), "1:time MISSING_FIELD");
  EXPECT_EQ(faults(parse_event_csv("type,kind,time,data.\n")), "1: INVALID_FIELD");
  EXPECT_EQ(faults(parse_event_csv("\"type\nkind")), "1: BAD_REQUEST");
}

TEST(EventCsv, NamesRowAndColumnOfEveryBadCell) {
  EXPECT_EQ(faults(one_row("code,quantity", kUnit + ",1e3")), "2:quantity INVALID_FIELD");
  EXPECT_EQ(faults(one_row("code", "09521104301012")), "2:code CODE_CHECK_DIGIT");
  EXPECT_EQ(faults(one_row("code,quantity", ",5")), "2:code MISSING_FIELD");
  EXPECT_EQ(faults(one_row("code,location", kUnit + ",here")), "2:location CODE_SYNTAX");
  EXPECT_EQ(faults(one_row("code,lot", kUnit + ",L")), "2:lot CODE_SYNTAX");
  EXPECT_EQ(faults(one_row("code,custody_to", kUnit + ",Big Co")), "2:custody_to INVALID_FIELD");
  EXPECT_EQ(faults(one_row("code,whole_lot", kUnit + ",true")), "2:whole_lot INVALID_FIELD");
  EXPECT_EQ(faults(one_row("code,transaction", kUnit + ",7")), "2:transaction INVALID_FIELD");
  EXPECT_EQ(faults(one_row("code,role", kUnit + ",thing")), "2:role INVALID_FIELD");
  EXPECT_EQ(faults(one_row("code", kUnit, "transformation")), "2:role MISSING_FIELD");
  EXPECT_EQ(faults(one_row("role,reason", "loss,spill")), "2:quantity MISSING_FIELD");
  EXPECT_EQ(faults(one_row("code,document_type", kUnit + ",x")), "2:document_no MISSING_FIELD");
  EXPECT_EQ(faults(one_row("document_no,document_sha256", "1,x")),
            "2:document_sha256 INVALID_FIELD");
  EXPECT_EQ(faults(one_row("code", kUnit, "thing")), "2:type INVALID_FIELD");
  EXPECT_EQ(faults(one_row("code", "\xFF")), "2:code BAD_TEXT");
  EXPECT_EQ(faults(one_row("code", kUnit + ",extra")), "2: BAD_REQUEST");
  // 温度 as GBK, in which Chinese spreadsheet programs save.
  const auto gbk = parse_event_csv("type,kind,time,data.\xCE\xC2\xB6\xC8\n");
  EXPECT_EQ(faults(gbk), "1: BAD_TEXT");
  EXPECT_EQ(gbk.faults.at(0).error.message,
            "the header is not UTF-8: save the file as CSV UTF-8");
  EXPECT_EQ(faults(parse_event_csv("type,kind,time\nobject,,\n")), "2:kind MISSING_FIELD");
  EXPECT_EQ(faults(parse_event_csv("type,kind,time\nobject,supply,\n")), "2:time MISSING_FIELD");
  EXPECT_EQ(faults(parse_event_csv("type,kind,time\nobject,supply,now\n")), "2:time INVALID_FIELD");
}

const std::string kHead = "event,type,kind,action,time,code\n";
std::string row(const std::string& event, const std::string& code) {
  return event + ",object,supply,ADD," + kTime + "," + code + "\n";
}

TEST(EventCsv, LeavesOutAnEventWithABadRowAndKeepsTheOthers) {
  const auto sheet = parse_event_csv(kHead + row("a", kUnit) + row("a", "bad") + row("b", kUnit) +
                                     row("", "bad") + row("", kOther));
  EXPECT_EQ(faults(sheet), "3:code CODE_SYNTAX; 5:code CODE_SYNTAX");
  ASSERT_EQ(sheet.events.size(), 2U);
  EXPECT_EQ(sheet.events[0].name, "b");
  EXPECT_EQ(sheet.events[1].rows, std::vector<size_t>{6});
}

TEST(EventCsv, LeavesOutTheEventsBesideARowThatCannotBeRead) {
  const auto sheet = parse_event_csv(kHead + row("a", kUnit) + row("b", kUnit) + "b\"x,,,,,\n" +
                                     row("c", kUnit) + row("d", kUnit));
  EXPECT_EQ(faults(sheet), "4: BAD_REQUEST");
  ASSERT_EQ(sheet.events.size(), 2U);
  EXPECT_EQ(sheet.events[0].name, "a");
  EXPECT_EQ(sheet.events[1].name, "d");
}

TEST(EventCsv, RefusesRowsOfOneEventThatDisagreeOrAreScattered) {
  auto sheet = parse_event_csv(kHead + row("a", kUnit) + "a,object,origin,,," + kOther + "\n");
  EXPECT_EQ(faults(sheet), "3:kind INVALID_FIELD");
  EXPECT_TRUE(sheet.events.empty());
  sheet = parse_event_csv(kHead + row("a", kUnit) + row("b", kUnit) + row("a", kOther));
  EXPECT_EQ(faults(sheet), "4:event INVALID_FIELD");
  ASSERT_EQ(sheet.events.size(), 1U);
  EXPECT_EQ(sheet.events[0].name, "b");
}

TEST(EventCsv, TakesAByteOrderMark) {
  EXPECT_EQ(parse_event_csv("\xEF\xBB\xBF" + kHead + row("", kUnit)).events.size(), 1U);
}

TEST(EventCsv, TakesWhatSpreadsheetProgramsSave) {
  const auto sheet = parse_event_csv(
      "\xEF\xBB\xBF" "event;type;kind;action;time;code;quantity;uom;custody_from\r\n"
      "a;object;supply;ADD;" + kTime + ";" + kUnit + ";;;\r\n"
      "a;;;;;" + kOther + ";;;\r\n"
      ";;;;;;;;\r\n"
      "b;object;origin;ADD;" + kTime + ";\"(01)09521101100013(10)KC;1\";2.5;KGM;\"x;y\"\r\n"
      ";;;;;;;;\r\n\r\n");
  ASSERT_EQ(faults(sheet), "");
  ASSERT_EQ(sheet.events.size(), 2U);
  EXPECT_EQ(sheet.events[0].event.objects.size(), 2U);
  EXPECT_EQ(sheet.events[1].event.objects.at(0).code,
            "https://id.gs1.org/01/09521101100013/10/KC%3B1");
  EXPECT_EQ(custody_from(sheet.events[1].event), (std::vector<std::string>{"x", "y"}));
}

TEST(EventCsv, PassesOverEmptyColumnsWithoutAName) {
  const std::string head = "type,kind,action,time,code,,\n";
  const std::string row = "object,supply,ADD," + kTime + "," + kUnit;
  EXPECT_EQ(faults(parse_event_csv(head + row + ",,\n")), "");
  const auto named = parse_event_csv(head + row + ",,seen by Lee\n");
  EXPECT_EQ(faults(named), "2: INVALID_FIELD");
  EXPECT_NE(named.faults.at(0).error.message.find("column 7, whose header is empty"),
            std::string::npos);
}

TEST(EventCsv, TakesAHeaderInAnyCase) {
  const auto sheet = parse_event_csv("Type,KIND,Action,Time,Code,Data.LotNo\nobject,supply,ADD," +
                                     kTime + "," + kUnit + ",7\n");
  ASSERT_EQ(faults(sheet), "");
  EXPECT_EQ(sheet.events.at(0).event.extensions,
            (Tree{{.kind = NodeKind::text, .name = "LotNo", .value = "7"}}));
  EXPECT_EQ(faults(parse_event_csv("type,kind,time,Type\n")), "1:type INVALID_FIELD");
}

TEST(EventCsv, TakesDecimalCommasWhereSemicolonsSeparate) {
  const auto quantity = [](const std::string& number) {
    const auto sheet =
        parse_event_csv("type;kind;action;time;code;quantity;uom\nobject;supply;ADD;" + kTime +
                        ";09521104301011;" + number + ";KGM\n");
    return sheet.events.empty() ? faults(sheet)
                                : sheet.events[0].event.objects.at(0).quantity->to_text();
  };
  EXPECT_EQ(quantity("24000,5"), "24000.5");
  EXPECT_EQ(quantity("0,125"), "0.125");
  EXPECT_EQ(quantity("24000.5"), "24000.5");
  for (const char* number : {"24,000", "1,000,5", "1.000,5", "1,000.5"})
    EXPECT_EQ(quantity(number), "2:quantity INVALID_FIELD") << number << " may be two numbers";
  EXPECT_EQ(faults(one_row("code,quantity,uom", "09521104301011,\"1,5\",KGM")),
            "2:quantity INVALID_FIELD");
}

TEST(EventCsv, SaysThatASpreadsheetRoundedACode) {
  const auto sheet = one_row("code", "9.5211E+12");
  EXPECT_EQ(faults(sheet), "2:code CODE_SYNTAX");
  EXPECT_NE(sheet.faults.at(0).error.message.find("format the column as text"), std::string::npos);
  const auto place = one_row("code,location", kUnit + ",9.52E+12");
  ASSERT_EQ(faults(place), "2:location CODE_SYNTAX");
  EXPECT_NE(place.faults[0].error.message.find("rounded"), std::string::npos);
}

}  // namespace
}  // namespace suyuan
