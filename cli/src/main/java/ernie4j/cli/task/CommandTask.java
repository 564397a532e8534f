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
import ernie4j.training.metrics.Reliability;
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
 * A task as the commands know it.
 *
 * @param <E> an example
 */
public interface CommandTask<E> {
  /** What commands call it, for example {@code classify}. */
  String name();

  /** The head. */
  Task task();

  /** What is trained, for the help of {@code train}, as a sentence that also names the files. */
  String training();

  /** What is measured, for the help of {@code evaluate}, as a sentence. */
  String evaluation();

  /** Groups of options that say how files are read. */
  default List<Object> dataOptions() {
    return List.of();
  }

  /** Groups of options that only training has. */
  default List<Object> trainingOptions() {
    return List.of();
  }

  /** The share of the examples to evaluate on if there is no separate file for that. */
  default double devShare() {
    return 0.1;
  }

  /** Splits examples at random into those to learn from and a share to evaluate on. */
  default Split<E> split(List<E> examples, double share, long seed) {
    return Split.of(examples, share, seed);
  }

  /** The defaults of training options that differ from the usual ones, by option. */
  default Map<String, String> defaults() {
    return Map.of();
  }

  /**
   * What {@code auto} stands for in epochs, learning rate and steps between evaluations.
   *
   * @param start what the training begins with
   * @param examples to learn from
   * @return empty if nothing is automatic
   */
  default Optional<TrainingOptions> recipe(Model start, int examples) {
    return Optional.empty();
  }

  /** What several examples are called. */
  default String examples() {
    return "examples";
  }

  /**
   * The model that is evaluated if none is named.
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

  /** Reads examples to answer; they need no labels. */
  List<E> readOpen(Path file) throws IOException;

  /** Reads examples without labels, to learn from a teacher: plain texts if they suffice. */
  default List<E> readUnlabelled(Path file) throws IOException {
    return readOpen(file);
  }

  /** The texts of an example. */
  List<String> texts(E example);

  /**
   * The objective of a training.
   *
   * @param labels the labels of a model that must be kept; empty to use those of the options or the
   *     examples
   */
  Objective objective(TaskSetup setup, Split<E> data, Map<String, List<String>> labels)
      throws IOException;

  /** Evaluates a model. */
  Evaluated evaluate(Model model, List<E> examples, Kernels kernels, Parallel parallel);

  /**
   * Evaluates a model on some of the examples.
   *
   * @param all the examples that {@link #evaluate} received
   */
  default Evaluated evaluatePart(
      Model model, List<E> part, List<E> all, Kernels kernels, Parallel parallel) {
    return evaluate(model, part, kernels, parallel);
  }

  /**
   * The options of a model that calibration sets, one after the other; empty if it does not suit
   * this task.
   */
  default List<String> temperatures() {
    return List.of();
  }

  /**
   * The model with everything but temperatures that calibration sets.
   *
   * @param examples all labelled examples of the file to calibrate on
   */
  default Model beforeTemperatures(Model model, List<E> examples) {
    return model;
  }

  /**
   * The confidence and the correctness of the answers to which a temperature is fitted.
   *
   * @param option one of {@link #temperatures}
   */
  default Reliability reliability(
      Model model, String option, List<E> examples, Kernels kernels, Parallel parallel) {
    return evaluate(model, examples, kernels, parallel).reliability().orElseThrow();
  }

  /**
   * How the examples to evaluate on relate to those that are learned from, in words; empty if that
   * is unknown.
   */
  default Optional<String> heldOut(List<E> train, List<E> dev) {
    return Optional.empty();
  }

  /** Reasons why the metrics of examples say little, as sentences. */
  default List<String> cautions(List<E> examples) {
    return List.of();
  }

  /**
   * What a model answers, a JSON object for each example; places count chars (UTF-16), as in Java.
   */
  List<ObjectNode> predict(Model model, List<E> examples, Kernels kernels, Parallel parallel);

  /** Answers one example at a time, as a service would, for the measurement of latency. */
  Consumer<E> answering(Model model);

  /** The examples whose answers are timed. */
  default List<E> timed(List<E> dev) {
    return dev.subList(0, Math.min(100, dev.size()));
  }
}
