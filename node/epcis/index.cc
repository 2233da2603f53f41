#include "node/epcis/index.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "ledger/base/coding.h"
#include "ledger/crypto/hash.h"
#include "ledger/os/folders.h"
#include "node/epcis/posting_writer.h"

namespace suyuan::epcis {
namespace {

constexpr uint32_t kIndexFormat = 6;
constexpr BytesView kPosition = "P";
constexpr SideSizes kSizes{.open_files_max = 64, .can_be_remade = true};
constexpr size_t kScopeBytes = 8;
constexpr size_t kKnownValuesMax = 1 << 14;
constexpr size_t kValueBytesMax = 1024;
// Rows examined for one answer about values.
constexpr size_t kValueStepsMax = 20'000;

Bytes scope_key(std::string_view scope) {
  return Bytes(sha256({"suyuan/epcis/scope\n", scope}).view().substr(0, kScopeBytes));
}

// The text whose hash names a term in a scope.
void make_term_text(std::string_view scope, std::string_view name, std::string_view text,
                    Bytes& out) {
  out.assign(scope);
  out += '\0';
  out += name;
  out += '\0';
  out += text;
}

Bytes term_of_text(BytesView term_text) {
  return Bytes(sha256({"suyuan/epcis/term\n", term_text}).view().substr(0, kTermBytes));
}

Bytes event_key(Place place) { return "E" + place_key(place); }

Bytes value_prefix(std::string_view scope, ValueKind kind) {
  Bytes key = "V" + scope_key(scope);
  put_u8(key, static_cast<uint8_t>(kind));
  return key;
}

std::optional<ValueKind> kind_of(std::string_view field) {
  if (field == "eventType") return ValueKind::event_type;
  if (field == "bizStep") return ValueKind::biz_step;
  if (field == "bizLocation") return ValueKind::biz_location;
  if (field == "readPoint") return ValueKind::read_point;
  if (field == "disposition") return ValueKind::disposition;
  for (const std::string_view code : {"epc", "parentID", "inputEPC", "outputEPC", "epcClass",
                                      "inputEPCClass", "outputEPCClass"}) {
    if (field == code) return ValueKind::epc;
  }
  return std::nullopt;
}

Bytes encode_position(const LedgerId& ledger, uint64_t next_leaf) {
  Bytes row;
  put_u32(row, kIndexFormat);
  put_string(row, ledger.line());
  put_u64(row, next_leaf);
  return row;
}

// Returns nullopt if it is of another ledger or format.
std::optional<uint64_t> decode_position(BytesView bytes, const LedgerId& ledger) {
  Decoder decoder(bytes);
  uint32_t format = 0;
  Bytes line;
  uint64_t next_leaf = 0;
  const bool good = decoder.get_u32(format) && format == kIndexFormat && decoder.get_string(line) &&
                    line == ledger.line() && decoder.get_u64(next_leaf) && decoder.done();
  return good ? std::optional<uint64_t>(next_leaf) : std::nullopt;
}

// Returns nullopt if the rows must be built again: they are of another ledger or format, have no
// position, or are ahead of a log that was restored from a copy. Errors: IO, CORRUPT.
Result<std::optional<uint64_t>> position_in(const SideStore& store, const LedgerId& ledger,
                                            uint64_t leaves) {
  SUYUAN_TRY(row, store.get(kPosition));
  if (row) {
    const auto next_leaf = decode_position(*row, ledger);
    return next_leaf && *next_leaf <= leaves ? next_leaf : std::nullopt;
  }
  const auto rows = store.cursor();
  rows->seek("");
  SUYUAN_TRY_DONE(rows->status());
  return rows->valid() ? std::nullopt : std::optional<uint64_t>(0);
}

struct KeptRows {
  std::unique_ptr<SideStore> store;
  uint64_t next_leaf = 0;
};

// Returns no store if the rows must be built again. Errors: IO.
Result<KeptRows> open_kept(const std::string& folder, const LedgerId& ledger, uint64_t leaves) {
  if (IndexDamage::is_marked(folder)) return KeptRows{};  // unopened: it may not be whole
  const auto open = [&]() -> Result<KeptRows> {
    SUYUAN_TRY(store, open_side_store(folder, kSizes));
    SUYUAN_TRY(next_leaf, position_in(*store, ledger, leaves));
    if (!next_leaf) return KeptRows{};
    return KeptRows{.store = std::move(store), .next_leaf = *next_leaf};
  };
  auto kept = open();
  if (!kept && kept.error().code == Code::CORRUPT) return KeptRows{};
  return kept;
}

// Rows of one write; more are split. Rows written without the position are written again after a
// crash.
constexpr size_t kRowsMax = 1 << 16;
constexpr size_t kTermTextsBytesMax = size_t{8} << 20;

// Makes the rows of events and writes them. For each value only the first event counts.
class RowsOf {
 public:
  RowsOf(SideStore& store, std::unordered_set<Bytes>& known_values)
      : store_(store), known_values_(known_values) {}

