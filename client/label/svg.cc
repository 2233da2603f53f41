#include "client/label/svg.h"

#include <algorithm>

#include "ledger/base/text.h"

namespace suyuan {
namespace {

constexpr uint32_t kTextHeight = 2'200;  // of a line
constexpr uint32_t kFontSize = 1'800;
constexpr uint32_t kCharWidth = 1'100;   // a little more than a monospaced font's 0.6 em
constexpr uint32_t kTextGap = 600;       // between symbol and text

std::string xml_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

uint32_t symbol_width(const Label& label, uint32_t module_um) {
  return static_cast<uint32_t>(label.qr.size + 2 * kQuietZone) * module_um;
}

// Runs of dark modules as one path; integers, because the group around it is scaled.
std::string modules_path(const QrMatrix& qr) {
  std::string path;
  for (size_t y = 0; y < qr.size; ++y) {
    for (size_t x = 0; x < qr.size;) {
      if (!qr.at(x, y)) {
        ++x;
        continue;
      }
      const size_t from = x;
      while (qr.at(x, y)) ++x;
      const std::string run = std::to_string(x - from);
      path += "M" + std::to_string(from) + " " + std::to_string(y) + "h" + run + "v1h-" + run + "z";
    }
  }
  return path;
}

Result<Done> check_host(const std::string& host) {
  const bool web = host.starts_with("https://") || host.starts_with("http://");
  const bool good = web && host.find_first_of("?#\"<> ") == std::string::npos &&
                    is_ascii_graphic(host) && host.size() > host.find("//") + 2;
  if (good) return Done{};
  return fail(Code::INVALID_FIELD, quoted(host) + " is not like https://trace.example", "host");
}

}  // namespace

Result<Label> make_label(std::string_view code, const std::string& host, QrLevel level) {
  SUYUAN_TRY_DONE(check_host(host));
  SUYUAN_TRY(text, parse_gs1_text(code));
  SUYUAN_TRY(link, digital_link(text, host));
  SUYUAN_TRY(qr, make_qr(link, level));
  Label label{.link = std::move(link), .lines = {}, .qr = std::move(qr)};
  for (const auto* parts : {&text.path, &text.attributes}) {
    for (const Gs1Part& part : *parts) label.lines.push_back("(" + part.ai + ")" + part.value);
  }
  return label;
}

LabelSize size_of(const Label& label, uint32_t module_um) {
  size_t longest = 0;
  for (const std::string& line : label.lines) longest = std::max(longest, line.size());
  const uint32_t symbol = symbol_width(label, module_um);
  return {.width = std::max(symbol, static_cast<uint32_t>(longest) * kCharWidth),
          .height = symbol + kTextGap + static_cast<uint32_t>(label.lines.size()) * kTextHeight};
}

std::string millimetres(uint32_t um) {
  std::string text = std::to_string(um / 1000);
  const std::string rest = std::to_string(um % 1000);
  return text + "." + std::string(3 - rest.size(), '0') + rest;
}

std::string svg_group(const Label& label, uint32_t module_um, uint32_t x, uint32_t y) {
  const LabelSize size = size_of(label, module_um);
  const uint32_t symbol = symbol_width(label, module_um);
  const auto quiet = static_cast<uint32_t>(kQuietZone) * module_um;
  const uint32_t left = x + (size.width - symbol) / 2 + quiet;
  std::string svg = "<g transform=\"translate(" + millimetres(left) + " " + millimetres(y + quiet) +
                    ") scale(" + millimetres(module_um) + ")\"><path d=\"" +
                    modules_path(label.qr) + "\"/></g>\n";
  uint32_t baseline = y + symbol + kTextGap + kFontSize;
  for (const std::string& line : label.lines) {
    svg += "<text x=\"" + millimetres(x + size.width / 2) + "\" y=\"" + millimetres(baseline) +
           "\">" + xml_escaped(line) + "</text>\n";
    baseline += kTextHeight;
  }
  return svg;
}

std::string svg_of(const Label& label, uint32_t module_um) {
  const LabelSize size = size_of(label, module_um);
  const std::string width = millimetres(size.width);
  const std::string height = millimetres(size.height);
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width + "mm\" height=\"" + height +
         "mm\" viewBox=\"0 0 " + width + " " + height + "\">\n<title>" + xml_escaped(label.link) +
         "</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n" +
         std::string(kTextStyle) + svg_group(label, module_um, 0, 0) + "</g>\n</svg>\n";
}

}  // namespace suyuan
