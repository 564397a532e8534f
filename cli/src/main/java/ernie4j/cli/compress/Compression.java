package ernie4j.cli.compress;

import static ernie4j.cli.compress.CompressionStrategy.CALIBRATE;
import static ernie4j.cli.compress.CompressionStrategy.EMBEDDINGS;
import static ernie4j.cli.compress.CompressionStrategy.PRUNE;
import static ernie4j.cli.compress.CompressionStrategy.TRAIN_QUANTIZED;

import ernie4j.cli.report.ProgressPrinter;
import ernie4j.cli.report.StopOnSignal;
import ernie4j.cli.task.CommandTask;
import ernie4j.engine.Parallel;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.Tokenizers;
import ernie4j.quant.ModelQuantizer;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingListener;
import ernie4j.training.TrainingOptions;
import ernie4j.training.data.Split;
import ernie4j.training.model.ModelParts;
import ernie4j.training.model.VocabularyPruner;
import ernie4j.training.pruning.ImportanceOptions;
import ernie4j.training.pruning.WidthPruning;
import ernie4j.training.pruning.WidthPruningOptions;
import ernie4j.training.quantization.CalibratedModel;
import ernie4j.training.quantization.PostTrainingCalibration;
import ernie4j.training.quantization.QatTask;
import ernie4j.training.task.FineTunedTeacher;
import ernie4j.training.task.Objective;
import ernie4j.training.task.TaskSetup;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The stages of a compression, one after the other; every width that the first gives goes through
 * the others. The folder receives {@code dynabert/} and {@code qat-.../} with the trainings and a
 * file for the result of every stage. A training that has a checkpoint there is continued, so an
 * interrupted compression continues where it stopped.
 */
final class Compression<E> {
  private final CompressionOptions options;
  private final CommandTask<E> task;
  private final Split<E> data;
  private final List<E> measured;
  private final PredictionLatency<E> latency;
  private final Parallel parallel;
  private final Path folder;
  private final PrintWriter err;
  private final List<CompressionRow> rows = new ArrayList<>();
  private List<Model> teachers;

  /**
   * A compression.
   *
   * @param data labelled examples, and others that only width pruning learns from
   * @param measured what every stage is measured on; trainings choose on the dev part
   * @param teachers models whose answers are learned; empty to learn those of the model itself
   */
  Compression(
      CompressionOptions options,
      CommandTask<E> task,
      Split<E> data,
      List<E> measured,
      List<Model> teachers,
      Parallel parallel,
      Path folder,
      PrintWriter err) {
    this.options = options;
    this.task = task;
    this.data = data;
    this.measured = measured;
    this.teachers = teachers;
    this.parallel = parallel;
    this.folder = folder;
    this.err = err;
    latency = new PredictionLatency<>(task, data.dev(), options.latencySeconds);
  }

  /** All models so far, the original first; the last one of each width is a result. */
  List<CompressionRow> rows() {
    return rows;
  }

  /**
   * Checks that the model, the teacher, the examples and the widths fit together, before the first
   * stage, which takes long.
   *
   * @throws IllegalArgumentException if they do not
   */
  void requireFit(Model original) throws IOException {
    TaskSetup setup = setup(original);
    Objective objective = objective(setup, data);
    objective.requireFit(original);
    if (options.strategy.has(PRUNE)) {
      pruning(setup, objective);
    }
    if (quantizes()) {
      qat(setup, followed(original));
    }
    teachers.forEach(teacher -> FineTunedTeacher.requireFit(teacher, original));
  }

  /** Runs all stages; returns the last model of every width. */
  List<CompressionRow> run(Path original) throws IOException {
    CompressionRow start = vocabularyPruned(measured("original", 1, original));
    List<CompressionRow> results = new ArrayList<>();
    for (CompressionRow pruned : options.strategy.has(PRUNE) ? prune(start) : List.of(start)) {
      CompressionRow row = pruned;
      if (quantizes()) {
        row = quantized(row, followed(start.model()));
      }
      if (options.strategy.has(EMBEDDINGS)) {
        Model tables = ModelQuantizer.embeddings(row.model(), options.embeddings);
        row = written("+ int8 embeddings", "int8-embeddings", row, tables);
      }
      results.add(row);
    }
    return results;
  }

  private CompressionRow measured(String stage, double width, Path file) throws IOException {
    // Its calibration does not hold for the models that are made from it.
    Model model = ModelParts.withoutCalibration(ModelFile.read(file));
    return measured(stage, width, file, model, evaluated(model));
  }

  private Map<String, Double> evaluated(Model model) {
    return task.evaluate(model, measured, Kernels.best(), parallel).metrics();
  }

  private CompressionRow measured(
      String stage, double width, Path file, Model model, Map<String, Double> metrics)
      throws IOException {
    double milliseconds = latency.milliseconds(model);
    CompressionRow row =
        new CompressionRow(stage, width, file, model, Files.size(file), metrics, milliseconds);
    rows.add(row);
    err.printf(
        Locale.ROOT,
        "%s, width %s: %s  %,d bytes  %.3f ms%n",
        stage,
        width,
        ProgressPrinter.metrics(metrics),
        row.bytes(),
        milliseconds);
    return row;
  }

