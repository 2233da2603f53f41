#include "ledger/os/named_file.h"

namespace suyuan {
namespace {

Result<Bytes> blaming(const std::string& option, Result<Bytes> bytes) {
  if (bytes || bytes.error().code != Code::TOO_LARGE) return bytes;
  return fail(Code::INVALID_FIELD, bytes.error().message, option);
}

Result<Bytes> not_empty(const std::string& path, const std::string& option, Result<Bytes> bytes) {
  if (!bytes || !bytes->empty()) return bytes;
  return fail(Code::INVALID_FIELD,
              path + " is empty: write the text in PEM into it, or leave out the option", option);
}

}  // namespace

Result<Bytes> read_named_file(const std::string& path, size_t bytes_max,
                              const std::string& option) {
  return blaming(option, read_file(path, bytes_max));
}

Result<Bytes> read_named_pem(const std::string& path, size_t bytes_max,
                             const std::string& option) {
  return not_empty(path, option, read_named_file(path, bytes_max, option));
}

Result<Bytes> read_named_secret(const std::string& path, size_t bytes_max,
                                const std::string& option) {
  return not_empty(path, option, blaming(option, read_without_copies(path, bytes_max)));
}

}  // namespace suyuan
