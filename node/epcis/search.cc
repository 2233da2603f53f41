#include "node/epcis/search.h"

#include <algorithm>
#include <array>
#include <limits>

namespace suyuan::epcis {
namespace {

// Fields in order of selectivity: the fewer events a value has, the earlier its field is here.
constexpr std::array<std::string_view, 24> kSelective = {
    "eventID",       "correctiveEventID", "transformationID", "epc",
    "parentID",      "inputEPC",          "outputEPC",        "epcClass",
    "inputEPCClass", "outputEPCClass",    "bizTransaction_",  "ILMD_",
    "deviceID",      "errorDeclaration",  "errorReason",      "uriValue",
    "readPoint",     "bizLocation",       "source_",          "destination_",
    "type",          "persistentDisposition_", "disposition", "bizStep"};

size_t rank_of(const std::string& field) {
  if (field.find("://") != std::string::npos) return 12;
  for (size_t i = 0; i < kSelective.size(); ++i) {
    const auto name = kSelective.at(i);
    if (name.ends_with('_') ? field.starts_with(name) : field == name) return i;
  }
  return kSelective.size();
}

// Returns terms such that every event that meets the condition has one of them; empty if the index
// has none.
std::vector<Term> leading_terms_of(const Condition& condition) {
  std::vector<Term> terms;
  for (const auto& field : condition.fields) {
    const bool extension = field.find("://") != std::string::npos && !field.starts_with("INNER_") &&
                           !field.starts_with("ATTR_");
    if (!is_term_name(field) && !extension) return {};
    if (condition.op == Op::exists) {
      if (field != "errorDeclaration" && field != "sensorElementList") return {};
      terms.push_back({.name = field, .text = {}});
      continue;
    }
    if (condition.op != Op::eq && condition.op != Op::match) return {};
    for (const Operand& operand : condition.any_of) {
      // Equal numbers and times have many spellings.
      if (condition.op == Op::eq && (operand.number || operand.ms)) return {};
      if (condition.op == Op::eq || !operand.pattern.exact.empty()) {
        terms.push_back({.name = field, .text = operand.text});
        continue;
      }
      if (operand.under.empty()) return {};
      terms.push_back({.name = std::string(kUnder), .text = operand.under});
    }
  }
  return terms;
}

std::vector<Term> leading_terms(const Query& query, size_t scopes) {
  std::vector<Term> best;
  size_t best_rank = std::numeric_limits<size_t>::max();
  for (const Condition& condition : query.conditions) {
    auto terms = leading_terms_of(condition);
    if (terms.empty() || terms.size() * scopes > kStreamsMax) continue;
    size_t rank = 0;
    for (const auto& field : condition.fields) rank = std::max(rank, rank_of(field));
    if (rank >= best_rank) continue;
    best_rank = rank;
    best = std::move(terms);
  }
  return best;
}

// Walks the candidate events in the order of the answer.
class Walk {
 public:
  Walk(const Index& index, const EventSource& source, const SearchAsk& ask)
      : index_(index), source_(source), ask_(ask), ascending_(ask.query.ascending),
        leading_(leading_terms(ask.query, ask.scopes.size())) {
    const Query& query = ask.query;
    by_record_ = query.order_by == "recordTime" ||
                 (query.order_by.empty() && leading_.empty() &&
                  (query.record_time.ge_ms || query.record_time.lt_ms));
  }

  Result<Done> begin(const std::optional<Spot>& after) {
    if (by_record_ && !leading_.empty()) SUYUAN_TRY_DONE(sort_by_record());
    if (sorted_) {
      if (after) {
        const auto passed = [&](const Spot& spot) {
          return ascending_ ? spot <= *after : spot >= *after;
        };
        sorted_at_ = static_cast<size_t>(
            std::find_if_not(sorted_->begin(), sorted_->end(), passed) - sorted_->begin());
      }
      return Done{};
    }
    const auto terms = by_record_ || leading_.empty()
                           ? std::vector<Term>{{std::string(by_record_ ? kRecorded : kEvery), {}}}
                           : leading_;
    stream_.emplace(index_.stream(terms, ask_.scopes, ascending_));
    rows_.reset();
    if (after)
      stream_->seek(*after, false);
    else
      stream_->seek(start(), true);
    return Done{};
  }

  // Returns the next spot in order; nullopt at the end.
  Result<std::optional<Spot>> next() {
    SUYUAN_TRY(spot, read());
    if (!spot || is_past(*spot)) return std::optional<Spot>{};
    return spot;
  }

