// Scans and verdicts on the wire.
#include "proto/answer_wire.h"
#include "proto/rpc_codec.h"

namespace suyuan {

void read(Reading& in, wire::BothLanguages::Reader from, BothLanguages& to) {
  in.text(from.getZh(), "zh", to.zh);
  in.text(from.getEn(), "en", to.en);
}

void write(const BothLanguages& text, wire::BothLanguages::Builder to) {
  put(to, &wire::BothLanguages::Builder::setZh, text.zh);
  put(to, &wire::BothLanguages::Builder::setEn, text.en);
}

void read(Reading& in, wire::VerdictReason::Reader from, VerdictReason& to) {
  in.text(from.getCode(), "code", to.code);
  read(in, from.getText(), to.text);
  in.list(from.getEvents(), "events", to.events);
}

void write(const VerdictReason& reason, wire::VerdictReason::Builder to) {
  put(to, &wire::VerdictReason::Builder::setCode, reason.code);
  write(reason.text, to.initText());
  put(to, &wire::VerdictReason::Builder::initEvents, reason.events);
}

void read(Reading& in, wire::ChainStep::Reader from, ChainStep& to) {
  to.done = from.getDone();
  in.text(from.getStep(), "step", to.step);
  read(in, from.getTitle(), to.title);
  in.list(from.getEvents(), "events", to.events);
}

void write(const ChainStep& step, wire::ChainStep::Builder to) {
  to.setDone(step.done);
  put(to, &wire::ChainStep::Builder::setStep, step.step);
  write(step.title, to.initTitle());
  put(to, &wire::ChainStep::Builder::initEvents, step.events);
}

void read(Reading& in, wire::Seen::Reader from, Seen& to) {
  to.time_ms = from.getTime();
  in.text(from.getPlace(), "place", to.place);
  in.text(from.getPlaceEn(), "placeEn", to.place_en);
}

void write(const Seen& seen, wire::Seen::Builder to) {
  to.setTime(seen.time_ms);
  put(to, &wire::Seen::Builder::setPlace, seen.place);
  put(to, &wire::Seen::Builder::setPlaceEn, seen.place_en);
}

void read(Reading& in, wire::Seen::Reader from, SeenPlace& to) {
  to.count = from.getCount();
  in.text(from.getPlace(), "place", to.place);
  in.text(from.getPlaceEn(), "placeEn", to.place_en);
}

void write(const SeenPlace& seen, wire::Seen::Builder to) {
  to.setCount(seen.count);
  put(to, &wire::Seen::Builder::setPlace, seen.place);
  put(to, &wire::Seen::Builder::setPlaceEn, seen.place_en);
}

void read(Reading& in, wire::Verdict::Reader from, VerdictView& to) {
  std::string name;
  in.text(from.getVerdict(), "verdict", name);
  if (const auto verdict = scan_verdict_from(name)) {
    to.verdict = *verdict;
  } else {
    in.refuse(Code::UNSUPPORTED_TYPE, "verdict",
              "found " + quoted(name) + ", which this program does not know; use a newer one");
  }
  read(in, from.getTitle(), to.title);
  read(in, from.getAdvice(), to.advice);
  to.at_ms = from.getAt();
  in.list(from.getReasons(), "reasons", to.reasons);
  in.list(from.getSteps(), "steps", to.steps);
  to.scans.available = from.getHistoryAvailable();
  to.recorded = from.getRecorded();
  to.scans.count = from.getCount();
  to.scans.by_this_device = from.getByThisDevice();
  to.scans.devices = from.getDevices();
  if (from.hasFirst()) read(in, from.getFirst(), to.scans.first.emplace());
  if (from.hasLast()) read(in, from.getLast(), to.scans.last.emplace());
  in.list(from.getPlaces(), "places", to.scans.places);
  to.kept_days = from.getKeptDays();
}

void write(const VerdictView& view, wire::Verdict::Builder to) {
  using To = wire::Verdict::Builder;
  to.setVerdict(std::string(word(view.verdict)));
  write(view.title, to.initTitle());
  write(view.advice, to.initAdvice());
  to.setAt(view.at_ms);
  put(to, &To::initReasons, view.reasons);
  put(to, &To::initSteps, view.steps);
  to.setHistoryAvailable(view.scans.available);
  to.setRecorded(view.recorded);
  to.setCount(view.scans.count);
  to.setByThisDevice(view.scans.by_this_device);
  to.setDevices(view.scans.devices);
  if (view.scans.first) write(*view.scans.first, to.initFirst());
  if (view.scans.last) write(*view.scans.last, to.initLast());
  put(to, &To::initPlaces, view.scans.places);
  to.setKeptDays(view.kept_days);
}

void to_wire(const ScanRequest& value, wire::Scan::Builder to) {
  using To = wire::Scan::Builder;
  put(to, &To::setCode, value.code);
  put(to, &To::setDevice, value.device);
  put(to, &To::setPlace, value.place);
  put(to, &To::setInner, value.inner);
}

Result<ScanRequest> from_wire(wire::Scan::Reader from) {
  try {
    Reading in(Reading::kQuestion);
    ScanRequest to;
    in.text(from.getCode(), "code", to.code);
    in.text(from.getDevice(), "device", to.device);
    in.text(from.getPlace(), "place", to.place);
    in.text(from.getInner(), "inner", to.inner);
    if (!in.ok()) return Unexpected(std::move(in).error());
    return to;
  } catch (const kj::Exception& exception) {
    return fail(Code::BAD_REQUEST, exception.getDescription().cStr());
  }
}

void to_wire(const Answer<VerdictView>& value, wire::VerdictAnswer::Builder to) {
  write_answer(value, to, [&](const VerdictView& view) { write(view, to.initVerdict()); });
}
Answer<VerdictView> from_wire(wire::VerdictAnswer::Reader from) {
  return read_answer<VerdictView>(from, from.isVerdict(), [&](Reading& in, VerdictView& to) {
    read(in, from.getVerdict(), to);
  });
}

}  // namespace suyuan
