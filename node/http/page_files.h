// The files of the page, built into the node. client/web/page/build.mjs generates page_files.cc; a
// node built without the page (SUYUAN_WEB=OFF) has page_files_none.cc.
#pragma once

#include <span>
#include <string_view>

namespace suyuan::http {

struct PageFile {
  std::string_view name;  // "index.html", "main-4F3A2B1C.js"
  std::string_view type;
  std::string_view hash;   // hash of the bytes, for the ETag
  bool immutable;          // the name contains a hash, so its bytes never change
  std::string_view plain;  // uncompressed
  std::string_view gzip;   // compressed
  std::string_view brotli;
};

std::span<const PageFile> page_files();

}  // namespace suyuan::http
