// The page that answers are written on: titles, labelled lines and tables, aligned by the width of
// both scripts.
#pragma once

#include <string>
#include <vector>

#include "client/terminal.h"
#include "client/text/phrases.h"

namespace suyuan {

struct Style {
  Lang lang = Lang::en;
  View view = {};
};

class Paper {
 public:
  explicit Paper(const Style& style) : style_(style) {}

  void line(std::string_view text = {}) { (out_ += text) += '\n'; }
  // "Recall list  https://...", followed by the state that the answer speaks of.
  void title(Say what, std::string_view code);
  void head(uint64_t size, int64_t time_ms);
  // A labelled value. A long one continues under its beginning.
  void labelled(Say label, std::string_view value, Tone tone = Tone::plain);
  // Each column is as wide as its widest cell. The last one is clipped at the page's edge.
  void table(const std::vector<Say>& columns, const std::vector<std::vector<std::string>>& rows);

  const Style& style() const { return style_; }
  std::string_view say(Say what) const { return suyuan::say(what, style_.lang); }
  std::string say(Say what, std::initializer_list<std::string_view> values) const {
    return suyuan::say(what, style_.lang, values);
  }
  std::string tone(std::string_view text, Tone tone) const {
    return toned(text, tone, style_.view);
  }
  std::string take() { return std::move(out_); }

 private:
  Style style_;
  std::string out_;
};

// "2026-06-02 05:30 +12:00"; seconds only if they are not zero.
std::string time_text(Moment moment);
std::string time_text(int64_t ms);  // in UTC
// "A, B, C"; with more than `most` items "A, B and 7 more".
std::string list_text(const std::vector<std::string>& items, size_t most, Lang lang);
// Lists the items as the first ones of `total`.
std::string first_of(const std::vector<std::string>& items, size_t total, Lang lang);

}  // namespace suyuan
