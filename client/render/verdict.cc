#include "client/render/verdict.h"

namespace suyuan {
namespace {

struct VerdictWords {
  Judged judged;
  Say text;
  Tone tone;
};
constexpr VerdictWords kVerdicts[] = {
    {Judged::proven, Say::verdict_proven, Tone::good},
    {Judged::partial, Say::verdict_partial, Tone::warning},
    {Judged::not_recorded, Say::verdict_not_recorded, Tone::warning},
    {Judged::stale, Say::verdict_stale, Tone::warning},
    {Judged::refused, Say::verdict_refused, Tone::warning},
};

void lines(Paper& paper, Say heading, const std::vector<VerdictLine>& all, std::string_view mark) {
  if (all.empty()) return;
  paper.line();
  paper.line(paper.say(heading));
  const bool zh = paper.style().lang == Lang::zh;
  for (const VerdictLine& line : all) {
    const std::string text = zh ? to_text_zh(line) : to_text(line);
    paper.line(std::string(mark) + shown(text));
  }
}

}  // namespace

std::string show_verdict(const BundleVerdict& verdict, const Style& style) {
  Paper paper(style);
  if (verdict.as_of_ms) {
    paper.labelled(Say::verdict_as_of, time_text(*verdict.as_of_ms), Tone::strong);
  }
  const auto& words = kVerdicts[static_cast<size_t>(verdict.judged)];
  paper.labelled(Say::verdict_word, std::string(word(verdict.judged)) + ": " +
                                        std::string(paper.say(words.text)),
                 words.tone);
  if (!verdict.code.empty()) paper.labelled(Say::col_code, shown(verdict.code));
  if (verdict.fault) {
    const BundleFaultInfo& fault = info(*verdict.fault);
    paper.labelled(Say::verdict_wrong, fault.name, Tone::strong);
    paper.labelled(Say::verdict_rule, style.lang == Lang::zh ? fault.rule_zh : fault.rule);
    paper.labelled(Say::verdict_place, shown(verdict.place));
    paper.line();
    paper.line(shown(verdict.message));
  }
  lines(paper, Say::verdict_is_proven, verdict.proven, "  + ");
  lines(paper, Say::verdict_is_not, verdict.not_proven, "  - ");
  if (verdict.judged != Judged::refused) {
    paper.line();
    paper.line(paper.say(Say::scan_not_in_bundle));
  }
  return paper.take();
}

}  // namespace suyuan
