// Members of JSON objects that several writers share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/text.h"
#include "proto/jsontext/writer.h"

namespace suyuan {

inline void number_field(JsonWriter& out, std::string_view name, uint64_t value) {
  out.key(name);
  out.number(value);
}

inline void flag_field(JsonWriter& out, std::string_view name, bool value) {
  out.key(name);
  out.boolean(value);
}

inline void time_field(JsonWriter& out, std::string_view name, int64_t ms) {
  out.field(name, to_rfc3339({.ms = ms, .offset_minutes = 0}));
}

template <class T, class Write>
void array_field(JsonWriter& out, std::string_view name, const std::vector<T>& list, Write write) {
  out.key(name);
  out.begin_array();
  for (const T& one : list) write(out, one);
  out.end_array();
}

// As array_field, each entry an object whose members `write` writes.
template <class T, class Write>
void objects_field(JsonWriter& out, std::string_view name, const std::vector<T>& list,
                   Write write) {
  array_field(out, name, list, [&](JsonWriter& inner, const T& one) {
    inner.begin_object();
    write(inner, one);
    inner.end_object();
  });
}

inline void texts_field(JsonWriter& out, std::string_view name,
                        const std::vector<std::string>& texts) {
  array_field(out, name, texts,
              [](JsonWriter& inner, const std::string& text) { inner.text(text); });
}

inline void hashes_field(JsonWriter& out, std::string_view name, const std::vector<Hash>& hashes) {
  array_field(out, name, hashes,
              [](JsonWriter& inner, const Hash& hash) { inner.text(to_base64(hash.view())); });
}

}  // namespace suyuan
