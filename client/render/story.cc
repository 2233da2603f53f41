#include "client/render/story.h"

#include <algorithm>

#include "ledger/batch/notice.h"
#include "proto/submission_codec.h"
#include "proto/json/registry_json.h"

namespace suyuan {
namespace {

constexpr size_t kItemsShown = 2;

class Teller {
 public:
  Teller(std::string_view asked, const Directory& names, Lang lang)
      : asked_(asked), names_(names), lang_(lang) {}

  void add(Say label, std::string text, Tone tone = Tone::plain) {
    if (!text.empty()) story.lines.push_back({label, std::move(text), tone});
  }
  void tell_event(const TraceEvent& event, const EventView& view);
  void tell_notice(const EventView& view);
  void tell_note(const BatchNote& note);
  void tell_findings(const EventView& view);

  std::string code(std::string_view text) const { return Directory::short_code(text, lang_); }
  std::string words(Say what, std::initializer_list<std::string_view> values) const {
    return say(what, lang_, values);
  }

  Story story;
  std::optional<int64_t> late_from;

 private:
  std::string item(const Item& one) const;
  std::string items(std::vector<Item> list) const;
  std::string what(const TraceEvent& event) const;
  std::string made(const TraceEvent& event) const;
  std::string hand_over(const TraceEvent& event) const;
  std::string papers(const TraceEvent& event) const;
  std::string sealed(const TraceEvent& event, const EventView& view) const;
  void tell_sections(const TraceEvent& event, const EventView& view);

