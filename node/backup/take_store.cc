#include "node/backup/take_store.h"

#include <fcntl.h>

#include <algorithm>
#include <thread>

#include "ledger/apply/apply.h"
#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/merkle/frontier.h"
#include "ledger/merkle/tree.h"
#include "ledger/os/descriptor.h"
#include "ledger/os/folders.h"
#include "ledger/proof/accept.h"
#include "ledger/proof/log_files.h"
#include "ledger/proof/node_policy.h"
#include "ledger/store/notice_rows.h"
#include "ledger/store/rocks/read_only.h"
#include "ledger/store/rocks/rocks_store.h"
#include "node/backup/rebuild.h"
#include "node/ops/disk.h"
#include "node/peers/http_link.h"
#include "node/pipeline/order_place.h"
#include "node/pipeline/publisher.h"

namespace suyuan {
namespace {

// An honest view was flushed. What is in a log is read into memory when the copy is opened.
constexpr uint64_t kLogBytesMax = uint64_t{1} << 30;
constexpr mode_t kStoreFileMode = 0644;  // the folder around it is for its owner alone

class StoreCopy {
 public:
  explicit StoreCopy(const StoreTaking& taking) : taking_(taking) {}

  Result<uint64_t> run() {
    SUYUAN_TRY(list, taking_.source.list());
    uint64_t in_logs = 0;
    for (const StoreFile& file : list.files) {
      if (file.bytes > UINT64_MAX - all_) return sent_wrong(file);
      all_ += file.bytes;
      if (file.name.ends_with(".log")) in_logs += file.bytes;
    }
    if (in_logs > kLogBytesMax) {
      return fail(Code::UNAVAILABLE, "the other node sends a store that it has not written out");
    }
    SUYUAN_TRY_DONE(make_folder(taking_.taken));
    const auto room = free_bytes(taking_.taken);
    if (room && *room / 2 < all_) {
      return fail(Code::IO, "the store has " + std::to_string(all_) + " bytes, and " +
                                taking_.taken + " has room for " + std::to_string(*room) +
                                ": twice as much is needed, until the store is judged");
    }
    for (uint64_t i = 0; i < list.files.size(); ++i) {
      SUYUAN_TRY_DONE(copy(list.view, i, list.files[i]));
    }
    return all_;
  }

 private:
  static Unexpected<Error> sent_wrong(const StoreFile& file) {
    return fail(Code::UNAVAILABLE, "the other node does not send " + file.name +
                                       " as long as it said it was");
  }

  Result<Done> copy(uint64_t view, uint64_t index, const StoreFile& from) {
    const std::string path = taking_.taken + "/" + from.name;
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                                 kStoreFileMode));
    if (!file.valid()) return system_error("cannot make", path);
    for (uint64_t at = 0; at < from.bytes;) {
      SUYUAN_TRY(piece, taking_.source.piece(view, index, at));
      // An honest node sends no less: with one byte a piece the copy would never end.
      const uint64_t whole = std::min<uint64_t>(from.bytes - at, kStorePieceBytesMax);
      if (piece.size() != whole) return sent_wrong(from);
      if (!write_all(file.get(), piece)) return system_error("cannot write", path);
      at += piece.size();
      copied_ += piece.size();
      if (taking_.progress.copied) taking_.progress.copied(copied_, all_);
    }
    return Done{};
  }

  const StoreTaking& taking_;
  uint64_t all_ = 0;
  uint64_t copied_ = 0;
};

struct SignedTree {
  TreeHead head;
  std::string note;
};
// The newest checkpoint that enough nodes signed.
Result<SignedTree> signed_tree(const Reader& rows, const StoreTaking& taking) {
  SUYUAN_TRY(policy, policy_of_nodes(taking.genesis, taking.ledger,
                                     taking.genesis.nodes.size() / 2 + 1));
  SUYUAN_TRY(sizes, checkpoint_sizes(rows));
  std::string newest = "it has none";
  const size_t kept = std::min(sizes.size(), limits::kCheckpointsKept);
  for (size_t i = 1; i <= kept; ++i) {
    const uint64_t size = sizes[sizes.size() - i];
    SUYUAN_TRY(note, find_checkpoint(rows, size));
    const auto accepted = accept_checkpoint(note.value_or(""), policy);
    if (accepted && accepted->opened.checkpoint.head.size == size) {
      return SignedTree{.head = accepted->opened.checkpoint.head, .note = *std::move(note)};
    }
    if (i > 1) continue;
    newest = "the newest: " +
             (accepted ? std::string("it is of another size") : accepted.error().message);
  }
  return fail(Code::NOT_FOUND, "the other node's store has no checkpoint that more than half of "
                               "the nodes signed (" + newest + "): wait for one, take the store of "
                               "another node, or, if the nodes have changed since genesis, give "
                               "the newest notice (--rules)");
}

