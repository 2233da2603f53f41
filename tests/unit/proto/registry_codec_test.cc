#include "proto/registry_codec.h"

#include <gtest/gtest.h>

#include "tests/support/random_event.h"

namespace suyuan {
namespace {

using testing::Random;

constexpr uint64_t kActSeed = 20260602;

PartyData random_party(Random& random) {
  PartyData party{.id = random.text(), .name = random.maybe_text(), .roles = {}};
  party.name_zh = random.maybe_text();
  party.roles = random.list(3, [&] { return static_cast<Role>(random.below(15)); });
  party.country = random.maybe_text();
  party.gln = random.maybe_text();
  party.credit_code = random.maybe_text();
  party.represented_by = random.maybe_text();
  party.accreditations = random.list(2, [&] {
    return Accreditation{
        .number = random.text(),
        .valid_to = random.one_in(2) ? std::optional(random.moment()) : std::nullopt,
        .scope = random.list(2, [&] { return random.text(); })};
  });
  return party;
}

ProductData random_product(Random& random) {
  const auto texts = [&] { return random.list(2, [&] { return random.text(); }); };
  return {.gtin = random.text(),
          .name = random.maybe_text(),
          .name_zh = random.maybe_text(),
          .brand = random.maybe_text(),
          .owner = random.maybe_text(),
          .licensees = texts(),
          .uom = random.maybe_text(),
          .net_kg = random.maybe_decimal(),
          .hs = random.maybe_text(),
          .shelf_life_days = static_cast<uint32_t>(random.next()),
          .contained_gtin = random.maybe_text(),
          .contained_count = static_cast<uint32_t>(random.below(3)),
          .recall_agent = random.maybe_text(),
          .sellers = texts(),
          .required_steps = texts()};
}

SiteData random_site(Random& random) {
  return {.gln = random.text(),
          .party = random.maybe_text(),
          .name = random.maybe_text(),
          .type = random.maybe_text(),
          .country = random.maybe_text(),
          .region = random.maybe_text(),
          .latitude = random.maybe_decimal(),
          .longitude = random.maybe_decimal(),
          .unlocode = random.maybe_text(),
          .supervised_by = random.list(2, [&] { return random.text(); })};
}

KeyEntry random_key(Random& random) {
  return {.key = random.fixed<PublicKey>(), .possession = random.fixed<Signature>()};
}

RegistryEvent random_act(Random& random) {
  switch (random.below(10)) {
    case 0: return RegisterParty{.party = random_party(random),
                                 .keys = random.list(3, [&] { return random_key(random); })};
    case 1: return AmendParty{.party = random_party(random)};
    case 2: return AddKey{.party = random.maybe_text(), .key = random_key(random)};
    case 3: return RevokeKey{
        .party = random.maybe_text(),
        .key = random.fixed<PublicKey>(),
        .suspect_from = random.one_in(2) ? std::optional<uint64_t>(random.below(2)) : std::nullopt,
        .reason = random.maybe_text()};
    case 4: return GrantDelegation{
        .party = random.maybe_text(),
        .signer = random.maybe_text(),
        .until = random.one_in(2) ? std::optional(random.moment()) : std::nullopt};
    case 5: return EndDelegation{.party = random.maybe_text(), .signer = random.maybe_text()};
    case 6: return RegisterProduct{.product = random_product(random)};
    case 7: return AmendProduct{.product = random_product(random)};
    case 8: return RegisterSite{.site = random_site(random)};
    default: return AmendSite{.site = random_site(random)};
  }
}

TEST(RegistryCodec, EveryActComesBackEqualFromItsBytes) {
  Random random(kActSeed);
  for (int i = 0; i < 500; ++i) {
    const RegistryEvent act = random_act(random);
    const auto decoded = decode_registry(encode_registry(act));
    ASSERT_TRUE(decoded) << "seed " << kActSeed << ", act " << i << ": "
                         << to_text(decoded.error());
    ASSERT_EQ(*decoded, act) << "seed " << kActSeed << ", act " << i;
  }
}

TEST(RegistryCodec, AFlippedBitIsRefusedOrMeansSomethingElse) {
  Random random(kActSeed);
  for (int i = 0; i < 20; ++i) {
    const RegistryEvent act = random_act(random);
    const Bytes payload = encode_registry(act);
    for (size_t bit = 0; bit < payload.size() * 8; bit += 3) {
      Bytes flipped = payload;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
      const auto decoded = decode_registry(flipped);
      if (!decoded) continue;
      ASSERT_NE(*decoded, act) << "seed " << kActSeed << ", act " << i << ", bit " << bit;
    }
  }
}

TEST(RegistryCodec, RefusesARoleThatIsNone) {
  PartyData party{.id = "p", .name = "n", .roles = {Role::lab}};
  Bytes payload = encode_registry(AmendParty{.party = party});
  payload.replace(payload.find("lab\0", 0, 4), 3, "lob");
  const auto decoded = decode_registry(payload);
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, Code::INVALID_FIELD);
  EXPECT_EQ(decoded.error().field, "amendParty.roles[0].text");
}

TEST(RegistryCodec, RefusesAnActOfALaterVersion) {
  Bytes payload = encode_registry(EndDelegation{.party = "p", .signer = "s"});
  payload[8] = 10;  // the union's tag
  const auto decoded = decode_registry(payload);
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, Code::INVALID_FIELD);
}

}  // namespace
}  // namespace suyuan
