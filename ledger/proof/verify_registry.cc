// Step 8: who could sign what, from genesis on, and who did sign.
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
  return fail(Code::PARTY_UNKNOWN, id + " is not registered by any act in the bundle");
}

Result<Done> check_lines(const Reader& state, const SignedNote& note, uint64_t index) {
  for (const NoteSignature& line : note.signatures) {
    SUYUAN_TRY(party, known(state, line.name));
    SUYUAN_TRY(key, key_in_force(party, line.key_id, index));
    if (verify_note_signature(note.text, line, key.key)) continue;
    return fail(Code::SIGNATURE_INVALID,
                "the signature of " + line.name + " is not of its key over this note");
  }
  return Done{};
}

// The events of each leaf are adjacent: [begin, end) in checked.events.
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
    return refuse(BundleFault::REGISTRY_INVALID, leaf_place(checked, leaf.at), error);
  };
  const auto signer = known(state, note.party);
  if (!signer) return refuse_leaf(signer.error());
  if (!note.signer.empty() || !signer->is(Role::authority)) {
    return refuse_leaf({.code = Code::NOT_AUTHORITY,
                        .message = note.party + " is not an authority signing with its own key"});
  }
  const auto lines = check_lines(state, leaf.note.note, leaf.index);
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
  SUYUAN_TRY_DONE(check_lines(state, leaf.note.note, leaf.index));
  if (note.signer.empty()) return Done{};
  return check_delegation(party, note.signer, leaf.index, leaf.time_ms);
}

// Genesis gives the role authority permanently, so the last state can judge it.
Result<Done> check_notice(const Reader& state, const Checked& checked,
                          const CheckedNotice& notice) {
  const CheckedEvent& event = checked.events[notice.event];
  const auto* stated = event.value ? std::get_if<TraceEvent>(&*event.value) : nullptr;
  SUYUAN_TRY_DONE(check_lines(state, notice.notice.note, notice.index));
  SUYUAN_TRY(party, known(state, notice.erase().party));
  return check_may_erase(notice.erase().party, party.is(Role::authority),
                         checked.leaves[event.leaf].note.batch.party,
                         stated != nullptr && stated->kind == Kind::inspection);
}

// REQUIRES: check_lines passed.
void note_suspects(const Reader& state, const SignedNote& note, uint64_t index,
                   std::vector<Checked::Suspect>& suspects) {
  for (const NoteSignature& line : note.signatures) {
    const auto party = known(state, line.name);
    const auto key = party ? key_of(*party, line.key_id) : Result<KeyState>(Unexpected(Error{}));
    if (key && key->suspect_at(index)) suspects.push_back({line.name, index});
  }
}

}  // namespace

// The state keeps the life of a key permanently, so the state after all acts judges every leaf.
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
    return refuse(BundleFault::SIGNATURE_INVALID, leaf_place(checked, checked.leaves[i].at),
                  signed_well.error());
  }
  for (const CheckedNotice& notice : checked.notices) {
    const auto signed_well = check_notice(state, checked, notice);
    if (signed_well) continue;
    return refuse(BundleFault::SIGNATURE_INVALID, leaf_place(checked, notice.at),
                  signed_well.error());
  }
  for (const CheckedLeaf& leaf : checked.leaves) {
    note_suspects(state, leaf.note.note, leaf.index, checked.suspects);
  }
  for (const CheckedNotice& notice : checked.notices) {
    note_suspects(state, notice.notice.note, notice.index, checked.suspects);
  }
  return Done{};
}

}  // namespace suyuan::bundle
