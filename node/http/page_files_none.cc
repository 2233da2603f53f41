// What a node built without the page serves instead.
#include "node/http/page_files.h"

namespace suyuan::http {
namespace {

constexpr std::string_view kPageLeftOut = R"html(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Suyuan 溯源</title>
<h1>Suyuan 溯源</h1>
<p lang="zh">此节点未内置网页(构建时 SUYUAN_WEB=OFF)。接口说明见 <a href="/v1/openapi.json">/v1/openapi.json</a>。
<p>This node was built without its page (SUYUAN_WEB=OFF). Its answers are documented in
<a href="/v1/openapi.json">/v1/openapi.json</a>.
</html>
)html";

constexpr PageFile kPageFiles[] = {{.name = "index.html",
                                .type = "text/html; charset=utf-8",
                                .hash = "none-1",
                                .immutable = false,
                                .plain = kPageLeftOut,
                                .gzip = {},
                                .brotli = {}}};

}  // namespace

std::span<const PageFile> page_files() { return kPageFiles; }

}  // namespace suyuan::http
