// Where a scan was made, never finer than a city. City names are normalised to one spelling and
// have a point on the map, so that distances can be computed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "proto/answers.h"

namespace suyuan {

struct ScanPlace {
  std::string name = {};  // "CN-FJ/福州", "CN-FJ", "24.5,118.0"; empty: not stated
  std::optional<ScanRequest::HalfDegrees> near = {};
  friend bool operator==(const ScanPlace&, const ScanPlace&) = default;
};

// A point within half a degree of a known city becomes that city.
// Errors: INVALID_FIELD (finer than a city, or an invalid place).
Result<ScanPlace> scan_place(const ScanRequest& request);
// Returns the place with the English name of its city. Empty: the city is not known, or none is
// named.
std::string place_in_english(std::string_view name);
double distance_km(const ScanRequest::HalfDegrees& a, const ScanRequest::HalfDegrees& b);

}  // namespace suyuan
