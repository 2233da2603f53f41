// Questions that cannot be answered as they are asked, over both wires; and attachments, which only
// HTTP carries.
#include "ledger/base/text.h"
#include "ledger/crypto/hash.h"
#include "proto/json/submission_json.h"
#include "tests/e2e/refusal_rows.h"

#include <capnp/ez-rpc.h>

#include <future>
#include <thread>

#include "proto/ledger.capnp.h"
#include "proto/rpc_codec.h"

namespace suyuan::test {
namespace {

template <class T>
Heard heard_over_rpc(const Answer<T>& answer) {
  Heard heard;
  if (!answer.value) heard.errors.push_back(answer.value.error());
  return heard;
}

// The same trace question over both wires.
Row trace_row(std::string name, Code code, std::string rpc_field, CodeQuestion question,
              std::string query, std::string http_field) {
  const std::string target = "/v1/codes/" + percent_encode(question.code) + "/trace" + query;
  return {
      .name = std::move(name),
      .code = code,
      .field = std::move(rpc_field),
      .rpc =
          [question = std::move(question)](SmallLedger& ledger) {
            return heard_over_rpc(ledger.rpc().trace(question, false));
          },
      .http = [target](SmallLedger& ledger) { return heard_over_http(ledger.http().get(target)); },
      .http_field = std::move(http_field)};
}

Heard short_id_over_rpc(SmallLedger& ledger) {
  Heard heard;
  std::thread([&] {
    capnp::EzRpcClient client(ledger.running().rpc_address());
    auto request = client.getMain<wire::Ledger>().receiptRequest();
    const kj::byte id[31] = {};
    request.setBatch(kj::arrayPtr(id, sizeof(id)));
    heard = heard_over_rpc(from_wire(request.send().wait(client.getWaitScope()).getAnswer()));
  }).join();
  return heard;
}

// A can in a box in a box, forty times.
std::string nested_can(SmallLedger& ledger) {
  const auto box = [](int n) { return "https://example.org/box/" + std::to_string(n); };
  std::vector<TraceEvent> events;
  for (int n = 0; n < 40; ++n) events.push_back(testing::pack("10:00", box(n + 1), {box(n)}));
  ledger.accept("maker", std::move(events));
  return box(0);
}

std::string permit(SmallLedger& ledger, const Hash& sha256) {
  const std::string text = "suyuan/attachment/v1\nledger " + ledger.id().line() +
                           "\nparty farm\nact put\nsha256 " + to_hex(sha256.view()) + "\nuntil " +
                           std::to_string(testing::ms("2026-06-02T00:30:00Z")) + "\n";
  return "Suyuan-Note " + to_base64(ledger.sign_text(text, {"farm"}));
}

Heard attachment_with_other_bytes(SmallLedger& ledger) {
  const Hash name = sha256("these bytes");
  return heard_over_http(ledger.http().send(
      {.method = "PUT",
       .target = "/v1/attachments/" + to_hex(name.view()),
       .body = "other bytes",
       .headers = {{"Content-Type", "text/plain"}, {"Authorization", permit(ledger, name)}}}));
}

Heard attachment_to_a_full_ledger() {
  ServeOptions options = without_seals();
  options.attachments.all_mib = 1;
  SmallLedger ledger(options);
  const std::string bytes((1 << 20) + 1, 'a');
  const Hash name = sha256(bytes);
  return heard_over_http(ledger.http().send(
      {.method = "PUT",
       .target = "/v1/attachments/" + to_hex(name.view()),
       .body = bytes,
       .headers = {{"Content-Type", "text/plain"}, {"Authorization", permit(ledger, name)}}}));
}

// A ledger of its own, so a thread of its own: RPC has an event loop on each.
Heard attachment_without_room(SmallLedger&) {
  return std::async(std::launch::async, attachment_to_a_full_ledger).get();
}

Row deep_row() {
  return {.name = "a can in forty boxes",
          .code = Code::TOO_COMPLEX,
          .rpc =
              [](SmallLedger& ledger) {
                return heard_over_rpc(ledger.rpc().trace({.code = nested_can(ledger)}, false));
              },
          .http =
              [](SmallLedger& ledger) {
                return heard_over_http(ledger.http().get(
                    "/v1/codes/" + percent_encode("https://example.org/box/0") + "/trace"));
              }};
}

// One phone scans until it is told to wait; the clock of the test stands still.
constexpr int kMoreScansThanTaken = 100;
Row scans_row() {
  static const std::string kDevice = "0123456789abcdef";
  return {.name = "a phone that scans without end",
          .code = Code::RATE_LIMITED,
          .rpc =
              [](SmallLedger& ledger) {
                for (int i = 0; i < kMoreScansThanTaken; ++i) {
                  const auto answer = ledger.rpc().scan(
                      {.code = "https://example.org/never", .device = kDevice});
                  if (!answer.value) return heard_over_rpc(answer);
                }
                return Heard{};
              },
          .http =
              [](SmallLedger& ledger) {
                return heard_over_http(ledger.http().post(
                    "/v1/scans",
                    R"({"code":"https://example.org/never","device":")" + kDevice + "\"}"));
              }};
}

}  // namespace

Heard heard_over_http(const HttpAnswer& answer) {
  Heard heard{.errors = {}, .status = answer.status, .content_type = answer.header("content-type")};
  auto errors = parse_problem_json(answer.body);
  if (errors) heard.errors = *std::move(errors);
  return heard;
}

std::vector<Row> question_rows() {
  const std::string milk = testing::code("gtin:" + kMilk);
  CodeQuestion too_many{.code = milk};
  too_many.limit = 1001;
  CodeQuestion paged{.code = milk};
  paged.page = "1.00000000.30";
  CodeQuestion later{.code = milk};
  later.at_least = {.size = 1'000'000, .wait_ms = 10};
  return {
      {.name = "a batch id of 31 bytes",
       .code = Code::BAD_REQUEST,
       .field = "batch",
       .rpc = short_id_over_rpc,
       .http =
           [](SmallLedger& ledger) {
             return heard_over_http(
                 ledger.http().get("/v1/batches/" + std::string(62, '0') + "/receipt"));
           },
       .http_field = "id"},
      trace_row("a code that nobody named", Code::NOT_FOUND, "code",
                {.code = "https://example.org/never"}, "", "code"),
      trace_row("a page token of another question", Code::PAGE_TOKEN_INVALID, "page", paged,
                "?page=1.00000000.30", "page"),
      trace_row("a size that is not reached", Code::SIZE_NOT_REACHED, "size", later,
                "?size=1000000&wait=10", "size"),
      trace_row("1,001 entries in a page", Code::TOO_MANY, "limit", too_many, "?limit=1001",
                "limit"),
      trace_row("no code", Code::CODE_SYNTAX, "code", {.code = "no code"}, "", "code"),
      trace_row("a wrong check digit", Code::CODE_CHECK_DIGIT, "code", {.code = "09521101100014"},
                "", "code"),
      trace_row("a number for use inside a company", Code::CODE_RESTRICTED, "code",
                {.code = "(01)02012345678903"}, "", "code"),
      deep_row(),
      scans_row(),
      {.name = "an attachment under another's name",
       .code = Code::ATTACHMENT_MISMATCH,
       .http = attachment_with_other_bytes,
       .http_field = "sha256"},
      {.name = "an attachment for which there is no room",
       .code = Code::QUOTA_EXCEEDED,
       .http = attachment_without_room,
       .http_field = "body"},
  };
}

}  // namespace suyuan::test
