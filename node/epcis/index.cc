#include "node/epcis/index.h"

#include <algorithm>
#include <set>

#include "ledger/base/coding.h"
#include "ledger/crypto/hash.h"
#include "ledger/os/folders.h"

namespace suyuan::epcis {
namespace {

constexpr uint32_t kIndexFormat = 2;
constexpr BytesView kPosition = "P";
constexpr SideSizes kSizes{.can_be_remade = true};
constexpr size_t kScopeBytes = 8;
constexpr size_t kTermBytes = 12;
constexpr size_t kKnownValuesMax = 1 << 14;
constexpr size_t kValueBytesMax = 1024;
// Rows examined for one answer about values.
constexpr size_t kValueStepsMax = 20'000;

Bytes scope_key(std::string_view scope) {
  return Bytes(sha256({"suyuan/epcis/scope\n", scope}).view().substr(0, kScopeBytes));
}

Bytes term_prefix(std::string_view scope, std::string_view name, std::string_view text) {
  const BytesView nul("\0", 1);
  const Hash hash = sha256({"suyuan/epcis/term\n", scope, nul, name, nul, text});
  Bytes prefix(1, 'T');
  prefix += hash.view().substr(0, kTermBytes);
  return prefix;
}
Bytes term_prefix(std::string_view scope, const Term& term) {
  return term_prefix(scope, term.name, term.text);
}

constexpr int kLeafBits = 48;
constexpr int kEventBits = 16;

// If there is no such place, uses the last one before it: the start of a search from the end.
void put_spot(Bytes& key, const Spot& spot) {
  constexpr uint64_t kLastLeaf = (uint64_t{1} << kLeafBits) - 1;
  constexpr uint64_t kLastEvent = (uint64_t{1} << kEventBits) - 1;
  put_i64(key, spot.time_ms);
  put_u64(key, std::min(spot.place.leaf, kLastLeaf) << kEventBits |
                   std::min<uint64_t>(spot.place.event, kLastEvent));
}

Bytes spot_key(const Bytes& prefix, const Spot& spot) {
  Bytes key = prefix;
  put_spot(key, spot);
  return key;
}

std::optional<Spot> spot_of(BytesView key) {
  Decoder decoder(key);
  Spot spot;
  uint64_t place = 0;
  if (!decoder.get_i64(spot.time_ms) || !decoder.get_u64(place) || !decoder.done())
    return std::nullopt;
  spot.place = {.leaf = place >> kEventBits,
                .event = static_cast<uint32_t>(place & ((uint64_t{1} << kEventBits) - 1))};
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

// Returns nullopt if there is none, or if it is of another ledger or format; the rows are then
// built again.
std::optional<uint64_t> decode_position(BytesView bytes, const LedgerId& ledger) {
  Decoder decoder(bytes);
  uint32_t format = 0;
  Bytes line;
  uint64_t next_leaf = 0;
  const bool good = decoder.get_u32(format) && format == kIndexFormat && decoder.get_string(line) &&
                    line == ledger.line() && decoder.get_u64(next_leaf) && decoder.done();
  return good ? std::optional<uint64_t>(next_leaf) : std::nullopt;
}

// Rows of one write; more are split. Rows written without the position are written again after a
// crash.
constexpr size_t kRowsMax = 1 << 16;

// Makes the rows of events. For each value only the first event counts.
class RowsOf {
 public:
  RowsOf(SideStore& store, std::unordered_set<Bytes>& known_values)
      : store_(store), known_values_(known_values) {}

  Result<Done> add(const IndexedEvent& event) {
    rows.put(event_key(event.place), encode_index_row(event));
    const Spot by_event{.time_ms = event.event_time_ms, .place = event.place};
    const Spot by_record{.time_ms = event.record_time_ms, .place = event.place};
    for (const auto& scope : event.scopes) {
      rows.put(spot_key(term_prefix(scope, kRecorded, {}), by_record), {});
      const Bytes values = "V" + scope_key(scope);
      for (const Term& term : event.terms) {
        rows.put(spot_key(term_prefix(scope, term), by_event), {});
        SUYUAN_TRY_DONE(add_value(values, term, event.place));
        if (rows.size() >= kRowsMax) SUYUAN_TRY_DONE(write());
      }
    }
    return Done{};
  }

  SideRows rows;

 private:
  Result<Done> add_value(const Bytes& of_scope, const Term& term, Place place) {
    const auto kind = kind_of(term.name);
    if (!kind || term.text.empty() || term.text.size() > kValueBytesMax) return Done{};
    Bytes key = of_scope;
    put_u8(key, static_cast<uint8_t>(*kind));
    key += term.text;
    if (known_values_.contains(key) || !seen_.insert(key).second) return Done{};
    SUYUAN_TRY(known, store_.get(key));
    if (!known) {
      rows.put(key, place_key(place));
      return Done{};
    }
    if (known_values_.size() >= kKnownValuesMax) known_values_.clear();
    known_values_.insert(std::move(key));
    return Done{};
  }

  Result<Done> write() {
    SUYUAN_TRY_DONE(store_.write(rows));
    rows.clear();
    seen_.clear();  // they are in the store now
    return Done{};
  }

  SideStore& store_;
  std::unordered_set<Bytes>& known_values_;
  std::unordered_set<Bytes> seen_;
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
    // One more byte gives the next possible key. Going forward, that skips the spot; going
    // backward, where a seek ends before the key, it includes it.
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
  auto opened = open_side_store(folder, kSizes);
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
    // It is damaged, of another ledger or format, or ahead of a log that was restored from a copy.
    // It can always be built again.
    if (opened) opened->reset();
    SUYUAN_TRY_DONE(remove_folder(folder));
    SUYUAN_TRY_DONE(make_folder(folder));
    opened = open_side_store(folder, kSizes);
  }
  SUYUAN_TRY(store, std::move(opened));
  return std::unique_ptr<Index>(new Index(std::move(store), ledger, next_leaf.value_or(0)));
}

Result<Done> Index::add(const std::vector<IndexedEvent>& events, uint64_t next_leaf) {
  RowsOf rows(*store_, known_values_);
  for (const auto& event : events) SUYUAN_TRY_DONE(rows.add(event));
  rows.rows.put(kPosition, encode_position(ledger_, next_leaf));
  SUYUAN_TRY_DONE(store_->write(rows.rows));
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
