// The meaning of each question: from a question and one state to the answer's value. Pure reads.
// Thread-safe.
#pragma once

#include "ledger/provenance/recall_memory.h"
#include "ledger/store/schema.h"
#include "proto/answers.h"

namespace suyuan {

// Errors of all: NOT_FOUND, TOO_COMPLEX, TOO_MANY (limit), PAGE_TOKEN_INVALID, CORRUPT, IO. Of
// forward and recall also BUSY: others hold too much of `memory` (null: not counted).
// REQUIRES: question.code is canonical (see canonical_question).
// Each answer contains what `question.viewer` may know: statements that are withheld from the
// viewer are ignored (docs/state.md).
// A page token pins the log size of its first page, so later appends do not affect paging.
Result<TracePage> answer_trace(const Reader& reader, const CodeQuestion& question,
                               bool with_events);
Result<ChainPage> answer_chain(const Reader& reader, const CodeQuestion& question,
                               bool with_events);
Result<ThingState> answer_state(const Reader& reader, const CodeQuestion& question);
Result<Contents> answer_contents(const Reader& reader, const CodeQuestion& question);
Result<std::vector<Holding>> answer_custody(const Reader& reader, const CodeQuestion& question);
Result<Forward> answer_forward(const Reader& reader, const CodeQuestion& question,
                               RecallMemory* memory = nullptr);
Result<Recall> answer_recall(const Reader& reader, const CodeQuestion& question,
                             RecallMemory* memory = nullptr);
Result<std::vector<BalanceLine>> answer_balance(const Reader& reader, const CodeQuestion& question);
// For an event that the viewer may not see: its place, note and record, with its content withheld.
enum class Sections : uint8_t { left_out, open };  // sections that the viewer may read
Result<EventView> answer_event(const Reader& reader, Place place, bool with_path,
                               const Viewer& viewer, Sections sections = Sections::open);

Result<Page<PartyState>> answer_parties(const Reader& reader, const RegistryQuestion& question);
Result<Page<ProductData>> answer_products(const Reader& reader, const RegistryQuestion& question);
Result<Page<SiteData>> answer_sites(const Reader& reader, const RegistryQuestion& question);

// The question with its code in canonical form and its limit in bounds. Errors: CODE_*, TOO_MANY.
Result<CodeQuestion> canonical_question(CodeQuestion question);

}  // namespace suyuan
