#include "node/startup/rejoin.h"

#include <spdlog/spdlog.h>

#include <thread>

#include "ledger/apply/apply.h"
#include "ledger/apply/log_reader.h"
#include "ledger/base/text.h"
#include "ledger/merkle/proof.h"
#include "node/ops/stopwatch.h"
#include "node/peers/known_rules.h"
#include "node/peers/node_words.h"
#include "node/peers/peer_link.h"
#include "node/pipeline/map_keeper.h"
#include "node/pipeline/order_place.h"

namespace suyuan {
namespace {

constexpr int kRoundsMax = 4;  // the log is trimmed further while a node catches up
// For nodes that start together: time for one of them to be there.
constexpr auto kPeersPatience = std::chrono::seconds(60);
constexpr auto kPeersPause = std::chrono::milliseconds(500);

// The store's state, next to what etcd holds.
struct Stand {
  LedgerHead head;
  OrderPlace place;
  bool behind_mark = false;  // less than this node has signed
  // For example, it has less than its node acknowledged. The rest of the log may bring it.
  bool needs_end = false;
  bool is_whole() const { return !is_between(place) && !behind_mark; }
  bool does_alone() const { return is_whole() && !needs_end; }
};

Result<Stand> stand_of(const Rejoin& back) {
  const OpenedFolder& folder = back.folder;
  const Reader& store = folder.store->latest();
  SUYUAN_TRY(head, read_head(store));
  SUYUAN_TRY(place, read_order_place(store));
  SUYUAN_CHECK(place);  // check_order checked it
  const auto& mark = folder.watermark.mark();
  const uint64_t leaves = head.leaves;
  return Stand{
      .head = std::move(head),
      .place = *place,
      .behind_mark = mark && leaves < mark->tree.size,
      .needs_end = back.needs_end || leaves < folder.acknowledged.mark().tree.size};
}

bool goes_on(const LogView& view, const Stand& stand) {
  return stand.is_whole() && (view.tail == stand.place || view.next_before == stand.place.mark);
}

// What etcd no longer has must come from a node; the follower reports what does not fit.
bool is_trimmed(const LogView& view, const Stand& stand) {
  return view.tail && view.tail->position > stand.place.position && !view.next_before;
}

LogNodes nodes_of(const Rejoin& back) {
  return {.ledger = back.folder.ledger,
          .log = back.order.log,
          .nodes = back.folder.nodes};
}

Result<Generation> judge(const Rejoin& back, BytesView evidence) {
  return judge_begun(evidence, nodes_of(back), back.folder.genesis, back.folder.store->latest());
}

// The beginning of the log's newest generation, if the store is before it.
Result<std::optional<SyncTarget>> base_ahead(const Rejoin& back, const LogView& view,
                                             const Stand& stand) {
  if (view.generation.empty()) return std::optional<SyncTarget>();
  SUYUAN_TRY(generation, judge(back, view.generation));
  const SyncTarget& base = generation.base;
  SUYUAN_TRY(kept, read_generation(back.folder.store->latest(), back.order.log));
  if (base.place != kept && !is_after(generation, kept)) return std::optional<SyncTarget>();
  if (!view.identity || view.identity->base != base.place) {
    return fail(Code::CORRUPT, "the log in etcd does not begin where its nodes agreed");
  }
  const bool stands_before = is_between(stand.place) ? stand.head.leaves <= base.tree.size
                             : stand.place.position == base.place.position
                                 ? stand.place == generation.before
                                 : stand.place.position < base.place.position;
  if (!stands_before) return std::optional<SyncTarget>();
  if (stand.head.leaves > base.tree.size) return Unexpected(other_history(base));
  return std::optional(base);
}

// Before the base that this node agreed to, no log goes on but an older one.
Result<Done> check_has_base(const Rejoin& back, const Stand& stand) {
  SUYUAN_TRY(agreed, read_generation(back.folder.store->latest(), back.order.log));
  if (stand.place.position >= agreed.position) return Done{};
  return fail(Code::ROLLED_BACK,
              "this node agreed to begin the log behind group " + std::to_string(agreed.position) +
                  ", and etcd shows one from before: it was put back to an older state. Stop all "
                  "nodes, and run suyuan-node recover on each (docs/cluster.md)");
}

// A store that the log goes on behind comes from its newest generation, whichever way it got there.
// Kept, since a word about its place counts among nodes of the same alone. Never back to an earlier
// one, which etcd may show.
Result<Done> keep_generation(const Rejoin& back, const LogView& view) {
  if (view.generation.empty() || !view.identity) return Done{};
  const auto generation = judge(back, view.generation);
  if (!generation || generation->base.place != view.identity->base) return Done{};
  const OrderPlace& base = generation->base.place;
  Store& store = *back.folder.store;
  SUYUAN_TRY(kept, read_generation(store.latest(), back.order.log));
  if (kept == base || !is_after(*generation, kept)) return Done{};
  // A store does not come from a base that its place does not lie behind.
  SUYUAN_TRY(place, read_order_place(store.latest()));
  if (!place || place->position < base.position) return Done{};
  return store.commit({generation_row(back.order.log, base)});
}

Result<Done> adopt(const Rejoin& back, LedgerHead head, const SyncTarget& base) {
  Store& store = *back.folder.store;
  const TreeRows rows(store.latest());
  SUYUAN_TRY(root, root_of(TiledNodes(rows), head.leaves));
  if (root != base.tree.root) {
    return fail(Code::ROLLED_BACK,
                "this store has a tree other than the one that the nodes agreed to continue from; "
                "keep it as evidence, and join again (docs/cluster.md)");
  }
  head.position = base.place.position;
  Changes changes = {{.table = Table::meta, .key = Bytes(kLedgerKey), .value = encode(head)},
                     order_place_row(base.place), generation_row(back.order.log, base.place)};
  if (read_erase_place(store.latest()) == kErasePlaceUnknown)
    changes.push_back(erase_place_row(base.place.position));
  return store.commit(changes);
}

// Each try begins with the map of the store: a failed one leaves nothing behind.
Result<Done> sync_with(const Rejoin& back, const NodeAddress& of,
                       const std::optional<SyncTarget>& target) {
  SUYUAN_TRY(ask, ask_over({.url = of.url,
                            .ca_file = back.order.peer_ca,
                            .ledger = back.folder.ledger,
                            .to = of.node,
                            .node = back.folder.node_key,
                            .clock = back.clock}));
  SUYUAN_TRY(map, build_map(back.folder.store->latest(), back.threads));
  LogSync sync({.store = *back.folder.store,
                .key = back.folder.node_key,
                .map = MapKeeper(std::move(map))});
  SUYUAN_TRY(before, sync.leaves());
  const Stopwatch watch;
  SUYUAN_TRY(reached,
             sync_from(sync, ask, with_nodes(back.folder.genesis, back.folder.nodes),
                       back.folder.ledger, target));
  spdlog::info("{} leaves fetched from {} and applied again in {:.1f} "
               "s", reached.tree.size - before,
               of.url, watch.seconds());
  return Done{};
}

Result<Done> sync_with_any(const Rejoin& back, const std::optional<SyncTarget>& target) {
  const auto give_up = std::chrono::steady_clock::now() + kPeersPatience;
  std::string last = "no node has said in etcd where it can be asked (--peer-url)";
  for (;;) {
    SUYUAN_TRY(view, view_log(back.kv, back.order.log, {}));
    for (const auto& [name, note] : view.addresses) {
      if (name == back.folder.node_key.name) continue;
      // Otherwise anyone who writes in etcd could have our signed requests sent to them.
      const auto address = open_node_address(note, nodes_of(back));
      if (!address || address->node != name) {
        last = "etcd holds an address for " + quote(name) + " that it did not sign";
        continue;
      }
      const auto done = sync_with(back, *address, target);
      if (done) return Done{};
      const Code code = done.error().code;
      last = "node " + name + ": " + to_text(done.error());
      spdlog::warn("what this node missed does not come from {}", last);
      if (code == Code::IO || code == Code::READ_ONLY || code == Code::STORE_TOO_NEW) return done;
    }
    if (std::chrono::steady_clock::now() > give_up) break;
    std::this_thread::sleep_for(kPeersPause);
  }
  return fail(Code::UNAVAILABLE,
              "this node's store cannot follow the log from where it is, and no other node "
              "gives it what it missed. The last: " + last +
                  (target ? ". If the only node that had it is gone for good: "
                            "docs/cluster_recovery.md, recover --base-is-lost"
                          : ""));
}

Result<std::optional<uint64_t>> bring_up(const Rejoin& back) {
  constexpr std::optional<uint64_t> kUnknown;
  for (int round = 0; round < kRoundsMax; ++round) {
    SUYUAN_TRY(stand, stand_of(back));
    const auto view = view_log(back.kv, back.order.log, stand.place);
    if (!view && stand.does_alone()) {  // what it holds can still be read
      spdlog::error("the log in etcd cannot be read: {}", to_text(view.error()));
      return kUnknown;
    }
    if (!view) return Unexpected(view.error());
    if (goes_on(*view, stand)) {
      SUYUAN_TRY_DONE(check_has_base(back, stand));
      SUYUAN_TRY_DONE(keep_generation(back, *view));
      return view->tail ? std::optional(view->tail->position) : kUnknown;
    }
    const auto ahead = base_ahead(back, *view, stand);
    if (!ahead && stand.does_alone() && ahead.error().code != Code::ROLLED_BACK) {
      spdlog::error("{}", to_text(ahead.error()));
      return kUnknown;
    }
    if (!ahead) return Unexpected(ahead.error());
    const std::optional<SyncTarget>& base = *ahead;
    if (base && stand.head.leaves == base->tree.size) {
      SUYUAN_TRY_DONE(adopt(back, stand.head, *base));
    } else if (base || is_trimmed(*view, stand) || !stand.does_alone()) {
      spdlog::info("the log cannot be followed from group {} with {} leaves; asking other nodes",
                   stand.place.position, stand.head.leaves);
      SUYUAN_TRY_DONE(sync_with_any(back, base));
      if (base) {
        SUYUAN_TRY_DONE(back.folder.store->commit({generation_row(back.order.log, base->place)}));
      }
    } else {
      return kUnknown;
    }
  }
  return kUnknown;
}

}  // namespace

Result<std::optional<uint64_t>> rejoin(const Rejoin& back) {
  SUYUAN_TRY(tail, bring_up(back));
  const auto& mark = back.folder.watermark.mark();
  if (mark) SUYUAN_TRY_DONE(check_watermark(*mark, back.folder.store->latest()));
  return tail;
}

}  // namespace suyuan
