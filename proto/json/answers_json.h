// Answers as JSON, for HTTP and `suyuan --json`. docs/openapi.json describes every one.
#pragma once

#include "proto/answers.h"
#include "proto/jsontext/writer.h"

namespace suyuan {

// Each answer is one object: {"head": {...}, "<what was requested>": ...}. Errors are written as
// problems (problem_json.h), not with these.
std::string to_json(const AnswerHead& head, const BatchReceipt& receipt);
std::string to_json(const AnswerHead& head, const EventView& event);
std::string to_json(const AnswerHead& head, const TracePage& page);
std::string to_json(const AnswerHead& head, const ChainPage& page);
std::string to_json(const AnswerHead& head, const ThingState& state);
std::string to_json(const AnswerHead& head, const Contents& contents);
std::string to_json(const AnswerHead& head, const std::vector<Holding>& holdings);
std::string to_json(const AnswerHead& head, const Forward& forward);
std::string to_json(const AnswerHead& head, const Recall& recall);
std::string to_json(const AnswerHead& head, const std::vector<BalanceLine>& lines);
std::string to_json(const AnswerHead& head, const Page<PartyState>& page);
std::string to_json(const AnswerHead& head, const Page<ProductData>& page);
std::string to_json(const AnswerHead& head, const Page<SiteData>& page);
std::string to_json(const AnswerHead& head, const Status& status);
std::string to_json(const AnswerHead& head, const VerdictView& verdict);
std::string to_json(const AnswerHead& head, const Challenge& challenge);
std::string to_json(const AnswerHead& head, const OpenedSession& session);
std::string to_json(const AnswerHead& head, const AccessPage& page);

}  // namespace suyuan
