package ernie4j.training.task;

import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.kernels.Kernels;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingListener;
import ernie4j.training.TrainingOptions;
import ernie4j.training.TrainingTask;
import ernie4j.training.model.ModelParts;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What every task starts from.
 *
 * <pre>{@code
 * TaskSetup setup = TaskSetup.of(encoder, Tokenizers.of(encoder), 128, parallel);
 * Labels labels = Labels.ofTexts(data.train());
 * TrainingTask task = new EncoderTask(setup, new TextClassification(setup, labels, data));
 * setup.trainer(task, TrainingOptions.defaults(), folder).run();
 * }</pre>
 *
 * @param encoder the model to start with; a head for the same task and labels is trained on, any
 *     other is replaced. Its positions are the longest input, longer ones are cut
 * @param tokenizer of the model
 * @param dropout the probability of all dropouts, 0.1 in the reference
 * @param seed of the initial values of a new head
 * @param parallel the threads; stays open
 * @param provenance lines to add to the provenance of the trained model
 */
public record TaskSetup(
    Model encoder,
    Tokenizer tokenizer,
    float dropout,
    long seed,
    Kernels kernels,
    Parallel parallel,
    Map<String, String> provenance) {

  /** Keeps an unmodifiable copy of the map. */
  public TaskSetup {
    provenance = Map.copyOf(provenance);
  }

  /**
   * The reference's dropout of 0.1, seed 42 and the best kernels.
   *
   * @param maxLength tokens that inputs are cut to, [CLS] and [SEP] included; at most the encoder's
   *     positions, which are cut to it
   */
  public static TaskSetup of(Model encoder, Tokenizer tokenizer, int maxLength, Parallel parallel) {
    if (maxLength < 3) {
      throw new IllegalArgumentException(
          "TaskSetup: expected a longest input of at least 3 tokens, got " + maxLength);
    }
    Model cut = ModelParts.withPositions(encoder, maxLength);
    return new TaskSetup(cut, tokenizer, 0.1f, 42, Kernels.best(), parallel, Map.of());
  }

  /** This setup with another dropout and another seed. */
  public TaskSetup with(float newDropout, long newSeed) {
    return new TaskSetup(encoder, tokenizer, newDropout, newSeed, kernels, parallel, provenance);
  }

  /** This setup with other lines of provenance. */
  public TaskSetup withProvenance(Map<String, String> lines) {
    return new TaskSetup(encoder, tokenizer, dropout, seed, kernels, parallel, lines);
  }

  int maxLength() {
    return encoder.config().maxPositions();
  }

  /** A trainer of a task with the kernels and threads of this setup. */
  public Trainer trainer(
      TrainingTask task, TrainingOptions options, Path folder, TrainingListener... listeners) {
    return new Trainer(task, options, kernels, parallel, folder, List.of(listeners));
  }

  /** A model with this setup's tokenizer, kernels and threads. */
  public Inference inference(Model model) {
    return Inference.of(model, tokenizer, kernels, parallel);
  }
}
