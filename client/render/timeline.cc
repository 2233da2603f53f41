// Renders one item's story: its events from top to bottom.
#include <map>
#include <set>

#include "client/render/answers.h"
#include "client/render/story.h"

namespace suyuan {
namespace {

constexpr size_t kListShown = 12;

struct Columns {
  size_t time = 0;
  size_t kind = 0;
  size_t step = 0;
  size_t label = 0;
};

constexpr Say kLabels[] = {Say::label_what,   Say::label_where,   Say::label_why,
                           Say::label_result, Say::label_papers,  Say::label_handover,
                           Say::label_sealed, Say::label_through, Say::label_flag};

void write_story(Paper& paper, const Story& story, const Columns& columns) {
  constexpr size_t kGap = 2;
  constexpr size_t kMark = 2;
  constexpr size_t kRoomMin = 16;  // on a narrower terminal, lines wrap
  const std::string mark =
      story.marked ? paper.tone("▲", Tone::warning) : paper.tone("●", Tone::good);
  const size_t indent = columns.time + kGap + kMark + columns.kind + kGap;
  const size_t before_who = indent + columns.step + kGap;
  const size_t who_room = paper.style().view.columns > before_who + kRoomMin
                              ? paper.style().view.columns - before_who
                              : kRoomMin;
  paper.line(padded(story.time, columns.time + kGap) + mark + " " +
             paper.tone(padded(story.kind, columns.kind + kGap), Tone::faint) +
             paper.tone(padded(story.step, columns.step + kGap), Tone::strong) +
             clipped(story.who, who_room));
  const size_t left = indent + columns.label + kGap;
  const size_t room =
      paper.style().view.columns > left + kRoomMin ? paper.style().view.columns - left : kRoomMin;
  const std::string rail = std::string(columns.time + kGap, ' ') + paper.tone("│", Tone::faint) +
                           std::string(indent - columns.time - kGap - 1, ' ');
  for (const auto& line : story.lines) {
    std::string label = padded(paper.say(line.label), columns.label + kGap);
    for (const auto& part : wrapped(line.text, room)) {
      paper.line(rail + paper.tone(label, Tone::faint) + paper.tone(part, line.tone));
      label = std::string(columns.label + kGap, ' ');
    }
  }
}

void write_stories(Paper& paper, const std::vector<Story>& stories) {
  Columns columns;
  for (const Say label : kLabels) {
    columns.label = std::max(columns.label, width_of(paper.say(label)));
  }
  for (const auto& story : stories) {
    columns.time = std::max(columns.time, width_of(story.time));
    columns.kind = std::max(columns.kind, width_of(story.kind));
    columns.step = std::max(columns.step, width_of(story.step));
  }
  for (const auto& story : stories) write_story(paper, story, columns);
}

void write_codes(Paper& paper, Say label, const std::vector<std::string>& codes,
                 const Directory& names) {
  if (codes.empty()) return;
  const Lang lang = paper.style().lang;
  std::vector<std::string> texts;
  for (const auto& code : codes) {
    const std::string product = names.product_of(code, lang);
    texts.push_back(Directory::short_code(code, lang) + (product.empty() ? "" : " " + product));
  }
  paper.labelled(label, list_text(texts, kListShown, lang));
}

}  // namespace

std::string render_trace(const AnswerHead& head, const TracePage& page, const Directory& names,
                         const Style& style) {
  Paper paper(style);
  paper.title(Say::trace_title, head.code);
  const std::string product = names.product_of(head.code, style.lang);
  if (!product.empty()) paper.line(product);
  paper.head(head.size, head.time_ms);
  paper.line();
  std::vector<Story> stories;
  std::set<std::string> parties;
  std::map<Flag, size_t> flags;
  for (size_t i = 0; i < page.trace.steps.size() && i < page.events.size(); ++i) {
    stories.push_back(tell(page.events[i], &page.trace.steps[i], head.code, names, style.lang));
    if (!stories.back().party.empty()) parties.insert(stories.back().party);
    for (const Flag flag : stories.back().flags) ++flags[flag];
  }
  if (stories.empty()) paper.line(paper.say(Say::no_events));
  write_stories(paper, stories);
  paper.line();
  write_codes(paper, Say::sum_origins, page.trace.origins, names);
  write_codes(paper, Say::sum_ancestors, page.trace.ancestors, names);
  write_codes(paper, Say::sum_containers, page.trace.containers, names);
  write_codes(paper, Say::sum_documents, page.trace.documents, names);
  for (const auto& [flag, count] : flags) {
    paper.labelled(Say::sum_flags,
                   paper.say(Say::times, {flag_name(flag, style.lang), std::to_string(count)}),
                   flag == Flag::BACKDATED ? Tone::plain : Tone::warning);
  }
  paper.line(
      paper.say(Say::sum_counts, {std::to_string(stories.size()), std::to_string(parties.size())}));
  if (!page.next.empty()) paper.line(paper.tone(paper.say(Say::more_with_limit), Tone::warning));
  return paper.take();
}

std::string render_chain(const AnswerHead& head, const ChainPage& page, const Directory& names,
                         const Style& style) {
  Paper paper(style);
  paper.line(paper.tone(shown(head.code), Tone::strong));
  paper.head(head.size, head.time_ms);
  paper.line();
  std::vector<Story> stories;
  for (size_t i = 0; i < page.entries.size() && i < page.events.size(); ++i) {
    Story story = tell(page.events[i], nullptr, head.code, names, style.lang);
    const Place& place = page.entries[i].link.place;
    const bool of_notice = place.event == kNoticeEvent;
    story.kind = "#" + std::to_string(page.entries[i].n) + "  " + std::to_string(place.leaf) +
                 (of_notice ? "" : "/" + std::to_string(place.event)) + "  " + story.kind;
    stories.push_back(std::move(story));
  }
  if (stories.empty()) paper.line(paper.say(Say::no_events));
  write_stories(paper, stories);
  if (!page.next.empty()) paper.line(paper.tone(paper.say(Say::more_with_limit), Tone::warning));
  return paper.take();
}

}  // namespace suyuan
