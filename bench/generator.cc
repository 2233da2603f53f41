#include "bench/generator.h"

#include <algorithm>
#include <utility>

#include "bench/shipment.h"

namespace suyuan::bench {
namespace {

constexpr size_t kBatchEvents = 256;
constexpr size_t kWaveShipments = 16;  // posted together, so that batches are full
constexpr int64_t kMinuteMs = 60'000;

class Generator {
 public:
  Generator(Store& store, KeyPair registrar, ReceiptRow receipt_row)
      : posting_(store, std::move(registrar), std::move(receipt_row)) {}
  Generated run(const GeneratorPlan& plan);

 private:
  void register_all(int64_t time_ms);
  void post_wave(std::vector<Shipment> wave);
  void post(std::string_view party, std::vector<TraceEvent> events);
  void flush();

  Posting posting_;
  std::vector<VerifiedBatch> group_;
  size_t group_events_ = 0;
  int64_t group_ms_ = 0;  // the latest event time; a log's clock is never behind it
  Generated out_;
};

void Generator::register_all(int64_t time_ms) {
  posting_.register_party(kFarm, Role::producer, time_ms);
  posting_.register_party(kPremixer, Role::supplier, time_ms);
  posting_.register_party(kLab, Role::lab, time_ms);
  posting_.register_party(kFactory, Role::manufacturer, time_ms);
  posting_.register_party(kCertifier, Role::competent_authority, time_ms);
  posting_.register_party(kCarrier, Role::logistics, time_ms);
  posting_.register_party(kCustoms, Role::customs, time_ms);
  posting_.register_party(kImporter, Role::seller, time_ms);
  posting_.register_party(kShop, Role::seller, time_ms);
  posting_.register_product(gtin_of(Goods::milk), kFarm, time_ms);
  posting_.register_product(gtin_of(Goods::premix), kPremixer, time_ms);
  posting_.register_product(gtin_of(Goods::powder), kFactory, time_ms);
  posting_.register_product(gtin_of(Goods::can), kFactory, time_ms);
}

void Generator::flush() {
  if (group_.empty()) return;
  posting_.commit(posting_.apply_group(group_, group_ms_));
  out_.events += group_events_;
  group_.clear();
  group_events_ = 0;
}

void Generator::post(std::string_view party, std::vector<TraceEvent> events) {
  for (const auto& event : events) group_ms_ = std::max(group_ms_, event.event_time.ms);
  group_events_ += events.size();
  group_.push_back(posting_.batch(party, std::move(events)));
  if (group_events_ >= kGroupEvents) flush();
}

void Generator::post_wave(std::vector<Shipment> wave) {
  for (size_t stage = 0; stage < wave.front().stages.size(); ++stage) {
    std::vector<TraceEvent> events;
    const std::string_view party = wave.front().stages[stage].party;
    for (auto& shipment : wave) {
      for (auto& event : shipment.stages[stage].events) {
        events.push_back(std::move(event));
        if (events.size() == kBatchEvents) post(party, std::exchange(events, {}));
      }
    }
    if (!events.empty()) post(party, std::move(events));
  }
  flush();
  for (auto& shipment : wave) {
    out_.cans.insert(out_.cans.end(), std::make_move_iterator(shipment.cans.begin()),
                     std::make_move_iterator(shipment.cans.end()));
  }
}

Generated Generator::run(const GeneratorPlan& plan) {
  register_all(plan.start_ms);
  // Each ship makes one voyage of seconds in each wave, so with waves minutes apart no ship is at
  // sea twice at once. All waves begin within kGeneratedMs.
  const size_t waves = plan.events / (kEventsInShipment * kWaveShipments) + 1;
  const int64_t apart_ms =
      std::min<int64_t>((kGeneratedMs - kShipmentMs) / static_cast<int64_t>(waves), 10 * kMinuteMs);
  for (uint64_t number = 0; out_.events < plan.events;) {
    const auto wave_ms = plan.start_ms + static_cast<int64_t>(number / kWaveShipments) * apart_ms;
    const size_t left = (plan.events - out_.events + kEventsInShipment - 1) / kEventsInShipment;
    std::vector<Shipment> wave;
    for (size_t i = 0; i < std::min(kWaveShipments, left); ++i) {
      wave.push_back(make_shipment(number++, wave_ms));
    }
    post_wave(std::move(wave));
  }
  return std::move(out_);
}

}  // namespace

Generated generate(Store& store, KeyPair registrar, const GeneratorPlan& plan) {
  return Generator(store, std::move(registrar), plan.receipt_row).run(plan);
}

}  // namespace suyuan::bench
