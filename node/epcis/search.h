// A query over the index: which rows lead to its events, one bounded page of them at a time.
#pragma once

#include "node/epcis/index.h"

namespace suyuan::epcis {

// One event as EPCIS JSON, with what the ledger knows of it.
struct EventText {
  Place place;
  int64_t record_time_ms = 0;
  std::string json;      // an object with its own @context
  std::string party;     // who states it
  std::string signer;    // the gateway that signed; empty: the party itself
  bool for_everyone = true;
};

class EventSource {
 public:
  virtual ~EventSource() = default;
  // Nullopt: its content is not there (erased), or is no trace event.
  virtual Result<std::optional<EventText>> load(Place place) const = 0;
};

// Where the next page begins. A page that is pinned to a log size is disturbed by nothing that is
// appended later.
struct PageCursor {
  uint64_t size = 0;                      // the log size that the first page saw
  std::optional<Spot> after = {};         // the last spot looked at
  uint64_t rank = 0;                      // events before this page, in an order by a field
  std::optional<uint64_t> remaining = {}; // of eventCountLimit
  friend bool operator==(const PageCursor&, const PageCursor&) = default;
};

struct SearchAsk {
  const Query& query;
  std::vector<std::string> scopes;  // of the viewer, kEveryone among them
  PageCursor from;
  size_t limit = 0;
};

struct SearchPage {
  std::vector<EventText> events;
  std::optional<PageCursor> next;  // none: this was the last page
};

// Work of one page is bounded by events looked at and their bytes: a page may then have fewer
// events than its limit, or none, and a next one. TOO_LARGE: more than maxEventCount; TOO_COMPLEX:
// an order by a field, or a count, over too many events.
Result<SearchPage> search(const Index& index, const EventSource& source, const SearchAsk& ask);

// Bounds, stated in docs/epcis_rest.md.
inline constexpr size_t kPageStepsMax = 2'000;
inline constexpr size_t kPageBytesMax = size_t{4} << 20;
inline constexpr size_t kReadBytesMax = size_t{8} << 20;    // of events looked at for a page
inline constexpr size_t kCountBytesMax = size_t{32} << 20;  // and to count or to sort
inline constexpr size_t kCountStepsMax = 20'000;
inline constexpr size_t kSortedEventsMax = 2'000;
inline constexpr size_t kStreamsMax = 256;

}  // namespace suyuan::epcis
