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
#include "node/pipeline/order_place.h"
#include "node/startup/ordering.h"

namespace suyuan {
namespace {

constexpr auto kLookPause = std::chrono::milliseconds(200);

// A store, what it says about itself, and the log that is to begin again.
struct Lost {
  const RecoverOptions& options;
  OpenedFolder& folder;
  Kv& kv;
  LogNodes nodes;
  LogHead own;
  uint64_t least = 0;  // the log begins at this position or later: after a base that is given up
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
  return LogHead{.ledger = folder.ledger,
                 .log = log,
                 .node = folder.node_key.name,
                 .generation = read_generation(store, log),
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

Result<Done> check_lost(const LogView& view, const LogHead& own) {
  const bool follows = view.tail == own.place || view.next_before == own.place.mark;
  const bool trimmed =
      view.tail && view.tail->position > own.place.position && !view.next_before;
  if (!follows && !trimmed) return Done{};
  return fail(Code::INVALID_FIELD,
              "the log in etcd is not lost: it continues from where this node is; serve it",
              "--etcd-log");
}

// The result for this store. If the store has everything, the place is written here.
Result<Recovered> settle(Lost& lost, const Generation& generation) {
  const SyncTarget& base = generation.base;
  const bool is_there = lost.own.tree == base.tree;
  if (lost.own.place.position > base.place.position ||
      (!is_there && lost.own.tree.size >= base.tree.size)) {
    return Unexpected(other_history(base));
  }
  if (is_there && lost.own.place == generation.before) {
    Store& store = *lost.folder.store;
    SUYUAN_TRY(head, read_head(store.latest()));
    head.position = base.place.position;  // a higher one, if a base was given up
    SUYUAN_TRY_DONE(store.commit(
        {{.table = Table::meta, .key = Bytes(kLedgerKey), .value = encode(head)},
         order_place_row(base.place),
         generation_row(lost.nodes.log, base.place)}));
  }
  Recovered done{.position = base.place.position,
                 .leaves = base.tree.size,
                 .founder = generation.founder,
                 .nodes = {},
                 .own_leaves = lost.own.tree.size};
  for (const auto& head : generation.heads) done.nodes.push_back(head.node);
  return done;
}

// The generation that began without this store, if the store is before its base.
std::optional<Generation> begun_ahead(const Lost& lost, const LogView& view) {
  if (view.generation.empty()) return std::nullopt;
  auto begun = judge_begun(view.generation, lost.nodes, lost.folder.genesis,
                           lost.folder.store->latest());
  if (!begun || !view.identity || view.identity->base != begun->base.place) return std::nullopt;
  const OrderPlace& base = begun->base.place;
  if (lost.own.place.position > base.position || lost.own.place == base) return std::nullopt;
  return *std::move(begun);
}

// The next base has a higher position than the lost one: a node that comes from the lost base after
// all is told so, and its words stop nobody.
Result<Done> give_up(Lost& lost, const std::optional<Generation>& ahead,
                     const std::function<void(const std::string&)>& tell) {
  const bool lacks = ahead && ahead->base.tree.size > lost.own.tree.size;
  if (!lacks) {
    return fail(Code::INVALID_FIELD,
                "the log in etcd does not begin after leaves that this store lacks: run recover "
                "without it",
                "--base-is-lost");
  }
  lost.least = ahead->base.place.position + 1;
  tell("gives up the " + std::to_string(ahead->base.tree.size) + " leaves that the log began "
       "after; this store has " + std::to_string(lost.own.tree.size) + ". What only node " +
       ahead->founder + " acknowledged must be sent again by its senders");
  return Done{};
}

// Returns false if the log moved in the meantime.
Result<bool> begin(Lost& lost, const LogView& view, const std::vector<ProvenHead>& heads) {
  const Bytes evidence = encode_generation(std::max(lost.own.place.position, lost.least), heads,
                                           lost.folder.node_key);
  SUYUAN_TRY(generation, judge_generation(evidence, lost.nodes));
  return begin_generation(lost.kv, lost.options.order.log, view,
                          {.ledger = lost.nodes.ledger.genesis, .base = generation.base.place},
                          evidence);
}

// A head counts for some minutes: it is signed again while this command waits, and at once if
// somebody removed it.
Result<Done> say_head(Lost& lost, const LogView& view, int64_t now_ms) {
  const bool is_new = lost.own.until_ms - now_ms > kLogHeadHoldsMs / 2;
  if (is_new && view.heads.contains(lost.own.node)) return Done{};
  lost.own.until_ms = now_ms + kLogHeadHoldsMs;
  return put_head(lost.kv, lost.options.order.log, lost.own.node,
                  sign_log_head(lost.own, lost.folder.node_key));
}

Result<Recovered> agree(Lost& lost, const Bytes& generation_before,
                        const std::function<void(const std::string&)>& tell) {
  using Clock = std::chrono::steady_clock;
  const auto give_up = Clock::now() + lost.options.wait;
  size_t seen = 0;
  size_t others = 0;
  auto last_came = Clock::now();
  Bytes passed_over = generation_before;
  for (;;) {
    SUYUAN_TRY(view, view_log(lost.kv, lost.options.order.log, lost.own.place));
    if (view.generation != passed_over) {
      const auto begun = judge_generation(view.generation, lost.nodes);
      if (begun && view.identity && view.identity->base == begun->base.place &&
          is_new_for(*begun, lost.own, system_now_ms())) {
        return settle(lost, *begun);
      }
      passed_over = view.generation;
      tell("ignores what somebody put into etcd as the reason why the log begins again: " +
           (begun ? std::string("it is an earlier one") : to_text(begun.error())));
    }
    SUYUAN_TRY_DONE(say_head(lost, view, system_now_ms()));
    const auto shown = heads_in_force(view.heads, lost.own, lost.nodes, system_now_ms());
    SUYUAN_TRY(heads, heads_below(shown, lost.own, lost.folder.store->latest()));
    others = view.heads.size() - shown.size();
    if (shown.size() != seen) {
      seen = shown.size();
      last_came = Clock::now();
      tell(std::to_string(seen) + " of " + std::to_string(lost.nodes.nodes.size()) +
           " nodes have said where they are");
    }
    const bool all = heads.size() == lost.nodes.nodes.size();
    const bool enough = heads.size() >= lost.nodes.majority() &&
                        Clock::now() - last_came >= lost.options.settle;
    if (all || enough) {
      SUYUAN_TRY(begun, begin(lost, view, heads));
      if (begun) continue;
    }
    if (Clock::now() > give_up) break;
    std::this_thread::sleep_for(kLookPause);
  }
  return fail(Code::UNAVAILABLE,
              std::to_string(seen) + " of " + std::to_string(lost.nodes.nodes.size()) +
                  " nodes said where they are; more than half are required, with one tree. Run "
                  "suyuan-node recover on the others in the meantime" +
                  (others == 0 ? std::string()
                               : ". Of " + std::to_string(others) +
                                     " more etcd holds words that do not count: said too long ago, "
                                     "by a clock that differs, or by a store that was not there "
                                     "when the log last began again (docs/cluster.md, recover)"));
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
  Lost lost{.options = options,
            .folder = folder,
            .kv = *kv,
            .nodes = {.ledger = folder.ledger,
                      .log = options.order.log,
                      .nodes = folder.nodes},
            .own = own};
  SUYUAN_TRY(view, view_log(*kv, options.order.log, own.place));
  const auto ahead = begun_ahead(lost, view);
  if (ahead && !options.base_is_lost) return settle(lost, *ahead);
  if (options.base_is_lost) {
    SUYUAN_TRY_DONE(give_up(lost, ahead, tell));
  } else {
    SUYUAN_TRY_DONE(check_lost(view, own));
  }
  SUYUAN_TRY_DONE(check_whole(folder, own, options));
  return agree(lost, view.generation, tell);
}

}  // namespace suyuan
