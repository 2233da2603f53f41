// Provocations: for each rule something that breaks it, as it is sent over each wire, and what must
// be answered.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/e2e/small_ledger.h"

namespace suyuan::test {

// What a wire answered. RPC has no status and no content type.
struct Heard {
  Errors errors;
  int status = 0;
  std::string content_type;
};

struct Row {
  std::string name;
  Code code;
  int32_t event = -1;
  std::string field;
  // Either a submission, sent over both wires as it is; what it needs in the ledger is posted while
  // it is made.
  std::function<Submission(SmallLedger&)> submission = {};
  // Or what each wire carries; empty: this wire cannot carry it.
  std::function<Heard(SmallLedger&)> rpc = {};
  std::function<Heard(SmallLedger&)> http = {};
  std::string http_field = {};  // where it has another name than over RPC
};

std::vector<Row> form_rows();      // decode and codes
std::vector<Row> note_rows();      // the batch note and its signatures
std::vector<Row> registry_rows();  // formats.md 9
std::vector<Row> state_rows();     // docs/state.md
std::vector<Row> question_rows();  // what is asked, and attachments
std::vector<Row> session_rows();   // docs/access.md
std::vector<Row> notice_rows();    // docs/erasure.md

Heard heard_over_http(const HttpAnswer& answer);

}  // namespace suyuan::test
