#include "ledger/os/named_file.h"

namespace suyuan {

Result<Bytes> read_named_file(const std::string& path, size_t bytes_max,
                              const std::string& option) {
  auto bytes = read_file(path, bytes_max);
  if (bytes || bytes.error().code != Code::TOO_LARGE) return bytes;
  return fail(Code::INVALID_FIELD, bytes.error().message, option);
}

}  // namespace suyuan