  // Returns the event at the spot if it is in the answer, nullopt otherwise.
  Result<std::optional<EventText>> take(const Spot& spot, FlatEvent* flat = nullptr) {
    if (spot.place.leaf >= ask_.from.size) return std::optional<EventText>{};
    SUYUAN_TRY(row, find(spot.place));
    if (!row || !ask_.query.record_time.holds(row->record_time_ms) ||
        !ask_.query.event_time.holds(row->event_time_ms) || !is_visible(*row)) {
      return std::optional<EventText>{};
    }
    SUYUAN_TRY(event, source_.load(spot.place));
    if (!event) return std::optional<EventText>{};
    bytes_read_ += event->json.size();
    const auto document = parse_json(event->json);
    if (!document) return std::optional<EventText>{};  // no query can find it; it hides no other
    SUYUAN_TRY(values, flatten(document->root()));
    if (!matches(ask_.query, values, row->record_time_ms)) return std::optional<EventText>{};
    event->record_time_ms = row->record_time_ms;
    if (flat != nullptr) *flat = std::move(values);
    return event;
  }
  // Of all events that take() compared with the query.
  size_t bytes_read() const { return bytes_read_; }

 private:
  Spot start() const {
    const TimeRange& range = by_record_ ? ask_.query.record_time : ask_.query.event_time;
    if (ascending_)
      return {.time_ms = range.ge_ms.value_or(std::numeric_limits<int64_t>::min()), .place = {}};
    const Place last{.leaf = std::numeric_limits<uint64_t>::max(),
                     .event = std::numeric_limits<uint32_t>::max()};
    return {.time_ms = range.lt_ms.value_or(std::numeric_limits<int64_t>::max()), .place = last};
  }

  // True if nothing further can be within the requested times.
  bool is_past(const Spot& spot) const {
    const TimeRange& range = by_record_ ? ask_.query.record_time : ask_.query.event_time;
    return ascending_ ? range.lt_ms && spot.time_ms >= *range.lt_ms
                      : range.ge_ms && spot.time_ms < *range.ge_ms;
  }

  // The index already separates these scopes; a row that contradicts that is not trusted.
  bool is_visible(const IndexRow& row) const {
    return std::any_of(row.scopes.begin(), row.scopes.end(), [&](const std::string& scope) {
      return std::find(ask_.scopes.begin(), ask_.scopes.end(), scope) != ask_.scopes.end();
    });
  }

  // The rows are as of after the stream was made: they have every event that it gives.
  Result<std::optional<IndexRow>> find(Place place) {
    if (!rows_) rows_.emplace(index_.event_rows());
    return rows_->find(place);
  }

  Result<std::optional<Spot>> read() {
    if (!sorted_) return stream_->next();
    if (sorted_at_ == sorted_->size()) return std::optional<Spot>{};
    return std::optional<Spot>((*sorted_)[sorted_at_++]);
  }

  // The leading rows are in order of event time. If they are few, they are sorted into the other
  // order here; otherwise the log is walked in that order, and its pages are shorter.
  Result<Done> sort_by_record() {
    SpotStream stream = index_.stream(leading_, ask_.scopes, true);
    stream.seek({.time_ms = std::numeric_limits<int64_t>::min(), .place = {}}, true);
    std::vector<Spot> spots;
    while (spots.size() <= kSortedEventsMax) {
      SUYUAN_TRY(spot, stream.next());
      if (!spot) break;
      SUYUAN_TRY(row, find(spot->place));
      if (row) spots.push_back({.time_ms = row->record_time_ms, .place = spot->place});
    }
    if (spots.size() > kSortedEventsMax) return Done{};
    std::sort(spots.begin(), spots.end());
    if (!ascending_) std::reverse(spots.begin(), spots.end());
    sorted_ = std::move(spots);
    return Done{};
  }

