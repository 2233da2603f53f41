#include "node/http/log.h"

#include "ledger/apply/log_reader.h"
#include "ledger/base/text.h"
#include "ledger/proof/log_files.h"
#include "ledger/proof/tlog_proof.h"
#include "node/http/question.h"

namespace suyuan::http {
namespace {

constexpr std::string_view kPrefix = "/log/";
constexpr const char* kBinary = "application/octet-stream";
constexpr const char* kText = "text/plain; charset=utf-8";
// A file under one name never changes; what follows the newest checkpoint must be revalidated.
constexpr const char* kForEver = "public, max-age=31536000, immutable";
constexpr const char* kFresh = "no-cache";

// Any page may read the log: it is public, and the reader verifies it.
Response log_file(std::string body, const char* type, const char* cache) {
  return {.content_type = type,
          .body = std::move(body),
          .headers = {{"Cache-Control", cache}, {"Access-Control-Allow-Origin", "*"}}};
}

Response log_problem(const Error& error, uint32_t retry_after_ms = 0) {
  Response response = problem({error}, retry_after_ms);
  response.headers["Cache-Control"] = kFresh;
  response.headers["Access-Control-Allow-Origin"] = "*";
  response.headers["Access-Control-Expose-Headers"] = "Retry-After";
  return response;
}

Response log_answer(Answer<Response> answer) {
  if (answer.value) return *std::move(answer.value);
  return log_problem(answer.value.error(), answer.head.retry_after_ms);
}

Error no_such_file(std::string message) {
  return {.code = Code::NOT_FOUND, .message = std::move(message), .field = "path"};
}

// Makes a file of the published log. `path` is the part after "/log/", as sent: escapes in it name
// nothing.
using FileMaker = Result<Response> (*)(const Published& log, const std::string& path);

void answer_file(Service& service, const AtLeast& least, FileMaker make, const Request& request,
                 const Reply& reply) {
  service.ask_published<Response>(
      request.client, least,
      [make, path = request.path.substr(kPrefix.size())](const Published& log) {
        return make(log, path);
      },
      [reply](Answer<Response> answer) { reply(log_answer(std::move(answer))); });
}

// A file determined by its name.
RouteHandler fixed_file(Service& service, FileMaker make) {
  return [&service, make](const Request& request, const Captures&, const Reply& reply) {
    if (auto none = no_parameters(request); !none) return reply(log_problem(none.error()));
    answer_file(service, {}, make, request, reply);
  };
}

// A file that follows the newest checkpoint. A reader may wait for one that covers a size.
RouteHandler newest_file(Service& service, FileMaker make) {
  return [&service, make](const Request& request, const Captures&, const Reply& reply) {
    auto least = at_least(request);
    if (!least) return reply(log_problem(least.error()));
    answer_file(service, *least, make, request, reply);
  };
}

// A file of the tree. Leaves are available as soon as a checkpoint over them is signed, so that a
// witness can read them before it cosigns; nobody is told of the checkpoint before it is published.
using TreeFileMaker = Result<Response> (*)(const SignedTree& tree, const std::string& path);
RouteHandler tree_files(Service& service, TreeFileMaker make) {
  return [&service, make](const Request& request, const Captures&, const Reply& reply) {
    if (auto none = no_parameters(request); !none) return reply(log_problem(none.error()));
    service.ask_published<Response>(
        request.client, {},
        [&service, make, path = request.path.substr(kPrefix.size())](const Published&) {
          return make(service.parts().published.signed_tree(), path);
        },
        [reply](Answer<Response> answer) { reply(log_answer(std::move(answer))); });
  };
}

Result<Response> checkpoint_file(const Published& log, const std::string&) {
  return log_file(log.checkpoint, kText, kFresh);
}

Result<Response> genesis_file(const Published& log, const std::string&) {
  SUYUAN_TRY(leaf, log.state->get(Table::leaf, u64_key(0)));
  if (!leaf) return fail(Code::CORRUPT, "leaf 0 is missing");
  return log_file(*std::move(leaf), kText, kForEver);
}

Result<Response> tile_file(const SignedTree& tree, const std::string& path) {
  const auto tile = parse_tile_path(path);
  if (!tile) return Unexpected(no_such_file(quote(path) + " is not the path of a tile"));
  SUYUAN_TRY(bytes, read_tile(*tree.state, tree.size, *tile));
  return log_file(std::move(bytes), kBinary, kForEver);
}

Result<Response> events_file(const SignedTree& tree, const std::string& path) {
  const auto leaf = parse_events_path(path);
  if (!leaf) return Unexpected(no_such_file(quote(path) + " is not the path of a leaf's events"));
  SUYUAN_TRY(bytes, read_leaf_events(*tree.state, tree.size, *leaf));
  return log_file(std::move(bytes), kBinary, kForEver);
}

Result<Response> proof_file(const Published& log, const std::string& path) {
  const auto index = from_decimal(path.substr(path.find('/') + 1));
  if (!index) return Unexpected(no_such_file(quote(path) + " does not end in a leaf's number"));
  if (*index >= log.size()) {
    return Unexpected(no_such_file("the published log has " + std::to_string(log.size()) +
                                   " leaves, not yet leaf " + std::to_string(*index)));
  }
  TlogProof proof{.index = *index, .path = {}, .checkpoint = log.checkpoint};
  SUYUAN_TRY(hashes, leaf_path(*log.state, *index, log.size()));
  proof.path = std::move(hashes);
  return log_file(write_tlog_proof(proof), kText, kFresh);
}

}  // namespace

void add_log_files(Router& router, Service& service) {
  router.add(Method::get, "/log/checkpoint", newest_file(service, checkpoint_file));
  router.add(Method::get, "/log/proof/{index}", newest_file(service, proof_file));
  router.add(Method::get, "/log/genesis.leaf", fixed_file(service, genesis_file));
  router.add(Method::get, "/log/tile/{tile...}", tree_files(service, tile_file));
  router.add(Method::get, "/log/events/{leaf...}", tree_files(service, events_file));
}

}  // namespace suyuan::http
