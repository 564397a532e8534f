package ernie4j.cli.compress;

import ernie4j.cli.option.Distinct;
import ernie4j.cli.option.ModelPath;
import ernie4j.cli.option.Range;
import ernie4j.cli.option.TrainingFlags;
import ernie4j.engine.file.Model;
import ernie4j.quant.CalibrationMethod;
import ernie4j.quant.EmbeddingQuantization;
import ernie4j.training.TrainingOptions;
import ernie4j.training.quantization.Pact;
import ernie4j.training.quantization.QatOptions;
import ernie4j.training.task.Distillation;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How to compress; names and defaults are the reference's where it has them. */
final class CompressionOptions {
  @Option(
      names = "--strategy",
      defaultValue = "dynabert+qat+embeddings",
      converter = StrategyConverter.class,
      description =
          "Stages, joined by +: dynabert, qat or ptq, embeddings (default: ${DEFAULT-VALUE}).")
  CompressionStrategy strategy = CompressionStrategy.parse("embeddings");

  @Option(
      names = "--vocabulary-size",
      converter = Range.Words.class,
      description =
          "Before all stages, keep only this many words, the most frequent in the data (default: all).")
  int vocabularySize = Integer.MAX_VALUE;

  @Option(
      names = "--max-length",
      converter = Range.Length.class,
      description = "Before all stages, keep only this many positions (default: all).")
  int maxLength = Integer.MAX_VALUE;

  @Option(
      names = "--widths",
      converter = Range.PartOrAll.class,
      split = ",",
      defaultValue = "0.75",
      description =
          "Shares of the heads and neurons to keep; several are trained at once (default: ${DEFAULT-VALUE}).")
  List<Double> widths = List.of();

  @Option(
      names = "--importance-examples",
      converter = Range.Count.class,
      description =
          "The most training examples on which it is measured which heads and neurons are important; this takes as long as an epoch of fine-tuning on them (default: all).")
  int importanceExamples = Integer.MAX_VALUE;

  @Option(
      names = "--epochs",
      converter = Range.Count.class,
      defaultValue = "6",
      description = "Epochs of width pruning (default: ${DEFAULT-VALUE}).")
  int pruningEpochs;

  @Option(
      names = "--qat-epochs",
      converter = Range.Count.class,
      defaultValue = "3",
      description = "Epochs of quantization-aware training (default: ${DEFAULT-VALUE}).")
  int qatEpochs;

  @Option(
      names = "--qat-teacher-weight",
      converter = Range.NotNegative.class,
      defaultValue = "0",
      description =
          "Weight of the teacher's answers, relative to the labels, in quantization-aware training. Without --teacher, the teacher is the float model before width pruning (default: ${DEFAULT-VALUE}, as the reference).")
  double qatTeacherWeight;

  @Option(
      names = "--teacher",
      paramLabel = "MODEL",
      converter = ModelPath.class,
      description =
          "A model for the same task, for example a larger one, whose answers are learned instead of those of --model. It must have the same vocabulary and labels. May be repeated: then the mean of the logits is learned.")
  List<Path> teachers = List.of();

  @Option(
      names = "--unlabelled",
      paramLabel = "FILE",
      description =
          "More examples for width pruning, which only the teacher answers: a .txt file with one text (or a pair with a tab in between) a line, or a file as for training.")
  @Nullable Path unlabelled;

  @Mixin TrainingFlags trainingFlags = new TrainingFlags();

  @Option(
      names = "--learning-rate",
      converter = Range.Positive.class,
      defaultValue = "1e-4",
      description = "Default: ${DEFAULT-VALUE}.")
  double learningRate;

  @Option(
      names = "--pact",
      converter = Range.Positive.class,
      paramLabel = "FACTOR",
      description =
          "In quantization-aware training, learn where to clip inputs, with this multiple of the learning rate (default: off).")
  double pact;

  @Option(
      names = "--exclude-layers",
      split = ",",
      description = "Linear layers that stay float: names, or the parts of names before a dot.")
  List<String> excludedLayers = List.of();

  @Option(
      names = "--calibration",
      defaultValue = "MEAN_SQUARED_ERROR",
      description =
          "How ptq finds the scales of inputs: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  CalibrationMethod calibration = CalibrationMethod.MEAN_SQUARED_ERROR;

  @Option(
      names = "--calibration-batches",
      converter = Range.Count.class,
      defaultValue = "8",
      description = "Number of batches for calibration by ptq (default: ${DEFAULT-VALUE}).")
  int calibrationBatches;

  @Option(
      names = "--calibration-batch-size",
      converter = Range.Count.class,
      defaultValue = "32",
      description = "Default: ${DEFAULT-VALUE}.")
  int calibrationBatchSize;

  @Option(
      names = "--embeddings",
      defaultValue = "LOG",
      description =
          "Form of int8 tables: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}, as the reference).")
  EmbeddingQuantization embeddings = EmbeddingQuantization.LOG;

  @Option(
      names = "--latency-seconds",
      converter = Range.NotNegative.class,
      defaultValue = "1",
      description = "Seconds to time every model (default: ${DEFAULT-VALUE}).")
  double latencySeconds;

  /** Checks the options that depend on each other. */
  void requireConsistent() {
    Distinct.require("--widths", widths);
  }

  TrainingOptions training(int epochs) {
    return trainingFlags.options(epochs, learningRate);
  }

  QatOptions qat() {
    QatOptions qat = QatOptions.defaults().withExcludedLayers(excludedLayers);
    return pact > 0 ? qat.withPact(Pact.fromCalibration(pact)) : qat;
  }

  /** What quantization-aware training follows besides the labels. */
  Optional<Distillation> qatTeacher(List<Model> followed) {
    return qatTeacherWeight == 0
        ? Optional.empty()
        : Optional.of(new Distillation(followed, qatTeacherWeight, 1));
  }

  static final class StrategyConverter implements ITypeConverter<CompressionStrategy> {
    @Override
    public CompressionStrategy convert(String text) {
      return CompressionStrategy.parse(text);
    }
  }
}
