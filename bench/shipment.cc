#include "bench/shipment.h"

#include "bench/must.h"
#include "ledger/code/check_digit.h"
#include "ledger/code/code.h"

namespace suyuan::bench {
namespace {

constexpr int64_t kDayMs = int64_t{24} * 3600 * 1000;
constexpr int64_t kStepMs = 1000;  // between the events of a stage
constexpr uint64_t kShips = 16;
constexpr size_t kMilkLots = 4;

std::string canonical(const std::string& sent) { return must(parse_code(sent)).text(); }

std::string with_check_digit(const std::string& data) { return data + gs1_check_digit(data); }

// Formats `n` in exactly `width` digits.
std::string digits(uint64_t n, size_t width) {
  const std::string text = std::to_string(n);
  SUYUAN_CHECK(text.size() <= width);
  return std::string(width - text.size(), '0') + text;
}

std::string lot_code(Goods goods, const std::string& lot) {
  return canonical("(01)" + gtin_of(goods) + "(10)" + lot);
}

std::string sscc(uint64_t n) {
  return canonical("(00)" + with_check_digit("39521104" + digits(n, 9)));
}

std::string freight_container(uint64_t n) {
  const std::string data = "SYTU" + digits(n, 6);
  for (char check = '0'; check <= '9'; ++check) {
    if (check_iso6346(data + check)) return must(container_code(data + check)).text();
  }
  give_up("no check digit for " + data);
}

Item counted(const std::string& code, std::string_view quantity, std::string_view uom,
             std::string_view net_kg = {}) {
  Item item{.code = code, .quantity = must(Decimal::parse(quantity)), .uom = std::string(uom)};
  if (!net_kg.empty()) item.net_kg = must(Decimal::parse(net_kg));
  return item;
}

Loss loss(std::string_view reason, std::string_view quantity) {
  return {std::string(reason), must(Decimal::parse(quantity)), "KGM"};
}

std::vector<Item> things(const std::vector<std::string>& codes) {
  std::vector<Item> items;
  for (const auto& code : codes) items.push_back({.code = code});
  return items;
}

TraceEvent hand(TraceEvent event, std::string_view from, std::string_view to) {
  const auto reference = [](std::string_view party) {
    return Reference{std::string(kPossessingParty),
                     party == kConsumer ? std::string(party) : party_code(party)};
  };
  event.sources.push_back(reference(from));
  event.destinations.push_back(reference(to));
  return event;
}

class Maker {
 public:
  Maker(uint64_t number, int64_t start_ms) : number_(number), start_ms_(start_ms) {}
  Shipment make();

 private:
  void make_ingredients();
  void make_cans();
  void pack();
  void ship();
  void distribute();
  void sell();

  void stage(std::string_view party);
  TraceEvent event(EventType type, Kind kind, Action action, std::string_view step);
  // Adds to the stage.
  void say(TraceEvent event) { out_.stages.back().events.push_back(std::move(event)); }
  void say_of(Kind kind, std::string_view step, const std::string& code, std::string_view result);
  void handle(std::string_view step, const std::string& code) {
    say_of(Kind::logistics, step, code, "");
  }
  void hand_over(const std::string& code, std::string_view from, std::string_view to);
  void bring(Kind kind, Item item, std::string_view lot);
  void transform(std::vector<Item> inputs, Item output, Loss lost);
  void box(Action action, std::string_view step, const std::string& parent,
           const std::vector<std::string>& children);

