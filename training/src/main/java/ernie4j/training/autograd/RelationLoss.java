package ernie4j.training.autograd;

import ernie4j.engine.RaggedBatch;
import java.util.Arrays;

/**
 * The relations of MiniLMv2 between the tokens of a sequence, and those that PaddleNLP adds:
 * between the heads of a token, and between the tokens at the same position of all sequences.
 */
final class RelationLoss {
  /** Query, key and value. */
  private static final int PARTS = 3;

  private final Tape tape;
  private final RaggedBatch batch;
  private final int relationHeads;
  private final int paddingId;
  private final RelationGroup[] groups;
  private final float[] d;

  private RelationLoss(
      Tape tape,
      Variable student,
      Variable teacher,
      RaggedBatch batch,
      int relationHeads,
      int paddingId,
      RelationWeights weights) {
    requireFit("the student", student, batch, relationHeads);
    requireFit("the teacher", teacher, batch, relationHeads);
    this.tape = tape;
    this.batch = batch;
    this.relationHeads = relationHeads;
    this.paddingId = paddingId;
    this.d = tape.buffer(student.size());
    Arrays.fill(d, 0, student.size(), 0f);
    int largest = batch.longest();
    if (weights.heads() > 0) {
      largest = Math.max(largest, relationHeads);
    }
    if (weights.samples() > 0) {
      largest = Math.max(largest, batch.sequences());
    }
    this.groups = new RelationGroup[tape.parallel().threads()];
    for (int i = 0; i < groups.length; i++) {
      AttentionWorkspaces.Set workspace = tape.attentionWorkspaces().of(i);
      groups[i] =
          new RelationGroup(tape, workspace, student, teacher, PARTS * relationHeads, largest);
    }
  }

  private static void requireFit(String whose, Variable x, RaggedBatch batch, int relationHeads) {
    if (x.rows() != batch.tokens()
        || relationHeads < 1
        || x.columns() % (PARTS * relationHeads) != 0) {
      throw new IllegalArgumentException(
          "relationLoss: expected %s's query, key and value [%d, 3 x width] with a width that %d relation heads divide, got [%d, %d]"
              .formatted(whose, batch.tokens(), relationHeads, x.rows(), x.columns()));
    }
  }

  static Variable apply(
      Tape tape,
      Variable student,
      Variable teacher,
      RaggedBatch batch,
      int relationHeads,
      int paddingId,
      RelationWeights weights) {
    RelationLoss loss =
        new RelationLoss(tape, student, teacher, batch, relationHeads, paddingId, weights);
    double sum =
        loss.sum(weights.tokens(), batch.sequences(), loss::tokens)
            + loss.sum(weights.heads(), batch.tokens(), loss::heads)
            + loss.sum(weights.samples(), batch.longest(), loss::samples);
    double terms = (double) relationHeads * batch.tokens();
    return Losses.finish(tape, student, sum / terms, loss.d, (float) (1 / terms));
  }

  /** Computes the groups of a unit of work. */
  private interface Unit {
    /** Returns the sum of their divergences and adds their gradients to {@link #d}. */
    double compare(RelationGroup group, int unit, float weight);
  }

  /** The weighted sum over all units, whose rows of the gradient do not overlap. */
  private double sum(double weight, int units, Unit of) {
    if (weight == 0) {
      return 0;
    }
    double[] sums = new double[units];
    tape.parallel()
        .run(
            units,
            1,
            (part, from, to) -> {
              for (int unit = from; unit < to; unit++) {
                sums[unit] = of.compare(groups[part], unit, (float) weight);
              }
            });
    return weight * Arrays.stream(sums).sum();
  }

  /** The tokens of a sequence, for every head of query, key and value. */
  private double tokens(RelationGroup group, int s, float weight) {
    double sum = 0;
    for (int head = 0; head < PARTS * relationHeads; head++) {
      group.clear();
      for (int i = 0; i < batch.length(s); i++) {
        add(group, batch.start(s) + i, head);
      }
      sum += group.compare(weight, d);
    }
    return sum;
  }

  /** The heads of a token, for query, key and value. */
  private double heads(RelationGroup group, int token, float weight) {
    double sum = 0;
    for (int part = 0; part < PARTS; part++) {
      group.clear();
      for (int head = 0; head < relationHeads; head++) {
        group.add(token, part * relationHeads + head, false);
      }
      sum += group.compare(weight, d);
    }
    return sum;
  }

  /** The tokens at the same position of all sequences that are long enough, for every head. */
  private double samples(RelationGroup group, int position, float weight) {
    double sum = 0;
    for (int head = 0; head < PARTS * relationHeads; head++) {
      group.clear();
      for (int s = 0; s < batch.sequences(); s++) {
        if (position < batch.length(s)) {
          add(group, batch.start(s) + position, head);
        }
      }
      sum += group.compare(weight, d);
    }
    return sum;
  }

  private void add(RelationGroup group, int token, int head) {
    group.add(token, head, !batch.isVisible(token, paddingId));
  }
}
