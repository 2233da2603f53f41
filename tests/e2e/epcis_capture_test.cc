// Captures: rollback and proceed, the same event again, error declarations, and jobs of a node that
// was killed over them.
#include "tests/e2e/epcis_fixture.h"

namespace suyuan::test {
namespace {

std::string declared(const std::string& event, const std::string& time = "2026-06-01T10:00:00Z") {
  const std::string more = R"(,"errorDeclaration":{"declarationTime":")" + time +
                           R"(","reason":"did_not_occur"}})";
  return event.substr(0, event.size() - 1) + more;
}

const json::value& first_error(const json::value& job) { return job.at("errors").at(0); }

std::string detail_of(const json::value& problem) {
  return std::string(problem.at("detail").as_string());
}

// What a refused client reads: the limit, and both ways out.
void expect_ways_out(const std::string& detail) {
  for (const char* part : {"at most 1048576 bytes", "several documents",
                           "GS1-Capture-Error-Behaviour: proceed"}) {
    EXPECT_NE(detail.find(part), std::string::npos) << part << " is not in: " << detail;
  }
}

class EpcisCapture : public EpcisTest {
 protected:
  json::value capture(const std::vector<std::string>& list, bool proceed) {
    std::map<std::string, std::string> headers;
    if (proceed) headers["GS1-Capture-Error-Behaviour"] = "proceed";
    return job(send("POST", "/capture", farm_, document_of(list), headers), farm_);
  }
  size_t count() { return events("/events?perPage=1000", farm_).size(); }
};

// One that the ledger refuses, between two that it would take.
TEST_F(EpcisCapture, RollbackTakesNothingAndProceedTakesTheRest) {
  ASSERT_EQ(send("POST", "/events", farm_, event_of("L0", "urn:uuid:0")).status, 201);
  const std::vector<std::string> list = {event_of("L1", "urn:uuid:1"),
                                         event_of("L9", "urn:uuid:0"),
                                         event_of("L2", "urn:uuid:2")};
  const auto rolled_back = capture(list, false);
  EXPECT_EQ(rolled_back.at("captureErrorBehaviour").as_string(), "rollback");
  EXPECT_FALSE(rolled_back.at("success").as_bool());
  ASSERT_EQ(rolled_back.at("errors").as_array().size(), 1U) << json::serialize(rolled_back);
  EXPECT_EQ(first_error(rolled_back).at("type").as_string(),
            "epcisException:ResourceAlreadyExistsException");
  EXPECT_EQ(first_error(rolled_back).at("status").as_int64(), 409);
  EXPECT_EQ(first_error(rolled_back).at("pointer").as_string(), "/epcisBody/eventList/1/eventID");
  EXPECT_EQ(count(), 1U);

  const auto proceeded = capture(list, true);
  EXPECT_EQ(proceeded.at("captureErrorBehaviour").as_string(), "proceed");
  EXPECT_FALSE(proceeded.at("success").as_bool());
  EXPECT_EQ(proceeded.at("errors"), rolled_back.at("errors"));
  EXPECT_EQ(count(), 3U);
}

// Small ones fit into one batch. What cannot fit is refused at once, not by a job that fails.
TEST_F(EpcisCapture, RollbackIsOneBatchAndWhatExceedsItIsRefusedAtOnce) {
  constexpr size_t kEvents = 1000;
  std::vector<std::string> small, large;
  for (size_t i = 0; i < kEvents; ++i) {
    const auto n = std::to_string(i);
    small.push_back(event_of("S" + n, "urn:uuid:s" + n));
    large.push_back(event_of("B" + n, "urn:uuid:b" + n,
                             R"(,"example:note":")" + std::string(800, 'x') + "\""));
  }
  const auto taken = capture(small, false);
  EXPECT_TRUE(taken.at("success").as_bool()) << json::serialize(taken);
  // A short document of a long context, which is repeated in each event.
  std::string short_document = document_of(small);
  const std::string context = R"("@context":[)";
  short_document.insert(short_document.find(context) + context.size(),
                        R"({"other":"http://ns.example.com/)" + std::string(480, 'y') + "/\"},");
  ASSERT_LT(short_document.size(), limits::kBatchBytesMax);
  for (const std::string& document : {document_of(large), short_document}) {
    const auto refused = send("POST", "/capture", farm_, document);
    refuses(refused, 413, "CaptureLimitExceededException");
    EXPECT_EQ(refused.header("location"), "");
    EXPECT_EQ(refused.header("gs1-epcis-capture-file-size-limit"), "1048576");
    expect_ways_out(detail_of(json::parse(refused.body)));
  }
  EXPECT_EQ(json::parse(send("GET", "/capture", farm_).body).as_array().size(), 1U) << "no job";
  const auto proceeded = capture(large, true);
  EXPECT_TRUE(proceeded.at("success").as_bool()) << json::serialize(proceeded);
  EXPECT_EQ(events("/events/urn:uuid:b999", farm_).size(), 1U);
}

