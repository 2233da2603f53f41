// EtcdOrder: what a group's time is. Every node comes to the same, from what the group holds alone.
#include <algorithm>
#include <set>

#include "ledger/crypto/ed25519.h"
#include "ledger/order/etcd/etcd_order.h"

namespace suyuan {

// A node says a new word once in each pulse, and all groups until then have that one.
bool EtcdOrder::is_true(const ClockWord& word) {
  const auto key = key_of(word.node);
  if (!key) return false;
  const auto known = verified_.find(word.node);
  if (known != verified_.end() && known->second.word == word && known->second.key == *key) {
    return true;
  }
  if (!verify(*key, signed_clock(options_.ledger, options_.log, word), word.signature)) {
    return false;
  }
  verified_.insert_or_assign(word.node, Verified{.word = word, .key = *key});
  return true;
}

// As many as our own clock needs beside it, the latest first: one that is far behind, or dead since
// yesterday, is not asked while others are there.
std::vector<ClockWord> EtcdOrder::newest_clocks() {
  std::vector<ClockWord> words;
  for (const auto& [node, word] : clocks_) {
    if (node != options_.node && is_true(word)) words.push_back(word);
  }
  std::ranges::sort(words, std::ranges::greater(), &ClockWord::time_ms);
  const size_t needed = std::max<size_t>(options_.majority(), 1) - 1;
  words.resize(std::min({words.size(), needed, kClocksMax}));
  return words;
}

int64_t EtcdOrder::time_of(const GroupEntry& entry) {
  std::set<std::string> asked = {entry.node};
  std::vector<int64_t> others;
  for (const ClockWord& word : entry.clocks) {
    if (is_true(word) && asked.insert(word.node).second) others.push_back(word.time_ms);
  }
  return agreed_time(entry.time_ms, std::move(others), options_.majority());
}

}  // namespace suyuan
