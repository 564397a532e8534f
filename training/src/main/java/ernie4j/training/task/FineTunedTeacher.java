package ernie4j.training.task;

import ernie4j.engine.Parallel;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.Head;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.HeadOutput;
import ernie4j.engine.head.Task;
import ernie4j.engine.kernels.Kernels;
import ernie4j.training.InputHash;
import ernie4j.training.autograd.Variable;
import java.util.ArrayList;
import java.util.List;

/**
 * Fine-tuned models that compute logits for batches, with the engine rather than on a tape. The
 * logits of several models are averaged.
 */
public final class FineTunedTeacher {
  private final String hash;
  private final List<Member> members = new ArrayList<>();

  private record Member(Encoder encoder, Head head, EncoderWorkspace workspace) {
    static Member of(Model model, Kernels kernels, Parallel parallel) {
      Encoder encoder = Encoder.of(model.config(), model.parameters(), kernels);
      Head head = Head.of(encoder, Task.of(model.task()), model.parameters());
      return new Member(encoder, head, encoder.newWorkspace(parallel));
    }

    List<float[]> logits(RaggedBatch batch) {
      encoder.forward(batch, workspace);
      return head.logits(workspace);
    }
  }

  /**
   * Creates a teacher from one model.
   *
   * @param teacher the fine-tuned model to learn from; not changed
   * @param student the model that learns; only compared with the teacher
   * @param kernels the arithmetic to compute with
   * @param parallel the threads to compute on; stays open
   * @throws IllegalArgumentException if teacher and student do not have the same task, vocabulary,
   *     labels and activation, or the teacher has fewer positions
   */
  public FineTunedTeacher(Model teacher, Model student, Kernels kernels, Parallel parallel) {
    this(List.of(teacher), student, kernels, parallel);
  }

  /**
   * Creates a teacher from one or several models, which gives the mean of their logits.
   *
   * @param teachers the fine-tuned models to learn from, at least one; not changed
   * @param student the model that learns; only compared with the teachers
   * @param kernels the arithmetic to compute with
   * @param parallel the threads to compute on; stays open
   * @throws IllegalArgumentException if teacher and student do not have the same task, vocabulary,
   *     labels and activation, or the teacher has fewer positions
   */
  public FineTunedTeacher(List<Model> teachers, Model student, Kernels kernels, Parallel parallel) {
    teachers.forEach(teacher -> requireFit(teacher, student));
    List<String> hashes = teachers.stream().map(InputHash::of).toList();
    hash = hashes.size() == 1 ? hashes.get(0) : InputHash.of(hashes);
    teachers.forEach(teacher -> members.add(Member.of(teacher, kernels, parallel)));
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
          "Distillation: expected a teacher for the student's task %s, got one for %s"
              .formatted(student.task(), teacher.task()));
    }
    if (Task.of(student.task()).outputs().isEmpty()) {
      throw new IllegalArgumentException(
          "Distillation: expected a task whose head gives logits for all rows, got %s; encoders are distilled by DistillationTask"
              .formatted(student.task()));
    }
    String difference = difference(teacher, student);
    if (!difference.isEmpty()) {
      throw new IllegalArgumentException(
          "Distillation: expected a teacher with the vocabulary and the labels of the student, got "
              + difference);
    }
    if (teacher.config().maxPositions() < student.config().maxPositions()) {
      throw new IllegalArgumentException(
          "Distillation: expected a teacher with at least %d positions, got %d"
              .formatted(student.config().maxPositions(), teacher.config().maxPositions()));
    }
    String activation = student.options().getOrDefault(HeadOptions.ACTIVATION, "");
    if (!teacher.options().getOrDefault(HeadOptions.ACTIVATION, "").equals(activation)) {
      throw new IllegalArgumentException(
          "Distillation: expected a teacher with the option %s of the student, '%s', got options %s"
              .formatted(HeadOptions.ACTIVATION, activation, teacher.options()));
    }
  }

  /** How the vocabulary or else the labels of a teacher differ; empty if they do not. */
  private static String difference(Model teacher, Model student) {
    List<String> expected = student.vocabulary();
    List<String> words = teacher.vocabulary();
    if (words.size() != expected.size()) {
      return "%,d words instead of %,d".formatted(words.size(), expected.size());
    }
    for (int id = 0; id < words.size(); id++) {
      if (!words.get(id).equals(expected.get(id))) {
        return "the word '%s' instead of '%s' for the id %d"
            .formatted(words.get(id), expected.get(id), id);
      }
    }
    return teacher.labels().equals(student.labels())
        ? ""
        : "the labels %s instead of %s".formatted(teacher.labels(), student.labels());
  }

  /** {@return the hash of the teacher models, see {@link ernie4j.training.InputHash}} */
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
    List<float[]> mean = members.get(0).logits(batch);
    if (members.size() > 1) {
      mean = mean.stream().map(float[]::clone).toList();
      for (Member member : members.subList(1, members.size())) {
        add(mean, member.logits(batch));
      }
      mean.forEach(this::divide);
    }
    List<Variable> constants = new ArrayList<>();
    for (float[] logits : mean) {
      HeadOutput output = members.get(0).head.task().outputs().get(constants.size());
      int rows = output.row().isPooled() ? batch.sequences() : batch.tokens();
      constants.add(Variable.constant(rows, logits.length / rows, logits));
    }
    return constants;
  }

  private static void add(List<float[]> sums, List<float[]> others) {
    for (int output = 0; output < sums.size(); output++) {
      float[] sum = sums.get(output);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += others.get(output)[i];
      }
    }
  }

  private void divide(float[] sum) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] /= members.size();
    }
  }
}
