// Where a scan was made, never finer than a city. City names are normalised to one spelling and
// have a point on the map, so that distances can be computed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "proto/answers.h"

namespace suyuan {

struct ScanPlace {
  // "CN-FJ/福州", "CN-FJ", "24.5,118.0"; "CN-FJ/#1f…" for a city that the node does not know;
  // empty: not stated
  std::string name = {};
  std::optional<ScanRequest::HalfDegrees> near = {};
  friend bool operator==(const ScanPlace&, const ScanPlace&) = default;
};

// A point within half a degree of a known city becomes that city.
// Errors: INVALID_FIELD (finer than a city, an unknown country, or an invalid place).
Result<ScanPlace> scan_place(const ScanRequest& request);
// Returns the name of a place whose city the node does not know, as it was sent; else empty. Such a
// name may be anything, even an address, so it is hidden before it is kept.
std::string unknown_city_of(const ScanPlace& place);
// Keeps only the region, and a hash instead of the city, by which equal names are still equal.
// Requires: unknown_city_of(place) is not empty.
void hide_city(ScanPlace& place, BytesView hash);
// Returns the place with the English name of its city. Empty: the city is not known, or none is
// named.
std::string place_in_english(std::string_view name);
double distance_km(const ScanRequest::HalfDegrees& a, const ScanRequest::HalfDegrees& b);

}  // namespace suyuan
