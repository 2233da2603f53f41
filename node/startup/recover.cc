#include "node/startup/recover.h"

#include <algorithm>
#include <thread>

#include "ledger/apply/apply.h"
#include "ledger/apply/log_reader.h"
#include "ledger/merkle/proof.h"
#include "ledger/order/etcd/log_view.h"
#include "node/clock.h"
#include "node/folder/opening.h"
#include "node/folder/restored_mark.h"
#include "node/peers/divergence.h"
#include "node/peers/generation.h"
#include "node/peers/known_rules.h"
#include "node/pipeline/order_place.h"
#include "node/startup/ordering.h"

namespace suyuan {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr auto kLookPause = std::chrono::milliseconds(200);

// A store, what it says about itself, and the log that is to begin again.
struct RecoveringNode {
  const RecoverOptions& options;
  OpenedFolder& folder;
  Kv& kv;
  const std::function<void(const std::string&)>& report;
  LogNodes nodes;
  LogNodes ever;  // and those of before, with the keys that they had then
  LogHead own;
  OrderPlace agreed;  // the base that it agreed to last, also where its head gives it up
  std::string said = {};  // its note, as this node put it into etcd last
};

Result<LogHead> head_of(const OpenedFolder& folder, const std::string& log) {
  const Reader& store = folder.store->latest();
  SUYUAN_TRY(place, read_order_place(store));
  if (!place || is_between(*place)) {
    return fail(Code::INVALID_FIELD,
                place ? "this store is fetching what it missed: serve it, so that "
                        "it can finish"
                      : "this ledger's log is not in etcd (suyuan-node migrate)",
                "--data");
  }
  SUYUAN_TRY(head, read_head(store));
  const TreeRows rows(store);
  SUYUAN_TRY(root, root_of(TiledNodes(rows), head.leaves));
  SUYUAN_TRY(generation, read_generation(store, log));
  return LogHead{.ledger = folder.ledger,
                 .log = log,
                 .node = folder.node_key.name,
                 .generation = generation,
                 .place = *place,
                 .tree = {.size = head.leaves, .root = root}};
}

// Nodes agree on the highest store that any of them has. So a store that lost its newest leaves
// must not say where it is, and neither must one that does not know what its node had.
Result<Done> check_whole(const OpenedFolder& folder, const LogHead& own,
                         const RecoverOptions& options) {
  const auto& mark = folder.watermark.mark();
  const uint64_t known = std::max(mark ? mark->tree.size : 0, folder.acknowledged.mark().tree.size);
  if (own.tree.size < known) {
    return fail(Code::ROLLED_BACK,
                "this store ends at " + std::to_string(own.tree.size) + " leaves, this node had " +
                    std::to_string(known) + ": its newest writes were lost, or an older copy was "
                    "restored. Run suyuan-node recover on the other nodes, and serve this one "
                    "then: it fetches what it lost from them");
  }
  SUYUAN_TRY(restored, is_restored(DataFolder{options.data}));
  if (!restored || options.nothing_newer_was_signed) return Done{};
  return fail(Code::UNAVAILABLE,
              "this folder was restored, or joined, and has not caught up with its log since, so "
              "what its node acknowledged before may be missing. Run suyuan-node recover on the "
              "other nodes, and serve this one then; or, if you know that it acknowledged "
              "nothing that it lacks, say --nothing-newer-was-signed");
}

// It agreed to a base, and has not fetched all of it.
bool lacks_base(const LogHead& own) { return own.place.position < own.generation.position; }

// Whether a node that runs this command too is beyond the end that etcd shows.
bool is_put_back(const LogView& view, const RecoveringNode& self) {
  const auto heads = heads_in_force(view.heads, self.own, self.nodes, system_now_ms());
  return view.tail && std::ranges::any_of(heads, [&](const ShownHead& one) {
           return one.head.place.position > view.tail->position;
         });
}

Result<Done> check_lost(const LogView& view, const RecoveringNode& self) {
  const LogHead& own = self.own;
  const bool follows = view.tail == own.place || view.next_before == own.place.mark;
  const bool trimmed =
      view.tail && view.tail->position > own.place.position && !view.next_before;
  // A log that goes on before the base that this node agreed to is an older one, put back.
  if ((!follows && !trimmed) || lacks_base(own) || is_put_back(view, self)) return Done{};
  return fail(Code::INVALID_FIELD,
              "the log in etcd goes on from where this node is. If etcd was put back to an older "
              "state, run recover on a node that is beyond it first, then here, and serve none "
              "before. Otherwise nothing is lost: serve this node",
              "--etcd-log");
}

// To begin again would undo what nodes agreed on.
Result<Done> check_known(const RecoveringNode& self, const Bytes& evidence) {
  const auto unknown = unknown_node_in(evidence, self.ever);
  if (!unknown) return Done{};
  return fail(Code::KEY_UNKNOWN,
              "the log has begun anew with node " + *unknown + ", which this store does not know, "
              "or not by that key. Put the newest rules.note of another node into this folder, and "
              "run recover again (docs/cluster_recovery.md, recover)",
              "node");
}

// What came of it, for this store. The place is written here where the store has all of it.
Result<Recovered> settle(RecoveringNode& self, const Generation& generation) {
  const SyncTarget& base = generation.base;
  const bool is_there = self.own.tree == base.tree;
  Store& store = *self.folder.store;
  if (self.own.place.position > base.place.position ||
      (!is_there && self.own.tree.size >= base.tree.size)) {
    return Unexpected(other_history(base));
  }
  // Kept before the store has all of it too: where etcd loses the log again, this node must not
  // agree without those who have the rest.
  Changes changes = {generation_row(self.nodes.log, base.place)};
  if (is_there && (self.own.place == generation.before ||
                   self.own.place.position < generation.before.position)) {
    SUYUAN_TRY(head, read_head(store.latest()));
    head.position = base.place.position;  // a higher one, where a base was given up
    changes.push_back({.table = Table::meta, .key = Bytes(kLedgerKey), .value = encode(head)});
    changes.push_back(order_place_row(base.place));
  }
  SUYUAN_TRY_DONE(store.commit(changes));
  Recovered done{.position = base.place.position,
                 .leaves = base.tree.size,
                 .founder = generation.founder,
                 .nodes = {},
                 .own_leaves = self.own.tree.size};
  for (const auto& head : generation.heads) done.nodes.push_back(head.node);
  return done;
}

// The generation that has begun without this store, where the store is before its base.
std::optional<Generation> begun_ahead(const RecoveringNode& self, const LogView& view) {
  if (view.generation.empty()) return std::nullopt;
  auto begun = judge_begun(view.generation, self.nodes, self.folder.genesis,
                           self.folder.store->latest());
  if (!begun || !view.identity || view.identity->base != begun->base.place) return std::nullopt;
  const OrderPlace& base = begun->base.place;
  if (base != self.own.generation && !is_after(*begun, self.own.generation)) return std::nullopt;
  // Nodes went on from there, and etcd was put back to this state.
  if (base == self.own.generation && is_put_back(view, self)) return std::nullopt;
  if (self.own.place.position > base.position || self.own.place == base) return std::nullopt;
  return *std::move(begun);
}

// The next base is at a higher position than the one that is lost: a node that comes from the lost
// one all the same is then told so, and its words stop nobody.
Result<Done> give_up(RecoveringNode& self, const std::optional<Generation>& ahead) {
  const bool lacks = ahead ? ahead->base.tree.size > self.own.tree.size : lacks_base(self.own);
  if (!lacks) {
    return fail(Code::INVALID_FIELD,
                "the log in etcd does not begin after leaves that this store lacks: run recover "
                "without it",
                "--base-is-lost");
  }
  const OrderPlace base = ahead ? ahead->base.place : self.own.generation;
  self.agreed = base;
  self.own.generation = as_given_up(base);
  self.report("gives up what the log began behind, up to group " + std::to_string(base.position) +
              (ahead ? " with " + std::to_string(ahead->base.tree.size) + " leaves" : "") +
              "; this store has " + std::to_string(self.own.tree.size) + " leaves. What only " +
              (ahead ? "node " + ahead->founder : "the founder") +
              " acknowledged is to be sent again by its senders");
  return Done{};
}

// Returns false if the log moved in the meantime.
Result<bool> begin(RecoveringNode& self, const LogView& view,
                   const std::vector<ProvenHead>& heads) {
  const Bytes evidence = encode_generation(base_position(self.own), heads, self.folder.node_key);
  SUYUAN_TRY(generation, judge_generation(evidence, self.nodes));
  return begin_generation(self.kv, self.options.order.log, view,
                          {.ledger = self.nodes.ledger.genesis, .base = generation.base.place},
                          evidence);
}

// A head counts for some minutes: it is said again for as long as this command waits, and at once
// where somebody took it away, or put something else there.
Result<Done> say_head(RecoveringNode& self, const LogView& view, int64_t now_ms) {
  const auto shown = view.heads.find(self.own.node);
  const bool is_there = shown != view.heads.end() && shown->second == self.said;
  if (is_there && self.own.until_ms - now_ms > kLogHeadHoldsMs / 2) return Done{};
  self.own.until_ms = now_ms + kLogHeadHoldsMs;
  self.said = sign_log_head(self.own, self.folder.node_key);
  return put_head(self.kv, self.options.order.log, self.own.node, self.said);
}

// What a node that waits saw last.
struct LastLook {
  Bytes generation;
  std::optional<LogIdentity> identity;
  size_t heads = 0;
  size_t others = 0;  // words that do not count
  std::vector<std::string> unknown;
  std::string knows_later;  // the node that knows a later beginning of the log; empty: none
  SteadyClock::time_point last_came = SteadyClock::now();
};

// Nullopt: the log has not begun anew since this node waits.
Result<std::optional<Recovered>> look_for_begun(RecoveringNode& self, const LogView& view,
                                                LastLook& last) {
  const std::optional<Recovered> none;
  if (view.generation == last.generation && view.identity == last.identity) return none;
  last.generation = view.generation;
  last.identity = view.identity;
  if (view.generation.empty()) return none;
  const auto begun = judge_generation(view.generation, self.nodes);
  if (begun && view.identity && view.identity->base == begun->base.place &&
      is_new_for(*begun, self.agreed, system_now_ms())) {
    SUYUAN_TRY(recovered, settle(self, *begun));
    return std::optional(std::move(recovered));
  }
  SUYUAN_TRY_DONE(check_known(self, view.generation));
  self.report("passes over what somebody put into etcd as the reason why the log begins anew: " +
              (begun ? std::string("it is an earlier one") : to_text(begun.error())));
  return none;
}

// Says so once for each node: that node, or another, may have acknowledged what this store lacks.
void look_for_later(const RecoveringNode& self, const LogView& view, LastLook& last,
                    int64_t now_ms) {
  const auto later = later_head(view.heads, self.own, self.nodes, now_ms);
  const std::string node = later ? later->node : std::string();
  if (node == last.knows_later) return;
  last.knows_later = node;
  if (!later) return;
  const bool has_all = later->tree.size >= self.own.tree.size;
  self.report("waits: node " + node + " has agreed to a later beginning of the log, behind group " +
              std::to_string(later->generation.position) +
              ", which this store does not know. If those who know it are too few to begin: " +
              (has_all ? "keep this store, give this node a copy of the store of node " + node
                       : "give node " + node + " a copy of the store that has the most leaves") +
              ", and run recover again (docs/cluster_recovery.md, recover)");
}

// The heads to begin with; fewer than a majority: this node is not to begin now.
Result<std::vector<ProvenHead>> look_for_heads(RecoveringNode& self, const LogView& view,
                                               LastLook& last) {
  const int64_t now_ms = system_now_ms();
  const auto shown = heads_in_force(view.heads, self.own, self.nodes, now_ms);
  last.others = view.heads.size() - shown.size();
  if (shown.size() != last.heads) {
    last.heads = shown.size();
    last.last_came = SteadyClock::now();
    self.report(std::to_string(last.heads) + " of " + std::to_string(self.nodes.nodes.size()) +
                " nodes have said where they stand");
  }
  auto unknown = unknown_heads(view.heads, self.ever, now_ms);
  if (unknown != last.unknown) {
    last.unknown = std::move(unknown);
    if (!last.unknown.empty()) {
      self.report("waits: etcd has a head of " + last.unknown.front() +
                  ", which this store does not know, or not by that key. Put the newest rules.note "
                  "of another node into this folder, and run recover again. If there is no such "
                  "node, delete the key " +
                  self.nodes.log + "/head/" + last.unknown.front() + " in etcd");
    }
  }
  look_for_later(self, view, last, now_ms);
  if (!last.unknown.empty() || !last.knows_later.empty() ||
      (!self.options.base_is_lost && lacks_base(self.own))) {
    return std::vector<ProvenHead>();
  }
  return heads_below(shown, self.own, self.folder.store->latest());
}

// Nullopt: to be looked at again. UNAVAILABLE, of etcd: the same.
Result<std::optional<Recovered>> look(RecoveringNode& self, LastLook& last) {
  const auto view = view_log(self.kv, self.options.order.log, self.own.place);
  if (!view) return fail(Code::UNAVAILABLE, "cannot look at the log: " + to_text(view.error()));
  SUYUAN_TRY(recovered, look_for_begun(self, *view, last));
  if (recovered) return recovered;
  SUYUAN_TRY_DONE(say_head(self, *view, system_now_ms()));
  SUYUAN_TRY(heads, look_for_heads(self, *view, last));
  const bool all = heads.size() == self.nodes.nodes.size();
  const bool enough = heads.size() >= self.nodes.majority() &&
                      SteadyClock::now() - last.last_came >= self.options.settle;
  if (!all && !enough) return recovered;
  SUYUAN_TRY(begun, begin(self, *view, heads));
  if (!begun) return recovered;
  SUYUAN_TRY(now, view_log(self.kv, self.options.order.log, self.own.place));
  return look_for_begun(self, now, last);
}

Unexpected<Error> too_few(const RecoveringNode& self, const LastLook& last) {
  std::string why = std::to_string(last.heads) + " of " + std::to_string(self.nodes.nodes.size()) +
                    " nodes said where they stand; more than half are needed, of one tree. Run "
                    "suyuan-node recover on the others meanwhile";
  if (lacks_base(self.own) && !self.options.base_is_lost) {
    why += ". This store agreed to begin behind group " +
           std::to_string(self.own.generation.position) +
           ", and lacks it. If the only node that had it is gone for ever: --base-is-lost";
  }
  if (!last.knows_later.empty()) {
    why += ". Node " + last.knows_later +
           " has agreed to a later beginning of the log than this store knows, so nothing begins "
           "without it (docs/cluster_recovery.md, recover)";
  }
  if (last.others > 0) {
    why += ". Of " + std::to_string(last.others) +
           " more etcd holds words that do not count: said too long ago, by a clock that differs, "
           "of a node that this store does not know, or of a store that was not there when the log "
           "began anew before (docs/cluster_recovery.md, recover)";
  }
  return fail(Code::UNAVAILABLE, why);
}

Result<Recovered> agree(RecoveringNode& self, const LogView& before) {
  const auto deadline = SteadyClock::now() + self.options.wait;
  LastLook last{.generation = before.generation,
                .identity = before.identity,
                .unknown = {},
                .knows_later = {}};
  std::string last_fault;
  for (;;) {
    auto looked = look(self, last);
    if (looked && *looked) return **std::move(looked);
    if (!looked && looked.error().code != Code::UNAVAILABLE) return Unexpected(looked.error());
    const std::string wrong = looked ? std::string() : to_text(looked.error());
    if (!wrong.empty() && wrong != last_fault) self.report("waits: " + wrong);
    last_fault = wrong;
    if (SteadyClock::now() > deadline) break;
    std::this_thread::sleep_for(kLookPause);
  }
  if (!last_fault.empty()) return fail(Code::UNAVAILABLE, last_fault);
  return too_few(self, last);
}

}  // namespace

