#include "node/folder/init.h"

#include <algorithm>
#include <filesystem>

#include "ledger/apply/apply.h"
#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/crypto/hash.h"
#include "ledger/os/files.h"
#include "ledger/registry/quorum.h"
#include "ledger/store/rocks/rocks_store.h"
#include "node/folder/init_mark.h"
#include "node/folder/node_keys.h"
#include "node/folder/opening.h"
#include "node/folder/restored_mark.h"
#include "node/folder/trust_policy.h"
#include "node/peers/known_rules.h"
#include "node/pipeline/order_place.h"

namespace suyuan {
namespace {

constexpr std::string_view kAuthority = "registrar";  // made if none is named

// "<name>=<base64 of key>"; a key's own '=' come last.
std::optional<NamedKey> parse_named_key(const std::string& text) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos) return std::nullopt;
  const auto key = fixed_from_base64<PublicKey>(text.substr(equals + 1));
  if (!key) return std::nullopt;
  return NamedKey{.name = text.substr(0, equals), .key = *key};
}

Result<NamedKey> parse_authority(const std::string& text) {
  auto authority = parse_named_key(text);
  if (!authority || !is_party_id(authority->name)) {
    return fail(Code::INVALID_FIELD, "'" + text + "' must be <party id>=<base64 of a public key>",
                "authority");
  }
  return *std::move(authority);
}

// This node, whose key was just made, and the others.
Result<std::vector<NamedKey>> nodes_of(const InitOptions& options, const PublicKey& own) {
  std::vector<NamedKey> nodes = {{.name = options.node_name, .key = own}};
  for (const auto& text : options.nodes) {
    auto node = parse_named_key(text);
    if (!node) {
      return fail(Code::INVALID_FIELD, "'" + text + "' must be <name>=<base64 of a public key>, as "
                                       "suyuan-node key prints it", "node");
    }
    nodes.push_back(*std::move(node));
  }
  std::sort(nodes.begin(), nodes.end(),
            [](const NamedKey& a, const NamedKey& b) { return a.name < b.name; });
  return nodes;
}

Result<std::vector<NamedKey>> authorities_of(const InitOptions& options, const DataFolder& folder,
                                             NodePassphrase& passphrase,
                                             std::vector<std::string>& made) {
  std::vector<NamedKey> authorities;
  for (const auto& text : options.authorities) {
    SUYUAN_TRY(authority, parse_authority(text));
    authorities.push_back(std::move(authority));
  }
  if (authorities.empty()) {
    const std::string name(kAuthority);
    SUYUAN_TRY(key, make_key(folder.authority_key(name), name, passphrase));
    made.push_back(folder.authority_key(name));
    authorities.push_back({.name = name, .key = key});
  }
  std::sort(authorities.begin(), authorities.end(),
            [](const NamedKey& a, const NamedKey& b) { return a.name < b.name; });
  return authorities;
}

// No single authority of several may change keys: it could take over all of them.
Result<uint64_t> quorum_of(const InitOptions& options) {
  const size_t authorities = std::max<size_t>(1, options.authorities.size());
  const uint64_t least = std::min<uint64_t>(2, authorities);
  const uint64_t most = std::min<uint64_t>(kQuorumMax, authorities);
  const uint64_t quorum = options.quorum == 0 ? least : options.quorum;
  if (quorum >= least && quorum <= most) return quorum;
  return fail(Code::INVALID_FIELD,
              "found " + std::to_string(quorum) + ", expected " + std::to_string(least) + " to " +
                  std::to_string(most) + ", for " + std::to_string(authorities) +
                  (authorities == 1 ? " authority" : " authorities"),
              "--quorum");
}

// Whether only this node orders what the ledger grows by.
enum class Alone : uint8_t { no, yes };

Result<Done> write_first_leaf(const DataFolder& folder, const std::string& text, int64_t now_ms,
                              Alone alone) {
  SUYUAN_TRY(applied, apply_genesis(text, now_ms));
  RocksOptions rocks;
  rocks.path = folder.store();
  rocks.create = true;
  SUYUAN_TRY(store, open_rocks(rocks));
  SUYUAN_TRY_DONE(store->commit(applied.changes));
  if (alone == Alone::yes) return Done{};
  SUYUAN_TRY(place, place_of_ledger(store->latest()));
  return store->commit({order_place_row(place)});
}

