#include "ledger/registry/rows.h"

#include "tests/unit/registry/acts.h"

namespace suyuan::testing {
namespace {

PartyState full_party() {
  return {.data = {.id = "p",
                   .name = "P",
                   .name_zh = "\xE5\x8E\xA6",
                   .roles = {Role::lab, Role::customs},
                   .country = "NZ",
                   .gln = "9521104000006",
                   .credit_code = "91350205MA0DEM0132",
                   .represented_by = "q",
                   .accreditations = {{.number = "1",
                                       .valid_to = Moment{.ms = -5, .offset_minutes = -60},
                                       .scope = {"a", "b"}},
                                      {.number = "2"}}},
          .keys = {{.key = pair_of('a').key,
                    .key_id = 1,
                    .registered = 2,
                    .revoked = 3,
                    .suspect_from = 4},
                   {.key = pair_of('b').key}},
          .delegations = {{.signer = "g", .until_ms = 5, .granted = 6, .ended = 7},
                          {.signer = "h"}},
          .registered = 8};
}

ProductData full_product() {
  return {.gtin = "09521104301011", .name = "n", .name_zh = "z", .brand = "b", .owner = "o",
          .licensees = {"l"}, .uom = "H87", .net_kg = Decimal::parse("0.9"), .hs = "19",
          .shelf_life_days = 730, .contained_gtin = "09521104300014", .contained_count = 6,
          .recall_agent = "r", .sellers = {"s"}, .required_steps = {"t"}};
}

SiteData full_site() {
  return {.gln = "9521104000013", .party = "p", .name = "n", .type = "t", .country = "NZ",
          .region = "r", .latitude = Decimal::parse("-37.812"), .longitude = Decimal::parse("175"),
          .unlocode = "NZTRG", .supervised_by = {"s"}};
}

// Every way to cut the row short, and one byte too many.
template <class Row>
void expect_strict(const Row& row) {
  const Bytes bytes = encode(row);
  ASSERT_EQ(decode<Row>(bytes).value(), row);
  for (size_t size = 0; size < bytes.size(); ++size) {
    const auto cut = decode<Row>(BytesView(bytes).substr(0, size));
    ASSERT_FALSE(cut) << size;
    EXPECT_EQ(cut.error().code, Code::CORRUPT);
  }
  EXPECT_FALSE(decode<Row>(bytes + '\0'));
}

TEST(RegistryRows, ReadBackAsTheyWereWritten) {
  expect_strict(full_party());
  expect_strict(full_product());
  expect_strict(full_site());
}

TEST(RegistryRows, RefuseBytesThatNoEncodeWrites) {
  const Bytes good = encode(PartyState{});
  for (size_t i = 0; i < good.size(); ++i) {
    for (const char byte : {'\x01', '\x02', '\x7F', '\xFF'}) {
      Bytes changed = good;
      changed[i] = byte;
      const auto row = decode<PartyState>(changed);
      EXPECT_TRUE(!row || encode(*row) == changed) << i;
    }
  }
}

TEST(RegistryRows, OfAWrongCountAllocateNothing) {
  Bytes bytes;
  for (int i = 0; i < 3; ++i) put_string(bytes, "x");
  put_u32(bytes, 0xFFFFFFFF);  // roles
  EXPECT_EQ(decode<PartyState>(bytes).error().code, Code::CORRUPT);
}

TEST(RegistryLists, ArePagedInOrder) {
  Registry registry;
  for (const std::string id : {"b", "a", "a.1"}) {
    ASSERT_EQ(registry.apply(registry.registration(id), 1), "OK");
  }
  const auto ids = [&](std::string_view after, size_t limit) {
    std::string text;
    const auto parties = list_parties(registry.state(), after, limit).value();
    for (const auto& party : parties) text += party.data.id + " ";
    return text;
  };
  EXPECT_EQ(ids("", 10), "a a.1 auth b other-auth ");
  EXPECT_EQ(ids("", 2), "a a.1 ");
  EXPECT_EQ(ids("a", 2), "a.1 auth ");
  EXPECT_EQ(ids("other-auth", 2), "");
  EXPECT_EQ(ids("", 0), "");
}

TEST(RegistryLists, HoldOneKindEach) {
  Registry registry;
  ASSERT_EQ(registry.apply(registry.registration("p"), 1), "OK");
  const ProductData product{.gtin = "09521104301011", .name = "n", .owner = "p"};
  const SiteData site{.gln = "9521104000013", .party = "p", .name = "n"};
  ASSERT_EQ(registry.apply(RegisterProduct{product}, 1), "OK");
  ASSERT_EQ(registry.apply(RegisterSite{site}, 1), "OK");
  EXPECT_EQ(list_products(registry.state(), "", 9).value().size(), 1U);
  EXPECT_EQ(list_sites(registry.state(), "", 9).value().size(), 1U);
  EXPECT_EQ(find_product(registry.state(), "09521104301011").value()->owner, "p");
  EXPECT_EQ(find_site(registry.state(), "9521104000013").value()->name, "n");
  EXPECT_FALSE(find_product(registry.state(), "p").value());
}

TEST(RegistryLists, SayThatARowIsCorrupt) {
  Registry registry;
  registry.state().put(Table::registry, party_row_key("b"), "x");
  EXPECT_EQ(list_parties(registry.state(), "", 9).error().code, Code::CORRUPT);
  EXPECT_EQ(find_party(registry.state(), "b").error().code, Code::CORRUPT);
}

}  // namespace
}  // namespace suyuan::testing