  Result<Done> add(const IndexedEvent& event) {
    add_row(event);
    const Spot by_event = stored_spot({.time_ms = event.event_time_ms, .place = event.place});
    const Spot by_record = stored_spot({.time_ms = event.record_time_ms, .place = event.place});
    for (const auto& scope : event.scopes) {
      add_spot(scope, kRecorded, {}, by_record);
      for (const Term& term : event.terms) {
        if (add_spot(scope, term.name, term.text, by_event)) add_value(scope, term, event.place);
        if (spots_ + rows_.size() >= kRowsMax || text_bytes_ >= kTermTextsBytesMax)
          SUYUAN_TRY_DONE(write());
      }
    }
    return Done{};
  }

  // The blocks of events are written together with the position. So a crash leaves none behind that
  // begins after the position, and would hide a block that was cut otherwise the second time.
  Result<Done> finish(BytesView position) {
    put_block();
    events_.for_each([this](BytesView key, BytesView value, bool) { rows_.put(key, value); });
    rows_.put(kPosition, position);
    return write();
  }

 private:
  void add_row(const IndexedEvent& event) {
    const auto added = [&] {
      return block_.add(event.place, event.event_time_ms, event.record_time_ms, event.scopes);
    };
    if (added()) return;
    put_block();
    SUYUAN_CHECK(added());
  }
  void put_block() {
    if (block_.empty()) return;
    events_.put(event_key(block_.first()), block_.value());
    block_.clear();
  }

  // Returns whether it is the term's first one of this write.
  bool add_spot(std::string_view scope, std::string_view name, std::string_view text,
                const Spot& spot) {
    make_term_text(scope, name, text, term_text_);
    std::vector<Spot>& spots = terms_[term_text_];
    spots.push_back(spot);
    ++spots_;
    if (spots.size() > 1) return false;
    text_bytes_ += term_text_.size();
    return true;
  }

  // The least place is kept, so whether others had the value need not be read.
  void add_value(const std::string& scope, const Term& term, Place place) {
    const auto kind = kind_of(term.name);
    if (!kind || term.text.empty() || term.text.size() > kValueBytesMax) return;
    Bytes key = value_prefix(scope, *kind) + term.text;
    if (known_values_.contains(key)) return;
    rows_.put_least(key, place_key(place));
    if (known_values_.size() >= kKnownValuesMax) known_values_.clear();
    known_values_.insert(std::move(key));
  }

  Result<Done> write() {
    // Two texts can have one hash. Added one by one, their blocks could overlap.
    std::unordered_map<Bytes, std::vector<Spot>> by_hash;
    by_hash.reserve(terms_.size());
    for (auto& [text, spots] : terms_) {
      std::vector<Spot>& all = by_hash[term_of_text(text)];
      if (all.empty())
        all = std::move(spots);
      else
        all.insert(all.end(), spots.begin(), spots.end());
    }
    PostingWriter postings(store_, rows_);
    for (auto& [hash, spots] : by_hash) SUYUAN_TRY_DONE(postings.add(hash, spots));
    SUYUAN_TRY_DONE(store_.write(rows_));
    rows_.clear();
    terms_.clear();
    spots_ = 0;
    text_bytes_ = 0;
    return Done{};
  }

