#include "proto/submission_codec.h"

#include <capnp/message.h>
#include <kj/exception.h>

#include "ledger/crypto/hash.h"
#include "proto/epcis/epcis.h"
#include "proto/event_codec.h"
#include "proto/payload.h"
#include "proto/registry_codec.h"
#include "proto/rpc_codec.h"

namespace suyuan {
namespace {

Result<Done> at_most(size_t found, size_t max, Code code, const char* field) {
  if (found <= max) return Done{};
  const char* what = code == Code::TOO_LARGE ? " bytes" : " elements";
  return fail(code,
              "found " + std::to_string(found) + what + ", at most " + std::to_string(max) +
                  "; split the batch",
              field);
}

Result<Done> check_body(const EventBody& body) {
  SUYUAN_TRY_DONE(at_most(body.payload.size(), limits::kPayloadBytesMax, Code::TOO_LARGE,
                          "payload"));
  SUYUAN_TRY_DONE(at_most(body.sections.size(), limits::kSectionsPerEventMax, Code::TOO_MANY,
                          "sections"));
  for (size_t i = 0; i < body.sections.size(); ++i) {
    const auto field = "sections[" + std::to_string(i) + "]";
    SUYUAN_TRY_DONE(at_most(body.sections[i].bytes.size(), limits::kSectionBytesMax,
                            Code::TOO_LARGE, field.c_str()));
  }
  return Done{};
}

Errors check_sizes(const Submission& submission) {
  const auto& events = submission.events;
  if (events.empty()) {
    return {{.code = Code::MALFORMED_SUBMISSION,
             .message = "found no events; a batch has 1 to 4,096, each with its body",
             .field = "events"}};
  }
  for (const auto& check :
       {at_most(submission.note.size(), limits::kNoteBytesMax, Code::TOO_LARGE, "note"),
        at_most(events.size(), limits::kBatchEventsMax, Code::TOO_MANY, "events"),
        at_most(submission.bytes(), limits::kBatchBytesMax, Code::TOO_LARGE, "")}) {
    if (!check) return {check.error()};
  }
  Errors errors;
  for (size_t i = 0; i < events.size() && errors.size() < limits::kErrorsPerBatchMax; ++i) {
    auto checked = check_body(events[i]);
    if (!checked) errors.push_back(at_event(std::move(checked).error(), i));
  }
  return errors;
}

template <class T>
Result<EventValue> as_value(Result<T> decoded) {
  SUYUAN_TRY(value, std::move(decoded));
  return EventValue(std::move(value));
}

// Like decode_any_payload, for an event to be accepted: with all its faults if its form can name
// their places.
Results<EventValue> take_payload(PayloadType type, BytesView payload) {
  if (type == PayloadType::epcis_json) {
    auto event = check_epcis(payload);
    if (!event) return Unexpected(std::move(event).error());
    return EventValue(*std::move(event));
  }
  auto value = decode_any_payload(type, payload);
  if (!value) return Unexpected(Errors{std::move(value).error()});
  return *std::move(value);
}

}  // namespace

Result<EventValue> decode_any_payload(PayloadType type, BytesView payload) {
  switch (type) {
    case PayloadType::event_capnp: return as_value(decode_event(payload));
    case PayloadType::registry_capnp: return as_value(decode_registry(payload));
    case PayloadType::epcis_json: return as_value(decode_epcis(payload));
  }
  return fail(Code::UNSUPPORTED_TYPE, "no such type");
}

Hash statement_hash(PayloadType type, const EventValue& value, BytesView payload) {
  const auto* event = std::get_if<TraceEvent>(&value);
  if (event == nullptr || event->event_id.empty()) return {};
  Bytes text = "suyuan/statement/v1\n" + std::string(word(event->audience)) + "\n";
  if (type == PayloadType::event_capnp && !event->error) {
    text.append(payload);  // it is that encoding
    return sha256(text);
  }
  TraceEvent bare = *event;
  bare.error.reset();
  text.append(encode_event(bare));
  return sha256(text);
}

Results<DecodedBatch> decode_batch(Submission submission) {
  if (auto errors = check_sizes(submission); !errors.empty()) return Unexpected(std::move(errors));
  auto note = parse_batch_note(submission.note);
  if (!note) return Unexpected(Errors{std::move(note).error()});
  const PayloadType type = note->batch.type;
  Errors errors;
  std::vector<EventValue> values;
  std::vector<Hash> statements;
  values.reserve(submission.events.size());
  for (size_t i = 0; i < submission.events.size(); ++i) {
    auto value = take_payload(type, submission.events[i].payload);
    if (value) {
      statements.push_back(statement_hash(type, *value, submission.events[i].payload));
      values.push_back(*std::move(value));
      continue;
    }
    for (Error& error : value.error()) {
      if (errors.size() < limits::kErrorsPerBatchMax) {
        errors.push_back(at_event(std::move(error), i));
      }
    }
    if (errors.size() == limits::kErrorsPerBatchMax) break;
  }
  if (!errors.empty()) return Unexpected(std::move(errors));
  return DecodedBatch{.submission = std::move(submission),
                      .note = *std::move(note),
                      .values = std::move(values),
                      .statements = std::move(statements)};
}

Bytes encode_submission(const Submission& submission) {
  capnp::MallocMessageBuilder message(static_cast<unsigned>(wire_words(submission)));
  to_wire(submission, message.initRoot<wire::Submission>());
  const auto segments = message.getSegmentsForOutput();
  SUYUAN_CHECK(segments.size() == 1);
  const auto bytes = segments[0].asBytes();
  return Bytes(reinterpret_cast<const char*>(bytes.begin()), bytes.size());
}

Result<Submission> decode_submission(BytesView flat) {
  if (flat.empty() || flat.size() % sizeof(capnp::word) != 0) {
    return fail(Code::MALFORMED_SUBMISSION, "found " + std::to_string(flat.size()) +
                                                " bytes, expected one segment of 8-byte words");
  }
  try {
    const PayloadWords words(flat);
    const kj::ArrayPtr<const capnp::word> segments[] = {words.words()};
    capnp::SegmentArrayMessageReader message(segments, payload_options(words.words().size()));
    return from_wire(message.getRoot<wire::Submission>());
  } catch (const kj::Exception& exception) {
    return fail(Code::MALFORMED_SUBMISSION, exception.getDescription().cStr());
  }
}

}  // namespace suyuan
