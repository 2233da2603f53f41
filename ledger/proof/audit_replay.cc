#include "ledger/proof/audit_replay.h"

#include "ledger/base/text.h"
#include "ledger/crypto/hash.h"
#include "ledger/registry/quorum.h"

namespace suyuan {
namespace {

constexpr size_t kListPage = 1000;
// Links whose codes are folded before a seal comes.
constexpr size_t kUnfoldedMax = size_t{1} << 20;
constexpr size_t kUnfoldedBytes = 2 * sizeof(Hash);  // of a link: the list doubles as it grows
constexpr size_t kCachedRowsMax = 4096;  // of the registry, decoded: a few MB
// In memory, including the idle room next to them.
constexpr size_t kHeadBytes = sizeof(MapEntry) * 5 / 4;
constexpr size_t kBatchBytes = sizeof(AuditedBatch) * 5 / 4;

std::string found_expected(uint64_t found, uint64_t expected) {
  return "found " + std::to_string(found) + ", counted " + std::to_string(expected);
}

}  // namespace

AuditReplay::AuditReplay()
    : registry_(std::make_unique<ShelvedStore>(Table::registry)),
      cache_(std::make_unique<RegistryCache>(registry_->latest())) {}

Unexpected<AuditFault> AuditReplay::fault(AuditCheck check, std::string message,
                                          std::string field) const {
  return Unexpected(AuditFault{.check = check,
                               .message = std::move(message),
                               .leaf = size(),
                               .field = std::move(field),
                               .file = "tile/entries/" + write_tile_number(size() / kTileWidth)});
}

AuditResult<Done> AuditReplay::take(AuditedLeaf leaf, std::vector<SignatureTask>& tasks) {
  if ((leaf.kind == LeafKind::genesis) != (size() == 0)) {
    return fault(AuditCheck::GENESIS_INVALID, "the leaf is of kind " +
                                                  std::string(word(leaf.kind)) +
                                                  "; leaf 0 is genesis, and no other");
  }
  if (leaf.time_ms < time_ms_) {
    return fault(AuditCheck::TIME_FALLING,
                 "log time is " + std::to_string(leaf.time_ms) + ", the leaf before has " +
                     std::to_string(time_ms_),
                 "time");
  }
  time_ms_ = leaf.time_ms;
  switch (leaf.kind) {
    case LeafKind::genesis: SUYUAN_TRY_DONE(take_genesis(leaf)); break;
    case LeafKind::batch: SUYUAN_TRY_DONE(take_batch(leaf, tasks)); break;
    case LeafKind::seal: SUYUAN_TRY_DONE(take_seal(leaf)); break;
    case LeafKind::notice: SUYUAN_TRY_DONE(take_notice(leaf, tasks)); break;
  }
  last_is_seal_ = leaf.kind == LeafKind::seal;
  tree_.append(leaf.hash);
  return Done{};
}

void AuditReplay::commit_registry(const Changes& changes) {
  const auto committed = registry_->commit(changes);
  SUYUAN_CHECK(committed.has_value());  // it only takes them into memory
  cache_->forget();
}

size_t AuditReplay::rows_bytes() const {
  return heads_.in_memory() * kHeadBytes +
         (batches_.in_memory() + erased_.in_memory()) * kBatchBytes;
}

size_t AuditReplay::memory_bytes() const {
  return rows_bytes() + heads_.map_bytes() + heads_.changed() * kUnfoldedBytes +
         registry_->memory_bytes();
}

Result<Done> AuditReplay::bound_memory(const AuditMemory& memory) {
  if (cache_->size() > kCachedRowsMax) cache_->forget();
  size_t unfolded = kUnfoldedMax;
  if (memory.shelf != nullptr) {
    heads_.bound_map(memory.bytes_max / 4);
    unfolded = std::min(unfolded, memory.bytes_max / 8 / kUnfoldedBytes);
  }
  if (heads_.changed() > unfolded) SUYUAN_TRY_DONE(heads_.root());
  return shelve_if_many(memory);
}

Result<Done> AuditReplay::shelve_if_many(const AuditMemory& memory) {
  if (memory.shelf == nullptr) return Done{};
  if (registry_->memory_bytes() > memory.bytes_max / 8)
    SUYUAN_TRY_DONE(registry_->shelve(*memory.shelf, "registry"));
  if (memory_bytes() <= memory.bytes_max) return Done{};
  SUYUAN_TRY_DONE(heads_.shelve(*memory.shelf));
  SUYUAN_TRY_DONE(erased_.shelve(*memory.shelf, "erased"));
  return batches_.shelve(*memory.shelf, "batches");
}

AuditResult<Done> AuditReplay::take_genesis(AuditedLeaf& leaf) {
  ledger_ = {.origin = leaf.genesis->origin, .genesis = leaf.genesis_id};
  Overlay registry(registry_->latest());
  start_registry(registry, *leaf.genesis);
  genesis_ = std::move(leaf.genesis);
  commit_registry(std::move(registry).take_changes());
  return Done{};
}

AuditResult<std::vector<PublicKey>> AuditReplay::keys_of(const AuditedLeaf& leaf) {
  const BatchNote& note = leaf.note.batch;
  const auto refuse = [&](const Error& error, std::string field) {
    return fault(AuditCheck::SIGNER_INVALID, to_text(error), std::move(field));
  };
  auto party = cache_->party(note.party);
  if (!party) return refuse(party.error(), "party");
  if (*party == nullptr) {
    return fault(AuditCheck::SIGNER_INVALID,
                 "party " + quote(note.party) + " is not registered before this leaf", "party");
  }
  const PartyState& owner = **party;
  SUYUAN_TRY(keys, keys_of_lines(leaf.note.note));
  if (!note.signer.empty()) {
    const auto delegated = check_delegation(owner, note.signer, size(), leaf.time_ms);
    if (!delegated) return refuse(delegated.error(), "signer");
  }
  if (note.type == PayloadType::registry_capnp &&
      (!owner.is(Role::authority) || !note.signer.empty())) {
    return fault(AuditCheck::SIGNER_INVALID,
                 note.party + " signs registry acts: only an authority may, with its own key",
                 "party");
  }
  return keys;
}

AuditResult<std::vector<PublicKey>> AuditReplay::keys_of_lines(const SignedNote& note) {
  std::vector<PublicKey> keys;
  const auto refuse = [&](std::string why) {
    return fault(AuditCheck::SIGNER_INVALID, std::move(why),
                 "signature line " + std::to_string(keys.size() + 1));
  };
  for (const auto& line : note.signatures) {
    const auto signer = cache_->party(line.name);
    if (!signer) return refuse(to_text(signer.error()));
    if (*signer == nullptr)
      return refuse("party " + quote(line.name) + " is not registered before this leaf");
    const auto key = key_in_force(**signer, line.key_id, size());
    if (!key) return refuse(to_text(key.error()));
    keys.push_back(key->key);
  }
  return keys;
}

AuditResult<Done> AuditReplay::take_batch(AuditedLeaf& leaf, std::vector<SignatureTask>& tasks) {
  const BatchNote& note = leaf.note.batch;
  if (note.ledger != ledger_) {
    return fault(AuditCheck::LEDGER_MISMATCH,
                 "the batch is for " + quote(note.ledger.line()) + ", this ledger is " +
                     quote(ledger_.line()),
                 "ledger");
  }
  if (leaf.time_ms > 0 && note.until_ms < static_cast<uint64_t>(leaf.time_ms)) {
    return fault(AuditCheck::BATCH_EXPIRED,
                 "the batch was valid until " + std::to_string(note.until_ms) +
                     ", log time is " + std::to_string(leaf.time_ms),
                 "until");
  }
  SUYUAN_TRY_DONE(take_once(leaf.batch_id));
  SUYUAN_TRY(keys, keys_of(leaf));
  counts_.signatures += keys.size();
  tasks.push_back({.leaf = size(), .note = std::move(leaf.note.note), .keys = std::move(keys)});
  SUYUAN_TRY_DONE(take_acts(leaf));
  take_links(leaf);
  ++counts_.batches;
  counts_.events += leaf.records.size();
  counts_.open += leaf.open;
  counts_.withheld += leaf.withheld;
  counts_.erased += leaf.erased;
  return Done{};
}

// A batch or notice is in the log once, by its id.
AuditResult<Done> AuditReplay::take_once(const Hash& id) {
  const uint64_t before = batches_.size();
  AuditedBatch& batch = batches_.at(id);
  if (batches_.size() == before) {
    return fault(AuditCheck::BATCH_REPEATED,
                 "the log already has this batch, at leaf " + std::to_string(batch.leaf));
  }
  batch.leaf = size();
  return Done{};
}

AuditResult<Done> AuditReplay::may_erase(const EraseNotice& erase, const NoticeTarget& target) {
  // What was read again is what the log holds there: the id covers the note, and its root covers
  // the records.
  const auto batch = batches_.find(target.batch_id);
  if (!batch || batch->leaf != erase.leaf) {
    return fault(AuditCheck::NOTICE_INVALID, "the event that it names is not in the log", "leaf");
  }
  const auto party = cache_->party(erase.party);
  SUYUAN_CHECK(party.has_value() && *party != nullptr);  // keys_of_lines found it
  const auto may = check_may_erase(erase.party, (*party)->is(Role::authority), target.owner,
                                   target.inspection);
  if (!may) return fault(AuditCheck::NOTICE_INVALID, to_text(may.error()), "party");
  const uint64_t before = erased_.size();
  AuditedBatch& row = erased_.at(sha256(erased_key(erase.place(), *erase.section)));
  if (erased_.size() == before) {
    return fault(AuditCheck::NOTICE_INVALID,
                 "the notice at leaf " + std::to_string(row.leaf) + " erased the same", "part");
  }
  row.leaf = size();
  return Done{};
}

AuditResult<Done> AuditReplay::take_notice(AuditedLeaf& leaf, std::vector<SignatureTask>& tasks) {
  const LedgerId& of = ledger_of(leaf.notice->text);
  if (of != ledger_) {
    return fault(AuditCheck::LEDGER_MISMATCH,
                 "the notice is for " + quote(of.line()) + ", this ledger is " +
                     quote(ledger_.line()),
                 "ledger");
  }
  SUYUAN_TRY_DONE(take_once(leaf.batch_id));
  SUYUAN_TRY(keys, keys_of_lines(leaf.notice->note));
  counts_.signatures += keys.size();
  tasks.push_back({.leaf = size(), .note = leaf.notice->note, .keys = std::move(keys)});
  ++counts_.notices;
  const EraseNotice* erase = erasure_of(*leaf.notice);
  if (erase == nullptr) return take_rules(*leaf.notice, leaf.time_ms);
  SUYUAN_TRY_DONE(may_erase(*erase, leaf.target));
  for (const Hash& code : leaf.target.codes) {
    heads_.link(code, {.leaf = size(), .event = kNoticeEvent}, leaf.hash);
  }
  counts_.links += leaf.target.codes.size();
  return Done{};
}

AuditResult<Done> AuditReplay::take_rules(const SignedNotice& notice, int64_t time_ms) {
  const auto rules = judge_rules(
      registry_->latest(), {.note = notice.note, .rules = std::get<RulesText>(notice.text)},
      {.ledger = ledger_, .genesis = *genesis_, .leaf = size(), .time_ms = time_ms});
  if (!rules && rules.error().code == Code::STORE_TOO_NEW)
    return fault(AuditCheck::RULES_NEWER, rules.error().message, "rules");
  if (!rules) return fault(AuditCheck::NOTICE_INVALID, to_text(rules.error()), rules.error().field);
  Overlay registry(registry_->latest());
  put_rules(registry, *rules);
  commit_registry(std::move(registry).take_changes());
  return Done{};
}

AuditResult<Done> AuditReplay::take_acts(const AuditedLeaf& leaf) {
  if (leaf.acts.empty()) return Done{};
  const auto party = cache_->party(leaf.note.batch.party);
  SUYUAN_CHECK(party.has_value() && *party != nullptr);  // keys_of found it
  const PartyState signer = **party;
  const ActSigners by(signer, leaf.note.batch.with);
  Overlay registry(registry_->latest());
  for (size_t i = 0; i < leaf.acts.size(); ++i) {
    auto applied = apply_registry_event(registry, ledger_, leaf.acts[i], by, size());
    if (applied) continue;
    auto refused = fault(AuditCheck::ACT_INVALID, to_text(applied.error()), applied.error().field);
    AuditFault where = std::move(refused).error();
    where.event = static_cast<uint32_t>(i);
    where.file = "events/" + write_tile_number(size());
    return Unexpected(std::move(where));
  }
  commit_registry(std::move(registry).take_changes());
  counts_.acts += leaf.acts.size();
  return Done{};
}

void AuditReplay::take_links(const AuditedLeaf& leaf) {
  size_t code = 0;
  for (size_t i = 0; i < leaf.records.size(); ++i) {
    const Place place{.leaf = size(), .event = static_cast<uint32_t>(i)};
    for (; code < leaf.code_ends[i]; ++code) heads_.link(leaf.codes[code], place, leaf.records[i]);
  }
  counts_.links += leaf.codes.size();
}

AuditResult<Done> AuditReplay::take_seal(const AuditedLeaf& leaf) {
  const SealText& seal = *leaf.seal;
  if (seal.ledger != ledger_) {
    return fault(AuditCheck::LEDGER_MISMATCH,
                 "the seal is of " + quote(seal.ledger.line()) + ", this ledger is " +
                     quote(ledger_.line()),
                 "ledger");
  }
  if (seal.previous != seal_) {
    const auto number = [](const std::optional<uint64_t>& of) {
      return of ? "leaf " + std::to_string(*of) : std::string("none");
    };
    return fault(AuditCheck::SEAL_INVALID,
                 "it names " + number(seal.previous) + " as the previous seal, which is " +
                     number(seal_),
                 "previous");
  }
  const auto counted = [&](uint64_t found, uint64_t here, const char* field) -> AuditResult<Done> {
    if (found == here) return Done{};
    return fault(AuditCheck::SEAL_INVALID, found_expected(found, here), field);
  };
  const auto rules = rules_at(registry_->latest(), *genesis_, size());
  if (!rules) return fault(AuditCheck::SEAL_INVALID, to_text(rules.error()), "rules");
  SUYUAN_TRY_DONE(counted(seal.rules, rules->version, "rules"));
  SUYUAN_TRY_DONE(counted(seal.leaves, size(), "leaves"));
  SUYUAN_TRY_DONE(counted(seal.events, counts_.events, "events"));
  SUYUAN_TRY_DONE(counted(seal.chains, heads_.codes(), "chains"));
  const auto root = heads_.root();
  if (!root) return fault(AuditCheck::MAP_MISMATCH, to_text(root.error()), "map");
  if (*root != seal.map) {
    return fault(AuditCheck::MAP_MISMATCH,
                 "the chains of all events before it make the map " + to_base64(root->view()) +
                     ", the seal states " + to_base64(seal.map.view()),
                 "map");
  }
  seal_ = size();
  ++counts_.seals;
  return Done{};
}

AuditResult<Done> AuditReplay::finish(const TreeHead& signed_head) const {
  if (signed_head != TreeHead{.size = size(), .root = tree_.root()}) {
    return Unexpected(AuditFault{
        .check = AuditCheck::ROOT_DIFFERS,
        .message = std::to_string(size()) + " leaves hash to " + to_base64(tree_.root().view()) +
                   ", signed is " + to_base64(signed_head.root.view()) + " of " +
                   std::to_string(signed_head.size),
        .field = "root",
        .file = "checkpoint"});
  }
  if (last_is_seal_) return Done{};
  return Unexpected(AuditFault{.check = AuditCheck::NOT_SEALED,
                               .message = "the last leaf is not a seal: the checkpoint does not "
                                          "commit to the chains",
                               .leaf = std::nullopt,
                               .file = "checkpoint"});
}

AuditCounts AuditReplay::counts() const {
  AuditCounts counts = counts_;
  counts.leaves = size();
  counts.codes = heads_.codes();
  return counts;
}

Result<std::vector<SuspectKey>> AuditReplay::suspects() const {
  std::vector<SuspectKey> suspects;
  std::string after;
  for (;;) {
    SUYUAN_TRY(page, list_parties(registry_->latest(), after, kListPage));
    for (const auto& party : page) {
      for (const auto& key : party.keys) {
        if (!key.suspect_from) continue;
        suspects.push_back(
            {.party = party.data.id, .key = key.key, .from = *key.suspect_from});
      }
    }
    if (page.size() < kListPage) return suspects;
    after = page.back().data.id;
  }
}

Result<uint64_t> AuditReplay::parties() const {
  uint64_t count = 0;
  std::string after;
  for (;;) {
    SUYUAN_TRY(page, list_parties(registry_->latest(), after, kListPage));
    count += page.size();
    if (page.size() < kListPage) return count;
    after = page.back().data.id;
  }
}

}  // namespace suyuan
