// Facts as one answer reads them: at its time and log size, and only the rows that it may read.
// Internal to this folder.
#pragma once

#include <memory>
#include <vector>

#include "ledger/apply/fact_reader.h"
#include "ledger/provenance/provenance.h"
#include "ledger/store/scanner.h"

namespace suyuan {

// Includes both ends.
struct Window {
  Instant from = {kTimeMin, {}};
  Instant to = {kTimeMax, kPlaceMax};
  bool holds(Instant when) const { return from <= when && when <= to; }
  bool covers(const Window& other) const { return from <= other.from && other.to <= to; }
};
Instant end_of(const AsOf& as_of);  // the last instant that the question covers
Window window_of(const Inside& stay, const Window& within);

// The codes that were read lately, each with all its facts at once: most have few, and those are
// neighbours, so one seek does the work of ten. A code with many facts is read from the store scan
// by scan. Single-threaded.
class FactCache final : public Reader {
 public:
  FactCache(const Reader& beneath, Rereads rereads)
      : beneath_(beneath), facts_(scanner_of(beneath, Table::fact, rereads)) {}
  Result<Done> turn_to(const Hash& code_key) const;
  // Announces the codes that will be turned to, in this order, and replaces earlier announcements.
  // They are read here in the order of their keys, so that codes in one block of the store share
  // it. If there are very many, some are still read one by one: the memory is bounded.
  Result<Done> read_ahead(const std::vector<Hash>& code_keys) const;

  // Whether the code is known to have no fact of this aspect, without a scan.
  bool lacks(const Hash& code_key, Aspect aspect) const;

  Result<std::optional<Bytes>> get(Table table, BytesView key) const override;
  Result<Done> scan(Table table, BytesView from, BytesView to, Direction direction,
                    const RowVisitor& visit) const override;

 private:
  struct Row {
    uint32_t start, key_size, value_size;  // in `bytes`
  };
  struct OneCode {
    Hash code_key;
    bool whole = true;  // all its rows are here; else none is
    uint32_t aspects = 0;  // bit n: it has rows of Aspect n
    Bytes bytes = {};
    std::vector<Row> rows = {};
    size_t memory() const {
      return sizeof(*this) + bytes.capacity() + rows.capacity() * sizeof(Row);
    }
    BytesView key_of(const Row& row) const {
      return BytesView(bytes).substr(row.start, row.key_size);
    }
    bool visit_row(const Row& row, const RowVisitor& visit) const;
    void scan(BytesView from, BytesView to, Direction direction, const RowVisitor& visit) const;
  };
  using Kept = std::shared_ptr<const OneCode>;  // a scan may continue while others replace it
  struct Announced {
    Hash code_key;
    Kept code = {};  // null: not read
  };
  Result<Kept> code_of(const Hash& code_key) const;
  Result<Kept> read(const Hash& code_key) const;
  Kept kept(const Hash& code_key) const;  // null: it was not read lately
  Kept keep(Kept code) const;

  const Reader& beneath_;
  const std::unique_ptr<Scanner> facts_;
  mutable std::vector<Kept> lately_;  // the newest last
  mutable std::vector<Announced> ahead_;
  mutable size_t turned_ = 0;  // of those in ahead_
};

// Neither copied nor moved: its parts point at each other.
class Facts {
 public:
  Facts(const Reader& store, const AsOf& as_of, uint64_t steps_max,
        Rereads rereads = Rereads::likely)
      : budget_(steps_max),
        rows_(store, rereads),
        reader_(rows_, as_of.known_at, budget_, as_of.filter),
        end_(end_of(as_of)),
        store_(store) {}
  Facts(const Facts&) = delete;
  Facts& operator=(const Facts&) = delete;

  const Reader& store() const { return store_; }
  const FactReader& reader() const { return reader_; }
  Instant end() const { return end_; }
  // Says which code is queried next.
  Result<Done> turn_to(const Hash& code_key) { return rows_.turn_to(code_key); }
  Result<Done> read_ahead(const std::vector<Hash>& codes) { return rows_.read_ahead(codes); }
  Result<Done> each(const Hash& code_key, Aspect aspect, const Window& window,
                    const FactReader::Visitor& visit, Withdrawn withdrawn = Withdrawn::skip) const;
  // Facts of the same code and aspect after this one, ascending, to the end.
  Result<Done> each_after(const FactKey& after, const FactReader::Visitor& visit) const;
  // The last one in the window.
  Result<std::optional<Fact>> latest(const Hash& code_key, Aspect aspect,
                                     const Window& window) const;

 private:
  mutable StepBudget budget_;
  FactCache rows_;
  FactReader reader_;
  Instant end_;
  const Reader& store_;
};

// Errors: NOT_FOUND (at the time of the question no event names the code, or states it as the lot
// of units).
Result<Done> check_named(const Facts& facts, std::string_view code, const Hash& code_key);

}  // namespace suyuan
