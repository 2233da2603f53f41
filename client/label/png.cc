#include "client/label/png.h"

#include <png.h>

#include <csetjmp>

namespace suyuan {
namespace {

void append(png_structp png, png_bytep data, png_size_t size) {
  static_cast<Bytes*>(png_get_io_ptr(png))->append(reinterpret_cast<const char*>(data), size);
}

// One bit for each pixel, 1 is white.
Bytes row_of(const QrMatrix& qr, size_t module_y, uint32_t pixels) {
  const size_t modules = qr.size + 2 * kQuietZone;
  Bytes row((modules * pixels + 7) / 8, '\0');
  for (size_t x = 0; x < modules * pixels; ++x) {
    // Left of the symbol the difference wraps to a number that lies outside it.
    if (qr.at(x / pixels - kQuietZone, module_y - kQuietZone)) continue;
    row[x / 8] = static_cast<char>(static_cast<unsigned char>(row[x / 8]) | (0x80U >> (x % 8)));
  }
  return row;
}

// Leaves by longjmp where libpng fails, so nothing here may need a destructor.
bool write_all(png_structp png, png_infop info, const Bytes* rows, size_t modules, uint32_t pixels,
               uint32_t per_metre, Bytes* out) {
  if (setjmp(png_jmpbuf(png)) != 0) return false;
  const auto width = static_cast<png_uint_32>(modules * pixels);
  png_set_write_fn(png, out, append, nullptr);
  png_set_compression_level(png, 9);
  png_set_IHDR(png, info, width, width, 1, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_pHYs(png, info, per_metre, per_metre, PNG_RESOLUTION_METER);
  png_write_info(png, info);
  for (size_t y = 0; y < modules; ++y) {
    for (uint32_t again = 0; again < pixels; ++again) {
      png_write_row(png, reinterpret_cast<png_const_bytep>(rows[y].data()));
    }
  }
  png_write_end(png, nullptr);
  return true;
}

}  // namespace

Result<Bytes> png_of(const QrMatrix& qr, uint32_t pixels, uint32_t module_um) {
  SUYUAN_CHECK(pixels >= 1 && pixels <= 64 && module_um > 0);
  const size_t modules = qr.size + 2 * kQuietZone;
  std::vector<Bytes> rows;
  for (size_t y = 0; y < modules; ++y) rows.push_back(row_of(qr, y, pixels));
  Bytes out;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png == nullptr ? nullptr : png_create_info_struct(png);
  const bool written = info != nullptr && write_all(png, info, rows.data(), modules, pixels,
                                                    pixels * 1'000'000U / module_um, &out);
  png_destroy_write_struct(&png, &info);
  if (!written) return fail(Code::IO, "the PNG library cannot write this image");
  return out;
}

}  // namespace suyuan
