// Files that survive a crash, and secret randomness, for node and client. Not part of the
// deterministic core: in ledger/ only store/rocks and order may use this module.
#pragma once

#include <string>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"

namespace suyuan {

// Errors: NOT_FOUND (no such file), TOO_LARGE (more than `bytes_max`), IO (the system's reason,
// with the path).
Result<Bytes> read_file(const std::string& path, size_t bytes_max);

// As read_file, for secrets: the bytes are in the result and nowhere else in memory. The caller
// wipes it. Takes `bytes_max` bytes of memory.
Result<Bytes> read_without_copies(const std::string& path, size_t bytes_max);

// As read_without_copies. Errors: also IO (group or others may read or write the file).
Result<Bytes> read_secret_file(const std::string& path, size_t bytes_max);

enum class FileMode : uint16_t { shared = 0644, secret = 0600 };
// Writes atomically, also across a power cut: a new file is written, synced and renamed, then the
// folder is synced.
Result<Done> write_file(const std::string& path, BytesView bytes, FileMode mode);
// As write_file, but refuses (IO) to replace an existing file: for keys. Removes `path`.new.
Result<Done> write_new_file(const std::string& path, BytesView bytes, FileMode mode);
// Overwrites bytes of an existing file in place, synced: for slots that are written in turn. A
// crash can leave any mix of old and new bytes there.
Result<Done> overwrite_synced(const std::string& path, size_t offset, BytesView bytes);
// Appends one line, synced: for journals.
Result<Done> append_line(const std::string& path, std::string_view line);
// Makes files created, renamed and removed in the folder survive a power cut.
Result<Done> sync_folder(const std::string& path);
bool file_exists(const std::string& path);
// Makes the folder and its parents. The last one, if new, has mode 0700.
Result<Done> make_folder(const std::string& path);

// Reads getrandom(2) only. Aborts if the system has none.
void fill_random(uint8_t* to, size_t size);
template <class F>
F random_fixed() {
  F value;
  fill_random(value.data.data(), F::kSize);
  return value;
}

}  // namespace suyuan
