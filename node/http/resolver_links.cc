#include "node/http/resolver_links.h"

#include <algorithm>

#include "ledger/base/text.h"
#include "ledger/batch/note.h"
#include "ledger/registry/state.h"
#include "node/answer/answers.h"
#include "node/answer/below.h"
#include "node/http/documents.h"
#include "proto/json/bundle_json.h"
#include "proto/jsontext/writer.h"
#include "proto/submission_codec.h"

namespace suyuan::http {
namespace {

constexpr size_t kCertificatesMax = 32;
constexpr uint32_t kEventsLookedAt = 200;  // one page of a trace
constexpr std::string_view kCanonicalHost = "https://id.gs1.org";

// Escapes a path segment or query value: only unreserved characters stay as they are.
std::string link_escaped(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                       std::string_view("-._~").find(c) != std::string_view::npos;
    if (plain) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte / 16];
    out += kHex[byte % 16];
  }
  return out;
}

bool is_class(const ProductCode& code) { return code.type() == CodeType::gtin_class; }

// Links to the document itself if it is public (documents.h), otherwise to the statement that names
// it.
Link paper_link(const EventView& view, const TraceEvent& event, const Document& document,
                const std::string& base) {
  Link link{.type = "certificationInfo",
            .href = base + "/v1/events/" + std::to_string(view.place.leaf) + "/" +
                    std::to_string(view.place.event),
            .title = document.type + " " + document.number,
            .media_type = "application/json"};
  if (document.sha256 && is_public_document(event, document)) {
    link.href += "/documents/" + to_hex(document.sha256->view());
    link.media_type = document.media_type;
  }
  return link;
}

// Adds inspection documents, and certificates that events point to.
void add_certificates(const std::vector<EventView>& events, const std::string& base,
                      std::vector<Link>& links) {
  size_t left = kCertificatesMax;
  for (const EventView& view : events) {
    if (view.state != PayloadState::open || view.withdrawn_by) continue;
    const auto note = parse_batch_note(view.note);
    if (!note) continue;
    const auto value = decode_any_payload(note->batch.type, view.payload);
    const auto* event = value ? std::get_if<TraceEvent>(&*value) : nullptr;
    if (event == nullptr) continue;
    for (const Document& document : event->documents) {
      if (event->kind != Kind::inspection) break;
      if (left == 0) return;
      --left;
      links.push_back(paper_link(view, *event, document, base));
    }
    for (const std::string& uri : event->certifications) {
      if (left == 0) return;
      if (!uri.starts_with("https://") && !uri.starts_with("http://")) continue;
      --left;
      links.push_back({.type = "certificationInfo", .href = uri, .title = "证书 Certificate " + uri});
    }
  }
}

// Returns none for a code without events of its own; for a code with too many, the list may be
// incomplete.
std::vector<EventView> events_of(const Reader& reader, const ProductCode& code) {
  if (is_class(code)) return {};
  auto page = answer_trace(reader, {.code = code.text(), .limit = kEventsLookedAt}, true);
  return page ? std::move(page->events) : std::vector<EventView>();
}

Result<Done> add_master_data(const Reader& reader, const ProductCode& code, const std::string& base,
                             LinkContext& context) {
  std::string path;
  if (is_class(code)) {
    SUYUAN_TRY(product, find_product(reader, code.gtin()));
    if (!product) return Done{};
    path = "/v1/registry/products/" + code.gtin();
    context.description = product->name_zh.empty() ? product->name
                                                   : product->name_zh + " " + product->name;
  } else if (code.text().starts_with("https://id.gs1.org/414/")) {
    const auto gln = code.text().substr(std::string_view("https://id.gs1.org/414/").size());
    SUYUAN_TRY(site, find_site(reader, gln));
    if (!site) return Done{};
    path = "/v1/registry/sites/" + gln;
    context.description = site->name;
  } else {
    return Done{};
  }
  context.links.push_back({.type = "masterData",
                           .href = base + path,
                           .title = "主数据 Master data",
                           .media_type = "application/json"});
  return Done{};
}

