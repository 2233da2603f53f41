// Files that survive a crash, and secret randomness: what node and client both need of the machine.
// Not part of the deterministic core; nothing in ledger/ but store/rocks and order may stand beside
// it.
#pragma once

#include <string>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"

namespace suyuan {

// NOT_FOUND: no such file. TOO_LARGE: more than `bytes_max`. IO: the operating system's reason,
// with the path.
Result<Bytes> read_file(const std::string& path, size_t bytes_max);

// As read_file, for what is nobody else's to read. IO: group or others may read or write it.
Result<Bytes> read_secret_file(const std::string& path, size_t bytes_max);

enum class FileMode : uint16_t { shared = 0644, secret = 0600 };
// Whole or not at all, also across a power cut: written beside, synced, renamed, the folder synced.
Result<Done> write_file(const std::string& path, BytesView bytes, FileMode mode);
// As write_file, but refuses (IO) to replace a file that is there: for keys. `path`.new is taken
// away.
Result<Done> write_new_file(const std::string& path, BytesView bytes, FileMode mode);
// Some bytes of a file that is there, in place, synced: for slots that are written in turn. A crash
// can leave any mix of the old bytes and the new ones in that place.
Result<Done> overwrite_synced(const std::string& path, size_t offset, BytesView bytes);
// One line at the end, synced: for journals.
Result<Done> append_line(const std::string& path, std::string_view line);
// Makes what was created, renamed and removed in it survive a power cut.
Result<Done> sync_folder(const std::string& path);
bool file_exists(const std::string& path);
// With parents. Mode 0700 for the last one when it is new.
Result<Done> make_folder(const std::string& path);

// From getrandom(2) alone. Aborts where the system has none.
void fill_random(uint8_t* to, size_t size);
template <class F>
F random_fixed() {
  F value;
  fill_random(value.data.data(), F::kSize);
  return value;
}

}  // namespace suyuan
