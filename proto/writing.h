// Turns values into wire messages. Empty values are not written, so absent is a null pointer.
// Internal to proto: includes capnp.
#pragma once

#include <capnp/list.h>

#include <optional>
#include <string>
#include <vector>

#include "ledger/base/decimal.h"
#include "ledger/base/text.h"
#include "proto/event.capnp.h"

namespace suyuan {

// Requires: `text` outlives the reader.
inline capnp::Text::Reader text_reader(const std::string& text) {
  return {text.c_str(), text.size()};
}
inline capnp::Data::Reader data_reader(BytesView bytes) {
  return {reinterpret_cast<const kj::byte*>(bytes.data()), bytes.size()};
}

template <class Builder>
void put(Builder& to, void (Builder::*set)(capnp::Text::Reader), const std::string& text) {
  if (!text.empty()) (to.*set)(text_reader(text));
}

inline void write(const Decimal& value, wire::Decimal::Builder to) {
  to.setUnits(value.units());
  to.setScale(value.scale());
}
inline void write(const Moment& value, wire::Moment::Builder to) {
  to.setMs(value.ms);
  to.setOffset(value.offset_minutes);
}
inline void write(const std::string& value, wire::Word::Builder to) {
  put(to, &wire::Word::Builder::setText, value);
}

template <class Builder, class T, class Wire>
void put(Builder& to, Wire (Builder::*init)(), const std::optional<T>& value) {
  if (value) write(*value, (to.*init)());
}

// Writes each element with its write().
template <class Builder, class T, class List>
void put(Builder& to, List (Builder::*init)(unsigned), const std::vector<T>& values) {
  if (values.empty()) return;
  auto list = (to.*init)(static_cast<unsigned>(values.size()));
  unsigned i = 0;
  for (const T& value : values) write(value, list[i++]);
}

}  // namespace suyuan
