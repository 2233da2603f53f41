// Rules of when and where, and the bounds of the answer itself.
#include "ledger/event/validate.h"

#include <gtest/gtest.h>

#include "ledger/base/limits.h"
#include "tests/unit/event/events.h"

namespace suyuan {
namespace {

TEST(Validate, AcceptsGoodEventsOfEveryType) {
  EXPECT_TRUE(is_good(object_event()));
  EXPECT_TRUE(is_good(aggregation_event()));
  EXPECT_TRUE(is_good(transaction_event()));
  EXPECT_TRUE(is_good(transformation_event()));
  auto association = aggregation_event();
  association.type = EventType::association;
  EXPECT_TRUE(is_good(association));
}

TEST(Validate, RefusesValuesOutsideTheEnumerations) {
  auto event = object_event();
  event.kind = static_cast<Kind>(7);
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "kind"));
  event = object_event();
  event.type = static_cast<EventType>(7);
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "type"));
  event = object_event();
  event.action = static_cast<Action>(7);
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "action"));
}

TEST(Validate, RefusesATimeThatRfc3339CannotWrite) {
  auto event = object_event();
  event.event_time.ms = INT64_MAX;
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "eventTime"));
  event.event_time = {.ms = 0, .offset_minutes = 841};
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "eventTime"));
  event.event_time = {.ms = -2'208'988'800'001, .offset_minutes = 0};
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "eventTime"));
  event.event_time = {.ms = 0, .offset_minutes = -840};
  EXPECT_TRUE(is_good(event));
}

TEST(Validate, RefusesAnEventIdThatIsNoUri) {
  auto event = object_event();
  event.event_id = "A09";
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "eventID"));
  event.event_id = "urn:uuid:" + std::string(limits::kCodeBytesMax, 'a');
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "eventID"));
  event.event_id = "urn:suyuan demo:A09";
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "eventID"));
  event.event_id = "urn:example:A09";
  EXPECT_TRUE(is_good(event));
}

TraceEvent withdrawal() {
  auto event = object_event();
  event.event_id = "urn:example:A09";
  event.error = ErrorDeclaration{.declared = {.ms = 1'780'000'100'000},
                                 .reason = "incorrect_data",
                                 .corrective_event_ids = {"urn:example:A09b"}};
  return event;
}

TEST(ErrorDeclaration, NamesWhatItWithdraws) {
  EXPECT_TRUE(is_good(withdrawal()));
  auto event = withdrawal();
  event.event_id.clear();
  EXPECT_TRUE(has_fault(event, Code::MISSING_FIELD, "eventID"));
  event = withdrawal();
  event.error->reason.clear();
  EXPECT_TRUE(is_good(event)) << "EPCIS leaves the reason open";
  event = withdrawal();
  event.error->declared.ms = INT64_MIN;
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "errorDeclaration.declarationTime"));
}

TEST(ErrorDeclaration, OfWhatDidNotOccurHasNoCorrection) {
  auto event = withdrawal();
  event.error->reason = "did_not_occur";
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "errorDeclaration.correctiveEventIDs"));
}

TEST(ErrorDeclaration, NamesCorrectionsByOtherUris) {
  auto event = withdrawal();
  event.error->corrective_event_ids = {"not a uri"};
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "errorDeclaration.correctiveEventIDs[0]"));
  event.error->corrective_event_ids = {event.event_id};
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "errorDeclaration.correctiveEventIDs"));
  event.error->corrective_event_ids.assign(limits::kListMax + 1, "urn:example:x");
  EXPECT_TRUE(has_fault(event, Code::TOO_MANY, "errorDeclaration.correctiveEventIDs"));
}

TEST(Places, AreLocationsOrOtherUris) {
  auto event = object_event();
  event.read_point = kPlace;
  event.biz_location = "https://example.com/dock/7";
  EXPECT_TRUE(is_good(event));
  event.read_point = kLot;
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "readPoint"));
}

TEST(Places, AreCanonicalWithAGoodCheckDigit) {
  auto event = object_event();
  event.biz_location = "https://example.com/414/9521104000013";
  EXPECT_TRUE(has_fault(event, Code::CODE_NOT_CANONICAL, "bizLocation"));
  event.biz_location = "https://id.gs1.org/414/9521104000014";
  EXPECT_TRUE(has_fault(event, Code::CODE_CHECK_DIGIT, "bizLocation"));
}

TEST(Validate, ReportsEveryFaultUpToTheBound) {
  auto event = object_event();
  event.action = Action::none;
  event.event_id = "x";
  event.step = "No Step";
  EXPECT_EQ(faults_of(event).size(), 3U) << text_of(faults_of(event));
  event.objects.assign(500, {.code = "nonsense"});
  EXPECT_EQ(faults_of(event).size(), limits::kErrorsPerBatchMax);
}

TEST(Validate, IsTotalOnAnEmptyEvent) {
  EXPECT_FALSE(faults_of(TraceEvent{}).empty());
}

}  // namespace
}  // namespace suyuan
