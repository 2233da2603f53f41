#include "proto/epcis/faults.h"

#include "ledger/base/limits.h"
#include "ledger/base/text.h"

namespace suyuan::ld {
namespace {

// A name from outside as part of a pointer: unprintable bytes would spoil the message.
std::string escaped(std::string_view name) {
  constexpr size_t kShownMax = 128;
  std::string out;
  for (const char c : name.substr(0, kShownMax)) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return is_clean_utf8(out) || out.empty() ? out : "?";
}

}  // namespace

std::string At::pointer() const {
  if (of == nullptr && name.empty()) return {};
  std::string path = of == nullptr ? std::string() : of->pointer();
  path += '/';
  return path + (index == kWhole ? escaped(name) : std::to_string(index));
}

void Faults::add(Code code, const At& at, std::string message) {
  if (full()) return;
  errors_.push_back({.code = code, .message = std::move(message), .field = at.pointer()});
}

bool Faults::full() const { return errors_.size() >= limits::kErrorsPerBatchMax; }

}  // namespace suyuan::ld
