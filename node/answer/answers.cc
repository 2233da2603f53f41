#include "node/answer/answers.h"

#include <algorithm>

#include "ledger/apply/apply.h"
#include "ledger/apply/log_reader.h"
#include "ledger/apply/notice.h"
#include "ledger/base/coding.h"
#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/batch/note.h"
#include "ledger/code/code.h"
#include "ledger/crypto/hash.h"
#include "ledger/merkle/tree.h"
#include "node/access/viewer.h"
#include "node/answer/page_token.h"
#include "proto/submission_codec.h"

namespace suyuan {
namespace {

// The question as of the size that its page is pinned to.
struct Asked {
  PageStart page;
  AsOf as_of;
  uint64_t number = 0;  // of the page's first item, where items are numbered
};

AsOf seen_by(const CodeQuestion& question, const ViewerFilter& filter) {
  AsOf as_of = question.as_of;
  as_of.filter = &filter;
  return as_of;
}

// `filter` outlives what is returned.
Result<Asked> open_question(std::string_view kind, const Reader& reader,
                            const CodeQuestion& question, const ViewerFilter& filter) {
  SUYUAN_TRY(head, read_head(reader));
  SUYUAN_TRY(page, open_page(kind, question, head.leaves));
  AsOf as_of = seen_by(question, filter);
  as_of.known_at = page.size;
  return Asked{.page = std::move(page), .as_of = as_of};
}

// The same, for pages of numbered items. `first`: the number of the first of all.
Result<Asked> open_numbered(std::string_view kind, const Reader& reader,
                            const CodeQuestion& question, const ViewerFilter& filter,
                            uint64_t first) {
  SUYUAN_TRY(asked, open_question(kind, reader, question, filter));
  const auto number =
      asked.page.cursor.empty() ? std::optional(first) : from_decimal(asked.page.cursor);
  if (!number)
    return fail(Code::PAGE_TOKEN_INVALID, "use `next` of the page before, with the same question",
                "page");
  asked.number = *number;
  return asked;
}

Result<std::vector<Hash>> record_path(const Reader& reader, Place place) {
  std::vector<Hash> leaves;
  SUYUAN_TRY_DONE(reader.scan(Table::record, place_key({.leaf = place.leaf, .event = 0}),
                              place_key({.leaf = place.leaf + 1, .event = 0}), Direction::ascending,
                              [&](BytesView, BytesView record) {
                                leaves.push_back(leaf_hash(record));
                                return true;
                              }));
  if (place.event >= leaves.size()) return fail(Code::CORRUPT, "a batch lacks records");
  return inclusion_path(leaves, place.event);
}

// The error declaration that withdraws the event: found by its eventID, which only a trace event
// has.
Result<std::optional<uint64_t>> withdrawn_by(const Reader& reader, Place place,
                                             const BatchNote& note, const StoredPayload& payload) {
  if (payload.type == PayloadType::registry_capnp) return std::optional<uint64_t>{};
  SUYUAN_TRY(value, decode_any_payload(payload.type, payload.bytes));
  const auto& event = std::get<TraceEvent>(value);
  if (event.event_id.empty()) return std::optional<uint64_t>{};
  SUYUAN_TRY(known, get<StoredEventId>(reader, Table::event_id,
                                       event_id_key(note.party, event.event_id).view()));
  if (!known || known->place != place || known->withdrawn_by == 0) return std::optional<uint64_t>{};
  return std::optional<uint64_t>(known->withdrawn_by);
}

// A key may become suspect long after its event was recorded: so this flag is computed when it is
// asked for.
Result<Done> flag_suspect_signers(const Reader& reader, Place place, const SignedBatchNote& note,
                                  std::vector<Finding>& findings) {
  for (const auto& signature : note.note.signatures) {
    SUYUAN_TRY(party, find_party(reader, signature.name));
    if (!party) continue;
    for (const KeyState& key : party->keys) {
      if (key.key_id != signature.key_id || !key.suspect_at(place.leaf)) continue;
      findings.push_back({.flag = Flag::SIGNER_REVOKED,
                          .event = place,
                          .reason = "signed with a key of " + signature.name +
                                    " that is suspect from entry " +
                                    std::to_string(*key.suspect_from) + " on",
                          .codes = {},
                          .related = {}});
    }
  }
  return Done{};
}

// Those whose audience the viewer is of.
Result<Done> open_sections(const Reader& reader, const Viewer& viewer, const BatchNote& note,
                           const StoredPayload& payload, EventView& view) {
  const ViewerFilter filter(reader, viewer);
  std::optional<Error> fault;
  // Those that were erased, or that this node never got, are missing between or behind the others.
  const auto visit = [&](BytesView key, BytesView value) {
    auto section = decode<StoredSection>(value);
    if (!section) {
      fault = std::move(section).error();
      return false;
    }
    if (!filter.sees_section(view.place, note, payload, section->audience)) return true;
    if (viewer.opened != nullptr) viewer.opened->add(view.place);
    uint32_t index = 0;  // the key's end
    Decoder(key.substr(place_key(view.place).size())).get_u32(index);
    view.sections.push_back({.index = index,
                             .salt = section->salt,
                             .bytes = std::move(section->bytes)});
    return true;
  };
  SUYUAN_TRY_DONE(reader.scan(Table::section, section_key(view.place, 0),
                              section_key(view.place, limits::kSectionsPerEventMax),
                              Direction::ascending, visit));
  if (fault) return Unexpected(*std::move(fault));
  return Done{};
}

// What stands at a notice's link.
Result<EventView> view_of_notice(const Reader& reader, Place place) {
  SUYUAN_TRY(leaf, read_leaf(reader, place.leaf));
  if (leaf.kind != LeafKind::notice) {
    return fail(Code::NOT_FOUND, "leaf " + std::to_string(place.leaf) + " is no notice", "place");
  }
  return EventView{.place = place, .time_ms = leaf.time_ms, .note = leaf.text, .record = {}};
}

// The events of a page's items.
template <class Items, class PlaceOf>
Result<std::vector<EventView>> views_of(const Reader& reader, const Items& items,
                                        const Viewer& viewer, PlaceOf place_of) {
  std::vector<EventView> views;
  views.reserve(items.size());
  for (const auto& item : items) {
    const Place place = place_of(item);
    SUYUAN_TRY(view, place.event == kNoticeEvent
                         ? view_of_notice(reader, place)
                         : answer_event(reader, place, false, viewer, Sections::left_out));
    views.push_back(std::move(view));
  }
  return views;
}

template <class T, class Find, class List>
Result<Page<T>> answer_registry(const Reader& reader, const RegistryQuestion& question, Find find,
                                List list) {
  if (question.limit > limits::kPageMax) {
    return fail(Code::TOO_MANY,
                "at most " + std::to_string(limits::kPageMax) + " entries in one page", "limit");
  }
  Page<T> page;
  if (!question.id.empty()) {
    SUYUAN_TRY(found, find(reader, question.id));
    if (!found)
      return fail(Code::NOT_FOUND, "the registry has no entry '" + question.id + "'", "id");
    page.items.push_back(*std::move(found));
    return page;
  }
  const size_t limit = question.limit == 0 ? limits::kPageDefault : question.limit;
  SUYUAN_TRY(items, list(reader, question.page, limit + 1));
  page.items = std::move(items);
  return page;
}

// A registry page's token is the last id shown: entries are ordered by id and never removed.
template <class T, class Id>
void cut_page(Page<T>& page, const RegistryQuestion& question, Id id) {
  const size_t limit = question.limit == 0 ? limits::kPageDefault : question.limit;
  if (!question.id.empty() || page.items.size() <= limit) return;
  page.items.resize(limit);
  page.next = id(page.items.back());
}

}  // namespace

Result<CodeQuestion> canonical_question(CodeQuestion question) {
  auto code = parse_code(question.code);
  if (!code) {
    Error error = std::move(code).error();
    error.field = "code";
    return Unexpected(std::move(error));
  }
  question.code = code->text();
  if (question.limit > limits::kPageMax) {
    return fail(Code::TOO_MANY,
                "at most " + std::to_string(limits::kPageMax) + " entries in one page", "limit");
  }
  if (question.limit == 0) question.limit = limits::kPageDefault;
  return question;
}

Result<EventView> answer_event(const Reader& reader, Place place, bool with_path,
                               const Viewer& viewer, Sections sections) {
  if (place.event == kNoticeEvent) return view_of_notice(reader, place);
  SUYUAN_TRY(record, reader.get(Table::record, place_key(place)));
  if (!record) {
    return fail(Code::NOT_FOUND,
                "there is no event " + std::to_string(place.event) + " in leaf " +
                    std::to_string(place.leaf),
                "place");
  }
  SUYUAN_TRY(leaf, read_leaf(reader, place.leaf));
  EventView view{
      .place = place, .time_ms = leaf.time_ms, .note = leaf.text, .record = *std::move(record)};
  SUYUAN_TRY(findings, findings_at(reader, place));
  view.findings = std::move(findings);
  if (with_path) {
    SUYUAN_TRY(path, record_path(reader, place));
    view.path = std::move(path);
  }
  SUYUAN_TRY(note, parse_batch_note(leaf.text));
  SUYUAN_TRY_DONE(flag_suspect_signers(reader, place, note, view.findings));
  SUYUAN_TRY(payload, get<StoredPayload>(reader, Table::payload, place_key(place)));
  if (!payload) return view;
  view.audience = payload->audience;
  const ViewerFilter filter(reader, viewer);
  const bool seen = filter.sees(place, note.batch, *payload);
  hide_reasons(reader, filter, seen, view.findings);
  if (!seen) return view;
  SUYUAN_TRY(withdrawn, withdrawn_by(reader, place, note.batch, *payload));
  view.withdrawn_by = withdrawn;
  SUYUAN_TRY(erased, erased_parts(reader, place));
  for (const ErasedPart& part : erased) {
    view.erased.push_back({.digest = part.digest, .notice = part.notice});
  }
  if (sections == Sections::open && !viewer.party.empty())
    SUYUAN_TRY_DONE(open_sections(reader, viewer, note.batch, *payload, view));
  view.state = PayloadState::open;
  view.salt = payload->salt;
  view.payload = std::move(payload->bytes);
  return view;
}

Result<TracePage> answer_trace(const Reader& reader, const CodeQuestion& question,
                               bool with_events) {
  const ViewerFilter filter(reader, question.viewer);
  SUYUAN_TRY(asked, open_numbered("trace", reader, question, filter, 0));
  SUYUAN_TRY(trace, trace_back(reader, question.code, asked.as_of));
  TracePage page;
  const size_t all = trace.steps.size();
  const size_t begin = std::min<size_t>(asked.number, all);
  const size_t end = std::min<size_t>(begin + question.limit, all);
  if (end < all) page.next = next_page("trace", question, asked.page.size, std::to_string(end));
  if (begin == 0) page.trace = trace;
  page.trace.steps.assign(trace.steps.begin() + static_cast<ptrdiff_t>(begin),
                          trace.steps.begin() + static_cast<ptrdiff_t>(end));
  if (!with_events) return page;
  SUYUAN_TRY(views, views_of(reader, page.trace.steps, question.viewer,
                             [](const TraceStep& step) { return step.place; }));
  page.events = std::move(views);
  return page;
}

Result<ChainPage> answer_chain(const Reader& reader, const CodeQuestion& question,
                               bool with_events) {
  const ViewerFilter filter(reader, question.viewer);
  SUYUAN_TRY(asked, open_numbered("chain", reader, question, filter, 1));
  ChainPage page;
  SUYUAN_TRY(head, chain_head_after(reader, code_key(question.code),
                                    asked.page.size == 0 ? 0 : asked.page.size - 1));
  if (head.count == 0) return fail(Code::NOT_FOUND, "no event names " + question.code, "code");
  page.head = {.code = question.code, .head = head};
  SUYUAN_TRY(entries, chain_of(reader, question.code, asked.number, question.limit, asked.as_of));
  page.entries = std::move(entries);
  if (!page.entries.empty() && page.entries.back().n < head.count) {
    page.next =
        next_page("chain", question, asked.page.size, std::to_string(page.entries.back().n + 1));
  }
  if (!with_events) return page;
  SUYUAN_TRY(views, views_of(reader, page.entries, question.viewer,
                             [](const ChainEntry& entry) { return entry.link.place; }));
  page.events = std::move(views);
  return page;
}

Result<ThingState> answer_state(const Reader& reader, const CodeQuestion& question) {
  const ViewerFilter filter(reader, question.viewer);
  return state_of(reader, question.code, seen_by(question, filter));
}

Result<Contents> answer_contents(const Reader& reader, const CodeQuestion& question) {
  const ViewerFilter filter(reader, question.viewer);
  return contents_of(reader, question.code, seen_by(question, filter), question.limit);
}

Result<std::vector<Holding>> answer_custody(const Reader& reader, const CodeQuestion& question) {
  const ViewerFilter filter(reader, question.viewer);
  return custody_chain(reader, question.code, seen_by(question, filter));
}

Result<Forward> answer_forward(const Reader& reader, const CodeQuestion& question) {
  const ViewerFilter filter(reader, question.viewer);
  SUYUAN_TRY(asked, open_question("forward", reader, question, filter));
  SUYUAN_TRY(forward,
             trace_forward(reader, question.code, asked.as_of, asked.page.cursor, question.limit));
  if (!forward.next.empty())
    forward.next = next_page("forward", question, asked.page.size, forward.next);
  return forward;
}

Result<Recall> answer_recall(const Reader& reader, const CodeQuestion& question) {
  const ViewerFilter filter(reader, question.viewer);
  return recall_list(reader, question.code, seen_by(question, filter));
}

Result<std::vector<BalanceLine>> answer_balance(const Reader& reader,
                                                const CodeQuestion& question) {
  const ViewerFilter filter(reader, question.viewer);
  return balance_of(reader, question.code, seen_by(question, filter), question.limit);
}

Result<Page<PartyState>> answer_parties(const Reader& reader, const RegistryQuestion& question) {
  SUYUAN_TRY(page, answer_registry<PartyState>(reader, question, find_party, list_parties));
  cut_page(page, question, [](const PartyState& party) { return party.data.id; });
  return page;
}

Result<Page<ProductData>> answer_products(const Reader& reader, const RegistryQuestion& question) {
  SUYUAN_TRY(page, answer_registry<ProductData>(reader, question, find_product, list_products));
  cut_page(page, question, [](const ProductData& product) { return product.gtin; });
  return page;
}

Result<Page<SiteData>> answer_sites(const Reader& reader, const RegistryQuestion& question) {
  SUYUAN_TRY(page, answer_registry<SiteData>(reader, question, find_site, list_sites));
  cut_page(page, question, [](const SiteData& site) { return site.gln; });
  return page;
}

}  // namespace suyuan