// Including the name of a file while it is written (ledger/os/files.h).
std::vector<std::string> with_halves(const std::vector<std::string>& paths) {
  std::vector<std::string> all;
  for (const auto& path : paths) {
    all.push_back(path);
    all.push_back(path + ".new");
  }
  return all;
}

// What init makes, and so what an interrupted init may have left; and the marks of a ledger's first
// start, which must not belong to another ledger.
std::vector<std::string> made_by_init(const DataFolder& folder) {
  return with_halves({folder.store(), folder.genesis(), folder.policy(), folder.log_key(),
                      folder.node_key(), folder.authority_key(kAuthority), folder.watermark(),
                      folder.acknowledged()});
}

// The same for join: the node's key was there before.
std::vector<std::string> made_by_join(const DataFolder& folder) {
  return with_halves({folder.store(), folder.genesis(), folder.policy(), folder.log_key(),
                      folder.restored(), folder.taken_store()});
}

// Nothing of a ledger may be in the folder before the making begins.
Result<Done> check_empty(const DataFolder& folder, const std::vector<std::string>& made) {
  if (file_exists(folder.genesis()) || file_exists(folder.store())) {
    return fail(Code::INVALID_FIELD, folder.path + " holds a ledger already; choose another folder",
                "data");
  }
  for (const auto& path : made) {
    if (!file_exists(path)) continue;
    return fail(Code::INVALID_FIELD, path + " exists and is not replaced", "data");
  }
  return Done{};
}

Result<Done> take_away(const std::vector<std::string>& made) {
  for (const auto& path : made) {
    std::error_code error;
    std::filesystem::remove_all(path, error);
    if (error) return fail(Code::IO, "cannot remove " + path + ": " + error.message());
  }
  return Done{};
}

// From here on, either everything there is ours to remove, or nothing was begun.
Result<InitMark> begin_making(const DataFolder& folder, Maker maker,
                              const std::vector<std::string>& made) {
  SUYUAN_TRY(mark, InitMark::take(folder.path, maker));
  if (mark.interrupted()) {
    SUYUAN_TRY_DONE(take_away(made));
  } else if (auto empty = check_empty(folder, made); !empty) {
    SUYUAN_TRY_DONE(mark.remove());
    return Unexpected(std::move(empty).error());
  } else {
    SUYUAN_TRY_DONE(mark.begin());
  }
  return mark;
}

Result<Initialised> make_all(const InitOptions& options, const DataFolder& folder, int64_t now_ms) {
  SUYUAN_TRY_DONE(make_folder(folder.path + "/keys"));
  Initialised made;
  Genesis& genesis = made.genesis;
  genesis.origin = options.origin;
  NodePassphrase passphrase(options.passphrase);
  SUYUAN_TRY(authorities, authorities_of(options, folder, passphrase, made.authority_key_files));
  genesis.authorities = std::move(authorities);
  SUYUAN_TRY(quorum, quorum_of(options));
  genesis.quorum = quorum;
  SUYUAN_TRY(log_key, make_key(folder.log_key(), options.origin, passphrase));
  SUYUAN_TRY(node_key, make_key(folder.node_key(), options.node_name, passphrase));
  genesis.log_key = log_key;
  SUYUAN_TRY(nodes, nodes_of(options, node_key));
  genesis.nodes = std::move(nodes);
  genesis.nonce = random_fixed<Nonce>();
  SUYUAN_TRY(text, write_genesis(genesis));
  const Bytes leaf = write_leaf(LeafKind::genesis, now_ms, text);
  made.ledger = LedgerId{.origin = options.origin, .genesis = sha256(leaf)};
  const std::string policy = first_policy(made.ledger, log_key);
  SUYUAN_TRY_DONE(write_file(folder.policy(), policy, FileMode::shared));
  SUYUAN_TRY_DONE(write_file(folder.genesis(), leaf, FileMode::shared));
  SUYUAN_TRY_DONE(write_first_leaf(folder, text, now_ms, Alone::yes));
  return made;
}

struct RulesToJoin {
  std::vector<NamedKey> nodes;
  std::string note;  // that was given, for the folder; empty: none
};
// Of the notice that was given, or else of what is known without one.
Result<RulesToJoin> rules_to_join(const JoinOptions& options, const DataFolder& folder,
                                  const Genesis& genesis, const LedgerId& ledger) {
  if (options.rules.empty()) {
    SUYUAN_TRY(known, known_rules(folder, genesis, ledger));
    return RulesToJoin{.nodes = std::move(known.nodes), .note = {}};
  }
  SUYUAN_TRY(note, read_file(options.rules, limits::kNoteBytesMax));
  SUYUAN_TRY(notice, parse_rules_notice(note));
  SUYUAN_TRY_DONE(check_signed_by_genesis(notice, genesis, ledger));
  return RulesToJoin{.nodes = std::move(notice.rules.nodes), .note = std::move(note)};
}

}  // namespace

