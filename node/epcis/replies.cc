#include "node/epcis/replies.h"

#include <algorithm>
#include <array>

#include "ledger/base/text.h"
#include "node/epcis/capture.h"
#include "node/epcis/job_error.h"
#include "proto/epcis/gdst.h"
#include "proto/json/submission_json.h"

namespace suyuan::http::epcis {
namespace {

// "2.0", "2.0.0"; nullopt: no version.
std::optional<std::array<uint64_t, 3>> version_of(std::string_view text) {
  std::array<uint64_t, 3> version{};
  const auto parts = split(text, '.');
  if (parts.size() > version.size()) return std::nullopt;
  for (size_t i = 0; i < parts.size(); ++i) {
    const auto number = from_decimal(parts[i]);
    if (!number) return std::nullopt;
    version.at(i) = *number;
  }
  return version;
}

constexpr std::array<uint64_t, 3> kOurs = {2, 0, 0};

// Empty: the client can live with 2.0.0.
std::string version_conflict(const Request& request) {
  for (const std::string stem : {"gs1-epcis-", "gs1-cbv-"}) {
    for (const std::string end : {"min", "max", "version"}) {
      const std::string value = header(request, stem + end);
      if (value.empty()) continue;
      const auto version = version_of(value);
      if (!version) return stem + end + ": " + quote(value) + " is not a version";
      const bool fits = end == "min"   ? *version <= kOurs
                        : end == "max" ? *version >= kOurs
                                       : (*version)[0] == 2 && (*version)[1] == 0;
      if (!fits) return stem + end + ": this node speaks " + std::string(kVersion);
    }
  }
  return {};
}

bool accepts(const std::string& accept, std::initializer_list<std::string_view> types) {
  if (accept.empty()) return true;
  for (const auto part : split(accept, ',')) {
    std::string_view type = part.substr(0, part.find(';'));
    while (type.starts_with(' ')) type.remove_prefix(1);
    while (type.ends_with(' ')) type.remove_suffix(1);
    if (std::find(types.begin(), types.end(), type) != types.end()) return true;
  }
  return false;
}

Response not_acceptable(const std::string& detail) {
  return exception(406, "NotAcceptableException", "Conflicting request and response headers",
                   detail);
}

}  // namespace

void write_error(JsonWriter& out, const api::JobError& error) {
  out.begin_object();
  out.field("type", "epcisException:" + error.type);
  out.field("title", error.title);
  out.key("status");
  out.number(static_cast<int64_t>(error.status));
  out.field("detail", error.detail);
  out.field("pointer", error.pointer);
  out.end_object();
}

std::string encode_part(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    const auto byte = static_cast<unsigned char>(c);
    if (plain)
      out += c;
    else
      out.append("%").append(1, kHex[byte / 16]).append(1, kHex[byte % 16]);
  }
  return out;
}


std::string header(const Request& request, const std::string& lower_case_name) {
  const auto found = request.headers.find(lower_case_name);
  return found == request.headers.end() ? std::string() : found->second;
}

Response exception(int status, std::string_view type, std::string_view title,
                   const std::string& detail, const std::vector<api::JobError>& errors) {
  JsonWriter out;
  out.begin_object();
  out.field("type", "epcisException:" + std::string(type));
  out.field("title", title);
  out.key("status");
  out.number(static_cast<int64_t>(status));
  out.field("detail", detail);
  if (!errors.empty()) {
    out.key("errors");
    out.begin_array();
    for (const auto& error : errors) write_error(out, error);
    out.end_array();
  }
  out.end_object();
  return {.status = status,
          .content_type = std::string(kProblemType),
          .body = std::move(out).str()};
}

Response exception_of(const Error& error, bool capturing) {
  const int status = info(error.code).http_status;
  const std::string where = error.field.empty() ? std::string() : error.field + ": ";
  const std::string detail = where + error.message;
  if (status >= 500) {
    Response response = exception(status, "ImplementationException",
                                  info(error.code).rule, detail);
    if (status == 503) response.headers["Retry-After"] = "1";
    return response;
  }
  if (error.code == Code::RATE_LIMITED) {
    Response response = exception(status, "ImplementationException", info(error.code).rule, detail);
    response.headers["Retry-After"] = retry_after(std::max(error.wait_ms, 1U));
    return response;
  }
  if (capturing) {
    const auto job_error = api::to_job_error(error, "");
    return exception(job_error.status, job_error.type, job_error.title, job_error.detail,
                     {job_error});
  }
  switch (error.code) {
    case Code::NOT_FOUND:
      return exception(404, "NoSuchResourceException", "Resource not found", detail);
    case Code::DUPLICATE_ID:
      return exception(409, "ResourceAlreadyExistsException",
                       "A resource with the provided identifier already exists.", detail);
    case Code::TOO_LARGE:
      return exception(413, "QueryTooLargeException", "Query result is too large", detail);
    case Code::TOO_COMPLEX:
      return exception(413, "QueryTooComplexException", "Query is too complex", detail);
    case Code::SIZE_NOT_REACHED: {
      Response response = exception(503, "ImplementationException",
                                    "The index has not caught up yet", detail);
      response.headers["Retry-After"] = "1";
      return response;
    }
    case Code::BAD_REQUEST:
      return exception(400, "QueryValidationException", "EPCIS query exception", detail);
    default:
      return exception(400, "QueryParameterException", "EPCIS query exception", detail);
  }
}

