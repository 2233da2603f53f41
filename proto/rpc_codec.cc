#include "proto/rpc_codec.h"

#include "proto/answer_wire.h"
#include "proto/registry_wire.h"

namespace suyuan {
namespace {

// Runs read(reading) and returns its value, the first fault, or what capnp threw.
template <class T, class Read>
Result<T> read_question(Code malformed, Read read) {
  try {
    Reading in(Reading::kQuestion);
    T value;
    read(in, value);
    if (!in.ok()) return Unexpected(std::move(in).error());
    return value;
  } catch (const kj::Exception& exception) {
    return fail(malformed, exception.getDescription().cStr());
  }
}

// Sizes are checked before bytes are copied.
Result<Bytes> bounded_bytes(capnp::Data::Reader from, size_t max, const std::string& field) {
  if (from.size() > max) {
    return fail(Code::TOO_LARGE,
                "found " + std::to_string(from.size()) + " bytes, at most " + std::to_string(max),
                field);
  }
  return bytes_from(from);
}

Result<Salt> salt_from(capnp::Data::Reader from, const std::string& field) {
  if (from.size() != Salt::kSize) {
    return fail(Code::MALFORMED_SUBMISSION,
                "found " + std::to_string(from.size()) + " bytes, a salt has 32", field);
  }
  return Salt::from(BytesView(reinterpret_cast<const char*>(from.begin()), from.size()));
}

template <class List>
Result<Done> bounded_count(const List& list, size_t max, const char* field) {
  if (list.size() <= max) return Done{};
  return fail(Code::TOO_MANY,
              "found " + std::to_string(list.size()) + ", at most " + std::to_string(max), field);
}

Result<EventBody> body_from(wire::EventBody::Reader from) {
  EventBody body;
  SUYUAN_TRY(salt, salt_from(from.getSalt(), "salt"));
  SUYUAN_TRY(payload, bounded_bytes(from.getPayload(), limits::kPayloadBytesMax, "payload"));
  body.salt = salt;
  body.payload = std::move(payload);
  const auto sections = from.getSections();
  SUYUAN_TRY_DONE(bounded_count(sections, limits::kSectionsPerEventMax, "sections"));
  for (unsigned i = 0; i < sections.size(); ++i) {
    const std::string field = "sections[" + std::to_string(i) + "]";
    SUYUAN_TRY(section_salt, salt_from(sections[i].getSalt(), field + ".salt"));
    SUYUAN_TRY(bytes, bounded_bytes(sections[i].getBytes(), limits::kSectionBytesMax,
                                    field + ".bytes"));
    body.sections.push_back({.salt = section_salt, .bytes = std::move(bytes)});
  }
  return body;
}

Result<Submission> submission_from(wire::Submission::Reader from) {
  const auto note = from.getNote();
  if (note.size() > limits::kNoteBytesMax) {
    return fail(Code::TOO_LARGE, "found " + std::to_string(note.size()) + " bytes", "note");
  }
  const auto events = from.getEvents();
  SUYUAN_TRY_DONE(bounded_count(events, limits::kBatchEventsMax, "events"));
  Submission submission{.note = std::string(note.begin(), note.size()), .events = {}};
  // Pointers may share a target, so the sum is bounded while copying, not by the message's size.
  size_t bytes = submission.note.size();
  for (unsigned i = 0; i < events.size(); ++i) {
    auto body = body_from(events[i]);
    if (!body) return Unexpected(at_event(std::move(body).error(), i));
    bytes += body->payload.size();
    for (const auto& section : body->sections) bytes += section.bytes.size();
    if (bytes > limits::kBatchBytesMax) {
      return fail(Code::TOO_LARGE,
                  "found more than 1 MiB of payloads and sections; split the batch");
    }
    submission.events.push_back(*std::move(body));
  }
  return submission;
}

// Bytes in whole words, with room for the pointers and sizes around them.
uint64_t words_for(size_t bytes) { return bytes / sizeof(capnp::word) + 8; }

void write(const SectionBody& section, wire::SectionBody::Builder to) {
  to.setSalt(data_reader(section.salt.view()));
  to.setBytes(data_reader(section.bytes));
}

void write_body(const EventBody& body, wire::EventBody::Builder to) {
  to.setSalt(data_reader(body.salt.view()));
  to.setPayload(data_reader(body.payload));
  if (body.sections.empty()) return;
  auto sections = to.initSections(static_cast<unsigned>(body.sections.size()));
  unsigned i = 0;
  for (const auto& section : body.sections) write(section, sections[i++]);
}

void read_at_least(wire::AtLeast::Reader from, AtLeast& to) {
  to = {.size = from.getSize(), .wait_ms = from.getWaitMs()};
}

void read_as_of(Reading& in, wire::AsOf::Reader from, AsOf& to) {
  const auto at = from.getAt();
  const auto known_at = from.getKnownAt();
  if (at.isMs()) {
    to.at_ms = at.getMs();
  } else if (!at.isNewest()) {
    in.refuse(Code::BAD_REQUEST, "asOf.at", "found a form that this node does not know");
  }
  if (known_at.isLeaves()) {
    to.known_at = known_at.getLeaves();
  } else if (!known_at.isNewest()) {
    in.refuse(Code::BAD_REQUEST, "asOf.knownAt", "found a form that this node does not know");
  }
}

}  // namespace

uint64_t wire_words(const Submission& value) {
  uint64_t words = words_for(value.note.size());
  for (const auto& event : value.events) {
    words += words_for(Salt::kSize) + words_for(event.payload.size());
    for (const auto& section : event.sections) {
      words += words_for(Salt::kSize) + words_for(section.bytes.size());
    }
  }
  return words;
}

void to_wire(const Submission& value, wire::Submission::Builder to) {
  to.setNote(text_reader(value.note));
  auto events = to.initEvents(static_cast<unsigned>(value.events.size()));
  unsigned i = 0;
  for (const auto& body : value.events) write_body(body, events[i++]);
}

Result<Submission> from_wire(wire::Submission::Reader from) {
  try {
    return submission_from(from);
  } catch (const kj::Exception& exception) {
    return fail(Code::MALFORMED_SUBMISSION, exception.getDescription().cStr());
  }
}

void to_wire(const AtLeast& value, wire::AtLeast::Builder to) {
  to.setSize(value.size);
  to.setWaitMs(value.wait_ms);
}

Result<AtLeast> from_wire(wire::AtLeast::Reader from) {
  return read_question<AtLeast>(
      Code::BAD_REQUEST, [&](Reading&, AtLeast& to) { read_at_least(from, to); });
}

void to_wire(const CodeQuestion& value, wire::CodeQuestion::Builder to) {
  put(to, &wire::CodeQuestion::Builder::setCode, value.code);
  auto as_of = to.initAsOf();
  if (value.as_of.at_ms) as_of.getAt().setMs(*value.as_of.at_ms);
  if (value.as_of.known_at) as_of.getKnownAt().setLeaves(*value.as_of.known_at);
  to_wire(value.at_least, to.initAtLeast());
  to.setLimit(value.limit);
  put(to, &wire::CodeQuestion::Builder::setPage, value.page);
}

Result<CodeQuestion> from_wire(wire::CodeQuestion::Reader from) {
  return read_question<CodeQuestion>(Code::BAD_REQUEST, [&](Reading& in, CodeQuestion& to) {
    in.text(from.getCode(), "code", to.code);
    read_as_of(in, from.getAsOf(), to.as_of);
    read_at_least(from.getAtLeast(), to.at_least);
    to.limit = from.getLimit();
    in.text(from.getPage(), "page", to.page);
  });
}

void to_wire(const RegistryQuestion& value, wire::RegistryQuestion::Builder to) {
  put(to, &wire::RegistryQuestion::Builder::setId, value.id);
  to_wire(value.at_least, to.initAtLeast());
  to.setLimit(value.limit);
  put(to, &wire::RegistryQuestion::Builder::setPage, value.page);
}

Result<RegistryQuestion> from_wire(wire::RegistryQuestion::Reader from) {
  return read_question<RegistryQuestion>(Code::BAD_REQUEST, [&](Reading& in, RegistryQuestion& to) {
    in.text(from.getId(), "id", to.id);
    read_at_least(from.getAtLeast(), to.at_least);
    to.limit = from.getLimit();
    in.text(from.getPage(), "page", to.page);
  });
}

void to_wire(const Place& value, wire::Place::Builder to) { write(value, to); }

Result<Place> from_wire(wire::Place::Reader from) {
  return read_question<Place>(Code::BAD_REQUEST,
                              [&](Reading& in, Place& to) { read(in, from, to); });
}

Result<Hash> hash_from_wire(capnp::Data::Reader from, const char* field) {
  if (from.size() != Hash::kSize) {
    return fail(Code::BAD_REQUEST, "found " + std::to_string(from.size()) + " bytes, expected 32",
                field);
  }
  return Hash::from(BytesView(reinterpret_cast<const char*>(from.begin()), from.size()));
}

}  // namespace suyuan
