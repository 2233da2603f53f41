// Looks up the codes of an event, and reads from it what judging and writing share.
#include "ledger/apply/statement.h"

#include <algorithm>

namespace suyuan {
namespace {

struct ItemList {
  uint8_t bit;
  std::string_view name;
  std::vector<Item> TraceEvent::*items;
};
constexpr ItemList kItemLists[] = {{kMentionObject, "objects", &TraceEvent::objects},
                                   {kMentionChild, "children", &TraceEvent::children},
                                   {kMentionInput, "inputs", &TraceEvent::inputs},
                                   {kMentionOutput, "outputs", &TraceEvent::outputs}};

// Subjects in the order of their texts, to find the one that an item names.
class ByText {
 public:
  explicit ByText(std::vector<Subject>& subjects) {
    order_.reserve(subjects.size());
    for (Subject& subject : subjects) order_.push_back(&subject);
    std::sort(order_.begin(), order_.end(),
              [](const Subject* a, const Subject* b) { return a->text() < b->text(); });
  }
  Subject* find(std::string_view text) const {
    const auto found = std::lower_bound(
        order_.begin(), order_.end(), text,
        [](const Subject* subject, std::string_view wanted) { return subject->text() < wanted; });
    // verify() has derived the codes from the event.
    SUYUAN_CHECK(found != order_.end() && (*found)->text() == text);
    return *found;
  }

 private:
  std::vector<Subject*> order_;
};

bool groups(const TraceEvent& event) {
  return event.type == EventType::aggregation || event.type == EventType::association;
}

}  // namespace

bool Subject::is_counted() const {
  if (!item || !item->quantity || !is_thing()) return false;
  return code.type() == CodeType::lot || code.type() == CodeType::uri ||
         code.type() == CodeType::other_gs1;
}

bool Subject::is_made_once() const {
  switch (code.type()) {
    case CodeType::sscc:
    case CodeType::container:
    case CodeType::parcel:
    case CodeType::asset:
      return false;
    default:
      return code.is_document() || is_thing();
  }
}

bool Statement::packs() const { return groups(event) && event.action == Action::add; }
bool Statement::unpacks() const { return groups(event) && event.action == Action::remove; }

bool Statement::names_goods() const {
  return std::any_of(subjects.begin(), subjects.end(),
                     [](const Subject& subject) { return subject.code.is_physical(); });
}

size_t Statement::pairs() const {
  PairCounter counter;
  for (const Subject& subject : subjects) counter.add(subject.code);
  return counter.pairs_of(event);
}

bool Statement::brings(const Subject& subject) const {
  if (event.whole_lot) return false;
  if (subject.is(kMentionOutput)) return true;
  if (event.action != Action::add || !subject.is(kMentionObject)) return false;
  return event.type == EventType::object ||
         (event.type == EventType::transaction && subject.code.is_document());
}

bool Statement::ends(const Subject& subject) const {
  if (event.whole_lot || event.type != EventType::object || !subject.is(kMentionObject)) {
    return false;
  }
  return event.action == Action::remove || event.step == "destroying" ||
         event.step == "decommissioning";
}

std::string Statement::field_of(const Subject& subject, std::string_view member) const {
  if (!subject.item) return "parent";
  for (const ItemList& list : kItemLists) {
    if (!subject.is(list.bit)) continue;
    const auto index = subject.item - (event.*list.items).data();
    return std::string(list.name) + '[' + std::to_string(index) + "]." + std::string(member);
  }
  return {};
}

std::string Statement::time_text() const { return to_rfc3339(event.event_time); }

Result<Statement> look_up(const Reader& state, const VerifiedEvent& verified,
                          std::string_view party, Place place, int64_t log_time_ms) {
  const auto* event = std::get_if<TraceEvent>(&verified.value);
  SUYUAN_CHECK(event != nullptr && verified.codes.size() == verified.record.code_keys.size());
  Statement statement{
      .event = *event, .party = party, .place = place, .log_time_ms = log_time_ms, .subjects = {}};
  statement.subjects.reserve(verified.codes.size());
  for (size_t i = 0; i < verified.codes.size(); ++i) {
    const Hash& key = verified.record.code_keys[i];
    SUYUAN_TRY(code, parse_code(verified.codes[i]));
    SUYUAN_TRY(head, get<ChainHead>(state, Table::head, key.view()));
    statement.subjects.push_back(
        {.key = key, .code = std::move(code), .head = head.value_or(ChainHead{})});
  }
  const ByText by_text(statement.subjects);
  for (const ItemList& list : kItemLists) {
    for (const Item& item : event->*list.items) {
      Subject* subject = by_text.find(item.code);
      subject->roles |= list.bit;
      subject->item = &item;
    }
  }
  if (!event->parent.empty()) {
    Subject* parent = by_text.find(event->parent);
    parent->roles |= kMentionParent;
    statement.parent = parent;
  }
  if (!event->lot.empty()) {
    SUYUAN_TRY(lot, parse_code(event->lot));
    statement.lot_key = code_key(lot.text());
    statement.lot = std::move(lot);
  }
  return statement;
}

}  // namespace suyuan
