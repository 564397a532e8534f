package ernie4j.cli.compress;

import static ernie4j.cli.compress.CompressionStrategy.CALIBRATE;
import static ernie4j.cli.compress.CompressionStrategy.EMBEDDINGS;
import static ernie4j.cli.compress.CompressionStrategy.PRUNE;
import static ernie4j.cli.compress.CompressionStrategy.TRAIN_QUANTIZED;

import ernie4j.cli.report.ProgressPrinter;
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
import ernie4j.training.model.ModelParts;
import ernie4j.training.model.VocabularyPruner;
import ernie4j.training.pruning.WidthPruning;
import ernie4j.training.pruning.WidthPruningOptions;
import ernie4j.training.quantization.CalibratedModel;
import ernie4j.training.quantization.PostTrainingCalibration;
import ernie4j.training.quantization.QatTask;
import ernie4j.training.slu.EncodedCorpus;
import ernie4j.training.slu.EncodedExamples;
import ernie4j.training.slu.SluCorpus;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The stages of a compression, one after the other; every width that the first gives goes through
 * the others. The folder receives {@code dynabert/} and {@code qat-.../} with the trainings and a
 * file for the result of every stage. A training that has a checkpoint there is continued, so a
 * broken compression goes on where it was.
 */
final class Compression {
  private final CompressionOptions options;
  private final SluCorpus.Split corpus;
  private final UtteranceLatency latency;
  private final Kernels kernels;
  private final Parallel parallel;
  private final Path folder;
  private final PrintWriter err;
  private final List<CompressionRow> rows = new ArrayList<>();

  Compression(
      CompressionOptions options,
      SluCorpus.Split corpus,
      Kernels kernels,
      Parallel parallel,
      Path folder,
      PrintWriter err) {
    this.options = options;
    this.corpus = corpus;
    this.kernels = kernels;
    this.parallel = parallel;
    this.folder = folder;
    this.err = err;
    latency = new UtteranceLatency(corpus.dev(), options.latencySeconds);
  }

  /** Everything that was made, the original first; the last ones of each width are the results. */
  List<CompressionRow> rows() {
    return rows;
  }

  /** Runs all stages; returns the last model of every width. */
  List<CompressionRow> run(Path original) throws IOException {
    CompressionRow start = vocabularyPruned(measured("original", 1, original));
    List<CompressionRow> results = new ArrayList<>();
    for (CompressionRow pruned : options.strategy.has(PRUNE) ? prune(start) : List.of(start)) {
      CompressionRow row = pruned;
      if (options.strategy.has(TRAIN_QUANTIZED) || options.strategy.has(CALIBRATE)) {
        row = quantized(row, start.model());
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
    Model model = ModelFile.read(file);
    return measured(stage, width, file, model, evaluated(model));
  }

  private Map<String, Double> evaluated(Model model) {
    return encoded(model).evaluator().evaluate(model, kernels, parallel).toMap();
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

  private EncodedCorpus encoded(Model model) {
    return EncodedCorpus.of(model, Tokenizers.of(model), corpus);
  }

  /** Keeps the word embeddings of the corpus and the positions that are wanted. */
  private CompressionRow vocabularyPruned(CompressionRow from) throws IOException {
    Model full = from.model();
    if (options.vocabularySize >= full.vocabulary().size()
        && options.maxLength >= full.config().maxPositions()) {
      return from;
    }
    Model pruned =
        VocabularyPruner.fit(
            full, Tokenizers.of(full), corpus.texts(), options.vocabularySize, options.maxLength);
    return written("+ vocabulary pruning", "vocabulary", from, pruned);
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

  private List<CompressionRow> prune(CompressionRow start) throws IOException {
    WidthPruning pruning =
        new WidthPruning(
            start.model(),
            Tokenizers.of(start.model()),
            corpus,
            WidthPruningOptions.of(options.widths),
            kernels,
            parallel,
            Map.of("compression", provenance(start, "+ width pruning")));
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

  private CompressionRow quantized(CompressionRow from, Model unpruned) throws IOException {
    CalibratedModel calibrated =
        options.strategy.has(TRAIN_QUANTIZED) ? trained(from, unpruned) : calibrated(from);
    Model int8 =
        ModelQuantizer.linear(
            calibrated.model(), calibrated.inputScales().keySet(), calibrated.inputScales());
    return written("+ int8 products", "int8", from, int8);
  }

  private CalibratedModel trained(CompressionRow from, Model unpruned) throws IOException {
    Path stage = folder.resolve("qat" + from.suffix());
    QatTask task =
        new QatTask(
            from.model(),
            Tokenizers.of(from.model()),
            corpus,
            options.trainingFlags.dropout(),
            options.qat(),
            options.qatTeacher(unpruned),
            kernels,
            parallel,
            Map.of());
    Trainer trainer =
        new Trainer(
            task, options.training(options.qatEpochs), kernels, parallel, stage, listeners());
    announce("quantization-aware training", stage);
    if (resumable(stage)) {
      trainer.resume();
    }
    trainer.run();
    return CalibratedModel.of(ModelFile.read(stage.resolve(Trainer.MODEL)));
  }

  private CalibratedModel calibrated(CompressionRow from) {
    EncodedExamples train = encoded(from.model()).train();
    List<RaggedBatch> batches =
        train.firstBatches(options.calibrationBatches, options.calibrationBatchSize);
    return PostTrainingCalibration.calibrate(
        from.model(), batches, options.calibration, options.excludedLayers, kernels, parallel);
  }

  private List<TrainingListener> listeners() {
    return List.of(new ProgressPrinter(err));
  }

  private static boolean resumable(Path stage) {
    return Files.exists(stage.resolve(Trainer.CHECKPOINT));
  }

  private void announce(String what, Path stage) {
    err.printf("%s in %s%s%n", what, stage, resumable(stage) ? ", continued" : "");
  }
}
