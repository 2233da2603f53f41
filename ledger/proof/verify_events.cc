// The order of the lists (step 1), leaves (6) and events (7).
#include <algorithm>
#include <set>
#include <tuple>

#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/code/code.h"
#include "ledger/event/codes_of.h"
#include "ledger/merkle/tree.h"
#include "ledger/proof/verify_steps.h"

namespace suyuan::bundle {
namespace {

Unexpected<Failure> bad_form(std::string place, std::string message) {
  return refuse(BundleFault::BUNDLE_SYNTAX, std::move(place), std::move(message));
}

std::string at(std::string_view list, size_t index) {
  return std::string(list) + "[" + std::to_string(index) + "]";
}

bool is_code_text(std::string_view code) {
  return code.size() <= limits::kCodeBytesMax && is_ascii_graphic(code);
}

// The first entry that does not come after the previous one, or the list's size.
template <class T, class Key>
size_t first_unordered(const std::vector<T>& list, Key key) {
  for (size_t i = 1; i < list.size(); ++i) {
    if (!(key(list[i - 1]) < key(list[i]))) return i;
  }
  return list.size();
}

Step check_codes(const Bundle& bundle) {
  const auto& [chains, cuts] = std::tie(bundle.chains, bundle.cuts);
  const auto by_code = [](const auto& one) -> const std::string& { return one.code; };
  for (size_t i = 0; i < chains.size(); ++i) {
    if (is_code_text(chains[i].code)) continue;
    return bad_form(at("chains", i), "a code is 1 to 512 graphic ASCII bytes");
  }
  for (size_t i = 0; i < cuts.size(); ++i) {
    if (is_code_text(cuts[i].code) && cuts[i].count > 0) continue;
    return bad_form(at("cuts", i), "a cut has a code and a count of 1 or more");
  }
  const size_t chain = first_unordered(chains, by_code);
  if (chain < chains.size()) return bad_form(at("chains", chain), "chains must ascend by code");
  const size_t cut = first_unordered(cuts, by_code);
  if (cut < cuts.size()) return bad_form(at("cuts", cut), "cuts must ascend by code");
  for (size_t i = 0; i < cuts.size(); ++i) {
    const auto& code = cuts[i].code;
    if (!std::ranges::binary_search(chains, code, std::less<>(), &BundleChain::code)) continue;
    return bad_form(at("cuts", i), "its chain is in the bundle");
  }
  return Done{};
}

// A notice has no events; step 7 finds the event that it is about.
bool is_notice(const BundleLeaf& leaf) {
  constexpr std::string_view kHead = "suyuan/leaf/v1 notice\n";
  return leaf.leaf.data.starts_with(kHead);
}

// Both lists ascend: one walk over them.
Step check_leaves_and_events_fit(const Bundle& bundle) {
  size_t event = 0;
  for (size_t i = 0; i < bundle.leaves.size(); ++i) {
    const size_t first = event;
    while (event < bundle.events.size() && bundle.events[event].leaf == bundle.leaves[i].index) {
      ++event;
    }
    if (event == first && !is_notice(bundle.leaves[i])) {
      return bad_form(at("leaves", i), "no event of this leaf is in the bundle");
    }
    if (event < bundle.events.size() && bundle.events[event].leaf < bundle.leaves[i].index) {
      return bad_form(at("events", event), "its leaf is not in the bundle");
    }
  }
  if (event == bundle.events.size()) return Done{};
  return bad_form(at("events", event), "its leaf is not in the bundle");
}

std::vector<Hash> keys_of(const EventValue& value) {
  if (const auto* act = std::get_if<RegistryEvent>(&value)) return {code_key(code_of(*act))};
  return code_keys_of(codes_of(std::get<TraceEvent>(value)));
}

Result<Done> check_payload(const Checked& checked, const BundleEvent& sent, PayloadType type,
                           CheckedEvent& event) {
  if (!sent.payload) {
    if (type != PayloadType::registry_capnp) return Done{};
    return fail(Code::MISSING_FIELD, "an act of the registry is never withheld");
  }
  if (payload_hash(sent.payload->salt, sent.payload->bytes) != event.record.payload) {
    return fail(Code::ROOT_MISMATCH, "salt and payload do not hash to what the record says");
  }
  SUYUAN_TRY(value, checked.decode(type, sent.payload->bytes));
  const bool act = std::holds_alternative<RegistryEvent>(value);
  if (act != (type == PayloadType::registry_capnp) || keys_of(value) != event.record.code_keys) {
    return fail(Code::ROOT_MISMATCH, "the payload names other codes than the record");
  }
  event.value = std::move(value);
  return Done{};
}

Result<CheckedEvent> checked_event(const Checked& checked, const BundleEvent& sent,
                                   size_t leaf_at) {
  const BatchNote& note = checked.leaves[leaf_at].note.batch;
  if (sent.event >= note.events) {
    return fail(Code::COUNT_MISMATCH,
                "the batch has " + std::to_string(note.events) + " events, counted from 0");
  }
  SUYUAN_TRY(record, decode_record(sent.record));
  CheckedEvent event{.leaf = leaf_at,
                     .place = {sent.leaf, static_cast<uint32_t>(sent.event)},
                     .record = std::move(record),
                     .record_hash = leaf_hash(sent.record),
                     .value = {}};
  const TreeHead batch{.size = note.events, .root = note.root};
  if (!includes(batch, sent.event, event.record_hash, sent.path)) {
    return fail(Code::ROOT_MISMATCH, "the path does not lead from this record to the note's root");
  }
  SUYUAN_TRY_DONE(check_payload(checked, sent, note.type, event));
  return event;
}

// What is checked for every leaf besides its note.
Result<Done> check_place(const Checked& checked, const BundleLeaf& sent, int64_t time_ms,
                         int64_t not_before_ms) {
  if (time_ms < not_before_ms || time_ms > checked.sealed_ms) {
    return fail(Code::INVALID_FIELD, "log times must not decrease, and end at the seal's");
  }
  if (!includes(checked.head, sent.index, leaf_hash(sent.leaf.data), sent.leaf.path)) {
    return fail(Code::ROOT_MISMATCH, "the path does not lead from this data at leaf " +
                                         std::to_string(sent.index) + " to the checkpoint's root");
  }
  return Done{};
}

// Takes a leaf, and returns its log time and the id of its batch or notice.
Result<std::pair<int64_t, Hash>> take_leaf(Checked& checked, size_t at, int64_t not_before_ms) {
  const BundleLeaf& sent = checked.bundle.leaves[at];
  SUYUAN_TRY(leaf, parse_leaf(sent.leaf.data));
  const bool notice = leaf.kind == LeafKind::notice;
  if ((leaf.kind != LeafKind::batch && !notice) || sent.index + 1 >= checked.head.size) {
    return fail(Code::NOTE_SYNTAX,
                "expected a batch or notice before the seal, found a leaf of kind " +
                    std::string(word(leaf.kind)));
  }
  if (notice) {
    SUYUAN_TRY(signed_notice, parse_notice(leaf.text));
    if (ledger_of(signed_notice.text) != checked.ledger) {
      return fail(Code::LEDGER_MISMATCH, "its note is for another ledger");
    }
    if (erasure_of(signed_notice) == nullptr)
      return fail(Code::NOTE_SYNTAX, "there is a notice here that is about no event");
    SUYUAN_TRY_DONE(check_place(checked, sent, leaf.time_ms, not_before_ms));
    const Hash id = notice_id(signed_notice);
    checked.notices.push_back({.at = at,
                               .index = sent.index,
                               .leaf_hash = leaf_hash(sent.leaf.data),
                               .notice = std::move(signed_notice)});
    return std::pair(leaf.time_ms, id);
  }
  SUYUAN_TRY(note, parse_batch_note(leaf.text));
  if (note.batch.ledger != checked.ledger) {
    return fail(Code::LEDGER_MISMATCH, "its note is for " + quote(note.batch.ledger.line()));
  }
  if (note.batch.until_ms < static_cast<uint64_t>(leaf.time_ms)) {
    return fail(Code::BATCH_EXPIRED, "its log time is later than its note allows");
  }
  SUYUAN_TRY_DONE(check_place(checked, sent, leaf.time_ms, not_before_ms));
  const Hash id = batch_id(note.note.text);
  checked.leaves.push_back(
      {.at = at, .index = sent.index, .time_ms = leaf.time_ms, .note = std::move(note)});
  return std::pair(leaf.time_ms, id);
}

// The notice's event is in the bundle, and the notice's signer may erase from it.
Result<size_t> event_of(const Checked& checked, const CheckedNotice& notice) {
  const EraseNotice& erase = notice.erase();
  const auto found = std::ranges::lower_bound(checked.events, erase.place(), std::less<>(),
                                              &CheckedEvent::place);
  if (erase.leaf >= notice.index || found == checked.events.end() ||
      found->place != erase.place()) {
    return fail(Code::NOT_FOUND, "the event that it is about is not in the bundle before it");
  }
  if (!erase.section) return fail(Code::UNSUPPORTED_TYPE, "rules 1 erase no payload");
  if (found->value) SUYUAN_TRY_DONE(find_section(*found->value, *erase.section));
  return static_cast<size_t>(found - checked.events.begin());
}

}  // namespace

std::string leaf_place(const Checked& checked, size_t leaf) {
  return at("leaves", leaf) + " (leaf " + std::to_string(checked.bundle.leaves[leaf].index) + ")";
}

std::string event_place(const Checked& checked, size_t event) {
  const BundleEvent& one = checked.bundle.events[event];
  return at("events", event) + " (leaf " + std::to_string(one.leaf) + ", event " +
         std::to_string(one.event) + ")";
}

std::string chain_place(const Checked& checked, size_t chain) {
  return at("chains", chain) + " (" + checked.bundle.chains[chain].code + ")";
}

Step check_order(const Bundle& bundle) {
  if (!is_code_text(bundle.code)) return bad_form("code", "a code is 1 to 512 graphic ASCII bytes");
  if (bundle.leaves.size() > limits::kBundleLeavesMax) return bad_form("leaves", "too many");
  if (bundle.events.size() > limits::kBundleEventsMax) return bad_form("events", "too many");
  if (bundle.chains.size() > limits::kBundleChainsMax) return bad_form("chains", "too many");
  if (bundle.cuts.size() > limits::kBundleChainsMax) return bad_form("cuts", "too many");
  const auto by_index = [](const BundleLeaf& leaf) { return leaf.index; };
  const auto by_place = [](const BundleEvent& one) { return std::tuple(one.leaf, one.event); };
  const size_t leaf = first_unordered(bundle.leaves, by_index);
  if (leaf < bundle.leaves.size()) {
    return bad_form(at("leaves", leaf), "leaves must ascend by index");
  }
  const size_t event = first_unordered(bundle.events, by_place);
  if (event < bundle.events.size()) {
    return bad_form(at("events", event), "events must ascend by place");
  }
  SUYUAN_TRY_DONE(check_codes(bundle));
  return check_leaves_and_events_fit(bundle);
}

Step check_leaves(Checked& checked) {
  checked.leaves.reserve(checked.bundle.leaves.size());
  std::set<Hash> ids;
  int64_t time_ms = checked.genesis_ms;
  for (size_t i = 0; i < checked.bundle.leaves.size(); ++i) {
    auto leaf = take_leaf(checked, i, time_ms);
    if (!leaf) return refuse(BundleFault::LEAF_INVALID, leaf_place(checked, i), leaf.error());
    time_ms = leaf->first;
    if (!ids.insert(leaf->second).second) {
      return refuse(BundleFault::LEAF_INVALID, leaf_place(checked, i),
                    "the same batch is at an earlier leaf; a batch counts once");
    }
  }
  return Done{};
}

Step check_events(Checked& checked) {
  checked.events.reserve(checked.bundle.events.size());
  size_t leaf = 0;
  for (size_t i = 0; i < checked.bundle.events.size(); ++i) {
    const BundleEvent& sent = checked.bundle.events[i];
    while (leaf < checked.leaves.size() && checked.leaves[leaf].index < sent.leaf) ++leaf;
    if (leaf == checked.leaves.size() || checked.leaves[leaf].index != sent.leaf) {
      return refuse(BundleFault::EVENT_INVALID, event_place(checked, i), "its leaf is not a batch");
    }
    auto event = checked_event(checked, sent, leaf);
    if (!event) return refuse(BundleFault::EVENT_INVALID, event_place(checked, i), event.error());
    checked.events.push_back(*std::move(event));
  }
  return Done{};
}

Step check_notices(Checked& checked) {
  std::set<std::pair<Place, Hash>> erased;
  for (CheckedNotice& notice : checked.notices) {
    const auto event = event_of(checked, notice);
    if (!event) {
      return refuse(BundleFault::EVENT_INVALID, leaf_place(checked, notice.at), event.error());
    }
    notice.event = *event;
    if (erased.emplace(notice.erase().place(), *notice.erase().section).second) continue;
    return refuse(BundleFault::EVENT_INVALID, leaf_place(checked, notice.at),
                  "an earlier notice erased the same");
  }
  return Done{};
}

}  // namespace suyuan::bundle
