#include "node/peers/order_metrics.h"

#include <algorithm>
#include <chrono>

#include "node/ops/family.h"

namespace suyuan {

std::vector<prometheus::MetricFamily> order_families(const EtcdOrder& order, const Peers& peers) {
  const auto counts = order.counts();
  auto groups = counter_family("suyuan_order_groups_total",
                               "Groups of the shared log, by the node that proposed them");
  add_count(groups, counts.proposed, "by", "this");
  add_count(groups, counts.foreign, "by", "another");
  auto flight = counter_family("suyuan_order_flight_seconds_total",
                               "Time from sending a group of this node to its answer, added up");
  add_count(flight, 0);
  flight.metric.back().counter.value = std::chrono::duration<double>(counts.flight).count();
  auto tries = counter_family("suyuan_order_tries_total",
                              "Failed attempts to add a group");
  add_count(tries, counts.lost, "outcome", "lost");
  add_count(tries, counts.unknown, "outcome", "unanswered");
  auto left_out = counter_family("suyuan_order_left_out_total",
                                 "Proposals in the shared log that no node can read");
  add_count(left_out, counts.undecoded);
  auto positions = gauge_family("suyuan_order_tail", "Last group of the shared log that is known",
                                static_cast<double>(counts.tail_position));
  auto behind = gauge_family("suyuan_peer_behind",
                             "Groups that another node did not yet have on disk, when it last "
                             "reported", 0);
  behind.metric.clear();
  auto agrees = gauge_family("suyuan_peer_agrees",
                             "1 while the checkpoints of another node are of our ledger", 0);
  agrees.metric.clear();
  for (const auto& [name, view] : peers.view()) {
    const uint64_t tail = std::max(counts.tail_position, view.note.position);
    for (auto* family : {&behind, &agrees}) {
      auto& metric = family->metric.emplace_back();
      metric.label.push_back({.name = "node", .value = name});
      metric.gauge.value = family == &behind ? static_cast<double>(tail - view.note.position)
                                             : (view.agrees.value_or(true) ? 1 : 0);
    }
  }
  return {groups, flight, tries, left_out, positions, behind, agrees,
          gauge_family("suyuan_order_leads", "1 while this node orders the seals",
                       order.leads() ? 1 : 0),
          gauge_family("suyuan_order_silent", "1 while the shared log cannot be written",
                       order.silence().empty() ? 0 : 1),
          gauge_family("suyuan_order_clocks_missing",
                       "Nodes that must be heard before log time advances; 0: it advances",
                       static_cast<double>(order.clocks_missing()))};
}

std::vector<prometheus::MetricFamily> etcd_families(const EtcdOrder& order) {
  const auto etcd = order.counts().etcd;
  if (!etcd) return {};
  return {gauge_family("suyuan_order_etcd_bytes", "Database of the member of etcd, on disk",
                       static_cast<double>(etcd->bytes)),
          gauge_family("suyuan_order_etcd_bytes_in_use",
                       "The part of it that is not free for new data",
                       static_cast<double>(etcd->bytes_in_use)),
          gauge_family("suyuan_order_etcd_full",
                       "1 while etcd has the alarm that a member is at its quota",
                       etcd->is_full ? 1 : 0)};
}

}  // namespace suyuan
