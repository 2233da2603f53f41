#include "client/label/png.h"

#include <png.h>

#include <algorithm>
#include <csetjmp>
#include <vector>

#include "client/label/glyphs.h"

namespace suyuan {
namespace {

void append(png_structp png, png_bytep data, png_size_t size) {
  static_cast<Bytes*>(png_get_io_ptr(png))->append(reinterpret_cast<const char*>(data), size);
}

// size of a letter's dot: seven make about a capital of the SVG's font
constexpr size_t kDotUm = 200;
constexpr size_t kGapDots = 3;    // between symbol and text
constexpr size_t kLineDots = 11;  // from line to line

// A white canvas; one bit for each pixel, 1 is white.
class Canvas {
 public:
  Canvas(size_t width, size_t height)
      : width_(width), rows_(height, Bytes((width + 7) / 8, '\xFF')) {}
  size_t width() const { return width_; }
  const std::vector<Bytes>& rows() const { return rows_; }
  void square(size_t x, size_t y, size_t size) {
    for (size_t row = y; row < y + size; ++row) {
      for (size_t column = x; column < x + size; ++column) blacken(column, row);
    }
  }

 private:
  void blacken(size_t x, size_t y) {
    char& eight = rows_.at(y).at(x / 8);
    eight = static_cast<char>(static_cast<unsigned char>(eight) & ~(0x80U >> (x % 8)));
  }
  size_t width_;
  std::vector<Bytes> rows_;
};

Canvas draw(const Label& label, size_t pixels, size_t module_um) {
  // A dot is a whole number of pixels, so that letters stay sharp.
  const size_t dot = std::max<size_t>(1, (kDotUm * pixels + module_um / 2) / module_um);
  const size_t symbol = (label.qr.size + 2 * kQuietZone) * pixels;
  size_t longest = 0;
  for (const auto& line : label.lines) longest = std::max(longest, line.size());
  // One letter's space on either side: text at the edge may be read as part of what is next to it.
  const size_t text_width = (longest + 2) * kGlyphAdvance * dot;
  Canvas canvas(std::max(symbol, text_width),
                symbol + (kGapDots + label.lines.size() * kLineDots) * dot);
  const size_t left = (canvas.width() - symbol) / 2 + kQuietZone * pixels;
  for (size_t y = 0; y < label.qr.size; ++y) {
    for (size_t x = 0; x < label.qr.size; ++x) {
      if (label.qr.at(x, y)) {
        canvas.square(left + x * pixels, (y + kQuietZone) * pixels, pixels);
      }
    }
  }
  size_t top = symbol + kGapDots * dot;
  for (const std::string& line : label.lines) {
    const size_t begin = (canvas.width() - line.size() * kGlyphAdvance * dot) / 2;
    for (size_t y = 0; y < kGlyphHeight; ++y) {
      for (size_t x = 0; x < line.size() * kGlyphAdvance; ++x) {
        if (text_dot(line, x, y)) canvas.square(begin + x * dot, top + y * dot, dot);
      }
    }
    top += kLineDots * dot;
  }
  return canvas;
}

// libpng fails by longjmp, so nothing here may need a destructor.
bool write_all(png_structp png, png_infop info, const Canvas& canvas, uint32_t per_metre,
               Bytes* out) {
  if (setjmp(png_jmpbuf(png)) != 0) return false;
  png_set_write_fn(png, out, append, nullptr);
  png_set_compression_level(png, 9);
  png_set_IHDR(png, info, static_cast<png_uint_32>(canvas.width()),
               static_cast<png_uint_32>(canvas.rows().size()), 1, PNG_COLOR_TYPE_GRAY,
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_pHYs(png, info, per_metre, per_metre, PNG_RESOLUTION_METER);
  png_write_info(png, info);
  for (const Bytes& row : canvas.rows()) {
    png_write_row(png, reinterpret_cast<png_const_bytep>(row.data()));
  }
  png_write_end(png, nullptr);
  return true;
}

}  // namespace

Result<Bytes> png_of(const Label& label, uint32_t pixels, uint32_t module_um) {
  SUYUAN_CHECK(pixels >= 1 && pixels <= 64 && module_um > 0);
  const Canvas canvas = draw(label, pixels, module_um);
  Bytes out;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png == nullptr ? nullptr : png_create_info_struct(png);
  const bool written = info != nullptr && write_all(png, info, canvas,
                                                    pixels * 1'000'000U / module_um, &out);
  png_destroy_write_struct(&png, &info);
  if (!written) return fail(Code::IO, "the PNG library cannot write this image");
  return out;
}

}  // namespace suyuan
