#include "ledger/order/etcd/clocks.h"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <tuple>

#include "ledger/crypto/ed25519.h"

namespace suyuan {
namespace {

// A node says a new word in each pulse. A node without a new word for this many pulses is away. Its
// last word is useless: it may be from yesterday, or from a wrong clock.
constexpr uint32_t kUnchangedMax = 5;
// All groups until a node's next pulse carry the same word of it, and two proposers may be a pulse
// apart.
constexpr size_t kJudgedMax = 3;

// Anyone who may write in etcd can put an old word back.
bool is_newer(const ClockWord& word, const ClockWord& than) {
  return std::tie(word.position, word.time_ms) > std::tie(than.position, than.time_ms);
}

}  // namespace

// A word that is there at our first pulse may be old: its node counts as heard once it says
// another.
void ClockWords::hear(const std::map<std::string, ClockWord>& words) {
  const std::scoped_lock lock(mutex_);
  for (auto& [node, heard] : heard_) {
    if (heard.unchanged <= kUnchangedMax) ++heard.unchanged;
  }
  for (const auto& [node, word] : words) {
    const auto known = heard_.find(node);
    if (known == heard_.end()) {
      heard_.emplace(node, Heard{.word = word, .unchanged = has_heard_ ? 0 : kUnchangedMax + 1});
    } else if (is_newer(word, known->second.word)) {
      known->second = {.word = word};
    }
  }
  has_heard_ = true;
}

bool ClockWords::is_true(const ClockWord& word) {
  const auto key = parts_.key_of(word.node);
  if (!key || !is_clock_time(word.time_ms)) return false;
  {
    const std::scoped_lock lock(mutex_);
    for (const Judged& one : judged_[word.node]) {
      if (one.word == word && one.key == *key) return one.is_true;
    }
  }
  const bool verified =
      verify(*key, signed_clock(parts_.ledger, parts_.log, word), word.signature);
  const std::scoped_lock lock(mutex_);
  auto& judged = judged_[word.node];
  if (judged.size() == kJudgedMax) judged.pop_front();
  judged.push_back({.word = word, .key = *key, .is_true = verified});
  return verified;
}

size_t ClockWords::needed() const { return std::max<size_t>(parts_.majority(), 1) - 1; }

// Nearest first, so that a word far ahead or behind has no influence while others are there.
std::vector<ClockWord> ClockWords::nearest(uint64_t position, int64_t time_ms) {
  std::vector<ClockWord> words;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& [node, heard] : heard_) {
      if (node == parts_.node || heard.unchanged > kUnchangedMax) continue;
      if (is_of_place(heard.word, position)) words.push_back(heard.word);
    }
  }
  std::erase_if(words, [this](const ClockWord& word) { return !is_true(word); });
  std::ranges::sort(words, {}, [time_ms](const ClockWord& word) {
    return std::abs(word.time_ms - time_ms);
  });
  words.resize(std::min({words.size(), needed(), kClocksMax}));
  return words;
}

size_t ClockWords::missing(uint64_t position) {
  const size_t living = nearest(position, 0).size();
  return needed() > living ? needed() - living : 0;
}

int64_t ClockWords::time_of(const GroupEntry& entry, uint64_t position) {
  std::set<std::string> asked = {entry.node};
  std::vector<int64_t> others;
  for (const ClockWord& word : entry.clocks) {
    if (!is_of_place(word, position) || asked.contains(word.node) || !is_true(word)) continue;
    asked.insert(word.node);
    others.push_back(word.time_ms);
  }
  return agreed_time(entry.time_ms, std::move(others), parts_.majority());
}

}  // namespace suyuan
