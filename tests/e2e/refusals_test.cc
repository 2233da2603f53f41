// Every refusal, provoked over both wires of a running node: the named code, the event, the field,
// the HTTP status; and no trace of it in the ledger.
#include <gtest/gtest.h>

#include <map>

#include "ledger/batch/note.h"
#include "proto/json/submission_json.h"
#include "tests/e2e/refusal_rows.h"

namespace suyuan::test {
namespace {

// What the ledger holds, as far as an outsider can tell.
std::string ledger_of(SmallLedger& ledger) {
  const auto answer = ledger.rpc().status();
  EXPECT_TRUE(answer.value) << to_text(answer.value.error());
  if (!answer.value) return {};
  return "size " + std::to_string(answer.head.size) + ", time " +
         std::to_string(answer.head.time_ms) + ", events " + std::to_string(answer.value->events) +
         ", chains " + std::to_string(answer.value->chains);
}

void expect_refusal(const Row& row, const Heard& heard, const std::string& field,
                    const std::string& wire) {
  ASSERT_FALSE(heard.errors.empty()) << wire << " gave no error";
  const Error& first = heard.errors.front();
  EXPECT_EQ(info(first.code).name, info(row.code).name) << wire << ": " << to_text(first);
  EXPECT_EQ(first.event, row.event) << wire << ": " << to_text(first);
  EXPECT_EQ(first.field, field) << wire << ": " << to_text(first);
  EXPECT_FALSE(first.message.empty()) << wire;
}

void expect_problem(const Row& row, const Heard& heard) {
  expect_refusal(row, heard, row.http_field.empty() ? row.field : row.http_field, "HTTP");
  EXPECT_EQ(heard.status, info(row.code).http_status);
  EXPECT_EQ(heard.content_type, kProblemType);
}

void expect_no_receipt(SmallLedger& ledger, const Submission& submission) {
  const auto receipt = ledger.rpc().receipt(batch_id(signed_text(submission.note)));
  ASSERT_FALSE(receipt.value) << "a refused batch has a receipt";
  EXPECT_EQ(receipt.value.error().code, Code::NOT_FOUND);
}

void check_submission(SmallLedger& ledger, const Row& row) {
  const Submission submission = row.submission(ledger);
  const std::string before = ledger_of(ledger);
  const auto answer = ledger.rpc().submit(submission);
  expect_refusal(row, {.errors = answer.outcome ? Errors{} : answer.outcome.error()}, row.field,
                 "RPC");
  expect_no_receipt(ledger, submission);
  expect_problem(
      row, heard_over_http(ledger.http().post("/v1/batches", write_submission_json(submission))));
  expect_no_receipt(ledger, submission);
  EXPECT_EQ(ledger_of(ledger), before);
}

void check(SmallLedger& ledger, const Row& row) {
  SCOPED_TRACE(std::string(info(row.code).name) + ": " + row.name);
  if (row.submission) return check_submission(ledger, row);
  if (row.rpc) expect_refusal(row, row.rpc(ledger), row.field, "RPC");
  const std::string before = ledger_of(ledger);
  if (row.http) expect_problem(row, row.http(ledger));
  EXPECT_EQ(ledger_of(ledger), before);
}

void check_all(const std::vector<Row>& rows) {
  SmallLedger ledger;
  for (const Row& row : rows) check(ledger, row);
}

TEST(Refusals, NameWhatBreaksTheForm) { check_all(form_rows()); }
TEST(Refusals, NameWhatIsWrongWithTheNote) { check_all(note_rows()); }
TEST(Refusals, NameWhyAnActIsNotTaken) { check_all(registry_rows()); }
TEST(Refusals, NameWhatContradictsTheState) { check_all(state_rows()); }
TEST(Refusals, NameWhyAQuestionHasNoAnswer) { check_all(question_rows()); }
TEST(Refusals, NameWhyASessionOpensNothing) { check_all(session_rows()); }

TEST(Refusals, NameWhyANoticeIsNotTaken) { check_all(notice_rows()); }

// Codes that one of the wires cannot carry, with the reason.
const std::map<Code, std::string> kHttpAlone = {
    {Code::QUOTA_EXCEEDED, "attachments are put and got over HTTP alone"},
    {Code::ATTACHMENT_MISMATCH, "attachments are put and got over HTTP alone"},
};

TEST(Refusals, AreAllProvokedOverBothWires) {
  std::map<Code, std::pair<bool, bool>> provoked;  // over RPC, over HTTP
  for (const auto& rows :
       {form_rows(), note_rows(), registry_rows(), state_rows(), question_rows(),
        session_rows(), notice_rows()}) {
    for (const Row& row : rows) {
      auto& [rpc, http] = provoked[row.code];
      rpc = rpc || row.submission || row.rpc;
      http = http || row.submission || row.http;
    }
  }
  for (const CodeInfo& code : all_codes()) {
    if (!code.refusal) continue;
    EXPECT_TRUE(provoked[code.code].second) << code.name << " is provoked by nothing over HTTP";
    if (kHttpAlone.contains(code.code)) continue;
    EXPECT_TRUE(provoked[code.code].first) << code.name << " is provoked by nothing over RPC";
  }
}

}  // namespace
}  // namespace suyuan::test
