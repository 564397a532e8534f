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
 * What every training starts from: a model with its tokenizer, and the means to compute.
 *
 * <pre>{@code
 * TaskSetup setup = TaskSetup.load("bge-small-zh", 128);
 * setup.fineTune(ClassificationObjective.of(setup, table, 0.1), TrainingOptions.defaults(), folder);
 * TextClassifier classifier = TextClassifier.load(folder.resolve("model.ernie"));
 * }</pre>
 *
 * @param model the model to start from. A head for the same task and labels is trained further, any
 *     other is replaced. Longer inputs than its positions are cut
 * @param tokenizer the tokenizer of the model
 * @param dropout the probability of all dropouts, in [0, 1); 0.1 in the reference
 * @param seed of the initial values of a new head
 * @param kernels the arithmetic to compute with
 * @param parallel the threads to compute on; stays open
 * @param provenance lines to add to the provenance of the trained model, by name
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
   * @param maxLength the longest input in tokens, see {@link #of}
   * @return a setup with the defaults of {@link #of}
   * @throws IOException if the model cannot be found or read
   * @throws IllegalArgumentException if the model has no vocabulary, or {@code maxLength} is below
   *     3
   */
  public static TaskSetup load(String fileOrName, int maxLength) throws IOException {
    Model model = ModelFile.read(ModelCache.standard().locate(fileOrName));
    int processors = Runtime.getRuntime().availableProcessors();
    Parallel parallel = Parallel.on(ForkJoinPool.commonPool(), processors);
    return of(model, Tokenizers.of(model), maxLength, parallel);
  }

  /**
   * Starts from a model, with the reference's dropout of 0.1, seed 42 and the best kernels.
   *
   * @param model the model to start from; not changed
   * @param tokenizer the tokenizer of the model
   * @param maxLength the longest input in tokens, [CLS] and [SEP] included, at least 3. A model
   *     with more positions is cut to it
   * @param parallel the threads to compute on; stays open
   * @return a setup whose model has at most {@code maxLength} positions
   * @throws IllegalArgumentException if {@code maxLength} is below 3
   */
  public static TaskSetup of(Model model, Tokenizer tokenizer, int maxLength, Parallel parallel) {
    if (maxLength < 3) {
      throw new IllegalArgumentException(
          "TaskSetup: expected a longest input of at least 3 tokens, got " + maxLength);
    }
    Model cut = ModelParts.withPositions(model, maxLength);
    return new TaskSetup(cut, tokenizer, 0.1f, 42, Kernels.best(), parallel, Map.of());
  }

  /**
   * Replaces dropout and seed.
   *
   * @param newDropout the probability of all dropouts, in [0, 1)
   * @param newSeed of the initial values of a new head
   * @return a copy of this setup with these values
   */
  public TaskSetup with(float newDropout, long newSeed) {
    return new TaskSetup(model, tokenizer, newDropout, newSeed, kernels, parallel, provenance);
  }

  /**
   * Replaces the provenance.
   *
   * @param lines lines to add to the provenance of the trained model, by name
   * @return a copy of this setup with these lines
   */
  public TaskSetup withProvenance(Map<String, String> lines) {
    return new TaskSetup(model, tokenizer, dropout, seed, kernels, parallel, lines);
  }

  /**
   * Replaces the model and its tokenizer. The longest input is then that of the new model.
   *
   * @param other the model to start from, of any vocabulary; it must contain its vocabulary
   * @return a copy of this setup with this model
   */
  public TaskSetup withModel(Model other) {
    return new TaskSetup(other, Tokenizers.of(other), dropout, seed, kernels, parallel, provenance);
  }

  /** {@return the longest input in tokens, [CLS] and [SEP] included} */
  public int maxLength() {
    return model.config().maxPositions();
  }

  /**
   * Creates a trainer with the kernels and threads of this setup.
   *
   * @param task what to train
   * @param options how to train
   * @param folder the output folder, see {@link Trainer}
   * @param listeners told of progress, in this order
   * @return a trainer that has done no step yet
   */
  public Trainer trainer(
      TrainingTask task, TrainingOptions options, Path folder, TrainingListener... listeners) {
    return new Trainer(task, options, kernels, parallel, folder, List.of(listeners));
  }

  /**
   * Fine-tunes the model for an objective. The folder receives what {@link Trainer} writes.
   *
   * @param objective what to learn
   * @param options how to train
   * @param folder the output folder, which receives {@code model.ernie}
   * @param listeners told of progress, in this order
   * @return all evaluations
   * @throws IOException if the folder cannot be written
   */
  public TrainingHistory fineTune(
      Objective objective, TrainingOptions options, Path folder, TrainingListener... listeners)
      throws IOException {
    return trainer(new FineTuning(this, objective), options, folder, listeners).run();
  }
}
