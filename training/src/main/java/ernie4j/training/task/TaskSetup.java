package ernie4j.training.task;

import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.Tokenizers;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingHistory;
import ernie4j.training.TrainingListener;
import ernie4j.training.TrainingOptions;
import ernie4j.training.TrainingTask;
import ernie4j.training.model.ModelParts;
import ernie4j.zoo.cache.ModelCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;

/**
 * What every training starts from.
 *
 * <pre>{@code
 * TaskSetup setup = TaskSetup.load("bge-small-zh", 128);
 * setup.fineTune(ClassificationObjective.of(setup, table, 0.1), TrainingOptions.defaults(), folder);
 * TextClassifier classifier = TextClassifier.load(folder.resolve("model.ernie"));
 * }</pre>
 *
 * @param model what to start with; a head for the same task and labels is trained on, any other is
 *     replaced. Its positions are the longest input, longer ones are cut
 * @param tokenizer of the model
 * @param dropout the probability of all dropouts, 0.1 in the reference
 * @param seed of the initial values of a new head
 * @param parallel the threads; stays open
 * @param provenance lines to add to the provenance of the trained model
 */
public record TaskSetup(
    Model model,
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
   * Starts from a file or a pulled model, with all processors.
   *
   * @param fileOrName a model file, or else the name of a pulled model
   * @param maxLength see {@link #of}
   */
  public static TaskSetup load(String fileOrName, int maxLength) throws IOException {
    Model model = ModelFile.read(ModelCache.standard().locate(fileOrName));
    int processors = Runtime.getRuntime().availableProcessors();
    Parallel parallel = Parallel.on(ForkJoinPool.commonPool(), processors);
    return of(model, Tokenizers.of(model), maxLength, parallel);
  }

  /**
   * The reference's dropout of 0.1, seed 42 and the best kernels.
   *
   * @param maxLength tokens that inputs are cut to, [CLS] and [SEP] included; at most the model's
   *     positions, which are cut to it
   */
  public static TaskSetup of(Model model, Tokenizer tokenizer, int maxLength, Parallel parallel) {
    if (maxLength < 3) {
      throw new IllegalArgumentException(
          "TaskSetup: expected a longest input of at least 3 tokens, got " + maxLength);
    }
    Model cut = ModelParts.withPositions(model, maxLength);
    return new TaskSetup(cut, tokenizer, 0.1f, 42, Kernels.best(), parallel, Map.of());
  }

  /** This setup with another dropout and another seed. */
  public TaskSetup with(float newDropout, long newSeed) {
    return new TaskSetup(model, tokenizer, newDropout, newSeed, kernels, parallel, provenance);
  }

  /** This setup with other lines of provenance. */
  public TaskSetup withProvenance(Map<String, String> lines) {
    return new TaskSetup(model, tokenizer, dropout, seed, kernels, parallel, lines);
  }

  /** This setup with another model of the same or another vocabulary, at its own length. */
  public TaskSetup withModel(Model other) {
    return new TaskSetup(other, Tokenizers.of(other), dropout, seed, kernels, parallel, provenance);
  }

  /** The longest input in tokens. */
  public int maxLength() {
    return model.config().maxPositions();
  }

  /** A trainer of a task with the kernels and threads of this setup. */
  public Trainer trainer(
      TrainingTask task, TrainingOptions options, Path folder, TrainingListener... listeners) {
    return new Trainer(task, options, kernels, parallel, folder, List.of(listeners));
  }

  /**
   * Fine-tunes the model for an objective; the folder receives what {@link Trainer} writes.
   *
   * @return all evaluations
   */
  public TrainingHistory fineTune(
      Objective objective, TrainingOptions options, Path folder, TrainingListener... listeners)
      throws IOException {
    return trainer(new FineTuning(this, objective), options, folder, listeners).run();
  }
}
