#include "client/render/paper.h"

#include <algorithm>

#include "ledger/base/text.h"

namespace suyuan {
namespace {

constexpr size_t kLabelColumns = 20;
constexpr size_t kCellColumnsMax = 44;
constexpr size_t kCellGap = 2;

}  // namespace

void Paper::title(Say what, std::string_view code) {
  line(tone(say(what), Tone::strong) + "  " + shown(code));
}

void Paper::head(uint64_t size, int64_t time_ms) {
  line(tone(say(Say::ledger_line, {std::to_string(size), time_text(time_ms)}), Tone::faint));
}

void Paper::labelled(Say label, std::string_view value, Tone tone_of_value) {
  const size_t room =
      style_.view.columns > kLabelColumns + 20 ? style_.view.columns - kLabelColumns : size_t{40};
  std::string before = tone(padded(say(label), kLabelColumns), Tone::faint);
  for (const auto& part : wrapped(value, room)) {
    line(before + tone(part, tone_of_value));
    before = std::string(kLabelColumns, ' ');
  }
}

void Paper::table(const std::vector<Say>& columns,
                  const std::vector<std::vector<std::string>>& rows) {
  std::vector<size_t> widths;
  for (size_t i = 0; i < columns.size(); ++i) {
    size_t width = width_of(say(columns[i]));
    for (const auto& row : rows) width = std::max(width, width_of(row[i]));
    widths.push_back(i + 1 < columns.size() ? std::min(width, kCellColumnsMax) : width);
  }
  const auto write = [&](const std::vector<std::string>& cells, Tone tone_of_row) {
    std::string text;
    size_t used = 0;
    for (size_t i = 0; i < cells.size(); ++i) {
      const bool last = i + 1 == cells.size();
      const size_t room =
          last && style_.view.columns > used + 10 ? style_.view.columns - used : widths[i];
      const std::string cell = clipped(cells[i], room);
      text += last ? cell : padded(cell, widths[i] + kCellGap);
      used += widths[i] + kCellGap;
    }
    while (text.ends_with(' ')) text.pop_back();
    line(tone(text, tone_of_row));
  };
  std::vector<std::string> names;
  for (const Say column : columns) names.emplace_back(say(column));
  write(names, Tone::faint);
  for (const auto& row : rows) write(row, Tone::plain);
}

std::string time_text(Moment moment) {
  std::string text = to_rfc3339(moment);
  // YYYY-MM-DDThh:mm:ss[.fff]offset
  constexpr size_t kT = 10;
  constexpr size_t kMinutes = 16;
  constexpr size_t kSeconds = 19;
  if (text.size() < kSeconds) return text;
  size_t zone = text.find_first_of("+-Z", kSeconds);
  if (zone == std::string::npos) zone = text.size();
  const bool whole = text.compare(kMinutes, 3, ":00") == 0 && zone == kSeconds;
  const std::string offset = text.substr(zone) == "Z" ? "+00:00" : text.substr(zone);
  std::string out = text.substr(0, whole ? kMinutes : kSeconds);
  out[kT] = ' ';
  return out + " " + offset;
}

std::string time_text(int64_t ms) { return time_text({.ms = ms, .offset_minutes = 0}); }

std::string list_text(const std::vector<std::string>& items, size_t most, Lang lang) {
  // "and 1 more" would take as much space as that item.
  if (items.size() <= most + 1) return first_of(items, items.size(), lang);
  return first_of({items.begin(), items.begin() + static_cast<ptrdiff_t>(most)}, items.size(),
                  lang);
}

std::string first_of(const std::vector<std::string>& items, size_t total, Lang lang) {
  std::string out;
  for (const auto& item : items) {
    if (!out.empty()) out += say(Say::list_comma, lang);
    out += item;
  }
  if (items.size() >= total) return out;
  // English counts the rest, Chinese counts all.
  const size_t number = lang == Lang::zh ? total : total - items.size();
  return say(Say::and_more, lang, {out, std::to_string(number)});
}

}  // namespace suyuan
