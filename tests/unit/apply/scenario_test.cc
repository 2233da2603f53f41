// The whole chain of infant formula, farm to consumer, and the hostile submissions against it.
#include <boost/json.hpp>

#include "tests/support/vectors.h"
#include "tests/unit/apply/world.h"

namespace suyuan::testing {
namespace {

namespace json = boost::json;

std::string text(const json::object& of, std::string_view name) {
  const auto* value = of.if_contains(name);
  return value && value->is_string() ? text_of(*value) : std::string();
}

json::array list(const json::object& of, std::string_view name) {
  const auto* value = of.if_contains(name);
  if (!value || value->is_null()) return {};
  return value->is_array() ? value->as_array() : json::array{*value};
}

Role role_of(const std::string& id, const std::string& role) {
  if (role == "authority") return Role::competent_authority;
  if (role == "operator") return Role::system_operator;
  if (role == "inspector") return id == "cn-customs" ? Role::customs : Role::market_supervision;
  return role_from(role).value();
}

// A plain code, or an object with quantities; only lots keep theirs.
Item item_of(const json::value& value) {
  if (value.is_string()) return item(text_of(value));
  const auto& of = value.as_object();
  Item made = item(text(of, "id"));
  if (!text(of, "id").starts_with("lot:") || !of.contains("qty")) return made;
  made.quantity = decimal(json::serialize(of.at("qty")));
  made.uom = text(of, "uom");
  if (of.contains("net_kg")) made.net_kg = decimal(json::serialize(of.at("net_kg")));
  return made;
}

class Scenario : public World {
 protected:
  void load(const json::object& all) {
    for (const auto& one : all.at("parties").as_array()) register_party(one.as_object());
    for (const auto& one : all.at("locations").as_array()) {
      glns[text(one.as_object(), "id")] = text(one.as_object(), "gln");
    }
    const std::map<std::string, std::string> owners = {{"09521101100013", "nz-farm-1"},
                                                       {"09521102100012", "nz-farm-2"},
                                                       {"09521103200018", "nz-premix"},
                                                       {"09521104300014", "nz-mfr"},
                                                       {"09521104301011", "nz-mfr"},
                                                       {"19521104301018", "nz-mfr"}};
    for (const auto& [gtin, owner] : owners) world.product(gtin, owner, {"nz-mfr"});
    for (const auto& one : all.at("events").as_array()) {
      const auto verdict = submit(one.as_object());
      EXPECT_TRUE(is_accepted(verdict)) << text(one.as_object(), "id") << ": " << words(verdict);
      EXPECT_TRUE(flags(verdict).empty()) << text(one.as_object(), "id") << ": " << words(verdict);
    }
  }

  void register_party(const json::object& of) {
    PartyData data{.name = text(of, "name"), .country = text(of, "country")};
    if (of.contains("accr_valid_to")) {
      data.accreditations = {{.number = text(of, "accreditation"),
                              .valid_to = at(text(of, "accr_valid_to") + "T23:59:59Z")}};
    }
    const auto id = text(of, "id");
    world.party(id, {role_of(id, text(of, "role"))}, data);
  }

  TraceEvent frame(const json::object& of, EventType type) const {
    TraceEvent event;
    event.type = type;
    event.kind = kind_from(text(of, "kind")).value();
    event.step = text(of, "step");
    const auto action = text(of, "action");
    if (type != EventType::transformation) {
      event.action = action.empty() ? Action::observe : action_from(action).value();
    }
    event.event_time = at(text(of, "event_time"));
    event.disposition = text(of, "disposition");
    event.result = text(of, "result");
    const auto gln = glns.find(text(of, "location"));
    if (gln != glns.end()) event.biz_location = code("gln:" + gln->second);
    return event;
  }

  static TraceEvent with_custody(TraceEvent event, const json::object& of) {
    if (text(of, "custody_to").empty()) return event;
    Words givers;
    for (const auto& giver : list(of, "custody_from")) givers.push_back(text_of(giver));
    return hand(std::move(event), givers, text(of, "custody_to"));
  }

  // One event of the scenario is one signed batch: an event for each parent, and what is said of
  // single things as events of their own.
  std::vector<TraceEvent> events_of(const json::object& of) const {
    const auto groups = list(of, "groups");
    std::vector<TraceEvent> packing, made, seen;
    for (const auto& group : groups) {
      auto event = frame(of, EventType::aggregation);
      event.parent = code(text(group.as_object(), "parent"));
      for (const auto& child : list(group.as_object(), "children")) {
        event.children.push_back(item_of(child));
      }
      packing.push_back(groups_custody(event, of));
    }
    if (text(of, "type") == "transformation" || of.contains("inputs")) {
      auto event = frame(of, EventType::transformation);
      for (const auto& one : list(of, "inputs")) event.inputs.push_back(item_of(one));
      for (const auto& one : list(of, "outputs")) event.outputs.push_back(item_of(one));
      for (const auto& one : list(of, "losses")) {
        event.losses.push_back({text(one.as_object(), "reason"),
                                decimal(json::serialize(one.as_object().at("qty"))),
                                text(one.as_object(), "uom")});
      }
      return {event};
    }
    for (const auto& one : list(of, "what")) add_object(of, one, !groups.empty(), made, seen);
    std::vector<TraceEvent> all = std::move(made);
    all.insert(all.end(), packing.begin(), packing.end());
    all.insert(all.end(), seen.begin(), seen.end());
    return all;
  }

  static TraceEvent groups_custody(TraceEvent event, const json::object& of) {
    return with_custody(std::move(event), of);
  }

