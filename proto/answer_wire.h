// What all answers share on the wire: head, error or value, places, findings, lists of texts.
// Internal to proto: includes capnp.
#pragma once

#include <kj/exception.h>

#include "proto/answers.capnp.h"
#include "proto/answers.h"
#include "proto/reading.h"
#include "proto/writing.h"

namespace suyuan {

void read(Reading& in, wire::AnswerHead::Reader from, AnswerHead& to);
void read(Reading& in, wire::Error::Reader from, Error& to);
void read(Reading& in, wire::Place::Reader from, Place& to);
void read(Reading& in, wire::Finding::Reader from, Finding& to);
void read(Reading& in, wire::CodeHead::Reader from, CodeHead& to);
void read(Reading& in, wire::EventView::Reader from, EventView& to);
void write(const AnswerHead& head, wire::AnswerHead::Builder to);
void write(const Error& error, wire::Error::Builder to);
void write(const Place& place, wire::Place::Builder to);
void write(const Finding& finding, wire::Finding::Builder to);
void write(const CodeHead& head, wire::CodeHead::Builder to);
void write(const EventView& event, wire::EventView::Builder to);

void read_texts(Reading& in, capnp::List<capnp::Text>::Reader from, const char* field,
                std::vector<std::string>& to);
void read_hashes(Reading& in, capnp::List<capnp::Data>::Reader from, const char* field,
                 std::vector<Hash>& to);
Bytes bytes_from(capnp::Data::Reader from);

template <class Builder>
void put_texts(Builder& to, capnp::List<capnp::Text>::Builder (Builder::*init)(unsigned),
               const std::vector<std::string>& texts) {
  if (texts.empty()) return;
  auto list = (to.*init)(static_cast<unsigned>(texts.size()));
  unsigned i = 0;
  for (const auto& text : texts) list.set(i++, text_reader(text));
}
template <class Builder>
void put_hashes(Builder& to, capnp::List<capnp::Data>::Builder (Builder::*init)(unsigned),
                const std::vector<Hash>& hashes) {
  if (hashes.empty()) return;
  auto list = (to.*init)(static_cast<unsigned>(hashes.size()));
  unsigned i = 0;
  for (const auto& hash : hashes) list.set(i++, data_reader(hash.view()));
}

Error unreadable_answer(std::string_view why);

template <class T, class Builder, class Fill>
void write_answer(const Answer<T>& answer, Builder to, Fill fill) {
  write(answer.head, to.initHead());
  if (answer.value) {
    fill(*answer.value);
  } else {
    write(answer.value.error(), to.initError());
  }
}

// Calls fill(reading, value) with the union's value, if `holds`.
template <class T, class Reader, class Fill>
Answer<T> read_answer(Reader from, bool holds, Fill fill) {
  Answer<T> answer{
      .head = {},
      .value = Unexpected(unreadable_answer("a kind that this program does not know"))};
  try {
    Reading in(Reading::kAnswer);
    read(in, from.getHead(), answer.head);
    if (from.isError()) {
      Error error;
      read(in, from.getError(), error);
      answer.value = Unexpected(std::move(error));
    } else if (holds) {
      T value;
      fill(in, value);
      answer.value = std::move(value);
    }
    if (!in.ok()) answer.value = Unexpected(std::move(in).error());
  } catch (const kj::Exception& exception) {
    answer.value = Unexpected(unreadable_answer(exception.getDescription().cStr()));
  }
  return answer;
}

}  // namespace suyuan
