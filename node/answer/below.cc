#include "node/answer/below.h"

#include "ledger/apply/apply.h"
#include "ledger/apply/fact_reader.h"
#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/code/code.h"
#include "ledger/provenance/provenance.h"
#include "ledger/registry/state.h"
#include "node/access/viewer.h"
#include "node/answer/page_token.h"

namespace suyuan {
namespace {

// A unit's first events decide whether it is listed: no list reads a chain of thousands.
constexpr size_t kEventsLookedAt = 8;
constexpr uint64_t kMakingsLookedAt = 64;
// Below a code, before nothing is said to be known there.
constexpr size_t kCodesLookedAt = limits::kPageMax;
constexpr std::string_view kGtinPrefix = "https://id.gs1.org/01/";
constexpr std::string_view kSitePrefix = "https://id.gs1.org/414/";
constexpr std::string_view kPartyPrefix = "https://id.gs1.org/417/";

// What separates a class from what is below it.
Result<std::string_view> part_of(std::string_view kind) {
  if (kind.empty()) return std::string_view();
  if (kind == "lot") return std::string_view("/10/");
  if (kind == "serial") return std::string_view("/21/");
  if (kind == "variant") return std::string_view("/22/");
  return fail(Code::BAD_REQUEST, quoted(kind) + " is not lot, serial or variant", "query.kind");
}

// Where the codes of this part begin. A lot's units are named by its class, not by the lot.
std::string start_of(const std::string& code, std::string_view part) {
  if (part.empty()) return {};
  const auto parsed = parse_code(code);
  const auto of_lot = parsed && parsed->type() == CodeType::lot ? parsed->class_of() : std::nullopt;
  return of_lot.value_or(code) + std::string(part);
}

// Where a page starts: after the last code that the reader was shown, and so many more that were
// not. A cursor names no other code: the reader may be one who must not learn it, and a hash of it
// would tell who guesses it.
struct Cursor {
  std::string shown;  // empty: none yet
  uint32_t passed = 0;
};
// Of one list, codes in a row that are not shown. They are passed over again for each page.
constexpr uint32_t kPassedMax = 1 << 20;

// The codes below `above` from there on, at most `limit`.
Result<std::vector<std::string>> list_below(const Reader& reader, const std::string& above,
                                            std::string_view start, const Cursor& after,
                                            size_t limit) {
  const Bytes prefix = below_key(above, {});
  const Bytes from =
      after.shown.empty() ? below_key(above, start) : below_key(above, after.shown) + '\0';
  uint32_t to_pass = after.passed;
  std::vector<std::string> codes;
  SUYUAN_TRY_DONE(reader.scan(Table::below, from, after_prefix(below_key(above, start)),
                              Direction::ascending, [&](BytesView key, BytesView) {
                                if (to_pass > 0) {
                                  --to_pass;
                                  return true;
                                }
                                codes.emplace_back(key.substr(prefix.size()));
                                return codes.size() < limit;
                              }));
  return codes;
}

// What a reader may see of the lists, as of a log size.
class Sight {
 public:
  Sight(const Reader& reader, const Viewer& viewer, uint64_t size)
      : reader_(reader), filter_(reader, viewer), size_(size) {}

  // Named by then, by an event that the reader may see.
  Result<bool> names(const std::string& code) const {
    SUYUAN_TRY(row, get<StoredCode>(reader_, Table::code, code_key(code).bytes()));
    if (!row || row->first.leaf >= size_) return false;
    SUYUAN_TRY(chain,
               chain_of(reader_, code, 1, kEventsLookedAt, {.at_ms = {}, .known_at = size_}));
    for (const ChainEntry& entry : chain) {
      SUYUAN_TRY(seen, sees(entry.link.place));
      if (seen) return true;
    }
    return false;
  }

  // An event names it that is not withheld from the reader, though it may be erased: what a trace
  // goes by.
  Result<bool> knows(const std::string& code) const {
    StepBudget budget(limits::kTraceStepsMax);
    bool named = false;
    SUYUAN_TRY_DONE(FactReader(reader_, size_, budget, &filter_)
                        .each(code_key(code), Aspect::mention, kTimeMin, kTimeMax,
                              Direction::ascending,
                              [&](const Fact&) {
                                named = true;
                                return false;
                              },
                              Withdrawn::show));
    return named;
  }

  // Where the code's own name does not say that it is below `above`, an event does, and the reader
  // must see that one.
  Result<bool> lists(const std::string& above, const std::string& code) const {
    const auto parsed = parse_code(code);
    if (parsed && parsed->class_of() == above) return names(code);
    return is_made_under(above, code);
  }

  // Whether one of the first codes below `above` is listed. No page's limit changes the answer.
  Result<bool> lists_any(const std::string& above) const {
    SUYUAN_TRY(codes, list_below(reader_, above, {}, {}, kCodesLookedAt));
    for (const std::string& code : codes) {
      SUYUAN_TRY(listed, lists(above, code));
      if (listed) return true;
    }
    return false;
  }

