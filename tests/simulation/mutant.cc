#include "tests/simulation/mutant.h"

namespace suyuan::sim {

std::string_view word(Mutant mutant) {
  switch (mutant) {
    case Mutant::none: return "none";
    case Mutant::acknowledges_before_sync: return "acknowledges before sync";
    case Mutant::acknowledges_before_append: return "acknowledges before the log has it";
    case Mutant::believes_a_retried_commit: return "believes a commit that failed";
    case Mutant::writes_half_a_commit: return "leaves half a commit";
    case Mutant::drops_the_last_link: return "drops the last link of a chain";
    case Mutant::changes_a_payload: return "changes a payload";
    case Mutant::forgets_duplicates: return "forgets what it had before";
    case Mutant::seals_without_a_code: return "seals without one of the codes";
    case Mutant::orders_otherwise: return "applies in another order";
    case Mutant::takes_its_own_time: return "takes its own time";
    case Mutant::leaves_a_group_out: return "leaves a group out";
    case Mutant::ignores_the_marks: return "ignores the marks";
    case Mutant::publishes_before_sealing: return "publishes before the seal is committed";
    case Mutant::signs_without_a_mark: return "signs without the watermark";
    case Mutant::marks_nothing_acknowledged: return "marks nothing that it acknowledges";
  }
  return "?";
}

}  // namespace suyuan::sim
