// Parses questions from a request's path and query. Unknown parameters are refused, never ignored.
#pragma once

#include <initializer_list>

#include "node/access/access.h"
#include "node/http/http.h"
#include "proto/answers.h"

namespace suyuan::http {

// Parameters: at, knownAt, size, wait, limit, page. `more` names those that the path takes in
// addition.
// Errors: BAD_REQUEST, CODE_*, TOO_MANY.
Result<CodeQuestion> code_question(const Request& request, const std::string& code,
                                   std::initializer_list<std::string_view> more = {});
// Parameters: size, wait, limit, page.
Result<RegistryQuestion> registry_question(const Request& request, const std::string& id);
// Parameters: size, wait; for paths without a code. `more` as above.
Result<AtLeast> at_least(const Request& request, std::initializer_list<std::string_view> more = {});
// Parameters after and limit: entries of the access log.
struct AccessQuestion {
  uint64_t after = 0;
  uint32_t limit = 0;
};
Result<AccessQuestion> access_question(const Request& request);
// Returns who asks, by "Authorization: Bearer <token>"; anyone without that header.
// Errors: SESSION_INVALID (another form).
Result<Asker> asker_of(const Request& request, std::string question, std::string code = {});
// As above, of an address that everyone may ask: a header of another scheme than Bearer, as a proxy
// takes and passes on, is not for the ledger, and asks as anyone.
Result<Asker> public_asker_of(const Request& request, std::string question, std::string code);
// Marks an answer as made for this caller, so that no shared cache keeps it.
Response as_answered(const Asker& asker, Response response);
// For paths that take no parameters.
Result<Done> no_parameters(const Request& request);
// Parses "true" or "false"; returns false if it is absent.
Result<bool> flag(const Request& request, const std::string& name);
// 64 lower-case hex digits.
Result<Hash> hash_in_path(const std::string& text, const std::string& name);
Result<Place> place_in_path(const std::string& leaf, const std::string& event);

}  // namespace suyuan::http
