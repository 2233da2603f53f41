// What an event is about: the fields that its type allows, the codes, their quantities.
#include <algorithm>
#include <array>

#include "ledger/base/limits.h"
#include "ledger/code/code.h"
#include "ledger/event/validate_rules.h"

namespace suyuan {
namespace {

enum What : uint8_t {
  kObjects = 1, kParent = 2, kChildren = 4, kInputs = 8, kOutputs = 16, kLosses = 32,
  kTransformationId = 64,
};

struct WhatField {
  What bit;
  std::string_view name;
};
constexpr std::array<WhatField, 7> kWhatFields = {{{kObjects, "objects"},
                                                   {kParent, "parent"},
                                                   {kChildren, "children"},
                                                   {kInputs, "inputs"},
                                                   {kOutputs, "outputs"},
                                                   {kLosses, "losses"},
                                                   {kTransformationId, "transformationID"}}};

// EPCIS 2.0's event types, in the order of EventType.
constexpr std::array<uint8_t, 5> kAllowed = {kObjects, kParent | kChildren, kObjects | kParent,
                                             kInputs | kOutputs | kLosses | kTransformationId,
                                             kParent | kChildren};

uint8_t fields_present(const TraceEvent& event) {
  unsigned bits = 0;
  if (!event.objects.empty()) bits |= kObjects;
  if (!event.parent.empty()) bits |= kParent;
  if (!event.children.empty()) bits |= kChildren;
  if (!event.inputs.empty()) bits |= kInputs;
  if (!event.outputs.empty()) bits |= kOutputs;
  if (!event.losses.empty()) bits |= kLosses;
  if (!event.transformation_id.empty()) bits |= kTransformationId;
  return static_cast<uint8_t>(bits);
}

bool makes_things(const TraceEvent& event) {
  return event.type == EventType::transformation ||
         (event.type == EventType::object && event.action == Action::add);
}

std::string of_type(const TraceEvent& event) { return " of type " + quoted(word(event.type)); }

void check_allowed_fields(Faults& faults, const TraceEvent& event, uint8_t present) {
  const uint8_t allowed = kAllowed[static_cast<size_t>(event.type)];
  std::string names;
  for (const auto& field : kWhatFields) {
    if ((allowed & field.bit) != 0) names.append(names.empty() ? "" : ", ").append(field.name);
  }
  for (const auto& field : kWhatFields) {
    if ((present & field.bit) == 0 || (allowed & field.bit) != 0) continue;
    faults.add(Code::INVALID_FIELD, {.name = field.name},
               "an event" + of_type(event) + " names its things in " + names);
  }
  if (!event.ilmd.empty() && !makes_things(event)) {
    faults.add(Code::INVALID_FIELD, {.name = "ilmd"},
               "master data of an instance or lot belongs to its making: in an object event "
               "with action ADD or a transformation");
  }
  if (!event.lot.empty() && !makes_things(event)) {
    faults.add(Code::INVALID_FIELD, {.name = "lot"},
               "the lot that units come from belongs to their making: in an object event "
               "with action ADD or a transformation");
  }
}

void check_action(Faults& faults, const TraceEvent& event) {
  const bool transformation = event.type == EventType::transformation;
  if (transformation && event.action != Action::none) {
    faults.add(Code::INVALID_FIELD, {.name = "action"}, "a transformation has no action");
  } else if (!transformation && event.action == Action::none) {
    faults.add(Code::MISSING_FIELD, {.name = "action"},
               "an event" + of_type(event) + " has an action: ADD, OBSERVE or DELETE");
  }
}

void check_needed_fields(Faults& faults, const TraceEvent& event, uint8_t present) {
  const auto missing = [&](std::string_view name, std::string message) {
    faults.add(Code::MISSING_FIELD, {.name = name}, std::move(message));
  };
  const auto has = [present](What bit) { return (present & bit) != 0; };
  switch (event.type) {
    case EventType::object:
      if (!has(kObjects)) missing("objects", "an object event names at least one thing");
      break;
    case EventType::transaction:
      if (!has(kObjects) && !has(kParent)) {
        missing("objects", "a transaction event names objects or a parent");
      }
      break;
    case EventType::aggregation:
    case EventType::association:
      if (!has(kParent) &&
          (event.type == EventType::association || event.action != Action::observe)) {
        missing("parent", "what is put in or taken out needs its container, named by its code");
      }
      if (!has(kChildren) && event.action != Action::remove) {
        missing("children", "only action DELETE may leave the children out: it empties the parent");
      }
      break;
    case EventType::transformation:
      if (!has(kInputs) && (!has(kTransformationId) || !has(kOutputs))) {
        missing("inputs", "a transformation names inputs and outputs, or a transformationID and "
                          "one of them");
      }
      if (!has(kOutputs) && has(kInputs) && !has(kTransformationId)) {
        missing("outputs", "without a transformationID that joins several events, a "
                           "transformation names its outputs");
      }
      break;
  }
}

void check_code(Faults& faults, std::string_view code, const Field& field) {
  if (code.empty()) {
    faults.add(Code::MISSING_FIELD, field, "a product code is required here");
  } else if (auto canonical = check_canonical(code); !canonical) {
    faults.add(canonical.error().code, field, canonical.error().message);
  }
}

void check_item(Faults& faults, const Item& item, const Field& at) {
  check_code(faults, item.code, {.name = "code", .of = &at});
  if (item.quantity) {
    if (item.quantity->is_negative()) {
      faults.add(Code::INVALID_FIELD, {.name = "quantity", .of = &at},
                 item.quantity->to_text() + " is negative");
    }
    check_uom(faults, item.uom, {.name = "uom", .of = &at});
  } else if (!item.uom.empty()) {
    faults.add(Code::MISSING_FIELD, {.name = "quantity", .of = &at},
               "a unit needs a quantity");
  }
  if (!item.net_kg) return;
  if (!item.quantity) {
    faults.add(Code::MISSING_FIELD, {.name = "quantity", .of = &at},
               "a net mass needs a quantity");
  } else if (item.net_kg->is_negative()) {
    faults.add(Code::INVALID_FIELD, {.name = "netKg", .of = &at},
               item.net_kg->to_text() + " is negative");
  }
}

// The list's codes, sorted. Also refuses a code that is in it twice.
std::vector<std::string_view> check_items(Faults& faults, const std::vector<Item>& items,
                                          std::string_view name) {
  std::vector<std::pair<std::string_view, size_t>> places;
  places.reserve(items.size());
  for (size_t i = 0; i < items.size() && !faults.full(); ++i) {
    check_item(faults, items[i], {.name = name, .index = i});
    places.emplace_back(items[i].code, i);
  }
  std::sort(places.begin(), places.end());
  std::vector<std::string_view> codes;
  codes.reserve(places.size());
  for (size_t i = 0; i < places.size(); ++i) {
    codes.push_back(places[i].first);
    if (i == 0 || places[i].first != places[i - 1].first || places[i].first.empty()) continue;
    const Field at{.name = name, .index = places[i].second};
    faults.add(Code::INVALID_FIELD, {.name = "code", .of = &at},
               quoted(places[i].first) + " is in " + std::string(name) + " already, at " +
                   std::to_string(places[i - 1].second) +
                   ": name it once, with the whole quantity");
  }
  return codes;
}

void check_code_lists(Faults& faults, const TraceEvent& event) {
  const size_t named = event.objects.size() + event.children.size() + event.inputs.size() +
                       event.outputs.size() + (event.parent.empty() ? 0U : 1U);
  if (named > limits::kCodesPerEventMax) {
    faults.add(Code::TOO_MANY, {.name = ""},
               "the event names " + std::to_string(named) + " codes; at most " +
                   std::to_string(limits::kCodesPerEventMax) + ": post several events");
    return;
  }
  if (!event.parent.empty()) check_code(faults, event.parent, {.name = "parent"});
  const auto objects = check_items(faults, event.objects, "objects");
  const auto children = check_items(faults, event.children, "children");
  const auto inputs = check_items(faults, event.inputs, "inputs");
  const auto outputs = check_items(faults, event.outputs, "outputs");
  const auto in = [](const std::vector<std::string_view>& codes, std::string_view code) {
    return !code.empty() && std::binary_search(codes.begin(), codes.end(), code);
  };
  if (in(children, event.parent)) {
    faults.add(Code::CONTAINMENT_CYCLE, {.name = "parent"},
               quoted(event.parent) + " is among the children too: nothing is inside itself");
  }
  if (in(objects, event.parent)) {
    faults.add(Code::INVALID_FIELD, {.name = "parent"},
               quoted(event.parent) + " is among the objects too: name it once");
  }
  for (size_t i = 0; i < event.outputs.size() && !faults.full(); ++i) {
    if (!in(inputs, event.outputs[i].code)) continue;
    const Field at{.name = "outputs", .index = i};
    faults.add(Code::INVALID_FIELD, {.name = "code", .of = &at},
               quoted(event.outputs[i].code) + " is an input too: nothing is made from itself; "
                                               "what is left over stays in its lot");
  }
}

void check_losses(Faults& faults, const TraceEvent& event) {
  if (!check_count(faults, event.losses.size(), limits::kListMax, {.name = "losses"})) return;
  for (size_t i = 0; i < event.losses.size() && !faults.full(); ++i) {
    const Loss& loss = event.losses[i];
    const Field at{.name = "losses", .index = i};
    check_term(faults, loss.reason, {.name = "reason", .of = &at}, true);
    check_uom(faults, loss.uom, {.name = "uom", .of = &at});
    if (!loss.quantity.is_negative()) continue;
    faults.add(Code::INVALID_FIELD, {.name = "quantity", .of = &at},
               loss.quantity.to_text() + " is negative");
  }
}

bool names_a_lot(std::string_view code, bool or_class) {
  const auto parsed = parse_code(code);
  if (!parsed) return false;
  const CodeType type = parsed->type();
  // Another URI is the owner's own name for something: it may well be a lot.
  return type == CodeType::lot || type == CodeType::uri ||
         (or_class && (type == CodeType::gtin_class || type == CodeType::variant));
}

void check_lot(Faults& faults, const TraceEvent& event) {
  if (event.lot.empty()) return;
  const Field field{.name = "lot"};
  check_code(faults, event.lot, field);
  if (check_canonical(event.lot) && !names_a_lot(event.lot, false)) {
    faults.add(Code::INVALID_FIELD, field,
               quoted(event.lot) + " is not a lot, such as https://id.gs1.org/01/.../10/...");
  }
  for (const auto* items : {&event.objects, &event.outputs}) {
    for (const auto& item : *items) {
      if (item.code != event.lot) continue;
      faults.add(Code::INVALID_FIELD, field, "a lot does not come from itself");
      return;
    }
  }
}

void check_whole_lot(Faults& faults, const TraceEvent& event) {
  if (!event.whole_lot) return;
  const Field field{.name = "wholeLot"};
  if (event.type != EventType::object) {
    faults.add(Code::INVALID_FIELD, field, "a statement about a whole lot must be an object event");
  }
  if (event.action != Action::observe && event.kind != Kind::inspection) {
    faults.add(Code::INVALID_FIELD, field,
               "a statement about a whole lot must have action OBSERVE, or be an inspection");
  }
  for (size_t i = 0; i < event.objects.size() && !faults.full(); ++i) {
    const std::string& code = event.objects[i].code;
    if (!check_canonical(code) || names_a_lot(code, true)) continue;
    const Field at{.name = "objects", .index = i};
    faults.add(Code::INVALID_FIELD, {.name = "code", .of = &at},
               quoted(code) + " is neither a lot nor a class, which wholeLot needs");
  }
}

}  // namespace

void check_what(Faults& faults, const TraceEvent& event) {
  if (word(event.type).empty()) return;  // Already a fault; no rule is known for it.
  const uint8_t present = fields_present(event);
  check_action(faults, event);
  check_allowed_fields(faults, event, present);
  check_needed_fields(faults, event, present);
  check_code_lists(faults, event);
  check_losses(faults, event);
  if (!event.transformation_id.empty()) {
    check_uri(faults, event.transformation_id, {.name = "transformationID"});
  }
  check_lot(faults, event);
  check_whole_lot(faults, event);
}

}  // namespace suyuan
