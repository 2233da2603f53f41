// Steps 9 and 10: no event is left out of a chain, and no chain that the answer leads to.
#include <algorithm>

#include "ledger/apply/log_writer.h"
#include "ledger/base/text.h"
#include "ledger/code/code.h"
#include "ledger/merkle/map_proof.h"
#include "ledger/proof/verify_steps.h"

namespace suyuan::bundle {
namespace {

std::string why_text(uint8_t why) {
  if ((why & Reach::kSubject) != 0) return "what is asked about, or what it was inside of";
  if ((why & Reach::kMade) != 0) return "what went into it";
  if ((why & Reach::kContainer) != 0) return "what held it";
  if ((why & Reach::kRegistry) != 0) return "who signed, or to the product";
  return "its papers";
}

// The heads of all chains in the bundle, only from its events and notices.
std::vector<ChainHead> heads_of(const Checked& checked) {
  std::vector<ChainHead> heads(checked.bundle.chains.size());
  for (const auto& [key, chain] : checked.chains) heads[chain].link = key;
  const auto add = [&](const std::vector<Hash>& keys, Place place, const Hash& linked) {
    for (const Hash& key : keys) {
      const auto chain = checked.chain_of(key);
      if (!chain) continue;
      ChainHead& head = heads[*chain];
      ++head.count;
      head.link = chain_link(head.count, head.link, place, linked);
    }
  };
  // Both ascend by leaf, and share no leaf.
  size_t next = 0;
  const auto add_notices = [&](uint64_t before) {
    for (; next < checked.notices.size() && checked.notices[next].index < before; ++next) {
      const CheckedNotice& notice = checked.notices[next];
      add(checked.events[notice.event].record.code_keys,
          {.leaf = notice.index, .event = kNoticeEvent}, notice.leaf_hash);
    }
  };
  for (const CheckedEvent& event : checked.events) {
    add_notices(event.place.leaf);
    add(event.record.code_keys, event.place, event.record_hash);
  }
  add_notices(checked.head.size);
  return heads;
}

// `list` ascends by code.
template <class T>
bool holds(const std::vector<T>& list, const std::string& code) {
  return std::ranges::binary_search(list, code, std::less<>(), &T::code);
}

}  // namespace

Step check_chains(Checked& checked) {
  const auto& chains = checked.bundle.chains;
  checked.chains.reserve(chains.size());
  for (size_t i = 0; i < chains.size(); ++i) {
    checked.chains.emplace_back(code_key(chains[i].code), i);
  }
  std::ranges::sort(checked.chains);
  const auto heads = heads_of(checked);
  for (size_t i = 0; i < chains.size(); ++i) {
    const Hash key = code_key(chains[i].code);
    const bool absent = heads[i].count == 0;
    const MapEntry entry{.key = key, .count = heads[i].count, .link = heads[i].link};
    const bool proven = absent ? proves_absence(checked.seal.map, key, chains[i].proof)
                               : proves_presence(checked.seal.map, entry, chains[i].proof);
    if (proven) continue;
    return refuse(BundleFault::CHAIN_INVALID, chain_place(checked, i),
                  absent ? "no event in the bundle names the code, and the proof does not show "
                           "that the ledger has none"
                         : "the " + std::to_string(heads[i].count) +
                               " events in the bundle are not the chain that the seal commits to: "
                               "one is missing, added, or from elsewhere");
  }
  for (size_t i = 0; i < checked.bundle.cuts.size(); ++i) {
    const BundleCut& cut = checked.bundle.cuts[i];
    const MapEntry entry{.key = code_key(cut.code), .count = cut.count, .link = cut.link};
    if (proves_presence(checked.seal.map, entry, cut.proof)) continue;
    return refuse(BundleFault::CHAIN_INVALID,
                  "cuts[" + std::to_string(i) + "] (" + cut.code + ")",
                  "the proof does not lead from this count and link to the seal's map root");
  }
  return Done{};
}

Step check_reach(const Checked& checked) {
  Reach reach(checked.bundle.code);
  for (const CheckedEvent& event : checked.events) {
    const auto* stated = event.value ? std::get_if<TraceEvent>(&*event.value) : nullptr;
    if (stated != nullptr) reach.add(*stated);
  }
  for (const CheckedLeaf& leaf : checked.leaves) {
    const BatchNote& note = leaf.note.batch;
    reach.add_party(note.party);
    if (!note.signer.empty()) reach.add_party(note.signer);
    for (const std::string& with : note.with) reach.add_party(with);
  }
  for (const CheckedNotice& notice : checked.notices) reach.add_party(notice.erase().party);
  for (const auto& [code, why] : reach.codes()) {
    if (holds(checked.bundle.chains, code)) continue;
    const bool may_be_cut = code != checked.bundle.code && (why & Reach::kRegistry) == 0;
    if (may_be_cut && holds(checked.bundle.cuts, code)) continue;
    return refuse(BundleFault::REACH_MISSING, "chains",
                  "the chain of " + quote(code) + " is missing; it belongs to " + why_text(why));
  }
  for (size_t i = 0; i < checked.events.size(); ++i) {
    const auto& keys = checked.events[i].record.code_keys;
    const auto in_chain = [&](const Hash& key) { return checked.chain_of(key).has_value(); };
    if (std::ranges::any_of(keys, in_chain)) continue;
    return refuse(BundleFault::REACH_MISSING, event_place(checked, i),
                  "no chain in the bundle names this event");
  }
  return Done{};
}

std::optional<size_t> Checked::chain_of(const Hash& code_key) const {
  const auto found = std::ranges::lower_bound(chains, code_key, std::less<>(),
                                              [](const auto& one) { return one.first; });
  if (found == chains.end() || found->first != code_key) return std::nullopt;
  return found->second;
}

}  // namespace suyuan::bundle
