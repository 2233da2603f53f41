// The files of the page, built into the node: page_files.cc is made by client/web/page/build.mjs,
// or is page_files_none.cc where the node is built without the page (SUYUAN_WEB=OFF).
#pragma once

#include <span>
#include <string_view>

namespace suyuan::http {

struct PageFile {
  std::string_view name;  // "index.html", "main-4F3A2B1C.js"
  std::string_view type;
  std::string_view hash;     // of the bytes, for the ETag
  bool immutable;            // the name holds a hash, so that it never means other bytes
  std::string_view plain;    // the bytes
  std::string_view gzip;     // the same, compressed
  std::string_view brotli;
};

std::span<const PageFile> page_files();

}  // namespace suyuan::http
