// What the event is about: identifiers in any spelling become codes.
#include <algorithm>
#include <set>

#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/code/code.h"
#include "ledger/event/vocabulary.h"
#include "proto/epcis/forms.h"
#include "proto/epcis/read.h"
#include "proto/epcis/texts.h"

namespace suyuan::ld {
namespace {

// A quantity without a unit counts pieces (EPCIS 2.0, QuantityElement).
constexpr std::string_view kPieces = "H87";

Item* item_of(std::vector<Item>& items, std::string_view code) {
  const auto found = std::ranges::find(items, code, &Item::code);
  return found == items.end() ? nullptr : &*found;
}

}  // namespace

void EventReader::read_what(Member member, JsonValue value, const At& at) {
  switch (member) {
    case Member::parent: event_.parent = code(value, at); return;
    case Member::transformation_id: event_.transformation_id = uri(value, at); return;
    case Member::epcs: return read_epcs(value, at, event_.objects, origins_.objects);
    case Member::children: return read_epcs(value, at, event_.children, origins_.children);
    case Member::inputs: return read_epcs(value, at, event_.inputs, origins_.inputs);
    case Member::outputs: return read_epcs(value, at, event_.outputs, origins_.outputs);
    case Member::quantities: return read_quantities(value, at, event_.objects, origins_.objects);
    case Member::child_quantities:
      return read_quantities(value, at, event_.children, origins_.children);
    case Member::input_quantities:
      return read_quantities(value, at, event_.inputs, origins_.inputs);
    case Member::output_quantities:
      return read_quantities(value, at, event_.outputs, origins_.outputs);
    default: return;
  }
}

// Two spellings of one identifier are one thing, named once.
void EventReader::read_epcs(JsonValue list, const At& at, std::vector<Item>& items,
                            ItemOrigins& origins) {
  if (!is_list(list, at, limits::kCodesPerEventMax)) return;
  std::set<std::string_view> sent;
  std::set<std::string, std::less<>> known;
  for (const Item& item : items) known.insert(item.code);
  uint32_t index = 0;
  for (const JsonValue entry : list) {
    if (faults_.full()) return;
    const At here = at.entry(index);
    if (entry.kind() == NodeKind::text && !sent.insert(entry.value()).second) {
      faults_.add(Code::INVALID_FIELD, here,
                  quoted(entry.value()) + " is twice in " + std::string(at.name));
    }
    std::string found = code(entry, here);
    if (!found.empty() && known.insert(found).second) {
      items.push_back({.code = std::move(found)});
      origins.push_back({.quantity = false, .index = index});
    }
    ++index;
  }
}

void EventReader::read_quantities(JsonValue list, const At& at, std::vector<Item>& items,
                                  ItemOrigins& origins) {
  if (!is_list(list, at, limits::kCodesPerEventMax)) return;
  size_t index = 0;
  for (const JsonValue entry : list) {
    if (faults_.full()) return;
    const At here = at.entry(index);
    if (auto item = read_quantity(entry, here)) {
      add_quantity(*std::move(item), here, index, items, origins);
    }
    ++index;
  }
}

std::optional<Item> EventReader::read_quantity(JsonValue entry, const At& at) {
  if (!is_object(entry, at)) return std::nullopt;
  Item item;
  bool named = false;
  for (const JsonValue member : entry) {
    const At here = at.member(member.name());
    if (member.name() == "epcClass") {
      named = true;
      item.code = code(member, here);
    } else if (member.name() == "quantity") {
      if (member.kind() == NodeKind::number) item.quantity = quantity_of(member.value());
      if (item.quantity) continue;
      faults_.add(Code::INVALID_FIELD, here,
                  quoted(member.value()) + " is not a quantity: a JSON number, not a text, below "
                                           "10^18");
    } else if (member.name() == "uom") {
      item.uom = text(member, here);
      if (item.uom.empty() || is_uom(item.uom)) continue;
      faults_.add(Code::INVALID_FIELD, here,
                  quoted(item.uom) + " is not a unit of UN/ECE Recommendation 20, such as KGM");
    } else {
      faults_.add(Code::INVALID_FIELD, here,
                  "a quantity has epcClass, quantity and uom, and no " + quoted(member.name()));
    }
  }
  const At at_class = at.member("epcClass");
  needs(named, at_class, "a quantity must name the class that it counts");
  if (item.quantity && item.uom.empty()) item.uom = kPieces;
  if (!item.quantity && !item.uom.empty()) {
    const At at_quantity = at.member("quantity");
    needs(false, at_quantity, "a unit needs a quantity");
  }
  if (item.code.empty()) return std::nullopt;
  return item;
}

void EventReader::add_quantity(Item item, const At& at, size_t index, std::vector<Item>& items,
                               ItemOrigins& origins) {
  Item* known = item_of(items, item.code);
  if (known == nullptr) {
    items.push_back(std::move(item));
    origins.push_back({.quantity = true, .index = static_cast<uint32_t>(index)});
    return;
  }
  if (!item.quantity) return;
  if (!known->quantity) {
    known->quantity = item.quantity;
    known->uom = item.uom;
    return;
  }
  const auto sum = known->quantity->plus(*item.quantity);
  if (sum && known->uom == item.uom) {
    known->quantity = sum;
    return;
  }
  faults_.add(Code::INVALID_FIELD, at,
              quoted(item.code) + " has two quantities that do not add up: " +
                  known->quantity->to_text() + " " + known->uom + " and " +
                  item.quantity->to_text() + " " + item.uom);
}

void EventReader::read_ilmd(JsonValue value, const At& at) {
  if (!is_object(value, at)) return;
  for (const JsonValue member : value) {
    const At here = at.member(member.name());
    if (is_free(member.name(), here, "ilmd")) append(member, event_.ilmd);
  }
}

// The lot that units come from, if ilmd gives its number: for units of one trade item.
void EventReader::find_lot() {
  const At at = kEvent.member("ilmd");
  const TreeNode* number = nullptr;
  for (const TreeNode& node : event_.ilmd) {
    if (node.depth != 0) continue;
    const std::string whole = context_.expand(node.name);
    if (whole != "urn:epcglobal:cbv:mda:lotNumber" && whole != "urn:epcglobal:cbv:mdalotNumber" &&
        whole != "urn:epcglobal:cbv:mda#lotNumber") {
      continue;
    }
    if (number != nullptr) {
      return faults_.add(Code::INVALID_FIELD, at, "gives the lot's number twice, in two spellings");
    }
    number = &node;
  }
  if (number == nullptr || number->kind != NodeKind::text) return;
  if (!event_.lot.empty() || event_.type != EventType::object || event_.objects.empty()) return;
  std::string gtin;
  for (const Item& item : event_.objects) {
    const auto parsed = parse_code(item.code);
    if (!parsed || parsed->type() != CodeType::serial || parsed->gtin().empty() ||
        (!gtin.empty() && gtin != parsed->gtin())) {
      return;
    }
    gtin = parsed->gtin();
  }
  // Escaped, since a number may contain brackets and slashes.
  const auto lot = parse_code("https://id.gs1.org/01/" + gtin + "/10/" + escaped(number->value));
  if (lot && lot->type() == CodeType::lot) event_.lot = lot->text();
}

}  // namespace suyuan::ld
