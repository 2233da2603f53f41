#include "tests/support/proven_ledger.h"

#include <cstdio>
#include <cstdlib>

#include "ledger/apply/head_rows.h"
#include "ledger/apply/seal.h"
#include "ledger/proof/checkpoint.h"
#include "ledger/proof/make_bundle.h"
#include "proto/event_codec.h"
#include "proto/json/bundle_json.h"
#include "proto/registry_codec.h"

namespace suyuan::testing {
namespace {

template <class T>
T must(Result<T> result) {
  if (result) return *std::move(result);
  std::fprintf(stderr, "proven ledger: %s\n", to_text(result.error()).c_str());
  std::abort();
}

Bytes encoded(const EventValue& value) {
  if (const auto* act = std::get_if<RegistryEvent>(&value)) return encode_registry(*act);
  return encode_event(std::get<TraceEvent>(value));
}

}  // namespace

KeyPair witness_key(char name) {
  return key_from_seed(Bytes(kSeedBytes, name));
}
std::string witness_name(char name) { return std::string("witness.example/") + name; }

std::string checkpoint_note(const std::string& origin, const TreeHead& tree, const KeyPair& log,
                            const std::string& witnesses, int64_t cosigned_ms) {
  const Checkpoint checkpoint{.origin = origin, .head = tree};
  const std::string text = write_checkpoint(checkpoint);
  std::vector<NoteLine> lines;
  for (const char name : witnesses) {
    const KeyPair pair = witness_key(name);
    lines.push_back(cosign(text, {.name = witness_name(name), .secret = pair.secret,
                                  .key = pair.key},
                           static_cast<uint64_t>(cosigned_ms / 1000)));
  }
  return with_lines(sign_checkpoint(checkpoint, log.secret, log.key), lines);
}

ProvenLedger::ProvenLedger(const Words& more_authorities, uint64_t quorum)
    : LedgerBuilder(more_authorities, quorum) {
  encode_with(encoded);
}

void ProvenLedger::seal(const std::string& witnesses) {
  map_ = must(ChainMap::build(HeadRows(state())));
  const LedgerHead before = head();
  const Applied applied =
      must(apply_seal(state(), before.position + 1, clock_now(), map_.root()));
  must(store().commit(applied.changes));
  sealed_ = store().snapshot();
  tree_ = {.size = applied.head.leaves, .root = applied.root};
  sealed_ms_ = applied.head.time_ms;
  cosign_again(witnesses, sealed_ms_);
}

void ProvenLedger::cosign_again(const std::string& witnesses, int64_t at_ms) {
  checkpoint_ = checkpoint_note(id().origin, tree_, log_key(), witnesses, at_ms);
}

Result<Bundle> ProvenLedger::try_bundle(std::string_view code, const BundleRoom& room) const {
  const HeadRows rows(*sealed_);
  return make_bundle({.state = *sealed_,
                      .rows = rows,
                      .map = map_,
                      .checkpoint = checkpoint_,
                      .size = tree_.size},
                     code, decode_any_payload, room);
}

Bundle ProvenLedger::bundle(std::string_view code) const { return must(try_bundle(code)); }

Policy ProvenLedger::policy() const {
  Policy policy = policy_of_log(id().origin, const_cast<ProvenLedger*>(this)->log_key().key);
  for (const char name : {'a', 'b', 'c'}) {
    policy.witnesses.push_back({.name = std::string(1, name),
                                .key = {.name = witness_name(name),
                                        .type = NoteKeyType::cosignature,
                                        .key = witness_key(name).key},
                                .replayer = name == 'a'});
  }
  policy.groups.push_back({.name = "g",
                           .threshold = 2,
                           .members = {{.index = 0}, {.index = 1}, {.index = 2}}});
  policy.quorum = PolicyMember{.is_group = true, .index = 0};
  policy.genesis = {id().genesis};
  return policy;
}

}  // namespace suyuan::testing
