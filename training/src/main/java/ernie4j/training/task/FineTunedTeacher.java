package ernie4j.training.task;

import ernie4j.engine.Parallel;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.Head;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.Task;
import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.DialogueContext;
import ernie4j.training.InputHash;
import ernie4j.training.autograd.Variable;
import java.util.ArrayList;
import java.util.List;

/** A fine-tuned model that computes logits for batches, with the engine rather than on a tape. */
public final class FineTunedTeacher {
  private final String hash;
  private final Encoder encoder;
  private final Head head;
  private final EncoderWorkspace workspace;

  /**
   * A teacher for {@code student}.
   *
   * @param teacher the fine-tuned model to learn from; not changed
   * @param student the model that learns; only compared with the teacher
   * @param kernels the arithmetic to compute with
   * @param parallel the threads to compute on; stays open
   * @throws IllegalArgumentException if teacher and student do not have the same task, vocabulary,
   *     labels and activation, or the teacher has fewer positions
   */
  public FineTunedTeacher(Model teacher, Model student, Kernels kernels, Parallel parallel) {
    requireFit(teacher, student);
    hash = InputHash.of(teacher);
    encoder = Encoder.of(teacher.config(), teacher.parameters(), kernels);
    head = Head.of(encoder, Task.of(teacher.task()), teacher.parameters());
    workspace = encoder.newWorkspace(parallel);
  }

  /**
   * Checks that a model can teach {@code student}, without creating a teacher.
   *
   * @param teacher the fine-tuned model to learn from
   * @param student the model that learns
   * @throws IllegalArgumentException in the same cases as the constructor
   */
  public static void requireFit(Model teacher, Model student) {
    if (!teacher.task().equals(student.task())) {
      throw new IllegalArgumentException(
          "Distillation: expected a teacher for the task %s, as the student's, got one for %s"
              .formatted(student.task(), teacher.task()));
    }
    if (Task.of(student.task()).outputs().isEmpty()) {
      throw new IllegalArgumentException(
          "Distillation: expected a task whose head gives logits for all rows, got %s; encoders are distilled by DistillationTask"
              .formatted(student.task()));
    }
    if (!teacher.vocabulary().equals(student.vocabulary())
        || !teacher.labels().equals(student.labels())) {
      throw new IllegalArgumentException(
          "Distillation: expected a teacher with the vocabulary and the labels of the student (%d tokens, labels %s), got others (%d tokens, labels %s)"
              .formatted(
                  student.vocabulary().size(),
                  student.labels(),
                  teacher.vocabulary().size(),
                  teacher.labels()));
    }
    if (teacher.config().maxPositions() < student.config().maxPositions()) {
      throw new IllegalArgumentException(
          "Distillation: expected a teacher with at least %d positions, got %d"
              .formatted(student.config().maxPositions(), teacher.config().maxPositions()));
    }
    int turns = DialogueContext.turns(student);
    if (DialogueContext.turns(teacher) != turns) {
      throw new IllegalArgumentException(
          "Distillation: expected a teacher that reads %d turns before the present one, as the student, got one that reads %d"
              .formatted(turns, DialogueContext.turns(teacher)));
    }
    String activation = student.options().getOrDefault(HeadOptions.ACTIVATION, "");
    if (!teacher.options().getOrDefault(HeadOptions.ACTIVATION, "").equals(activation)) {
      throw new IllegalArgumentException(
          "Distillation: expected a teacher with the option %s of the student, '%s', got options %s"
              .formatted(HeadOptions.ACTIVATION, activation, teacher.options()));
    }
  }

  /** {@return the hash of the teacher model, see {@link ernie4j.training.InputHash}} */
  public String hash() {
    return hash;
  }

  /**
   * Computes the logits for a batch.
   *
   * @param batch token sequences, with the vocabulary of the student
   * @return the logits of every output of the head, in order, as constants without gradients
   */
  public List<Variable> logits(RaggedBatch batch) {
    encoder.forward(batch, workspace);
    List<Variable> constants = new ArrayList<>();
    for (float[] logits : head.logits(workspace)) {
      boolean pooled = head.task().outputs().get(constants.size()).row().isPooled();
      int rows = pooled ? batch.sequences() : batch.tokens();
      constants.add(Variable.constant(rows, logits.length / rows, logits));
    }
    return constants;
  }
}
