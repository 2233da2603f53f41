#include "proto/json/verdict_json.h"

#include <limits>

#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "proto/json/answers_json.h"
#include "proto/json/reader.h"

namespace suyuan {
namespace {

constexpr int64_t kMinuteMs = 60'000;
constexpr JsonLimits kScanLimits = {.bytes = limits::kScanBytesMax, .values = 32, .depth = 4};
constexpr JsonLimits kPolicyLimits = {
    .bytes = limits::kScanPolicyBytesMax, .values = 1 << 16, .depth = 8};
constexpr size_t kWordsMax = 64;

// Rounded to the minute: a scanner learns when others scanned, and needs no more precision.
std::string shown_minute(int64_t ms) {
  return to_rfc3339({.ms = ms - ms % kMinuteMs, .offset_minutes = 0});
}

void write_texts(JsonWriter& out, std::string_view name, const BothLanguages& text) {
  out.key(name);
  out.begin_object();
  out.key("zh");
  out.text(text.zh);
  out.key("en");
  out.text(text.en);
  out.end_object();
}

void write_events(JsonWriter& out, const std::vector<Place>& events) {
  out.key("events");
  out.begin_array();
  for (const Place& place : events) {
    out.begin_object();
    out.key("leaf");
    out.number(place.leaf);
    out.key("event");
    out.number(uint64_t{place.event});
    out.end_object();
  }
  out.end_array();
}

void write_seen(JsonWriter& out, std::string_view name, const std::optional<Seen>& seen) {
  if (!seen) return;
  out.key(name);
  out.begin_object();
  out.field("time", shown_minute(seen->time_ms));
  out.field("place", seen->place);
  out.field("placeEn", seen->place_en);
  out.end_object();
}

void write_count(JsonWriter& out, std::string_view name, uint64_t count) {
  out.key(name);
  out.number(count);
}

void write_scans(JsonWriter& out, const VerdictView& view) {
  const ScanSummary& scans = view.scans;
  out.key("scans");
  out.begin_object();
  out.key("available");
  out.boolean(scans.available);
  out.key("recorded");
  out.boolean(view.recorded);
  if (!scans.available) {
    write_texts(out, "text", {"暂无扫码记录", "scan history not available"});
    return out.end_object();
  }
  write_count(out, "count", scans.count);
  write_count(out, "byThisDevice", scans.by_this_device);
  write_count(out, "devices", scans.devices);
  write_seen(out, "first", scans.first);
  write_seen(out, "last", scans.last);
  out.key("places");
  out.begin_array();
  for (const SeenPlace& one : scans.places) {
    out.begin_object();
    out.field("place", one.place);
    out.field("placeEn", one.place_en);
    write_count(out, "count", one.count);
    out.end_object();
  }
  out.end_array();
  write_count(out, "keptDays", view.kept_days);
  out.end_object();
}

void write_steps(JsonWriter& out, const std::vector<ChainStep>& steps) {
  out.key("steps");
  out.begin_array();
  for (const ChainStep& step : steps) {
    out.begin_object();
    out.field("step", step.step);
    write_texts(out, "title", step.title);
    out.key("done");
    out.boolean(step.done);
    write_events(out, step.events);
    out.end_object();
  }
  out.end_array();
}

// Twice the degrees, rounded.
std::optional<int> half_degrees(const Decimal& degrees, int most) {
  int64_t one = 1;
  for (unsigned i = 0; i < degrees.scale(); ++i) one *= 10;
  const int64_t units = degrees.units();
  if (units > most * one || units < -most * one) return std::nullopt;
  const int64_t doubled = units * 2;
  const int64_t rounded = (doubled + (doubled < 0 ? -one / 2 : one / 2)) / one;
  return static_cast<int>(rounded);
}

void read_near(ObjectReader& object, ScanRequest& scan) {
  std::optional<Decimal> latitude, longitude;
  object.decimal("latitude", latitude);
  object.decimal("longitude", longitude);
  if (!latitude && !longitude) return;
  if (!latitude || !longitude) {
    return object.faults().add(Code::MISSING_FIELD, latitude ? "longitude" : "latitude",
                               "give both latitude and longitude");
  }
  if (!scan.place.empty()) {
    return object.faults().add(Code::INVALID_FIELD, "place",
                               "a place or latitude and longitude, not both");
  }
  const auto north = half_degrees(*latitude, 90);
  const auto east = half_degrees(*longitude, 180);
  if (!north || !east) {
    return object.faults().add(Code::INVALID_FIELD, north ? "longitude" : "latitude",
                               "degrees, -90 to 90 and -180 to 180");
  }
  scan.near = {.latitude = *north, .longitude = *east};
}

void read_small(ObjectReader& object, std::string_view name, uint32_t& out, uint64_t least) {
  uint64_t value = out;
  object.number(name, value);
  if (value < least || value > std::numeric_limits<int32_t>::max()) {
    return object.faults().add(Code::INVALID_FIELD, object.path_of(name),
                               "a whole number of at least " + std::to_string(least));
  }
  out = static_cast<uint32_t>(value);
}

void replace_texts(ObjectReader& object, std::string_view name, std::vector<std::string>& out,
                   size_t max) {
  std::vector<std::string> found;
  object.texts(name, found, max);
  if (!found.empty()) out = std::move(found);
}

ScanPolicy::Rule read_rule(JsonValue value, const std::string& path, FirstFault& faults) {
  ScanPolicy::Rule rule;
  ObjectReader object(value, path, faults);
  object.text("hs", rule.hs);
  object.text("gtin", rule.gtin);
  object.text("trade_mode", rule.trade_mode);
  object.need("steps", "the steps that such a product's journey must show");
  object.texts("steps", rule.steps, limits::kRequiredStepsMax);
  object.finish();
  return rule;
}

}  // namespace

std::string to_json(const AnswerHead& head, const VerdictView& view) {
  JsonWriter out;
  out.begin_object();
  out.key("head");
  out.begin_object();
  write_count(out, "size", head.size);
  out.field("logTime", to_rfc3339({.ms = head.time_ms, .offset_minutes = 0}));
  out.field("code", head.code);
  out.end_object();
  out.field("verdict", word(view.verdict));
  write_texts(out, "title", view.title);
  write_texts(out, "advice", view.advice);
  out.field("at", to_rfc3339({.ms = view.at_ms, .offset_minutes = 0}));
  out.key("reasons");
  out.begin_array();
  for (const VerdictReason& reason : view.reasons) {
    out.begin_object();
    out.field("code", reason.code);
    write_texts(out, "text", reason.text);
    write_events(out, reason.events);
    out.end_object();
  }
  out.end_array();
  write_steps(out, view.steps);
  write_scans(out, view);
  out.end_object();
  return std::move(out).str();
}

Result<ScanRequest> parse_scan_json(std::string_view text) {
  if (text.size() > limits::kScanBytesMax) {
    return fail(Code::TOO_LARGE, "a scan has at most 4 KiB", "body");
  }
  SUYUAN_TRY(document, parse_json(text, kScanLimits));
  FirstFault faults;
  ScanRequest scan;
  ObjectReader object(document.root(), "", faults);
  object.need("code", "the code that was scanned");
  object.text("code", scan.code);
  object.text("device", scan.device);
  object.text("place", scan.place);
  object.text("inner", scan.inner);
  read_near(object, scan);
  object.finish();
  if (faults.any()) return faults.take();
  return scan;
}

Result<ScanPolicy> parse_scan_policy(std::string_view text) {
  SUYUAN_TRY(document, parse_json(text, kPolicyLimits));
  FirstFault faults;
  ScanPolicy policy;
  ObjectReader object(document.root(), "", faults);
  read_small(object, "geo_speed_kmh", policy.geo_speed_kmh, 1);
  read_small(object, "geo_min_km", policy.geo_min_km, 1);
  read_small(object, "repeat_scans_without_inner_code_limit", policy.repeat_limit, 1);
  read_small(object, "places_limit", policy.places_limit, 1);
  read_small(object, "places_hours", policy.places_hours, 1);
  read_small(object, "clone_days", policy.clone_days, 1);
  read_small(object, "kept_days", policy.kept_days, 1);
  replace_texts(object, "for_sale", policy.for_sale, kWordsMax);
  replace_texts(object, "retired", policy.retired, kWordsMax);
  replace_texts(object, "default_steps", policy.default_steps, limits::kRequiredStepsMax);
  object.list("rules", policy.rules, limits::kScanPolicyRulesMax, read_rule);
  object.finish();
  if (faults.any()) return faults.take();
  return policy;
}

}  // namespace suyuan
