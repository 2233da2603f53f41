// Writes compact JSON. Calls must nest as JSON does; commas are its business.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ledger/base/decimal.h"
#include "ledger/event/event.h"
#include "proto/jsontext/document.h"

namespace suyuan {

class JsonWriter {
 public:
  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }
  void key(std::string_view name);

  void text(std::string_view value);    // What is not clean UTF-8 is written as '?'.
  void number(std::string_view value);  // as it is. REQUIRES: a JSON number.
  void number(uint64_t value) { number(std::string_view(std::to_string(value))); }
  void number(int64_t value) { number(std::string_view(std::to_string(value))); }
  void boolean(bool value) { number(std::string_view(value ? "true" : "false")); }
  void null() { number(std::string_view("null")); }
  void value(JsonValue value);

  // A member; left out where the value is empty.
  void field(std::string_view name, std::string_view value);
  // A decimal is a text: exact for every reader.
  void field(std::string_view name, const std::optional<Decimal>& value);
  void field(std::string_view name, const std::optional<Moment>& value);
  void field(std::string_view name, const std::vector<std::string>& values);
  void field(std::string_view name, const Tree& tree);  // as an object
  // The members of the object that is open, with all that is inside them.
  void members(const Tree& tree);

  const std::string& str() const& { return out_; }
  std::string&& str() && { return std::move(out_); }

 private:
  void separate();
  void open(char bracket);
  void close(char bracket);
  std::string out_;
  bool comma_ = false;
};

}  // namespace suyuan
