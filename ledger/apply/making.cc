// What is created: once, and under a GTIN only by those whom its product's entry allows.
#include <algorithm>

#include "ledger/apply/judge.h"

namespace suyuan {
namespace {

bool may_make(const ProductData& product, std::string_view party) {
  return product.owner == party ||
         std::find(product.licensees.begin(), product.licensees.end(), party) !=
             product.licensees.end();
}

Result<Done> judge_product(JudgeContext& context, const Subject& subject) {
  const std::string& gtin = subject.code.gtin();
  if (gtin.empty()) return Done{};
  SUYUAN_TRY(product, context.registry.product(gtin));
  if (product && may_make(*product, context.party.data.id)) return Done{};
  const std::string rule =
      product ? "is registered for " + product->owner + " and its licensees, not for " +
                    context.party.data.id
              : "is not registered: an authority registers it, with its owner";
  context.refuse(Code::UNAUTHORISED_PRODUCT, "product " + gtin + ' ' + rule,
                 context.statement.field_of(subject));
  return Done{};
}

}  // namespace

Result<Done> judge_making(JudgeContext& context) {
  const Statement& statement = context.statement;
  const Subject* known_paper = nullptr;
  bool new_paper = false;
  for (const Subject& subject : statement.subjects) {
    if (!statement.brings(subject)) continue;
    SUYUAN_TRY_DONE(judge_product(context, subject));
    if (subject.is_class()) continue;
    std::optional<Fact> made;
    if (!subject.is_new()) {
      SUYUAN_TRY(found, context.facts.latest(subject.key, Aspect::made, kTimeMax));
      made = std::move(found);
    }
    const bool paper = subject.code.is_document();
    if (!made) {
      new_paper = new_paper || paper;
      if (paper || subject.is_thing()) context.judgement.made.push_back(&subject);
    } else if (paper) {
      known_paper = &subject;
    } else if (subject.is_made_once()) {
      context.refuse(Code::DUPLICATE_ID,
                     subject.text() + " came into being at leaf " +
                         std::to_string(made->key.place.leaf) + " already",
                     statement.field_of(subject));
    }
  }
  // A payment also names its order, so existing documents may appear next to a new one.
  if (known_paper && !new_paper) {
    context.refuse(Code::DUPLICATE_ID, known_paper->text() + " is recorded already",
                   statement.field_of(*known_paper));
  }
  return Done{};
}

}  // namespace suyuan
