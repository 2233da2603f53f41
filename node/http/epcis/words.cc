#include "node/http/epcis/words.h"

#include <array>

namespace suyuan::http::epcis {
namespace {

constexpr std::array<std::string_view, 5> kEventTypes = {
    "AggregationEvent", "AssociationEvent", "ObjectEvent", "TransactionEvent",
    "TransformationEvent"};
constexpr std::array<std::string_view, 41> kBizSteps = {
    "accepting",      "arriving",      "assembling",       "collecting",
    "commissioning",  "consigning",    "creating_class_instance", "cycle_counting",
    "decommissioning", "departing",    "destroying",       "disassembling",
    "dispensing",     "encoding",      "entering_exiting", "holding",
    "inspecting",     "installing",    "killing",          "loading",
    "other",          "packing",       "picking",          "receiving",
    "removing",       "repackaging",   "repairing",        "replacing",
    "reserving",      "retail_selling", "sampling",        "sensor_reporting",
    "shipping",       "staging_outbound", "stock_taking",  "stocking",
    "storing",        "transporting",  "unloading",        "unpacking",
    "void_shipping"};
constexpr std::array<std::string_view, 33> kDispositions = {
    "active",          "available",       "completeness_inferred", "completeness_verified",
    "conformant",      "container_closed", "container_open",       "damaged",
    "destroyed",       "dispensed",       "disposed",              "encoded",
    "expired",         "in_progress",     "in_transit",            "inactive",
    "mismatch_class",  "mismatch_instance", "mismatch_quantity",   "needs_replacement",
    "no_pedigree_match", "non_conformant", "non_sellable_other",   "partially_dispensed",
    "recalled",        "reserved",        "retail_sold",           "returned",
    "sellable_accessible", "sellable_not_accessible", "stolen",    "unavailable",
    "unknown"};

}  // namespace

std::span<const std::string_view> standard_words(std::string_view list) {
  if (list == "eventTypes") return kEventTypes;
  if (list == "bizSteps") return kBizSteps;
  if (list == "dispositions") return kDispositions;
  return {};
}

}  // namespace suyuan::http::epcis
