// Rules of why: vocabularies, parties, hand-over, results.
#include <gtest/gtest.h>

#include "ledger/base/limits.h"
#include "tests/unit/event/events.h"

namespace suyuan {
namespace {

TEST(Terms, AreWordsOrUris) {
  auto event = object_event();
  for (const auto* good : {"shipping", "declaring", "step_2", "urn:gdst:bizStep:landing", ""}) {
    event.step = good;
    EXPECT_TRUE(is_good(event)) << good;
  }
  for (const auto* bad : {"Shipping", "2nd", "ship ping", "装船", "_x", "://"}) {
    event.step = bad;
    EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "step")) << bad;
  }
  event.step.assign(65, 'a');
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "step"));
}

TEST(Terms, AreBareWhereCbvHasTheWord) {
  auto event = object_event();
  for (const auto* form : {"https://ref.gs1.org/cbv/BizStep-shipping", "cbv:BizStep-shipping",
                           "urn:epcglobal:cbv:bizstep:shipping"}) {
    event.step = form;
    EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "step"));
    EXPECT_NE(faults_of(event).at(0).message.find("write \"shipping\""), std::string::npos);
  }
  event = object_event();
  event.disposition = "https://ref.gs1.org/cbv/Disp-in_transit";
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "disposition"));
}

TEST(PersistentDisposition, IsTermsAndNeverBothSetAndUnset) {
  auto event = object_event();
  event.persistent_set = {"completeness_verified"};
  event.persistent_unset = {"completeness_inferred"};
  EXPECT_TRUE(is_good(event));
  event.persistent_set = {"No"};
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "persistentDisposition.set[0]"));
  event.persistent_set = {"completeness_inferred"};
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "persistentDisposition.unset"));
  event.persistent_set.assign(limits::kListMax + 1, "recalled");
  EXPECT_TRUE(has_fault(event, Code::TOO_MANY, "persistentDisposition.set"));
}

TEST(Transactions, HaveAnIdAndATypeIfKnown) {
  auto event = object_event();
  event.transactions = {{.type = "po", .id = "PO-77120"}, {.type = "", .id = "urn:example:1"}};
  EXPECT_TRUE(is_good(event));
  event.transactions[0].id.clear();
  EXPECT_TRUE(has_fault(event, Code::MISSING_FIELD, "transactions[0].id"));
  event.transactions[0] = {.type = "P O", .id = "1"};
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "transactions[0].type"));
  event.transactions.assign(limits::kListMax + 1, {.type = "po", .id = "1"});
  EXPECT_TRUE(has_fault(event, Code::TOO_MANY, "transactions"));
}

TEST(Parties, AreNamedByTheirUrnOrAreTheConsumer) {
  auto event = object_event();
  event.sources = {{.type = "possessing_party", .id = "urn:suyuan:party:nz-mfr"},
                   {.type = "owning_party", .id = "urn:suyuan:party:bank"}};
  event.destinations = {{.type = "possessing_party", .id = "consumer"}};
  EXPECT_TRUE(is_good(event));
  event.sources[0].id = "nz-mfr";
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "sources[0].id"));
  event.sources[0].id = "urn:suyuan:party:NZ MFR";
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "sources[0].id"));
  event.sources[0] = {.type = "", .id = "urn:suyuan:party:nz-mfr"};
  EXPECT_TRUE(has_fault(event, Code::MISSING_FIELD, "sources[0].type"));
}

TEST(Parties, StandOnceInAList) {
  auto event = object_event();
  const Reference farm{.type = "possessing_party", .id = "urn:suyuan:party:nz-farm-1"};
  event.sources = {farm, farm};
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "sources[1]"));
}

TEST(Destinations, NamePlacesByLocationCodes) {
  auto event = object_event();
  event.destinations = {{.type = "location", .id = kPlace}};
  EXPECT_TRUE(is_good(event));
  event.destinations[0].id = kLot;
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "destinations[0].id"));
}

TEST(Custody, GoesToOneReceiver) {
  auto event = object_event();
  event.destinations = {{.type = "possessing_party", .id = "urn:suyuan:party:a"},
                        {.type = "possessing_party", .id = "urn:suyuan:party:b"}};
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "destinations"));
}

TEST(Results, AreThoseOfInspections) {
  auto event = object_event();
  event.result = "pass";
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "result"));
  event.kind = Kind::inspection;
  EXPECT_TRUE(is_good(event));
  event.result = "Passed!";
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "result"));
}

TEST(Confirmations, NameAnotherEvent) {
  auto event = object_event();
  event.confirms = "urn:example:A12";
  EXPECT_TRUE(is_good(event));
  event.confirms = "A12";
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "confirms"));
  event.event_id = event.confirms = "urn:example:A12";
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "confirms"));
}

TEST(Texts, AreCleanAndBounded) {
  auto event = object_event();
  event.transactions = {{.type = "po", .id = "a\xFF"}};
  EXPECT_TRUE(has_fault(event, Code::BAD_TEXT, "transactions[0].id"));
  event.transactions[0].id.assign(limits::kTextBytesMax, 'a');
  EXPECT_TRUE(is_good(event));
  event.transactions[0].id += 'a';
  EXPECT_TRUE(has_fault(event, Code::TOO_LARGE, "transactions[0].id"));
}

}  // namespace
}  // namespace suyuan
