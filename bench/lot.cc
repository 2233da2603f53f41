#include "bench/lot.h"

#include <algorithm>
#include <utility>

#include "bench/must.h"
#include "bench/shipment.h"
#include "ledger/code/check_digit.h"
#include "ledger/code/code.h"
#include "proto/event_codec.h"

namespace suyuan::bench {
namespace {

constexpr std::string_view kLotMaker = "lot-maker";
constexpr std::string_view kLotShop = "lot-shop";
constexpr size_t kUnitsInCase = 64;
constexpr size_t kPadName = 8;

std::string canonical_code(const std::string& sent) { return must(parse_code(sent)).text(); }

class LotMaker {
 public:
  LotMaker(Store& store, KeyPair registrar, const LotPlan& plan)
      : posting_(store, std::move(registrar), plan.receipt_row), plan_(plan) {}
  MadeLot run();

 private:
  TraceEvent event(EventType type, Action action, std::string_view step) const;
  void bring_lot();
  void bring_unit(uint64_t number);
  void pack_case(uint64_t number);
  void pad(TraceEvent& event, uint64_t number);
  void say(TraceEvent event);
  void end_batch();
  void flush();

  Posting posting_;
  const LotPlan& plan_;
  std::vector<TraceEvent> events_;
  std::vector<VerifiedBatch> group_;
  std::vector<Item> unpacked_;
  size_t overhead_ = 0;  // bytes of a payload with empty padding
  MadeLot out_;
};

TraceEvent LotMaker::event(EventType type, Action action, std::string_view step) const {
  TraceEvent made;
  made.type = type;
  made.kind = Kind::supply;
  made.action = action;
  made.step = step;
  made.event_time = {.ms = plan_.start_ms + static_cast<int64_t>(out_.events),
                     .offset_minutes = 0};
  return made;
}

void LotMaker::bring_lot() {
  auto made = event(EventType::object, Action::add, "commissioning");
  made.kind = Kind::origin;
  Item lot{.code = out_.code,
           .quantity = must(Decimal::parse(std::to_string(plan_.units))),
           .uom = "H87"};
  made.objects.push_back(std::move(lot));
  say(std::move(made));
}

// Text in which every 64 characters hold 32 random bytes: as hard to compress as hashes in hex.
void LotMaker::pad(TraceEvent& event, uint64_t number) {
  if (plan_.payload_bytes == 0) return;
  std::string text;
  const auto put = [&](size_t size) {
    for (uint64_t i = number * 64; text.size() < size; ++i) text += to_hex(seeded("pad", i).view());
    text.resize(size);
    TreeNode node{.kind = NodeKind::text, .name = "https://bench.suyuan.example/pad"};
    node.value = text;
    event.extensions = Tree(1, node);
  };
  if (overhead_ == 0) {
    put(kPadName);
    overhead_ = encode_event(event).size() - kPadName;
  }
  put(std::max(plan_.payload_bytes, overhead_ + kPadName) - overhead_);
}

void LotMaker::bring_unit(uint64_t number) {
  auto made = event(EventType::object, Action::add, "commissioning");
  made.disposition = "active";
  made.lot = out_.code;
  const Hash serial = seeded("unit of a lot", number);
  made.objects.push_back({.code = canonical_code("(01)" + gtin_of(Goods::unit) + "(21)" +
                                                 to_hex(serial.view().substr(0, 10)))});
  if (plan_.packed) unpacked_.push_back(made.objects.front());
  pad(made, number);
  say(std::move(made));
}

void LotMaker::pack_case(uint64_t number) {
  const std::string digits = std::to_string(number);
  const std::string data = "39521105" + std::string(9 - digits.size(), '0') + digits;
  auto packed = event(EventType::aggregation, Action::add, "packing");
  packed.parent = canonical_code("(00)" + data + gs1_check_digit(data));
  packed.children = std::exchange(unpacked_, {});
  auto handed = event(EventType::object, Action::observe, "shipping");
  handed.objects = std::vector<Item>(1, Item{.code = packed.parent});
  handed.disposition = "in_transit";
  handed.sources.push_back({std::string(kPossessingParty), party_code(kLotMaker)});
  handed.destinations.push_back({std::string(kPossessingParty), party_code(kLotShop)});
  handed.event_time.ms += 1;
  say(std::move(packed));
  say(std::move(handed));
}

void LotMaker::say(TraceEvent event) {
  ++out_.events;
  out_.payload_bytes += encode_event(event).size();
  events_.push_back(std::move(event));
  if (events_.size() >= plan_.batch) end_batch();
}

void LotMaker::end_batch() {
  if (events_.empty()) return;
  group_.push_back(posting_.batch(kLotMaker, std::exchange(events_, {})));
  if (group_.size() * plan_.batch >= kGroupEvents) flush();
}

void LotMaker::flush() {
  if (group_.empty()) return;
  // The log's clock is never behind its contents.
  posting_.commit(
      posting_.apply_group(group_, plan_.start_ms + static_cast<int64_t>(out_.events) + 1));
  group_.clear();
}

MadeLot LotMaker::run() {
  posting_.register_party(kLotMaker, Role::manufacturer, plan_.start_ms);
  posting_.register_party(kLotShop, Role::seller, plan_.start_ms);
  posting_.register_product(gtin_of(Goods::unit), kLotMaker, plan_.start_ms);
  out_.code = canonical_code("(01)" + gtin_of(Goods::unit) + "(10)RECALLED");
  bring_lot();
  for (uint64_t i = 1; i <= plan_.units; ++i) {
    bring_unit(i);
    if (unpacked_.size() == kUnitsInCase) pack_case(i / kUnitsInCase);
  }
  end_batch();
  flush();
  return std::move(out_);
}

}  // namespace

MadeLot make_lot(Store& store, KeyPair registrar, const LotPlan& plan) {
  return LotMaker(store, std::move(registrar), plan).run();
}

}  // namespace suyuan::bench
