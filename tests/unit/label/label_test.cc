// Labels: what a reader sees is what was asked for, at the size that was asked for.
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <set>

#include "client/label/glyphs.h"
#include "client/label/png.h"
#include "client/label/sheet.h"
#include "client/label/terminal_qr.h"
#include "ledger/base/text.h"
#include "ledger/os/files.h"

namespace suyuan {
namespace {

constexpr std::string_view kCan = "(01)09521104301011(10)L2606A(21)3BGEJEE2QM52(17)280602";
const std::string kHost = "https://trace.example";
const std::string kLink =
    "https://trace.example/01/09521104301011/10/L2606A/21/3BGEJEE2QM52?17=280602";

Label label(std::string_view code = kCan, QrLevel level = QrLevel::m) {
  auto made = make_label(code, kHost, level);
  SUYUAN_CHECK(made.has_value());
  return *std::move(made);
}

size_t count(std::string_view text, std::string_view what) {
  size_t found = 0;
  for (size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1)) {
    ++found;
  }
  return found;
}

// What Debian's zbar reads in a picture; nullopt where it is not installed.
std::optional<std::string> read_back(const Bytes& png) {
  const std::string path = (std::filesystem::temp_directory_path() /
                            ("suyuan-label-" + std::to_string(getpid()) + ".png")).string();
  EXPECT_TRUE(write_file(path, png, FileMode::shared));
  const std::string command = "zbarimg --quiet --raw -Sdisable -Sqrcode.enable " + path +
                              " 2>/dev/null";
  FILE* pipe = popen(command.c_str(), "r");
  std::string out;
  std::array<char, 512> buffer;
  for (size_t got; (got = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    out.append(buffer.data(), got);
  }
  const int status = pclose(pipe);
  std::filesystem::remove(path);
  if (WEXITSTATUS(status) == 127) return std::nullopt;
  while (out.ends_with('\n')) out.pop_back();
  return out;
}

TEST(Label, HoldsTheWholeLinkAndSaysItForPeople) {
  const Label can = label();
  EXPECT_EQ(can.link, kLink);
  EXPECT_EQ(can.lines, (std::vector<std::string>{"(01)09521104301011", "(10)L2606A",
                                                 "(21)3BGEJEE2QM52", "(17)280602"}));
  EXPECT_EQ(label("urn:epc:id:sgtin:9521104.030101.S1").link,
            "https://trace.example/01/09521104301011/21/S1");
}

TEST(Label, RefusesWhatAReaderCouldNotFollow) {
  const auto says = [](std::string_view code, const std::string& host, Code expected) {
    const auto made = make_label(code, host, QrLevel::m);
    ASSERT_FALSE(made) << code;
    EXPECT_EQ(info(made.error().code).name, info(expected).name) << code << " " << host;
  };
  says("(01)09521104301010", kHost, Code::CODE_CHECK_DIGIT);
  says("urn:x-suyuan:parcel:GQ260803019CN", kHost, Code::CODE_SYNTAX);
  says("(01)09521104301011(17)261399", kHost, Code::CODE_SYNTAX);
  says(kCan, "trace.example", Code::INVALID_FIELD);
  says(kCan, "https://trace.example/?x", Code::INVALID_FIELD);
  says(kCan, "https://", Code::INVALID_FIELD);
  says(kCan, "https://x.example/" + std::string(3000, 'a'), Code::TOO_LARGE);
}

TEST(Label, AnotherReaderReadsTheSameLinkAtEveryLevel) {
  for (const QrLevel level : {QrLevel::m, QrLevel::q, QrLevel::h}) {
    for (const std::string_view code :
         {kCan, std::string_view("9521104301011"), std::string_view("(00)395211040000010020"),
          std::string_view("(01)09521104301011(21)a/b%&+<>\"'_;:,.!?*-=")}) {
      const Label made = label(code, level);
      const auto png = png_of(made, 4, kModuleDefault);
      ASSERT_TRUE(png);
      const auto read = read_back(*png);
      if (!read) GTEST_SKIP() << "zbarimg is not installed (Debian: zbar-tools)";
      EXPECT_EQ(*read, made.link);
    }
  }
}

TEST(Label, ALostCornerIsBorneByTheErrorCorrection) {
  Label made = label();
  // 3 by 3 modules in the middle: less than the 15 in a hundred of level M.
  for (size_t y = 14; y < 17; ++y) {
    for (size_t x = 14; x < 17; ++x) made.qr.dark[y * made.qr.size + x] = true;
  }
  const auto read = read_back(png_of(made, 4, kModuleDefault).value());
  if (!read) GTEST_SKIP() << "zbarimg is not installed (Debian: zbar-tools)";
  EXPECT_EQ(*read, kLink);
}

TEST(Label, TheSymbolHasItsFindersAndTheLevelThatWasAskedFor) {
  const QrMatrix qr = label().qr;
  ASSERT_EQ(qr.size % 4, 1U);  // 17 + 4 times the version
  for (const auto& [x, y] : {std::pair{size_t{0}, size_t{0}}, {qr.size - 7, size_t{0}},
                             {size_t{0}, qr.size - 7}}) {
    for (size_t i = 0; i < 7; ++i) {
      EXPECT_TRUE(qr.at(x + i, y) && qr.at(x + i, y + 6) && qr.at(x, y + i) && qr.at(x + 6, y + i));
    }
    EXPECT_TRUE(qr.at(x + 3, y + 3));
    EXPECT_FALSE(qr.at(x + 1, y + 1));
  }
  // The first two format bits beside the upper left finder, masked with 10: 00 is M, 11 Q, 10 H.
  const auto format = [](const QrMatrix& symbol) {
    return std::pair{!symbol.at(0, 8), symbol.at(1, 8)};
  };
  EXPECT_EQ(format(qr), (std::pair{false, false}));
  EXPECT_EQ(format(label(kCan, QrLevel::q).qr), (std::pair{true, true}));
  EXPECT_EQ(format(label(kCan, QrLevel::h).qr), (std::pair{true, false}));
}

TEST(Label, AnSvgIsInMillimetresAndTheSameEveryTime) {
  const Label can = label();
  const std::string svg = svg_of(can, kModuleDefault);
  EXPECT_EQ(svg, svg_of(label(), kModuleDefault));
  const std::string side = millimetres(static_cast<uint32_t>(can.qr.size + 8) * kModuleDefault);
  EXPECT_NE(svg.find("width=\"" + side + "mm\""), std::string::npos) << svg.substr(0, 200);
  EXPECT_NE(svg.find("translate(1.980 1.980) scale(0.495)"), std::string::npos) << "4 modules";
  EXPECT_EQ(count(svg, "<text "), 4U);
  EXPECT_NE(svg.find(">(21)3BGEJEE2QM52</text>"), std::string::npos);
  EXPECT_NE(svg_of(label("(01)09521104301011(21)a<b&c\""), kModuleDefault)
                .find("(21)a&lt;b&amp;c&quot;</text>"), std::string::npos);
}

TEST(Label, ALongTextMakesTheLabelWiderThanItsSymbol) {
  const Label unit = label("(01)09521104301011(21)ABCDEFGHIJKLMNOPQRST");
  EXPECT_GT(size_of(unit, 200).width, static_cast<uint32_t>(unit.qr.size + 8) * 200);
}

TEST(Sheet, PagesAreFilledAndNothingLeavesThePaper) {
  std::vector<Label> labels;
  for (int i = 0; i < 100; ++i) {
    labels.push_back(label("(01)09521104301011(21)S" + std::to_string(i)));
  }
  const Grid grid = grid_for(labels, kModuleDefault).value();
  EXPECT_LE(grid.columns * grid.cell.width, 210'000U);
  EXPECT_LE(grid.rows * grid.cell.height, 297'000U);
  EXPECT_GE(grid.columns, 5U);
  const auto page = svg_page(std::span(labels).first(grid.columns + 1), grid, kModuleDefault);
  EXPECT_EQ(count(page, "<path "), grid.columns + 1);
  EXPECT_NE(page.find("viewBox=\"0 0 210 297\""), std::string::npos);
  EXPECT_EQ(grid_for(labels, kModuleMax).error().code, Code::INVALID_FIELD);
  EXPECT_EQ(grid_for({}, kModuleDefault).error().code, Code::INVALID_FIELD);
}

TEST(TerminalQr, HasAHalfBlockForEveryTwoModulesAndItsBorder) {
  const QrMatrix qr = label().qr;
  for (const bool colours : {true, false}) {
    const std::string text = terminal_qr(qr, colours);
    EXPECT_EQ(count(text, "\n"), (qr.size + 2 * kQuietZone + 1) / 2);
    EXPECT_EQ(count(text, "\x1b[0m"), colours ? count(text, "\n") : 0U);
  }
  // On a dark terminal the light border is drawn.
  EXPECT_TRUE(terminal_qr(qr, false).starts_with("████"));
  EXPECT_NE(terminal_qr(qr, true).find("m    "), std::string::npos);
}

// Width and height, as the file's head has them.
std::pair<uint32_t, uint32_t> pixels_of(const Bytes& png) {
  const auto number = [&](size_t at) {
    uint32_t value = 0;
    for (size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<uint8_t>(png.at(at + i));
    return value;
  };
  return {number(16), number(20)};
}

TEST(Png, HasALineOfTextForEachPartOfTheCode) {
  Label can = label();
  const auto with = pixels_of(png_of(can, 8, 500).value());
  can.lines.clear();
  const auto without = pixels_of(png_of(can, 8, 500).value());
  EXPECT_EQ(without.first, (can.qr.size + 2 * kQuietZone) * 8);
  EXPECT_EQ(with.first, (18 + 2) * 6 * 3U) << "the longest line, and a letter on either side";
  EXPECT_EQ(with.second - without.second, 4 * 11 * 3U) << "four lines of eleven dots of 3 pixels";
  can.lines = {std::string(90, 'x')};
  EXPECT_GT(pixels_of(png_of(can, 8, 500).value()).first, with.first) << "text is never cut off";
}

TEST(Png, EveryLetterHasAShapeOfItsOwn) {
  std::set<std::string> shapes;
  for (char c = '!'; c <= '~'; ++c) {
    std::string shape;
    for (size_t y = 0; y < kGlyphHeight; ++y) {
      for (size_t x = 0; x < kGlyphAdvance; ++x) {
        shape += text_dot(std::string(1, c), x, y) ? '#' : '.';
      }
    }
    EXPECT_NE(shape.find('#'), std::string::npos) << c;
    EXPECT_TRUE(shapes.insert(shape).second) << c;
  }
  EXPECT_FALSE(text_dot(" ", 2, 3));
  EXPECT_FALSE(text_dot("\xE4", 2, 3));
}

TEST(Png, SaysHowLargeAModuleIs) {
  const auto png = png_of(label(), 8, 500).value();
  EXPECT_EQ(png, png_of(label(), 8, 500).value());
  EXPECT_TRUE(png.starts_with("\x89PNG"));
  const auto physical = png.find("pHYs");
  ASSERT_NE(physical, std::string::npos);
  EXPECT_EQ(to_hex(png.substr(physical + 4, 9)), "00003e8000003e8001");  // 16,000 to the metre
}

}  // namespace
}  // namespace suyuan
