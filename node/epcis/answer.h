// Answers with events: an EPCISQueryDocument of stored events, each with the ledger's metadata.
#pragma once

#include "node/epcis/replies.h"
#include "node/epcis/search.h"

namespace suyuan::http::epcis {

struct AnswerHead {
  std::string query_name = "SimpleEventQuery";
  std::string subscription_id = {};
  int64_t created_ms = 0;
};
// Errors: CORRUPT (a stored event is not JSON).
Result<std::string> write_query_document(const AnswerHead& head,
                                         const std::vector<api::EventText>& events,
                                         EpcFormat format);
// {"@context","type":"Collection","member":[...]}
std::string write_collection(const std::vector<std::string>& members);

}  // namespace suyuan::http::epcis
