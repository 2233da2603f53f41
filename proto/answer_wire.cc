#include "proto/answer_wire.h"

namespace suyuan {

void read_texts(Reading& in, capnp::List<capnp::Text>::Reader from, const char* field,
                std::vector<std::string>& to) {
  in.list(from, field, to, [&](capnp::Text::Reader text, std::string& value) {
    in.text(text, "", value);
  });
}

void read_hashes(Reading& in, capnp::List<capnp::Data>::Reader from, const char* field,
                 std::vector<Hash>& to) {
  in.list(from, field, to, [&](capnp::Data::Reader data, Hash& value) {
    in.fixed(data, "", value);
  });
}

Bytes bytes_from(capnp::Data::Reader from) {
  return Bytes(reinterpret_cast<const char*>(from.begin()), from.size());
}

Error unreadable_answer(std::string_view why) {
  return {.code = Code::UNAVAILABLE,
          .message = "the node's answer cannot be read: " + std::string(why)};
}

void read(Reading& in, wire::AnswerHead::Reader from, AnswerHead& to) {
  const Reading::Step step(in, "head");
  to.size = from.getSize();
  to.time_ms = from.getLogTime();
  to.retry_after_ms = from.getRetryAfterMs();
  in.text(from.getCode(), "code", to.code);
}

void write(const AnswerHead& head, wire::AnswerHead::Builder to) {
  to.setSize(head.size);
  to.setLogTime(head.time_ms);
  to.setRetryAfterMs(head.retry_after_ms);
  put(to, &wire::AnswerHead::Builder::setCode, head.code);
}

void read(Reading& in, wire::Error::Reader from, Error& to) {
  const Reading::Step step(in, "error");
  std::string name;
  in.text(from.getCode(), "code", name);
  in.text(from.getMessage(), "message", to.message);
  in.text(from.getField(), "field", to.field);
  to.event = from.getEvent();
  if (const CodeInfo* known = find_code(name)) {
    to.code = known->code;
  } else {
    to.code = Code::BAD_REQUEST;
    to.message.insert(0, "the node is newer than this program and says " + quoted(name) + ": ");
  }
}

void write(const Error& error, wire::Error::Builder to) {
  using To = wire::Error::Builder;
  to.setCode(std::string(info(error.code).name));
  put(to, &To::setMessage, error.message);
  put(to, &To::setField, error.field);
  to.setEvent(error.event);
}

void read(Reading&, wire::Place::Reader from, Place& to) {
  to = {.leaf = from.getLeaf(), .event = from.getEvent()};
}

void write(const Place& place, wire::Place::Builder to) {
  to.setLeaf(place.leaf);
  to.setEvent(place.event);
}

void read(Reading& in, wire::Finding::Reader from, Finding& to) {
  std::string name;
  in.text(from.getFlag(), "flag", name);
  if (const auto flag = flag_from(name)) {
    to.flag = *flag;
  } else {
    in.refuse(Code::UNSUPPORTED_TYPE, "flag",
              "found " + quoted(name) + ", which this program does not know; use a newer one");
  }
  read(in, from.getEvent(), to.event);
  in.text(from.getReason(), "reason", to.reason);
  read_texts(in, from.getCodes(), "codes", to.codes);
  in.list(from.getRelated(), "related", to.related);
}

void write(const Finding& finding, wire::Finding::Builder to) {
  using To = wire::Finding::Builder;
  to.setFlag(std::string(word(finding.flag)));
  write(finding.event, to.initEvent());
  put(to, &To::setReason, finding.reason);
  put_texts(to, &To::initCodes, finding.codes);
  put(to, &To::initRelated, finding.related);
}

void read(Reading& in, wire::CodeHead::Reader from, CodeHead& to) {
  in.text(from.getCode(), "code", to.code);
  to.head.count = from.getCount();
  in.fixed(from.getLink(), "link", to.head.link);
}

void write(const CodeHead& head, wire::CodeHead::Builder to) {
  put(to, &wire::CodeHead::Builder::setCode, head.code);
  to.setCount(head.head.count);
  to.setLink(data_reader(head.head.link.view()));
}

namespace {

void read_payload(Reading& in, wire::EventView::Payload::Reader from, EventView& to) {
  if (from.isOpen()) {
    to.state = PayloadState::open;
    in.fixed(from.getOpen().getSalt(), "salt", to.salt);
    to.payload = bytes_from(from.getOpen().getBytes());
  } else {
    to.state = from.isErased() ? PayloadState::erased : PayloadState::withheld;
  }
}

void write_payload(const EventView& event, wire::EventView::Payload::Builder to) {
  switch (event.state) {
    case PayloadState::withheld: return to.setWithheld();
    case PayloadState::erased: return to.setErased();
    case PayloadState::open: {
      auto open = to.initOpen();
      open.setSalt(data_reader(event.salt.view()));
      open.setBytes(data_reader(event.payload));
    }
  }
}

}  // namespace

void read(Reading& in, wire::EventView::Reader from, EventView& to) {
  read(in, from.getPlace(), to.place);
  to.time_ms = from.getLogTime();
  in.text(from.getNote(), "note", to.note);
  to.record = bytes_from(from.getRecord());
  read_hashes(in, from.getPath(), "path", to.path);
  read_payload(in, from.getPayload(), to);
  in.list(from.getFindings(), "findings", to.findings);
  if (from.hasWithdrawnBy()) to.withdrawn_by = from.getWithdrawnBy().getLeaf();
  if (from.getForPartners()) to.audience = EventAudience::partner;
  in.list(from.getSections(), "sections", limits::kSectionsPerEventMax, to.sections,
          [&](wire::OpenSection::Reader section, OpenSection& opened) {
            opened.index = section.getIndex();
            in.fixed(section.getSalt(), "salt", opened.salt);
            opened.bytes = bytes_from(section.getBytes());
          });
  in.list(from.getErased(), "erased", limits::kSectionsPerEventMax, to.erased,
          [&](wire::ErasedSection::Reader section, ErasedSection& erased) {
            in.fixed(section.getDigest(), "digest", erased.digest);
            erased.notice = section.getNotice();
          });
}

void write(const EventView& event, wire::EventView::Builder to) {
  using To = wire::EventView::Builder;
  write(event.place, to.initPlace());
  to.setLogTime(event.time_ms);
  put(to, &To::setNote, event.note);
  to.setRecord(data_reader(event.record));
  put_hashes(to, &To::initPath, event.path);
  write_payload(event, to.getPayload());
  put(to, &To::initFindings, event.findings);
  if (event.withdrawn_by) to.initWithdrawnBy().setLeaf(*event.withdrawn_by);
  to.setForPartners(event.audience == EventAudience::partner);
  if (!event.erased.empty()) {
    auto gone = to.initErased(static_cast<unsigned>(event.erased.size()));
    for (unsigned i = 0; i < gone.size(); ++i) {
      gone[i].setDigest(data_reader(event.erased[i].digest.view()));
      gone[i].setNotice(event.erased[i].notice);
    }
  }
  if (event.sections.empty()) return;
  auto sections = to.initSections(static_cast<unsigned>(event.sections.size()));
  unsigned i = 0;
  for (const OpenSection& opened : event.sections) {
    auto section = sections[i++];
    section.setIndex(opened.index);
    section.setSalt(data_reader(opened.salt.view()));
    section.setBytes(data_reader(opened.bytes));
  }
}

}  // namespace suyuan
