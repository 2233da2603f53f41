// Submissions that break the form: sizes, texts, payload bytes, fields, codes.
#include <capnp/ez-rpc.h>

#include <thread>

#include "ledger/base/limits.h"
#include "ledger/batch/sign.h"
#include "proto/json/submission_json.h"
#include "proto/ledger.capnp.h"
#include "proto/rpc_codec.h"
#include "tests/e2e/refusal_rows.h"

namespace suyuan::test {
namespace {

using Change = std::function<void(TraceEvent&)>;
constexpr size_t kTooLongText = limits::kTextBytesMax + 1;

TraceEvent plain() {
  return testing::observe("09:30", "inspecting", {"sgtin:" + kFormula + ":F1"});
}

// A batch of the maker: a good event, then one that `change` breaks; so the refusal must name
// event 1.
Row event_row(std::string name, Code code, std::string field, Change change) {
  return {.name = std::move(name),
          .code = code,
          .event = 1,
          .field = std::move(field),
          .submission = [change = std::move(change)](SmallLedger& ledger) {
            auto bad = plain();
            change(bad);
            return ledger.batch("maker", {plain(), bad});
          }};
}

// As event_row, for bytes that no event encodes to.
Row payload_row(std::string name, Code code, std::string field,
                std::function<void(Bytes&)> change) {
  return {.name = std::move(name),
          .code = code,
          .event = 1,
          .field = std::move(field),
          .submission = [change = std::move(change)](SmallLedger& ledger) {
            auto draft = ledger.draft({plain(), plain()});
            change(draft.events[1].body.payload);
            return *sign_batch(std::move(draft), ledger.signer("maker"));
          }};
}

// A good batch, broken after it was signed.
Row broken_row(std::string name, Code code, int32_t event, std::string field,
               std::function<void(Submission&)> change) {
  return {.name = std::move(name),
          .code = code,
          .event = event,
          .field = std::move(field),
          .submission = [change = std::move(change)](SmallLedger& ledger) {
            auto submission = ledger.batch("maker", {plain()});
            change(submission);
            return submission;
          }};
}

Row code_row(std::string name, Code code, std::string sent) {
  return event_row(std::move(name), code, "objects[0].code",
                   [sent = std::move(sent)](TraceEvent& event) { event.objects[0].code = sent; });
}

// A message that the C++ client cannot write: a salt of 31 bytes. KJ has one loop for each thread,
// so this one gets its own.
Heard short_salt_over_rpc(SmallLedger& ledger) {
  Heard heard;
  std::thread([&] {
    capnp::EzRpcClient client(ledger.running().rpc_address());
    auto request = client.getMain<wire::Ledger>().submitRequest();
    auto submission = request.initSubmission();
    submission.setNote("note");
    const kj::byte salt[31] = {};
    submission.initEvents(1)[0].setSalt(kj::arrayPtr(salt, sizeof(salt)));
    auto answer = from_wire(request.send().wait(client.getWaitScope()).getAnswer());
    if (!answer.outcome) heard.errors = answer.outcome.error();
  }).join();
  return heard;
}

Heard no_note_over_http(SmallLedger& ledger) {
  return heard_over_http(ledger.http().post("/v1/batches", R"({"events":[]})"));
}

}  // namespace

std::vector<Row> form_rows() {
  std::vector<Row> rows = {
      {.name = "a salt of 31 bytes; no note",
       .code = Code::MALFORMED_SUBMISSION,
       .event = 0,
       .field = "salt",
       .rpc = short_salt_over_rpc},
      {.name = "no note",
       .code = Code::MALFORMED_SUBMISSION,
       .http = no_note_over_http,
       .http_field = "note"},
      broken_row("no events", Code::MALFORMED_SUBMISSION, -1, "events",
                 [](Submission& s) { s.events.clear(); }),
      broken_row("a note of 13 KiB", Code::TOO_LARGE, -1, "note",
                 [](Submission& s) { s.note.append(13 << 10, 'x'); }),
      broken_row("4,097 events", Code::TOO_MANY, -1, "events",
                 [](Submission& s) {
                   s.events.assign(limits::kBatchEventsMax + 1,
                                   EventBody{.salt = {}, .payload = "x"});
                 }),
      broken_row("more than 1 MiB", Code::TOO_LARGE, -1, "",
                 [](Submission& s) {
                   s.events.assign(3, EventBody{.salt = {}, .payload = Bytes(400 << 10, 'x')});
                 }),
      payload_row("a payload that is no message", Code::MALFORMED_EVENT, "",
                  [](Bytes& b) { b = "abc"; }),
      payload_row("a payload cut short", Code::MALFORMED_EVENT, "",
                  [](Bytes& b) { b.resize(b.size() - 8); }),
      payload_row("a payload with a word behind it", Code::NOT_CANONICAL, "",
                  [](Bytes& b) { b.append(8, '\0'); }),
      payload_row("a payload of 520 KiB", Code::TOO_LARGE, "payload",
                  [](Bytes& b) { b.resize(520 << 10); }),
      event_row("bytes that are no UTF-8", Code::BAD_TEXT, "step",
                [](TraceEvent& e) { e.step = "\xC3("; }),
      event_row("a text of 4,097 bytes", Code::TOO_LARGE, "disposition",
                [](TraceEvent& e) { e.disposition.assign(kTooLongText, 'a'); }),
      event_row(
          "257 documents", Code::TOO_MANY, "documents",
          [](TraceEvent& e) { e.documents.assign(257, {.number = "1", .type = "lab_report"}); }),
      event_row("an object event without an action", Code::MISSING_FIELD, "action",
                [](TraceEvent& e) { e.action = Action::none; }),
      event_row("a quantity without a unit", Code::MISSING_FIELD, "objects[0].uom",
                [](TraceEvent& e) {
                  e.objects = {{.code = testing::code("lot:" + kMilk + ":L1"),
                                .quantity = testing::decimal("5")}};
                }),
      event_row("a unit that no list has", Code::INVALID_FIELD, "objects[0].uom",
                [](TraceEvent& e) {
                  e.objects = {{.code = testing::code("lot:" + kMilk + ":L1"),
                                .quantity = testing::decimal("5"),
                                .uom = "?"}};
                }),
      code_row("no code at all", Code::CODE_SYNTAX, "no code"),
      code_row("a wrong check digit", Code::CODE_CHECK_DIGIT,
               "https://id.gs1.org/01/09521101100014/21/1"),
      code_row("a number for use inside a company", Code::CODE_RESTRICTED,
               "https://id.gs1.org/01/02012345678903/21/1"),
      code_row("a name that the registry gives", Code::CODE_RESERVED, "urn:suyuan:party:farm"),
      code_row("a form that is not canonical", Code::CODE_NOT_CANONICAL, "(01)09521101100013(21)1"),
  };
  rows.push_back(broken_row(
      "a section of 65 KiB", Code::TOO_LARGE, 0, "sections[0].bytes", [](Submission& submission) {
        submission.events[0].sections.push_back({.salt = {}, .bytes = Bytes(65 << 10, 'x')});
      }));
  rows.back().http_field = "sections[0]";
  return rows;
}

}  // namespace suyuan::test
