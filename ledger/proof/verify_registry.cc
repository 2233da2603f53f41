// Step 8: who could sign what, from genesis on, and who did.
#include <algorithm>

#include "ledger/proof/verify_steps.h"
#include "ledger/registry/quorum.h"

namespace suyuan::bundle {
namespace {

// A ledger before its genesis.
class Nothing final : public Reader {
 public:
  Result<std::optional<Bytes>> get(Table, BytesView) const override {
    return std::optional<Bytes>{};
  }
  Result<Done> scan(Table, BytesView, BytesView, Direction, const RowVisitor&) const override {
    return Done{};
  }
};

bool is_of_acts(const CheckedLeaf& leaf) {
  return leaf.note.batch.type == PayloadType::registry_capnp;
}

Result<PartyState> known(const Reader& state, const std::string& id) {
  SUYUAN_TRY(party, find_party(state, id));
  if (party) return *std::move(party);
  return fail(Code::PARTY_UNKNOWN, id + " is registered by no act in the bundle");
}

Result<Done> check_lines(const Reader& state, const CheckedLeaf& leaf) {
  for (const NoteSignature& line : leaf.note.note.signatures) {
    SUYUAN_TRY(party, known(state, line.name));
    SUYUAN_TRY(key, key_in_force(party, line.key_id, leaf.index));
    if (verify_note_signature(leaf.note.note.text, line, key.key)) continue;
    return fail(Code::SIGNATURE_INVALID,
                "the signature of " + line.name + " is not of its key over this note");
  }
  return Done{};
}

// The events of each leaf lie side by side: [begin, end) in checked.events.
struct Span {
  size_t begin = 0, end = 0;
};

std::vector<Span> events_by_leaf(const Checked& checked) {
  std::vector<Span> spans(checked.leaves.size());
  for (size_t i = 0; i < checked.events.size(); ++i) {
    Span& span = spans[checked.events[i].leaf];
    if (span.end == 0) span.begin = i;
    span.end = i + 1;
  }
  return spans;
}

Step take_acts(const Checked& checked, Overlay& state, size_t leaf_at, Span span) {
  const CheckedLeaf& leaf = checked.leaves[leaf_at];
  const BatchNote& note = leaf.note.batch;
  const auto refuse_leaf = [&](const Error& error) {
    return refuse(BundleFault::REGISTRY_INVALID, leaf_place(checked, leaf_at), error);
  };
  const auto signer = known(state, note.party);
  if (!signer) return refuse_leaf(signer.error());
  if (!note.signer.empty() || !signer->is(Role::authority)) {
    return refuse_leaf({.code = Code::NOT_AUTHORITY,
                        .message = note.party + " is no authority that signs with its own key"});
  }
  const auto lines = check_lines(state, leaf);
  if (!lines) return refuse_leaf(lines.error());
  const ActSigners by(*signer, note.with);
  for (size_t i = span.begin; i < span.end; ++i) {
    const auto& act = std::get<RegistryEvent>(*checked.events[i].value);
    const auto taken = replay_party_act(state, checked.ledger, act, by, leaf.index);
    if (taken) continue;
    return refuse(BundleFault::REGISTRY_INVALID, event_place(checked, i), taken.error());
  }
  return Done{};
}

Result<Done> check_statements(const Reader& state, const CheckedLeaf& leaf) {
  const BatchNote& note = leaf.note.batch;
  SUYUAN_TRY(party, known(state, note.party));
  SUYUAN_TRY_DONE(check_lines(state, leaf));
  if (note.signer.empty()) return Done{};
  return check_delegation(party, note.signer, leaf.index, leaf.time_ms);
}

// REQUIRES: check_lines passed.
void note_suspects(const Reader& state, const CheckedLeaf& leaf,
                   std::vector<Checked::Suspect>& suspects) {
  for (const NoteSignature& line : leaf.note.note.signatures) {
    const auto party = known(state, line.name);
    const auto key = party ? key_of(*party, line.key_id) : Result<KeyState>(Unexpected(Error{}));
    if (key && key->suspect_at(leaf.index)) suspects.push_back({line.name, leaf.index});
  }
}

}  // namespace

// The life of a key is kept in the state for good: so the state after all acts judges every leaf.
Step check_registry(Checked& checked) {
  const Nothing nothing;
  Overlay state(nothing);
  start_registry(state, checked.genesis);
  const auto spans = events_by_leaf(checked);
  for (size_t i = 0; i < checked.leaves.size(); ++i) {
    if (!is_of_acts(checked.leaves[i])) continue;
    SUYUAN_TRY_DONE(take_acts(checked, state, i, spans[i]));
  }
  for (size_t i = 0; i < checked.leaves.size(); ++i) {
    if (is_of_acts(checked.leaves[i])) continue;
    const auto signed_well = check_statements(state, checked.leaves[i]);
    if (signed_well) continue;
    return refuse(BundleFault::SIGNATURE_INVALID, leaf_place(checked, i), signed_well.error());
  }
  for (const CheckedLeaf& leaf : checked.leaves) note_suspects(state, leaf, checked.suspects);
  return Done{};
}

}  // namespace suyuan::bundle
