// Renders answers for people. Pure functions from an answer's value and the registry's names to
// text.
#pragma once

#include "client/directory.h"
#include "client/render/paper.h"
#include "proto/answers.h"

namespace suyuan {

// `page` holds all pages of the answer joined; its `next` tells whether there is more.
std::string render_trace(const AnswerHead& head, const TracePage& page, const Directory& names,
                         const Style& style);
std::string render_chain(const AnswerHead& head, const ChainPage& page, const Directory& names,
                         const Style& style);
std::string render_state(const AnswerHead& head, const ThingState& state, const Directory& names,
                         const Style& style);
std::string render_contents(const AnswerHead& head, const Contents& contents,
                            const Directory& names, const Style& style);
std::string render_custody(const AnswerHead& head, const std::vector<Holding>& holdings,
                           const Directory& names, const Style& style);
std::string render_balance(const AnswerHead& head, const std::vector<BalanceLine>& lines,
                           const Style& style);
std::string render_forward(const AnswerHead& head, const Forward& forward, const Directory& names,
                           const Style& style);
std::string render_recall(const AnswerHead& head, const Recall& recall, const Directory& names,
                          const Style& style);
std::string render_scan(const AnswerHead& head, const VerdictView& verdict, const Style& style);
std::string render_parties(const std::vector<PartyState>& parties, const Style& style);
std::string render_products(const std::vector<ProductData>& products, const Style& style);
std::string render_sites(const std::vector<SiteData>& sites, const Style& style);
// Renders one party with its keys. `key`: the key whose state is asked for, if any.
std::string render_party(const PartyState& party, const PublicKey* key, const Style& style);

}  // namespace suyuan
