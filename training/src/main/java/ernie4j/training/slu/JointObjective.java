package ernie4j.training.slu;

import ernie4j.engine.Parallel;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.JointIntentSlotHead;
import ernie4j.engine.kernels.Kernels;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.JointErnie;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a joint model learns from: the labels, and besides them the logits of a teacher if there is
 * one. The teacher runs on the engine.
 */
public final class JointObjective {
  private final @Nullable Teacher teacher;

  /**
   * An objective for {@code student}.
   *
   * @param distillation empty: labels alone
   * @throws IllegalArgumentException if teacher and student do not have the same vocabulary and
   *     labels, or the teacher has fewer positions
   */
  public JointObjective(
      Optional<Distillation> distillation, Model student, Kernels kernels, Parallel parallel) {
    teacher = distillation.map(d -> new Teacher(d, student, kernels, parallel)).orElse(null);
  }

  /** Records the loss of a batch. */
  public Variable loss(Tape tape, JointErnie student, SluBatch batch) {
    JointErnie.Logits logits = student.forward(tape, batch.tokens());
    Variable labels = logits.loss(tape, batch.intents(), batch.slots(), SluLabels.PADDING).total();
    return teacher == null ? labels : tape.add(labels, teacher.loss(tape, batch.tokens(), logits));
  }

  /** The options as text, for the settings of a checkpoint; empty for labels alone. */
  public String settings() {
    return teacher == null
        ? ""
        : "distillation weight %s, temperature %s".formatted(teacher.weight, teacher.temperature);
  }

  private static final class Teacher {
    private final Encoder encoder;
    private final JointIntentSlotHead head;
    private final EncoderWorkspace workspace;
    private final float weight;
    private final float temperature;

    Teacher(Distillation distillation, Model student, Kernels kernels, Parallel parallel) {
      Model teacher = distillation.teacher();
      requireFit(teacher, student);
      encoder = Encoder.of(teacher.config(), teacher.parameters(), kernels);
      head = JointIntentSlotHead.of(encoder, teacher.parameters());
      workspace = encoder.newWorkspace(parallel);
      weight = (float) distillation.weight();
      temperature = (float) distillation.temperature();
    }

    private static void requireFit(Model teacher, Model student) {
      if (!teacher.vocabulary().equals(student.vocabulary())
          || !teacher.labels().equals(student.labels())) {
        throw new IllegalArgumentException(
            "Distillation: expected a teacher with the vocabulary and the labels of the student (%d tokens, labels of %s), got others (%d tokens, labels of %s)"
                .formatted(
                    student.vocabulary().size(),
                    student.labels().keySet(),
                    teacher.vocabulary().size(),
                    teacher.labels().keySet()));
      }
      if (teacher.config().maxPositions() < student.config().maxPositions()) {
        throw new IllegalArgumentException(
            "Distillation: expected a teacher with at least %d positions, got %d"
                .formatted(student.config().maxPositions(), teacher.config().maxPositions()));
      }
    }

    /** The weighted loss of the student's logits against the teacher's for a batch. */
    Variable loss(Tape tape, RaggedBatch batch, JointErnie.Logits logits) {
      encoder.forward(batch, workspace);
      Variable intents =
          Variable.constant(batch.sequences(), head.intents(), head.intentLogits(workspace));
      Variable slots = Variable.constant(batch.tokens(), head.slots(), head.slotLogits(workspace));
      Variable sum =
          tape.add(
              tape.softCrossEntropy(logits.intents(), intents, temperature),
              tape.softCrossEntropy(logits.slots(), slots, temperature));
      return tape.scale(sum, weight / 2);
    }
  }
}
