// Questions about a code: where it comes from, where it went, who holds it, what is inside.
// Iterative, deterministic, bounded: after limits::kTraceStepsMax rows looked at (forward, recall:
// kRecallStepsMax, kRecallUnitsMax units, kRecallBytesMax) the answer is TOO_COMPLEX. docs/state.md
// defines every answer. Codes given are canonical; NOT_FOUND: as of the question no event names the
// code, or states it as the lot that units come from.
// `memory`: what forward and recall may remember; BUSY: others hold too much of it. Null: bounded,
// but not counted together with others.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/event/finding.h"
#include "ledger/store/schema.h"

namespace suyuan {

class ReadFilter;    // ledger/apply/fact_reader.h
class RecallMemory;  // ledger/provenance/recall_memory.h

// As of when: event time up to `at_ms`, and only what the first `known_at` leaves say, as far as
// the one who asks may know it. Unset: everything.
struct AsOf {
  std::optional<int64_t> at_ms = {};
  std::optional<uint64_t> known_at = {};
  const ReadFilter* filter = nullptr;  // outlives the question
};

// Why an event belongs to a thing's provenance.
enum class Relation : uint8_t {
  own,        // names the thing itself
  container,  // what happened to a container while the thing was inside
  ancestor,   // what happened to an input, up to the moment it was used
  lot,        // a statement about the whole lot or class, at any time
  document,   // the papers of its own order
};
std::string_view word(Relation);

struct TraceStep {
  Place place;
  int64_t event_time_ms = 0;
  Kind kind = Kind::logistics;
  std::string step;                     // bizStep
  Relation relation = Relation::own;    // the nearest, in the order of the enumeration
  std::string via;                      // the code through which it was reached
  bool no_effect = false;               // kept and flagged, but it changed no state
  std::optional<uint64_t> withdrawn_by = {};  // leaf of the error declaration
  // The event is kept from the one who asks: it names the asked code, and nothing more is said.
  // event_time_ms is the log's time of it.
  bool withheld = false;
  friend bool operator==(const TraceStep&, const TraceStep&) = default;
};

struct Trace {
  std::vector<TraceStep> steps;         // by (event time, place), each once; withdrawn ones too
  std::vector<std::string> containers;  // codes it was inside, in order of first time
  std::vector<std::string> ancestors;   // lots and units it was made from, ascending
  // Ancestors (or itself) that nothing is known to have gone into and whose making is of kind
  // origin, ascending.
  std::vector<std::string> origins;
  std::vector<std::string> documents;   // ascending
};
Result<Trace> trace_back(const Reader& reader, std::string_view code, const AsOf& as_of);

// What a thing is at a time. Fields are empty where nothing is stated.
struct ThingState {
  std::string code;
  bool exists = false;                  // came into being (or was first seen) and has not ended
  std::string disposition;
  std::string custodian;                // party id, or "consumer"
  std::string inside;                   // direct container
  std::vector<std::string> inside_all;  // from the direct one outwards
  std::string location;
  std::string lot;                      // of a unit
  std::optional<Decimal> balance;       // of a lot: what is left
  std::string uom;
};
Result<ThingState> state_of(const Reader& reader, std::string_view code, const AsOf& as_of);

// Everything inside, at any depth: ascending by code within each container, each thing followed by
// what is inside it. `after`: the last code of the page before; PAGE_TOKEN_INVALID: not inside.
struct Contained {
  std::string code;
  std::string parent;
  uint32_t depth = 1;
};
struct Contents {
  std::vector<Contained> items;
  bool truncated = false;
};
Result<Contents> contents_of(const Reader& reader, std::string_view code, const AsOf& as_of,
                             size_t limit, std::string_view after = {});

// Who held it, itself or through its containers, in order; each holder with the time from which.
struct Holding {
  std::string custodian;
  int64_t from_ms = 0;
  Place place;
};
Result<std::vector<Holding>> custody_chain(const Reader& reader, std::string_view code,
                                           const AsOf& as_of);

// Trace forward, trace back's mirror: what was made of a lot before the asked thing went into it is
// not downstream. By page, the earliest met first: at most `limit` units and limits::kPageMax lots.
// docs/state.md bounds what a page costs.
struct ForwardUnit {
  std::string code;
  std::string lot;
  ThingState state;
};
struct Forward {
  std::vector<std::string> lots;   // met on this page, ascending, the asked one excluded
  std::vector<ForwardUnit> units;  // single things met on this page, ascending by code
  std::string next;                // pass as `after` for the next page; empty: this was the last
  uint64_t units_total = 0;        // of this page and all before it: on the last one, of all
};
Result<Forward> trace_forward(const Reader& reader, std::string_view code, const AsOf& as_of,
                              std::string_view after, size_t limit,
                              RecallMemory* memory = nullptr);

// The recall list: forward, grouped by who holds the units, with who acts and who must be told. A
// single thing that is asked about is on its own list. One pass, whatever the number of units. All
// its texts have limits::kRecallTextBytesMax; TOO_COMPLEX: more, which forward gives by page.
struct RecallGroup {
  std::string custodian;
  std::string disposition;            // or how it ended, where nothing was stated since
  uint64_t units = 0;
  // The first 16 codes, ascending; fewer where all groups together would have more than
  // limits::kRecallExamplesMax, but one at least.
  std::vector<std::string> examples;
};
struct Recall {
  std::vector<std::string> lots;       // every lot downstream, ascending, the asked one excluded
  std::vector<std::string> unit_lots;  // lots that the units come from, the asked one perhaps
  std::vector<RecallGroup> groups;     // ascending by (custodian, disposition)
  uint64_t units_total = 0;
  std::vector<std::string> agents;     // recall agents of the products hit, ascending
  // Ascending party ids: the agents; the products' sellers, and who represents a seller from
  // abroad; who took the orders under which units were packed; who supervises the places where
  // units are now.
  std::vector<std::string> notify;
};
Result<Recall> recall_list(const Reader& reader, std::string_view code, const AsOf& as_of,
                           RecallMemory* memory = nullptr);

// A lot's own account, the first `limit` lines. Empty: nothing is known to have come. (What went
// into and out of one transformation is in its event.)
struct BalanceLine {
  Place place;
  int64_t event_time_ms = 0;
  Decimal amount;  // positive: came
  std::string uom;
  Decimal left;    // after this line
};
Result<std::vector<BalanceLine>> balance_of(const Reader& reader, std::string_view lot,
                                            const AsOf& as_of, size_t limit);

// The code's own chain, in log order: one page. The log's order knows no event time, so `at_ms` is
// not looked at.
struct ChainEntry {
  uint64_t n = 0;
  StoredLink link;
};
Result<std::vector<ChainEntry>> chain_of(const Reader& reader, std::string_view code,
                                         uint64_t from_n, size_t limit, const AsOf& as_of);
Result<std::vector<Finding>> findings_at(const Reader& reader, Place place);

}  // namespace suyuan