  SideStore& store_;
  std::unordered_set<Bytes>& known_values_;
  SideRows rows_;
  EventBlockWriter block_;
  SideRows events_;  // of finish()
  std::unordered_map<Bytes, std::vector<Spot>> terms_;  // by their texts
  size_t spots_ = 0;                                    // of all terms_
  size_t text_bytes_ = 0;
  Bytes term_text_;                                     // kept for its memory
};

}  // namespace

Result<std::unique_ptr<Index>> Index::open(const std::string& folder, const LedgerId& ledger,
                                           uint64_t leaves) {
  SUYUAN_TRY_DONE(remove_leftover(folder));
  SUYUAN_TRY_DONE(make_folder(folder));
  SUYUAN_TRY(kept, open_kept(folder, ledger, leaves));
  if (!kept.store) {
    SUYUAN_TRY_DONE(clear_folder(folder));
    SUYUAN_TRY_DONE(make_folder(folder));
    SUYUAN_TRY(store, open_side_store(folder, kSizes));
    kept.store = std::move(store);
  }
  return std::unique_ptr<Index>(new Index(std::move(kept.store), folder, ledger, kept.next_leaf));
}

Result<Done> Index::add(const std::vector<IndexedEvent>& events, uint64_t next_leaf) {
  const auto write = [&]() -> Result<Done> {
    RowsOf rows(*store_, known_values_);
    for (const auto& event : events) SUYUAN_TRY_DONE(rows.add(event));
    return rows.finish(encode_position(ledger_, next_leaf));
  };
  if (auto written = write(); !written) {
    known_values_.clear();  // some of them may not have been put
    return damage_->checked(std::move(written));
  }
  next_leaf_ = next_leaf;
  return Done{};
}

Result<std::optional<IndexRow>> EventRows::read(Place place) {
  SUYUAN_TRY(near, read_here(place));
  if (near) return near;
  rows_->seek_backward(event_key(place) + '\0');  // the last row at or before the place
  SUYUAN_TRY_DONE(rows_->status());
  return read_here(place);
}

// In the row at the cursor.
Result<std::optional<IndexRow>> EventRows::read_here(Place place) const {
  if (!rows_->valid() || !rows_->key().starts_with('E')) return std::optional<IndexRow>{};
  SUYUAN_TRY(first, decode_place_key(rows_->key().substr(1)));
  if (place < first) return std::optional<IndexRow>{};
  for (EventBlockReader events(first, rows_->value());;) {
    SUYUAN_TRY(more, events.next());
    if (!more || place < events.place()) return std::optional<IndexRow>{};
    if (events.place() == place) return std::optional<IndexRow>(events.row());
  }
}

SpotStream Index::stream(const std::vector<Term>& terms, const std::vector<std::string>& scopes,
                         bool ascending) const {
  std::vector<Bytes> hashes;
  Bytes text;
  for (const auto& scope : scopes) {
    for (const Term& term : terms) {
      make_term_text(scope, term.name, term.text, text);
      hashes.push_back(term_of_text(text));
    }
  }
  return SpotStream(*store_, std::move(hashes), ascending, damage_.get());
}

Result<Index::Values> Index::values(ValueKind kind, const std::vector<std::string>& scopes,
                                    std::string_view after, uint64_t before, size_t limit) const {
  return damage_->checked(read_values(kind, scopes, after, before, limit));
}

Result<Index::Values> Index::read_values(ValueKind kind, const std::vector<std::string>& scopes,
                                         std::string_view after, uint64_t before,
                                         size_t limit) const {
  std::set<std::string> found;
  size_t steps = 0;
  for (const auto& scope : scopes) {
    const Bytes prefix = value_prefix(scope, kind);
    Bytes from = prefix + Bytes(after);
    if (!after.empty()) from += '\0';
    size_t of_scope = 0;
    bool good = true;
    SUYUAN_TRY_DONE(store_->scan(from, after_prefix(prefix), Direction::ascending,
                                 [&](BytesView key, BytesView value) {
                                   const auto place = decode_place_key(value);
                                   good = place.has_value();
                                   if (!good || ++steps > kValueStepsMax) return false;
                                   if (place->leaf >= before) return true;
                                   found.emplace(key.substr(prefix.size()));
                                   return ++of_scope <= limit;
                                 }));
    if (!good) return fail(Code::CORRUPT, "a row of the EPCIS index is damaged");
  }
  if (steps > kValueStepsMax)
    return fail(Code::TOO_COMPLEX, "too many values came after the first page; begin again");
  Values values;
  for (const auto& one : found) {
    if (values.values.size() == limit) {
      values.more = true;
      break;
    }
    values.values.push_back(one);
  }
  return values;
}

Result<bool> Index::has_value(ValueKind kind, const std::vector<std::string>& scopes,
                              std::string_view value, uint64_t before) const {
  return damage_->checked(read_has_value(kind, scopes, value, before));
}

Result<bool> Index::read_has_value(ValueKind kind, const std::vector<std::string>& scopes,
                                   std::string_view value, uint64_t before) const {
  for (const auto& scope : scopes) {
    SUYUAN_TRY(row, store_->get(value_prefix(scope, kind) + Bytes(value)));
    if (!row) continue;
    SUYUAN_TRY(place, decode_place_key(*row));
    if (place.leaf < before) return true;
  }
  return false;
}

}  // namespace suyuan::epcis
