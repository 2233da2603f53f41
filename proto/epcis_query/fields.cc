#include "proto/epcis_query/fields.h"

#include <algorithm>
#include <array>

#include "ledger/base/text.h"
#include "ledger/code/code.h"

namespace suyuan::epcis {
namespace {

using Name = std::string_view;

// Fields by which a row finds events; the others only decide about events already found.
constexpr std::array<Name, 24> kTermNames = {
    "eventType",         "action",         "bizStep",
    "disposition",       "persistentDisposition_set", "persistentDisposition_unset",
    "readPoint",         "bizLocation",    "transformationID",
    "epc",               "parentID",       "inputEPC",
    "outputEPC",         "epcClass",       "inputEPCClass",
    "outputEPCClass",    "eventID",        "errorDeclaration",
    "errorReason",       "correctiveEventID", "sensorElementList",
    "type",              "deviceID",       "uriValue"};
constexpr std::array<Name, 4> kTermFamilies = {"bizTransaction_", "source_", "destination_",
                                               "ILMD_"};

// Members of the standard that no parameter queries.
constexpr std::array<Name, 6> kPassedOver = {"@context",    "eventTimeZoneOffset", "recordTime",
                                             "@id",         "certificationInfo",   "rdfs:comment"};

class Flattener {
 public:
  Flattener(JsonValue event, Prefixes prefixes) : prefixes_(std::move(prefixes)) {
    for (const JsonValue member : event) {
      if (member.name() == "@context") add_prefixes(member, prefixes_);
    }
    for (const JsonValue member : event) add_member(member);
  }

  FlatEvent take() && {
    std::stable_sort(out_.fields.begin(), out_.fields.end(),
                     [](const Field& a, const Field& b) { return a.name < b.name; });
    return std::move(out_);
  }

 private:
  // What an event says in the standard's words is bounded by its bytes. A value of an extension is
  // found under many names, so these names have their own bound.
  bool is_full() const { return out_.fields.size() >= kFieldsMax; }
  void put(std::string name, std::string text) {
    out_.fields.push_back({.name = std::move(name), .text = std::move(text)});
  }
  void put_exists(std::string name) { put(std::move(name), ""); }
  // An ID in full, and as written, for clients that ask without declaring the prefix.
  void put_id(Name name, JsonValue id) {
    std::string full = expand(id.value(), prefixes_);
    if (full != id.value()) put(std::string(name), id.value());
    put(std::string(name), std::move(full));
  }
  void put_time(std::string name, JsonValue value) {
    put(std::move(name), value.value());
    if (const auto moment = from_rfc3339(value.value())) out_.fields.back().ms = moment->ms;
  }
  // A scalar of an extension or sensor, in every form in which it can be compared.
  void put_scalar(std::string name, JsonValue value) {
    put(std::move(name), value.value());
    if (value.kind() == NodeKind::number) out_.fields.back().number = decimal_in(value.value());
    if (value.kind() != NodeKind::text) return;
    if (const auto moment = from_rfc3339(value.value())) out_.fields.back().ms = moment->ms;
  }
  void put_number(Name name, JsonValue value, Name uom) {
    put_scalar(std::string(name), value);
    if (!uom.empty()) put_scalar(std::string(name) + "_" + std::string(uom), value);
  }
  std::string word(JsonValue value) const { return word_of(value.value(), prefixes_); }

  void add_member(JsonValue member);
  bool add_what(JsonValue member);
  bool add_why(JsonValue member);
  void add_codes(Name field, Name class_field, JsonValue list);
  void add_code(Name field, Name class_field, JsonValue value, bool as_class);
  void add_quantities(Name field, Name class_field, JsonValue list);
  void add_pairs(Name family, Name id, JsonValue list);
  void add_place(Name field, JsonValue place);
  void add_error(JsonValue error);
  void add_sensors(JsonValue list);
  void add_metadata(JsonValue metadata);
  void add_report(JsonValue report);
  void add_extensions(Name scope, JsonValue object, std::initializer_list<Name> known);
  void add_extension(Name scope, JsonValue member);
  void add_values(const std::string& name, JsonValue value);
  void add_inner(Name scope, JsonValue value);