  /** Keeps the embeddings of the most frequent words and of the first positions, as requested. */
  private CompressionRow vocabularyPruned(CompressionRow from) throws IOException {
    Model full = from.model();
    int words = Math.min(options.vocabularySize, full.vocabulary().size());
    int positions = Math.min(options.maxLength, full.config().maxPositions());
    if (words == full.vocabulary().size() && positions == full.config().maxPositions()) {
      return from;
    }
    Model pruned = VocabularyPruner.fit(full, Tokenizers.of(full), texts(), words, positions);
    teachers = teachers.stream().map(t -> VocabularyPruner.align(t, pruned.vocabulary())).toList();
    return written("+ vocabulary pruning", "vocabulary", from, pruned);
  }

  private List<String> texts() {
    return Stream.of(data.train(), data.dev(), data.unlabelled())
        .flatMap(List::stream)
        .flatMap(example -> task.texts(example).stream())
        .toList();
  }

  private CompressionRow written(String stage, String name, CompressionRow from, Model model)
      throws IOException {
    Path file = folder.resolve(name + from.suffix() + ".ernie");
    Map<String, Double> metrics = evaluated(model);
    Model described =
        ModelParts.describe(model, Map.of("compression", provenance(from, stage)), metrics);
    ModelFile.write(file, described);
    return measured(stage, from.width(), file, described, metrics);
  }

  private static String provenance(CompressionRow from, String stage) {
    String before = from.model().provenance().getOrDefault("compression", "");
    return before.isEmpty() ? stage : before + " " + stage;
  }

  private TaskSetup setup(Model model) {
    return TaskSetup.of(model, Tokenizers.of(model), model.config().maxPositions(), parallel)
        .with(options.trainingFlags.dropout(), options.trainingFlags.seed());
  }

  private Objective objective(TaskSetup setup, Split<E> examples) throws IOException {
    return task.objective(setup, examples, setup.model().labels());
  }

  private List<CompressionRow> prune(CompressionRow start) throws IOException {
    TaskSetup setup =
        setup(start.model())
            .withProvenance(Map.of("compression", provenance(start, "+ width pruning")));
    WidthPruning pruning = pruning(setup, objective(setup, data));
    Path stage = folder.resolve("dynabert");
    TrainingOptions training = options.training(options.pruningEpochs);
    announce("width pruning", stage);
    if (resumable(stage)) {
      pruning.resume(training, stage, listeners());
    } else {
      pruning.run(training, stage, listeners());
    }
    List<CompressionRow> pruned = new ArrayList<>();
    for (double width : options.widths) {
      pruned.add(measured("+ width pruning", width, stage.resolve(WidthPruning.modelFile(width))));
    }
    return pruned;
  }

  private WidthPruning pruning(TaskSetup setup, Objective objective) {
    ImportanceOptions importance =
        ImportanceOptions.defaults().withExamples(options.importanceExamples);
    WidthPruningOptions widths = WidthPruningOptions.of(options.widths).withImportance(importance);
    return new WidthPruning(setup, objective, widths, teachers);
  }

  private CompressionRow quantized(CompressionRow from, List<Model> followed) throws IOException {
    CalibratedModel calibrated =
        options.strategy.has(TRAIN_QUANTIZED) ? trained(from, followed) : calibrated(from);
    Model int8 =
        ModelQuantizer.linear(
            calibrated.model(), calibrated.inputScales().keySet(), calibrated.inputScales());
    return written("+ int8 products", "int8", from, int8);
  }

  /** The labelled examples alone: quantization-aware training learns from labels. */
  private Split<E> labelled() {
    return new Split<>(data.train(), data.dev());
  }

  private CalibratedModel trained(CompressionRow from, List<Model> followed) throws IOException {
    Path stage = folder.resolve("qat" + from.suffix());
    TaskSetup setup = setup(from.model());
    QatTask qat = qat(setup, followed);
    Trainer trainer =
        setup.trainer(
            qat,
            options.training(options.qatEpochs),
            stage,
            listeners().toArray(TrainingListener[]::new));
    announce("quantization-aware training", stage);
    if (resumable(stage)) {
      trainer.resume();
    }
    trainer.run();
    return CalibratedModel.of(ModelFile.read(stage.resolve(Trainer.MODEL)));
  }

  /** The models whose answers quantization-aware training follows. */
  private List<Model> followed(Model otherwise) {
    return teachers.isEmpty() ? List.of(otherwise) : teachers;
  }

  private boolean quantizes() {
    return options.strategy.has(TRAIN_QUANTIZED) || options.strategy.has(CALIBRATE);
  }

  private QatTask qat(TaskSetup setup, List<Model> followed) throws IOException {
    return new QatTask(
        setup, objective(setup, labelled()), options.qat(), options.qatTeacher(followed));
  }

  private CalibratedModel calibrated(CompressionRow from) throws IOException {
    TaskSetup setup = setup(from.model());
    Objective objective = objective(setup, labelled());
    List<RaggedBatch> batches =
        QatTask.batches(
                objective, options.calibrationBatches, options.calibrationBatchSize, setup.seed())
            .stream()
            .map(objective::batch)
            .toList();
    return PostTrainingCalibration.calibrate(
        from.model(),
        batches,
        options.calibration,
        options.excludedLayers,
        Kernels.best(),
        parallel);
  }

  private List<TrainingListener> listeners() {
    return List.of(new ProgressPrinter(err), new StopOnSignal());
  }

  private static boolean resumable(Path stage) {
    return Files.exists(stage.resolve(Trainer.CHECKPOINT));
  }

  private void announce(String what, Path stage) {
    err.printf("%s in %s%s%n", what, stage, resumable(stage) ? ", continued" : "");
  }
}
