// Which of the five kinds an EPCIS event is, if it does not say so (docs/epcis.md, Mapping).
#include <algorithm>

#include "ledger/code/code.h"
#include "proto/epcis/read.h"

namespace suyuan::ld {
namespace {

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

bool inspects(const TraceEvent& event) {
  return is_one_of(event.step, {"holding", "inspecting", "sampling"}) ||
         std::ranges::find(event.persistent_set, "recalled") != event.persistent_set.end();
}

const Reference* owner(const std::vector<Reference>& references) {
  const auto found = std::ranges::find(references, kOwningParty, &Reference::type);
  return found == references.end() ? nullptr : &*found;
}

bool changes_owner(const TraceEvent& event) {
  const Reference* from = owner(event.sources);
  const Reference* to = owner(event.destinations);
  return from != nullptr && to != nullptr && from->id != to->id;
}

bool sells(const TraceEvent& event) {
  return is_one_of(event.step, {"dispensing", "retail_selling"}) ||
         (is_one_of(event.step, {"", "accepting"}) && changes_owner(event));
}

bool handles(const TraceEvent& event) {
  return is_one_of(
      event.step,
      {"accepting", "arriving", "collecting", "consigning", "cycle_counting", "departing",
       "destroying", "entering_exiting", "loading", "packing", "picking", "receiving", "removing",
       "repackaging", "reserving", "sensor_reporting", "shipping", "staging_outbound",
       "stock_taking", "stocking", "storing", "transporting", "unloading", "unpacking",
       "void_shipping"});
}

// What goods travel in.
bool is_transport_unit(std::string_view code) {
  const auto parsed = parse_code(code);
  if (!parsed) return false;
  const CodeType type = parsed->type();
  return type == CodeType::sscc || type == CodeType::asset || type == CodeType::container ||
         type == CodeType::parcel;
}

}  // namespace

Kind kind_of(const TraceEvent& event) {
  if (event.type == EventType::transaction) return Kind::transaction;
  if (event.type == EventType::transformation) return Kind::supply;
  if (inspects(event)) return Kind::inspection;
  if (sells(event)) return Kind::transaction;
  if (event.type == EventType::object && event.action == Action::add) {
    return event.lot.empty() ? Kind::origin : Kind::supply;
  }
  const bool packs_goods = event.type != EventType::object && !event.parent.empty() &&
                           !is_transport_unit(event.parent);
  return !packs_goods && handles(event) ? Kind::logistics : Kind::supply;
}

}  // namespace suyuan::ld