  std::string_view asked_;
  const Directory& names_;
  Lang lang_;
};

std::string Teller::item(const Item& one) const {
  std::string text = code(one.code);
  const std::string product = names_.product_of(one.code, lang_);
  if (!product.empty()) text += " " + product;
  if (!one.quantity) return text;
  return words(Say::quantity_of, {text, one.quantity->to_text(), unit_name(one.uom, lang_)});
}

std::string Teller::items(std::vector<Item> list) const {
  std::stable_partition(list.begin(), list.end(),
                        [this](const Item& one) { return one.code == asked_; });
  std::string common = list.size() > 1 ? names_.product_of(list.front().code, lang_) : "";
  for (const auto& one : list) {
    if (one.quantity || names_.product_of(one.code, lang_) != common) common.clear();
    if (common.empty()) break;
  }
  std::vector<std::string> texts;
  const size_t most = common.empty() ? kItemsShown : kItemsShown + 1;
  const size_t count = list.size() > most + 1 ? most : list.size();
  for (size_t i = 0; i < count; ++i) {
    texts.push_back(common.empty() ? item(list[i]) : code(list[i].code));
  }
  const std::string named = first_of(texts, list.size(), lang_);
  return common.empty() ? named : words(Say::colon, {common, named});
}

std::string Teller::made(const TraceEvent& event) const {
  std::string text = words(Say::made_from, {items(event.inputs), items(event.outputs)});
  for (const auto& loss : event.losses) {
    std::string reason = loss.reason;
    std::replace(reason.begin(), reason.end(), '_', ' ');
    text += say(Say::list_comma, lang_);
    text += words(Say::lost, {loss.quantity.to_text(), unit_name(loss.uom, lang_), shown(reason)});
  }
  return text;
}

std::string Teller::what(const TraceEvent& event) const {
  if (event.type == EventType::transformation) return made(event);
  std::string things = items(event.objects);
  if (!event.children.empty() || !event.parent.empty()) {
    things = event.children.empty() ? std::string(say(Say::all_of, lang_)) : items(event.children);
    const std::string parent = code(event.parent);
    if (event.parent.empty()) return things;
    if (event.type == EventType::transaction || event.action == Action::observe) {
      return words(Say::within, {parent, things});
    }
    return words(event.action == Action::remove ? Say::out_of : Say::into, {things, parent});
  }
  return event.whole_lot ? words(Say::whole_lot, {things}) : things;
}

std::string Teller::hand_over(const TraceEvent& event) const {
  const std::string to = custody_to(event);
  if (to.empty()) return {};
  std::vector<std::string> from;
  for (const auto& party : custody_from(event)) from.push_back(names_.party(party, lang_));
  if (from.empty() && to == story.party) return {};  // the speaker keeps it
  const std::string receiver = names_.party(to, lang_);
  if (from.empty()) return words(Say::to_only, {receiver});
  return words(Say::from_to, {list_text(from, kItemsShown, lang_), receiver});
}

std::string Teller::papers(const TraceEvent& event) const {
  std::vector<std::string> texts;
  for (const auto& document : event.documents) {
    const std::string type = document_name(document.type, lang_);
    texts.push_back(shown(type.empty() ? document.number : type + " " + document.number));
  }
  return list_text(texts, texts.size(), lang_);
}

std::string Teller::sealed(const TraceEvent& event, const EventView& view) const {
  std::vector<std::string> texts;
  for (size_t i = 0; i < event.sections.size(); ++i) {
    const SectionRef& section = event.sections[i];
    const auto is_it = [i](const OpenSection& one) { return one.index == i; };
    const auto is_gone = [&](const ErasedSection& one) { return one.digest == section.digest; };
    if (std::ranges::any_of(view.sections, is_it)) continue;
    if (std::ranges::any_of(view.erased, is_gone)) continue;
    texts.push_back(
        words(Say::sealed_for, {shown(section.label), audience_name(section.audience, lang_)}));
  }
  return list_text(texts, texts.size(), lang_);
}

void Teller::tell_sections(const TraceEvent& event, const EventView& view) {
  for (const auto& gone : view.erased) {
    const auto named = std::ranges::find(event.sections, gone.digest, &SectionRef::digest);
    if (named == event.sections.end()) continue;
    add(Say::label_sealed,
        words(Say::section_erased, {shown(named->label), audience_name(named->audience, lang_),
                                    std::to_string(gone.notice)}),
        Tone::faint);
  }
  for (const auto& section : view.sections) {
    if (section.index >= event.sections.size()) continue;
    const SectionRef& named = event.sections[section.index];
    add(Say::label_sealed, words(Say::section_open, {shown(named.label),
                                                     audience_name(named.audience, lang_),
                                                     shown(section.bytes)}));
  }
}

void Teller::tell_notice(const EventView& view) {
  const auto notice = parse_notice(view.note);
  const EraseNotice* erase = notice ? erasure_of(*notice) : nullptr;
  if (erase == nullptr) return;
  story.party = erase->party;
  story.who = names_.party(erase->party, lang_);
  add(Say::label_what,
      words(Say::notice_erases, {std::to_string(erase->leaf), std::to_string(erase->event),
                                 word(erase->ground)}));
}

void Teller::tell_event(const TraceEvent& event, const EventView& view) {
  story.time = time_text(event.event_time);
  story.kind = kind_name(event.kind, lang_);
  story.step = shown(step_name(event.step, lang_));
  const std::string_view place = event.read_point.empty() ? event.biz_location : event.read_point;
  add(Say::label_what, what(event));
  if (!place.empty()) add(Say::label_where, names_.place(place, lang_));
  add(Say::label_handover, hand_over(event));
  late_from = event.event_time.ms;
  add(Say::label_result, shown(result_name(event.result, lang_)));
  add(Say::label_papers, papers(event));
  tell_sections(event, view);
  add(Say::label_sealed, sealed(event, view), Tone::faint);
}

void Teller::tell_note(const BatchNote& note) {
  if (!note.signer.empty()) {
    add(Say::label_through, words(Say::stated_through, {names_.party(note.signer, lang_)}));
  }
  std::vector<std::string> with;
  for (const auto& party : note.with) with.push_back(names_.party(party, lang_));
  if (!with.empty()) {
    add(Say::label_through, words(Say::with_parties, {list_text(with, with.size(), lang_)}));
  }
}

void Teller::tell_findings(const EventView& view) {
  if (view.withdrawn_by) {
    add(Say::label_flag, words(Say::withdrawn, {std::to_string(*view.withdrawn_by)}),
        Tone::warning);
    story.marked = true;
  }
  for (const auto& finding : view.findings) {
    story.flags.push_back(finding.flag);
    if (finding.flag == Flag::BACKDATED && late_from) {
      constexpr int64_t kDayMs = 24 * 60 * 60 * 1000;
      const std::string days = std::to_string((view.time_ms - *late_from) / kDayMs);
      add(Say::label_flag, words(Say::recorded_late, {time_text(view.time_ms), days}), Tone::faint);
      continue;
    }
    add(Say::label_flag,
        words(Say::flagged, {flag_name(finding.flag, lang_), shown(finding.reason)}),
        Tone::warning);
    story.marked = true;
  }
}

}  // namespace

Story tell(const EventView& view, const TraceStep* step, std::string_view asked,
           const Directory& names, Lang lang) {
  Teller teller(asked, names, lang);
  if (step != nullptr) {
    teller.story.time = time_text(step->event_time_ms);
    if (!step->withheld) teller.story.kind = kind_name(step->kind, lang);
    if (!step->withheld) teller.story.step = shown(step_name(step->step, lang));
  } else {
    teller.story.time = time_text(view.time_ms);
  }
  if (view.place.event == kNoticeEvent) {
    teller.tell_notice(view);
    return std::move(teller.story);
  }
  const auto note = parse_batch_note(view.note);
  if (note) {
    teller.story.party = note->batch.party;
    teller.story.who = names.party(note->batch.party, lang);
  }
  if (view.state == PayloadState::open && note) {
    const auto value = decode_any_payload(note->batch.type, view.payload);
    const auto* act = value ? std::get_if<RegistryEvent>(&*value) : nullptr;
    if (act != nullptr) {
      teller.story.step = act_word(*act);
      teller.add(Say::label_what, shown(code_of(*act)));
    } else if (value) {
      teller.tell_event(std::get<TraceEvent>(*value), view);
    }
  }
  if (view.state == PayloadState::withheld || view.state == PayloadState::erased) {
    const bool gone = view.state == PayloadState::erased;
    teller.add(Say::label_what, std::string(say(gone ? Say::erased : Say::withheld, lang)),
               Tone::faint);
  }
  if (note) teller.tell_note(note->batch);
  if (step != nullptr && step->relation != Relation::own) {
    std::string why(relation_name(step->relation, lang));
    if (!step->via.empty()) why = say(Say::via, lang, {why, teller.code(step->via)});
    teller.add(Say::label_why, std::move(why), Tone::faint);
  }
  teller.tell_findings(view);
  return std::move(teller.story);
}

}  // namespace suyuan