 private:
  Result<bool> sees(Place place) const {
    SUYUAN_TRY(payload, get<StoredPayload>(reader_, Table::payload, place_key(place)));
    if (!payload) return false;  // withheld from everyone, or erased
    return payload->audience == EventAudience::everyone || filter_.sees(place);
  }

  Result<bool> is_made_under(const std::string& lot, const std::string& unit) const {
    StepBudget budget(kMakingsLookedAt);
    std::vector<Place> places;
    const auto read = FactReader(reader_, size_, budget, &filter_)
                          .each(code_key(unit), Aspect::made, kTimeMin, kTimeMax,
                                Direction::ascending, [&](const Fact& made) {
                                  if (made.fact.text == lot) places.push_back(made.key.place);
                                  return true;
                                });
    if (!read && read.error().code != Code::TOO_COMPLEX) return Unexpected(read.error());
    for (const Place place : places) {
      SUYUAN_TRY(seen, sees(place));
      if (seen) return true;
    }
    return false;
  }

  const Reader& reader_;
  const ViewerFilter filter_;
  const uint64_t size_;
};

std::string encode(const Cursor& cursor) {
  Bytes out;
  put_u32(out, cursor.passed);
  return out + cursor.shown;
}

// Whoever makes up a code to go on from would learn from the count what is hidden behind it. So it
// must be one that is listed to this reader.
Result<Cursor> read_cursor(const Sight& sight, const std::string& above, std::string_view start,
                           BytesView bytes) {
  Cursor cursor;
  if (bytes.empty()) return cursor;
  bool good = Decoder(bytes).get_u32(cursor.passed) && cursor.passed <= kPassedMax;
  if (good) cursor.shown = bytes.substr(sizeof(cursor.passed));
  if (good && !cursor.shown.empty()) {
    SUYUAN_TRY(listed, sight.lists(above, cursor.shown));
    good = listed && cursor.shown.starts_with(start);
  }
  if (good) return cursor;
  return fail(Code::PAGE_TOKEN_INVALID, "use `next` of the previous page, with the same question",
              "page");
}

Result<bool> is_of_a_party(const Reader& reader, std::string_view gln) {
  SUYUAN_TRY(parties, list_parties(reader, {}, limits::kPageMax));
  for (const PartyState& party : parties) {
    if (party.data.gln == gln) return true;
  }
  return false;
}

// The registry has its product, its site or the party with this GLN.
Result<bool> is_registered(const Reader& reader, std::string_view code) {
  if (code.starts_with(kGtinPrefix)) {
    SUYUAN_TRY(product, find_product(reader, code.substr(kGtinPrefix.size())));
    return product.has_value();
  }
  if (code.starts_with(kSitePrefix)) {
    SUYUAN_TRY(site, find_site(reader, code.substr(kSitePrefix.size())));
    return site.has_value();
  }
  if (code.starts_with(kPartyPrefix))
    return is_of_a_party(reader, code.substr(kPartyPrefix.size()));
  return false;
}

}  // namespace

Result<Below> answer_below(const Reader& reader, const CodeQuestion& question,
                           std::string_view kind) {
  SUYUAN_TRY(part, part_of(kind));
  const std::string asked = "below " + std::string(kind);
  SUYUAN_TRY(head, read_head(reader));
  SUYUAN_TRY(page, open_page(asked, question, head.leaves));
  const std::string start = start_of(question.code, part);
  const Sight sight(reader, question.viewer, page.size);
  SUYUAN_TRY(cursor, read_cursor(sight, question.code, start, page.cursor));
  SUYUAN_TRY(codes, list_below(reader, question.code, start, cursor, question.limit + 1));
  const bool is_last = codes.size() <= question.limit;
  if (!is_last) codes.pop_back();
  Below below;
  for (std::string& code : codes) {
    SUYUAN_TRY(listed, sight.lists(question.code, code));
    cursor = listed ? Cursor{code} : Cursor{std::move(cursor.shown), cursor.passed + 1};
    if (listed) below.codes.push_back(std::move(code));
  }
  if (!is_last) below.next = next_page(asked, question, page.size, encode(cursor));
  below.any = !below.codes.empty() || !page.cursor.empty();
  if (below.any) return below;
  SUYUAN_TRY(any, sight.lists_any(question.code));
  below.any = any;
  if (any) return below;
  SUYUAN_TRY(named, sight.knows(question.code));
  if (named) return below;
  SUYUAN_TRY(registered, is_registered(reader, question.code));
  if (registered) return below;
  return fail(Code::NOT_FOUND, "no event names " + question.code + " or anything below it", "code");
}

Result<bool> is_known(const Reader& reader, const std::string& code) {
  SUYUAN_TRY(head, get<ChainHead>(reader, Table::head, code_key(code).bytes()));
  if (head && head->count > 0) return true;
  SUYUAN_TRY(below, list_below(reader, code, {}, {}, 1));
  if (!below.empty()) return true;
  return is_registered(reader, code);
}

}  // namespace suyuan
