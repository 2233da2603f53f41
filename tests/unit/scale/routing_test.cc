// docs/scale.md, simulated: a ledger in several logs. Each code has one partition, by its hash; an
// event is written where its first code is at home, and its links to codes elsewhere are carried
// there, exactly once, over a network that loses, repeats and reorders, to partitions that die.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "ledger/crypto/hash.h"

namespace suyuan {
namespace {

// Ranges of the hash: two partitions out of one take its codes apart and touch nobody else's.
size_t partition_of(const Hash& key, size_t partitions) {
  uint64_t first = 0;
  for (size_t i = 0; i < 4; ++i) first = first << 8 | key.data[i];
  return static_cast<size_t>(first * partitions >> 32);
}

struct Carried {
  size_t event = 0;
  std::vector<size_t> codes;
};
// What one partition sends another: numbered without a gap, kept until it is acknowledged.
using Lane = std::vector<Carried>;

struct SimulatedEvent {
  std::vector<size_t> codes;
};

// What is on a partition's disk. `taken` is committed with the links that it counts.
struct Partition {
  std::vector<size_t> events;
  std::map<size_t, std::vector<size_t>> chains;  // by code: its events, in the order of arrival
  std::map<size_t, size_t> taken;                // by sender: messages of its lane
};

// Cans are made in batches, packed in cases, on pallets, shipped, and sold one by one.
std::vector<SimulatedEvent> supply_chain(size_t pallets, std::vector<Hash>& keys) {
  constexpr size_t kCans = 24;
  constexpr size_t kCases = 8;
  std::vector<SimulatedEvent> events;
  const auto code = [&keys](const char* kind) {
    keys.push_back(sha256({std::string(kind) + std::to_string(keys.size())}));
    return keys.size() - 1;
  };
  for (size_t p = 0; p < pallets; ++p) {
    const size_t lot = code("lot:");
    const size_t pallet = code("pallet:");
    SimulatedEvent on_pallet{.codes = {pallet}};
    std::vector<size_t> cans;
    for (size_t c = 0; c < kCases; ++c) {
      SimulatedEvent packed{.codes = {code("case:")}};
      for (size_t i = 0; i < kCans; ++i) {
        cans.push_back(code("can:"));
        events.push_back({.codes = {cans.back(), lot}});
        packed.codes.push_back(cans.back());
      }
      on_pallet.codes.push_back(packed.codes.front());
      events.push_back(std::move(packed));
    }
    events.push_back(std::move(on_pallet));
    for (int step = 0; step < 4; ++step) events.push_back({.codes = {pallet}});
    for (const size_t can : cans) events.push_back({.codes = {can}});
  }
  return events;
}

class Routing {
 public:
  Routing(std::vector<SimulatedEvent> events, std::vector<Hash> keys, size_t partitions)
      : events_(std::move(events)), keys_(std::move(keys)), partitions_(partitions) {}

  size_t home(size_t code) const { return partition_of(keys_[code], partitions_.size()); }

  void write(size_t event) {
    std::map<size_t, std::vector<size_t>> by_partition;
    for (const size_t code : events_[event].codes) by_partition[home(code)].push_back(code);
    const size_t here = home(events_[event].codes.front());
    partitions_[here].events.push_back(event);
    for (auto& [where, codes] : by_partition) {
      if (where == here) {
        link(here, event, codes);
      } else {
        lanes_[{here, where}].push_back({.event = event, .codes = std::move(codes)});
      }
    }
  }
  // One message over a bad network: any of those that are not acknowledged, or one long taken.
  void deliver(std::mt19937_64& dice) {
    if (lanes_.empty()) return;
    auto lane = std::next(lanes_.begin(), static_cast<long>(dice() % lanes_.size()));
    const auto [from, to] = lane->first;
    size_t& taken = partitions_[to].taken[from];
    const size_t reach = std::min(lane->second.size(), taken + 3);
    if (reach == 0 || dice() % 4 == 0) return;  // lost
    const size_t number = dice() % reach;
    if (number != taken) return;  // seen, or too early: it is sent again
    const Carried& carried = lane->second[number];
    // The partition dies before its commit: neither the links nor the count are there.
    if (dice() % 16 == 0) return;
    link(to, carried.event, carried.codes);
    ++taken;
    // After it, before the acknowledgement: sent again, and not taken again.
  }
  bool all_delivered() const {
    return std::ranges::all_of(lanes_, [this](const auto& lane) {
      const auto& taken = partitions_[lane.first.second].taken;
      const auto found = taken.find(lane.first.first);
      return found != taken.end() && found->second == lane.second.size();
    });
  }

