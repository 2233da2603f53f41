#include "ledger/registry/roles.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "tests/support/vectors.h"

namespace suyuan::testing {
namespace {

const RoleRule* rule(Role role, Kind kind, std::string_view step) {
  return rule_for(std::vector{role}, kind, step);
}

constexpr Role kRoles[] = {
    Role::authority,  Role::producer, Role::supplier,           Role::manufacturer, Role::lab,
    Role::competent_authority,        Role::logistics,          Role::customs,
    Role::market_supervision,         Role::agent,              Role::seller,       Role::platform,
    Role::payment,    Role::recall_agent,                       Role::system_operator};
constexpr Kind kKinds[] = {Kind::origin, Kind::supply, Kind::logistics, Kind::transaction,
                           Kind::inspection};

TEST(Roles, HaveAWordEach) {
  for (const Role role : kRoles) EXPECT_EQ(role_from(word(role)), role) << word(role);
  EXPECT_EQ(role_from("inspector"), std::nullopt);
  EXPECT_EQ(role_from(""), std::nullopt);
}

TEST(RoleTable, HoldsEveryRuleOnce) {
  std::set<std::tuple<Role, Kind, std::string_view>> seen;
  for (const auto& one : role_rules()) {
    EXPECT_TRUE(seen.emplace(one.role, one.kind, one.step).second)
        << word(one.role) << " " << word(one.kind) << " " << one.step;
  }
}

TEST(RoleTable, HoldsForSupervisorsAlone) {
  for (const Role role : kRoles) {
    const bool supervisor = role == Role::customs || role == Role::market_supervision ||
                            role == Role::competent_authority;
    for (const Kind kind : kKinds) {
      for (const std::string_view step : {"holding", "releasing", "recalling"}) {
        EXPECT_EQ(rule(role, kind, step) != nullptr, supervisor && kind == Kind::inspection)
            << word(role) << " " << word(kind) << " " << step;
      }
    }
  }
}

TEST(RoleTable, LetsThirdPartiesInspectWithoutCustody) {
  for (const auto& one : role_rules()) {
    EXPECT_FALSE(one.kind == Kind::inspection && one.custody) << word(one.role) << one.step;
  }
  EXPECT_NE(rule(Role::lab, Kind::inspection, "inspecting"), nullptr);
  EXPECT_EQ(rule(Role::manufacturer, Kind::inspection, "inspecting"), nullptr);
}

TEST(RoleTable, LetsAuthoritiesPostNoEvents) {
  for (const auto& one : role_rules()) EXPECT_NE(one.role, Role::authority);
}

TEST(RoleTable, GivesEveryOtherRoleSomething) {
  for (const Role role : kRoles) {
    const auto has = [&](const RoleRule& one) { return one.role == role; };
    EXPECT_EQ(std::ranges::any_of(role_rules(), has), role != Role::authority) << word(role);
  }
}

TEST(RoleTable, AnyStepCoversATradesOwnWords) {
  const RoleRule* own = rule(Role::producer, Kind::origin, "milking");
  ASSERT_NE(own, nullptr);
  EXPECT_EQ(own->step, "*");
  EXPECT_TRUE(own->custody);
  EXPECT_NE(rule(Role::producer, Kind::origin, ""), nullptr);
  EXPECT_EQ(rule(Role::logistics, Kind::logistics, "milking"), nullptr);
  EXPECT_EQ(rule(Role::logistics, Kind::logistics, "*"), nullptr);
}

TEST(RoleTable, AnyStepCoversNoActOfThirdParties) {
  for (const std::string_view step : {"certifying", "declaring", "paying", "activating"}) {
    EXPECT_EQ(rule(Role::producer, Kind::origin, step), nullptr) << step;
  }
}

TEST(RoleTable, TakesAnyRoleOfAParty) {
  const std::vector roles = {Role::payment, Role::logistics};
  EXPECT_NE(rule_for(roles, Kind::logistics, "receiving"), nullptr);
  EXPECT_NE(rule_for(roles, Kind::transaction, "paying"), nullptr);
  EXPECT_EQ(rule_for({}, Kind::transaction, "paying"), nullptr);
}

// The rules as docs/registry.md lists them: rows "| roles | kind | custody | steps |".
std::set<std::string> documented_rules() {
  const std::vector<std::string> makers = {"producer", "supplier", "manufacturer"};
  std::map<std::string, std::vector<std::string>> groups = {
      {"makers", makers},
      {"holders", {"lab", "logistics", "seller", "recall_agent", "platform"}},
      {"traders", {"logistics", "seller", "platform"}},
      {"supervisors", {"customs", "market_supervision", "competent_authority"}}};
  for (const auto* name : {"holders", "traders"}) {
    groups[name].insert(groups[name].end(), makers.begin(), makers.end());
  }
  const auto cells = [](std::string_view cell) {
    std::vector<std::string> list;
    for (const auto part : split(cell, ',')) {
      list.emplace_back(part.substr(std::min(part.find_first_not_of(' '), part.size())));
      while (list.back().ends_with(' ')) list.back().pop_back();
    }
    return list;
  };
  std::set<std::string> rules;
  const auto text = file_text(std::string(SUYUAN_SOURCE_DIR) + "/docs/registry.md").value();
  for (const auto line : split(text, '\n')) {
    const auto row = split(line, '|');
    if (row.size() != 6 || !kind_from(cells(row[2])[0])) continue;
    for (const auto& name : cells(row[1])) {
      const auto roles = groups.contains(name) ? groups[name] : std::vector{name};
      for (const auto& role : roles) {
        for (const auto& step : cells(row[4])) {
          rules.insert(role + " " + cells(row[2])[0] + " " + (step == "any" ? "*" : step) + " " +
                       cells(row[3])[0]);
        }
      }
    }
  }
  return rules;
}

TEST(RoleTable, IsTheOneInTheDocumentation) {
  std::set<std::string> rules;
  for (const auto& one : role_rules()) {
    rules.insert(std::string(word(one.role)) + " " + std::string(word(one.kind)) + " " +
                 std::string(one.step) + (one.custody ? " yes" : " no"));
  }
  EXPECT_EQ(documented_rules(), rules);
}

// The demo's parties, under the roles that the registry knows.
Role role_of(const std::string& party, const std::string& stated) {
  if (stated == "authority") return Role::competent_authority;
  if (party == "cn-customs") return Role::customs;
  if (stated == "inspector") return Role::market_supervision;
  if (stated == "operator") return Role::system_operator;
  return role_from(stated).value();
}

struct Posted {
  std::string id, step;
  Role role;
  Kind kind;
};

std::vector<Posted> posted(const boost::json::value& scenario) {
  std::map<std::string, Role> roles;
  for (const auto& party : scenario.at("parties").as_array()) {
    const std::string id = text_of(party.at("id"));
    roles[id] = role_of(id, text_of(party.at("role")));
  }
  std::vector<Posted> list;
  const auto add = [&](const boost::json::value& id, const boost::json::value& event) {
    list.push_back({.id = text_of(id),
                    .step = text_of(event.at("step")),
                    .role = roles.at(text_of(event.at("actor"))),
                    .kind = kind_from(text_of(event.at("kind"))).value()});
  };
  for (const auto& event : scenario.at("events").as_array()) add(event.at("id"), event);
  for (const auto& hostile : scenario.at("adversarial").as_array()) {
    if (hostile.as_object().contains("submit")) add(hostile.at("id"), hostile.at("submit"));
  }
  return list;
}

TEST(RoleTable, AllowsTheWholeScenarioAndRefusesACouriersRelease) {
  SUYUAN_SHARED_VECTORS(scenario, "scenario-formula.json");
  size_t allowed = 0;
  for (const auto& one : posted(scenario)) {
    const bool may = rule(one.role, one.kind, one.step) != nullptr;
    EXPECT_EQ(may, one.id != "XA1") << one.id << " " << one.step;
    if (may && one.id.front() == 'A') ++allowed;
  }
  EXPECT_EQ(allowed, 32U);
}

TEST(RoleTable, AsksForCustodyWhereGoodsAreMoved) {
  SUYUAN_SHARED_VECTORS(scenario, "scenario-formula.json");
  const std::set<std::string> documents = {"A14", "A19", "A20", "A23", "A29", "XA7"};
  for (const auto& one : posted(scenario)) {
    const RoleRule* found = rule(one.role, one.kind, one.step);
    if (found == nullptr) continue;
    const bool by_hand = one.kind != Kind::inspection && !documents.contains(one.id);
    EXPECT_EQ(found->custody, by_hand) << one.id << " " << one.step;
  }
}

}  // namespace
}  // namespace suyuan::testing
