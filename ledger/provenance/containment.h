// A thing and its containers over time, and what was said of them. Internal to this folder.
#pragma once

#include <map>

#include "ledger/provenance/facts.h"

namespace suyuan {

// A thing (depth 0) or a container of it at some depth, and when it was inside.
struct HeldThing {
  std::string code;
  Hash key;
  Window window;
  uint32_t depth = 0;
};

// The walk goes on in the containers at most limits::kContainmentDepthMax deep, as far as apply
// judges. Whether there is more: an answer that must be complete then refuses, another goes on.
enum class Walked : uint8_t { whole, cut };

// Visits the thing, then its containers, the nearer first; a code may come again with another
// window. At each visit `facts` is turned to the code visited, and must be left so.
using HeldVisitor = std::function<Result<Done>(const HeldThing&)>;
Result<Walked> walk_containers(Facts& facts, HeldThing thing, const HeldVisitor& visit);
Unexpected<Error> nested_too_deep(std::string_view code);

// What was said of a thing, through containers or not.
struct Said {
  Instant when;
  std::string text;
  friend auto operator<=>(const Said&, const Said&) = default;
};
// Ascending by instant.
using Timeline = std::vector<Said>;
// The last one within the window; null: none.
const Said* last_within(const Timeline& timeline, const Window& window);

// Custody, disposition, location and documents of one container, its own containers included.
struct ContainerStory {
  Timeline custody;
  Timeline disposition;
  Timeline location;
  Timeline documents;
};
Timeline& timeline_of(ContainerStory& story, Aspect aspect);

// The stories of the containers that many things share, each read once. Bounded: when it is full it
// starts again, for things come mostly in the order in which they were packed.
class ContainerStories {
 public:
  // `facts` must not be turned to a code that the caller still reads.
  explicit ContainerStories(Facts& facts) : facts_(facts) {}
  // Valid until the next call.
  Result<const ContainerStory*> of(const std::string& container, const Hash& key);

 private:
  Facts& facts_;
  std::map<Hash, ContainerStory> stories_;
  size_t lines_ = 0;
};

}  // namespace suyuan
