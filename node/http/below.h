// GET /v1/codes/{code}/below: the lots, variants and units listed below a class or lot.
#pragma once

#include "node/answer/below.h"
#include "node/http/router.h"
#include "node/service.h"

namespace suyuan::http {

// {"head": {...}, "below": {"items": [{"code", "type"}], "next"}}
std::string to_json(const AnswerHead& head, const Below& below);

void add_below(Router& router, Service& service);

}  // namespace suyuan::http
