// Reading: turns a wire message into values. Keeps the first fault with its path, and checks every
// bound before it allocates. Internal to proto: includes capnp.
#pragma once

#include <capnp/any.h>
#include <capnp/list.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "ledger/base/decimal.h"
#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "proto/event.capnp.h"

namespace suyuan {

class Reading {
 public:
  struct Bounds {
    size_t text_bytes;
    size_t list;
    // A default element takes no bytes, so a payload of a few words could claim thousands of
    // values. In signed data such elements carry no information: lists of them are refused.
    bool elements_speak;
    // Control characters are refused: signed text is shown in terminals and pages for years.
    bool plain_texts;
  };
  static constexpr Bounds kPayload = {limits::kTextBytesMax, limits::kListMax, true, true};
  static constexpr Bounds kQuestion = {limits::kTextBytesMax, limits::kListMax, true, false};
  // A node's answers, read by its client: bounded by the message and by the largest answer.
  static constexpr Bounds kAnswer = {limits::kBatchBytesMax, limits::kTraceStepsMax, false,
                                     false};

  explicit Reading(const Bounds& bounds) : bounds_(bounds) {}

  bool ok() const { return !error_; }
  // Requires: !ok().
  Error error() && { return *std::move(error_); }
  // Records a fault. Only the first counts.
  void refuse(Code code, std::string_view field, std::string message);

  void text(capnp::Text::Reader from, const char* field, std::string& to);
  void moment(int64_t ms, int16_t offset_minutes, const char* field, Moment& to);
  void decimal(wire::Decimal::Reader from, const char* field, Decimal& to);

  template <class F>
  void fixed(capnp::Data::Reader from, const char* field, F& to) {
    if (from.size() != F::kSize) return refuse_size(field, from.size(), F::kSize);
    to = F::from(BytesView(reinterpret_cast<const char*>(from.begin()), from.size()));
  }

  template <class From, class To>
  void choice(From from, To last, const char* field, To& to) {
    const auto found = static_cast<uint16_t>(from);
    const auto known = static_cast<uint16_t>(last);
    if (found > known) return refuse_choice(field, found, known);
    to = static_cast<To>(found);
  }

  // Calls each(element reader, value) for each element.
  template <class List, class T, class Each>
  void list(const List& from, const char* field, size_t max, std::vector<T>& to, Each each) {
    const size_t count = from.size();
    if (count == 0 || !ok()) return;
    if (count > max) return refuse_count(field, count, max);
    if constexpr (capnp::kind<capnp::FromReader<decltype(from[0])>>() == capnp::Kind::STRUCT) {
      if (bounds_.elements_speak && says_nothing(from[0])) return refuse_silent(field);
    }
    to.reserve(count);
    for (unsigned i = 0; i < count && ok(); ++i) {
      const Step step(*this, field, i);
      each(from[i], to.emplace_back());
    }
  }
  template <class List, class T, class Each>
  void list(const List& from, const char* field, std::vector<T>& to, Each each) {
    list(from, field, bounds_.list, to, each);
  }
  // Reads lists of values that have a read() of their own.
  template <class List, class T>
  void list(const List& from, const char* field, size_t max, std::vector<T>& to) {
    list(from, field, max, to, [this](auto element, T& value) { read(*this, element, value); });
  }
  template <class List, class T>
  void list(const List& from, const char* field, std::vector<T>& to) {
    list(from, field, bounds_.list, to);
  }
  void words(capnp::List<wire::Word>::Reader from, const char* field, std::vector<std::string>& to);

  // During its lifetime, faults are named below `field`, or below its element.
  class Step {
   public:
    static constexpr uint32_t kWhole = ~uint32_t{0};
    Step(Reading& reading, const char* field, uint32_t index = kWhole) : reading_(reading) {
      SUYUAN_CHECK(reading_.depth_ < reading_.path_.size());
      reading_.path_[reading_.depth_++] = {field, index};
    }
    ~Step() { --reading_.depth_; }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

   private:
    Reading& reading_;
  };

 private:
  struct Place {
    const char* field;
    uint32_t index;
  };
  static bool says_nothing(capnp::AnyStruct::Reader element) {
    return element.getDataSection().size() == 0 && element.getPointerSection().size() == 0;
  }
  void refuse_size(std::string_view field, size_t found, size_t expected);
  void refuse_choice(std::string_view field, uint16_t found, uint16_t last);
  void refuse_count(std::string_view field, size_t found, size_t max);
  void refuse_silent(std::string_view field);

  Bounds bounds_;
  std::optional<Error> error_;
  std::array<Place, 8> path_{};  // no schema nests deeper
  size_t depth_ = 0;
};

}  // namespace suyuan
