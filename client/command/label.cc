// suyuan label: a code as a QR code that holds a GS1 Digital Link, for a printer or a terminal.
#include <algorithm>
#include <cmath>

#include "client/command/command.h"
#include "client/command/paging.h"
#include "client/label/png.h"
#include "client/label/sheet.h"
#include "client/label/terminal_qr.h"
#include "client/terminal.h"
#include "ledger/base/text.h"
#include "ledger/code/code.h"
#include "ledger/os/files.h"
#include "proto/jsontext/writer.h"

namespace suyuan {
namespace {

constexpr size_t kListBytesMax = 8 << 20;

struct LabelCommand {
  std::string code;
  std::string svg;
  std::string png;
  bool text = false;
  std::string host = "https://id.gs1.org";
  std::string level = "M";
  double module_mm = 0.495;
  uint32_t pixels = 8;
  std::string sheet;
  bool units = false;
  uint32_t count = 1;
  uint32_t module_um() const { return static_cast<uint32_t>(std::lround(module_mm * 1000)); }
};

void declare_label(CLI::App& command, LabelCommand& options, const Shell& shell) {
  const auto text = [&](Help what) { return help(what, shell.lang); };
  auto* code = command.add_option("code", options.code, text(Help::label_code));
  command.add_option("--svg", options.svg, text(Help::label_svg));
  command.add_option("--png", options.png, text(Help::label_png));
  command.add_flag("--text", options.text, text(Help::label_text));
  command.add_option("--host", options.host, text(Help::label_host))->capture_default_str();
  command.add_option("--level", options.level, text(Help::label_level))
      ->check(CLI::IsMember({"M", "Q", "H"}))
      ->capture_default_str();
  command.add_option("--module", options.module_mm, text(Help::label_module))
      ->check(CLI::Range(kModuleMin / 1000.0, kModuleMax / 1000.0))
      ->capture_default_str();
  command.add_option("--pixels", options.pixels, text(Help::label_pixels))
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  auto* sheet = command.add_option("--sheet", options.sheet, text(Help::label_sheet));
  auto* units = command.add_flag("--units", options.units, text(Help::label_units));
  auto* count = command.add_option("--count", options.count, text(Help::label_count))
                    ->check(CLI::Range(size_t{1}, kSheetLabelsMax))
                    ->capture_default_str();
  sheet->excludes(code)->excludes(units)->excludes(count);
  units->needs(code)->excludes(count);
}

// One code a line; empty lines and such that begin with # are passed over.
Result<std::vector<std::string>> codes_of_file(const std::string& path) {
  SUYUAN_TRY(text, read_file(path, kListBytesMax));
  std::vector<std::string> codes;
  for (auto line : split(text, '\n')) {
    while (line.ends_with('\r') || line.ends_with(' ')) line.remove_suffix(1);
    if (!line.empty() && !line.starts_with('#')) codes.emplace_back(line);
  }
  return codes;
}

// A unit's label shows its lot too, though its code does not hold it.
std::string with_lot(const std::string& lot, const std::string& unit) {
  const auto in_lot = lot.find("/10/");
  const auto own = lot.substr(0, in_lot);
  if (in_lot == std::string::npos || !unit.starts_with(own + "/")) return unit;
  return lot + unit.substr(own.size());
}

// Returns the codes in ascending order: the node sorts only within a page.
OrExit<std::vector<std::string>> units_of(Shell& shell, const std::string& sent) {
  auto lot = parse_code(sent);
  if (!lot) return Unexpected(shell.fail_local(lot.error()));
  auto connection = shell.connect();
  if (!connection) return Unexpected(connection.error());
  const auto answer = all_pages<Forward>(
      {.code = lot->text()}, limits::kPageMax, kSheetLabelsMax,
      [&](const CodeQuestion& page) { return (*connection)->forward(page); },
      [](const Forward& page) { return page.units.size(); },
      [](Forward& whole, Forward more) {
        append(whole.units, std::move(more.units));
        whole.next = std::move(more.next);
      });
  if (!answer.value) return Unexpected(shell.fail_answer(answer.value.error()));
  if (!answer.value->next.empty()) {
    return Unexpected(shell.fail_local(
        {.code = Code::TOO_MANY,
         .message = "more than " + std::to_string(kSheetLabelsMax) +
                    " units come from the lot; write their codes to files and print each file "
                    "with --sheet",
         .field = "units"}));
  }
  std::vector<std::string> codes;
  for (const ForwardUnit& unit : answer.value->units) {
    if (unit.lot == lot->text()) codes.push_back(with_lot(lot->text(), unit.code));
  }
  std::ranges::sort(codes);
  return codes;
}

Result<std::vector<Label>> labels_of(const std::vector<std::string>& codes,
                                     const LabelCommand& options) {
  if (codes.size() > kSheetLabelsMax) {
    return fail(Code::TOO_MANY, std::to_string(codes.size()) + " labels; at most " +
                                    std::to_string(kSheetLabelsMax) + " at a time",
                "sheet");
  }
  std::vector<Label> labels;
  for (const std::string& code : codes) {
    SUYUAN_TRY(label, make_label(code, options.host, *qr_level_from(options.level)));
    labels.push_back(std::move(label));
  }
  return labels;
}

// "labels.svg" is "labels-001.svg", "labels-002.svg", ...
std::string page_path(const std::string& path, size_t number) {
  std::string digits = std::to_string(number);
  digits.insert(0, digits.size() < 3 ? 3 - digits.size() : 0, '0');
  const auto dot = path.rfind(".svg");
  const bool ends = dot != std::string::npos && dot + 4 == path.size();
  return (ends ? path.substr(0, dot) : path) + "-" + digits + ".svg";
}

Result<std::vector<std::string>> write_pages(const std::vector<Label>& labels,
                                             const LabelCommand& options) {
  SUYUAN_TRY(grid, grid_for(labels, options.module_um()));
  const size_t on_page = size_t{grid.columns} * grid.rows;
  std::vector<std::string> files;
  for (size_t from = 0; from < labels.size(); from += on_page) {
    const auto page = std::span(labels).subspan(from, std::min(on_page, labels.size() - from));
    files.push_back(page_path(options.svg, files.size() + 1));
    SUYUAN_TRY_DONE(write_file(files.back(), svg_page(page, grid, options.module_um()),
                               FileMode::shared));
  }
  return files;
}

Result<std::vector<std::string>> write_files(const std::vector<Label>& labels, bool one,
                                             const LabelCommand& options) {
  if (!one) return write_pages(labels, options);
  std::vector<std::string> files;
  if (!options.svg.empty()) {
    SUYUAN_TRY_DONE(write_file(options.svg, svg_of(labels[0], options.module_um()),
                               FileMode::shared));
    files.push_back(options.svg);
  }
  if (!options.png.empty()) {
    SUYUAN_TRY(image, png_of(labels[0], options.pixels, options.module_um()));
    SUYUAN_TRY_DONE(write_file(options.png, image, FileMode::shared));
    files.push_back(options.png);
  }
  return files;
}

void print_labels(const Shell& shell, const std::vector<Label>& labels,
                  const std::vector<std::string>& files, bool symbol) {
  if (shell.options.json) {
    JsonWriter out;
    out.begin_object();
    out.key("labels");
    out.number(static_cast<uint64_t>(labels.size()));
    out.field("link", labels[0].link);
    out.field("text", labels[0].lines);
    out.field("files", files);
    out.end_object();
    return shell.print_line(out.str());
  }
  if (symbol) {
    shell.print(terminal_qr(labels[0].qr, shell.style().view.colour));
    shell.print_line(labels[0].link);
    for (const std::string& line : labels[0].lines) shell.print_line(line);
  }
  for (const std::string& file : files) {
    shell.print_line(shell.say(Say::label_written, {shown(file)}));
  }
}

ExitCode run_label(Shell& shell, const LabelCommand& options) {
  const bool one = options.sheet.empty() && !options.units && options.count == 1;
  if (!one && (options.svg.empty() || !options.png.empty() || options.text)) {
    return shell.fail_local({.code = Code::INVALID_FIELD,
                             .message = "a sheet is written only as SVG: --svg FILE",
                             .field = "svg"});
  }
  std::vector<std::string> codes(options.count, options.code);
  if (!options.sheet.empty()) {
    auto listed = codes_of_file(options.sheet);
    if (!listed) return shell.fail_local(listed.error());
    codes = *std::move(listed);
  } else if (options.units) {
    auto units = units_of(shell, options.code);
    if (!units) return units.error();
    codes = *std::move(units);
  }
  const auto labels = labels_of(codes, options);
  if (!labels) return shell.fail_local(labels.error());
  if (labels->empty()) {
    return shell.fail_local({.code = Code::NOT_FOUND,
                             .message = "there is no code to print",
                             .field = "code"});
  }
  const auto files = write_files(*labels, one, options);
  if (!files) return shell.fail_local(files.error());
  print_labels(shell, *labels, *files, options.text || files->empty());
  return ExitCode::ok;
}

}  // namespace

void add_label(CLI::App& app, Shell& shell) {
  add_command<LabelCommand>(app, shell, "label", Help::label, declare_label, run_label);
}

}  // namespace suyuan
