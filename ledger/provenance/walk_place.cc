#include "ledger/provenance/walk_place.h"

#include <algorithm>
#include <tuple>

#include "ledger/code/code.h"

namespace suyuan {
namespace {

// Of a node of a tree: its links, and what malloc adds.
constexpr size_t kTreeNodeBytes = 48;
constexpr size_t kTextBytes = 16;  // beside the text

size_t bytes_of(const WalkNode& node) {
  return sizeof(node) + kTreeNodeBytes + node.made.code.size() + kTextBytes;
}

void put_instant(Bytes& out, const Instant& instant) {
  put_i64(out, instant.time_ms);
  put_u64(out, instant.place.leaf);
  put_u32(out, instant.place.event);
}

bool get_instant(Decoder& from, Instant& instant) {
  return from.get_i64(instant.time_ms) && from.get_u64(instant.place.leaf) &&
         from.get_u32(instant.place.event);
}

// Neighbouring codes in the queue begin alike: only the part that differs from the previous one is
// written.
void put_node(Bytes& out, std::string_view before, const WalkNode& node) {
  const std::string& code = node.made.code;
  const auto differs = std::ranges::mismatch(code, before).in1;
  const auto alike = static_cast<size_t>(differs - code.begin());
  put_u16(out, static_cast<uint16_t>(alike));
  put_string(out, std::string_view(code).substr(alike));
  put_instant(out, node.made.from);
  put_u8(out, node.visited ? 1 : 0);
}

// A token may come from anyone, and its codes are shown: so only canonical codes are accepted.
bool get_node(Decoder& from, std::string_view before, WalkNode& node) {
  uint16_t alike = 0;
  Bytes rest;
  uint8_t visited = 0;
  if (!from.get_u16(alike) || alike > before.size() || !from.get_string(rest) ||
      !get_instant(from, node.made.from) || !from.get_u8(visited) || visited > 1) {
    return false;
  }
  node.made.code = std::string(before.substr(0, alike)) + rest;
  if (!check_canonical(node.made.code)) return false;
  node.made.key = code_key(node.made.code);
  node.visited = visited == 1;
  return true;
}

void put_marks(Bytes& out, const std::set<WalkPlace::Mark>& marks) {
  put_u16(out, static_cast<uint16_t>(marks.size()));
  for (const auto& mark : marks) out += mark.view();
}

bool get_marks(Decoder& from, std::set<WalkPlace::Mark>& marks) {
  uint16_t count = 0;
  if (!from.get_u16(count)) return false;
  for (uint16_t i = 0; i < count; ++i) {
    WalkPlace::Mark mark;
    if (!from.get_fixed(mark)) return false;
    marks.insert(mark);
  }
  return true;
}

void put_lot(Bytes& out, const WalkPlace& place) {
  put_u8(out, static_cast<uint8_t>((place.lot ? 1 : 0) + (place.last ? 1 : 0)));
  if (place.lot) put_node(out, {}, *place.lot);
  if (!place.last) return;
  put_instant(out, {place.last->time_ms, place.last->place});
  put_string(out, place.last->other ? place.last->other->view() : BytesView());
}

bool get_lot(Decoder& from, WalkPlace& place) {
  uint8_t parts = 0;
  if (!from.get_u8(parts) || parts > 2) return false;
  if (parts == 0) return true;
  if (!get_node(from, {}, place.lot.emplace())) return false;
  if (parts == 1) return true;
  Instant when;
  Bytes other;
  if (!get_instant(from, when) || !from.get_string(other)) return false;
  if (!other.empty() && other.size() != Hash::kSize) return false;
  place.last = FactKey{.code = place.lot->made.key,
                       .aspect = Aspect::unit,
                       .time_ms = when.time_ms,
                       .place = when.place};
  if (!other.empty()) place.last->other = Hash::from(other);
  return true;
}

}  // namespace

bool WalkNode::operator<(const WalkNode& other) const {
  return std::tie(made.from, made.key) < std::tie(other.made.from, other.made.key);
}

void WalkPlace::add(WalkNode node) {
  const auto known = todo.find(node);
  if (known == todo.end()) {
    todo_bytes += bytes_of(node);
    todo.insert(std::move(node));
  } else if (node.visited && !known->visited) {
    auto held = todo.extract(known);
    held.value().visited = true;
    todo.insert(std::move(held));
  }
}

void WalkPlace::drop_first() {
  todo_bytes -= bytes_of(*todo.begin());
  todo.erase(todo.begin());
}

size_t WalkPlace::bytes() const {
  return todo_bytes + (seen.size() + seen_units.size()) * (Mark::kSize + kTreeNodeBytes);
}

std::optional<Bytes> encode_walk_place(const WalkPlace& place) {
  const size_t marks = place.seen.size() + place.seen_units.size();
  if (marks * WalkPlace::Mark::kSize + place.todo.size() > kWalkPlaceBytesMax) return std::nullopt;
  Bytes out;
  put_u64(out, place.units_met);
  put_u64(out, place.lots_met);
  put_marks(out, place.seen);
  put_marks(out, place.seen_units);
  put_lot(out, place);
  put_u16(out, static_cast<uint16_t>(place.todo.size()));
  std::string_view before;
  for (const WalkNode& node : place.todo) {
    put_node(out, before, node);
    before = node.made.code;
  }
  if (out.size() > kWalkPlaceBytesMax) return std::nullopt;
  return out;
}

Result<WalkPlace> decode_walk_place(BytesView bytes) {
  Decoder from(bytes);
  WalkPlace place;
  uint16_t count = 0;
  std::string before;
  bool good = bytes.size() <= kWalkPlaceBytesMax && from.get_u64(place.units_met) &&
              from.get_u64(place.lots_met) && get_marks(from, place.seen) &&
              get_marks(from, place.seen_units) && get_lot(from, place) && from.get_u16(count);
  for (uint16_t i = 0; good && i < count; ++i) {
    WalkNode node;
    good = get_node(from, before, node);
    before = node.made.code;
    if (good) place.add(std::move(node));
  }
  if (!good || !from.done()) {
    return fail(Code::PAGE_TOKEN_INVALID, "use `next` of the previous page, with the same question",
                "page");
  }
  return place;
}

}  // namespace suyuan
