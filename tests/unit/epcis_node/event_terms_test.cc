// An event's terms straight from its values are those that its JSON has.
#include "node/epcis/event_terms.h"

#include <gtest/gtest.h>

#include "proto/epcis/write.h"
#include "tests/support/good_event.h"

namespace suyuan::epcis {
namespace {

std::string text_of(const std::vector<Term>& terms) {
  std::string text;
  for (const Term& term : terms) text += term.name + " = " + term.text + "\n";
  return text;
}

std::vector<Term> written_terms(const TraceEvent& event) {
  const std::string json = write_epcis(event);
  return terms_of(flatten(parse_json(json).value().root()).value());
}

TEST(EventTerms, AreThoseOfTheEventAsItIsWritten) {
  size_t straight = 0;
  for (uint64_t seed = 1; seed <= 4000; ++seed) {
    testing::Random random(seed);
    TraceEvent event = testing::good_event(random);
    if (!random.one_in(4)) {
      event.ilmd.clear();
      event.extensions.clear();
      event.sensors.clear();
      event.error.reset();
    }
    if (random.one_in(2)) std::erase_if(event.sources, [](const auto& one) {
      return one.id == "consumer" || one.type == "agent" || one.type == "urn:example:broker";
    });
    if (random.one_in(2)) event.destinations = event.sources;
    if (random.one_in(2)) {
      event.transactions = {{"bol", "urn:x:7"}, {"po", "https://id.gs1.org/253/9521101000019"}};
    }
    if (random.one_in(8)) event.objects = {{.code = event.read_point}};
    const auto terms = terms_of(event);
    if (!terms) continue;
    ++straight;
    const auto written = written_terms(event);
    ASSERT_EQ(*terms, written) << "seed " << seed << "\n" << write_epcis(event) << "\nstraight\n"
                               << text_of(*terms) << "written\n" << text_of(written);
  }
  EXPECT_GT(straight, 200U);
}

// What a bench, a scanner or a line of machines posts by the thousand needs no writing.
TEST(EventTerms, OfAPlainEventNeedNoWriting) {
  TraceEvent event;
  event.action = Action::add;
  event.event_id = "urn:uuid:1";
  event.step = "commissioning";
  event.disposition = "active";
  event.read_point = "https://id.gs1.org/414/9521104000006";
  event.objects = {{.code = "https://id.gs1.org/01/09521104301011/21/S1"},
                   {.code = "https://id.gs1.org/01/09521104301011/10/L1"}};
  event.destinations = {{"possessing_party", "urn:suyuan:party:carrier"}};
  const auto terms = terms_of(event);
  ASSERT_TRUE(terms);
  EXPECT_EQ(*terms, written_terms(event));
}

TEST(EventTerms, OfAnEventWhoseNamesItsWrittenFormExpandsAreReadThere) {
  TraceEvent event;
  event.action = Action::observe;
  event.objects = {{.code = "https://id.gs1.org/01/09521104301011/21/S1"}};
  EXPECT_TRUE(terms_of(event));
  event.event_id = "gs1:1";
  EXPECT_FALSE(terms_of(event));
}

}  // namespace
}  // namespace suyuan::epcis