Result<LinkContext> read_level(const Reader& reader, const AskedLink& asked,
                               const std::string& path, const ProductCode& code) {
  LinkContext context{.anchor = asked.base + path, .description = {}, .links = {}};
  auto& links = context.links;
  links.push_back({.type = "pip",
                   .href = asked.base + path,
                   .title = "溯源页 Provenance page",
                   .media_type = "text/html",
                   .languages = {"zh", "en"}});
  links.push_back({.type = "traceability",
                   .href = asked.base + code_path(code.text(), is_class(code) ? "below" : "trace"),
                   .title = is_class(code) ? "批次与单品 Lots and units" : "全部流程 Provenance",
                   .media_type = "application/json"});
  if (!is_class(code)) {
    links.push_back({.type = "traceability",
                     .href = asked.base + code_path(code.text(), "bundle"),
                     .title = "可离线验证的溯源包 Bundle that verifies offline",
                     .media_type = std::string(kBundleMediaType)});
  }
  if (asked.epcis) {
    links.push_back({.type = "epcis",
                     .href = asked.base + epcis_path(code),
                     .title = "EPCIS 2.0 事件 EPCIS 2.0 events",
                     .media_type = "application/json"});
  }
  SUYUAN_TRY_DONE(add_master_data(reader, code, asked.base, context));
  return context;
}

}  // namespace

std::string code_path(const std::string& code, std::string_view question) {
  return "/v1/codes/" + link_escaped(code) + "/" + std::string(question);
}

std::string epcis_path(const ProductCode& code) {
  return "/epcis/epcs/" + link_escaped(code.text() + (is_class(code) ? "*" : "")) + "/events";
}

std::string epcis_repositories(const std::string& base) {
  JsonWriter out;
  out.begin_array();
  out.begin_object();
  out.field("link", base + "/epcis");
  out.field("title", "EPCIS 2.0");
  out.field("linkType", "gs1:epcis");
  out.field("mimeType", "application/json");
  out.end_object();
  out.end_array();
  return std::move(out).str();
}

std::string resolver_description(const std::string& base, const std::string& name) {
  JsonWriter out;
  out.begin_object();
  out.field("name", name);
  out.field("resolverRoot", base);
  out.key("supportedPrimaryKeys");
  out.begin_array();
  for (const std::string_view key : gs1_keys()) out.text(key);
  out.end_array();
  out.key("supportedLinkType");
  out.begin_array();
  out.begin_object();
  out.field("namespace", kGs1Vocabulary);
  out.field("prefix", "gs1:");
  out.end_object();
  out.end_array();
  for (const std::string_view no :
       {"linkTypeDefaultCanBeLinkset", "supportsLanguageVariants",
        "supportsSemanticInterpretation"}) {
    out.key(no);
    out.boolean(false);
  }
  out.key("validatesAIcombinations");
  out.boolean(true);
  out.field("jsonLdContextLocation", kLinksetContext);
  out.key("contact");
  out.begin_object();
  out.field("fn", name);
  out.end_object();
  out.end_object();
  return std::move(out).str();
}

Result<Linkset> read_linkset(const Reader& reader, const AskedLink& asked) {
  SUYUAN_TRY(known, is_known(reader, asked.code.text()));
  if (!known) return fail(Code::NOT_FOUND, "no event names " + asked.code.text(), "code");
  Linkset linkset;
  for (size_t level = asked.text.path.size(); level > 0; --level) {
    const std::string path = link_path(asked.text, level);
    // AI 415 identifies nothing without its reference.
    const auto code = parse_code(std::string(kCanonicalHost) + path);
    if (!code) continue;
    SUYUAN_TRY(context, read_level(reader, asked, path, *code));
    if (linkset.empty()) add_certificates(events_of(reader, *code), asked.base, context.links);
    // Of the default link only address and title, as the standard requires.
    context.links.push_back({.type = "defaultLink",
                             .href = asked.base + path,
                             .title = "溯源页 Provenance page"});
    linkset.push_back(std::move(context));
  }
  return linkset;
}

}  // namespace suyuan::http
