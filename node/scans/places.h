// Where a scan was made: never finer than a city. Names of cities become one spelling, and have a
// point on the map, so that distances can be measured.
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

// INVALID_FIELD: finer than a city, or no place. A half degree near a known city becomes that city.
Result<ScanPlace> scan_place(const ScanRequest& request);
double distance_km(const ScanRequest::HalfDegrees& a, const ScanRequest::HalfDegrees& b);

}  // namespace suyuan