// Before anything in them is read: the leaves are the signed ones, whoever sends the store.
Result<Done> check_leaves(const Reader& rows, const TreeHead& head) {
  Frontier tree;
  auto add = [&](BytesView key, BytesView leaf) {
    if (key != u64_key(tree.size()) || leaf.size() > limits::kLeafBytesMax) return false;
    tree.append(leaf_hash(leaf));
    return tree.size() < head.size;
  };
  SUYUAN_TRY_DONE(rows.scan(Table::leaf, u64_key(0), u64_key(head.size), Direction::ascending,
                            add));
  if (tree.size() == head.size && tree.root() == head.root) return Done{};
  return fail(Code::CORRUPT, "the leaves of the other node's store are not those of the " +
                                 std::to_string(head.size) + " leaves that the nodes signed. Take "
                                 "it from another node, and tell its operator");
}

// The store has no place in the shared log yet, like one in the middle of a transfer.
Result<Done> set_no_place(const std::string& path) {
  SUYUAN_TRY(store, open_rocks({.path = path, .open_files_max = kRebuildOpenFiles}));
  SUYUAN_TRY(head, read_head(store->latest()));
  Changes rows = {order_place_row({.position = head.position, .mark = {}})};
  bool erased = false;
  auto look = [&](BytesView, BytesView) {
    erased = true;
    return false;
  };
  SUYUAN_TRY_DONE(store->latest().scan(Table::meta, kErasedRows, after_prefix(kErasedRows),
                                       Direction::ascending, look));
  if (erased) rows.push_back(erase_place_row(kErasePlaceUnknown));
  return store->commit(rows);
}

Result<StoreTaken> judge(const StoreTaking& taking) {
  SUYUAN_TRY(other, open_rocks_read_only(taking.taken));
  const Reader& rows = other->reader();
  SUYUAN_TRY(head, read_head(rows));
  if (LedgerId{.origin = head.origin, .genesis = head.genesis} != taking.ledger) {
    return fail(Code::LEDGER_MISMATCH, "the other node's store is of the ledger " + head.origin);
  }
  SUYUAN_TRY(tree, signed_tree(rows, taking));
  SUYUAN_TRY_DONE(check_leaves(rows, tree.head));
  SUYUAN_TRY(rebuilt, rebuild_store(
      {.open = [&rows, &tree]() -> std::unique_ptr<LogSource> {
         return std::make_unique<StoreLog>(rows, tree.head.size, tree.note, LogReadBy::owner);
       },
       .head = tree.head,
       .checkpoint = tree.note,
       .store = taking.store,
       .signer = &taking.signer,
       .original = &rows,
       .original_is_anothers = true,
       .threads = taking.threads,
       .progress = taking.progress.judged}));
  return StoreTaken{.tree = tree.head, .events = rebuilt.events};
}

struct NamedUrl {
  std::string name;
  std::string url;
};
// "<name>=<URL>" of another node of the ledger.
Result<NamedUrl> parse_store_from(const std::string& text, const JoinPlace& place) {
  const size_t equals = text.find('=');
  NamedUrl node{.name = text.substr(0, equals), .url = {}};
  if (equals != std::string::npos) node.url = text.substr(equals + 1);
  const auto url = parse_link_url(node.url);
  if (!url) {
    return fail(Code::INVALID_FIELD,
                "'" + text + "' must be <name of the node>=<URL of its HTTP listener>: " +
                    url.error().message,
                "--store-from");
  }
  const auto& nodes = place.genesis.nodes;
  const bool is_known = std::ranges::find(nodes, node.name, &NamedKey::name) != nodes.end();
  if (is_known && node.name != place.signer.name()) return node;
  return fail(Code::INVALID_FIELD, quote(node.name) + " is not another node of this ledger",
              "--store-from");
}

}  // namespace

Result<StoreTaken> take_store(const StoreTaking& taking) {
  SUYUAN_TRY(bytes, StoreCopy(taking).run());
  SUYUAN_TRY(taken, judge(taking));
  taken.bytes = bytes;
  SUYUAN_TRY_DONE(set_no_place(taking.store));
  SUYUAN_TRY_DONE(remove_folder(taking.taken));
  SUYUAN_TRY_DONE(sync_file_system(taking.store));
  return taken;
}

Result<std::unique_ptr<StoreSource>> store_to_take(const JoinOptions& options,
                                                   const JoinPlace& place, const Clock& clock) {
  SUYUAN_TRY(node, parse_store_from(options.store_from, place));
  return store_over({.url = node.url,
                     .ca_file = options.peer_ca,
                     .ledger = place.ledger,
                     .to = node.name,
                     .node = place.signer.node(),
                     .clock = clock});
}

Result<StoreTaken> take_store_to(const JoinPlace& place, StoreSource& source,
                                 const TakeProgress& progress) {
  return take_store({.source = source,
                     .taken = place.folder.taken_store(),
                     .store = place.folder.store(),
                     .ledger = place.ledger,
                     .genesis = place.genesis,
                     .signer = place.signer,
                     .threads = std::max(1U, std::thread::hardware_concurrency()),
                     .progress = progress});
}

}  // namespace suyuan
