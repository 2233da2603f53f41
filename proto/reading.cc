#include "proto/reading.h"

#include "ledger/base/control.h"

namespace suyuan {
namespace {

constexpr int64_t kYear0Ms = -62'167'219'200'000;        // 0000-01-01T00:00:00
constexpr int64_t kYear10000Ms = 253'402'300'800'000;    // 10000-01-01T00:00:00
constexpr int16_t kOffsetMinutesMax = 14 * 60;

}  // namespace

void Reading::refuse(Code code, std::string_view field, std::string message) {
  if (error_) return;
  std::string path;
  for (size_t i = 0; i < depth_; ++i) {
    if (!path.empty()) path += '.';
    path += path_[i].field;
    if (path_[i].index != Step::kWhole) path += "[" + std::to_string(path_[i].index) + "]";
  }
  if (!field.empty()) {
    if (!path.empty()) path += '.';
    path += field;
  }
  error_ = Error{.code = code, .message = std::move(message), .field = std::move(path)};
}

void Reading::text(capnp::Text::Reader from, const char* field, std::string& to) {
  const std::string_view text(from.begin(), from.size());
  if (text.size() > bounds_.text_bytes) {
    return refuse(Code::TOO_LARGE, field,
                  "found " + std::to_string(text.size()) + " bytes, a text has at most " +
                      std::to_string(bounds_.text_bytes));
  }
  if (!is_clean_utf8(text)) {
    return refuse(Code::BAD_TEXT, field, "found bytes that are not UTF-8, or a NUL");
  }
  if (bounds_.plain_texts) {
    if (auto fault = control_fault(text); !fault.empty()) {
      return refuse(Code::INVALID_FIELD, field, std::move(fault));
    }
  }
  to.assign(text);
}

void Reading::moment(int64_t ms, int16_t offset_minutes, const char* field, Moment& to) {
  if (offset_minutes > kOffsetMinutesMax || offset_minutes < -kOffsetMinutesMax) {
    return refuse(Code::INVALID_FIELD, field,
                  "found an offset of " + std::to_string(offset_minutes) +
                      " minutes, allowed are -840 to 840");
  }
  const int64_t shift = int64_t{offset_minutes} * 60'000;
  if (ms < kYear0Ms - shift || ms >= kYear10000Ms - shift) {
    return refuse(Code::INVALID_FIELD, field,
                  "found a time outside the years 0000 to 9999; times are in milliseconds since "
                  "1970-01-01T00:00:00Z");
  }
  to = Moment{.ms = ms, .offset_minutes = offset_minutes};
}

void Reading::decimal(wire::Decimal::Reader from, const char* field, Decimal& to) {
  const auto value = Decimal::make(from.getUnits(), from.getScale());
  if (!value) {
    return refuse(Code::INVALID_FIELD, field,
                  "a decimal has scale 0 to 9 and units below 10^18 on either side");
  }
  if (value->scale() != from.getScale()) {
    return refuse(Code::NOT_CANONICAL, field,
                  "found scale " + std::to_string(from.getScale()) + ", but " + value->to_text() +
                      " has scale " + std::to_string(value->scale()));
  }
  to = *value;
}

void Reading::words(capnp::List<wire::Word>::Reader from, const char* field,
                    std::vector<std::string>& to) {
  list(from, field, to, [this](wire::Word::Reader element, std::string& value) {
    text(element.getText(), "text", value);
  });
}

void Reading::refuse_size(std::string_view field, size_t found, size_t expected) {
  refuse(found == 0 ? Code::MISSING_FIELD : Code::INVALID_FIELD, field,
         "found " + std::to_string(found) + " bytes, expected " + std::to_string(expected));
}

void Reading::refuse_choice(std::string_view field, uint16_t found, uint16_t last) {
  refuse(Code::INVALID_FIELD, field,
         "found choice " + std::to_string(found) + ", the schema has 0 to " + std::to_string(last));
}

void Reading::refuse_count(std::string_view field, size_t found, size_t max) {
  refuse(Code::TOO_MANY, field,
         "found " + std::to_string(found) + " elements, at most " + std::to_string(max));
}

void Reading::refuse_silent(std::string_view field) {
  refuse(Code::MISSING_FIELD, field, "found a list whose elements are all empty; leave it out");
}

}  // namespace suyuan
