// Rules of how: sensors, documents, certificates, sealed sections.
#include <gtest/gtest.h>

#include "ledger/base/limits.h"
#include "tests/unit/event/events.h"

namespace suyuan {
namespace {

TraceEvent measured() {
  auto event = object_event();
  event.sensors = {{.reports = {{.type = "Temperature",
                                 .value = Decimal::parse("-4.1"),
                                 .uom = "CEL",
                                 .time = Moment{.ms = 1'780'000'000'000}}}}};
  return event;
}

TEST(Sensors, ReportTypedMeasurements) {
  EXPECT_TRUE(is_good(measured()));
  auto event = measured();
  event.sensors[0].reports[0].type.clear();
  EXPECT_TRUE(has_fault(event, Code::MISSING_FIELD, "sensors[0].reports[0].type"));
  event.sensors[0].reports[0].type = "tank temp";
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "sensors[0].reports[0].type"));
  event.sensors[0].reports.clear();
  EXPECT_TRUE(has_fault(event, Code::MISSING_FIELD, "sensors[0].reports"));
}

TEST(Sensors, HaveUnitsOfValues) {
  auto event = measured();
  event.sensors[0].reports[0].uom = "Celsius";
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "sensors[0].reports[0].uom"));
  event = measured();
  event.sensors[0].reports[0].value = std::nullopt;
  EXPECT_TRUE(has_fault(event, Code::MISSING_FIELD, "sensors[0].reports[0].value"));
}

TEST(Sensors, TellKnownExceptionsAndRealTimes) {
  auto event = measured();
  event.sensors[0].reports[0].exception = "ALARM_CONDITION";
  EXPECT_TRUE(is_good(event));
  event.sensors[0].reports[0].exception = "alarm";
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "sensors[0].reports[0].exception"));
  event = measured();
  event.sensors[0].reports[0].time->ms = INT64_MAX;
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "sensors[0].reports[0].time"));
  event = measured();
  event.sensors[0].reports[0].device_id = std::string("a\0b", 3);
  EXPECT_TRUE(has_fault(event, Code::BAD_TEXT, "sensors[0].reports[0].deviceID"));
}

TEST(Sensors, AreBounded) {
  auto event = measured();
  event.sensors.assign(limits::kListMax + 1, event.sensors[0]);
  EXPECT_TRUE(has_fault(event, Code::TOO_MANY, "sensors"));
  event = measured();
  event.sensors[0].reports.assign(limits::kListMax + 1, event.sensors[0].reports[0]);
  EXPECT_TRUE(has_fault(event, Code::TOO_MANY, "sensors[0].reports"));
}

TraceEvent documented() {
  auto event = object_event();
  event.documents = {{.number = "TAL-26-0611",
                      .type = "lab_report",
                      .sha256 = Hash{},
                      .size = 1024,
                      .media_type = "application/pdf",
                      .issuer = "nz-lab"}};
  return event;
}

TEST(Documents, HaveANumberAndAType) {
  EXPECT_TRUE(is_good(documented()));
  auto event = documented();
  event.documents[0].number.clear();
  EXPECT_TRUE(has_fault(event, Code::MISSING_FIELD, "documents[0].number"));
  event = documented();
  event.documents[0].type.clear();
  EXPECT_TRUE(has_fault(event, Code::MISSING_FIELD, "documents[0].type"));
  event.documents.assign(limits::kListMax + 1, documented().documents[0]);
  EXPECT_TRUE(has_fault(event, Code::TOO_MANY, "documents"));
}

TEST(Documents, DescribeTheFileThatTheyName) {
  auto event = documented();
  event.documents[0].sha256 = std::nullopt;
  EXPECT_TRUE(has_fault(event, Code::MISSING_FIELD, "documents[0].sha256"));
  event = documented();
  event.documents[0].size = uint64_t{1} << 53;
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "documents[0].size"));
  event = documented();
  for (const auto* bad : {"pdf", "a/b/c", "/", "text/plain; charset=utf-8"}) {
    event.documents[0].media_type = bad;
    EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "documents[0].mediaType")) << bad;
  }
  event = documented();
  event.documents[0].issuer = "\x80";
  EXPECT_TRUE(has_fault(event, Code::BAD_TEXT, "documents[0].issuer"));
}

TEST(Certifications, AreUris) {
  auto event = object_event();
  event.certifications = {"https://example.com/cert/1"};
  EXPECT_TRUE(is_good(event));
  event.certifications = {"ISO 22000"};
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "certifications[0]"));
}

TEST(Sections, HaveDigestsOfTheirOwn) {
  auto event = object_event();
  Hash other;
  other.data[0] = 1;
  event.sections = {{.digest = {}, .label = "price"}, {.digest = other, .label = "price"}};
  EXPECT_TRUE(is_good(event));
  event.sections[1].digest = {};
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "sections[1].digest"));
}

TEST(Sections, HaveAKnownAudienceAndAreFew) {
  auto event = object_event();
  event.sections = {{.digest = {}, .audience = static_cast<Audience>(9)}};
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "sections[0].audience"));
  event.sections.assign(limits::kSectionsPerEventMax + 1, {});
  EXPECT_TRUE(has_fault(event, Code::TOO_MANY, "sections"));
}

}  // namespace
}  // namespace suyuan
