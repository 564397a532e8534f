package ernie4j.cli.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.cli.option.UsageException;
import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.Task;
import ernie4j.engine.kernels.Kernels;
import ernie4j.training.TrainingOptions;
import ernie4j.training.data.Split;
import ernie4j.training.evaluation.Evaluated;
import ernie4j.training.task.Objective;
import ernie4j.training.task.TaskSetup;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A task for commands.
 *
 * @param <E> an example
 * @param <E> the type of an example
 */
public interface CommandTask<E> {
  /** The name of the task in commands, for example {@code classify}. */
  String name();

  /** The task that determines the head. */
  Task task();

  /**
   * Describes the training for the help of {@code train}, in a sentence that also names the files.
   */
  String training();

  /** Describes the evaluation for the help of {@code evaluate}, in a sentence. */
  String evaluation();

  /** Groups of options that specify how files are read. */
  default List<Object> dataOptions() {
    return List.of();
  }

  /** Groups of options that only training has. */
  default List<Object> trainingOptions() {
    return List.of();
  }

  /** The share of the examples that is held out if there is no separate file to evaluate on. */
  default double devShare() {
    return 0.1;
  }

  /** Splits examples at random into those to learn from and those to evaluate on. */
  default Split<E> split(List<E> examples, double share, long seed) {
    return Split.of(examples, share, seed);
  }

  /** The defaults of training options that differ from the usual ones, by option. */
  default Map<String, String> defaults() {
    return Map.of();
  }

  /**
   * The values that {@code auto} stands for: epochs, learning rate and steps between evaluations.
   *
   * @param start the model to start from
   * @param examples the number of examples to learn from
   * @return empty if nothing is automatic
   */
  default Optional<TrainingOptions> recipe(Model start, int examples) {
    return Optional.empty();
  }

  /** The word for several examples. */
  default String examples() {
    return "examples";
  }

  /**
   * The model to evaluate if none is named.
   *
   * @throws UsageException if there is none
   */
  default Model defaultModel() throws IOException {
    throw UsageException.missingModel();
  }

  /**
   * Reads labelled examples.
   *
   * @param err receives warnings about lines that were left out
   */
  List<E> read(Path file, PrintWriter err) throws IOException;

  /** Reads examples to answer; labels may be missing. */
  List<E> readOpen(Path file) throws IOException;

  /** Reads examples without labels, to learn from a teacher; plain texts if they suffice. */
  default List<E> readUnlabelled(Path file) throws IOException {
    return readOpen(file);
  }

  /** The texts of an example. */
  List<String> texts(E example);

  /**
   * Creates the objective of a training.
   *
   * @param labels the labels of a model that must be kept; empty for those of the options or the
   *     examples
   */
  Objective objective(TaskSetup setup, Split<E> data, Map<String, List<String>> labels)
      throws IOException;

  /** Evaluates a model. */
  Evaluated evaluate(Model model, List<E> examples, Kernels kernels, Parallel parallel);

  /**
   * Evaluates a model on some of the examples.
   *
   * @param all the examples that {@link #evaluate} was called with
   */
  default Evaluated evaluatePart(
      Model model, List<E> part, List<E> all, Kernels kernels, Parallel parallel) {
    return evaluate(model, part, kernels, parallel);
  }

  /**
   * The relation of the examples to evaluate on to those to learn from, in words; empty if nothing
   * is known.
   */
  default Optional<String> heldOut(List<E> train, List<E> dev) {
    return Optional.empty();
  }

  /** Reasons why the metrics of examples say little, as sentences. */
  default List<String> cautions(List<E> examples) {
    return List.of();
  }

  /**
   * The answers of a model, one JSON object per example. Offsets count chars (UTF-16), as in Java.
   */
  List<ObjectNode> predict(Model model, List<E> examples, Kernels kernels, Parallel parallel);

  /** Answers one example at a time, like a service, to measure latency. */
  Consumer<E> answering(Model model);

  /** The examples used to measure latency. */
  default List<E> timed(List<E> dev) {
    return dev.subList(0, Math.min(100, dev.size()));
  }
}
