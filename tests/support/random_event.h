// Random values for property tests; a seed gives the same values on every machine. They have every
// shape that the encoding can hold, whether or not they make sense as events.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ledger/event/event.h"

namespace suyuan::testing {

// SplitMix64.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  uint64_t next() {
    uint64_t z = state_ += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
  }
  size_t below(size_t bound) { return static_cast<size_t>(next() % bound); }
  bool one_in(size_t n) { return below(n) == 0; }

  // 1 to `most` characters, some of them of two to four bytes.
  std::string text(size_t most = 24) {
    static const std::vector<std::string> kLetters = {"a", "Z", "0",  ":",  "/",
                                                      " ", "é", "溯", "源", "😀"};
    std::string text;
    for (size_t n = 1 + below(most); n > 0; --n) text += kLetters[below(kLetters.size())];
    return text;
  }
  std::string maybe_text() { return one_in(2) ? text() : std::string(); }
  Bytes bytes(size_t size) {
    Bytes bytes;
    while (bytes.size() < size) bytes.push_back(static_cast<char>(next()));
    return bytes;
  }
  template <class F>
  F fixed() {
    return F::from(bytes(F::kSize));
  }
  Decimal decimal() {
    const auto magnitude = static_cast<int64_t>(next() % 1'000'000'000'000'000'000U);
    const int64_t small = one_in(3) ? magnitude : magnitude % 1000;
    return *Decimal::make(one_in(3) ? -small : small, static_cast<uint8_t>(below(10)));
  }
  std::optional<Decimal> maybe_decimal() {
    return one_in(2) ? std::optional(decimal()) : std::nullopt;
  }
  // In the years 1970 to 9000.
  Moment moment() {
    return {.ms = static_cast<int64_t>(next() % 221'845'000'000'000U),
            .offset_minutes = static_cast<int16_t>(static_cast<int>(below(1681)) - 840)};
  }
  // Empty half of the time, otherwise up to `most` elements from `make`.
  template <class Make>
  auto list(size_t most, Make make) {
    std::vector<decltype(make())> values;
    if (one_in(2)) return values;
    for (size_t n = below(most + 1); n > 0; --n) values.push_back(make());
    return values;
  }

 private:
  uint64_t state_;
};

inline Item random_item(Random& random) {
  return {.code = random.text(60),
          .quantity = random.maybe_decimal(),
          .uom = random.maybe_text(),
          .net_kg = random.maybe_decimal()};
}

// A well-formed tree: each node at most one level deeper than the previous one, and only below
// objects and arrays; named, except inside arrays.
inline Tree random_tree(Random& random) {
  Tree tree;
  std::vector<NodeKind> open;
  for (size_t n = random.below(12); n > 0; --n) {
    open.resize(random.below(open.size() + 1));
    TreeNode node{.depth = static_cast<uint8_t>(open.size()),
                  .kind = static_cast<NodeKind>(random.below(6))};
    if (open.empty() || open.back() == NodeKind::object) node.name = random.text();
    if (node.kind == NodeKind::text) node.value = random.maybe_text();
    if (node.kind == NodeKind::number) node.value = random.decimal().to_text();
    if (node.kind == NodeKind::boolean) node.value = random.one_in(2) ? "true" : "false";
    if (node.kind <= NodeKind::array) open.push_back(node.kind);
    tree.push_back(std::move(node));
  }
  return tree;
}

inline SensorReport random_report(Random& random) {
  return {.type = random.text(),
          .value = random.maybe_decimal(),
          .min_value = random.maybe_decimal(),
          .max_value = random.maybe_decimal(),
          .mean_value = random.maybe_decimal(),
          .uom = random.maybe_text(),
          .device_id = random.maybe_text(),
          .exception = random.maybe_text(),
          .time = random.one_in(2) ? std::optional(random.moment()) : std::nullopt,
          .other = random_tree(random)};
}

inline Document random_document(Random& random) {
  return {.number = random.text(),
          .type = random.maybe_text(),
          .sha256 = random.one_in(2) ? std::optional(random.fixed<Hash>()) : std::nullopt,
          .size = random.one_in(2) ? random.next() : 0,
          .media_type = random.maybe_text(),
          .issuer = random.maybe_text()};
}

inline TraceEvent random_event(Random& random) {
  const auto text = [&] { return random.text(); };
  const auto item = [&] { return random_item(random); };
  const auto reference = [&] {
    return Reference{.type = random.text(), .id = random.maybe_text()};
  };
  TraceEvent event;
  event.type = static_cast<EventType>(random.below(5));
  event.kind = static_cast<Kind>(random.below(5));
  event.action = static_cast<Action>(random.below(4));
  event.event_id = random.maybe_text();
  event.event_time = random.moment();
  if (random.one_in(4)) {
    event.error = ErrorDeclaration{.declared = random.moment(),
                                   .reason = random.maybe_text(),
                                   .corrective_event_ids = random.list(3, text)};
  }
  event.objects = random.list(5, item);
  event.parent = random.maybe_text();
  event.children = random.list(5, item);
  event.inputs = random.list(3, item);
  event.outputs = random.list(3, item);
  event.losses = random.list(2, [&] {
    return Loss{.reason = random.maybe_text(), .quantity = random.decimal(), .uom = random.text()};
  });
  event.transformation_id = random.maybe_text();
  event.lot = random.maybe_text();
  event.whole_lot = random.one_in(2);
  event.read_point = random.maybe_text();
  event.biz_location = random.maybe_text();
  event.step = random.maybe_text();
  event.disposition = random.maybe_text();
  event.persistent_set = random.list(3, text);
  event.persistent_unset = random.list(3, text);
  event.transactions = random.list(3, reference);
  event.sources = random.list(3, reference);
  event.destinations = random.list(3, reference);
  event.result = random.maybe_text();
  event.confirms = random.maybe_text();
  event.sensors = random.list(2, [&] {
    return SensorElement{.metadata = random_tree(random),
                         .reports = {random_report(random), random_report(random)}};
  });
  event.documents = random.list(3, [&] { return random_document(random); });
  event.certifications = random.list(2, text);
  event.ilmd = random_tree(random);
  event.extensions = random_tree(random);
  event.sections = random.list(2, [&] {
    return SectionRef{.digest = random.fixed<Hash>(),
                      .audience = static_cast<Audience>(random.below(5)),
                      .label = random.maybe_text()};
  });
  return event;
}

}  // namespace suyuan::testing
