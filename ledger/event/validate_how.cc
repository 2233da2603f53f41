// How it is known: sensors, documents, certificates, and the sealed sections.
#include <algorithm>

#include "ledger/base/limits.h"
#include "ledger/event/validate_rules.h"
#include "ledger/event/vocabulary.h"

namespace suyuan {
namespace {

// The largest integer that JSON readers in all languages take exactly (RFC 7493 2.2).
constexpr uint64_t kSizeMax = (uint64_t{1} << 53) - 1;

void check_report(Faults& faults, const SensorReport& report, const Field& at) {
  const Field type{.name = "type", .of = &at};
  if (report.type.empty()) {
    faults.add(Code::MISSING_FIELD, type, "what was measured, such as Temperature");
  } else if (!is_measurement_word(report.type) && !is_uri(report.type)) {
    faults.add(Code::INVALID_FIELD, type,
               quoted(report.type) + " is neither a measurement word, such as Temperature, nor an "
                                     "absolute URI");
  }
  const bool measured = report.value || report.min_value || report.max_value || report.mean_value;
  if (!report.uom.empty()) check_uom(faults, report.uom, {.name = "uom", .of = &at});
  if (!measured && !report.uom.empty()) {
    faults.add(Code::MISSING_FIELD, {.name = "value", .of = &at}, "a unit needs a value");
  }
  check_text(faults, report.device_id, {.name = "deviceID", .of = &at});
  if (!report.exception.empty() && report.exception != "ALARM_CONDITION" &&
      report.exception != "ERROR_CONDITION") {
    faults.add(Code::INVALID_FIELD, {.name = "exception", .of = &at},
               quoted(report.exception) + " is neither ALARM_CONDITION nor ERROR_CONDITION");
  }
  if (report.time) check_moment(faults, *report.time, {.name = "time", .of = &at});
}

void check_sensors(Faults& faults, const std::vector<SensorElement>& sensors) {
  if (!check_count(faults, sensors.size(), limits::kListMax, {.name = "sensors"})) return;
  for (size_t i = 0; i < sensors.size() && !faults.full(); ++i) {
    const Field of{.name = "sensors", .index = i};
    const Field list{.name = "reports", .of = &of};
    const auto& reports = sensors[i].reports;
    if (reports.empty()) faults.add(Code::MISSING_FIELD, list, "a sensor has at least one report");
    if (!check_count(faults, reports.size(), limits::kListMax, list)) continue;
    for (size_t k = 0; k < reports.size() && !faults.full(); ++k) {
      check_report(faults, reports[k], {.name = "reports", .index = k, .of = &of});
    }
  }
}

void check_document(Faults& faults, const Document& document, const Field& at) {
  check_needed_text(faults, document.number, {.name = "number", .of = &at});
  check_term(faults, document.type, {.name = "type", .of = &at}, true);
  check_text(faults, document.issuer, {.name = "issuer", .of = &at});
  if (document.size > kSizeMax) {
    faults.add(Code::INVALID_FIELD, {.name = "size", .of = &at},
               std::to_string(document.size) + " bytes; at most 2^53 - 1");
  }
  if (!document.sha256 && document.size != 0) {
    faults.add(Code::MISSING_FIELD, {.name = "sha256", .of = &at},
               "a size needs the file's SHA-256 too");
  }
  if (!document.media_type.empty() && !is_media_type(document.media_type)) {
    faults.add(Code::INVALID_FIELD, {.name = "mediaType", .of = &at},
               quoted(document.media_type) + " is not a media type, such as application/pdf");
  }
}

void check_sections(Faults& faults, const std::vector<SectionRef>& sections) {
  const Field list{.name = "sections"};
  if (!check_count(faults, sections.size(), limits::kSectionsPerEventMax, list)) return;
  for (size_t i = 0; i < sections.size() && !faults.full(); ++i) {
    const Field at{.name = "sections", .index = i};
    check_text(faults, sections[i].label, {.name = "label", .of = &at});
    if (word(sections[i].audience).empty()) {
      faults.add(Code::INVALID_FIELD, {.name = "audience", .of = &at},
                 "a value that this version does not know");
    }
    // An erasure names a section only by its digest.
    for (size_t k = 0; k < i; ++k) {
      if (sections[k].digest != sections[i].digest) continue;
      faults.add(Code::INVALID_FIELD, {.name = "digest", .of = &at},
                 "the same digest as sections[" + std::to_string(k) +
                     "]: use a fresh salt for each");
      break;
    }
  }
}

}  // namespace

void check_how(Faults& faults, const TraceEvent& event) {
  check_sensors(faults, event.sensors);
  if (check_count(faults, event.documents.size(), limits::kListMax, {.name = "documents"})) {
    for (size_t i = 0; i < event.documents.size() && !faults.full(); ++i) {
      check_document(faults, event.documents[i], {.name = "documents", .index = i});
    }
  }
  check_uris(faults, event.certifications, "certifications");
  check_sections(faults, event.sections);
}

}  // namespace suyuan
