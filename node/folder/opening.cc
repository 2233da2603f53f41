#include "node/folder/opening.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "ledger/apply/log_reader.h"
#include "ledger/apply/right_edge.h"
#include "ledger/apply/seal.h"
#include "ledger/base/limits.h"
#include "ledger/crypto/hash.h"
#include "ledger/os/files.h"
#include "ledger/registry/derived_rows.h"
#include "node/folder/init_mark.h"
#include "node/folder/node_keys.h"
#include "node/ops/stopwatch.h"
#include "node/peers/known_rules.h"

namespace suyuan {
namespace {

Result<std::unique_ptr<RocksStore>> open_store(const DataFolder& folder,
                                               const ServeOptions& options) {
  if (file_exists(InitMark::path_in(folder.path))) {
    return fail(Code::NOT_FOUND, "no whole ledger in " + folder.path +
                                     ": " + InitMark::command_in(folder.path) +
                                     " was interrupted there; run it again");
  }
  if (!file_exists(folder.genesis())) {
    return fail(Code::NOT_FOUND, "no ledger in " + folder.path +
                                     "; make one with: suyuan-node init --data " + folder.path);
  }
  // A power cut must not bring back a mark that was not seen: init would remove the store.
  SUYUAN_TRY_DONE(sync_folder(folder.path));
  RocksOptions rocks;
  rocks.path = folder.store();
  rocks.block_cache_bytes = options.cache_mib << 20;
  rocks.open_files_max = options.store_files;
  return open_rocks(rocks);
}

// The store's ledger must be the one that the folder's genesis names.
Result<LedgerId> check_identity(const DataFolder& folder, const Store& store) {
  SUYUAN_TRY(leaf, read_file(folder.genesis(), limits::kLeafBytesMax));
  SUYUAN_TRY(head, read_head(store.latest()));
  if (sha256(leaf) != head.genesis) {
    return fail(Code::CORRUPT, folder.genesis() + " is of another ledger than " + folder.store() +
                                   "; restore the right file");
  }
  return LedgerId{.origin = head.origin, .genesis = head.genesis};
}

Result<Genesis> genesis_of(const Store& store) {
  SUYUAN_TRY(leaf, read_leaf(store.latest(), 0));
  return parse_genesis(leaf.text);
}

// If other nodes share the log, a store that is shorter than what this node has signed gets the
// rest from them before it serves (node/startup/rejoin.h).
Result<Watermark> open_mark(const DataFolder& folder, const Store& store, bool published,
                            bool others) {
  auto opened = open_watermark(folder.watermark(), store.latest(), published);
  if (opened || !others || opened.error().code != Code::ROLLED_BACK) return opened;
  SUYUAN_TRY(head, read_head(store.latest()));
  SUYUAN_TRY(read, Watermark::read(folder.watermark()));
  if (!read.mark() || head.leaves >= read.mark()->tree.size) return opened;
  return read;
}

}  // namespace

Result<Done> mend_registry_rows(Store& store) {
  SUYUAN_TRY(changes, mend_derived_rows(store.latest()));
  if (changes.empty()) return Done{};
  auto mended = store.commit(changes);
  if (!mended) {
    mended.error().message = "cannot fix the registry rows that an earlier program left out or "
                             "left behind: " + mended.error().message;
    return mended;
  }
  spdlog::info("{} rows of the registry that an earlier program left out, or left behind, are "
               "fixed",
               changes.size());
  return Done{};
}

Result<OpenedFolder> open_folder(const DataFolder& folder, const ServeOptions& options) {
  SUYUAN_TRY(store, open_store(folder, options));
  SUYUAN_TRY(head, read_head(store->latest()));
  SUYUAN_TRY_DONE(check_rules_known(head.rules));
  SUYUAN_TRY(sizes, checkpoint_sizes(store->latest()));
  // Checked before the right edge: a store that lost its newest writes then says so plainly.
  SUYUAN_TRY(watermark, open_mark(folder, *store, !sizes.empty(), options.order.etcd()));
  SUYUAN_TRY(acknowledged,
             Acknowledged::open(folder.acknowledged(), store->latest(),
                                options.order.etcd() ? Acknowledged::Behind::awaited
                                                     : Acknowledged::Behind::refused));
  SUYUAN_TRY_DONE(check_right_edge(store->latest()));
  SUYUAN_TRY(ledger, check_identity(folder, *store));
  SUYUAN_TRY_DONE(mend_registry_rows(*store));
  SUYUAN_TRY(genesis, genesis_of(*store));
  SUYUAN_TRY(rules, rules_to_serve(folder, store->latest(), genesis, ledger));
  // A removed node is told so (check_member in node/node.cc), not that its key is wrong.
  SUYUAN_TRY(ever, all_nodes(store->latest(), genesis, rules));
  const Genesis known = with_nodes(genesis, std::move(ever));
  NodePassphrase passphrase(options.passphrase);
  SUYUAN_TRY(node_key, read_node_key(folder, known, passphrase));
  SUYUAN_TRY(log_key, read_log_key(folder.log_key(), genesis, passphrase));
  std::optional<NamedKeyPair> gateway_key;
  if (options.epcis) {
    SUYUAN_TRY(found, read_gateway_key(folder, passphrase));
    gateway_key = std::move(found);
  }
  warn_if_swappable(node_key, log_key, gateway_key);
  SUYUAN_TRY(access_log, AccessLog::open(folder.access()));
  return OpenedFolder{.store = std::move(store),
                      .ledger = std::move(ledger),
                      .genesis = std::move(genesis),
                      .nodes = std::move(rules.nodes),
                      .node_key = std::move(node_key),
                      .log_key = std::move(log_key),
                      .gateway_key = std::move(gateway_key),
                      .watermark = std::move(watermark),
                      .acknowledged = std::move(acknowledged),
                      .access_log = std::move(access_log)};
}

Result<OpenedState> open_state(const Store& store, size_t threads, size_t map_bytes_max) {
  const Stopwatch building;
  std::shared_ptr<const Reader> state = store.snapshot();
  SUYUAN_TRY(head, read_head(*state));
  const TreeRows rows(*state);
  SUYUAN_TRY(root, root_of(TiledNodes(rows), head.leaves));
  SUYUAN_TRY(map, build_map(*state, threads, map_bytes_max));
  if (map.size() != head.chains) {
    return fail(Code::CORRUPT, "the store holds the chains of " + std::to_string(map.size()) +
                                   " codes, its head counts " + std::to_string(head.chains) +
                                   ". Keep this store as evidence, and restore a copy");
  }
  spdlog::info("chain map of {} codes made in {:.3f} s", map.size(), building.seconds());
  const bool sealed = head.seal + 1 == head.leaves && head.seal != 0;
  if (sealed) {
    SUYUAN_TRY(seal, read_seal(*state, {.origin = head.origin, .genesis = head.genesis},
                               head.seal));
    if (seal.map != map.root()) {
      return fail(Code::CORRUPT, "the chains of the store are not those that its last seal commits "
                                 "to. Keep this store as evidence, and restore a copy");
    }
  }
  return OpenedState{.state = {.head = std::move(head),
                               .root = root,
                               .state = std::move(state),
                               .map = std::move(map)},
                     .is_sealed = sealed};
}

}  // namespace suyuan
