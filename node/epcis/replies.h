// What all answers of the EPCIS interface share: version headers, its kinds of problems, and the
// wishes in a client's headers.
#pragma once

#include "node/epcis/state.h"
#include "node/http/http.h"
#include "proto/epcis_query/names.h"
#include "proto/jsontext/document.h"
#include "proto/jsontext/writer.h"

namespace suyuan::http::epcis {

namespace api = ::suyuan::epcis;

inline constexpr std::string_view kVersion = "2.0.0";
inline constexpr std::string_view kContextAddress =
    "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld";

// One fault of a capture, as a member of a problem's or a job's `errors`.
void write_error(JsonWriter& out, const api::JobError& error);
// RFC 7807, with "type":"epcisException:...". `errors` becomes a member if there is more to say
// than one sentence.
Response exception(int status, std::string_view type, std::string_view title,
                   const std::string& detail, const std::vector<api::JobError>& errors = {});
// An error of the interface itself or of the node; of a capture if `capturing`.
Response exception_of(const Error& error, bool capturing);
Response exception_of(const Errors& errors);

enum class EpcFormat : uint8_t { digital_link, urn, as_captured };
std::string_view word(EpcFormat format);

// What a request's headers ask for. Errors: 406 and 400 as exceptions.
struct Wishes {
  EpcFormat format = EpcFormat::digital_link;
  bool linked_data = false;  // answers as application/ld+json
  api::Prefixes prefixes;    // of GS1-Extensions
};
Expected<Wishes, Response> wishes_of(const Request& request);
std::string header(const Request& request, const std::string& lower_case_name);
// Percent-encodes everything that is not unreserved.
std::string encode_part(std::string_view text);
std::optional<EpcFormat> epc_format(std::string_view word);

// The headers of every answer.
void add_versions(Response& response);
// Additional headers of an answer to OPTIONS: what this resource takes.
Response options_response(const std::string& allow);
// How much a capture takes. With rollback it is one batch, which has fewer bytes.
void add_capture_limits(Response& response, bool proceed);
// GS1-Capture-Error-Behaviour. Without the header it is rollback; nullopt: neither.
std::optional<bool> is_proceed(const Request& request);

}  // namespace suyuan::http::epcis
