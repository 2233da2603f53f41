// The verdict of a scan (docs/scans.md): combines what the ledger and the scans say of a code into
// one of nine words, with reasons. Pure: the caller counts scans and measures distances.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/code/code.h"
#include "ledger/provenance/provenance.h"
#include "ledger/registry/state.h"

namespace suyuan {

// In order of precedence: the first that applies.
#define SUYUAN_VERDICTS(X) \
  X(UNKNOWN_CODE)          \
  X(CODE_RETIRED)          \
  X(RECALLED)              \
  X(NOT_FOR_SALE)          \
  X(INCOMPLETE_CHAIN)      \
  X(CLONE_SUSPECT)         \
  X(GENUINE_OWNER)         \
  X(GENUINE_FIRST_SCAN)    \
  X(GENUINE_REPEAT)

enum class ScanVerdict : uint8_t {
#define SUYUAN_X(name) name,
  SUYUAN_VERDICTS(SUYUAN_X)
#undef SUYUAN_X
};
std::string_view word(ScanVerdict);
std::optional<ScanVerdict> scan_verdict_from(std::string_view);

struct BothLanguages {
  std::string zh;
  std::string en;
  friend bool operator==(const BothLanguages&, const BothLanguages&) = default;
};
BothLanguages title_of(ScanVerdict);
BothLanguages advice_of(ScanVerdict);

struct VerdictReason {
  std::string code;  // "STEP_MISSING", see docs/scans.md; new ones may be added
  BothLanguages text;
  std::vector<Place> events = {};
  friend bool operator==(const VerdictReason&, const VerdictReason&) = default;
};
// Returns advice_of(verdict); a suspect label whose inner code was right has advice of its own.
BothLanguages advice_for(ScanVerdict verdict, const std::vector<VerdictReason>& reasons);

// A step that the product's journey must show, and the events that show it.
struct ChainStep {
  std::string step;
  BothLanguages title;
  bool done = false;          // recorded, as far as the verdict says so (docs/scans.md)
  std::vector<Place> events;  // public ones; none although done: withheld
  friend bool operator==(const ChainStep&, const ChainStep&) = default;
};

// The thresholds and lists of a verdict; an operator may change each (docs/scans.md, Policy).
struct ScanPolicy {
  uint32_t geo_speed_kmh = 900;
  uint32_t geo_min_km = 100;
  uint32_t repeat_limit = 5;   // devices without inner code, except the first
  uint32_t places_limit = 4;   // places within places_hours
  uint32_t places_hours = 24;
  uint32_t clone_days = 30;    // older scans do not count against the label
  uint32_t kept_days = 180;
  // Dispositions of a thing that may be sold or was sold. An unstated one counts as such.
  std::vector<std::string> for_sale = {"available",       "conformant",
                                       "dispensed",       "partially_dispensed",
                                       "retail_sold",     "sellable_accessible",
                                       "sellable_not_accessible"};
  // Dispositions that a thing in a consumer's hands cannot have.
  std::vector<std::string> retired = {"sampled", "destroyed", "disposed", "inactive"};
  // Required steps of products for which the registry states none: the first rule that matches.
  struct Rule {
    std::string hs = {};          // prefix of the tariff number; empty: any
    std::string gtin = {};        // prefix of the GTIN; empty: any
    std::string trade_mode = {};  // of its declaration; empty: any
    std::vector<std::string> steps;
    friend bool operator==(const Rule&, const Rule&) = default;
  };
  std::vector<Rule> rules = {};
  std::vector<std::string> default_steps = {"made"};
  friend bool operator==(const ScanPolicy&, const ScanPolicy&) = default;
};
// Returns the product's own steps, else those of the first matching rule, else the default.
// `product`: null if not registered.
const std::vector<std::string>& required_steps(const ScanPolicy& policy, const ProductData* product,
                                               std::string_view gtin, std::string_view trade_mode);

// What the ledger says of a code. It is read from all events, withheld ones too; places and words
// come only from public ones.
struct Journey {
  std::string code;
  CodeType type = CodeType::uri;
  bool named = false;        // an event names it
  std::vector<Place> makings;    // the events that made it
  std::string ended;         // how it ended; empty: it has not
  std::string disposition;
  // The end and the disposition are public, so they may be quoted.
  bool end_shown = true;
  bool disposition_shown = true;
  std::string custodian;
  std::vector<Place> end_events;
  bool recalled = false;     // by an inspection, public or not
  std::vector<Place> recalls;
  std::vector<ChainStep> steps;
  bool all_shown = true;         // nothing of its journey is withheld
  std::vector<Finding> flags;    // of its journey, those that leave a gap in it
  std::vector<Place> remarks;    // by parties that did not hold the thing
};

// The answers of trace_back for a verdict. Nullopt: NOT_FOUND.
struct VerdictTraces {
  std::optional<Trace> whole;     // from all events: the basis of the verdict
  std::optional<Trace> everyones; // from public events: what may be quoted
  bool differ = false;            // something is withheld
};
Result<VerdictTraces> traces_of(const Reader& reader, std::string_view code, int64_t at_ms);
Result<Journey> read_journey(const Reader& reader, const ProductCode& code, int64_t at_ms,
                             const VerdictTraces& traces,
                             const std::vector<std::string>& required);
// Returns the required steps as the verdict shows them: unless it says that all are recorded, only
// steps with a public event count as done.
std::vector<ChainStep> steps_told(const Journey& journey, ScanVerdict verdict);

struct Seen {
  int64_t time_ms = 0;
  std::string place;          // empty: not stated
  std::string place_en = {};  // with the city's English name; empty: it has no other
  friend bool operator==(const Seen&, const Seen&) = default;
};
struct SeenPlace {
  std::string place;
  uint64_t count = 0;
  std::string place_en = {};  // as in Seen
  friend bool operator==(const SeenPlace&, const SeenPlace&) = default;
};

// The scans of one code since it may be sold, including the current one, as sums.
struct ScanSummary {
  bool available = false;  // the scan store was readable; else nothing below counts
  uint64_t count = 0;
  uint64_t by_this_device = 0;
  uint64_t devices = 0;
  std::optional<Seen> first = {};
  std::optional<Seen> last = {};
  std::vector<SeenPlace> places = {};
  // Two scans too far apart for any means of travel.
  struct Leap {
    Seen from;
    Seen to;
    uint32_t km = 0;
    uint32_t minutes = 0;
    friend bool operator==(const Leap&, const Leap&) = default;
  };
  std::optional<Leap> leap = {};
  uint32_t most_places = 0;  // within policy.places_hours
  uint32_t repeats = 0;      // devices, except the first, that never sent the inner code
  friend bool operator==(const ScanSummary&, const ScanSummary&) = default;
};

// How the inner code of the scan compares with the ledger's commitment.
enum class InnerCode : uint8_t { none, right, wrong, unknown };

struct ScanJudged {
  ScanVerdict verdict = ScanVerdict::UNKNOWN_CODE;
  std::vector<VerdictReason> reasons;  // never empty; the first one decided
};
// Returns what the ledger decides by itself; nullopt: it has nothing against the thing.
std::optional<ScanJudged> judge_journey(const Journey& journey, const ScanPolicy& policy);
// Requires: judge_journey() returned nullopt. `this_scan`: the summary includes a current scan.
ScanJudged judge_scans(const Journey& journey, const ScanSummary& scans, InnerCode inner,
                   bool this_scan, const ScanPolicy& policy);

// The answer to the requester.
struct VerdictView {
  ScanVerdict verdict = ScanVerdict::UNKNOWN_CODE;
  BothLanguages title;
  BothLanguages advice;
  int64_t at_ms = 0;
  std::vector<VerdictReason> reasons;
  std::vector<ChainStep> steps;
  ScanSummary scans;
  bool recorded = false;   // the scan was stored
  uint32_t kept_days = 0;
};

}  // namespace suyuan