// Codes are known only when the events were read, so it is the job that fails. It says as much.
TEST_F(EpcisCapture, AJobWhoseCodesExceedTheBatchSaysTheLimitAndTheWaysOut) {
  constexpr size_t kEvents = 1000;
  const auto events_of = [](size_t pad) {
    std::vector<std::string> list;
    for (size_t i = 0; i < kEvents; ++i) {
      const auto n = std::to_string(i);
      list.push_back(event_of("C" + n, "urn:uuid:c" + n,
                              R"(,"example:note":")" + std::string(pad, 'x') + "\""));
    }
    return list;
  };
  constexpr size_t kTooLong = 800;
  const auto refused = send("POST", "/capture", farm_, document_of(events_of(kTooLong)));
  refuses(refused, 413, "CaptureLimitExceededException");
  const std::string detail = detail_of(json::parse(refused.body));
  const size_t at = detail.find("these take ");
  ASSERT_NE(at, std::string::npos) << detail;
  const size_t excess = std::stoul(detail.substr(at + 11)) - limits::kBatchBytesMax;
  // Below the limit by less than a byte for each event, and each has a code of 32.
  const size_t pad = kTooLong - (excess + kEvents - 1) / kEvents;
  const auto ended = capture(events_of(pad), false);
  EXPECT_FALSE(ended.at("success").as_bool());
  ASSERT_EQ(ended.at("errors").as_array().size(), 1U) << json::serialize(ended);
  EXPECT_EQ(first_error(ended).at("status").as_int64(), 413);
  expect_ways_out(detail_of(first_error(ended)));
  EXPECT_EQ(count(), 0U);
}

std::string milk_of(const std::string& lot, int kilograms) {
  return R"([{"epcClass":")" + kLot + lot + R"(","quantity":)" + std::to_string(kilograms) +
         R"(,"uom":"KGM"}])";
}

std::string process_of(const std::string& inputs, const std::string& outputs) {
  return R"({"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],)"
         R"("type":"TransformationEvent","eventTime":"2026-06-01T09:00:00+08:00",)"
         R"("eventTimeZoneOffset":"+08:00","bizStep":"commissioning",)"
         R"("inputQuantityList":)" + inputs + R"(,"outputQuantityList":)" + outputs +
         R"(,"eventID":"urn:uuid:process"})";
}

// The pointer leads to a member that the document has, and that must change.
TEST_F(EpcisCapture, TooMuchIsFoundAtItsQuantity) {
  ASSERT_EQ(send("POST", "/events", farm_, event_of("L1", "urn:uuid:1")).status, 201);
  const auto used = capture({event_of("L2", "urn:uuid:2"),
                             process_of(milk_of("L1", 101), milk_of("L3", 101))}, false);
  ASSERT_FALSE(used.at("success").as_bool());
  EXPECT_TRUE(first_error(used).at("detail").as_string().starts_with("MASS_BALANCE"));
  EXPECT_EQ(first_error(used).at("pointer").as_string(),
            "/epcisBody/eventList/1/inputQuantityList/0/quantity");
  const auto made = capture({process_of(milk_of("L1", 10), milk_of("L3", 11))}, false);
  ASSERT_FALSE(made.at("success").as_bool());
  EXPECT_TRUE(first_error(made).at("detail").as_string().starts_with("MASS_BALANCE"));
  EXPECT_EQ(first_error(made).at("pointer").as_string(),
            "/epcisBody/eventList/0/outputQuantityList");
}

