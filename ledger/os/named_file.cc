#include "ledger/os/named_file.h"

namespace suyuan {
namespace {

Result<Bytes> blaming(const std::string& option, Result<Bytes> bytes) {
  if (bytes || bytes.error().code != Code::TOO_LARGE) return bytes;
  return fail(Code::INVALID_FIELD, bytes.error().message, option);
}

}  // namespace

Result<Bytes> read_named_file(const std::string& path, size_t bytes_max,
                              const std::string& option) {
  return blaming(option, read_file(path, bytes_max));
}

Result<Bytes> read_named_secret(const std::string& path, size_t bytes_max,
                                const std::string& option) {
  return blaming(option, read_without_copies(path, bytes_max));
}

}  // namespace suyuan
