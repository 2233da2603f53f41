// Reads JSON objects strictly: every member is requested by name, and unrequested ones are refused.
// The first fault is kept with its path and reading continues harmlessly; callers check at the end.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/decimal.h"
#include "ledger/base/error.h"
#include "ledger/base/text.h"
#include "proto/jsontext/document.h"

namespace suyuan {

class FirstFault {
 public:
  void add(Code code, std::string field, std::string message) {
    if (error_) return;
    error_ = Error{.code = code, .message = std::move(message), .field = std::move(field)};
  }
  void add(const Error& error, std::string field) {
    add(error.code, std::move(field), error.message);
  }
  bool any() const { return error_.has_value(); }
  // Requires: any().
  Unexpected<Error> take() { return Unexpected(*std::move(error_)); }

 private:
  std::optional<Error> error_;
};

// Each reads one value, or adds a fault at `path` and returns an empty one.
std::string read_text(JsonValue value, const std::string& path, FirstFault& faults);
// Returns the code in canonical form; a place may also be a bare GLN.
std::string read_code(JsonValue value, const std::string& path, FirstFault& faults);
std::string read_place(JsonValue value, const std::string& path, FirstFault& faults);
Decimal read_decimal(JsonValue value, const std::string& path, FirstFault& faults);
Moment read_moment(JsonValue value, const std::string& path, FirstFault& faults);
Bytes read_base64(JsonValue value, const std::string& path, FirstFault& faults);
uint64_t read_unsigned(JsonValue value, const std::string& path, FirstFault& faults);
bool read_boolean(JsonValue value, const std::string& path, FirstFault& faults);

class ObjectReader {
 public:
  ObjectReader(JsonValue value, std::string path, FirstFault& faults);
  // Refuses the members that were not requested.
  void finish();

  // Returns the member and marks it as requested.
  std::optional<JsonValue> find(std::string_view name);
  void need(std::string_view name, std::string_view why);  // MISSING_FIELD if absent

  // Each leaves `out` unchanged if the member is absent.
  void text(std::string_view name, std::string& out) { one(name, out, read_text); }
  void code(std::string_view name, std::string& out) { one(name, out, read_code); }
  void place(std::string_view name, std::string& out) { one(name, out, read_place); }
  void decimal(std::string_view name, std::optional<Decimal>& out) { one(name, out, read_decimal); }
  void moment(std::string_view name, std::optional<Moment>& out) { one(name, out, read_moment); }
  void base64(std::string_view name, Bytes& out) { one(name, out, read_base64); }
  void number(std::string_view name, uint64_t& out) { one(name, out, read_unsigned); }
  void boolean(std::string_view name, bool& out) { one(name, out, read_boolean); }
  void tree(std::string_view name, Tree& out);
  void texts(std::string_view name, std::vector<std::string>& out, size_t max) {
    list(name, out, max, read_text);
  }
  template <class F>
  void fixed_base64(std::string_view name, F& out);
  // Reads a word of an enumeration: `from` returns nullopt if unknown, `known` lists all words.
  template <class E>
  void word(std::string_view name, E& out, std::optional<E> (*from)(std::string_view),
            std::string_view known);
  // Reads each entry with read(value, path, faults).
  template <class T, class Read>
  void list(std::string_view name, std::vector<T>& out, size_t max, Read read);

  std::string path_of(std::string_view name) const {
    return path_.empty() ? std::string(name) : path_ + '.' + std::string(name);
  }
  FirstFault& faults() { return faults_; }

 private:
  template <class T, class Read>
  void one(std::string_view name, T& out, Read read) {
    if (const auto value = find(name)) out = read(*value, path_of(name), faults_);
  }
  JsonValue value_;
  bool is_object_;
  std::string path_;
  FirstFault& faults_;
  std::vector<std::string_view> asked_;
};

template <class F>
void ObjectReader::fixed_base64(std::string_view name, F& out) {
  Bytes bytes;
  base64(name, bytes);
  if (bytes.empty()) return;
  if (bytes.size() == F::kSize) {
    out = F::from(bytes);
  } else {
    faults_.add(Code::INVALID_FIELD, path_of(name),
                std::to_string(bytes.size()) + " bytes; expected " + std::to_string(F::kSize));
  }
}

template <class E>
void ObjectReader::word(std::string_view name, E& out, std::optional<E> (*from)(std::string_view),
                        std::string_view known) {
  std::string found;
  text(name, found);
  if (found.empty()) return;
  if (const auto value = from(found)) {
    out = *value;
  } else {
    faults_.add(Code::INVALID_FIELD, path_of(name),
                quoted(found) + " is not one of: " + std::string(known));
  }
}

template <class T, class Read>
void ObjectReader::list(std::string_view name, std::vector<T>& out, size_t max, Read read) {
  const auto value = find(name);
  if (!value) return;
  const std::string path = path_of(name);
  if (value->kind() != NodeKind::array) {
    return faults_.add(Code::INVALID_FIELD, path, "expected an array");
  }
  if (const size_t size = value->size(); size > max) {
    return faults_.add(Code::TOO_MANY, path,
                       std::to_string(size) + " entries; at most " + std::to_string(max));
  }
  for (const JsonValue entry : *value) {
    if (faults_.any()) return;
    out.push_back(read(entry, path + '[' + std::to_string(out.size()) + ']', faults_));
  }
}

}  // namespace suyuan