  Prefixes prefixes_;
  FlatEvent out_;
};

bool is_one_of(Name name, std::initializer_list<Name> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string text_member(JsonValue object, Name name) {
  if (object.kind() != NodeKind::object) return {};
  for (const JsonValue member : object) {
    if (member.name() == name && member.kind() == NodeKind::text) return member.value();
  }
  return {};
}

void Flattener::add_member(JsonValue member) {
  const Name name = member.name();
  if (std::find(kPassedOver.begin(), kPassedOver.end(), name) != kPassedOver.end()) return;
  if (name == "type" || name == "@type") {
    put("eventType", word(member));
  } else if (name == "eventTime") {
    put_time("eventTime", member);
    out_.event_time_ms = out_.fields.back().ms.value_or(0);
  } else if (name == "readPoint" || name == "bizLocation") {
    add_place(name, member);
  } else if (name == "errorDeclaration") {
    add_error(member);
  } else if (name == "sensorElementList") {
    add_sensors(member);
  } else if (name == "ilmd") {
    add_extensions("ILMD_", member, {});
  } else if (!add_what(member) && !add_why(member)) {
    add_extension("", member);
  }
}

bool Flattener::add_what(JsonValue member) {
  const Name name = member.name();
  if (name == "epcList" || name == "childEPCs") {
    add_codes("epc", "epcClass", member);
  } else if (name == "parentID") {
    add_code("parentID", "", member, false);
  } else if (name == "inputEPCList") {
    add_codes("inputEPC", "inputEPCClass", member);
  } else if (name == "outputEPCList") {
    add_codes("outputEPC", "outputEPCClass", member);
  } else if (name == "quantityList" || name == "childQuantityList") {
    add_quantities("epc", "epcClass", member);
  } else if (name == "inputQuantityList") {
    add_quantities("inputEPC", "inputEPCClass", member);
  } else if (name == "outputQuantityList") {
    add_quantities("outputEPC", "outputEPCClass", member);
  } else if (name == "transformationID" || name == "eventID") {
    put_id(name, member);
  } else {
    return false;
  }
  return true;
}

bool Flattener::add_why(JsonValue member) {
  const Name name = member.name();
  if (name == "action") {
    put("action", member.value());
  } else if (name == "bizStep" || name == "disposition") {
    put(std::string(name), word(member));
  } else if (name == "persistentDisposition") {
    if (member.kind() != NodeKind::object) return true;
    for (const JsonValue part : member) {
      if (part.kind() != NodeKind::array) continue;
      for (const JsonValue one : part) put("persistentDisposition_" + part.name(), word(one));
    }
  } else if (name == "bizTransactionList") {
    add_pairs("bizTransaction_", "bizTransaction", member);
  } else if (name == "sourceList") {
    add_pairs("source_", "source", member);
  } else if (name == "destinationList") {
    add_pairs("destination_", "destination", member);
  } else {
    return false;
  }
  return true;
}

// Real files put lots into lists of units and units into lists of classes. Each is found under its
// own granularity, in whichever list it came.
void Flattener::add_code(Name field, Name class_field, JsonValue value, bool as_class) {
  if (value.kind() != NodeKind::text) return;
  const std::string full = expand(value.value(), prefixes_);
  const auto code = parse_code(full);
  const std::string text = code ? code->text() : full;
  const bool is_class =
      code && (code->type() == CodeType::gtin_class || code->type() == CodeType::lot ||
               code->type() == CodeType::variant);
  const bool is_unit = code && !is_class && code->type() != CodeType::uri;
  if (!as_class || is_unit) put(std::string(field), text);
  if ((as_class || is_class) && !class_field.empty()) put(std::string(class_field), text);
  if (!code) return;
  if (code->type() == CodeType::gtin_class) put(std::string(kUnder), code->text());
  if (const auto above = code->class_of()) put(std::string(kUnder), *above);
}

void Flattener::add_codes(Name field, Name class_field, JsonValue list) {
  if (list.kind() != NodeKind::array) return;
  for (const JsonValue one : list) add_code(field, class_field, one, false);
}

void Flattener::add_quantities(Name field, Name class_field, JsonValue list) {
  if (list.kind() != NodeKind::array) return;
  for (const JsonValue element : list) {
    if (element.kind() != NodeKind::object) continue;
    const std::string uom = text_member(element, "uom");
    for (const JsonValue member : element) {
      if (member.name() == "epcClass") add_code(field, class_field, member, true);
      if (member.name() == "quantity") put_number("quantity", member, uom);
    }
  }
}

void Flattener::add_pairs(Name family, Name id, JsonValue list) {
  if (list.kind() != NodeKind::array) return;
  for (const JsonValue entry : list) {
    const std::string type = word_of(text_member(entry, "type"), prefixes_);
    const std::string value = text_member(entry, id);
    if (!value.empty()) put(std::string(family) + type, code_in(value, prefixes_));
  }
}

void Flattener::add_place(Name field, JsonValue place) {
  const std::string id = place.kind() == NodeKind::text ? place.value() : text_member(place, "id");
  if (!id.empty()) put(std::string(field), code_in(id, prefixes_));
  add_extensions(std::string(field) + "_", place, {"id"});
}

void Flattener::add_error(JsonValue error) {
  put_exists("errorDeclaration");
  if (error.kind() != NodeKind::object) return;
  for (const JsonValue member : error) {
    if (member.name() == "declarationTime") put_time("errorDeclarationTime", member);
    if (member.name() == "reason") put("errorReason", word(member));
    if (member.name() == "correctiveEventIDs" && member.kind() == NodeKind::array) {
      for (const JsonValue id : member) put_id("correctiveEventID", id);
    }
  }
  add_extensions("ERROR_DECLARATION_", error, {"declarationTime", "reason", "correctiveEventIDs"});
}

void Flattener::add_sensors(JsonValue list) {
  if (list.kind() != NodeKind::array) return;
  put_exists("sensorElementList");
  for (const JsonValue element : list) {
    if (element.kind() != NodeKind::object) continue;
    for (const JsonValue member : element) {
      if (member.name() == "sensorMetadata") add_metadata(member);
      if (member.name() != "sensorReport" || member.kind() != NodeKind::array) continue;
      for (const JsonValue report : member) add_report(report);
    }
    add_extensions("SENSORELEMENT_", element, {"sensorMetadata", "sensorReport"});
  }
}

void Flattener::add_metadata(JsonValue metadata) {
  if (metadata.kind() != NodeKind::object) return;
  for (const JsonValue member : metadata) {
    if (is_one_of(member.name(), {"time", "startTime", "endTime"})) {
      put_time(member.name(), member);
    } else if (is_one_of(member.name(), {"deviceID", "deviceMetadata", "rawData",
                                         "dataProcessingMethod", "bizRules"})) {
      put(member.name(), code_in(member.value(), prefixes_));
    }
  }
  add_extensions("SENSORMETADATA_", metadata,
                 {"time", "startTime", "endTime", "deviceID", "deviceMetadata", "rawData",
                  "dataProcessingMethod", "bizRules"});
}

void Flattener::add_report(JsonValue report) {
  if (report.kind() != NodeKind::object) return;
  const std::string uom = text_member(report, "uom");
  for (const JsonValue member : report) {
    const Name name = member.name();
    if (name == "type" || name == "exception" || name == "component") {
      put(std::string(name), word(member));
    } else if (name == "time") {
      put_time("time", member);
    } else if (is_one_of(name, {"value", "minValue", "maxValue", "meanValue", "sDev", "percValue",
                                "percRank"})) {
      put_number(name, member, uom);
    } else if (is_one_of(name, {"stringValue", "hexBinaryValue", "booleanValue"})) {
      put(std::string(name), member.value());
    } else if (is_one_of(name, {"deviceID", "deviceMetadata", "rawData", "dataProcessingMethod",
                                "bizRules", "microorganism", "chemicalSubstance", "uriValue",
                                "coordinateReferenceSystem"})) {
      put(std::string(name), code_in(member.value(), prefixes_));
    }
  }
  add_extensions("SENSORREPORT_", report, {"uom"});
}

// Extensions have a colon in their names; a bare name is the standard's own and was handled before.
void Flattener::add_extensions(Name scope, JsonValue object, std::initializer_list<Name> known) {
  if (object.kind() != NodeKind::object) return;
  for (const JsonValue member : object) {
    const bool bare = member.name().find(':') == std::string::npos;
    if (is_one_of(member.name(), known) || (bare && scope != "ILMD_")) continue;
    add_extension(scope, member);
  }
}

void Flattener::add_extension(Name scope, JsonValue member) {
  for (const auto& name : names_of(member.name(), prefixes_)) {
    add_values(std::string(scope) + name, member);
    if (member.kind() != NodeKind::object) continue;
    for (const JsonValue attribute : member) {
      if (is_full()) return;
      for (const auto& attribute_name : names_of(attribute.name(), prefixes_)) {
        put("HASATTR_" + name, attribute_name);
        add_values("ATTR_" + name + "_" + attribute_name, attribute);
      }
    }
  }
  add_inner(scope, member);
}

void Flattener::add_values(const std::string& name, JsonValue value) {
  if (is_full()) return;
  if (value.kind() == NodeKind::object) {
    put_exists(name);
    for (const JsonValue member : value) {
      if (is_one_of(member.name(), {"@value", "@id", "id"})) put_scalar(name, member);
    }
  } else if (value.kind() == NodeKind::array) {
    put_exists(name);
    for (const JsonValue one : value) {
      if (is_full()) return;
      if (one.kind() != NodeKind::object && one.kind() != NodeKind::array) put_scalar(name, one);
    }
  } else {
    put_scalar(name, value);
  }
}

// Visits every named value below, at any depth, without recursion.
void Flattener::add_inner(Name scope, JsonValue value) {
  if (value.kind() != NodeKind::object && value.kind() != NodeKind::array) return;
  std::vector<JsonValue> open = {value};
  while (!open.empty() && !is_full()) {
    const JsonValue at = open.back();
    open.pop_back();
    for (const JsonValue child : at) {
      if (!child.name().empty() && !child.name().starts_with('@')) {
        for (const auto& name : names_of(child.name(), prefixes_))
          add_values("INNER_" + std::string(scope) + name, child);
      }
      if (child.kind() == NodeKind::object || child.kind() == NodeKind::array)
        open.push_back(child);
    }
  }
}

}  // namespace

std::pair<const Field*, const Field*> FlatEvent::named(std::string_view name) const {
  const auto before = [](const Field& a, std::string_view b) { return a.name < b; };
  const auto begin = std::lower_bound(fields.begin(), fields.end(), name, before);
  auto end = begin;
  while (end != fields.end() && end->name == name) ++end;
  return {fields.data() + (begin - fields.begin()), fields.data() + (end - fields.begin())};
}

const Field* FlatEvent::first(std::string_view name) const {
  const auto [begin, end] = named(name);
  return begin == end ? nullptr : begin;
}

Result<FlatEvent> flatten(JsonValue event, Prefixes prefixes) {
  if (event.kind() != NodeKind::object) return fail(Code::BAD_REQUEST, "an event is an object");
  return Flattener(event, std::move(prefixes)).take();
}

bool is_term_name(std::string_view field) {
  if (field == kUnder || std::find(kTermNames.begin(), kTermNames.end(), field) != kTermNames.end())
    return true;
  return std::any_of(kTermFamilies.begin(), kTermFamilies.end(),
                     [&](Name family) { return field.starts_with(family); });
}

std::vector<Term> terms_of(const FlatEvent& event) {
  std::vector<Term> terms = {{.name = std::string(kEvery), .text = {}}};
  for (const Field& field : event.fields) {
    const bool extension = field.name.find("://") != std::string::npos &&
                           !field.name.starts_with("INNER_") && !field.name.starts_with("ATTR_");
    if (is_term_name(field.name) || extension)
      terms.push_back({.name = field.name, .text = field.text});
  }
  std::sort(terms.begin(), terms.end());
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
  return terms;
}

}  // namespace suyuan::epcis
