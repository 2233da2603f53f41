// Runs a query over the index: selects the rows that lead to its events, and returns one bounded
// page at a time.
#pragma once

#include "node/epcis/index.h"

namespace suyuan::epcis {

// One event as EPCIS JSON, with the ledger's metadata.
struct EventText {
  Place place;
  int64_t record_time_ms = 0;
  std::string json;    // an object with its own @context
  std::string party;   // who states it
  std::string signer;  // the gateway that signed; empty: the party itself
  bool for_everyone = true;
};

class EventSource {
 public:
  virtual ~EventSource() = default;
  // Returns nullopt if its content is gone (erased), or is not a trace event.
  virtual Result<std::optional<EventText>> load(Place place) const = 0;
};

// Where the next page begins. A page is pinned to a log size, so later appends do not affect it.
struct PageCursor {
  uint64_t size = 0;                       // log size at the first page
  std::optional<Spot> after = {};          // the last spot examined
  uint64_t rank = 0;                       // events before this page, if ordered by a field
  std::optional<uint64_t> remaining = {};  // remaining events of eventCountLimit
  friend bool operator==(const PageCursor&, const PageCursor&) = default;
};

struct SearchAsk {
  const Query& query;
  std::vector<std::string> scopes;  // the viewer's scopes, including kEveryone
  PageCursor from;
  size_t limit = 0;
};

struct SearchPage {
  std::vector<EventText> events;
  std::optional<PageCursor> next;  // nullopt: this was the last page
};

// The work of one page is bounded by the events examined and their bytes. A page may thus have
// fewer events than its limit, even none, and still be followed by another.
// Errors: TOO_LARGE (more than maxEventCount), TOO_COMPLEX (an order by a field, or a count, over
// too many events).
Result<SearchPage> search(const Index& index, const EventSource& source, const SearchAsk& ask);

// Bounds, documented in docs/epcis_rest.md.
inline constexpr size_t kPageStepsMax = 2'000;
inline constexpr size_t kPageBytesMax = size_t{4} << 20;
inline constexpr size_t kReadBytesMax = size_t{8} << 20;    // of events examined for a page
inline constexpr size_t kCountBytesMax = size_t{32} << 20;  // to count or to sort
inline constexpr size_t kCountStepsMax = 20'000;
inline constexpr size_t kSortedEventsMax = 2'000;
inline constexpr size_t kStreamsMax = 256;

}  // namespace suyuan::epcis