// More than one batch holds, each with one that is refused.
TEST_F(EpcisCapture, ProceedGoesOnBehindEveryBatch) {
  constexpr size_t kEvents = 600;
  std::vector<std::string> list;
  for (size_t i = 0; i < kEvents; ++i) {
    const bool bad = i % 200 == 50;
    const auto n = std::to_string(i);
    list.push_back(event_of("L" + n, bad ? "urn:uuid:bad" : "urn:uuid:" + n));
  }
  const auto ended = capture(list, true);
  EXPECT_EQ(ended.at("errors").as_array().size(), 2U);  // the first of the three is the first
  EXPECT_EQ(count(), kEvents - 2);
}

// What an event says is what counts, not how a document writes it.
TEST_F(EpcisCapture, TheSameEventInOtherWordsIsTheSame) {
  const std::string event = event_of("L1", "urn:uuid:1");
  ASSERT_EQ(send("POST", "/events", farm_, event).status, 201);
  std::string other = event;
  const auto change = [&](const std::string& from, const std::string& to) {
    const size_t at = other.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    other.replace(at, from.size(), to);
  };
  change(R"("commissioning")", R"("https://ref.gs1.org/cbv/BizStep-commissioning")");
  change(kLot + "L1", "urn:epc:class:lgtin:9521101.010001.L1");
  change("2026-06-01T08:00:00+08:00", "2026-06-01T00:00:00.000Z");
  change(R"("quantity":100)", R"("quantity":100.0)");
  EXPECT_EQ(send("POST", "/events", farm_, other).status, 201);
  const auto twice = capture({event, other, event_of("L2", "urn:uuid:2")}, false);
  EXPECT_TRUE(twice.at("success").as_bool()) << json::serialize(twice);
  EXPECT_EQ(count(), 2U);
  // One more word is another statement.
  refuses(send("POST", "/events", farm_, event_of("L1", "urn:uuid:1", R"(,"example:word":"more")")),
          409, "ResourceAlreadyExistsException");
  // Another party's eventIDs are its own.
  other = event;
  change("\"ADD\"", "\"OBSERVE\"");
  change("commissioning", "storing");
  EXPECT_EQ(send("POST", "/events", maker_, other).status, 201);
}

TEST_F(EpcisCapture, TwoEventsUnderOneIdInADocumentAreOneOrAConflict) {
  const auto same = capture({event_of("L1", "urn:uuid:1"), event_of("L1", "urn:uuid:1")}, false);
  EXPECT_TRUE(same.at("success").as_bool()) << json::serialize(same);
  EXPECT_EQ(count(), 1U);
  const auto different =
      capture({event_of("L2", "urn:uuid:2"), event_of("L3", "urn:uuid:2")}, true);
  EXPECT_FALSE(different.at("success").as_bool());
  EXPECT_EQ(first_error(different).at("pointer").as_string(), "/epcisBody/eventList/1/eventID");
  EXPECT_EQ(count(), 2U);
}

TEST_F(EpcisCapture, AnErrorDeclarationStandsBesideItsEvent) {
  const std::string event = event_of("L1", "urn:uuid:1");
  ASSERT_EQ(send("POST", "/events", farm_, event).status, 201);
  const auto made = send("POST", "/events", farm_, declared(event));
  ASSERT_EQ(made.status, 201) << made.body;
  const auto both = events("/events/urn:uuid:1", farm_);
  ASSERT_EQ(both.size(), 2U);
  size_t declarations = 0;
  for (const auto& one : both) declarations += one.as_object().contains("errorDeclaration");
  EXPECT_EQ(declarations, 1U);
  EXPECT_EQ(events("/events?EXISTS_errorDeclaration=true", farm_).size(), 1U);
  EXPECT_EQ(events("/events?EQ_errorReason=did_not_occur&GE_errorDeclarationTime="
                   "2026-06-01T10:00:00Z", farm_).size(), 1U);
  // The same declaration again, because its answer was lost, is the same one.
  EXPECT_EQ(send("POST", "/events", farm_, declared(event)).status, 201);
  EXPECT_EQ(events("/events/urn:uuid:1", farm_).size(), 2U);
  refuses(send("POST", "/events", farm_, declared(event, "2026-06-01T11:00:00Z")), 400,
          "ValidationException");
  // What was corrected comes under an eventID of its own.
  EXPECT_EQ(send("POST", "/events", farm_, event_of("L1", "urn:uuid:2")).status, 201);
}

// All of one leaf, which has other events too; each is found there, whichever is asked for first.
TEST_F(EpcisCapture, ErrorDeclarationsOfOneDocumentAreTheSameAgain) {
  const std::vector<std::string> list = {event_of("L1", "urn:uuid:1"),
                                         event_of("L2", "urn:uuid:2"),
                                         event_of("L3", "urn:uuid:3")};
  ASSERT_TRUE(capture(list, false).at("success").as_bool());
  const std::vector<std::string> withdrawn = {declared(list[2]), event_of("L4", "urn:uuid:4"),
                                              declared(list[0])};
  ASSERT_TRUE(capture(withdrawn, false).at("success").as_bool());
  EXPECT_EQ(count(), 6U);
  const auto again = capture({withdrawn[2], withdrawn[1], withdrawn[0]}, false);
  EXPECT_TRUE(again.at("success").as_bool()) << json::serialize(again);
  EXPECT_EQ(count(), 6U);
  const auto another =
      capture({withdrawn[0], declared(list[0], "2026-06-01T11:00:00Z"), declared(list[1])}, true);
  EXPECT_EQ(another.at("errors").as_array().size(), 1U) << json::serialize(another);
  EXPECT_TRUE(first_error(another).at("pointer").as_string().starts_with("/epcisBody/eventList/1"))
      << json::serialize(another);
  EXPECT_EQ(count(), 7U);
}

TEST_F(EpcisCapture, AnErrorDeclarationIsItsPartysAndEqualsItsEvent) {
  const std::string event = event_of("L1", "urn:uuid:1");
  refuses(send("POST", "/events", farm_, declared(event)), 400, "ValidationException");
  ASSERT_EQ(send("POST", "/events", farm_, event).status, 201);
  refuses(send("POST", "/events", maker_, declared(event)), 400, "ValidationException");
  refuses(send("POST", "/events", farm_, declared(event_of("L2", "urn:uuid:1"))), 400,
          "ValidationException");
  std::string corrected = declared(event);
  corrected.replace(corrected.rfind("}}"), 2, R"(,"correctiveEventIDs":["urn:uuid:2"]}})");
  refuses(send("POST", "/events", farm_, corrected), 400, "ValidationException");
  EXPECT_EQ(events("/events/urn:uuid:1", farm_).size(), 1U);
}

// Programs write numbers in their own way: one that reads an event and writes it again, with a
// declaration, or only once more, has stated the same.
TEST_F(EpcisCapture, ADeclarationMayWriteNumbersAndTheOrderOfNamesInAnotherWay) {
  const auto with = [](const std::string& sensor, const std::string& own) {
    return event_of("L1", "urn:uuid:1",
                    R"(,"sensorElementList":[{"sensorReport":[{"type":"Temperature","value":)" +
                        sensor + R"(,"uom":"CEL","sDev":)" + sensor +
                        R"(}]}],)" + own);
  };
  const std::string own =
      R"("example:weight":100,"example:box":{"example:side":2,"example:of":["wood","air"]})";
  const std::string event = with("12.7", own);
  const std::string again = with(
      "1.270E1",
      R"("example:box":{"example:of":["wood","air"],"example:side":2},"example:weight":1E+2)");
  ASSERT_EQ(send("POST", "/events", farm_, event).status, 201);
  EXPECT_EQ(send("POST", "/events", farm_, again).status, 201);
  EXPECT_EQ(count(), 1U);
  refuses(send("POST", "/events", farm_, declared(with("12.8", own))), 400,
          "ValidationException");
  const std::string other =
      R"("example:weight":100,"example:box":{"example:side":2,"example:of":["air","wood"]})";
  refuses(send("POST", "/events", farm_, declared(with("12.7", other))), 400,
          "ValidationException");
  const auto made = capture({declared(again)}, false);
  EXPECT_TRUE(made.at("success").as_bool()) << json::serialize(made);
  EXPECT_EQ(count(), 2U);
  EXPECT_EQ(send("POST", "/events", farm_, declared(event)).status, 201);
  EXPECT_EQ(count(), 2U) << "it is the same declaration";
}

}  // namespace
}  // namespace suyuan::test
