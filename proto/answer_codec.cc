// Answers about batches, events and codes.
#include "proto/answer_wire.h"
#include "proto/rpc_codec.h"

namespace suyuan {

void read(Reading& in, wire::Held::Reader from, Held& to) {
  read_texts(in, from.getNodes(), "nodes", to.nodes);
  to.of = from.getOf();
  in.text(from.getCheckpoint(), "checkpoint", to.checkpoint);
  read_hashes(in, from.getPath(), "path", to.path);
}

void write(const Held& held, wire::Held::Builder to) {
  put_texts(to, &wire::Held::Builder::initNodes, held.nodes);
  to.setOf(held.of);
  put(to, &wire::Held::Builder::setCheckpoint, held.checkpoint);
  put_hashes(to, &wire::Held::Builder::initPath, held.path);
}

void read(Reading& in, wire::Receipt::Reader from, BatchReceipt& to) {
  in.text(from.getNote(), "note", to.note);
  to.leaf = from.getLeaf();
  read_hashes(in, from.getPath(), "path", to.path);
  to.time_ms = from.getLogTime();
  in.list(from.getHeads(), "heads", to.heads);
  in.list(from.getFindings(), "findings", to.findings);
  to.repeated = from.getRepeated();
  if (from.hasHeld()) read(in, from.getHeld(), to.held);
}

void write(const BatchReceipt& receipt, wire::Receipt::Builder to) {
  using To = wire::Receipt::Builder;
  put(to, &To::setNote, receipt.note);
  to.setLeaf(receipt.leaf);
  put_hashes(to, &To::initPath, receipt.path);
  to.setLogTime(receipt.time_ms);
  put(to, &To::initHeads, receipt.heads);
  put(to, &To::initFindings, receipt.findings);
  to.setRepeated(receipt.repeated);
  if (receipt.held != Held{}) write(receipt.held, to.initHeld());
}

static_assert(static_cast<uint16_t>(wire::Relation::DOCUMENT) ==
              static_cast<uint16_t>(Relation::document));

void read(Reading& in, wire::TraceStep::Reader from, TraceStep& to) {
  read(in, from.getPlace(), to.place);
  to.event_time_ms = from.getEventTime();
  in.choice(from.getKind(), Kind::inspection, "kind", to.kind);
  in.choice(from.getRelation(), Relation::document, "relation", to.relation);
  to.no_effect = from.getNoEffect();
  in.text(from.getStep(), "step", to.step);
  in.text(from.getVia(), "via", to.via);
  if (from.hasWithdrawnBy()) to.withdrawn_by = from.getWithdrawnBy().getLeaf();
  to.withheld = from.getWithheld();
}

void write(const TraceStep& step, wire::TraceStep::Builder to) {
  write(step.place, to.initPlace());
  to.setEventTime(step.event_time_ms);
  to.setKind(static_cast<wire::Kind>(step.kind));
  to.setRelation(static_cast<wire::Relation>(step.relation));
  to.setNoEffect(step.no_effect);
  put(to, &wire::TraceStep::Builder::setStep, step.step);
  put(to, &wire::TraceStep::Builder::setVia, step.via);
  if (step.withdrawn_by) to.initWithdrawnBy().setLeaf(*step.withdrawn_by);
  to.setWithheld(step.withheld);
}

void read(Reading& in, wire::Trace::Reader from, TracePage& to) {
  in.list(from.getSteps(), "steps", to.trace.steps);
  in.list(from.getEvents(), "events", to.events);
  in.text(from.getNext(), "next", to.next);
  read_texts(in, from.getContainers(), "containers", to.trace.containers);
  read_texts(in, from.getAncestors(), "ancestors", to.trace.ancestors);
  read_texts(in, from.getOrigins(), "origins", to.trace.origins);
  read_texts(in, from.getDocuments(), "documents", to.trace.documents);
}

void write(const TracePage& page, wire::Trace::Builder to) {
  using To = wire::Trace::Builder;
  put(to, &To::initSteps, page.trace.steps);
  put(to, &To::initEvents, page.events);
  put(to, &To::setNext, page.next);
  put_texts(to, &To::initContainers, page.trace.containers);
  put_texts(to, &To::initAncestors, page.trace.ancestors);
  put_texts(to, &To::initOrigins, page.trace.origins);
  put_texts(to, &To::initDocuments, page.trace.documents);
}

void read(Reading& in, wire::ChainEntry::Reader from, ChainEntry& to) {
  to.n = from.getN();
  read(in, from.getPlace(), to.link.place);
  in.fixed(from.getLink(), "link", to.link.link);
}

void write(const ChainEntry& entry, wire::ChainEntry::Builder to) {
  to.setN(entry.n);
  write(entry.link.place, to.initPlace());
  to.setLink(data_reader(entry.link.link.view()));
}

void read(Reading& in, wire::Chain::Reader from, ChainPage& to) {
  read(in, from.getHead(), to.head);
  in.list(from.getEntries(), "entries", to.entries);
  in.list(from.getEvents(), "events", to.events);
  in.text(from.getNext(), "next", to.next);
}

void write(const ChainPage& page, wire::Chain::Builder to) {
  write(page.head, to.initHead());
  put(to, &wire::Chain::Builder::initEntries, page.entries);
  put(to, &wire::Chain::Builder::initEvents, page.events);
  put(to, &wire::Chain::Builder::setNext, page.next);
}

namespace {

void read_submit(Reading& in, wire::SubmitAnswer::Reader from, SubmitAnswer& to) {
  read(in, from.getHead(), to.head);
  if (from.isAccepted()) {
    BatchReceipt receipt;
    read(in, from.getAccepted(), receipt);
    to.outcome = std::move(receipt);
  } else if (from.isRefused()) {
    Errors errors;
    in.list(from.getRefused(), "refused", limits::kErrorsPerBatchMax, errors);
    // An empty list would read as no reason.
    if (!errors.empty()) to.outcome = Unexpected(std::move(errors));
  }
  if (!in.ok()) to.outcome = Unexpected(Errors{std::move(in).error()});
}

}  // namespace

uint64_t wire_words(const SubmitAnswer& value) {
  constexpr uint64_t kFixed = 48;  // structs and their pointers
  constexpr uint64_t kOfOne = 12;  // of a list's element, besides its texts
  constexpr uint64_t kOfHash = 1 + Hash::kSize / sizeof(capnp::word);
  const auto of_text = [](const std::string& text) {
    return text.size() / sizeof(capnp::word) + 1;
  };
  uint64_t words = kFixed;
  if (!value.outcome) {
    for (const Error& error : value.outcome.error())
      words += kOfOne + of_text(error.message) + of_text(error.field);
    return words;
  }
  const BatchReceipt& receipt = *value.outcome;
  words += of_text(receipt.note) + receipt.path.size() * kOfHash;
  for (const CodeHead& head : receipt.heads) words += kOfOne + of_text(head.code);
  for (const Finding& finding : receipt.findings) {
    words += kOfOne + of_text(finding.reason) + finding.related.size() * kOfOne;
    for (const std::string& code : finding.codes) words += kOfOne + of_text(code);
  }
  for (const std::string& node : receipt.held.nodes) words += kOfOne + of_text(node);
  return words + of_text(receipt.held.checkpoint) + receipt.held.path.size() * kOfHash;
}

void to_wire(const SubmitAnswer& value, wire::SubmitAnswer::Builder to) {
  write(value.head, to.initHead());
  if (value.outcome) {
    write(*value.outcome, to.initAccepted());
  } else {
    put(to, &wire::SubmitAnswer::Builder::initRefused, value.outcome.error());
  }
}

SubmitAnswer from_wire(wire::SubmitAnswer::Reader from) {
  SubmitAnswer answer{
      .head = {},
      .outcome = Unexpected(Errors{unreadable_answer("neither a receipt nor a reason")})};
  try {
    Reading in(Reading::kAnswer);
    read_submit(in, from, answer);
  } catch (const kj::Exception& exception) {
    answer.outcome = Unexpected(Errors{unreadable_answer(exception.getDescription().cStr())});
  }
  return answer;
}

void to_wire(const Answer<BatchReceipt>& value, wire::ReceiptAnswer::Builder to) {
  write_answer(value, to, [&](const BatchReceipt& receipt) { write(receipt, to.initReceipt()); });
}
Answer<BatchReceipt> from_wire(wire::ReceiptAnswer::Reader from) {
  return read_answer<BatchReceipt>(from, from.isReceipt(), [&](Reading& in, BatchReceipt& to) {
    read(in, from.getReceipt(), to);
  });
}

void to_wire(const Answer<EventView>& value, wire::EventAnswer::Builder to) {
  write_answer(value, to, [&](const EventView& event) { write(event, to.initEvent()); });
}
Answer<EventView> from_wire(wire::EventAnswer::Reader from) {
  return read_answer<EventView>(from, from.isEvent(), [&](Reading& in, EventView& to) {
    read(in, from.getEvent(), to);
  });
}

void to_wire(const Answer<TracePage>& value, wire::TraceAnswer::Builder to) {
  write_answer(value, to, [&](const TracePage& page) { write(page, to.initTrace()); });
}
Answer<TracePage> from_wire(wire::TraceAnswer::Reader from) {
  return read_answer<TracePage>(from, from.isTrace(), [&](Reading& in, TracePage& to) {
    read(in, from.getTrace(), to);
  });
}

void to_wire(const Answer<ChainPage>& value, wire::ChainAnswer::Builder to) {
  write_answer(value, to, [&](const ChainPage& page) { write(page, to.initChain()); });
}
Answer<ChainPage> from_wire(wire::ChainAnswer::Reader from) {
  return read_answer<ChainPage>(from, from.isChain(), [&](Reading& in, ChainPage& to) {
    read(in, from.getChain(), to);
  });
}

}  // namespace suyuan
