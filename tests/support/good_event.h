// Random valid events of every shape: faults_of finds nothing in them.
#pragma once

#include <algorithm>

#include "tests/support/random_event.h"

namespace suyuan::testing {

template <class T>
T pick(Random& random, std::initializer_list<T> from) {
  return *(from.begin() + static_cast<ptrdiff_t>(random.below(from.size())));
}

inline std::string good_code(Random& random) {
  const std::string number = std::to_string(random.below(100'000'000));
  return pick<std::string>(random, {"https://id.gs1.org/01/09521104301011/21/S" + number,
                                    "https://id.gs1.org/01/09521104301011/10/L" + number,
                                    "https://example.org/thing/" + number});
}

inline std::vector<Item> good_items(Random& random) {
  std::vector<Item> items;
  for (size_t n = 1 + random.below(4); n > 0; --n) {
    Item item{.code = good_code(random)};
    if (random.one_in(2)) {
      item.quantity = Decimal::make(static_cast<int64_t>(random.below(100'000)), 2);
      item.uom = pick<std::string>(random, {"KGM", "H87"});
      if (random.one_in(3)) item.net_kg = Decimal::make(1234, 3);
    }
    const bool known = std::ranges::find(items, item.code, &Item::code) != items.end();
    if (!known) items.push_back(std::move(item));
  }
  return items;
}

inline Tree named_tree(Random& random, bool bare) {
  Tree tree = random_tree(random);
  size_t n = 0;
  for (TreeNode& node : tree) {
    if (!node.name.empty()) node.name = (bare ? "n" : "ex:n") + std::to_string(n++);
  }
  return tree;
}

inline std::vector<Reference> good_parties(Random& random) {
  std::vector<Reference> list;
  if (random.one_in(2)) return list;
  list.push_back({"possessing_party", pick<std::string>(random, {"urn:suyuan:party:farm",
                                                                 "consumer"})});
  list.push_back({"owning_party", "https://id.gs1.org/417/9521104000006"});
  list.push_back({pick<std::string>(random, {"agent", "urn:example:broker"}), "Mr A & Co"});
  return list;
}

// Returns an event of any type in which faults_of finds nothing.
inline TraceEvent good_event(Random& random) {
  TraceEvent event;
  event.type = static_cast<EventType>(random.below(5));
  event.kind = static_cast<Kind>(random.below(5));
  event.audience = random.one_in(2) ? EventAudience::partner : EventAudience::everyone;
  event.event_time = random.moment();
  const bool transforms = event.type == EventType::transformation;
  event.action = transforms ? Action::none : static_cast<Action>(1 + random.below(3));
  if (random.one_in(2)) event.event_id = "urn:uuid:" + std::to_string(random.next());
  if (random.one_in(4)) {
    event.event_id = "urn:x:1";
    event.error = ErrorDeclaration{.declared = random.moment(), .reason = "incorrect_data",
                                   .corrective_event_ids = {"urn:x:2"}};
  }
  const bool makes = transforms || (event.type == EventType::object &&
                                    event.action == Action::add);
  if (transforms) {
    event.inputs = good_items(random);
    event.outputs = {{.code = "https://id.gs1.org/01/09521104301028/10/OUT"}};
    event.losses = {{.reason = "dust", .quantity = Decimal(), .uom = "KGM"}};
  } else if (event.type == EventType::object || event.type == EventType::transaction) {
    event.objects = good_items(random);
  } else {
    event.parent = "https://id.gs1.org/00/395211040000010013";
    event.children = good_items(random);
  }
  if (makes && random.one_in(2)) event.lot = "https://id.gs1.org/01/09521104301011/10/OF";
  if (makes) event.ilmd = named_tree(random, random.one_in(2));
  event.extensions = named_tree(random, random.one_in(3));
  event.step = pick<std::string>(random, {"", "shipping", "delivering", "urn:gdst:landing"});
  event.disposition = pick<std::string>(random, {"", "active", "sorted", "urn:x:y"});
  if (random.one_in(3)) event.persistent_set = {"recalled", "cursed"};
  event.read_point = pick<std::string>(random, {"", "https://id.gs1.org/414/9521104000006"});
  event.biz_location = pick<std::string>(random, {"", "https://example.org/place"});
  if (random.one_in(2)) event.transactions = {{"po", "PO 77"}, {"", "urn:x:1"}, {"own", "urn:x:2"}};
  event.sources = good_parties(random);
  event.destinations = good_parties(random);
  if (event.kind == Kind::inspection) event.result = "pass";
  if (random.one_in(3)) event.confirms = "urn:x:9";
  if (random.one_in(2)) {
    SensorReport report{.type = pick<std::string>(random, {"Temperature", "Wobble", "urn:x:t"}),
                        .value = Decimal::parse("-4.25"),
                        .uom = "CEL",
                        .device_id = pick<std::string>(random, {"", "logger 7", "urn:x:7"}),
                        .other = named_tree(random, random.one_in(2))};
    event.sensors = {{.metadata = named_tree(random, random.one_in(2)), .reports = {report}}};
  }
  if (random.one_in(3)) {
    event.documents = {{.number = "N 1", .type = "lab_report", .sha256 = Hash{}, .size = 7,
                        .media_type = "application/pdf", .issuer = "lab"}};
    event.sections = {{.digest = Hash{}, .audience = Audience::customs, .label = "price"}};
  }
  if (random.one_in(3)) event.certifications = {"https://example.org/cert/1"};
  return event;
}

}  // namespace suyuan::testing
