#include "client/submitter.h"

#include <kj/debug.h>

#include <algorithm>
#include <utility>

#include "client/in_flight.h"
#include "proto/rpc_codec.h"

namespace suyuan {
namespace {

// A call costs as much as several small submissions, but an answer comes only with the last of its
// call. So submissions in flight are spread over several calls, and large ones go alone.
constexpr size_t kCallsAtLeast = 8;
constexpr size_t kPackMax = 32;
constexpr size_t kPackBytes = 64 << 10;

}  // namespace

// `kept`: the next submission, if it did not fit with the previous ones.
Submitter::Pack Submitter::next_pack(const Submissions& submissions, size_t count_max,
                                     std::optional<Outgoing>& kept) {
  auto pack = std::make_shared<std::vector<Outgoing>>();
  size_t bytes = 0;
  while (pack->size() < count_max && bytes < kPackBytes) {
    auto next = kept ? std::exchange(kept, std::nullopt) : submissions.next();
    if (!next) break;
    bytes += next->submission.note.size() + next->submission.bytes();
    if (bytes > kPackBytes && !pack->empty()) {
      kept = std::move(next);
      break;
    }
    pack->push_back(*std::move(next));
    if (pack->back().after.count() > 0) break;
  }
  return pack;
}

Result<Done> Submitter::run(const Submissions& submissions, size_t in_flight) {
  const size_t together = std::clamp<size_t>(in_flight / kCallsAtLeast, 1, kPackMax);
  InFlight<Answered> calls(io_.waitScope);
  size_t unanswered = 0;
  std::optional<Outgoing> kept;
  for (;;) {
    while (unanswered < in_flight && !calls.failed()) {
      const Pack pack = next_pack(submissions, std::min(together, in_flight - unanswered), kept);
      if (pack->empty()) break;
      unanswered += pack->size();
      const auto after = pack->back().after.count() * kj::MICROSECONDS;
      calls.add(after > 0 * kj::SECONDS ? send_later(pack, after) : send(pack));
    }
    if (unanswered == 0) return Done{};
    SUYUAN_TRY(answered, calls.take());
    for (size_t i = 0; i < answered.pack->size(); ++i) {
      auto& outgoing = (*answered.pack)[i];
      const auto again = submissions.done(outgoing, std::move(answered.answers[i]));
      if (!again) {
        --unanswered;
        continue;
      }
      if (calls.failed()) continue;  // the run ends with this one unanswered
      auto alone = std::make_shared<std::vector<Outgoing>>();
      alone->push_back(std::move(outgoing));
      calls.add(send_later(alone, *again * kj::MILLISECONDS));
    }
  }
}

kj::Promise<Submitter::Answered> Submitter::send_later(Pack pack, kj::Duration after) {
  return io_.provider->getTimer().afterDelay(after).then([this, pack] { return send(pack); });
}

template <class Params, class Results>
kj::Promise<capnp::Response<Results>> Submitter::in_time(
    capnp::Request<Params, Results>& request) {
  return io_.provider->getTimer().timeoutAfter(
      answer_, kj::Promise<capnp::Response<Results>>(request.send()));
}

kj::Promise<Submitter::Answered> Submitter::send(Pack pack) {
  if (pack->size() == 1 || each_alone_) return send_each(pack);
  uint64_t words = 1;
  for (const auto& one : *pack) words += wire_words(one.submission);
  auto request = ledger_.submitManyRequest(capnp::MessageSize{words, 0});
  auto list = request.initSubmissions(static_cast<unsigned>(pack->size()));
  for (unsigned i = 0; i < pack->size(); ++i) to_wire((*pack)[i].submission, list[i]);
  return in_time(request).then(
      [pack](auto response) -> kj::Promise<Answered> {
        Answered answered{.pack = pack, .answers = {}};
        for (const auto one : response.getAnswers()) answered.answers.push_back(from_wire(one));
        if (answered.answers.size() == pack->size()) return answered;
        return KJ_EXCEPTION(FAILED, "the node did not answer everything that it was sent");
      },
      [this, pack](kj::Exception&& exception) -> kj::Promise<Answered> {
        if (exception.getType() != kj::Exception::Type::UNIMPLEMENTED) return kj::mv(exception);
        each_alone_ = true;
        return send_each(pack);
      });
}

kj::Promise<Submitter::Answered> Submitter::send_each(const Pack& pack) {
  auto calls = kj::heapArrayBuilder<kj::Promise<SubmitAnswer>>(pack->size());
  for (const auto& one : *pack) {
    auto request = ledger_.submitRequest(capnp::MessageSize{wire_words(one.submission), 0});
    to_wire(one.submission, request.initSubmission());
    calls.add(in_time(request).then(
        [](auto response) { return from_wire(response.getAnswer()); }));
  }
  return kj::joinPromises(calls.finish()).then([pack](kj::Array<SubmitAnswer> answers) {
    return Answered{.pack = pack,
                    .answers = {std::make_move_iterator(answers.begin()),
                                std::make_move_iterator(answers.end())}};
  });
}

}  // namespace suyuan
