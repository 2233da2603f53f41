#include "proto/json/registry_json.h"

#include <gtest/gtest.h>

namespace suyuan {
namespace {

template <class F>
F filled(uint8_t byte) {
  F value;
  value.data.fill(byte);
  return value;
}

PartyData full_party() {
  return {.id = "nz-lab",
          .name = "Te Awa",
          .name_zh = "检测",
          .roles = {Role::producer, Role::lab},
          .country = "NZ",
          .gln = "9521105000005",
          .credit_code = "91350205MA0DEM0132",
          .represented_by = "cn-agent",
          .accreditations = {{.number = "IANZ", .valid_to = Moment{.ms = 1000}, .scope = {"ISO"}}}};
}

ProductData full_product() {
  return {.gtin = "19521104301018",
          .name = "Case",
          .name_zh = "箱",
          .brand = "Waikawa",
          .owner = "nz-mfr",
          .licensees = {"cn-mfr"},
          .uom = "H87",
          .net_kg = Decimal::parse("5.4"),
          .hs = "1901101010",
          .shelf_life_days = 730,
          .contained_gtin = "09521104301011",
          .contained_count = 6,
          .recall_agent = "cn-recall",
          .sellers = {"hk-ebc"},
          .required_steps = {"origin"}};
}

SiteData full_site() {
  return {.gln = "9521104000013",
          .party = "nz-mfr",
          .name = "Dryer",
          .type = "factory",
          .country = "NZ",
          .region = "Waikato",
          .latitude = Decimal::parse("-37.812"),
          .longitude = Decimal::parse("175.295"),
          .unlocode = "NZHLZ",
          .supervised_by = {"nz-mpi"}};
}

std::vector<RegistryEvent> every_act() {
  const KeyEntry key{.key = filled<PublicKey>(1), .possession = filled<Signature>(2)};
  return {RegisterParty{.party = full_party(), .keys = {key, key}},
          AmendParty{.party = full_party()},
          AddKey{.party = "nz-lab", .key = key},
          RevokeKey{.party = "nz-lab", .key = key.key, .suspect_from = 0, .reason = "stolen"},
          GrantDelegation{.party = "a", .signer = "b", .until = Moment{.ms = 5000}},
          EndDelegation{.party = "a", .signer = "b"},
          RegisterProduct{.product = full_product()},
          AmendProduct{.product = full_product()},
          RegisterSite{.site = full_site()},
          AmendSite{.site = full_site()}};
}

TEST(RegistryJson, ReadsBackEveryAct) {
  ASSERT_EQ(every_act().size(), std::variant_size_v<RegistryEvent>);
  for (const auto& act : every_act()) {
    const std::string text = write_registry_json(act);
    const auto parsed = parse_registry_json(text);
    ASSERT_TRUE(parsed) << to_text(parsed.error()) << "\n" << text;
    EXPECT_EQ(*parsed, act) << text;
    EXPECT_EQ(write_registry_json(*parsed), text);
  }
}

TEST(RegistryJson, RefusesEveryActWithOneFieldMore) {
  for (const auto& act : every_act()) {
    std::string text = write_registry_json(act);
    text.insert(text.size() - 1, R"(,"more":1)");
    const auto parsed = parse_registry_json(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, Code::INVALID_FIELD);
    EXPECT_EQ(parsed.error().field, "more");
  }
}

TEST(RegistryJson, RefusesEveryActWithoutItsFields) {
  for (const auto& act : every_act()) {
    const auto parsed = parse_registry_json(R"({"act":")" + std::string(act_word(act)) + "\"}");
    ASSERT_FALSE(parsed) << act_word(act);
    EXPECT_EQ(parsed.error().code, Code::MISSING_FIELD) << act_word(act);
  }
}

testing::AssertionResult refused(std::string_view text, Code code, std::string_view field) {
  const auto parsed = parse_registry_json(text);
  if (parsed) return testing::AssertionFailure() << "accepted";
  if (parsed.error().code == code && parsed.error().field == field) {
    return testing::AssertionSuccess();
  }
  return testing::AssertionFailure() << to_text(parsed.error());
}

TEST(RegistryJson, RefusesWhatIsNoAct) {
  EXPECT_TRUE(refused("[]", Code::INVALID_FIELD, ""));
  EXPECT_TRUE(refused("{}", Code::MISSING_FIELD, "act"));
  EXPECT_TRUE(refused(R"({"act":"deleteParty"})", Code::INVALID_FIELD, "act"));
}

TEST(RegistryJson, RefusesValuesOfTheWrongForm) {
  for (const auto* key : {"AAAA", "?"}) {
    EXPECT_TRUE(refused(R"({"act":"revokeKey","party":"a","key":")" + std::string(key) + "\"}",
                        Code::INVALID_FIELD, "key"));
  }
  EXPECT_TRUE(refused(R"({"act":"amendParty","party":{"id":"a","name":"A","roles":["king"]}})",
                      Code::INVALID_FIELD, "party.roles[0]"));
  EXPECT_TRUE(refused(R"({"act":"amendParty","party":{"id":"a","name":"A","roles":["lab","lab"]}})",
                      Code::INVALID_FIELD, "party.roles"));
  EXPECT_TRUE(refused(R"({"act":"amendProduct","product":{"gtin":"1","name":"A","owner":"b",)"
                      R"("shelfLifeDays":4294967296}})",
                      Code::INVALID_FIELD, "product.shelfLifeDays"));
}

TEST(RegistryJson, SortsRoles) {
  const auto parsed = parse_registry_json(
      R"({"act":"amendParty","party":{"id":"a","name":"A","roles":["lab","producer"]}})");
  ASSERT_TRUE(parsed) << to_text(parsed.error());
  const std::vector<Role> sorted = {Role::producer, Role::lab};
  EXPECT_EQ(std::get<AmendParty>(*parsed).party.roles, sorted);
}

TEST(RegistryJson, ShowsAPartysKeysAndDelegations) {
  PartyState party;
  party.data = {.id = "a", .name = "A", .roles = {Role::lab}};
  party.keys = {{.key = filled<PublicKey>(0), .key_id = 0x0A0B0C0D, .registered = 3, .revoked = 9}};
  party.delegations = {{.signer = "gate", .until_ms = 0, .granted = 4}};
  party.registered = 3;
  JsonWriter out;
  write_party(out, party);
  EXPECT_EQ(out.str(),
            R"({"id":"a","name":"A","roles":["lab"],"registered":3,"keys":[{"key":)"
            R"("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","keyID":"0a0b0c0d","registered":3,)"
            R"("revoked":9}],"delegations":[{"signer":"gate","until":"1970-01-01T00:00:00Z",)"
            R"("granted":4}]})");
}

}  // namespace
}  // namespace suyuan
