#include "client/seal.h"

#include "ledger/event/record.h"
#include "proto/event_codec.h"
#include "tests/unit/client/support.h"

namespace suyuan {
namespace {

JsonEvent with_section(const std::string& content) {
  JsonEvent event = test::event("A1");
  event.sealed = {{.audience = Audience::customs, .label = "price", .content = content}};
  return event;
}

TEST(Seal, PutsTheDigestIntoThePayloadAndTheBytesBesideIt) {
  const auto sealed = seal_event(with_section("{\"price\":7}"), "nz-mfr", test::counted_salts());
  ASSERT_TRUE(sealed);
  const auto& body = sealed->event.body;
  ASSERT_EQ(body.sections.size(), 1U);
  EXPECT_EQ(body.sections[0].bytes, "{\"price\":7}");
  const auto event = decode_event(body.payload);
  ASSERT_TRUE(event);
  ASSERT_EQ(event->sections.size(), 1U);
  EXPECT_EQ(event->sections[0].label, "price");
  EXPECT_EQ(event->sections[0].digest, section_digest("nz-mfr", Audience::customs,
                                                      body.sections[0].salt, "{\"price\":7}"));
  EXPECT_EQ(body.payload.find("{\"price\""), std::string::npos);
}

TEST(Seal, GivesEveryEventAndSectionASaltOfItsOwn) {
  const auto sealed = seal_event(with_section("{}"), "nz-mfr", random_salt);
  const auto other = seal_event(with_section("{}"), "nz-mfr", random_salt);
  ASSERT_TRUE(sealed && other);
  EXPECT_NE(sealed->event.body.salt, other->event.body.salt);
  EXPECT_NE(sealed->event.body.sections[0].salt, sealed->event.body.salt);
  EXPECT_NE(sealed->event.body.sections[0].salt, other->event.body.sections[0].salt);
}

TEST(Seal, KnowsTheSameContentAgainWhateverItsSalts) {
  const auto one = seal_event(with_section("{\"p\":1}"), "nz-mfr", random_salt);
  const auto same = seal_event(with_section("{\"p\":1}"), "nz-mfr", random_salt);
  const auto other = seal_event(with_section("{\"p\":2}"), "nz-mfr", random_salt);
  ASSERT_TRUE(one && same && other);
  EXPECT_EQ(one->content, same->content);
  EXPECT_NE(one->content, other->content);
}

TEST(Seal, RefusesAFaultyEventWithItsField) {
  JsonEvent event = test::event("A1");
  event.event.objects.clear();
  const auto sealed = seal_event(event, "nz-mfr", random_salt);
  ASSERT_FALSE(sealed);
  EXPECT_EQ(sealed.error().front().code, Code::MISSING_FIELD);
}

TEST(Seal, RefusesASectionThatIsTooLarge) {
  const auto sealed = seal_event(with_section(std::string((64 << 10) + 1, '1')), "nz-mfr",
                                 random_salt);
  ASSERT_FALSE(sealed);
  EXPECT_EQ(sealed.error().front().code, Code::TOO_LARGE);
  EXPECT_EQ(sealed.error().front().field, "sealed[0].content");
}

TEST(Seal, NamesTheCodeThatAnActConcerns) {
  const auto sealed = seal_act(
      RegisterSite{.site = {.gln = "9521101000016", .party = "nz-farm-1", .name = "Farm"}},
      random_salt);
  ASSERT_TRUE(sealed);
  EXPECT_EQ(sealed->event.codes, (std::vector<std::string>{site_code("9521101000016")}));
}

}  // namespace
}  // namespace suyuan
