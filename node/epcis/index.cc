#include "node/epcis/index.h"

#include <algorithm>
#include <set>

#include "ledger/base/coding.h"
#include "ledger/crypto/hash.h"
#include "ledger/os/folders.h"

namespace suyuan::epcis {
namespace {

constexpr uint32_t kIndexFormat = 1;
constexpr BytesView kPosition = "P";
constexpr size_t kScopeBytes = 8;
constexpr size_t kTermBytes = 16;
constexpr size_t kValueBytesMax = 1024;
// Of one answer about values: rows looked at.
constexpr size_t kValueStepsMax = 20'000;

Bytes scope_key(std::string_view scope) {
  return Bytes(sha256({"suyuan/epcis/scope\n", scope}).view().substr(0, kScopeBytes));
}

Bytes term_prefix(std::string_view scope, const Term& term) {
  const Hash hash = sha256({"suyuan/epcis/term\n", term.name, BytesView("\0", 1), term.text});
  return "T" + scope_key(scope) + Bytes(hash.view().substr(0, kTermBytes));
}

Bytes spot_key(const Bytes& prefix, const Spot& spot) {
  Bytes key = prefix;
  put_i64(key, spot.time_ms);
  key += place_key(spot.place);
  return key;
}

std::optional<Spot> spot_of(BytesView key) {
  Decoder decoder(key);
  Spot spot;
  if (!decoder.get_i64(spot.time_ms) || !decoder.get_u64(spot.place.leaf) ||
      !decoder.get_u32(spot.place.event) || !decoder.done()) {
    return std::nullopt;
  }
  return spot;
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

Bytes encode_index_row(const IndexedEvent& event) {
  Bytes row;
  put_i64(row, event.event_time_ms);
  put_i64(row, event.record_time_ms);
  put_u16(row, static_cast<uint16_t>(event.scopes.size()));
  for (const auto& scope : event.scopes) put_string(row, scope);
  return row;
}

Result<IndexRow> decode_index_row(BytesView bytes) {
  Decoder decoder(bytes);
  IndexRow row;
  uint16_t count = 0;
  bool good = decoder.get_i64(row.event_time_ms) && decoder.get_i64(row.record_time_ms) &&
              decoder.get_u16(count);
  for (uint16_t i = 0; good && i < count; ++i) {
    good = decoder.get_string(row.scopes.emplace_back());
  }
  if (!good || !decoder.done()) return fail(Code::CORRUPT, "a row of the EPCIS index is damaged");
  return row;
}

Bytes encode_position(const LedgerId& ledger, uint64_t next_leaf) {
  Bytes row;
  put_u32(row, kIndexFormat);
  put_string(row, ledger.line());
  put_u64(row, next_leaf);
  return row;
}

// Nullopt: there is none, or it is of another ledger or format: the rows are made anew.
std::optional<uint64_t> decode_position(BytesView bytes, const LedgerId& ledger) {
  Decoder decoder(bytes);
  uint32_t format = 0;
  Bytes line;
  uint64_t next_leaf = 0;
  const bool good = decoder.get_u32(format) && format == kIndexFormat && decoder.get_string(line) &&
                    line == ledger.line() && decoder.get_u64(next_leaf) && decoder.done();
  return good ? std::optional<uint64_t>(next_leaf) : std::nullopt;
}

// Rows of one write; more go in several. What was written without the position is written again
// after a crash.
constexpr size_t kRowsMax = 1 << 16;

// The rows of events; of each value only the first event counts.
class RowsOf {
 public:
  explicit RowsOf(SideStore& store) : store_(store) {}

  Result<Done> add(const IndexedEvent& event) {
    rows.push_back({.key = event_key(event.place), .value = encode_index_row(event)});
    const Spot by_event{.time_ms = event.event_time_ms, .place = event.place};
    const Spot by_record{.time_ms = event.record_time_ms, .place = event.place};
    for (const auto& scope : event.scopes) {
      const Term recorded{.name = std::string(kRecorded), .text = {}};
      rows.push_back({.key = spot_key(term_prefix(scope, recorded), by_record), .value = Bytes()});
      for (const Term& term : event.terms) {
        rows.push_back({.key = spot_key(term_prefix(scope, term), by_event), .value = Bytes()});
        SUYUAN_TRY_DONE(add_value(scope, term, event.place));
        if (rows.size() >= kRowsMax) SUYUAN_TRY_DONE(write());
      }
    }
    return Done{};
  }

  std::vector<SideRow> rows;

 private:
  Result<Done> add_value(const std::string& scope, const Term& term, Place place) {
    const auto kind = kind_of(term.name);
    if (!kind || term.text.empty() || term.text.size() > kValueBytesMax) return Done{};
    Bytes key = value_prefix(scope, *kind) + term.text;
    if (!seen_.insert(key).second) return Done{};
    SUYUAN_TRY(known, store_.get(key));
    if (!known) rows.push_back({.key = std::move(key), .value = place_key(place)});
    return Done{};
  }

  Result<Done> write() {
    SUYUAN_TRY_DONE(store_.write(rows, false));
    rows.clear();
    seen_.clear();  // they are in the store now
    return Done{};
  }

  SideStore& store_;
  std::set<Bytes> seen_;
};

}  // namespace

SpotStream::SpotStream(const SideStore& store, std::vector<Bytes> prefixes, bool ascending)
    : ascending_(ascending) {
  std::sort(prefixes.begin(), prefixes.end());
  prefixes.erase(std::unique(prefixes.begin(), prefixes.end()), prefixes.end());
  for (auto& prefix : prefixes)
    all_.push_back({.prefix = std::move(prefix), .rows = store.cursor(), .spot = {}});
}

void SpotStream::read(One& one) const {
  const bool there = one.rows->valid() && one.rows->key().starts_with(one.prefix);
  one.spot = there ? spot_of(one.rows->key().substr(one.prefix.size())) : std::nullopt;
}

void SpotStream::seek(const Spot& spot, bool at) {
  for (One& one : all_) {
    Bytes key = spot_key(one.prefix, spot);
    // With a byte more it is the next key that there can be: forward that passes the spot over,
    // and backward, where a seek ends before the key, it takes it in.
    if (ascending_ != at) key += '\0';
    if (ascending_)
      one.rows->seek(key);
    else
      one.rows->seek_backward(key);
    read(one);
  }
}

Result<std::optional<Spot>> SpotStream::next() {
  std::optional<Spot> best;
  for (const One& one : all_) {
    SUYUAN_TRY_DONE(one.rows->status());
    if (one.spot && (!best || (ascending_ ? *one.spot < *best : *one.spot > *best)))
      best = one.spot;
  }
  if (!best) return std::optional<Spot>{};
  for (One& one : all_) {
    if (one.spot != best) continue;
    if (ascending_)
      one.rows->next();
    else
      one.rows->previous();
    read(one);
  }
  return best;
}

Result<std::unique_ptr<Index>> Index::open(const std::string& folder, const LedgerId& ledger,
                                           uint64_t leaves) {
  SUYUAN_TRY_DONE(make_folder(folder));
  auto opened = open_side_store(folder);
  if (!opened && opened.error().code != Code::CORRUPT) return Unexpected(opened.error());
  std::optional<uint64_t> next_leaf;
  bool fresh = false;
  if (opened) {
    SUYUAN_TRY(row, (*opened)->get(kPosition));
    fresh = !row;
    if (row) next_leaf = decode_position(*row, ledger);
    if (next_leaf > leaves) next_leaf = std::nullopt;
  }
  if (!next_leaf && !fresh) {
    // Damaged, of another ledger or format, or ahead of a log that was restored from a copy. It can
    // always be made again.
    if (opened) opened->reset();
    SUYUAN_TRY_DONE(remove_folder(folder));
    SUYUAN_TRY_DONE(make_folder(folder));
    opened = open_side_store(folder);
  }
  SUYUAN_TRY(store, std::move(opened));
  return std::unique_ptr<Index>(new Index(std::move(store), ledger, next_leaf.value_or(0)));
}

Result<Done> Index::add(const std::vector<IndexedEvent>& events, uint64_t next_leaf) {
  RowsOf rows(*store_);
  for (const auto& event : events) SUYUAN_TRY_DONE(rows.add(event));
  rows.rows.push_back({.key = Bytes(kPosition), .value = encode_position(ledger_, next_leaf)});
  SUYUAN_TRY_DONE(store_->write(rows.rows, false));
  next_leaf_ = next_leaf;
  return Done{};
}

Result<std::optional<IndexRow>> Index::find(Place place) const {
  SUYUAN_TRY(bytes, store_->get(event_key(place)));
  if (!bytes) return std::optional<IndexRow>{};
  SUYUAN_TRY(row, decode_index_row(*bytes));
  return std::optional<IndexRow>(std::move(row));
}

SpotStream Index::stream(const std::vector<Term>& terms, const std::vector<std::string>& scopes,
                         bool ascending) const {
  std::vector<Bytes> prefixes;
  for (const auto& scope : scopes) {
    for (const Term& term : terms) prefixes.push_back(term_prefix(scope, term));
  }
  return SpotStream(*store_, std::move(prefixes), ascending);
}

Result<Index::Values> Index::values(ValueKind kind, const std::vector<std::string>& scopes,
                                    std::string_view after, uint64_t before, size_t limit) const {
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
  for (const auto& scope : scopes) {
    SUYUAN_TRY(row, store_->get(value_prefix(scope, kind) + Bytes(value)));
    if (!row) continue;
    SUYUAN_TRY(place, decode_place_key(*row));
    if (place.leaf < before) return true;
  }
  return false;
}

}  // namespace suyuan::epcis
