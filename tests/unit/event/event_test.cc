#include "ledger/event/event.h"

#include <gtest/gtest.h>

namespace suyuan {
namespace {

TEST(EventWords, ReadBackAsTheyAreWritten) {
  for (const auto kind : {Kind::origin, Kind::supply, Kind::logistics, Kind::transaction,
                          Kind::inspection}) {
    EXPECT_EQ(kind_from(word(kind)), kind);
  }
  for (const auto type : {EventType::object, EventType::aggregation, EventType::transaction,
                          EventType::transformation, EventType::association}) {
    EXPECT_EQ(event_type_from(word(type)), type);
  }
  for (const auto audience : {Audience::owner, Audience::partner, Audience::platform,
                              Audience::customs, Audience::market_supervision}) {
    EXPECT_EQ(audience_from(word(audience)), audience);
  }
}

TEST(EventWords, WriteActionsAsEpcisDoes) {
  EXPECT_EQ(word(Action::add), "ADD");
  EXPECT_EQ(word(Action::observe), "OBSERVE");
  EXPECT_EQ(word(Action::remove), "DELETE");
  EXPECT_EQ(action_from("DELETE"), Action::remove);
}

TEST(EventWords, AreNulloptWhereUnknown) {
  EXPECT_EQ(kind_from("Origin"), std::nullopt);
  EXPECT_EQ(event_type_from("ObjectEvent"), std::nullopt);
  EXPECT_EQ(action_from("add"), std::nullopt);
  EXPECT_EQ(audience_from("public"), std::nullopt);
}

TEST(EventWords, AreEmptyForAValueOutsideTheList) {
  EXPECT_EQ(word(static_cast<Kind>(9)), "");
  EXPECT_EQ(word(static_cast<NodeKind>(9)), "");
  EXPECT_EQ(word(NodeKind::boolean), "boolean");
}

TEST(Custody, IsReadFromPossessingPartiesAlone) {
  TraceEvent event;
  event.sources = {{.type = "possessing_party", .id = "urn:suyuan:party:nz-farm-1"},
                   {.type = "owning_party", .id = "urn:suyuan:party:bank"},
                   {.type = "possessing_party", .id = "urn:suyuan:party:nz-farm-2"}};
  event.destinations = {{.type = "possessing_party", .id = "urn:suyuan:party:nz-mfr"}};
  EXPECT_EQ(custody_from(event), (std::vector<std::string>{"nz-farm-1", "nz-farm-2"}));
  EXPECT_EQ(custody_to(event), "nz-mfr");
}

TEST(Custody, OfTheConsumerIsTheWordItself) {
  TraceEvent event;
  event.destinations = {{.type = "possessing_party", .id = "consumer"}};
  EXPECT_EQ(custody_to(event), kConsumer);
}

TEST(Custody, IsEmptyWhereNoHandOverIsStated) {
  EXPECT_EQ(custody_to(TraceEvent{}), "");
  EXPECT_TRUE(custody_from(TraceEvent{}).empty());
}

}  // namespace
}  // namespace suyuan