Response exception_of(const Errors& errors) {
  SUYUAN_CHECK(!errors.empty());
  const Code code = errors.front().code;
  if (code == Code::RATE_LIMITED || info(code).http_status >= 500)
    return exception_of(errors.front(), true);
  std::vector<api::JobError> all;
  for (const Error& error : errors) all.push_back(api::to_job_error(error, ""));
  // What makes the whole request impossible comes before what must be fixed in the event.
  const auto first = std::find_if(all.begin(), all.end(), [](const api::JobError& error) {
    return error.status == 409 || error.status == 403;
  });
  const api::JobError& lead = first == all.end() ? all.front() : *first;
  return exception(lead.status, lead.type, lead.title, lead.detail, all);
}

std::string_view word(EpcFormat format) {
  switch (format) {
    case EpcFormat::digital_link:
      return "Always_GS1_Digital_Link";
    case EpcFormat::urn:
      return "Always_EPC_URN";
    case EpcFormat::as_captured:
      return "Never_Translates";
  }
  return "";
}

std::optional<EpcFormat> epc_format(std::string_view word) {
  if (word.empty() || word == "Always_GS1_Digital_Link") return EpcFormat::digital_link;
  if (word == "Always_EPC_URN") return EpcFormat::urn;
  if (word == "Never_Translates" || word == "No_Preference") return EpcFormat::as_captured;
  return std::nullopt;
}

Expected<Wishes, Response> wishes_of(const Request& request) {
  Wishes wishes;
  const auto format = epc_format(header(request, "gs1-epc-format"));
  if (!format)
    return Unexpected(not_acceptable("GS1-EPC-Format is not one of the standard's values"));
  wishes.format = *format;
  const std::string cbv = header(request, "gs1-cbv-xml-format");
  const std::array<std::string_view, 5> kCbv = {"", "No_Preference", "Always_Web_URI",
                                                "Always_URN", "Never_Translates"};
  if (std::find(kCbv.begin(), kCbv.end(), cbv) == kCbv.end())
    return Unexpected(not_acceptable("GS1-CBV-XML-Format is not one of the standard's values"));
  if (const auto conflict = version_conflict(request); !conflict.empty())
    return Unexpected(not_acceptable(conflict));
  if (!accepts(request.accept, {"application/json", "application/ld+json", "application/*", "*/*",
                                "application/problem+json"})) {
    return Unexpected(not_acceptable("answers are application/json or application/ld+json"));
  }
  wishes.linked_data = !request.accept.empty() &&
                       accepts(request.accept, {"application/ld+json"}) &&
                       !accepts(request.accept, {"application/json"});
  auto prefixes = api::prefixes_in_header(header(request, "gs1-extensions"));
  if (!prefixes) return Unexpected(exception_of(prefixes.error(), false));
  wishes.prefixes = *std::move(prefixes);
  return wishes;
}

void add_versions(Response& response) {
  response.headers["GS1-EPCIS-Version"] = kVersion;
  response.headers["GS1-CBV-Version"] = kVersion;
}

Response options_response(const std::string& allow) {
  Response response{.status = 204, .content_type = "application/json", .body = {}};
  add_versions(response);
  auto& headers = response.headers;
  headers["Allow"] = allow;
  for (const std::string name : {"GS1-EPCIS-Min", "GS1-EPCIS-Max", "GS1-CBV-Min", "GS1-CBV-Max"})
    headers[name] = kVersion;
  // One value each, as the standard's file has it: what is answered to who asks for none.
  headers["GS1-EPC-Format"] = word(EpcFormat::digital_link);
  headers["GS1-CBV-XML-Format"] = "No_Preference";
  headers["GS1-Extensions"] = "gdst=" + std::string(kGdstSpace);
  headers["GS1-Vendor-Version"] = "suyuan-" SUYUAN_VERSION;
  return response;
}

void add_capture_limits(Response& response, bool proceed) {
  response.headers["GS1-EPCIS-Capture-Limit"] = std::to_string(api::kCaptureEventsMax);
  response.headers["GS1-EPCIS-Capture-File-Size-Limit"] =
      std::to_string(proceed ? api::kCaptureBytesMax : limits::kBatchBytesMax);
}

std::optional<bool> is_proceed(const Request& request) {
  const std::string behaviour = header(request, "gs1-capture-error-behaviour");
  if (behaviour.empty() || behaviour == "rollback") return false;
  if (behaviour == "proceed") return true;
  return std::nullopt;
}

}  // namespace suyuan::http::epcis
