#include "proto/epcis/origins.h"

#include <optional>

#include "ledger/base/text.h"

namespace suyuan::ld {
namespace {

struct Part {
  std::string_view name;
  std::optional<uint64_t> index = {};
};

// Splits "sensors[2].reports[0].type" into three parts.
std::vector<Part> parts_of(std::string_view field) {
  std::vector<Part> parts;
  for (const std::string_view text : split(field, '.')) {
    const size_t bracket = text.find('[');
    Part part{.name = text.substr(0, bracket)};
    if (bracket != std::string_view::npos && text.ends_with(']')) {
      part.index = from_decimal(text.substr(bracket + 1, text.size() - bracket - 2));
    }
    parts.push_back(part);
  }
  return parts;
}

struct Renamed {
  std::string_view field;
  std::string_view member;
};
constexpr Renamed kSame[] = {
    {"eventTime", "eventTime"}, {"eventID", "eventID"}, {"action", "action"},
    {"errorDeclaration", "errorDeclaration"}, {"declarationTime", "declarationTime"},
    {"reason", "reason"}, {"correctiveEventIDs", "correctiveEventIDs"}, {"parent", "parentID"},
    {"transformationID", "transformationID"}, {"step", "bizStep"}, {"disposition", "disposition"},
    {"persistentDisposition", "persistentDisposition"}, {"set", "set"}, {"unset", "unset"},
    {"transactions", "bizTransactionList"}, {"sources", "sourceList"},
    {"destinations", "destinationList"}, {"sensors", "sensorElementList"},
    {"metadata", "sensorMetadata"}, {"reports", "sensorReport"}, {"type", "type"},
    {"value", "value"}, {"uom", "uom"}, {"deviceID", "deviceID"}, {"exception", "exception"},
    {"time", "time"}, {"certifications", "certificationInfo"}, {"ilmd", "ilmd"}};

struct Lists {
  std::string_view epcs;
  std::string_view quantities;
};

std::string list_entry(const ItemOrigins& origins, Lists lists, const Part& part,
                       std::string_view inner) {
  if (!part.index || *part.index >= origins.size()) {
    // The one of both that the event has. Without any, an EPC is what most events name.
    const bool quantities = !origins.empty() && origins.front().quantity;
    return "/" + std::string(quantities ? lists.quantities : lists.epcs);
  }
  const ItemOrigin& origin = origins[*part.index];
  std::string at = "/" + std::string(origin.quantity ? lists.quantities : lists.epcs) + "/" +
                   std::to_string(origin.index);
  if (!origin.quantity || inner.empty()) return at;
  return at + (inner == "code" ? "/epcClass" : "/" + std::string(inner));
}

std::string renamed(const std::vector<Part>& parts) {
  std::string pointer;
  for (size_t i = 0; i < parts.size(); ++i) {
    const Part& part = parts[i];
    std::string name = pointer.empty() ? "suyuan:" + std::string(part.name)
                                       : std::string(part.name);
    for (const Renamed& row : kSame) {
      if (row.field == part.name) name = row.member;
    }
    if (part.name == "id" && i > 0) {
      name = parts[0].name == "transactions" ? "bizTransaction"
             : parts[0].name == "sources"    ? "source"
                                             : "destination";
    }
    if (part.name == "reports" && i > 0) name = "sensorReport";
    if (part.name == "other" || part.name == "extensions") return pointer;
    pointer += "/" + name;
    // An entry of a tree has its own number, which is not a position in the JSON.
    if (part.name == "ilmd" || part.name == "metadata") return pointer;
    if (part.index) pointer += "/" + std::to_string(*part.index);
    if (part.name == "readPoint" || part.name == "bizLocation") return pointer;
  }
  return pointer;
}

}  // namespace

std::string pointer_of(const Origins& origins, std::string_view field) {
  if (field.empty()) return {};
  const auto parts = parts_of(field);
  const std::string_view inner = parts.size() > 1 ? parts[1].name : std::string_view();
  const Part& first = parts.front();
  if (first.name == "objects") {
    return list_entry(origins.objects, {"epcList", "quantityList"}, first, inner);
  }
  if (first.name == "children") {
    return list_entry(origins.children, {"childEPCs", "childQuantityList"}, first, inner);
  }
  if (first.name == "inputs") {
    return list_entry(origins.inputs, {"inputEPCList", "inputQuantityList"}, first, inner);
  }
  if (first.name == "outputs") {
    return list_entry(origins.outputs, {"outputEPCList", "outputQuantityList"}, first, inner);
  }
  if (first.name == "readPoint" || first.name == "bizLocation") {
    return "/" + std::string(first.name) + "/id";
  }
  return renamed(parts);
}

}  // namespace suyuan::ld
