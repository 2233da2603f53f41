// EPCIS events for tests: a good one, and changes of it.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "proto/epcis/epcis.h"

namespace suyuan::testing {

inline constexpr const char* kStandardContext =
    "https://ref.gs1.org/standards/epcis/epcis-context.jsonld";
inline constexpr const char* kUnit = "urn:epc:id:sgtin:9521104.030101.3BGE";
inline constexpr const char* kUnitCode = "https://id.gs1.org/01/09521104301011/21/3BGE";
inline constexpr const char* kLotCode = "https://id.gs1.org/01/09521104301011/10/L1";

// {"@context":..., "type":"ObjectEvent", ...} with these members set, or left out where null.
inline std::string epcis_event(const std::string& changes = "{}") {
  boost::json::object event = {
      {"@context", boost::json::array{kStandardContext, {{"ex", "https://ns.example.org/"}}}},
      {"type", "ObjectEvent"},
      {"eventTime", "2026-06-02T05:30:00.000Z"},
      {"eventTimeZoneOffset", "+12:00"},
      {"epcList", boost::json::array{kUnit}},
      {"action", "OBSERVE"},
      {"bizStep", "shipping"}};
  const boost::json::value changed = boost::json::parse(changes);
  for (const auto& [name, value] : changed.as_object()) {
    if (value.is_null()) {
      event.erase(name);
    } else {
      event[name] = value;
    }
  }
  return boost::json::serialize(event);
}

inline TraceEvent read(const std::string& changes) {
  auto event = check_epcis(epcis_event(changes));
  if (!event) throw std::runtime_error(to_text(event.error().front()));
  return *std::move(event);
}

// "CODE /pointer" of the first fault; empty: there is none.
inline std::string fault(const std::string& payload) {
  const auto event = check_epcis(payload);
  if (event) return {};
  const Error& error = event.error().front();
  return std::string(info(error.code).name) + " " + error.field;
}
inline std::string fault_with(const std::string& changes) { return fault(epcis_event(changes)); }

}  // namespace suyuan::testing
