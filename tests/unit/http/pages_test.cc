// The page's files as they are served.
#include "node/http/pages.h"

#include <gtest/gtest.h>

#include "node/http/page_files.h"

namespace suyuan::http {
namespace {

Response get(const Router& router, const std::string& target, const std::string& encoding = "",
             const std::string& if_none_match = "") {
  auto request = parse_target(target);
  EXPECT_TRUE(request);
  request->accept_encoding = encoding;
  request->if_none_match = if_none_match;
  Response answer;
  router.handle(*request, [&](Response response) { answer = std::move(response); });
  return answer;
}

Router pages() {
  Router router;
  add_pages(router);
  return router;
}

TEST(Pages, TheRootIsThePage) {
  const Router router = pages();
  const Response root = get(router, "/");
  EXPECT_EQ(root.status, 200);
  EXPECT_EQ(root.content_type, "text/html; charset=utf-8");
  EXPECT_NE(root.body.find("<!doctype html>"), std::string::npos);
}

TEST(Pages, EveryFileIsServedInTheFormThatTheClientTakes) {
  const Router router = pages();
  for (const PageFile& file : page_files()) {
    const std::string target = "/page/" + std::string(file.name);
    EXPECT_EQ(get(router, target).body, file.plain);
    if (file.brotli.empty()) continue;
    const Response brotli = get(router, target, "gzip, deflate, br");
    EXPECT_EQ(brotli.body, file.brotli);
    EXPECT_EQ(brotli.headers.at("Content-Encoding"), "br");
    const Response gzip = get(router, target, "gzip");
    EXPECT_EQ(gzip.body, file.gzip);
    EXPECT_EQ(gzip.headers.at("Content-Encoding"), "gzip");
    EXPECT_NE(gzip.headers.at("ETag"), brotli.headers.at("ETag"));
  }
}

TEST(Pages, WhatAClientHasIsNotSentAgain) {
  const Router router = pages();
  const std::string etag = get(router, "/").headers.at("ETag");
  const Response again = get(router, "/", "", "\"other\", " + etag);
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  EXPECT_EQ(again.headers.at("ETag"), etag);
  EXPECT_EQ(get(router, "/", "", "\"other\"").status, 200);
}

TEST(Pages, OnlyANameWithAHashIsKeptForEver) {
  const Router router = pages();
  EXPECT_EQ(get(router, "/").headers.at("Cache-Control"), "no-cache");
  for (const PageFile& file : page_files()) {
    const auto cache = get(router, "/page/" + std::string(file.name)).headers.at("Cache-Control");
    EXPECT_EQ(cache.find("immutable") != std::string::npos, file.immutable) << file.name;
    EXPECT_EQ(file.immutable, file.name != "index.html" && file.name != "service-worker.js");
  }
}

TEST(Pages, NothingRunsButTheNodesOwnFiles) {
  const std::string policy = get(pages(), "/").headers.at("Content-Security-Policy");
  EXPECT_NE(policy.find("default-src 'none'"), std::string::npos);
  EXPECT_EQ(policy.find("unsafe"), std::string::npos);
  EXPECT_EQ(policy.find("http"), std::string::npos);
}

TEST(Pages, AnUnknownFileIsNotFound) {
  EXPECT_EQ(get(pages(), "/page/none.js").status, 404);
  EXPECT_EQ(get(pages(), "/page/..%2findex.html").status, 404);
}

TEST(Pages, TheBestEncodingThatIsNotRefusedIsTaken) {
  EXPECT_EQ(best_encoding("gzip, deflate, br, zstd"), "br");
  EXPECT_EQ(best_encoding("gzip;q=0.5, br;q=0"), "gzip");
  EXPECT_EQ(best_encoding("br; q=0.000"), "");
  EXPECT_EQ(best_encoding("br;q=0.001"), "br");
  EXPECT_EQ(best_encoding("identity"), "");
  EXPECT_EQ(best_encoding(""), "");
}

TEST(Pages, AnETagIsComparedWeakly) {
  EXPECT_TRUE(names_etag("W/\"a\"", "\"a\""));
  EXPECT_TRUE(names_etag("*", "\"a\""));
  EXPECT_FALSE(names_etag("\"ab\"", "\"a\""));
  EXPECT_FALSE(names_etag("", "\"a\""));
}

}  // namespace
}  // namespace suyuan::http