Result<Initialised> init_ledger(const InitOptions& options, int64_t now_ms) {
  const DataFolder folder{options.data};
  if (!is_origin(options.origin)) {
    return fail(
        Code::INVALID_FIELD,
        "'" + options.origin +
            "' must be 1 to 255 graphic ASCII characters without '+', and not begin with suyuan/, "
            "cosignature/ or subtree/",
        "origin");
  }
  SUYUAN_TRY_DONE(quorum_of(options));
  SUYUAN_TRY_DONE(make_folder(folder.path));  // 0700: the store holds sealed sections
  SUYUAN_TRY(mark, begin_making(folder, Maker::init, made_by_init(folder)));
  SUYUAN_TRY(made, make_all(options, folder, now_ms));
  SUYUAN_TRY_DONE(mark.remove());
  made.begun_again = mark.interrupted();
  return made;
}

Result<NamedKey> make_node_key(const KeyOptions& options) {
  const DataFolder folder{options.data};
  if (!is_origin(options.node_name)) {
    return fail(Code::INVALID_FIELD,
                "'" + options.node_name + "' must be 1 to 255 graphic ASCII characters without '+'",
                "name");
  }
  SUYUAN_TRY_DONE(make_folder(folder.path));
  SUYUAN_TRY_DONE(make_folder(folder.path + "/keys"));
  NodePassphrase passphrase(options.passphrase);
  SUYUAN_TRY(key, make_key(folder.node_key(), options.node_name, passphrase));
  return NamedKey{.name = options.node_name, .key = key};
}

Result<LedgerId> join_ledger(const JoinOptions& options, const PlanStore& plan) {
  const DataFolder folder{options.data};
  SUYUAN_TRY(leaf_data, read_file(options.genesis, limits::kLeafBytesMax));
  SUYUAN_TRY(leaf, parse_leaf(leaf_data));
  SUYUAN_TRY(genesis, parse_genesis(leaf.text));
  const LedgerId ledger = ledger_id(genesis, leaf_data);
  SUYUAN_TRY(rules, rules_to_join(options, folder, genesis, ledger));
  Genesis known = with_nodes(genesis, rules.nodes);
  NodePassphrase passphrase(options.passphrase);
  SUYUAN_TRY(node_key, read_node_key(folder, known, passphrase));
  SUYUAN_TRY_DONE(read_log_key(options.log_key, genesis, passphrase));
  const ReceiptSigner signer(ledger, std::move(node_key));
  const JoinPlace place{
      .folder = folder, .ledger = ledger, .genesis = std::move(known), .signer = signer};
  MakeStore make_store;
  if (plan) {
    SUYUAN_TRY(planned, plan(place));
    make_store = std::move(planned);
  }
  SUYUAN_TRY(log_text, read_secret_file(options.log_key, kKeyFileBytesMax));

  SUYUAN_TRY(mark, begin_making(folder, Maker::join, made_by_join(folder)));
  if (!rules.note.empty())
    SUYUAN_TRY_DONE(write_file(folder.rules(), rules.note, FileMode::shared));
  SUYUAN_TRY_DONE(write_new_file(folder.log_key(), log_text, FileMode::secret));
  wipe(log_text);
  SUYUAN_TRY_DONE(
      write_file(folder.policy(), first_policy(ledger, genesis.log_key), FileMode::shared));
  SUYUAN_TRY_DONE(write_file(folder.genesis(), leaf_data, FileMode::shared));
  uint64_t leaves = 1;
  if (make_store) {
    const auto made = make_store();
    // A copy is as large as a ledger, and may hold what is erased elsewhere.
    if (!made) (void)take_away({folder.taken_store()});
    if (!made) return Unexpected(made.error());
    leaves = *made;
  } else {
    SUYUAN_TRY_DONE(write_first_leaf(folder, leaf.text, leaf.time_ms, Alone::no));
  }
  // Nobody here knows whether this node signed anything before, with a disk that it lost.
  SUYUAN_TRY_DONE(write_restored_mark(folder, leaves));
  SUYUAN_TRY_DONE(mark.remove());
  return ledger;
}

}  // namespace suyuan
