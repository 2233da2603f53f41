#include "ledger/base/error.h"

namespace suyuan {

const std::vector<CodeInfo>& all_codes() {
  static const std::vector<CodeInfo> kAll = {
#define SUYUAN_X(name, status, rule) {Code::name, #name, status, rule, true},
      SUYUAN_REFUSALS(SUYUAN_X)
#undef SUYUAN_X
#define SUYUAN_X(name, status, rule) {Code::name, #name, status, rule, false},
          SUYUAN_FAULTS(SUYUAN_X)
#undef SUYUAN_X
  };
  return kAll;
}

const CodeInfo& info(Code code) {
  const auto& all = all_codes();
  const auto index = static_cast<size_t>(code);
  SUYUAN_CHECK(index < all.size() && all[index].code == code);
  return all[index];
}

const CodeInfo* find_code(std::string_view name) {
  for (const auto& one : all_codes()) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

Unexpected<Error> fail(Code code, std::string message, std::string field) {
  return Unexpected(Error{.code = code, .message = std::move(message), .field = std::move(field)});
}

Error at_event(Error error, size_t event_index) {
  error.event = static_cast<int32_t>(event_index);
  return error;
}

std::string to_text(const Error& error) {
  std::string text(info(error.code).name);
  if (error.event >= 0) text += " at event " + std::to_string(error.event);
  if (!error.field.empty()) text += (error.event >= 0 ? ", field " : " at field ") + error.field;
  if (!error.message.empty()) text += ": " + error.message;
  return text;
}

}  // namespace suyuan
