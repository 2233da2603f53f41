// Walks the containers of a thing. Windows only narrow on the way out, so every cycle returns to a
// window that was already walked.
#include "ledger/provenance/containment.h"

#include <algorithm>
#include <deque>
#include <map>

#include "ledger/base/limits.h"
#include "ledger/base/text.h"

namespace suyuan {
namespace {

constexpr size_t kStoriesBytesMax = size_t{32} << 20;

constexpr Aspect kStoryAspects[] = {Aspect::custody, Aspect::disposition, Aspect::location,
                                    Aspect::document};

// The windows in which each code was walked.
class Walks {
 public:
  bool add(const Hash& key, const Window& window) {
    auto& windows = walked_[key];
    const auto covers = [&](const Window& one) { return one.covers(window); };
    if (std::any_of(windows.begin(), windows.end(), covers)) return false;
    windows.push_back(window);
    return true;
  }

 private:
  std::map<Hash, std::vector<Window>> walked_;
};

}  // namespace

Result<Walked> walk_containers(Facts& facts, HeldThing thing, const HeldVisitor& visit) {
  Walks walks;
  walks.add(thing.key, thing.window);
  std::deque<HeldThing> todo;
  todo.push_back(std::move(thing));
  auto walked = Walked::whole;
  while (!todo.empty()) {
    const HeldThing held = std::move(todo.front());
    todo.pop_front();
    SUYUAN_TRY_DONE(facts.turn_to(held.key));
    SUYUAN_TRY_DONE(visit(held));
    SUYUAN_TRY(stays, facts.reader().intervals(held.key, held.window.to.time_ms,
                                               held.window.from.time_ms));
    for (Inside& stay : stays) {
      const Window window = window_of(stay, held.window);
      if (window.from > window.to || !walks.add(stay.parent_key, window)) continue;
      if (held.depth == limits::kContainmentDepthMax) {
        walked = Walked::cut;
        break;
      }
      todo.push_back({std::move(stay.parent), stay.parent_key, window, held.depth + 1});
    }
  }
  return walked;
}

Unexpected<Error> nested_too_deep(std::string_view code) {
  return fail(Code::TOO_COMPLEX,
              quoted(code) + " was inside more than " +
                  std::to_string(limits::kContainmentDepthMax) +
                  " containers, one in the other: ask about the outer ones one by one");
}

const Said* last_within(const Timeline& timeline, const Window& window) {
  const auto after = std::upper_bound(
      timeline.begin(), timeline.end(), window.to,
      [](const Instant& when, const Said& said) { return when < said.when; });
  if (after == timeline.begin()) return nullptr;
  const Said& last = *(after - 1);
  return last.when < window.from ? nullptr : &last;
}

Timeline& timeline_of(ContainerStory& story, Aspect aspect) {
  switch (aspect) {
    case Aspect::custody: return story.custody;
    case Aspect::disposition: return story.disposition;
    case Aspect::location: return story.location;
    default: return story.documents;
  }
}

std::optional<Instant> emptied_within(const ContainerStory& story, Instant from, Instant to) {
  const auto first = std::ranges::upper_bound(story.emptied, from);
  if (first == story.emptied.end() || *first > to) return std::nullopt;
  return *first;
}

size_t ContainerStory::bytes() const {
  constexpr size_t kNodeBytes = 80;  // of the map: its key, three links, what malloc adds
  size_t bytes = sizeof(*this) + kNodeBytes + emptied.capacity() * sizeof(Instant);
  for (const Timeline* timeline : {&custody, &disposition, &location, &documents}) {
    bytes += timeline->capacity() * sizeof(Said);
    for (const Said& said : *timeline) bytes += said.text.capacity();
  }
  return bytes;
}

Result<const ContainerStory*> ContainerStories::of(const std::string& container, const Hash& key) {
  if (last_ != nullptr && last_->first == key) return &last_->second;
  if (const auto known = stories_.find(key); known != stories_.end()) {
    last_ = &*known;
    return &last_->second;
  }
  if (bytes_ >= kStoriesBytesMax) {
    stories_.clear();
    ++times_full_;
    last_ = nullptr;
    bytes_ = 0;
  }
  ContainerStory story;
  auto read = [&](const HeldThing& held) -> Result<Done> {
    for (const Aspect aspect : kStoryAspects) {
      Timeline& timeline = timeline_of(story, aspect);
      auto add = [&](const Fact& fact) {
        timeline.push_back({fact.when(), fact.fact.text});
        return true;
      };
      SUYUAN_TRY_DONE(facts_.each(held.key, aspect, held.window, add));
    }
    if (held.depth != 0) return Done{};
    auto add_emptied = [&](const Fact& fact) {
      story.emptied.push_back(fact.when());
      return true;
    };
    return facts_.each(held.key, Aspect::emptied, held.window, add_emptied);
  };
  SUYUAN_TRY_DONE(walk_containers(facts_, {container, key, {.to = facts_.end()}}, read));
  for (const Aspect aspect : kStoryAspects) {
    Timeline& timeline = timeline_of(story, aspect);
    std::sort(timeline.begin(), timeline.end());
    timeline.erase(std::unique(timeline.begin(), timeline.end()), timeline.end());
    timeline.shrink_to_fit();
  }
  bytes_ += story.bytes();
  last_ = &*stories_.emplace(key, std::move(story)).first;
  return &last_->second;
}

}  // namespace suyuan
