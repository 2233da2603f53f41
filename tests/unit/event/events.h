// Good events of every type, for tests that break one thing in them.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "ledger/event/event.h"
#include "ledger/event/validate.h"

namespace suyuan {

inline const std::string kLot = "https://id.gs1.org/01/09521104301011/10/L2606A";
inline const std::string kInputLot = "https://id.gs1.org/01/09521104300014/10/BP260604";
inline const std::string kUnit = "https://id.gs1.org/01/09521104301011/21/3BGEJEE2QM52";
inline const std::string kOtherUnit = "https://id.gs1.org/01/09521104301011/21/GP2D6T6FK4JZ";
inline const std::string kClass = "https://id.gs1.org/01/09521104301011";
inline const std::string kPallet = "https://id.gs1.org/00/395211040000010013";
inline const std::string kPlace = "https://id.gs1.org/414/9521104000013";

inline TraceEvent object_event() {
  return {.type = EventType::object,
          .kind = Kind::supply,
          .action = Action::add,
          .event_time = {.ms = 1'780'000'000'000, .offset_minutes = 720},
          .objects = {{.code = kUnit}},
          .step = "commissioning"};
}

inline TraceEvent aggregation_event() {
  return {.type = EventType::aggregation,
          .kind = Kind::logistics,
          .action = Action::add,
          .event_time = {.ms = 1'780'000'000'000, .offset_minutes = 720},
          .parent = kPallet,
          .children = {{.code = kUnit}, {.code = kOtherUnit}},
          .step = "packing"};
}

inline TraceEvent transaction_event() {
  auto event = object_event();
  event.type = EventType::transaction;
  event.kind = Kind::transaction;
  return event;
}

inline TraceEvent transformation_event() {
  return {.type = EventType::transformation,
          .kind = Kind::supply,
          .event_time = {.ms = 1'780'000'000'000, .offset_minutes = 720},
          .inputs = {{.code = kInputLot, .quantity = Decimal::parse("5600"), .uom = "KGM"}},
          .outputs = {{.code = kLot,
                       .quantity = Decimal::parse("7200"),
                       .uom = "H87",
                       .net_kg = Decimal::parse("6480")}},
          .step = "creating_class_instance"};
}

inline std::string text_of(const Errors& errors) {
  std::string text;
  for (const auto& error : errors) text += to_text(error) + "\n";
  return text;
}

inline testing::AssertionResult is_good(const TraceEvent& event) {
  const Errors errors = faults_of(event);
  if (errors.empty()) return testing::AssertionSuccess();
  return testing::AssertionFailure() << text_of(errors);
}

// Exactly one fault, with this code at this field.
inline testing::AssertionResult has_fault(const TraceEvent& event, Code code,
                                          const std::string& field) {
  const Errors errors = faults_of(event);
  if (errors.size() == 1 && errors[0].code == code && errors[0].field == field &&
      !errors[0].message.empty()) {
    return testing::AssertionSuccess();
  }
  return testing::AssertionFailure() << "found:\n" << text_of(errors);
}

}  // namespace suyuan
