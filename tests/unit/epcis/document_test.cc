// Documents in pieces: one payload for each event, the same every time.
#include <gtest/gtest.h>

#include "proto/epcis/document.h"
#include "proto/epcis/event_hash.h"
#include "tests/unit/epcis/event_json.h"

namespace suyuan::testing {
namespace {

const std::string kEvent1 = R"({"type":"ObjectEvent","eventTime":"2026-06-02T05:30:00Z",)"
                            R"("eventTimeZoneOffset":"+12:00","epcList":["urn:x:1"],)"
                            R"("action":"OBSERVE","ex:n":1.50})";

std::string document(const std::string& events, const std::string& more = "") {
  return R"({"@context":["https://ref.gs1.org/standards/epcis/epcis-context.jsonld",)"
         R"({"ex":"https://ns.example.org/"}],"type":"EPCISDocument","schemaVersion":"2.0",)"
         R"("creationDate":"2026-06-02T06:00:00Z",)" +
         more + R"("epcisBody":{"eventList":[)" + events + "]}}";
}

TEST(EpcisDocument, IsSplitIntoEventsThatCarryItsContext) {
  const auto split = split_epcis(document(kEvent1 + "," + kEvent1)).value();
  EXPECT_EQ(split.type, "EPCISDocument");
  ASSERT_EQ(split.events.size(), 2U);
  EXPECT_EQ(split.events[1].pointer, "/epcisBody/eventList/1");
  EXPECT_EQ(split.events[0].payload,
            R"({"@context":["https://ref.gs1.org/standards/epcis/epcis-context.jsonld",)"
            R"({"ex":"https://ns.example.org/"}],)" +
                kEvent1.substr(1));
  EXPECT_TRUE(check_epcis(split.events[0].payload));
}

TEST(EpcisDocument, TheContextOfAnEventComesBehindThatOfTheDocument) {
  const std::string own = R"({"@context":{"own":"https://own.example/"},)" + kEvent1.substr(1);
  EXPECT_EQ(split_epcis(document(own)).value().events[0].payload,
            R"({"@context":["https://ref.gs1.org/standards/epcis/epcis-context.jsonld",)"
            R"({"ex":"https://ns.example.org/"},{"own":"https://own.example/"}],)" +
                kEvent1.substr(1));
}

TEST(EpcisDocument, AnAudienceAndAnEventIdAreGivenWhereTheyAreMissing) {
  const SplitRules rules{.audience = EventAudience::everyone, .name_events = true};
  const auto split = split_epcis(document(kEvent1), rules).value();
  const auto event = check_epcis(split.events[0].payload).value();
  EXPECT_EQ(event.audience, EventAudience::everyone);
  EXPECT_TRUE(event.event_id.starts_with("ni:///sha-256;")) << event.event_id;
  EXPECT_EQ(event.event_id, event_hash(split.events[0].payload).value());
  const auto again = split_epcis(split.events[0].payload, {.audience = EventAudience::partner,
                                                           .name_events = true});
  EXPECT_EQ(again.value().events[0].payload, split.events[0].payload) << "what is said stands";
}

TEST(EpcisDocument, NobodyIsHeardWhoSaysInTheEnvelopeWhoMayRead) {
  for (const char* name : {"suyuan:audience", "Suyuan:audience", "suyuan:kind"}) {
    const std::string member = "\"" + std::string(name) + R"(":"partner",)";
    const auto split =
        split_epcis(document(kEvent1, member), {.audience = EventAudience::everyone});
    ASSERT_FALSE(split) << name;
    EXPECT_EQ(split.error().field, "/" + std::string(name));
  }
}

TEST(EpcisDocument, AnAudienceThatIsSpeltOtherwiseIsNeverOverruled) {
  for (const char* member :
       {R"("Suyuan:audience":"partner",)", R"("suyuan:audience":null,)",
        R"("suyuan:audience":"Partner",)", R"("suyuan\u003aaudience":["partner"],)"}) {
    const auto split = split_epcis(document("{" + std::string(member) + kEvent1.substr(1)),
                                   {.audience = EventAudience::everyone});
    ASSERT_TRUE(split) << member;
    EXPECT_FALSE(check_epcis(split->events[0].payload)) << member;
  }
}

TEST(EpcisDocument, AnsweredQueriesAndBareEventsAreSplitToo) {
  const auto bare = split_epcis(epcis_event()).value();
  EXPECT_EQ(bare.type, "ObjectEvent");
  EXPECT_EQ(bare.events[0].pointer, "");
  EXPECT_EQ(bare.events[0].payload, epcis_event());
  const auto answer = split_epcis(
      R"({"@context":"https://ref.gs1.org/standards/epcis/epcis-context.jsonld",)"
      R"("type":"EPCISQueryDocument","epcisBody":{"queryResults":{"queryName":"q",)"
      R"("resultsBody":{"eventList":[)" + kEvent1 + "]}}}}").value();
  EXPECT_EQ(answer.events[0].pointer, "/epcisBody/queryResults/resultsBody/eventList/0");
}

// What a node adds to the events of its answers is no part of what their copies are signed over.
TEST(EpcisDocument, WhatAnAnswerAddsToAnEventIsLeftOut) {
  const std::string added = R"(,"suyuan:statedBy":"farm","suyuan:statedThrough":"gateway",)"
                            R"("suyuan:place":"7/0"})";
  const std::string answered = kEvent1.substr(0, kEvent1.size() - 1) + added;
  const SplitRules rules{.audience = EventAudience::partner, .name_events = true};
  EXPECT_EQ(split_epcis(document(answered), rules).value().events[0].payload,
            split_epcis(document(kEvent1), rules).value().events[0].payload);
  const std::string bare = epcis_event();
  EXPECT_EQ(split_epcis(bare.substr(0, bare.size() - 1) + added).value().events[0].payload, bare);
  const auto signed_so = check_epcis(bare.substr(0, bare.size() - 1) + added);
  ASSERT_FALSE(signed_so) << "a payload is judged as it was signed";
  EXPECT_EQ(signed_so.error().front().field, "/suyuan:statedBy");
}

TEST(EpcisDocument, AnAnsweredEventThatStatesNoAudienceIsNotPublished) {
  const auto audience = [](const std::string& member, const std::string& own = "") {
    const std::string event =
        "{" + own + kEvent1.substr(1, kEvent1.size() - 2) + "," + member + "}";
    const SplitRules rules{.audience = EventAudience::everyone, .name_events = true};
    return check_epcis(split_epcis(document(event), rules).value().events[0].payload)
        .value().audience;
  };
  for (const char* member : {R"("suyuan:statedBy":"farm")", R"("suyuan:statedThrough":"gateway")",
                             R"("suyuan:place":"7/0")", R"("suyuan\u003aplace":"7/0")"}) {
    EXPECT_EQ(audience(member), EventAudience::partner) << member;
    EXPECT_EQ(audience(member, R"("suyuan:audience":"public",)"), EventAudience::everyone);
  }
  EXPECT_EQ(audience(R"("recordTime":"2026-06-02T05:30:00Z")"), EventAudience::everyone);
}

TEST(EpcisDocument, MasterDataAreCountedAndNoPartOfAnyEvent) {
  const auto split = split_epcis(document(
      kEvent1, R"("epcisHeader":{"epcisMasterData":{"vocabularyList":[{"type":"urn:x:t",)"
               R"("vocabularyElementList":[{"id":"urn:x:1"},{"id":"urn:x:2"}]}]}},)")).value();
  EXPECT_EQ(split.master_data, 2U);
  EXPECT_EQ(split.events.size(), 1U);
  EXPECT_EQ(split.events[0].payload.find("vocabulary"), std::string::npos);
}

TEST(EpcisDocument, WhatIsWrongWithItIsSaidWithItsPlace) {
  const auto fault_of = [](const std::string& text) {
    const auto split = split_epcis(text);
    return split ? std::string() : std::string(info(split.error().code).name) + " " +
                                       split.error().field;
  };
  EXPECT_EQ(fault_of("{"), "MALFORMED_EVENT ");
  EXPECT_EQ(fault_of("{}"), "MISSING_FIELD /type");
  EXPECT_EQ(fault_of(R"({"type":"EPCISDocument"})"), "MISSING_FIELD /@context");
  EXPECT_EQ(fault_of(document("1")), "INVALID_FIELD /epcisBody/eventList/0");
  std::string date = document(kEvent1);
  date.replace(date.find("2026-06-02T06:00:00Z"), 20, "yesterday");
  EXPECT_EQ(fault_of(date), "INVALID_FIELD /creationDate");
}

// A document's context stands again in each of its events: a few megabytes must not become
// gigabytes.
TEST(EpcisDocument, ALongContextIsNotCopiedWithoutBound) {
  const std::string all = document(kEvent1 + "," + kEvent1 + "," + kEvent1);
  EXPECT_TRUE(split_epcis(all, {.bytes_max = 1000}));
  const auto refused = split_epcis(all, {.bytes_max = 500});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::TOO_LARGE);
  EXPECT_EQ(refused.error().field, "/epcisBody/eventList/2");
}

}  // namespace
}  // namespace suyuan::testing
