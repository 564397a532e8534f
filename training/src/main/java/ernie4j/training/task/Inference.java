package ernie4j.training.task;

import ernie4j.engine.Parallel;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.TaskNames;
import ernie4j.engine.kernels.Kernels;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.training.data.Labels;
import java.util.List;
import java.util.Objects;

/**
 * A model that answers, on the engine that serves it: what evaluations and predictions have in
 * common.
 *
 * @param parallel shares many texts; the result does not depend on it
 */
public record Inference(Model model, Tokenizer tokenizer, Encoder encoder, Parallel parallel) {
  private static final int BATCH = 32;

  /** A model with its encoder. */
  public static Inference of(Model model, Tokenizer tokenizer, Kernels kernels, Parallel parallel) {
    Encoder encoder = Encoder.of(model.config(), model.parameters(), kernels);
    return new Inference(model, tokenizer, encoder, parallel);
  }

  int maxLength() {
    return model.config().maxPositions();
  }

  /**
   * Checks that the model can do a task.
   *
   * @throws IllegalArgumentException if it was trained for another
   */
  void requireTask(String task) {
    if (!model.task().equals(task)) {
      throw new IllegalArgumentException(
          "expected a model for %s, got one for %s; train one, or use the command for its task"
              .formatted(task, model.task()));
    }
  }

  /** The labels of the model's only output. */
  Labels labels() {
    return new Labels(
        Objects.requireNonNull(
            model.labels().get(TaskNames.LABEL), "the model has no labels under 'label'"));
  }

  /** What to do with the hidden states of a batch. */
  interface Use {
    /**
     * Reads a batch; several threads call this, each with another batch.
     *
     * @param first index of the input that is the first of the batch
     */
    void accept(int first, EncoderWorkspace states);
  }

  /** Runs the encoder over all inputs. */
  void run(List<Input> inputs, Use use) {
    int batches = (inputs.size() + BATCH - 1) / BATCH;
    parallel.run(
        batches,
        1,
        (worker, from, to) -> {
          EncoderWorkspace workspace = encoder.newWorkspace();
          for (int b = from; b < to; b++) {
            int first = b * BATCH;
            int end = Math.min(inputs.size(), first + BATCH);
            encoder.forward(Input.batch(inputs.subList(first, end)), workspace);
            use.accept(first, workspace);
          }
        });
  }
}
