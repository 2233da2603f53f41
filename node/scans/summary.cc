#include "node/scans/summary.h"

#include <algorithm>
#include <map>
#include <set>

namespace suyuan {
namespace {

constexpr int64_t kMinuteMs = 60'000;

// A device has two names if its salt changed in between; both are known for the asking one.
std::optional<DeviceName> device_of(const ScanRow& row, const std::vector<DeviceName>& own) {
  if (row.device && std::find(own.begin(), own.end(), *row.device) != own.end())
    return own.front();
  return row.device;
}

Seen seen_at(int64_t time_ms, std::string place) {
  std::string in_english = place_in_english(place);
  return {.time_ms = time_ms, .place = std::move(place), .place_en = std::move(in_english)};
}

std::optional<ScanSummary::Leap> leap_between(const ScanRow& from, const ScanRow& to,
                                              const ScanPolicy& policy) {
  if (!from.place.near || !to.place.near) return std::nullopt;
  const double km = distance_km(*from.place.near, *to.place.near);
  const double hours = static_cast<double>(to.time_ms - from.time_ms) / kHourMs;
  if (km < policy.geo_min_km || km <= hours * policy.geo_speed_kmh) return std::nullopt;
  const int64_t minutes = (to.time_ms - from.time_ms) / kMinuteMs;
  return ScanSummary::Leap{.from = seen_at(from.time_ms, from.place.name),
                           .to = seen_at(to.time_ms, to.place.name),
                           .km = static_cast<uint32_t>(km),
                           .minutes = static_cast<uint32_t>(minutes)};
}

// Returns the newest leap between a scan with a place and the one before it.
std::optional<ScanSummary::Leap> newest_leap(const std::vector<ScanRow>& rows, int64_t from_ms,
                                             const ScanPolicy& policy) {
  std::optional<ScanSummary::Leap> newest;
  const ScanRow* before = nullptr;
  for (const ScanRow& row : rows) {
    if (row.time_ms < from_ms || !row.place.near) continue;
    if (before != nullptr) {
      if (auto leap = leap_between(*before, row, policy)) newest = std::move(leap);
    }
    before = &row;
  }
  return newest;
}

uint32_t most_places(const std::vector<ScanRow>& rows, int64_t from_ms, int64_t window_ms) {
  std::map<std::string, uint32_t> inside;
  size_t first = 0;
  size_t most = 0;
  for (size_t last = 0; last < rows.size(); ++last) {
    if (rows[last].time_ms < from_ms) {
      first = last + 1;
      continue;
    }
    if (!rows[last].place.name.empty()) ++inside[rows[last].place.name];
    for (; rows[last].time_ms - rows[first].time_ms > window_ms; ++first) {
      const auto left = inside.find(rows[first].place.name);
      if (left != inside.end() && --left->second == 0) inside.erase(left);
    }
    most = std::max(most, inside.size());
  }
  return static_cast<uint32_t>(most);
}

// Counts devices other than the first that never gave the inner code; a scan without a device
// counts as one.
uint32_t repeats(const std::vector<ScanRow>& rows, const std::vector<DeviceName>& own,
                 int64_t from_ms) {
  std::set<DeviceName> owners, others;
  for (const ScanRow& row : rows) {
    const auto device = device_of(row, own);
    if (row.inner_right && device) owners.insert(*device);
  }
  uint32_t unnamed = 0;
  std::optional<DeviceName> first;
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto device = device_of(rows[i], own);
    if (i == 0) first = device;
    if (i == 0 || rows[i].inner_right || rows[i].time_ms < from_ms) continue;
    if (!device) {
      ++unnamed;
    } else if (device != first && !owners.contains(*device)) {
      others.insert(*device);
    }
  }
  return unnamed + static_cast<uint32_t>(others.size());
}

// Returns what others may see of a place. A city name that the node does not know is free text of
// the person who scanned: it is compared but shown to nobody, so that a label cannot be used as a
// notice board.
std::string told(const ScanPlace& place) {
  return place.near ? place.name : place.name.substr(0, place.name.find('/'));
}

}  // namespace

ScanSummary summarise(const std::vector<ScanRow>& rows, const std::vector<DeviceName>& own,
                      int64_t now_ms, const ScanPolicy& policy) {
  ScanSummary summary{.available = true, .count = rows.size()};
  if (rows.empty()) return summary;
  std::set<DeviceName> devices;
  std::map<std::string, uint64_t> places;
  uint64_t unnamed = 0;
  for (const ScanRow& row : rows) {
    const auto device = device_of(row, own);
    if (device) {
      devices.insert(*device);
    } else {
      ++unnamed;
    }
    if (!own.empty() && device == own.front()) ++summary.by_this_device;
    if (!row.place.name.empty()) ++places[told(row.place)];
  }
  summary.devices = devices.size() + unnamed;
  summary.first = seen_at(rows.front().time_ms, told(rows.front().place));
  summary.last = seen_at(rows.back().time_ms, told(rows.back().place));
  for (const auto& [place, count] : places) {
    summary.places.push_back(
        {.place = place, .count = count, .place_en = place_in_english(place)});
  }
  std::stable_sort(summary.places.begin(), summary.places.end(),
                   [](const SeenPlace& a, const SeenPlace& b) { return a.count > b.count; });
  constexpr size_t kPlacesShown = 16;
  if (summary.places.size() > kPlacesShown) summary.places.resize(kPlacesShown);
  const int64_t from_ms = now_ms - policy.clone_days * kDayMs;
  summary.leap = newest_leap(rows, from_ms, policy);
  summary.most_places = most_places(rows, from_ms, policy.places_hours * kHourMs);
  summary.repeats = repeats(rows, own, from_ms);
  return summary;
}

}  // namespace suyuan