  const Index& index_;
  const EventSource& source_;
  const SearchAsk& ask_;
  const bool ascending_;
  const std::vector<Term> leading_;
  bool by_record_ = false;
  std::optional<SpotStream> stream_;
  std::optional<EventRows> rows_;
  std::optional<std::vector<Spot>> sorted_;
  size_t sorted_at_ = 0;
  size_t bytes_read_ = 0;
};

// More than maxEventCount is an error of the whole query, so all are counted first.
Result<Done> check_count(const Index& index, const EventSource& source, const SearchAsk& ask) {
  Walk walk(index, source, ask);
  SUYUAN_TRY_DONE(walk.begin({}));
  uint64_t count = 0;
  for (size_t steps = 0;; ++steps) {
    SUYUAN_TRY(spot, walk.next());
    if (!spot) return Done{};
    if (steps == kCountStepsMax || walk.bytes_read() > kCountBytesMax) {
      return fail(Code::TOO_COMPLEX,
                  "more than 20,000 events or 32 MiB would have to be read to count them; "
                  "name times or codes",
                  "maxEventCount");
    }
    SUYUAN_TRY(event, walk.take(*spot));
    if (event && ++count > *ask.query.max_event_count) {
      return fail(Code::TOO_LARGE,
                  "more than " + std::to_string(*ask.query.max_event_count) + " events match",
                  "maxEventCount");
    }
  }
}

// Orders by a field of an extension: gathers all matches, sorts them, and cuts out the page.
Result<SearchPage> search_sorted(const Index& index, const EventSource& source,
                                 const SearchAsk& ask) {
  struct Found {
    EventText event;
    std::optional<Field> field;
  };
  Walk walk(index, source, ask);
  SUYUAN_TRY_DONE(walk.begin({}));
  std::vector<Found> all;
  for (size_t steps = 0;; ++steps) {
    SUYUAN_TRY(spot, walk.next());
    if (!spot) break;
    if (steps == kCountStepsMax || all.size() > kSortedEventsMax ||
        walk.bytes_read() > kCountBytesMax) {
      return fail(Code::TOO_COMPLEX,
                  "an order by an extension is for at most 2,000 events of 32 MiB; name times or "
                  "codes",
                  "orderBy");
    }
    FlatEvent flat;
    SUYUAN_TRY(event, walk.take(*spot, &flat));
    if (!event) continue;
    const Field* field = flat.first(ask.query.order_by);
    all.push_back({.event = *std::move(event),
                   .field = field == nullptr ? std::nullopt : std::optional<Field>(*field)});
  }
  const auto less = [](const Found& a, const Found& b) {
    if (!a.field || !b.field) return a.field.has_value() && !b.field.has_value();
    if (a.field->number && b.field->number) return *a.field->number < *b.field->number;
    if (a.field->ms && b.field->ms) return *a.field->ms < *b.field->ms;
    return a.field->text < b.field->text;
  };
  std::stable_sort(all.begin(), all.end(), [&](const Found& a, const Found& b) {
    return ask.query.ascending ? less(a, b) : less(b, a);
  });
  if (ask.query.event_count_limit && all.size() > *ask.query.event_count_limit)
    all.resize(static_cast<size_t>(*ask.query.event_count_limit));
  SearchPage page;
  const size_t begin = std::min<size_t>(ask.from.rank, all.size());
  const size_t end = std::min(begin + ask.limit, all.size());
  for (size_t i = begin; i < end; ++i) page.events.push_back(std::move(all[i].event));
  if (end < all.size())
    page.next = PageCursor{.size = ask.from.size, .after = {}, .rank = end, .remaining = {}};
  return page;
}

}  // namespace

Result<SearchPage> search(const Index& index, const EventSource& source, const SearchAsk& ask) {
  const Query& query = ask.query;
  const bool first = !ask.from.after && ask.from.rank == 0;
  if (query.max_event_count && first) SUYUAN_TRY_DONE(check_count(index, source, ask));
  if (query.order_by.find(':') != std::string::npos) return search_sorted(index, source, ask);

  Walk walk(index, source, ask);
  SUYUAN_TRY_DONE(walk.begin(ask.from.after));
  PageCursor at = ask.from;
  if (first) at.remaining = query.event_count_limit;
  SearchPage page;
  size_t bytes = 0;
  for (size_t steps = 0; steps < kPageStepsMax; ++steps) {
    if (at.remaining == 0) return page;
    if (page.events.size() == ask.limit || bytes > kPageBytesMax ||
        walk.bytes_read() > kReadBytesMax) {
      break;
    }
    SUYUAN_TRY(spot, walk.next());
    if (!spot) return page;
    SUYUAN_TRY(event, walk.take(*spot));
    at.after = spot;
    if (!event) continue;
    bytes += event->json.size();
    page.events.push_back(*std::move(event));
    if (at.remaining) --*at.remaining;
  }
  // Without looking ahead, the last page could be empty.
  if (at.remaining == 0) return page;
  SUYUAN_TRY(more, walk.next());
  if (more) page.next = at;
  return page;
}

}  // namespace suyuan::epcis
