// Lists what is inside a container at a time, at any depth, in pages. A thing is in one container
// at a time, so the contents form a tree, and only the asked container itself could occur again.
#include <algorithm>
#include <map>

#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/code/code.h"
#include "ledger/provenance/facts.h"

namespace suyuan {
namespace {

constexpr uint8_t kTakenOut = 1;  // StoredFact::flags of a holds row

// A container whose contents are being listed: the possible contents, ascending, and the position.
struct Level {
  std::string container;
  Hash key;
  std::vector<std::string> candidates;
  size_t next = 0;
};

// What was put into the container since it was last emptied, and was not taken out. Some of it may
// have been put elsewhere or have ended since: the thing's own rows say so.
Result<Level> open_level(Facts& facts, std::string container) {
  Level level{.container = std::move(container)};
  level.key = code_key(level.container);
  SUYUAN_TRY_DONE(facts.turn_to(level.key));
  Window window = {.to = facts.end()};
  SUYUAN_TRY(emptied, facts.latest(level.key, Aspect::emptied, window));
  if (emptied) window.from = emptied->when();
  std::map<Hash, std::string> held;
  auto move = [&](const Fact& fact) {
    const Hash child = fact.key.other.value_or(Hash{});
    if ((fact.fact.flags & kTakenOut) != 0) {
      held.erase(child);
    } else {
      held.insert_or_assign(child, fact.fact.text);
    }
    return true;
  };
  SUYUAN_TRY_DONE(facts.each(level.key, Aspect::holds, window, move));
  level.candidates.reserve(held.size());
  for (auto& [key, code] : held) level.candidates.push_back(std::move(code));
  std::sort(level.candidates.begin(), level.candidates.end());
  return level;
}

// The levels as they were after `after` was listed: its containers up to the asked one, each just
// past the child on the way.
Result<std::vector<Level>> resume(Facts& facts, std::string_view root, std::string_view after) {
  SUYUAN_TRY(outwards,
             facts.reader().containers_of(code_key(after), facts.end().time_ms));
  const auto found = std::find(outwards.begin(), outwards.end(), root);
  if (found == outwards.end()) {
    return fail(Code::PAGE_TOKEN_INVALID, quoted(after) + " is not inside " + quoted(root),
                "after");
  }
  outwards.erase(found + 1, outwards.end());
  outwards.insert(outwards.begin(), std::string(after));
  std::vector<Level> levels;
  for (auto code = outwards.rbegin(); code != outwards.rend(); ++code) {
    SUYUAN_TRY(level, open_level(facts, *code));
    if (code + 1 != outwards.rend()) {
      const auto past =
          std::upper_bound(level.candidates.begin(), level.candidates.end(), *(code + 1));
      level.next = static_cast<size_t>(past - level.candidates.begin());
    }
    levels.push_back(std::move(level));
  }
  return levels;
}

}  // namespace

Result<Contents> contents_of(const Reader& reader, std::string_view code, const AsOf& as_of,
                             size_t limit, std::string_view after) {
  Facts facts(reader, as_of, limits::kTraceStepsMax);
  const Hash root = code_key(code);
  SUYUAN_TRY_DONE(check_named(facts, code, root));
  std::vector<Level> levels;
  if (after.empty()) {
    SUYUAN_TRY(level, open_level(facts, std::string(code)));
    levels.push_back(std::move(level));
  } else {
    SUYUAN_TRY(resumed, resume(facts, code, after));
    levels = std::move(resumed);
  }

  Contents contents;
  while (!levels.empty()) {
    Level& level = levels.back();
    if (level.next == level.candidates.size()) {
      levels.pop_back();
      continue;
    }
    std::string child = std::move(level.candidates[level.next++]);
    const Hash key = code_key(child);
    if (key == root) continue;
    SUYUAN_TRY_DONE(facts.turn_to(key));
    SUYUAN_TRY(stay, facts.reader().inside_at(key, facts.end().time_ms));
    if (!stay || stay->parent_key != level.key) continue;
    if (contents.items.size() == limit) {
      contents.truncated = true;
      break;
    }
    contents.items.push_back({child, level.container, static_cast<uint32_t>(levels.size())});
    SUYUAN_TRY(inner, open_level(facts, std::move(child)));
    levels.push_back(std::move(inner));
  }
  return contents;
}

}  // namespace suyuan