  size_t links() const {
    size_t all = 0;
    for (const auto& event : events_) all += event.codes.size();
    return all;
  }
  size_t messages() const {
    size_t all = 0;
    for (const auto& [way, lane] : lanes_) all += lane.size();
    return all;
  }
  const std::vector<Partition>& partitions() const { return partitions_; }
  const std::vector<SimulatedEvent>& events() const { return events_; }

 private:
  void link(size_t where, size_t event, const std::vector<size_t>& codes) {
    for (const size_t code : codes) partitions_[where].chains[code].push_back(event);
  }

  const std::vector<SimulatedEvent> events_;
  const std::vector<Hash> keys_;
  std::vector<Partition> partitions_;
  std::map<std::pair<size_t, size_t>, Lane> lanes_;
};

Routing written(size_t pallets, size_t partitions, const std::function<void(Routing&)>& meanwhile) {
  std::vector<Hash> keys;
  auto events = supply_chain(pallets, keys);
  const size_t count = events.size();
  Routing routing(std::move(events), std::move(keys), partitions);
  for (size_t i = 0; i < count; ++i) {
    routing.write(i);
    meanwhile(routing);
  }
  return routing;
}

TEST(Routing, EveryLinkIsInItsChainExactlyOnce) {
  for (const uint64_t seed : {1U, 2U, 3U, 4U}) {
    std::mt19937_64 dice(seed);
    Routing routing = written(6, 4, [&dice](Routing& one) {
      for (int n = 0; n < 3; ++n) one.deliver(dice);
    });
    while (!routing.all_delivered()) routing.deliver(dice);
    std::set<std::pair<size_t, size_t>> seen;
    size_t links = 0;
    for (size_t p = 0; p < routing.partitions().size(); ++p) {
      for (const auto& [code, chain] : routing.partitions()[p].chains) {
        EXPECT_EQ(routing.home(code), p) << "a code's whole chain is in one log";
        for (const size_t event : chain) {
          ++links;
          EXPECT_TRUE(seen.emplace(code, event).second) << "twice";
        }
      }
    }
    EXPECT_EQ(links, routing.links());
  }
}

TEST(Routing, LoadIsEvenAndFewLinksTravel) {
  std::printf("partitions | busiest events, links (mean 1) | messages an event\n");
  for (const size_t partitions : {1U, 4U, 16U, 64U}) {
    const Routing routing = written(60, partitions, [](Routing&) {});
    std::vector<size_t> links_of(partitions);
    for (const auto& event : routing.events()) {
      for (const size_t code : event.codes) ++links_of[routing.home(code)];
    }
    const size_t links = *std::ranges::max_element(links_of);
    size_t events = 0;
    for (const Partition& one : routing.partitions()) events = std::max(events, one.events.size());
    const double count = static_cast<double>(routing.events().size());
    const double busiest = static_cast<double>(events * partitions) / count;
    const double most_links =
        static_cast<double>(links * partitions) / static_cast<double>(routing.links());
    const double messages = static_cast<double>(routing.messages()) / count;
    std::printf("%10zu | %.2f %.2f | %.2f\n", partitions, busiest, most_links, messages);
    if (partitions == 1) {
      EXPECT_EQ(routing.messages(), 0U);
    }
    if (partitions <= 16) {
      EXPECT_LT(busiest, 1.2);
    }
    EXPECT_LT(messages, 1.2) << "less than one more small write for each event";
  }
}

TEST(Routing, TwoPartitionsOutOfOneMoveItsCodesAlone) {
  std::vector<Hash> keys;
  supply_chain(4, keys);
  for (const Hash& key : keys) EXPECT_EQ(partition_of(key, 32) / 2, partition_of(key, 16));
}

}  // namespace
}  // namespace suyuan
