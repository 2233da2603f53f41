// Lists: what an item is, where it went, who must be told.
#include "client/render/answers.h"

namespace suyuan {
namespace {

constexpr size_t kExamplesShown = 3;
constexpr size_t kNamesShown = 32;

std::string short_codes(const std::vector<std::string>& codes, size_t most, Lang lang) {
  std::vector<std::string> texts;
  for (const auto& code : codes) texts.push_back(Directory::short_code(code, lang));
  return list_text(texts, most, lang);
}

std::string party_names(const std::vector<std::string>& ids, const Directory& names, Lang lang) {
  std::vector<std::string> texts;
  for (const auto& id : ids) texts.push_back(names.party(id, lang));
  return list_text(texts, kNamesShown, lang);
}

std::string holder(std::string_view id, const Directory& names, const Paper& paper) {
  return id.empty() ? std::string(paper.say(Say::nobody)) : names.party(id, paper.style().lang);
}

std::string text_or(std::string text, std::string_view otherwise) {
  return text.empty() ? std::string(otherwise) : text;
}

}  // namespace

std::string render_state(const AnswerHead& head, const ThingState& state, const Directory& names,
                         const Style& style) {
  Paper paper(style);
  const Lang lang = style.lang;
  paper.line(paper.tone(shown(state.code), Tone::strong));
  paper.head(head.size, head.time_ms);
  paper.line();
  const std::string product = names.product_of(state.code, lang);
  if (!product.empty()) paper.labelled(Say::state_product, product);
  const std::string_view being = paper.say(state.exists ? Say::state_exists : Say::state_ended);
  const std::string disposition = shown(disposition_name(state.disposition, lang));
  paper.labelled(
      Say::state_disposition,
      disposition.empty() ? std::string(being) : disposition + " (" + std::string(being) + ")",
      state.exists ? Tone::good : Tone::warning);
  paper.labelled(Say::state_custodian, holder(state.custodian, names, paper));
  if (!state.inside_all.empty()) {
    paper.labelled(Say::state_inside, short_codes(state.inside_all, kNamesShown, lang));
  }
  if (!state.location.empty()) {
    paper.labelled(Say::state_location, names.place(state.location, lang));
  }
  if (!state.lot.empty()) {
    paper.labelled(Say::state_lot, Directory::short_code(state.lot, lang));
  }
  if (state.balance) {
    paper.labelled(Say::state_balance, state.balance->to_text() + " " + unit_name(state.uom, lang));
  }
  return paper.take();
}

std::string render_contents(const AnswerHead& head, const Contents& contents,
                            const Directory& names, const Style& style) {
  Paper paper(style);
  paper.line(paper.tone(shown(head.code), Tone::strong));
  paper.head(head.size, head.time_ms);
  paper.line();
  if (contents.items.empty()) paper.line(paper.say(Say::nothing));
  for (const auto& item : contents.items) {
    const std::string product = names.product_of(item.code, style.lang);
    paper.line(std::string(size_t{2} * item.depth, ' ') +
               Directory::short_code(item.code, style.lang) +
               (product.empty() ? "" : "  " + paper.tone(product, Tone::faint)));
  }
  if (contents.truncated) paper.line(paper.tone(paper.say(Say::more_with_limit), Tone::warning));
  return paper.take();
}

std::string render_custody(const AnswerHead& head, const std::vector<Holding>& holdings,
                           const Directory& names, const Style& style) {
  Paper paper(style);
  paper.line(paper.tone(shown(head.code), Tone::strong));
  paper.head(head.size, head.time_ms);
  paper.line();
  std::vector<std::vector<std::string>> rows;
  for (const auto& one : holdings) {
    rows.push_back({time_text(one.from_ms), std::to_string(one.place.leaf),
                    holder(one.custodian, names, paper)});
  }
  paper.table({Say::col_from, Say::col_entry, Say::col_holder}, rows);
  return paper.take();
}

std::string render_balance(const AnswerHead& head, const std::vector<BalanceLine>& lines,
                           const Style& style) {
  Paper paper(style);
  paper.line(paper.tone(shown(head.code), Tone::strong));
  paper.head(head.size, head.time_ms);
  paper.line();
  std::vector<std::vector<std::string>> rows;
  for (const auto& one : lines) {
    const std::string unit = " " + unit_name(one.uom, style.lang);
    rows.push_back({time_text(one.event_time_ms), std::to_string(one.place.leaf),
                    one.amount.to_text() + unit, one.left.to_text() + unit});
  }
  paper.table({Say::col_time, Say::col_entry, Say::col_amount, Say::col_left}, rows);
  return paper.take();
}

std::string render_forward(const AnswerHead& head, const Forward& forward, const Directory& names,
                           const Style& style) {
  Paper paper(style);
  const Lang lang = style.lang;
  paper.title(Say::forward_title, head.code);
  paper.head(head.size, head.time_ms);
  paper.line();
  paper.labelled(Say::recall_lots,
                 text_or(short_codes(forward.lots, kNamesShown, lang), paper.say(Say::nothing)));
  paper.line();
  std::vector<std::vector<std::string>> rows;
  for (const auto& unit : forward.units) {
    rows.push_back({Directory::short_code(unit.code, lang), Directory::short_code(unit.lot, lang),
                    shown(disposition_name(unit.state.disposition, lang)),
                    holder(unit.state.custodian, names, paper)});
  }
  if (!rows.empty()) {
    paper.table({Say::col_code, Say::col_lot, Say::col_state, Say::col_holder}, rows);
  }
  paper.line(paper.say(Say::recall_units, {std::to_string(forward.units_total)}));
  if (!forward.next.empty()) paper.line(paper.tone(paper.say(Say::more_with_limit), Tone::warning));
  return paper.take();
}

std::string render_recall(const AnswerHead& head, const Recall& recall, const Directory& names,
                          const Style& style) {
  Paper paper(style);
  const Lang lang = style.lang;
  paper.title(Say::recall_title, head.code);
  const std::string product = names.product_of(head.code, lang);
  if (!product.empty()) paper.line(product);
  paper.head(head.size, head.time_ms);
  paper.line();
  paper.line(paper.tone(paper.say(Say::recall_counts, {std::to_string(recall.units_total),
                                                       std::to_string(recall.unit_lots.size())}),
                        Tone::strong));
  // Groups are in ascending order of custodian: one heading for each.
  const RecallGroup* before = nullptr;
  for (const auto& group : recall.groups) {
    if (before == nullptr || before->custodian != group.custodian) {
      paper.line();
      paper.line(paper.tone(paper.say(Say::recall_held, {holder(group.custodian, names, paper)}),
                            Tone::strong));
    }
    before = &group;
    const std::string units = paper.say(Say::recall_units, {std::to_string(group.units)});
    const std::string state =
        text_or(shown(disposition_name(group.disposition, lang)), paper.say(Say::nobody));
    std::vector<std::string> examples;
    for (size_t i = 0; i < std::min(kExamplesShown, group.examples.size()); ++i) {
      examples.push_back(Directory::short_code(group.examples[i], lang));
    }
    paper.line("  " + padded(units, 14) + padded(state, 20) +
               paper.tone(first_of(examples, static_cast<size_t>(group.units), lang), Tone::faint));
  }
  paper.line();
  const auto& nothing = paper.say(Say::nothing);
  paper.labelled(Say::recall_unit_lots,
                 text_or(short_codes(recall.unit_lots, kNamesShown, lang), nothing));
  paper.labelled(Say::recall_lots, text_or(short_codes(recall.lots, kNamesShown, lang), nothing));
  paper.labelled(Say::recall_agents, text_or(party_names(recall.agents, names, lang), nothing),
                 Tone::strong);
  paper.labelled(Say::recall_notify, text_or(party_names(recall.notify, names, lang), nothing));
  return paper.take();
}

}  // namespace suyuan
