// The role table. A line gives several roles several steps; role_rules() lists them one by one.
#include "ledger/registry/roles.h"

#include <vector>

#include "ledger/base/text.h"

namespace suyuan {
namespace {

struct Line {
  std::vector<Role> roles;
  Kind kind;
  bool custody;
  std::string_view steps;  // separated by one space
};

constexpr std::string_view kAnyStep = "*";
// Acts of third parties, whose weight comes from who states them: "*" never covers them.
constexpr std::string_view kReservedSteps[] = {
    "activating", "certifying", "declaring", "holding",   "inspecting", "paying",
    "recalling",  "refunding",  "releasing", "sampling"};

// A party that holds goods may state what it does with them.
constexpr std::string_view kHandling =
    "arriving collecting cycle_counting delivering departing destroying entering_exiting "
    "inspecting loading packing picking receiving removing repackaging reserving "
    "sensor_reporting shipping staging_outbound stock_taking stocking storing transporting "
    "unloading unpacking void_shipping";

std::vector<Line> table() {
  using enum Role;
  const std::vector<Role> makers = {producer, supplier, manufacturer};
  const std::vector<Role> holders = {producer, supplier,     manufacturer, lab,     logistics,
                                     seller,   recall_agent, platform};
  const std::vector<Role> traders = {producer, supplier, manufacturer, logistics, seller, platform};
  const std::vector<Role> supervisors = {customs, market_supervision, competent_authority};
  return {
      // origin: the first link. A maker whose inputs are not traced also starts a chain.
      {{producer}, Kind::origin, true, "*"},
      {{manufacturer}, Kind::origin, true, "commissioning creating_class_instance"},

      // supply: making and serialising; "*" lets a trade use its own words (milking, roasting).
      {makers, Kind::supply, true, "inspecting sampling *"},

      // logistics: a holder's own check of goods on arrival is a step here, never the kind
      // inspection.
      {holders, Kind::logistics, true, "accepting returning"},
      {holders, Kind::logistics, true, kHandling},
      {{logistics, agent, seller}, Kind::logistics, false, "consigning"},

      // transaction: documents about goods that others hold, except sales over a counter.
      {traders, Kind::transaction, false, "accepting ordering returning selling"},
      {traders, Kind::transaction, true, "retail_selling"},
      {{agent}, Kind::transaction, false, "declaring ordering"},
      {{payment}, Kind::transaction, false, "paying refunding"},
      // It opens a parcel in the record, and must not affect what another party holds.
      {{system_operator}, Kind::transaction, true, "activating"},
      // A TransactionEvent links things to documents at any step of a trade (decision 22). The
      // holder states it as for any handling; from anyone else it does not change the things.
      {holders, Kind::transaction, true, kHandling},
      {traders, Kind::transaction, true, "*"},

      // inspection: only third parties and authorities.
      {{lab}, Kind::inspection, false, "certifying inspecting sampling sensor_reporting"},
      {supervisors, Kind::inspection, false,
       "certifying destroying holding inspecting recalling releasing sampling"},
  };
}

bool is_reserved(std::string_view step) {
  for (const auto reserved : kReservedSteps) {
    if (reserved == step) return true;
  }
  return false;
}

bool covers(std::string_view rule_step, std::string_view step) {
  return rule_step == kAnyStep ? !is_reserved(step) : rule_step == step;
}

bool holds(std::span<const Role> roles, Role role) {
  for (const Role one : roles) {
    if (one == role) return true;
  }
  return false;
}

std::vector<RoleRule> expand(const std::vector<Line>& lines) {
  std::vector<RoleRule> rules;
  for (const auto& line : lines) {
    for (const Role role : line.roles) {
      for (const auto step : split(line.steps, ' ')) {
        rules.push_back({.role = role, .kind = line.kind, .step = step, .custody = line.custody});
      }
    }
  }
  return rules;
}

}  // namespace

std::span<const RoleRule> role_rules() {
  static const std::vector<RoleRule> kRules = expand(table());
  return kRules;
}

const RoleRule* rule_for(std::span<const Role> roles, Kind kind, std::string_view step) {
  for (const auto& rule : role_rules()) {
    if (rule.kind == kind && holds(roles, rule.role) && covers(rule.step, step)) return &rule;
  }
  return nullptr;
}

}  // namespace suyuan