  // Puts one thing into the event that says the same of it, or begins one.
  void add_object(const json::object& of, const json::value& one, bool grouped,
                  std::vector<TraceEvent>& made, std::vector<TraceEvent>& seen) const {
    const bool whole = one.is_object();
    const std::string own = whole ? text(one.as_object(), "disposition") : "";
    const auto from = whole ? list(one.as_object(), "from") : json::array{};
    const bool transaction = text(of, "type") == "transaction";
    auto event = frame(of, transaction ? EventType::transaction : EventType::object);
    event.whole_lot = text(of, "scope") == "lot";
    if (!from.empty()) event.lot = code(text_of(from[0]));
    const bool adds = event.action == Action::add && text(of, "step") == "commissioning";
    if (grouped && !adds) event.action = Action::observe;
    if (!own.empty()) event.disposition = own;
    if (!own.empty()) {
      event = hand(event, {}, text(one.as_object(), "custodian"));
    } else if (!grouped || adds) {
      event = with_custody(event, of);
    } else {
      event.disposition.clear();
    }
    const Item thing = item_of(one);
    if (transaction) event.transactions.push_back({"po", thing.code});
    auto& events = adds ? made : seen;
    const bool joins = !events.empty() && events.back().lot == event.lot &&
                       events.back().disposition == event.disposition;
    if (!joins) events.push_back(event);
    events.back().objects.push_back(thing);
  }

  Verdict submit(const json::object& of) {
    const auto recorded = text(of, "recorded_time");
    world.clock_at(recorded.empty() ? at(text(of, "event_time")).ms + 7 * 60'000 : ms(recorded));
    return world.post(text(of, "actor"), events_of(of));
  }

  std::string holds(std::string_view thing, Aspect aspect, std::string_view time) {
    StepBudget budget(limits::kTraceStepsMax);
    const auto fact = FactReader(world.state(), std::nullopt, budget)
                          .effective(key_of(thing), aspect, ms(time));
    EXPECT_TRUE(fact);
    return fact && *fact ? (*fact)->fact.text : std::string();
  }
  std::string parent(std::string_view thing, std::string_view time) {
    StepBudget budget(limits::kTraceStepsMax);
    const auto found =
        FactReader(world.state(), std::nullopt, budget).container_of(key_of(thing), ms(time));
    EXPECT_TRUE(found);
    return found && *found ? **found : std::string();
  }

  LedgerBuilder world;
  std::map<std::string, std::string> glns;
};

TEST_F(Scenario, IsTakenWholeAndEndsInTheExpectedState) {
  SUYUAN_SHARED_VECTORS(all, "scenario-formula.json");
  load(all.as_object());
  const auto end = text(all.at("meta").as_object(), "as_of");
  for (const auto& [thing, expected] :
       all.at("expected").at("Q3_state_at_end").as_object()) {
    const auto& state = expected.as_object();
    EXPECT_EQ(holds(thing, Aspect::disposition, end), text(state, "disposition")) << thing;
    EXPECT_EQ(holds(thing, Aspect::custody, end), text(state, "custodian")) << thing;
    const auto inside_of = text(state, "inside");
    EXPECT_EQ(parent(thing, end), inside_of.empty() ? "" : code(inside_of)) << thing;
  }
}

TEST_F(Scenario, PassesTheCanFromHandToHand) {
  SUYUAN_SHARED_VECTORS(all, "scenario-formula.json");
  load(all.as_object());
  const auto& expected = all.at("expected").at("Q8_custody_chain_unit").at("chain").as_array();
  const std::vector<std::string> times = {
      "2026-06-18T12:00:00+12:00", "2026-06-21T00:00:00+12:00", "2026-07-01T00:00:00+12:00",
      "2026-07-13T00:00:00+08:00", "2026-07-15T00:00:00+08:00", "2026-08-04T00:00:00+08:00",
      "2026-08-05T00:00:00+08:00"};
  ASSERT_EQ(times.size(), expected.size());
  for (size_t i = 0; i < times.size(); ++i) {
    EXPECT_EQ(holds("sgtin:09521104301011:3BGEJEE2QM52", Aspect::custody, times[i]),
              text_of(expected[i]))
        << times[i];
  }
}

TEST_F(Scenario, MeetsEveryHostileSubmissionAsExpected) {
  SUYUAN_SHARED_VECTORS(all, "scenario-formula.json");
  load(all.as_object());
  size_t tried = 0;
  for (const auto& one : all.at("adversarial").as_array()) {
    const auto id = text(one.as_object(), "id");
    if (id == "XA7" || id == "XA9") continue;  // what documents say among themselves, and scans
    auto submit_of = one.at("submit").as_object();
    if (id == "XA3") submit_of["action"] = "ADD";
    if (id == "XA5") submit_of["result"] = "pass";
    const auto verdict = submit(submit_of);
    const auto expected = text_of(one.at("expect").at("flag"));
    ++tried;
    if (text_of(one.at("expect").at("outcome")) == "reject") {
      ASSERT_TRUE(std::holds_alternative<Refused>(verdict)) << id << ": " << words(verdict);
      EXPECT_EQ(info(refusal(verdict)).name, expected) << id;
    } else {
      const auto found = flags(verdict);
      EXPECT_NE(std::find(found.begin(), found.end(), flag_from(expected).value()), found.end())
          << id << ": " << words(verdict);
    }
  }
  EXPECT_EQ(tried, 7U);
  EXPECT_EQ(holds("sscc:395211040000010020", Aspect::custody, "2026-08-31T00:00:00+08:00"),
            "cn-bond");
}

}  // namespace
}  // namespace suyuan::testing
