// A thing and its containers over time, and what was stated about them. Internal to this folder.
#pragma once

#include <map>

#include "ledger/provenance/facts.h"

namespace suyuan {

// A thing (depth 0) or one of its containers, and when it was inside.
struct HeldThing {
  std::string code;
  Hash key;
  Window window;
  uint32_t depth = 0;
};

// The walk covers containers at most limits::kContainmentDepthMax deep, as far as apply judges.
// cut: there are more. An answer that must be complete then refuses; others continue.
enum class Walked : uint8_t { whole, cut };

// Visits the thing, then its containers, nearest first; a code may come again with another window.
// At each visit `facts` is positioned on the visited code and must be left there.
using HeldVisitor = std::function<Result<Done>(const HeldThing&)>;
Result<Walked> walk_containers(Facts& facts, HeldThing thing, const HeldVisitor& visit);
Unexpected<Error> nested_too_deep(std::string_view code);

// A statement about a thing, made directly or through a container.
struct Said {
  Instant when;
  std::string text;
  friend auto operator<=>(const Said&, const Said&) = default;
};
// Ascending by instant.
using Timeline = std::vector<Said>;
// Returns the last one within the window, null if none.
const Said* last_within(const Timeline& timeline, const Window& window);

// Custody, disposition, location and documents of one container, its own containers included; and
// when it was emptied itself.
struct ContainerStory {
  Timeline custody;
  Timeline disposition;
  Timeline location;
  Timeline documents;
  std::vector<Instant> emptied;  // ascending
  size_t bytes() const;  // in memory
};
Timeline& timeline_of(ContainerStory& story, Aspect aspect);
// Returns when it was first emptied after `from`, not later than `to`.
std::optional<Instant> emptied_within(const ContainerStory& story, Instant from, Instant to);

// The stories of containers that many things share, each read once. Bounded: when full it starts
// over. It holds those of some 15,000 to 50,000 cases, by what was stated about them; units of more
// should come case by case.
class ContainerStories {
 public:
  // The caller must not still be reading a code through `facts`.
  explicit ContainerStories(Facts& facts) : facts_(facts) {}
  // Valid until the next call.
  Result<const ContainerStory*> of(const std::string& container, const Hash& key);
  size_t times_full() const { return times_full_; }

 private:
  Facts& facts_;
  std::map<Hash, ContainerStory> stories_;
  const std::pair<const Hash, ContainerStory>* last_ = nullptr;  // of these: asked for again
  size_t bytes_ = 0;
  size_t times_full_ = 0;
};

}  // namespace suyuan
