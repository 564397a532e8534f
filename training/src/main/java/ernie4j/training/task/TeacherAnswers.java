package ernie4j.training.task;

import ernie4j.engine.RaggedBatch;
import ernie4j.engine.head.HeadOutput;
import ernie4j.training.autograd.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The logits of a teacher for the examples of an objective. Examples do not change between epochs,
 * and the bits of their logits do not depend on the batch, so they are computed once and kept. When
 * they fill an eighth of the heap, the rest is computed anew in every epoch.
 */
public final class TeacherAnswers {
  private final FineTunedTeacher teacher;
  private final Objective objective;
  private final List<HeadOutput> outputs;

  /** The logits of every output by example. */
  private final Map<Integer, List<float[]>> kept = new HashMap<>();

  private long freeBytes;

  /**
   * Nothing is computed yet.
   *
   * @param teacher computes the logits
   * @param objective its examples are the same in every epoch, as those of all objectives with an
   *     {@link Objective#softLoss}
   */
  public TeacherAnswers(FineTunedTeacher teacher, Objective objective) {
    this(teacher, objective, Runtime.getRuntime().maxMemory() / 8);
  }

  TeacherAnswers(FineTunedTeacher teacher, Objective objective, long freeBytes) {
    this.teacher = teacher;
    this.objective = objective;
    this.freeBytes = freeBytes;
    outputs = objective.task().outputs();
  }

  /** {@return the hash of the teacher, see {@link FineTunedTeacher#hash}} */
  public String hash() {
    return teacher.hash();
  }

  /**
   * The logits for a batch.
   *
   * @param examples indices below {@link Objective#examples}
   * @return the logits of every output of the head, in order, as constants without gradients; rows
   *     are in the order of the examples
   */
  public List<Variable> of(int[] examples) {
    int[] missing = Arrays.stream(examples).filter(e -> !kept.containsKey(e)).distinct().toArray();
    Map<Integer, List<float[]>> computed = missing.length == 0 ? Map.of() : compute(missing);
    List<List<float[]>> found = new ArrayList<>();
    for (int example : examples) {
      found.add(Objects.requireNonNull(kept.getOrDefault(example, computed.get(example))));
    }
    RaggedBatch batch = objective.batch(examples);
    List<Variable> answers = new ArrayList<>();
    for (int output = 0; output < outputs.size(); output++) {
      int at = output;
      float[] logits = joined(found.stream().map(ofOutputs -> ofOutputs.get(at)).toList());
      int rows = rows(output, batch);
      answers.add(Variable.constant(rows, logits.length / rows, logits));
    }
    return answers;
  }

  private Map<Integer, List<float[]>> compute(int[] examples) {
    List<Variable> logits = teacher.logits(objective.batch(examples));
    Map<Integer, List<float[]>> computed = new HashMap<>();
    int[] from = new int[outputs.size()];
    for (int example : examples) {
      RaggedBatch alone = objective.batch(new int[] {example});
      List<float[]> own = new ArrayList<>();
      for (int output = 0; output < outputs.size(); output++) {
        Variable all = logits.get(output);
        int to = from[output] + rows(output, alone) * all.columns();
        own.add(Arrays.copyOfRange(all.value(), from[output], to));
        from[output] = to;
      }
      computed.put(example, own);
      keep(example, own);
    }
    return computed;
  }

  private void keep(int example, List<float[]> logits) {
    long bytes = logits.stream().mapToLong(l -> (long) l.length * Float.BYTES).sum();
    if (bytes <= freeBytes) {
      kept.put(example, logits);
      freeBytes -= bytes;
    }
  }

  private int rows(int output, RaggedBatch batch) {
    return outputs.get(output).row().isPooled() ? batch.sequences() : batch.tokens();
  }

  private static float[] joined(List<float[]> parts) {
    float[] all = new float[parts.stream().mapToInt(p -> p.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }
}
