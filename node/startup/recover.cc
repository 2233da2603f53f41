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
struct Lost {
  const RecoverOptions& options;
  OpenedFolder& folder;
  Kv& kv;
  const std::function<void(const std::string&)>& tell;
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
bool is_put_back(const LogView& view, const Lost& lost) {
  const auto heads = heads_in_force(view.heads, lost.own, lost.nodes, system_now_ms());
  return view.tail && std::ranges::any_of(heads, [&](const ShownHead& one) {
           return one.head.place.position > view.tail->position;
         });
}

Result<Done> check_lost(const LogView& view, const Lost& lost) {
  const LogHead& own = lost.own;
  const bool follows = view.tail == own.place || view.next_before == own.place.mark;
  const bool trimmed =
      view.tail && view.tail->position > own.place.position && !view.next_before;
  // A log that goes on before the base that this node agreed to is an older one, put back.
  if ((!follows && !trimmed) || lacks_base(own) || is_put_back(view, lost)) return Done{};
  return fail(Code::INVALID_FIELD,
              "the log in etcd goes on from where this node is. If etcd was put back to an older "
              "state, run recover on a node that is beyond it first, then here, and serve none "
              "before. Otherwise nothing is lost: serve this node",
              "--etcd-log");
}

// To begin again would undo what nodes agreed on.
Result<Done> check_known(const Lost& lost, const Bytes& evidence) {
  const auto unknown = unknown_node_in(evidence, lost.ever);
  if (!unknown) return Done{};
  return fail(Code::KEY_UNKNOWN,
              "the log has begun anew with node " + *unknown + ", which this store does not know, "
              "or not by that key. Put the newest rules.note of another node into this folder, and "
              "run recover again (docs/cluster.md, recover)",
              "node");
}

// What came of it, for this store. The place is written here where the store has all of it.
Result<Recovered> settle(Lost& lost, const Generation& generation) {
  const SyncTarget& base = generation.base;
  const bool is_there = lost.own.tree == base.tree;
  Store& store = *lost.folder.store;
  if (lost.own.place.position > base.place.position ||
      (!is_there && lost.own.tree.size >= base.tree.size)) {
    return Unexpected(other_history(base));
  }
  // Kept before the store has all of it too: where etcd loses the log again, this node must not
  // agree without those who have the rest.
  Changes changes = {generation_row(lost.nodes.log, base.place)};
  if (is_there && (lost.own.place == generation.before ||
                   lost.own.place.position < generation.before.position)) {
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
                 .own_leaves = lost.own.tree.size};
  for (const auto& head : generation.heads) done.nodes.push_back(head.node);
  return done;
}

// The generation that has begun without this store, where the store is before its base.
std::optional<Generation> begun_ahead(const Lost& lost, const LogView& view) {
  if (view.generation.empty()) return std::nullopt;
  auto begun = judge_begun(view.generation, lost.nodes, lost.folder.genesis,
                           lost.folder.store->latest());
  if (!begun || !view.identity || view.identity->base != begun->base.place) return std::nullopt;
  const OrderPlace& base = begun->base.place;
  if (base != lost.own.generation && !is_after(*begun, lost.own.generation)) return std::nullopt;
  // Nodes went on from there, and etcd was put back to this state.
  if (base == lost.own.generation && is_put_back(view, lost)) return std::nullopt;
  if (lost.own.place.position > base.position || lost.own.place == base) return std::nullopt;
  return *std::move(begun);
}

// The next base is at a higher position than the one that is lost: a node that comes from the lost
// one all the same is then told so, and its words stop nobody.
Result<Done> give_up(Lost& lost, const std::optional<Generation>& ahead) {
  const bool lacks = ahead ? ahead->base.tree.size > lost.own.tree.size : lacks_base(lost.own);
  if (!lacks) {
    return fail(Code::INVALID_FIELD,
                "the log in etcd does not begin after leaves that this store lacks: run recover "
                "without it",
                "--base-is-lost");
  }
  const OrderPlace base = ahead ? ahead->base.place : lost.own.generation;
  lost.agreed = base;
  lost.own.generation = given_up(base);
  lost.tell("gives up what the log began behind, up to group " + std::to_string(base.position) +
            (ahead ? " with " + std::to_string(ahead->base.tree.size) + " leaves" : "") +
            "; this store has " + std::to_string(lost.own.tree.size) + " leaves. What only " +
            (ahead ? "node " + ahead->founder : "the founder") +
            " acknowledged is to be sent again by its senders");
  return Done{};
}

// Returns false if the log moved in the meantime.
Result<bool> begin(Lost& lost, const LogView& view, const std::vector<ProvenHead>& heads) {
  const Bytes evidence = encode_generation(base_position(lost.own), heads, lost.folder.node_key);
  SUYUAN_TRY(generation, judge_generation(evidence, lost.nodes));
  return begin_generation(lost.kv, lost.options.order.log, view,
                          {.ledger = lost.nodes.ledger.genesis, .base = generation.base.place},
                          evidence);
}

// A head counts for some minutes: it is said again for as long as this command waits, and at once
// where somebody took it away, or put something else there.
Result<Done> say_head(Lost& lost, const LogView& view, int64_t now_ms) {
  const auto shown = view.heads.find(lost.own.node);
  const bool is_there = shown != view.heads.end() && shown->second == lost.said;
  if (is_there && lost.own.until_ms - now_ms > kLogHeadHoldsMs / 2) return Done{};
  lost.own.until_ms = now_ms + kLogHeadHoldsMs;
  lost.said = sign_log_head(lost.own, lost.folder.node_key);
  return put_head(lost.kv, lost.options.order.log, lost.own.node, lost.said);
}

// What a node that waits saw last.
struct Seen {
  Bytes generation;
  std::optional<LogIdentity> identity;
  size_t heads = 0;
  size_t others = 0;  // words that do not count
  std::vector<std::string> unknown;
  std::string later;  // the node that knows a later beginning
  SteadyClock::time_point last_came = SteadyClock::now();
};

// Nullopt: the log has not begun anew since this node waits.
Result<std::optional<Recovered>> look_for_begun(Lost& lost, const LogView& view, Seen& seen) {
  const std::optional<Recovered> none;
  if (view.generation == seen.generation && view.identity == seen.identity) return none;
  seen.generation = view.generation;
  seen.identity = view.identity;
  if (view.generation.empty()) return none;
  const auto begun = judge_generation(view.generation, lost.nodes);
  if (begun && view.identity && view.identity->base == begun->base.place &&
      is_new_for(*begun, lost.agreed, system_now_ms())) {
    SUYUAN_TRY(recovered, settle(lost, *begun));
    return std::optional(std::move(recovered));
  }
  SUYUAN_TRY_DONE(check_known(lost, view.generation));
  lost.tell("passes over what somebody put into etcd as the reason why the log begins anew: " +
            (begun ? std::string("it is an earlier one") : to_text(begun.error())));
  return none;
}

// Says so once for each node: that node, or another, may have acknowledged what this store lacks.
void look_for_later(const Lost& lost, const LogView& view, Seen& seen, int64_t now_ms) {
  const auto later = later_head(view.heads, lost.own, lost.nodes, now_ms);
  const std::string node = later ? later->node : std::string();
  if (node == seen.later) return;
  seen.later = node;
  if (!later) return;
  const bool has_all = later->tree.size >= lost.own.tree.size;
  lost.tell("waits: node " + node + " has agreed to a later beginning of the log, behind group " +
            std::to_string(later->generation.position) +
            ", which this store does not know. If those who know it are too few to begin: " +
            (has_all ? "keep this store, give this node a copy of the store of node " + node
                     : "give node " + node + " a copy of the store that has the most leaves") +
            ", and run recover again (docs/cluster.md, recover)");
}

// The heads to begin with; fewer than a majority: this node is not to begin now.
Result<std::vector<ProvenHead>> look_for_heads(Lost& lost, const LogView& view, Seen& seen) {
  const int64_t now_ms = system_now_ms();
  const auto shown = heads_in_force(view.heads, lost.own, lost.nodes, now_ms);
  seen.others = view.heads.size() - shown.size();
  if (shown.size() != seen.heads) {
    seen.heads = shown.size();
    seen.last_came = SteadyClock::now();
    lost.tell(std::to_string(seen.heads) + " of " + std::to_string(lost.nodes.nodes.size()) +
              " nodes have said where they stand");
  }
  auto unknown = unknown_heads(view.heads, lost.ever, now_ms);
  if (unknown != seen.unknown) {
    seen.unknown = std::move(unknown);
    if (!seen.unknown.empty()) {
      lost.tell("waits: etcd has a head of " + seen.unknown.front() + ", which this store does not "
                "know, or not by that key. Put the newest rules.note of another node into this "
                "folder, and run recover again. If there is no such node, delete the key " +
                lost.nodes.log + "/head/" + seen.unknown.front() + " in etcd");
    }
  }
  look_for_later(lost, view, seen, now_ms);
  if (!seen.unknown.empty() || !seen.later.empty() ||
      (!lost.options.base_is_lost && lacks_base(lost.own))) {
    return std::vector<ProvenHead>();
  }
  return heads_below(shown, lost.own, lost.folder.store->latest());
}

// Nullopt: to be looked at again. UNAVAILABLE, of etcd: the same.
Result<std::optional<Recovered>> look(Lost& lost, Seen& seen) {
  const auto view = view_log(lost.kv, lost.options.order.log, lost.own.place);
  if (!view) return fail(Code::UNAVAILABLE, "cannot look at the log: " + to_text(view.error()));
  SUYUAN_TRY(recovered, look_for_begun(lost, *view, seen));
  if (recovered) return recovered;
  SUYUAN_TRY_DONE(say_head(lost, *view, system_now_ms()));
  SUYUAN_TRY(heads, look_for_heads(lost, *view, seen));
  const bool all = heads.size() == lost.nodes.nodes.size();
  const bool enough = heads.size() >= lost.nodes.majority() &&
                      SteadyClock::now() - seen.last_came >= lost.options.settle;
  if (!all && !enough) return recovered;
  SUYUAN_TRY(begun, begin(lost, *view, heads));
  if (!begun) return recovered;
  SUYUAN_TRY(now, view_log(lost.kv, lost.options.order.log, lost.own.place));
  return look_for_begun(lost, now, seen);
}

Unexpected<Error> too_few(const Lost& lost, const Seen& seen) {
  std::string why = std::to_string(seen.heads) + " of " + std::to_string(lost.nodes.nodes.size()) +
                    " nodes said where they stand; more than half are needed, of one tree. Run "
                    "suyuan-node recover on the others meanwhile";
  if (lacks_base(lost.own) && !lost.options.base_is_lost) {
    why += ". This store agreed to begin behind group " +
           std::to_string(lost.own.generation.position) +
           ", and lacks it. If the only node that had it is gone for ever: --base-is-lost";
  }
  if (!seen.later.empty()) {
    why += ". Node " + seen.later + " has agreed to a later beginning of the log than this store "
           "knows, so nothing begins without it (docs/cluster.md, recover)";
  }
  if (seen.others > 0) {
    why += ". Of " + std::to_string(seen.others) +
           " more etcd holds words that do not count: said too long ago, by a clock that differs, "
           "of a node that this store does not know, or of a store that was not there when the log "
           "began anew before (docs/cluster.md, recover)";
  }
  return fail(Code::UNAVAILABLE, why);
}

Result<Recovered> agree(Lost& lost, const LogView& before) {
  const auto give_up = SteadyClock::now() + lost.options.wait;
  Seen seen{.generation = before.generation,
            .identity = before.identity,
            .unknown = {},
            .later = {}};
  std::string last;
  for (;;) {
    auto looked = look(lost, seen);
    if (looked && *looked) return **std::move(looked);
    if (!looked && looked.error().code != Code::UNAVAILABLE) return Unexpected(looked.error());
    const std::string wrong = looked ? std::string() : to_text(looked.error());
    if (!wrong.empty() && wrong != last) lost.tell("waits: " + wrong);
    last = wrong;
    if (SteadyClock::now() > give_up) break;
    std::this_thread::sleep_for(kLookPause);
  }
  if (!last.empty()) return fail(Code::UNAVAILABLE, last);
  return too_few(lost, seen);
}

}  // namespace

Result<Recovered> recover(const RecoverOptions& options,
                          const std::function<void(const std::string&)>& tell) {
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
  Lost lost{.options = options,
            .folder = folder,
            .kv = *kv,
            .tell = tell,
            .nodes = nodes,
            .ever = std::move(ever),
            .own = own,
            .agreed = own.generation};
  SUYUAN_TRY(view, view_log(*kv, options.order.log, own.place));
  SUYUAN_TRY_DONE(check_known(lost, view.generation));
  const auto ahead = begun_ahead(lost, view);
  if (ahead && !options.base_is_lost) return settle(lost, *ahead);
  if (options.base_is_lost) {
    SUYUAN_TRY_DONE(give_up(lost, ahead));
  } else {
    SUYUAN_TRY_DONE(check_lost(view, lost));
  }
  SUYUAN_TRY_DONE(check_whole(folder, own, options));
  return agree(lost, view);
}

}  // namespace suyuan
