// Questions about a code: where it comes from, where it went, who holds it, what is inside (product.md).
// Iterative, bounded (limits::kTraceStepsMax rows looked at, then TOO_COMPLEX), deterministic.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/event/finding.h"
#include "ledger/store/schema.h"

namespace suyuan {

// As of when: event time up to `at_ms`, and only what the first `known_at` leaves say. Unset: everything.
struct AsOf {
  std::optional<int64_t> at_ms = {};
  std::optional<uint64_t> known_at = {};
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
  std::string step;            // bizStep
  Relation relation = Relation::own;  // the nearest, in the order of the enumeration
  std::string via;             // the code through which it was reached
  bool no_effect = false;      // kept and flagged, but it changed no state
  std::optional<uint64_t> withdrawn_by = {};  // leaf of the error declaration
  friend bool operator==(const TraceStep&, const TraceStep&) = default;
};

struct Trace {
  std::vector<TraceStep> steps;         // by (event time, place), each event once
  std::vector<std::string> containers;  // codes it was inside, in order of first time
  std::vector<std::string> ancestors;   // lots and units it was made from, ascending
  std::vector<std::string> origins;     // ancestors (or itself) that nothing is known to have gone into and whose making is of kind origin
  std::vector<std::string> documents;   // ascending
};
// NOT_FOUND: no event names the code (as of `as_of`). `code` is canonical.
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

// Everything inside, at any depth, ascending by code within each container; pages by `after` (a code already seen).
struct Contained {
  std::string code;
  std::string parent;
  uint32_t depth = 1;
};
struct Contents {
  std::vector<Contained> items;
  bool truncated = false;
};
Result<Contents> contents_of(const Reader& reader, std::string_view code, const AsOf& as_of, size_t limit);

// Who held it, in order; each holder with the time from which.
struct Holding {
  std::string custodian;
  int64_t from_ms = 0;
  Place place;
};
Result<std::vector<Holding>> custody_chain(const Reader& reader, std::string_view code, const AsOf& as_of);

// Trace forward: every lot and unit that a thing went into, as a recall needs it.
struct ForwardUnit {
  std::string code;
  std::string lot;
  ThingState state;
};
struct Forward {
  std::vector<std::string> lots;   // every lot downstream, ascending, the asked one excluded
  std::vector<ForwardUnit> units;  // serialised units downstream, ascending by code: one page
  std::string next;                // pass as `after` for the next page; empty: this was the last
  uint64_t units_total = 0;        // over all pages
};
Result<Forward> trace_forward(const Reader& reader, std::string_view code, const AsOf& as_of, std::string_view after, size_t limit);

// The recall list: forward, grouped by where the units are, with who acts and who must be told (registry and places).
struct RecallGroup {
  std::string custodian;
  std::string disposition;
  uint64_t units = 0;
  std::vector<std::string> examples;  // the first 16 codes, ascending
};
struct Recall {
  std::vector<std::string> lots;
  std::vector<RecallGroup> groups;   // ascending by (custodian, disposition)
  uint64_t units_total = 0;
  std::vector<std::string> agents;   // recall agents of the products hit
  std::vector<std::string> notify;   // party ids, ascending
};
Result<Recall> recall_list(const Reader& reader, std::string_view code, const AsOf& as_of);

// Mass balance of the transformations of a lot's making: sums in kg where every part is a mass (or has net_kg).
// (The serving layer reads the event; this gives the lot's own account.)
struct BalanceLine {
  Place place;
  int64_t event_time_ms = 0;
  Decimal amount;  // positive: came
  std::string uom;
  Decimal left;    // after this line
};
Result<std::vector<BalanceLine>> balance_of(const Reader& reader, std::string_view lot, const AsOf& as_of, size_t limit);

// The code's own chain, in log order: one page.
struct ChainEntry {
  uint64_t n = 0;
  StoredLink link;
};
Result<std::vector<ChainEntry>> chain_of(const Reader& reader, std::string_view code, uint64_t from_n, size_t limit, const AsOf& as_of);
Result<std::vector<Finding>> findings_at(const Reader& reader, Place place);

}  // namespace suyuan