Result<Recovered> recover(const RecoverOptions& options,
                          const std::function<void(const std::string&)>& report) {
  if (!options.order.etcd()) {
    return fail(Code::INVALID_FIELD, "a log of this node alone is not lost without it", "--order");
  }
  SUYUAN_TRY(kv, open_shared_log(options.order));
  SUYUAN_TRY_DONE(check_no_evidence(options.data));
  SUYUAN_TRY(folder, open_folder(DataFolder{options.data},
                                 ServeOptions{.data = options.data,
                                              .passphrase = options.passphrase,
                                              .epcis = false,
                                              .order = options.order}));
  SUYUAN_TRY(own, head_of(folder, options.order.log));
  const LogNodes nodes{
      .ledger = folder.ledger, .log = options.order.log, .nodes = folder.nodes};
  LogNodes ever = nodes;
  SUYUAN_TRY(all, all_nodes(folder.store->latest(), folder.genesis, {.nodes = folder.nodes}));
  ever.nodes = std::move(all);
  RecoveringNode self{.options = options,
                      .folder = folder,
                      .kv = *kv,
                      .report = report,
                      .nodes = nodes,
                      .ever = std::move(ever),
                      .own = own,
                      .agreed = own.generation};
  SUYUAN_TRY(view, view_log(*kv, options.order.log, own.place));
  SUYUAN_TRY_DONE(check_known(self, view.generation));
  const auto ahead = begun_ahead(self, view);
  if (ahead && !options.base_is_lost) return settle(self, *ahead);
  if (options.base_is_lost) {
    SUYUAN_TRY_DONE(give_up(self, ahead));
  } else {
    SUYUAN_TRY_DONE(check_lost(view, self));
  }
  SUYUAN_TRY_DONE(check_whole(folder, own, options));
  return agree(self, view);
}

}  // namespace suyuan
