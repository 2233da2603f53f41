// Renders the verdict of a scan: the word, what to do, why, the required steps, the scans.
#include "client/render/answers.h"

namespace suyuan {
namespace {

constexpr size_t kPlacesShown = 5;
constexpr int64_t kMinuteMs = 60'000;

const std::string& in(const BothLanguages& text, Lang lang) {
  return lang == Lang::zh ? text.zh : text.en;
}

bool is_genuine(ScanVerdict verdict) { return verdict >= ScanVerdict::GENUINE_OWNER; }

std::string entries(const Paper& paper, const std::vector<Place>& events) {
  if (events.empty()) return {};
  return paper.say(Say::scan_entry, {std::to_string(events.front().leaf)});
}

template <typename At>
std::string place_of(const At& seen, Lang lang) {
  return shown(lang == Lang::zh || seen.place_en.empty() ? seen.place : seen.place_en);
}

void write_scans(Paper& paper, const ScanSummary& scans) {
  const Lang lang = paper.style().lang;
  paper.line();
  if (!scans.available) {
    paper.line(paper.say(Say::scan_none));
    return;
  }
  paper.labelled(Say::scan_count, std::to_string(scans.count));
  if (scans.first) {
    const int64_t minute = scans.first->time_ms - scans.first->time_ms % kMinuteMs;
    paper.labelled(Say::scan_first, time_text(minute) + "  " + place_of(*scans.first, lang));
  }
  std::vector<std::string> places;
  for (const auto& one : scans.places)
    places.push_back(place_of(one, lang) + " " + std::to_string(one.count));
  if (!places.empty())
    paper.labelled(Say::scan_places, list_text(places, kPlacesShown, lang));
}

}  // namespace

std::string render_scan(const AnswerHead& head, const VerdictView& verdict, const Style& style) {
  Paper paper(style);
  const Lang lang = style.lang;
  const Lang other = lang == Lang::zh ? Lang::en : Lang::zh;
  paper.line(paper.tone(shown(head.code), Tone::strong));
  paper.head(head.size, head.time_ms);
  paper.line();
  paper.line(paper.tone(shown(in(verdict.title, lang)),
                        is_genuine(verdict.verdict) ? Tone::good : Tone::warning) +
             "  " + paper.tone(shown(in(verdict.title, other)), Tone::faint) + "  " +
             std::string(word(verdict.verdict)));
  paper.line(shown(in(verdict.advice, lang)));
  paper.line();
  paper.line(paper.say(Say::scan_why));
  for (const auto& reason : verdict.reasons) {
    paper.line("  " + shown(reason.code) + ": " + shown(in(reason.text, lang)) +
               entries(paper, reason.events));
  }
  if (!verdict.steps.empty()) {
    paper.line();
    paper.line(paper.say(Say::scan_steps));
  }
  for (const auto& step : verdict.steps) {
    std::string shown_by = entries(paper, step.events);
    if (step.events.empty()) {
      const Say why = step.done ? Say::scan_step_withheld : Say::scan_step_missing;
      shown_by = ": " + std::string(paper.say(why));
    }
    paper.line((step.done ? "  + " : "  - ") + shown(in(step.title, lang)) + shown_by);
  }
  write_scans(paper, verdict.scans);
  return paper.take();
}

}  // namespace suyuan
