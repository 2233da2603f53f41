#include "node/answer/below.h"

#include "ledger/apply/apply.h"
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

// The codes below `above` that come after `after`, at most `limit`.
Result<std::vector<std::string>> list_below(const Reader& reader, const std::string& above,
                                            std::string_view start, std::string_view after,
                                            size_t limit) {
  const Bytes prefix = below_key(above, {});
  const Bytes from = after.empty() ? below_key(above, start) : below_key(above, after) + '\0';
  std::vector<std::string> codes;
  SUYUAN_TRY_DONE(reader.scan(Table::below, from, after_prefix(below_key(above, start)),
                              Direction::ascending, [&](BytesView key, BytesView) {
                                codes.emplace_back(key.substr(prefix.size()));
                                return codes.size() < limit;
                              }));
  return codes;
}

// Known by then, through an event that the reader may see.
Result<bool> is_shown(const Reader& reader, const ViewerFilter& filter, const std::string& code,
                      uint64_t size) {
  SUYUAN_TRY(row, get<StoredCode>(reader, Table::code, code_key(code).bytes()));
  if (!row || row->first.leaf >= size) return false;
  SUYUAN_TRY(chain, chain_of(reader, code, 1, kEventsLookedAt, {.at_ms = {}, .known_at = size}));
  for (const ChainEntry& entry : chain) {
    SUYUAN_TRY(payload,
               get<StoredPayload>(reader, Table::payload, place_key(entry.link.place)));
    if (!payload) continue;  // withheld from everyone, or erased
    if (payload->audience == EventAudience::everyone || filter.sees(entry.link.place)) return true;
  }
  return false;
}

Result<bool> is_of_a_party(const Reader& reader, std::string_view gln) {
  SUYUAN_TRY(parties, list_parties(reader, {}, limits::kPageMax));
  for (const PartyState& party : parties) {
    if (party.data.gln == gln) return true;
  }
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
  SUYUAN_TRY(codes, list_below(reader, question.code, start, page.cursor, question.limit + 1));
  Below below;
  if (codes.size() > question.limit) {
    codes.pop_back();
    below.next = next_page(asked, question, page.size, codes.back());
  }
  const ViewerFilter filter(reader, question.viewer);
  for (std::string& code : codes) {
    SUYUAN_TRY(shown, is_shown(reader, filter, code, page.size));
    if (shown) below.codes.push_back(std::move(code));
  }
  if (!codes.empty() || !page.cursor.empty()) return below;
  SUYUAN_TRY(known, is_known(reader, question.code));
  if (known) return below;
  return fail(Code::NOT_FOUND, "no event names " + question.code + " or anything below it", "code");
}

Result<bool> is_known(const Reader& reader, const std::string& code) {
  SUYUAN_TRY(head, get<ChainHead>(reader, Table::head, code_key(code).bytes()));
  if (head && head->count > 0) return true;
  SUYUAN_TRY(below, list_below(reader, code, {}, {}, 1));
  if (!below.empty()) return true;
  const std::string_view text = code;
  if (text.starts_with(kGtinPrefix)) {
    SUYUAN_TRY(product, find_product(reader, text.substr(kGtinPrefix.size())));
    return product.has_value();
  }
  if (text.starts_with(kSitePrefix)) {
    SUYUAN_TRY(site, find_site(reader, text.substr(kSitePrefix.size())));
    return site.has_value();
  }
  if (text.starts_with(kPartyPrefix)) {
    return is_of_a_party(reader, text.substr(kPartyPrefix.size()));
  }
  return false;
}

}  // namespace suyuan
