// Facts as one answer reads them: as of its time and log size, with the rows that it may look at.
// Internal to this folder.
#pragma once

#include <vector>

#include "ledger/apply/fact_reader.h"
#include "ledger/provenance/provenance.h"

namespace suyuan {

// Both ends belong to it.
struct Window {
  Instant from = {kTimeMin, {}};
  Instant to = {kTimeMax, kPlaceMax};
  bool holds(Instant when) const { return from <= when && when <= to; }
  bool covers(const Window& other) const { return from <= other.from && other.to <= to; }
};
Instant end_of(const AsOf& as_of);  // the last instant that the question speaks of
Window window_of(const Inside& stay, const Window& within);

// One code at a time with all its facts read in one piece: most have few, and they lie side by
// side, so one seek does the work of ten. A code with many is read from the store beneath, scan by
// scan. Not to be turned while a scan of it goes on.
class OneCode final : public Reader {
 public:
  explicit OneCode(const Reader& beneath) : beneath_(beneath) {}
  Result<Done> turn_to(const Hash& code_key);

  Result<std::optional<Bytes>> get(Table table, BytesView key) const override;
  Result<Done> scan(Table table, BytesView from, BytesView to, Direction direction,
                    const RowVisitor& visit) const override;

 private:
  struct Row {
    size_t start, key_size, value_size;  // in bytes_
  };
  BytesView key_of(const Row& row) const {
    return BytesView(bytes_).substr(row.start, row.key_size);
  }
  bool visit_row(const Row& row, const RowVisitor& visit) const;

  const Reader& beneath_;
  std::optional<Hash> code_key_;
  bool whole_ = false;  // the rows of code_key_ are all here
  Bytes bytes_;
  std::vector<Row> rows_;
};

// Neither copied nor moved: its parts point at each other.
class Facts {
 public:
  Facts(const Reader& store, const AsOf& as_of, uint64_t steps_max)
      : budget_(steps_max),
        rows_(store),
        reader_(rows_, as_of.known_at, budget_, as_of.sight),
        end_(end_of(as_of)),
        store_(store) {}
  Facts(const Facts&) = delete;
  Facts& operator=(const Facts&) = delete;

  const Reader& store() const { return store_; }
  const FactReader& reader() const { return reader_; }
  Instant end() const { return end_; }
  // Says which code is asked about next; reads of others stay right, only slower.
  Result<Done> turn_to(const Hash& code_key) { return rows_.turn_to(code_key); }
  Result<Done> each(const Hash& code_key, Aspect aspect, const Window& window,
                    const FactReader::Visitor& visit, Withdrawn withdrawn = Withdrawn::skip) const;
  // The last one within the window.
  Result<std::optional<Fact>> latest(const Hash& code_key, Aspect aspect,
                                     const Window& window) const;

 private:
  StepBudget budget_;
  OneCode rows_;
  FactReader reader_;
  Instant end_;
  const Reader& store_;
};

// NOT_FOUND: no event names the code, or states it as the lot of units, as of the question.
Result<Done> check_named(const Facts& facts, std::string_view code, const Hash& code_key);

}  // namespace suyuan