  const uint64_t number_;
  const int64_t start_ms_;
  int64_t now_ms_ = 0;
  uint64_t said_ = 0;
  Shipment out_;
  std::vector<std::string> milk_;
  std::string premix_;
  std::string powder_;
  std::string lot_;
  std::vector<std::string> cases_;
  std::vector<std::string> pallets_;
  std::string container_;
};

void Maker::stage(std::string_view party) {
  now_ms_ = start_ms_ + static_cast<int64_t>(out_.stages.size()) * kDayMs;
  out_.stages.push_back({.party = party, .events = {}});
}

TraceEvent Maker::event(EventType type, Kind kind, Action action, std::string_view step) {
  TraceEvent made;
  made.type = type;
  made.kind = kind;
  made.action = action;
  made.step = step;
  made.event_time = {.ms = now_ms_, .offset_minutes = 0};
  now_ms_ += kStepMs;
  const std::string id =
      to_hex(seeded("event " + std::to_string(number_), ++said_).view().substr(0, 16));
  made.event_id = "urn:uuid:" + id.substr(0, 8) + '-' + id.substr(8, 4) + '-' + id.substr(12, 4) +
                  '-' + id.substr(16, 4) + '-' + id.substr(20);
  return made;
}

void Maker::say_of(Kind kind, std::string_view step, const std::string& code,
                   std::string_view result) {
  auto made = event(EventType::object, kind, Action::observe, step);
  made.objects = things({code});
  made.result = result;
  say(std::move(made));
}

void Maker::hand_over(const std::string& code, std::string_view from, std::string_view to) {
  auto made = event(EventType::object, Kind::logistics, Action::observe, "shipping");
  made.objects = things({code});
  made.disposition = "in_transit";
  say(hand(std::move(made), from, to));
}

void Maker::bring(Kind kind, Item item, std::string_view lot) {
  auto made = event(EventType::object, kind, Action::add, "commissioning");
  made.objects.push_back(std::move(item));
  made.disposition = "active";
  made.lot = lot;
  say(std::move(made));
}

void Maker::transform(std::vector<Item> inputs, Item output, Loss lost) {
  auto made =
      event(EventType::transformation, Kind::supply, Action::none, "creating_class_instance");
  made.inputs = std::move(inputs);
  made.outputs.push_back(std::move(output));
  made.losses.push_back(std::move(lost));
  say(std::move(made));
}

void Maker::box(Action action, std::string_view step, const std::string& parent,
                const std::vector<std::string>& children) {
  auto made = event(EventType::aggregation, Kind::logistics, action, step);
  made.parent = parent;
  made.children = things(children);
  say(std::move(made));
}

void Maker::make_ingredients() {
  const std::string name = std::to_string(number_);
  for (size_t i = 0; i < kMilkLots; ++i) {
    milk_.push_back(lot_code(Goods::milk, "M" + name + '-' + std::to_string(i)));
  }
  premix_ = lot_code(Goods::premix, "P" + name);
  powder_ = lot_code(Goods::powder, "B" + name);
  stage(kFarm);
  for (const auto& milk : milk_) bring(Kind::origin, counted(milk, "400", "KGM"), "");
  stage(kPremixer);
  bring(Kind::supply, counted(premix_, "10", "KGM"), "");
  hand_over(premix_, kPremixer, kFactory);
  stage(kLab);
  for (const auto& milk : milk_) say_of(Kind::inspection, "inspecting", milk, "pass");
  stage(kFarm);
  for (const auto& milk : milk_) hand_over(milk, kFarm, kFactory);
}

void Maker::make_cans() {
  lot_ = lot_code(Goods::can, "L" + std::to_string(number_));
  stage(kFactory);
  std::vector<Item> milk;
  for (const auto& one : milk_) {
    handle("receiving", one);
    milk.push_back(counted(one, "400", "KGM"));
  }
  handle("receiving", premix_);
  transform(std::move(milk), counted(powder_, "200", "KGM"), loss("evaporation", "1400"));
  stage(kLab);
  say_of(Kind::inspection, "inspecting", powder_, "pass");
  stage(kFactory);
  // 192 cans of 0.9 kg.
  transform({counted(powder_, "200", "KGM"), counted(premix_, "10", "KGM")},
            counted(lot_, std::to_string(kCansInShipment), "H87", "172.8"),
            loss("process_waste", "37.2"));
  stage(kLab);
  say_of(Kind::inspection, "inspecting", lot_, "pass");
  stage(kCertifier);
  say_of(Kind::inspection, "certifying", lot_, "pass");
}

void Maker::pack() {
  const uint64_t first_sscc = number_ * (kCasesInShipment + kPalletsInContainer);
  container_ = freight_container(number_);
  stage(kFactory);
  for (size_t i = 0; i < kCansInShipment; ++i) {
    const Hash serial = seeded("serial", number_ * kCansInShipment + i);
    out_.cans.push_back(
        canonical("(01)" + gtin_of(Goods::can) + "(21)" + to_hex(serial.view().substr(0, 10))));
    bring(Kind::supply, {.code = out_.cans.back()}, lot_);
  }
  const auto part = [](const std::vector<std::string>& all, size_t index, size_t size) {
    const auto begin = all.begin() + static_cast<ptrdiff_t>(index * size);
    return std::vector<std::string>(begin, begin + static_cast<ptrdiff_t>(size));
  };
  for (size_t i = 0; i < kCasesInShipment; ++i) {
    cases_.push_back(sscc(first_sscc + i));
    box(Action::add, "packing", cases_.back(), part(out_.cans, i, kCansInCase));
  }
  for (size_t i = 0; i < kPalletsInContainer; ++i) {
    pallets_.push_back(sscc(first_sscc + kCasesInShipment + i));
    box(Action::add, "packing", pallets_.back(), part(cases_, i, kCasesOnPallet));
  }
  box(Action::add, "loading", container_, pallets_);
  hand_over(container_, kFactory, kCarrier);
}

void Maker::ship() {
  const std::string ship = canonical("(8004)9521104SHIP" + std::to_string(number_ % kShips));
  stage(kCarrier);
  box(Action::add, "loading", ship, {container_});
  handle("departing", ship);
  handle("arriving", ship);
  box(Action::remove, "unloading", ship, {container_});
  stage(kCustoms);
  say_of(Kind::inspection, "inspecting", container_, "pass");
  say_of(Kind::inspection, "releasing", container_, "release");
  stage(kCarrier);
  hand_over(container_, kCarrier, kImporter);
}

void Maker::distribute() {
  stage(kImporter);
  handle("receiving", container_);
  box(Action::remove, "unloading", container_, pallets_);
  for (size_t i = 0; i < pallets_.size(); ++i) {
    handle("storing", pallets_[i]);
    const auto begin = cases_.begin() + static_cast<ptrdiff_t>(i * kCasesOnPallet);
    box(Action::remove, "unpacking", pallets_[i], {begin, begin + kCasesOnPallet});
  }
  for (const auto& one : cases_) hand_over(one, kImporter, kShop);
}

void Maker::sell() {
  stage(kShop);
  for (size_t i = 0; i < cases_.size(); ++i) {
    handle("receiving", cases_[i]);
    const auto begin = out_.cans.begin() + static_cast<ptrdiff_t>(i * kCansInCase);
    box(Action::remove, "unpacking", cases_[i], {begin, begin + kCansInCase});
  }
  for (const auto& can : out_.cans) {
    auto sold = event(EventType::object, Kind::transaction, Action::observe, "retail_selling");
    sold.objects = things({can});
    sold.disposition = "retail_sold";
    say(hand(std::move(sold), kShop, kConsumer));
  }
}

Shipment Maker::make() {
  make_ingredients();
  make_cans();
  pack();
  ship();
  distribute();
  sell();
  return std::move(out_);
}

}  // namespace

std::string gtin_of(Goods goods) {
  return with_check_digit("095211040" + digits(static_cast<uint64_t>(goods) + 1, 4));
}

Shipment make_shipment(uint64_t number, int64_t start_ms) { return Maker(number, start_ms).make(); }

}  // namespace suyuan::bench
